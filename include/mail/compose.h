/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_COMPOSE_H
#define POSTCLERK_MAIL_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/*
 * Writing a mail (MAIL.md 8, RELIABILITY.md O1-O11).  A draft holds typed
 * values, never header text: whatever bytes a customer's name or a template's
 * value has, they cannot end a field or start another one.  All slices are
 * views that must live until mail_compose returns; an empty slice means "not
 * there".  Message ids may be given with or without their angle brackets.
 */

/* A name (UTF-8, may be empty) and an addr-spec as mail_addr_strict wants it. */
struct mail_person {
	struct slice name;
	struct slice addr;
};

/* RFC 3834 5: who decided that this mail goes out. */
enum mail_auto_submitted {
	MAIL_AUTO_NONE,	     /* a person: no field */
	MAIL_AUTO_REPLIED,   /* a program, because of the mail in in_reply_to */
	MAIL_AUTO_GENERATED, /* a program, because of something else */
};

enum mail_extra_kind {
	MAIL_EXTRA_TOKEN,   /* printable ASCII, single spaces, written as it is; else refused */
	MAIL_EXTRA_TEXT,    /* any bytes, made one line of UTF-8 and encoded where needed */
	MAIL_EXTRA_ID,	    /* a message id, as mail_id_safe */
	MAIL_EXTRA_ADDRESS, /* an addr-spec */
};

/*
 * A field that the draft has no member for.  Name: letters, digits and
 * hyphens, at most MAIL_EXTRA_NAME_MAX, and none of those that the writer
 * writes itself or that may not be written at all (From, Bcc, Received,
 * Content-*, Resent-*, X-Auto-Response-Suppress …).
 */
struct mail_extra {
	struct slice name;
	enum mail_extra_kind kind;
	struct slice value;
};

/*
 * The name is made harmless: no path, no dot or hyphen before it, no controls
 * or marks of writing direction.  Type is "type/subtype" without parameters.
 * Nothing here is refused, since it may be a stranger's: text/... that is not
 * UTF-8, a type that is no type or may not be base64 (multipart, message), and
 * a message/rfc822 whose bytes cannot go over the wire as they are (but for
 * line ends) are attached as application/octet-stream.
 */
struct mail_attachment {
	struct slice filename;
	struct slice type;
	struct slice bytes;
	bool is_inline; /* shown with the text rather than offered for saving */
};

struct mail_draft {
	struct mail_person from;
	struct mail_person sender;    /* not written without an address */
	struct mail_person reply_to;  /* not written without an address */
	const struct mail_person *to; /* at least one */
	size_t to_count;
	const struct mail_person *cc;
	size_t cc_count;
	struct slice subject;	 /* UTF-8, cut at MAIL_DRAFT_SUBJECT_MAX code points */
	int64_t date;		 /* UTC seconds */
	struct slice message_id; /* made by the caller; as mail_id_strict */
	struct slice in_reply_to;
	/* The parent's, oldest first; in_reply_to is written behind them, once. */
	const struct slice *references;
	size_t references_count;
	/* Other than NONE also writes X-Auto-Response-Suppress: All. */
	enum mail_auto_submitted auto_submitted;
	/* Bulk only.  https://… (also writes List-Unsubscribe-Post) and mailto:… */
	struct slice unsubscribe_https, unsubscribe_mailto;
	const struct mail_extra *extra;
	size_t extra_count;
	struct slice text; /* UTF-8, any line ends */
	struct slice html; /* UTF-8; only beside a text of the same content */
	const struct mail_attachment *attachments;
	size_t attachments_count;
	uint64_t seed; /* of the boundaries; 0 takes random bytes */
	bool smtputf8; /* addresses beyond ASCII are allowed and written as UTF-8 */
};

#define MAIL_DRAFT_SUBJECT_MAX 400    /* code points */
#define MAIL_DRAFT_NAME_MAX 120	      /* code points of a person's name */
#define MAIL_DRAFT_FILENAME_MAX 180   /* octets of a file's name, its extension kept */
#define MAIL_EXTRA_NAME_MAX 40	      /* octets */
#define MAIL_EXTRA_VALUE_MAX 900      /* octets of a token, code points of a text */
#define MAIL_DRAFT_PEOPLE_MAX 100     /* in To, in Cc */
#define MAIL_DRAFT_EXTRA_MAX 100      /* fields */
#define MAIL_DRAFT_REFERENCES_MAX 100 /* of more, the first and the last are written */
#define MAIL_DRAFT_ATTACHMENTS_MAX 100

/*
 * Appends the mail to out: CR LF line ends, 7 bits (but for addresses under
 * smtputf8), header lines of 76 where they can be folded, encoded body lines
 * of 76.  With the same draft and a seed the same bytes.  Returns 1, or -1 and
 * INPUT with one sentence (a wrong address, id, name or type; too large for
 * out); out then holds part of a mail, for nobody to use.
 */
int mail_compose(const struct mail_draft *draft, struct buf *out, struct err *e);

#endif
