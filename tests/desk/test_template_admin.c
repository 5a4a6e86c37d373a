/* SPDX-License-Identifier: ISC */
#include "template_place.h"

#include <sys/stat.h>

/* What an admin asks of templates: variables, previews, the gallery. */

static const char sample[] =
	"{\"now\":\"2026-03-01T10:00:00Z\","
	"\"shop\":{\"type\":\"shop\",\"id\":1,\"name\":\"Shop\",\"address\":\"a@shop.example\","
	"\"currency\":\"EUR\",\"time_zone\":\"Europe/Berlin\"},"
	"\"customer\":null,"
	"\"order\":{\"type\":\"order\",\"id\":\"O10042\",\"currency\":\"EUR\",\"kind\":\"B2C\","
	"\"ordered_at\":\"2026-02-27T23:30:00Z\",\"lines\":["
	"{\"number\":1,\"sku\":\"A-1\",\"name\":\"A <b>desk</b>\",\"quantity\":2,"
	"\"unit_price\":1250,\"vat_rate\":55000,\"state\":\"HAL\"}]},"
	"\"statement\":{\"type\":\"statement\",\"currency\":\"EUR\",\"opening\":1000,\"events\":["
	"{\"id\":\"E1\",\"amount\":-2500},{\"id\":\"E2\",\"amount\":300},"
	"{\"id\":\"E3\",\"amount\":9999,\"removed_at\":\"2026-03-01T10:00:00Z\"}]},"
	"\"invoice\":{\"type\":\"invoice\",\"number\":\"I2026-00017\",\"currency\":\"EUR\","
	"\"lines\":[{\"quantity\":9223372036854775807,\"unit_price\":2}],"
	"\"vat_groups\":[{\"vat_rate\":190000}]},"
	"\"refund\":{\"type\":\"refund\",\"id\":\"F10005\",\"state\":\"given_up\",\"attempts\":["
	"{\"result\":\"failure\",\"message\":\"no\"},{\"result\":\"failure\"}]}}";

static const char mail_file[] =
	"---\nto: customer\nabout: A <word>\nsubject: \"Order {{ order.number }} & more\"\n"
	"layout: shop\nsample: one\n---\n"
	"Hello {{ order.number }}\n\n{% for line in order.lines %}{{ line.name }}{% endfor %}\n";

static const char layout_file[] =
	"---\nabout: x\n---\n{% html %}\n<html><head><meta name=\"color-scheme\" content=\"light "
	"dark\"><style>@media (prefers-color-scheme: dark) { p { color: red } }</style></head>"
	"<body>{{ content }}</body></html>\n{% endhtml %}\n";

static void put_files(struct place *p)
{
	put_file(p, "sample/one.json", sample);
	put_file(
		p, "sample/two.json",
		"{\"customer\":{\"type\":\"customer\",\"id\":\"C10001\",\"name\":\"Zo\303\253\"}}");
	put_file(p, "mail/delay.en.liquid", mail_file);
	put_file(p, "mail/delay.de.liquid", mail_file);
	put_file(p, "layout/shop.liquid", layout_file);
}

/* ---- variables ---- */

static const struct {
	const char *path, *row; /* a line of the answer */
} variable_rows[] = {
	{"", "\norder                Order              O10042"},
	{"", "\ncustomer             Customer           C10001"},
	{"", "\norders               list of Order      "},
	{"order", "ordered_at           time               2026-02-28 00:30\n"},
	{"order", "lines                list of Line       1 in it\n"},
	{"order", "total                amount             \u20ac25.00"},
	{"order", "number               text               O10042 "},
	{"order.lines", "state                word               HAL\n"},
	{"order.lines", "unit_price           amount             \u20ac12.50\n"},
	{"order.lines", "percent              number             5.5 "},
	{"customer", "name                 text               Zo\303\253\n"},
	{"invoice.vat_groups", "percent              number             19 "},
	/* A sum that does not fit is no sum. */
	{"invoice.lines", "total                amount                                "},
	{"refund", "problem              text               no "},
	{"refund", "state                word               given_up\n"},
	{"statement", "closing              amount             -\u20ac12.00"},
	{"statement.events", "id                   id                 E1\n"},
};

static void test_PX_43_variables_have_types_and_examples(void **state)
{
	struct place *p = *state;
	put_files(p);
	for (size_t i = 0; i < sizeof(variable_rows) / sizeof(variable_rows[0]); i++) {
		struct buf out;
		buf_init(&out, 1 << 20);
		if (template_variables(use(p), slice_str(variable_rows[i].path), false, p->a, &out,
				       &p->e) != 1)
			fail_msg("%s: %s", variable_rows[i].path, p->e.text);
		assert_has(buf_slice(&out), variable_rows[i].row);
		buf_release(&out);
	}
}

static void test_variables_for_programs(void **state)
{
	struct place *p = *state;
	struct buf out;
	struct slice rest, line;
	struct json *row;
	buf_init(&out, 1 << 20);
	put_files(p);
	assert_int_equal(template_variables(use(p), SLICE("order"), true, p->a, &out, &p->e), 1);
	rest = buf_slice(&out);
	while (slice_line(&rest, &line)) {
		assert_int_equal(json_parse(p->a, line, &row, &p->e), 1);
		assert_true(json_get_string(row, "name").len > 0);
	}
	assert_has(buf_slice(&out),
		   "{\"name\":\"total\",\"is\":\"amount\",\"list\":false,"
		   "\"example\":\"\u20ac25.00\",\"help\":\"what the customer pays\"}");
	buf_release(&out);
}

static void test_variables_that_are_not_there(void **state)
{
	static const char *const paths[] = {"oder",	    "order.line", "order.number", "text",
					    "order.lines.", ".",	  "order..lines"};
	struct place *p = *state;
	struct buf out;
	buf_init(&out, 1 << 20);
	put_files(p);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_int_equal(
			template_variables(use(p), slice_str(paths[i]), false, p->a, &out, &p->e),
			0);
	put_file(p, "sample/two.json", "{\"order\":1,\"item\":{\"type\":\"cat\"}}");
	templates_reload(p->templates, &p->e);
	assert_int_equal(template_variables(use(p), SLICE("order"), false, p->a, &out, &p->e), -1);
	assert_has(slice_str(p->e.text), "sample/two.json");
	buf_release(&out);
}

/* ---- which file ---- */

static void test_a_file_as_an_editor_names_it(void **state)
{
	struct place *p = *state;
	const struct template *template;
	char path[300];
	put_files(p);
	snprintf(path, sizeof(path), "%s/mail/delay.de.liquid", p->dir);
	const char *const names[] = {path, "delay.de", "mail/delay.de", "delay.de.liquid"};
	for (size_t i = 0; i < 4; i++) {
		if (template_of_file(use(p), slice_str(names[i]), &template, &p->e) < 0)
			fail_msg("%s", p->e.text);
		assert_slice(template_info(template)->language, "de");
	}
	assert_int_equal(template_of_file(use(p), SLICE("delay"), &template, &p->e), 1);
	assert_slice(template_info(template)->language, "en");
}

static void test_a_file_that_makes_no_mail(void **state)
{
	struct place *p = *state;
	const struct template *template;
	char layout[300], broken[300];
	put_files(p);
	put_file(p, "mail/bad.en.liquid", "---\nsubject: x\n---\n{% if %}\n");
	snprintf(layout, sizeof(layout), "%s/layout/shop.liquid", p->dir);
	snprintf(broken, sizeof(broken), "%s/mail/bad.en.liquid", p->dir);
	const struct {
		const char *file, *says;
	} rows[] = {
		{layout, "makes no mail by itself"},
		{broken, "mail/bad.en.liquid:4:"},
		{"/etc/passwd", "is no template of this desk"},
		{"/nowhere/mail/x.en.liquid", "is no template of this desk"},
		{"dely", "did you mean \"delay\"?"},
		{"desk/none", "there is no template \"desk/none\""},
		{"", "there is no template \"\""},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
			template_of_file(use(p), slice_str(rows[i].file), &template, &p->e), -1);
		assert_has(slice_str(p->e.text), rows[i].says);
	}
}

/* ---- gallery ---- */

static size_t times(struct slice text, const char *what)
{
	size_t n = 0;
	for (ptrdiff_t at; (at = slice_find(text, slice_str(what))) >= 0; n++)
		text = slice_sub(text, (size_t)at + strlen(what), text.len);
	return n;
}

static void test_gallery(void **state)
{
	struct place *p = *state;
	struct buf out;
	buf_init(&out, 8 << 20);
	put_files(p);
	put_file(p, "mail/hole.en.liquid", "---\nsubject: x\nsample: one\n---\n{{ nothing }}\n");
	assert_int_equal(template_gallery(use(p), &out, &p->e), 1);
	struct slice page = buf_slice(&out);
	/* Two languages, two widths, two looks. */
	assert_int_equal(times(page, "<iframe"), 8);
	assert_int_equal(times(page, "@media all { p"), 4);
	assert_int_equal(times(page, "@media not all { p"), 4);
	assert_int_equal(times(page, "content=&quot;only dark&quot;"), 4);
	assert_has(page, "Order O10042 &amp; more");
	assert_has(page, "A &lt;word&gt;");
	assert_has(page, "<pre>Hello O10042\n\nA &lt;b&gt;desk&lt;/b&gt;\n</pre>");
	assert_has(page, "<dt>order.number</dt><dd>O10042</dd>");
	assert_has(page, "<p class=\"wrong\">mail/hole.en.liquid:5:");
	assert_has_not(page, "http:");
	assert_has_not(page, "https:");
	assert_has_not(page, "url(");
	buf_release(&out);
}

static void test_gallery_of_the_shipped_templates(void **state)
{
	struct place *p = *state;
	const char *source = getenv("srcdir");
	struct buf out;
	buf_init(&out, 48 << 20);
	snprintf(p->dir, sizeof(p->dir), "%s/templates", source ? source : ".");
	const struct template_set *set = use(p);
	snprintf(p->dir, sizeof(p->dir), "/nonexistent");
	assert_int_equal(template_gallery(set, &out, &p->e), 1);
	assert_has_not(buf_slice(&out), "<p class=\"wrong\">");
	static const char *const names[] = {
		"order-confirmation",
		"order-held",
		"payment-reminder",
		"order-shipped",
		"delay",
		"return-received",
		"refund-done",
		"refund-failed",
		"invoice",
		"credit-note",
		"account-statement",
		"answer",
		"acknowledgement",
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_has(buf_slice(&out),
			   arena_printf(p->a, "<section id=\"mail/%s\">", names[i]));
	buf_release(&out);
}

int run_template_admin_tests(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(test_PX_43_variables_have_types_and_examples),
		PLACE_TEST(test_variables_for_programs),
		PLACE_TEST(test_variables_that_are_not_there),
		PLACE_TEST(test_a_file_as_an_editor_names_it),
		PLACE_TEST(test_a_file_that_makes_no_mail),
		PLACE_TEST(test_gallery),
		PLACE_TEST(test_gallery_of_the_shipped_templates),
	};
	return cmocka_run_group_tests_name("template admin", tests, NULL, NULL);
}
