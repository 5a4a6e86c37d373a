/* SPDX-License-Identifier: ISC */
#include "view.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* ST-01: what is told by more than its colour. */
static const struct {
	const char *code, *symbol;
} symbols[] = {
	/* of orders */
	{"EMP", "\xe2\x97\x8b"}, /* white circle */
	{"OPN", "\xe2\x96\xb7"}, /* white triangle, pointing right */
	{"HAL", "\xe2\x80\x96"}, /* double bar */
	{"CLO", "\xe2\x96\xa0"}, /* black square */
	/* of lines */
	{"NEW", "+"},
	{"ANG", "\xe2\x96\xb7"},
	{"EIN", "\xe2\x96\xa3"}, /* square in a square */
	{"AUS", "\xe2\x96\xa0"},
	{"RET", "\xe2\x86\xa9"}, /* arrow turning back */
	{"MIN", "\xe2\x88\x92"}, /* minus */
	{"STO", "\xc3\x97"},	 /* times */
	{"NLB", "\xe2\x88\x85"}, /* empty set */
	{"FUP", "\xe2\x87\xa2"}, /* dashed arrow */
	{"FUT", "\xe2\x86\x92"}, /* arrow */
	{"FUS", "\xe2\x96\xa0"},
	/* of customers and shipments */
	{"ACT", "\xe2\x97\x8f"}, /* black circle */
	{"INA", "\xe2\x97\x8b"},
	{"LCK", "\xe2\x80\x96"},
	{"BLK", "\xc3\x97"},
	{"PLN", "\xe2\x96\xb7"},
	{"CAN", "\xc3\x97"},
};

const char *symbol_of(struct slice code)
{
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (slice_eq(code, slice_str(symbols[i].code)))
			return symbols[i].symbol;
	return " ";
}

/* ---- cells ---- */

void view_init(struct view *view, struct arena *a, const struct view_column *columns)
{
	*view = (struct view){.a = a, .columns = columns};
	while (columns[view->n_columns].name)
		view->n_columns++;
	assert(view->n_columns <= VIEW_COLUMNS_MAX);
}

struct view_row *view_add(struct view *view, const struct id *id)
{
	arena_grow(view->a, &view->rows, view->n, &view->room, sizeof(*view->rows));
	struct view_row *row = &view->rows[view->n++];
	*row = (struct view_row){.id = id ? *id : (struct id){.letter = 0}};
	return row;
}

static struct view_row *last(struct view *view, size_t column)
{
	assert(view->n > 0 && column < view->n_columns);
	return &view->rows[view->n - 1];
}

/* Names and subjects come from strangers: a cell is one line, and not a long one. */
void view_text(struct view *view, size_t column, struct slice text)
{
	struct buf line;
	buf_init(&line, VIEW_CELL * 4 + 4);
	text_put_line(&line, text, VIEW_CELL);
	last(view, column)->cells[column] = arena_copy(view->a, buf_slice(&line));
	buf_release(&line);
}

static void set(struct view *view, size_t column, char *text, int64_t key)
{
	last(view, column)->cells[column] = slice_str(text);
	last(view, column)->keys[column] = key;
}

void view_number(struct view *view, size_t column, int64_t number)
{
	set(view, column, arena_printf(view->a, "%lld", (long long)number), number);
}

void view_day(struct view *view, size_t column, int64_t at)
{
	struct civil day;
	civil_from_utc(at, &day);
	if (at)
		set(view, column,
		    arena_printf(view->a, "%04lld-%02d-%02d", (long long)day.year, day.month,
				 day.day),
		    at);
}

void view_time(struct view *view, size_t column, int64_t at)
{
	struct civil day;
	civil_from_utc(at, &day);
	if (at)
		set(view, column,
		    arena_printf(view->a, "%04lld-%02d-%02d %02d:%02d", (long long)day.year,
				 day.month, day.day, day.hour, day.minute),
		    at);
}

void view_money(struct view *view, size_t column, int64_t amount, const char *currency)
{
	struct buf text;
	buf_init(&text, 64);
	money_put(&text, amount, slice_str(currency));
	buf_printf(&text, " %s", currency);
	set(view, column, arena_str(view->a, buf_slice(&text)), amount);
	buf_release(&text);
}

void view_status(struct view *view, size_t column, struct slice code, const char *word,
		 int64_t rank)
{
	set(view, column,
	    arena_printf(view->a, "%s [%.*s] %s", symbol_of(code), SLICE_ARG(code), word), rank);
}

void view_order_status(struct view *view, size_t column, const Rec__Order *order)
{
	enum order_status status = order_status(order);
	view_status(view, column, slice_str(order_status_code(status)), order_status_word(status),
		    status);
}

void view_line_state(struct view *view, size_t column, Rec__LineState state)
{
	view_status(view, column, schema_enum_text(&rec__line_state__descriptor, (int)state),
		    line_state_word(state), (int64_t)state);
}

/* ---- pages ---- */

int64_t view_option(const struct command_line *line, const char *name, int64_t other)
{
	const struct command_arg *arg = command_arg(line, name);
	return arg ? arg->number : other;
}

static bool has_param(const struct command_row *row, const char *name)
{
	for (const struct command_param *param = row->params; param->name; param++)
		if (strcmp(param->name, name) == 0)
			return true;
	return false;
}

void view_page(const struct command_line *line, struct view_page *page)
{
	*page = (struct view_page){
		.offset = (size_t)view_option(line, "offset", 0),
		.limit = (size_t)view_option(line, "limit", VIEW_LIMIT_DEFAULT),
		.descending =
			has_param(line->row, "direction") && view_option(line, "direction", 0) == 1,
	};
}

struct sorting {
	size_t column;
	bool descending;
};

static int compare(const void *one, const void *other, void *ctx)
{
	const struct view_row *a = one, *b = other;
	const struct sorting *sorting = ctx;
	int64_t x = a->keys[sorting->column], y = b->keys[sorting->column];
	int by = x != y ? (x < y ? -1 : 1)
			: slice_cmp(a->cells[sorting->column], b->cells[sorting->column]);
	if (by == 0)
		by = (a->id.number > b->id.number) - (a->id.number < b->id.number);
	return sorting->descending ? -by : by;
}

static void turn(struct view *view)
{
	for (size_t i = 0; i < view->n / 2; i++) {
		struct view_row swap = view->rows[i];
		view->rows[i] = view->rows[view->n - 1 - i];
		view->rows[view->n - 1 - i] = swap;
	}
}

static int no_column(const struct view *view, struct slice name, struct err *e)
{
	struct buf names;
	buf_init(&names, 512);
	for (size_t i = 0; i < view->n_columns; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", view->columns[i].name);
	err_set(e, ERR_INPUT, "sort=%.*s: this list has the columns %s", SLICE_ARG(name),
		buf_str(&names));
	buf_release(&names);
	return -1;
}

/* Without sort= a list is as its command made it: the oldest first (PX-12). */
static int sort(const struct command_line *line, struct view *view, bool descending, struct err *e)
{
	struct slice name = has_param(line->row, "sort") ? line_text(line, "sort") : SLICE("");
	struct sorting sorting = {.descending = descending};
	if (view->paged)
		return 1;
	if (name.len == 0) {
		if (descending)
			turn(view);
		return 1;
	}
	while (sorting.column < view->n_columns &&
	       !slice_eq_nocase(name, slice_str(view->columns[sorting.column].name)))
		sorting.column++;
	if (sorting.column == view->n_columns)
		return no_column(view, name, e);
	qsort_r(view->rows, view->n, sizeof(*view->rows), compare, &sorting);
	return 1;
}

/* ---- writing ---- */

static void put_spaces(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_putc(out, ' ');
}

static size_t width_of(const struct view *view, size_t column, size_t first, size_t end)
{
	size_t widest = text_width(slice_str(view->columns[column].title));
	for (size_t i = first; i < end; i++) {
		size_t width = text_width(view->rows[i].cells[column]);
		widest = width > widest ? width : widest;
	}
	return widest;
}

/* No blanks at the end of a line: clients wrap them. */
static void end_line(struct buf *out)
{
	while (out->len && out->ptr[out->len - 1] == ' ')
		out->len--;
	buf_putc(out, '\n');
}

static void put_cell(struct buf *out, struct slice text, size_t width, bool right)
{
	size_t gap = width - text_width(text);
	if (right)
		put_spaces(out, gap);
	buf_put(out, text);
	put_spaces(out, right ? 2 : gap + 2);
}

static void put_table(const struct view *view, size_t first, size_t end, size_t offset,
		      struct buf *out)
{
	size_t widths[VIEW_COLUMNS_MAX];
	char number[24];
	int digits = snprintf(number, sizeof(number), "%zu", offset + end - first);
	for (size_t c = 0; c < view->n_columns; c++)
		widths[c] = width_of(view, c, first, end);
	buf_printf(out, "%*s  ", digits, "#");
	for (size_t c = 0; c < view->n_columns; c++)
		put_cell(out, slice_str(view->columns[c].title), widths[c], view->columns[c].right);
	end_line(out);
	for (size_t i = first; i < end; i++) {
		buf_printf(out, "%*zu  ", digits, offset + i - first + 1);
		for (size_t c = 0; c < view->n_columns; c++)
			put_cell(out, view->rows[i].cells[c], widths[c], view->columns[c].right);
		end_line(out);
	}
}

static void put_json(const struct view *view, size_t first, size_t end, struct buf *out)
{
	for (size_t i = first; i < end; i++) {
		struct json *row = json_new(view->a, JSON_OBJECT);
		for (size_t c = 0; c < view->n_columns; c++)
			json_set(view->a, row, view->columns[c].name,
				 json_new_string(view->a, view->rows[i].cells[c]));
		json_put(out, row);
		buf_putc(out, '\n');
	}
}

/* ---- the agent's place ---- */

/* The line without its page: what #next writes its own offset behind. */
static char *without_page(struct arena *a, struct slice echo)
{
	struct buf out;
	struct slice word;
	bool quoted = false;
	buf_init(&out, COMMAND_VALUE_MAX * 4);
	while (slice_cut(&echo, ' ', &word)) {
		bool offset = !quoted && slice_starts_nocase(word, SLICE("offset="));
		for (size_t i = 0; i < word.len; i++)
			quoted ^= word.ptr[i] == '"';
		if (offset)
			continue;
		if (out.len)
			buf_putc(&out, ' ');
		buf_put(&out, word);
	}
	char *line = arena_str(a, buf_slice(&out));
	buf_release(&out);
	return line;
}

static int keep(struct command_context *ctx, const struct command_line *line,
		const struct view *view, const struct view_page *page, size_t first, size_t end,
		struct err *e)
{
	Rec__Listing listing;
	struct arena *a = ctx->change->arena;
	if (ctx->fleeting)
		return 1;
	rec__listing__init(&listing);
	listing.command = without_page(a, line->echo);
	listing.ids = ARENA_ARRAY(a, end - first, char *);
	for (size_t i = first; i < end; i++)
		listing.ids[listing.n_ids++] = view->rows[i].id.letter
						       ? id_print(a, &view->rows[i].id)
						       : arena_str(a, SLICE("-"));
	listing.offset = (uint32_t)page->offset;
	listing.limit = (uint32_t)page->limit;
	listing.total = view->total;
	return listing_save(ctx->change, ctx->thread, &listing, e);
}

static void put_more(const struct view *view, size_t shown, struct buf *out)
{
	if (shown < view->total)
		buf_printf(out, "%llu more: #next, #last\n",
			   (unsigned long long)(view->total - shown));
}

int view_finish(struct command_context *ctx, const struct command_line *line, struct view *view,
		struct slice head, struct buf *out, struct err *e)
{
	struct view_page page;
	view_page(line, &page);
	if (sort(line, view, page.descending, e) < 0)
		return -1;
	if (!view->paged)
		view->total = view->n;
	size_t first = view->paged ? 0 : page.offset < view->n ? page.offset : view->n;
	size_t end = view->n - first < page.limit ? view->n : first + page.limit;
	if (ctx->json) {
		put_json(view, first, end, out);
		return 1;
	}
	buf_put(out, head);
	buf_putc(out, '\n');
	if (first < end)
		put_table(view, first, end, page.offset, out);
	put_more(view, page.offset + end - first, out);
	return keep(ctx, line, view, &page, first, end, e);
}
