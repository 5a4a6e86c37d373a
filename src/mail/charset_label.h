/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_CHARSET_LABEL_H
#define POSTCLERK_MAIL_CHARSET_LABEL_H

#include <stdbool.h>

#include "base/slice.h"

/* What a charset's label means: how to convert, and iconv's name for it. */
enum charset_kind {
	CHARSET_KIND_ICONV, /* contains ASCII at its places */
	CHARSET_KIND_STATE, /* does not: escape sequences or wide units */
	CHARSET_KIND_UTF8,
	CHARSET_KIND_WESTERN, /* Windows-1252 and what is taken for it */
	CHARSET_KIND_GUESS,   /* a label that says nothing */
	CHARSET_KIND_REFUSED,
	CHARSET_KIND_HZ,  /* 7-bit, Chinese between "~{" and "~}" (RFC 1843) */
	CHARSET_KIND_JIS, /* 7-bit, ISO-2022-JP and its kin (RFC 1468) */
};

struct charset {
	enum charset_kind kind;
	char name[64]; /* iconv's, for ICONV, STATE, HZ and JIS */
};

/* False when the label is no name, or one that no client writes. */
bool charset_resolve(struct slice label, struct charset *c);

#endif
