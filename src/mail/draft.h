/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_SRC_MAIL_DRAFT_H
#define POSTCLERK_SRC_MAIL_DRAFT_H

#include "base/buf.h"
#include "base/err.h"
#include "mail/compose.h"

/* What mail_compose is made of: first everything is judged, then all is written. */

/* 1, or -1 and INPUT: nothing that is written later can be refused. */
int draft_check(const struct mail_draft *draft, struct err *e);
/* MIME-Version, the content fields and the body. */
void draft_put_body(struct buf *out, const struct mail_draft *draft);
/* A view without the angle brackets. */
struct slice draft_bare_id(struct slice id);

#endif
