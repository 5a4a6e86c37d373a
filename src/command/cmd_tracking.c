/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/shipment.h"

/* Every carrier is a name of its own: dhl=JVGL1234. */
#define CARRIER_PARAM(word, name, link)                                                            \
	{#word, COMMAND_WORD, true, true, false, true, false, NULL, NULL, 0, 0},

static const struct command_param params[] = {
	ORDER_PARAM,
	CARRIERS(CARRIER_PARAM){
		.name = "carrier", .type = COMMAND_TEXT, .named = true, .optional = true},
	{.name = "code", .type = COMMAND_WORD, .named = true, .optional = true, .many = true},
	END_PARAM,
};

/* What is done with each code; NULL context while it is only judged. */
typedef int code_fn(const struct command_context *ctx, const Rec__Order *order,
		    struct slice carrier, struct slice code, struct err *e);

static int judge_code(const struct command_context *ctx, const Rec__Order *order,
		      struct slice carrier, struct slice code, struct err *e)
{
	(void)ctx;
	return order_track_check(order, carrier, code, e);
}

static int add_code(const struct command_context *ctx, const Rec__Order *order,
		    struct slice carrier, struct slice code, struct err *e)
{
	return order_track(ctx->change, order->id, carrier, code, e);
}

/* Each code that was given; returns how many. */
static int each(const struct command_context *ctx, const struct command_line *line,
		const Rec__Order *order, code_fn *fn, struct err *e)
{
	int n = 0;
	for (size_t i = 1; params[i].name; i++) {
		struct slice carrier = slice_str(params[i].name);
		const struct command_arg *arg = line->args[i].param ? &line->args[i] : NULL;
		if (slice_eq(carrier, SLICE("carrier")))
			continue;
		if (slice_eq(carrier, SLICE("code")))
			carrier = line_text(line, "carrier");
		for (; arg; arg = arg->next, n++)
			if (fn(ctx, order, carrier, arg->text, e) < 0)
				return -1;
	}
	return n;
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	Rec__Order *order;
	if (line_order(ctx, line, &order, e) < 0)
		return -1;
	int n = each(ctx, line, order, judge_code, e);
	if (n)
		return n;
	return err_set(e, ERR_INPUT,
		       "name the carrier and the code: #tracking O%llu dhl=JVGL1234, or "
		       "carrier=\"Fiege\" code=1234",
		       (unsigned long long)order->id);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	Rec__Order *order;
	(void)result;
	if (line_order(ctx, line, &order, e) < 0)
		return -1;
	int n = each(ctx, line, order, add_code, e);
	if (n < 0)
		return -1;
	buf_printf(out, "%d tracking code%s added to O%llu", n, n == 1 ? "" : "s",
		   (unsigned long long)order->id);
	return 1;
}

const struct command_row cmd_tracking = {
	.verb = "tracking",
	.help = "Adds a tracking code that was made elsewhere; the customer is told",
	.params = params,
	.roles = ROLES_GOODS,
	.class = COMMAND_CUSTOMER,
	.check = check,
	.apply = apply,
};
