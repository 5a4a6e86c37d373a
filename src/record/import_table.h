/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_IMPORT_TABLE_H
#define POSTCLERK_RECORD_IMPORT_TABLE_H

#include "csv.h"
#include "import_draft.h"

/*
 * Rows with a header: columns by name, and the rows of one order together.
 * What stands in one row after another with the same key is one order.
 */
struct table_row;

struct table_format {
	char separator;
	bool quotes;
	const char *const *columns; /* known ones, in any order; null ends them */
	const char *const *keys;    /* what an order is known by: the first that is there */
	const char *channel;
	/* The rows of one order as a draft; INPUT loses the order. */
	int (*read)(const struct table_row *rows, size_t n, struct draft *d, struct err *e);
};

/* One row: its values by the position of the column's name in `columns`. */
struct table_row {
	uint64_t line;
	const struct slice *values;
	const struct table_format *format;
};

/* The value of a column of that name; empty where the file has no such column. */
struct slice table_value(const struct table_row *row, const char *column);

extern const struct table_format shopify_table, amazon_table;

struct table;
struct table *table_open(const struct table_format *format, const struct import_options *options);
void table_close(struct table **table);
int table_feed(struct table *table, struct slice bytes, struct err *e);
int table_end(struct table *table, struct err *e);

#endif
