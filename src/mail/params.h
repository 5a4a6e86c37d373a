/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_PARAMS_H
#define POSTCLERK_MAIL_PARAMS_H

#include "lex.h"

struct params {
	const struct mail_param *items;
	size_t n;
};

/*
 * "; name=value" up to the end (RFC 2045 5.1), continuations put together and
 * extended values decoded (RFC 2231), encoded words too, since clients write
 * them there.  Where a parameter has both forms the extended one is taken.
 */
void params_read(struct lex *lx, struct params *out);
/* A null pointer when there is none. */
struct slice params_get(const struct params *p, const char *name);

/* A file name that is safe to show and to save (T19); empty when nothing is left. */
struct slice filename_safe(struct reader *r, struct slice name);

#endif
