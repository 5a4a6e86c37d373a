/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "groups.h"
#include "record/csv.h"
#include "record/import_draft.h"
#include "record/import_reader.h"

/* ---- figures ---- */

static void test_import_amounts_RECORD_4_1(void **state)
{
	static const struct {
		const char *text, *currency;
		bool negative;
		int64_t amount;
		const char *words; /* of the refusal */
	} rows[] = {
		{"12.50", "EUR", false, 1250, NULL},
		{"12,50", "EUR", false, 1250, NULL},
		{"1.234,56", "EUR", false, 123456, NULL},
		{"1,234.56", "EUR", false, 123456, NULL},
		{"EUR 12.50", "EUR", false, 1250, NULL},
		{"12.50 eur", "EUR", false, 1250, NULL},
		{"12", "EUR", false, 1200, NULL},
		{"0.9", "EUR", false, 90, NULL},
		{"29.3500", "USD", false, 2935, NULL},
		{" 7 ", "EUR", false, 700, NULL},
		{"-10.00", "EUR", true, -1000, NULL},
		{"1200", "JPY", false, 1200, NULL},
		{"1,200,300", "JPY", false, 1200300, NULL},
		{"1.234", "KWD", false, 1234, NULL},
		{"1,234,567.89", "EUR", false, 123456789, NULL},
		{"1,234", "EUR", false, 0, "thousands or decimals"},
		{"1.234", "EUR", false, 0, "thousands or decimals"},
		{"12.345", "EUR", false, 0, "thousands or decimals"},
		{"12.3456", "EUR", false, 0, "more decimals than its currency"},
		{"12.5", "JPY", false, 0, "more decimals than its currency"},
		{"-10.00", "EUR", false, 0, "must not be negative"},
		{"12,34,56", "EUR", false, 0, "by threes"},
		{"1.23.4,5", "EUR", false, 0, "by threes"},
		{"1.234,56,78", "EUR", false, 0, "thousands or decimals"},
		{"12.50 USD", "EUR", false, 0, "only digits"},
		{"12a", "EUR", false, 0, "only digits"},
		{"EUR", "EUR", false, 0, "no digits"},
		{"--5", "EUR", true, 0, "only digits"},
		{"99999999999999999999", "EUR", false, 0, "too large"},
		{"10000000000000.01", "EUR", false, 0, "too large"},
		{"12.50", "EURO", false, 0, "no ISO 4217 currency"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = {ERR_NONE, ""};
		int64_t amount;
		int got = import_amount(slice_str(rows[i].text), slice_str(rows[i].currency),
					rows[i].negative, &amount, &e);
		if (got != (rows[i].words ? -1 : 1) || (got > 0 && amount != rows[i].amount) ||
		    (got < 0 && !strstr(e.text, rows[i].words)))
			fail_msg("%s: %d %lld %s", rows[i].text, got, (long long)amount, e.text);
	}
}

static void test_import_times(void **state)
{
	static const struct {
		const char *text;
		int64_t at; /* -1: refused */
	} rows[] = {
		{"2024-05-01 09:58:12 +0000", 1714557492},
		{"2024-05-01 11:58:12 +0200", 1714557492},
		{"2024-05-01T04:58:12-05:00", 1714557492},
		{"2024-05-01T09:58:12Z", 1714557492},
		{"2024-05-01T09:58:12", 1714557492},
		{"2024-05-01T09:58:12.123Z", 1714557492},
		{"2024-05-01 09:58:12 UTC", 1714557492},
		{"2024-05-01", 1714521600},
		{"", 0},
		{"yesterday", -1},
		{"2024-13-01 09:58:12 +0000", -1},
		{"2024-05-01 09:58:12 +99", -1},
		{"2024-05-01 09:58:12 +2500", -1},
		{"2024-05-01 09:58", -1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t at = 0;
		int got = draft_time(slice_str(rows[i].text), &at, NULL);
		if ((got < 0) != (rows[i].at < 0) || (got >= 0 && at != rows[i].at))
			fail_msg("%s: %d %lld", rows[i].text, got, (long long)at);
	}
}

static void test_import_rates(void **state)
{
	static const struct {
		const char *text;
		int64_t rate; /* -1: none */
	} in[] = {{"VAT 19%", 190000}, {"MwSt. 19 %", 190000}, {"State Tax 6.25%", 62500},
		  {"TVA 5,5%", 55000}, {"NL BTW 21%", 210000}, {"Tax", -1},
		  {"101%", -1},	       {"1.2.3%", -1},	       {"%", -1},
		  {"GST 0%", 0},       {"99999999999%", -1}};
	static const struct {
		int64_t tax, net, rate;
	} of[] = {{45, 600, 75000},	 {190, 1000, 190000},  {173, 826, 210000}, {0, 100, 0},
		  {1100, 10000, 110000}, {1194, 19900, 60000}, {100, 0, 0},	   {500, 100, 0}};
	(void)state;
	for (size_t i = 0; i < sizeof(in) / sizeof(in[0]); i++) {
		int64_t rate = -1;
		bool got = draft_rate_in(slice_str(in[i].text), &rate);
		if (got != (in[i].rate >= 0) || (got && rate != in[i].rate))
			fail_msg("%s: %d %lld", in[i].text, got, (long long)rate);
	}
	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++)
		if (draft_rate_of(of[i].tax, of[i].net, 1) != of[i].rate)
			fail_msg("%lld of %lld: %lld", (long long)of[i].tax, (long long)of[i].net,
				 (long long)draft_rate_of(of[i].tax, of[i].net, 1));
}

/* ---- rows ---- */

static int put_row(void *ctx, const struct csv_row *row, struct err *e)
{
	struct buf *out = ctx;
	(void)e;
	buf_printf(out, "%llu:", (unsigned long long)row->line);
	for (size_t i = 0; i < row->n && !row->error; i++)
		buf_printf(out, "[%.*s]", SLICE_ARG(row->fields[i]));
	buf_puts(out, row->error ? "!" : "");
	buf_putc(out, ';');
	return 1;
}

static void test_csv_rows(void **state)
{
	static const struct {
		const char *text, *rows;
		char separator;
	} rows[] = {
		{"a,b\nc,d\n", "1:[a][b];2:[c][d];", ','},
		{"a,b\r\nc,d", "1:[a][b];2:[c][d];", ','},
		{"a\rb\r", "1:[a];2:[b];", ','},
		{"\"a,b\",c\n", "1:[a,b][c];", ','},
		{"\"a \"\"b\"\"\",c\n", "1:[a \"b\"][c];", ','},
		{"\"a\nb\",c\nd,e\n", "1:[a\nb][c];3:[d][e];", ','},
		{"a\"b,c\n", "1:[a\"b][c];", ','},
		{"\"a\"b,c\n", "1:[ab][c];", ','},
		{",,\n", "1:[][][];", ','},
		{"\n\n\na\n", "4:[a];", ','},
		{"a,\"\"\n", "1:[a][];", ','},
		{"a,\"b", "1:!;", ','},
		{"\"\"", "", ','},
		{"", "", ','},
		{"\"a\tb\n", "1:[\"a][b];", '\t'},
		{"a\t\tb\n", "1:[a][][b];", '\t'},
		{"a,b\n\n\r\n\"c\"\n", "1:[a][b];4:[c];", ','},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice text = slice_str(rows[i].text);
		for (size_t piece = 1; piece <= text.len + 1; piece++) {
			struct buf out;
			struct csv csv;
			buf_init(&out, 4096);
			csv_init(&csv, rows[i].separator, rows[i].separator == ',', put_row, &out);
			for (size_t at = 0; at < text.len; at += piece)
				csv_feed(&csv, slice_sub(text, at, at + piece), NULL);
			csv_end(&csv, NULL);
			assert_string_equal(buf_str(&out), rows[i].rows);
			csv_release(&csv);
			buf_release(&out);
		}
	}
}

static void test_csv_bounds(void **state)
{
	struct buf out;
	struct csv csv;
	static char text[IMPORT_FIELD_MAX + 10];
	(void)state;
	memset(text, 'x', sizeof(text));
	buf_init(&out, 4096);
	csv_init(&csv, ',', true, put_row, &out);
	csv_feed(&csv, slice_of(text, sizeof(text)), NULL);
	csv_feed(&csv, SLICE("\nb,c\n"), NULL);
	memset(text, ',', sizeof(text));
	csv_feed(&csv, slice_of(text, IMPORT_COLUMNS_MAX), NULL);
	csv_feed(&csv, SLICE("\nd\n"), NULL);
	csv_end(&csv, NULL);
	assert_string_equal(buf_str(&out), "1:!;2:[b][c];3:!;4:[d];");
	csv_release(&csv);
	buf_release(&out);
}

/* ---- whole files ---- */

struct taken {
	struct buf out;
	size_t objects, errors;
};

static int take(void *ctx, const struct import_item *item, struct err *e)
{
	struct taken *taken = ctx;
	(void)e;
	taken->objects += item->object != NULL;
	taken->errors += item->error.len > 0;
	if (item->object)
		json_put(&taken->out, item->object);
	else
		buf_printf(&taken->out, "%llu:%.*s%.*s", (unsigned long long)item->line,
			   SLICE_ARG(item->error), SLICE_ARG(item->remark));
	buf_putc(&taken->out, '\n');
	return 1;
}

static int read_all(struct slice text, size_t piece, struct taken *taken, struct err *e)
{
	struct import_options options = {.emit = take, .ctx = taken};
	struct import_reader *reader = import_reader_open(&options);
	int got = 1;
	for (size_t at = 0; got > 0 && at < text.len; at += piece)
		got = import_reader_feed(reader, slice_sub(text, at, at + piece), e);
	if (got > 0)
		got = import_reader_end(reader, e);
	import_reader_close(&reader);
	return got;
}

/* A file whose words, and words that must not be there, stand in what was made of it. */
static const struct file {
	const char *id, *text;
	size_t objects, errors;
	const char *words[10];
} files[] = {
	{"shopify-csv gross",
	 "\xef\xbb\xbfName,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,"
	 "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem "
	 "taxable,Billing Name,Billing Address1,Billing Zip,Billing City,Billing Country,Payment "
	 "Method,Tax 1 Name,Tax 1 Value,Id,Colour\r\n"
	 "#1001,Eve@Example.org,paid,EUR,30.00,4.90,5.57,34.90,2024-05-01 09:58:12 +0000,2,\"Cup, "
	 "blue\",10.00,CUP-1,true,Eve Example,1 rue X,'75008,Paris,FR,Shopify Payments,TVA 19%,"
	 "5.57,777,red\r\n"
	 "#1001,,,,,,,,,1,Pot,10.00,POT-1,true,,,,,,,,,,\r\n"
	 "#1002,,pending,EUR,1.00,0.00,0.00,1.00,yesterday,1,Tea,1.00,TEA-1,true,,,,,,,,,,\r\n",
	 1,
	 1,
	 {"1:columns that are not imported: Colour", "4:\"yesterday\" is no time",
	  "{\"type\":\"foreign\",\"line\":2,\"channel\":\"shopify\"", "\"paid\":true",
	  "\"postcode\":\"75008\"",
	  "{\"channel\":\"shopify\",\"kind\":\"order\",\"value\":\"1001\"}", "\"vat_rate\":190000",
	  "\"payment_type\":\"card\"", "\"name\":\"Cup, blue\""}},
	{"shopify-csv net, discount on the order",
	 "Name,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,"
	 "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem fulfillment "
	 "status,Tax 1 Name,Tax 1 Value\n"
	 "#7,paid,USD,18.00,0.00,1.08,19.08,2.00,2024-05-01,2,Cup,10.00,CUP-1,fulfilled,State Tax "
	 "6%,1.08\n",
	 1,
	 0,
	 {"\"kind\":\"B2B\"", "\"voucher\":200", "\"state\":\"AUS\"", "\"vat_rate\":60000"}},
	{"shopify-csv difference",
	 "Name,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem "
	 "price,Lineitem sku\n#8,paid,EUR,11.00,2024-05-01,1,Cup,10.00,CUP-1\n",
	 1,
	 0,
	 {"\"remark\":\"its lines add up to 10.00, the file says 11.00 EUR\""}},
	{"shopify-csv bad rows lose their order only",
	 "Name,Financial Status,Currency,Total,Lineitem quantity,Lineitem name,Lineitem price,"
	 "Lineitem sku\n"
	 "#1,paid,EUR,1.00,x,Cup,1.00,C\n#2,paid,EUR,1.00,1,Cup,1.00,C\n#3,paid,EUR,1.00,1,Cup,"
	 "-1.00,C\n#4,paid,,1.00,1,Cup,1.00,C\n#5,paid,EUR,1.00,,,,\n,,EUR,,1,Cup,1.00,C\n"
	 "#6,paid,EUR,1.00,1,Cup,1.00,C,\"\n",
	 1,
	 6,
	 {"2:\"x\" is no quantity", "4:Lineitem price: \"-1.00\" is no amount",
	  "5:the first row of the order has no Currency", "6:the order has no lines",
	  "7:the row names no order", "8:line 8: a quote is missing"}},
	{"amazon-tsv unshipped",
	 "order-id\torder-item-id\tpurchase-date\tbuyer-email\tbuyer-name\tsku\tproduct-name\t"
	 "quantity-purchased\tcurrency\titem-price\titem-tax\tshipping-price\tshipping-tax\t"
	 "recipient-name\tship-address-1\tship-city\tship-postal-code\tship-country\n"
	 "026-1-1\t1\t2024-05-01T09:58:12+02:00\tx@marketplace.example\tEve\tCUP-1\tCup\t2\tEUR\t"
	 "23.80\t3.80\t5.95\t0.95\tEve Example\tWeg 1\tBerlin\t10115\tDE\n",
	 1,
	 0,
	 {"\"value\":\"026-1-1\"", "\"payment_type\":\"marketplace\"", "\"unit_price\":1190",
	  "\"vat_rate\":190000", "\"shipping_cost\":595", "\"paid\":true", "\"country\":\"DE\""}},
	{"amazon-tsv all orders",
	 "amazon-order-id\tmerchant-order-id\tpurchase-date\torder-status\tfulfillment-channel\t"
	 "sales-channel\tsku\tproduct-name\tquantity\tcurrency\titem-price\titem-tax\t"
	 "item-promotion-discount\tship-country\n"
	 "111-1\t\t2024-05-01T09:58:12+00:00\tShipped\tMerchant\tAmazon.com\tA\tA\t1\tUSD\t10.00\t"
	 "0.80\t1.00\tUS\n"
	 "111-2\t\t2024-05-01T09:58:12+00:00\tPending\tAmazon\tAmazon.de\tA\tA\t1\tEUR\t11.90\t"
	 "1.90\t0\tDE\n"
	 "111-3\t\t2024-05-01T09:58:12+00:00\tCancelled\tMerchant\tAmazon.de\tA\tA\t0\t\t\t\t\t"
	 "DE\n",
	 2,
	 1,
	 {"\"unit_price\":1080", "\"discount\":100", "\"state\":\"AUS\"", "\"state\":\"FUT\"",
	  "\"provider\":\"amazon\"", "4:the order has no currency", "\"value\":\"order:111-1\""}},
	{"jsonl",
	 "{\"type\":\"item\",\"sku\":\"A\"}\n\n{\"type\":\n{\"type\":\"item\",\"sku\":\"B\"}",
	 2,
	 1,
	 {"3:", "\"sku\":\"B\""}},
	{"woo wrong element",
	 "[{\"date_created_gmt\":null},{\"id\":1,\"line_items\":[],"
	 "\"billing\":{},\"status\":\"processing\",\"currency\":\"EUR\"}]",
	 0,
	 2,
	 {"1:this is no order", "1:the order has no lines"}},
};

static void test_import_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const struct file *file = &files[i];
		struct slice text = slice_str(file->text);
		struct taken whole = {.objects = 0};
		struct err e = {ERR_NONE, ""};
		buf_init(&whole.out, 1 << 20);
		if (read_all(text, text.len, &whole, &e) < 0)
			fail_msg("%s: %s", file->id, e.text);
		if (whole.objects != file->objects || whole.errors != file->errors)
			fail_msg("%s: %zu objects, %zu errors: %s", file->id, whole.objects,
				 whole.errors, buf_str(&whole.out));
		for (size_t j = 0; j < 10 && file->words[j]; j++)
			if (!strstr(buf_str(&whole.out), file->words[j]))
				fail_msg("%s: %s is not in %s", file->id, file->words[j],
					 buf_str(&whole.out));
		/* In pieces of any size it is the same. */
		for (size_t piece = 1; piece < 40; piece += 6) {
			struct taken taken = {.objects = 0};
			buf_init(&taken.out, 1 << 20);
			read_all(text, piece, &taken, &e);
			assert_string_equal(buf_str(&taken.out), buf_str(&whole.out));
			buf_release(&taken.out);
		}
		buf_release(&whole.out);
	}
}

static void test_import_refuses_files(void **state)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{"hello", "of no format that is known"},
		{"{\"orders\":[{", "ends inside of what begins in line 1"},
		{"[{\"date_created_gmt\":1}] x", "line 1: this is no JSON of orders"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct taken taken = {.objects = 0};
		struct err e = {ERR_NONE, ""};
		buf_init(&taken.out, 1 << 16);
		assert_int_equal(read_all(slice_str(rows[i].text), 5, &taken, &e), -1);
		fixture_error(&e, ERR_INPUT, rows[i].words);
		buf_release(&taken.out);
	}
}

static void test_import_formats_by_name(void **state)
{
	enum import_format format;
	struct err e;
	(void)state;
	for (int i = IMPORT_JSONL; i < IMPORT_FORMATS; i++) {
		const char *name = import_format_name((enum import_format)i);
		assert_int_equal(import_format_find(slice_str(name), &format, &e), 1);
		assert_int_equal(format, i);
	}
	assert_int_equal(import_format_find(SLICE("excel"), &format, &e), -1);
	fixture_error(&e, ERR_INPUT, "write one of jsonl, shopify-csv");
}

int run_import_reader_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_import_amounts_RECORD_4_1),
		cmocka_unit_test(test_import_times),
		cmocka_unit_test(test_import_rates),
		cmocka_unit_test(test_csv_rows),
		cmocka_unit_test(test_csv_bounds),
		cmocka_unit_test(test_import_files),
		cmocka_unit_test(test_import_refuses_files),
		cmocka_unit_test(test_import_formats_by_name),
	};
	return cmocka_run_group_tests_name("import reader", tests, NULL, NULL);
}
