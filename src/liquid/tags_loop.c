/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "compile.h"

/* for, tablerow, break, continue */

/*
 * Values are pushed in the order written; op_loop takes them by the order of
 * `given`, so that each attribute is computed where it stands.
 */
static bool loop_value(struct compiler *c, struct loop *loop, enum loop_attribute_kind kind)
{
	if (!expect(c, TOKEN_COLON))
		return false;
	if (kind == LOOP_OFFSET && c->lex.kind == TOKEN_ID && !loop->table &&
	    slice_eq(c->lex.text, SLICE("continue")) && lexer_ahead(&c->lex) != '.' &&
	    lexer_ahead(&c->lex) != '[') {
		loop->resume = true;
		lexer_next(&c->lex);
		return true;
	}
	if (!parse_expression(c))
		return false;
	if (kind == LOOP_OFFSET)
		loop->resume = false;
	if (loop->n_given == LOOP_GIVEN_MAX)
		return compile_fail(c, c->tag_at, "too many attributes: limit of %d",
				    LOOP_GIVEN_MAX);
	loop->given[loop->n_given++] = (uint8_t)kind;
	return true;
}

static bool for_attributes(struct compiler *c, struct loop *loop)
{
	loop->reversed = accept_word(c, "reversed");
	while (c->lex.kind == TOKEN_COMMA || c->lex.kind == TOKEN_ID) {
		/* strict2 allows one comma at the end, but only behind an attribute. */
		if (accept(c, TOKEN_COMMA) && loop->n_given && c->lex.kind == TOKEN_END)
			break;
		enum loop_attribute_kind kind = LOOP_LIMIT;
		if (accept_word(c, "offset"))
			kind = LOOP_OFFSET;
		else if (!accept_word(c, "limit"))
			return syntax_error(c, "Invalid attribute in for loop. Valid attributes "
					       "are limit and offset");
		if (!loop_value(c, loop, kind))
			return false;
	}
	return true;
}

static bool row_attributes(struct compiler *c, struct loop *loop)
{
	static const char *const words[] = {[LOOP_LIMIT] = "limit",
					    [LOOP_OFFSET] = "offset",
					    [LOOP_COLS] = "cols",
					    [LOOP_RANGE] = "range"};
	accept(c, TOKEN_COMMA);
	while (c->lex.kind == TOKEN_ID) {
		size_t kind = 0;
		while (kind < 4 && !slice_eq(c->lex.text, slice_str(words[kind])))
			kind++;
		if (kind == 4)
			return syntax_error(c,
					    "Invalid attribute '%.*s' in tablerow loop. Valid "
					    "attributes are cols, limit, offset, and range",
					    SLICE_ARG(c->lex.text));
		lexer_next(&c->lex);
		if (!loop_value(c, loop, (enum loop_attribute_kind)kind))
			return false;
		accept(c, TOKEN_COMMA);
	}
	return true;
}

/* "item-collection", as forloop.name gives it. */
static struct slice loop_name(struct compiler *c, struct slice variable, const char *start)
{
	char *text = arena_alloc(c->arena, variable.len + 1 + (size_t)(c->lex.start - start));
	memcpy(text, variable.ptr, variable.len);
	size_t n = variable.len;
	text[n++] = '-';
	/* White space goes, for the name is a key; in quotes it is part of the value. */
	char quote = '\0';
	for (const char *p = start; p < c->lex.start; p++) {
		if (quote ? *p == quote : *p == '"' || *p == '\'')
			quote = quote ? '\0' : *p;
		if (quote || !lexer_is(*p, CLASS_SPACE))
			text[n++] = *p;
	}
	return slice_of(text, n);
}

static bool open_loop(struct compiler *c, bool table)
{
	struct open_block *b = block_top(c);
	struct loop *loop = ARENA_NEW(c->arena, struct loop);
	struct slice variable;
	loop->table = table;
	if (!expect_name(c, &variable))
		return false;
	if (!accept_word(c, "in"))
		return syntax_error(c, "For loops require an 'in' clause");
	const char *start = c->lex.start;
	if (!parse_expression(c))
		return false;
	loop->name = loop_name(c, variable, start);
	if (!(table ? row_attributes(c, loop) : for_attributes(c, loop)) || !expect_end(c))
		return false;
	loop->slot = compile_slot(c, variable);
	loop->forloop = compile_slot(c, table ? SLICE("tablerowloop") : SLICE("forloop"));
	compile_jump(c, op_loop, &b->pending);
	c->t->code[c->t->n_code - 1].loop = loop;
	compile_stack(c, -1 - (int)loop->n_given);
	b->body = c->t->n_code;
	return true;
}

bool parse_for(struct compiler *c)
{
	return open_loop(c, false);
}

bool parse_tablerow(struct compiler *c)
{
	return open_loop(c, true);
}

/* The step back to the body, and where break goes. */
static void end_body(struct compiler *c, struct open_block *b)
{
	compile_land(c, &b->repeats);
	struct op *next = compile_emit(c, block_is(b, "tablerow") ? op_row_next : op_next);
	next->x = (int32_t)b->body - (int32_t)(c->t->n_code - 1);
	/* Most loops have no break and pay nothing for it. */
	if (b->breaks == NO_OP)
		return;
	compile_jump(c, op_jump, &b->exits);
	compile_land(c, &b->breaks);
	compile_emit(c, op_leave_loop);
}

bool loop_else(struct compiler *c, struct open_block *b)
{
	end_body(c, b);
	compile_jump(c, op_jump, &b->exits);
	compile_land(c, &b->pending);
	b->has_else = true;
	return true;
}

bool close_loop(struct compiler *c)
{
	struct open_block *b = block_top(c);
	if (!b->has_else)
		end_body(c, b);
	compile_land(c, &b->pending);
	compile_land(c, &b->exits);
	return true;
}

static bool interrupt(struct compiler *c, bool leave)
{
	block_interrupt(c, leave);
	return expect_end(c);
}

bool parse_break(struct compiler *c)
{
	return interrupt(c, true);
}

bool parse_continue(struct compiler *c)
{
	return interrupt(c, false);
}
