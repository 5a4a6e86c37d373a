/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "base/text.h"
#include "html.h"

/* A row whose cells are longer is laid out, not data: its cells stand below each other. */
#define ROW_LINE_MAX 160
#define NO_BREAK_SPACE 0xa0
#define CELLS " | "

void html_owe_lines(struct html_writer *w, size_t n)
{
	/* A block that begins a cell stays beside the cell before. */
	if (w->cell)
		return;
	/* Nor does it stand apart from the row above. */
	if (w->in_row && !w->row_text && n > 1)
		n = 1;
	if (w->held && !w->in_line && w->lines)
		w->lines++;
	if ((w->in_line || w->lines) && w->lines < n)
		w->lines = n;
	if (w->lines > HTML_GAP_MAX)
		w->lines = HTML_GAP_MAX;
	w->in_line = w->held = w->space = false;
	w->blanks = 0;
}

void html_line_break(struct html_writer *w)
{
	w->cell = false;
	if (w->started && (w->lines < HTML_GAP_MAX || w->pre))
		w->lines++;
	w->in_line = w->held = w->space = false;
	w->blanks = 0;
}

static void put_number(struct html_writer *w)
{
	assert(w->n_lists > 0);
	size_t top = w->n_lists < HTML_LISTS_MAX ? w->n_lists : HTML_LISTS_MAX;
	if (!w->lists[top - 1].ordered) {
		buf_put(w->out, SLICE("- "));
		return;
	}
	char digits[12];
	size_t i = sizeof(digits);
	uint32_t number = w->lists[top - 1].next++;
	do {
		digits[--i] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	buf_put(w->out, slice_of(digits + i, sizeof(digits) - i));
	buf_puts(w->out, ". ");
}

static void begin_item(struct html_writer *w)
{
	static const char indent[] = "      ";
	size_t steps = w->n_lists ? w->n_lists - 1 : 0;
	_Static_assert(sizeof(indent) - 1 == 2 * HTML_INDENT_SHOWN, "two spaces a step");
	if (steps > HTML_INDENT_SHOWN)
		steps = HTML_INDENT_SHOWN;
	buf_put(w->out, slice_of(indent, 2 * steps));
	if (w->n_lists)
		put_number(w);
	else
		buf_put(w->out, SLICE("- "));
	w->item = false;
}

/* Line ends, marks of quotation. */
static void begin_line(struct html_writer *w)
{
	size_t quotes = w->quotes < HTML_QUOTE_SHOWN ? w->quotes : HTML_QUOTE_SHOWN;
	for (; w->lines; w->lines--) {
		buf_putc(w->out, '\n');
		w->line_count++;
		/* An empty line within a quotation is quoted, too. */
		for (size_t i = 0; quotes && w->lines > 1 && i < quotes; i++)
			buf_putc(w->out, '>');
	}
	for (size_t i = 0; i < quotes; i++)
		buf_puts(w->out, i + 1 == quotes ? "> " : ">");
}

static void begin_text(struct html_writer *w)
{
	if (!w->started || w->lines)
		begin_line(w);
	else if (w->cell && w->in_line)
		buf_puts(w->out, CELLS);
	else if (w->space && w->in_line)
		buf_putc(w->out, ' ');
	if (w->in_row && !w->row_text) {
		w->row_text = true;
		w->row_line = w->line_count;
	}
	if (w->item)
		begin_item(w);
	for (; w->blanks; w->blanks--)
		buf_putc(w->out, ' ');
	if (w->in_link && !w->link_text) {
		w->link_text = true;
		w->link_from = w->out->len;
	}
	w->space = w->held = w->cell = w->ruled = false;
	w->started = w->in_line = true;
}

static void put_run(struct html_writer *w, struct slice run)
{
	if (!run.len)
		return;
	begin_text(w);
	buf_put(w->out, run);
}

static void put_blank(struct html_writer *w)
{
	if (w->space && w->in_line)
		w->blanks += w->blanks < HTML_BLANKS_MAX;
	w->blanks += w->blanks < HTML_BLANKS_MAX;
	w->space = false;
	w->held = true;
}

/* Characters that stand in mails for nothing a reader of text sees. */
static const struct {
	char bytes[4];
	uint8_t len;
} invisible[] = {
	{"\xe2\x80\x8b", 3}, {"\xef\xbb\xbf", 3}, {"\xc2\xad", 2},
	{"\xe2\x81\xa0", 3}, {"\xcd\x8f", 2},	  {"\xe1\xa0\x8e", 3},
};

static bool may_vanish(char c)
{
	return c == '\xe2' || c == '\xef' || c == '\xc2' || c == '\xcd' || c == '\xe1';
}

/* The bytes of an invisible character or a no-break space at i, or 0. */
static size_t vanishes(struct slice text, size_t i, bool *blank)
{
	struct slice rest = slice_sub(text, i, i + 3);
	*blank = slice_starts(rest, SLICE("\xc2\xa0"));
	if (*blank)
		return 2;
	for (size_t k = 0; k < sizeof(invisible) / sizeof(*invisible); k++)
		if (slice_starts(rest, slice_of(invisible[k].bytes, invisible[k].len)))
			return invisible[k].len;
	/* A joiner without a neighbour: padding behind a preview line. */
	bool joiner =
		slice_eq(rest, SLICE("\xe2\x80\x8c")) || slice_eq(rest, SLICE("\xe2\x80\x8d"));
	bool alone = i == 0 || html_is_blank(text.ptr[i - 1]) || text.ptr[i - 1] == ';';
	return joiner && alone ? 3 : 0;
}

static void put_white(struct html_writer *w, char c)
{
	if (!w->pre)
		w->space = true;
	else if (c == '\n')
		html_line_break(w);
	else
		put_run(w, c == '\t' ? SLICE("\t") : SLICE(" "));
}

void html_put(struct html_writer *w, struct slice text)
{
	size_t from = 0;
	if (w->hidden || w->tiny)
		return;
	for (size_t i = 0; i < text.len;) {
		char c = text.ptr[i];
		bool blank = false, white = html_is_blank(c);
		size_t n = white ? 1 : may_vanish(c) ? vanishes(text, i, &blank) : 0;
		if (!n) {
			i++;
			continue;
		}
		put_run(w, slice_sub(text, from, i));
		if (white)
			put_white(w, c);
		else if (blank)
			put_blank(w);
		from = i += n;
	}
	put_run(w, slice_sub(text, from, text.len));
}

/* The same characters as html_put leaves out. */
static bool is_unseen(const struct html_writer *w, uint32_t c)
{
	static const uint32_t unseen[] = {0x200b, 0xfeff, 0xad, 0x2060, 0x34f, 0x180e};
	for (size_t i = 0; i < sizeof(unseen) / sizeof(*unseen); i++)
		if (c == unseen[i])
			return true;
	return (c == 0x200c || c == 0x200d) && (!w->in_line || w->space || w->blanks);
}

void html_put_char(struct html_writer *w, uint32_t c)
{
	if (w->hidden || w->tiny || is_unseen(w, c))
		return;
	if (c < 0x80 && html_is_blank((char)c)) {
		html_put(w, SLICE(" "));
	} else if (c == NO_BREAK_SPACE) {
		put_blank(w);
	} else {
		begin_text(w);
		text_put_code_point(w->out, c < 0x20 || c == 0x7f ? 0xfffd : c);
	}
}

void html_begin_row(struct html_writer *w)
{
	w->cell = false;
	html_owe_lines(w, 1);
	w->in_row = true;
	w->row_text = false;
}

static size_t line_length(const struct html_writer *w)
{
	size_t n = 0;
	while (n < ROW_LINE_MAX && n < w->out->len && w->out->ptr[w->out->len - n - 1] != '\n')
		n++;
	return n;
}

void html_begin_cell(struct html_writer *w)
{
	if (!w->in_row)
		html_begin_row(w);
	if (!w->row_text || w->cell)
		return;
	bool beside = w->row_line == w->line_count && line_length(w) < ROW_LINE_MAX;
	if (!beside) {
		html_owe_lines(w, 1);
		return;
	}
	/* What the blocks of the cell before owe is no line end: the row goes on. */
	w->lines = 0;
	w->blanks = 0;
	w->space = w->held = false;
	w->in_line = w->cell = true;
}

void html_end_table(struct html_writer *w, bool nested)
{
	w->cell = false;
	html_owe_lines(w, 1);
	w->in_row = w->row_text = nested;
	w->row_line = SIZE_MAX;
}
