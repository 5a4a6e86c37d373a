/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_SRC_MAIL_ENCODE_H
#define POSTCLERK_SRC_MAIL_ENCODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * The encodings of an outgoing mail: folded header fields (RFC 5322 2.2.3),
 * encoded words (RFC 2047), parameters (RFC 2231) and bodies (RFC 2045).
 */

/* RFC 2047 2: no line with an encoded word is longer; so no line of ours is. */
#define ENCODE_LINE_MAX 76
/* A longer name or file name in ASCII is encoded, since a quoted string cannot be folded. */
#define ENCODE_QUOTED_MAX 60

/* A header field that is being written. */
struct fold {
	struct buf *out;
	size_t column;
};

void fold_open(struct fold *f, struct buf *out, struct slice name);
/* One piece that is never broken, behind a space or on a line of its own. */
void fold_word(struct fold *f, struct slice word);
/* Three pieces as one, for what stands in brackets or before a comma. */
void fold_glued(struct fold *f, struct slice before, struct slice word, struct slice after);
/* Words parted by single spaces. */
void fold_words(struct fold *f, struct slice words);
void fold_close(struct fold *f);
/* A whole field of such words. */
void fold_field(struct buf *out, const char *name, struct slice value);

/* Any bytes, cut at max code points, as a field; none when only spaces are left. */
void encode_text_field(struct buf *out, struct slice name, struct slice text, size_t max);
/* The same as a name before an address; false when nothing was left to write. */
bool encode_phrase(struct fold *f, struct slice name, size_t max);

/*
 * The file name of a Content-Disposition, made harmless (T19) and cut at max
 * octets, its extension kept: a plain one always, and an encoded one where
 * that says less.  When nothing is left of it, `otherwise`.
 */
void encode_filename(struct fold *f, struct slice filename, size_t max, const char *otherwise);

/* A mark ('=', '%') and two hexadecimal digits. */
void encode_escape(struct buf *out, char mark, char byte);

enum encode_body { ENCODE_7BIT, ENCODE_QUOTED_PRINTABLE, ENCODE_BASE64 };

/* "7bit" …, as Content-Transfer-Encoding says it. */
const char *encode_body_name(enum encode_body encoding);
/* Text of any line ends to CR LF; a last line without one gets one; nothing else changes. */
void encode_line_ends(struct buf *out, struct slice bytes);
/* Any bytes to UTF-8 text with CR LF line ends and without NUL. */
void encode_canonical(struct buf *out, struct slice text);
/* What suits canonical text: as it is where nothing can happen to it, else the shorter one. */
enum encode_body encode_choose(struct slice canonical);
/* Canonical text (or any bytes for base64) as body lines. */
void encode_put(struct buf *out, struct slice bytes, enum encode_body encoding);

#endif
