/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_CUSTOMER_UNITE_H
#define POSTCLERK_RECORD_CUSTOMER_UNITE_H

#include "record/change.h"

/*
 * What two customers know becomes one's (RECORD.md 2.9): nothing of `from` is
 * lost, and what `to` has stays.  A note on it says what the two disagreed
 * about.  Only the message is changed.
 */
int customer_unite(struct change *ch, Rec__Customer *to, const Rec__Customer *from, struct err *e);

#endif
