/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_AUTH_RESULTS_H
#define POSTCLERK_MAIL_AUTH_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"

/*
 * The field Authentication-Results, parsed (RFC 8601 2.2).  Whom to believe,
 * and above which Received line, is the desk's business.
 */
struct mail_auth_property {
	struct slice ptype, name, value; /* "header", "from", "example.org"; value unquoted */
};

struct mail_auth_method {
	struct slice method; /* lower case: "dkim", "spf", "dmarc", "auth" */
	struct slice result; /* lower case: "pass", "fail", "none" */
	struct slice reason; /* or empty */
	const struct mail_auth_property *properties;
	size_t n_properties;
};

struct mail_auth_results {
	struct slice authserv_id; /* lower case */
	const struct mail_auth_method *methods;
	size_t n_methods; /* 0 for "none" */
};

#define MAIL_AUTH_METHODS_MAX 64
#define MAIL_AUTH_PROPERTIES_MAX 64

/* True when the whole value is well formed; otherwise *out is empty: a broken field proves nothing.
 */
bool mail_auth_results_read(struct arena *a, struct slice value, struct mail_auth_results *out);
/* The value of "ptype.name" of a method, without case; a null pointer when absent. */
struct slice mail_auth_property(const struct mail_auth_method *method, const char *ptype,
				const char *name);

#endif
