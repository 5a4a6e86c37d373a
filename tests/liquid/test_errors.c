/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "harness.h"

struct row {
	const char *source, *message;
	unsigned line, column;
};

static void check(const struct row *row, const struct setup *setup, enum liquid_phase phase)
{
	struct outcome o = run_template(row->source, setup);
	if (o.ok || !strstr(o.error.message, row->message))
		print_error("%s: %s\n", row->source, o.ok ? "no error" : o.error.message);
	assert_false(o.ok);
	assert_non_null(strstr(o.error.message, row->message));
	assert_int_equal(o.error.phase, phase);
	assert_int_equal(o.error.line, row->line);
	assert_int_equal(o.error.column, row->column);
	outcome_release(&o);
}

static void parse_errors(void **state)
{
	static const struct row rows[] = {
		{"{% if x %}", "'if' tag was never closed", 1, 1},
		{"a\n{{ x", "not properly terminated", 2, 1},
		{"{% nope %}", "Unknown tag 'nope'", 1, 1},
		{"{% endif %}", "Unknown tag 'endif'", 1, 1},
		{"{% else %}", "Unexpected outer 'else' tag", 1, 1},
		{"{% if x %}{% endfor %}", "'endfor' is not a valid delimiter for if tags", 1, 11},
		{"{{ a b }}", "Expected end_of_string but found id", 1, 6},
		{"\n\n  {{ x | }}", "Expected id but found end_of_string", 3, 10},
		{"{{ x | nope }}", "unknown filter 'nope'", 1, 8},
		{"{{ x ~ y }}", "Unexpected character ~", 1, 6},
		{"{{ [0] }}", "Bare bracket access is not allowed", 1, 4},
		{"{% for x of y %}{% endfor %}", "For loops require an 'in' clause", 1, 10},
		{"{% assign = 1 %}", "Syntax Error in 'assign'", 1, 1},
		{"{% render x %}", "Template name must be a quoted string", 1, 11},
		{"{% if true %}{% layout 'x' %}{% endif %}", "layout stands in no block", 1, 14},
	};
	struct setup setup = {0};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i], &setup, LIQUID_PARSE);
}

static void undefined_names(void **state)
{
	static const struct row rows[] = {
		{"{{ nowhere }}", "undefined variable 'nowhere'", 1, 4},
		{"{{ a.b.c.d }}", "undefined variable 'a.b.c.d': 'c' is not there", 1, 4},
		{"\n{{ l[7].x }}", "undefined variable 'l[7].x': [7] is not there", 2, 4},
		{"{{ a[k].x }}", "undefined variable 'a[k].x'", 1, 4},
		{"{{ a.b.c | upcase }}", "undefined variable 'a.b.c'", 1, 4},
		{"{{ 'x' | append: nowhere }}", "undefined variable 'nowhere'", 1, 18},
		{"{% assign x = nowhere %}", "undefined variable 'nowhere'", 1, 15},
		{"{% for i in nowhere %}{% endfor %}", "undefined variable 'nowhere'", 1, 13},
	};
	struct setup setup = {.data = "{\"a\":{\"b\":{}},\"l\":[1],\"k\":\"q\"}"};
	(void)state;
	setup.options.undefined_error = true;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i], &setup, LIQUID_RENDER);
}

static void undefined_may_be_blank(void **state)
{
	struct setup setup = {0};
	(void)state;
	struct outcome o = run_template("[{{ a.b }}{% for i in c %}x{% endfor %}]", &setup);
	assert_true(o.ok);
	assert_string_equal(o.output, "[]");
	outcome_release(&o);
}

static void render_errors(void **state)
{
	static const struct row rows[] = {
		{"a\n {{ 1 | divided_by: 0 }}", "divided by 0", 2, 2},
		{"{% if 5 > 'x' %}{% endif %}", "comparison of Integer with String failed", 1, 1},
		{"{{ 'x' | truncate: 'y' }}", "invalid integer", 1, 1},
		{"{{ 'x' | append }}", "wrong number of arguments (given 1, expected 2)", 1, 1},
		{"{% include nil %}", "Illegal template name", 1, 1},
		{"{% render 'gone' %}", "Could not find template 'gone'", 1, 1},
		{"{{ 1 | date: '%F', 'Mars/Olympus' }}", "unknown time zone 'Mars/Olympus'", 1, 1},
	};
	struct setup setup = {0};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i], &setup, LIQUID_RENDER);
}

static void errors_in_partials_name_the_chain(void **state)
{
	static const struct partial_row partials[] = {
		{"outer", "\n{% render 'inner' %}"},
		{"inner", "\n\n{{ 1 | divided_by: 0 }}"},
		{"broken", "{{ 1 ~ }}"},
		{NULL, NULL},
	};
	struct setup setup = {.partials = partials};
	struct err e;
	(void)state;
	struct outcome o = run_template("x\ny {% render 'outer' %}", &setup);
	assert_false(o.ok);
	assert_string_equal(o.error.template, "inner");
	assert_int_equal(o.error.line, 3);
	assert_string_equal(o.error.chain, "outer:2 < main:2");
	assert_int_equal(liquid_error_set(&o.error, &e), -1);
	assert_string_equal(e.text, "inner:3:1: divided by 0 (from outer:2 < main:2)");
	outcome_release(&o);
	o = run_template("{% render 'broken' %}", &setup);
	assert_false(o.ok);
	assert_int_equal(o.error.phase, LIQUID_PARSE);
	assert_string_equal(o.error.template, "broken");
	assert_string_equal(o.error.chain, "main:1");
	outcome_release(&o);
}

static void inline_errors_go_on(void **state)
{
	static const struct partial_row partials[] = {{"p", "{{ 1 | divided_by: 0 }}"},
						      {NULL, NULL}};
	struct setup setup = {.partials = partials};
	(void)state;
	setup.options.inline_errors = true;
	struct outcome o =
		run_template("a{{ 1 | divided_by: 0 }}b{% render 'p' %}c"
			     "{% for i in (1..2) %}{{ 'x' | truncate: 'y' }}{% endfor %}",
			     &setup);
	assert_true(o.ok);
	assert_string_equal(o.output, "aLiquid error (main line 1): divided by 0b"
				      "Liquid error (p line 1): divided by 0c"
				      "Liquid error (main line 1): invalid integer"
				      "Liquid error (main line 1): invalid integer");
	outcome_release(&o);
}

const struct CMUnitTest error_tests[] = {
	cmocka_unit_test(parse_errors),
	cmocka_unit_test(undefined_names),
	cmocka_unit_test(undefined_may_be_blank),
	cmocka_unit_test(render_errors),
	cmocka_unit_test(errors_in_partials_name_the_chain),
	cmocka_unit_test(inline_errors_go_on),
};
const size_t error_count = sizeof(error_tests) / sizeof(error_tests[0]);
