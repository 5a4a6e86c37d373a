/* SPDX-License-Identifier: ISC */
#include "fixture.h"

static struct store_key key_of_i64(int64_t n)
{
	struct store_key key = {0};

	store_key_i64(&key, n);
	return key;
}

static struct store_key key_of_text(struct slice text, uint8_t behind)
{
	struct store_key key = {0};

	store_key_text(&key, text);
	store_key_u8(&key, behind);
	return key;
}

static void assert_before(const struct store_key *a, const struct store_key *b)
{
	assert_true(slice_cmp(store_key_slice(a), store_key_slice(b)) < 0);
}

static void numbers_sort(void **state)
{
	static const int64_t rows[] = {INT64_MIN, -256, -255,  -1,	   0,	     1,
				       255,	  256,	65536, 1700000000, INT64_MAX};

	(void)state;
	for (size_t i = 1; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct store_key a = key_of_i64(rows[i - 1]), b = key_of_i64(rows[i]);

		assert_before(&a, &b);
	}
}

static void texts_sort(void **state)
{
	static const struct {
		struct slice low, high;
	} rows[] = {
		{{"", 0}, {"a", 1}},	     {{"a", 1}, {"a\0", 2}}, {{"a\0", 2}, {"a\0b", 3}},
		{{"a\0", 2}, {"ab", 2}},     {{"a", 1}, {"ab", 2}},  {{"ab", 2}, {"b", 1}},
		{{"z", 1}, {"\xc3\xa9", 2}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* Whatever part follows: the text decides. */
		struct store_key a = key_of_text(rows[i].low, 0xff);
		struct store_key b = key_of_text(rows[i].high, 0);

		assert_before(&a, &b);
	}
}

static void parts_come_back(void **state)
{
	struct arena *a = arena_open();
	struct store_key key = {0};
	struct slice rest, text;
	uint64_t big;
	int64_t number;
	uint32_t small;
	uint8_t byte;

	(void)state;
	store_key_u8(&key, 7);
	store_key_text(&key, slice_of("x\0y", 3));
	store_key_i64(&key, -5);
	store_key_u32(&key, 4000000000u);
	store_key_u64(&key, UINT64_MAX - 1);
	rest = store_key_slice(&key);
	assert_true(store_key_take_u8(&rest, &byte) && byte == 7);
	assert_true(store_key_take_text(&rest, a, &text));
	assert_true(slice_eq(text, slice_of("x\0y", 3)));
	assert_true(store_key_take_i64(&rest, &number) && number == -5);
	assert_true(store_key_take_u32(&rest, &small) && small == 4000000000u);
	assert_true(store_key_take_u64(&rest, &big) && big == UINT64_MAX - 1);
	assert_int_equal(rest.len, 0);
	assert_false(store_key_take_u8(&rest, &byte));
	arena_close(&a);
}

static void broken_text_is_refused(void **state)
{
	static const struct slice rows[] = {
		{"", 0}, {"abc", 3}, {"a\0", 2}, {"a\0\xff", 3}, {"a\0b\0\0", 5}};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice rest = rows[i], text;

		assert_false(store_key_take_text(&rest, a, &text));
	}
	arena_close(&a);
}

static void too_long_sticks(void **state)
{
	struct store_key key = {0};

	(void)state;
	for (int i = 0; i < STORE_KEY_MAX; i++)
		store_key_u8(&key, 'x');
	assert_int_equal(key.len, STORE_KEY_MAX);
	store_key_u8(&key, 'x');
	store_key_u8(&key, 'x');
	assert_int_equal(store_key_slice(&key).len, STORE_KEY_MAX + 1);
}

int run_key_tests(void)
{
	const struct CMUnitTest key[] = {
		cmocka_unit_test(numbers_sort),	   cmocka_unit_test(texts_sort),
		cmocka_unit_test(parts_come_back), cmocka_unit_test(broken_text_is_refused),
		cmocka_unit_test(too_long_sticks),
	};

	return cmocka_run_group_tests(key, NULL, NULL);
}
