/* SPDX-License-Identifier: ISC */
#include "card.h"
#include "private.h"
#include "record/customer.h"
#include "record/customer_edit.h"
#include "record/message.h"

#define MAIL_MAX 300 /* code points of a Message-ID */

static int apply_customer(struct command_context *ctx, const struct command_line *line,
			  struct command_result *result, struct buf *out, struct err *e)
{
	uint64_t id;
	(void)result;
	if (line_customer(ctx, line, &id, e) < 0 ||
	    customer_note(ctx->change, id, line_text(line, "text"), e) < 0)
		return -1;
	buf_printf(out, "note added to C%llu", (unsigned long long)id);
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

/* ---- #note 3: what the card shows in one line, in full (CP-39) ---- */

static void put_note(const struct command_context *ctx, const Rec__Note *note, struct buf *out)
{
	struct slice rest = slice_str(note->text), line;
	card_put_time(out, note->created_at);
	buf_puts(out, ", by ");
	card_put_agent(ctx->change->txn, ctx->change->arena, note->agent, out);
	if (note->mail[0]) {
		buf_puts(out, ", by mail ");
		text_put_line(out, slice_str(note->mail), MAIL_MAX);
	}
	buf_putc(out, '\n');
	/* Indented: no line of a note is a command. */
	while (slice_line(&rest, &line)) {
		buf_puts(out, "  ");
		text_put_line(out, line, SIZE_MAX);
		buf_putc(out, '\n');
	}
}

static int apply_read(struct command_context *ctx, const struct command_line *line,
		      struct command_result *result, struct buf *out, struct err *e)
{
	size_t n = (size_t)command_arg(line, "n")->number;
	Rec__Customer *customer;
	uint64_t id;
	(void)result;
	if (line_customer(ctx, line, &id, e) < 0 ||
	    customer_load(ctx->change->txn, ctx->change->arena, id, &customer, e) < 0)
		return -1;
	if (n > customer->n_notes)
		return err_set(e, ERR_INPUT, "C%llu has %zu note%s", (unsigned long long)id,
			       customer->n_notes, customer->n_notes == 1 ? "" : "s");
	buf_printf(out, "note %zu of C%llu, ", n, (unsigned long long)id);
	put_note(ctx, customer->notes[n - 1], out);
	return 1;
}

static const struct command_param read_params[] = {
	{.name = "n", .type = COMMAND_NUMBER, .low = 1, .high = 10000},
	{.name = "customer", .type = COMMAND_ID, .letters = "C", .optional = true},
	{.name = NULL},
};

const struct command_row cmd_note_read = {
	.verb = "note",
	.help = "Shows the n-th note of a customer in full",
	.params = read_params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply_read,
};
