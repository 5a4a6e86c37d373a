/* SPDX-License-Identifier: ISC */
#include "order_line.h"

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	return line_check_step(ctx, line, LINE_TRANSFER, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return line_apply_step(ctx, line, LINE_TRANSFER, out, e);
}

static const struct command_param params[] = {
	ORDER_LINE_PARAM,
	LINES_PARAM,
	END_PARAM,
};

const struct command_row cmd_transfer = {
	.verb = "transfer",
	.help = "Gives released lines to the fulfilment provider, with a mail that lists them",
	.params = params,
	.roles = ROLES_GOODS,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};
