/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <ctype.h>
#include <stddef.h>

#include "template_set.h"

/*
 * Front matter is a strict, small part of YAML: "key: value", a value in
 * quotes or plain to the end of its line, lists as [a, b], comments on lines
 * of their own.  Everything else is an error that names its line.
 */

struct head {
	struct template_file *file;
	struct arena *a;
	unsigned line;
	uint32_t seen; /* keys of the table, to refuse one given twice */
};

/* A value and where it begins. */
struct value {
	struct slice text;
	unsigned column;
};

/* Reads a value into the member of the file that stands at `to`. */
typedef int key_fn(struct head *h, struct value value, void *to, struct err *e);

static int wrong(const struct head *h, struct err *e, const char *text, struct slice value)
{
	return err_set(e, ERR_CONFIG, "%.*s:%u: %s \"%.*s\"", SLICE_ARG(h->file->path), h->line,
		       text, SLICE_ARG(value));
}

static bool is_name(struct slice s, const char *more)
{
	for (size_t i = 0; i < s.len; i++)
		if (!islower((unsigned char)s.ptr[i]) && !isdigit((unsigned char)s.ptr[i]) &&
		    !strchr(more, s.ptr[i]))
			return false;
	return s.len > 0;
}

static int read_name(struct head *h, struct value value, void *to, struct err *e)
{
	if (!is_name(value.text, "-._"))
		return wrong(h, e, "this is no name (small letters, digits, - . _):", value.text);
	*(struct slice *)to = value.text;
	return 1;
}

static int read_phrase(struct head *h, struct value value, void *to, struct err *e)
{
	(void)h, (void)e;
	*(struct slice *)to = value.text;
	return 1;
}

/* "[a, b]" or "a" */
static int read_list(struct head *h, struct slice value, const struct slice **list, size_t *count,
		     struct err *e)
{
	if (value.len > 1 && value.ptr[0] == '[' && value.ptr[value.len - 1] == ']')
		value = slice_trim(slice_sub(value, 1, value.len - 1));
	struct slice *items = ARENA_ARRAY(h->a, value.len / 2 + 1, struct slice), item;
	size_t n = 0;
	for (struct slice rest = value; value.len && slice_cut(&rest, ',', &item); n++) {
		items[n] = slice_trim(item);
		if (!is_name(items[n], "-._"))
			return wrong(h, e, "a list is written [one, two], not", value);
	}
	*list = items;
	*count = n;
	return 1;
}

bool template_span(struct slice text, int64_t *seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
	int64_t n;
	if (text.len < 2 || !slice_i64(slice_sub(text, 0, text.len - 1), &n) || n < 1 || n > 10000)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (text.ptr[text.len - 1] != units[i].unit)
			continue;
		*seconds = n * units[i].seconds;
		return true;
	}
	return false;
}

static int read_span(struct head *h, struct value value, void *to, struct err *e)
{
	if (!template_span(value.text, to))
		return wrong(h, e, "a span is a number and m, h, d or w (7d), not", value.text);
	return 1;
}

static int read_count(struct head *h, struct value value, void *to, struct err *e)
{
	int64_t *n = to;
	if (!slice_i64(value.text, n) || *n < 1)
		return wrong(h, e, "this is no number of mails:", value.text);
	return 1;
}

/* Kinds of objects a canned reply is for, as id letters. */
static const struct {
	const char *name;
	char letter;
} object_kinds[] = {
	{"customer", 'C'}, {"order", 'O'},    {"invoice", 'I'}, {"credit", 'N'},
	{"account", 'E'},  {"ticket", 'T'},   {"thread", 'T'},	{"payment", 'P'},
	{"refund", 'F'},   {"shipment", 'S'}, {"return", 'R'},
};

static char kind_letter(struct slice name)
{
	for (size_t i = 0; i < sizeof(object_kinds) / sizeof(object_kinds[0]); i++)
		if (slice_eq(name, slice_str(object_kinds[i].name)))
			return object_kinds[i].letter;
	return 0;
}

static int read_kinds(struct head *h, struct value value, void *to, struct err *e)
{
	const struct slice *names;
	size_t n;
	if (read_list(h, value.text, &names, &n, e) < 0)
		return -1;
	char *letters = arena_alloc(h->a, n + 1);
	for (size_t i = 0; i < n; i++) {
		letters[i] = kind_letter(names[i]);
		if (!letters[i])
			return wrong(h, e,
				     "a kind is customer, order, invoice, credit, account, "
				     "ticket …, not",
				     names[i]);
	}
	*(struct slice *)to = slice_of(letters, n);
	return 1;
}

static int read_needs(struct head *h, struct value value, void *to, struct err *e)
{
	struct template_info *info = to;
	return read_list(h, value.text, &info->needs, &info->needs_count, e);
}

static int read_attach(struct head *h, struct value value, void *to, struct err *e)
{
	struct template_info *info = to;
	return read_list(h, value.text, &info->attach, &info->attach_count, e);
}

static int read_subject(struct head *h, struct value value, void *to, struct err *e)
{
	if (!value.text.len)
		return wrong(h, e, "a subject is missing behind", SLICE("subject:"));
	*(struct part *)to = (struct part){value.text, h->line, value.column};
	return 1;
}

static int read_when(struct head *h, struct value value, void *to, struct err *e)
{
	if (!value.text.len || slice_find(value.text, SLICE("%}")) >= 0)
		return wrong(h, e, "when is a condition like order.urgent, not", value.text);
	*(struct part *)to = (struct part){value.text, h->line, value.column};
	return 1;
}

#define AT(member) offsetof(struct template_file, member)

static const struct {
	const char *name;
	key_fn *read;
	size_t to;
} keys[] = {
	{"on", read_name, AT(info.on)},
	{"to", read_name, AT(info.to)},
	{"subject", read_subject, AT(parts[PART_SUBJECT])},
	{"layout", read_name, AT(info.layout)},
	{"needs", read_needs, AT(info)},
	{"sample", read_name, AT(sample)},
	{"attach", read_attach, AT(info)},
	{"kind", read_kinds, AT(info.kinds)},
	{"when", read_when, AT(parts[PART_WHEN])},
	{"after", read_span, AT(info.after)},
	{"repeat", read_span, AT(info.repeat)},
	{"max", read_count, AT(info.max)},
	{"about", read_phrase, AT(info.about)},
};
#define KEYS_COUNT (sizeof(keys) / sizeof(keys[0]))
_Static_assert(KEYS_COUNT <= 32, "one bit a key");

static int unknown_key(struct head *h, struct slice name, struct err *e)
{
	const char *nearest = NULL;
	size_t best = 3;
	for (size_t i = 0; i < KEYS_COUNT; i++) {
		size_t distance = text_distance(name, slice_str(keys[i].name));
		if (distance < best) {
			best = distance;
			nearest = keys[i].name;
		}
	}
	return err_set(e, ERR_CONFIG, "%.*s:%u: unknown key \"%.*s\"%s%s%s",
		       SLICE_ARG(h->file->path), h->line, SLICE_ARG(name),
		       nearest ? ", did you mean \"" : "", nearest ? nearest : "",
		       nearest ? "\"?" : "");
}

/* "style-td: padding:8px": how a layout wants an element of Markdown. */
static int read_style(struct head *h, struct slice element, struct slice value, struct err *e)
{
	if (!is_name(element, "-") || slice_chr(value, '<') >= 0)
		return wrong(h, e, "this is no style of an element:", value);
	struct template_file *f = h->file;
	struct style *styles = ARENA_ARRAY(h->a, f->styles_count + 1, struct style);
	if (f->styles_count)
		memcpy(styles, f->styles, f->styles_count * sizeof(*styles));
	styles[f->styles_count++] = (struct style){element, value};
	f->styles = styles;
	return 1;
}

static int read_value(struct head *h, struct slice name, struct value value, struct err *e)
{
	if (slice_starts(name, SLICE("style-")))
		return read_style(h, slice_sub(name, 6, name.len), value.text, e);
	for (size_t i = 0; i < KEYS_COUNT; i++) {
		if (!slice_eq(name, slice_str(keys[i].name)))
			continue;
		if (h->seen & (1u << i))
			return wrong(h, e, "this key stands here twice:", name);
		h->seen |= 1u << i;
		return keys[i].read(h, value, (char *)h->file + keys[i].to, e);
	}
	return unknown_key(h, name, e);
}

/* A value in quotes ends with the same quote, and has none of them inside. */
static int unquote(struct head *h, struct value *value, struct err *e)
{
	struct slice text = value->text;
	if (!text.len || (text.ptr[0] != '"' && text.ptr[0] != '\''))
		return 1;
	struct slice inside = slice_sub(text, 1, text.len);
	ptrdiff_t end = slice_chr(inside, text.ptr[0]);
	if (end < 0 || (size_t)end + 1 != inside.len)
		return wrong(h, e, "a quoted value ends with its quote:", text);
	*value = (struct value){slice_sub(inside, 0, (size_t)end), value->column + 1};
	return 1;
}

static int read_line(struct head *h, struct slice line, struct err *e)
{
	if (!slice_trim(line).len || line.ptr[0] == '#')
		return 1;
	ptrdiff_t colon = slice_chr(line, ':');
	if (colon < 0 || line.ptr[0] == ' ' || line.ptr[0] == '\t')
		return wrong(h, e, "a line of the head is \"key: value\", not", line);
	struct slice name = slice_trim(slice_sub(line, 0, (size_t)colon));
	struct value value = {.text = slice_trim(slice_sub(line, (size_t)colon + 1, line.len))};
	value.column = value.text.len ? (unsigned)(value.text.ptr - line.ptr) + 1 : 1;
	if (unquote(h, &value, e) < 0)
		return -1;
	return read_value(h, name, value, e);
}

static bool is_fence(struct slice line)
{
	return slice_eq(line, SLICE("---"));
}

/* Moves *rest behind the front matter, if there is one. */
static int read_head(struct head *h, struct slice *rest, struct err *e)
{
	struct slice line, ahead = *rest;
	h->line = 1;
	if (!slice_line(&ahead, &line) || !is_fence(line))
		return 1;
	while (slice_line(&ahead, &line)) {
		h->line++;
		if (is_fence(line)) {
			*rest = ahead;
			h->line++;
			return 1;
		}
		if (read_line(h, line, e) < 0)
			return -1;
	}
	return wrong(h, e, "the head has no end:", SLICE("---"));
}

/* ---- parts of the body ---- */

/* Lines of their own that stand around a part of the body. */
static const struct {
	const char *open, *close;
	enum part_kind kind;
} part_tags[] = {
	{"{% html %}", "{% endhtml %}", PART_HTML},
	{"{% text %}", "{% endtext %}", PART_TEXT},
};

static int part_opened(struct slice line)
{
	for (size_t i = 0; i < sizeof(part_tags) / sizeof(part_tags[0]); i++)
		if (slice_eq(slice_trim(line), slice_str(part_tags[i].open)))
			return (int)i;
	return -1;
}

/* From behind the opening line to the closing one. */
static int read_part(struct head *h, int tag, struct slice *rest, struct err *e)
{
	struct part *part = &h->file->parts[part_tags[tag].kind];
	struct slice start = *rest, line;
	unsigned opened = h->line, first = ++h->line;
	if (part->source.ptr)
		return wrong(h, e, "this part stands here twice:", slice_str(part_tags[tag].open));
	for (const char *end = start.ptr; slice_line(rest, &line); end = rest->ptr) {
		h->line++;
		if (!slice_eq(slice_trim(line), slice_str(part_tags[tag].close)))
			continue;
		*part = (struct part){slice_of(start.ptr, (size_t)(end - start.ptr)), first, 1};
		return 1;
	}
	h->line = opened;
	return wrong(h, e, "this part has no end:", slice_str(part_tags[tag].open));
}

/* What stands outside of parts is the Markdown body; it is one piece. */
static int take_body(struct head *h, struct part run, struct err *e)
{
	struct part *body = &h->file->parts[PART_BODY];
	if (slice_trim(run.source).len == 0)
		return 1;
	h->line = run.line;
	if (body->source.ptr)
		return wrong(h, e, "the body is one piece, before the parts or behind them:",
			     slice_sub(slice_trim(run.source), 0, 40));
	*body = run;
	return 1;
}

static int read_body(struct head *h, struct slice rest, struct err *e)
{
	struct part run = {slice_of(rest.ptr, 0), h->line, 1};
	for (struct slice line; slice_line(&rest, &line);) {
		int tag = part_opened(line);
		unsigned here = h->line;
		if (tag < 0) {
			run.source.len = (size_t)(rest.ptr - run.source.ptr);
			h->line++;
			continue;
		}
		if (take_body(h, run, e) < 0)
			return -1;
		h->line = here;
		if (read_part(h, tag, &rest, e) < 0)
			return -1;
		run = (struct part){slice_of(rest.ptr, 0), h->line, 1};
	}
	return take_body(h, run, e);
}

static bool in_folder(const struct template_file *f, const char *folder)
{
	return slice_starts(f->name, slice_str(folder));
}

/* A partial is text in the middle of another file: it has no head and no last line end. */
static void read_partial(struct template_file *f)
{
	struct slice body = f->source;
	if (slice_ends(body, SLICE("\n")))
		body.len--;
	f->parts[PART_BODY] = (struct part){body, 1, 1};
}

int template_file_parse(struct template_file *f, struct arena *a, struct err *e)
{
	assert(f->source.ptr);
	memset(f->parts, 0, sizeof(f->parts));
	f->info = (struct template_info){.name = f->name, .language = f->language, .path = f->path};
	f->styles_count = 0;
	if (f->json) {
		if (json_parse(a, f->source, &f->tree, e) > 0)
			return 1;
		err_prefix(e, "%.*s", SLICE_ARG(f->path));
		if (e)
			e->class = ERR_CONFIG;
		return -1;
	}
	if (in_folder(f, "partial/")) {
		read_partial(f);
		return 1;
	}
	struct head h = {.file = f, .a = a};
	struct slice rest = f->source;
	if (read_head(&h, &rest, e) < 0 || read_body(&h, rest, e) < 0)
		return -1;
	if (in_folder(f, "mail/") && !f->parts[PART_SUBJECT].source.len)
		return err_set(e, ERR_CONFIG, "%.*s:1: a mail needs a subject: line in its head",
			       SLICE_ARG(f->path));
	return 1;
}
