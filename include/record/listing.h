/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_LISTING_H
#define POSTCLERK_RECORD_LISTING_H

#include "record/change.h"
#include "record/id.h"

/*
 * The list an agent has before him in a thread: what made it, and the page
 * that was shown last, so that #next goes on and #k 3 means something.  It is
 * the agent's place and no part of the record: no history, not exported, and
 * gone with #empty.  So a block that only reads may keep one.
 */

/* Of the agent of the change, in that thread (0: at none).  0 when there is none. */
int listing_load(const struct change *ch, uint64_t thread, Rec__Listing **listing, struct err *e);
/* key and created_at are set here. */
int listing_save(struct change *ch, uint64_t thread, Rec__Listing *listing, struct err *e);
/* 0 when there was none. */
int listing_drop(struct change *ch, uint64_t thread, struct err *e);

/*
 * The n-th of the whole list, as its rows are numbered from 1.  INPUT when it
 * is not on the page that was shown last.
 */
int listing_at(const Rec__Listing *listing, uint64_t n, struct id *id, struct err *e);

#endif
