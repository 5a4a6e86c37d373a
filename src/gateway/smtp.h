/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_SMTP_H
#define GATEWAY_SMTP_H

#include "base.h"
#include "route.h"

/*
 * SMTP by libcurl.  It passes every byte on, so nothing goes in that
 * mail_addr_strict and mail_wire_safe refuse; and its codes mean little, so
 * the outcome is judged by which command was answered with what (NOTES.md).
 */

enum smtp_outcome {
	SMTP_SENT,
	SMTP_RETRY,   /* nothing was taken: not reached, 4xx, or lost before the end of the mail */
	SMTP_UNKNOWN, /* lost behind the end of the mail: it may have been taken */
	SMTP_REFUSED, /* 5xx for this mail, or a mail that must not be sent */
};

/* How far a transaction came: the last command that went out. */
enum smtp_phase {
	SMTP_PHASE_SESSION, /* connecting, EHLO, STARTTLS, AUTH */
	SMTP_PHASE_MAIL,
	SMTP_PHASE_RCPT,
	SMTP_PHASE_DATA,
	SMTP_PHASE_BODY, /* the server asked for the mail (354) */
	SMTP_PHASE_END,	 /* all of it went out */
};

/*
 * Pure: what a transaction came to.  `code` is the reply to the phase's
 * command, 0 when there was none; `complete` is libcurl's word that all went
 * well, which is believed only at the end of the mail.
 */
enum smtp_outcome smtp_judge(enum smtp_phase phase, int code, bool complete);

struct smtp_mail {
	struct slice sender;	/* empty: the null return-path */
	struct slice recipient; /* exactly one */
	struct slice raw;
};

#define SMTP_DETAIL_MAX ((size_t)400)

struct smtp_result {
	enum smtp_outcome outcome;
	bool unreached;		      /* it failed before the mail's turn came */
	char detail[SMTP_DETAIL_MAX]; /* the server's words, or what went wrong: one line */
};

/* May it go out at all?  If not, the result says why: SMTP_REFUSED. */
bool smtp_sendable(const struct smtp_mail *mail, struct smtp_result *result);

/* A route with at most one connection, opened when needed. */
struct smtp;

/* Called once in a program, before any thread: libcurl's own set-up. */
void smtp_init(void);
struct smtp *smtp_open(const struct route *route, const char *helo);
void smtp_close(struct smtp **smtp);
/* One transaction; after anything but SMTP_SENT the connection is dropped. */
void smtp_send(struct smtp *smtp, const struct smtp_mail *mail, struct smtp_result *result);

#endif
