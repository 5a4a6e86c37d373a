/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_IMAP_H
#define GATEWAY_IMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base.h"
#include "route.h"

/*
 * An IMAP session by libetpan over our own stream (net.h), with those of its
 * commands that work (NOTES.md).  The server is a stranger: every command has
 * a deadline and a quota of bytes.  After an error other than a plain refusal
 * (0) the session is of no more use.  UID lists are ascending, without 0.
 */
struct imap;

/* UIDs in one command, so that its line stays under 8 KiB. */
#define IMAP_SET_MAX 500
#define IMAP_FOLDER_MAX ((size_t)1000)

struct imap_mail {
	struct slice raw;
	uint64_t size; /* as the server says (RFC822.SIZE) */
	uint32_t uid;
	bool there; /* the server answered for this UID */
};

/*
 * Connects, proves the server by TLS as the route says, and logs in.  TEMP
 * when it cannot be reached, CONFIG when it is not who it should be or
 * refuses the login.  No secret is sent before the peer is proved.
 */
int imap_open(const struct route *route, struct imap **imap, struct err *e);
void imap_close(struct imap **imap);

/* A folder name in UTF-8.  1 and its UIDVALIDITY, or -1. */
int imap_select(struct imap *imap, const char *folder, uint32_t *uidvalidity, struct err *e);
/* Lets the server tell what is new. */
int imap_noop(struct imap *imap, struct err *e);
/* Did it announce new mail since the last imap_search? */
bool imap_announced(const struct imap *imap);

/* All UIDs above `after`, in memory of the arena: 1, or -1. */
int imap_search(struct imap *imap, struct arena *a, uint32_t after, uint32_t **uids, size_t *n,
		struct err *e);
/* Fills size and there of mails[0..n-1] (n <= IMAP_SET_MAX) by their uid: 1, or -1. */
int imap_sizes(struct imap *imap, struct imap_mail *mails, size_t n, struct err *e);
/*
 * Fills raw and there, in memory of the arena; with part > 0 only the first
 * so many bytes.  What the server does not give leaves raw empty.  1, or -1.
 */
int imap_bodies(struct imap *imap, struct arena *a, struct imap_mail *mails, size_t n,
		uint32_t part, struct err *e);

/* Sets a keyword: 1, 0 when the server refuses, -1. */
int imap_keyword(struct imap *imap, const uint32_t *uids, size_t n, const char *keyword,
		 struct err *e);
/*
 * Moves into a folder, which is made if it is missing: 1, 0 when the server
 * refuses or has no safe way to move (neither MOVE nor UIDPLUS), -1.
 */
int imap_move(struct imap *imap, const uint32_t *uids, size_t n, const char *folder, struct err *e);

bool imap_can_idle(const struct imap *imap);
/* Waits for news (RFC 2177), at most ms: 1 something came, 0 nothing, -1. */
int imap_idle(struct imap *imap, int64_t ms, struct err *e);

#endif
