/* SPDX-License-Identifier: ISC */
#include "private.h"
#include "record/customer_edit.h"

static int apply_watch(struct command_context *ctx, const struct command_line *line,
		       struct command_result *result, struct buf *out, struct err *e)
{
	uint64_t id;
	(void)result;
	if (line_customer(ctx, line, &id, e) < 0 ||
	    customer_watch(ctx->change, id, line_text(line, "text"), e) < 0)
		return -1;
	buf_printf(out, "every card of C%llu begins with that from now on", (unsigned long long)id);
	return 1;
}

static int apply_unwatch(struct command_context *ctx, const struct command_line *line,
			 struct command_result *result, struct buf *out, struct err *e)
{
	const struct command_arg *number = command_arg(line, "n");
	uint64_t id;
	(void)result;
	if (line_customer(ctx, line, &id, e) < 0 ||
	    customer_unwatch(ctx->change, id, (size_t)number->number, e) < 0)
		return -1;
	buf_printf(out, "standing note %lld of C%llu is gone", (long long)number->number,
		   (unsigned long long)id);
	return 1;
}

static const struct command_param watch_params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C"},
	{.name = "text", .type = COMMAND_TEXT},
	{.name = NULL},
};

const struct command_row cmd_watch = {
	.verb = "watch",
	.help = "Writes a standing note that every card and dispatch of the customer shows first",
	.params = watch_params,
	.roles = ROLES_ALL,
	.class = COMMAND_TRIAGE,
	.offer = " \"\"",
	.apply = apply_watch,
};

static const struct command_param unwatch_params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C"},
	{.name = "n", .type = COMMAND_NUMBER, .low = 1, .high = CUSTOMER_WATCH_MAX},
	{.name = NULL},
};

const struct command_row cmd_unwatch = {
	.verb = "unwatch",
	.help = "Takes the n-th standing note of a customer away",
	.params = unwatch_params,
	.roles = ROLES_SERVICE,
	.class = COMMAND_RECORD,
	.apply = apply_unwatch,
};
