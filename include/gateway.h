/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_GATEWAY_H
#define POSTCLERK_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base.h"
#include "desk.h"
#include "schema.h"

/*
 * The gateway knows sockets, IMAP (libetpan), SMTP (libcurl) and processes; it
 * does not know what a mail means.  It asks the desk of one directory with
 * requests (src/schema/rpc.proto), in this process or over its socket.
 */

/* ---- asking the desk ---- */

/* Larger than any batch the gateway makes; a longer frame ends the connection. */
#define GATEWAY_FRAME_MAX (64u << 20)
/* How long an answer may take, seconds: of the transport's requests, of a Call. */
#define GATEWAY_ANSWER_SECONDS 120
#define GATEWAY_CALL_SECONDS 3600

/* A way to ask the desk; one thread at a time. */
struct link;

/*
 * Connects to the running desk of that directory, or opens the desk in this
 * process when none runs.  TEMP when another process owns the store but does
 * not answer within a few seconds; CONFIG as desk_open says.
 */
int gateway_link_open(const char *dir, struct link **link, struct err *e);
void gateway_link_close(struct link **link);
/* Is the desk in this process?  Then nobody but the caller makes it work. */
bool gateway_link_local(const struct link *link);

/*
 * 1 and the desk's reply, in memory of the arena; the reply's own status is
 * the caller's to judge (gateway_reply_check).  -1 and TEMP when the desk went
 * away or its answer did not come in time: what was asked may have been done,
 * and the link is of no more use.
 */
int gateway_call(struct link *link, struct arena *a, const Rpc__Request *request,
		 Rpc__Reply **reply, struct err *e);
/* 1 when the reply's status is 0; else -1 and its sentence, in the class of its status. */
int gateway_reply_check(const Rpc__Reply *reply, struct err *e);
/*
 * Processes what waits in the journal, if the desk is in this process (else
 * the running desk does it).  How many mails, or -1.
 */
int gateway_link_work(struct link *link, struct err *e);

/* ---- one-shot forms ---- */

struct gateway_fetched {
	size_t mailboxes; /* that answered */
	size_t failed;	  /* that did not; each is logged */
	size_t mails;	  /* journaled */
	size_t known;	  /* recognised after a changed UIDVALIDITY */
	size_t owed;	  /* still to be taken: their literal was empty or short */
	size_t settled;	  /* marked or moved on their server */
};

/*
 * Takes the new mails of every mailbox section into the journal, processes
 * them, and marks or moves them on the server (MAIL.md 2).  1 when all
 * mailboxes were taken; -1 and the first failure's error, when some failed:
 * the counts hold what was done for the others.
 */
int gateway_fetch(const char *dir, struct gateway_fetched *done, struct err *e);

struct gateway_sent {
	size_t sent, retry, unknown, refused; /* mails, by outcome */
};

/*
 * Sends what is due in the outbox, over SMTP or into the Maildir `out` of the
 * directory when smtp.host is not set.  1 when all that was due has an
 * outcome, -1 when the work could not go on.
 */
int gateway_send(const char *dir, struct gateway_sent *done, struct err *e);

/* ---- the long-running form ---- */

/*
 * Without a process: the supervisor.  It starts `program --desk DIR serve
 * --process …` for the desk, an inbox a mailbox and the outbox, starts again
 * what ends, and returns 1 when SIGTERM or SIGINT stopped all of it.  With a
 * process ("desk", "inbox:NAME", "outbox"): does that one's work until
 * SIGTERM.  CONFIG errors end it at once.
 */
struct gateway_serve {
	const char *program; /* path of this program; null: /proc/self/exe */
	const char *process; /* null: the supervisor */
	int workers;	     /* threads that process mails; 0: a default */
};
int gateway_serve(const char *dir, const struct gateway_serve *options, struct err *e);

#endif
