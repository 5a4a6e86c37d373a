/* SPDX-License-Identifier: ISC */
#include "record/search.h"

#include "groups.h"
#include "record/customer.h"

/* ---- by hand: the world of the fixture ---- */

struct asked {
	enum search_field field;
	const char *text;
};

static const struct {
	const char *label;
	struct asked asked[3];
	const char *criteria, *hits;
} rows[] = {
	{"PX-04 CP-02 name", {{SEARCH_NAME, "JANS"}}, "name=*jans*", "C10001"},
	{"CP-02 part of the name", {{SEARCH_NAME, "o j"}}, "name=*o j*", "C10001"},
	{"CP-02 accents",
	 {{SEARCH_NAME, "L\xc3\xb6 L\xc3\xb8"
			"cked"}},
	 "name=*lo locked*",
	 "C10002"},
	{"CP-03 email", {{SEARCH_EMAIL, "jo@EXAMPLE.org"}}, "email=jo@example.org*", "C10001"},
	{"CP-03 domain", {{SEARCH_EMAIL, "example"}}, "email=example*", "C10001 C10002 C10003"},
	{"CP-04 zip", {{SEARCH_ZIP, "1011 A"}}, "zip=1011a*", "C10004"},
	{"CP-05 own number", {{SEARCH_ORDER, "O10002"}}, "order=O10002", "O10002"},
	{"CP-05 own number without its letter", {{SEARCH_ORDER, "10002"}}, "order=10002", "O10002"},
	{"CP-05 the shop's number", {{SEARCH_ORDER, "W-77"}}, "order=W-77", "O10001"},
	{"CP-06 invoice", {{SEARCH_INVOICE, "i2026-00017"}}, "invoice=i2026-00017", "O10006"},
	{"CP-07 ebay", {{SEARCH_EBAY, "jo_77"}}, "ebay=jo_77", "C10004"},
	{"CP-08 tracking", {{SEARCH_TRACKING, "jvgl 06"}}, "tracking=jvgl06*", "O10006"},
	{"CP-09 amazon",
	 {{SEARCH_AMAZON, "026-1234567-1234567"}},
	 "amazon=026-1234567-1234567",
	 "O10006"},
	{"CP-10 company", {{SEARCH_COMPANY, "handel"}}, "company=*handel*", "C10004"},
	{"CP-10 trading name", {{SEARCH_TRADING, "TEA"}}, "trading=*tea*", "C10004"},
	{"CP-10 both are names", {{SEARCH_NAME, "tea co"}}, "name=*tea co*", "C10004"},
	{"PX-04 two criteria", {{SEARCH_NAME, "o"}, {SEARCH_NAME, "jo"}}, NULL, NULL},
	{"PX-04 PX-05 criteria are joined by AND",
	 {{SEARCH_ZIP, "1011"}, {SEARCH_STATUS, "HAL"}},
	 "zip=1011*, status=HAL",
	 "O10006"},
	{"MC-02 group", {{SEARCH_GROUP, "VIP"}}, "group=vip", "C10004"},
	{"MC-02 inactive", {{SEARCH_ACTIVE, "no"}}, "active=no", "C10004"},
	{"MC-02 group and active",
	 {{SEARCH_GROUP, "vip"}, {SEARCH_ACTIVE, "yes"}},
	 "group=vip, active=yes",
	 ""},
	{"MC-02 active", {{SEARCH_ACTIVE, "yes"}}, "active=yes", "C10001 C10002 C10003"},
	{"CP-13 type", {{SEARCH_TYPE, "retailer"}}, "type=retailer", "C10004"},
	{"CP-12 channel", {{SEARCH_CHANNEL, "Trade"}}, "channel=trade", "C10004"},
	{"CS-01 phone", {{SEARCH_PHONE, "(020) 1234"}}, "phone=201234*", "C10001 C10004"},
	{"CS-01 street", {{SEARCH_ADDRESS, "keizers"}}, "address=keizers*", "C10004"},
	{"CS-01 city", {{SEARCH_ADDRESS, "amst"}}, "address=amst*", "C10004"},
	{"CS-01 note", {{SEARCH_NOTE, "calls"}}, "note=calls*", "C10001"},
	{"CS-01 orders by payment", {{SEARCH_PAYMENT, "bank"}}, "payment=bank", "O10006"},
	{"CS-01 orders by comment", {{SEARCH_COMMENT, "ring tw"}}, "comment=ring tw*", "O10006"},
	{"CS-01 orders by item", {{SEARCH_ITEM, "tea-1"}}, "item=*tea-1*", "O10001"},
	{"CS-01 by the item's name",
	 {{SEARCH_ITEM, "Cup"}},
	 "item=*cup*",
	 "O10001 O10002 O10003 O10004 O10005 O10006"},
	{"CS-01 by barcode", {{SEARCH_ITEM, "4006381333931"}}, "item=*4006381333931*", "O10006"},
	{"ST-18 line", {{SEARCH_LINE, "nlb"}}, "line=NLB", "O10005"},
	{"ST-05 hold", {{SEARCH_STATUS, "hold"}}, "status=hold", "O10001 O10003 O10006"},
	{"CP-24 CP-28 cancelled", {{SEARCH_STATUS, "cancelled"}}, "status=cancelled", "O10005"},
	{"CP-27 unallocated",
	 {{SEARCH_STATUS, "unallocated"}, {SEARCH_ITEM, "cup-1"}},
	 "status=unallocated, item=*cup-1*",
	 "O10001 O10002 O10003 O10004"},
	{"CS-01 shop",
	 {{SEARCH_SHOP, "demo"}, {SEARCH_STATUS, "hold"}},
	 "shop=demo, status=hold",
	 "O10001 O10003 O10006"},
	{"MC-03 free text", {{SEARCH_TEXT, "jansen"}}, "text=jansen", "C10001"},
	{"MC-03 two words",
	 {{SEARCH_TEXT, "jo"}, {SEARCH_TEXT, "jansen"}},
	 "text=jo, text=jansen",
	 "C10001"},
	{"CP-01 find by order id", {{SEARCH_TEXT, "10002"}}, "text=10002", "C10002 O10002"},
	{"CP-01 find by external id", {{SEARCH_TEXT, "W-77"}}, "text=w-77", "O10001"},
	{"CP-01 find by tracking", {{SEARCH_TEXT, "JVGL06"}}, "text=jvgl06", "O10006"},
	{"CP-01 find by phone", {{SEARCH_TEXT, "+31 20 1234567"}}, "text=+31 20 1234567", "C10001"},
	{"MC-03 text of a customer and a status of orders",
	 {{SEARCH_TEXT, "jansen"}, {SEARCH_STATUS, "hold"}},
	 "text=jansen, status=hold",
	 "O10001"},
	{"nothing fits", {{SEARCH_NAME, "nobody at all"}}, "name=*nobody at all*", ""},
};

static const char more[] =
	"{\"type\":\"customer\",\"name\":\"Ann Other\",\"company\":\"Groothandel Zuid B.V.\","
	"\"trading_name\":\"The Tea Company\",\"kind\":\"retailer\",\"channel\":\"trade\","
	"\"group\":\"vip\",\"inactive\":true,\"addresses\":[{\"lines\":[\"Keizersgracht 7\"],"
	"\"postcode\":\"1011 AB\",\"city\":\"Amsterdam\",\"phone\":\"0031-20-1234999\"}],"
	"\"external_ids\":[{\"channel\":\"ebay\",\"value\":\"jo_77\"}]}\n"
	"{\"type\":\"item\",\"sku\":\"MUG-1\",\"name\":\"Cupless mug\",\"price\":100,"
	"\"currency\":\"EUR\",\"barcode\":\"4006381333931\"}\n"
	"{\"type\":\"order\",\"customer\":\"C10004\",\"ordered_at\":\"2026-02-28T09:00:00Z\","
	"\"payment_type\":\"bank\",\"external_ids\":[{\"channel\":\"amazon\",\"value\":"
	"\"026-1234567-1234567\"}],\"tracking\":[{\"carrier\":\"dhl\",\"code\":\"JVGL 0600\"}],"
	"\"comments\":[{\"text\":\"Please ring twice\"}],\"lines\":[{\"sku\":\"MUG-1\","
	"\"quantity\":1,\"unit_price\":100,\"state\":\"HAL\",\"invoice\":\"I2026-00017\"}]}\n";

static void print_hits(const struct search_result *result, struct buf *out)
{
	buf_clear(out);
	for (size_t i = 0; i < result->n; i++) {
		if (i)
			buf_putc(out, ' ');
		id_put(out, &result->hits[i]);
	}
}

static void add_asked(struct search *search, const struct asked *asked, size_t n)
{
	for (size_t i = 0; i < n && asked[i].text; i++)
		search->criteria[search->n++] = (struct search_criterion){
			.field = asked[i].field, .text = slice_str(asked[i].text)};
}

RECORD_TEST(test_PX_04_CP_01_to_CP_10_MC_02_MC_03_CS_01_every_criterion)
{
	struct buf hits;
	buf_init(&hits, 4096);
	fixture_import(ch, more);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct search search = {.limit = 50};
		struct search_result result;
		struct err e;
		if (!rows[i].hits)
			continue;
		add_asked(&search, rows[i].asked, 3);
		if (search_run(ch->txn, ch->arena, &search, &result, &e) < 0)
			fail_msg("%s: %s", rows[i].label, e.text);
		print_hits(&result, &hits);
		if (strcmp(buf_str(&hits), rows[i].hits) != 0)
			fail_msg("%s: %s", rows[i].label, buf_str(&hits));
		if (!slice_eq(result.criteria, slice_str(rows[i].criteria)))
			fail_msg("%s: searched %.*s", rows[i].label, SLICE_ARG(result.criteria));
		assert_int_equal(result.total, result.n);
	}
	buf_release(&hits);
}

static const struct {
	const char *label;
	struct asked asked;
	const char *words;
} refused[] = {
	{"PX-04 a criterion is needed", {SEARCH_TEXT, NULL}, "at least one criterion"},
	{"one letter", {SEARCH_NAME, "j"}, "at least 2"},
	{"no digits", {SEARCH_PHONE, "00-0"}, "digits that are not"},
	{"nothing", {SEARCH_ZIP, "  "}, "at least 1"},
	{"PX-04 unknown status", {SEARCH_STATUS, "HAM"}, "write one of empty|open"},
	{"ST-18 unknown state", {SEARCH_LINE, "XXX"}, "write one of NEW, HAL"},
	{"unknown type", {SEARCH_TYPE, "vip"}, "public|retailer|agent"},
	{"MC-02 neither yes nor no", {SEARCH_ACTIVE, "maybe"}, "no|yes"},
	{"unknown shop", {SEARCH_SHOP, "nowhere"}, "no shop"},
	{"empty order", {SEARCH_ORDER, " "}, "is empty"},
};

RECORD_TEST(test_PX_04_refused_searches)
{
	char many[SEARCH_TEXT_MAX + 2];
	struct search search = {.limit = 50, .n = 1};
	struct search_result result;
	struct err e;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct search one = {.limit = 50};
		add_asked(&one, &refused[i].asked, 1);
		if (search_run(ch->txn, ch->arena, &one, &result, &e) != -1)
			fail_msg("%s", refused[i].label);
		fixture_error(&e, ERR_INPUT, refused[i].words);
	}
	memset(many, 'x', sizeof(many));
	search.criteria[0].field = SEARCH_NAME;
	search.criteria[0].text = slice_of(many, SEARCH_TEXT_MAX + 1);
	assert_int_equal(search_run(ch->txn, ch->arena, &search, &result, &e), -1);
	fixture_error(&e, ERR_INPUT, "longer than 200 bytes");
	search.criteria[0] = (struct search_criterion){SEARCH_ORDERED, {NULL, 0}, 20, 10};
	assert_int_equal(search_run(ch->txn, ch->arena, &search, &result, &e), -1);
	fixture_error(&e, ERR_INPUT, "ends before it begins");
}

/* PX-07: the total is that of all, the page is what was asked for. */
RECORD_TEST(test_PX_07_pages_and_orders)
{
	static const struct {
		size_t offset, limit;
		enum search_sort sort;
		bool descending;
		const char *hits;
	} pages[] = {
		{0, 2, SEARCH_BY_ID, false, "O10001 O10002"},
		{2, 2, SEARCH_BY_ID, false, "O10003 O10004"},
		{4, 2, SEARCH_BY_ID, false, "O10005"},
		{6, 2, SEARCH_BY_ID, false, ""},
		{0, 2, SEARCH_BY_ID, true, "O10005 O10004"},
		{0, 5, SEARCH_BY_DATE, false, "O10002 O10001 O10003 O10004 O10005"},
		{0, 2, SEARCH_BY_TOTAL, true, "O10001 O10004"},
		{0, 5, SEARCH_BY_NAME, false, "O10001 O10002 O10004 O10005 O10003"},
		{0, 5, SEARCH_BY_STATUS, true, "O10005 O10003 O10001 O10004 O10002"},
	};
	struct buf hits;
	buf_init(&hits, 4096);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct search search = {
			.n = 1,
			.criteria = {{.field = SEARCH_ITEM, .text = SLICE("cup-1")}},
			.offset = pages[i].offset,
			.limit = pages[i].limit,
			.sort = pages[i].sort,
			.descending = pages[i].descending};
		struct search_result result;
		struct err e;
		assert_int_equal(search_run(ch->txn, ch->arena, &search, &result, &e), 1);
		assert_int_equal(result.total, 5);
		print_hits(&result, &hits);
		if (strcmp(buf_str(&hits), pages[i].hits) != 0)
			fail_msg("page %zu: %s", i, buf_str(&hits));
	}
	buf_release(&hits);
}

RECORD_TEST(test_PX_04_what_is_gone_is_not_found)
{
	struct search search = {.limit = 50};
	struct search_result result;
	struct err e;
	Rec__Customer *customer;
	add_asked(&search, &(struct asked){SEARCH_NAME, "jansen"}, 1);
	customer_load(ch->txn, ch->arena, 10001, &customer, &e);
	customer->name = arena_str(ch->arena, SLICE("Jo de Wit"));
	assert_int_equal(customer_save(ch, customer, "edit", SLICE(""), &e), 1);
	assert_int_equal(search_run(ch->txn, ch->arena, &search, &result, &e), 1);
	assert_int_equal(result.total, 0);
	search.criteria[0].text = SLICE("de wit");
	assert_int_equal(search_run(ch->txn, ch->arena, &search, &result, &e), 1);
	assert_int_equal(result.total, 1);
	customer->merged_into = 10003;
	assert_int_equal(customer_save(ch, customer, "merge", SLICE(""), &e), 1);
	assert_int_equal(search_run(ch->txn, ch->arena, &search, &result, &e), 1);
	assert_int_equal(result.total, 0);
}

int run_search_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_PX_04_CP_01_to_CP_10_MC_02_MC_03_CS_01_every_criterion),
		cmocka_unit_test(test_PX_04_refused_searches),
		cmocka_unit_test(test_PX_07_pages_and_orders),
		cmocka_unit_test(test_PX_04_what_is_gone_is_not_found),
	};
	return cmocka_run_group_tests_name("search", tests, fixture_setup, fixture_teardown);
}
