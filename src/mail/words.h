/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_WORDS_H
#define POSTCLERK_MAIL_WORDS_H

#include "reader.h"

/*
 * The text of an unstructured value: unfolded, encoded words decoded (RFC
 * 2047) with neighbours joined before their charset is converted, raw 8-bit
 * text taken as UTF-8 or Windows-1252.  One line of UTF-8: controls, line
 * separators and bidi overrides become spaces (encoded words decode to CR LF,
 * T04).  A view of the value where nothing needs a change.
 */
struct slice words_text(struct reader *r, struct slice value);

#endif
