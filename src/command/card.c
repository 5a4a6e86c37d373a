/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "private.h"
#include "record/customer.h"
#include "record/message.h"
#include "record/order.h"
#include "record/thread.h"

#define CARD_ORDERS 10 /* newest orders on a customer's card */
#define CARD_THREADS 10
#define CARD_MESSAGES 20
#define CARD_NOTES 20  /* newest notes and comments */
#define CARD_VALUE 300 /* code points of one value */

/* What every part of a card is written with. */
struct card {
	struct txn *txn;
	struct arena *a;
	struct buf *out;
	struct err *e;
};

/* "Phone     +31 …", nothing where there is nothing to say. */
static void put_field(const struct card *card, const char *label, struct slice value)
{
	if (!value.len)
		return;
	buf_printf(card->out, "%-10s", label);
	text_put_line(card->out, value, CARD_VALUE);
	buf_putc(card->out, '\n');
}

static void put_day(struct buf *out, int64_t at)
{
	struct civil day;
	civil_from_utc(at, &day);
	buf_printf(out, "%04lld-%02d-%02d %02d:%02d", (long long)day.year, day.month, day.day,
		   day.hour, day.minute);
}

static void put_notes(const struct card *card, const char *title, Rec__Note *const *notes, size_t n)
{
	size_t first = n > CARD_NOTES ? n - CARD_NOTES : 0;
	if (n)
		buf_printf(card->out, "\n%s\n", title);
	for (size_t i = first; i < n; i++) {
		buf_puts(card->out, "  ");
		put_day(card->out, notes[i]->created_at);
		buf_puts(card->out, "  ");
		text_put_line(card->out, slice_str(notes[i]->text), CARD_VALUE);
		buf_putc(card->out, '\n');
	}
}

/* ---- customers ---- */

/* Standing notes come first, on every card (CP-40, CP-41). */
static void put_watch(const struct card *card, const Rec__Customer *customer)
{
	for (size_t i = 0; i < customer->n_watch; i++) {
		buf_puts(card->out, "!! WATCH ");
		text_put_line(card->out, slice_str(customer->watch[i]->text), CARD_VALUE);
		buf_putc(card->out, '\n');
	}
}

static void put_reason(const struct card *card, const char *flag, const char *reason)
{
	buf_printf(card->out, ", %s", flag);
	if (!reason[0])
		return;
	buf_puts(card->out, ": ");
	text_put_line(card->out, slice_str(reason), CARD_VALUE);
}

static void put_flags(const struct card *card, const Rec__Customer *customer)
{
	buf_printf(card->out, "%-10s", "Status");
	buf_puts(card->out, customer->inactive ? "[INA] inactive" : "[ACT] active");
	if (customer->locked)
		put_reason(card, "[LCK] locked", customer->locked_reason);
	if (customer->blacklisted)
		put_reason(card, "[BLK] blacklisted", customer->blacklisted_reason);
	if (customer->merged_into)
		buf_printf(card->out, ", merged into C%llu",
			   (unsigned long long)customer->merged_into);
	buf_putc(card->out, '\n');
}

/* An address in one line: a card is read, not put on a parcel. */
static void put_address(const struct card *card, const char *label, const Rec__Address *address)
{
	struct buf line;
	buf_init(&line, 4096);
	const char *ends[] = {address->name, address->company};
	for (size_t i = 0; i < 2; i++)
		if (ends[i][0])
			buf_printf(&line, "%s, ", ends[i]);
	for (size_t i = 0; i < address->n_lines; i++)
		buf_printf(&line, "%s, ", address->lines[i]);
	buf_printf(&line, "%s %s %s", address->postcode, address->city, address->country);
	put_field(card, label, buf_slice(&line));
	buf_release(&line);
}

static void put_order_line(const struct card *card, const Rec__Order *order)
{
	struct order_totals totals;
	enum order_status status = order_status(order);
	buf_printf(card->out, "  O%llu  ", (unsigned long long)order->id);
	put_day(card->out, order->ordered_at);
	buf_printf(card->out, "  [%s] %s, %s", order_status_code(status), order_status_word(status),
		   order_view_word(order_view(order)));
	if (order_totals(order, &totals, NULL) > 0) {
		buf_puts(card->out, "  ");
		money_put(card->out, totals.total, slice_str(order->currency));
		buf_printf(card->out, " %s", order->currency);
	}
	buf_putc(card->out, '\n');
}

static int put_orders(const struct card *card, uint64_t customer)
{
	struct customer_orders orders;
	if (customer_orders(card->txn, card->a, customer, CARD_ORDERS, &orders, card->e) < 0)
		return -1;
	if (orders.n)
		buf_printf(card->out, "\nOrders (%zu)\n", orders.total);
	for (size_t i = 0; i < orders.n; i++)
		put_order_line(card, orders.items[i]);
	return 1;
}

static void put_thread_line(const struct card *card, const Rec__Thread *thread)
{
	buf_printf(card->out, "  T%llu  %-8.*s ", (unsigned long long)thread->id,
		   SLICE_ARG(schema_enum_text(&rec__thread_state__descriptor, (int)thread->state)));
	text_put_line(card->out, slice_str(thread->subject), CARD_VALUE);
	buf_putc(card->out, '\n');
}

static int put_threads(const struct card *card, uint64_t customer)
{
	struct thread_list threads;
	if (thread_of_customer(card->txn, card->a, customer, CARD_THREADS, &threads, card->e) < 0)
		return -1;
	if (threads.n)
		buf_puts(card->out, "\nThreads\n");
	for (size_t i = 0; i < threads.n; i++)
		put_thread_line(card, threads.items[i]);
	return 1;
}

static int put_customer(const struct card *card, const struct id *id)
{
	Rec__Customer *customer;
	int got = customer_load(card->txn, card->a, id->number, &customer, card->e);
	if (got <= 0)
		return got;
	put_watch(card, customer);
	buf_printf(card->out, "Customer  C%llu  ", (unsigned long long)customer->id);
	text_put_line(card->out, customer_title(customer), CARD_VALUE);
	buf_putc(card->out, '\n');
	put_flags(card, customer);
	if (customer->name[0])
		put_field(card, "Company", slice_str(customer->company));
	put_field(card, "Trading", slice_str(customer->trading_name));
	for (size_t i = 0; i < customer->n_emails; i++)
		put_field(card, i ? "" : "Mail", slice_str(customer->emails[i]));
	put_field(card, "Phone", slice_str(customer->phone));
	put_field(card, "Group", slice_str(customer->group));
	put_field(card, "Terms", slice_str(customer->terms));
	put_field(card, "Language", slice_str(customer->language));
	for (size_t i = 0; i < customer->n_addresses; i++)
		put_address(card, "Address", customer->addresses[i]);
	if (put_orders(card, customer->id) < 0 || put_threads(card, customer->id) < 0)
		return -1;
	put_notes(card, "Notes", customer->notes, customer->n_notes);
	return 1;
}

/* ---- orders ---- */

static void put_line(const struct card *card, const Rec__Order *order, const Rec__Line *line)
{
	struct slice currency = slice_str(order->currency);
	int64_t amount;
	buf_printf(card->out, "  %-4s %4lld x ", line_label(card->a, line),
		   (long long)line->quantity);
	text_put_line(card->out, slice_str(line->sku), CARD_VALUE);
	buf_puts(card->out, "  ");
	text_put_line(card->out, slice_str(line->name), CARD_VALUE);
	buf_puts(card->out, "  ");
	money_put(card->out, line->unit_price, currency);
	if (line_amount(line, &amount, NULL) > 0) {
		buf_puts(card->out, "  ");
		money_put(card->out, amount, currency);
	}
	buf_printf(card->out, "  [%.*s] %s\n",
		   SLICE_ARG(schema_enum_text(&rec__line_state__descriptor, (int)line->state)),
		   line_state_word(line->state));
}

static void put_amount(const struct card *card, const char *label, int64_t amount,
		       const Rec__Order *order)
{
	if (!amount)
		return;
	buf_printf(card->out, "%-10s", label);
	money_put(card->out, amount, slice_str(order->currency));
	buf_printf(card->out, " %s\n", order->currency);
}

/* An order that is damaged is shown without its sums: someone must see it to mend it. */
static void put_totals(const struct card *card, const Rec__Order *order)
{
	struct order_totals totals;
	if (order_totals(order, &totals, NULL) < 0)
		return;
	put_amount(card, "Goods", totals.goods, order);
	put_amount(card, "Shipping", totals.shipping, order);
	put_amount(card, "Voucher", -totals.voucher, order);
	put_amount(card, "VAT", totals.vat, order);
	put_amount(card, "Total", totals.total, order);
}

static void put_order_status(const struct card *card, const Rec__Order *order)
{
	enum order_status status = order_status(order);
	size_t allocated, open;
	order_allocation(order, &allocated, &open);
	buf_printf(card->out, "%-10s[%s] %s, %s", "Status", order_status_code(status),
		   order_status_word(status), order_view_word(order_view(order)));
	if (open)
		buf_printf(card->out, ", %zu of %zu allocated", allocated, open);
	buf_putc(card->out, '\n');
}

static void put_externals(const struct card *card, Rec__ExternalId *const *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_field(
			card, i ? "" : "Known as",
			slice_str(arena_printf(card->a, "%s %s", ids[i]->channel, ids[i]->value)));
}

/* PX-25: general, items, comments. */
static int put_order(const struct card *card, const struct id *id)
{
	Rec__Order *order;
	Rec__Customer *customer;
	int got = order_load(card->txn, card->a, id->number, &order, card->e);
	if (got <= 0)
		return got;
	got = customer_resolve(card->txn, card->a, order->customer, &customer, card->e);
	if (got < 0)
		return -1;
	if (customer)
		put_watch(card, customer);
	buf_printf(card->out, "Order     O%llu\n", (unsigned long long)order->id);
	put_order_status(card, order);
	if (customer)
		buf_printf(card->out, "Customer  C%llu  %.*s%s\n", (unsigned long long)customer->id,
			   SLICE_ARG(customer_title(customer)),
			   customer->locked ? "  [LCK] locked" : "");
	buf_printf(card->out, "%-10s", "Ordered");
	put_day(card->out, order->ordered_at);
	buf_putc(card->out, '\n');
	put_field(card, "Held for", slice_str(order->hold_reason));
	put_externals(card, order->external_ids, order->n_external_ids);
	put_field(card, "Payment", slice_str(order->payment_type));
	if (order->billing)
		put_address(card, "Billing", order->billing);
	if (order->shipping)
		put_address(card, "Shipping", order->shipping);
	buf_puts(card->out, "\nItems\n");
	for (size_t i = 0; i < order->n_lines; i++)
		put_line(card, order, order->lines[i]);
	put_totals(card, order);
	put_notes(card, "Comments", order->comments, order->n_comments);
	return 1;
}

/* ---- threads ---- */

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
	put_day(card->out, message->sent_at);
	buf_printf(card->out, "  %s ", directions[note ? REC__DIRECTION__DIRECTION_NOTE : out]);
	text_put_line(card->out, slice_str(who), CARD_VALUE);
	if (note && message_note_text(card->txn, message, &text, card->e) < 0)
		return -1;
	buf_puts(card->out, ": ");
	text_put_line(card->out, text, CARD_VALUE);
	buf_putc(card->out, '\n');
	return 1;
}

static int put_thread(const struct card *card, const struct id *id)
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
		put_watch(card, customer);
	put_thread_line(card, thread);
	if (customer)
		buf_printf(card->out, "Customer  C%llu  %.*s\n", (unsigned long long)customer->id,
			   SLICE_ARG(customer_title(customer)));
	for (size_t i = 0; i < thread->n_orders; i++)
		buf_printf(card->out, "%-10sO%llu\n", i ? "" : "Orders",
			   (unsigned long long)thread->orders[i]);
	put_field(card, "Queue", slice_str(thread->queue));
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

int command_card(struct txn *txn, struct arena *a, const struct id *id, struct buf *out,
		 struct err *e)
{
	static const struct {
		char letter;
		int (*put)(const struct card *card, const struct id *id);
	} cards[] = {{'C', put_customer}, {'O', put_order}, {'T', put_thread}};
	struct card card = {txn, a, out, e};
	assert(txn && a && out);
	for (size_t i = 0; i < sizeof(cards) / sizeof(cards[0]); i++)
		if (cards[i].letter == id->letter)
			return cards[i].put(&card, id);
	return err_set(e, ERR_INPUT, "there is no card of %s", id_print(a, id));
}
