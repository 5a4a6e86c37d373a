/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/dispatch.h"

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	struct order_step step;
	Rec__Order *order;
	if (line_step(ctx, line, LINE_SAVE, &order, &step, e) < 0)
		return -1;
	return order_reserve_check(ctx->change, order, &step, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct order_step step;
	Rec__Order *order;
	int64_t pieces;
	size_t allocated, open;
	(void)result;
	if (line_step(ctx, line, LINE_SAVE, &order, &step, e) < 0 ||
	    order_reserve(ctx->change, &step, &pieces, e) < 0 ||
	    order_load(ctx->change->txn, ctx->change->arena, step.order, &order, e) <= 0)
		return -1;
	order_allocation(order, &allocated, &open);
	buf_printf(out, "%lld piece%s reserved for O%llu: %zu of %zu lines allocated%s",
		   (long long)pieces, pieces == 1 ? "" : "s", (unsigned long long)step.order,
		   allocated, open, allocated < open ? "; the rest waits for stock" : "");
	return 1;
}

static int check_back(const struct command_context *ctx, const struct command_line *line,
		      struct err *e)
{
	struct order_step step;
	Rec__Order *order;
	if (line_step(ctx, line, LINE_SAVE, &order, &step, e) < 0)
		return -1;
	return order_unreserve_check(ctx->change, order, &step, e);
}

static int apply_back(struct command_context *ctx, const struct command_line *line,
		      struct command_result *result, struct buf *out, struct err *e)
{
	struct order_step step;
	Rec__Order *order;
	int64_t pieces;
	(void)result;
	if (line_step(ctx, line, LINE_SAVE, &order, &step, e) < 0 ||
	    order_unreserve(ctx->change, &step, &pieces, e) < 0)
		return -1;
	buf_printf(out, "%lld piece%s of O%llu given back", (long long)pieces,
		   pieces == 1 ? "" : "s", (unsigned long long)step.order);
	return 1;
}

static const struct command_param params[] = {ORDER_LINE_PARAM, END_PARAM};

const struct command_row cmd_reserve = {
	.verb = "reserve",
	.help = "Reserves stock for an order or a line; what is missing follows when it comes",
	.params = params,
	.roles = ROLES_GOODS,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};

const struct command_row cmd_unreserve = {
	.verb = "unreserve",
	.help = "Gives back what is reserved for an order or a line",
	.params = params,
	.roles = ROLES_GOODS,
	.class = COMMAND_RECORD,
	.check = check_back,
	.apply = apply_back,
};
