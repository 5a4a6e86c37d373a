/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_CSV_H
#define POSTCLERK_RECORD_CSV_H

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "record/import_reader.h"

/*
 * Rows of comma- and tab-separated values (RFC 4180), pushed in in pieces of
 * any size.  Our own, since Debian's libcsv has neither bounds nor lines.
 * Lenient where programs differ: LF, CR LF or CR ends a row, a quote inside an
 * unquoted field is a quote, what follows a closing quote belongs to the field.
 */
struct csv_row {
	uint64_t line; /* where it begins */
	size_t n;
	struct slice fields[IMPORT_COLUMNS_MAX];
	const char *error; /* why the row is not whole, or null */
};
/* The row is good until it returns.  1 to go on, -1 and *e to stop. */
typedef int csv_row_fn(void *ctx, const struct csv_row *row, struct err *e);

enum csv_state {
	CSV_BEGIN, /* of a field */
	CSV_PLAIN,
	CSV_QUOTED,
	CSV_QUOTE,  /* one quote inside a quoted field: its end, or half of "" */
	CSV_RETURN, /* a CR: an LF behind it belongs to it */
};

struct csv {
	char separator;
	bool quotes; /* fields may be quoted (not Amazon's) */
	csv_row_fn *emit;
	void *ctx;

	struct buf text; /* of the row at hand */
	size_t ends[IMPORT_COLUMNS_MAX];
	size_t n;
	enum csv_state state;
	uint64_t line, row_line;
	const char *error;
};

void csv_init(struct csv *csv, char separator, bool quotes, csv_row_fn *emit, void *ctx);
void csv_release(struct csv *csv);
int csv_feed(struct csv *csv, struct slice bytes, struct err *e);
/* The last row may have no end. */
int csv_end(struct csv *csv, struct err *e);

#endif
