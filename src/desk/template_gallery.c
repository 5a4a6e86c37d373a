/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdio.h>

#include "template_page.h"
#include "template_set.h"

/* Every template as it looks, on one page for the admin. */

struct gallery {
	const struct template_set *set;
	struct arena *a; /* cleared behind each template */
	struct buf *out;
};

static void put_text(const struct gallery *g, struct slice text)
{
	liquid_escape_put(g->out, LIQUID_ESCAPE_HTML, text);
}

/* ---- frames ---- */

/* Copies `text` with `from` as `to`. */
static void put_replaced(struct buf *out, struct slice text, struct slice from, struct slice to)
{
	for (ptrdiff_t at; (at = slice_find(text, from)) >= 0;) {
		buf_put(out, slice_sub(text, 0, (size_t)at));
		buf_put(out, to);
		text = slice_sub(text, (size_t)at + from.len, text.len);
	}
	buf_put(out, text);
}

/*
 * The same mail as a reader in that colour scheme sees it: a frame follows the
 * browser's, so that the question in the style sheet is answered here.
 */
static struct slice in_scheme(struct arena *a, struct slice html, bool dark)
{
	ptrdiff_t end = slice_find(html, SLICE("</head>"));
	struct slice head = slice_sub(html, 0, end < 0 ? 0 : (size_t)end);
	struct buf asked, named;
	buf_init(&asked, TEMPLATE_PART_MAX * 2);
	buf_init(&named, TEMPLATE_PART_MAX * 2);
	put_replaced(&asked, head, SLICE("(prefers-color-scheme: dark)"),
		     dark ? SLICE("all") : SLICE("not all"));
	put_replaced(&named, buf_slice(&asked), SLICE("light dark"),
		     dark ? SLICE("only dark") : SLICE("only light"));
	buf_put(&named, slice_sub(html, head.len, html.len));
	struct slice copy = arena_copy(a, buf_slice(&named));
	buf_release(&named);
	buf_release(&asked);
	return copy;
}

static void put_frame(const struct gallery *g, struct slice html, bool wide, bool dark)
{
	buf_printf(g->out,
		   "<figure class=\"%s %s\"><figcaption>%s pixels, %s</figcaption>"
		   "<iframe sandbox=\"allow-same-origin\" title=\"%s pixels, %s\" srcdoc=\"",
		   wide ? "wide" : "narrow", dark ? "dark" : "light", wide ? "800" : "360",
		   dark ? "dark" : "light", wide ? "800" : "360", dark ? "dark" : "light");
	put_text(g, in_scheme(g->a, html, dark));
	buf_puts(g->out, "\"></iframe></figure>\n");
}

static void put_mail(const struct gallery *g, const struct rendered_mail *mail)
{
	if (mail->html.len)
		put_frame(g, mail->html, true, false);
	buf_puts(g->out, "<figure class=\"text\"><figcaption>Text</figcaption><pre>");
	put_text(g, mail->text);
	buf_puts(g->out, "</pre></figure>\n");
	if (mail->html.len)
		put_frame(g, mail->html, true, true);
}

static void put_narrow(const struct gallery *g, const struct rendered_mail *mail)
{
	if (!mail->html.len)
		return;
	buf_puts(g->out, "<div class=\"pair\">\n");
	put_frame(g, mail->html, false, false);
	put_frame(g, mail->html, false, true);
	buf_puts(g->out, "</div>\n");
}

/* ---- variables ---- */

struct names {
	const struct gallery *g;
	struct slice *items;
	size_t count, room;
};

static void on_use(void *user, const struct liquid_use *use)
{
	struct names *names = user;
	if (use->kind != LIQUID_USE_VARIABLE || use->local)
		return;
	for (size_t i = 0; i < names->count; i++)
		if (slice_eq(names->items[i], use->path))
			return;
	arena_grow(names->g->a, &names->items, names->count, &names->room, sizeof(struct slice));
	names->items[names->count++] = use->path;
}

static void put_variables(const struct gallery *g, const struct template *template,
			  struct template_data *data)
{
	struct names names = {.g = g};
	for (int kind = 0; kind < PART_COUNT; kind++)
		if (template->parts[kind])
			liquid_uses(template->parts[kind], g->a, on_use, &names);
	buf_puts(g->out, "<details open><summary>Variables</summary><dl>\n");
	for (size_t i = 0; i < names.count; i++) {
		struct slice value = template_example(g->set, data, names.items[i], g->a);
		buf_puts(g->out, "<dt>");
		put_text(g, names.items[i]);
		buf_puts(g->out, "</dt><dd>");
		put_text(g, value);
		buf_puts(g->out, "</dd>\n");
	}
	buf_puts(g->out, "</dl></details>\n");
}

/* ---- templates ---- */

static void put_wrong(const struct gallery *g, struct slice sentence)
{
	buf_puts(g->out, "<p class=\"wrong\">");
	put_text(g, sentence);
	buf_puts(g->out, "</p>\n");
}

static void put_language(const struct gallery *g, const struct template *template)
{
	struct template_data *data;
	struct rendered_mail mail;
	struct err e = {0};
	int result = template_sample(template, g->a, &data, &e);
	buf_puts(g->out, "<article><h3><small>");
	put_text(g, template->view->language);
	buf_puts(g->out, "</small>");
	if (result == 0)
		err_set(&e, ERR_CONFIG, "there is no sample data: add sample: to its head");
	if (result > 0)
		result = template_render_mail(template, data, g->a, &mail, &e);
	if (result > 0)
		put_text(g, mail.subject);
	buf_puts(g->out, "</h3>\n");
	if (result > 0) {
		buf_puts(g->out, "<div class=\"shelf\">\n");
		put_mail(g, &mail);
		put_variables(g, template, data);
		put_narrow(g, &mail);
		buf_puts(g->out, "</div>");
	} else {
		put_wrong(g, slice_str(e.text));
	}
	buf_puts(g->out, "</article>\n");
}

static void put_tag(const struct gallery *g, const char *word, struct slice value)
{
	if (!value.len)
		return;
	buf_printf(g->out, "<span class=\"tag\">%s", word);
	put_text(g, value);
	buf_puts(g->out, "</span>");
}

static void put_about(const struct gallery *g, const struct template_info *info)
{
	buf_puts(g->out, "<p class=\"about\">");
	put_tag(g, "on ", info->on);
	put_tag(g, "to ", info->to);
	for (size_t i = 0; i < info->attach_count; i++)
		put_tag(g, "attaches ", info->attach[i]);
	put_text(g, info->about);
	buf_puts(g->out, "</p>\n");
}

/* The file of a view that is its own, or in no language. */
static const struct template *own(const struct template_view *view, struct slice name)
{
	const struct template *found = template_view_find(view, name);
	if (!found)
		return NULL;
	return !found->file->language.len || slice_eq(found->file->language, view->language) ? found
											     : NULL;
}

static void put_template(const struct gallery *g, struct slice name)
{
	bool first = true;
	buf_printf(g->out, "<section id=\"%.*s\">\n<h2>%.*s</h2>\n", SLICE_ARG(name),
		   SLICE_ARG(slice_sub(name, 5, name.len)));
	for (size_t i = 0; i < g->set->views_count; i++) {
		const struct template *template = own(&g->set->views[i], name);
		if (!template)
			continue;
		if (first)
			put_about(g, template_info(template));
		put_language(g, template);
		first = false;
	}
	buf_puts(g->out, "</section>\n");
	arena_clear(g->a);
}

/* ---- the page ---- */

typedef void name_fn(const struct gallery *g, struct slice name);

static void each_name(const struct gallery *g, struct slice folder, name_fn *fn)
{
	struct slice last = {0};
	for (size_t i = 0; i < g->set->files_count; i++) {
		const struct template_file *f = &g->set->files[i];
		if (f->json || !f->source.ptr || !slice_starts(f->name, folder) ||
		    slice_eq(f->name, last))
			continue;
		last = f->name;
		fn(g, last);
	}
}

static void put_link(const struct gallery *g, struct slice name)
{
	buf_printf(g->out, "<a href=\"#%.*s\">%.*s</a>\n", SLICE_ARG(name),
		   SLICE_ARG(slice_sub(name, 5, name.len)));
}

/* The names of the mails are those of files: small letters, digits, - . _ */
static const struct {
	const char *folder, *title;
} folders[] = {{"mail/", "Mails to customers and the office"}, {"desk/", "What agents see"}};
#define FOLDERS (sizeof(folders) / sizeof(folders[0]))

static void put_choice(const struct gallery *g, const char *title, const char *const words[3][2],
		       const char *name)
{
	buf_printf(g->out, "<fieldset>%s<span>", title);
	for (size_t i = 0; i < 3; i++)
		buf_printf(g->out,
			   "<input type=\"radio\" name=\"%s\" id=\"%s\"%s><label for=\"%s\">%s"
			   "</label>",
			   name, words[i][0], i ? "" : " checked", words[i][0], words[i][1]);
	buf_puts(g->out, "</span></fieldset>\n");
}

static void put_header(const struct gallery *g)
{
	static const char *const looks[3][2] = {
		{"both", "both"}, {"light", "light"}, {"dark", "dark"}};
	static const char *const widths[3][2] = {
		{"any", "both"}, {"wide", "800"}, {"narrow", "360"}};
	buf_puts(g->out, page_head);
	put_choice(g, "Look", looks, "look");
	put_choice(g, "Width", widths, "width");
	buf_puts(g->out, "</header>\n<nav>\n");
	for (size_t i = 0; i < FOLDERS; i++) {
		buf_printf(g->out, "<b>%s</b>\n", folders[i].title);
		each_name(g, slice_str(folders[i].folder), put_link);
	}
	buf_puts(g->out, "</nav>\n<main>\n");
}

int template_gallery(const struct template_set *set, struct buf *out, struct err *e)
{
	assert(set && out && !out->len);
	struct gallery g = {set, arena_open(), out};
	put_header(&g);
	for (size_t i = 0; i < FOLDERS; i++)
		each_name(&g, slice_str(folders[i].folder), put_template);
	buf_puts(out, "</main>\n<footer>Made with sample data by postclerk template "
		      "gallery.</footer>\n");
	buf_puts(out, page_script);
	arena_close(&g.a);
	return buf_failed(out) ? err_set(e, ERR_CONFIG, "the page is too large: too many templates")
			       : 1;
}
