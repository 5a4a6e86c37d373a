/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_ROUTE_H
#define GATEWAY_ROUTE_H

#include <stdbool.h>

#include "base.h"

/* How to reach a server: a "mailbox" or the "smtp" section of postclerk.conf. */

enum route_tls { ROUTE_TLS_NONE, ROUTE_TLS_STARTTLS, ROUTE_TLS_IMPLICIT };
enum route_auth { ROUTE_AUTH_LOGIN, ROUTE_AUTH_XOAUTH2 };

#define ROUTE_SECRET_MAX 16384

struct route {
	const char *host;
	int port;
	enum route_tls tls;
	enum route_auth auth;
	const char *user;    /* empty: no authentication */
	const char *secret;  /* the password, or the access token for XOAUTH2 */
	const char *ca_file; /* PEM; empty: the system's */
	int64_t timeout_ms;  /* for one step; a transfer may take several */
};

/*
 * Reads section number i.  Strings are the configuration's or the arena's; a
 * relative password-file stands in the desk's directory.  CONFIG error for
 * what cannot work: no host, a word that is none of the choices, plain text to
 * a host that is not this one, a password file that is not there, control
 * characters.
 */
int route_load(struct arena *a, const char *dir, const struct conf *conf, const char *section,
	       size_t i, struct route *route, struct err *e);

/* "localhost", 127.0.0.0/8 or ::1, as it is written. */
bool route_is_loopback(const char *host);

#endif
