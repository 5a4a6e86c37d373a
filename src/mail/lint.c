/* SPDX-License-Identifier: ISC */
#include "mail/lint.h"

#include <assert.h>
#include <stdarg.h>

#include "linter.h"

#define LINE_HARD 998
#define LINE_SOFT 78

void lint_find(struct linter *l, const char *rule, size_t line, const char *format, ...)
{
	struct mail_findings *out = l->out;
	assert(rule[0] == 'O' && out->count <= MAIL_FINDINGS_MAX);
	if (out->count >= MAIL_FINDINGS_MAX)
		return;
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(l->arena, format, args);
	va_end(args);
	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	arena_grow(l->arena, &out->items, out->count, &out->room, sizeof(*out->items));
	out->items[out->count++] = (struct mail_finding){rule, line, text};
}

static bool has_byte(struct slice s, unsigned char low, unsigned char high)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= low && (unsigned char)s.ptr[i] <= high)
			return true;
	return false;
}

/* Could a break at a space have made it shorter? */
static bool is_foldable(struct slice line)
{
	return slice_chr(slice_sub(line, 1, line.len), ' ') >= 0;
}

/* One line without its LF: the CR, the length, what no line may hold. */
static void lint_line(struct linter *l, struct slice line, size_t number, bool *header)
{
	if (line.len == 0 || line.ptr[line.len - 1] != '\r')
		lint_find(l, "O2", number, "The line ends in a bare LF.");
	else
		line.len--;
	if (slice_chr(line, '\r') >= 0)
		lint_find(l, "O2", number, "The line holds a bare CR.");
	if (slice_chr(line, '\0') >= 0)
		lint_find(l, "O2", number, "The line holds a NUL.");
	if (line.len > LINE_HARD)
		lint_find(l, "O2", number, "The line has %zu octets, more than 998.", line.len);
	*header = *header && line.len > 0;
	if (*header && line.len > LINE_SOFT && is_foldable(line))
		lint_find(l, "O2", number, "The header line has %zu octets and is not folded.",
			  line.len);
	if (!*header && has_byte(line, 128, 255))
		lint_find(l, "O5", number, "The body line is not 7-bit.");
}

static void lint_lines(struct linter *l, struct slice raw)
{
	bool header = true;
	size_t number = 1;
	for (; raw.len > 0; number++) {
		ptrdiff_t lf = slice_chr(raw, '\n');
		if (lf < 0) {
			lint_find(l, "O2", number, "The last line has no line end.");
			return;
		}
		lint_line(l, slice_sub(raw, 0, (size_t)lf), number, &header);
		raw = slice_sub(raw, (size_t)lf + 1, raw.len);
	}
}

static struct slice unfold(struct arena *a, struct slice raw)
{
	char *copy = arena_alloc(a, raw.len);
	size_t n = 0;
	for (size_t i = 0; i < raw.len; i++)
		if (raw.ptr[i] != '\r' && raw.ptr[i] != '\n')
			copy[n++] = raw.ptr[i] == '\t' ? ' ' : raw.ptr[i];
	return slice_trim(slice_of(copy, n));
}

static bool is_continued(struct slice rest)
{
	return rest.len > 0 && (rest.ptr[0] == ' ' || rest.ptr[0] == '\t');
}

static void add_field(struct linter *l, struct lint_fields *fields, struct slice text, size_t line)
{
	ptrdiff_t colon = slice_chr(text, ':');
	struct slice name = slice_sub(text, 0, colon < 0 ? 0 : (size_t)colon);
	if (name.len == 0 || has_byte(name, 0, ' ') || has_byte(name, 127, 255)) {
		lint_find(l, "O1", line, "The line is no header field.");
		return;
	}
	struct slice raw = slice_sub(text, name.len + 1, text.len);
	struct slice value = unfold(l->arena, raw);
	if (has_byte(value, 0, 31) || has_byte(value, 127, 127))
		lint_find(l, "O1", line, "%.*s holds a control character.", SLICE_ARG(name));
	arena_grow(l->arena, &fields->items, fields->count, &fields->room, sizeof(*fields->items));
	fields->items[fields->count++] = (struct lint_field){name, raw, value, line};
}

void lint_read_fields(struct linter *l, struct lint_place *at, struct lint_fields *fields)
{
	struct slice line;
	for (size_t first = at->line; slice_line(&at->rest, &line); first = at->line) {
		at->line++;
		if (line.len == 0)
			return;
		struct slice text = line;
		while (is_continued(at->rest) && slice_line(&at->rest, &line)) {
			if (slice_trim(line).len == 0)
				lint_find(l, "O1", at->line, "A folded line holds only spaces.");
			at->line++;
			text.len = (size_t)(line.ptr + line.len - text.ptr);
		}
		add_field(l, fields, text, first);
	}
	lint_find(l, "O1", at->line, "No empty line ends the header.");
}

const struct lint_field *lint_get(const struct lint_fields *fields, const char *name)
{
	for (size_t i = 0; i < fields->count; i++)
		if (slice_eq_nocase(fields->items[i].name, slice_str(name)))
			return &fields->items[i];
	return NULL;
}

void mail_lint(struct arena *a, struct slice raw, struct mail_findings *out)
{
	*out = (struct mail_findings){0};
	struct linter l = {.arena = a, .out = out};
	struct lint_fields fields = {0};
	struct lint_place at = {raw, 1};
	lint_lines(&l, raw);
	lint_read_fields(&l, &at, &fields);
	lint_header(&l, &fields);
	lint_body(&l, &fields, at);
}
