/* SPDX-License-Identifier: ISC */
#include "check.h"

static void finds(void **state)
{
	static const struct {
		const char *source, *subject;
		unsigned flags;
		size_t from;
		int result;
		const char *whole, *group;
	} rows[] = {
		{"O(\\d+)", "order O10042 of today", 0, 0, 1, "O10042", "10042"},
		{"o(\\d+)", "order O10042", 0, 0, 0, NULL, NULL},
		{"o(\\d+)", "order O10042", PATTERN_NOCASE, 0, 1, "O10042", "10042"},
		{"^b", "a\nb", 0, 0, 0, NULL, NULL},
		{"^b", "a\nb", PATTERN_MULTILINE, 0, 1, "b", NULL},
		{"a", "abca", 0, 1, 1, "a", NULL},
		{"a", "abca", 0, 4, 0, NULL, NULL},
		{"a", "abca", 0, 400, 0, NULL, NULL},
		{"", "", 0, 0, 1, "", NULL},
		{"\xc3\xb6", "\xc3\x96", PATTERN_NOCASE, 0, 1, "\xc3\x96", NULL},
		{"a(x)?b", "ab", 0, 0, 1, "ab", NULL},
		{".b",
		 "\xff"
		 "b ab",
		 0, 0, 1, " b", NULL},
		{"b$", "a\xe2\x82 b", 0, 0, 1, "b", NULL},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};
		struct pattern *p = NULL;
		struct slice groups[3];
		struct slice subject = exact_copy(slice_str(rows[i].subject));
		if (strcmp(rows[i].source, ".b") == 0) {
			exact_free(subject);
			subject = exact_copy(SLICE("\xff"
						   "b b"));
		}
		assert_int_equal(pattern_open(slice_str(rows[i].source), rows[i].flags, &p, &e), 1);
		assert_int_equal(pattern_find(p, subject, rows[i].from, groups, 3, &e),
				 rows[i].result);
		assert_true(slice_eq(groups[0], slice_str(rows[i].whole)));
		assert_true(slice_eq(groups[1], slice_str(rows[i].group)));
		assert_true((groups[1].ptr == NULL) == (rows[i].group == NULL));
		assert_null(groups[2].ptr);
		exact_free(subject);
		pattern_close(&p);
		assert_null(p);
	}
}

static void refuses_wrong_patterns(void **state)
{
	static const char *const wrong[] = {"(",    "a**b", "[z-a]",	"\\C",
					    "(?<n", "\xff", "a{99999}", "(?P>x)"};
	(void)state;
	for (size_t i = 0; i < ROWS(wrong); i++) {
		struct err e = {0};
		struct pattern *p = NULL;
		assert_int_equal(pattern_open(slice_str(wrong[i]), 0, &p, &e), -1);
		assert_int_equal(e.class, ERR_INPUT);
		assert_non_null(strstr(e.text, "at character"));
		assert_null(p);
	}
	static char huge[20000];
	struct err e = {0};
	struct pattern *p = NULL;
	memset(huge, 'a', sizeof(huge));
	assert_int_equal(pattern_open(slice_of(huge, sizeof(huge)), 0, &p, &e), -1);
	assert_int_equal(pattern_open(SLICE("(?:(?:(?:(?:a{99}){99}){99}){9})"), 0, &p, &e), -1);
	assert_int_equal(e.class, ERR_INPUT);
}

/* T20: what would take for ever ends with TEMP. */
static void catastrophes_hit_a_limit(void **state)
{
	static const char *const sources[] = {
		"(a+)+$",	 "(a|aa)+$", "(a|a?)+$",	 "^(([a-z])+.)+[A-Z]([a-z])+$",
		"(.*)*x(.*)*y$", "(a*)*b",   "(?:a?){40}a{40}$",
	};
	static char subject[40001];
	(void)state;
	memset(subject, 'a', sizeof(subject) - 1);
	subject[sizeof(subject) - 1] = '!';
	for (size_t i = 0; i < ROWS(sources); i++) {
		struct err e = {0};
		struct pattern *p = NULL;
		assert_int_equal(pattern_open(slice_str(sources[i]), 0, &p, &e), 1);
		int result = pattern_find(p, slice_of(subject, sizeof(subject)), 0, NULL, 0, &e);
		assert_in_range(result + 1, 0, 1);
		if (i < 4)
			assert_int_equal(result, -1);
		if (result < 0)
			assert_int_equal(e.class, ERR_TEMP);
		pattern_close(&p);
	}
}

/* Linear from every start, without a hit: the time of the whole search is bounded. */
static void quadratic_searches_end(void **state)
{
	static const char *const sources[] = {"(?:a|b)+[xy]", "(?:a|b)+?[xy]", "[ab]+[ab]+[xy]"};
	static char subject[PATTERN_SUBJECT_MAX];
	(void)state;
	memset(subject, 'a', sizeof(subject));
	memcpy(subject + sizeof(subject) - 4, "\nx!y", 4);
	for (size_t i = 0; i < ROWS(sources); i++) {
		struct err e = {0};
		struct pattern *p = NULL;
		assert_int_equal(pattern_open(slice_str(sources[i]), 0, &p, &e), 1);
		assert_int_equal(
			pattern_find(p, slice_of(subject, sizeof(subject)), 0, NULL, 0, &e), -1);
		assert_int_equal(e.class, ERR_TEMP);
		pattern_close(&p);
	}
}

/* A long subject is searched in several calls; that must not show. */
static void long_subjects(void **state)
{
	static const struct {
		const char *source;
		size_t at, length; /* length 0: no match */
	} rows[] = {
		{"z", 60000, 1},
		{"[yz]+", 60000, 2},
		{"\xc3\xb6z", 59998, 3},
		{"(?<=\xc3\xb6)z", 60000, 1},
		{"^z", 0, 0},
		{"\\Gz", 0, 0},
		{"^(?:\xc3\xb6|x)*", 0, 60000},
		{"y$", 60001, 1},
		{"q", 0, 0},
		{"\\A\xc3\xb6", 0, 2},
		{"(?:\xc3\xb6){600}zy", 58800, 1202},
	};
	static char subject[60002];
	(void)state;
	for (size_t i = 0; i < 30000; i++)
		memcpy(subject + 2 * i, "\xc3\xb6", 2);
	memcpy(subject + 60000, "zy", 2);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct err e = {0};
		struct pattern *p = NULL;
		struct slice whole;
		assert_int_equal(pattern_open(slice_str(rows[i].source), 0, &p, &e), 1);
		int result = pattern_find(p, slice_of(subject, sizeof(subject)), 0, &whole, 1, &e);
		if (result != (rows[i].length > 0))
			fail_msg("%s gives %d %s", rows[i].source, result, e.text);
		if (result > 0) {
			assert_ptr_equal(whole.ptr, subject + rows[i].at);
			assert_int_equal(whole.len, rows[i].length);
		}
		pattern_close(&p);
	}
}

static void subjects_end_at_the_limit(void **state)
{
	static char subject[PATTERN_SUBJECT_MAX + 1];
	struct err e = {0};
	struct pattern *p = NULL;
	(void)state;
	memset(subject, 'a', sizeof(subject));
	assert_int_equal(pattern_open(SLICE("[z\xc3\xb6]"), 0, &p, &e), 1);
	subject[PATTERN_SUBJECT_MAX] = 'z';
	struct slice whole = slice_of(subject, sizeof(subject));
	assert_int_equal(pattern_find(p, whole, 0, NULL, 0, &e), 0);
	/* Half a character at the cut is no match and no error. */
	memcpy(subject + PATTERN_SUBJECT_MAX - 1, "\xc3\xb6", 2);
	assert_int_equal(pattern_find(p, whole, 0, NULL, 0, &e), 0);
	subject[PATTERN_SUBJECT_MAX - 1] = 'z';
	assert_int_equal(pattern_find(p, whole, 0, NULL, 0, &e), 1);
	pattern_close(&p);
}

int run_pattern_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds),
		cmocka_unit_test(refuses_wrong_patterns),
		cmocka_unit_test(catastrophes_hit_a_limit),
		cmocka_unit_test(quadratic_searches_end),
		cmocka_unit_test(long_subjects),
		cmocka_unit_test(subjects_end_at_the_limit),
	};
	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
