/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_CLASSIFY_H
#define POSTCLERK_MAIL_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"
#include "mail/message.h"

/*
 * What kind of mail it is, from the mail alone (MAIL.md 3): a bounce (RFC
 * 3464, and the free forms of old servers), a feedback report (RFC 5965),
 * automatic (RFC 3834), or written by a person.
 */
enum mail_kind { MAIL_KIND_CUSTOMER, MAIL_KIND_AUTO, MAIL_KIND_DSN, MAIL_KIND_ARF };

enum mail_action {
	MAIL_ACTION_UNKNOWN,
	MAIL_ACTION_FAILED,
	MAIL_ACTION_DELAYED,
	MAIL_ACTION_DELIVERED,
	MAIL_ACTION_RELAYED,
	MAIL_ACTION_EXPANDED,
};

/* One recipient of a report, RFC 3464 2.3; what is absent is empty. */
struct mail_recipient {
	struct slice final, original; /* addresses, without "rfc822;" */
	enum mail_action action;
	struct slice status;	 /* "5.1.1" */
	struct slice diagnostic; /* "smtp; 550 …", one line */
	struct slice remote_mta;
	bool hard; /* failed for good: status 5.x.x */
};

struct mail_class {
	enum mail_kind kind;
	const char *reason; /* why, a literal: "auto-submitted", "multipart/report" */
	bool formal;	    /* a machine-readable report, not a guess from free text */
	const struct mail_recipient *recipients;
	size_t n_recipients;
	struct slice reporting_mta, envelope_id;
	/* Of the mail that came back: its Message-ID (no <>), From, To, and fields. */
	struct slice original_message_id, original_from, original_to;
	/* Feedback report: "abuse", and whom it is about. */
	struct slice feedback_type, original_mail_from, original_rcpt_to;
	/* The part that is the returned mail or its header, or MAIL_NO_PART. */
	size_t original_part;
};

/* Says what a mail is, by its fields, its parts and, for bounces, its text; it cannot fail. */
void mail_classify(struct arena *a, const struct mail *m, struct mail_class *out);

/* "customer", "auto", "dsn", "arf"; literals. */
const char *mail_kind_name(enum mail_kind kind);
/* "failed", "delayed" …, "" when unknown. */
const char *mail_action_name(enum mail_action action);

#endif
