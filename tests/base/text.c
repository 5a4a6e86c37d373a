/* SPDX-License-Identifier: ISC */
#include "check.h"

#define BAD "\xef\xbf\xbd"

static void mappings(void **state)
{
	static const struct {
		void (*fn)(struct buf *, struct slice);
		const char *in, *out;
	} rows[] = {
		{text_put_lower, "ABCxyz09@[", "abcxyz09@["},
		{text_put_upper, "abcXYZ09`{", "ABCXYZ09`{"},
		{text_put_lower, "", ""},
		{text_put_lower, "\xc3\x84\xc3\x96 A", "\xc3\xa4\xc3\xb6 a"},
		{text_put_upper,
		 "stra\xc3\x9f"
		 "e",
		 "STRASSE"},
		{text_put_lower, "\xce\xa3\xce\x91\xce\xa3", "\xcf\x83\xce\xb1\xcf\x82"},
		{text_put_folded, "Hello", "hello"},
		{text_put_folded,
		 "Stra\xc3\x9f"
		 "e",
		 "strasse"},
		{text_put_folded, "M\xc3\xbcller", "muller"},
		{text_put_folded, "Mu\xcc\x88ller", "muller"},
		{text_put_folded, "\xef\xac\x81n\xef\xbc\xa1", "fina"},
		{text_put_folded, "S\xc3\xb8ren \xc3\x86r\xc3\xb8", "soren aero"},
		{text_put_folded,
		 "\xc5\x81\xc3\xb3"
		 "d\xc5\xba \xc4\x90uro \xc3\x9eor",
		 "lodz duro thor"},
		{text_put_folded,
		 "\xff"
		 "A",
		 BAD "a"},
		{text_put_utf8, "a\xffz", "a" BAD "z"},
		{text_put_utf8, "\xe2\x82", BAD BAD},
		{text_put_utf8, "\xed\xa0\x80", BAD BAD BAD},
		{text_put_utf8, "\xc0\xaf", BAD BAD},
		{text_put_utf8, "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
		{text_put_lower, "A\xc3", "a" BAD},
	};
	struct buf out;
	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice in = exact_copy(slice_str(rows[i].in));
		rows[i].fn(&out, in);
		CHECK_BUF(&out, rows[i].out);
		exact_free(in);
	}
	buf_release(&out);
}

static void measures(void **state)
{
	static const struct {
		const char *text;
		bool utf8, ascii;
		size_t length, width;
	} rows[] = {
		{"", true, true, 0, 0},
		{"abcdefghijklmnop", true, true, 16, 16},
		{"a\tb\x7f", true, true, 4, 2},
		{"\xc3\xb6", true, false, 1, 1},
		{"abcdefgh\xc3\xb6", true, false, 9, 9},
		{"o\xcc\x88", true, false, 2, 1},
		{"\xe6\xbc\xa2\xe5\xad\x97", true, false, 2, 4},
		{"\xff\xfe", false, false, 2, 2},
		{"\xe2\x82", false, false, 2, 2},
		{"\xf4\x90\x80\x80", false, false, 4, 4},
		{"\xf4\x8f\xbf\xbf", true, false, 1, 1},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice text = exact_copy(slice_str(rows[i].text));
		assert_int_equal(text_is_utf8(text), rows[i].utf8);
		assert_int_equal(text_is_ascii(text), rows[i].ascii);
		assert_int_equal(text_length(text), rows[i].length);
		if (text_width(text) != rows[i].width)
			fail_msg("row %zu is %zu wide", i, text_width(text));
		exact_free(text);
	}
}

static void code_points(void **state)
{
	static const uint32_t points[] = {0,	 'a',	 0x7f,	  0x80,	   0x7ff,
					  0x800, 0xfffd, 0x10000, 0x10ffff};
	struct buf out;
	struct slice rest;
	uint32_t cp;
	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < ROWS(points); i++)
		text_put_code_point(&out, points[i]);
	rest = buf_slice(&out);
	for (size_t i = 0; i < ROWS(points); i++) {
		assert_true(text_next(&rest, &cp));
		assert_int_equal(cp, points[i]);
	}
	assert_false(text_next(&rest, &cp));
	buf_clear(&out);
	text_put_code_point(&out, 0xd800);
	text_put_code_point(&out, 0x110000);
	CHECK_BUF(&out, BAD BAD);
	buf_release(&out);
}

static void one_line(void **state)
{
	static const struct {
		const char *in;
		size_t max;
		const char *out;
	} rows[] = {
		{"Hello", 100, "Hello"},
		{"  a \t b\r\n\r\nBcc: x@example.org  ", 100, "a b Bcc: x@example.org"},
		{"a\xe2\x80\xa8"
		 "b\xe2\x80\xae"
		 "c\xc2\x85"
		 "d",
		 100, "a b c d"},
		{"\x1b[31m", 100, "[31m"},
		{"\xff"
		 "x",
		 100, BAD "x"},
		{"abcdef", 3, "abc"},
		{"ab cdef", 3, "ab"},
		{"ab cdef", 4, "ab c"},
		{"\xc3\xb6\xc3\xb6\xc3\xb6", 2, "\xc3\xb6\xc3\xb6"},
		{"abc", 0, ""},
		{"   ", 10, ""},
		{"", 10, ""},
	};
	struct buf out;
	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct slice in = exact_copy(slice_str(rows[i].in));
		text_put_line(&out, in, rows[i].max);
		CHECK_BUF(&out, rows[i].out);
		exact_free(in);
	}
	buf_release(&out);
}

static void distances(void **state)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} rows[] = {
		{"", "", 0},
		{"release", "RELEASE", 0},
		{"relaese", "release", 1},
		{"relase", "release", 1},
		{"refund", "rebook", 4},
		{"", "abc", 3},
		{"abc", "", 3},
		{"kitten", "sitting", 3},
		{"abcdefghijklmnopqrstuvwxyzabcdefg", "a", SIZE_MAX},
		{"abcdefghijklmnopqrstuvwxyzabcdef", "abcdefghijklmnopqrstuvwxyzabcdef", 0},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_true(text_distance(slice_str(rows[i].a), slice_str(rows[i].b)) ==
			    rows[i].distance);
}

/* A ceiling that is too low fails the buffer and nothing else. */
static void ceilings(void **state)
{
	static void (*const fns[])(struct buf *, struct slice) = {
		text_put_lower, text_put_upper, text_put_folded, text_put_utf8, hex_put, base64_put,
	};
	(void)state;
	for (size_t i = 0; i < ROWS(fns); i++) {
		struct buf out;
		buf_init(&out, 4);
		fns[i](&out, SLICE("abcdefgh"));
		assert_true(buf_failed(&out));
		buf_clear(&out);
		fns[i](&out, SLICE("\xc3\x9f\xef\xb7\xba\xff..."));
		assert_true(buf_failed(&out));
		buf_release(&out);
	}
}

int run_text_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mappings),    cmocka_unit_test(measures),
		cmocka_unit_test(code_points), cmocka_unit_test(one_line),
		cmocka_unit_test(distances),   cmocka_unit_test(ceilings),
	};
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
