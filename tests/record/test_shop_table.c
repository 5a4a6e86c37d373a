/* SPDX-License-Identifier: ISC */
#include "fixture.h"
#include "groups.h"
#include "record/history.h"
#include "record/shop_table.h"

/* Writes a row as an admin does: "name field=value|field=value". */
static int set(struct change *ch, enum shop_table table, const char *line, struct err *e)
{
	struct slice rest = slice_str(line), name, piece;
	ProtobufCMessage *row;
	slice_cut(&rest, ' ', &name);
	int got = shop_row_load(ch->txn, ch->arena, table, name, &row, e);
	if (got == 0)
		got = shop_row_new(ch->arena, table, name, &row, e);
	while (got > 0 && slice_cut(&rest, '|', &piece)) {
		size_t equals = (size_t)slice_chr(piece, '=');
		got = shop_field_set(ch->arena, row, slice_sub(piece, 0, equals),
				     slice_sub(piece, equals + 1, piece.len), e);
	}
	return got < 0 ? -1 : shop_row_save(ch, row, e);
}

static char *shown(struct change *ch, enum shop_table table, const char *name)
{
	ProtobufCMessage *row;
	struct buf out;
	struct err e;
	if (shop_row_load(ch->txn, ch->arena, table, slice_str(name), &row, &e) != 1)
		fail_msg("no row %s", name);
	buf_init(&out, 4096);
	shop_row_put(&out, ch->arena, row);
	char *text = arena_str(ch->arena, buf_slice(&out));
	buf_release(&out);
	return text;
}

RECORD_TEST(test_table_rows_are_set_and_shown)
{
	static const struct {
		enum shop_table table;
		const char *line, *name, *shown;
	} rows[] = {
		{SHOP_TABLE_PAYMENT_TYPE, "bank label=Bank transfer|remind_days=7,14", "BANK",
		 "bank                     label=\"Bank transfer\" orderline_status=HAL "
		 "remind_days=7,14\n"},
		{SHOP_TABLE_PAYMENT_TYPE, "card orderline_status=ang|card=yes", "card",
		 "card                     orderline_status=ANG card=yes\n"},
		{SHOP_TABLE_PAYMENT_TYPE, "bank remind_days=|hal_cancel_days=14", "bank",
		 "bank                     label=\"Bank transfer\" orderline_status=HAL "
		 "hal_cancel_days=14\n"},
		{SHOP_TABLE_TERMS, "PREPAY prepay=yes", "prepay",
		 "PREPAY                   prepay=yes\n"},
		{SHOP_TABLE_PRICE_LIST, "trade currency=EUR|net=yes", "trade",
		 "trade                    currency=EUR net=yes\n"},
		{SHOP_TABLE_CHANNEL, "web price_list=TRADE|payment_type=bank|terms=prepay", "web",
		 "web                      price_list=trade payment_type=bank terms=PREPAY\n"},
		{SHOP_TABLE_SEASON, "SS27 starts_at=2027-01-15|ends_at=2027-08-01", "ss27",
		 "SS27                     starts_at=2027-01-15 ends_at=2027-08-01\n"},
		{SHOP_TABLE_VAT_RATE, "nl/reduced/2019-01-01 vat_rate=9%", "NL/reduced/2019-01-01",
		 "NL/reduced/2019-01-01    vat_category=S vat_rate=9%\n"},
		{SHOP_TABLE_VAT_RATE, "FI/standard/2024-09-01 vat_rate=25.5%",
		 "FI/standard/2024-09-01",
		 "FI/standard/2024-09-01   vat_category=S vat_rate=25.5%\n"},
		{SHOP_TABLE_VAT_RATE, "NL/books vat_rate=0%|vat_category=E", "NL/books",
		 "NL/books                 vat_category=E vat_rate=0%\n"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e;
		if (set(ch, rows[i].table, rows[i].line, &e) != 1)
			fail_msg("%s: %s", rows[i].line, e.text);
		assert_string_equal(shown(ch, rows[i].table, rows[i].name), rows[i].shown);
	}
}

RECORD_TEST(test_table_refusals)
{
	static const struct {
		enum shop_table table;
		const char *line, *words;
	} rows[] = {
		{SHOP_TABLE_PAYMENT_TYPE, "x orderline_status=EIN", "HAL (on hold) or ANG"},
		{SHOP_TABLE_PAYMENT_TYPE, "x orderline_status=odd", "must be one of"},
		{SHOP_TABLE_PAYMENT_TYPE, "x remind_days=14,7", "rising days"},
		{SHOP_TABLE_PAYMENT_TYPE, "x remind_days=0", "rising days"},
		{SHOP_TABLE_PAYMENT_TYPE, "x remind_days=a", "numbers such as 7,14"},
		{SHOP_TABLE_PAYMENT_TYPE, "x hal_cancel_days=9999", "0 to 3650 days"},
		{SHOP_TABLE_PAYMENT_TYPE, "x hal_cancel_days=-1", "a whole number"},
		{SHOP_TABLE_PAYMENT_TYPE, "x card=perhaps", "yes or no"},
		{SHOP_TABLE_PAYMENT_TYPE, "x cart=yes", "did you mean card?"},
		{SHOP_TABLE_PAYMENT_TYPE, "-x card=yes", "is no name"},
		{SHOP_TABLE_PAYMENT_TYPE, "x label=a\nb", "one line"},
		{SHOP_TABLE_TERMS, "x days=30|prepay=yes", "\"days\" must be 0"},
		{SHOP_TABLE_TERMS, "x days=99999999999", "a whole number"},
		{SHOP_TABLE_CHANNEL, "x price_list=nowhere", "there is no price list"},
		{SHOP_TABLE_CHANNEL, "x payment_type=fixtur", "did you mean \"fixture\"?"},
		{SHOP_TABLE_PRICE_LIST, "x currency=EURO", "no ISO 4217 currency"},
		{SHOP_TABLE_PRICE_LIST, "x net=yes", "no ISO 4217 currency"},
		{SHOP_TABLE_SEASON, "x starts_at=2027-02-30", "a date such as"},
		{SHOP_TABLE_SEASON, "x starts_at=2027-02-01|ends_at=2027-01-01", "behind"},
		{SHOP_TABLE_VAT_RATE, "NL vat_rate=21%", "names no VAT rate"},
		{SHOP_TABLE_VAT_RATE, "ZZ/standard vat_rate=21%", "no ISO 3166-1 code"},
		{SHOP_TABLE_VAT_RATE, "NL/standard/2027 vat_rate=21%", "2027"},
		{SHOP_TABLE_VAT_RATE, "NL/standard vat_rate=21", "a percentage such as 21%"},
		{SHOP_TABLE_VAT_RATE, "NL/standard vat_rate=101%", "a percentage such as 21%"},
		{SHOP_TABLE_VAT_RATE, "NL/standard vat_rate=5.12345%", "a percentage"},
		{SHOP_TABLE_VAT_RATE, "NL/standard vat_rate=100.5%", "a percentage"},
		{SHOP_TABLE_VAT_RATE, "NL/standard vat_rate=21%|vat_category=Z", "must be S"},
		{SHOP_TABLE_VAT_RATE, "NL/standard vat_rate=0%|vat_category=K", "must be S"},
	};
	struct err e;
	set(ch, SHOP_TABLE_PAYMENT_TYPE, "fixture card=no", &e);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		e = (struct err){ERR_NONE, ""};
		if (set(ch, rows[i].table, rows[i].line, &e) != -1)
			fail_msg("%s was taken", rows[i].line);
		fixture_error(&e, ERR_INPUT, rows[i].words);
	}
}

RECORD_TEST(test_table_rows_have_their_history)
{
	struct err e;
	Rec__History *row;
	assert_int_equal(set(ch, SHOP_TABLE_TERMS, "30d days=30", &e), 1);
	assert_string_equal(fixture_history(ch, "terms:30d")->event, "create");
	assert_int_equal(set(ch, SHOP_TABLE_TERMS, "30d days=30", &e), 0);
	assert_int_equal(set(ch, SHOP_TABLE_TERMS, "30D days=31", &e), 1);
	row = fixture_history(ch, "terms:30d");
	assert_string_equal(row->event, "edit");
	assert_string_equal(row->changes[0]->old, "30");
	assert_string_equal(row->changes[0]->new_, "31");
	assert_string_equal(row->actor, "ann");
	assert_int_equal(shop_row_remove(ch, SHOP_TABLE_TERMS, SLICE("30d"), &e), 1);
	assert_string_equal(fixture_history(ch, "terms:30d")->event, "remove");
	assert_int_equal(shop_row_remove(ch, SHOP_TABLE_TERMS, SLICE("30d"), &e), -1);
	fixture_error(&e, ERR_INPUT, "there is no terms \"30d\"");
}

RECORD_TEST(test_table_rows_in_use_stay)
{
	struct err e;
	set(ch, SHOP_TABLE_PRICE_LIST, "trade currency=EUR", &e);
	set(ch, SHOP_TABLE_CHANNEL, "web price_list=trade", &e);
	assert_int_equal(shop_row_remove(ch, SHOP_TABLE_PRICE_LIST, SLICE("trade"), &e), -1);
	fixture_error(&e, ERR_INPUT, "the channel \"web\" uses it");
	assert_int_equal(shop_row_remove(ch, SHOP_TABLE_CHANNEL, SLICE("web"), &e), 1);
	assert_int_equal(shop_row_remove(ch, SHOP_TABLE_PRICE_LIST, SLICE("trade"), &e), 1);
}

RECORD_TEST(test_table_defaults)
{
	struct err e;
	Rec__PaymentType *bank;
	Rec__Terms *prepay;
	struct shop_rows rows;
	struct slice name = SLICE("BANK");
	if (shop_table_defaults(ch, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(payment_type_load(ch->txn, ch->arena, SLICE("bank"), &bank, &e), 1);
	assert_int_equal(bank->orderline_status, REC__LINE_STATE__LINE_STATE_HAL);
	/* The clock does nothing to orders until somebody asks it to. */
	assert_int_equal(bank->hal_cancel_days, 0);
	/* CP-18 */
	assert_int_equal(terms_load(ch->txn, ch->arena, SLICE("PREPAY"), &prepay, &e), 1);
	assert_true(prepay->prepay);
	assert_string_equal(prepay->label, "Full payment before despatch");
	assert_int_equal(shop_row_need(ch->txn, ch->arena, SHOP_TABLE_PAYMENT_TYPE, &name, &e), 1);
	assert_true(slice_eq(name, SLICE("bank")));
	name = SLICE("bnak");
	assert_int_equal(shop_row_need(ch->txn, ch->arena, SHOP_TABLE_PAYMENT_TYPE, &name, &e), -1);
	fixture_error(&e, ERR_INPUT, "there is no payment type \"bnak\"; did you mean \"bank\"?");
	name = SLICE("cheque");
	assert_int_equal(shop_row_need(ch->txn, ch->arena, SHOP_TABLE_PAYMENT_TYPE, &name, &e), -1);
	fixture_error(&e, ERR_INPUT, "there are: bank, card");
	assert_int_equal(shop_row_list(ch->txn, ch->arena, SHOP_TABLE_VAT_RATE, &rows, &e), 1);
	assert_in_range(rows.n, 27, SHOP_ROWS_MAX);
	/* Again is no change. */
	size_t n = rows.n;
	assert_true(shop_table_defaults(ch, &e) >= 0);
	shop_row_list(ch->txn, ch->arena, SHOP_TABLE_VAT_RATE, &rows, &e);
	assert_int_equal(rows.n, n);
}

int run_shop_table_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_rows_are_set_and_shown),
		cmocka_unit_test(test_table_refusals),
		cmocka_unit_test(test_table_rows_have_their_history),
		cmocka_unit_test(test_table_rows_in_use_stay),
		cmocka_unit_test(test_table_defaults),
	};
	return cmocka_run_group_tests_name("shop table", tests, fixture_setup, fixture_teardown);
}
