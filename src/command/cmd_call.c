/* SPDX-License-Identifier: ISC */
#include "card.h"
#include "private.h"
#include "record/customer.h"
#include "record/customer_edit.h"

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	Rec__Customer *customer;
	uint64_t id;
	(void)result;
	if (line_customer(ctx, line, &id, e) < 0 ||
	    customer_call(ctx->change, id, line_text(line, "text"), e) < 0 ||
	    customer_load(ctx->change->txn, ctx->change->arena, id, &customer, e) < 0)
		return -1;
	buf_printf(out, "the call to C%llu is noted; ", (unsigned long long)id);
	card_put_tel(out, slice_str(customer->phone));
	return 1;
}

static const struct command_param params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C", .optional = true},
	{.name = "text", .type = COMMAND_TEXT, .optional = true},
	{.name = NULL},
};

const struct command_row cmd_call = {
	.verb = "call",
	.help = "Notes that you called the customer, with what was said",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_TRIAGE,
	.offer = " \"\"",
	.apply = apply,
};
