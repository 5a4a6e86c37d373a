/* SPDX-License-Identifier: ISC */
#include "compile.h"

/* raw, comment, doc, # and liquid: tags whose body is not a template's. */

/* c->at stands in the tag that ends the body: skip the rest of it. */
static bool skip_tag(struct compiler *c)
{
	if (c->liquid)
		return true;
	for (const char *p = c->at; (p = memchr(p, '%', (size_t)(c->end - p)));) {
		if (++p == c->end || *p != '}')
			continue;
		c->trim = p[-2] == '-';
		c->at = p + 1;
		return true;
	}
	return false;
}

static bool no_arguments(struct compiler *c)
{
	struct slice name = c->tag->name;
	if (c->markup == c->markup_end)
		return true;
	return compile_fail(c, c->tag_at, "Syntax Error in '%.*s' - Valid syntax: %.*s",
			    SLICE_ARG(name), SLICE_ARG(name));
}

/*
 * Behind {% raw %}, up to its end: the last "{%" before a "%}" may be the tag
 * that ends it, whatever else was opened before.
 */
static bool raw_body(struct compiler *c, const char **end)
{
	const char *mark = NULL;
	for (const char *p = c->at; !c->liquid && p + 1 < c->end; p++) {
		if (*p == '{' && p[1] == '%') {
			mark = p;
		} else if (*p == '%' && p[1] == '}') {
			if (mark && scan_is_tag(mark, p, SLICE("endraw"))) {
				*end = mark;
				c->trim = p[-1] == '-';
				c->at = p + 2;
				return true;
			}
			mark = NULL;
		}
	}
	return never_closed(c, SLICE("raw"));
}

bool parse_raw(struct compiler *c)
{
	const char *start = c->at, *end;
	c->trim = false;
	if (!no_arguments(c) || !raw_body(c, &end))
		return false;
	if (end == start)
		return true;
	struct op *op = compile_emit(c, op_text);
	op->text = start;
	op->x = (int32_t)(end - start);
	block_prints(c);
	return true;
}

bool parse_comment(struct compiler *c)
{
	const char *opened = c->tag_at, *at;
	struct slice name;
	for (unsigned depth = 1; scan_tag(c, &name, &at) && skip_tag(c);) {
		if (slice_eq(name, SLICE("raw")) && !raw_body(c, &at))
			return false;
		depth += slice_eq(name, SLICE("comment"));
		depth -= slice_eq(name, SLICE("endcomment"));
		if (!depth)
			return true;
	}
	c->tag_at = opened;
	return never_closed(c, SLICE("comment"));
}

bool parse_doc(struct compiler *c)
{
	const char *opened = c->tag_at, *at;
	struct slice name;
	if (!no_arguments(c))
		return false;
	while (scan_tag(c, &name, &at)) {
		if (slice_eq(name, SLICE("doc")))
			return compile_fail(
				c, at, "Syntax Error in 'doc' - Nested doc tags are not allowed");
		if (slice_eq(name, SLICE("enddoc")) && skip_tag(c))
			return true;
	}
	c->tag_at = opened;
	return never_closed(c, SLICE("doc"));
}

bool parse_inline_comment(struct compiler *c)
{
	struct slice rest = slice_of(c->markup, (size_t)(c->markup_end - c->markup)), line;
	slice_line(&rest, &line);
	while (slice_line(&rest, &line)) {
		line = slice_trim(line);
		if (line.len && line.ptr[0] != '#')
			return compile_fail(
				c, c->tag_at,
				"Syntax error in tag '#' - Each line of comments must be "
				"prefixed by the '#' character");
	}
	return true;
}
