/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_CLI_MAIL_INSPECT_H
#define POSTCLERK_CLI_MAIL_INSPECT_H

#include "base/arena.h"
#include "base/buf.h"
#include "mail.h"

/*
 * Appends one line of JSON that says what a mail is (`postclerk mail inspect`):
 * file, from, to, cc, reply_to as [{name, addr}], subject, date (RFC 3339 UTC
 * or null), message_id, in_reply_to, references (without angle brackets),
 * class, text (whole, not trimmed), attachments [{name, type, size, sha256}],
 * defects, dsn {recipients [{final, action, status}]}; and, beyond what is
 * asked for, ambiguities (the defects for which the mail may not command),
 * classified (as mail_json_class has it) and pieces (as mail_json_pieces has
 * it, without texts).  1, or -1 when the ceiling of out
 * was hit.
 */
int mail_inspect_json(const struct mail *m, const char *file, struct arena *a, struct buf *out);

#endif
