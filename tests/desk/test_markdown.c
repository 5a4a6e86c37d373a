/* SPDX-License-Identifier: ISC */
#include "template_place.h"

static const struct {
	const char *source, *text, *html;
} markdown_rows[] = {
	{"", "", ""},
	{"# A\n\nb **c** *d*\ne\n", "A\n=\n\nb c d e\n",
	 "<h1>A</h1>\n<p>b <strong>c</strong> <em>d</em>\ne</p>\n"},
	{"a\\\nb", "a\nb\n", "<p>a<br>\nb</p>\n"},
	{"- a\n- b\n", "- a\n- b\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
	{"3. a\n4. b\n", "3. a\n4. b\n", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"},
	{"> a\n>\n> b", "> a\n>\n> b\n", "<blockquote><p>a</p>\n<p>b</p>\n</blockquote>\n"},
	{"<b>x</b> <script>y</script>", "<b>x</b> <script>y</script>\n",
	 "<p>&lt;b&gt;x&lt;/b&gt; &lt;script&gt;y&lt;/script&gt;</p>\n"},
	{"[x](javascript:alert)", "x\n", "<p>x</p>\n"},
	{"[x](https://a.example/?b&c)", "x <https://a.example/?b&c>\n",
	 "<p><a href=\"https://a.example/?b&amp;c\">x</a></p>\n"},
	{"[x](https://a.example/ \"button\")", "x <https://a.example/>\n",
	 "<p><a href=\"https://a.example/\" class=\"button\">x</a></p>\n"},
	{"[#a](mailto:b@c.example?body=%23a)", "#a\n",
	 "<p><a href=\"mailto:b@c.example?body=%23a\">#a</a></p>\n"},
	{"[note](mailto:b@c.example?subject=a)", "note <b@c.example>\n",
	 "<p><a href=\"mailto:b@c.example?subject=a\">note</a></p>\n"},
	{"| a | b |\n|---|--:|\n| c | 1 |\n", "a  b\n----\nc  1\n", NULL},
	{"| | |\n|---|---|\n| c | - |\n", "c  -\n", NULL},
	{"| a \\| b |\n|---|\n", "a | b\n-----\n", NULL},
	{"[[box]]\na\n[[end]]\nb", "a\n\nb\n",
	 "<table role=\"presentation\" class=\"box\" width=\"100%\" cellpadding=\"0\" "
	 "cellspacing=\"0\" border=\"0\"><tr><td class=\"box-box\">\n<p>a</p>\n</td></tr></table>\n"
	 "<p>b</p>\n"},
	{"```\n| a |\n|---|\n[[x]]\n```\n", "    | a |\n    |---|\n    [[x]]\n",
	 "<pre>| a |\n|---|\n[[x]]\n</pre>\n"},
	{"[[end]]\n[[end]]\na", "a\n", "<p>a</p>\n"},
};

static void test_markdown(void **state)
{
	struct place *p = *state;
	for (size_t i = 0; i < sizeof(markdown_rows) / sizeof(markdown_rows[0]); i++) {
		struct buf text, html;
		buf_init(&text, 1 << 20);
		buf_init(&html, 1 << 20);
		struct md_node *document = markdown_parse(p->a, slice_str(markdown_rows[i].source));
		markdown_text(document, p->a, &text);
		markdown_html(document, NULL, NULL, &html);
		assert_string_equal(buf_str(&text), markdown_rows[i].text);
		if (markdown_rows[i].html)
			assert_string_equal(arena_str(p->a, buf_slice(&html)),
					    markdown_rows[i].html);
		buf_release(&text);
		buf_release(&html);
	}
}

/* Text goes through Markdown and comes out as it was. */
static void test_prose_is_never_markup(void **state)
{
	struct place *p = *state;
	static const char *const rows[] = {
		"Dear Ann,\n\nall is well.\n-- \nBob",
		"  1. a\n  * b\n# c\n> d\n---\n===\n+ e\n",
		"| a | b |\n|---|---|\n| c | d |",
		"[[watch]]\nx\n[[end]]\n```\ny\n```\n    z",
		"<b>bold</b> &amp; \\* `x` [y](javascript:z) ![i](http://j.example/)",
		"See https://a.example/x_y?z=1&b=2. (http://b.example/long)",
		"a_b_c *d* **e** ~f~ \"g\" 'h' {{ i }} {% j %}",
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf source, text;
		buf_init(&source, 1 << 20);
		buf_init(&text, 1 << 20);
		markdown_put_prose(&source, slice_str(rows[i]));
		markdown_text(markdown_parse(p->a, buf_slice(&source)), p->a, &text);
		/* Blanks at the start of a line are no-break ones; at its end there are none. */
		struct slice want = slice_str(rows[i]), got = buf_slice(&text), a, b;
		while (slice_line(&want, &a) && slice_line(&got, &b)) {
			while (slice_starts(b, SLICE("\u00a0")) && slice_starts(a, SLICE(" "))) {
				b = slice_sub(b, 2, b.len);
				a = slice_sub(a, 1, a.len);
			}
			assert_slice(b, arena_str(p->a, slice_trim(a)));
		}
		buf_release(&source);
		buf_release(&text);
	}
}

static void test_text_is_wrapped(void **state)
{
	struct place *p = *state;
	struct buf source, text;
	struct slice rest, line;
	buf_init(&source, 1 << 20);
	buf_init(&text, 1 << 20);
	for (int i = 0; i < 200; i++)
		buf_printf(&source, "wörd%d ", i);
	buf_puts(&source, "\n\n- ");
	for (int i = 0; i < 50; i++)
		buf_puts(&source, "item ");
	buf_puts(&source, "\n\n| a | b |\n|---|---|\n| ");
	for (int i = 0; i < 50; i++)
		buf_puts(&source, "cell ");
	buf_puts(&source, "| x |\n");
	markdown_text(markdown_parse(p->a, buf_slice(&source)), p->a, &text);
	for (rest = buf_slice(&text); slice_line(&rest, &line);)
		assert_in_range(text_width(line), 0, MD_TEXT_WIDTH);
	buf_release(&source);
	buf_release(&text);
}

int run_markdown_tests(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(test_markdown),
		PLACE_TEST(test_prose_is_never_markup),
		PLACE_TEST(test_text_is_wrapped),
	};
	return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}
