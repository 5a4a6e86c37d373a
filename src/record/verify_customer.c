/* SPDX-License-Identifier: ISC */
#include "order_work.h"
#include "record/customer.h"
#include "record/item.h"
#include "verify_private.h"

/* ---- a customer ---- */

static uint64_t parent(const ProtobufCMessage *message)
{
	return ((const Rec__Customer *)message)->parent;
}

static uint64_t merged_into(const ProtobufCMessage *message)
{
	return ((const Rec__Customer *)message)->merged_into;
}

/* CP-47: each role has one address. */
static void roles(struct verify *v, const Rec__Customer *customer)
{
	unsigned seen = 0, twice = 0;
	for (size_t i = 0; i < customer->n_addresses; i++)
		for (size_t k = 0; k < customer->addresses[i]->n_roles; k++) {
			unsigned bit = 1u << ((unsigned)customer->addresses[i]->roles[k] & 31u);
			twice |= seen & bit;
			seen |= bit;
		}
	if (twice)
		verify_found(v, "two of its addresses have one role");
}

void verify_customer(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Customer *customer = (const Rec__Customer *)message;
	verify_exists(v, OBJECT_SHOP, customer->shop, "shop");
	verify_exists(v, OBJECT_CUSTOMER, customer->parent, "parent");
	verify_exists(v, OBJECT_CUSTOMER, customer->merged_into, "merged_into");
	verify_chain(v, OBJECT_CUSTOMER, customer->id, parent, "parent");
	verify_chain(v, OBJECT_CUSTOMER, customer->id, merged_into, "merged_into");
	roles(v, customer);
	if (customer->accounts_id[0]) {
		struct store_key key = {.len = 0};
		object_key_folded(&key, slice_str(customer->accounts_id));
		verify_first(v, OBJECT_CUSTOMER, CUSTOMER_BY_ACCOUNTS, &key, customer->id,
			     "accounts id");
	}
	for (size_t i = 0; i < customer->n_external_ids && !customer->merged_into; i++) {
		struct store_key key = {.len = 0};
		object_key_external(&key, customer->external_ids[i], "customer");
		verify_first(v, OBJECT_CUSTOMER, CUSTOMER_BY_EXTERNAL, &key, customer->id,
			     "external id");
	}
}

/* ---- an item ---- */

static int64_t reserved_in(const Rec__Order *order, const char *sku)
{
	int64_t pieces = 0;
	for (size_t i = 0; i < order->n_lines; i++)
		if (strcmp(order->lines[i]->sku, sku) == 0)
			pieces += order->lines[i]->reserved;
	return pieces;
}

/*
 * Over the index of orders with open lines of it: that the index is whole is
 * what store_verify proves, and that no other line reserves what verify_order
 * does.  Orders come and go one by one, since there may be many.
 */
static int64_t reserved_by_lines(struct verify *v, const char *sku)
{
	struct arena *a = arena_open();
	struct store_key key = {.len = 0};
	struct store_cursor *cursor;
	struct store_row row;
	int64_t pieces = 0;
	order_work_item(&key, slice_str(sku));
	struct store_range range = {.prefix = store_key_slice(&key)};
	if (store_cursor_open(v->txn, objects[OBJECT_ORDER].table, ORDER_BY_WORK, &range, &cursor,
			      NULL) > 0) {
		while (store_next(cursor, &row, NULL) > 0) {
			arena_clear(a);
			const ProtobufCMessage *order =
				schema_unpack(a, objects[OBJECT_ORDER].descriptor, row.value, NULL);
			if (order)
				pieces += reserved_in((const Rec__Order *)order, sku);
		}
		store_cursor_close(&cursor);
	}
	arena_close(&a);
	return pieces;
}

/* RECORD.md 3.18, 3.19 */
void verify_item(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Item *item = (const Rec__Item *)message;
	__int128 sum =
		(__int128)item->received - item->shipped + item->restocked - item->written_off;
	int64_t reserved = reserved_by_lines(v, item->sku);
	if (sum != item->on_hand)
		verify_found(v,
			     "its %lld on hand are not received - shipped + restocked - "
			     "written_off",
			     (long long)item->on_hand);
	if (item->received < 0 || item->shipped < 0 || item->restocked < 0 || item->written_off < 0)
		verify_found(v, "one of its counters is negative");
	if (item->reserved != reserved)
		verify_found(v, "it counts %lld reserved, the lines of its orders %lld",
			     (long long)item->reserved, (long long)reserved);
	if (item->on_hand < 0 || item->reserved < 0 || item->reserved > item->on_hand)
		verify_found(v, "%lld are reserved, %lld on hand", (long long)item->reserved,
			     (long long)item->on_hand);
}
