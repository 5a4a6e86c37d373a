/* SPDX-License-Identifier: ISC */
#include "fixture.h"
#include "groups.h"
#include "record/item.h"
#include "record/order.h"
#include "record/shop.h"
#include "record/shop_table.h"
#include "record/vat.h"

#define AT FIXTURE_NOW

/* RECORD.md 4.5, row by row. */
static const struct {
	const char *id;
	const char *shop, *buyer, *vat_id;
	bool checked, destination, without;
	const char *category, *country;
} sheet[] = {
	{"VAT own country, private", "NL", "NL", "", false, false, false, "", "NL"},
	{"VAT own country, no address", "NL", "", "", false, false, false, "", "NL"},
	{"VAT own country, business", "NL", "NL", "NL123456789B01", true, false, false, "", "NL"},
	{"VAT EU private below OSS", "NL", "DE", "", false, false, false, "", "NL"},
	{"VAT EU private above OSS", "NL", "DE", "", false, true, false, "", "DE"},
	{"VAT EU business valid id", "NL", "DE", "DE123456789", true, false, false, "K", ""},
	{"VAT EU business above OSS", "NL", "DE", "DE123456789", true, true, false, "K", ""},
	{"VAT EU business unchecked id", "NL", "DE", "DE123456789", false, false, false, "", "NL"},
	{"VAT EU business id no id", "NL", "DE", "DE12345", true, false, false, "", "NL"},
	{"VAT EU business id of home", "NL", "DE", "NL123456789B01", true, true, false, "", "DE"},
	{"VAT EU business id of a third", "NL", "DE", "FRAB123456789", true, false, false, "K", ""},
	{"VAT non-EU private", "NL", "US", "", false, true, false, "G", ""},
	{"VAT non-EU business", "NL", "CH", "CHE-123", true, true, false, "G", ""},
	{"VAT Britain has left", "NL", "GB", "GB123456789", true, true, false, "G", ""},
	{"VAT Northern Ireland's ids", "NL", "IE", "XI123456789", true, false, false, "K", ""},
	{"VAT shop outside, at home", "CH", "CH", "", false, false, false, "", "CH"},
	{"VAT shop outside, abroad", "CH", "DE", "", false, true, false, "G", ""},
	{"VAT order without", "NL", "NL", "", false, false, true, "E", ""},
	{"VAT order without, EU", "NL", "DE", "DE123456789", true, true, true, "E", ""},
	{"VAT shop without a country", "", "DE", "", false, true, false, "", ""},
	{"VAT lower case", "nl", "NL", "", false, false, false, "", "nl"},
};

static void test_vat_sheet(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sheet) / sizeof(sheet[0]); i++) {
		struct vat_question q = {
			.shop_country = slice_str(sheet[i].shop),
			.buyer_country = slice_str(sheet[i].buyer),
			.buyer_vat_id = slice_str(sheet[i].vat_id),
			.vat_id_checked = sheet[i].checked,
			.destination = sheet[i].destination,
			.without_vat = sheet[i].without,
			.at = AT,
		};
		struct vat_answer answer;
		vat_decide(&q, &answer);
		if (strcmp(answer.category, sheet[i].category) != 0 ||
		    !slice_eq(answer.country, slice_str(sheet[i].country)))
			fail_msg("%s: %s of %.*s (%s)", sheet[i].id, answer.category,
				 SLICE_ARG(answer.country), answer.reason);
	}
}

static void test_vat_members_by_day(void **state)
{
	static const struct {
		const char *country, *day;
		bool eu;
	} rows[] = {
		{"NL", "2026-01-01", true},  {"GB", "2020-12-31", true},
		{"GB", "2021-01-01", false}, {"HR", "2013-06-30", false},
		{"HR", "2013-07-01", true},  {"NO", "2026-01-01", false},
		{"XX", "2026-01-01", false}, {"", "2026-01-01", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t at;
		assert_int_equal(clock_parse_date(slice_str(rows[i].day), &at, NULL), 1);
		if (vat_is_eu(slice_str(rows[i].country), at) != rows[i].eu)
			fail_msg("%s on %s", rows[i].country, rows[i].day);
	}
}

static void test_vat_id_shapes(void **state)
{
	static const struct {
		const char *text;
		bool right;
	} rows[] = {
		{"NL123456789B01", true},
		{"nl 1234.56.789.B01", true},
		{"NL123456789", false},
		{"ATU12345678", true},
		{"AT12345678", false},
		{"DE123456789", true},
		{"DE12345678", false},
		{"FRAB123456789", true},
		{"EL123456789", true},
		{"GR123456789", false},
		{"IE1234567FA", true},
		{"IE1A23456B", true},
		{"RO12", true},
		{"RO1", false},
		{"RO", false},
		{"SE123456789012", true},
		{"ESX1234567X", true},
		{"", false},
		{"BE0123456789", true},
		{"US123456789", false},
		{"CZ1234567890", true},
		{"LT123456789012", true},
		{"XI123456789", true},
		{"NL", false},
		{"NL123456789B01NL1234567890", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (vat_id_plausible(slice_str(rows[i].text)) != rows[i].right)
			fail_msg("%s", rows[i].text);
	assert_false(vat_id_plausible(SLICE("NL\0")));
}

/* ---- for an order ---- */

static void set_shop(struct change *ch, const char *country, bool destination)
{
	Rec__Shop *shop;
	struct err e;
	assert_int_equal(shop_load(ch->txn, ch->arena, 1, &shop, &e), 1);
	shop->country = arena_str(ch->arena, slice_str(country));
	shop->destination_vat = destination;
	if (shop_save(ch, shop, &e) < 0)
		fail_msg("%s", e.text);
}

static void expect(struct change *ch, const char *to, const char *class, const char *day,
		   const char *category, int64_t rate)
{
	struct vat_question q;
	struct vat_line line;
	Rec__Order *order;
	Rec__Address address;
	Rec__Item item;
	struct err e;
	int64_t at;
	assert_int_equal(clock_parse_rfc3339(slice_str(day), &at, NULL), 1);
	order_load(ch->txn, ch->arena, 10001, &order, &e);
	rec__address__init(&address);
	address.country = arena_str(ch->arena, slice_str(to));
	order->shipping = &address;
	rec__item__init(&item);
	item.vat_class = arena_str(ch->arena, slice_str(class));
	if (vat_question_of(ch->txn, ch->arena, order, at, &q, &e) < 0 ||
	    vat_of_item(ch->txn, ch->arena, &q, &item, &line, &e) < 0)
		fail_msg("%s", e.text);
	if (strcmp(line.category, category) != 0 || line.rate != rate)
		fail_msg("%s %s %s: %s %lld", to, class, day, line.category, (long long)line.rate);
}

RECORD_TEST(test_vat_rate_by_country_and_date)
{
	struct err e;
	if (shop_table_defaults(ch, &e) < 0)
		fail_msg("%s", e.text);
	set_shop(ch, "NL", true);
	expect(ch, "NL", "standard", "2026-03-01T10:00:00Z", "S", 210000);
	expect(ch, "NL", "", "2026-03-01T10:00:00Z", "S", 210000);
	expect(ch, "NL", "reduced", "2018-12-31T12:00:00Z", "S", 60000);
	expect(ch, "NL", "reduced", "2019-01-01T12:00:00Z", "S", 90000);
	/* The shop's day decides: in Amsterdam it is the new year already. */
	expect(ch, "NL", "reduced", "2018-12-31T23:30:00Z", "S", 90000);
	expect(ch, "DE", "standard", "2020-06-30T12:00:00Z", "S", 190000);
	expect(ch, "DE", "standard", "2020-07-01T12:00:00Z", "S", 160000);
	expect(ch, "DE", "standard", "2020-12-31T12:00:00Z", "S", 160000);
	expect(ch, "DE", "standard", "2021-01-01T12:00:00Z", "S", 190000);
	expect(ch, "FI", "standard", "2024-08-31T12:00:00Z", "S", 240000);
	expect(ch, "FI", "standard", "2024-09-01T12:00:00Z", "S", 255000);
	expect(ch, "US", "standard", "2026-03-01T10:00:00Z", "G", 0);
	/* A class that the table does not have: what the item says, here nothing. */
	expect(ch, "NL", "super", "2026-03-01T10:00:00Z", "", 0);
}

RECORD_TEST(test_vat_of_an_item_without_a_class_is_its_own_at_home)
{
	struct vat_question q = {.shop_country = SLICE("NL"), .destination = true, .at = AT};
	struct vat_line line;
	char s[] = "S";
	Rec__Item item;
	struct err e;
	if (shop_table_defaults(ch, &e) < 0)
		fail_msg("%s", e.text);
	rec__item__init(&item);
	item.vat_category = s;
	item.vat_rate = 90000;
	assert_int_equal(vat_of_item(ch->txn, ch->arena, &q, &item, &line, &e), 1);
	assert_int_equal(line.rate, 90000);
	q.buyer_country = SLICE("DE");
	assert_int_equal(vat_of_item(ch->txn, ch->arena, &q, &item, &line, &e), 1);
	assert_int_equal(line.rate, 190000);
}

int run_vat_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vat_sheet),
		cmocka_unit_test(test_vat_members_by_day),
		cmocka_unit_test(test_vat_id_shapes),
		cmocka_unit_test(test_vat_rate_by_country_and_date),
		cmocka_unit_test(test_vat_of_an_item_without_a_class_is_its_own_at_home),
	};
	return cmocka_run_group_tests_name("vat", tests, fixture_setup, fixture_teardown);
}
