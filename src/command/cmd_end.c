/* SPDX-License-Identifier: ISC */
#include "private.h"

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	(void)ctx;
	(void)line;
	(void)result;
	(void)e;
	buf_puts(out, "end of the commands");
	return 1;
}

static const struct command_param params[] = {{.name = NULL}};

const struct command_row cmd_end = {
	.verb = "end",
	.help = "Ends the block: what follows is text",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_CONTROL,
	.apply = apply,
};
