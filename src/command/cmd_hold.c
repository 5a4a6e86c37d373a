/* SPDX-License-Identifier: ISC */
#include "order_line.h"

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	return line_check_step(ctx, line, LINE_HOLD, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	Rec__Order *order;
	(void)result;
	if (line_order(ctx, line, &order, e) < 0 ||
	    order_hold(ctx->change, order->id, line_text(line, "reason"), e) < 0)
		return -1;
	buf_printf(out, "O%llu is [HAL] on hold", (unsigned long long)order->id);
	return 1;
}

static const struct command_param params[] = {ORDER_PARAM, REASON_PARAM, END_PARAM};

const struct command_row cmd_hold = {
	.verb = "hold",
	.help = "Parks an order: nothing of it is shipped until it is released",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.offer = " \"\"",
	.check = check,
	.apply = apply,
};
