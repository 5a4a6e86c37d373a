/* SPDX-License-Identifier: ISC */
#include "template_check.h"

#include <ctype.h>
#include <stdio.h>

#define SUBJECT_LONG 78 /* code points: what a mailbox shows in one line */

void template_check_tell(const struct template_check *check, const struct template_file *file,
			 const struct template_problem *problem)
{
	struct template_problem told = *problem;
	told.path = slice_str(file->full_path);
	if (!told.warning)
		++*check->errors;
	if (check->fn)
		check->fn(check->ctx, &told);
}

static void tell(const struct template_check *check, const struct template *template, bool warning,
		 const char *message)
{
	template_check_tell(check, template->file,
			    &(struct template_problem){.warning = warning, .message = message});
}

/* ---- HTML ---- */

#define OPEN_MAX 128

static bool is_void(struct slice element)
{
	static const char *const names[] = {"area", "base",  "br",   "col",  "embed",  "hr",
					    "img",  "input", "link", "meta", "source", "wbr"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_eq_nocase(element, slice_str(names[i])))
			return true;
	return false;
}

/* The tag at the start of *rest ("<…>"), which is moved behind it. */
static struct slice take_tag(struct slice *rest)
{
	ptrdiff_t end = slice_chr(*rest, '>');
	struct slice tag = slice_sub(*rest, 1, end < 0 ? rest->len : (size_t)end);
	*rest = slice_sub(*rest, end < 0 ? rest->len : (size_t)end + 1, rest->len);
	return tag;
}

static struct slice tag_name(struct slice tag)
{
	size_t n = 0;
	while (n < tag.len && isalnum((unsigned char)tag.ptr[n]))
		n++;
	return slice_sub(tag, 0, n);
}

/* What stands between <style> and </style> has no tags. */
static void skip_style(struct slice *rest, struct slice name)
{
	if (!slice_eq_nocase(name, SLICE("style")))
		return;
	ptrdiff_t end = slice_find_nocase(*rest, SLICE("</style"));
	*rest = slice_sub(*rest, end < 0 ? rest->len : (size_t)end, rest->len);
}

struct slice template_html_unclosed(struct slice html)
{
	struct slice open[OPEN_MAX];
	size_t depth = 0;
	for (ptrdiff_t at; (at = slice_chr(html, '<')) >= 0;) {
		html = slice_sub(html, (size_t)at, html.len);
		struct slice tag = take_tag(&html);
		bool closing = slice_starts(tag, SLICE("/"));
		struct slice name = tag_name(slice_sub(tag, closing, tag.len));
		if (!name.len || is_void(name) || slice_ends(tag, SLICE("/")))
			continue;
		if (!closing) {
			if (depth == OPEN_MAX)
				return name;
			open[depth++] = name;
			skip_style(&html, name);
		} else if (!depth || !slice_eq_nocase(open[--depth], name)) {
			return depth ? open[depth] : name;
		}
	}
	return depth ? open[depth - 1] : (struct slice){0};
}

/* ---- one template ---- */

static void check_result(const struct template_check *check, const struct template *template,
			 const struct rendered_mail *mail)
{
	char message[120];
	struct slice unclosed = template_html_unclosed(mail->html);
	if (unclosed.len) {
		snprintf(message, sizeof(message), "the HTML element \"%.*s\" is not closed",
			 SLICE_ARG(slice_sub(unclosed, 0, 40)));
		tell(check, template, false, message);
	}
	if (!slice_trim(mail->text).len)
		tell(check, template, false, "there is no text");
	if (text_length(mail->subject) > SUBJECT_LONG) {
		snprintf(message, sizeof(message),
			 "the subject is %zu characters long; mailboxes show about %d",
			 text_length(mail->subject), SUBJECT_LONG);
		tell(check, template, true, message);
	}
}

static void check_render(const struct template_check *check, const struct template *template,
			 struct arena *a)
{
	struct template_data *data;
	struct rendered_mail mail;
	struct err e = {0};
	int result = template_sample(template, a, &data, &e);
	if (result == 0) {
		tell(check, template, true, "there is no sample data: add sample: to its head");
		return;
	}
	if (result > 0)
		result = template_applies(template, data, &e);
	if (result >= 0)
		result = template_render_mail(template, data, a, &mail, &e);
	if (result < 0)
		tell(check, template, false, e.text);
	else
		check_result(check, template, &mail);
}

static bool renders_alone(const struct template *template)
{
	return slice_starts(template->file->name, SLICE("mail/")) ||
	       slice_starts(template->file->name, SLICE("desk/"));
}

/* Checks a view's own files: those of its language, and in the first also those of none. */
static void check_view(const struct template_check *check, const struct template_view *view)
{
	struct arena *a = arena_open();
	bool first = view == &view->set->views[0];
	for (size_t i = 0; i < view->count; i++) {
		const struct template *template = &view->templates[i];
		bool own = slice_eq(template->file->language, view->language) ||
			   (first && !template->file->language.len);
		if (own)
			template_check_variables(check, template, a);
		if (renders_alone(template))
			check_render(check, template, a);
		arena_clear(a);
	}
	arena_close(&a);
}

/* A mail that some language has and another, which has others, has not. */
static void check_language(const struct template_check *check, const struct template_view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		const struct template *template = &view->templates[i];
		struct slice language = template->file->language;
		char message[120];
		if (!language.len || slice_eq(language, view->language))
			continue;
		snprintf(message, sizeof(message), "there is none in language \"%.*s\"",
			 SLICE_ARG(view->language));
		tell(check, template, true, message);
	}
}

size_t templates_check(const struct template_set *set, template_problem_fn *fn, void *ctx)
{
	size_t errors = templates_problems(set, fn, ctx);
	struct template_check check = {fn, ctx, &errors};
	for (size_t i = 0; i < set->views_count; i++) {
		check_view(&check, &set->views[i]);
		check_language(&check, &set->views[i]);
	}
	return errors;
}
