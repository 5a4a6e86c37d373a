/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/shipment.h"

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	struct order_step step;
	Rec__Order *order;
	if (line_step(ctx, line, LINE_SHIP, &order, &step, e) < 0)
		return -1;
	return shipment_reship_check(ctx->change, order, &step, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct order_step step;
	Rec__Order *order;
	uint64_t id;
	(void)result;
	if (line_step(ctx, line, LINE_SHIP, &order, &step, e) < 0 ||
	    shipment_reship(ctx->change, &step, &id, e) < 0)
		return -1;
	buf_printf(out, "S%llu is planned: the goods of O%llu once more, at no charge",
		   (unsigned long long)id, (unsigned long long)step.order);
	return 1;
}

static const struct command_param params[] = {ORDER_LINE_PARAM, LINES_PARAM, REASON_PARAM,
					      END_PARAM};

const struct command_row cmd_reship = {
	.verb = "reship",
	.help = "Plans a shipment of the same goods once more, at no charge",
	.params = params,
	.roles = ROLES_GOODS,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};
