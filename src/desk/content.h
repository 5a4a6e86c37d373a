/* SPDX-License-Identifier: ISC */
#ifndef DESK_CONTENT_H
#define DESK_CONTENT_H

#include "base.h"
#include "store.h"

/*
 * Bytes that are stored once however often they come, by their SHA-256; sealed
 * like raw mail, with a key of their own.  Whoever keeps them is an owner: a
 * word such as "message:12".  Bytes without an owner are to be erased.
 */
extern const struct store_table content_table, content_use_table;

#define CONTENT_OWNER_MAX 64

/*
 * Keeps the bytes for that owner; the same twice counts once.  digest is their
 * SHA-256.  1 when they were new, 0 when they were there already, -1.
 */
int content_put(struct txn *txn, const uint8_t digest[SHA256_SIZE], struct slice bytes,
		const char *owner, int64_t now, struct err *e);
/* 0 when there are none, or they were erased.  In the transaction's arena. */
int content_get(struct txn *txn, struct slice digest, struct slice *bytes, struct err *e);
/* How many owners the bytes have, counted up to `most`; -1. */
int content_owners(struct txn *txn, struct slice digest, int most, struct err *e);
/*
 * The owner keeps them no longer.  1 when nobody else does: then the row is
 * gone, and *blob is to be erased with store_blob_erase behind the
 * transaction (it may be repeated after a crash).  0 when others do, or the
 * owner did not.
 */
int content_drop(struct txn *txn, struct slice digest, const char *owner, uint64_t *blob,
		 struct err *e);

/*
 * Tells of every use of bytes that are not there, and of bytes without an
 * owner; exists says of an owner whether it is there.
 */
typedef void content_report_fn(void *ctx, const char *finding);
typedef int content_owner_fn(struct txn *txn, struct slice owner, struct err *e);
int content_verify(struct store *store, content_owner_fn *exists, content_report_fn *report,
		   void *ctx, struct err *e);

#endif
