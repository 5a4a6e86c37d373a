/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_NET_H
#define GATEWAY_NET_H

#include <stdbool.h>
#include <sys/types.h>

#include "base.h"
#include "route.h"

/*
 * A connection to a stranger's server: TCP, and TLS where the route says so.
 * Every read and write is under the deadline and the quota that its user set
 * last; after the first failure nothing more passes.
 */
struct net;

/* Connects; with ROUTE_TLS_IMPLICIT the peer has proved itself when it returns 1. */
int net_open(const struct route *route, struct net **net, struct err *e);
/* Starts TLS on a plain connection: 1, or -1 and the connection is of no more use. */
int net_secure(struct net *net, const struct route *route, struct err *e);
bool net_is_secure(const struct net *net);
void net_close(struct net **net);

/* For what follows: milliseconds from now, and bytes that may still come. */
void net_allow(struct net *net, int64_t ms, size_t bytes);

/* Bytes passed, 0 at the end of the stream (read), -1: see net_error. */
ssize_t net_read(struct net *net, void *out, size_t size);
ssize_t net_write(struct net *net, const void *bytes, size_t size);
/* Waits for bytes: 1, 0 when the time is over, -1. */
int net_wait(struct net *net, int64_t ms);
int net_fd(const struct net *net);
/* What went wrong first, or an empty text. */
const char *net_error(const struct net *net);

#endif
