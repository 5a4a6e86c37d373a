/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_CHANGE_H
#define POSTCLERK_RECORD_CHANGE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "schema.h"
#include "store.h"

/*
 * The unit of work: who changes the record, when, because of which mail, and
 * inside which transaction.  Whoever has one fills in the first part and calls
 * change_init; every function that changes the record takes it, writes its
 * history row from it, and leaves what happened in its list of events.  The
 * record sends nothing: its caller turns events into mails and jobs after the
 * run, in the same transaction.
 */

struct order_money;

/* Something that happened, in the order it did. */
struct event {
	const char *name; /* "order.released"; a literal */
	char letter;	  /* of the object (id.h); 'C', 'O', 'T' … */
	uint64_t id;
	struct slice text; /* the reason, the comment; of mail.requested the template */
	struct event *next;
};

struct change {
	struct txn *txn;
	struct arena *arena; /* of the work: everything returned lives here */
	int64_t now;	     /* UTC seconds: the time of journaling, or clock_now() */
	uint64_t agent;	     /* 0 for the system and imports */
	struct slice actor;  /* agent's name, "system", "import" */
	Rec__Role role;
	struct slice mail; /* Message-ID of the mail that caused it, or empty */
	/* What invoices and payments say of orders (order_money.h); null: there are none yet. */
	const struct order_money *money;

	struct event *events; /* the first; from here on kept by change_event */
	size_t n_events;
};

/* A work of the system itself, without events yet; the caller sets agent … mail. */
void change_init(struct change *ch, struct txn *txn, struct arena *a, int64_t now);
/* Adds an event; the text is copied into the arena. */
void change_event(struct change *ch, const char *name, char letter, uint64_t id, struct slice text);
/*
 * Forgets every event behind the first n: what a refused command said did not
 * happen.
 */
void change_events_cut(struct change *ch, size_t n);

#endif
