/* SPDX-License-Identifier: ISC */
#include "fixture.h"
#include "groups.h"
#include "record/import.h"
#include "record/item.h"
#include "record/item_stock.h"

static Rec__Item *item(struct change *ch, const char *sku)
{
	Rec__Item *item;
	struct err e;
	if (item_load(ch->txn, ch->arena, slice_str(sku), &item, &e) != 1)
		fail_msg("no item %s", sku);
	return item;
}

/* RECORD.md 3.19: what a file says is there was received. */
RECORD_TEST(test_item_on_hand_of_an_import_is_received)
{
	assert_int_equal(item(ch, "CUP-1")->on_hand, 5);
	assert_int_equal(item(ch, "CUP-1")->received, 5);
	fixture_import(ch, "{\"type\":\"item\",\"sku\":\"CUP-1\",\"on_hand\":8}");
	assert_int_equal(item(ch, "CUP-1")->received, 8);
	fixture_import(ch, "{\"type\":\"item\",\"sku\":\"CUP-1\",\"on_hand\":6}");
	assert_int_equal(item(ch, "CUP-1")->on_hand, 6);
	assert_int_equal(item(ch, "CUP-1")->received, 8);
	assert_int_equal(item(ch, "CUP-1")->written_off, 2);
	fixture_import(ch, "{\"type\":\"item\",\"sku\":\"CUP-1\",\"name\":\"Big cup\"}");
	assert_int_equal(item(ch, "CUP-1")->on_hand, 6);
}

RECORD_TEST(test_item_counters_are_kept_by_an_import)
{
	struct err e;
	assert_int_equal(item_receive(ch, SLICE("CUP-1"), 10, &e), 1);
	assert_int_equal(item_write_off(ch, SLICE("CUP-1"), 1, &e), 1);
	fixture_import(ch, "{\"type\":\"item\",\"sku\":\"CUP-1\",\"reserved\":99,\"shipped\":5}");
	assert_int_equal(item(ch, "CUP-1")->reserved, 0);
	assert_int_equal(item(ch, "CUP-1")->shipped, 0);
	assert_int_equal(item(ch, "CUP-1")->on_hand, 14);
}

RECORD_TEST(test_item_refusals)
{
	static const struct {
		const char *field;
		int64_t value;
		const char *words;
	} rows[] = {
		{"on_hand", 7, "\"on_hand\" must be received"},
		{"received", -1, "\"received\" must not be negative"},
		{"reserved", -1, "\"reserved\" must not be negative"},
		{"price", -5, "\"price\" must not be negative"},
		{"shipped", 2, "\"on_hand\" must be received"},
		{"reserved", 6, "at least the 6 pieces"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		Rec__Item *cup = item(ch, "CUP-1");
		const ProtobufCFieldDescriptor *field =
			schema_field(&rec__item__descriptor, slice_str(rows[i].field));
		struct err e;
		*(int64_t *)((char *)cup + field->offset) = rows[i].value;
		assert_int_equal(item_save(ch, cup, "edit", &e), -1);
		fixture_error(&e, ERR_INPUT, rows[i].words);
	}
}

/* RECORD.md 3.18: what orders count on is not counted away. */
RECORD_TEST(test_item_on_hand_is_never_below_reserved)
{
	struct json *object;
	enum import_result result;
	int64_t got;
	struct err e;
	assert_int_equal(item_reserve(ch, SLICE("CUP-1"), 4, &got, &e), 1);
	assert_int_equal(json_parse(ch->arena,
				    SLICE("{\"type\":\"item\",\"sku\":\"CUP-1\",\"on_hand\":3}"),
				    &object, &e),
			 1);
	assert_int_equal(record_import_object(ch, object, &result, &e), -1);
	fixture_error(&e, ERR_INPUT, "at least the 4 pieces that orders have reserved");
}

RECORD_TEST(test_item_prices_are_checked)
{
	Rec__Item *cup = item(ch, "CUP-1");
	Rec__Price price, *prices[] = {&price};
	char wrong[] = "EURO";
	struct err e;
	rec__price__init(&price);
	price.amount = 100;
	cup->prices = prices;
	cup->n_prices = 1;
	price.currency = wrong;
	assert_int_equal(item_save(ch, cup, "edit", &e), -1);
	fixture_error(&e, ERR_INPUT, "prices[0]: \"currency\": \"EURO\"");
	wrong[3] = '\0';
	price.amount = -1;
	assert_int_equal(item_save(ch, cup, "edit", &e), -1);
	fixture_error(&e, ERR_INPUT, "prices[0]: \"amount\" must not be negative");
	price.amount = 1;
	assert_int_equal(item_save(ch, cup, "edit", &e), 1);
}

RECORD_TEST(test_item_did_you_mean)
{
	Rec__Item *found;
	struct err e;
	assert_int_equal(item_need(ch->txn, ch->arena, SLICE("CUP-2"), &found, &e), -1);
	fixture_error(&e, ERR_INPUT, "there is no item \"CUP-2\"; did you mean \"CUP-1\"?");
	assert_int_equal(item_need(ch->txn, ch->arena, SLICE("XYZ"), &found, &e), -1);
	fixture_error(&e, ERR_INPUT, "there is no item \"XYZ\"");
}

/* Open lines only: O10005 is cancelled, of O10004 the cup is in the box. */
RECORD_TEST(test_item_open_orders_PX_53)
{
	struct item_orders orders;
	struct err e;
	assert_int_equal(item_orders(ch->txn, ch->arena, SLICE("CUP-1"), 100, &orders, &e), 1);
	assert_int_equal(orders.total, 4);
	assert_int_equal(orders.items[0]->id, 10002);
	assert_int_equal(orders.items[1]->id, 10001);
	assert_int_equal(item_orders(ch->txn, ch->arena, SLICE("CUP-1"), 2, &orders, &e), 1);
	assert_int_equal(orders.n, 2);
	assert_int_equal(orders.total, 4);
	assert_int_equal(item_orders(ch->txn, ch->arena, SLICE("NONE"), 2, &orders, &e), 1);
	assert_int_equal(orders.total, 0);
}

int run_item_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_item_on_hand_of_an_import_is_received),
		cmocka_unit_test(test_item_counters_are_kept_by_an_import),
		cmocka_unit_test(test_item_refusals),
		cmocka_unit_test(test_item_on_hand_is_never_below_reserved),
		cmocka_unit_test(test_item_prices_are_checked),
		cmocka_unit_test(test_item_did_you_mean),
		cmocka_unit_test(test_item_open_orders_PX_53),
	};
	return cmocka_run_group_tests_name("item", tests, fixture_setup, fixture_teardown);
}
