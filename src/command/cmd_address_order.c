/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/order_edit.h"

static struct order_address address_of(const struct command_line *line)
{
	const struct command_arg *place = command_arg(line, "place");
	return (struct order_address){
		.billing = command_arg(line, "role")->number == 0,
		.place = place ? (size_t)place->number : 0,
	};
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	struct order_address address = address_of(line);
	Rec__Order *order;
	if (line_order(ctx, line, &order, e) < 0)
		return -1;
	return order_address_check(ctx->change, order, &address, e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct order_address address = address_of(line);
	Rec__Order *order;
	(void)result;
	if (line_order(ctx, line, &order, e) < 0)
		return -1;
	int got = order_address(ctx->change, order->id, &address, e);
	if (got < 0)
		return -1;
	buf_printf(out, "the %s address of O%llu is %s", address.billing ? "billing" : "delivery",
		   (unsigned long long)order->id, got ? "changed" : "as it was");
	return 1;
}

static const struct command_param params[] = {
	ORDER_PARAM,
	{.name = "role", .type = COMMAND_ENUM, .words = "billing|delivery"},
	{.name = "place", .type = COMMAND_NUMBER, .low = 1, .high = 100, .optional = true},
	END_PARAM,
};

const struct command_row cmd_address_order = {
	.verb = "address",
	.help = "Gives an order one of its customer's addresses, by its number or role",
	.params = params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};
