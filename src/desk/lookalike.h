/* SPDX-License-Identifier: ISC */
#ifndef DESK_LOOKALIKE_H
#define DESK_LOOKALIKE_H

#include "base/buf.h"
#include "mail/address.h"

/*
 * Senders who look like somebody of ours and are not (RELIABILITY.md T33):
 * names and addresses are compared by their skeleton, in which letters that
 * look alike are the same (after UTS #39), and letters of several scripts in
 * one word are told.
 */
enum lookalike_flag {
	LOOKALIKE_UNPROVED = 1, /* an address of ours itself, in From; it proves nothing */
	LOOKALIKE_MIXED = 2,	/* Latin letters among Cyrillic, Greek … ones in one word */
	LOOKALIKE_NAME = 4,
	LOOKALIKE_ADDRESS = 8,
};

/* Somebody whom a sender might play: an agent, the shop. */
struct lookalike_known {
	struct slice name, address; /* each may be empty */
	bool own_domain;	    /* its domain is the shop's: others like it are told too */
};

struct lookalike {
	unsigned flags;
	const struct lookalike_known *of; /* whom it resembles most; null where nobody */
};

/* Names and addresses are read this far. */
#define LOOKALIKE_LOOK_MAX 512

/* The skeleton of a name or an address, "xn--" labels of its domain decoded (RFC 3492). */
void lookalike_put_skeleton(struct buf *out, struct slice text);
/* True when a word of it has letters of scripts that look alike. */
bool lookalike_is_mixed(struct slice text);

/* What is to be said of a sender; flags is 0 where nothing is. */
void lookalike_judge(const struct mail_address *sender, const struct lookalike_known *known,
		     size_t n, struct lookalike *out);

#endif
