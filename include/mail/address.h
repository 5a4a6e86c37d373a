/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_ADDRESS_H
#define POSTCLERK_MAIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"

/*
 * Addresses, read tolerantly for showing and threading, judged strictly for
 * authority and for the envelope (libetpan takes "a@", "@b" and "a@b@c").
 */

struct mail_address {
	struct slice name;  /* decoded, one line of UTF-8, or empty */
	struct slice addr;  /* addr-spec without comments and spaces, maybe "" or not valid */
	struct slice group; /* the name of the group it stands in, or a null pointer */
	bool strict;	    /* addr is as mail_addr_strict_utf8 and was written without tricks */
};

struct mail_addresses {
	const struct mail_address *items;
	size_t n;
	bool has_group; /* a group was there, an empty one too */
	bool malformed; /* something was skipped or guessed */
};

/*
 * Reads the value of an address field (RFC 5322 3.4 with obsolete forms, RFC
 * 6532, encoded words in names).  Adds to *list, so that it can be called for
 * each of several fields.  False when a limit of mail_limits_default was hit:
 * the list then holds what came before.
 */
bool mail_address_read(struct arena *a, struct slice value, struct mail_addresses *list);

/* The same mailbox for us: ASCII letters compare without case in both parts. */
bool mail_address_same(struct slice a, struct slice b);

#endif
