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
/* Is the part of a mail within the mail? */
bool classifier_is_within_mail(const struct mail *m, const struct mail_part *part);
/* "rfc822; ann@example.org": the address without type, brackets and encoding (RFC 6533 3). */
struct slice classifier_typed_address(struct classifier *c, struct slice value);
/* Without blanks and angle brackets. */
struct slice classifier_message_id(struct slice value);
/* Reads what came back: a message/rfc822 part or only its header. */
void classifier_read_original(struct classifier *c);
/* Takes the ids and addresses of the mail that came back from its header. */
void classifier_original_fields(struct classifier *c, const struct mail_field *fields, size_t n);

/* RFC 3464: true when the mail is such a report. */
bool report_read_status(struct classifier *c);
/* The same fields within prose; true when there were any. */
bool report_read_prose(struct classifier *c, struct slice prose);
/* RFC 5965, 6591, and what comes without a proper form. */
bool report_read_feedback(struct classifier *c);
/* Notifications of sending services, as JSON in the text. */
bool service_read(struct classifier *c);
/* Facts beside the kind. */
void classify_list(struct classifier *c);
void classify_receipt(struct classifier *c);
void classify_calendar(struct classifier *c);
/* Does a program answer in a person's name? */
bool classify_is_vacation(const struct mail *m);
/* Why a program wrote the mail, or null; after the other facts. */
const char *classify_automatic(struct classifier *c);
/* Bounces in free text, of servers that know no RFC 3464. */
bool bounce_read(struct classifier *c);
/* Recipients from the prose of a mail that is known to be a bounce. */
void bounce_read_prose(struct classifier *c);

/* What the server itself says in its text: everything above the copy of the mail. */
struct slice bounce_prose(const struct mail *m);
/* Judges every recipient by its fields and by what the prose says of it. */
void bounce_judge_all(struct classifier *c, struct slice prose);

#endif
