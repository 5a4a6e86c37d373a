/* SPDX-License-Identifier: ISC */
#ifndef DESK_REMARK_H
#define DESK_REMARK_H

#include "intake.h"

/*
 * What an agent should know of a mail before believing or answering it, as
 * words in message.flags that templates put into sentences:
 *
 *   stranger             the sender takes no part in the thread (T29)
 *   ambiguous            it can be read in two ways; it may never command (T08)
 *   unproved-agent       From is one of our own addresses, without proof
 *   mixed-script, look-alike-name, look-alike-address
 *                        the sender looks like somebody of ours (T33);
 *                        message.looks_like says like whom
 *   automatic, vacation  a machine wrote it (RFC 3834)
 *   list                 it came through a mailing list
 *   receipt              a read receipt (RFC 8098)
 *   invitation, invitation-reply, invitation-cancelled, calendar
 *                        it holds a calendar object (RFC 5546)
 *   left-out             files of it are only in the original
 *
 * None of these is ever answered automatically.
 */
int remark_mail(struct intake *in, const struct linkage *link, struct err *e);

#endif
