/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_SHOP_H
#define POSTCLERK_RECORD_SHOP_H

#include "record/change.h"

/* Shops that a desk serves: public address, language, currency, time zone. */

#define SHOP_LIST_MAX 1000

/* By its number, in memory of the arena. */
int shop_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Shop **shop, struct err *e);
/* By its public address, without case. */
int shop_find_address(struct txn *txn, struct arena *a, struct slice address, Rec__Shop **shop,
		      struct err *e);
int shop_find_name(struct txn *txn, struct arena *a, struct slice name, Rec__Shop **shop,
		   struct err *e);

struct shop_list {
	Rec__Shop **items; /* by number; the first is the default */
	size_t n;
};
/* All of them, SHOP_LIST_MAX at most. */
int shop_list(struct txn *txn, struct arena *a, struct shop_list *list, struct err *e);

/*
 * A new shop (id 0), or one whose fields changed.  INPUT when it has no name,
 * the address is none, or currency or time zone do not exist.
 */
int shop_save(struct change *ch, Rec__Shop *shop, struct err *e);

#endif
