/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "compile.h"

/* render, include, layout, block */

static void after_partial(struct compiler *c)
{
	uint32_t skip = NO_OP;
	compile_jump(c, op_on_break, &skip);
	block_interrupt(c, true);
	compile_land(c, &skip);
	compile_jump(c, op_on_continue, &skip);
	block_interrupt(c, false);
	compile_land(c, &skip);
}

/* An include sees each attribute as soon as it is written: b: a, with a: before. */
static bool parse_attributes(struct compiler *c, bool isolated)
{
	struct arguments *list = &c->args;
	list->n_named = 0;
	accept(c, TOKEN_COMMA);
	while (c->lex.kind == TOKEN_ID) {
		if (list->n_named == FILTER_ARGS_MAX)
			return syntax_error(c, "too many attributes: limit of %d", FILTER_ARGS_MAX);
		if (!expect_name(c, &list->names[list->n_named++]) || !expect(c, TOKEN_COLON) ||
		    !parse_expression(c))
			return false;
		if (!isolated) {
			uint32_t slot = compile_slot(c, list->names[list->n_named - 1]);
			compile_emit(c, op_bind)->n = slot;
		}
		accept(c, TOKEN_COMMA);
	}
	return expect_end(c);
}

static bool parse_partial(struct compiler *c, bool isolated)
{
	struct partial head = {.isolated = isolated};
	const struct arguments *list = &c->args;
	if (!parse_expression(c))
		return false;
	head.has_for = accept_word(c, "for");
	head.has_with = !head.has_for && accept_word(c, "with");
	if ((head.has_for || head.has_with) && !parse_expression(c))
		return false;
	if (accept_word(c, "as") && !expect_name(c, &head.alias))
		return false;
	if (!parse_attributes(c, isolated))
		return false;
	struct partial *partial = arena_alloc(
		c->arena, sizeof(struct partial) + list->n_named * sizeof(struct slice));
	*partial = head;
	partial->n = list->n_named;
	if (list->n_named)
		memcpy(partial->names, list->names, list->n_named * sizeof(struct slice));
	compile_emit(c, op_partial)->partial = partial;
	compile_stack(c, -1 - (int)(head.has_for || head.has_with) - (int)list->n_named);
	if (!isolated)
		after_partial(c);
	return true;
}

bool parse_render(struct compiler *c)
{
	if (c->lex.kind != TOKEN_STRING)
		return syntax_error(
			c, "Syntax error in tag 'render' - Template name must be a quoted string");
	return parse_partial(c, true);
}

bool parse_include(struct compiler *c)
{
	return parse_partial(c, false);
}

bool parse_layout(struct compiler *c)
{
	if (c->n_blocks)
		return compile_fail(c, c->tag_at, "layout stands in no block");
	if (c->t->has_layout)
		return compile_fail(c, c->tag_at, "a template has one layout");
	if (!parse_expression(c) || !expect_end(c))
		return false;
	c->t->has_layout = true;
	c->t->layout_offset = (uint32_t)(c->tag_at - c->t->source.ptr);
	compile_emit(c, op_layout);
	compile_stack(c, -1);
	return true;
}

bool parse_block(struct compiler *c)
{
	struct open_block *b = block_top(c);
	struct block *block = ARENA_NEW(c->arena, struct block);
	block->name = c->lex.text;
	if (c->lex.kind == TOKEN_STRING)
		lexer_next(&c->lex);
	else if (!expect_name(c, &block->name))
		return false;
	compile_jump(c, op_block, &b->pending);
	c->t->code[c->t->n_code - 1].block = block;
	return expect_end(c);
}

bool close_block(struct compiler *c)
{
	struct open_block *b = block_top(c);
	compile_emit(c, op_block_end);
	compile_land(c, &b->pending);
	/* What breaks out of the block breaks the loop around it. */
	c->n_blocks--;
	after_partial(c);
	c->n_blocks++;
	return true;
}
