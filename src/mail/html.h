/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_HTML_H
#define POSTCLERK_MAIL_HTML_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"

/*
 * HTML as readable text.  A tokenizer of our own, since libxml2's parser is
 * quadratic in the number of attributes of a tag (230 KB take 5 s) and a
 * stranger writes them; its table of entities serves.  Everything is linear in
 * the input and bounded by the constants below; nothing recurses.
 */
#define HTML_DEPTH_MAX 512  /* open elements; what is deeper has no structure */
#define HTML_INLINE_MAX 16  /* of those, inline ones in a row */
#define HTML_LISTS_MAX 16   /* of those, lists whose items are counted */
#define HTML_QUOTE_SHOWN 5  /* marks of quotation before a line */
#define HTML_INDENT_SHOWN 3 /* steps of two spaces before an item */
#define HTML_BLANKS_MAX 16  /* no-break spaces kept in a row */
#define HTML_GAP_MAX 3	    /* line ends in a row */
#define HTML_URL_MAX 4096   /* a longer target is left out */

/*
 * What the structure of the HTML says about its text, for mail_trim: an event
 * holds for the lines that begin at its offset or behind.
 */
enum html_mark_kind {
	HTML_MARK_NONE,	       /* turned out to say nothing */
	HTML_MARK_QUOTE,       /* from opening to closing */
	HTML_MARK_SIGNATURE,   /* likewise */
	HTML_MARK_ATTRIBUTION, /* likewise */
	HTML_MARK_COPY,	       /* from here on: another mail */
	HTML_MARK_DIVIDER,     /* likewise, if it begins like a header */
	HTML_MARK_FORWARD,     /* likewise, one that was passed on */
};

struct html_mark {
	size_t offset;
	enum html_mark_kind kind;
	bool closes;
};

struct html_marks {
	struct arena *a;
	struct html_mark *items;
	size_t n, room;
};

/* Appends the readable text of HTML, and its marks unless they are null. */
void html_put_text(struct buf *out, struct slice html, struct html_marks *marks);
/* The charset that HTML names in its <meta>, or empty. */
struct slice html_charset(struct slice html);

/* ---- characters (html_entity.c) ---- */

struct html_entities {
	size_t lookups;
	struct {
		uint64_t name;
		uint32_t value;
	} cache[64];
};

/* At '&': the bytes it takes, and the character; 1 byte and '&' when it is no entity. */
size_t html_entity(struct html_entities *e, struct slice html, size_t at, uint32_t *c);

/* ---- tags (html_tag.c) ---- */

struct html_attributes {
	struct slice id, class, name, style, href, alt, start, width, height, marker, dir;
	bool hidden, signature;
};

/* What the style of an element says that a reader of the text sees. */
struct html_style {
	bool hides, pre, no_margin, no_border, divider;
	bool sized, tiny; /* font-size is given; it is 0 */
};

static inline bool html_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Behind the name of a tag: its attributes; returns where it ends. */
size_t html_read_attributes(struct slice html, size_t at, struct html_attributes *out);
void html_read_style(struct slice style, struct html_style *out);
/* What id, class and name say of an element; NONE for most. */
enum html_mark_kind html_structure(const struct html_attributes *with, bool *container);

/* ---- lines (html_write.c) ---- */

struct html_writer {
	struct buf *out;
	size_t lines;	   /* line ends owed before the next text */
	size_t blanks;	   /* no-break spaces owed */
	size_t line_count; /* line ends written */
	size_t quotes, pre, hidden;
	bool tiny;    /* font-size is 0 */
	bool space;   /* a space is owed */
	bool started; /* text has been written */
	bool in_line; /* the current line has text */
	bool held;    /* the current line has a no-break space at least */
	bool item;    /* a list item begins with the next text */
	bool ruled;   /* the last text was a rule: another says no more */
	struct {
		bool ordered;
		uint32_t next;
	} lists[HTML_LISTS_MAX];
	size_t n_lists;
	/* The row of a table: its first line, and whether a cell follows another there. */
	bool in_row, row_text, cell;
	size_t row_line;
	bool in_link, link_text, link_image;
	size_t link_from; /* offset of its text */
	struct slice link_target;
	struct html_entities entities;
};

/* The next text stands n lines below. */
void html_owe_lines(struct html_writer *w, size_t n);
void html_line_break(struct html_writer *w);
/* Text as it stands in the source: blanks are joined, zero-width characters left out. */
void html_put(struct html_writer *w, struct slice text);
void html_put_char(struct html_writer *w, uint32_t c);
void html_begin_row(struct html_writer *w);
void html_begin_cell(struct html_writer *w);
void html_end_table(struct html_writer *w, bool nested);

/* ---- links and images (html_link.c) ---- */

void html_begin_link(struct html_writer *w, struct slice target);
/* Writes the target where the text does not say it. */
void html_end_link(struct html_writer *w);
void html_put_image(struct html_writer *w, const struct html_attributes *image);

/* ---- elements (html_element.c) ---- */

enum html_effect {
	HTML_INLINE,
	HTML_LINK,
	HTML_BREAK, /* one line end, each */
	HTML_BLOCK, /* stands on lines of its own */
	HTML_PARA,  /* with an empty line around */
	HTML_QUOTE,
	HTML_PRE,
	HTML_TABLE,
	HTML_ROW,
	HTML_CELL,
	HTML_LIST,
	HTML_ORDERED,
	HTML_ITEM,
	HTML_RULE,
	HTML_IMAGE,
	HTML_VOID, /* has no content and no text */
	HTML_SKIP, /* its content is not text */
};

/* Index into the table of elements; 0 is any unknown one. */
typedef uint8_t html_id;

/* An open element and what its end undoes. */
struct html_open {
	html_id id;
	bool hides, tiny_before, pre, quotes, lists, tight, container, marks;
	uint8_t inline_run; /* inline elements on top, this one included */
	int16_t outer;	    /* the container around it */
	size_t mark;	    /* index of what it marked */
};

struct html_tree {
	struct html_writer *w;
	struct html_marks *marks;
	struct html_open open[HTML_DEPTH_MAX];
	uint16_t count[128]; /* open elements by id */
	size_t depth, lost;  /* lost: deeper ones */
	int16_t container;   /* innermost that may be a quotation, or -1 */
	uint8_t first[27];   /* elements by first letter */
};

#define HTML_NAME_MAX 12

void html_tree_init(struct html_tree *t, struct html_writer *w, struct html_marks *marks);
html_id html_find(const struct html_tree *t, struct slice name);
enum html_effect html_effect(html_id id);
void html_open(struct html_tree *t, html_id id, const struct html_attributes *with);
void html_close(struct html_tree *t, html_id id);
/* Closes what is open. */
void html_tree_end(struct html_tree *t);

#endif
