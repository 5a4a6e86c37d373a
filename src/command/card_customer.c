/* SPDX-License-Identifier: ISC */
#include "card.h"
#include "record/customer_stats.h"
#include "record/shop_table.h"

#define CARD_ORDERS 10 /* newest orders on a customer's card */
#define CARD_THREADS 10
#define CARD_CHILDREN 10
#define CARD_TITLE 80 /* code points of somebody's name in a list */

/* ---- who it is ---- */

/* #unwatch needs the number of one of several. */
void card_put_watch(const struct card *card, const Rec__Customer *customer)
{
	for (size_t i = 0; i < customer->n_watch; i++) {
		buf_puts(card->out, "!! WATCH ");
		if (customer->n_watch > 1)
			buf_printf(card->out, "(%zu) ", i + 1);
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
	if (customer->keep_identity)
		buf_puts(card->out, ", kept when old customers are obfuscated");
	buf_putc(card->out, '\n');
}

static void put_name(const struct card *card, const char *label, const Rec__Customer *customer)
{
	buf_printf(card->out, "%-10sC%llu  ", label, (unsigned long long)customer->id);
	text_put_line(card->out, customer_title(customer), CARD_TITLE);
	buf_putc(card->out, '\n');
}

static int put_parent(const struct card *card, const Rec__Customer *customer)
{
	Rec__Customer *parent;
	if (!customer->parent)
		return 1;
	int got = customer_resolve(card->txn, card->a, customer->parent, &parent, card->e);
	if (got > 0)
		put_name(card, "Parent", parent);
	return got < 0 ? -1 : 1;
}

static int put_names(const struct card *card, const Rec__Customer *customer)
{
	if (customer->kind != REC__CUSTOMER_TYPE__CUSTOMER_TYPE_PUBLIC)
		card_put_field(
			card, "Type",
			schema_enum_text(&rec__customer_type__descriptor, (int)customer->kind));
	if (put_parent(card, customer) < 0)
		return -1;
	if (customer->name[0])
		card_put_field(card, "Company", slice_str(customer->company));
	card_put_field(card, "Trading", slice_str(customer->trading_name));
	for (size_t i = 0; i < customer->n_emails; i++)
		card_put_field(card, i ? "" : "Mail", slice_str(customer->emails[i]));
	if (customer->phone[0]) {
		buf_printf(card->out, "%-10s", "Phone");
		text_put_line(card->out, slice_str(customer->phone), CARD_VALUE);
		buf_puts(card->out, "  ");
		card_put_tel(card->out, slice_str(customer->phone));
		buf_putc(card->out, '\n');
	}
	return 1;
}

/* ---- how it is dealt with ---- */

/* CP-11: the channel says by which list it is priced. */
static int put_channel(const struct card *card, const Rec__Customer *customer)
{
	struct slice name = slice_str(customer->channel);
	Rec__Channel *channel;
	if (!name.len)
		return 1;
	int got = channel_load(card->txn, card->a, name, &channel, card->e);
	if (got > 0 && channel->price_list[0])
		name = slice_str(arena_printf(card->a, "%s, price list %s", customer->channel,
					      channel->price_list));
	card_put_field(card, "Channel", name);
	return got < 0 ? -1 : 1;
}

static void put_credit_limit(const struct card *card, const Rec__Customer *customer)
{
	if (!customer->credit_limit)
		return;
	buf_printf(card->out, "%-10s", "Limit");
	money_put(card->out, customer->credit_limit, slice_str(customer->currency));
	buf_printf(card->out, " %s\n", customer->currency);
}

static int put_business(const struct card *card, const Rec__Customer *customer)
{
	card_put_field(card, "Group", slice_str(customer->group));
	if (put_channel(card, customer) < 0)
		return -1;
	card_put_field(card, "Terms", slice_str(customer->terms));
	put_credit_limit(card, customer);
	card_put_field(card, "Bank", slice_str(customer->bank));
	card_put_field(card, "Accounts", slice_str(customer->accounts_id));
	if (customer->vat_id[0])
		card_put_field(
			card, "VAT id",
			slice_str(arena_printf(card->a, "%s%s", customer->vat_id,
					       customer->vat_id_checked ? " (checked)" : "")));
	card_put_field(card, "Language", slice_str(customer->language));
	return 1;
}

/* "Address 1  billing, delivery: …": #address takes the number. */
static void put_addresses(const struct card *card, const Rec__Customer *customer)
{
	for (size_t i = 0; i < customer->n_addresses; i++) {
		const Rec__Address *address = customer->addresses[i];
		buf_printf(card->out, "%-10s%zu ", i ? "" : "Address", i + 1);
		for (size_t j = 0; j < address->n_roles; j++) {
			struct slice role = schema_enum_text(&rec__address_role__descriptor,
							     (int)address->roles[j]);
			buf_printf(card->out, "%s%.*s", j ? ", " : "[", SLICE_ARG(role));
		}
		buf_puts(card->out, address->n_roles ? "] " : "");
		card_put_place(card, address);
		/* Where its copies go (CP-44, CP-45). */
		const char *also[] = {address->email, address->phone};
		for (size_t j = 0; j < 2; j++) {
			buf_puts(card->out, also[j][0] ? "  " : "");
			text_put_line(card->out, slice_str(also[j]), CARD_VALUE);
		}
		buf_putc(card->out, '\n');
	}
}

/* ---- what belongs to it ---- */

static int put_children(const struct card *card, uint64_t customer)
{
	struct customer_list children;
	if (customer_children(card->txn, card->a, customer, CARD_CHILDREN, &children, card->e) < 0)
		return -1;
	if (children.n)
		buf_printf(card->out, "\nSub-customers (%zu)\n", children.total);
	for (size_t i = 0; i < children.n; i++)
		put_name(card, "", children.items[i]);
	return 1;
}

static void put_day(struct buf *out, int64_t at)
{
	struct civil day;
	civil_from_utc(at, &day);
	buf_printf(out, "%04lld-%02d-%02d", (long long)day.year, day.month, day.day);
}

static void put_sum(const struct card *card, const struct customer_sum *sum)
{
	struct slice currency = slice_str(sum->currency);
	if (!sum->n)
		return;
	buf_printf(card->out, "%-10s", "Sum");
	money_put(card->out, sum->total, currency);
	buf_printf(card->out, " %s, ", sum->currency);
	money_put(card->out, sum->average, currency);
	buf_puts(card->out, " on average\n");
}

/* MC-04 */
static void put_stats(const struct card *card, const struct customer_orders *orders)
{
	struct customer_stats stats;
	if (!orders->n)
		return;
	customer_stats(orders, &stats);
	buf_printf(card->out, "\nStatistics%s\n%-10s%zu, %zu cancelled, from ",
		   stats.looked_at < stats.orders ? " (of the newest orders)" : "", "Orders",
		   stats.orders, stats.cancelled);
	put_day(card->out, stats.first_at);
	buf_puts(card->out, " to ");
	put_day(card->out, stats.last_at);
	buf_putc(card->out, '\n');
	for (size_t i = 0; i < stats.n_sums; i++)
		put_sum(card, &stats.sums[i]);
	/* In tenths of a percent. */
	int64_t rate = (stats.return_rate + 500) / 1000;
	if (stats.shipped)
		buf_printf(card->out, "%-10s%lld of %lld pieces (%lld.%lld %%)\n", "Returned",
			   (long long)stats.returned, (long long)stats.shipped,
			   (long long)(rate / 10), (long long)(rate % 10));
}

static int put_orders(const struct card *card, uint64_t customer)
{
	struct customer_orders orders;
	if (customer_orders(card->txn, card->a, customer, CUSTOMER_ORDERS_MAX, &orders, card->e) <
	    0)
		return -1;
	put_stats(card, &orders);
	if (orders.n)
		buf_printf(card->out, "\nOrders (%zu)\n", orders.total);
	size_t first = orders.n > CARD_ORDERS ? orders.n - CARD_ORDERS : 0;
	for (size_t i = first; i < orders.n; i++)
		card_put_order_line(card, orders.items[i]);
	return 1;
}

static int put_threads(const struct card *card, uint64_t customer)
{
	struct thread_list threads;
	if (thread_of_customer(card->txn, card->a, customer, CARD_THREADS, &threads, card->e) < 0)
		return -1;
	if (threads.n)
		buf_puts(card->out, "\nThreads\n");
	for (size_t i = 0; i < threads.n; i++)
		card_put_thread_line(card, threads.items[i]);
	return 1;
}

/*
 * PX-01, PX-02: one step to each of the eight tabs.  Labels are left out
 * (PX-03): they are there, but nobody's daily work.
 */
static void put_tabs(const struct card *card, uint64_t customer)
{
	static const char *const tabs[] = {"search",  "show",  "orders", "invoices",
					   "credits", "mails", "account"};
	bool first = true;
	for (size_t i = 0; i < sizeof(tabs) / sizeof(tabs[0]); i++) {
		if (!table_has_verb(slice_str(tabs[i])))
			continue;
		buf_printf(card->out, "%s#%s", first ? "\nTabs      " : " | ", tabs[i]);
		if (i > 0)
			buf_printf(card->out, " C%llu", (unsigned long long)customer);
		first = false;
	}
	buf_putc(card->out, '\n');
}

/* An old number resolves for ever, and says so (MC-16). */
static int load(const struct card *card, uint64_t id, Rec__Customer **customer)
{
	int got = customer_resolve(card->txn, card->a, id, customer, card->e);
	if (got > 0 && (*customer)->id != id)
		buf_printf(card->out, "C%llu was merged into C%llu\n", (unsigned long long)id,
			   (unsigned long long)(*customer)->id);
	return got;
}

int card_put_customer(const struct card *card, const struct id *id)
{
	Rec__Customer *customer;
	int got = load(card, id->number, &customer);
	if (got <= 0)
		return got;
	card_put_watch(card, customer);
	put_name(card, "Customer", customer);
	put_flags(card, customer);
	if (put_names(card, customer) < 0 || put_business(card, customer) < 0)
		return -1;
	put_addresses(card, customer);
	card_put_externals(card, customer->external_ids, customer->n_external_ids);
	if (put_children(card, customer->id) < 0 || put_orders(card, customer->id) < 0 ||
	    put_threads(card, customer->id) < 0)
		return -1;
	card_put_notes(card, "Notes", customer->notes, customer->n_notes);
	put_tabs(card, customer->id);
	return 1;
}
