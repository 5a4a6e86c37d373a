/* SPDX-License-Identifier: ISC */
#include "record/customer.h"
#include "record/dispatch.h"
#include "record/item.h"
#include "view.h"

#define PRICES_SHOWN 20

/* ---- PX-53: what an item is, and who waits for it ---- */

static const struct view_column columns[] = {
	{"line", "line", false},
	{"date", "ordered", false},
	{"status", "status", false},
	{"quantity", "quantity", true},
	{"reserved", "reserved", true},
	{"customer", "customer", false},
	{NULL, NULL, false},
};

static void put_money(struct buf *out, int64_t amount, const char *currency)
{
	money_put(out, amount, slice_str(currency));
	buf_printf(out, " %s", currency);
}

static void put_prices(const Rec__Item *item, struct buf *out)
{
	buf_puts(out, "Price: ");
	put_money(out, item->price, item->currency);
	for (size_t i = 0; i < item->n_prices && i < PRICES_SHOWN; i++) {
		const Rec__Price *price = item->prices[i];
		buf_printf(out, "; %s%s%s ", price->list[0] ? price->list : "any list",
			   price->season[0] ? " " : "", price->season);
		put_money(out, price->amount, price->currency);
	}
	if (item->n_prices > PRICES_SHOWN)
		buf_printf(out, "; and %zu more", item->n_prices - PRICES_SHOWN);
	buf_putc(out, '\n');
}

static void put_item(const Rec__Item *item, struct buf *out)
{
	buf_printf(out, "%s  %s%s\n", item->sku, item->name,
		   item->inactive ? "  (no longer sold)" : "");
	buf_printf(out,
		   "Stock: %lld on hand, %lld reserved, %lld available (%lld received, %lld "
		   "shipped, %lld restocked, %lld written off)\n",
		   (long long)item->on_hand, (long long)item->reserved,
		   (long long)item_available(item), (long long)item->received,
		   (long long)item->shipped, (long long)item->restocked,
		   (long long)item->written_off);
	put_prices(item, out);
	if (item->vat_class[0])
		buf_printf(out, "VAT: %s\n", item->vat_class);
	else
		buf_printf(out, "VAT: %s %lld.%02lld %%\n", item->vat_category,
			   (long long)item->vat_rate / 10000,
			   (long long)item->vat_rate % 10000 / 100);
}

static void put_lines(struct view *view, const Rec__Order *order, struct slice sku,
		      struct slice customer)
{
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		if (!item_line_open(line) || !slice_eq(slice_str(line->sku), sku))
			continue;
		struct id id = {'O', 0, order->id, line->number, line->split};
		view_add(view, &id);
		view_text(view, 0, slice_str(id_print(view->a, &id)));
		view_day(view, 1, order->ordered_at);
		view_line_state(view, 2, line->state);
		view_number(view, 3, line->quantity);
		view_number(view, 4, line->reserved);
		view_text(view, 5, customer);
	}
}

static int show(struct command_context *ctx, const struct command_line *line, struct slice sku,
		struct buf *out, struct err *e)
{
	struct txn *txn = ctx->change->txn;
	struct item_orders orders;
	struct view view;
	Rec__Item *item;
	view_init(&view, ctx->change->arena, columns);
	if (item_need(txn, view.a, sku, &item, e) < 0 ||
	    item_orders(txn, view.a, sku, ITEM_ORDERS_MAX, &orders, e) < 0)
		return -1;
	for (size_t i = 0; i < orders.n; i++) {
		Rec__Customer *customer;
		int got = customer_load(txn, view.a, orders.items[i]->customer, &customer, e);
		if (got < 0)
			return -1;
		put_lines(&view, orders.items[i], sku, got ? customer_title(customer) : SLICE(""));
	}
	put_item(item, out);
	char *head = arena_printf(view.a, "%zu open line%s%s", view.n, view.n == 1 ? "" : "s",
				  orders.n < orders.total ? ", of the oldest orders" : "");
	return view_finish(ctx, line, &view, slice_str(head), out, e);
}

static int apply_item(struct command_context *ctx, const struct command_line *line,
		      struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return show(ctx, line, line_text(line, "sku"), out, e);
}

/* #i O10042/3: the item of the line that is at hand. */
static int apply_line(struct command_context *ctx, const struct command_line *line,
		      struct command_result *result, struct buf *out, struct err *e)
{
	const struct id *id = &command_arg(line, "line")->id;
	Rec__Order *order;
	(void)result;
	if (order_load(ctx->change->txn, ctx->change->arena, id->number, &order, e) <= 0)
		return -1;
	if (!id->line)
		return err_set(e, ERR_INPUT, "name a line of it: O%llu/1",
			       (unsigned long long)id->number);
	/* The dispatcher has judged that the line is there. */
	return show(ctx, line, slice_str(order_line(order, id->line, id->split)->sku), out, e);
}

static const struct command_param item_params[] = {
	{.name = "sku", .type = COMMAND_TEXT},
	VIEW_DIRECTION,
	VIEW_SORT,
	VIEW_LIMIT,
	VIEW_OFFSET,
	{.name = NULL},
};

static const struct command_param line_params[] = {
	{.name = "line", .type = COMMAND_ID, .letters = "O", .line = true},
	VIEW_DIRECTION,
	VIEW_SORT,
	VIEW_LIMIT,
	VIEW_OFFSET,
	{.name = NULL},
};

const struct command_row cmd_item = {
	.verb = "item",
	.aliases = "i",
	.help = "Shows an item: stock, reserved, prices, and the open lines that wait for it",
	.params = item_params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply_item,
};

const struct command_row cmd_item_line = {
	.verb = "item",
	.aliases = "i",
	.help = "The same for the item of an order's line",
	.params = line_params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply_line,
};

/* ---- stock by hand ---- */

static int64_t pieces(const struct command_line *line, const char *name)
{
	const struct command_arg *arg = command_arg(line, name);
	return arg ? arg->number : 0;
}

static struct item_adjustment adjustment_of(const struct command_line *line)
{
	return (struct item_adjustment){
		.receive = pieces(line, "receive"),
		.restock = pieces(line, "restock"),
		.write_off = pieces(line, "writeoff"),
		.reason = line_text(line, "reason"),
	};
}

static int check_stock(const struct command_context *ctx, const struct command_line *line,
		       struct err *e)
{
	const struct item_adjustment adjustment = adjustment_of(line);
	Rec__Item *item;
	return item_need(ctx->change->txn, ctx->change->arena, line_text(line, "sku"), &item, e) < 0
		       ? -1
		       : item_adjust_check(item, &adjustment, e);
}

/* What came in goes to who waited longest. */
static int apply_stock(struct command_context *ctx, const struct command_line *line,
		       struct command_result *result, struct buf *out, struct err *e)
{
	const struct item_adjustment adjustment = adjustment_of(line);
	struct slice sku = line_text(line, "sku");
	int64_t given = 0;
	Rec__Item *item;
	(void)result;
	if (item_adjust(ctx->change, sku, &adjustment, &item, e) < 0 ||
	    order_allocate_item(ctx->change, sku, &given, e) < 0 ||
	    item_need(ctx->change->txn, ctx->change->arena, sku, &item, e) < 0)
		return -1;
	buf_printf(out, "%s: %lld on hand, %lld reserved, %lld available", item->sku,
		   (long long)item->on_hand, (long long)item->reserved,
		   (long long)item_available(item));
	if (given)
		buf_printf(out, "; %lld went to waiting orders", (long long)given);
	return 1;
}

#define PIECES(what)                                                                               \
	{                                                                                          \
		.name = what, .type = COMMAND_NUMBER, .low = 1, .high = 1000000000, .named = true, \
		.optional = true                                                                   \
	}

static const struct command_param stock_params[] = {
	{.name = "sku", .type = COMMAND_TEXT},
	PIECES("receive"),
	PIECES("restock"),
	PIECES("writeoff"),
	{.name = "reason", .type = COMMAND_TEXT, .optional = true},
	{.name = NULL},
};

const struct command_row cmd_stock = {
	.verb = "stock",
	.help = "Counts pieces of an item in, back in, or off",
	.params = stock_params,
	.roles = COMMAND_ROLE(REC__ROLE__ROLE_WAREHOUSE) | COMMAND_ROLE(REC__ROLE__ROLE_ADMIN) |
		 COMMAND_ROLE(REC__ROLE__ROLE_SYSTEM),
	.class = COMMAND_RECORD,
	.check = check_stock,
	.apply = apply_stock,
};
