/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "base/text.h"
#include "linter.h"

#define PARAMS_MAX 64
#define BOUNDARY_MAX 70
#define ENCODED_LINE_MAX 76
#define PLAIN_LINE_MAX 78

struct param {
	struct slice name, value;
};

/* A structured content field, taken apart. */
struct content {
	struct slice value; /* "multipart/mixed", "attachment" */
	struct param params[PARAMS_MAX];
	size_t count;
};

/* An entity of the mail: its header and its body. */
struct entity {
	const struct lint_fields *fields;
	struct content type;
	struct lint_place body;
	struct slice encoding;
	size_t line;
	unsigned depth;
};

/* What a multipart/alternative wants to know of its parts. */
struct summary {
	bool is_plain, is_html, is_blank;
};

static struct summary lint_entity(struct linter *l, const struct lint_fields *fields,
				  struct lint_place body, unsigned depth);

/* "quoted text" at the start of *rest, or a bare word up to ';'. */
static struct slice cut_value(struct arena *a, struct slice *rest)
{
	if (rest->len == 0 || rest->ptr[0] != '"') {
		struct slice value = {0};
		slice_cut(rest, ';', &value);
		return slice_trim(value);
	}
	size_t end = 1;
	while (end < rest->len && rest->ptr[end] != '"')
		end += rest->ptr[end] == '\\' ? 2 : 1;
	struct slice quoted = slice_sub(*rest, 1, end);
	char *copy = arena_alloc(a, quoted.len);
	size_t n = 0;
	for (size_t i = 0; i < quoted.len; i++) {
		i += quoted.ptr[i] == '\\' && i + 1 < quoted.len;
		copy[n++] = quoted.ptr[i];
	}
	struct slice behind = slice_sub(*rest, end + 1, rest->len), gap;
	slice_cut(&behind, ';', &gap);
	*rest = behind;
	return slice_of(copy, n);
}

static void read_content(struct linter *l, const struct lint_field *field, struct content *c)
{
	struct slice rest = field->value;
	*c = (struct content){0};
	slice_cut(&rest, ';', &c->value);
	c->value = slice_trim(c->value);
	while (rest.ptr && c->count < PARAMS_MAX) {
		struct slice name;
		rest = slice_trim(rest);
		if (!slice_cut(&rest, '=', &name) || !rest.ptr || slice_trim(name).len == 0) {
			lint_find(l, "O5", field->line, "%.*s has a parameter without a value.",
				  SLICE_ARG(field->name));
			return;
		}
		c->params[c->count++] =
			(struct param){slice_trim(name), cut_value(l->arena, &rest)};
	}
}

static const struct param *get_param(const struct content *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (slice_eq_nocase(c->params[i].name, slice_str(name)))
			return &c->params[i];
	return NULL;
}

static bool is_direction_mark(uint32_t c)
{
	return c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

/* O8: null, or what is wrong with a file name once decoded. */
static const char *judge_filename(struct slice name)
{
	if (name.len == 0 || name.ptr[0] == '.')
		return "is empty or starts with a dot";
	if (!text_is_utf8(name))
		return "is not UTF-8";
	for (uint32_t c; text_next(&name, &c);) {
		if (c < 32 || (c >= 0x7f && c < 0xa0))
			return "holds a control character";
		if (c == '/' || c == '\\' || c == ':')
			return "holds a path";
		if (is_direction_mark(c))
			return "holds a mark of writing direction";
	}
	return NULL;
}

/* Takes the percent signs away; false when one is wrong or a byte needs one. */
static bool decode_percent(struct arena *a, struct slice text, struct slice *bytes)
{
	char *out = arena_alloc(a, text.len);
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '%') {
			int high = i + 2 < text.len ? lint_hex(text.ptr[i + 1]) : -1;
			int low = i + 2 < text.len ? lint_hex(text.ptr[i + 2]) : -1;
			if (high < 0 || low < 0)
				return false;
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c <= ' ' || c > '~' || strchr("*'()<>@,;:\\\"/[]?=", c)) {
			return false;
		}
		out[n++] = c;
	}
	*bytes = slice_of(out, n);
	return true;
}

/* RFC 2231: filename*= or filename*0*=, filename*1*= …, joined; false when there is none. */
static bool join_extended(struct linter *l, const struct content *c, struct slice *joined)
{
	const struct param *whole = get_param(c, "filename*");
	if (whole) {
		*joined = whole->value;
		return true;
	}
	size_t length = 0, n = 0;
	for (size_t i = 0; i < c->count; i++)
		length += c->params[i].value.len;
	char *all = arena_alloc(l->arena, length);
	size_t used = 0;
	const struct param *segment;
	while ((segment = get_param(c, arena_printf(l->arena, "filename*%zu*", n)))) {
		memcpy(all + used, segment->value.ptr, segment->value.len);
		used += segment->value.len;
		n++;
	}
	*joined = slice_of(all, used);
	return n > 0;
}

static void lint_disposition(struct linter *l, const struct lint_fields *fields)
{
	const struct lint_field *field = lint_get(fields, "Content-Disposition");
	if (!field)
		return;
	struct content c;
	read_content(l, field, &c);
	if (!slice_eq_nocase(c.value, SLICE("attachment")) &&
	    !slice_eq_nocase(c.value, SLICE("inline")))
		lint_find(l, "O8", field->line, "Content-Disposition is unknown.");
	const struct param *plain = get_param(&c, "filename");
	const char *wrong = plain ? judge_filename(plain->value) : "is missing";
	if (!wrong && !text_is_ascii(plain->value))
		wrong = "is not ASCII";
	if (!wrong && slice_find(plain->value, SLICE("=?")) >= 0)
		wrong = "holds an encoded word";
	if (wrong)
		lint_find(l, "O8", field->line, "The plain file name %s.", wrong);
	struct slice joined, name = {0};
	if (!join_extended(l, &c, &joined))
		return;
	bool decodes = slice_starts_nocase(joined, SLICE("utf-8''")) &&
		       decode_percent(l->arena, slice_sub(joined, 7, joined.len), &name);
	wrong = decodes ? judge_filename(name) : "does not decode";
	if (wrong)
		lint_find(l, "O8", field->line, "The extended file name %s.", wrong);
}

/* Each line of a body that is written in quoted-printable, base64 or as it is. */
static void lint_lines(struct linter *l, const struct entity *e, size_t longest, bool at_start)
{
	struct lint_place at = e->body;
	for (struct slice line; slice_line(&at.rest, &line); at.line++) {
		if (line.len > longest)
			lint_find(l, "O5", at.line, "The encoded line is longer than %zu.",
				  longest);
		if (!at_start || line.len == 0)
			continue;
		char last = line.ptr[line.len - 1];
		if (last == ' ' || last == '\t')
			lint_find(l, "O5", at.line, "The line ends in a space.");
		if (line.ptr[0] == '.' || slice_starts(line, SLICE("From ")))
			lint_find(l, "O5", at.line, "The line starts with a dot or \"From \".");
	}
}

/* The decoded bytes of a leaf; a finding when they do not decode. */
static struct slice decode_leaf(struct linter *l, const struct entity *e)
{
	struct slice bytes = e->body.rest;
	bool text = slice_starts_nocase(e->type.value, SLICE("text/"));
	if (slice_eq_nocase(e->encoding, SLICE("base64"))) {
		lint_lines(l, e, ENCODED_LINE_MAX, false);
		if (!lint_base64(l->arena, e->body.rest, &bytes))
			lint_find(l, "O5", e->line, "The base64 does not decode.");
	} else if (slice_eq_nocase(e->encoding, SLICE("quoted-printable"))) {
		lint_lines(l, e, ENCODED_LINE_MAX, true);
		if (!lint_quoted_printable(l->arena, e->body.rest, &bytes))
			lint_find(l, "O5", e->line, "The quoted-printable does not decode.");
	} else if (slice_eq_nocase(e->encoding, SLICE("7bit"))) {
		lint_lines(l, e, PLAIN_LINE_MAX, text);
	} else {
		lint_find(l, "O5", e->line,
			  "Content-Transfer-Encoding is missing or not for 7 bits.");
	}
	return bytes;
}

static bool is_blank(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] > ' ')
			return false;
	return true;
}

/* Of the charsets that we write; of others nothing is known. */
static bool is_in_charset(struct slice bytes, struct slice charset)
{
	if (slice_eq_nocase(charset, SLICE("us-ascii")))
		return text_is_ascii(bytes);
	return !slice_eq_nocase(charset, SLICE("utf-8")) || text_is_utf8(bytes);
}

static struct summary lint_text(struct linter *l, const struct entity *e)
{
	struct slice bytes = decode_leaf(l, e);
	const struct param *charset = get_param(&e->type, "charset");
	if (!charset)
		lint_find(l, "O5", e->line, "The text part names no charset.");
	else if (!is_in_charset(bytes, charset->value))
		lint_find(l, "O5", e->line, "The text part is not in its charset.");
	return (struct summary){
		.is_plain = slice_eq_nocase(e->type.value, SLICE("text/plain")),
		.is_html = slice_eq_nocase(e->type.value, SLICE("text/html")),
		.is_blank = is_blank(bytes),
	};
}

static bool is_boundary(struct slice b)
{
	for (size_t i = 0; i < b.len; i++) {
		unsigned char c = (unsigned char)b.ptr[i];
		bool alnum =
			(c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (!alnum && (!c || !strchr("'()+_,-./:=? ", c)))
			return false;
	}
	return b.len > 0 && b.len <= BOUNDARY_MAX && b.ptr[b.len - 1] != ' ';
}

enum mark { MARK_NONE, MARK_OPEN, MARK_CLOSE };

/* RFC 2046 5.1.1: is the line a boundary?  In any other line it is a finding. */
static enum mark judge_line(struct linter *l, struct slice line, struct slice boundary,
			    size_t number)
{
	ptrdiff_t at = slice_find(line, boundary);
	if (at < 0)
		return MARK_NONE;
	struct slice behind = slice_trim(slice_sub(line, (size_t)at + boundary.len, line.len));
	if (at == 2 && slice_starts(line, SLICE("--"))) {
		if (behind.len == 0)
			return MARK_OPEN;
		if (slice_eq(behind, SLICE("--")))
			return MARK_CLOSE;
	}
	lint_find(l, "O6", number, "The boundary stands in a part.");
	return MARK_NONE;
}

/* O6: plain before HTML, and both say something. */
struct alternative {
	bool wanted, plain_seen, plain_blank;
};

static void lint_order(struct linter *l, struct alternative *seen, struct summary part, size_t line)
{
	if (!seen->wanted)
		return;
	if (part.is_html && !seen->plain_seen)
		lint_find(l, "O6", line, "HTML stands before the plain text.");
	if (part.is_html && !part.is_blank && seen->plain_blank)
		lint_find(l, "O6", line, "HTML says something, the plain text nothing.");
	seen->plain_blank = part.is_plain ? part.is_blank : seen->plain_blank;
	seen->plain_seen = seen->plain_seen || part.is_plain;
}

/* The part from `from` up to the boundary line at `to`, whose line end is the boundary's. */
static struct summary lint_inner(struct linter *l, struct lint_place from, const char *to,
				 unsigned depth)
{
	assert(to >= from.rest.ptr && to <= from.rest.ptr + from.rest.len);
	size_t length = (size_t)(to - from.rest.ptr);
	struct lint_place at = {slice_sub(from.rest, 0, length), from.line};
	struct lint_fields fields = {0};
	lint_read_fields(l, &at, &fields);
	if (slice_ends(at.rest, SLICE("\r\n")))
		at.rest.len -= 2;
	return lint_entity(l, &fields, at, depth + 1);
}

static void lint_parts(struct linter *l, const struct entity *e, struct slice boundary)
{
	struct alternative seen = {
		.wanted = slice_eq_nocase(e->type.value, SLICE("multipart/alternative"))};
	struct lint_place at = e->body, part = {0};
	size_t parts = 0;
	enum mark mark = MARK_NONE;
	for (struct slice line; mark != MARK_CLOSE && slice_line(&at.rest, &line);) {
		mark = judge_line(l, line, boundary, at.line++);
		if (mark == MARK_NONE)
			continue;
		if (part.line > 0)
			lint_order(l, &seen, lint_inner(l, part, line.ptr, e->depth), part.line);
		parts += mark == MARK_OPEN;
		part = at;
	}
	if (parts == 0)
		lint_find(l, "O6", e->line, "The multipart has no part.");
	if (mark != MARK_CLOSE)
		lint_find(l, "O6", e->line, "The multipart is not closed.");
	else if (!is_blank(at.rest))
		lint_find(l, "O6", at.line, "Text stands behind the last boundary.");
}

static void lint_multipart(struct linter *l, const struct entity *e)
{
	const struct param *boundary = get_param(&e->type, "boundary");
	if (e->encoding.len > 0 && !slice_eq_nocase(e->encoding, SLICE("7bit")))
		lint_find(l, "O5", e->line, "A multipart is encoded.");
	if (!boundary || !is_boundary(boundary->value))
		lint_find(l, "O6", e->line, "The boundary is missing or not one.");
	else if (e->depth >= MAIL_LINT_DEPTH_MAX)
		lint_find(l, "O6", e->line, "The parts are nested deeper than %d.",
			  MAIL_LINT_DEPTH_MAX);
	else
		lint_parts(l, e, boundary->value);
}

static struct summary lint_entity(struct linter *l, const struct lint_fields *fields,
				  struct lint_place body, unsigned depth)
{
	const struct lint_field *type = lint_get(fields, "Content-Type");
	const struct lint_field *encoding = lint_get(fields, "Content-Transfer-Encoding");
	struct entity e = {.fields = fields, .body = body, .depth = depth};
	if (!type) {
		lint_find(l, "O5", body.line, "The part has no Content-Type.");
		return (struct summary){0};
	}
	e.line = type->line;
	e.encoding = encoding ? encoding->value : (struct slice){0};
	read_content(l, type, &e.type);
	lint_disposition(l, fields);
	if (slice_starts_nocase(e.type.value, SLICE("multipart/"))) {
		lint_multipart(l, &e);
		return (struct summary){0};
	}
	if (slice_starts_nocase(e.type.value, SLICE("text/")))
		return lint_text(l, &e);
	bool message = slice_starts_nocase(e.type.value, SLICE("message/"));
	if (!message)
		decode_leaf(l, &e);
	else if (e.encoding.len > 0 && !slice_eq_nocase(e.encoding, SLICE("7bit")))
		lint_find(l, "O5", e.line, "A message inside is encoded.");
	return (struct summary){0};
}

void lint_body(struct linter *l, const struct lint_fields *fields, struct lint_place body)
{
	lint_entity(l, fields, body, 0);
}
