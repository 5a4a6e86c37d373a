/* SPDX-License-Identifier: ISC */
#include "import_table.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

#define REMARK_MAX 400

struct table {
	const struct table_format *format;
	struct import_options options;
	struct csv csv;
	struct arena *arena; /* of the order at hand */
	struct table_row *rows;
	size_t n, room;
	size_t bytes;			   /* of its values */
	struct slice key;		   /* of the order at hand; null: none */
	struct slice error;		   /* it is lost for this */
	size_t n_known;			   /* columns of the format */
	size_t places[IMPORT_COLUMNS_MAX]; /* position in the file → in the format + 1 */
	bool header;
};

static size_t known_column(const struct table_format *format, struct slice name)
{
	for (size_t i = 0; format->columns[i]; i++)
		if (slice_eq_nocase(slice_trim(name), slice_str(format->columns[i])))
			return i + 1;
	return 0;
}

struct slice table_value(const struct table_row *row, const char *column)
{
	size_t place = known_column(row->format, slice_str(column));
	assert(place > 0);
	return slice_trim(row->values[place - 1]);
}

/* ---- one order ---- */

static int tell(struct table *t, const struct import_item *item, struct err *e)
{
	return t->options.emit(t->options.ctx, item, e);
}

static int emit_order(struct table *t, struct err *e)
{
	struct draft d;
	struct err failed = {ERR_NONE, ""};
	const char *channel = t->format->channel;
	struct import_item item = {.line = t->rows[0].line, .error = t->error};
	if (t->options.channel.len)
		channel = arena_str(t->arena, t->options.channel);
	draft_init(&d, t->arena, item.line, channel);
	if (!item.error.len && t->format->read(t->rows, t->n, &d, &failed) < 0)
		item.error = slice_str(failed.text);
	if (!item.error.len)
		item.object = draft_json(&d);
	return tell(t, &item, e);
}

static int end_order(struct table *t, struct err *e)
{
	int got = t->n ? emit_order(t, e) : 1;
	arena_clear(t->arena);
	t->rows = NULL;
	t->n = t->room = t->bytes = 0;
	t->key = t->error = SLICE("");
	return got;
}

/* ---- rows ---- */

static int take_header(struct table *t, const struct csv_row *row, struct err *e)
{
	struct buf unknown;
	struct import_item item = {.line = row->line};
	int got = 1;
	t->header = true;
	buf_init(&unknown, REMARK_MAX);
	for (size_t i = 0; i < row->n; i++) {
		t->places[i] = known_column(t->format, row->fields[i]);
		if (!t->places[i] && slice_trim(row->fields[i]).len)
			buf_printf(&unknown, "%s%.*s", unknown.len ? ", " : "",
				   SLICE_ARG(slice_sub(row->fields[i], 0, 60)));
	}
	if (unknown.len) {
		item.remark = slice_str(arena_printf(t->arena, "columns that are not imported: %s",
						     buf_str(&unknown)));
		got = tell(t, &item, e);
	}
	buf_release(&unknown);
	return got;
}

/* A view of the row: most rows belong to the order at hand. */
static struct slice key_of(const struct table *t, const struct csv_row *row)
{
	for (size_t i = 0; t->format->keys[i]; i++) {
		size_t place = known_column(t->format, slice_str(t->format->keys[i]));
		for (size_t j = 0; j < row->n; j++)
			if (t->places[j] == place && slice_trim(row->fields[j]).len)
				return slice_trim(row->fields[j]);
	}
	return SLICE("");
}

static struct slice *values_of(struct table *t, const struct csv_row *row)
{
	struct slice *values = ARENA_ARRAY(t->arena, t->n_known, struct slice);
	for (size_t i = 0; i < row->n; i++) {
		if (!t->places[i])
			continue;
		values[t->places[i] - 1] = arena_copy(t->arena, row->fields[i]);
		t->bytes += row->fields[i].len;
	}
	return values;
}

static int add_row(struct table *t, const struct csv_row *row)
{
	if (row->error)
		t->error = slice_str(arena_printf(t->arena, "line %llu: %s",
						  (unsigned long long)row->line, row->error));
	else if (!t->key.len)
		t->error = SLICE("the row names no order");
	/* What is lost need not be kept. */
	if (t->n == IMPORT_ROWS_MAX || t->bytes > IMPORT_OBJECT_MAX) {
		t->error = SLICE("the order has too many rows");
		return 1;
	}
	arena_grow(t->arena, &t->rows, t->n, &t->room, sizeof(*t->rows));
	t->rows[t->n++] = (struct table_row){row->line, values_of(t, row), t->format};
	return 1;
}

static int take_row(void *ctx, const struct csv_row *row, struct err *e)
{
	struct table *t = ctx;
	if (!t->header && row->error)
		return err_set(e, ERR_INPUT, "line %llu: %s", (unsigned long long)row->line,
			       row->error);
	if (!t->header)
		return take_header(t, row, e);
	struct slice key = key_of(t, row);
	/* A row without a key is an order of its own, and lost. */
	if (t->n && key.len && slice_eq(key, t->key))
		return add_row(t, row);
	if (end_order(t, e) < 0)
		return -1;
	t->key = arena_copy(t->arena, key);
	return add_row(t, row);
}

/* ---- the table ---- */

struct table *table_open(const struct table_format *format, const struct import_options *options)
{
	struct table *t = mem_new(1, sizeof(*t));
	*t = (struct table){.format = format, .options = *options, .arena = arena_open()};
	while (format->columns[t->n_known])
		t->n_known++;
	assert(t->n_known <= IMPORT_COLUMNS_MAX);
	csv_init(&t->csv, format->separator, format->quotes, take_row, t);
	return t;
}

void table_close(struct table **table)
{
	if (!*table)
		return;
	csv_release(&(*table)->csv);
	arena_close(&(*table)->arena);
	free(*table);
	*table = NULL;
}

int table_feed(struct table *t, struct slice bytes, struct err *e)
{
	return csv_feed(&t->csv, bytes, e);
}

int table_end(struct table *t, struct err *e)
{
	return csv_end(&t->csv, e) < 0 ? -1 : end_order(t, e);
}
