/* SPDX-License-Identifier: ISC */
#include "check.h"

static void round_trips(void **state)
{
	static const struct {
		const char *in, *out; /* a null pointer: the same */
	} rows[] = {
		{"null", NULL},
		{"true", NULL},
		{"[]", NULL},
		{"{}", NULL},
		{"-9223372036854775808", NULL},
		{"9223372036854775807", NULL},
		{"0.1", NULL},
		{"10.0", NULL},
		{"1.5e300", "1.5e+300"},
		{"{\"z\":1,\"a\":[1,2,{\"b\":null}],\"m\":{}}", NULL},
		{" [ 1 , \"a\\u00e9\\n\\/\" ] ", "[1,\"a\xc3\xa9\\n/\"]"},
		{"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""},
		{"\"\\u0000\\u001f\\u007f\\\"\\\\\"", "\"\\u0000\\u001f\\u007f\\\"\\\\\""},
		{"{\"a\":1,\"a\":2}", "{\"a\":2}"},
		{"[[[[[1],2],3],4],5]", NULL},
	};
	struct buf out;
	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct arena *a = arena_open();
		struct err e = {0};
		struct json *value;
		struct slice text = exact_copy(slice_str(rows[i].in));
		if (json_parse(a, text, &value, &e) != 1)
			fail_msg("%s: %s", rows[i].in, e.text);
		exact_free(text);
		json_put(&out, value);
		CHECK_BUF(&out, rows[i].out ? rows[i].out : rows[i].in);
		arena_close(&a);
	}
	buf_release(&out);
}

static void refuses(void **state)
{
	static const struct {
		struct slice text;
		const char *says;
	} rows[] = {
		{SLICE(""), "line 1"},
		{SLICE("{"), "line 1"},
		{SLICE("[1,\n2,\n}"), "line 3, column 1"},
		{SLICE("1 2"), "end of file"},
		{SLICE("{\"a\":1,}"), "line 1"},
		{SLICE("[01]"), "line 1"},
		{SLICE("nul"), "line 1"},
		{SLICE("99999999999999999999"), "integer"},
		{SLICE("1e999"), "real"},
		{SLICE("\"\xff\""), "0xff"},
		{SLICE("\"\xc3\""), "0xc3"},
		{SLICE("\"\xed\xa0\x80\""), "0xed"},
		{SLICE("\"\\ud800\""), "line 1"},
		{SLICE("\"a\nb\""), "line 1"},
		{SLICE("{\"a\\u0000b\":1}"), "line 1"},
		{SLICE("\0"), "line 1"},
		{SLICE("\"\\"), "line 1"},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct arena *a = arena_open();
		struct err e = {0};
		struct json *value = NULL;
		struct slice text = exact_copy(rows[i].text);
		assert_int_equal(json_parse(a, text, &value, &e), -1);
		assert_int_equal(e.class, ERR_INPUT);
		if (!strstr(e.text, rows[i].says))
			fail_msg("row %zu: %s", i, e.text);
		assert_null(value);
		exact_free(text);
		arena_close(&a);
	}
}

static int parse_nested(size_t depth, const char *open, const char *close)
{
	struct arena *a = arena_open();
	struct err e = {0};
	struct json *value;
	struct buf text, out;
	buf_init(&text, 20000000);
	buf_init(&out, 20000000);
	for (size_t i = 0; i < depth; i++)
		buf_puts(&text, open);
	buf_puts(&text, "1");
	for (size_t i = 0; i < depth; i++)
		buf_puts(&text, close);
	int result = json_parse(a, buf_slice(&text), &value, &e);
	if (result > 0) {
		json_put(&out, value);
		assert_true(slice_eq(buf_slice(&out), buf_slice(&text)));
	} else {
		assert_non_null(strstr(e.text, "deeper"));
	}
	buf_release(&text);
	buf_release(&out);
	arena_close(&a);
	return result;
}

static void depth(void **state)
{
	(void)state;
	assert_int_equal(parse_nested(JSON_DEPTH_MAX, "[", "]"), 1);
	assert_int_equal(parse_nested(JSON_DEPTH_MAX + 1, "[", "]"), -1);
	assert_int_equal(parse_nested(JSON_DEPTH_MAX, "{\"[\":", "}"), 1);
	assert_int_equal(parse_nested(1000000, "[", "]"), -1);
	assert_int_equal(parse_nested(1000000, "{\"a\":[", "]}"), -1);
}

static void building(void **state)
{
	struct arena *a = arena_open();
	struct json *object = json_new(a, JSON_OBJECT);
	struct json *list = json_set(a, object, "list", json_new(a, JSON_ARRAY));
	struct buf out;
	(void)state;
	buf_init(&out, 1000);
	json_add(list, json_new_integer(a, -5));
	json_add(list, json_new_boolean(a, false));
	json_add(list, json_new(a, JSON_NULL));
	json_set(a, object, "bad", json_new_string(a, SLICE("a\xff\0z")));
	json_set(a, object, "bad", json_new_string(a, SLICE("last")));
	json_put(&out, object);
	CHECK_BUF(&out,
		  "{\"list\":[-5,false,null],\"bad\":\"a\xef\xbf\xbd\\u0000z\",\"bad\":\"last\"}");
	assert_int_equal(list->count, 3);
	assert_true(slice_eq(json_get_string(object, "bad"), SLICE("last")));
	assert_null(json_get_string(object, "list").ptr);
	assert_null(json_get(NULL, SLICE("x")));
	assert_null(json_get(list, SLICE("x")));
	assert_null(json_get(object, SLICE("x")));
	buf_release(&out);
	arena_close(&a);
}

int run_json_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trips),
		cmocka_unit_test(refuses),
		cmocka_unit_test(depth),
		cmocka_unit_test(building),
	};
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
