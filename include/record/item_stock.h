/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_ITEM_STOCK_H
#define POSTCLERK_RECORD_ITEM_STOCK_H

#include "record/change.h"

/*
 * The only writers of an item's counters (RECORD.md 3.18, 3.19):
 *
 *   on_hand = received - shipped + restocked - written_off
 *   0 <= reserved <= on_hand
 *
 * Each writes the item's history row.  Quantities are pieces, 1 or more.  INPUT
 * when there is no such item, or the counters would not allow it; then nothing
 * changes.
 */
int item_receive(struct change *ch, struct slice sku, int64_t quantity, struct err *e);
int item_restock(struct change *ch, struct slice sku, int64_t quantity, struct err *e);
/* Only what no order has reserved. */
int item_write_off(struct change *ch, struct slice sku, int64_t quantity, struct err *e);
/* quantity leaves; of them `reserved` were reserved, the others must be free. */
int item_ship(struct change *ch, struct slice sku, int64_t quantity, int64_t reserved,
	      struct err *e);
/* As many as are free, 0 too, up to `quantity`: *got. */
int item_reserve(struct change *ch, struct slice sku, int64_t quantity, int64_t *got,
		 struct err *e);
/* Gives them back; an item that is not there has nothing to take. */
int item_unreserve(struct change *ch, struct slice sku, int64_t quantity, struct err *e);

/* on_hand - reserved; 0 for an item that is not there. */
int item_free(struct txn *txn, struct arena *a, struct slice sku, int64_t *free, struct err *e);

#endif
