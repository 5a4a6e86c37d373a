/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_REPORT_H
#define POSTCLERK_MAIL_REPORT_H

#include "mail/classify.h"
#include "reader.h"

/* A class while it is found out. */
struct classifier {
	struct reader r;
	const struct mail *m;
	struct mail_class *out;
	struct mail_recipient *recipients;
	size_t room;
};

/* A zeroed recipient at the end of the list. */
struct mail_recipient *classifier_add(struct classifier *c);
/* The first part of that type outside of mails within the mail, or null. */
const struct mail_part *classifier_part(const struct classifier *c, const char *type);
/* Reads what came back: a message/rfc822 part or only its header. */
void classifier_read_original(struct classifier *c);
/* Takes the ids and addresses of the mail that came back from its header. */
void classifier_original_fields(struct classifier *c, const struct mail_field *fields, size_t n);

/* RFC 3464: true when the mail is such a report. */
bool report_read_status(struct classifier *c);
/* The same fields within prose; true when there were any. */
bool report_read_prose(struct classifier *c, struct slice prose);
/* RFC 5965 */
bool report_read_feedback(struct classifier *c);
/* Bounces in free text, of servers that know no RFC 3464. */
bool bounce_read(struct classifier *c);
/* Recipients from the prose of a mail that is known to be a bounce. */
void bounce_read_prose(struct classifier *c);

/* "5.1.1" at the start of s, RFC 3463; an empty slice when it is none. */
struct slice status_at(struct slice s);
/* The first enhanced status, else what a reply code says, else what the words mean; or empty. */
struct slice status_in_prose(struct slice prose);

#endif
