/* SPDX-License-Identifier: ISC */
#include "harness.h"

struct row {
	const char *source, *data, *wanted;
};

static void run_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_renders(rows[i].source, rows[i].data, rows[i].wanted);
}

#define RUN(rows) run_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void outputs_and_paths(void **state)
{
	static const struct row rows[] = {
		{"a {{ x }} b", "{\"x\":1}", "a 1 b"},
		{"{{ a.b[1].c }}", "{\"a\":{\"b\":[0,{\"c\":\"d\"}]}}", "d"},
		{"{{ a['b c'] }}{{ a[k] }}", "{\"a\":{\"b c\":1,\"z\":2},\"k\":\"z\"}", "12"},
		{"{{ l.size }}{{ l.first }}{{ l.last }}{{ l[-1] }}", "{\"l\":[7,8,9]}", "3799"},
		{"{{ 'x' }}{{ \"y\" }}{{ -3 }}{{ 1.50 }}{{ true }}{{ nil }}", NULL, "xy-31.5true"},
		{"{{- 1 -}} {{- 2 }} ", NULL, "12 "},
		{" {%- if true -%} x {%- endif -%} ", NULL, "x"},
		{"{{ s.size }}", "{\"s\":\"\xC3\xA4\xC3\xB6\"}", "2"},
		{"{{ (1..3) }}{% assign n = 2 %}{% assign r = (n..4) %}{{ r.size }}", NULL,
		 "1..33"},
		{"{{ self['a'] }}", "{\"a\":5}", "5"},
		{"{{ h }}", "{\"h\":{\"a\":1,\"b\":\"c\"}}", "{\"a\"=>1, \"b\"=>\"c\"}"},
	};
	(void)state;
	RUN(rows);
}

static void conditions(void **state)
{
	static const struct row rows[] = {
		{"{% if a %}1{% elsif b %}2{% else %}3{% endif %}", "{\"a\":null,\"b\":0}", "2"},
		{"{% if '' %}empty is true{% endif %}", NULL, "empty is true"},
		{"{% if nowhere %}1{% else %}2{% endif %}", NULL, "2"},
		{"{% unless nowhere %}1{% endunless %}", NULL, "1"},
		{"{% if false and false or true %}1{% else %}2{% endif %}", NULL, "2"},
		{"{% if true or false and false %}1{% else %}2{% endif %}", NULL, "1"},
		{"{% if 'abc' contains 'b' and l contains 2 %}y{% endif %}", "{\"l\":[1,2]}", "y"},
		{"{% if l == empty and s == blank %}y{% endif %}", "{\"l\":[],\"s\":\" \"}", "y"},
		{"{% if 1 == 1.0 and 2 > 1 and 'b' >= 'a' %}y{% endif %}", NULL, "y"},
		{"{% case 2 %}{% when 1, 2 %}a{% when 2 or 3 %}b{% else %}c{% endcase %}", NULL,
		 "ab"},
		{"{% case 9 %}{% when 1 %}a{% else %}c{% endcase %}", NULL, "c"},
		{"[{% if true %}  {% endif %}]", NULL, "[]"},
		{"[{% if true %} {% assign x = 1 %} {% endif %}]", NULL, "[]"},
		{"[{% if true %} x {% endif %}]", NULL, "[ x ]"},
	};
	(void)state;
	RUN(rows);
}

static void loops(void **state)
{
	static const struct row rows[] = {
		{"{% for i in (1..4) %}{{ i }}{% endfor %}", NULL, "1234"},
		{"{% for i in l reversed limit: 2 offset: 1 %}{{ i }}{% endfor %}",
		 "{\"l\":[1,2,3,4]}", "32"},
		{"{% for i in l %}{{ i }}{% else %}none{% endfor %}", "{\"l\":[]}", "none"},
		{"{% for i in (1..9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}"
		 "{% break %}{% endif %}{{ i }}{% endfor %}",
		 NULL, "13"},
		/* Found by diff-liquid: break is not blank, so the loop's white space prints. */
		{"{% for i in (1..3) %}{% if i == 2 %} {% break %}{% endif %}\n{% endfor %}|", NULL,
		 "\n |"},
		{"{% for i in (1..2) %}{% if i %} {% endif %}\n{% endfor %}|", NULL, "|"},
		{"{% for i in (1..3) %}{{ forloop.index }}{{ forloop.rindex0 }}{{ forloop.first }}"
		 "{{ forloop.last }} {% endfor %}",
		 NULL, "12truefalse 21falsefalse 30falsetrue "},
		{"{% for a in (1..2) %}{% for b in (1..2) %}{{ forloop.parentloop.index }}{{ b }} "
		 "{% endfor %}{% endfor %}",
		 NULL, "11 12 21 22 "},
		{"{% for p in h %}{{ p[0] }}={{ p[1] }};{% endfor %}", "{\"h\":{\"x\":1,\"y\":2}}",
		 "x=1;y=2;"},
		{"{% for i in (1..2) %}{{ i }}{% endfor %}{% for i in l limit: 2 %}{{ i }}{% "
		 "endfor %}"
		 "-{% for i in l offset: continue %}{{ i }}{% endfor %}",
		 "{\"l\":[5,6,7]}", "1256-7"},
		{"{% tablerow i in (1..3) cols: 2 %}{{ i }}{% endtablerow %}", NULL,
		 "<tr class=\"row1\">\n<td class=\"col1\">1</td><td class=\"col2\">2</td></tr>\n"
		 "<tr class=\"row2\"><td class=\"col1\">3</td></tr>\n"},
		{"{% for i in (1..3) %}{% cycle 'a', 'b' %}{% endfor %}", NULL, "aba"},
		{"{% for i in l %}{% ifchanged %}{{ i }}{% endifchanged %}{% endfor %}",
		 "{\"l\":[1,1,2]}", "12"},
		{"{% assign i = 9 %}{% for i in (1..2) %}{{ i }}{% endfor %}{{ i }}", NULL, "129"},
		{"{% for i in (1..3) %}{% capture c %}{{ i }}{% break %}{% endcapture %}{% endfor "
		 "%}"
		 "{{ c }}",
		 NULL, "1"},
	};
	(void)state;
	RUN(rows);
}

static void variables(void **state)
{
	static const struct row rows[] = {
		{"{% assign a = 'x' | upcase %}{{ a }}", NULL, "X"},
		{"{% capture c %}<{{ 1 }}>{% endcapture %}{{ c }}{{ c.size }}", NULL, "<1>3"},
		{"{% increment n %}{% increment n %}{% decrement n %}{{ n }}", NULL, "0111"},
		{"{% raw %}{{ x }} {% y %}{% endraw %}", NULL, "{{ x }} {% y %}"},
		{"a{% comment %}{% if %}{{ {% endcomment %}b", NULL, "ab"},
		{"{% # one\n # two %}x", NULL, "x"},
		{"{% doc %}what it does{% enddoc %}x", NULL, "x"},
		{"{% liquid\n assign x = 1\n if x == 1\n echo 'one'\n endif %}", NULL, "one"},
		{"{% echo 1 | plus: 2 %}", NULL, "3"},
	};
	(void)state;
	RUN(rows);
}

static void numbers(void **state)
{
	static const struct row rows[] = {
		{"{{ 10.1 | minus: 2.2 }}", NULL, "7.9"},
		{"{{ 0.1 | plus: 0.2 }}", NULL, "0.3"},
		{"{{ 7 | divided_by: 2 }} {{ -7 | divided_by: 2 }} {{ -7 | modulo: 3 }}", NULL,
		 "3 -4 2"},
		{"{{ 10 | divided_by: 3.0 }}", NULL, "3.3333333333333335"},
		{"{{ 9223372036854775807 | plus: 1 }}", NULL, "9223372036854775808"},
		{"{{ 2.5 | round }} {{ 2.456 | round: 2 }} {{ -1.5 | ceil }} {{ -1.5 | floor }}",
		 NULL, "3 2.46 -1 -2"},
		{"{{ '3.5' | times: '2' }} {{ 'x' | plus: 1 }} {{ -3 | abs }}", NULL, "7.0 1 3"},
		{"{{ 5 | at_least: 7 }}{{ 5 | at_most: 3 }}", NULL, "73"},
		{"{{ 0.00001 }} {{ 1.0 }}", NULL, "1.0e-05 1.0"},
		{"{{ l | sum }} {{ m | sum: 'q' }}", "{\"l\":[1,2.5],\"m\":[{\"q\":2},{\"q\":3}]}",
		 "3.5 5"},
	};
	(void)state;
	RUN(rows);
}

static void texts(void **state)
{
	static const struct row rows[] = {
		{"{{ ' a b ' | strip | capitalize }}{{ 'x' | append: 'y' | prepend: 'z' }}", NULL,
		 "A bzxy"},
		{"{{ 'aXbX' | replace: 'X', '-' }} {{ 'aXbX' | replace_first: 'X', '-' }} "
		 "{{ 'aXbX' | replace_last: 'X', '-' }} {{ 'aXbX' | remove: 'X' }}",
		 NULL, "a-b- a-bX aXb- ab"},
		{"{{ 'Ground control' | truncate: 9 }} {{ 'a b c d' | truncatewords: 2 }}", NULL,
		 "Ground... a b..."},
		{"{{ 'a,b,,c,,' | split: ',' | join: '|' }} {{ 'a  b' | split: ' ' | size }}", NULL,
		 "a|b||c 2"},
		{"{{ 'hello' | slice: 1, 3 }} {{ 'hello' | slice: -2, 9 }}", NULL, "ell lo"},
		{"{{ '<b>x</b><script>y</script>' | strip_html }}", NULL, "x"},
		{"{{ '<&\"' | escape }} {{ '&lt;<' | escape_once }}", NULL,
		 "&lt;&amp;&quot; &lt;&lt;"},
		{"{{ 'a b/\xC3\xA9' | url_encode }} {{ 'a+b%2F' | url_decode }}", NULL,
		 "a+b%2F%C3%A9 a b/"},
		{"{{ 'one' | base64_encode }} {{ 'b25l' | base64_decode }}", NULL, "b25l one"},
		{"{{ '  a \n b ' | squish }}|{{ 'a\nb' | newline_to_br }}", NULL, "a b|a<br />\nb"},
		{"{{ '\xC3\xA4\xC3\x9F' | upcase }}", NULL, "\xC3\x84SS"},
		{"{{ nowhere | default: 'd' }}{{ '' | default: 'e' }}"
		 "{{ false | default: 'f', allow_false: true }}",
		 NULL, "defalse"},
	};
	(void)state;
	RUN(rows);
}

static void lists(void **state)
{
	static const char data[] =
		"{\"l\":[{\"n\":\"b\",\"v\":2},{\"n\":\"a\",\"v\":1},{\"n\":\"c\",\"v\":1}],"
		"\"m\":[3,1,null,2,1],\"w\":[\"b\",\"A\",\"c\"]}";
	static const struct row rows[] = {
		{"{{ l | map: 'n' | join }}", data, "b a c"},
		{"{{ l | sort: 'n' | map: 'n' | join: '' }}", data, "abc"},
		{"{{ l | where: 'v', 1 | map: 'n' | join: '' }}", data, "ac"},
		{"{{ l | reject: 'v', 1 | map: 'n' | join: '' }}", data, "b"},
		{"{% assign f = l | find: 'n', 'a' %}{{ f.v }}{{ l | find_index: 'n', 'c' }}"
		 "{{ l | has: 'n', 'x' }}",
		 data, "12false"},
		/* Found by diff-liquid: a lone integer is asked for nothing, a fraction has no key.
		 */
		{"{{ 17 | sort: 'price' }}|{{ 0.5 | sort: 'price' }}", data, "17|"},
		{"{{ m | compact | sort | join: ',' }} {{ m | uniq | size }}", data, "1,1,2,3 4"},
		{"{{ w | sort | join }} {{ w | sort_natural | join }}", data, "A b c A b c"},
		{"{{ w | reverse | first }}{{ w | concat: m | size }}{{ w | slice: 1, 2 | join }}",
		 data, "c8A c"},
	};
	(void)state;
	RUN(rows);
}

static void dates(void **state)
{
	static const struct row rows[] = {
		{"{{ '2026-03-14T09:26:53Z' | date: '%d %B %Y %H:%M:%S' }}", NULL,
		 "14 March 2026 09:26:53"},
		{"{{ 0 | date: '%F %T %z' }}", NULL, "1970-01-01 00:00:00 +0000"},
		{"{{ 'now' | date: '%F' }}", NULL, "2026-01-01"},
		{"{{ 'March 14, 2016' | date: '%-d.%-m.%y %a %j' }}", NULL, "14.3.16 Mon 074"},
		{"{{ 'Fri, 16 Jul 2004 01:00:00 +0200' | date: '%s' }}", NULL, "1089932400"},
		{"{{ 1751371200 | date: '%H:%M', 'Europe/Berlin' }}", NULL, "14:00"},
		{"{{ 'no date' | date: '%Y' }}", NULL, "no date"},
		{"{{ '2021-01-03' | date: '%G-%V %U %e %^b %5Y' }}", NULL,
		 "2020-53 01  3 JAN 02021"},
		{"{{ '10:30 pm' | date: '%H:%M' }}", NULL, "22:30"},
	};
	(void)state;
	RUN(rows);
}

const struct CMUnitTest render_tests[] = {
	cmocka_unit_test(outputs_and_paths),
	cmocka_unit_test(conditions),
	cmocka_unit_test(loops),
	cmocka_unit_test(variables),
	cmocka_unit_test(numbers),
	cmocka_unit_test(texts),
	cmocka_unit_test(lists),
	cmocka_unit_test(dates),
};
const size_t render_count = sizeof(render_tests) / sizeof(render_tests[0]);
