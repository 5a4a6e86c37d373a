/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "markdown.h"

#define LINE_MAX_BYTES (64u << 10) /* of one paragraph; what is longer is cut */
#define CELL_WIDTH_MIN 12

/* ---- words of a line ---- */

static void put_inline(const struct md_node *node, bool lines, struct buf *out);

/* A mail address of a link, as people write it: without subject, decoded. */
static void put_address(struct slice url, struct buf *out)
{
	struct slice address = slice_sub(url, strlen("mailto:"), url.len);
	ptrdiff_t query = slice_chr(address, '?');
	if (query >= 0)
		address.len = (size_t)query;
	while (address.len) {
		struct slice hex = slice_sub(address, 1, 3);
		char text[3] = {0}, *end;
		if (address.ptr[0] == '%' && hex.len == 2)
			memcpy(text, hex.ptr, 2);
		long c = strtol(text, &end, 16);
		bool coded = end == text + 2 && c > 0x20 && c < 0x7f;
		buf_putc(out, coded ? (char)c : address.ptr[0]);
		address = slice_sub(address, coded ? 3 : 1, address.len);
	}
}

/* What stands behind the words of a link, unless they say it already. */
static void put_target(const struct md_node *link, struct slice words, struct buf *target)
{
	if (!slice_starts_nocase(link->url, SLICE("mailto:")))
		buf_put(target, link->url);
	/* One that brings a whole text is for clicking, not for reading. */
	else if (slice_find_nocase(link->url, SLICE("body=")) < 0)
		put_address(link->url, target);
	if (slice_eq(words, buf_slice(target)) || slice_eq(words, link->url))
		buf_clear(target);
}

static void put_link(const struct md_node *link, bool lines, struct buf *out)
{
	size_t start = out->len;
	struct buf target;
	for (const struct md_node *child = link->first; child; child = child->next)
		put_inline(child, lines, out);
	buf_init(&target, LINE_MAX_BYTES);
	put_target(link, slice_sub(buf_slice(out), start, out->len), &target);
	if (target.len)
		buf_printf(out, out->len > start ? " <%.*s>" : "%.*s",
			   SLICE_ARG(buf_slice(&target)));
	buf_release(&target);
}

static void put_inline(const struct md_node *node, bool lines, struct buf *out)
{
	switch (node->kind) {
	case MD_TEXT:
	case MD_CODE:
		buf_put(out, node->text);
		break;
	case MD_SOFT_BREAK:
		buf_putc(out, ' ');
		break;
	case MD_HARD_BREAK:
		buf_putc(out, lines ? '\n' : ' ');
		break;
	case MD_LINK:
		put_link(node, lines, out);
		break;
	default:
		for (const struct md_node *child = node->first; child; child = child->next)
			put_inline(child, lines, out);
		break;
	}
}

void markdown_words(const struct md_node *node, struct buf *out)
{
	for (const struct md_node *child = node->first; child && !buf_failed(out);
	     child = child->next) {
		put_inline(child, false, out);
		buf_putc(out, ' ');
	}
}

/*
 * Cut from *rest what fits into `width` columns: up to a blank, or a whole
 * word where even that is too wide.
 */
static struct slice cut_line(struct slice *rest, size_t width)
{
	size_t end = 0, columns = 0;
	while (end < rest->len) {
		size_t word = end;
		while (word < rest->len && rest->ptr[word] == ' ')
			word++;
		while (word < rest->len && rest->ptr[word] != ' ')
			word++;
		columns += text_width(slice_sub(*rest, end, word));
		if (end && columns > width)
			break;
		end = word;
	}
	struct slice line = slice_sub(*rest, 0, end);
	while (end < rest->len && rest->ptr[end] == ' ')
		end++;
	*rest = slice_sub(*rest, end, rest->len);
	return line;
}

/* ---- blocks ---- */

struct text {
	struct arena *a;
	struct buf *out;
	struct slice next, rest; /* what stands before the next line, and before later ones */
	bool gap;		 /* a blank line is due */
	struct buf words;	 /* of the element in hand */
};

/* What an element says, with line ends at hard breaks; in the arena. */
static struct slice words_of(struct text *t, const struct md_node *node)
{
	buf_clear(&t->words);
	for (const struct md_node *child = node->first; child; child = child->next)
		put_inline(child, true, &t->words);
	return arena_copy(t->a, slice_trim(buf_slice(&t->words)));
}

static void put_spaces(struct buf *out, size_t n)
{
	while (n--)
		buf_putc(out, ' ');
}

static void trim_line_end(struct buf *out)
{
	while (out->len && out->ptr[out->len - 1] == ' ')
		out->len--;
}

static void put_gap(struct text *t)
{
	if (!t->gap)
		return;
	buf_put(t->out, t->rest);
	trim_line_end(t->out);
	buf_putc(t->out, '\n');
	t->gap = false;
}

static void put_line(struct text *t, struct slice line)
{
	put_gap(t);
	buf_put(t->out, t->next);
	buf_put(t->out, line);
	trim_line_end(t->out);
	buf_putc(t->out, '\n');
	t->next = t->rest;
}

static size_t width_left(const struct text *t)
{
	size_t indent = text_width(t->rest);
	return indent + CELL_WIDTH_MIN < MD_TEXT_WIDTH ? MD_TEXT_WIDTH - indent : CELL_WIDTH_MIN;
}

static void put_wrapped(struct text *t, struct slice words)
{
	struct slice line;
	while (slice_line(&words, &line)) {
		if (text_width(line) <= width_left(t)) {
			put_line(t, line);
			continue;
		}
		while (line.len)
			put_line(t, cut_line(&line, width_left(t)));
	}
}

static void put_blocks(struct text *t, const struct md_node *parent, bool tight);

/* Blocks of an item or quote: `first` before the first line, `later` before others. */
static void put_indented(struct text *t, const struct md_node *node, bool tight, const char *first,
			 const char *later)
{
	struct slice next = t->next, rest = t->rest;
	/* The blank line belongs to what stands around. */
	put_gap(t);
	t->next = slice_str(arena_printf(t->a, "%.*s%s", SLICE_ARG(next), first));
	t->rest = slice_str(arena_printf(t->a, "%.*s%s", SLICE_ARG(rest), later));
	put_blocks(t, node, tight);
	t->next = t->rest = rest;
}

static void put_list(struct text *t, const struct md_node *list)
{
	int number = list->level;
	for (const struct md_node *item = list->first; item; item = item->next) {
		char mark[16] = "- ", blank[16];
		if (list->level)
			snprintf(mark, sizeof(mark), "%d. ", number++);
		snprintf(blank, sizeof(blank), "%*s", (int)strlen(mark), "");
		put_indented(t, item, list->tight, mark, blank);
		if (!list->tight)
			t->gap = true;
	}
}

static void put_heading(struct text *t, const struct md_node *node)
{
	struct slice words = words_of(t, node);
	size_t width = text_width(words);
	put_wrapped(t, words);
	if (node->level > 2)
		return;
	char line[MD_TEXT_WIDTH];
	width = width > width_left(t) ? width_left(t) : width;
	memset(line, node->level == 1 ? '=' : '-', width);
	put_line(t, slice_of(line, width));
}

static void put_code(struct text *t, struct slice code)
{
	struct slice line;
	while (slice_line(&code, &line)) {
		t->next = slice_str(arena_printf(t->a, "%.*s    ", SLICE_ARG(t->next)));
		put_line(t, line);
	}
}

/* ---- tables ---- */

#define COLUMN_GAP 2

struct grid {
	struct slice *cells; /* rows * columns */
	size_t rows, columns;
	size_t width[MD_COLUMNS_MAX];
	int align[MD_COLUMNS_MAX];
};

static size_t widest_line(struct slice words)
{
	size_t widest = 0;
	struct slice line;
	while (slice_line(&words, &line)) {
		size_t width = text_width(line);
		if (width > widest)
			widest = width;
	}
	return widest;
}

static void read_grid(struct text *t, struct grid *g, const struct md_node *table)
{
	for (const struct md_node *row = table->first; row; row = row->next)
		g->rows++;
	g->cells = ARENA_ARRAY(t->a, g->rows * MD_COLUMNS_MAX, struct slice);
	size_t r = 0;
	for (const struct md_node *row = table->first; row; row = row->next, r++) {
		size_t c = 0;
		for (const struct md_node *cell = row->first; cell; cell = cell->next, c++) {
			assert(c < MD_COLUMNS_MAX);
			struct slice words = words_of(t, cell);
			g->cells[r * MD_COLUMNS_MAX + c] = words;
			g->align[c] = cell->level;
			size_t width = widest_line(words);
			if (width > g->width[c])
				g->width[c] = width;
		}
		if (c > g->columns)
			g->columns = c;
	}
}

/* Takes columns from the widest until the table fits. */
static void fit_grid(struct grid *g, size_t width)
{
	for (;;) {
		size_t total = g->columns ? (g->columns - 1) * COLUMN_GAP : 0, widest = 0;
		for (size_t c = 0; c < g->columns; c++) {
			total += g->width[c];
			if (g->width[c] > g->width[widest])
				widest = c;
		}
		if (total <= width || g->width[widest] <= CELL_WIDTH_MIN)
			return;
		size_t over = total - width, room = g->width[widest] - CELL_WIDTH_MIN;
		g->width[widest] -= over < room ? over : room;
	}
}

/* One line of a cell, as wide as its column, but for blanks that would end the line. */
static void put_cell(struct buf *line, struct slice words, size_t width, int align, bool last)
{
	size_t used = text_width(words), blanks = used < width ? width - used : 0;
	size_t before = align == MD_RIGHT ? blanks : align == MD_CENTER ? blanks / 2 : 0;
	put_spaces(line, before);
	buf_put(line, words);
	if (!last)
		put_spaces(line, blanks - before + COLUMN_GAP);
}

/* The next line of a cell: up to a hard break, and no wider than its column. */
static struct slice next_cell_line(struct slice *cell, size_t width)
{
	struct slice line, after = *cell;
	if (!slice_line(&after, &line))
		return (struct slice){0};
	if (text_width(line) <= width) {
		*cell = after;
		return line;
	}
	struct slice rest = line, cut = cut_line(&rest, width);
	*cell = rest.len ? slice_of(rest.ptr, (size_t)(cell->ptr + cell->len - rest.ptr)) : after;
	return cut;
}

static void put_row(struct text *t, struct grid *g, struct slice *cells)
{
	struct buf line;
	buf_init(&line, LINE_MAX_BYTES);
	for (bool more = true; more;) {
		more = false;
		buf_clear(&line);
		for (size_t c = 0; c < g->columns; c++) {
			struct slice words = next_cell_line(&cells[c], g->width[c]);
			put_cell(&line, words, g->width[c], g->align[c], c + 1 == g->columns);
			more = more || cells[c].len;
		}
		put_line(t, buf_slice(&line));
	}
	buf_release(&line);
}

static void put_table(struct text *t, const struct md_node *table)
{
	struct grid g = {0};
	read_grid(t, &g, table);
	fit_grid(&g, width_left(t));
	bool head = false;
	size_t total = 0;
	for (size_t c = 0; c < g.columns; c++) {
		head = head || g.cells[c].len;
		total += g.width[c] + (c ? COLUMN_GAP : 0);
	}
	for (size_t r = head ? 0 : 1; r < g.rows; r++) {
		put_row(t, &g, g.cells + r * MD_COLUMNS_MAX);
		if (r > 0)
			continue;
		char *rule = arena_alloc(t->a, total + 1);
		memset(rule, '-', total);
		put_line(t, slice_of(rule, total));
	}
}

/* ---- everything in its order ---- */

static void put_block(struct text *t, const struct md_node *node)
{
	switch (node->kind) {
	case MD_HEADING:
		put_heading(t, node);
		break;
	case MD_QUOTE:
		put_indented(t, node, false, "> ", "> ");
		break;
	case MD_LIST:
		put_list(t, node);
		break;
	case MD_CODE_BLOCK:
		put_code(t, node->text);
		break;
	case MD_RULE:
		put_line(t, SLICE("----------------------------------------"));
		break;
	case MD_TABLE:
		put_table(t, node);
		break;
	case MD_BOX:
		put_blocks(t, node, false);
		break;
	default:
		put_wrapped(t, words_of(t, node));
		break;
	}
}

static void put_blocks(struct text *t, const struct md_node *parent, bool tight)
{
	for (const struct md_node *node = parent->first; node; node = node->next) {
		put_block(t, node);
		if (!tight && node->next)
			t->gap = true;
	}
	/* An empty item keeps its mark. */
	if (!parent->first && parent->kind == MD_ITEM)
		put_line(t, (struct slice){0});
}

void markdown_text(const struct md_node *document, struct arena *a, struct buf *out)
{
	struct text t = {.a = a, .out = out};
	buf_init(&t.words, LINE_MAX_BYTES);
	put_blocks(&t, document, false);
	buf_release(&t.words);
}
