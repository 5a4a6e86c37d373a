/* SPDX-License-Identifier: ISC */
#include "record/item.h"

#include <assert.h>

#include "object.h"
#include "order_work.h"
#include "record/history.h"
#include "record/line.h"

#define NEAR_ROWS 200 /* how many neighbours are looked at for "did you mean" */

int item_load(struct txn *txn, struct arena *a, struct slice sku, Rec__Item **item, struct err *e)
{
	ProtobufCMessage *message;
	*item = NULL;
	if (sku.len == 0 || sku.len > ITEM_SKU_MAX)
		return 0;
	int got = object_load_key(txn, a, OBJECT_ITEM, sku, &message, e);
	*item = got > 0 ? (Rec__Item *)message : NULL;
	return got;
}

int item_lock(struct txn *txn, struct arena *a, struct slice sku, Rec__Item **item, struct err *e)
{
	struct slice value;
	*item = NULL;
	if (sku.len == 0 || sku.len > ITEM_SKU_MAX)
		return 0;
	int got = store_get_rmw(txn, objects[OBJECT_ITEM].table, sku, &value, e);
	if (got <= 0)
		return got;
	*item = (Rec__Item *)schema_unpack(a, &rec__item__descriptor, value, e);
	return *item ? 1 : -1;
}

/* The nearest of the SKUs that begin alike; a slip in the first letters is not found. */
static struct slice nearest(struct txn *txn, struct arena *a, struct slice sku)
{
	struct store_range range = {.prefix = slice_sub(sku, 0, sku.len < 3 ? 1 : 2)};
	struct store_cursor *cursor;
	struct store_row row;
	struct slice found = SLICE("");
	size_t best = 3;
	if (store_cursor_open(txn, objects[OBJECT_ITEM].table, STORE_PRIMARY, &range, &cursor,
			      NULL) < 0)
		return found;
	for (int i = 0; i < NEAR_ROWS && store_next(cursor, &row, NULL) > 0; i++) {
		size_t distance = text_distance(sku, row.key);
		if (distance >= best)
			continue;
		best = distance;
		found = arena_copy(a, row.key);
	}
	store_cursor_close(&cursor);
	return found;
}

int item_need(struct txn *txn, struct arena *a, struct slice sku, Rec__Item **item, struct err *e)
{
	int got = item_load(txn, a, sku, item, e);
	if (got != 0)
		return got;
	struct slice other = sku.len ? nearest(txn, a, sku) : SLICE("");
	sku = slice_sub(sku, 0, ITEM_SKU_MAX);
	if (other.len)
		return err_set(e, ERR_INPUT, "there is no item \"%.*s\"; did you mean \"%.*s\"?",
			       SLICE_ARG(sku), SLICE_ARG(other));
	return err_set(e, ERR_INPUT, "there is no item \"%.*s\"", SLICE_ARG(sku));
}

int64_t item_available(const Rec__Item *item)
{
	return item->on_hand - item->reserved;
}

/* ---- storing ---- */

bool item_adds_up(const Rec__Item *item)
{
	__int128 sum =
		(__int128)item->received - item->shipped + item->restocked - item->written_off;
	return sum == item->on_hand;
}

void item_settle(Rec__Item *item, int64_t on_hand)
{
	__int128 sum =
		(__int128)item->received - item->shipped + item->restocked - item->written_off;
	__int128 difference = on_hand - sum;
	int64_t *counter = difference > 0 ? &item->received : &item->written_off;
	__int128 value = *counter + (difference > 0 ? difference : -difference);
	/* What cannot be counted is left as it is, and refused when it is stored. */
	if (value <= INT64_MAX)
		*counter = (int64_t)value;
	item->on_hand = on_hand;
}

static int check_currency(const char *currency, struct err *e)
{
	if (money_exponent(slice_str(currency)) >= 0)
		return 1;
	return err_set(e, ERR_INPUT, "\"currency\": \"%s\" is no ISO 4217 currency", currency);
}

static int check_prices(const Rec__Item *item, struct err *e)
{
	if (item->n_prices > ITEM_PRICES_MAX)
		return err_set(e, ERR_INPUT, "\"prices\": an item has at most %d", ITEM_PRICES_MAX);
	for (size_t i = 0; i < item->n_prices; i++) {
		if (item->prices[i]->amount < 0)
			return err_set(e, ERR_INPUT, "prices[%zu]: \"amount\" must not be negative",
				       i);
		if (check_currency(item->prices[i]->currency, e) < 0)
			return err_prefix(e, "prices[%zu]", i);
	}
	return 1;
}

static int check_counters(const Rec__Item *item, struct err *e)
{
	const struct {
		const char *name;
		int64_t value;
	} counters[] = {{"received", item->received},
			{"shipped", item->shipped},
			{"restocked", item->restocked},
			{"written_off", item->written_off},
			{"reserved", item->reserved}};
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		if (counters[i].value < 0)
			return err_set(e, ERR_INPUT, "\"%s\" must not be negative",
				       counters[i].name);
	if (!item_adds_up(item))
		return err_set(e, ERR_INPUT,
			       "\"on_hand\" must be received - shipped + restocked - written_off");
	if (item->reserved > 0 && item->reserved > item->on_hand)
		return err_set(e, ERR_INPUT,
			       "\"on_hand\" must be at least the %lld pieces that orders have "
			       "reserved",
			       (long long)item->reserved);
	return 1;
}

static int item_check(const Rec__Item *item, struct err *e)
{
	size_t length = strlen(item->sku);
	if (length == 0 || length > ITEM_SKU_MAX)
		return err_set(e, ERR_INPUT, "\"sku\" must have 1 to %d bytes", ITEM_SKU_MAX);
	if (item->price < 0)
		return err_set(e, ERR_INPUT, "\"price\" must not be negative");
	if (item->currency[0] && check_currency(item->currency, e) < 0)
		return -1;
	return check_prices(item, e) < 0 ? -1 : check_counters(item, e);
}

static int save(struct change *ch, Rec__Item *item, const char *event, struct slice reason,
		struct err *e)
{
	Rec__Item *old;
	if (item_check(item, e) < 0)
		return -1;
	struct slice sku = slice_str(item->sku);
	int got = item_lock(ch->txn, ch->arena, sku, &old, e);
	if (got < 0)
		return -1;
	struct history_entry entry = {
		.object = arena_printf(ch->arena, "item:%s", item->sku),
		.event = old ? event : "create",
		.reason = reason,
		.old = old ? &old->base : NULL,
		.new = &item->base,
	};
	/* What a file says of a new item stays as it says. */
	if (old)
		item->updated_at = ch->now;
	got = history_add(ch, &entry, e);
	if (got <= 0)
		return got;
	return store_put(ch->txn, objects[OBJECT_ITEM].table, sku,
			 schema_pack_in(ch->arena, &item->base), e);
}

int item_save(struct change *ch, Rec__Item *item, const char *event, struct err *e)
{
	return save(ch, item, event, SLICE(""), e);
}

int item_adjust_check(const Rec__Item *item, const struct item_adjustment *adjustment,
		      struct err *e)
{
	int64_t free;
	if (!adjustment->receive && !adjustment->restock && !adjustment->write_off)
		return err_set(e, ERR_INPUT,
			       "nothing is to be changed: write receive=, restock= or writeoff=");
	assert(adjustment->receive >= 0 && adjustment->restock >= 0 && adjustment->write_off >= 0);
	if (money_add(item_available(item), adjustment->receive, &free, e) < 0 ||
	    money_add(free, adjustment->restock, &free, e) < 0)
		return -1;
	/* What an order has reserved is not there to be written off. */
	if (!adjustment->write_off || adjustment->write_off <= free)
		return 1;
	return err_set(e, ERR_INPUT,
		       "%lld of %s cannot be written off: %lld are on hand, %lld of them reserved",
		       (long long)adjustment->write_off, item->sku, (long long)item->on_hand,
		       (long long)item->reserved);
}

int item_adjust(struct change *ch, struct slice sku, const struct item_adjustment *adjustment,
		Rec__Item **item, struct err *e)
{
	int got = item_lock(ch->txn, ch->arena, sku, item, e);
	if (got == 0)
		got = item_need(ch->txn, ch->arena, sku, item, e);
	if (got < 0 || item_adjust_check(*item, adjustment, e) < 0 ||
	    money_add((*item)->received, adjustment->receive, &(*item)->received, e) < 0 ||
	    money_add((*item)->restocked, adjustment->restock, &(*item)->restocked, e) < 0 ||
	    money_add((*item)->written_off, adjustment->write_off, &(*item)->written_off, e) < 0)
		return -1;
	(*item)->on_hand += adjustment->receive + adjustment->restock - adjustment->write_off;
	return save(ch, *item, "stock", adjustment->reason, e);
}

/* ---- who waits for it ---- */

bool item_line_open(const Rec__Line *line)
{
	return !line_is_final(line->state) && line->state != REC__LINE_STATE__LINE_STATE_NONE &&
	       line->state != REC__LINE_STATE__LINE_STATE_MIN;
}

int item_orders(struct txn *txn, struct arena *a, struct slice sku, size_t limit,
		struct item_orders *orders, struct err *e)
{
	struct store_key key = {.len = 0};
	order_work_item(&key, sku);
	struct object_query query = {
		.type = OBJECT_ORDER,
		.index = ORDER_BY_WORK,
		.range = {.prefix = store_key_slice(&key)},
		.limit = limit < ITEM_ORDERS_MAX ? limit : ITEM_ORDERS_MAX,
		.count = true,
	};
	struct object_list found;
	if (object_list(txn, a, &query, &found, e) < 0)
		return -1;
	*orders = (struct item_orders){ARENA_ARRAY(a, found.n, Rec__Order *), found.n, found.total};
	assert(orders->n <= orders->total);
	for (size_t i = 0; i < found.n; i++)
		orders->items[i] = (Rec__Order *)found.items[i];
	return 1;
}
