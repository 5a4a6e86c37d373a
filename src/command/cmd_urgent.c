/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/dispatch.h"

static int judge(const struct command_context *ctx, const struct command_line *line, bool urgent,
		 struct err *e)
{
	Rec__Order *order;
	return line_order(ctx, line, &order, e) < 0 ? -1 : order_urgent_check(order, urgent, e);
}

static int act(struct command_context *ctx, const struct command_line *line, bool urgent,
	       struct buf *out, struct err *e)
{
	Rec__Order *order;
	if (line_order(ctx, line, &order, e) < 0 ||
	    order_urgent(ctx->change, order->id, urgent, e) < 0)
		return -1;
	buf_printf(out, "O%llu is %s", (unsigned long long)order->id,
		   urgent ? "urgent: first in the dispatch queue" : "not urgent any more");
	return 1;
}

static int check_urgent(const struct command_context *ctx, const struct command_line *line,
			struct err *e)
{
	return judge(ctx, line, true, e);
}

static int apply_urgent(struct command_context *ctx, const struct command_line *line,
			struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return act(ctx, line, true, out, e);
}

static int check_normal(const struct command_context *ctx, const struct command_line *line,
			struct err *e)
{
	return judge(ctx, line, false, e);
}

static int apply_normal(struct command_context *ctx, const struct command_line *line,
			struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return act(ctx, line, false, out, e);
}

static const struct command_param params[] = {ORDER_PARAM, END_PARAM};

const struct command_row cmd_urgent = {
	.verb = "urgent",
	.help = "Puts an order at the front of the dispatch queue",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check_urgent,
	.apply = apply_urgent,
};

const struct command_row cmd_normal = {
	.verb = "normal",
	.help = "Puts an urgent order back to its place in the dispatch queue",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check_normal,
	.apply = apply_normal,
};
