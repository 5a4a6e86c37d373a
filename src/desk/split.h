/* SPDX-License-Identifier: ISC */
#ifndef DESK_SPLIT_H
#define DESK_SPLIT_H

#include "state.h"

/*
 * Whether a mail that answers an old one begins something new (MAIL.md 4): its
 * base subject (RFC 5256) is none of the thread's, and the thread was silent
 * for longer than desk/split-after-days.  Threads are answered months later
 * because that is the easiest way to find an address.  1 split, 0 not, -1.
 */
int split_is_due(struct work *work, const Rec__Thread *thread, struct slice subject, struct err *e);

#endif
