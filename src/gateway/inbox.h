/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_INBOX_H
#define GATEWAY_INBOX_H

#include "base.h"

/* Has mailbox section i a server to ask? */
bool inbox_configured(const struct conf *conf, size_t i);

/*
 * The inbox process of the mailbox of that name: takes its mail until a
 * signal ends the process, which may be at any moment: what it does is all
 * journaled first, or done again.  -1 and CONFIG when there is no such mailbox.
 */
int inbox_serve(const char *dir, const struct conf *conf, const char *title, struct err *e);

#endif
