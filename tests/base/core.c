/* SPDX-License-Identifier: ISC */
#include "check.h"

static int closed;

static void count_closed(void *ptr)
{
	closed = closed * 10 + *(int *)ptr;
}

static void arena_gives_and_takes(void **state)
{
	static int one = 1, two = 2;
	struct arena *a = arena_open();
	(void)state;
	char *copy = arena_str(a, SLICE("text"));
	assert_string_equal(copy, "text");
	assert_non_null(arena_alloc(a, 0));
	assert_string_equal(arena_printf(a, "%d-%s", 7, "x"), "7-x");
	for (size_t i = 0; i < 100; i++) {
		uint64_t *words = ARENA_ARRAY(a, i, uint64_t);
		for (size_t k = 0; k < i; k++) {
			assert_true(words[k] == 0);
			words[k] = UINT64_MAX;
		}
	}
	arena_adopt(a, &one, count_closed);
	arena_adopt(a, &two, count_closed);
	closed = 0;
	arena_clear(a);
	assert_int_equal(closed, 21);
	assert_int_equal(arena_used(a), 0);
	assert_true(*ARENA_NEW(a, uint64_t) == 0);
	arena_close(&a);
	assert_null(a);
	arena_close(&a);
	assert_int_equal(closed, 21);
}

static void arena_lists_grow(void **state)
{
	struct arena *a = arena_open();
	int *list = NULL;
	size_t room = 0;
	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		arena_grow(a, &list, i, &room, sizeof(*list));
		list[i] = (int)i;
	}
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(list[i], i);
	arena_close(&a);
}

static void buffers_fail_once(void **state)
{
	struct buf b;
	(void)state;
	buf_init(&b, 10);
	assert_string_equal(buf_str(&b), "");
	buf_puts(&b, "12345");
	buf_printf(&b, "%s", "678901");
	assert_true(buf_failed(&b));
	buf_putc(&b, 'x');
	assert_true(slice_eq(buf_slice(&b), SLICE("12345")));
	buf_clear(&b);
	buf_puts(&b, "1234567890");
	CHECK_BUF(&b, "1234567890");
	buf_release(&b);
}

static void errors(void **state)
{
	struct err e = {0};
	(void)state;
	assert_int_equal(err_set(&e, ERR_INPUT, "line %d\nBcc: %s", 3, "\x1b"), -1);
	assert_string_equal(e.text, "line 3?Bcc: ?");
	assert_int_equal(err_prefix(&e, "file %s", "a"), -1);
	assert_string_equal(e.text, "file a: line 3?Bcc: ?");
	assert_int_equal(err_set(NULL, ERR_TEMP, "nobody listens"), -1);
	assert_int_equal(err_exit_status(ERR_INPUT), 65);
	assert_int_equal(err_exit_status(ERR_CONFLICT), 75);
	assert_string_equal(err_class_name(ERR_DENIED), "denied");
}

static void numbers(void **state)
{
	static const struct {
		const char *text;
		bool is_signed, is_unsigned;
		int64_t value;
	} rows[] = {
		{"0", true, true, 0},
		{"42", true, true, 42},
		{"-42", true, false, -42},
		{"9223372036854775807", true, true, INT64_MAX},
		{"-9223372036854775808", true, false, INT64_MIN},
		{"9223372036854775808", false, true, INT64_MIN},
		{"-9223372036854775809", false, false, 0},
		{"18446744073709551616", false, false, 0},
		{"", false, false, 0},
		{"-", false, false, 0},
		{"+1", false, false, 0},
		{" 1", false, false, 0},
		{"1x", false, false, 0},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t s = 0;
		uint64_t u = 0;
		assert_int_equal(slice_i64(slice_str(rows[i].text), &s), rows[i].is_signed);
		assert_int_equal(slice_u64(slice_str(rows[i].text), &u), rows[i].is_unsigned);
		assert_true(!rows[i].is_signed || s == rows[i].value);
		assert_true(!rows[i].is_unsigned || (int64_t)u == rows[i].value);
	}
}

static void pieces(void **state)
{
	static const struct {
		const char *text, *cut, *lines;
	} rows[] = {
		{"", "[]", ""},
		{"a", "[a]", "[a]"},
		{"a,,b", "[a][][b]", "[a,,b]"},
		{"a\r\nb\n\nc", "[a\r\nb\n\nc]", "[a][b][][c]"},
		{",\n", "[][\n]", "[,]"},
	};
	struct buf out;
	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice rest = slice_str(rows[i].text), piece;
		while (slice_cut(&rest, ',', &piece))
			buf_printf(&out, "[%.*s]", SLICE_ARG(piece));
		CHECK_BUF(&out, rows[i].cut);
		rest = slice_str(rows[i].text);
		while (slice_line(&rest, &piece))
			buf_printf(&out, "[%.*s]", SLICE_ARG(piece));
		CHECK_BUF(&out, rows[i].lines);
	}
	buf_release(&out);
}

static void searching(void **state)
{
	(void)state;
	assert_int_equal(slice_find(SLICE("haystack"), SLICE("st")), 3);
	assert_int_equal(slice_find(SLICE("haystack"), SLICE("")), 0);
	assert_int_equal(slice_find(SLICE("h"), SLICE("hay")), -1);
	assert_int_equal(slice_find_nocase(SLICE("Content-TYPE"), SLICE("type")), 8);
	assert_int_equal(slice_chr(SLICE("a@b"), '@'), 1);
	assert_true(slice_eq(slice_trim(SLICE(" \t a b\r\n")), SLICE("a b")));
	assert_true(slice_starts_nocase(SLICE("Re: x"), SLICE("rE:")));
	assert_true(slice_ends(SLICE("a.eml"), SLICE(".eml")));
	assert_true(slice_cmp(SLICE("a"), SLICE("ab")) < 0);
	assert_true(slice_cmp(SLICE("b"), SLICE("ab")) > 0);
	assert_true(slice_eq((struct slice){NULL, 0}, SLICE("")));
	assert_true(slice_eq(slice_sub(SLICE("abc"), 5, 9), SLICE("")));
}

int run_core_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_gives_and_takes),
		cmocka_unit_test(arena_lists_grow),
		cmocka_unit_test(buffers_fail_once),
		cmocka_unit_test(errors),
		cmocka_unit_test(numbers),
		cmocka_unit_test(pieces),
		cmocka_unit_test(searching),
	};
	return cmocka_run_group_tests_name("core", tests, NULL, NULL);
}
