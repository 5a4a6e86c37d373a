/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_MAILBOX_H
#define GATEWAY_MAILBOX_H

#include "cursor.h"
#include "gateway.h"
#include "imap.h"
#include "route.h"

/*
 * One folder of one mailbox on its way into the journal: what is new is
 * fetched and delivered to the desk, with the cursor, and only then marked or
 * moved on the server.
 */

enum mailbox_after { MAILBOX_KEYWORD, MAILBOX_MOVE, MAILBOX_NOTHING };

#define MAILBOX_KEYWORD_DONE "$PostclerkDone"

/* RELIABILITY.md, limits on input: of a larger mail only the first part is taken. */
#define MAILBOX_MAIL_MAX (32u << 20)
#define MAILBOX_PART (256u << 10)
/* A Deliver: mails, and bytes unless it is one mail. */
#define MAILBOX_BATCH 50
#define MAILBOX_BATCH_BYTES (16u << 20)

struct mailbox {
	const char *title, *folder, *done_folder, *quarantine_folder;
	enum mailbox_after after;
	bool idle;
	int64_t poll_ms, alarm_ms;
	struct route route;

	struct link *link; /* the caller's */
	struct imap *imap; /* null: not connected */
	uint32_t uidvalidity;
	struct cursor cursor;
	bool rescan; /* UIDVALIDITY changed: what comes may be known */

	/* One mail at a time up to this UID, since a batch with it failed. */
	uint32_t careful;
	uint32_t suspect; /* the mail that failed alone, and how often */
	unsigned suspicions;
	/* Owed mails are asked for again at this monotonic time. */
	int64_t owed_at, owed_pause_ms;

	struct gateway_fetched done;
	size_t unsettled; /* delivered since, and not seen settled */
};

/*
 * Settings of mailbox section i; strings are the configuration's or the
 * arena's.  CONFIG error as route_load says.
 */
int mailbox_load(struct arena *a, const char *dir, const struct conf *conf, size_t i,
		 struct mailbox *box, struct err *e);

/*
 * Connects if need be and takes everything new.  1, or -1: then it is
 * disconnected, and the next call goes on where this one ended.
 */
int mailbox_poll(struct mailbox *box, struct err *e);
/*
 * Marks or moves what the desk has committed, waiting wait_ms for something
 * to be committed.  1 when something was, 0 when there was nothing, -1 as above.
 */
int mailbox_settle(struct mailbox *box, uint32_t wait_ms, struct err *e);
/* Waits for new mail, at most ms, by IDLE or by sleeping.  1 news, 0 none, -1. */
int mailbox_wait(struct mailbox *box, int64_t ms, struct err *e);
void mailbox_disconnect(struct mailbox *box);

#endif
