/* SPDX-License-Identifier: ISC */
#ifndef DESK_INTAKE_H
#define DESK_INTAKE_H

#include "attach.h"
#include "authority.h"
#include "link.h"
#include "mail.h"
#include "mail/compose.h"
#include "state.h"

#define INTAKE_FLAGS_MAX 16

/*
 * One journaled mail on its way (ARCHITECTURE.md, "The way of one mail"):
 * what was read of it, and what became of it.  It is read once, outside any
 * transaction; the rest is one transaction that may run again.
 */
struct intake {
	struct desk *desk;
	struct arena *arena;
	uint64_t id; /* of the journal */
	struct slice raw;
	struct mail *mail;
	struct mail_class class;
	struct mail_trimmed trimmed;
	struct attachments files;
	const char *broken;    /* why it cannot be read; null: it can */
	struct slice again_by; /* who takes it up again after quarantine; null: nobody */

	/* Of the transaction that runs. */
	struct work work;
	Tra__Journal *entry;
	struct authority authority;
	const char *flags[INTAKE_FLAGS_MAX]; /* remark.h; of the message, literals */
	size_t n_flags;
	struct slice looks_like;

	/*
	 * A run that was refused, or a preview, is rolled back and then written
	 * down in a second transaction: rolled_back.  run is of the last try.
	 */
	bool rolled_back;
	struct run *run;
};

/*
 * Processes one entry of the journal; 1 done, 0 it was done already, -1 TEMP:
 * later.
 */
int intake_process(struct desk *desk, uint64_t id, struct err *e);
/*
 * Takes up a quarantined mail again, as it would be processed anew, judged as
 * of its journaling; the thread it was quarantined in is merged into the one
 * it comes to, or closed.  1 done; 0 nothing to do: it is not quarantined, or
 * still cannot be read, and then *broken (in the arena) says why; else null.
 */
struct intake_again {
	uint64_t id;	   /* of the journal */
	struct slice user; /* who asked for it */
	const char *broken;
	uint64_t thread; /* where it came to, or 0 */
};
int intake_again(struct desk *desk, struct arena *a, struct intake_again *again, struct err *e);

/*
 * quarantine.c: behind the processing of a mail that was quarantined in that
 * thread, the thread is dealt with.
 */
int intake_leave_quarantine(struct intake *in, uint64_t thread, struct err *e);

/* The ways of the classes, inside the transaction. */
int intake_customer(struct intake *in, struct err *e);
int intake_agent(struct intake *in, struct err *e);
int intake_bounce(struct intake *in, struct err *e);
int intake_quarantine(struct intake *in, struct err *e);

/*
 * The mail of ours that this one answers, by the address it came back to or
 * by In-Reply-To: 1, 0 none, -1.
 */
int intake_answered(struct intake *in, Tra__Outbox **entry, struct err *e);

/* Adds the mail with its files and flags to a thread. */
int intake_add_message(struct intake *in, Rec__Thread *thread, Rec__Direction direction,
		       Rec__Message **message, struct err *e);
/* What was decided, in words, for the audit. */
void intake_verdict(struct intake *in, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
