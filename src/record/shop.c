/* SPDX-License-Identifier: ISC */
#include "record/shop.h"

#include "mail/envelope.h"
#include "object.h"
#include "record/vat.h"

static int as_shop(int got, ProtobufCMessage *message, Rec__Shop **shop)
{
	*shop = got > 0 ? (Rec__Shop *)message : NULL;
	return got;
}

int shop_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Shop **shop, struct err *e)
{
	ProtobufCMessage *message;
	int got = object_load(txn, a, OBJECT_SHOP, id, &message, e);
	return as_shop(got, message, shop);
}

static int find_by(struct txn *txn, struct arena *a, int index, struct slice text, Rec__Shop **shop,
		   struct err *e)
{
	struct store_key key = {.len = 0};
	object_key_folded(&key, text);
	struct object_query query = {
		.type = OBJECT_SHOP,
		.index = index,
		.range = {.prefix = store_key_slice(&key)},
	};
	ProtobufCMessage *message;
	int got = object_find(txn, a, &query, &message, e);
	return as_shop(got, message, shop);
}

int shop_find_address(struct txn *txn, struct arena *a, struct slice address, Rec__Shop **shop,
		      struct err *e)
{
	return find_by(txn, a, SHOP_BY_ADDRESS, address, shop, e);
}

int shop_find_name(struct txn *txn, struct arena *a, struct slice name, Rec__Shop **shop,
		   struct err *e)
{
	return find_by(txn, a, SHOP_BY_NAME, name, shop, e);
}

int shop_list(struct txn *txn, struct arena *a, struct shop_list *list, struct err *e)
{
	struct object_query query = {
		.type = OBJECT_SHOP, .index = STORE_PRIMARY, .limit = SHOP_LIST_MAX};
	struct object_list found;
	if (object_list(txn, a, &query, &found, e) < 0)
		return -1;
	*list = (struct shop_list){ARENA_ARRAY(a, found.n, Rec__Shop *), found.n};
	for (size_t i = 0; i < found.n; i++)
		list->items[i] = (Rec__Shop *)found.items[i];
	return 1;
}

/* All of this stands in mails that the shop sends: it must be right from the first. */
static int shop_check(const Rec__Shop *shop, struct err *e)
{
	const struct zone *zone;
	if (!shop->name[0])
		return err_set(e, ERR_INPUT, "a shop must have a \"name\"");
	if (!mail_addr_strict(slice_str(shop->address)))
		return err_set(e, ERR_INPUT, "\"address\": \"%s\" is no plain mail address",
			       shop->address);
	if (money_exponent(slice_str(shop->currency)) < 0)
		return err_set(e, ERR_INPUT, "\"currency\": \"%s\" is no ISO 4217 currency",
			       shop->currency);
	if (shop->time_zone[0] && zone_find(slice_str(shop->time_zone), &zone, NULL) < 0)
		return err_set(e, ERR_INPUT, "\"time_zone\": \"%s\" is no time zone",
			       shop->time_zone);
	if (shop->country[0] && !vat_is_country(slice_str(shop->country)))
		return err_set(e, ERR_INPUT, "\"country\": \"%s\" is no ISO 3166-1 code such as NL",
			       shop->country);
	return 1;
}

int shop_save(struct change *ch, Rec__Shop *shop, struct err *e)
{
	struct object_step step = {.event = "edit"};
	if (shop_check(shop, e) < 0)
		return -1;
	if (shop->id && object_exists(ch->txn, OBJECT_SHOP, shop->id))
		return object_save(ch, OBJECT_SHOP, shop->id, &shop->base, &step, e);
	if (object_number(ch, OBJECT_SHOP, &shop->id, e) < 0)
		return -1;
	return object_create(ch, OBJECT_SHOP, shop->id, &shop->base, NULL, e);
}
