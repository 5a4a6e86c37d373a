/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "liquid.h"
#include "markdown.h"
#include "url.h"

struct html {
	struct buf *out;
	markdown_style_fn *style;
	const void *ctx;
	struct buf words; /* of the cell in hand */
};

static void put_node(struct html *h, const struct md_node *node);

static void put_children(struct html *h, const struct md_node *node)
{
	for (const struct md_node *child = node->first; child; child = child->next)
		put_node(h, child);
}

static void put_text(struct html *h, struct slice text)
{
	liquid_escape_put(h->out, LIQUID_ESCAPE_HTML, text);
}

/*
 * HTML takes a run of spaces for one, and a list in columns would lose them: all
 * but the last of a run stay, and at that one a narrow screen may break the line.
 */
static void put_words(struct html *h, struct slice text)
{
	size_t from = 0;
	for (size_t i = 0; i + 1 < text.len; i++) {
		if (text.ptr[i] != ' ' || text.ptr[i + 1] != ' ')
			continue;
		put_text(h, slice_sub(text, from, i));
		buf_puts(h->out, "&nbsp;");
		from = i + 1;
	}
	put_text(h, slice_sub(text, from, text.len));
}

/* The style attribute of an element; what is our own stands behind the admin's. */
static void put_style(struct html *h, const char *element, const char *own, const char *more)
{
	struct slice style = h->style ? h->style(h->ctx, slice_str(element)) : (struct slice){0};
	if (!style.len && !*own)
		return;
	buf_puts(h->out, " style=\"");
	put_text(h, style);
	if (style.len && *own)
		buf_putc(h->out, ';');
	buf_puts(h->out, own);
	buf_puts(h->out, more);
	buf_putc(h->out, '"');
}

static void put_open(struct html *h, const char *element)
{
	buf_putc(h->out, '<');
	buf_puts(h->out, element);
	put_style(h, element, "", "");
	buf_putc(h->out, '>');
}

static void put_close(struct html *h, const char *element)
{
	buf_puts(h->out, "</");
	buf_puts(h->out, element);
	buf_putc(h->out, '>');
}

static void put_element(struct html *h, const struct md_node *node, const char *element,
			const char *end)
{
	put_open(h, element);
	put_children(h, node);
	put_close(h, element);
	buf_puts(h->out, end);
}

/* A link's title names its style: [Pay now](https://… "button"). */
static void put_link(struct html *h, const struct md_node *node)
{
	if (!node->url.len) {
		put_children(h, node);
		return;
	}
	bool button = slice_eq(node->text, SLICE("button"));
	buf_puts(h->out, "<a href=\"");
	url_put(h->out, node->url, true);
	buf_putc(h->out, '"');
	if (button)
		buf_puts(h->out, " class=\"button\"");
	put_style(h, button ? "button" : "a", "", "");
	buf_putc(h->out, '>');
	put_children(h, node);
	buf_puts(h->out, "</a>");
}

static void put_list(struct html *h, const struct md_node *node)
{
	const char *element = node->level ? "ol" : "ul";
	buf_printf(h->out, "<%s", element);
	if (node->level > 1)
		buf_printf(h->out, " start=\"%d\"", node->level);
	put_style(h, element, "", "");
	buf_puts(h->out, ">\n");
	for (const struct md_node *item = node->first; item; item = item->next) {
		put_open(h, "li");
		for (const struct md_node *child = item->first; child; child = child->next) {
			if (node->tight && child->kind == MD_PARAGRAPH)
				put_children(h, child);
			else
				put_node(h, child);
		}
		buf_puts(h->out, "</li>\n");
	}
	put_close(h, element);
	buf_putc(h->out, '\n');
}

static bool row_is_empty(const struct md_node *row)
{
	for (const struct md_node *cell = row->first; cell; cell = cell->next)
		if (cell->first)
			return false;
	return true;
}

#define WORD_SHORT 16 /* bytes: narrow enough to stand unbroken on a phone */

static bool words_are_short(struct html *h, const struct md_node *cell)
{
	struct slice rest, word;
	buf_clear(&h->words);
	markdown_words(cell, &h->words);
	for (rest = buf_slice(&h->words); rest.len && slice_cut(&rest, ' ', &word);)
		if (word.len > WORD_SHORT)
			return false;
	return true;
}

/*
 * A layout lets long words break anywhere, or a link would be wider than the
 * screen; but a column of short words must not shrink to single letters, and
 * numbers stay whole.
 */
static void put_cell(struct html *h, const struct md_node *cell, const char *element)
{
	static const struct {
		const char *open, *style;
	} aligns[] = {
		[MD_LEFT] = {" align=\"left\"", "text-align:left"},
		[MD_CENTER] = {" align=\"center\"", "text-align:center"},
		[MD_RIGHT] = {" align=\"right\"", "text-align:right;white-space:nowrap"},
	};
	static const char *const whole = ";overflow-wrap:normal;word-break:normal";
	buf_putc(h->out, '<');
	buf_puts(h->out, element);
	buf_puts(h->out, aligns[cell->level].open);
	put_style(h, element, aligns[cell->level].style, words_are_short(h, cell) ? whole : "");
	buf_putc(h->out, '>');
	put_children(h, cell);
	put_close(h, element);
}

static void put_row(struct html *h, const struct md_node *row, const char *element)
{
	buf_puts(h->out, "<tr>");
	for (const struct md_node *cell = row->first; cell; cell = cell->next)
		put_cell(h, cell, element);
	buf_puts(h->out, "</tr>\n");
}

static void put_table(struct html *h, const struct md_node *table)
{
	const struct md_node *row = table->first;
	buf_puts(h->out, "<table class=\"data\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" "
			 "border=\"0\"");
	put_style(h, "table", "", "");
	buf_puts(h->out, ">\n");
	if (row && !row_is_empty(row))
		put_row(h, row, "th");
	for (row = row ? row->next : NULL; row; row = row->next)
		put_row(h, row, "td");
	buf_puts(h->out, "</table>\n");
}

/* Mail clients lay out tables, not blocks. */
static void put_box(struct html *h, const struct md_node *box)
{
	char name[32];
	snprintf(name, sizeof(name), "box-%.*s", SLICE_ARG(box->text));
	buf_printf(h->out,
		   "<table role=\"presentation\" class=\"box\" width=\"100%%\" cellpadding=\"0\" "
		   "cellspacing=\"0\" border=\"0\"><tr><td class=\"%s\"",
		   name);
	put_style(h, name, "", "");
	buf_puts(h->out, ">\n");
	put_children(h, box);
	buf_puts(h->out, "</td></tr></table>\n");
}

static void put_block(struct html *h, const struct md_node *node)
{
	static const char *const headings[] = {"h1", "h2", "h3", "h4", "h5", "h6"};
	switch (node->kind) {
	case MD_PARAGRAPH:
		put_element(h, node, "p", "\n");
		break;
	case MD_HEADING:
		put_element(h, node, headings[(node->level - 1) % 6], "\n");
		break;
	case MD_QUOTE:
		put_element(h, node, "blockquote", "\n");
		break;
	case MD_LIST:
		put_list(h, node);
		break;
	case MD_CODE_BLOCK:
		put_open(h, "pre");
		put_text(h, node->text);
		buf_puts(h->out, "</pre>\n");
		break;
	case MD_RULE:
		put_open(h, "hr");
		buf_putc(h->out, '\n');
		break;
	case MD_TABLE:
		put_table(h, node);
		break;
	case MD_BOX:
		put_box(h, node);
		break;
	default:
		put_children(h, node);
		break;
	}
}

static void put_node(struct html *h, const struct md_node *node)
{
	switch (node->kind) {
	case MD_TEXT:
		put_words(h, node->text);
		break;
	case MD_CODE:
		put_open(h, "code");
		put_text(h, node->text);
		buf_puts(h->out, "</code>");
		break;
	case MD_EMPHASIS:
		put_element(h, node, "em", "");
		break;
	case MD_STRONG:
		put_element(h, node, "strong", "");
		break;
	case MD_LINK:
		put_link(h, node);
		break;
	case MD_SOFT_BREAK:
		buf_putc(h->out, '\n');
		break;
	case MD_HARD_BREAK:
		buf_puts(h->out, "<br>\n");
		break;
	default:
		put_block(h, node);
		break;
	}
}

void markdown_html(const struct md_node *document, markdown_style_fn *style, const void *ctx,
		   struct buf *out)
{
	struct html h = {.out = out, .style = style, .ctx = ctx};
	buf_init(&h.words, 4096);
	put_children(&h, document);
	buf_release(&h.words);
}
