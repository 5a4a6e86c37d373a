/* SPDX-License-Identifier: ISC */
#include "order_line.h"

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	return line_check_step(ctx, line, LINE_SAVE, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return line_apply_step(ctx, line, LINE_SAVE, out, e);
}

static const struct command_param params[] = {ORDER_PARAM, END_PARAM};

const struct command_row cmd_save = {
	.verb = "save",
	.help = "Makes new lines valid: they wait for payment, or ship, as the payment type says",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};
