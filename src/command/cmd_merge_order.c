/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/order_edit.h"

static void merge_of(const struct command_context *ctx, const struct command_line *line,
		     struct order_merge *merge)
{
	const struct command_arg *arg = command_arg(line, "orders");
	uint64_t *orders = ARENA_ARRAY(ctx->change->arena, COMMAND_ARGS_MAX, uint64_t);
	*merge = (struct order_merge){.orders = orders,
				      .base_address = command_arg(line, "address") != NULL,
				      .reason = line_text(line, "reason")};
	for (; arg; arg = arg->next)
		orders[merge->n++] = arg->id.number;
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	struct order_merge merge;
	merge_of(ctx, line, &merge);
	return order_merge_check(ctx->change, &merge, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct order_merge merge;
	(void)result;
	merge_of(ctx, line, &merge);
	if (order_merge(ctx->change, &merge, e) < 0)
		return -1;
	for (size_t i = 1; i < merge.n; i++)
		buf_printf(out, "%sO%llu", i > 1 ? ", " : "", (unsigned long long)merge.orders[i]);
	buf_printf(out, " %s part of O%llu now; ", merge.n > 2 ? "are" : "is",
		   (unsigned long long)merge.orders[0]);
	return line_put_order(ctx, merge.orders[0], out, e);
}

static const struct command_param params[] = {
	{.name = "orders", .type = COMMAND_ID, .letters = "O", .many = true},
	{.name = "address", .type = COMMAND_ENUM, .words = "base", .named = true, .optional = true},
	{.name = "reason", .type = COMMAND_TEXT, .named = true, .optional = true},
	END_PARAM,
};

const struct command_row cmd_merge_order = {
	.verb = "merge",
	.help = "Makes several orders of a customer one: the first keeps its address and shipping",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};
