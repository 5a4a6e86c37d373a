/* SPDX-License-Identifier: ISC */
#include "record/order_edit.h"

#include <assert.h>

#include "order_private.h"
#include "record/customer.h"
#include "record/item.h"
#include "record/order_money.h"
#include "record/price.h"
#include "record/shop.h"
#include "record/shop_table.h"

#define STATE(name) REC__LINE_STATE__LINE_STATE_##name
#define BIT(name) LINE_BIT(STATE(name))

/* ---- a new order ---- */

struct making {
	struct change *ch;
	const struct order_wish *wish;
	Rec__Customer *customer;
	Rec__Shop *shop;	/* null: none */
	const Rec__Order *last; /* null: the first order */
	struct slice payment_type, season, channel;
};

static int need_row(struct making *m, enum shop_table table, struct slice wish, struct slice *name,
		    struct err *e)
{
	*name = wish;
	return wish.len ? shop_row_need(m->ch->txn, m->ch->arena, table, name, e) : 1;
}

static int load_shop(struct making *m, struct err *e)
{
	struct shop_list shops;
	int got = shop_load(m->ch->txn, m->ch->arena, m->customer->shop, &m->shop, e);
	if (got != 0)
		return got;
	if (shop_list(m->ch->txn, m->ch->arena, &shops, e) < 0)
		return -1;
	m->shop = shops.n ? shops.items[0] : NULL;
	return 1;
}

static int begin(struct making *m, struct err *e)
{
	struct change *ch = m->ch;
	struct customer_orders orders;
	uint64_t id = m->wish->customer;
	int got = customer_resolve(ch->txn, ch->arena, id, &m->customer, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no customer C%llu", (unsigned long long)id);
	if (got < 0 || customer_open_check(m->customer, e) < 0 || load_shop(m, e) < 0)
		return -1;
	if (need_row(m, SHOP_TABLE_PAYMENT_TYPE, m->wish->payment_type, &m->payment_type, e) < 0 ||
	    need_row(m, SHOP_TABLE_SEASON, m->wish->season, &m->season, e) < 0 ||
	    need_row(m, SHOP_TABLE_CHANNEL, m->wish->channel, &m->channel, e) < 0)
		return -1;
	if (m->wish->currency.len && money_exponent(m->wish->currency) < 0)
		return err_set(e, ERR_INPUT, "\"%.*s\" is no ISO 4217 currency",
			       SLICE_ARG(m->wish->currency));
	if (customer_orders(ch->txn, ch->arena, m->customer->id, 1, &orders, e) < 0)
		return -1;
	m->last = orders.n ? orders.items[0] : NULL;
	return 1;
}

int order_new_check(struct change *ch, const struct order_wish *wish, struct err *e)
{
	struct making m = {.ch = ch, .wish = wish};
	return begin(&m, e);
}

static Rec__Address *copy_address(struct arena *a, const Rec__Address *address)
{
	if (!address)
		return NULL;
	Rec__Address *copy = ARENA_NEW(a, Rec__Address);
	*copy = *address;
	return copy;
}

static char *first_of(struct arena *a, struct slice wish, const char *last, const char *other)
{
	if (wish.len)
		return arena_str(a, wish);
	return arena_str(a, slice_str(last && last[0] ? last : other));
}

static void fill_addresses(struct making *m, Rec__Order *order)
{
	const Rec__Address *billing =
		customer_address(m->customer, REC__ADDRESS_ROLE__ADDRESS_ROLE_BILLING);
	const Rec__Address *delivery =
		customer_address(m->customer, REC__ADDRESS_ROLE__ADDRESS_ROLE_DELIVERY);
	if (m->last && m->last->billing)
		billing = m->last->billing;
	if (m->last && m->last->shipping)
		delivery = m->last->shipping;
	order->billing = copy_address(m->ch->arena, billing);
	order->shipping = copy_address(m->ch->arena, delivery);
}

/* Retailers see net prices; type and currency cannot change later (RECORD.md 1.6). */
static int fill(struct making *m, Rec__Order *order, struct err *e)
{
	struct arena *a = m->ch->arena;
	const Rec__Order *last = m->last;
	Rec__Channel *channel = NULL;
	rec__order__init(order);
	order->customer = m->customer->id;
	order->shop = m->shop ? m->shop->id : 0;
	order->kind = m->customer->kind == REC__CUSTOMER_TYPE__CUSTOMER_TYPE_RETAILER
			      ? REC__ORDER_TYPE__ORDER_TYPE_B2B
			      : REC__ORDER_TYPE__ORDER_TYPE_B2C;
	order->channel = first_of(a, m->channel, m->customer->channel, last ? last->channel : "");
	if (channel_load(m->ch->txn, a, slice_str(order->channel), &channel, e) < 0)
		return -1;
	order->currency = first_of(a, m->wish->currency, m->customer->currency,
				   m->shop ? m->shop->currency : "");
	order->payment_type = first_of(a, m->payment_type, last ? last->payment_type : "",
				       channel ? channel->payment_type : "");
	order->shipping_vendor = arena_str(a, slice_str(last ? last->shipping_vendor : ""));
	order->season = arena_str(a, m->season);
	order->terms = first_of(a, SLICE(""), m->customer->terms, channel ? channel->terms : "");
	order->ordered_at = m->ch->now;
	fill_addresses(m, order);
	return 1;
}

int order_new(struct change *ch, const struct order_wish *wish, Rec__Order **order, struct err *e)
{
	struct making m = {.ch = ch, .wish = wish};
	*order = ARENA_NEW(ch->arena, Rec__Order);
	if (begin(&m, e) < 0 || fill(&m, *order, e) < 0 || order_create(ch, *order, e) < 0)
		return -1;
	change_event(ch, "order.created", 'O', (*order)->id, SLICE(""));
	return 1;
}

/* ---- lines ---- */

static int may_add(struct change *ch, const Rec__Order *order, struct err *e)
{
	Rec__Customer *customer;
	unsigned long long id = order->id;
	if (order_alive(order, e) < 0)
		return -1;
	if (order_states(order) & (BIT(AUS) | BIT(FUS) | BIT(RET)))
		return err_set(e, ERR_INPUT,
			       "part of O%llu was shipped: nothing can be added, make a new order",
			       id);
	if (order_status(order) == ORDER_CLOSED)
		return err_set(e, ERR_INPUT, "O%llu is closed: nothing can be added", id);
	int got = customer_resolve(ch->txn, ch->arena, order->customer, &customer, e);
	return got <= 0 ? got : customer_open_check(customer, e);
}

/* How many pieces of it the wares before this one take. */
static int64_t taken_before(const struct order_adding *adding, size_t i)
{
	int64_t taken = 0;
	for (size_t k = 0; k < i; k++)
		if (slice_eq(adding->wares[k].sku, adding->wares[i].sku))
			taken += adding->wares[k].quantity;
	return taken;
}

#define QUANTITY_MAX 1000000

static int may_sell(struct change *ch, const struct order_adding *adding, size_t i, struct err *e)
{
	const struct order_ware *ware = &adding->wares[i];
	Rec__Item *item;
	if (ware->quantity < 1 || ware->quantity > QUANTITY_MAX)
		return err_set(e, ERR_INPUT, "a line has 1 to %d pieces, not %lld", QUANTITY_MAX,
			       (long long)ware->quantity);
	if (item_need(ch->txn, ch->arena, ware->sku, &item, e) < 0)
		return -1;
	int64_t free = item_available(item) - taken_before(adding, i);
	if (!adding->stocked || ware->quantity <= free)
		return 1;
	return err_set(e, ERR_INPUT, "%lld of %s are wanted, %lld are free (#add takes more)",
		       (long long)ware->quantity, item->sku, (long long)(free > 0 ? free : 0));
}

int order_add_check(struct change *ch, const Rec__Order *order, const struct order_adding *adding,
		    struct err *e)
{
	if (may_add(ch, order, e) < 0)
		return -1;
	for (size_t i = 0; i < adding->n; i++)
		if (may_sell(ch, adding, i, e) < 0)
			return -1;
	return 1;
}

static int add_line(struct change *ch, Rec__Order *order, const struct order_ware *ware,
		    struct err *e)
{
	Rec__Line *line = ARENA_NEW(ch->arena, Rec__Line);
	rec__line__init(line);
	line->number = order_next_number(order);
	line->sku = arena_str(ch->arena, ware->sku);
	line->quantity = ware->quantity;
	line->line_at = ch->now;
	line->state_at = ch->now;
	if (line_move(line, LINE_ADD, STATE(NEW), e) < 0 || price_line(ch, order, line, e) < 0)
		return -1;
	order_append(ch->arena, order, line);
	return 1;
}

int order_add(struct change *ch, const struct order_adding *adding, struct err *e)
{
	struct object_step row = {.event = "add"};
	Rec__Order *order;
	if (order_take(ch, adding->order, &order, e) < 0 ||
	    order_add_check(ch, order, adding, e) < 0)
		return -1;
	for (size_t i = 0; i < adding->n; i++)
		if (add_line(ch, order, &adding->wares[i], e) < 0)
			return -1;
	return order_store(ch, order, &row, e) < 0 ? -1 : 1;
}

/* ---- the end ---- */

int order_delete_check(struct change *ch, const Rec__Order *order, struct err *e)
{
	unsigned long long id = order->id;
	if (order_alive(order, e) < 0)
		return -1;
	if (order_states(order) & ~(BIT(STO) | BIT(NLB)))
		return err_set(e, ERR_INPUT,
			       "O%llu cannot be deleted: only an order without lines, or with all "
			       "of them cancelled, can (#cancel O%llu)",
			       id, id);
	int got = order_referred(ch, order, e);
	if (got <= 0)
		return got < 0 ? -1 : 1;
	return err_set(e, ERR_INPUT,
		       "O%llu cannot be deleted: an invoice or a payment belongs to it", id);
}

int order_delete(struct change *ch, uint64_t id, struct slice reason, struct err *e)
{
	struct object_step row = {.event = "delete", .reason = reason};
	Rec__Order *order;
	if (order_take(ch, id, &order, e) < 0 || order_delete_check(ch, order, e) < 0)
		return -1;
	order->deleted_at = ch->now;
	return order_store(ch, order, &row, e) < 0 ? -1 : 1;
}
