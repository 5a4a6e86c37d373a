/* SPDX-License-Identifier: ISC */
#include "order_line.h"

/* What the fulfilment provider says of lines that it was given. */
static const enum line_event events[] = {LINE_FCONFIRM, LINE_FREJECT, LINE_FSHIP};

static enum line_event event_of(const struct command_line *line)
{
	return events[command_arg(line, "answer")->number];
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	return line_check_step(ctx, line, event_of(line), e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct order_step step;
	struct order_report report;
	Rec__Order *order;
	(void)result;
	if (line_step(ctx, line, event_of(line), &order, &step, e) < 0)
		return -1;
	step.carrier = line_text(line, "carrier");
	step.tracking = line_text(line, "tracking");
	if (order_step(ctx->change, &step, &report, e) < 0 ||
	    line_put_order(ctx, step.order, out, e) < 0)
		return -1;
	buf_puts(out, ": ");
	line_put_moved(report.moved, line_event_past(step.event), out);
	if (report.shipment)
		buf_printf(out, " as S%llu", (unsigned long long)report.shipment);
	return 1;
}

static const struct command_param params[] = {
	ORDER_LINE_PARAM,
	{.name = "answer", .type = COMMAND_ENUM, .words = "confirm|reject|shipped"},
	LINES_PARAM,
	REASON_PARAM,
	{.name = "tracking", .type = COMMAND_WORD, .named = true, .optional = true},
	{.name = "carrier", .type = COMMAND_TEXT, .named = true, .optional = true},
	END_PARAM,
};

const struct command_row cmd_fulfil = {
	.verb = "fulfil",
	.help = "Notes what the fulfilment provider did with an order or lines of it",
	.params = params,
	.roles = ROLES_GOODS,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};
