/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/*
 * Hostile templates: each ends, with the name of the limit it ran into, and
 * within what the limits allow.  The counters are asserted, not the clock;
 * every row is measured to need less than 100 ms and 16 MiB.
 */

#define LOOP "{% for i in (1..100000000) %}"
#define END "{% endfor %}"
#define WORDS "{% assign l = 'a,b,c,d' | split: ',' %}"
#define LONG "{% assign s = 'a' %}{% for i in (1..17) %}{% assign s = s | append: s %}{% endfor %}"

/* What a parse may hold: a template of the largest size, of the smallest statements. */
#define PARSE_MEMORY_MAX (16u << 20)

struct row {
	const char *source, *limit;
};

static const struct partial_row partials[] = {
	{"self", "{% render 'self' %}"},
	{"twice", "{% render 'twice' %}{% render 'twice' %}"},
	{"include-self", "{% include 'include-self' %}"},
	{"capture-self", "{% capture x %}{% include 'capture-self' %}{% endcapture %}"},
	{"loop-self", "{% for i in (1..9) %}{% render 'loop-self' %}{% endfor %}"},
	{"layout-self", "{% layout 'layout-self' %}"},
	{"ping", "{% layout 'pong' %}"},
	{"pong", "{% layout 'ping' %}"},
	{"nothing", ""},
	{"large", "{% if false %}{{ a.b }}{{ a.c }}{{ a.d }}{{ a.e }}{{ a.f }}{% endif %}"},
	{NULL, NULL},
};

/* Loops, texts, lists, filters, captures, partials. */
static const struct row renders[] = {
	{LOOP END, "fuel"},
	{"{% for i in (1..9223372036854775807) %}{{ i }}{% endfor %}", "output"},
	{"{% for i in (-9223372036854775808..9223372036854775807) reversed %}{% endfor %}", "fuel"},
	{LOOP LOOP LOOP END END END, "fuel"},
	{LOOP "{% if i == 0 %}{% break %}{% endif %}{% continue %}" END, "fuel"},
	{"{% tablerow i in (1..100000000) cols: 3 %}{% endtablerow %}", "output"},
	{"{% tablerow i in (1..100000000) cols: 9223372036854775807 %}{% endtablerow %}", "output"},
	{LOOP "{% unless true %}{% endunless %}" END, "fuel"},
	{LOOP "{% case i %}{% when 1, 2, 3, 4, 5, 6 %}{% endcase %}" END, "fuel"},
	{"{% assign s = 'aaaaaaaaaaaaaaaa' %}" LOOP "{% assign s = s | append: s %}" END,
	 "limit of"},
	{"{% assign s = 'aaaaaaaaaaaaaaaa' %}" LOOP
	 "{% capture s %}{{ s }}{{ s }}{% endcapture %}" END,
	 "memory"},
	{"{% assign s = 'aaaaaaaaaaaaaaaa' %}" LOOP "{% assign s = s | replace: 'a', s %}" END,
	 "limit of"},
	{"{% assign s = '' %}" LOOP "{% assign s = s | append: 'a' %}" END, "limit of"},
	{LONG LOOP "{% assign t = s | upcase %}" END, "limit of"},
	{LONG LOOP "{% assign t = s | size %}" END, "fuel"},
	{LONG LOOP "{% assign t = s | plus: 1 %}" END, "fuel"},
	{LONG LOOP "{% assign t = s | date: '%Y' %}" END, "fuel"},
	{LONG LOOP "{% assign t = s | replace: 'ab', '' %}" END, "fuel"},
	{LONG LOOP "{% assign t = s | split: '' %}" END, "limit of"},
	{LONG LOOP "{% assign t = s | escape | strip_html | url_encode %}" END, "limit of"},
	{LONG LOOP "{% if s contains 'b' %}{% endif %}" END, "fuel"},
	{LONG LOOP "{% if s == s %}{% endif %}" END, "fuel"},
	{LONG LOOP "{% ifchanged %}{{ s }}{% endifchanged %}" END, "limit of"},
	{LONG LOOP "{% cycle s: 1, 2 %}" END, "fuel"},
	{"{{ (1..1000000000) | join }}", "limit of"},
	{"{{ (1..1000000000) | sort | size }}", "limit of"},
	{"{{ (1..1000000000) | map: 'x' }}", "limit of"},
	{"{{ (1..1000000000) | sum }}", "limit of"},
	{"{{ (1..1000000000) | reverse | first }}", "limit of"},
	{"{{ (1..1000000000) | uniq | size }}", "limit of"},
	{"{{ (1..1000000000) | where: 'x' | size }}", "limit of"},
	{WORDS LOOP "{% assign l = l | concat: l %}" END, "limit of"},
	{WORDS "{% for i in (1..12) %}{% assign l = l | concat: l %}{% endfor %}" LOOP
	       "{% if l contains 'x' %}{% endif %}" END,
	 "fuel"},
	{WORDS "{% for i in (1..12) %}{% assign l = l | concat: l %}{% endfor %}" LOOP
	       "{% if l == l %}{% endif %}" END,
	 "fuel"},
	{WORDS "{% for i in (1..12) %}{% assign l = l | concat: l %}{% endfor %}" LOOP
	       "{% assign m = l | sort_natural | uniq %}" END,
	 "limit of"},
	{WORDS LOOP "{% assign l = l | join: ',' | append: ',a' | split: ',' %}" END, "limit of"},
	{LOOP "{% capture x %}abcdefgh{% endcapture %}" END, "memory"},
	{LOOP "{% cycle i: 1, 2 %}" END, "memory"},
	{LOOP "{% increment x %}" END, "output"},
	{"{% assign x = 9.9 %}" LOOP "{% assign x = x | times: 9.9 | divided_by: 1.1 %}" END,
	 "fuel"},
	{LOOP "{{ 'now' | date: '%999999999d%999999999Y' }}" END, "output"},
	{LOOP "{% assign d = '1 jan 2 feb 3 mar 4 apr 5 may' | date: '%Y' %}" END, "limit of"},
	{LOOP "{% assign x = self['nothing'] %}" END, "fuel"},
	{LOOP "{% render 'nothing' %}" END, "partials"},
	{LOOP "{% include 'nothing' %}" END, "partials"},
	{LOOP "{% render 'large' %}" END, "limit of"},
	{"{% render 'nothing' for (1..1000000000) %}", "limit of"},
	{"{% render 'self' %}", "Nesting too deep"},
	{"{% render 'twice' %}", "Nesting too deep"},
	{"{% render 'loop-self' %}", "Nesting too deep"},
	{"{% include 'include-self' %}", "Nesting too deep"},
	{"{% include 'capture-self' %}", "Nesting too deep"},
	{"{% layout 'layout-self' %}", "Nesting too deep"},
	{"{% layout 'ping' %}", "Nesting too deep"},
};

/* A thing many times; # is its number. */
static const struct {
	const char *before, *piece;
	size_t count;
	const char *behind, *limit;
} sources[] = {
	{"", "{% if x %}", 101, "", "blocks nested too deep: limit of 100"},
	{"", "{% for i in x %}", 60000, "", "blocks nested too deep: limit of 100"},
	{"", "{% capture x %}", 60000, "", "blocks nested too deep: limit of 100"},
	{"", "{% comment %}", 80000, "", "'comment' tag was never closed"},
	{"", "{% comment %}{% raw %}", 40000, "", "'raw' tag was never closed"},
	{"", "{%", 100000, "", "not properly terminated"},
	{"", "{{", 100000, "", "not properly terminated"},
	{"", "{", 1048570, "", "not properly terminated"},
	{"", "{{ '}", 200000, "", "not properly terminated"},
	{"{% raw %}", "{% {{", 100000, "", "'raw' tag was never closed"},
	{"{{ ", "a[", 100000, "", "not properly terminated"},
	{"{{ ", "a[", 100000, "1 }}", "expression nested too deep: limit of 100"},
	{"{{ ", "(1..", 100000, "1 }}", "expression nested too deep: limit of 100"},
	{"{{ a", ".a", 100000, " }}", "path too long"},
	{"{{ a | append: 1", ", 1", 100000, " }}", "too many arguments: limit of 32"},
	{"{% render 'nothing'", ", a#: 1", 50000, " %}", "too many attributes: limit of 32"},
	{"{% liquid ", "liquid ", 100000, " %}", "liquid tags nested too deep"},
	{"{% liquid\n", "if 1\n", 100000, " %}", "blocks nested too deep: limit of 100"},
	{"", "x", (1u << 20) + 1, "", "template too large: limit of 1048576 bytes"},
	{"", "{{1}}", 200000, "", "template too large: limit of 100000 operations"},
	{"", "{{a}}", 200000, "", "template too large: limit of 100000 operations"},
	{"{{ a", "|size", 200000, "}}", "template too large: limit of 100000 operations"},
	{"{% if a", " or a", 200000, "%}{% endif %}",
	 "template too large: limit of 100000 operations"},
	{"{% cycle 1", ",1", 400000, "%}", "template too large: limit of 100000 operations"},
	{"{% case 1 %}{% when 1", ",1", 400000, "%}{% endcase %}",
	 "template too large: limit of 100000 operations"},
	{"{% liquid\n", "echo 1\n", 140000, "%}", "template too large: limit of 100000 operations"},
	{"{% layout 'nothing' %}", "{% block b# %}{% endblock %}", 20000, "", "limit of"},
	{"", "{% cycle 'a#': 1, 2 %}", 30000, "{% for i in (1..99999999) %}{% endfor %}",
	 "limit of"},
};

static void assert_ends(const char *source, const char *limit, const struct setup *setup)
{
	struct liquid_usage usage = {0};
	struct setup counted = *setup;
	counted.options.usage = &usage;
	struct outcome o = run_template(source, &counted);
	if (o.ok || !strstr(o.error.message, limit))
		print_error("%.100s: %s\n", source, o.ok ? "no error" : o.error.message);
	if (usage.memory > LIQUID_MEMORY + 4096)
		print_error("%.100s: %zu bytes\n", source, usage.memory);
	assert_false(o.ok);
	assert_non_null(strstr(o.error.message, limit));
	assert_true(o.out.len <= LIQUID_OUTPUT);
	/* The last step is charged after it was asked for, never more than it. */
	assert_true(usage.fuel <= LIQUID_FUEL + LIQUID_MEMORY);
	assert_true(usage.memory <= LIQUID_MEMORY + 4096);
	assert_true(usage.partials <= LIQUID_PARTIALS + 1);
	assert_true(arena_used(o.arena) <= PARSE_MEMORY_MAX);
	outcome_release(&o);
}

static void hostile_templates_end(void **state)
{
	struct setup setup = {.partials = partials};
	(void)state;
	for (size_t i = 0; i < sizeof(renders) / sizeof(renders[0]); i++)
		assert_ends(renders[i].source, renders[i].limit, &setup);
}

/* Where errors are printed and the render goes on, a limit ends it nevertheless. */
static void hostile_templates_end_inline(void **state)
{
	static const struct row more[] = {
		{LOOP "{{ 1 | divided_by: 0 }}" END, "output"},
		{LOOP "{% if true %}{% render 'missing' %}{% endif %}" END, "output"},
		{LOOP "{% capture x %}{{ 1 | divided_by: 0 }}{% endcapture %}" END, "limit of"},
		{LOOP "{% if true %}{% assign x = 1 | divided_by: 0 %}{% endif %}" END, "limit of"},
	};
	struct setup setup = {.partials = partials};
	(void)state;
	setup.options.inline_errors = true;
	for (size_t i = 0; i < sizeof(renders) / sizeof(renders[0]); i++)
		if (!strstr(renders[i].limit, "Nesting")) /* that one is printed */
			assert_ends(renders[i].source, renders[i].limit, &setup);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		assert_ends(more[i].source, more[i].limit, &setup);
	/* Finding the line of each error must not cost a walk over all of a large template. */
	char *source = repeated("", "{{ 1 | divided_by: 0 }}\n", 40000, "");
	assert_ends(source, "limit of", &setup);
	free(source);
}

static void hostile_sources_end(void **state)
{
	struct setup setup = {.partials = partials};
	(void)state;
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		char *source = repeated(sources[i].before, sources[i].piece, sources[i].count,
					sources[i].behind);
		assert_ends(source, sources[i].limit, &setup);
		free(source);
	}
}

/* Names are found by an index: thousands of them are no more than that. */
static void many_names_are_harmless(void **state)
{
	static const struct {
		const char *before, *piece, *behind;
	} rows[] = {
		{"", "{{ a# }}", ""},
		{"", "{% if a# %}{% endif %}", ""},
		{"", "{% assign a# = 1 %}", ""},
		{"", "{% increment a# %}", ""},
		{"", "{% capture a# %}{% endcapture %}", ""},
		{"", "{{ a.b# }}", ""},
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

const struct CMUnitTest hostile_tests[] = {
	cmocka_unit_test(hostile_templates_end),
	cmocka_unit_test(hostile_templates_end_inline),
	cmocka_unit_test(hostile_sources_end),
	cmocka_unit_test(many_names_are_harmless),
};
const size_t hostile_count = sizeof(hostile_tests) / sizeof(hostile_tests[0]);
