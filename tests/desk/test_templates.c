/* SPDX-License-Identifier: ISC */
#include "template_place.h"

/* ---- a small record ---- */

static const char *const line_names[] = {"Desk", "Lamp | <b>bright</b>"};

struct record {
	Rec__Shop shop;
	Rec__Customer customer;
	Rec__Order order;
	Rec__Line lines[2], *line_list[2];
	Rec__Address address;
	char *street[1];
	char *emails[1];
};

static char *text(struct arena *a, const char *s)
{
	return arena_str(a, slice_str(s));
}

static void make_lines(struct record *r, struct arena *a)
{
	for (size_t i = 0; i < 2; i++) {
		rec__line__init(&r->lines[i]);
		r->lines[i].number = (uint32_t)i + 1;
		r->lines[i].name = text(a, line_names[i]);
		r->lines[i].quantity = 1 + (int64_t)i;
		r->lines[i].unit_price = 123450;
		r->lines[i].state = REC__LINE_STATE__LINE_STATE_HAL;
		r->line_list[i] = &r->lines[i];
	}
}

static void make_record(struct record *r, struct arena *a)
{
	rec__shop__init(&r->shop);
	rec__customer__init(&r->customer);
	rec__order__init(&r->order);
	rec__address__init(&r->address);
	make_lines(r, a);
	r->shop.name = text(a, "Linden");
	r->shop.currency = text(a, "EUR");
	r->customer.id = 10001;
	r->customer.name = text(a, "Ann *<i>*");
	r->emails[0] = text(a, "ann@example.com");
	r->customer.emails = r->emails;
	r->customer.n_emails = 1;
	r->order.id = 10042;
	r->order.currency = text(a, "EUR");
	r->order.ordered_at = 1772359200;
	r->order.lines = r->line_list;
	r->order.n_lines = 2;
	r->street[0] = text(a, "12 Main St");
	r->address.name = text(a, "Ann Example");
	r->address.lines = r->street;
	r->address.n_lines = 1;
	r->address.postcode = text(a, "12345");
	r->address.city = text(a, "Town");
	r->address.region = text(a, "NY");
	r->address.country = text(a, "DE");
	r->order.shipping = &r->address;
}

static struct template_data *data_of(struct place *p, struct record *r)
{
	make_record(r, p->a);
	struct template_data *data = template_data_new(p->a, &r->shop);
	template_data_now(data, 1772359200);
	template_data_message(data, "customer", &r->customer.base);
	template_data_message(data, "order", &r->order.base);
	template_data_prose(data, "text", SLICE(""));
	return data;
}

/* Renders a mail of one file; its text must be as said. */
static struct rendered_mail render(struct place *p, const char *body, const char *tag)
{
	struct record *r = ARENA_NEW(p->a, struct record);
	struct rendered_mail mail = {0};
	char *content = arena_printf(
		p->a, "---\nsubject: Hi {{ customer.name }}\nlayout: plain\n---\n%s", body);
	char *path = arena_printf(p->a, "mail/x.%s.liquid", tag);
	const struct template *template;
	put_file(p, "layout/plain.liquid", "{% html %}\n{{ content }}\n{% endhtml %}\n");
	put_file(p, path, content);
	struct template_languages languages = language(tag);
	if (templates_by_name(use(p), SLICE("x"), 0, &languages, &template, &p->e) < 0 ||
	    template_render_mail(template, data_of(p, r), p->a, &mail, &p->e) < 0)
		mail.subject = (struct slice){0};
	return mail;
}

/* ---- finding ---- */

static void test_finding(void **state)
{
	struct place *p = *state;
	const struct template **list, *template;
	put_file(p, "mail/b.en.liquid", "---\non: order.held\nsubject: b\n---\n");
	put_file(p, "mail/b.de.liquid", "---\non: order.held\nsubject: B\n---\n");
	put_file(p, "mail/a.de.liquid", "---\non: order.held\nsubject: A\n---\n");
	put_file(p, "mail/delay.en.liquid", "---\nkind: order\nsubject: d\n---\n");
	put_file(p, "mail/hello.en.liquid", "---\nsubject: h\n---\n");
	const struct template_set *set = use(p);
	struct template_languages german = language("de");
	assert_int_equal(templates_for_event(set, SLICE("order.held"), &german, p->a, &list), 2);
	assert_slice(template_info(list[0])->path, "mail/a.de.liquid");
	assert_slice(template_info(list[1])->path, "mail/b.de.liquid");
	assert_int_equal(templates_for_event(set, SLICE("order.sold"), &german, p->a, &list), 0);
	assert_int_equal(templates_for_kind(set, 'O', &german, p->a, &list), 2);
	assert_int_equal(templates_for_kind(set, 'C', &german, p->a, &list), 1);
	assert_slice(template_info(list[0])->name, "mail/hello");
	assert_int_equal(templates_by_name(set, SLICE("delay"), 'O', &german, &template, &p->e), 1);
	assert_int_equal(templates_by_name(set, SLICE("delay"), 'C', &german, &template, &p->e),
			 -1);
	assert_int_equal(p->e.class, ERR_INPUT);
	assert_int_equal(templates_by_name(set, SLICE("dleay"), 'O', &german, &template, &p->e),
			 -1);
	assert_has(slice_str(p->e.text), "did you mean \"delay\"?");
	assert_int_equal(
		templates_by_name(set, SLICE("../../etc/passwd"), 0, &german, &template, &p->e),
		-1);
}

/* ---- rendering ---- */

static const struct {
	const char *body, *tag, *text;
} render_rows[] = {
	{"{{ order.number }} {{ order.id }} {{ customer.id }}", "en", "O10042 O10042 C10001\n"},
	{"{{ order.lines[1].quantity }} {{ order.lines.size }} {{ order.lines.first.label }}", "en",
	 "2 2 1\n"},
	{"{% for l in order.lines %}{{ l.state }},{% endfor %}", "en", "HAL,HAL,\n"},
	{"{{ order.status }} {{ order.status_code }}", "en", "hold HAL\n"},
	{"{{ order.ordered_at | date: '%Y-%m-%d' }}", "en", "2026-03-01\n"},
	{"{% if order.updated_at %}yes{% else %}never{% endif %}", "en", "never\n"},
	{"{% if customer.company %}yes{% else %}none{% endif %}", "en", "none\n"},
	{"{{ customer.name }}", "en", "Ann *<i>*\n"},
	{"{{ customer.emails | join: ', ' }}", "en", "ann@example.com\n"},
	{"{{ order.total | money }}", "en", "€3,703.50\n"},
	{"{{ order.total | money }}", "de", "3.703,50\u00a0€\n"},
	{"{{ 2500 | money_with_currency }}", "en", "€25.00\u00a0EUR\n"},
	{"{{ 2500 | money_with_currency }}", "de", "25,00\u00a0EUR\n"},
	{"{{ 2500 | money_without_currency }}", "en", "25.00\n"},
	{"{{ 2500 | money_without_trailing_zeros }}", "en", "€25\n"},
	{"{{ 2550 | money_without_trailing_zeros }}", "de", "25,50\u00a0€\n"},
	{"{{ -2500 | money }}", "en", "-€25.00\n"},
	{"{{ 2500 | money: 'JPY' }}", "en", "¥2,500\n"},
	{"{{ 'a+b@c.example' | mailto: '#hold O1 \"x y\"', subject: 'Re: ü' }}", "en",
	 "mailto:a%2Bb@c.example?subject=Re%3A%20%C3%BC&body=%23hold%20O1%20%22x%20y%22%0D%0A\n"},
	{"{{ 'x]y' | link_to: 'https://a.example/>' }}", "en", "x]y <https://a.example/%3E>\n"},
	{"{{ order.shipping | format_address }}", "en",
	 "Ann Example\n12 Main St\n12345 Town\nDE\n"},
	{"{{ order.shipping | format_address: ', ' }}", "en",
	 "Ann Example, 12 Main St, 12345 Town, DE\n"},
	{"{{ 'a\n\n# b' | paragraphs }}", "en", "a\n\n# b\n"},
	{"a\n{% text %}\nown {{ customer.name }}\n{% endtext %}\n", "en", "own Ann *<i>*\n"},
};

static void test_render(void **state)
{
	struct place *p = *state;
	for (size_t i = 0; i < sizeof(render_rows) / sizeof(render_rows[0]); i++) {
		struct rendered_mail mail = render(p, render_rows[i].body, render_rows[i].tag);
		if (!mail.subject.ptr)
			fail_msg("%s: %s", render_rows[i].body, p->e.text);
		assert_slice(mail.text, render_rows[i].text);
		assert_slice(mail.subject, "Hi Ann *<i>*");
		templates_close(&p->templates);
	}
}

static const struct {
	const char *body, *problem;
} hole_rows[] = {
	{"a\n\n{{ order.nmber }}", "mail/x.en.liquid:7:"},
	{"{{ order.billing.city }}", "order.billing.city"},
	{"{{ nothing }}", "nothing"},
	{"{{ customer.name | money }}", "money needs an amount"},
	{"{{ 1 | money: 'XXQ' }}", "no currency"},
	{"{{ 'x' | t }}", "no word \"x\""},
	{"{{ 'no address' | mailto: 'x' }}", "mailto needs a mail address"},
	{"{% render 'nothing' %}", "nothing"},
};

static void test_a_mail_never_goes_out_with_a_hole(void **state)
{
	struct place *p = *state;
	for (size_t i = 0; i < sizeof(hole_rows) / sizeof(hole_rows[0]); i++) {
		struct rendered_mail mail = render(p, hole_rows[i].body, "en");
		if (mail.subject.ptr)
			fail_msg("%s: rendered", hole_rows[i].body);
		assert_int_equal(p->e.class, ERR_CONFIG);
		assert_has(slice_str(p->e.text), hole_rows[i].problem);
		templates_close(&p->templates);
	}
}

static void test_needs(void **state)
{
	struct place *p = *state;
	struct rendered_mail mail;
	put_file(p, "mail/x.en.liquid", "---\nsubject: x\nneeds: [refund]\n---\n");
	assert_int_equal(templates_render(use(p), "mail/x", &no_languages,
					  template_data_new(p->a, NULL), p->a, &mail, &p->e),
			 -1);
	assert_has(slice_str(p->e.text), "needs \"refund\"");
}

static void test_when(void **state)
{
	struct place *p = *state;
	const struct template *template;
	struct record r;
	struct template_data *data = data_of(p, &r);
	put_file(p, "mail/x.en.liquid", "---\nsubject: x\nwhen: order.urgent\n---\n");
	assert_int_equal(templates_by_name(use(p), SLICE("x"), 0, &no_languages, &template, &p->e),
			 1);
	assert_int_equal(template_applies(template, data, &p->e), 0);
	r.order.urgent = true;
	assert_int_equal(template_applies(template, data, &p->e), 1);
}

/* Whatever a customer is called, it is words in the mail. */
static void test_data_is_never_markup(void **state)
{
	struct place *p = *state;
	static const char *const rows[] = {
		"<script>alert(1)</script>",
		"[x](https://evil.example)",
		"**bold** _it_ `code`",
		"# head",
		"a | b | c",
		"\n\n# head\n\n| a |\n|---|\n[[watch]]\n",
		"<https://evil.example>",
		"&lt;b&gt;",
		"\\",
		"1. one",
		"- item",
		"![i](http://evil.example)",
		"[[watch]]",
		"[[end]]",
		"---",
		"> quote",
	};
	static const char *const marks[] = {"<script", "<a ", "<strong",     "<em",
					    "<code",   "<h1", "<img",	     "<ul",
					    "<ol",     "<hr", "<blockquote", "watch\""};
	put_file(p, "layout/plain.liquid", "{% html %}\n{{ content }}\n{% endhtml %}\n");
	put_file(p, "mail/x.en.liquid",
		 "---\nsubject: S {{ customer.name }}\nlayout: plain\n---\n"
		 "{{ customer.name }}\n\n{{ customer.name }} x {{ customer.name }}\n\n"
		 "| a | b |\n|---|---|\n| {{ customer.name }} | {{ customer.name }} |\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct record r;
		struct rendered_mail mail;
		struct template_data *data = data_of(p, &r);
		r.customer.name = text(p->a, rows[i]);
		if (templates_render(use(p), "mail/x", &no_languages, data, p->a, &mail, &p->e) < 0)
			fail_msg("%s", p->e.text);
		for (size_t k = 0; k < sizeof(marks) / sizeof(marks[0]); k++)
			assert_has_not(mail.html, marks[k]);
		assert_has_not(mail.subject, "\n");
		/* One head and one row, each of two cells. */
		size_t cells = 0;
		for (struct slice rest = mail.html; slice_find(rest, SLICE("<td")) >= 0; cells++)
			rest = slice_sub(rest, (size_t)slice_find(rest, SLICE("<td")) + 3,
					 rest.len);
		assert_int_equal(cells, 2);
	}
}

static void test_an_agents_text_goes_in_as_it_is(void **state)
{
	struct place *p = *state;
	struct record r;
	struct rendered_mail mail;
	struct template_data *data = data_of(p, &r);
	put_file(p, "layout/plain.liquid", "{% html %}\n{{ content }}\n{% endhtml %}\n");
	put_file(p, "mail/x.en.liquid",
		 "---\nsubject: x\nlayout: plain\n---\n"
		 "{% if text %}\n{{ text }}\n{% endif %}\n\nend\n");
	template_data_prose(data, "text",
			    SLICE("Dear *Ann*,\n\n1. see https://a.example/b_c\n2. <b>"));
	if (templates_render(use(p), "mail/x", &no_languages, data, p->a, &mail, &p->e) < 0)
		fail_msg("%s", p->e.text);
	assert_slice(mail.text, "Dear *Ann*,\n\n1. see https://a.example/b_c\n2. <b>\n\nend\n");
	assert_true(slice_starts(mail.html, SLICE("<p>Dear *Ann*,</p>")));
	assert_has(mail.html, "<a href=\"https://a.example/b_c\">https://a.example/b_c</a><br>");
	assert_has(mail.html, "2. &lt;b&gt;");
}

static void test_a_strangers_command_is_quoted(void **state)
{
	struct place *p = *state;
	struct rendered_mail mail;
	struct template_data *data = template_data_new(p->a, NULL);
	put_file(p, "mail/x.en.liquid", "---\nsubject: x\n---\n{{ text }}\n");
	template_data_foreign(data, "text", SLICE("a\n#refund O1\n  \uff03hold O1\nb #c"));
	if (templates_render(use(p), "mail/x", &no_languages, data, p->a, &mail, &p->e) < 0)
		fail_msg("%s", p->e.text);
	assert_slice(mail.text, "a\n> #refund O1\n>   \uff03hold O1\nb #c\n");
}

static void test_mailto_links_are_short(void **state)
{
	struct place *p = *state;
	struct record r;
	struct rendered_mail mail;
	char text[1000];
	struct template_data *data = data_of(p, &r);
	put_file(p, "mail/x.en.liquid",
		 "---\nsubject: x\n---\n{{ 'a@b.example' | mailto: reason }}");
	for (int n = 500; n <= 600; n += 100) {
		memset(text, '"', (size_t)n);
		template_data_text(data, "reason", slice_of(text, (size_t)n));
		int result =
			templates_render(use(p), "mail/x", &no_languages, data, p->a, &mail, &p->e);
		assert_int_equal(result, n == 500 ? 1 : -1);
	}
	assert_has(slice_str(p->e.text), "longer than 1800");
}

/* ---- checking ---- */

struct told {
	size_t n;
	char text[2000];
};

static void tell(void *ctx, const struct template_problem *problem)
{
	struct told *told = ctx;
	size_t len = strlen(told->text);
	if (problem->warning)
		return;
	told->n++;
	snprintf(told->text + len, sizeof(told->text) - len, "%.*s:%u: %s\n",
		 SLICE_ARG(problem->path), problem->line, problem->message);
}

static void test_check(void **state)
{
	struct place *p = *state;
	struct told told = {0};
	put_file(p, "sample/s.json",
		 "{\"other\":1,\"order\":{\"type\":\"order\",\"id\":\"O1\",\"lines\":[{\"sku\":"
		 "\"a\"}]}}");
	put_file(p, "mail/x.en.liquid",
		 "---\nsubject: x\nsample: s\nneeds: [other]\n---\n"
		 "{{ order.totl }}\n{{ custmer.name }}\n{{ other.thing }}\n"
		 "{% for l in order.lines %}{{ l.skuu }}{{ l.sku.size }}{% endfor %}\n"
		 "{% assign z = 1 %}{{ z }}{{ order.lines.frist }}\n{{ order.shipping.cty }}");
	size_t n = templates_check(use(p), tell, &told);
	assert_int_equal(n, told.n);
	assert_has(slice_str(told.text), ":6: unknown variable \"order.totl\"");
	assert_has(slice_str(told.text), "did you mean \"total\"?");
	assert_has(slice_str(told.text),
		   ":7: unknown variable \"custmer\"; did you mean \"customer\"?");
	assert_has(slice_str(told.text), ":9: unknown variable \"l.skuu\"");
	assert_has(slice_str(told.text), ":10: unknown variable \"order.lines.frist\"");
	assert_has(slice_str(told.text), ":11: unknown variable \"order.shipping.cty\"");
	assert_has_not(slice_str(told.text), "other.thing");
	assert_has_not(slice_str(told.text), "\"z\"");
}

static void test_shipped_templates_are_right(void **state)
{
	struct place *p = *state;
	const char *source = getenv("srcdir");
	struct told told = {0};
	snprintf(p->dir, sizeof(p->dir), "%s/templates", source ? source : ".");
	const struct template_set *set = use(p);
	snprintf(p->dir, sizeof(p->dir), "/nonexistent");
	if (templates_check(set, tell, &told) > 0)
		fail_msg("%s", told.text);
}

/* What an agent must not miss is in the subject and on the first line. */
static void test_CP_41_watch_notes_stand_first(void **state)
{
	static const char *const tags[] = {"en", "de"};
	struct place *p = *state;
	const char *source = getenv("srcdir");
	Rec__Note note, *watch[] = {&note};
	Rec__Thread thread;
	Rec__Message message;
	Rec__Agent agent;
	struct record r;
	rec__note__init(&note);
	rec__thread__init(&thread);
	rec__message__init(&message);
	rec__agent__init(&agent);
	note.text = text(p->a, "Fragile only");
	snprintf(p->dir, sizeof(p->dir), "%s/templates", source ? source : ".");
	const struct template_set *set = use(p);
	snprintf(p->dir, sizeof(p->dir), "/nonexistent");
	for (size_t i = 0; i < 4; i++) {
		struct rendered_mail mail;
		struct template_data *data = data_of(p, &r);
		struct template_languages languages = language(tags[i / 2]);
		r.customer.watch = watch;
		r.customer.n_watch = i % 2;
		template_data_message(data, "thread", &thread.base);
		template_data_message(data, "message", &message.base);
		template_data_message(data, "agent", &agent.base);
		template_data_text(data, "public_address", SLICE("a@desk.example"));
		template_data_text(data, "note_address", SLICE("b@desk.example"));
		template_data_text(data, "quoted", SLICE(""));
		template_data_truth(data, "truncated", false);
		template_data_messages(data, "orders", NULL, 0);
		template_data_set(data, "links", liquid_list_new(p->a));
		template_data_set(data, "suggested", liquid_list_new(p->a));
		if (templates_render(set, "desk/mail", &languages, data, p->a, &mail, &p->e) < 0)
			fail_msg("%s", p->e.text);
		assert_int_equal(slice_starts(mail.subject, SLICE("!! WATCH ")), i % 2);
		assert_int_equal(slice_starts(mail.text, SLICE("!! WATCH Fragile only")), i % 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(test_finding),
		PLACE_TEST(test_render),
		PLACE_TEST(test_a_mail_never_goes_out_with_a_hole),
		PLACE_TEST(test_needs),
		PLACE_TEST(test_when),
		PLACE_TEST(test_data_is_never_markup),
		PLACE_TEST(test_an_agents_text_goes_in_as_it_is),
		PLACE_TEST(test_a_strangers_command_is_quoted),
		PLACE_TEST(test_mailto_links_are_short),
		PLACE_TEST(test_check),
		PLACE_TEST(test_shipped_templates_are_right),
		PLACE_TEST(test_CP_41_watch_notes_stand_first),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	int failed = run_markdown_tests() + run_template_file_tests() + run_template_admin_tests();
	return failed + cmocka_run_group_tests_name("templates", tests, NULL, NULL);
}
