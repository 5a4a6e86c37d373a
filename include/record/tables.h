/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_TABLES_H
#define POSTCLERK_RECORD_TABLES_H

#include "store.h"

/*
 * The tables of the record, for the schema of the store; whoever opens it adds
 * tables of his own behind them.  Reading and writing them is what the other
 * headers of include/record/ are for.
 *
 * Blobs (store_blob_put) that the record writes have one of these in the top
 * byte of their id, and the number of the history row or message below.
 */
#define RECORD_TABLES 22
#define RECORD_BLOB_HISTORY ((uint64_t)'H' << 56)
#define RECORD_BLOB_NOTE ((uint64_t)'N' << 56)
#define RECORD_BLOB_DOCUMENT ((uint64_t)'D' << 56)

/* Numbers of customers, orders and threads begin here (C10001). */
#define RECORD_FIRST_ID 10001

extern const struct store_table *const record_tables[RECORD_TABLES];

#endif
