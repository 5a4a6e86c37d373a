/* SPDX-License-Identifier: ISC */
#include "private.h"
#include "record/item.h"
#include "record/order_step.h"

/* ST-29: first what would become of whom, then all of it. */
static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	Rec__Item *item;
	return item_need(ctx->change->txn, ctx->change->arena, line_text(line, "sku"), &item, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	const struct order_na na = {
		.sku = line_text(line, "sku"),
		.reason = line_text(line, "reason"),
		.apply = command_arg(line, "all") != NULL,
	};
	struct item_orders orders;
	struct buf list;
	size_t lines;
	(void)result;
	/* Counted before: a transaction has an end, and what is left is said. */
	if (item_orders(ctx->change->txn, ctx->change->arena, na.sku, 1, &orders, e) < 0)
		return -1;
	buf_init(&list, 1 << 20);
	int got = order_na_item(ctx->change, &na, &list, &lines, e);
	if (got > 0) {
		buf_printf(out, "%zu line%s of %.*s %s no longer available%s\n", lines,
			   lines == 1 ? "" : "s", SLICE_ARG(na.sku),
			   na.apply ? (lines == 1 ? "is" : "are") : "would become",
			   na.apply ? "" : "; all=yes does it");
		buf_put(out, buf_slice(&list));
	}
	buf_release(&list);
	if (got > 0 && orders.total > ORDER_NA_MAX)
		buf_printf(out, "%zu orders have open lines of it; a command takes %d of them\n",
			   orders.total, ORDER_NA_MAX);
	return got;
}

static const struct command_param params[] = {
	{.name = "sku", .type = COMMAND_TEXT},
	{.name = "all", .type = COMMAND_ENUM, .words = "yes", .named = true, .optional = true},
	{.name = "reason", .type = COMMAND_TEXT, .optional = true},
	{.name = NULL},
};

const struct command_row cmd_na_item = {
	.verb = "na",
	.help = "Lists the open lines of an item that is no longer available; all=yes gives them "
		"up",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};
