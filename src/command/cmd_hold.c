/* SPDX-License-Identifier: ISC */
#include "private.h"
#include "record/order.h"

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	const struct command_arg *arg = command_arg(line, "order");
	Rec__Order *order;
	int got = order_load(ctx->change->txn, ctx->change->arena, arg->id.number, &order, e);
	/* The dispatcher has judged that the order is there and whose it is. */
	return got > 0 ? order_hold_check(ctx->change->txn, order, e) : -1;
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	const struct command_arg *arg = command_arg(line, "order");
	(void)result;
	if (order_hold(ctx->change, arg->id.number, line_text(line, "reason"), e) < 0)
		return -1;
	buf_printf(out, "O%llu is [HAL] on hold", (unsigned long long)arg->id.number);
	return 1;
}

static const struct command_param params[] = {
	{.name = "order", .type = COMMAND_ID, .letters = "O"},
	{.name = "reason", .type = COMMAND_TEXT, .optional = true},
	{.name = NULL},
};

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
