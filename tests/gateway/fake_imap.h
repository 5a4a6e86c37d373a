/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_GATEWAY_FAKE_IMAP_H
#define POSTCLERK_TESTS_GATEWAY_FAKE_IMAP_H

#include "peer.h"

/* An IMAP server of one folder, with faults by choice. */
#define WORLD_MAILS 64

struct world_mail {
	uint32_t uid;
	const char *text; /* or null: `fill` bytes of 'x' */
	size_t fill;
	size_t announce;     /* RFC822.SIZE, when it shall not be the truth */
	bool empty;	     /* the literal is "" */
	size_t missing;	     /* the literal ends so many bytes early, and is a right literal */
	const char *garbage; /* sent instead of the literal */
	bool done, moved;    /* keyword set; moved away */
	char moved_to[64];
};

struct world {
	uint32_t uidvalidity;
	struct world_mail mails[WORLD_MAILS];
	size_t n;
	bool starttls, preauth, inject, no_move, no_login, no_capability, has_folder, refuse_store;
	const char *permanent_flags;
	const char *password;
	unsigned fetched_bodies, idles;
};

peer_serve fake_imap_serve;

#endif
