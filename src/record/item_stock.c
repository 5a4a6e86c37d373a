/* SPDX-License-Identifier: ISC */
#include "record/item_stock.h"

#include <assert.h>

#include "record/item.h"

static int load(struct change *ch, struct slice sku, Rec__Item **item, struct err *e)
{
	int got = item_lock(ch->txn, ch->arena, sku, item, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no item %.*s", SLICE_ARG(sku));
	return got;
}

static int save(struct change *ch, Rec__Item *item, const char *event, struct err *e)
{
	assert(item->reserved >= 0);
	return item_save(ch, item, event, e) < 0 ? -1 : 1;
}

static int too_few(const Rec__Item *item, int64_t quantity, struct err *e)
{
	return err_set(e, ERR_INPUT, "%lld of %s are needed, %lld of %lld in stock are free",
		       (long long)quantity, item->sku, (long long)(item->on_hand - item->reserved),
		       (long long)item->on_hand);
}

static int come_in(struct change *ch, struct slice sku, int64_t quantity, bool again, struct err *e)
{
	Rec__Item *item;
	assert(quantity > 0);
	if (load(ch, sku, &item, e) < 0 ||
	    money_add(item->on_hand, quantity, &item->on_hand, e) < 0)
		return -1;
	int64_t *counter = again ? &item->restocked : &item->received;
	if (money_add(*counter, quantity, counter, e) < 0)
		return -1;
	return save(ch, item, again ? "restock" : "receive", e);
}

int item_receive(struct change *ch, struct slice sku, int64_t quantity, struct err *e)
{
	return come_in(ch, sku, quantity, false, e);
}

int item_restock(struct change *ch, struct slice sku, int64_t quantity, struct err *e)
{
	return come_in(ch, sku, quantity, true, e);
}

int item_write_off(struct change *ch, struct slice sku, int64_t quantity, struct err *e)
{
	Rec__Item *item;
	assert(quantity > 0);
	if (load(ch, sku, &item, e) < 0)
		return -1;
	if (quantity > item->on_hand - item->reserved)
		return too_few(item, quantity, e);
	item->on_hand -= quantity;
	item->written_off += quantity;
	return save(ch, item, "write_off", e);
}

int item_ship(struct change *ch, struct slice sku, int64_t quantity, int64_t reserved,
	      struct err *e)
{
	Rec__Item *item;
	assert(quantity > 0 && reserved >= 0 && reserved <= quantity);
	if (load(ch, sku, &item, e) < 0)
		return -1;
	if (reserved > item->reserved || quantity - reserved > item->on_hand - item->reserved)
		return too_few(item, quantity, e);
	item->on_hand -= quantity;
	item->reserved -= reserved;
	item->shipped += quantity;
	return save(ch, item, "ship", e);
}

int item_reserve(struct change *ch, struct slice sku, int64_t quantity, int64_t *got, struct err *e)
{
	Rec__Item *item;
	assert(quantity > 0);
	*got = 0;
	if (load(ch, sku, &item, e) < 0)
		return -1;
	int64_t free = item->on_hand - item->reserved;
	if (free <= 0)
		return 1;
	*got = quantity < free ? quantity : free;
	item->reserved += *got;
	return save(ch, item, "reserve", e);
}

/* What an import took away with the item, or counted otherwise, cannot be given back. */
int item_unreserve(struct change *ch, struct slice sku, int64_t quantity, struct err *e)
{
	Rec__Item *item;
	assert(quantity > 0);
	int got = item_lock(ch->txn, ch->arena, sku, &item, e);
	if (got <= 0 || item->reserved <= 0)
		return got < 0 ? -1 : 1;
	item->reserved -= quantity < item->reserved ? quantity : item->reserved;
	return save(ch, item, "unreserve", e);
}

int item_free(struct txn *txn, struct arena *a, struct slice sku, int64_t *free, struct err *e)
{
	Rec__Item *item;
	int got = item_load(txn, a, sku, &item, e);
	*free = got > 0 && item->on_hand > item->reserved ? item->on_hand - item->reserved : 0;
	return got < 0 ? -1 : 1;
}
