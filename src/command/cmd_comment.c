/* SPDX-License-Identifier: ISC */
#include "order_line.h"

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	Rec__Order *order;
	(void)result;
	if (line_order(ctx, line, &order, e) < 0 ||
	    order_comment(ctx->change, order->id, line_text(line, "text"), e) < 0)
		return -1;
	buf_printf(out, "comment added to O%llu", (unsigned long long)order->id);
	return 1;
}

static const struct command_param params[] = {
	{.name = "order", .type = COMMAND_ID, .letters = "O"},
	{.name = "text", .type = COMMAND_TEXT},
	{.name = NULL},
};

const struct command_row cmd_comment = {
	.verb = "comment",
	.help = "Adds an internal comment to an order",
	.params = params,
	.roles = ROLES_ALL,
	/* Internal and append-only: it changes nothing that a customer sees or pays. */
	.class = COMMAND_TRIAGE,
	.offer = " \"\"",
	.apply = apply,
};
