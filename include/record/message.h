/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_MESSAGE_H
#define POSTCLERK_RECORD_MESSAGE_H

#include "record/change.h"

/*
 * Messages of threads: mails in and out, and internal notes.  They are the
 * record of themselves and have no history rows.
 */

/* By its number, in memory of the arena. */
int message_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Message **message,
		 struct err *e);
/*
 * A new message at the end of its thread: takes the next number, sets
 * created_at (and sent_at where unset), and keeps last_message, message_count
 * and updated_at of the thread, in the store and in *thread.
 */
int message_create(struct change *ch, Rec__Thread *thread, Rec__Message *message, struct err *e);
/*
 * An internal note by the agent of the change: a message of direction NOTE
 * whose text is a sealed blob of the record's own.  Adds thread.noted.
 */
int message_note(struct change *ch, Rec__Thread *thread, struct slice text, struct err *e);
/* The text of such a note; 0 when the message is none, or its text was erased. */
int message_note_text(struct txn *txn, const Rec__Message *message, struct slice *text,
		      struct err *e);
/* What became of it (delivery, class); the thread is not touched. */
int message_save(struct change *ch, const Rec__Message *message, struct err *e);

/* By Message-ID without angle brackets; of several the first. */
int message_find(struct txn *txn, struct arena *a, struct slice message_id, Rec__Message **message,
		 struct err *e);

/* A page of a thread: its newest messages with a number below `before` (0: of all). */
struct message_query {
	uint64_t thread;
	uint64_t before;
	size_t limit;
};

struct message_list {
	Rec__Message **items; /* the newest first */
	size_t n;
};

/* 1, also when there are none. */
int message_list(struct txn *txn, struct arena *a, const struct message_query *query,
		 struct message_list *list, struct err *e);

#endif
