/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "compile.h"

/* if, unless, elsif, else, case, when */

/*
 * {% if word.word %}, most conditions of a mail, without an expression.
 * False, with nothing changed, when it is anything else.
 */
static bool quick_condition(struct compiler *c, struct open_block *b)
{
	struct slice root = c->lex.text;
	const char *at = c->lex.at;
	uint32_t n_hints = c->t->n_hints;
	if (c->lex.kind != TOKEN_ID || special_word(root))
		return false;
	size_t n = (size_t)plain_segments(c);
	const char *end = c->lex.at, *p = end;
	while (p < c->markup_end && lexer_is(*p, CLASS_SPACE))
		p++;
	if (p < c->markup_end) {
		c->lex.at = at;
		c->t->n_hints = n_hints;
		return false;
	}
	struct op *op = compile_emit(c, op_site_jump_false);
	op->site = make_site(c, slice_of(root.ptr, (size_t)(end - root.ptr)), compile_slot(c, root),
			     n);
	op->x = (int32_t)b->pending;
	b->pending = c->t->n_code - 1;
	compile_stack(c, 1);
	compile_stack(c, -1);
	return true;
}

/* The condition in the markup, and a jump to where it does not hold. */
static bool emit_condition(struct compiler *c, struct open_block *b, bool inverted)
{
	struct liquid_template *t = c->t;
	uint32_t start = t->n_code;
	if (!inverted && quick_condition(c, b))
		return true;
	if (!parse_condition(c))
		return false;
	struct op *last = &t->code[t->n_code - 1];
	compile_stack(c, -1);
	if (!inverted && t->n_code == start + 1 && last->run == op_site) {
		last->run = op_site_jump_false;
		last->x = (int32_t)b->pending;
		b->pending = t->n_code - 1;
		return true;
	}
	compile_jump(c, inverted ? op_jump_true : op_jump_false, &b->pending);
	return true;
}

bool parse_if(struct compiler *c)
{
	return emit_condition(c, block_top(c), false);
}

bool parse_unless(struct compiler *c)
{
	return emit_condition(c, block_top(c), true);
}

static bool is_if(const struct open_block *b)
{
	return block_is(b, "if") || block_is(b, "unless");
}

static bool no_branch(struct compiler *c)
{
	struct slice block = block_top(c)->tag->name;
	if (c->tag->parse == parse_else)
		return compile_fail(c, c->tag_at, "%.*s tag does not expect 'else' tag",
				    SLICE_ARG(block));
	return compile_fail(c, c->tag_at, "Unknown tag '%.*s'", SLICE_ARG(c->tag->name));
}

bool parse_elsif(struct compiler *c)
{
	struct open_block *b = block_top(c);
	if (!is_if(b))
		return no_branch(c);
	compile_jump(c, op_jump, &b->exits);
	compile_land(c, &b->pending);
	if (!b->has_else)
		return emit_condition(c, b, false);
	/* Behind an else it is read, and never taken. */
	compile_jump(c, op_jump, &b->exits);
	return emit_condition(c, b, false);
}

/* case: the branch in hand runs once for each value that matched. */
static void end_when(struct compiler *c, struct open_block *b)
{
	if (b->body == NO_OP)
		return;
	struct op *back = compile_emit(c, op_jump);
	back->x = (int32_t)b->body - (int32_t)(c->t->n_code - 1);
	b->body = NO_OP;
	compile_land(c, &b->pending);
}

static bool else_of_case(struct compiler *c, struct open_block *b)
{
	if (c->lex.kind != TOKEN_END)
		return compile_fail(
			c, c->tag_at,
			"Syntax Error in tag 'case' - Valid else condition: {%% else %%} "
			"(no parameters)");
	if (b->exits != NO_OP) /* what stood before the first when */
		compile_land(c, &b->exits);
	end_when(c, b);
	compile_land(c, &b->pending);
	compile_jump(c, op_when_else, &b->pending);
	c->t->code[c->t->n_code - 1].n = b->slot;
	return true;
}

bool parse_else(struct compiler *c)
{
	struct open_block *b = block_top(c);
	if (block_is(b, "case"))
		return else_of_case(c, b);
	if (block_is(b, "for")) {
		if (b->has_else)
			return true;
		return loop_else(c, b);
	}
	if (!is_if(b))
		return no_branch(c);
	compile_jump(c, op_jump, &b->exits);
	compile_land(c, &b->pending);
	if (b->has_else) /* a second else is never taken */
		compile_jump(c, op_jump, &b->exits);
	b->has_else = true;
	return true;
}

bool close_if(struct compiler *c)
{
	struct open_block *b = block_top(c);
	compile_land(c, &b->pending);
	compile_land(c, &b->exits);
	return true;
}

bool parse_case(struct compiler *c)
{
	struct open_block *b = block_top(c);
	if (!parse_expression(c) || !expect_end(c))
		return false;
	b->slot = 2 * (c->n_blocks - 1);
	if (c->t->temps < b->slot + 2)
		c->t->temps = b->slot + 2;
	compile_emit(c, op_case)->n = b->slot;
	compile_stack(c, -1);
	b->body = NO_OP;
	compile_jump(c, op_jump, &b->exits);
	return true;
}

bool parse_when(struct compiler *c)
{
	struct open_block *b = block_top(c);
	if (!block_is(b, "case"))
		return no_branch(c);
	if (b->exits != NO_OP)
		compile_land(c, &b->exits);
	end_when(c, b);
	compile_land(c, &b->pending);
	do {
		if (!parse_expression(c))
			return false;
		compile_emit(c, op_when)->n = b->slot;
		compile_stack(c, -1);
	} while (accept_word(c, "or") || accept(c, TOKEN_COMMA));
	b->body = c->t->n_code;
	compile_jump(c, op_when_enter, &b->pending);
	c->t->code[b->body].n = b->slot;
	return expect_end(c);
}

bool close_case(struct compiler *c)
{
	struct open_block *b = block_top(c);
	end_when(c, b);
	compile_land(c, &b->pending);
	compile_land(c, &b->exits);
	return true;
}
