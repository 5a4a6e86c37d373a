/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_CHARSET_H
#define POSTCLERK_MAIL_CHARSET_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/* Charsets to UTF-8, as they are labelled and as they really are; iconv's border. */
enum charset_verdict {
	CHARSET_OK,
	CHARSET_DAMAGED, /* some bytes were not of it: U+FFFD, or another charset guessed */
	CHARSET_UNKNOWN, /* no such charset: read as UTF-8 or Windows-1252 */
	CHARSET_REFUSED, /* UTF-7: taken as the ASCII it is written in */
};

/*
 * Appends bytes in UTF-8.  An empty label means unlabelled: UTF-8 when it is
 * that, else Windows-1252.  Labels mean what clients mean by them (WHATWG):
 * iso-8859-1 and us-ascii are windows-1252, gb2312 is gb18030, and so on.
 */
enum charset_verdict charset_put_utf8(struct slice label, struct slice bytes, struct buf *out);
/* True when bytes of that label need no conversion: UTF-8, or ASCII in a charset that contains it.
 */
bool charset_is_utf8_already(struct slice label, struct slice bytes);
/* True when it is a label that charset_put_utf8 knows. */
bool charset_known(struct slice label);

#endif
