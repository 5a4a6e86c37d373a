/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_TEXT_H
#define POSTCLERK_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* UTF-8 and Unicode text (libunistring). */

/* Is all of it valid (RFC 3629), or below 0x80?  An empty slice is both. */
bool text_is_utf8(struct slice s);
bool text_is_ascii(struct slice s);
/* Copies s; every byte that is not part of valid UTF-8 becomes U+FFFD, as in text_next. */
void text_put_utf8(struct buf *out, struct slice s);
/*
 * The next code point of *rest, which is moved behind it; false at the end.
 * An invalid byte gives U+FFFD and is one byte long.
 */
bool text_next(struct slice *rest, uint32_t *code_point);
void text_put_code_point(struct buf *out, uint32_t code_point);

/* Full Unicode case mapping, no language. */
void text_put_lower(struct buf *out, struct slice s);
void text_put_upper(struct buf *out, struct slice s);
/*
 * For comparing and searching: case-folded, accents and marks removed (NFKD),
 * and letters that are like one with a mark (ø = o, æ = ae, ł = l).
 */
void text_put_folded(struct buf *out, struct slice s);
/* Number of code points; invalid bytes count one each. */
size_t text_length(struct slice s);
/* Columns in a terminal or a fixed-width mail: East Asian wide counts two. */
size_t text_width(struct slice s);

/*
 * One line safe for a header, a subject, a terminal: control characters, CR,
 * LF, U+2028, U+2029 and bidi controls become spaces, runs of spaces one,
 * ends trimmed, invalid UTF-8 replaced, at most max code points.
 */
void text_put_line(struct buf *out, struct slice s, size_t max);

/*
 * Damerau-Levenshtein distance of two short ASCII words without case, for
 * "did you mean"; words over 32 bytes give SIZE_MAX.
 */
size_t text_distance(struct slice a, struct slice b);

#endif
