/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_BOUNCE_H
#define POSTCLERK_MAIL_BOUNCE_H

#include "mail/classify.h"

/* Of a server's words only so many bytes are judged, for each recipient. */
#define BOUNCE_WORDS_MAX 2048

/* "5.1.1" at the start of s, RFC 3463; an empty slice when it is none. */
struct slice bounce_status_at(struct slice s);
/* Do words hold a refusing reply code and a status or a reason that is known? */
bool bounce_is_answer(struct arena *a, struct slice words);
/* What words mean that are in lower case with single spaces; or MAIL_BOUNCE_UNDEFINED. */
enum mail_bounce bounce_meaning(struct slice text);
/*
 * Completes status, reply code, bounce and hard of a recipient whose action is
 * known, by its status and diagnostic and by what else the server wrote of it.
 */
void bounce_judge(struct arena *a, struct mail_recipient *to, struct slice words);

#endif
