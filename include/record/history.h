/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_HISTORY_H
#define POSTCLERK_RECORD_HISTORY_H

#include "record/change.h"

/*
 * The append-only log of every change (PX-09): who, when, what, by which mail,
 * each changed field before and after.  Where a changed field is personal data
 * all changes of the row are sealed in a blob of their own, so that they can be
 * erased; the row says so.  The row of a new object names no fields: what it
 * began as is what it is, less the changes since.
 */

/* One row; objects are "O10042", "agent:3", "item:SKU-1", "shop:1". */
struct history_entry {
	const char *object;
	const char *event;
	const char *from_state; /* null: has no states */
	const char *to_state;
	struct slice reason;
	bool manual;		     /* a person's own entry: a note, a comment */
	const ProtobufCMessage *old; /* null: the object is new */
	const ProtobufCMessage *new;
};

/*
 * Writes the row, with actor, agent and mail of the change.  1, or 0 and
 * nothing written when old and new do not differ and neither do the states.
 * Fields that only keep count (updated_at, last_message, message_count) are no
 * difference.
 */
int history_add(struct change *ch, const struct history_entry *entry, struct err *e);

struct history_list {
	Rec__History **items; /* the newest first */
	size_t n;
};

/*
 * The newest rows of an object, at most limit, with sealed changes opened
 * where they have not been erased.  1, also when there are none.
 */
int history_of(struct txn *txn, struct arena *a, struct slice object, size_t limit,
	       struct history_list *list, struct err *e);

/* A page of an object's rows: the newest with a number below `before` (0: of all). */
struct history_query {
	struct slice object;
	uint64_t before;
	size_t limit;
};
/* As history_of; *more when there are older ones still. */
int history_page(struct txn *txn, struct arena *a, const struct history_query *query,
		 struct history_list *list, bool *more, struct err *e);

#endif
