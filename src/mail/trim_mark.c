/* SPDX-License-Identifier: ISC */
#include "body.h"
#include "trim.h"

#define HEADER_NAME_MAX 60

/* The line that a divider introduces looks like "From: …" in whatever language. */
static bool is_headed(const struct trimmer *t, size_t i)
{
	while (i < t->n && (trim_is(t, i, LINE_EMPTY) || trim_is(t, i, LINE_RULE)))
		i++;
	if (i == t->n)
		return false;
	struct slice head = slice_sub(line_bare(trim_line_text(t, i)), 0, HEADER_NAME_MAX);
	return slice_chr(head, ':') > 0 || slice_find(head, SLICE("：")) > 0;
}

static void begin_copy(struct trimmer *t, size_t i, enum html_mark_kind kind)
{
	i = trim_skip_empty(t, i);
	if (i == t->n || (kind == HTML_MARK_DIVIDER && !is_headed(t, i)) ||
	    trim_is(t, i, LINE_FORWARD))
		return;
	t->lines[i].class = kind == HTML_MARK_FORWARD ? LINE_FORWARD : LINE_ORIGINAL;
}

/* How many regions of a kind the line stands in. */
struct depths {
	size_t quote, signature, attribution;
};

static void apply(struct line *line, const struct depths *in)
{
	bool said = line->class == LINE_ATTRIBUTION || line->class == LINE_FORWARD ||
		    line->class == LINE_EMPTY;
	if (in->quote)
		line->class = said ? line->class : LINE_QUOTE;
	else if (in->signature && line->class != LINE_DEVICE && line->class != LINE_EMPTY)
		line->class = LINE_SIGNED;
	else if (in->attribution && !said)
		line->class = LINE_ATTRIBUTION;
}

static void take_event(struct trimmer *t, size_t i, const struct html_mark *mark, struct depths *in)
{
	size_t *depth = NULL;
	switch (mark->kind) {
	case HTML_MARK_NONE:
		return;
	case HTML_MARK_QUOTE:
		depth = &in->quote;
		break;
	case HTML_MARK_SIGNATURE:
		depth = &in->signature;
		break;
	case HTML_MARK_ATTRIBUTION:
		depth = &in->attribution;
		break;
	case HTML_MARK_COPY:
	case HTML_MARK_DIVIDER:
	case HTML_MARK_FORWARD:
		begin_copy(t, i, mark->kind);
		return;
	}
	if (!mark->closes)
		++*depth;
	else if (*depth)
		--*depth;
}

/* A client that puts what was typed into its signature: then all of it was. */
static void check_signed(struct trimmer *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (trim_is(t, i, LINE_TEXT) || trim_is(t, i, LINE_HEADER))
			return;
		if (trim_is(t, i, LINE_ORIGINAL) || trim_is(t, i, LINE_FORWARD))
			break;
	}
	for (size_t i = 0; i < t->n; i++)
		if (trim_is(t, i, LINE_SIGNED))
			t->lines[i].class = LINE_TEXT;
}

void trim_apply_marks(struct trimmer *t, const struct html_marks *marks)
{
	struct depths in = {0};
	size_t k = 0;
	for (size_t i = 0; i < t->n; i++) {
		for (; k < marks->n && marks->items[k].offset <= t->lines[i].offset; k++)
			take_event(t, i, &marks->items[k], &in);
		/* Of a copy's first line only that it is one matters. */
		if (!trim_is(t, i, LINE_ORIGINAL))
			apply(&t->lines[i], &in);
	}
	check_signed(t);
}

/* ---- the text of a mail with what its HTML says ---- */

/* The texts one below the other, as mail.text and mail_html_text have them. */
static struct slice join(struct reader *r, const struct part_list *parts, const size_t *list,
			 size_t n, struct html_marks *marks)
{
	struct slice text = SLICE("");
	struct buf all;
	buf_init(&all, 2 * r->limits->decoded);
	for (size_t i = 0; i < n; i++) {
		size_t first = marks->n;
		text = body_marked_text(r, &parts->items[list[i]], marks);
		if (n == 1)
			break;
		if (all.len && all.ptr[all.len - 1] != '\n')
			buf_putc(&all, '\n');
		for (size_t k = first; k < marks->n; k++)
			marks->items[k].offset += all.len;
		buf_put(&all, text);
	}
	if (n > 1)
		text = arena_copy(r->a, buf_slice(&all));
	buf_release(&all);
	return text;
}

static void choose(struct reader *r, const struct mail *m, struct part_list *parts,
		   struct bodies *out)
{
	*parts = (struct part_list){ARENA_ARRAY(r->a, m->n_parts, struct mail_part), m->n_parts,
				    m->n_parts};
	memcpy(parts->items, m->parts, m->n_parts * sizeof(*m->parts));
	bodies_choose(r, parts, out);
}

static bool has_html(const struct part_list *parts, const size_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (mail_part_is(&parts->items[list[i]], "text/html"))
			return true;
	return false;
}

void mail_trim_mail(struct arena *a, const struct mail *m, struct mail_trimmed *out)
{
	struct reader r = {.a = a, .limits = &mail_limits_default};
	struct html_marks marks = {.a = a};
	struct part_list parts;
	struct bodies bodies;
	struct slice text = SLICE("");
	if (!m->has_html) {
		mail_trim(a, m->text, out);
		return;
	}
	choose(&r, m, &parts, &bodies);
	if (has_html(&parts, bodies.text, bodies.n_text))
		text = join(&r, &parts, bodies.text, bodies.n_text, &marks);
	/* The plain form was blank, or files were taken out of it. */
	if (!slice_eq(text, m->text) && has_html(&parts, bodies.html, bodies.n_html)) {
		marks.n = 0;
		text = join(&r, &parts, bodies.html, bodies.n_html, &marks);
	}
	trim_marked(a, m->text, slice_eq(text, m->text) ? &marks : NULL, out);
}

void mail_trim_html(struct arena *a, const struct mail *m, struct mail_trimmed *out)
{
	struct reader r = {.a = a, .limits = &mail_limits_default};
	struct html_marks marks = {.a = a};
	struct part_list parts;
	struct bodies bodies;
	if (!m->has_html) {
		mail_trim(a, SLICE(""), out);
		return;
	}
	choose(&r, m, &parts, &bodies);
	struct slice text = join(&r, &parts, bodies.html, bodies.n_html, &marks);
	trim_marked(a, text, &marks, out);
}
