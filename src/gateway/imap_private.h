/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_IMAP_PRIVATE_H
#define GATEWAY_IMAP_PRIVATE_H

#include <libetpan/libetpan.h>

#include "imap.h"
#include "net.h"

struct imap {
	mailimap *session;
	struct net *net; /* owned by the session's stream once there is one */
	int64_t timeout_ms;
	const char *host;
};

/* A stream of libetpan over a connection, which it closes at its end. */
mailstream *imap_stream_open(struct net *net);
/* Did bytes come that nobody has read yet? */
bool imap_stream_holds_bytes(mailstream *stream);

/* Before every command: sets its deadline and its quota, by the bytes it shall bring. */
void imap_allow(struct imap *imap, size_t bytes);

/*
 * Sorts libetpan's codes: 1 for success, 0 for a command that the server
 * refused (its words in *e too), -1 and TEMP for everything else.
 */
int imap_result(struct imap *imap, int code, const char *command, struct err *e);

/* Ascending UIDs as a set with ranges, or one open range when last is 0. */
struct mailimap_set *imap_set(const uint32_t *uids, size_t n);

/*
 * A folder's name in modified UTF-7 (RFC 3501 5.1.3); the caller releases the
 * buffer in any case.  -1 and CONFIG when it is empty or too long.
 */
int imap_folder_name(const char *folder, struct buf *out, struct err *e);

#endif
