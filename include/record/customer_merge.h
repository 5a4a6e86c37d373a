/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_CUSTOMER_MERGE_H
#define POSTCLERK_RECORD_CUSTOMER_MERGE_H

#include "record/change.h"

/*
 * Two records of one customer become one (MC-16, RECORD.md 2.9).  Whatever
 * names the one names the other afterwards; external ids, mail addresses,
 * addresses and notes are united, flags are OR-ed, empty fields filled; type,
 * channel and terms of the target stay.  What remains is a tombstone that
 * resolves for ever.  It cannot be taken back.
 */

/* Kinds of objects that name a customer. */
#define CUSTOMER_NAMED(X)                                                                          \
	X(ORDERS, "order", "orders")                                                               \
	X(THREADS, "thread", "threads")                                                            \
	X(SHIPMENTS, "shipment", "shipments")                                                      \
	X(CHILDREN, "sub-customer", "sub-customers")                                               \
	X(TOMBSTONES, "customer merged before", "customers merged before")                         \
	X(DOCUMENTS, "document", "documents")                                                      \
	X(FILES, "file", "files")

#define CUSTOMER_NAMED_ENUM(name, one, many) CUSTOMER_NAMED_##name,
enum customer_named { CUSTOMER_NAMED(CUSTOMER_NAMED_ENUM) CUSTOMER_NAMED_COUNT };
#undef CUSTOMER_NAMED_ENUM

struct customer_merge {
	uint64_t from, to;
	bool force; /* although both have debtor codes, and different ones */
};

/* What names the source: of each kind CUSTOMER_COUNT_MAX at most. */
#define CUSTOMER_COUNT_MAX 20000
struct customer_counts {
	size_t n[CUSTOMER_NAMED_COUNT];
};

/* "3 orders, 1 thread"; "nothing". */
void customer_counts_put(const struct customer_counts *counts, struct buf *out);

/*
 * INPUT: the same one, one was merged already, the source is above the target
 * in a line of parents, both have orders in different debtor codes.
 */
int customer_merge_check(struct txn *txn, struct arena *a, const struct customer_merge *merge,
			 struct err *e);
/*
 * Unites the two and moves what names the source, CUSTOMER_MERGE_NOW objects at
 * most: a due job (CUSTOMER_MERGE_JOB) moves the rest in steps, since a
 * transaction has a limit.  *counts is what there was to move.
 * Adds customer.merged of the target.
 */
#define CUSTOMER_MERGE_NOW 100
#define CUSTOMER_MERGE_STEP 250
#define CUSTOMER_MERGE_JOB "customer-merge"
int customer_merge(struct change *ch, const struct customer_merge *merge,
		   struct customer_counts *counts, struct err *e);
/*
 * One more step for the tombstone `from`; adds the next job while something is
 * left.  1, or 0 when nothing was left.
 */
int customer_merge_step(struct change *ch, uint64_t from, struct err *e);

#endif
