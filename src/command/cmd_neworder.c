/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/dispatch.h"
#include "record/order_edit.h"

/* #neworder and #order: what they share is how a new order is wished for. */

static int wish_of(const struct command_context *ctx, const struct command_line *line,
		   struct order_wish *wish, struct err *e)
{
	*wish = (struct order_wish){
		.payment_type = line_text(line, "paytype"),
		.season = line_text(line, "season"),
		.channel = line_text(line, "channel"),
		.currency = line_text(line, "currency"),
	};
	return line_customer(ctx, line, &wish->customer, e);
}

static int check_new(const struct command_context *ctx, const struct command_line *line,
		     struct err *e)
{
	struct order_wish wish;
	return wish_of(ctx, line, &wish, e) < 0 ? -1 : order_new_check(ctx->change, &wish, e);
}

static int make(struct command_context *ctx, const struct command_line *line, Rec__Order **order,
		struct err *e)
{
	struct order_wish wish;
	return wish_of(ctx, line, &wish, e) < 0 ? -1 : order_new(ctx->change, &wish, order, e);
}

static int apply_new(struct command_context *ctx, const struct command_line *line,
		     struct command_result *result, struct buf *out, struct err *e)
{
	Rec__Order *order;
	(void)result;
	if (make(ctx, line, &order, e) < 0)
		return -1;
	unsigned long long id = order->id;
	buf_printf(out, "O%llu is made for C%llu, empty: #add O%llu SKU 1, then #save O%llu", id,
		   (unsigned long long)order->customer, id, id);
	return 1;
}

/* ---- with its lines, from stock (CP-22) ---- */

static int check_order(const struct command_context *ctx, const struct command_line *line,
		       struct err *e)
{
	struct order_adding adding = {.stocked = true};
	struct order_ware *wares;
	Rec__Order none;
	rec__order__init(&none);
	if (check_new(ctx, line, e) < 0 || line_wares(ctx, line, &wares, &adding.n, e) < 0 ||
	    line_customer(ctx, line, &none.customer, e) < 0)
		return -1;
	adding.wares = wares;
	return order_add_check(ctx->change, &none, &adding, e);
}

static void put_total(const Rec__Order *order, struct buf *out)
{
	struct order_totals totals;
	if (order_totals(order, &totals, NULL) < 0)
		return;
	buf_puts(out, ", ");
	money_put(out, totals.total, slice_str(order->currency));
	buf_printf(out, " %s", order->currency);
}

/* What was there when it was ordered is kept for it, whatever the payment type does. */
static int reserve(struct command_context *ctx, const Rec__Order *order, struct err *e)
{
	struct order_step step = {.order = order->id};
	struct err refused;
	int64_t pieces;
	if (order_reserve_check(ctx->change, order, &step, &refused) < 0)
		return refused.class == ERR_INPUT ? 1
						  : err_set(e, refused.class, "%s", refused.text);
	return order_reserve(ctx->change, &step, &pieces, e);
}

static int apply_order(struct command_context *ctx, const struct command_line *line,
		       struct command_result *result, struct buf *out, struct err *e)
{
	struct order_adding adding = {.stocked = true};
	struct order_ware *wares;
	struct order_report report;
	struct change *ch = ctx->change;
	Rec__Order *order;
	(void)result;
	if (line_wares(ctx, line, &wares, &adding.n, e) < 0 || make(ctx, line, &order, e) < 0)
		return -1;
	adding.order = order->id;
	adding.wares = wares;
	struct order_step save = {.order = order->id, .event = LINE_SAVE};
	if (order_add(ch, &adding, e) < 0 || order_step(ch, &save, &report, e) < 0 ||
	    order_load(ch->txn, ch->arena, adding.order, &order, e) <= 0 ||
	    reserve(ctx, order, e) < 0 || line_put_order(ctx, adding.order, out, e) < 0)
		return -1;
	buf_puts(out, ": ");
	line_put_moved(report.moved, "ordered", out);
	put_total(order, out);
	if (report.why.len)
		buf_printf(out, "; on hold, since %.*s", SLICE_ARG(report.why));
	return 1;
}

#define WISH_PARAMS                                                                                \
	{.name = "paytype", .type = COMMAND_WORD, .named = true, .optional = true},                \
		{.name = "season", .type = COMMAND_WORD, .named = true, .optional = true},         \
		{.name = "channel", .type = COMMAND_WORD, .named = true, .optional = true},        \
	{                                                                                          \
		.name = "currency", .type = COMMAND_WORD, .named = true, .optional = true          \
	}

static const struct command_param new_params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C", .optional = true},
	WISH_PARAMS,
	END_PARAM,
};

static const struct command_param order_params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C", .optional = true},
	{.name = "items", .type = COMMAND_WORD, .many = true},
	WISH_PARAMS,
	END_PARAM,
};

const struct command_row cmd_neworder = {
	.verb = "neworder",
	.help = "Makes an empty order, with the addresses of the customer's last one",
	.params = new_params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check_new,
	.apply = apply_new,
};

const struct command_row cmd_order = {
	.verb = "order",
	.help = "Orders what is in stock: SKU and quantity in turn, at the channel's prices",
	.params = order_params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check_order,
	.apply = apply_order,
};
