/* SPDX-License-Identifier: ISC */
#include "compile.h"

bool block_is(const struct open_block *b, const char *name)
{
	return slice_eq(b->tag->name, slice_str(name));
}

struct open_block *block_open(struct compiler *c)
{
	if (c->n_blocks == LIQUID_NESTING_MAX) {
		compile_fail(c, c->tag_at, "blocks nested too deep: limit of %d",
			     LIQUID_NESTING_MAX);
		return NULL;
	}
	struct open_block *b = &c->blocks[c->n_blocks++];
	*b = (struct open_block){
		.tag = c->tag,
		.at = c->tag_at,
		.start = c->t->n_code,
		.pending = NO_OP,
		.exits = NO_OP,
		.repeats = NO_OP,
		.breaks = NO_OP,
		.blank = true,
	};
	b->place = compile_place(c);
	return b;
}

void block_prints(struct compiler *c)
{
	if (c->n_blocks)
		c->blocks[c->n_blocks - 1].blank = false;
}

/* A body of white space prints nothing; a captured one is kept as it is. */
static void settle_texts(struct compiler *c, const struct open_block *b, bool keep)
{
	for (uint32_t i = b->start; i < c->t->n_code; i++) {
		struct op *op = &c->t->code[i];
		if (op->run != op_text)
			continue;
		if (keep)
			op->n = 1;
		/*
		 * n marks what a capture inside has kept: a blank block around it must leave that
		 * alone.
		 */
		else if (!op->n)
			op->x = 0;
	}
}

bool block_close(struct compiler *c)
{
	struct open_block *b = block_top(c);
	if (!b->tag->close(c))
		return false;
	bool keep = b->tag->keeps, capture = b->tag->parse == parse_capture;
	if (keep || b->blank)
		settle_texts(c, b, keep);
	bool blank = b->blank || capture;
	compile_place_end(c, b->place, blank);
	c->n_blocks--;
	if (!blank)
		block_prints(c);
	return true;
}

static bool is_loop(const struct open_block *b)
{
	return block_is(b, "for") || block_is(b, "tablerow");
}

void block_interrupt(struct compiler *c, bool leave)
{
	for (uint32_t i = c->n_blocks; i > 0; i--) {
		struct open_block *b = &c->blocks[i - 1];
		/*
		 * In the else of a loop, which runs when there was nothing, break belongs to the
		 * loop outside.
		 */
		if (is_loop(b) && !b->has_else) {
			compile_jump(c, op_jump, leave ? &b->breaks : &b->repeats);
			return;
		}
		/*
		 * The jump leaves open captures behind: each is closed on the way out, or the
		 * output would stay in it.
		 */
		if (block_is(b, "capture"))
			compile_emit(c, op_capture_end)->n = b->slot;
		else if (block_is(b, "ifchanged"))
			compile_emit(c, op_changed_end);
		else if (block_is(b, "block"))
			break;
	}
	compile_emit(c, leave ? op_break : op_continue);
}
