/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_ENVELOPE_H
#define POSTCLERK_MAIL_ENVELOPE_H

#include <stdbool.h>

#include "base/slice.h"

/*
 * What stands between us and an SMTP library that passes every byte on: an
 * address type for the envelope, a type for message ids, and the last filter
 * over the bytes of a message (RELIABILITY.md T05, T06).  Questions only; no
 * memory, linear time.
 */

/* Octets, RFC 5321 4.5.3.1. */
#define MAIL_ENVELOPE_LOCAL_MAX 64
#define MAIL_ENVELOPE_DOMAIN_MAX 255
#define MAIL_ENVELOPE_ADDR_MAX 254 /* a path of 256 less its angle brackets */
#define MAIL_ENVELOPE_LABEL_MAX 63
/* So that an id with its brackets fits in one header line of 998 octets. */
#define MAIL_ID_MAX 900

/*
 * Is this one mailbox that may stand in an envelope (RFC 5321 4.1.2)?  A
 * dot-atom or a quoted local part, '@', a domain of two labels or more, letters,
 * digits and inner hyphens, the last label no number.  No address literal, no
 * comment, no name, no angle brackets, no "=?" (a client might decode it); in a
 * quoted local part no space, '@', '<', '>' or backslash, although the RFC has
 * them: other programs end the address there.  ASCII only.
 */
bool mail_addr_strict(struct slice addr);
/*
 * Likewise, with letters beyond ASCII (valid UTF-8, no controls, spaces or
 * marks of writing direction) in both parts (RFC 6531 3.3): only for a route
 * that speaks SMTPUTF8.
 */
bool mail_addr_strict_utf8(struct slice addr);

/*
 * Is this a message id that may be quoted in In-Reply-To and References, given
 * without its angle brackets?  Visible ASCII but '<' and '>', no "=?" (which a
 * client might decode), at most MAIL_ID_MAX octets.  As lenient as other
 * people's ids need.
 */
bool mail_id_safe(struct slice id);
/* Is it one that we may give to a mail of ours: dot-atom '@' dot-atom (O3)? */
bool mail_id_strict(struct slice id);

/*
 * The final byte filter: every line ends in CR LF, the last one too; no CR or
 * LF elsewhere, no NUL, nothing above 127, no line over 998 octets (CR LF not
 * counted).  What fails is never handed to the SMTP library.
 */
bool mail_wire_safe(struct slice raw);
/* Likewise, but valid UTF-8 is allowed above the first empty line (RFC 6532). */
bool mail_wire_safe_utf8(struct slice raw);

#endif
