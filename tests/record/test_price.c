/* SPDX-License-Identifier: ISC */
#include "fixture.h"
#include "groups.h"
#include "record/item.h"
#include "record/order.h"
#include "record/price.h"
#include "record/shop.h"
#include "record/shop_table.h"

static const char goods[] =
	"{\"type\":\"item\",\"sku\":\"MUG\",\"name\":\"Mug\",\"price\":1210,\"currency\":\"EUR\","
	"\"vat_class\":\"standard\",\"prices\":["
	"{\"list\":\"web\",\"currency\":\"EUR\",\"amount\":1100},"
	"{\"list\":\"trade\",\"currency\":\"EUR\",\"amount\":800},"
	"{\"list\":\"web\",\"season\":\"SS27\",\"currency\":\"EUR\",\"amount\":900},"
	"{\"season\":\"SS27\",\"currency\":\"EUR\",\"amount\":950},"
	"{\"currency\":\"GBP\",\"amount\":1000},"
	"{\"list\":\"web\",\"currency\":\"USD\",\"amount\":1300}]}\n"
	"{\"type\":\"item\",\"sku\":\"OLD\",\"name\":\"Old\",\"price\":100,\"currency\":\"EUR\","
	"\"inactive\":true}\n";

static void set(struct change *ch, enum shop_table table, const char *name, const char *fields)
{
	struct slice rest = slice_str(fields), piece;
	ProtobufCMessage *row;
	struct err e;
	int got = shop_row_new(ch->arena, table, slice_str(name), &row, &e);
	while (got > 0 && slice_cut(&rest, ' ', &piece)) {
		size_t equals = (size_t)slice_chr(piece, '=');
		got = shop_field_set(ch->arena, row, slice_sub(piece, 0, equals),
				     slice_sub(piece, equals + 1, piece.len), &e);
	}
	if (got < 0 || shop_row_save(ch, row, &e) < 0)
		fail_msg("%s", e.text);
}

static void make_shop(struct change *ch)
{
	Rec__Shop *shop;
	struct err e;
	if (shop_table_defaults(ch, &e) < 0)
		fail_msg("%s", e.text);
	set(ch, SHOP_TABLE_PRICE_LIST, "web", "currency=EUR");
	set(ch, SHOP_TABLE_PRICE_LIST, "trade", "currency=EUR net=yes");
	set(ch, SHOP_TABLE_CHANNEL, "web", "price_list=web");
	set(ch, SHOP_TABLE_CHANNEL, "trade", "price_list=trade");
	set(ch, SHOP_TABLE_SEASON, "SS27", "starts_at=2027-01-01");
	shop_load(ch->txn, ch->arena, 1, &shop, &e);
	shop->country = arena_str(ch->arena, SLICE("NL"));
	shop->destination_vat = true;
	if (shop_save(ch, shop, &e) < 0)
		fail_msg("%s", e.text);
	fixture_import(ch, goods);
}

static const struct row {
	const char *id;
	const char *channel, *season, *currency, *to;
	bool b2b;
	int64_t price;
	int64_t rate;
} rows[] = {
	{"CP-11 no channel: base price", "", "", "EUR", "NL", false, 1210, 210000},
	{"CP-11 unknown channel: base price", "fax", "", "EUR", "NL", false, 1210, 210000},
	{"CP-11 channel's list", "web", "", "EUR", "NL", false, 1100, 210000},
	{"CP-11 other channel's list, net to gross", "trade", "", "EUR", "NL", false, 968, 210000},
	{"CP-11 net list, net order", "trade", "", "EUR", "NL", true, 800, 210000},
	{"CP-11 gross list, net order", "web", "", "EUR", "NL", true, 909, 210000},
	{"CP-11 base price, net order", "", "", "EUR", "NL", true, 1000, 210000},
	{"CP-23 list and season", "web", "SS27", "EUR", "NL", false, 900, 210000},
	{"CP-23 season before list", "trade", "SS27", "EUR", "NL", false, 950, 210000},
	{"CP-23 season alone", "", "SS27", "EUR", "NL", false, 950, 210000},
	{"CP-23 season without a price: list", "web", "AW27", "EUR", "NL", false, 1100, 210000},
	{"CP-22 base price in another currency", "", "", "GBP", "NL", false, 1000, 210000},
	{"CP-22 list in another currency", "web", "", "USD", "NL", false, 1300, 210000},
	{"CP-22 abroad the gross price stays", "web", "", "EUR", "DE", false, 1100, 190000},
	{"CP-22 abroad a net list takes their VAT", "trade", "", "EUR", "DE", false, 952, 190000},
	{"CP-22 export is without our VAT", "", "", "EUR", "US", false, 1000, 0},
	{"CP-22 export of a net list", "trade", "", "EUR", "US", false, 800, 0},
};

static void price(struct change *ch, const struct row *row, Rec__Line *line, struct err *e,
		  int want)
{
	Rec__Order order;
	Rec__Address address;
	rec__order__init(&order);
	rec__address__init(&address);
	order.shop = 1;
	order.customer = 10001;
	order.channel = arena_str(ch->arena, slice_str(row->channel));
	order.season = arena_str(ch->arena, slice_str(row->season));
	order.currency = arena_str(ch->arena, slice_str(row->currency));
	order.kind = row->b2b ? REC__ORDER_TYPE__ORDER_TYPE_B2B : REC__ORDER_TYPE__ORDER_TYPE_B2C;
	address.country = arena_str(ch->arena, slice_str(row->to));
	order.shipping = &address;
	int got = price_line(ch, &order, line, e);
	if (got != want)
		fail_msg("%s: %d %s", row->id, got, got < 0 ? e->text : "");
}

RECORD_TEST(test_price_of_a_new_line)
{
	make_shop(ch);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		Rec__Line line;
		struct err e;
		char sku[] = "MUG";
		rec__line__init(&line);
		line.sku = sku;
		price(ch, &rows[i], &line, &e, 1);
		if (line.unit_price != rows[i].price || line.vat_rate != rows[i].rate)
			fail_msg("%s: %lld at %lld", rows[i].id, (long long)line.unit_price,
				 (long long)line.vat_rate);
		assert_string_equal(line.name, "Mug");
	}
}

RECORD_TEST(test_price_refusals)
{
	static const struct {
		const char *sku, *currency, *words;
	} refused[] = {
		{"MUH", "EUR", "there is no item \"MUH\"; did you mean \"MUG\"?"},
		{"MUG", "JPY", "the item \"MUG\" has no price in JPY"},
		{"OLD", "EUR", "the item \"OLD\" is no longer sold"},
		{"", "EUR", "there is no item \"\""},
	};
	make_shop(ch);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct row row = {refused[i].words, "", "", refused[i].currency, "NL", false, 0, 0};
		struct err e;
		Rec__Line line;
		rec__line__init(&line);
		line.sku = arena_str(ch->arena, slice_str(refused[i].sku));
		price(ch, &row, &line, &e, -1);
		fixture_error(&e, ERR_INPUT, refused[i].words);
	}
}

int run_price_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_price_of_a_new_line),
		cmocka_unit_test(test_price_refusals),
	};
	return cmocka_run_group_tests_name("price", tests, fixture_setup, fixture_teardown);
}
