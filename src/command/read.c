/* SPDX-License-Identifier: ISC */
#include "private.h"

/* One line that only reads; what it is wrong with is the caller's error. */
static int only_line(struct command_context *ctx, struct slice text,
		     const struct command_line **line, struct err *e)
{
	struct command_block *block;
	if (command_parse(ctx->change->arena, text, &block, e) < 0)
		return -1;
	*line = block->lines;
	if (block->n != 1)
		return err_set(e, ERR_INPUT, "that is not one command");
	if (!(*line)->row)
		return err_set(e, ERR_INPUT, "%.*s", SLICE_ARG((*line)->error));
	if ((*line)->row->class != COMMAND_READ)
		return err_set(e, ERR_INPUT,
			       "#%s changes something: postclerk do '%.*s' --as AGENT",
			       (*line)->row->verb, SLICE_ARG((*line)->echo));
	return 1;
}

int command_read(struct command_context *ctx, struct slice text, struct buf *out, struct err *e)
{
	struct command_result result = {.n = 0};
	const struct command_line *line;
	if (only_line(ctx, text, &line, e) < 0 || right_role(ctx, line->row, e) < 0 ||
	    right_ids(ctx, line, e) < 0)
		return -1;
	if (line->row->check && line->row->check(ctx, line, e) < 0)
		return -1;
	ctx->fleeting = true;
	return line->row->apply(ctx, line, &result, out, e);
}
