/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "invariants.h"
#include "orders.h"
#include "record/customer_edit.h"
#include "record/dispatch.h"
#include "record/document.h"
#include "record/item.h"
#include "record/object.h"
#include "record/order_edit.h"
#include "record/shipment.h"
#include "record/shop_table.h"
#include "record/verify.h"

/*
 * What fsck proves of the record: each thing is damaged on purpose, behind the
 * back of the functions that would refuse it, and has to be reported.
 */

/* O10006 sent in two boxes, its line 1 split; O10007 with a reservation; O10008 replaces. */
static void make_more(struct change *ch)
{
	struct money_said said = {.invoiced = true};
	struct order_sketch sent = {.lines = {"ANG CUP-2 3", "ANG CUP-2 2"}, .terms = "month"};
	struct order_sketch held = {.lines = {"ANG CUP-2 4", "STO CUP-2 1"}, .terms = "month"};
	struct order_part pieces = {1, 0, 2};
	struct order_step step = {.parts = &pieces, .n_parts = 1};
	struct order_report report;
	Rec__Order *replacement;
	int64_t reserved;
	struct err e;
	money_says(ch, &said);
	stock_item(ch, "CUP-2", 20);
	step.order = order_sketch(ch, &sent);
	if (order_ship(ch, &step, &report, &e) < 0)
		fail_msg("%s", e.text);
	step.n_parts = 0;
	if (order_ship(ch, &step, &report, &e) < 0)
		fail_msg("%s", e.text);
	step.n_parts = 1;
	pieces.quantity = 1;
	struct order_step reserve = {.order = order_sketch(ch, &held)};
	if (order_reserve(ch, &reserve, &reserved, &e) < 0 ||
	    order_replace(ch, &step, &replacement, &e) < 0)
		fail_msg("%s", e.text);
}

static void make_tables(struct change *ch)
{
	ProtobufCMessage *row;
	struct err e;
	if (shop_table_defaults(ch, &e) < 0 ||
	    shop_row_new(ch->arena, SHOP_TABLE_CHANNEL, SLICE("web"), &row, &e) < 0 ||
	    shop_row_save(ch, row, &e) < 0)
		fail_msg("%s", e.text);
}

/* ---- damages ---- */

typedef void damage_fn(ProtobufCMessage *message, struct arena *a);

#define ORDER_DAMAGE(name, what)                                                                   \
	static void name(ProtobufCMessage *message, struct arena *a)                               \
	{                                                                                          \
		Rec__Order *order = (Rec__Order *)message;                                         \
		(void)a;                                                                           \
		what;                                                                              \
	}
#define CUSTOMER_DAMAGE(name, what)                                                                \
	static void name(ProtobufCMessage *message, struct arena *a)                               \
	{                                                                                          \
		Rec__Customer *customer = (Rec__Customer *)message;                                \
		(void)a;                                                                           \
		what;                                                                              \
	}
#define SHIPMENT_DAMAGE(name, what)                                                                \
	static void name(ProtobufCMessage *message, struct arena *a)                               \
	{                                                                                          \
		Rec__Shipment *shipment = (Rec__Shipment *)message;                                \
		(void)a;                                                                           \
		what;                                                                              \
	}

ORDER_DAMAGE(too_much, order->lines[0]->reserved = 5)
ORDER_DAMAGE(negative_reserved, order->lines[0]->reserved = -1)
ORDER_DAMAGE(final_reserves, order->lines[1]->reserved = 1)
ORDER_DAMAGE(min_reserves, order->lines[0]->reserved = -1)
ORDER_DAMAGE(fewer_reserved, order->lines[0]->reserved = 3)
ORDER_DAMAGE(no_such_item, order->lines[0]->sku = arena_str(a, SLICE("NONE")))
ORDER_DAMAGE(no_pieces, order->lines[0]->quantity = 0)
ORDER_DAMAGE(negative, order->lines[0]->quantity = -4)
ORDER_DAMAGE(positive_min, order->lines[0]->quantity = 1)
ORDER_DAMAGE(replaces_nothing, order->lines[0]->replaces = arena_str(a, SLICE("O10006/9")))
ORDER_DAMAGE(replaces_too_much, order->lines[0]->quantity = -4)
ORDER_DAMAGE(sent_and_cancelled, order->lines[0]->state = STATE(STO))
ORDER_DAMAGE(more_than_sent, order->lines[0]->quantity = 7)
ORDER_DAMAGE(no_shipment, order->lines[0]->shipment = 999)
ORDER_DAMAGE(picked, order->lines[1]->picklist = arena_str(a, SLICE("L7")))
ORDER_DAMAGE(other_item, order->lines[2]->sku = arena_str(a, SLICE("TEA-1")))
ORDER_DAMAGE(merged_with_lines, order->merged_into = 10001)
ORDER_DAMAGE(merged_nowhere, order->merged_into = 4711)
ORDER_DAMAGE(merged_into_itself, order->merged_into = order->id)
ORDER_DAMAGE(deleted_with_lines, order->deleted_at = 1)
ORDER_DAMAGE(negative_voucher, order->voucher = -1)
ORDER_DAMAGE(rate_too_high, order->lines[0]->vat_rate = 2000000)
ORDER_DAMAGE(no_customer, order->customer = 0)
ORDER_DAMAGE(no_shop, order->shop = 9)
CUSTOMER_DAMAGE(own_parent, customer->parent = customer->id)
CUSTOMER_DAMAGE(no_parent, customer->parent = 4711)
CUSTOMER_DAMAGE(own_tombstone, customer->merged_into = customer->id)
CUSTOMER_DAMAGE(merged_to_none, customer->merged_into = 4711)
SHIPMENT_DAMAGE(more_pieces, shipment->lines[0]->quantity = 3)
SHIPMENT_DAMAGE(other_line, shipment->lines[0]->number = 9)
SHIPMENT_DAMAGE(other_goods, shipment->lines[0]->sku = arena_str(a, SLICE("TEA-1")))
SHIPMENT_DAMAGE(never_sent, shipment->shipped_at = 0)
SHIPMENT_DAMAGE(no_order, shipment->order = 4711)
SHIPMENT_DAMAGE(other_order, shipment->order = 10007)

static void two_of_one_role(ProtobufCMessage *message, struct arena *a)
{
	Rec__Customer *customer = (Rec__Customer *)message;
	static const Rec__AddressRole role = REC__ADDRESS_ROLE__ADDRESS_ROLE_BILLING;
	customer->addresses = ARENA_ARRAY(a, 2, Rec__Address *);
	for (; customer->n_addresses < 2; customer->n_addresses++) {
		Rec__Address *address = ARENA_NEW(a, Rec__Address);
		rec__address__init(address);
		address->roles = ARENA_ARRAY(a, 1, Rec__AddressRole);
		address->roles[0] = role;
		address->n_roles = 1;
		customer->addresses[customer->n_addresses] = address;
	}
}

static void counters(ProtobufCMessage *message, struct arena *a)
{
	(void)a;
	((Rec__Item *)message)->shipped++;
}

static void negative_counter(ProtobufCMessage *message, struct arena *a)
{
	(void)a;
	((Rec__Item *)message)->restocked = -1;
	((Rec__Item *)message)->received++;
}

static void over_reserved(ProtobufCMessage *message, struct arena *a)
{
	Rec__Item *item = (Rec__Item *)message;
	(void)a;
	item->written_off += item->on_hand - 1;
	item->on_hand = 1;
}

static void channel_list(ProtobufCMessage *message, struct arena *a)
{
	((Rec__Channel *)message)->price_list = arena_str(a, SLICE("gone"));
}

static void channel_terms(ProtobufCMessage *message, struct arena *a)
{
	((Rec__Channel *)message)->terms = arena_str(a, SLICE("gone"));
}

struct row {
	const char *label;
	enum object_type type;
	uint64_t id; /* 0: the row of that name */
	const char *name;
	damage_fn *damage;
	const char *words;
};

static const struct row rows[] = {
	{"18 more than its quantity", OBJECT_ORDER, 10007, NULL, too_much,
	 "O10007: line 1 reserves more than its quantity"},
	{"18 less than nothing", OBJECT_ORDER, 10007, NULL, negative_reserved,
	 "O10007: line 1 reserves more than its quantity"},
	{"18 final", OBJECT_ORDER, 10007, NULL, final_reserves,
	 "O10007: line 2 is final and reserves stock"},
	{"18 MIN", OBJECT_ORDER, 10008, NULL, min_reserves,
	 "O10008: line 1 is a replacement and reserves stock"},
	{"18 the item counts another sum", OBJECT_ORDER, 10007, NULL, fewer_reserved,
	 "item:CUP-2: it counts 4 reserved, the lines of its orders 3"},
	{"18 an item that is not there", OBJECT_ORDER, 10007, NULL, no_such_item,
	 "O10007: line 1 reserves \"NONE\", and there is no such item"},
	{"no pieces", OBJECT_ORDER, 10007, NULL, no_pieces, "O10007: line 1 has 0 pieces"},
	{"negative, but no MIN", OBJECT_ORDER, 10007, NULL, negative,
	 "O10007: line 1 has -4 pieces"},
	{"ST-12 MIN is negative", OBJECT_ORDER, 10008, NULL, positive_min,
	 "O10008: line 1 is a replacement, and its quantity is not negative"},
	{"ST-12 replaces a line", OBJECT_ORDER, 10008, NULL, replaces_nothing,
	 "O10008: line 1 replaces \"O10006/9\", which is not there"},
	{"20 replaced more than shipped", OBJECT_ORDER, 10008, NULL, replaces_too_much,
	 "O10008: line 1: 1 pieces more of O10006/1 are replaced than were shipped"},
	{"17 shipped and cancelled", OBJECT_ORDER, 10006, NULL, sent_and_cancelled,
	 "O10006: line 1 is cancelled, and was shipped with S10001"},
	{"20 more than was shipped", OBJECT_ORDER, 10006, NULL, more_than_sent,
	 "S10001: it has 2 pieces of line 1 of O10006, which says 7"},
	{"a shipment that is not there", OBJECT_ORDER, 10006, NULL, no_shipment,
	 "O10006: line 1: its shipment S999 is not there"},
	{"a pick list of what is gone", OBJECT_ORDER, 10007, NULL, picked,
	 "O10007: line 2 is cancelled, and on pick list L7"},
	{"12 a split of another item", OBJECT_ORDER, 10006, NULL, other_item,
	 "O10006: line 1.1 was split off a line of another item"},
	{"13 merged with lines", OBJECT_ORDER, 10007, NULL, merged_with_lines,
	 "O10007: it was merged, and has 2 lines yet"},
	{"16 merged nowhere", OBJECT_ORDER, 10007, NULL, merged_nowhere,
	 "O10007: its merged_into O4711 is not there"},
	{"16 merged into itself", OBJECT_ORDER, 10007, NULL, merged_into_itself,
	 "O10007: its merged_into leads back to itself"},
	{"16 deleted with lines", OBJECT_ORDER, 10007, NULL, deleted_with_lines,
	 "O10007: it was deleted, and has lines that are not cancelled"},
	{"14 a negative voucher", OBJECT_ORDER, 10007, NULL, negative_voucher,
	 "O10007: its voucher, discount or shipping cost is negative"},
	{"a rate that is none", OBJECT_ORDER, 10007, NULL, rate_too_high, "O10007: its totals: "},
	{"an order of nobody", OBJECT_ORDER, 10007, NULL, no_customer,
	 "O10007: it has no customer"},
	{"an order of no shop", OBJECT_ORDER, 10007, NULL, no_shop,
	 "O10007: its shop shop:9 is not there"},
	{"CP-13 its own parent", OBJECT_CUSTOMER, 10003, NULL, own_parent,
	 "C10003: its parent leads back to itself"},
	{"CP-13 no parent", OBJECT_CUSTOMER, 10003, NULL, no_parent,
	 "C10003: its parent C4711 is not there"},
	{"16 a tombstone of itself", OBJECT_CUSTOMER, 10003, NULL, own_tombstone,
	 "C10003: its merged_into leads back to itself"},
	{"16 a tombstone of nobody", OBJECT_CUSTOMER, 10003, NULL, merged_to_none,
	 "C10003: its merged_into C4711 is not there"},
	{"CP-47 two of one role", OBJECT_CUSTOMER, 10003, NULL, two_of_one_role,
	 "C10003: two of its addresses have one role"},
	{"20 a shipment of more", OBJECT_SHIPMENT, 10001, NULL, more_pieces,
	 "S10001: it has 3 pieces of line 1 of O10006, which says 2"},
	{"a shipment of no line", OBJECT_SHIPMENT, 10001, NULL, other_line,
	 "S10001: its line 9 of O10006 is not there"},
	{"a shipment of another item", OBJECT_SHIPMENT, 10001, NULL, other_goods,
	 "S10001: its line 1 of O10006 is not there"},
	{"a shipment that never left", OBJECT_SHIPMENT, 10001, NULL, never_sent,
	 "S10001: its state and its dates differ"},
	{"a shipment of no order", OBJECT_SHIPMENT, 10001, NULL, no_order,
	 "S10001: its order O4711 is not there"},
	{"a shipment of another order", OBJECT_SHIPMENT, 10001, NULL, other_order,
	 "O10006: line 1: its shipment S10001 is of another order"},
	{"19 counters", OBJECT_ITEM, 0, "CUP-2", counters,
	 "item:CUP-2: its 15 on hand are not received - shipped + restocked - written_off"},
	{"19 a negative counter", OBJECT_ITEM, 0, "CUP-2", negative_counter,
	 "item:CUP-2: one of its counters is negative"},
	{"18 more reserved than there is", OBJECT_ITEM, 0, "CUP-2", over_reserved,
	 "item:CUP-2: 4 are reserved, 1 on hand"},
	{"a channel without its price list", OBJECT_CHANNEL, 0, "web", channel_list,
	 "its price list \"gone\" is not there"},
	{"a channel without its terms", OBJECT_CHANNEL, 0, "web", channel_terms,
	 "its terms \"gone\" is not there"},
};

/* ---- one row ---- */

struct damaging {
	const struct row *row;
	struct arena *a;
	struct slice was; /* set by the first run, put back by the second */
};

static int damage(struct txn *txn, void *ctx, struct err *e)
{
	struct damaging *d = ctx;
	const struct store_table *table = objects[d->row->type].table;
	struct store_key number = {.len = 0};
	struct slice key = slice_str(d->row->name), value;
	if (d->row->id)
		store_key_u64(&number, d->row->id);
	else if (d->row->type == OBJECT_CHANNEL)
		object_key_folded(&number, key);
	if (number.len)
		key = store_key_slice(&number);
	if (d->was.len)
		return store_put(txn, table, key, d->was, e);
	if (store_get(txn, table, key, &value, e) <= 0)
		return err_set(e, ERR_INPUT, "it is not there");
	d->was = arena_copy(d->a, value);
	ProtobufCMessage *message =
		schema_unpack(d->a, objects[d->row->type].descriptor, d->was, e);
	assert_non_null(message);
	d->row->damage(message, d->a);
	return store_put(txn, table, key, schema_pack_in(d->a, message), e);
}

static void keep(void *ctx, const char *finding)
{
	buf_printf(ctx, "%s\n", finding);
}

static void look(struct fixture *f, const char *label, const char *words)
{
	struct buf findings;
	struct err e;
	buf_init(&findings, 1 << 16);
	int got = record_verify(f->store, keep, &findings, &e);
	if (got != (words ? 0 : 1) || (words && !strstr(buf_str(&findings), words)))
		fail_msg("%s: %d, and not \"%s\": %s", label, got, words ? words : "",
			 buf_str(&findings));
	buf_release(&findings);
}

static void test_verify_finds_every_damage(void **state)
{
	struct fixture *f = *state;
	fixture_do(f, make_tables);
	fixture_do(f, make_more);
	look(f, "whole", NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct damaging d = {.row = &rows[i], .a = arena_open()};
		struct err e;
		if (store_run(f->store, STORE_DEFERRED, damage, &d, &e) < 0)
			fail_msg("%s: %s", rows[i].label, e.text);
		look(f, rows[i].label, rows[i].words);
		if (store_run(f->store, STORE_DEFERRED, damage, &d, &e) < 0)
			fail_msg("%s: %s", rows[i].label, e.text);
		arena_close(&d.a);
	}
	look(f, "mended", NULL);
}

int run_verify_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_verify_finds_every_damage, fixture_setup,
						fixture_teardown),
	};
	return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
