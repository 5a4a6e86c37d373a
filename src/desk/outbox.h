/* SPDX-License-Identifier: ISC */
#ifndef DESK_OUTBOX_H
#define DESK_OUTBOX_H

#include "schema.h"
#include "store.h"

/*
 * The outbox: mails that wait to be sent, written in the transaction that
 * caused them and taken by time; and what automatic mail each address got.
 */
extern const struct store_table outbox_table, automatic_table;

/* How often and how long a mail is tried (RFC 5321 4.5.4.1: 4 days and more). */
#define OUTBOX_DAYS 5
#define OUTBOX_DELAY_FIRST 60 /* seconds */
#define OUTBOX_DELAY_MAX 14400

/* The next number; the caller needs it for the Message-ID. */
int outbox_next(struct txn *txn, uint64_t *id, struct err *e);
/* Stores an entry with its bytes. */
int outbox_add(struct txn *txn, const Tra__Outbox *entry, struct slice raw, struct err *e);
int outbox_load(struct txn *txn, struct arena *a, uint64_t id, Tra__Outbox **entry, struct err *e);
int outbox_save(struct txn *txn, const Tra__Outbox *entry, struct err *e);
int outbox_bytes(struct txn *txn, uint64_t id, struct slice *raw, struct err *e);

/* Entries due by now, the longest due first; how many, or -1. */
int outbox_due(struct txn *txn, struct arena *a, int64_t now, Tra__Outbox **entries, size_t most,
	       struct err *e);
/* When the next one is due; 0 when none waits. */
int outbox_next_due(struct txn *txn, int64_t *at, struct err *e);

/* Seconds until try number `tries` + 1: doubled each time up to a ceiling. */
int64_t outbox_delay(uint32_t tries);

/*
 * Counts one automatic mail to an address, or whatever else has a cap: 1 it
 * may go, 0 the day's number is used up or the address bounced for good
 * (MAIL.md 3).
 */
struct automatic_limit {
	int64_t now;
	uint32_t per_day;
};
int automatic_take(struct txn *txn, struct slice address, const struct automatic_limit *limit,
		   struct err *e);
/* No automatic mail to that address any more: it bounced hard. */
int automatic_suppress(struct txn *txn, struct slice address, struct err *e);

#endif
