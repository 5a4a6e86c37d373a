/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/order_edit.h"

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	Rec__Order *order;
	if (line_order(ctx, line, &order, e) < 0)
		return -1;
	return order_delete_check(ctx->change, order, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	Rec__Order *order;
	(void)result;
	if (line_order(ctx, line, &order, e) < 0 ||
	    order_delete(ctx->change, order->id, line_text(line, "reason"), e) < 0)
		return -1;
	buf_printf(out, "O%llu is deleted; its number stays known", (unsigned long long)order->id);
	return 1;
}

static const struct command_param params[] = {ORDER_PARAM, REASON_PARAM, END_PARAM};

const struct command_row cmd_delete_order = {
	.verb = "delete",
	.help = "Deletes an order that is empty, or whose lines are all cancelled",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_MONEY,
	.check = check,
	.apply = apply,
};
