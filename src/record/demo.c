/* SPDX-License-Identifier: ISC */
#include "record/demo.h"

#include <assert.h>
#include <stdio.h>

#include "demo_plan.h"
#include "object.h"
#include "record/customer.h"
#include "record/item.h"
#include "record/order.h"
#include "record/shop.h"
#include "record/shop_table.h"
#include "record/tables.h"

/* Of the STORE_PUTS_MAX records of a transaction; the rest is for number series. */
#define PUTS_MAX 900
#define PUTS_CUSTOMER 4 /* itself and its history, and the series of both */
#define PUTS_ORDER 8	/* likewise, and those of its shipment */
#define ITEM_STEPS 2	/* transactions for the items */
#define SPARE 50	/* pieces of each item that nobody wants yet */
#define HOUR INT64_C(3600)

/* ---- the shop ---- */

static const char *const shop_rows[][3] = {
	/* table, name, fields separated by '|' */
	{"pricelist", "retail", "label=Retail|currency=EUR"},
	{"pricelist", "trade", "label=Trade|currency=EUR|net=yes"},
	{"paytype", "bank", "orderline_status=HAL|hal_cancel_days=30|remind_days=7,14"},
	{"paytype", "card", "orderline_status=ANG|card=yes|refund_automatic=yes"},
	{"paytype", "invoice", "orderline_status=ANG"},
	{"terms", "PREPAY", "prepay=yes"},
	{"terms", "30d", "days=30"},
	{"channel", "web", "label=Web shop|price_list=retail|payment_type=bank|terms=PREPAY"},
	{"channel", "amazon", "label=Amazon|price_list=retail|payment_type=card|terms=PREPAY"},
	{"channel", "ebay", "label=eBay|price_list=retail|payment_type=card|terms=PREPAY"},
	{"channel", "trade", "label=Trade|price_list=trade|payment_type=invoice|terms=30d"},
	{"season", "SS26", "label=Spring and summer|starts_at=2026-03-01|ends_at=2026-08-31"},
};

static int make_row(struct change *ch, const char *const row[3], struct err *e)
{
	enum shop_table table;
	ProtobufCMessage *message;
	struct slice fields = slice_str(row[2]), field, name;
	bool known = shop_table_find(slice_str(row[0]), &table);
	assert(known);
	if (!known)
		return -1;
	/* A desk that has it already keeps its own. */
	int got = shop_row_load(ch->txn, ch->arena, table, slice_str(row[1]), &message, e);
	if (got)
		return got;
	if (shop_row_new(ch->arena, table, slice_str(row[1]), &message, e) < 0)
		return -1;
	while (slice_cut(&fields, '|', &field)) {
		struct slice value = field;
		if (!slice_cut(&value, '=', &name))
			continue;
		if (shop_field_set(ch->arena, message, name, value, e) < 0)
			return -1;
	}
	return shop_row_save(ch, message, e);
}

static int make_item(struct change *ch, unsigned i, const struct demo_stock *stock, struct err *e)
{
	Rec__Item *item = ARENA_NEW(ch->arena, Rec__Item);
	rec__item__init(item);
	item->sku = demo_sku(ch->arena, i);
	item->name = demo_item(ch->arena, i);
	item->price = demo_price(i);
	item->currency = arena_str(ch->arena, SLICE("EUR"));
	item->vat_category = arena_str(ch->arena, SLICE("S"));
	item->vat_rate = i % 10 == 0 || i % 10 == 5 ? 70000 : 190000;
	item->vat_class = arena_str(ch->arena,
				    item->vat_rate == 70000 ? SLICE("reduced") : SLICE("standard"));
	item->barcode = arena_printf(ch->arena, "20%011u", 1000003u * (i + 1));
	item->shipped = stock->shipped[i];
	item->reserved = stock->reserved[i];
	item->restocked = stock->restocked[i];
	item->received = item->shipped + item->reserved + SPARE;
	item->on_hand = item->received - item->shipped + item->restocked;
	Rec__Price *trade = ARENA_NEW(ch->arena, Rec__Price);
	rec__price__init(trade);
	trade->list = arena_str(ch->arena, SLICE("trade"));
	trade->currency = item->currency;
	trade->amount = item->price * 6 / 10;
	item->prices = ARENA_NEW(ch->arena, Rec__Price *);
	item->prices[0] = trade;
	item->n_prices = 1;
	return item_save(ch, item, "create", e);
}

static int make_shop(struct change *ch, const struct demo *demo, unsigned step, struct err *e)
{
	struct demo_stock stock;
	unsigned first = step * (DEMO_ITEMS / ITEM_STEPS);
	if (object_exists(ch->txn, OBJECT_CUSTOMER, RECORD_FIRST_ID))
		return err_set(
			e, ERR_INPUT,
			"the desk has customers already: make the demonstration in a new one");
	for (size_t i = 0; !step && i < sizeof(shop_rows) / sizeof(shop_rows[0]); i++)
		if (make_row(ch, shop_rows[i], e) < 0)
			return -1;
	demo_stock(demo, &stock);
	for (unsigned i = first; i < first + DEMO_ITEMS / ITEM_STEPS; i++)
		if (make_item(ch, i, &stock, e) < 0)
			return -1;
	return 1;
}

/* ---- customers ---- */

struct making {
	struct change *ch;
	const struct demo *demo;
	uint64_t shop, number; /* of the customer, from 0 */
	struct demo_dice dice;
	const struct demo_country *country;
	Rec__Customer *customer;
};

static char *text(struct making *m, const char *s)
{
	return arena_str(m->ch->arena, slice_str(s));
}

static bool one_in(struct making *m, uint64_t n)
{
	return demo_throw(&m->dice, n) == 0;
}

static unsigned upto(struct making *m, unsigned n)
{
	return (unsigned)demo_throw(&m->dice, n);
}

static int letter(struct making *m)
{
	return 'A' + (int)upto(m, 26);
}

/* Each country's form: 10115, BS3 4AB, 1011 AB. */
static char *postcode(struct making *m)
{
	const char *form = m->country->postcode;
	struct arena *a = m->ch->arena;
	if (form[0] == 'B')
		return arena_printf(a, "BS%u %u%c%c", 1 + upto(m, 48), 1 + upto(m, 9), letter(m),
				    letter(m));
	if (strchr(form, 'c'))
		return arena_printf(a, "%04u %c%c", 1000 + upto(m, 9000), letter(m), letter(m));
	return form[2] == '4' ? arena_printf(a, "%04u", 1000 + upto(m, 9000))
			      : arena_printf(a, "%05u", 1000 + upto(m, 98999));
}

static Rec__Address *address(struct making *m)
{
	Rec__Address *made = ARENA_NEW(m->ch->arena, Rec__Address);
	bool number_first = m->country->code[0] == 'G' || m->country->code[0] == 'F';
	const char *street = demo_word(m->country->streets, &m->dice);
	unsigned number = 1 + upto(m, 240);
	rec__address__init(made);
	made->name = m->customer->name;
	made->company = m->customer->company;
	made->lines = ARENA_NEW(m->ch->arena, char *);
	made->lines[0] = number_first ? arena_printf(m->ch->arena, "%u %s", number, street)
				      : arena_printf(m->ch->arena, "%s %u", street, number);
	made->n_lines = 1;
	made->postcode = postcode(m);
	made->city = text(m, demo_word(m->country->cities, &m->dice));
	made->country = text(m, m->country->code);
	return made;
}

static void add_addresses(struct making *m)
{
	Rec__Customer *customer = m->customer;
	customer->addresses = ARENA_ARRAY(m->ch->arena, 2, Rec__Address *);
	customer->n_addresses = one_in(m, 8) ? 2 : 1;
	for (size_t i = 0; i < customer->n_addresses; i++) {
		Rec__Address *made = customer->addresses[i] = address(m);
		made->roles = ARENA_ARRAY(m->ch->arena, 2, Rec__AddressRole);
		if (i == 0)
			made->roles[made->n_roles++] = REC__ADDRESS_ROLE__ADDRESS_ROLE_BILLING;
		if (i + 1 == customer->n_addresses)
			made->roles[made->n_roles++] = REC__ADDRESS_ROLE__ADDRESS_ROLE_DELIVERY;
	}
}

/* Letters and digits of what a name is folded to, so that it is an address. */
static void put_local(struct buf *out, struct arena *a, const char *name, uint64_t number)
{
	struct buf folded;
	(void)a;
	buf_init(&folded, 1024);
	text_put_folded(&folded, slice_str(name));
	for (size_t i = 0; i < folded.len; i++) {
		char c = folded.ptr[i];
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			buf_putc(out, c);
		else if (c == ' ' && out->len)
			buf_putc(out, '.');
	}
	buf_release(&folded);
	buf_printf(out, "%s%llu", out->len ? "" : "box", (unsigned long long)(number % 100000));
}

static void add_mail(struct making *m)
{
	struct buf local;
	Rec__Customer *customer = m->customer;
	buf_init(&local, 1024);
	put_local(&local, m->ch->arena, customer->name, m->number);
	customer->emails = ARENA_NEW(m->ch->arena, char *);
	customer->emails[0] =
		arena_printf(m->ch->arena, "%s@%s", buf_str(&local), m->country->domain);
	customer->n_emails = 1;
	buf_release(&local);
}

static Rec__Note *note(struct making *m, const char *words, int64_t at)
{
	Rec__Note *made = ARENA_NEW(m->ch->arena, Rec__Note);
	rec__note__init(made);
	made->created_at = at;
	made->text = text(m, words);
	return made;
}

static Rec__ExternalId *external(struct making *m, const char *channel, const char *kind,
				 char *value)
{
	Rec__ExternalId *made = ARENA_NEW(m->ch->arena, Rec__ExternalId);
	rec__external_id__init(made);
	made->channel = text(m, channel);
	made->kind = text(m, kind);
	made->value = value;
	return made;
}

static void add_company(struct making *m)
{
	Rec__Customer *customer = m->customer;
	struct arena *a = m->ch->arena;
	customer->company = arena_printf(a, "%s %s", demo_word(m->country->last, &m->dice),
					 demo_word(demo_trades, &m->dice));
	if (one_in(m, 2))
		customer->trading_name =
			arena_printf(a, "%s's %s", demo_word(m->country->first, &m->dice),
				     demo_word(demo_trades, &m->dice));
	customer->kind = REC__CUSTOMER_TYPE__CUSTOMER_TYPE_RETAILER;
	customer->channel = text(m, "trade");
	customer->terms = text(m, "30d");
	customer->group = text(m, "trade");
	customer->credit_limit = 500000;
	customer->accounts_id = arena_printf(a, "D%llu", (unsigned long long)(100000 + m->number));
}

static void add_channel(struct making *m)
{
	static const char *const channels[] = {"web", "web", "web", "amazon", "ebay"};
	Rec__Customer *customer = m->customer;
	struct arena *a = m->ch->arena;
	customer->channel = text(m, channels[upto(m, 5)]);
	customer->terms = text(m, "PREPAY");
	if (one_in(m, 20))
		customer->group = text(m, "vip");
	if (strcmp(customer->channel, "ebay"))
		return;
	customer->external_ids = ARENA_NEW(a, Rec__ExternalId *);
	customer->external_ids[0] =
		external(m, "ebay", "customer",
			 arena_printf(a, "%s_%llu", customer->language,
				      (unsigned long long)(m->number * 7919 + 11)));
	customer->n_external_ids = 1;
}

static void add_flags(struct making *m)
{
	Rec__Customer *customer = m->customer;
	customer->inactive = one_in(m, 30);
	customer->locked = one_in(m, 100);
	if (customer->locked)
		customer->locked_reason = text(m, "two invoices are open");
	if (one_in(m, 80)) {
		customer->watch = ARENA_NEW(m->ch->arena, Rec__Note *);
		customer->watch[0] =
			note(m, "Allergic to nuts: check every parcel", customer->created_at);
		customer->n_watch = 1;
	}
	if (one_in(m, 10)) {
		customer->notes = ARENA_NEW(m->ch->arena, Rec__Note *);
		customer->notes[0] =
			note(m, demo_word(demo_notes, &m->dice), customer->created_at + HOUR);
		customer->n_notes = 1;
	}
}

static void plan_customer(struct making *m)
{
	Rec__Customer *customer = m->customer = ARENA_NEW(m->ch->arena, Rec__Customer);
	struct arena *a = m->ch->arena;
	m->dice = demo_dice(m->demo->seed, m->number, 0xffffe);
	m->country = &demo_countries[upto(m, 20) < 14 ? upto(m, 3) : upto(m, DEMO_COUNTRIES)];
	rec__customer__init(customer);
	customer->shop = m->shop;
	customer->created_at = DEMO_NOW - (920 + (int64_t)upto(m, 400)) * 24 * HOUR;
	customer->name = arena_printf(a, "%s %s", demo_word(m->country->first, &m->dice),
				      demo_word(m->country->last, &m->dice));
	/* Names double: more different ones than the lists have. */
	if (one_in(m, 4))
		customer->name = arena_printf(a, "%s-%s", customer->name,
					      demo_word(m->country->last, &m->dice));
	customer->language = text(m, m->country->language);
	customer->currency = text(m, m->country->currency);
	customer->phone =
		arena_printf(a, "%s %03u %04u", m->country->phone, upto(m, 1000), upto(m, 10000));
	if (one_in(m, 12))
		add_company(m);
	else
		add_channel(m);
	add_mail(m);
	add_addresses(m);
	add_flags(m);
}

/* ---- orders ---- */

static Rec__Line *make_line(struct making *m, const struct demo_line *plan, int64_t at)
{
	Rec__Line *line = ARENA_NEW(m->ch->arena, Rec__Line);
	rec__line__init(line);
	line->sku = demo_sku(m->ch->arena, plan->item);
	line->name = demo_item(m->ch->arena, plan->item);
	line->quantity = plan->quantity;
	line->unit_price = demo_price(plan->item);
	line->vat_category = text(m, "S");
	line->vat_rate = plan->item % 10 == 0 || plan->item % 10 == 5 ? 70000 : 190000;
	line->state = plan->state;
	line->reserved = plan->reserved;
	line->line_at = at;
	line->state_at = at + 2 * HOUR;
	line->reserved_at = plan->reserved ? at + HOUR : 0;
	if (plan->state == REC__LINE_STATE__LINE_STATE_RET)
		line->origin = REC__LINE_STATE__LINE_STATE_AUS;
	return line;
}

static void add_lines(struct making *m, const struct demo_order *plan, Rec__Order *order)
{
	order->lines = ARENA_ARRAY(m->ch->arena, plan->n_lines, Rec__Line *);
	order->n_lines = plan->n_lines;
	for (size_t i = 0; i < plan->n_lines; i++) {
		order->lines[i] = make_line(m, &plan->lines[i], plan->ordered_at);
		order->lines[i]->number = (uint32_t)i + 1;
		if (order->kind == REC__ORDER_TYPE__ORDER_TYPE_B2B)
			order->lines[i]->unit_price = order->lines[i]->unit_price * 6 / 10;
	}
}

static Rec__Tracking *tracking(struct making *m, uint64_t order, int64_t at)
{
	Rec__Tracking *made = ARENA_NEW(m->ch->arena, Rec__Tracking);
	rec__tracking__init(made);
	made->carrier = text(m, "dhl");
	made->code = arena_printf(m->ch->arena, "JVGL%010llu",
				  (unsigned long long)((m->number << 7 | order) * 2654435761u %
						       UINT64_C(10000000000)));
	made->created_at = at;
	return made;
}

static void add_marks(struct making *m, uint64_t number, const struct demo_order *plan,
		      Rec__Order *order)
{
	struct arena *a = m->ch->arena;
	if (plan->shipped) {
		order->tracking = ARENA_NEW(a, Rec__Tracking *);
		order->tracking[0] = tracking(m, number, plan->ordered_at + 5 * HOUR);
		order->n_tracking = 1;
	}
	if (strcmp(order->channel, "trade")) {
		order->external_ids = ARENA_NEW(a, Rec__ExternalId *);
		order->external_ids[0] =
			external(m, order->channel, "order",
				 arena_printf(a, "%03llu-%07llu-%03llu",
					      (unsigned long long)(m->number / 10000000 + 100),
					      (unsigned long long)(m->number % 10000000),
					      (unsigned long long)number));
		order->n_external_ids = 1;
	}
	if (one_in(m, 15)) {
		order->comments = ARENA_NEW(a, Rec__Note *);
		order->comments[0] =
			note(m, demo_word(demo_comments, &m->dice), plan->ordered_at + HOUR);
		order->n_comments = 1;
	}
}

static int make_shipment(struct making *m, const struct demo_order *plan, Rec__Order *order,
			 struct err *e)
{
	Rec__Shipment shipment;
	struct arena *a = m->ch->arena;
	rec__shipment__init(&shipment);
	shipment.customer = order->customer;
	shipment.order = order->id;
	shipment.state = REC__SHIPMENT_STATE__SHIPMENT_STATE_SHIPPED;
	shipment.carrier = text(m, "dhl");
	shipment.tracking = order->tracking;
	shipment.n_tracking = order->n_tracking;
	shipment.provider = text(m, plan->by_provider ? "depot" : "");
	shipment.created_at = plan->ordered_at + 4 * HOUR;
	shipment.shipped_at = plan->ordered_at + 5 * HOUR;
	shipment.lines = ARENA_ARRAY(a, order->n_lines, Rec__ShipmentLine *);
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		if (line->state != REC__LINE_STATE__LINE_STATE_AUS &&
		    line->state != REC__LINE_STATE__LINE_STATE_FUS &&
		    line->state != REC__LINE_STATE__LINE_STATE_RET)
			continue;
		Rec__ShipmentLine *sent = ARENA_NEW(a, Rec__ShipmentLine);
		rec__shipment_line__init(sent);
		sent->number = line->number;
		sent->sku = line->sku;
		sent->quantity = line->quantity;
		shipment.lines[shipment.n_lines++] = sent;
	}
	if (object_number(m->ch, OBJECT_SHIPMENT, &shipment.id, e) < 0)
		return -1;
	return object_create(m->ch, OBJECT_SHIPMENT, shipment.id, &shipment.base, "shipped", e);
}

static int make_order(struct making *m, uint64_t number, struct err *e)
{
	static const char *const payments[] = {"bank", "card"};
	const Rec__Customer *customer = m->customer;
	Rec__Order *order = ARENA_NEW(m->ch->arena, Rec__Order);
	struct demo_order plan;
	bool trade = customer->kind == REC__CUSTOMER_TYPE__CUSTOMER_TYPE_RETAILER;
	demo_plan(m->demo, m->number, number, &plan);
	m->dice = demo_dice(m->demo->seed, m->number, 0x80000 | number);
	rec__order__init(order);
	order->shop = m->shop;
	order->customer = customer->id;
	order->channel = customer->channel;
	order->terms = customer->terms;
	order->currency = customer->currency;
	order->kind = trade ? REC__ORDER_TYPE__ORDER_TYPE_B2B : REC__ORDER_TYPE__ORDER_TYPE_B2C;
	order->payment_type = text(m, trade ? "invoice"
				      : plan.lines[0].state == REC__LINE_STATE__LINE_STATE_HAL
					      ? "bank"
					      : payments[upto(m, 2)]);
	order->billing = customer->addresses[0];
	order->shipping = customer->addresses[customer->n_addresses - 1];
	order->shipping_cost = upto(m, 3) ? 490 : 0;
	order->ordered_at = order->created_at = plan.ordered_at;
	order->urgent = one_in(m, 60);
	order->provider = text(m, plan.by_provider ? "depot" : "");
	add_lines(m, &plan, order);
	add_marks(m, number, &plan, order);
	if (order_create(m->ch, order, e) < 0)
		return -1;
	if (!plan.shipped)
		return 1;
	if (make_shipment(m, &plan, order, e) < 0)
		return -1;
	return 1;
}

static int make_customer(struct making *m, struct err *e)
{
	uint64_t orders = demo_orders(m->demo, m->number);
	plan_customer(m);
	if (customer_create(m->ch, m->customer, e) < 0)
		return -1;
	for (uint64_t order = 0; order < orders; order++)
		if (make_order(m, order, e) < 0)
			return -1;
	return 1;
}

int demo_make(struct change *ch, const struct demo *demo, uint64_t *next, struct err *e)
{
	struct shop_list shops;
	struct making m = {.ch = ch, .demo = demo};
	size_t puts = 0;
	if (demo->customers < 1 || demo->customers > DEMO_CUSTOMERS_MAX ||
	    demo->orders > DEMO_ORDERS_MAX)
		return err_set(e, ERR_INPUT, "1 to %d customers with 0 to %d orders each",
			       DEMO_CUSTOMERS_MAX, DEMO_ORDERS_MAX);
	if (shop_list(ch->txn, ch->arena, &shops, e) < 0)
		return -1;
	if (shops.n == 0)
		return err_set(e, ERR_INPUT, "the desk has no shop");
	if (*next < ITEM_STEPS)
		return make_shop(ch, demo, (unsigned)(*next)++, e);
	m.shop = shops.items[0]->id;
	for (m.number = *next - ITEM_STEPS; m.number < demo->customers; m.number++) {
		puts += PUTS_CUSTOMER + PUTS_ORDER * demo_orders(demo, m.number);
		if (puts > PUTS_MAX && m.number > *next - ITEM_STEPS)
			break;
		if (make_customer(&m, e) < 0)
			return -1;
	}
	*next = m.number + ITEM_STEPS;
	return m.number < demo->customers;
}
