/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "harness.h"

static void data_is_escaped_by_kind(void **state)
{
	static const char data[] =
		"{\"x\":\"<a href='#'>\\\"&</a>\",\"m\":\"*b* [x](y) _u_ `c` \\\\ <t>\\n# h\","
		"\"n\":\"1. a\\n    - b\",\"c\":\"a\\r\\nBcc: b\\u0001\",\"s\":{\"$safe\":\"<i>\"},"
		"\"l\":[\"<\",{\"$safe\":\">\"}]}";
	static const struct {
		enum liquid_escape escape;
		const char *source, *wanted;
	} rows[] = {
		{LIQUID_ESCAPE_HTML, "<b>{{ x }}",
		 "<b>&lt;a href=&#39;#&#39;&gt;&quot;&amp;&lt;/a&gt;"},
		{LIQUID_ESCAPE_HTML, "{{ x | escape }}",
		 "&lt;a href=&#39;#&#39;&gt;&quot;&amp;&lt;/a&gt;"},
		{LIQUID_ESCAPE_HTML, "{{ x | raw }}", "<a href='#'>\"&</a>"},
		{LIQUID_ESCAPE_HTML, "{{ '<hr>' }}{{ s }}{{ l }}", "<hr><i>&lt;>"},
		{LIQUID_ESCAPE_HTML, "{% capture c %}<p>{{ x }}{% endcapture %}{{ c | size }}",
		 "50"},
		{LIQUID_ESCAPE_HTML, "{{ x | append: '<hr>' }}",
		 "&lt;a href=&#39;#&#39;&gt;&quot;&amp;&lt;/a&gt;<hr>"},
		{LIQUID_ESCAPE_HTML, "{{ x | append: '!' | size }}", "19"},
		{LIQUID_ESCAPE_XML, "{{ c }}|{{ x }}",
		 "a\r\nBcc: b|&lt;a href=&#39;#&#39;&gt;&quot;&amp;&lt;/a&gt;"},
		{LIQUID_ESCAPE_MARKDOWN, "{{ m }}",
		 "\\*b\\* \\[x\\](y) \\_u\\_ \\`c\\` \\\\ &lt;t>\n\\# h"},
		{LIQUID_ESCAPE_MARKDOWN, "{{ n }}", "1\\. a\n   \\- b"},
		{LIQUID_ESCAPE_MARKDOWN, "**{{ x | escape }}**",
		 "**&lt;a href='#'>\"&amp;&lt;/a>**"},
		{LIQUID_ESCAPE_HEADER, "Re: {{ c }}", "Re: a  Bcc: b "},
		{LIQUID_ESCAPE_HEADER, "{{ c | escape }}", "a  Bcc: b "},
		{LIQUID_ESCAPE_TEXT, "{{ x }}", "<a href='#'>\"&</a>"},
		{LIQUID_ESCAPE_NONE, "{{ x }}", "<a href='#'>\"&</a>"},
	};
	struct setup setup = {.data = data};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setup.options.escape = rows[i].escape;
		struct outcome o = run_template(rows[i].source, &setup);
		if (!o.ok || strcmp(o.output, rows[i].wanted) != 0)
			print_error("%s\n", rows[i].source);
		assert_true(o.ok);
		assert_string_equal(o.output, rows[i].wanted);
		outcome_release(&o);
	}
}

/* Every length and place of a mark, so that blocks of 16 bytes meet their edges. */
static void html_escape_at_every_place(void **state)
{
	static const char marks[] = "&<>\"'";
	static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
	(void)state;
	for (size_t len = 1; len < 70; len++)
		for (size_t at = 0; at < len; at++) {
			char text[80];
			struct buf out, wanted;
			size_t mark = (len + at) % 5;
			memset(text, 'x', len);
			text[at] = marks[mark];
			buf_init(&out, 1024);
			buf_init(&wanted, 1024);
			liquid_escape_put(&out, LIQUID_ESCAPE_HTML, slice_of(text, len));
			buf_put(&wanted, slice_of(text, at));
			buf_puts(&wanted, entities[mark]);
			buf_put(&wanted, slice_of(text + at + 1, len - at - 1));
			assert_string_equal(buf_str(&out), buf_str(&wanted));
			buf_release(&out);
			buf_release(&wanted);
		}
}

const struct CMUnitTest escape_tests[] = {
	cmocka_unit_test(data_is_escaped_by_kind),
	cmocka_unit_test(html_escape_at_every_place),
};
const size_t escape_count = sizeof(escape_tests) / sizeof(escape_tests[0]);
