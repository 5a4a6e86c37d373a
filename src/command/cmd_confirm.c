/* SPDX-License-Identifier: ISC */
#include "private.h"

/* Whoever takes in a mail looks for this command and puts in its place what the code stands for. */
static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	(void)ctx;
	(void)line;
	(void)result;
	(void)out;
	return err_set(e, ERR_INPUT,
		       "a code is confirmed by a mail with this one command and nothing else");
}

struct slice command_confirms(const struct command_block *block)
{
	if (block->n != 1 || !block->lines || block->lines->row != &cmd_confirm)
		return SLICE("");
	return command_arg(block->lines, "code")->text;
}

static const struct command_param params[] = {
	{.name = "code", .type = COMMAND_WORD},
	{.name = NULL},
};

const struct command_row cmd_confirm = {
	.verb = "confirm",
	.help = "Runs what the desk showed with this code; alone in its mail, within half an hour",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_CONTROL,
	.apply = apply,
};
