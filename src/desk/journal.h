/* SPDX-License-Identifier: ISC */
#ifndef DESK_JOURNAL_H
#define DESK_JOURNAL_H

#include "schema.h"
#include "store.h"

/*
 * The journal: every mail that came in, by number, with its bytes sealed; and
 * how far each folder of a mailbox is taken (MAIL.md 2).
 */
extern const struct store_table journal_table, cursor_table, run_table;

/*
 * Adds a mail as of `now`.  1 and its number; 0 and the number of the entry
 * that was there already, when the same place (mailbox, folder, UIDVALIDITY,
 * UID) was journaled before.
 */
int journal_add(struct txn *txn, const Rpc__Mail *mail, int64_t now, uint64_t *id, struct err *e);
int journal_load(struct txn *txn, struct arena *a, uint64_t id, Tra__Journal **entry,
		 struct err *e);
int journal_save(struct txn *txn, const Tra__Journal *entry, struct err *e);
/* The mail's bytes, in the transaction's arena; 0 when they were erased. */
int journal_bytes(struct txn *txn, uint64_t id, struct slice *raw, struct err *e);

/* The first entry with that digest that is older than `before`. */
int journal_find_digest(struct txn *txn, struct arena *a, struct slice sha256, uint64_t before,
			Tra__Journal **entry, struct err *e);
/* Numbers of entries that wait to be processed, from `from` on; returns how many, or -1. */
int journal_waiting(struct txn *txn, uint64_t from, uint64_t *ids, size_t most, struct err *e);
/* Quarantined entries, from number `from` on; how many, or -1. */
int journal_quarantined(struct txn *txn, struct arena *a, uint64_t from, Tra__Journal **entries,
			size_t most, struct err *e);
/* The number that the next entry will have, or a lower one. */
int journal_next(struct txn *txn, uint64_t *id, struct err *e);

/*
 * Entries of a folder that are committed and whose copy on the server was not
 * yet marked or moved.
 */
struct journal_unsettled {
	uint64_t id;
	uint32_t uid;
	bool quarantined;
};
int journal_unsettled(struct txn *txn, const Rpc__SettleGet *folder, struct journal_unsettled *list,
		      size_t most, struct err *e);

/* How far a folder has been taken; 0 when nothing of it has. */
int journal_cursor_load(struct txn *txn, struct arena *a, struct slice mailbox, struct slice folder,
			Tra__Cursor **cursor, struct err *e);
int journal_cursor_save(struct txn *txn, const Tra__Cursor *cursor, struct err *e);

/* Which command mails have run: by agent, Message-ID and digest of the text. */
int journal_run_load(struct txn *txn, struct arena *a, struct slice key, Tra__CommandRun **run,
		     struct err *e);
int journal_run_save(struct txn *txn, const Tra__CommandRun *run, struct err *e);

#endif
