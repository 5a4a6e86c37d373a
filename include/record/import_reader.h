/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_IMPORT_READER_H
#define POSTCLERK_RECORD_IMPORT_READER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/slice.h"

/*
 * Files of other systems, as JSON Lines of ours (RECORD.md 6).  A reader is a
 * pure machine: bytes in, in pieces of any size, objects out, in their order.
 * Its memory is bounded by the largest single order.  A bad row or element
 * loses its order and is told of with its line; only a file that is none of
 * the format fails as a whole.
 */
enum import_format {
	IMPORT_UNKNOWN, /* by its first bytes */
	IMPORT_JSONL,
	IMPORT_SHOPIFY_CSV,
	IMPORT_SHOPIFY_JSON,
	IMPORT_WOO_JSON,
	IMPORT_AMAZON_TSV,
	IMPORT_FORMATS,
};

#define IMPORT_OBJECT_MAX (16u << 20) /* bytes of one order in a file */
#define IMPORT_FIELD_MAX (1u << 20)   /* bytes of one field of a table */
#define IMPORT_COLUMNS_MAX 512	      /* columns of a table */
#define IMPORT_ROWS_MAX 2000	      /* rows of one order */

/* "shopify-csv"; the format of that word, or INPUT that lists them. */
const char *import_format_name(enum import_format format);
int import_format_find(struct slice word, enum import_format *format, struct err *e);

/* By the first bytes of a file, 64 KiB at best; IMPORT_UNKNOWN when it is none. */
enum import_format import_format_recognise(struct slice head);

/* What a reader found. */
struct import_item {
	uint64_t line;		   /* of the file, where it begins; 1 the first */
	const struct json *object; /* for record_import; null: see error and remark */
	struct slice error;	   /* why the order of that line is lost */
	struct slice remark;	   /* about the file as a whole: an unknown column */
};
/* The item is good until it returns.  1 to go on, -1 and *e to stop. */
typedef int import_item_fn(void *ctx, const struct import_item *item, struct err *e);

struct import_options {
	enum import_format format;
	struct slice channel; /* of the orders; empty: shopify, woocommerce, amazon */
	import_item_fn *emit;
	void *ctx;
};

struct import_reader;
struct import_reader *import_reader_open(const struct import_options *options);
void import_reader_close(struct import_reader **reader);
/*
 * The next bytes of the file.  INPUT when it is none of the formats or not
 * what its format says; or what emit returned.
 */
int import_reader_feed(struct import_reader *reader, struct slice bytes, struct err *e);
/* No more bytes. */
int import_reader_end(struct import_reader *reader, struct err *e);
/* What it is, once enough was read. */
enum import_format import_reader_format(const struct import_reader *reader);

#endif
