/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_TLS_H
#define GATEWAY_TLS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base.h"

/* A TLS client session by GnuTLS over a non-blocking socket that is not its own. */
struct tls;

struct tls_peer {
	const char *host;    /* a name, or an address in the certificate */
	const char *ca_file; /* PEM; empty: the system's trust */
};

/*
 * Shakes hands: 1 when the peer's chain leads to a trusted root, is valid now
 * and names the host (RFC 6125); else -1: TEMP when the connection failed,
 * CONFIG when the peer is not who it should be.  TLS 1.2 and later.
 */
int tls_open(int fd, const struct tls_peer *peer, int64_t deadline, struct tls **tls,
	     struct err *e);
void tls_close(struct tls **tls);

/* Bytes, 0 at the end of the stream, -1 with *events to wait for, or with *e set. */
ssize_t tls_read(struct tls *tls, void *out, size_t size, short *events, struct err *e);
ssize_t tls_write(struct tls *tls, const void *bytes, size_t size, short *events, struct err *e);
/* Are there decrypted bytes that no poll would tell of? */
bool tls_pending(const struct tls *tls);

#endif
