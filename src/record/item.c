/* SPDX-License-Identifier: ISC */
#include "record/item.h"

#include "object.h"
#include "record/history.h"

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

static int item_check(const Rec__Item *item, struct err *e)
{
	size_t length = strlen(item->sku);
	if (length == 0 || length > ITEM_SKU_MAX)
		return err_set(e, ERR_INPUT, "\"sku\" must have 1 to %d bytes", ITEM_SKU_MAX);
	if (item->price < 0)
		return err_set(e, ERR_INPUT, "\"price\" must not be negative");
	if (item->currency[0] && money_exponent(slice_str(item->currency)) < 0)
		return err_set(e, ERR_INPUT, "\"currency\": \"%s\" is no ISO 4217 currency",
			       item->currency);
	return 1;
}

int item_save(struct change *ch, Rec__Item *item, const char *event, struct err *e)
{
	Rec__Item *old;
	if (item_check(item, e) < 0)
		return -1;
	struct slice sku = slice_str(item->sku);
	int got = item_load(ch->txn, ch->arena, sku, &old, e);
	if (got < 0)
		return -1;
	struct history_entry entry = {
		.object = arena_printf(ch->arena, "item:%s", item->sku),
		.event = old ? event : "create",
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
