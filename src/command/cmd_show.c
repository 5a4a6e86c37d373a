/* SPDX-License-Identifier: ISC */
#include "private.h"

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	const struct command_arg *arg = command_arg(line, "id");
	/* In a thread the customer at hand is the one whose details are meant (PX-02, F6). */
	struct id id = {.letter = 'C', .number = ctx->customer};
	(void)result;
	if (arg)
		id = arg->id;
	else if (!ctx->customer)
		return err_set(e, ERR_INPUT, "no customer is at hand: name one (C10042)");
	buf_puts(out, id_print(ctx->change->arena, &id));
	buf_putc(out, '\n');
	return command_card(ctx->change->txn, ctx->change->arena, &id, out, e);
}

static const struct command_param params[] = {
	{.name = "id", .type = COMMAND_ID, .letters = "COT", .line = true, .optional = true},
	{.name = NULL},
};

const struct command_row cmd_show = {
	.verb = "show",
	.aliases = "f6",
	.help = "Shows the card of a customer, an order or a thread; of the customer at hand "
		"without an id",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.offer = "",
	.apply = apply,
};
