/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_ITEM_H
#define POSTCLERK_RECORD_ITEM_H

#include "record/change.h"

/* Items: what a shop sells, by SKU (bytes compared as they are). */

#define ITEM_SKU_MAX 128 /* bytes */

/* By its SKU, in memory of the arena. */
int item_load(struct txn *txn, struct arena *a, struct slice sku, Rec__Item **item, struct err *e);
/*
 * Stores a new or changed item with its history row; event is "create" for a
 * new one whatever the caller says.  0 when nothing differs.
 */
int item_save(struct change *ch, Rec__Item *item, const char *event, struct err *e);

#endif
