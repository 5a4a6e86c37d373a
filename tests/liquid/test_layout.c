/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "harness.h"

static const struct partial_row partials[] = {
	{"shop", "<{% block title %}Shop{% endblock %}|{{ content_for_layout }}|"
		 "{% block foot %}F{{ name }}{% endblock %}>"},
	{"mid", "{% layout 'shop' %}{% block title %}[{{ block.super }}]{% endblock %}m"},
	{"loop", "{% for i in (1..2) %}{% block item %}{{ i }}{% endblock %}{% endfor %}"},
	{"line", "{{ line }}{{ forloop.index }};"},
	{"args", "{{ a }}{{ b }}{{ hidden }}"},
	{"leave", "x{% break %}y"},
	{"shared", "{% assign seen = 'yes' %}"},
	{NULL, NULL},
};

static void layouts_and_partials(void **state)
{
	static const struct {
		const char *source, *wanted;
	} rows[] = {
		{"{% layout 'shop' %}body", "<Shop|body|FN>"},
		{"{% layout 'shop' %}{% block title %}T{% endblock %}body", "<T|body|FN>"},
		{"{% layout 'shop' %}{% block foot %}{{ block.super }}+{{ name }}{% endblock %}",
		 "<Shop||FN+N>"},
		{"{% layout 'mid' %}{% block title %}({{ block.super }}){% endblock %}c",
		 "<([Shop])|m|FN>"},
		{"{% layout 'loop' %}{% block item %}i{{ i }}{% endblock %}", "i1i2"},
		{"{% assign name = 'Z' %}{% layout 'shop' %}", "<Shop||FZ>"},
		{"{% block a %}alone{{ block.super }}{% endblock %}", "alone"},
		{"{% layout nil %}plain", "plain"},
		{"{% render 'line' for list as line %}", "a1;b2;"},
		{"{% assign hidden = 1 %}{% render 'args', a: 1, b: 'x' %}", "1x"},
		{"{% include 'args', a: 1, b: a %}[{{ name }}]", "11[N]"},
		{"{% for i in (1..3) %}{% include 'leave' %}{% endfor %}", "x"},
		{"{% for i in (1..3) %}{% render 'leave' %}{% endfor %}", "xxx"},
		{"{% include 'shared' %}{{ seen }}", "yes"},
		{"{% for i in (1..3) %}{% block b %}{{ i }}{% break %}{% endblock %}{% endfor %}!",
		 "1!"},
	};
	struct setup setup = {.data = "{\"name\":\"N\",\"list\":[\"a\",\"b\"]}",
			      .partials = partials};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct outcome o = run_template(rows[i].source, &setup);
		if (!o.ok || strcmp(o.output, rows[i].wanted) != 0)
			print_error("%s: %s\n", rows[i].source, o.ok ? o.output : o.error.message);
		assert_true(o.ok);
		assert_string_equal(o.output, rows[i].wanted);
		outcome_release(&o);
	}
}

static void include_inside_render_is_refused(void **state)
{
	static const struct partial_row nested[] = {
		{"a", "{% include 'b' %}"}, {"b", "b"}, {NULL, NULL}};
	struct setup setup = {.partials = nested};
	(void)state;
	struct outcome o = run_template("{% render 'a' %}", &setup);
	assert_false(o.ok);
	assert_string_equal(o.error.message, "include usage is not allowed in this context");
	outcome_release(&o);
}

const struct CMUnitTest layout_tests[] = {
	cmocka_unit_test(layouts_and_partials),
	cmocka_unit_test(include_inside_render_is_refused),
};
const size_t layout_count = sizeof(layout_tests) / sizeof(layout_tests[0]);
