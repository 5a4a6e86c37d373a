/* SPDX-License-Identifier: ISC */
#include "template_place.h"

#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *content, *problem;
} broken_rows[] = {
	{"---\nsubjct: x\n---\n",
	 "mail/x.en.liquid:2: unknown key \"subjct\", did you mean \"subject\"?"},
	{"---\nsubject: x\n", ": the head has no end"},
	{"---\nsubject x\n---\n", ":2: a line of the head is"},
	{"---\nsubject: x\nsubject: y\n---\n", ":3: this key stands here twice"},
	{"---\nsubject: \"x\n---\n", ":2: a quoted value ends with its quote"},
	{"---\nsubject: x\nafter: soon\n---\n", ":3: a span is a number"},
	{"---\nsubject: x\nmax: 0\n---\n", ":3: this is no number of mails"},
	{"---\nsubject: x\nneeds: [a, B]\n---\n", ":3: a list is written"},
	{"---\nsubject: x\nkind: cat\n---\n", ":3: a kind is customer"},
	{"---\non: a.b\n---\n", "needs a subject"},
	{"no head", "needs a subject"},
	{"---\nsubject: x\n---\n\n{% if %}\n", "mail/x.en.liquid:5:"},
	{"---\nsubject: {{ x | nofilter }}\n---\n", "mail/x.en.liquid:2:"},
	{"---\nsubject: x\n---\n{% html %}\nx\n", ":4: this part has no end"},
	{"---\nsubject: x\n---\na\n{% html %}\nx\n{% endhtml %}\nb\n", ":8: the body is one piece"},
};

static char last_problem[400];

static void remember(void *ctx, const struct template_problem *problem)
{
	(void)ctx;
	snprintf(last_problem, sizeof(last_problem), "%s", problem->message);
}

static void test_broken_files(void **state)
{
	struct place *p = *state;
	for (size_t i = 0; i < sizeof(broken_rows) / sizeof(broken_rows[0]); i++) {
		const struct template *template;
		put_file(p, "mail/x.en.liquid", broken_rows[i].content);
		if (p->templates)
			assert_int_equal(templates_reload(p->templates, &p->e), -1);
		const struct template_set *set = use(p);
		assert_int_equal(templates_problems(set, remember, NULL), 1);
		assert_has(slice_str(last_problem), broken_rows[i].problem);
		assert_int_equal(
			templates_by_name(set, SLICE("x"), 0, &no_languages, &template, &p->e), -1);
	}
}

static void test_head(void **state)
{
	struct place *p = *state;
	const struct template *template;
	put_file(p, "mail/x.en.liquid",
		 "---\n# comment\non: a.b\nto: office\nsubject: 'Hi: {{ a }}'\nlayout: shop\n"
		 "needs: [a, b-c]\nattach: [c.pdf]\nkind: [order, invoice]\nafter: 7d\n"
		 "repeat: 12h\nmax: 3\nabout: A word\n---\nbody\n");
	if (templates_by_name(use(p), SLICE("mail/x"), 'O', &no_languages, &template, &p->e) < 0)
		fail_msg("%s", p->e.text);
	const struct template_info *info = template_info(template);
	assert_slice(info->name, "mail/x");
	assert_slice(info->language, "en");
	assert_slice(info->on, "a.b");
	assert_slice(info->to, "office");
	assert_slice(info->layout, "shop");
	assert_slice(info->kinds, "OI");
	assert_slice(info->about, "A word");
	assert_int_equal(info->needs_count, 2);
	assert_slice(info->needs[1], "b-c");
	assert_int_equal(info->attach_count, 1);
	assert_int_equal(info->after, 7 * 86400);
	assert_int_equal(info->repeat, 12 * 3600);
	assert_int_equal(info->max, 3);
}

static void test_languages(void **state)
{
	struct place *p = *state;
	static const struct {
		const char *tag, *want;
	} rows[] = {{"de", "de"}, {"de-AT", "de"}, {"DE", "de"}, {"fr", "en"}, {"", "en"}};
	put_file(p, "mail/x.en.liquid", "---\nsubject: x\n---\n{% render 'p' %} {% render 'q' %}");
	put_file(p, "mail/x.de.liquid", "---\nsubject: x\n---\n{% render 'p' %} {% render 'q' %}");
	put_file(p, "partial/p.en.liquid", "english");
	put_file(p, "partial/p.de.liquid", "deutsch");
	put_file(p, "partial/q.liquid", "{{ 'w' | t }} {{ 'v' | t }}");
	put_file(p, "locale/en.json", "{\"w\":\"word\",\"v\":\"else\"}");
	put_file(p, "locale/de.json", "{\"w\":\"Wort\"}");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct template_languages languages = language(rows[i].tag);
		struct rendered_mail mail;
		if (templates_render(use(p), "mail/x", &languages, template_data_new(p->a, NULL),
				     p->a, &mail, &p->e) < 0)
			fail_msg("%s", p->e.text);
		assert_slice(mail.text, strcmp(rows[i].want, "de") == 0 ? "deutsch Wort else\n"
									: "english word else\n");
	}
	struct template_languages german = language("de");
	assert_slice(templates_word(use(p), SLICE("w"), &german), "Wort");
	assert_slice(templates_word(use(p), SLICE("none"), &german), "none");
}

static void test_admins_files_come_first(void **state)
{
	struct place *p = *state;
	char own[200];
	snprintf(own, sizeof(own), "%s/own", p->dir);
	mkdir(own, 0755);
	put_file(p, "mail/x.en.liquid", "---\nsubject: shipped\n---\n");
	put_file(p, "mail/y.en.liquid", "---\nsubject: shipped\n---\n");
	put_file(p, "mail/z.en.liquid", "---\nsubject: shipped\n---\n");
	put_file(p, "own/mail/x.en.liquid", "---\nsubject: own\n---\n");
	put_file(p, "own/mail/z.en.liquid", "---\nbroken\n---\n");
	const char *dirs[] = {own, p->dir};
	static const char *const want[] = {"own", "shipped", "shipped"};
	if (templates_open(dirs, 2, &p->templates, &p->e) < 0)
		fail_msg("%s", p->e.text);
	for (int i = 0; i < 3; i++) {
		char name[] = {"mail/x"};
		struct rendered_mail mail;
		name[5] = (char)('x' + i);
		if (templates_render(use(p), name, &no_languages, template_data_new(p->a, NULL),
				     p->a, &mail, &p->e) < 0)
			fail_msg("%s", p->e.text);
		assert_slice(mail.subject, want[i]);
	}
	const char *none[] = {"/nonexistent/templates"};
	struct templates *t = NULL;
	assert_int_equal(templates_open(none, 1, &t, &p->e), -1);
	assert_int_equal(p->e.class, ERR_CONFIG);
}

static struct slice subject_of_x(struct place *p, const struct template_set *set)
{
	struct rendered_mail mail;
	if (templates_render(set, "mail/x", &no_languages, template_data_new(p->a, NULL), p->a,
			     &mail, &p->e) < 0)
		return (struct slice){0};
	return mail.subject;
}

static void test_reload(void **state)
{
	struct place *p = *state;
	put_file(p, "mail/x.en.liquid", "---\nsubject: one\n---\n");
	const struct template_set *first = use(p);
	assert_slice(subject_of_x(p, first), "one");
	assert_int_equal(templates_reload(p->templates, &p->e), 0);

	put_file(p, "mail/x.en.liquid", "---\nsubject: two\n---\n");
	assert_int_equal(templates_reload(p->templates, &p->e), 1);
	assert_slice(subject_of_x(p, use(p)), "two");
	/* Who began with the old set ends with it. */
	assert_slice(subject_of_x(p, first), "one");

	put_file(p, "mail/x.en.liquid", "---\nsubject: {{\n---\n");
	put_file(p, "mail/y.en.liquid", "---\nsubject: new\n---\n");
	assert_int_equal(templates_reload(p->templates, &p->e), -1);
	assert_int_equal(p->e.class, ERR_CONFIG);
	assert_has(slice_str(p->e.text), "mail/x.en.liquid:2:");
	assert_slice(subject_of_x(p, use(p)), "two");
	assert_int_equal(templates_problems(use(p), NULL, NULL), 1);
	/* The others were taken up, and it is not told again. */
	const struct template *template;
	assert_int_equal(templates_by_name(use(p), SLICE("y"), 0, &no_languages, &template, &p->e),
			 1);
	assert_int_equal(templates_reload(p->templates, &p->e), 0);

	put_file(p, "mail/x.en.liquid", "---\nsubject: three\n---\n");
	assert_int_equal(templates_reload(p->templates, &p->e), 1);
	assert_slice(subject_of_x(p, use(p)), "three");
	assert_int_equal(templates_problems(use(p), NULL, NULL), 0);

	char path[200];
	snprintf(path, sizeof(path), "%s/mail/x.en.liquid", p->dir);
	unlink(path);
	assert_int_equal(templates_reload(p->templates, &p->e), 1);
	assert_null(subject_of_x(p, use(p)).ptr);
}

int run_template_file_tests(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(test_broken_files), PLACE_TEST(test_head),
		PLACE_TEST(test_languages),    PLACE_TEST(test_admins_files_come_first),
		PLACE_TEST(test_reload),
	};
	return cmocka_run_group_tests_name("template-files", tests, NULL, NULL);
}
