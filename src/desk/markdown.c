/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <cmark.h>
#include <ctype.h>

#include "markdown.h"

/* ---- the tree ---- */

static struct md_node *node_add(struct arena *a, struct md_node *parent, enum md_kind kind)
{
	struct md_node *node = ARENA_NEW(a, struct md_node);
	node->kind = kind;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	return node;
}

static struct slice copy(struct arena *a, const char *text)
{
	return arena_copy(a, slice_str(text));
}

/* A link that leads anywhere else is shown as its words. */
static bool url_allowed(struct slice url)
{
	static const char *const schemes[] = {"https://", "http://", "mailto:", "tel:"};
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (slice_starts_nocase(url, slice_str(schemes[i])))
			return true;
	return false;
}

/* ---- from cmark ---- */

static const struct {
	cmark_node_type from;
	enum md_kind to;
} kinds[] = {
	{CMARK_NODE_BLOCK_QUOTE, MD_QUOTE},
	{CMARK_NODE_LIST, MD_LIST},
	{CMARK_NODE_ITEM, MD_ITEM},
	{CMARK_NODE_CODE_BLOCK, MD_CODE_BLOCK},
	{CMARK_NODE_HTML_BLOCK, MD_CODE_BLOCK},
	{CMARK_NODE_PARAGRAPH, MD_PARAGRAPH},
	{CMARK_NODE_HEADING, MD_HEADING},
	{CMARK_NODE_THEMATIC_BREAK, MD_RULE},
	{CMARK_NODE_TEXT, MD_TEXT},
	{CMARK_NODE_SOFTBREAK, MD_SOFT_BREAK},
	{CMARK_NODE_LINEBREAK, MD_HARD_BREAK},
	{CMARK_NODE_CODE, MD_CODE},
	{CMARK_NODE_HTML_INLINE, MD_TEXT},
	{CMARK_NODE_EMPH, MD_EMPHASIS},
	{CMARK_NODE_STRONG, MD_STRONG},
	{CMARK_NODE_LINK, MD_LINK},
	{CMARK_NODE_IMAGE, MD_LINK},
};

static enum md_kind kind_of(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].from == type)
			return kinds[i].to;
	return MD_TEXT;
}

static void fill(struct arena *a, struct md_node *to, cmark_node *from)
{
	switch (cmark_node_get_type(from)) {
	case CMARK_NODE_HEADING:
		to->level = cmark_node_get_heading_level(from);
		break;
	case CMARK_NODE_LIST:
		to->level = cmark_node_get_list_type(from) == CMARK_ORDERED_LIST
				    ? cmark_node_get_list_start(from)
				    : 0;
		to->tight = cmark_node_get_list_tight(from);
		break;
	case CMARK_NODE_LINK:
		to->url = copy(a, cmark_node_get_url(from));
		to->text = copy(a, cmark_node_get_title(from));
		if (!url_allowed(to->url))
			to->url = (struct slice){0};
		break;
	default:
		to->text = copy(a, cmark_node_get_literal(from));
		break;
	}
}

/* cmark tells of these once, of all others twice (even when they are empty). */
static bool is_leaf(enum md_kind kind)
{
	return kind == MD_TEXT || kind == MD_CODE || kind == MD_CODE_BLOCK || kind == MD_RULE ||
	       kind == MD_SOFT_BREAK || kind == MD_HARD_BREAK;
}

/* Copies what stands below `document` under `parent`, no deeper than MD_DEPTH_MAX. */
static void take_tree(struct arena *a, cmark_node *document, struct md_node *parent)
{
	struct md_node *stack[MD_DEPTH_MAX] = {parent};
	size_t depth = 0;
	cmark_iter *iter = cmark_iter_new(document);
	for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
		cmark_node *from = cmark_iter_get_node(iter);
		if (from == document)
			continue;
		if (event == CMARK_EVENT_EXIT) {
			assert(depth > 0);
			depth--;
			continue;
		}
		struct md_node *node = NULL;
		if (depth < MD_DEPTH_MAX) {
			node = node_add(a, stack[depth], kind_of(from));
			fill(a, node, from);
		}
		if (is_leaf(kind_of(from)))
			continue;
		if (++depth < MD_DEPTH_MAX)
			stack[depth] = node;
	}
	cmark_iter_free(iter);
}

static void take_blocks(struct arena *a, struct slice source, struct md_node *parent)
{
	if (slice_trim(source).len == 0)
		return;
	cmark_node *document =
		cmark_parse_document(source.ptr, source.len, CMARK_OPT_VALIDATE_UTF8);
	take_tree(a, document, parent);
	cmark_node_free(document);
}

/* ---- tables ---- */

/*
 * Most cells are words without marks: their text is what it is but for the
 * backslashes before escaped bytes, and cmark need not look at it.  False when
 * there is more to it.
 */
static bool take_plain_cell(struct arena *a, struct slice text, struct md_node *cell)
{
	char *plain = arena_alloc(a, text.len + 1);
	size_t n = 0;
	if (!text_is_utf8(text))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		bool escaped =
			c == '\\' && i + 1 < text.len && ispunct((unsigned char)text.ptr[i + 1]);
		if (escaped)
			c = (unsigned char)text.ptr[++i];
		else if (strchr("\\*_[]<&`!", c) || c < 0x20)
			return false;
		plain[n++] = (char)c;
	}
	if (n)
		node_add(a, cell, MD_TEXT)->text = slice_of(plain, n);
	return true;
}

/* A cell holds words only: what would open a block there is text. */
static void take_cell(struct arena *a, struct slice text, enum md_align align, struct md_node *row)
{
	struct md_node *cell = node_add(a, row, MD_CELL);
	cell->level = (int)align;
	if (take_plain_cell(a, text, cell))
		return;
	struct md_node scratch = {.kind = MD_DOCUMENT};
	take_blocks(a, text, &scratch);
	if (scratch.first && scratch.first == scratch.last && scratch.first->kind == MD_PARAGRAPH) {
		cell->first = scratch.first->first;
		cell->last = scratch.first->last;
	} else if (text.len) {
		node_add(a, cell, MD_TEXT)->text = arena_copy(a, text);
	}
}

/* The next cell of a row: up to a '|' that no backslash stands before. */
static bool next_cell(struct slice *rest, struct slice *cell)
{
	if (rest->len == 0)
		return false;
	size_t i = 0;
	while (i < rest->len && rest->ptr[i] != '|')
		i += rest->ptr[i] == '\\' && i + 1 < rest->len ? 2 : 1;
	*cell = slice_trim(slice_sub(*rest, 0, i));
	*rest = slice_sub(*rest, i + 1, rest->len);
	return true;
}

/* The cells of "| a | b |": without the outer bars. */
static struct slice row_cells(struct slice line)
{
	line = slice_trim(line);
	return slice_sub(line, 1, line.len);
}

static void take_row(struct arena *a, struct slice line, const enum md_align *aligns,
		     size_t columns, struct md_node *table)
{
	struct md_node *row = node_add(a, table, MD_ROW);
	struct slice rest = row_cells(line), cell;
	for (size_t i = 0; i < columns; i++) {
		if (!next_cell(&rest, &cell))
			cell = (struct slice){0};
		take_cell(a, cell, aligns[i], row);
	}
}

static bool is_row(struct slice line)
{
	return line.len > 1 && line.ptr[0] == '|';
}

/* "|---|:-:|--:|" and how its columns stand; 0 when the line is none. */
static size_t read_delimiter(struct slice line, enum md_align *aligns)
{
	if (!is_row(line) || slice_chr(line, '-') < 0)
		return 0;
	struct slice rest = row_cells(line), cell;
	size_t n = 0;
	while (n < MD_COLUMNS_MAX && next_cell(&rest, &cell)) {
		for (size_t i = 0; i < cell.len; i++)
			if (cell.ptr[i] != '-' && cell.ptr[i] != ':')
				return 0;
		if (cell.len == 0)
			return 0;
		bool left = cell.ptr[0] == ':', right = cell.ptr[cell.len - 1] == ':';
		aligns[n++] = right ? left ? MD_CENTER : MD_RIGHT : MD_LEFT;
	}
	return n;
}

/* How many columns the table at the start of rest has; 0 when there is none. */
static size_t table_ahead(struct slice rest, enum md_align *aligns)
{
	struct slice line;
	if (!slice_line(&rest, &line) || !is_row(line) || !slice_line(&rest, &line))
		return 0;
	return read_delimiter(line, aligns);
}

static void take_table(struct arena *a, struct slice *rest, const enum md_align *aligns,
		       size_t columns, struct md_node *parent)
{
	struct md_node *table = node_add(a, parent, MD_TABLE);
	struct slice ahead = *rest, line;
	for (size_t n = 0; slice_line(&ahead, &line) && is_row(line); *rest = ahead)
		if (n++ != 1)
			take_row(a, line, aligns, columns, table);
}

/* ---- boxes, and everything in its order ---- */

#define BOX_DEPTH_MAX 8
#define BOX_NAME_MAX 20

struct reader {
	struct arena *a;
	struct md_node *open[BOX_DEPTH_MAX];
	size_t depth;
	struct slice rest;
	struct slice pending; /* lines for cmark */
	bool fenced;	      /* inside a code block nothing of ours is read */
};

static void flush(struct reader *r)
{
	take_blocks(r->a, r->pending, r->open[r->depth]);
	r->pending = (struct slice){0};
}

/* "[[name]]" opens a box, "[[end]]" closes the innermost. */
static void take_box(struct reader *r, struct slice name)
{
	bool end = slice_eq(name, SLICE("end"));
	flush(r);
	if (!end && r->depth + 1 < BOX_DEPTH_MAX) {
		struct md_node *box = node_add(r->a, r->open[r->depth], MD_BOX);
		box->text = arena_copy(r->a, name);
		r->open[++r->depth] = box;
	} else if (end && r->depth > 0) {
		r->depth--;
	}
}

/* Data cannot write such a line: '[' is always escaped in it. */
static bool box_name(struct slice line, struct slice *name)
{
	line = slice_trim(line);
	if (!slice_starts(line, SLICE("[[")) || !slice_ends(line, SLICE("]]")))
		return false;
	*name = slice_sub(line, 2, line.len - 2);
	for (size_t i = 0; i < name->len; i++)
		if (!islower((unsigned char)name->ptr[i]) && name->ptr[i] != '-')
			return false;
	return name->len > 0 && name->len <= BOX_NAME_MAX;
}

static void read_line(struct reader *r)
{
	struct slice line, name, before = r->rest;
	slice_line(&r->rest, &line);
	if (slice_starts(line, SLICE("```")))
		r->fenced = !r->fenced;
	if (!r->fenced && box_name(line, &name)) {
		take_box(r, name);
		return;
	}
	if (!r->pending.ptr)
		r->pending.ptr = before.ptr;
	r->pending.len = (size_t)(before.ptr - r->pending.ptr) + before.len - r->rest.len;
}

struct md_node *markdown_parse(struct arena *a, struct slice source)
{
	struct md_node *document = ARENA_NEW(a, struct md_node);
	struct reader r = {.a = a, .open = {document}, .rest = source};
	while (r.rest.len) {
		enum md_align aligns[MD_COLUMNS_MAX];
		size_t columns = r.fenced ? 0 : table_ahead(r.rest, aligns);
		if (columns) {
			flush(&r);
			take_table(a, &r.rest, aligns, columns, r.open[r.depth]);
		} else {
			read_line(&r);
		}
	}
	flush(&r);
	return document;
}

/* ---- prose ---- */

/* The length of an http or https address at the start of s, or 0. */
static size_t address_length(struct slice s)
{
	if (!slice_starts(s, SLICE("https://")) && !slice_starts(s, SLICE("http://")))
		return 0;
	size_t n = 0;
	while (n < s.len && (unsigned char)s.ptr[n] > 0x20 && (unsigned char)s.ptr[n] < 0x7f &&
	       !strchr("<>\"\\^`{|}", s.ptr[n]))
		n++;
	/* What ends a sentence belongs to the sentence. */
	while (n && strchr(".,;:!?)]'", s.ptr[n - 1]))
		n--;
	return n > 10 ? n : 0;
}

/* Leading blanks would open a code block; these do not.  Returns how many bytes they were. */
static size_t put_indent(struct buf *out, struct slice line)
{
	size_t i = 0;
	for (; i < line.len && (line.ptr[i] == ' ' || iscntrl((unsigned char)line.ptr[i])); i++)
		for (int n = line.ptr[i] == '\t' ? 4 : line.ptr[i] == ' '; n > 0; n--)
			buf_puts(out, "\u00a0");
	return i;
}

/* Every mark gets a backslash; control bytes are left out. */
static void put_prose_byte(struct buf *out, unsigned char c)
{
	if (ispunct(c))
		buf_putc(out, '\\');
	if (c == '\t' || !iscntrl(c))
		buf_putc(out, c == '\t' ? ' ' : (char)c);
}

static void put_prose_line(struct buf *out, struct slice line)
{
	bool in_word = false;
	for (size_t i = put_indent(out, line), n; i < line.len; i += n) {
		n = in_word ? 0 : address_length(slice_sub(line, i, line.len));
		if (n) {
			buf_printf(out, "<%.*s>", (int)n, line.ptr + i);
		} else {
			put_prose_byte(out, (unsigned char)line.ptr[i]);
			n = 1;
		}
		in_word = isalnum((unsigned char)line.ptr[i + n - 1]);
	}
}

/* Nothing in it that is seen. */
static bool is_blank(struct slice line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] != ' ' && !iscntrl((unsigned char)line.ptr[i]))
			return false;
	return true;
}

void markdown_put_prose(struct buf *out, struct slice text)
{
	struct slice rest = text, line;
	bool open = false, gap = false;
	while (slice_line(&rest, &line)) {
		if (is_blank(line)) {
			gap = open;
			continue;
		}
		if (open)
			buf_puts(out, gap ? "\n\n" : "\\\n");
		put_prose_line(out, line);
		open = true;
		gap = false;
	}
}
