/* SPDX-License-Identifier: ISC */
#include "card.h"
#include "customer_line.h"
#include "private.h"
#include "record/history.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MAX 1000
#define REASON_MAX 300 /* code points */
#define ROW_MAX INT64_C(999999999999)

/* A note's author, time and mail: the row says them already. */
static bool is_stamp(struct slice field)
{
	static const char *const ends[] = {"].agent", "].created_at", "].mail"};
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (slice_ends(field, slice_str(ends[i])))
			return true;
	return false;
}

/* Entries by hand are told from what follows from other things (CS-06). */
static void put_row(const Rec__History *row, struct buf *out)
{
	card_put_time(out, row->at);
	buf_printf(out, "  %s  %s%s", row->actor, row->event, row->manual ? " (by hand)" : "");
	if (row->to_state[0])
		buf_printf(out, "  %s \xe2\x86\x92 %s",
			   row->from_state[0] ? row->from_state : "(new)", row->to_state);
	if (row->reason[0]) {
		buf_puts(out, "  \"");
		text_put_line(out, slice_str(row->reason), REASON_MAX);
		buf_putc(out, '"');
	}
	if (row->mail[0]) {
		buf_puts(out, "  by mail ");
		text_put_line(out, slice_str(row->mail), REASON_MAX);
	}
	buf_putc(out, '\n');
	if (row->sealed && !row->n_changes)
		buf_puts(out, "  (what changed was personal, and was erased)\n");
	for (size_t i = 0; i < row->n_changes; i++) {
		struct slice old = slice_str(row->changes[i]->old);
		struct slice new = slice_str(row->changes[i]->new_);
		if (is_stamp(slice_str(row->changes[i]->field)))
			continue;
		buf_printf(out, "  %s: ", row->changes[i]->field);
		line_put_change(&old, &new, out);
		buf_putc(out, '\n');
	}
}

/* The object named, else the customer at hand. */
static int object_of(const struct command_context *ctx, const struct command_line *line,
		     char **label, struct err *e)
{
	const struct command_arg *arg = command_arg(line, "id");
	uint64_t number = arg ? arg->id.number : ctx->customer;
	if (!number)
		return err_set(e, ERR_INPUT, "whose? Write an id, such as C10001 or O10042");
	*label = id_text(ctx->change->arena, arg ? arg->id.letter : 'C', number);
	return 1;
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	const struct command_arg *limit = command_arg(line, "limit");
	const struct command_arg *before = command_arg(line, "before");
	struct history_query query = {
		.before = before ? (uint64_t)before->number : 0,
		.limit = limit ? (size_t)limit->number : LIMIT_DEFAULT,
	};
	struct history_list list;
	bool more;
	char *label;
	(void)result;
	if (object_of(ctx, line, &label, e) < 0)
		return -1;
	query.object = slice_str(label);
	if (history_page(ctx->change->txn, ctx->change->arena, &query, &list, &more, e) < 0)
		return -1;
	buf_printf(out, "%zu change%s of %s, the newest first\n", list.n, list.n == 1 ? "" : "s",
		   label);
	for (size_t i = 0; i < list.n; i++)
		put_row(list.items[i], out);
	if (more)
		buf_printf(out, "older ones: #history %s limit=%zu before=%llu\n", label,
			   query.limit, (unsigned long long)list.items[list.n - 1]->id);
	return 1;
}

static const struct command_param params[] = {
	{.name = "id", .type = COMMAND_ID, .letters = "COTS", .optional = true},
	{.name = "limit",
	 .type = COMMAND_NUMBER,
	 .low = 1,
	 .high = LIMIT_MAX,
	 .named = true,
	 .optional = true},
	{.name = "before",
	 .type = COMMAND_NUMBER,
	 .low = 1,
	 .high = ROW_MAX,
	 .named = true,
	 .optional = true},
	{.name = NULL},
};

const struct command_row cmd_history = {
	.verb = "history",
	.help = "Lists every change of a customer, order, thread or shipment, the newest first",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.offer = "",
	.apply = apply,
};
