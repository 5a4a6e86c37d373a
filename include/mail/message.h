/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_MESSAGE_H
#define POSTCLERK_MAIL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/slice.h"
#include "mail/address.h"

/*
 * From bytes to a message: a pure function, iterative, linear, bounded.  It
 * never fails on strange bytes; it takes what RFC 5322, 2045-2047, 2231, 3676
 * and 6532 say and what clients really send, and lists what was odd.  Whatever
 * is given out is UTF-8 with LF line ends, unless it says "raw" or "bytes".
 */

/* Over one of these a mail is quarantined (RELIABILITY.md, "Limits on input"). */
#define MAIL_SIZE_MAX (32u << 20)
#define MAIL_HEADERS_SIZE_MAX (256u << 10) /* all header fields of one part */
#define MAIL_FIELD_SIZE_MAX (64u << 10)
#define MAIL_FIELDS_MAX 1000
#define MAIL_LINE_MAX (64u << 10) /* one line of a body */
#define MAIL_DEPTH_MAX 32
#define MAIL_PARTS_MAX 1000
#define MAIL_PARAMS_MAX 64
#define MAIL_ADDRESSES_MAX 1000
#define MAIL_COMMENT_DEPTH_MAX 16
#define MAIL_WORDS_MAX 256 /* encoded words of one field */
#define MAIL_DECODED_MAX (64u << 20)
/* Not a reason for quarantine: the first and the last 99 are kept. */
#define MAIL_REFERENCES_MAX 100
/* A charset may make at most this much of n bytes, the rest is cut. */
#define MAIL_CHARSET_MAX(n) (4 * (n) + (64u << 10))

struct mail_limits {
	size_t size, headers_size, field_size, fields, line, depth, parts, params, addresses;
	size_t comment_depth, words, decoded;
};

extern const struct mail_limits mail_limits_default;

/*
 * What was odd.  The second column is the name in reports; "true" in the third
 * makes the mail ambiguous (T08): two readers may see two mails in it, so it
 * may be read but never command.
 */
#define MAIL_DEFECTS(X)                                                                            \
	X(NO_HEADERS, "no-headers", false)                                                         \
	X(BAD_HEADER_LINE, "bad-header-line", true)                                                \
	X(BLANK_BEFORE_COLON, "blank-before-colon", true)                                          \
	X(NO_FROM, "missing-from", false)                                                          \
	X(NO_DATE, "missing-date", false)                                                          \
	X(BAD_DATE, "bad-date", false)                                                             \
	X(NO_MESSAGE_ID, "missing-message-id", false)                                              \
	X(BAD_MESSAGE_ID, "bad-message-id", false)                                                 \
	X(DUPLICATE_FROM, "duplicate-from", true)                                                  \
	X(DUPLICATE_HEADER, "duplicate-header", true)                                              \
	X(DUPLICATE_PARAMETER, "duplicate-parameter", true)                                        \
	X(BAD_PARAMETER, "bad-parameter", false)                                                   \
	X(BAD_ADDRESS, "bad-address", false)                                                       \
	X(BAD_ENCODED_WORD, "bad-encoded-word", false)                                             \
	X(CONTROL_IN_HEADER, "control-in-header", false)                                           \
	X(EIGHT_BIT_HEADER, "eight-bit-header", false)                                             \
	X(NUL_BYTE, "nul-byte", true)                                                              \
	X(BARE_CR, "bare-cr", true)                                                                \
	X(MIXED_LINE_ENDS, "mixed-line-ends", true)                                                \
	X(BAD_CONTENT_TYPE, "bad-content-type", false)                                             \
	X(NO_BOUNDARY, "missing-boundary", true)                                                   \
	X(BOUNDARY_NOT_FOUND, "boundary-not-found", true)                                          \
	X(BOUNDARY_NOT_CLOSED, "boundary-not-closed", false)                                       \
	X(BOUNDARY_CONFLICT, "boundary-conflict", true)                                            \
	X(ENCODED_MULTIPART, "encoded-multipart", true)                                            \
	X(UNKNOWN_ENCODING, "unknown-encoding", true)                                              \
	X(BAD_BASE64, "bad-base64", true)                                                          \
	X(BAD_QUOTED_PRINTABLE, "bad-quoted-printable", false)                                     \
	X(UNKNOWN_CHARSET, "unknown-charset", false)                                               \
	X(BAD_CHARSET, "bad-charset", false)                                                       \
	X(UTF7, "utf-7", true)                                                                     \
	X(UNSAFE_FILENAME, "unsafe-filename", false)                                               \
	X(YENC, "yenc", false)                                                                     \
	X(REFERENCES_CUT, "references-cut", false)

enum mail_defect {
#define MAIL_DEFECT_ENUM(id, name, ambiguous) MAIL_DEFECT_##id,
	MAIL_DEFECTS(MAIL_DEFECT_ENUM)
#undef MAIL_DEFECT_ENUM
		MAIL_DEFECT_COUNT
};

/* "missing-date"; a literal. */
const char *mail_defect_name(enum mail_defect defect);
/* Does it make a mail ambiguous (T08)? */
bool mail_defect_is_ambiguity(enum mail_defect defect);

/* A header field as it stands: name without colon, value folded and raw. */
struct mail_field {
	struct slice name, value;
};

/* A parameter, decoded (RFC 2231 and 2047): name in lower case, value UTF-8. */
struct mail_param {
	struct slice name, value;
};

enum mail_encoding {
	MAIL_ENCODING_IDENTITY, /* 7bit, 8bit, binary, unknown */
	MAIL_ENCODING_BASE64,
	MAIL_ENCODING_QUOTED_PRINTABLE,
	MAIL_ENCODING_UUENCODE,
};

#define MAIL_NO_PART SIZE_MAX

/*
 * One MIME entity.  Parts stand in the order of the mail, a parent before its
 * children; part 0 is the mail itself.  A message/rfc822 (or /global) has one
 * child, the mail in it.
 */
struct mail_part {
	size_t parent; /* index, or MAIL_NO_PART */
	size_t depth;  /* 0 for the mail itself */
	const struct mail_field *fields;
	size_t n_fields;
	struct slice type, subtype; /* lower case; "text", "plain" by default */
	const struct mail_param *params;
	size_t n_params;
	struct slice charset;	  /* as labelled, or empty */
	struct slice disposition; /* lower case, or empty */
	struct slice filename;	  /* safe UTF-8 (T19), or empty */
	struct slice content_id;  /* without the angle brackets, or empty */
	enum mail_encoding encoding;
	struct slice raw;  /* header and body as they stand (what a signature covers) */
	struct slice body; /* as it stands, not decoded */
	bool is_multipart;
	bool is_message;    /* has the mail inside as its child */
	bool is_text;	    /* shown as text: part of mail.text or of its HTML form */
	bool is_attachment; /* a leaf or a mail inside that is not shown as text */
};

struct mail {
	struct slice raw;
	const struct mail_part *parts; /* at least one */
	size_t n_parts;

	struct mail_addresses from, sender, to, cc, reply_to;
	/*
	 * Layer I0 (MAIL.md 6): exactly one From field with exactly one mailbox,
	 * strictly written, no group, no encoded word or comment in its address,
	 * and no encoded name that looks like an address when it is decoded.
	 */
	bool from_strict;
	struct slice subject; /* one line, decoded; empty when there is none */
	bool has_date;
	int64_t date;		 /* UTC seconds */
	struct slice message_id; /* all ids without the angle brackets */
	const struct slice *in_reply_to;
	size_t n_in_reply_to;
	const struct slice *references; /* oldest first, at most MAIL_REFERENCES_MAX */
	size_t n_references;

	/*
	 * The whole text: of alternatives text/plain, else (or where that is
	 * blank) the text of the HTML; several text parts follow each other on
	 * new lines.  Not trimmed.
	 */
	struct slice text;
	bool has_plain, has_html;
	const size_t *attachments; /* indexes of parts */
	size_t n_attachments;

	uint64_t defects; /* bit 1 << enum mail_defect */
	bool ambiguous;
};

static inline bool mail_has_defect(const struct mail *m, enum mail_defect defect)
{
	return m->defects >> defect & 1;
}

/*
 * Reads raw, which must live as long as the arena.  Null limits mean the
 * defaults.  1; or -1 and an INPUT error that names the limit that quarantines
 * the mail: then *out still holds what was read before (never null).
 */
int mail_parse(struct arena *a, struct slice raw, const struct mail_limits *limits,
	       struct mail **out, struct err *e);

/* The raw value of the i-th field of that name (any case); a null pointer when there is none. */
struct slice mail_field(const struct mail *m, const char *name, size_t i);
struct slice mail_part_field(const struct mail_part *part, const char *name, size_t i);
/* The same unfolded, encoded words decoded, one line of UTF-8. */
struct slice mail_field_text(struct arena *a, const struct mail *m, const char *name, size_t i);
/* The value of a parameter of Content-Type; a null pointer when there is none. */
struct slice mail_part_param(const struct mail_part *part, const char *name);
/* True when the type is that one, "text/plain". */
bool mail_part_is(const struct mail_part *part, const char *type);

/* The decoded bytes of a leaf; a view of the mail where nothing needed decoding. */
struct slice mail_part_bytes(struct arena *a, const struct mail_part *part);
size_t mail_part_size(const struct mail_part *part);
void mail_part_sha256(const struct mail_part *part, uint8_t digest[SHA256_SIZE]);
/* The decoded text of a text part in UTF-8; HTML as readable text. */
struct slice mail_part_text(struct arena *a, const struct mail_part *part);

/*
 * The text that a reader of the HTML form sees, made like mail.text but with
 * HTML preferred; empty without an HTML part.  For comparing both (MAIL.md 5).
 */
struct slice mail_html_text(struct arena *a, const struct mail *m);

#endif
