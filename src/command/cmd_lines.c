/* SPDX-License-Identifier: ISC */
#include "record/customer.h"
#include "record/search.h"
#include "view.h"

#define ORDERS_MAX 1000 /* whose lines are listed at once */
#define DAY INT64_C(86400)

static const char states[] = "NEW|HAL|ANG|EIN|AUS|RET|MIN|STO|NLB|FUP|FUT|FUS";

static const struct view_column columns[] = {
	{"id", "id", false},	     {"date", "date", false},	   {"sku", "sku", false},
	{"name", "name", false},     {"quantity", "pieces", true}, {"reserved", "reserved", true},
	{"status", "status", false}, {"amount", "amount", true},   {NULL, NULL, false},
};

struct wanted {
	int state;	     /* 0: any */
	int64_t from, below; /* of the orders */
};

static void put_line(struct view *view, const Rec__Order *order, const Rec__Line *line)
{
	struct id id = {
		.letter = 'O', .number = order->id, .line = line->number, .split = line->split};
	int64_t amount;
	view_add(view, &id);
	view_text(view, 0, slice_str(id_print(view->a, &id)));
	view->rows[view->n - 1].keys[0] = (int64_t)order->id;
	view_day(view, 1, order->ordered_at);
	view_text(view, 2, slice_str(line->sku));
	view_text(view, 3, slice_str(line->name));
	view_number(view, 4, line->quantity);
	view_number(view, 5, line->reserved);
	view_line_state(view, 6, line->state);
	if (line_amount(line, &amount, NULL) > 0)
		view_money(view, 7, amount, order->currency);
}

static void put_lines(struct view *view, const Rec__Order *order, const struct wanted *wanted)
{
	if (order->ordered_at < wanted->from ||
	    (wanted->below && order->ordered_at >= wanted->below))
		return;
	for (size_t i = 0; i < order->n_lines; i++)
		if (!wanted->state || (int)order->lines[i]->state == wanted->state)
			put_line(view, order, order->lines[i]);
}

/* A span counts from now; to= is the last day that counts. */
static int64_t day_of(const struct command_context *ctx, const struct command_arg *arg, bool last)
{
	if (!arg)
		return 0;
	return arg->span ? ctx->change->now + arg->number : arg->number + (last ? DAY : 0);
}

static int of_customer(struct command_context *ctx, const struct id *id, struct view *view,
		       const struct wanted *wanted, struct err *e)
{
	struct customer_orders orders;
	Rec__Order *order;
	struct txn *txn = ctx->change->txn;
	if (id->letter == 'O') {
		int got = order_load(txn, view->a, id->number, &order, e);
		if (got > 0)
			put_lines(view, order, wanted);
		return got;
	}
	if (customer_orders(txn, view->a, id->number, ORDERS_MAX, &orders, e) < 0)
		return -1;
	for (size_t i = 0; i < orders.n; i++)
		put_lines(view, orders.items[i], wanted);
	return 1;
}

/* ST-18: of all orders with such a line; there must be a state, or a span of days. */
static int of_all(struct command_context *ctx, const struct command_line *line, struct view *view,
		  const struct wanted *wanted, struct err *e)
{
	struct search search = {.limit = ORDERS_MAX};
	struct search_result found;
	if (wanted->state)
		search.criteria[search.n++] = (struct search_criterion){
			.field = SEARCH_LINE, .text = line_text(line, "status")};
	if (wanted->from || wanted->below)
		search.criteria[search.n++] = (struct search_criterion){
			.field = SEARCH_ORDERED, .from = wanted->from, .below = wanted->below};
	if (search_run(ctx->change->txn, view->a, &search, &found, e) < 0)
		return -1;
	if (found.total > found.n)
		return err_set(e, ERR_INPUT,
			       "%llu orders have such lines, %d can be listed at once: narrow it "
			       "with from= and to=",
			       (unsigned long long)found.total, ORDERS_MAX);
	for (size_t i = 0; i < found.n; i++)
		if (of_customer(ctx, &found.hits[i], view, wanted, e) < 0)
			return -1;
	return 1;
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	const struct command_arg *arg = command_arg(line, "id");
	const struct id at_hand = {.letter = 'C', .number = ctx->customer};
	struct slice status = line_text(line, "status");
	struct wanted wanted = {
		.state = status.len ? (int)view_option(line, "status", 0) + 1 : 0,
		.from = day_of(ctx, command_arg(line, "from"), false),
		.below = day_of(ctx, command_arg(line, "to"), true),
	};
	struct view view;
	/* Without anything to look for, the customer at hand is the one meant. */
	bool free = !wanted.state && !wanted.from && !wanted.below;
	const struct id *named = arg ? &arg->id : free && ctx->customer ? &at_hand : NULL;
	(void)result;
	view_init(&view, ctx->change->arena, columns);
	int got = named ? of_customer(ctx, named, &view, &wanted, e)
			: of_all(ctx, line, &view, &wanted, e);
	if (got < 0)
		return -1;
	char *head = arena_printf(view.a, "%zu line%s%s%s%s%.*s", view.n, view.n == 1 ? "" : "s",
				  named ? " of " : "", named ? id_print(view.a, named) : "",
				  status.len ? ", status=" : "", SLICE_ARG(status));
	return view_finish(ctx, line, &view, slice_str(head), out, e);
}

static const struct command_param params[] = {
	{.name = "id", .type = COMMAND_ID, .letters = "CO", .optional = true},
	VIEW_DIRECTION,
	{.name = "status", .type = COMMAND_ENUM, .words = states, .named = true, .optional = true},
	{.name = "from", .type = COMMAND_DATE, .named = true, .optional = true},
	{.name = "to", .type = COMMAND_DATE, .named = true, .optional = true},
	VIEW_SORT,
	VIEW_LIMIT,
	VIEW_OFFSET,
	{.name = NULL},
};

const struct command_row cmd_lines = {
	.verb = "lines",
	.help = "Lists lines of orders by status and order date: of one order, of a customer, of "
		"all",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply,
};
