/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_SOCK_H
#define GATEWAY_SOCK_H

#include "base.h"

/*
 * The desk's Unix socket: DESK_SOCKET_FILE in its directory, mode 0600.  A
 * directory of any path length serves, although sun_path holds 108 bytes.
 */

/*
 * Listens, in place of what a dead owner left there: only who holds the
 * store's lock may call it.  1 and the descriptor, or -1 and CONFIG.
 */
int sock_listen(const char *dir, int *fd, struct err *e);
/* 1 and the descriptor; 0 when nobody listens; -1 and TEMP or DENIED. */
int sock_connect(const char *dir, int *fd, struct err *e);
/* 1 and the next peer, 0 when it was gone again or is not allowed in, -1 TEMP. */
int sock_accept(int listener, int *fd, struct err *e);
/* Is the process at the other end ours (the same user) or root's (SO_PEERCRED)? */
bool sock_peer_allowed(int fd);

#endif
