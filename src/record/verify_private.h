/* SPDX-License-Identifier: ISC */
#ifndef RECORD_VERIFY_PRIVATE_H
#define RECORD_VERIFY_PRIVATE_H

#include "object.h"
#include "record/verify.h"

/* One walk over the record; what the files of its subjects share. */
struct verify {
	struct txn *txn;
	struct arena *a; /* cleared before each object */
	store_report_fn *report;
	void *ctx;
	size_t findings;
	const char *label; /* of the object at hand */
	bool compared;	   /* the series were; their transaction then fails on purpose */
	uint64_t highest[OBJECT_TYPES];
};

/* A finding about the object at hand: "O10042: line 3 has no state". */
void verify_found(struct verify *v, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A reference of 0 names nobody. */
void verify_exists(struct verify *v, enum object_type type, uint64_t id, const char *field);
void verify_needs(struct verify *v, enum object_type type, uint64_t id, const char *field);
/* The first record of a unique index key must be this one. */
void verify_first(struct verify *v, enum object_type type, int index, const struct store_key *key,
		  uint64_t id, const char *what);
/*
 * Follows references of one kind from an object: it must not come back to
 * where it began.  next gives the number behind one, 0 at the end.
 */
typedef uint64_t verify_next_fn(const ProtobufCMessage *message);
void verify_chain(struct verify *v, enum object_type type, uint64_t id, verify_next_fn *next,
		  const char *field);

typedef void verify_fn(struct verify *v, const ProtobufCMessage *message);
verify_fn verify_customer, verify_order, verify_shipment, verify_item;

#endif
