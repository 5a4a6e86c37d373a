/* SPDX-License-Identifier: ISC */
#include "check.h"

static void standing_clock(void **state)
{
	struct err e = {0};
	(void)state;
	clock_set(1772359200);
	assert_true(clock_now() == 1772359200);
	assert_true(clock_mono_ms() <= clock_mono_ms());
	setenv("POSTCLERK_NOW", "2026-03-01T10:00:01Z", 1);
	assert_int_equal(clock_init(&e), 1);
	assert_true(clock_now() == 1772359201);
	setenv("POSTCLERK_NOW", "yesterday", 1);
	assert_int_equal(clock_init(&e), -1);
	assert_int_equal(e.class, ERR_CONFIG);
	assert_non_null(strstr(e.text, "2026-03-01T10:00:00Z"));
	unsetenv("POSTCLERK_NOW");
	assert_int_equal(clock_init(&e), 0);
}

static void civil_days(void **state)
{
	static const struct {
		int64_t seconds;
		const char *rfc3339, *rfc5322;
		int yearday;
	} rows[] = {
		{0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000", 1},
		{-1, "1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 +0000", 365},
		{951782400, "2000-02-29T00:00:00Z", "Tue, 29 Feb 2000 00:00:00 +0000", 60},
		{1772359200, "2026-03-01T10:00:00Z", "Sun, 01 Mar 2026 10:00:00 +0000", 60},
		{1735603199, "2024-12-30T23:59:59Z", "Mon, 30 Dec 2024 23:59:59 +0000", 365},
		{4107542400, "2100-03-01T00:00:00Z", "Mon, 01 Mar 2100 00:00:00 +0000", 60},
		{253402300799, "9999-12-31T23:59:59Z", "Fri, 31 Dec 9999 23:59:59 +0000", 365},
		{-62167219200, "0000-01-01T00:00:00Z", "Sat, 01 Jan 0000 00:00:00 +0000", 1},
	};
	struct buf out;
	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct civil c;
		int64_t again;
		clock_put_rfc3339(&out, rows[i].seconds);
		assert_int_equal(clock_parse_rfc3339(buf_slice(&out), &again, NULL), 1);
		assert_true(again == rows[i].seconds);
		CHECK_BUF(&out, rows[i].rfc3339);
		clock_put_rfc5322(&out, rows[i].seconds);
		CHECK_BUF(&out, rows[i].rfc5322);
		civil_from_utc(rows[i].seconds, &c);
		assert_int_equal(c.yearday, rows[i].yearday);
		assert_true(civil_to_utc(&c) == rows[i].seconds);
	}
	buf_release(&out);
}

static void civil_extremes(void **state)
{
	static const int64_t moments[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX, INT64_MAX - 1};
	(void)state;
	for (size_t i = 0; i < ROWS(moments); i++) {
		struct civil c;
		civil_from_utc(moments[i], &c);
		assert_in_range(c.month, 1, 12);
		assert_in_range(c.weekday, 0, 6);
		assert_true(civil_to_utc(&c) == moments[i] || moments[i] < 0);
	}
	struct civil far = {.year = INT64_MAX, .month = 1, .day = 1};
	assert_true(civil_to_utc(&far) == INT64_MAX);
	struct civil over = {.year = 2025, .month = 14, .day = 31};
	int64_t seconds;
	assert_int_equal(clock_parse_date(SLICE("2026-03-03"), &seconds, NULL), 1);
	assert_true(civil_to_utc(&over) == seconds);
}

/* Every day of 800 years, in order. */
static void civil_walk(void **state)
{
	struct civil before, c;
	(void)state;
	civil_from_utc(-12622780800, &before);
	for (int64_t day = 1; day < 292194; day++) {
		civil_from_utc(-12622780800 + day * 86400, &c);
		bool next_day = c.month == before.month && c.day == before.day + 1;
		bool next_month = c.day == 1 && c.month == before.month % 12 + 1;
		assert_true(next_day || next_month);
		assert_int_equal(c.weekday, (before.weekday + 1) % 7);
		before = c;
	}
	assert_true(c.year == 2369 && c.month == 12 && c.day == 31);
}

static void parse_times(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds; /* -1: refused */
	} rows[] = {
		{"1970-01-01T00:00:10Z", 10},
		{"1970-01-01t00:00:10z", 10},
		{"1970-01-01 00:00:10Z", 10},
		{"1970-01-01T01:00:10+01:00", 10},
		{"1970-01-01T00:00:10.999Z", 10},
		{"1969-12-31T19:00:10-05:00", 10},
		{"1970-01-01T00:00:60Z", 60},
		{"1970-01-01T00:00:10", -1},
		{"1970-01-01T00:00:10.Z", -1},
		{"1970-01-01T24:00:00Z", -1},
		{"1970-01-01T00:60:00Z", -1},
		{"1970-01-01T00:00:61Z", -1},
		{"1970-13-01T00:00:00Z", -1},
		{"1970-00-01T00:00:00Z", -1},
		{"1970-02-29T00:00:00Z", -1},
		{"1970-01-01T00:00:00+24:00", -1},
		{"1970-01-01T00:00:00Z ", -1},
		{"1970-01-01", -1},
		{"", -1},
		{"1970-01-01T", -1},
		{"+970-01-01T00:00:00Z", -1},
		{"1970-1-1T00:00:00Z", -1},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};
		int64_t got = -1;
		struct slice text = exact_copy(slice_str(rows[i].text));
		int result = clock_parse_rfc3339(text, &got, &e);
		if (result != (rows[i].seconds < 0 ? -1 : 1) || got != rows[i].seconds)
			fail_msg("%s: %d, %lld", rows[i].text, result, (long long)got);
		exact_free(text);
	}
}

static void parse_dates(void **state)
{
	static const struct {
		const char *text;
		int result;
	} rows[] = {{"2026-03-01", 1},	{"2024-02-29", 1}, {"2023-02-29", -1}, {"1900-02-29", -1},
		    {"01.03.2026", -1}, {"2026-3-1", -1},  {"2026-04-31", -1}, {"2026-03-01 ", -1},
		    {"2026/03/01", -1}, {"", -1}};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};
		int64_t got = 0;
		assert_int_equal(clock_parse_date(slice_str(rows[i].text), &got, &e),
				 rows[i].result);
		if (rows[i].result < 0)
			assert_non_null(strstr(e.text, "write it like 2026-03-01"));
	}
}

int run_clock_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(standing_clock), cmocka_unit_test(civil_days),
		cmocka_unit_test(civil_extremes), cmocka_unit_test(civil_walk),
		cmocka_unit_test(parse_times),	  cmocka_unit_test(parse_dates),
	};
	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
