/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "private.h"
#include "record/customer.h"
#include "record/order.h"

#define LIMIT_DEFAULT 50

/* In the order of the words of sort= and status=. */
enum sort { SORT_DATE, SORT_ID, SORT_TOTAL, SORT_STATUS };
static const char sorts[] = "date|id|total|status";
static const char states[] = "empty|open|hold|closed";
static const enum order_status state_of[] = {ORDER_EMPTY, ORDER_OPEN, ORDER_HOLD, ORDER_CLOSED};

struct listed {
	const Rec__Order *order;
	enum order_status status;
	struct order_totals totals;
	int64_t sort_key;
};

static int by_key(const void *one, const void *other)
{
	const struct listed *a = one, *b = other;
	if (a->sort_key != b->sort_key)
		return a->sort_key < b->sort_key ? -1 : 1;
	return (a->order->id > b->order->id) - (a->order->id < b->order->id);
}

static int64_t sort_key(const struct listed *listed, enum sort sort)
{
	switch (sort) {
	case SORT_ID:
		return (int64_t)listed->order->id;
	case SORT_TOTAL:
		return listed->totals.total;
	case SORT_STATUS:
		return (int64_t)listed->status;
	default:
		return listed->order->ordered_at;
	}
}

struct wanted {
	enum sort sort;
	bool descending;
	const struct command_arg *status;
};

/* Sorted here and not by an index: one customer's orders are few. */
static size_t choose(const struct customer_orders *orders, const struct wanted *wanted,
		     struct listed *list)
{
	size_t n = 0;
	for (size_t i = 0; i < orders->n; i++) {
		struct listed listed = {.order = orders->items[i],
					.status = order_status(orders->items[i])};
		if (wanted->status && listed.status != state_of[wanted->status->number])
			continue;
		/* An order whose total cannot be computed is shown all the same. */
		order_totals(listed.order, &listed.totals, NULL);
		listed.sort_key = sort_key(&listed, wanted->sort);
		list[n++] = listed;
	}
	qsort(list, n, sizeof(*list), by_key);
	for (size_t i = 0; wanted->descending && i < n / 2; i++) {
		struct listed swap = list[i];
		list[i] = list[n - 1 - i];
		list[n - 1 - i] = swap;
	}
	return n;
}

static void put_order(const struct listed *listed, struct buf *out)
{
	struct civil day;
	civil_from_utc(listed->order->ordered_at, &day);
	buf_printf(out, "O%-10llu %04lld-%02d-%02d  [%s] %-12s  %2zu line%s  ",
		   (unsigned long long)listed->order->id, (long long)day.year, day.month, day.day,
		   order_status_code(listed->status), order_status_word(listed->status),
		   listed->order->n_lines, listed->order->n_lines == 1 ? " " : "s");
	money_put(out, listed->totals.total, slice_str(listed->order->currency));
	buf_printf(out, " %s\n", listed->order->currency);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	const struct command_arg *sort = command_arg(line, "sort");
	const struct command_arg *direction = command_arg(line, "direction");
	const struct command_arg *limit = command_arg(line, "limit");
	struct arena *a = ctx->change->arena;
	struct wanted wanted = {
		.sort = sort ? (enum sort)sort->number : SORT_DATE,
		.descending = direction && direction->number == 1,
		.status = command_arg(line, "status"),
	};
	struct customer_orders orders;
	uint64_t customer;
	(void)result;
	if (line_customer(ctx, line, &customer, e) < 0 ||
	    customer_orders(ctx->change->txn, a, customer, CUSTOMER_ORDERS_MAX, &orders, e) < 0)
		return -1;
	struct listed *list = ARENA_ARRAY(a, orders.n, struct listed);
	size_t n = choose(&orders, &wanted, list),
	       most = limit ? (size_t)limit->number : LIMIT_DEFAULT;
	buf_printf(out, "%zu of %zu order%s of C%llu%s%.*s\n", n < most ? n : most, orders.total,
		   orders.total == 1 ? "" : "s", (unsigned long long)customer,
		   wanted.status ? ", status=" : "",
		   SLICE_ARG(wanted.status ? wanted.status->text : SLICE("")));
	for (size_t i = 0; i < n && i < most; i++)
		put_order(&list[i], out);
	return 1;
}

static const struct command_param params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C", .optional = true},
	{.name = "direction", .type = COMMAND_ENUM, .words = "asc|desc", .optional = true},
	{.name = "sort", .type = COMMAND_ENUM, .words = sorts, .named = true, .optional = true},
	{.name = "status", .type = COMMAND_ENUM, .words = states, .named = true, .optional = true},
	{.name = "limit",
	 .type = COMMAND_NUMBER,
	 .low = 1,
	 .high = CUSTOMER_ORDERS_MAX,
	 .named = true,
	 .optional = true},
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
