/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "body.h"

/* A multipart on the way down to the part being looked at. */
struct open_part {
	size_t part;
	bool alternative;    /* is one */
	bool in_alternative; /* is one or is in one */
	bool to_text, to_html;
	size_t n_text, n_html; /* when it began */
	size_t children;
};

struct chooser {
	struct part_list *parts;
	struct bodies *out;
	struct open_part *open;
	size_t n_open;
};

static bool is_media(const struct mail_part *part)
{
	return slice_eq(part->type, SLICE("image")) || slice_eq(part->type, SLICE("audio")) ||
	       slice_eq(part->type, SLICE("video"));
}

static bool is_plain(const struct mail_part *part)
{
	return mail_part_is(part, "text/plain");
}

static bool is_html(const struct mail_part *part)
{
	return mail_part_is(part, "text/html");
}

/* A body part rather than an attachment. */
static bool is_inline(const struct open_part *in, const struct mail_part *parent,
		      const struct mail_part *part)
{
	bool first = in->children == 0;
	if (slice_eq(part->disposition, SLICE("attachment")) ||
	    !(is_plain(part) || is_html(part) || is_media(part)))
		return false;
	if (first)
		return true;
	return !(parent && slice_eq(parent->subtype, SLICE("related"))) &&
	       (is_media(part) || !part->filename.len);
}

static void add(size_t *list, size_t *n, size_t index)
{
	list[(*n)++] = index;
}

static void take_leaf(struct chooser *c, struct open_part *in, size_t index)
{
	struct mail_part *items = c->parts->items, *part = &items[index];
	struct bodies *out = c->out;
	const struct mail_part *parent = in->part == MAIL_NO_PART ? NULL : &items[in->part];
	if (!is_inline(in, parent, part) || is_media(part))
		return;
	if (in->alternative) {
		if (is_plain(part))
			add(out->text, &out->n_text, index);
		else
			add(out->html, &out->n_html, index);
		return;
	}
	if (in->in_alternative) {
		if (is_plain(part))
			in->to_html = false;
		else
			in->to_text = false;
	}
	if (in->to_text)
		add(out->text, &out->n_text, index);
	if (in->to_html)
		add(out->html, &out->n_html, index);
}

/* An alternative that had only one of the two forms gives it for both. */
static void close_top(struct chooser *c)
{
	struct open_part *o = &c->open[--c->n_open];
	struct bodies *out = c->out;
	if (!o->alternative || !o->to_text || !o->to_html)
		return;
	size_t n_text = out->n_text, n_html = out->n_html;
	if (o->n_text == n_text)
		for (size_t i = o->n_html; i < n_html; i++)
			add(out->text, &out->n_text, out->html[i]);
	else if (o->n_html == n_html)
		for (size_t i = o->n_text; i < n_text; i++)
			add(out->html, &out->n_html, out->text[i]);
}

static void open_multipart(struct chooser *c, const struct open_part *in, size_t index)
{
	bool alternative = slice_eq(c->parts->items[index].subtype, SLICE("alternative"));
	c->open[c->n_open] = (struct open_part){
		.part = index,
		.alternative = alternative,
		.in_alternative = in->in_alternative || alternative,
		.to_text = in->to_text,
		.to_html = in->to_html,
		.n_text = c->out->n_text,
		.n_html = c->out->n_html,
	};
	c->n_open++;
}

static void mark(struct part_list *parts, const struct bodies *out)
{
	for (size_t i = 0; i < out->n_text; i++)
		parts->items[out->text[i]].is_text = true;
	for (size_t i = 0; i < out->n_html; i++)
		parts->items[out->html[i]].is_text = true;
}

/* Some text other than plain and HTML as the only content of a mail is read as it stands. */
static bool is_lone_text(const struct mail_part *part)
{
	return part->parent == MAIL_NO_PART && slice_eq(part->type, SLICE("text")) &&
	       !slice_eq(part->disposition, SLICE("attachment"));
}

void bodies_choose(struct reader *r, struct part_list *parts, struct bodies *out)
{
	struct mail_part *items = parts->items;
	bool *inside = ARENA_ARRAY(r->a, parts->n, bool); /* of a mail within the mail */
	struct chooser c = {.parts = parts, .out = out};
	c.open = ARENA_ARRAY(r->a, r->limits->depth + 3, struct open_part);
	/* A list can get each part once as itself and once for the other form. */
	*out = (struct bodies){.text = ARENA_ARRAY(r->a, 2 * parts->n, size_t),
			       .html = ARENA_ARRAY(r->a, 2 * parts->n, size_t)};
	c.open[c.n_open++] =
		(struct open_part){.part = MAIL_NO_PART, .to_text = true, .to_html = true};
	for (size_t i = 0; i < parts->n; i++) {
		struct mail_part *part = &items[i];
		size_t parent = part->parent;
		inside[i] =
			parent != MAIL_NO_PART && (inside[parent] || !items[parent].is_multipart);
		if (inside[i])
			continue;
		while (c.open[c.n_open - 1].part != parent)
			close_top(&c);
		struct open_part *in = &c.open[c.n_open - 1];
		if (part->is_multipart)
			open_multipart(&c, in, i);
		else if (is_lone_text(part) && !is_plain(part) && !is_html(part))
			add(out->text, &out->n_text, i);
		else
			take_leaf(&c, in, i);
		in->children++;
	}
	while (c.n_open)
		close_top(&c);
	assert(out->n_text <= 2 * parts->n && out->n_html <= 2 * parts->n);
	mark(parts, out);
	for (size_t i = 0; i < parts->n; i++)
		items[i].is_attachment = !inside[i] && !items[i].is_multipart && !items[i].is_text;
}
