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
 * 3464, and the free forms of servers that know no RFC 3464), a feedback
 * report (RFC 5965), automatic (RFC 3834), or written by a person.
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

/*
 * Why a recipient was not reached: the name in reports, the RFC 3463 status
 * without its first number that stands for it where the server gave none, and
 * whether that address will fail for good ("hard") with a permanent status.
 */
#define MAIL_BOUNCES(X)                                                                            \
	X(UNDEFINED, "undefined", "0.0", true)                                                     \
	X(USER_UNKNOWN, "user-unknown", "1.1", true)                                               \
	X(HOST_UNKNOWN, "host-unknown", "1.2", true)                                               \
	X(HAS_MOVED, "has-moved", "1.6", true)                                                     \
	X(NOT_ACCEPTED, "not-accepted", "1.10", true) /* the domain takes no mail (RFC 7505) */    \
	X(SUSPENDED, "suspended", "2.1", true)                                                     \
	X(MAILBOX_FULL, "mailbox-full", "2.2", false)                                              \
	X(TOO_LARGE, "too-large", "3.4", false)                                                    \
	X(SYSTEM_FULL, "system-full", "3.1", false)                                                \
	X(SYSTEM_ERROR, "system-error", "3.5", false)                                              \
	X(MAILER_ERROR, "mailer-error", "3.0", false) /* the recipient's own program failed */     \
	X(EXPIRED, "expired", "4.7", false)                                                        \
	X(NETWORK_ERROR, "network-error", "4.1", false) /* routes, loops, DNS out of order */      \
	X(RATE_LIMITED, "rate-limited", "4.5", false)                                              \
	X(SYNTAX_ERROR, "syntax-error", "5.2", false)                                              \
	X(CONTENT_ERROR, "content-error", "6.0", false)                                            \
	X(NOT_COMPLIANT, "not-compliant", "6.0", false) /* the mail breaks RFC 5322 */             \
	X(FILTERED, "filtered", "2.0", false)		/* by what the recipient has set */        \
	X(REJECTED, "rejected", "1.8", false)		/* because of the sender's address */      \
	X(BLOCKED, "blocked", "7.1", false)		/* because of the sending host */          \
	X(BAD_REPUTATION, "bad-reputation", "7.1", false)                                          \
	X(REQUIRE_PTR, "require-ptr", "7.25", false)                                               \
	X(SPAM, "spam", "7.1", false)                                                              \
	X(VIRUS, "virus", "7.0", false)                                                            \
	X(POLICY, "policy", "7.1", false)                                                          \
	X(AUTH_FAILURE, "auth-failure", "7.26", false) /* SPF, DKIM, DMARC */                      \
	X(SECURITY, "security", "7.0", false)	       /* credentials, certificates */             \
	X(STARTTLS, "starttls", "7.10", false)                                                     \
	X(NO_RELAYING, "no-relaying", "7.1", false)                                                \
	X(SUPPRESSED, "suppressed", "1.1", true) /* on a list of the sending service */            \
	X(ON_HOLD, "on-hold", "0.0", false)	 /* only a number, and it says too little */       \
	X(DELIVERED, "delivered", "0.0", false)

enum mail_bounce {
#define MAIL_BOUNCE_ENUM(id, name, status, hard) MAIL_BOUNCE_##id,
	MAIL_BOUNCES(MAIL_BOUNCE_ENUM)
#undef MAIL_BOUNCE_ENUM
		MAIL_BOUNCE_COUNT
};

/* One recipient of a report, RFC 3464 2.3; what is absent is empty. */
struct mail_recipient {
	/* Addresses without "rfc822;", xtext and RFC 6533's "\x{…}" decoded. */
	struct slice final, original;
	enum mail_action action;
	struct slice status;	 /* "5.1.1"; from a reply code or the words where none was given */
	struct slice reply_code; /* "550", or empty */
	struct slice diagnostic; /* "smtp; 550 …", one line */
	struct slice remote_mta;
	enum mail_bounce bounce; /* why */
	bool hard;		 /* failed for good, because of the address: write no more to it */
};

/* What a read receipt says became of the mail (RFC 8098 3.2.6). */
enum mail_disposition {
	MAIL_DISPOSITION_NONE, /* no receipt */
	MAIL_DISPOSITION_DISPLAYED,
	MAIL_DISPOSITION_DELETED, /* unread */
	MAIL_DISPOSITION_DISPATCHED,
	MAIL_DISPOSITION_PROCESSED,
	MAIL_DISPOSITION_DENIED, /* the recipient wants to give no receipt */
	MAIL_DISPOSITION_FAILED,
	MAIL_DISPOSITION_UNKNOWN, /* a receipt without a word that we know */
};

/* The method of a calendar object (RFC 5546 1.4). */
enum mail_calendar {
	MAIL_CALENDAR_NONE, /* no calendar object */
	MAIL_CALENDAR_PUBLISH,
	MAIL_CALENDAR_REQUEST,
	MAIL_CALENDAR_REPLY,
	MAIL_CALENDAR_ADD,
	MAIL_CALENDAR_CANCEL,
	MAIL_CALENDAR_REFRESH,
	MAIL_CALENDAR_COUNTER,
	MAIL_CALENDAR_DECLINECOUNTER,
	MAIL_CALENDAR_FILE, /* an object without a method, such as an attached .ics */
};

struct mail_class {
	enum mail_kind kind;
	const char *reason; /* why, a literal: "auto-submitted", "multipart/report" */
	bool formal;	    /* a machine-readable report, not a guess from free text */
	const struct mail_recipient *recipients;
	size_t n_recipients;
	struct slice reporting_mta, envelope_id;
	/* Of the mail that came back or was read: its Message-ID (no <>), From, To. */
	struct slice original_message_id, original_from, original_to;
	/*
	 * Feedback report: "abuse", "opt-out", "auth-failure" …, and whom it is
	 * about; every reported recipient is one of recipients, without action.
	 */
	struct slice feedback_type, original_mail_from, original_rcpt_to;
	struct slice auth_failure, source_ip, reported_domain; /* RFC 6591; or empty */
	/* The part that is the returned mail or its header, or MAIL_NO_PART. */
	size_t original_part;

	/* Facts beside the kind. */
	bool list;	      /* came through a mailing list (RFC 2919, 2369, older fields) */
	struct slice list_id; /* without <>, or empty */
	bool vacation;	      /* an answer by a program in a person's name (RFC 3834) */
	enum mail_disposition disposition; /* its original_message_id is the mail that was read */
	struct slice receipt_from;	   /* whose receipt it is, or empty */
	enum mail_calendar calendar;
	size_t calendar_part; /* or MAIL_NO_PART */
};

/* Says what a mail is, by its fields, its parts and, for bounces, its text; it cannot fail. */
void mail_classify(struct arena *a, const struct mail *m, struct mail_class *out);

/* "customer", "auto", "dsn", "arf"; literals. */
const char *mail_kind_name(enum mail_kind kind);
/* "failed", "delayed" …, "" when unknown. */
const char *mail_action_name(enum mail_action action);
/* "user-unknown", "mailbox-full" … */
const char *mail_bounce_name(enum mail_bounce bounce);
/* "displayed" …, "" for none. */
const char *mail_disposition_name(enum mail_disposition disposition);
/* "REQUEST" …, "file" without a method, "" for none. */
const char *mail_calendar_name(enum mail_calendar calendar);

#endif
