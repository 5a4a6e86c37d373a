/* SPDX-License-Identifier: ISC */
#include "order_line.h"

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	return line_check_step(ctx, line, LINE_REMOVE, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return line_apply_step(ctx, line, LINE_REMOVE, out, e);
}

static const struct command_param params[] = {
	ORDER_LINE_PARAM,
	END_PARAM,
};

const struct command_row cmd_remove = {
	.verb = "remove",
	.help = "Takes lines away that were never saved",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};
