/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_SEARCH_WANT_H
#define POSTCLERK_RECORD_SEARCH_WANT_H

#include "record/search.h"
#include "search_keys.h"
#include "search_set.h"

/* One search at work. */
struct finder {
	struct txn *txn;
	struct arena *a;
	bool orders;  /* it is one for orders */
	size_t loads; /* records looked at so far */
};

enum { FIND_CUSTOMERS, FIND_ORDERS, FIND_KINDS };

struct want;

/* A row of the table of fields (search_fields.c). */
struct search_row {
	const char *name;
	char finds; /* 'C', 'O', 'B' */
	enum search_tag tag;
	enum search_form form;
	enum search_start start;
	const char *shown; /* printf of the text as compared */
	/* Makes the criterion comparable; INPUT. */
	int (*prepare)(struct finder *f, struct want *want, struct err *e);
	/* Fills the sets of all that can fit; null: there is no index to look in. */
	int (*look)(struct finder *f, struct want *want, struct err *e);
	/* Does this record fit?  The other one is null where only one kind is looked at. */
	int (*fits)(struct finder *f, const struct want *want, const Rec__Customer *customer,
		    const Rec__Order *order, struct err *e);
};

/* A criterion at work. */
struct want {
	const struct search_row *row;
	const struct search_criterion *given;
	struct slice text; /* as compared */
	uint64_t number;   /* of an enumeration, an id */
	struct search_set found[FIND_KINDS];
	struct slice *skus; /* of ITEM: comparable */
	size_t n_skus;
	bool looked; /* found holds all that can fit */
	bool sure;   /* and nothing that does not */
};

const struct search_row *search_row(enum search_field field);

/* Is it about orders in this search, and not about their customers? */
bool want_of_orders(const struct finder *f, const struct want *want);
/* Counts a record that is looked at; INPUT when it is one too many. */
int finder_load(struct finder *f, struct err *e);

/* search_order.c: puts hits in the order that the search wants; INPUT when they are too many. */
int search_order(struct txn *txn, struct arena *a, const struct search *search, struct id *hits,
		 size_t n, struct err *e);

/* search_walk.c */
/* Adds the numbers behind all keys that begin with that one; `whole`: that are it. */
int walk_numbers(struct finder *f, enum object_type type, int index, const struct store_key *key,
		 bool whole, struct search_set *set, struct err *e);
/* By a tag and a text of the search index; *sure false when the text is longer than keys are. */
int walk_tag(struct finder *f, enum object_type type, const struct search_row *row,
	     struct slice text, struct search_set *set, bool *sure, struct err *e);

#endif
