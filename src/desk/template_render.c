/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "markdown.h"
#include "template_set.h"

#define PREVIEW_MAX 120 /* code points that a mailbox shows beside the subject */

/* The line ends that a part was parsed with (template_view.c). */
static struct slice without_padding(struct slice text)
{
	size_t n = 0;
	while (n < text.len && text.ptr[n] == '\n')
		n++;
	return slice_sub(text, n, text.len);
}

/* One part of a template; an empty slice when it has none. */
static int render_part(const struct template *template, enum part_kind kind,
		       enum liquid_escape escape, struct template_data *data, struct arena *a,
		       struct slice *out, struct err *e)
{
	const struct template_view *view = template->view;
	*out = (struct slice){0};
	if (!template->parts[kind])
		return 0;
	data->escape = escape;
	template_data_set(data, "language", liquid_string(view->language));
	struct template_render render = {.view = view, .data = data, .escape = escape};
	struct liquid_options options = {.escape = escape,
					 .undefined_error = true,
					 .globals = template_data_globals(data),
					 .now = data->now,
					 .zone = data->zone,
					 .language = view->language,
					 .user = &render};
	struct liquid_error error;
	struct buf text;
	buf_init(&text, TEMPLATE_PART_MAX);
	int result = liquid_render(view->env, template->parts[kind], &options, &text, &error);
	if (result < 0) {
		liquid_error_set(&error, e);
		/* The author of a template is not the author of the mail that needs it. */
		if (e)
			e->class = ERR_CONFIG;
	} else {
		*out = arena_copy(a, without_padding(buf_slice(&text)));
	}
	buf_release(&text);
	return result;
}

/* ---- layout ---- */

static struct slice style_of(const void *ctx, struct slice element)
{
	const struct template *layout = ctx;
	const struct template_file *f = layout ? layout->file : NULL;
	for (size_t i = 0; f && i < f->styles_count; i++)
		if (slice_eq(f->styles[i].element, element))
			return f->styles[i].text;
	return (struct slice){0};
}

static int find_layout(const struct template *template, const struct template **layout,
		       struct err *e)
{
	const struct template_info *info = &template->file->info;
	*layout = NULL;
	if (!info->layout.len)
		return 0;
	char name[128];
	snprintf(name, sizeof(name), "layout/%.*s", SLICE_ARG(slice_sub(info->layout, 0, 100)));
	*layout = template_view_find(template->view, slice_str(name));
	if (!*layout)
		return err_set(e, ERR_CONFIG, "%.*s: there is no layout \"%.*s\"",
			       SLICE_ARG(info->path), SLICE_ARG(info->layout));
	return 1;
}

/* Puts what was rendered into the layout's part of that kind, if it has one. */
static int wrap(const struct template *layout, enum part_kind kind, struct template_data *data,
		struct arena *a, struct slice *text, struct err *e)
{
	struct slice whole;
	if (!layout || !layout->parts[kind])
		return 0;
	template_data_set(data, "content", liquid_safe(*text));
	if (render_part(layout, kind, kind == PART_HTML ? LIQUID_ESCAPE_HTML : LIQUID_ESCAPE_TEXT,
			data, a, &whole, e) < 0)
		return -1;
	*text = whole;
	return 1;
}

/* ---- the parts of a mail ---- */

struct making {
	const struct template *template, *layout;
	struct template_data *data;
	struct arena *a;
	const struct md_node *document;
	struct rendered_mail *mail;
};

static struct slice take(struct arena *a, struct buf *text)
{
	struct slice copy = arena_copy(a, buf_slice(text));
	buf_release(text);
	return copy;
}

static int check_needs(const struct making *m, struct err *e)
{
	const struct template_info *info = &m->template->file->info;
	for (size_t i = 0; i < info->needs_count; i++)
		if (!template_data_has(m->data, info->needs[i]))
			return err_set(e, ERR_CONFIG, "%.*s needs \"%.*s\", which is not there",
				       SLICE_ARG(info->path), SLICE_ARG(info->needs[i]));
	return 1;
}

static int make_subject(struct making *m, struct err *e)
{
	struct slice raw;
	int result = render_part(m->template, PART_SUBJECT, LIQUID_ESCAPE_HEADER, m->data, m->a,
				 &raw, e);
	if (result < 0)
		return -1;
	struct buf line;
	buf_init(&line, 16 * TEMPLATE_SUBJECT_MAX);
	text_put_line(&line, raw, TEMPLATE_SUBJECT_MAX);
	m->mail->subject = take(m->a, &line);
	template_data_set(m->data, "title", liquid_string(m->mail->subject));
	if (result > 0 && !m->mail->subject.len)
		return err_set(e, ERR_CONFIG, "%.*s: the subject is empty",
			       SLICE_ARG(m->template->file->path));
	return 1;
}

static int make_document(struct making *m, struct err *e)
{
	struct slice source;
	int result = render_part(m->template, PART_BODY, LIQUID_ESCAPE_MARKDOWN, m->data, m->a,
				 &source, e);
	if (result > 0)
		m->document = markdown_parse(m->a, source);
	return result;
}

static int make_text(struct making *m, struct err *e)
{
	int result = render_part(m->template, PART_TEXT, LIQUID_ESCAPE_TEXT, m->data, m->a,
				 &m->mail->text, e);
	if (result < 0)
		return -1;
	if (result == 0 && m->document) {
		struct buf text;
		buf_init(&text, TEMPLATE_PART_MAX);
		markdown_text(m->document, m->a, &text);
		m->mail->text = take(m->a, &text);
	}
	m->mail->text = slice_trim(m->mail->text);
	if (wrap(m->layout, PART_TEXT, m->data, m->a, &m->mail->text, e) < 0)
		return -1;
	m->mail->text =
		slice_str(arena_printf(m->a, "%.*s\n", SLICE_ARG(slice_trim(m->mail->text))));
	return 1;
}

/* What a mailbox shows beside the subject: the first words of the text. */
static void set_preview(struct making *m)
{
	struct buf words, line;
	buf_init(&words, 4096);
	buf_init(&line, 16 * PREVIEW_MAX);
	for (const struct md_node *node = m->document ? m->document->first : NULL;
	     node && words.len < PREVIEW_MAX; node = node->next)
		if (node->kind == MD_PARAGRAPH)
			markdown_words(node, &words);
	text_put_line(&line, buf_slice(&words), PREVIEW_MAX);
	template_data_set(m->data, "preview", liquid_string(take(m->a, &line)));
	buf_release(&words);
}

static int make_html(struct making *m, struct err *e)
{
	int result = render_part(m->template, PART_HTML, LIQUID_ESCAPE_HTML, m->data, m->a,
				 &m->mail->html, e);
	if (result < 0)
		return -1;
	if (result == 0 && (!m->document || !m->layout))
		return 0;
	if (result == 0) {
		struct buf html;
		buf_init(&html, TEMPLATE_PART_MAX);
		markdown_html(m->document, style_of, m->layout, &html);
		bool cut = buf_failed(&html);
		m->mail->html = take(m->a, &html);
		if (cut)
			return err_set(e, ERR_CONFIG, "%.*s: the HTML is larger than %u bytes",
				       SLICE_ARG(m->template->file->path), TEMPLATE_PART_MAX);
	}
	set_preview(m);
	return wrap(m->layout, PART_HTML, m->data, m->a, &m->mail->html, e);
}

int template_render_mail(const struct template *template, struct template_data *data,
			 struct arena *a, struct rendered_mail *out, struct err *e)
{
	struct making m = {.template = template, .data = data, .a = a, .mail = out};
	*out = (struct rendered_mail){0};
	if (check_needs(&m, e) < 0 || find_layout(template, &m.layout, e) < 0 ||
	    make_subject(&m, e) < 0 || make_document(&m, e) < 0 || make_text(&m, e) < 0 ||
	    make_html(&m, e) < 0)
		return -1;
	return 1;
}

int templates_render(const struct template_set *set, const char *name,
		     const struct template_languages *languages, struct template_data *data,
		     struct arena *a, struct rendered_mail *out, struct err *e)
{
	const struct template *template = template_find(set, slice_str(name), languages);
	if (!template)
		return err_set(e, ERR_CONFIG, "there is no template \"%s\"", name);
	return template_render_mail(template, data, a, out, e);
}

int template_applies(const struct template *template, struct template_data *data, struct err *e)
{
	struct slice truth;
	int result = render_part(template, PART_WHEN, LIQUID_ESCAPE_NONE, data, data->a, &truth, e);
	if (result <= 0)
		return result < 0 ? -1 : 1;
	return slice_trim(truth).len > 0;
}
