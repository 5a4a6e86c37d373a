/* SPDX-License-Identifier: ISC */
#include "private.h"

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	(void)ctx;
	(void)line;
	(void)e;
	result->preview = true;
	buf_puts(out, "only a preview: nothing is changed, nothing is sent");
	return 1;
}

static const struct command_param params[] = {{.name = NULL}};

const struct command_row cmd_preview = {
	.verb = "preview",
	.help = "Shows what the block would change and send, and takes it all back",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_CONTROL,
	.apply = apply,
};
