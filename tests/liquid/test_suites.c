/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/*
 * The public suites, if POSTCLERK_DATA names the folder that holds them.  The
 * whole of them, with the reference's error messages, is driven through
 * tests/liquid-eval; here what needs no patterns.
 */

static struct json *read_suite(struct arena *a, const char *name)
{
	const char *folder = getenv("POSTCLERK_DATA");
	struct json *json;
	struct buf text;
	struct err e;
	if (!folder)
		skip();
	FILE *f = fopen(arena_printf(a, "%s/liquid/%s", folder, name), "rb");
	if (!f)
		skip();
	buf_init(&text, 8u << 20);
	for (size_t n = 1; n;) {
		char *room = buf_reserve(&text, 65536);
		n = room ? fread(room, 1, 65536, f) : 0;
		text.len += n;
	}
	fclose(f);
	int got = json_parse(a, buf_slice(&text), &json, &e);
	buf_release(&text);
	if (got < 0)
		fail_msg("%s: %s", name, e.text);
	return json;
}

static int load(void *user, struct slice name, struct arena *a, struct liquid_source *source,
		struct err *e)
{
	const struct json *found = json_get(json_get(user, SLICE("templates")), name);
	(void)a;
	(void)e;
	if (!found)
		return 0;
	source->text = found->string;
	return 1;
}

static bool one_of(const struct json *test, struct slice got)
{
	const struct json *results = json_get(test, SLICE("results"));
	for (const struct json *r = results ? results->first : NULL; r; r = r->next)
		if (slice_eq(got, r->string))
			return true;
	return !results && slice_eq(got, json_get_string(test, "result"));
}

/* &quot; and &#34; are one. */
static struct slice one_quote(struct arena *a, struct slice s)
{
	char *text = arena_str(a, s);
	for (char *at = text; (at = strstr(at, "&quot;")); at++) {
		memcpy(at, "&#34;", 5);
		memmove(at + 5, at + 6, strlen(at + 6) + 1);
	}
	return slice_str(text);
}

static bool passes(struct arena *a, struct json *test, enum liquid_escape escape)
{
	struct liquid_env *env = liquid_env_open();
	const struct json *data = json_get(test, SLICE("data"));
	const struct json *invalid = json_get(test, SLICE("invalid"));
	struct liquid_options options = {.escape = escape, .inline_errors = !invalid};
	struct liquid_template *t;
	struct liquid_error error;
	struct buf out;
	buf_init(&out, 1u << 20);
	liquid_env_lenient_filters(env, true);
	liquid_env_loader(env, load, test);
	options.globals = data ? value_of_json(a, data) : liquid_nil();
	options.now = 1704067318;
	bool ok = liquid_parse(env, SLICE(""), json_get_string(test, "template"), a, &t, &error) >
			  0 &&
		  liquid_render(env, t, &options, &out, &error) > 0;
	if (invalid)
		ok = !ok;
	else if (escape == LIQUID_ESCAPE_HTML)
		ok = ok && slice_eq(one_quote(a, buf_slice(&out)),
				    one_quote(a, json_get_string(test, "result")));
	else
		ok = ok && one_of(test, buf_slice(&out));
	buf_release(&out);
	liquid_env_close(&env);
	return ok;
}

static void run_suite(const char *name, enum liquid_escape escape, size_t wanted)
{
	struct arena *a = arena_open();
	struct json *tests = read_suite(a, name);
	const struct json *list = json_get(tests, SLICE("tests"));
	size_t passed = 0;
	assert_non_null(list);
	for (struct json *test = list->first; test; test = test->next)
		passed += passes(a, test, escape);
	arena_close(&a);
	assert_true(passed >= wanted);
}

static void golden(void **state)
{
	(void)state;
	run_suite("golden_liquid.json", LIQUID_ESCAPE_NONE, 506);
}

static void autoescape(void **state)
{
	(void)state;
	run_suite("autoescape.json", LIQUID_ESCAPE_HTML, 36);
}

const struct CMUnitTest suite_tests[] = {
	cmocka_unit_test(golden),
	cmocka_unit_test(autoescape),
};
const size_t suite_count = sizeof(suite_tests) / sizeof(suite_tests[0]);
