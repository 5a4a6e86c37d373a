/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_TRANSFER_H
#define POSTCLERK_MAIL_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/*
 * Content transfer encodings (RFC 2045 6, uuencode of POSIX), decoded
 * tolerantly: what does not belong there is skipped and reported in *bad.
 * With a null out they only count; out needs room for in.len bytes.
 */
typedef size_t transfer_fn(struct slice in, char *out, bool *bad);

transfer_fn transfer_base64, transfer_quoted_printable, transfer_uuencode;
/* RFC 2047 4.2: as quoted-printable, but '_' is a space and nothing is soft. */
transfer_fn transfer_q;

/*
 * A uuencoded file within text: from its "begin" line to behind its "end".
 * False when there is none at or behind byte from.
 */
bool transfer_find_uuencode(struct slice text, size_t from, struct slice *file, struct slice *name);

#endif
