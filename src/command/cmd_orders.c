/* SPDX-License-Identifier: ISC */
#include "record/customer.h"
#include "view.h"

/* In the order of the words of status=: statuses, then views (CP-25 to CP-28). */
static const char states[] = "empty|open|hold|closed|unallocated|allocated|dispatched|cancelled";

/* Its columns (PX-12). */
static const char sorts[] = "date|id|total|status|view|lines|payment";

static const struct view_column columns[] = {
	{"id", "id", false},	  {"date", "date", false},  {"status", "status", false},
	{"view", "view", false},  {"lines", "lines", true}, {"payment", "payment", false},
	{"total", "total", true}, {NULL, NULL, false},
};

static bool is_wanted(const Rec__Order *order, const struct command_arg *status)
{
	if (!status)
		return true;
	if (status->number <= ORDER_CLOSED)
		return (int64_t)order_status(order) == status->number;
	return (int64_t)order_view(order) == status->number - ORDER_CLOSED - 1;
}

static void put_order(struct view *view, const Rec__Order *order)
{
	struct id id = {.letter = 'O', .number = order->id};
	struct order_totals totals = {.total = 0};
	view_add(view, &id);
	view_text(view, 0, slice_str(id_print(view->a, &id)));
	view->rows[view->n - 1].keys[0] = (int64_t)order->id;
	view_day(view, 1, order->ordered_at);
	view_order_status(view, 2, order);
	view_text(view, 3, slice_str(order_view_word(order_view(order))));
	view_number(view, 4, (int64_t)order->n_lines);
	view_text(view, 5, slice_str(order->payment_type));
	/* An order whose total cannot be computed is shown all the same. */
	if (order_totals(order, &totals, NULL) > 0)
		view_money(view, 6, totals.total, order->currency);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	const struct command_arg *status = command_arg(line, "status");
	struct arena *a = ctx->change->arena;
	struct customer_orders orders;
	struct view view;
	uint64_t customer;
	(void)result;
	if (line_customer(ctx, line, &customer, e) < 0 ||
	    customer_orders(ctx->change->txn, a, customer, CUSTOMER_ORDERS_MAX, &orders, e) < 0)
		return -1;
	view_init(&view, a, columns);
	for (size_t i = 0; i < orders.n; i++)
		if (is_wanted(orders.items[i], status))
			put_order(&view, orders.items[i]);
	char *head = arena_printf(a, "%zu of %zu order%s of C%llu%s%.*s%s", view.n, orders.total,
				  orders.total == 1 ? "" : "s", (unsigned long long)customer,
				  status ? ", status=" : "",
				  SLICE_ARG(status ? status->text : SLICE("")),
				  orders.n < orders.total ? " (of the newest 1000)" : "");
	return view_finish(ctx, line, &view, slice_str(head), out, e);
}

static const struct command_param params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C", .optional = true},
	VIEW_DIRECTION,
	{.name = "sort", .type = COMMAND_ENUM, .words = sorts, .named = true, .optional = true},
	{.name = "status", .type = COMMAND_ENUM, .words = states, .named = true, .optional = true},
	VIEW_LIMIT,
	VIEW_OFFSET,
	{.name = NULL},
};

const struct command_row cmd_orders = {
	.verb = "orders",
	.aliases = "f7",
	.help = "Lists a customer's orders, the oldest first",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.offer = "",
	.apply = apply,
};
