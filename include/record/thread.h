/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_THREAD_H
#define POSTCLERK_RECORD_THREAD_H

#include "record/change.h"

/*
 * Threads (tickets) and their states (RECORD.md 2.7).  One [state][event]
 * array says what may happen; a hole is refused with a sentence.
 */
enum thread_event {
	THREAD_MAIL,   /* the customer wrote: open again */
	THREAD_ANSWER, /* an agent answered the customer: pending */
	THREAD_NOTE,   /* an internal note: the state stays */
	THREAD_ASSIGN, /* new becomes open, else the state stays */
	THREAD_CLOSE,
	THREAD_REOPEN,
	THREAD_SPAM,
	THREAD_MERGE,
	THREAD_EVENT_COUNT,
};

#define THREAD_STATE_COUNT (REC__THREAD_STATE__THREAD_STATE_MERGED + 1)

/* By its number, in memory of the arena. */
int thread_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Thread **thread, struct err *e);
/* A new thread: takes the next number when id is 0, sets created_at. */
int thread_create(struct change *ch, Rec__Thread *thread, struct err *e);
/*
 * Stores what the caller changed, with its history row.  What message_create
 * keeps in a thread (last message, count) is no change by itself.
 */
int thread_save(struct change *ch, Rec__Thread *thread, const char *event, struct slice reason,
		struct err *e);

/* The state an event leads to; false is a hole. */
bool thread_next(Rec__ThreadState from, enum thread_event event, Rec__ThreadState *to);
/* "close" */
const char *thread_event_name(enum thread_event event);
/* INPUT with state, event and what would be possible; changes nothing. */
int thread_check(const Rec__Thread *thread, enum thread_event event, struct err *e);
/*
 * Moves the thread and saves it, with everything else the caller changed in
 * it; one history row unless nothing at all differs.  Adds thread.closed,
 * thread.reopened … when the state changed by a person's event.
 */
int thread_move(struct change *ch, Rec__Thread *thread, enum thread_event event,
		struct slice reason, struct err *e);
/* Gives it to an agent (0: to nobody); adds thread.assigned. */
int thread_assign(struct change *ch, uint64_t id, uint64_t agent, struct err *e);

/* Some threads, in the arena. */
struct thread_list {
	Rec__Thread **items;
	size_t n;
};

/* Which threads of a queue: those of a state and an owner (0: nobody's). */
struct thread_query {
	Rec__ThreadState state;
	uint64_t owner;
	size_t limit;
};

/* The oldest first.  1, also when there are none. */
int thread_queue(struct txn *txn, struct arena *a, const struct thread_query *query,
		 struct thread_list *list, struct err *e);
/* Those of a customer, the newest first, at most limit.  1, also when there are none. */
int thread_of_customer(struct txn *txn, struct arena *a, uint64_t customer, size_t limit,
		       struct thread_list *list, struct err *e);

#endif
