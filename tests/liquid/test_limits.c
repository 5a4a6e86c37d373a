/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/* Hostile templates: each ends in time, with the name of the limit it ran into. */

struct row {
	const char *source, *limit;
};

static const struct partial_row partials[] = {
	{"self", "{% render 'self' %}"},
	{"twice", "{% render 'twice' %}{% render 'twice' %}"},
	{"include-self", "{% include 'include-self' %}"},
	{"layout-self", "{% layout 'layout-self' %}"},
	{"block-self", "{% block a %}{% block a %}{{ block.super }}{% endblock %}{% endblock %}"},
	{"nothing", ""},
	{NULL, NULL},
};

static void hostile_templates_end(void **state)
{
	static const struct row rows[] = {
		{"{% for i in (1..1000000000) %}{% endfor %}", "fuel"},
		{"{% for i in (1..9223372036854775807) %}{{ i }}{% endfor %}", "output"},
		{"{% for i in (1..100000) %}{% for j in (1..100000) %}{% endfor %}{% endfor %}",
		 "fuel"},
		{"{% tablerow i in (1..100000000) cols: 3 %}{% endtablerow %}", "output"},
		{"{% assign s = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..40) %}"
		 "{% assign s = s | append: s %}{% endfor %}",
		 "limit of"},
		{"{% assign s = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..40) %}"
		 "{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}",
		 "memory"},
		{"{% assign s = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..40) %}"
		 "{% assign s = s | replace: 'a', s %}{% endfor %}",
		 "limit of"},
		{"{% assign s = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..9999) %}"
		 "{% assign s = s | append: 'aaaaaaaaaaaaaaaa' %}{% assign t = s | upcase %}"
		 "{% endfor %}",
		 "limit of"},
		{"{{ (1..1000000000) | join }}", "limit of"},
		{"{{ (1..1000000000) | sort | size }}", "limit of"},
		{"{{ (1..1000000000) | map: 'x' }}", "limit of"},
		{"{% assign l = 'a,b,c,d' | split: ',' %}{% for i in (1..40) %}"
		 "{% assign l = l | concat: l %}{% endfor %}",
		 "limit of"},
		{"{% for i in (1..100000000) %}{% capture x %}abcdefgh{% endcapture %}{% endfor %}",
		 "memory"},
		{"{% for i in (1..100000000) %}{% cycle i: 1, 2 %}{% endfor %}", "memory"},
		{"{% for i in (1..100000000) %}{% increment x %}{% endfor %}", "output"},
		{"{% for i in (1..100000000) %}{% render 'nothing' %}{% endfor %}", "partials"},
		{"{% for i in (1..100000000) %}{% include 'nothing' %}{% endfor %}", "partials"},
		{"{% render 'self' %}", "Nesting too deep"},
		{"{% render 'twice' %}", "Nesting too deep"},
		{"{% include 'include-self' %}", "Nesting too deep"},
		{"{% layout 'layout-self' %}", "Nesting too deep"},
		{"{% assign s = 'a' %}{% for i in (1..20) %}{% assign s = s | append: s %}{% "
		 "endfor %}"
		 "{% for i in (1..100000000) %}{% if s contains 'b' %}{% endif %}{% endfor %}",
		 "fuel"},
		{"{% assign s = 'a' %}{% for i in (1..20) %}{% assign s = s | append: s %}{% "
		 "endfor %}"
		 "{% for i in (1..100000000) %}{% if s == s %}{% endif %}{% endfor %}",
		 "fuel"},
		{"{% for i in (1..100000000) %}{{ 'now' | date: '%999999999d%999999999Y' }}{% "
		 "endfor %}",
		 "output"},
	};
	struct setup setup = {.partials = partials};
	(void)state;
	for (size_t inlined = 0; inlined < 2; inlined++) {
		setup.options.inline_errors = inlined;
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			struct outcome o = run_template(rows[i].source, &setup);
			bool deep = rows[i].limit[0] == 'N';
			if (deep && inlined) {
				outcome_release(&o);
				continue;
			}
			if (o.ok || !strstr(o.error.message, rows[i].limit))
				print_error("%s: %s\n", rows[i].source,
					    o.ok ? "no error" : o.error.message);
			assert_false(o.ok);
			assert_true(o.error.limit);
			assert_true(o.out.len <= LIQUID_OUTPUT);
			assert_non_null(strstr(o.error.message, rows[i].limit));
			outcome_release(&o);
		}
	}
}

/* `count` times a piece, with something before and behind. */
static char *repeated(const char *before, const char *piece, size_t count, const char *behind)
{
	struct buf text;
	buf_init(&text, 8u << 20);
	buf_puts(&text, before);
	for (size_t i = 0; i < count; i++)
		buf_puts(&text, piece);
	buf_puts(&text, behind);
	char *copy = strdup(buf_str(&text));
	buf_release(&text);
	assert_non_null(copy);
	return copy;
}

static void hostile_sources_end(void **state)
{
	static const struct {
		const char *before, *piece;
		size_t count;
		const char *behind, *message;
	} rows[] = {
		{"", "{% if x %}", 101, "", "blocks nested too deep: limit of 100"},
		{"", "{% comment %}", 100000, "", "'comment' tag was never closed"},
		{"", "{%", 100000, "", "not properly terminated"},
		{"", "{{", 100000, "", "not properly terminated"},
		{"{% raw %}", "{% {{", 100000, "", "'raw' tag was never closed"},
		{"{{ ", "a[", 100000, "", "not properly terminated"},
		{"{{ ", "a[", 100000, "1 }}", "expression nested too deep: limit of 100"},
		{"{{ ", "(1..", 100000, "1 }}", "expression nested too deep: limit of 100"},
		{"{{ a", ".a", 100000, " }}", "path too long"},
		{"{{ a | append: 1", ", 1", 100000, " }}", "too many arguments: limit of 32"},
		{"{% liquid ", "liquid ", 100000, " %}", "liquid tags nested too deep"},
		{"", "{% for i in x %}", 100000, "", "blocks nested too deep: limit of 100"},
		{"", "x", (4u << 20) + 1, "", "template too large: limit of 4194304 bytes"},
	};
	struct setup setup = {0};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *source =
			repeated(rows[i].before, rows[i].piece, rows[i].count, rows[i].behind);
		struct outcome o = run_template(source, &setup);
		if (o.ok || !strstr(o.error.message, rows[i].message))
			print_error("row %zu: %s\n", i, o.ok ? "no error" : o.error.message);
		assert_false(o.ok);
		assert_non_null(strstr(o.error.message, rows[i].message));
		outcome_release(&o);
		free(source);
	}
}

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
		{"", "{% # comment %}", ""},
		{"{{ 'a' | strip_html }}", "<", ""},
	};
	struct setup setup = {0};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *source = repeated(rows[i].before, rows[i].piece, 20000, rows[i].behind);
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
	cmocka_unit_test(hostile_templates_end), cmocka_unit_test(hostile_sources_end),
	cmocka_unit_test(long_but_harmless),	 cmocka_unit_test(limits_can_be_set),
	cmocka_unit_test(odd_bytes_pass),
};
const size_t limit_count = sizeof(limit_tests) / sizeof(limit_tests[0]);
