/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/dispatch.h"
#include "record/shipment.h"

/* ---- lines of an order ---- */

static int step_of(const struct command_context *ctx, const struct command_line *line,
		   Rec__Order **order, struct order_step *step, struct err *e)
{
	if (line_step(ctx, line, LINE_SHIP, order, step, e) < 0)
		return -1;
	step->carrier = line_text(line, "carrier");
	step->tracking = line_text(line, "tracking");
	return 1;
}

static void put_shipment(const struct order_report *report, struct buf *out)
{
	buf_puts(out, ": ");
	line_put_moved(report->moved, "shipped", out);
	buf_printf(out, " as S%llu", (unsigned long long)report->shipment);
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	struct order_step step;
	Rec__Order *order;
	if (step_of(ctx, line, &order, &step, e) < 0)
		return -1;
	return order_ship_check(ctx->change, order, &step, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct order_step step;
	struct order_report report;
	Rec__Order *order;
	(void)result;
	if (step_of(ctx, line, &order, &step, e) < 0 ||
	    order_ship(ctx->change, &step, &report, e) < 0 ||
	    line_put_order(ctx, step.order, out, e) < 0)
		return -1;
	put_shipment(&report, out);
	return 1;
}

#define PARCEL_PARAMS                                                                              \
	{.name = "tracking", .type = COMMAND_WORD, .named = true, .optional = true},               \
	{                                                                                          \
		.name = "carrier", .type = COMMAND_TEXT, .named = true, .optional = true           \
	}

static const struct command_param params[] = {ORDER_LINE_PARAM, LINES_PARAM, PARCEL_PARAMS,
					      END_PARAM};

const struct command_row cmd_ship = {
	.verb = "ship",
	.help = "Ships lines that are in the box; released ones are scanned in before",
	.params = params,
	.roles = ROLES_GOODS,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};

/* ---- at once, whatever is there (PX-24) ---- */

static int check_now(const struct command_context *ctx, const struct command_line *line,
		     struct err *e)
{
	Rec__Order *order;
	if (line_order(ctx, line, &order, e) < 0)
		return -1;
	return order_ship_now_check(ctx->change, order, e);
}

static int apply_now(struct command_context *ctx, const struct command_line *line,
		     struct command_result *result, struct buf *out, struct err *e)
{
	const struct command_arg *rest = command_arg(line, "rest");
	struct order_step step;
	struct order_report report;
	Rec__Order *order;
	(void)result;
	if (step_of(ctx, line, &order, &step, e) < 0 ||
	    order_ship_now(ctx->change, &step, rest && rest->number == 1, &report, e) < 0 ||
	    line_put_order(ctx, step.order, out, e) < 0)
		return -1;
	put_shipment(&report, out);
	if (report.left)
		buf_printf(out, "; %zu cancelled", report.left);
	return 1;
}

static const struct command_param now_params[] = {
	ORDER_PARAM,
	{.name = "rest",
	 .type = COMMAND_ENUM,
	 .words = "keep|cancel",
	 .named = true,
	 .optional = true},
	PARCEL_PARAMS,
	END_PARAM,
};

const struct command_row cmd_shipnow = {
	.verb = "shipnow",
	.help = "Ships what is in stock at once; the rest stays open or is cancelled",
	.params = now_params,
	.roles = ROLES_GOODS,
	.class = COMMAND_RECORD,
	.check = check_now,
	.apply = apply_now,
};

/* ---- a planned shipment ---- */

static int load(const struct command_context *ctx, const struct command_line *line,
		Rec__Shipment **shipment, struct err *e)
{
	uint64_t id = command_arg(line, "shipment")->id.number;
	int got = shipment_load(ctx->change->txn, ctx->change->arena, id, shipment, e);
	return got ? got
		   : err_set(e, ERR_INPUT, "there is no shipment S%llu", (unsigned long long)id);
}

static int check_planned(const struct command_context *ctx, const struct command_line *line,
			 struct err *e)
{
	Rec__Shipment *shipment;
	return load(ctx, line, &shipment, e) < 0 ? -1
						 : shipment_ship_check(ctx->change, shipment, e);
}

static int apply_planned(struct command_context *ctx, const struct command_line *line,
			 struct command_result *result, struct buf *out, struct err *e)
{
	uint64_t id = command_arg(line, "shipment")->id.number;
	(void)result;
	if (shipment_ship(ctx->change, id, line_text(line, "carrier"), line_text(line, "tracking"),
			  e) < 0)
		return -1;
	buf_printf(out, "S%llu is shipped", (unsigned long long)id);
	return 1;
}

static int check_cancel(const struct command_context *ctx, const struct command_line *line,
			struct err *e)
{
	Rec__Shipment *shipment;
	return load(ctx, line, &shipment, e) < 0 ? -1 : shipment_cancel_check(shipment, e);
}

static int apply_cancel(struct command_context *ctx, const struct command_line *line,
			struct command_result *result, struct buf *out, struct err *e)
{
	uint64_t id = command_arg(line, "shipment")->id.number;
	(void)result;
	if (shipment_cancel(ctx->change, id, line_text(line, "reason"), e) < 0)
		return -1;
	buf_printf(out, "S%llu is cancelled", (unsigned long long)id);
	return 1;
}

#define SHIPMENT_PARAM                                                                             \
	{                                                                                          \
		.name = "shipment", .type = COMMAND_ID, .letters = "S"                             \
	}

static const struct command_param planned_params[] = {SHIPMENT_PARAM, PARCEL_PARAMS, END_PARAM};
static const struct command_param cancel_params[] = {SHIPMENT_PARAM, REASON_PARAM, END_PARAM};

const struct command_row cmd_ship_planned = {
	.verb = "ship",
	.help = "Ships a planned shipment",
	.params = planned_params,
	.roles = ROLES_GOODS,
	.class = COMMAND_RECORD,
	.check = check_planned,
	.apply = apply_planned,
};

const struct command_row cmd_cancelshipment = {
	.verb = "cancelshipment",
	.help = "Cancels a shipment before it is shipped",
	.params = cancel_params,
	.roles = ROLES_GOODS,
	.class = COMMAND_RECORD,
	.check = check_cancel,
	.apply = apply_cancel,
};
