/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_IMPORT_JSON_H
#define POSTCLERK_RECORD_IMPORT_JSON_H

#include "import_draft.h"

/*
 * The elements of a file of JSON: those of its outermost array, one by one, or
 * the one object that it is, or what stands in lists of that object ("orders",
 * "create" …).
 */
struct json_format {
	const char *channel;
	const char *const *lists; /* members whose elements are read; null ends them */
	/* 1 and a draft, 0 it is nothing that is imported, INPUT it is lost. */
	int (*read)(const struct json *element, struct draft *d, struct err *e);
};

extern const struct json_format shopify_json, woo_json;

struct elements;
struct elements *elements_open(const struct json_format *format,
			       const struct import_options *options);
void elements_close(struct elements **elements);
int elements_feed(struct elements *elements, struct slice bytes, struct err *e);
int elements_end(struct elements *elements, struct err *e);

/* ---- reading members ---- */

/* A text or a number as text; empty for null, false and what is not there. */
struct slice member_text(struct draft *d, const struct json *object, const char *name);
/* A member that is an object or array; null when it is none. */
const struct json *member_of(const struct json *object, const char *name);
/* An amount in minor units; 0 for nothing.  INPUT names the member. */
int member_amount(struct draft *d, const struct json *object, const char *name,
		  struct slice currency, int64_t *amount, struct err *e);
/* "first_name" and "last_name" in one. */
char *member_name(struct draft *d, const struct json *object);

/* What an address calls its members; without a name the two parts of one are read. */
struct member_address {
	const char *name, *line_1, *line_2, *postcode, *region, *country;
};
/* Of an object, or null: then it is empty. */
Rec__Address *member_address(struct draft *d, const struct json *object,
			     const struct member_address *names);
bool member_true(const struct json *object, const char *name);

#endif
