/* SPDX-License-Identifier: ISC */
#include "private.h"

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	const struct command_arg *arg = command_arg(line, "id");
	(void)result;
	buf_puts(out, id_print(ctx->change->arena, &arg->id));
	buf_putc(out, '\n');
	return command_card(ctx->change->txn, ctx->change->arena, &arg->id, out, e);
}

static const struct command_param params[] = {
	{.name = "id", .type = COMMAND_ID, .letters = "COT", .line = true},
	{.name = NULL},
};

const struct command_row cmd_show = {
	.verb = "show",
	.aliases = "f6",
	.help = "Shows the card of a customer, an order or a thread",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.offer = "",
	.apply = apply,
};
