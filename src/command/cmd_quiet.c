/* SPDX-License-Identifier: ISC */
#include "private.h"

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	(void)ctx;
	(void)line;
	(void)e;
	result->quiet = true;
	buf_puts(out, "no transcript if all goes well");
	return 1;
}

static const struct command_param params[] = {{.name = NULL}};

const struct command_row cmd_quiet = {
	.verb = "quiet",
	.help = "Leaves out the transcript if all goes well",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_CONTROL,
	.apply = apply,
};
