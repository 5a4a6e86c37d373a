/* SPDX-License-Identifier: ISC */
#include "check.h"

static int64_t at(const char *text)
{
	int64_t seconds;
	assert_int_equal(clock_parse_rfc3339(slice_str(text), &seconds, NULL), 1);
	return seconds;
}

static const struct zone *zone_of(const char *name)
{
	const struct zone *zone;
	if (zone_find(slice_str(name), &zone, NULL) != 1)
		skip();
	return zone;
}

static void local_times(void **state)
{
	static const struct {
		const char *zone, *utc, *local, *name;
		int offset;
	} rows[] = {
		{"Europe/Amsterdam", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59Z", "CET", 3600},
		{"Europe/Amsterdam", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z", "CEST", 7200},
		{"Europe/Amsterdam", "2026-10-25T00:59:59Z", "2026-10-25T02:59:59Z", "CEST", 7200},
		{"Europe/Amsterdam", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z", "CET", 3600},
		{"Europe/Amsterdam", "2500-07-01T12:00:00Z", "2500-07-01T14:00:00Z", "CEST", 7200},
		{"Europe/Amsterdam", "2500-01-01T12:00:00Z", "2500-01-01T13:00:00Z", "CET", 3600},
		{"Europe/Amsterdam", "2038-03-28T01:00:00Z", "2038-03-28T03:00:00Z", "CEST", 7200},
		{"America/New_York", "2026-03-08T06:59:59Z", "2026-03-08T01:59:59Z", "EST", -18000},
		{"America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00Z", "EDT", -14400},
		{"America/New_York", "2199-11-03T06:00:00Z", "2199-11-03T01:00:00Z", "EST", -18000},
		{"Asia/Kolkata", "2026-01-01T00:00:00Z", "2026-01-01T05:30:00Z", "IST", 19800},
		{"Asia/Kathmandu", "2300-01-01T00:00:00Z", "2300-01-01T05:45:00Z", "+0545", 20700},
		{"Australia/Sydney", "2300-01-01T00:00:00Z", "2300-01-01T11:00:00Z", "AEDT", 39600},
		{"Australia/Sydney", "2300-07-01T00:00:00Z", "2300-07-01T10:00:00Z", "AEST", 36000},
		{"Europe/Dublin", "2300-07-01T00:00:00Z", "2300-07-01T01:00:00Z", "IST", 3600},
		{"Europe/Dublin", "2300-01-01T00:00:00Z", "2300-01-01T00:00:00Z", "GMT", 0},
		{"UTC", "2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z", "UTC", 0},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct civil c;
		const struct zone *zone = zone_of(rows[i].zone);
		civil_from_zone(at(rows[i].utc), zone, &c);
		if (c.offset != rows[i].offset || strcmp(c.zone, rows[i].name) != 0)
			fail_msg("%s %s: %d %s", rows[i].zone, rows[i].utc, c.offset, c.zone);
		assert_true(civil_to_utc(&c) == at(rows[i].utc));
		c.offset = 0;
		assert_true(civil_to_utc(&c) == at(rows[i].local));
	}
}

static void back_to_utc(void **state)
{
	static const struct {
		const char *zone, *local, *utc;
	} rows[] = {
		{"Europe/Amsterdam", "2026-01-15T12:00:00Z", "2026-01-15T11:00:00Z"},
		{"Europe/Amsterdam", "2026-07-15T12:00:00Z", "2026-07-15T10:00:00Z"},
		{"Europe/Amsterdam", "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z"},
		/* The hour that does not exist moves forward: 02:30 is 03:30. */
		{"Europe/Amsterdam", "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z"},
		{"Europe/Amsterdam", "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"},
		/* The hour that comes twice is the first one. */
		{"Europe/Amsterdam", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"},
		{"Europe/Amsterdam", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"},
		{"Europe/Amsterdam", "2400-07-15T12:00:00Z", "2400-07-15T10:00:00Z"},
		{"America/New_York", "2026-03-08T02:30:00Z", "2026-03-08T07:30:00Z"},
		{"UTC", "2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct civil c;
		civil_from_utc(at(rows[i].local), &c);
		int64_t got = civil_to_zone(&c, zone_of(rows[i].zone));
		if (got != at(rows[i].utc))
			fail_msg("%s %s: %lld", rows[i].zone, rows[i].local, (long long)got);
	}
	struct civil c;
	civil_from_utc(1000, &c);
	assert_true(civil_to_zone(&c, NULL) == 1000);
	civil_from_zone(1000, NULL, &c);
	assert_string_equal(c.zone, "UTC");
}

/* Every quarter of an hour of some years comes back as itself or, when it came twice, earlier. */
static void there_and_back(void **state)
{
	static const char *const names[] = {"Europe/Amsterdam",	 "America/St_Johns",
					    "Africa/Casablanca", "Pacific/Chatham",
					    "America/Nuuk",	 "Asia/Tehran"};
	(void)state;
	for (size_t i = 0; i < ROWS(names); i++) {
		const struct zone *zone = zone_of(names[i]);
		for (int64_t t = at("2035-01-01T00:00:00Z"); t < at("2040-01-01T00:00:00Z");
		     t += 900) {
			struct civil c;
			civil_from_zone(t, zone, &c);
			int64_t back = civil_to_zone(&c, zone);
			if (back != t && back != t - 3600)
				fail_msg("%s: %lld gives %lld", names[i], (long long)t,
					 (long long)back);
		}
	}
}

static void extremes(void **state)
{
	static const int64_t moments[] = {INT64_MIN, INT64_MIN / 2 - 1, -9000000000,
					  0,	     INT64_MAX / 2 + 1, INT64_MAX};
	(void)state;
	for (size_t i = 0; i < ROWS(moments); i++) {
		struct civil c;
		civil_from_zone(moments[i], zone_of("Europe/Amsterdam"), &c);
		assert_in_range(c.month, 1, 12);
		civil_to_zone(&c, zone_of("Europe/Amsterdam"));
	}
}

static void names_are_checked(void **state)
{
	static const char *const refused[] = {
		"",
		"/etc/passwd",
		"../../../etc/passwd",
		"Europe/../../passwd",
		"Europe",
		"Europe/",
		"Europe//Amsterdam",
		"Europe/Amsterdam/",
		"europe/nowhere",
		"zone.tab",
		"Europe/Ams\n",
		"tzdata.zi",
		"Europe/AmsterdamEurope/AmsterdamEurope/AmsterdamEurope/Amsterdam12345",
	};
	(void)state;
	for (size_t i = 0; i < ROWS(refused); i++) {
		struct err e = {0};
		const struct zone *zone = NULL;
		assert_int_equal(zone_find(slice_str(refused[i]), &zone, &e), -1);
		assert_int_equal(e.class, ERR_INPUT);
		assert_null(zone);
	}
	assert_ptr_equal(zone_of("Europe/Amsterdam"), zone_of("Europe/Amsterdam"));
}

int run_zone_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(local_times),	     cmocka_unit_test(back_to_utc),
		cmocka_unit_test(there_and_back),    cmocka_unit_test(extremes),
		cmocka_unit_test(names_are_checked),
	};
	return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
