/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/order_edit.h"

static int adding_of(const struct command_context *ctx, const struct command_line *line,
		     Rec__Order **order, struct order_adding *adding, struct err *e)
{
	struct order_ware *wares;
	*adding = (struct order_adding){.n = 0};
	if (line_order(ctx, line, order, e) < 0 || line_wares(ctx, line, &wares, &adding->n, e) < 0)
		return -1;
	adding->order = (*order)->id;
	adding->wares = wares;
	return 1;
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	struct order_adding adding;
	Rec__Order *order;
	if (adding_of(ctx, line, &order, &adding, e) < 0)
		return -1;
	return order_add_check(ctx->change, order, &adding, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct order_adding adding;
	Rec__Order *order;
	(void)result;
	if (adding_of(ctx, line, &order, &adding, e) < 0 || order_add(ctx->change, &adding, e) < 0)
		return -1;
	line_put_moved(adding.n, "added to", out);
	buf_printf(out, " O%llu: #save O%llu makes them valid", (unsigned long long)adding.order,
		   (unsigned long long)adding.order);
	return 1;
}

static const struct command_param params[] = {
	ORDER_PARAM,
	{.name = "items", .type = COMMAND_WORD, .many = true},
	END_PARAM,
};

const struct command_row cmd_add = {
	.verb = "add",
	.help = "Adds lines to an order: SKU and quantity in turn",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};
