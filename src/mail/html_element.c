/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "html.h"

#define RULE "________________________________"

/* By first letter, then alphabetical. */
static const struct {
	struct slice name;
	enum html_effect effect;
} elements[] = {
	{SLICE(""), HTML_INLINE},	 {SLICE("a"), HTML_LINK},
	{SLICE("address"), HTML_BLOCK},	 {SLICE("area"), HTML_VOID},
	{SLICE("article"), HTML_BLOCK},	 {SLICE("aside"), HTML_BLOCK},
	{SLICE("audio"), HTML_SKIP},	 {SLICE("b"), HTML_INLINE},
	{SLICE("base"), HTML_VOID},	 {SLICE("blockquote"), HTML_QUOTE},
	{SLICE("body"), HTML_BLOCK},	 {SLICE("br"), HTML_BREAK},
	{SLICE("canvas"), HTML_SKIP},	 {SLICE("caption"), HTML_BLOCK},
	{SLICE("center"), HTML_BLOCK},	 {SLICE("col"), HTML_VOID},
	{SLICE("datalist"), HTML_SKIP},	 {SLICE("dd"), HTML_BLOCK},
	{SLICE("details"), HTML_BLOCK},	 {SLICE("div"), HTML_BLOCK},
	{SLICE("dl"), HTML_BLOCK},	 {SLICE("dt"), HTML_BLOCK},
	{SLICE("em"), HTML_INLINE},	 {SLICE("embed"), HTML_VOID},
	{SLICE("fieldset"), HTML_BLOCK}, {SLICE("figcaption"), HTML_BLOCK},
	{SLICE("figure"), HTML_BLOCK},	 {SLICE("font"), HTML_INLINE},
	{SLICE("footer"), HTML_BLOCK},	 {SLICE("form"), HTML_BLOCK},
	{SLICE("h1"), HTML_PARA},	 {SLICE("h2"), HTML_PARA},
	{SLICE("h3"), HTML_PARA},	 {SLICE("h4"), HTML_PARA},
	{SLICE("h5"), HTML_PARA},	 {SLICE("h6"), HTML_PARA},
	{SLICE("header"), HTML_BLOCK},	 {SLICE("hr"), HTML_RULE},
	{SLICE("html"), HTML_BLOCK},	 {SLICE("i"), HTML_INLINE},
	{SLICE("iframe"), HTML_SKIP},	 {SLICE("img"), HTML_IMAGE},
	{SLICE("input"), HTML_VOID},	 {SLICE("legend"), HTML_BLOCK},
	{SLICE("li"), HTML_ITEM},	 {SLICE("link"), HTML_VOID},
	{SLICE("main"), HTML_BLOCK},	 {SLICE("menu"), HTML_LIST},
	{SLICE("meta"), HTML_VOID},	 {SLICE("nav"), HTML_BLOCK},
	{SLICE("noembed"), HTML_SKIP},	 {SLICE("noframes"), HTML_SKIP},
	{SLICE("object"), HTML_SKIP},	 {SLICE("ol"), HTML_ORDERED},
	{SLICE("option"), HTML_BLOCK},	 {SLICE("p"), HTML_PARA},
	{SLICE("param"), HTML_VOID},	 {SLICE("pre"), HTML_PRE},
	{SLICE("script"), HTML_SKIP},	 {SLICE("section"), HTML_BLOCK},
	{SLICE("source"), HTML_VOID},	 {SLICE("span"), HTML_INLINE},
	{SLICE("strong"), HTML_INLINE},	 {SLICE("style"), HTML_SKIP},
	{SLICE("svg"), HTML_SKIP},	 {SLICE("table"), HTML_TABLE},
	{SLICE("tbody"), HTML_BLOCK},	 {SLICE("td"), HTML_CELL},
	{SLICE("template"), HTML_SKIP},	 {SLICE("tfoot"), HTML_BLOCK},
	{SLICE("th"), HTML_CELL},	 {SLICE("thead"), HTML_BLOCK},
	{SLICE("title"), HTML_SKIP},	 {SLICE("tr"), HTML_ROW},
	{SLICE("u"), HTML_INLINE},	 {SLICE("ul"), HTML_LIST},
	{SLICE("video"), HTML_SKIP},	 {SLICE("wbr"), HTML_VOID},
	{SLICE("xml"), HTML_SKIP},
};

#define ELEMENTS (sizeof(elements) / sizeof(*elements))

void html_tree_init(struct html_tree *t, struct html_writer *w, struct html_marks *marks)
{
	assert(ELEMENTS < sizeof(t->count) / sizeof(*t->count));
	*t = (struct html_tree){.w = w, .marks = marks, .container = -1};
	size_t k = 1;
	for (size_t letter = 0; letter < 26; letter++) {
		while (k < ELEMENTS && (size_t)(elements[k].name.ptr[0] - 'a') < letter)
			k++;
		t->first[letter] = (uint8_t)k;
	}
	t->first[26] = (uint8_t)ELEMENTS;
}

html_id html_find(const struct html_tree *t, struct slice name)
{
	size_t letter = (size_t)((name.ptr[0] | 0x20) - 'a');
	assert(letter < 26);
	for (size_t k = t->first[letter]; k < t->first[letter + 1]; k++)
		if (elements[k].name.len == name.len && slice_eq_nocase(elements[k].name, name))
			return (html_id)k;
	return 0;
}

enum html_effect html_effect(html_id id)
{
	return elements[id].effect;
}

static bool is_inline(html_id id)
{
	return elements[id].effect <= HTML_LINK;
}

/* ---- marks ---- */

static void mark(struct html_tree *t, enum html_mark_kind kind, bool closes)
{
	struct html_marks *m = t->marks;
	arena_grow(m->a, &m->items, m->n, &m->room, sizeof(*m->items));
	m->items[m->n++] = (struct html_mark){t->w->out->len, kind, closes};
}

static void open_mark(struct html_tree *t, struct html_open *o, enum html_mark_kind kind,
		      bool container)
{
	if (!t->marks || kind == HTML_MARK_NONE)
		return;
	html_owe_lines(t->w, 1);
	mark(t, kind, false);
	if (kind >= HTML_MARK_COPY)
		return;
	o->marks = true;
	o->mark = t->marks->n - 1;
	o->container = container && elements[o->id].effect != HTML_QUOTE;
}

/* What holds quotations beside text of its own is no quotation as a whole. */
static void note_quote(struct html_tree *t)
{
	if (t->container >= 0)
		t->marks->items[t->open[t->container].mark].kind = HTML_MARK_NONE;
}

static void close_mark(struct html_tree *t, const struct html_open *o)
{
	html_owe_lines(t->w, 1);
	mark(t, t->marks->items[o->mark].kind, true);
	if (o->container)
		t->container = o->outer;
}

/* ---- what opening and closing do ---- */

static void push_list(struct html_writer *w, bool ordered, struct slice start)
{
	uint64_t first = 1;
	if (start.len && (!slice_u64(start, &first) || first > 999999))
		first = 1;
	if (w->n_lists < HTML_LISTS_MAX) {
		w->lists[w->n_lists].ordered = ordered;
		w->lists[w->n_lists].next = (uint32_t)first;
	}
	w->n_lists++;
}

static void open_block(struct html_tree *t, struct html_open *o, const struct html_attributes *with,
		       const struct html_style *style)
{
	struct html_writer *w = t->w;
	switch (elements[o->id].effect) {
	case HTML_PARA:
		/* Word's paragraphs have no margin, by a rule in its style sheet. */
		o->tight = style->no_margin || slice_starts(with->class, SLICE("Mso"));
		html_owe_lines(w, o->tight ? 1 : 2);
		break;
	case HTML_QUOTE:
		html_owe_lines(w, 1);
		/* Gmail indents with a quotation that has no border. */
		o->quotes = !style->no_border;
		w->quotes += o->quotes;
		if (o->quotes)
			note_quote(t);
		break;
	case HTML_LIST:
	case HTML_ORDERED:
		html_owe_lines(w, 1);
		o->lists = true;
		push_list(w, elements[o->id].effect == HTML_ORDERED, with->start);
		break;
	case HTML_ITEM:
		html_owe_lines(w, 1);
		w->item = true;
		break;
	case HTML_TABLE:
		w->cell = false;
		html_owe_lines(w, 1);
		w->in_row = false;
		break;
	case HTML_ROW:
		html_begin_row(w);
		break;
	case HTML_CELL:
		html_begin_cell(w);
		break;
	default:
		html_owe_lines(w, 1);
	}
}

static void close_block(struct html_tree *t, const struct html_open *o)
{
	struct html_writer *w = t->w;
	switch (elements[o->id].effect) {
	case HTML_PARA:
		html_owe_lines(w, o->tight ? 1 : 2);
		break;
	case HTML_ITEM:
		html_owe_lines(w, 1);
		w->item = false;
		break;
	case HTML_TABLE:
		html_end_table(w, t->count[o->id] > 0);
		break;
	case HTML_ROW:
		w->cell = false;
		html_owe_lines(w, 1);
		w->in_row = false;
		break;
	case HTML_CELL:
		break;
	default:
		html_owe_lines(w, 1);
	}
}

static void pop(struct html_tree *t)
{
	assert(t->depth > 0);
	struct html_open *o = &t->open[--t->depth];
	struct html_writer *w = t->w;
	t->count[o->id]--;
	if (elements[o->id].effect == HTML_LINK)
		html_end_link(w);
	w->tiny = o->tiny_before;
	w->pre -= o->pre;
	if (o->hides)
		w->hidden--;
	else if (!is_inline(o->id) && !w->hidden)
		close_block(t, o);
	w->quotes -= o->quotes;
	w->n_lists -= o->lists;
	if (o->marks)
		close_mark(t, o);
}

static size_t inline_run(const struct html_tree *t)
{
	const struct html_open *top = t->depth ? &t->open[t->depth - 1] : NULL;
	return top && is_inline(top->id) ? top->inline_run : 0;
}

/* Closes down to the nearest open id, which lies among the first `reach` from the top. */
static bool close_near(struct html_tree *t, html_id id, size_t reach)
{
	for (size_t i = 1; i <= reach && i <= t->depth; i++) {
		if (t->open[t->depth - i].id != id)
			continue;
		while (i--)
			pop(t);
		return true;
	}
	return false;
}

/* Elements whose end tag may be left out: what begins one ends the one before. */
static void imply_ends(struct html_tree *t, html_id id)
{
	size_t reach = inline_run(t) + 1;
	enum html_effect effect = elements[id].effect;
	if (t->depth < reach)
		return;
	const struct html_open *block = &t->open[t->depth - reach];
	enum html_effect above = elements[block->id].effect;
	/* A heading does not end like that. */
	bool paragraph = above == HTML_PARA && elements[block->id].name.ptr[0] == 'p';
	if (paragraph || (above == HTML_ITEM && effect == HTML_ITEM) ||
	    (above == HTML_CELL && (effect == HTML_CELL || effect == HTML_ROW)))
		close_near(t, block->id, reach);
	if (effect == HTML_ROW && t->depth && elements[t->open[t->depth - 1].id].effect == HTML_ROW)
		pop(t);
}

static bool push(struct html_tree *t, html_id id, struct html_open **o)
{
	bool flat = is_inline(id);
	size_t run = inline_run(t);
	if (flat && (run >= HTML_INLINE_MAX || t->depth == HTML_DEPTH_MAX))
		return false;
	if (t->depth == HTML_DEPTH_MAX) {
		t->lost++;
		return false;
	}
	*o = &t->open[t->depth++];
	**o = (struct html_open){.id = id,
				 .tiny_before = t->w->tiny,
				 .inline_run = flat ? (uint8_t)(run + 1) : 0,
				 .outer = t->container};
	t->count[id]++;
	return true;
}

static void open_void(struct html_tree *t, html_id id, const struct html_attributes *with)
{
	bool container;
	if (t->w->hidden)
		return;
	if (elements[id].effect == HTML_BREAK) {
		html_line_break(t->w);
	} else if (elements[id].effect == HTML_IMAGE) {
		html_put_image(t->w, with);
	} else if (elements[id].effect == HTML_RULE) {
		enum html_mark_kind kind = html_structure(with, &container);
		html_owe_lines(t->w, 1);
		if (kind >= HTML_MARK_COPY && t->marks)
			mark(t, kind, false);
		if (t->w->ruled)
			return;
		html_put(t->w, SLICE(RULE));
		t->w->ruled = true;
		html_owe_lines(t->w, 1);
	}
}

static void apply_style(struct html_tree *t, struct html_open *o,
			const struct html_attributes *with, const struct html_style *style)
{
	struct html_writer *w = t->w;
	o->hides = with->hidden || style->hides;
	w->hidden += o->hides;
	if (style->sized)
		w->tiny = style->tiny;
	o->pre = style->pre || elements[o->id].effect == HTML_PRE;
	w->pre += o->pre;
}

static void open_marks(struct html_tree *t, struct html_open *o, const struct html_attributes *with,
		       const struct html_style *style)
{
	bool container = false;
	enum html_mark_kind kind = html_structure(with, &container);
	if (!kind && style->divider)
		kind = HTML_MARK_DIVIDER;
	open_mark(t, o, kind, container);
	if (o->container)
		t->container = (int16_t)(o - t->open);
}

void html_open(struct html_tree *t, html_id id, const struct html_attributes *with)
{
	struct html_style style = {0};
	struct html_open *o;
	enum html_effect effect = elements[id].effect;
	if (effect == HTML_BREAK || effect == HTML_IMAGE || effect == HTML_RULE ||
	    effect == HTML_VOID) {
		open_void(t, id, with);
		return;
	}
	if (!is_inline(id))
		imply_ends(t, id);
	else if (effect == HTML_LINK)
		close_near(t, id, inline_run(t));
	if (!push(t, id, &o)) {
		if (!is_inline(id) && !t->w->hidden)
			html_owe_lines(t->w, 1);
		return;
	}
	if (with->style.len)
		html_read_style(with->style, &style);
	apply_style(t, o, with, &style);
	if (t->w->hidden)
		return;
	if (effect == HTML_LINK)
		html_begin_link(t->w, with->href);
	else if (!is_inline(id))
		open_block(t, o, with, &style);
	if (effect != HTML_LINK)
		open_marks(t, o, with, &style);
}

void html_close(struct html_tree *t, html_id id)
{
	enum html_effect effect = elements[id].effect;
	if (effect == HTML_BREAK) {
		if (!t->w->hidden)
			html_line_break(t->w);
	} else if (is_inline(id)) {
		close_near(t, id, inline_run(t));
	} else if (t->lost) {
		t->lost--;
		if (!t->w->hidden)
			html_owe_lines(t->w, 1);
	} else if (t->count[id]) {
		close_near(t, id, t->depth);
	} else if (effect != HTML_CELL && !t->w->hidden) {
		html_owe_lines(t->w, 1);
	}
}

void html_tree_end(struct html_tree *t)
{
	while (t->depth)
		pop(t);
}
