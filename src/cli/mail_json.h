/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_CLI_MAIL_JSON_H
#define POSTCLERK_CLI_MAIL_JSON_H

#include "base/arena.h"
#include "base/json.h"
#include "mail.h"

/*
 * Adds to an object what kind of mail it is: class, reason, formal, ambiguous,
 * list, list_id, vacation, disposition, calendar, feedback_type,
 * reporting_mta, original_message_id, recipients [{final, original, action,
 * status, reply_code, reason, hard, diagnostic, remote_mta}].
 */
void mail_json_class(struct arena *a, struct json *object, const struct mail *m,
		     const struct mail_class *class);

/*
 * Adds "pieces" [{kind, start, end}], byte offsets into text, whose pieces
 * these are; each with its text if wanted.
 */
void mail_json_pieces(struct arena *a, struct json *object, struct slice text,
		      const struct mail_trimmed *trimmed, bool with_text);

#endif
