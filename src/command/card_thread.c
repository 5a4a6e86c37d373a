/* SPDX-License-Identifier: ISC */
#include "card.h"
#include "record/message.h"

#define CARD_MESSAGES 20

void card_put_thread_line(const struct card *card, const Rec__Thread *thread)
{
	buf_printf(card->out, "  T%llu  %-8.*s ", (unsigned long long)thread->id,
		   SLICE_ARG(schema_enum_text(&rec__thread_state__descriptor, (int)thread->state)));
	text_put_line(card->out, slice_str(thread->subject), CARD_VALUE);
	buf_putc(card->out, '\n');
}

static const char *const directions[] = {
	[REC__DIRECTION__DIRECTION_IN] = "from",
	[REC__DIRECTION__DIRECTION_OUT] = "to",
	[REC__DIRECTION__DIRECTION_NOTE] = "note by",
};

/* Subjects and addresses come from strangers: text_put_line keeps each on its line. */
static int put_message(const struct card *card, const Rec__Message *message)
{
	bool note = message->direction == REC__DIRECTION__DIRECTION_NOTE;
	bool out = message->direction == REC__DIRECTION__DIRECTION_OUT;
	const char *who = out			  ? message->to
			  : message->from_name[0] ? message->from_name
						  : message->from;
	struct slice text = slice_str(message->subject);
	buf_puts(card->out, "  ");
	card_put_time(card->out, message->sent_at);
	buf_printf(card->out, "  %s ", directions[note ? REC__DIRECTION__DIRECTION_NOTE : out]);
	text_put_line(card->out, slice_str(who), CARD_VALUE);
	if (note && message_note_text(card->txn, message, &text, card->e) < 0)
		return -1;
	buf_puts(card->out, ": ");
	text_put_line(card->out, text, CARD_VALUE);
	buf_putc(card->out, '\n');
	return 1;
}

int card_put_thread(const struct card *card, const struct id *id)
{
	Rec__Thread *thread;
	Rec__Customer *customer = NULL;
	struct message_list messages;
	struct message_query query = {.thread = id->number, .limit = CARD_MESSAGES};
	int got = thread_load(card->txn, card->a, id->number, &thread, card->e);
	if (got <= 0)
		return got;
	if (thread->customer &&
	    customer_resolve(card->txn, card->a, thread->customer, &customer, card->e) < 0)
		return -1;
	if (customer)
		card_put_watch(card, customer);
	card_put_thread_line(card, thread);
	if (customer)
		buf_printf(card->out, "Customer  C%llu  %.*s\n", (unsigned long long)customer->id,
			   SLICE_ARG(customer_title(customer)));
	for (size_t i = 0; i < thread->n_orders; i++)
		buf_printf(card->out, "%-10sO%llu\n", i ? "" : "Orders",
			   (unsigned long long)thread->orders[i]);
	card_put_field(card, "Queue", slice_str(thread->queue));
	if (message_list(card->txn, card->a, &query, &messages, card->e) < 0)
		return -1;
	if (messages.n)
		buf_printf(card->out, "\nMessages (%llu)\n",
			   (unsigned long long)thread->message_count);
	/* Listed the newest first, read the oldest first. */
	for (size_t i = messages.n; i > 0; i--)
		if (put_message(card, messages.items[i - 1]) < 0)
			return -1;
	return 1;
}
