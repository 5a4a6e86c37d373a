/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_DESK_URL_H
#define POSTCLERK_DESK_URL_H

#include "base.h"

/* Percent-encoding (RFC 3986 2.1). */

/* Letters, digits and what stands in `keep` as they are, every other byte encoded. */
void url_put_encoded(struct buf *out, struct slice text, const char *keep);
/*
 * A whole URL: only what may not stand in one at all is encoded (blanks,
 * control bytes, quotes, brackets, bytes beyond ASCII), so that it ends where
 * its link does.  With html, & is written as its entity.
 */
void url_put(struct buf *out, struct slice url, bool html);

#endif
