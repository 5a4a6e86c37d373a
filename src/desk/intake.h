/* SPDX-License-Identifier: ISC */
#ifndef DESK_INTAKE_H
#define DESK_INTAKE_H

#include "authority.h"
#include "link.h"
#include "mail.h"
#include "mail/compose.h"
#include "state.h"

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
	const char *broken; /* why it cannot be read; null: it can */

	/* Of the transaction that runs. */
	struct work work;
	Tra__Journal *entry;
	struct authority authority;

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

/* Adds the mail to a thread. */
int intake_add_message(struct intake *in, Rec__Thread *thread, Rec__Direction direction,
		       Rec__Message **message, struct err *e);
/* Attachments as they go to an agent; what is too large is left out. */
size_t intake_attachments(struct intake *in, struct mail_attachment **list);
/* What was decided, in words, for the audit. */
void intake_verdict(struct intake *in, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
