/* SPDX-License-Identifier: ISC */
#include "groups.h"
#include "record/id.h"

static const struct {
	const char *text, *printed;
	char letter;
	uint64_t number;
	uint32_t line, split;
} good[] = {
	{"C10001", "C10001", 'C', 10001, 0, 0},
	{"c10001", "C10001", 'C', 10001, 0, 0},
	{"O10042", "O10042", 'O', 10042, 0, 0},
	{"O10042/3", "O10042/3", 'O', 10042, 3, 0},
	{"o10042/3.1", "O10042/3.1", 'O', 10042, 3, 1},
	{"T1", "T1", 'T', 1, 0, 0},
	{"I2026-00017", "I2026-00017", 'I', 17, 0, 0},
	{"n2026-17", "N2026-00017", 'N', 17, 0, 0},
	{"X77", "X77", 'X', 77, 0, 0},
	{"O9223372036854775807", "O9223372036854775807", 'O', INT64_MAX, 0, 0},
};

static const char *const bad[] = {
	"",
	"O",
	"10042",
	"O0",
	"O010042",
	"O10042/",
	"O10042/0",
	"O10042/3.",
	"O10042/3.0",
	"C10001/3",
	"O10042x",
	"O 10042",
	"O-1",
	"Z12",
	"I10",
	"I2026",
	"I2026-",
	"I2026-0",
	"O9223372036854775808",
	"O99999999999999999999999",
	"O10042/100000",
	"I26-00017",
	"#O10042",
	"O10042/3/4",
};

static void test_ids_parse_and_print(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct id id;
		assert_int_equal(id_parse(slice_str(good[i].text), &id, NULL), 1);
		assert_string_equal(id_print(a, &id), good[i].printed);
		assert_int_equal(id.letter, good[i].letter);
		assert_int_equal(id.number, good[i].number);
		assert_int_equal(id.line, good[i].line);
		assert_int_equal(id.split, good[i].split);
	}
	arena_close(&a);
}

static void test_ids_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct id id;
		struct err e;
		if (id_parse(slice_str(bad[i]), &id, &e) != -1)
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(e.class, ERR_INPUT);
	}
}

static void test_id_letters(void **state)
{
	(void)state;
	assert_string_equal(id_kind('o')->name, "order");
	assert_string_equal(id_kind('T')->plural, "threads");
	assert_null(id_kind('Z'));
	assert_null(id_kind(0));
}

int run_id_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids_parse_and_print),
		cmocka_unit_test(test_ids_refused),
		cmocka_unit_test(test_id_letters),
	};
	return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
