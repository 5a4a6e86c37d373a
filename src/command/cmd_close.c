/* SPDX-License-Identifier: ISC */
#include "private.h"

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	return line_check_thread(ctx, line, THREAD_CLOSE, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return line_move_thread(ctx, line, THREAD_CLOSE, out, e);
}

static const struct command_param params[] = {
	{.name = "thread", .type = COMMAND_ID, .letters = "T", .optional = true},
	{.name = "reason", .type = COMMAND_TEXT, .optional = true},
	{.name = NULL},
};

const struct command_row cmd_close = {
	.verb = "close",
	.help = "Closes a thread, the one at hand if none is named",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_TRIAGE,
	.offer = "",
	.check = check,
	.apply = apply,
};
