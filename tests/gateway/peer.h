/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_GATEWAY_PEER_H
#define POSTCLERK_TESTS_GATEWAY_PEER_H

#include <pthread.h>
#include <stdbool.h>

#include "base.h"

/*
 * A server on loopback for the tests, a thread that serves one connection
 * after the other with a function of the test's.  It may speak TLS with a
 * certificate of the test's making, remembers every byte it was sent, and can
 * cut the connection at any byte of what it sends.
 */
enum peer_certificate {
	PEER_GOOD, /* for localhost and 127.0.0.1, by the test's authority */
	PEER_SELF_SIGNED,
	PEER_WRONG_HOST,
	PEER_EXPIRED,
	PEER_NOT_YET,
	PEER_OTHER_AUTHORITY,
};

struct peer;
/* Serves one connection, which ends when it returns. */
typedef void peer_serve(struct peer *peer, void *context);

struct peer_options {
	peer_serve *serve;
	void *context;
	bool tls; /* from the first byte */
	enum peer_certificate certificate;
};

/* Also writes the authority's certificate into ca_path, if that is not null. */
struct peer *peer_open(const struct peer_options *options, const char *ca_path);
void peer_close(struct peer **peer);
int peer_port(const struct peer *peer);

/* For the test's thread: what came so far, as a C string (NULs as '?'), and how often. */
const char *peer_heard(struct peer *peer);
unsigned peer_connections(struct peer *peer);
/* The next connections end after so many bytes have been sent; -1 never. */
void peer_cut(struct peer *peer, long bytes);

/* For the serving function.  A line without its CR LF, or null at the end. */
const char *peer_line(struct peer *peer);
/* So many bytes; false at the end. */
bool peer_bytes(struct peer *peer, char *out, size_t n);
/* False when the connection was cut or is gone. */
bool peer_say(struct peer *peer, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool peer_send(struct peer *peer, struct slice bytes);
bool peer_start_tls(struct peer *peer);

#endif
