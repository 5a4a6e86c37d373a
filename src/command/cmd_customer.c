/* SPDX-License-Identifier: ISC */
#include "private.h"

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	(void)e;
	ctx->customer = command_arg(line, "customer")->id.number;
	buf_printf(out, "what follows is about C%llu", (unsigned long long)ctx->customer);
	return 1;
}

static const struct command_param params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C"},
	{.name = NULL},
};

const struct command_row cmd_customer = {
	.verb = "customer",
	.help = "Says that the commands below are about another customer's objects",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_CONTROL,
	/* It is the one command that says whose objects the others may name. */
	.foreign = true,
	.apply = apply,
};
