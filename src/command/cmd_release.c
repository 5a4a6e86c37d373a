/* SPDX-License-Identifier: ISC */
#include "order_line.h"

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	return line_check_step(ctx, line, LINE_RELEASE, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	Rec__Order *order;
	(void)result;
	if (line_order(ctx, line, &order, e) < 0 ||
	    order_release(ctx->change, order->id, line_text(line, "reason"), e) < 0)
		return -1;
	buf_printf(out, "O%llu is released [ANG]", (unsigned long long)order->id);
	/* ST-24: who releases by hand matches payment and invoice by hand. */
	if (ctx->change->money)
		buf_puts(out, "; a payment made by hand is matched by hand (#match)");
	return 1;
}

static const struct command_param params[] = {ORDER_PARAM, REASON_PARAM, END_PARAM};

const struct command_row cmd_release = {
	.verb = "release",
	.help = "Releases a whole order from hold: its payment is cleared, it may ship",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.offer = "",
	.check = check,
	.apply = apply,
};
