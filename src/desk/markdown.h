/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_DESK_MARKDOWN_H
#define POSTCLERK_DESK_MARKDOWN_H

#include "base.h"

/*
 * One Markdown source, two parts of a mail: HTML with inlined styles, and
 * plain text as a person would have typed it.  CommonMark, with tables (lines
 * that begin with '|', the second of them |---|) and boxes (lines "[[name]]"
 * and "[[end]]") on top.  Raw HTML is shown as text, never passed through; links
 * lead to http, https, mailto and tel only; images are their alternative text.
 */

enum md_kind {
	MD_DOCUMENT,
	MD_PARAGRAPH,
	MD_HEADING, /* level 1..6 */
	MD_QUOTE,
	MD_LIST, /* level: number of the first item, or 0 for bullets; tight */
	MD_ITEM,
	MD_CODE_BLOCK,
	MD_RULE,
	MD_TABLE, /* rows; the first is the head */
	MD_ROW,
	MD_CELL, /* level: enum md_align */
	MD_BOX,	 /* text: its name */
	MD_TEXT,
	MD_CODE,
	MD_EMPHASIS,
	MD_STRONG,
	MD_LINK, /* text: title; url */
	MD_SOFT_BREAK,
	MD_HARD_BREAK,
};

enum md_align { MD_LEFT, MD_CENTER, MD_RIGHT };

struct md_node {
	enum md_kind kind;
	int level;
	bool tight;
	struct slice text, url;
	struct md_node *first, *last, *next;
};

/* What stands deeper than this is dropped. */
#define MD_DEPTH_MAX 40
#define MD_COLUMNS_MAX 12
#define MD_TEXT_WIDTH 72 /* columns of the plain text */

/* The tree of a source, in the arena; never fails. */
struct md_node *markdown_parse(struct arena *a, struct slice source);

/* The style attribute of an element or box ("td", "box-watch"); empty for none. */
typedef struct slice markdown_style_fn(const void *ctx, struct slice element);

/* The tree as HTML, without html and body. */
void markdown_html(const struct md_node *document, markdown_style_fn *style, const void *ctx,
		   struct buf *out);
/* The tree as plain text with LF, no line wider than MD_TEXT_WIDTH that can be broken. */
void markdown_text(const struct md_node *document, struct arena *a, struct buf *out);
/* The words of a node on one line. */
void markdown_words(const struct md_node *node, struct buf *out);
/*
 * Text as a person wrote it, as Markdown that shows just that: lines and blank
 * lines kept, no byte of it a mark, http and https addresses as links.
 */
void markdown_put_prose(struct buf *out, struct slice text);

#endif
