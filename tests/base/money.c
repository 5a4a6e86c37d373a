/* SPDX-License-Identifier: ISC */
#include "check.h"

static void exponents(void **state)
{
	static const struct {
		const char *code;
		int exponent;
	} rows[] = {
		{"EUR", 2},   {"USD", 2},  {"AED", 2},	{"ZWR", 2},  {"JPY", 0},  {"ADP", 0},
		{"XPF", 0},   {"KWD", 3},  {"BHD", 3},	{"TND", 3},  {"CLF", 4},  {"UYW", 4},
		{"XAU", -1},  {"XTS", -1}, {"XXX", -1}, {"QQQ", -1}, {"eur", -1}, {"EU", -1},
		{"EURO", -1}, {"", -1},	   {"R A", -1}, {"ED ", -1},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(money_exponent(slice_str(rows[i].code)), rows[i].exponent);
}

/* Every code is found, so the lists are sorted; ISO 4217 counts them (RECORD.md 4.1). */
static void exponent_counts(void **state)
{
	int found[6] = {0};
	char code[3];
	(void)state;
	for (int i = 0; i < 26 * 26 * 26; i++) {
		code[0] = (char)('A' + i / 676);
		code[1] = (char)('A' + i / 26 % 26);
		code[2] = (char)('A' + i % 26);
		found[money_exponent(slice_of(code, 3)) + 1]++;
	}
	assert_int_equal(found[1], 30);
	assert_int_equal(found[3], 180);
	assert_int_equal(found[4], 7);
	assert_int_equal(found[5], 2);
}

static void checked_sums(void **state)
{
	static const struct {
		int (*fn)(int64_t, int64_t, int64_t *, struct err *);
		int64_t a, b, want;
		int result;
	} rows[] = {
		{money_add, 1, 2, 3, 1},
		{money_add, INT64_MAX, 1, 0, -1},
		{money_add, INT64_MIN, -1, 0, -1},
		{money_add, INT64_MAX, INT64_MIN, -1, 1},
		{money_sub, 5, 7, -2, 1},
		{money_sub, INT64_MIN, 1, 0, -1},
		{money_sub, 0, INT64_MIN, 0, -1},
		{money_mul, 3, -4, -12, 1},
		{money_mul, INT64_MIN, -1, 0, -1},
		{money_mul, 4611686018427387904, 2, 0, -1},
		{money_mul, 4611686018427387904, -2, INT64_MIN, 1},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};
		int64_t got = 0;
		assert_int_equal(rows[i].fn(rows[i].a, rows[i].b, &got, &e), rows[i].result);
		if (rows[i].result > 0)
			assert_true(got == rows[i].want);
		else
			assert_non_null(strstr(e.text, "too large"));
	}
}

static void scale_rounds_half_away_from_zero(void **state)
{
	static const struct {
		int64_t amount, numerator, denominator, want;
		int result;
	} rows[] = {
		{5, 1, 10, 1, 1},
		{-5, 1, 10, -1, 1},
		{4, 1, 10, 0, 1},
		{-4, 1, 10, 0, 1},
		{15, 1, 10, 2, 1},
		{25, 1, 10, 3, 1},
		{-25, 1, 10, -3, 1},
		{1, 1, 3, 0, 1},
		{2, 1, 3, 1, 1},
		{10000, 210000, 1000000, 2100, 1},
		{12100, 210000, 1210000, 2100, 1},
		{-12100, 210000, 1210000, -2100, 1},
		{7, -1, 2, -4, 1},
		{0, 5, 7, 0, 1},
		{INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, 1},
		{INT64_MIN, 1, 1, INT64_MIN, 1},
		{INT64_MIN, INT64_MIN, INT64_MAX, 0, -1},
		{INT64_MIN, -1, 1, 0, -1},
		{INT64_MAX, 2, 1, 0, -1},
		{INT64_MAX, 1, INT64_MAX, 1, 1},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};
		int64_t got = 0;
		assert_int_equal(money_scale(rows[i].amount, rows[i].numerator, rows[i].denominator,
					     &got, &e),
				 rows[i].result);
		assert_true(got == rows[i].want);
	}
}

static void parse_takes_the_strict_form(void **state)
{
	static const struct {
		const char *text, *currency;
		int64_t amount;
	} rows[] = {
		{"25.00", "EUR", 2500},
		{"25", "EUR", 2500},
		{"-25.00", "EUR", -2500},
		{"0.01", "EUR", 1},
		{"-0.01", "EUR", -1},
		{"0", "EUR", 0},
		{"  7.10 ", "EUR", 710},
		{"25.00 EUR", "EUR", 2500},
		{"EUR 25.00", "EUR", 2500},
		{"eur25.00", "EUR", 2500},
		{"EUR -3.00", "EUR", -300},
		{"1000", "JPY", 1000},
		{"1.234", "KWD", 1234},
		{"1.2345", "CLF", 12345},
		{"92233720368547758.07", "EUR", INT64_MAX},
		{"-92233720368547758.08", "EUR", INT64_MIN},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};
		int64_t got = 0;
		struct slice text = exact_copy(slice_str(rows[i].text));
		if (money_parse(text, slice_str(rows[i].currency), &got, &e) != 1)
			fail_msg("%s: %s", rows[i].text, e.text);
		assert_true(got == rows[i].amount);
		exact_free(text);
	}
}

static void parse_refuses_and_suggests(void **state)
{
	static const struct {
		const char *text, *currency, *says;
	} rows[] = {
		{"25,00", "EUR", "write 25.00"},
		{"25,5", "EUR", "write 25.50"},
		{"25.5", "EUR", "write 25.50"},
		{"1,000.00", "EUR", "write 1000.00"},
		{"1.000,00", "EUR", "write 1000.00"},
		{"1 000,00", "EUR", "write 1000.00"},
		{"1'000.00", "EUR", "write 1000.00"},
		{"1\xe2\x80\xaf"
		 "000,00",
		 "EUR", "write 1000.00"},
		{"1\xc2\xa0"
		 "000",
		 "EUR", "write 1000.00"},
		{"1,234,567", "EUR", "write 1234567.00"},
		{"1,000", "EUR", "write 1000.00"},
		{"-25,00", "EUR", "write -25.00"},
		{"+25.00", "EUR", "write 25.00"},
		{"\xe2\x82\xac"
		 "25.00",
		 "EUR", "write 25.00"},
		{"25,00 \xe2\x82\xac", "EUR", "write 25.00"},
		{"25,00 EUR", "EUR", "write 25.00"},
		{"007,50", "EUR", "write 7.50"},
		{".50", "EUR", "write 0.50"},
		{"25.", "EUR", "write 25.00"},
		{"1.000", "JPY", "write 1000"},
		{"1,5", "KWD", "write 1.500"},
		{"1.00", "JPY", "write it like 25"},
		{"25.0000", "EUR", "write it like 25.00"},
		{"1 00", "EUR", "write it like 25.00"},
		{"", "EUR", "write it like 25.00"},
		{"-", "EUR", "write it like 25.00"},
		{"--5", "EUR", "write it like 25.00"},
		{"twenty five", "EUR", "in twenty"},
		{"25.00 USD", "EUR", "in USD, here it has to be in EUR"},
		{"1e5", "EUR", "write it like 25.00"},
		{"25.00", "XAU", "not a currency"},
		{"25.00", "", "not a currency"},
		{"92233720368547758.08", "EUR", "too large"},
		{"-92233720368547758.09", "EUR", "too large"},
		{"99999999999999999999999999", "EUR", "too large"},
		{"99999999999,999999999999999,99", "EUR", "write it like 25.00"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};
		int64_t got = 77;
		struct slice text = exact_copy(slice_str(rows[i].text));
		assert_int_equal(money_parse(text, slice_str(rows[i].currency), &got, &e), -1);
		assert_int_equal(e.class, ERR_INPUT);
		if (!strstr(e.text, rows[i].says))
			fail_msg("\"%s\": %s", rows[i].text, e.text);
		assert_true(got == 77);
		exact_free(text);
	}
}

static void written_forms(void **state)
{
	static const struct {
		int64_t amount;
		const char *currency, *language, *plain, *local;
	} rows[] = {
		{123450, "EUR", "en", "1234.50", "1,234.50"},
		{123450, "EUR", "de", "1234.50", "1.234,50"},
		{123450, "EUR", "fr", "1234.50",
		 "1\xe2\x80\xaf"
		 "234,50"},
		{123450, "EUR", "de-CH", "1234.50",
		 "1\xe2\x80\x99"
		 "234.50"},
		{123450, "EUR", "de_AT.UTF-8", "1234.50",
		 "1\xe2\x80\xaf"
		 "234,50"},
		{123450, "EUR", "nl-BE", "1234.50", "1.234,50"},
		{123450, "EUR", "", "1234.50", "1,234.50"},
		{123450, "EUR", "deu", "1234.50", "1,234.50"},
		{100, "EUR", "en", "1.00", "1.00"},
		{99, "EUR", "en", "0.99", "0.99"},
		{-1, "EUR", "en", "-0.01", "-0.01"},
		{0, "EUR", "de", "0.00", "0,00"},
		{-99900, "EUR", "en", "-999.00", "-999.00"},
		{123456789012, "EUR", "nl", "1234567890.12", "1.234.567.890,12"},
		{1234567, "JPY", "ja", "1234567", "1,234,567"},
		{1234567, "KWD", "en", "1234.567", "1,234.567"},
		{5, "CLF", "es", "0.0005", "0,0005"},
		{INT64_MIN, "EUR", "en", "-92233720368547758.08", "-92,233,720,368,547,758.08"},
		{1000, "XAU", "en", "1000", "1,000"},
	};
	struct buf out;
	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < ROWS(rows); i++) {
		money_put(&out, rows[i].amount, slice_str(rows[i].currency));
		CHECK_BUF(&out, rows[i].plain);
		money_put_local(&out, rows[i].amount, slice_str(rows[i].currency),
				slice_str(rows[i].language));
		CHECK_BUF(&out, rows[i].local);
	}
	assert_true(slice_eq(money_sign(SLICE("EUR")), SLICE("\xe2\x82\xac")));
	assert_true(slice_eq(money_sign(SLICE("CHF")), SLICE("CHF")));
	buf_release(&out);
}

/* What money_put writes money_parse reads back. */
static void round_trip(void **state)
{
	static const int64_t amounts[] = {0, 1, -1, 99, 100, -100, 12345, INT64_MAX, INT64_MIN};
	static const char *const codes[] = {"EUR", "JPY", "KWD", "CLF"};
	struct buf out;
	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < ROWS(amounts) * ROWS(codes); i++) {
		struct slice code = slice_str(codes[i % ROWS(codes)]);
		int64_t amount = amounts[i / ROWS(codes)], got;
		money_put(&out, amount, code);
		assert_int_equal(money_parse(buf_slice(&out), code, &got, NULL), 1);
		assert_true(got == amount);
		buf_clear(&out);
	}
	buf_release(&out);
}

int run_money_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exponents),
		cmocka_unit_test(exponent_counts),
		cmocka_unit_test(checked_sums),
		cmocka_unit_test(scale_rounds_half_away_from_zero),
		cmocka_unit_test(parse_takes_the_strict_form),
		cmocka_unit_test(parse_refuses_and_suggests),
		cmocka_unit_test(written_forms),
		cmocka_unit_test(round_trip),
	};
	return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
