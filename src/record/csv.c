/* SPDX-License-Identifier: ISC */
#include "csv.h"

#include <assert.h>

void csv_init(struct csv *csv, char separator, bool quotes, csv_row_fn *emit, void *ctx)
{
	*csv = (struct csv){.separator = separator,
			    .quotes = quotes,
			    .emit = emit,
			    .ctx = ctx,
			    .line = 1,
			    .row_line = 1};
	buf_init(&csv->text, IMPORT_OBJECT_MAX);
}

void csv_release(struct csv *csv)
{
	buf_release(&csv->text);
}

static size_t field_begin(const struct csv *csv)
{
	return csv->n ? csv->ends[csv->n - 1] : 0;
}

static void put(struct csv *csv, char c)
{
	if (csv->text.len - field_begin(csv) >= IMPORT_FIELD_MAX)
		csv->error = "a field is too long: is a quote missing?";
	if (!csv->error)
		buf_putc(&csv->text, c);
	if (buf_failed(&csv->text))
		csv->error = "the row is too long";
}

static void end_field(struct csv *csv)
{
	csv->state = CSV_BEGIN;
	if (csv->n == IMPORT_COLUMNS_MAX)
		csv->error = "the row has too many columns";
	else
		csv->ends[csv->n++] = csv->text.len;
}

/* An empty line is no row. */
static int end_row(struct csv *csv, struct err *e)
{
	struct csv_row row = {.line = csv->row_line, .error = csv->error};
	int got = 1;
	end_field(csv);
	row.error = csv->error;
	for (size_t begin = 0; row.n < csv->n; begin = csv->ends[row.n++])
		row.fields[row.n] = slice_sub(buf_slice(&csv->text), begin, csv->ends[row.n]);
	if (csv->n > 1 || csv->text.len || csv->error)
		got = csv->emit(csv->ctx, &row, e);
	buf_clear(&csv->text);
	csv->n = 0;
	csv->error = NULL;
	return got;
}

/* Outside of quotes. */
static int take_plain(struct csv *csv, char c, struct err *e)
{
	if (c == csv->separator) {
		end_field(csv);
		return 1;
	}
	if (c == '\n' || c == '\r') {
		int got = end_row(csv, e);
		csv->state = c == '\r' ? CSV_RETURN : CSV_BEGIN;
		return got;
	}
	put(csv, c);
	csv->state = CSV_PLAIN;
	return 1;
}

static int take(struct csv *csv, char c, struct err *e)
{
	switch (csv->state) {
	case CSV_RETURN:
		csv->state = CSV_BEGIN;
		if (c == '\n')
			return 1;
		return take(csv, c, e);
	case CSV_BEGIN:
		if (c != '"' || !csv->quotes)
			return take_plain(csv, c, e);
		csv->state = CSV_QUOTED;
		return 1;
	case CSV_QUOTED:
		if (c == '"')
			csv->state = CSV_QUOTE;
		else
			put(csv, c);
		return 1;
	case CSV_QUOTE:
		if (c != '"')
			return take_plain(csv, c, e);
		put(csv, c);
		csv->state = CSV_QUOTED;
		return 1;
	case CSV_PLAIN:
		return take_plain(csv, c, e);
	}
	die("csv: no state %d", (int)csv->state);
}

/* Nothing of a row was read yet. */
static bool at_row_begin(const struct csv *csv)
{
	return (csv->state == CSV_BEGIN || csv->state == CSV_RETURN) && csv->n == 0 &&
	       csv->text.len == 0;
}

int csv_feed(struct csv *csv, struct slice bytes, struct err *e)
{
	for (size_t i = 0; i < bytes.len; i++) {
		char c = bytes.ptr[i];
		/* A CR by itself was a line end, too. */
		if (csv->state == CSV_RETURN && c != '\n')
			csv->line++;
		if (at_row_begin(csv))
			csv->row_line = csv->line;
		if (take(csv, c, e) < 0)
			return -1;
		if (c == '\n')
			csv->line++;
	}
	return 1;
}

int csv_end(struct csv *csv, struct err *e)
{
	if (csv->state == CSV_QUOTED)
		csv->error = "a quote is missing: the file ends inside of a field";
	if (csv->n == 0 && csv->text.len == 0 && !csv->error && csv->state != CSV_QUOTE)
		return 1;
	return end_row(csv, e);
}
