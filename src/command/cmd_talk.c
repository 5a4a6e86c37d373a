/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "record/customer.h"
#include "record/message.h"
#include "view.h"

#define THREADS_MAX 1000
#define MESSAGES_MAX 1000 /* of each thread, the newest */

/* MC-09: what was said with a customer, over every channel, in one list. */
static const struct view_column talk_columns[] = {
	{"date", "date", false},     {"channel", "channel", false}, {"who", "who", false},
	{"thread", "thread", false}, {"text", "text", false},	    {NULL, NULL, false},
};

/* PX-42: mails that were sent. */
static const struct view_column mail_columns[] = {
	{"date", "date", false}, {"id", "mail", false},		{"thread", "thread", false},
	{"to", "to", false},	 {"subject", "subject", false}, {"delivery", "delivery", false},
	{NULL, NULL, false},
};

struct telling {
	struct command_context *ctx;
	struct view view;
	/* 1, or -1 and *e */
	int (*put)(struct telling *t, const Rec__Thread *thread, const Rec__Message *message,
		   struct err *e);
};

static int each_message(struct telling *t, const Rec__Thread *thread, struct err *e)
{
	struct message_query query = {.thread = thread->id, .limit = MESSAGES_MAX};
	struct message_list messages;
	if (message_list(t->ctx->change->txn, t->view.a, &query, &messages, e) < 0)
		return -1;
	for (size_t i = messages.n; i > 0; i--)
		if (t->put(t, thread, messages.items[i - 1], e) < 0)
			return -1;
	return 1;
}

static int each_thread(struct telling *t, uint64_t customer, struct err *e)
{
	struct thread_list threads;
	if (thread_of_customer(t->ctx->change->txn, t->view.a, customer, THREADS_MAX, &threads, e) <
	    0)
		return -1;
	for (size_t i = threads.n; i > 0; i--)
		if (each_message(t, threads.items[i - 1], e) < 0)
			return -1;
	return 1;
}

/* In the order of time, whatever the order of the threads. */
static int by_time(const void *one, const void *other)
{
	const struct view_row *a = one, *b = other;
	if (a->keys[0] != b->keys[0])
		return a->keys[0] < b->keys[0] ? -1 : 1;
	return (a->id.number > b->id.number) - (a->id.number < b->id.number);
}

static void sort(struct view *view)
{
	if (view->n > 1)
		qsort(view->rows, view->n, sizeof(*view->rows), by_time);
}

/* ---- the timeline ---- */

static int put_said(struct telling *t, const Rec__Thread *thread, const Rec__Message *message,
		    struct err *e)
{
	static const char *const channels[] = {"mail in", "mail out", "note"};
	struct id id = {.letter = 'T', .number = thread->id};
	bool note = message->direction == REC__DIRECTION__DIRECTION_NOTE;
	bool out = message->direction == REC__DIRECTION__DIRECTION_OUT;
	struct slice text = slice_str(message->subject);
	struct view *view = &t->view;
	if (note && message_note_text(t->ctx->change->txn, message, &text, e) < 0)
		return -1;
	view_add(view, &id);
	view_time(view, 0, message->sent_at);
	view_text(view, 1, slice_str(channels[note ? 2 : out]));
	view_text(view, 2,
		  slice_str(message->from_name[0] && !out ? message->from_name
			    : out			  ? message->to
							  : message->from));
	view_text(view, 3, slice_str(id_print(view->a, &id)));
	view_text(view, 4, text);
	return 1;
}

/* #call writes a note that begins so (CS-05). */
static bool is_call(const Rec__Note *note)
{
	return slice_starts(slice_str(note->text), SLICE("Called "));
}

static void put_notes(struct view *view, const Rec__Customer *customer)
{
	struct id id = {.letter = 'C', .number = customer->id};
	for (size_t i = 0; i < customer->n_notes; i++) {
		const Rec__Note *note = customer->notes[i];
		view_add(view, &id);
		view_time(view, 0, note->created_at);
		view_text(view, 1, is_call(note) ? SLICE("call") : SLICE("note"));
		view_text(view, 3, slice_str(id_print(view->a, &id)));
		view_text(view, 4, slice_str(note->text));
	}
}

static int apply_talk(struct command_context *ctx, const struct command_line *line,
		      struct command_result *result, struct buf *out, struct err *e)
{
	struct telling t = {.ctx = ctx, .put = put_said};
	Rec__Customer *customer;
	uint64_t id;
	(void)result;
	view_init(&t.view, ctx->change->arena, talk_columns);
	if (line_customer(ctx, line, &id, e) < 0 ||
	    customer_load(ctx->change->txn, t.view.a, id, &customer, e) < 0 ||
	    each_thread(&t, id, e) < 0)
		return -1;
	if (customer)
		put_notes(&t.view, customer);
	sort(&t.view);
	char *head = arena_printf(t.view.a, "%zu entr%s of the talk with C%llu, the oldest first",
				  t.view.n, t.view.n == 1 ? "y" : "ies", (unsigned long long)id);
	return view_finish(ctx, line, &t.view, slice_str(head), out, e);
}

/* ---- mails ---- */

static int put_mail(struct telling *t, const Rec__Thread *thread, const Rec__Message *message,
		    struct err *e)
{
	struct id id = {.letter = 'T', .number = thread->id};
	struct view *view = &t->view;
	(void)e;
	if (message->direction != REC__DIRECTION__DIRECTION_OUT)
		return 1;
	view_add(view, &id);
	view_time(view, 0, message->sent_at);
	view_number(view, 1, (int64_t)message->id);
	view_text(view, 2, slice_str(id_print(view->a, &id)));
	view_text(view, 3, slice_str(message->to));
	view_text(view, 4, slice_str(message->subject));
	view_text(view, 5, message->delivery[0] ? slice_str(message->delivery) : SLICE("waits"));
	return 1;
}

static int apply_mails(struct command_context *ctx, const struct command_line *line,
		       struct command_result *result, struct buf *out, struct err *e)
{
	struct telling t = {.ctx = ctx, .put = put_mail};
	uint64_t id;
	(void)result;
	view_init(&t.view, ctx->change->arena, mail_columns);
	if (line_customer(ctx, line, &id, e) < 0 || each_thread(&t, id, e) < 0)
		return -1;
	sort(&t.view);
	char *head = arena_printf(t.view.a, "%zu mail%s to C%llu, the oldest first", t.view.n,
				  t.view.n == 1 ? "" : "s", (unsigned long long)id);
	return view_finish(ctx, line, &t.view, slice_str(head), out, e);
}

static const struct command_param params[] = {
	{.name = "customer", .type = COMMAND_ID, .letters = "C", .optional = true},
	VIEW_DIRECTION,
	VIEW_SORT,
	VIEW_LIMIT,
	VIEW_OFFSET,
	{.name = NULL},
};

const struct command_row cmd_talk = {
	.verb = "talk",
	.help = "Lists mails, notes and calls of a customer in one timeline, the oldest first",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.offer = "",
	.apply = apply_talk,
};

const struct command_row cmd_mails = {
	.verb = "mails",
	.help = "Lists all mails that were sent to a customer, the oldest first",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.offer = "",
	.apply = apply_mails,
};
