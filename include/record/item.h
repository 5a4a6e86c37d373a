/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_ITEM_H
#define POSTCLERK_RECORD_ITEM_H

#include "record/change.h"

/*
 * Items: what a shop sells, by SKU (bytes compared as they are).  Stock is
 * counted by what happened to it: on_hand is always received - shipped +
 * restocked - written_off (RECORD.md 3.19), and reserved the sum over the lines
 * of all orders.
 */

#define ITEM_SKU_MAX 128 /* bytes */
#define ITEM_PRICES_MAX 1000
#define ITEM_ORDERS_MAX 1000

/* By its SKU, in memory of the arena. */
int item_load(struct txn *txn, struct arena *a, struct slice sku, Rec__Item **item, struct err *e);
/* The same to change it afterwards: takes the write lock at once. */
int item_lock(struct txn *txn, struct arena *a, struct slice sku, Rec__Item **item, struct err *e);
/* For a command that names one: INPUT with "did you mean" when it is not there. */
int item_need(struct txn *txn, struct arena *a, struct slice sku, Rec__Item **item, struct err *e);
/* Is on_hand what its counters make (RECORD.md 3.19)? */
bool item_adds_up(const Rec__Item *item);
/* Pieces that nobody has reserved. */
int64_t item_available(const Rec__Item *item);

/*
 * Stores a new or changed item with its history row; event is "create" for a
 * new one whatever the caller says.  0 when nothing differs.  INPUT when a
 * field cannot be, or the counters do not add up to on_hand.
 */
int item_save(struct change *ch, Rec__Item *item, const char *event, struct err *e);
/*
 * What somebody counted or a file says is on_hand now: received or written_off
 * takes the difference, so that the counters add up.
 */
void item_settle(Rec__Item *item, int64_t on_hand);

/* What somebody did to the stock by hand, in pieces, and why. */
struct item_adjustment {
	int64_t receive, restock, write_off;
	struct slice reason;
};
/* INPUT when nothing is to be done, or more written off than nobody has reserved. */
int item_adjust_check(const Rec__Item *item, const struct item_adjustment *adjustment,
		      struct err *e);
/* Does it, with one history row; *item is how it is now. */
int item_adjust(struct change *ch, struct slice sku, const struct item_adjustment *adjustment,
		Rec__Item **item, struct err *e);

struct item_orders {
	Rec__Order **items; /* by ordered_at, the oldest first */
	size_t n;
	size_t total; /* n, or more when the limit cut the list */
};

/* Orders that have an open line of that SKU (not final, not a returned piece). */
int item_orders(struct txn *txn, struct arena *a, struct slice sku, size_t limit,
		struct item_orders *orders, struct err *e);
/* Is that line of an order such a line? */
bool item_line_open(const Rec__Line *line);

#endif
