/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "compile.h"
#include "env.h"
#include "value.h"

static bool is_space(char c)
{
	return lexer_is(c, CLASS_SPACE);
}

/* Text between tags.  What is white space only leaves a block blank. */
static void emit_text(struct compiler *c, const char *start, const char *end, bool trim_end)
{
	/* The dash of the tag in front; the one behind is asked for by trim_end. */
	if (c->trim)
		while (start < end && is_space(*start))
			start++;
	if (trim_end)
		while (end > start && is_space(end[-1]))
			end--;
	if (start == end)
		return;
	struct op *op = compile_emit(c, op_text);
	op->text = start;
	op->x = (int32_t)(end - start);
	if (c->n_blocks && block_top(c)->blank) {
		while (start < end && is_space(*start))
			start++;
		if (start < end)
			block_prints(c);
	}
}

bool never_closed(struct compiler *c, struct slice name)
{
	return compile_fail(c, c->tag_at, "'%.*s' tag was never closed", SLICE_ARG(name));
}

static bool unknown_tag(struct compiler *c, struct slice name)
{
	/*
	 * Which of its messages the reference gives depends on what is open, so that must be
	 * known here.
	 */
	bool ends = slice_starts(name, SLICE("end"));
	bool otherwise = slice_eq(name, SLICE("else"));
	if (c->n_blocks == c->base && !c->liquid) {
		if (otherwise || slice_eq(name, SLICE("end")))
			return compile_fail(c, c->tag_at, "Unexpected outer '%.*s' tag",
					    SLICE_ARG(name));
		return compile_fail(c, c->tag_at, "Unknown tag '%.*s'", SLICE_ARG(name));
	}
	struct slice block = SLICE("liquid");
	if (c->n_blocks > c->base)
		block = block_top(c)->tag->name;
	if (otherwise)
		return compile_fail(c, c->tag_at, "%.*s tag does not expect 'else' tag",
				    SLICE_ARG(block));
	if (!ends)
		return compile_fail(c, c->tag_at, "Unknown tag '%.*s'", SLICE_ARG(name));
	bool line = c->n_blocks == c->base;
	return compile_fail(c, c->tag_at,
			    "'%.*s' is not a valid delimiter for %.*s tags. use %s%.*s",
			    SLICE_ARG(name), SLICE_ARG(block), line ? "" : "end",
			    SLICE_ARG(line ? SLICE("%}") : block));
}

static bool end_tag(struct compiler *c, struct slice name)
{
	struct slice opened = slice_sub(name, 3, name.len);
	if (c->n_blocks == c->base || !same_name(block_top(c)->tag->name, opened))
		return unknown_tag(c, name);
	return block_close(c);
}

bool compile_tag(struct compiler *c, struct slice name)
{
	if (name.len > 3 && name.ptr[0] == 'e' && name.ptr[1] == 'n' && name.ptr[2] == 'd')
		return end_tag(c, name);
	const struct tag *tag = tag_find(name);
	if (!tag || (tag->role == TAG_BRANCH && c->n_blocks == c->base))
		return unknown_tag(c, name);
	c->tag = tag;
	c->nested = 0;
	if (!tag->blank)
		block_prints(c);
	if (tag->role != TAG_STATEMENT) {
		if (tag->role == TAG_BLOCK && !block_open(c))
			return false;
		expect_markup(c);
		return tag->parse(c);
	}
	uint32_t place = compile_place(c);
	expect_markup(c);
	bool ok = tag->parse(c);
	assert(!ok || c->depth == 0);
	compile_place_end(c, place, tag->blank);
	return ok;
}

/* The word a tag begins with, at *p, which is moved behind it. */
static struct slice tag_name(const char **p, const char *end)
{
	while (*p < end && is_space(**p))
		++*p;
	const char *start = *p;
	if (*p < end && **p == '#') {
		++*p;
		return slice_of(start, 1);
	}
	while (*p < end && lexer_is(**p, CLASS_ALPHA | CLASS_DIGIT))
		++*p;
	return slice_of(start, (size_t)(*p - start));
}

static bool not_terminated(struct compiler *c, const char *what, size_t len, const char *close)
{
	return compile_fail(c, c->tag_at, "%s '%.*s' was not properly terminated with regexp: %s",
			    what, (int)(len < 60 ? len : 60), c->tag_at, close);
}

/* Behind "{%" at c->tag_at: its end, or null. */
static const char *tag_end(const struct compiler *c)
{
	const char *p = c->tag_at + 2;
	while ((p = memchr(p, '%', (size_t)(c->end - p))) && p + 1 < c->end)
		if (*++p == '}')
			return p - 1;
	return NULL;
}

static bool scan_block_tag(struct compiler *c)
{
	const char *close = tag_end(c);
	if (!close)
		return not_terminated(c, "Tag", 2, "/\\%\\}/");
	const char *p = c->tag_at + 2, *end = close;
	p += p < end && *p == '-';
	c->tag_trims = end[-1] == '-' && end > c->tag_at + 2;
	end -= c->tag_trims && end > p;
	c->trim = c->tag_trims;
	c->at = close + 2;
	struct slice name = tag_name(&p, end);
	while (p < end && is_space(*p))
		p++;
	c->markup = p;
	c->markup_end = end;
	if (!name.len)
		return not_terminated(c, "Tag", (size_t)(close + 2 - c->tag_at), "/\\%\\}/");
	return compile_tag(c, name);
}

/* Where an output ends, or null.  A tag that begins in it ends the search, as in the reference. */
static const char *output_end(const struct compiler *c)
{
	const char *start = c->tag_at + 2;
	const char *p = memchr(start, '}', (size_t)(c->end - start));
	if (!p || p + 1 >= c->end || p[1] != '}')
		return NULL;
	for (const char *open = start; (open = memchr(open, '{', (size_t)(p - open))); open++)
		if (open[1] == '%')
			return NULL;
	return p;
}

static bool scan_output(struct compiler *c)
{
	/* Most outputs end here, read once and by no lexer. */
	if (quick_output(c))
		return true;
	const char *p = output_end(c);
	if (!p) {
		size_t left = (size_t)(c->end - c->tag_at);
		const char *brace = memchr(c->tag_at, '}', left);
		size_t len = brace ? (size_t)(brace + 1 - c->tag_at) : 2;
		return not_terminated(c, "Variable", len, "/\\}\\}/");
	}
	c->at = p + 2;
	c->markup = c->tag_at + 2;
	c->markup += c->markup < p && *c->markup == '-';
	c->tag_trims = c->trim = p[-1] == '-';
	c->markup_end = p - (c->tag_trims && p > c->markup);
	c->nested = 0;
	return parse_output(c);
}

/* The next "{%" or "{{", or the end. */
static const char *next_mark(const struct compiler *c)
{
	const char *p = c->at;
	while ((p = memchr(p, '{', (size_t)(c->end - p)))) {
		if (p + 1 < c->end && (p[1] == '{' || p[1] == '%'))
			return p;
		p++;
	}
	return c->end;
}

static bool compile_document(struct compiler *c)
{
	while (c->at < c->end) {
		const char *mark = next_mark(c);
		if (!compile_may_grow(c))
			return false;
		bool trim_end = mark + 2 < c->end && mark[2] == '-';
		if (mark > c->at)
			emit_text(c, c->at, mark, trim_end);
		if (mark == c->end)
			break;
		c->trim = false;
		c->tag_at = mark;
		if (!(mark[1] == '{' ? scan_output(c) : scan_block_tag(c)))
			return false;
	}
	if (c->n_blocks) {
		c->tag_at = block_top(c)->at;
		return never_closed(c, block_top(c)->tag->name);
	}
	return true;
}

/* The next line of a {% liquid %} as a tag; false when there is none. */
static bool next_line(struct compiler *c, struct slice *name)
{
	while (c->at < c->end) {
		const char *p = c->at;
		const char *lf = memchr(p, '\n', (size_t)(c->end - p));
		const char *end = lf ? lf : c->end;
		c->at = lf ? lf + 1 : c->end;
		while (end > p && is_space(end[-1]))
			end--;
		while (p < end && is_space(*p))
			p++;
		if (p == end)
			continue;
		c->tag_at = p;
		*name = tag_name(&p, end);
		if (!name->len)
			*name = slice_of(p, (size_t)(end - p));
		while (p < end && is_space(*p))
			p++;
		c->markup = p;
		c->markup_end = end;
		return true;
	}
	return false;
}

bool scan_is_tag(const char *mark, const char *end, struct slice name)
{
	const char *p = mark + 2;
	p += p < end && *p == '-';
	return slice_eq(tag_name(&p, end), name);
}

bool scan_tag(struct compiler *c, struct slice *name, const char **at)
{
	if (c->liquid) {
		bool more = next_line(c, name);
		*at = c->tag_at;
		return more;
	}
	const char *p = c->at;
	while ((p = memchr(p, '{', (size_t)(c->end - p))) && p + 1 < c->end) {
		if (*++p != '%')
			continue;
		*at = p - 1;
		p++;
		p += p < c->end && *p == '-';
		*name = tag_name(&p, c->end);
		c->at = p;
		return true;
	}
	return false;
}

/* The lines of the tag in hand, each a tag; the scanner's state is put back behind. */
bool parse_liquid(struct compiler *c)
{
	const char *at = c->at, *end = c->end, *tag_at = c->tag_at;
	bool liquid = c->liquid, trims = c->tag_trims;
	uint32_t base = c->base;
	if (c->liquids++ == LIQUID_NESTING_MAX)
		return compile_fail(c, c->tag_at, "liquid tags nested too deep: limit of %d",
				    LIQUID_NESTING_MAX);
	c->at = c->markup;
	c->end = c->markup_end;
	c->liquid = true;
	/* A block that was opened outside cannot be closed within. */
	c->base = c->n_blocks;
	struct slice name;
	while (next_line(c, &name))
		if (!compile_may_grow(c) || !compile_tag(c, name))
			return false;
	if (c->n_blocks > c->base) {
		c->tag_at = block_top(c)->at;
		return never_closed(c, block_top(c)->tag->name);
	}
	c->liquids--;
	c->at = at;
	c->end = end;
	c->tag_at = tag_at;
	c->liquid = liquid;
	c->base = base;
	c->trim = c->tag_trims = trims;
	return true;
}

/* The layout is run at the end, and its errors belong to its tag. */
static void emit_end(struct compiler *c)
{
	if (c->t->has_layout) {
		c->tag_at = c->t->source.ptr + c->t->layout_offset;
		uint32_t place = compile_place(c);
		compile_emit(c, op_end);
		compile_place_end(c, place, false);
	}
	compile_emit(c, op_end);
}

/* Room at once for what a source of that size mostly needs. */
static void make_room(struct compiler *c, size_t len)
{
	struct liquid_template *t = c->t;
	c->room = (uint32_t)(len / 24 + 16);
	t->code = ARENA_ARRAY(c->arena, c->room, struct op);
	c->places_room = (uint32_t)(len / 64 + 8);
	t->places = ARENA_ARRAY(c->arena, c->places_room, struct place);
	c->names_room = 16;
	t->names = ARENA_ARRAY(c->arena, c->names_room, struct slice);
}

int liquid_parse(const struct liquid_env *env, struct slice name, struct slice source,
		 struct arena *a, struct liquid_template **template, struct liquid_error *error)
{
	struct liquid_template *t = ARENA_NEW(a, struct liquid_template);
	/* Large, and each part is set before it is read. */
	struct compiler c LIQUID_UNINITIALIZED;
	c.env = env;
	c.arena = a;
	c.t = t;
	c.error = error;
	c.trim = c.tag_trims = c.liquid = false;
	c.last_filter = NULL;
	c.name_index = NULL;
	c.name_slots = c.last_slot = c.landing = c.base = c.depth = c.nested = c.n_blocks =
		c.liquids = 0;
	t->env = env;
	t->name = arena_copy(a, name);
	if (source.len > LIQUID_SOURCE_MAX) {
		compile_fail(&c, NULL, "template too large: limit of %u bytes", LIQUID_SOURCE_MAX);
		return -1;
	}
	char *copy = arena_alloc(a, source.len + SOURCE_PAD);
	if (source.len)
		memcpy(copy, source.ptr, source.len);
	t->source = slice_of(copy, source.len);
	c.at = c.tag_at = t->source.ptr;
	c.end = c.at + source.len;
	make_room(&c, source.len);
	if (!compile_document(&c))
		return -1;
	emit_end(&c);
	*template = t;
	return 1;
}
