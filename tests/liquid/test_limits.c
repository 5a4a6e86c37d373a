/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/* Limits of the host's own, and what only looks dangerous. */

static const struct partial_row partials[] = {{"nothing", ""}, {NULL, NULL}};

static void long_but_harmless(void **state)
{
	static const struct {
		const char *before, *piece, *behind;
	} rows[] = {
		{"", "{{ 1 }}", ""},
		{"{% if true", " and true", " %}{% endif %}"},
		{"{% if 1 %}", "{% elsif 1 %}", "{% endif %}"},
		{"{% case 1 %}", "{% when 2 %}x", "{% endcase %}"},
		{"{{ 'x'", " | upcase", " }}"},
		{"{% cycle 1", ", 2", " %}"},
		{"", "{% comment %}{% endcomment %}", ""},
		{"{{ 'a' | strip_html }}", "<", ""},
	};
	struct setup setup = {0};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *source = repeated(rows[i].before, rows[i].piece, 15000, rows[i].behind);
		struct outcome o = run_template(source, &setup);
		if (!o.ok)
			print_error("row %zu: %s\n", i, o.error.message);
		assert_true(o.ok);
		outcome_release(&o);
		free(source);
	}
}

static void limits_can_be_set(void **state)
{
	static const struct {
		const char *source;
		struct liquid_limits limits;
		const char *name;
	} rows[] = {
		{"{% for i in (1..100) %}{% endfor %}", {.fuel = 50}, "fuel"},
		{"12345678901", {.output = 10}, "output"},
		{"{% capture x %}12345678901{% endcapture %}", {.memory = 600}, "memory"},
		{"{% render 'nothing' %}", {.depth = 1}, "Nesting"},
		{"{% render 'nothing' %}{% render 'nothing' %}", {.partials = 1}, "partials"},
	};
	struct setup setup = {.partials = partials};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setup.options.limits = rows[i].limits;
		struct outcome o = run_template(rows[i].source, &setup);
		if (o.ok || !strstr(o.error.message, rows[i].name))
			print_error("row %zu: %s\n", i, o.ok ? "no error" : o.error.message);
		assert_false(o.ok);
		assert_non_null(strstr(o.error.message, rows[i].name));
		outcome_release(&o);
	}
}

static void odd_bytes_pass(void **state)
{
	struct setup setup = {.data = "{\"x\":\"a\\u0000b\"}"};
	(void)state;
	struct outcome o =
		run_template("\xFF\xFE{{ x }}\xC3{{ '\x80' | upcase }}{{ x | size }}", &setup);
	assert_true(o.ok);
	assert_int_equal(memcmp(o.output,
				"\xFF\xFE"
				"a\0b\xC3",
				6),
			 0);
	outcome_release(&o);
}

const struct CMUnitTest limit_tests[] = {
	cmocka_unit_test(long_but_harmless),
	cmocka_unit_test(limits_can_be_set),
	cmocka_unit_test(odd_bytes_pass),
};
const size_t limit_count = sizeof(limit_tests) / sizeof(limit_tests[0]);
