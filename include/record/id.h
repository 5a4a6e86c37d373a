/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_ID_H
#define POSTCLERK_RECORD_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/*
 * How records are named by people (MAIL.md 5): a letter and a number, of
 * documents with the year before it (I2026-00017), of an order's line with its
 * number behind a slash and that of a split behind a point (O10042/3.1).
 */
struct id {
	char letter;	 /* upper case; 0 is no id at all */
	uint32_t year;	 /* of documents, else 0 */
	uint64_t number; /* 1 or more */
	uint32_t line;	 /* 0: the whole order */
	uint32_t split;	 /* 0: the unsplit line */
};

/* What a letter stands for. */
struct id_kind {
	char letter;
	const char *name;   /* "customer" */
	const char *plural; /* "customers" */
	bool document;	    /* numbered by year: letter, year, '-', number */
};

/* The whole table; a row with letter 0 ends it. */
extern const struct id_kind id_kinds[];
/* The row of that letter (any case), or null. */
const struct id_kind *id_kind(char letter);

/*
 * The whole text must be one id, any case.  1, or -1 and an INPUT error that
 * says what an id looks like.  No zeros before a number but in documents.
 */
int id_parse(struct slice text, struct id *id, struct err *e);
/* "O10042/3.1" */
void id_put(struct buf *out, const struct id *id);
char *id_print(struct arena *a, const struct id *id);
/* "O10042" */
char *id_text(struct arena *a, char letter, uint64_t number);

#endif
