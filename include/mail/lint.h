/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_LINT_H
#define POSTCLERK_MAIL_LINT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"

/*
 * Judges the bytes of a mail that is to go out by the rules O1 to O11 of
 * RELIABILITY.md "Outgoing mail", as far as one mail shows them.  It shares
 * nothing with the writer, so that it can find the writer's errors; it is made
 * for our own mails and is stricter than the RFCs where we promise more
 * (7 bits, no Bcc, a text part with its charset and encoding).
 */
struct mail_finding {
	const char *rule; /* "O1" … "O11" */
	size_t line;	  /* of the raw bytes, from 1; 0 when it is about the whole mail */
	const char *text; /* one sentence, printable ASCII */
};

struct mail_findings {
	struct mail_finding *items;
	size_t count, room;
};

/* More findings than this are not collected, nested parts deeper not looked at. */
#define MAIL_FINDINGS_MAX 100
#define MAIL_LINT_DEPTH_MAX 8

/*
 * Sets *out to what was found, in memory of the arena; count is 0 for a clean
 * mail.  Linear time.  Does not look inside message/rfc822 parts but for the
 * bytes of its lines.
 */
void mail_lint(struct arena *a, struct slice raw, struct mail_findings *out);

#endif
