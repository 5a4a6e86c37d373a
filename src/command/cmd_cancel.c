/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/order_money.h"

/* A replacement order has no line that can be cancelled by itself: order_cancel knows. */
static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	struct order_step step;
	Rec__Order *order;
	if (line_step(ctx, line, LINE_CANCEL, &order, &step, e) < 0)
		return -1;
	bool replaces = false, others = false;
	for (size_t i = 0; i < order->n_lines; i++) {
		Rec__LineState state = order->lines[i]->state;
		replaces |= state == REC__LINE_STATE__LINE_STATE_MIN;
		others |= line_targets(state, LINE_CANCEL) != 0;
	}
	if (replaces && !others && !step.n_parts)
		step.event = LINE_CANCEL_ORDER;
	return order_step_check(ctx->change, order, &step, e);
}

/* ST-26: what stays behind is told, and never taken away in silence. */
static int put_left_behind(struct command_context *ctx, uint64_t id, struct buf *out, struct err *e)
{
	struct buf left;
	Rec__Order *order;
	if (order_load(ctx->change->txn, ctx->change->arena, id, &order, e) <= 0)
		return -1;
	buf_init(&left, 1 << 16);
	int got = order_left_behind(ctx->change, order, &left, e);
	if (got > 0 && left.len)
		buf_printf(out, "\nPayment events stay behind:\n%s", buf_str(&left));
	buf_release(&left);
	return got < 0 ? -1 : 1;
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct order_step step;
	struct order_report report;
	Rec__Order *order;
	(void)result;
	if (line_step(ctx, line, LINE_CANCEL, &order, &step, e) < 0 ||
	    order_cancel(ctx->change, &step, &report, e) < 0 ||
	    line_put_order(ctx, step.order, out, e) < 0)
		return -1;
	buf_puts(out, ": ");
	line_put_moved(report.moved, "cancelled", out);
	if (report.left)
		buf_printf(out, "; not %.*s", SLICE_ARG(report.why));
	return put_left_behind(ctx, step.order, out, e);
}

static const struct command_param params[] = {ORDER_LINE_PARAM, LINES_PARAM, REASON_PARAM,
					      END_PARAM};

const struct command_row cmd_cancel = {
	.verb = "cancel",
	.help = "Cancels an order, lines of it or pieces of a line (2x/3)",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.offer = " \"\"",
	.check = check,
	.apply = apply,
};
