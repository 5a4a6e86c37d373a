/* SPDX-License-Identifier: ISC */
#include "private.h"
#include "record/customer.h"
#include "record/message.h"

static int apply_customer(struct command_context *ctx, const struct command_line *line,
			  struct command_result *result, struct buf *out, struct err *e)
{
	const struct command_arg *arg = command_arg(line, "customer");
	(void)result;
	if (customer_note(ctx->change, arg->id.number, line_text(line, "text"), e) < 0)
		return -1;
	buf_printf(out, "note added to C%llu", (unsigned long long)arg->id.number);
	return 1;
}

static int apply_thread(struct command_context *ctx, const struct command_line *line,
			struct command_result *result, struct buf *out, struct err *e)
{
	Rec__Thread *thread;
	(void)result;
	if (line_load_thread(ctx, line, &thread, e) < 0 ||
	    message_note(ctx->change, thread, line_text(line, "text"), e) < 0)
		return -1;
	buf_printf(out, "note added to T%llu", (unsigned long long)thread->id);
	return 1;
}

static const struct command_param customer_params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C"},
	{.name = "text", .type = COMMAND_TEXT},
	{.name = NULL},
};

const struct command_row cmd_note_customer = {
	.verb = "note",
	.help = "Writes an internal note against a customer",
	.params = customer_params,
	.roles = ROLES_ALL,
	/* Internal and append-only, like a note that is mailed to the thread's note address. */
	.class = COMMAND_TRIAGE,
	.offer = " \"\"",
	.apply = apply_customer,
};

static const struct command_param thread_params[] = {
	{.name = "thread", .type = COMMAND_ID, .letters = "T", .optional = true},
	{.name = "text", .type = COMMAND_TEXT},
	{.name = NULL},
};

const struct command_row cmd_note_thread = {
	.verb = "note",
	.help = "Writes an internal note into a thread, the one at hand if none is named",
	.params = thread_params,
	.roles = ROLES_ALL,
	.class = COMMAND_TRIAGE,
	.offer = " \"\"",
	.apply = apply_thread,
};
