/* SPDX-License-Identifier: ISC */
#ifndef RECORD_ORDER_WORK_H
#define RECORD_ORDER_WORK_H

#include "schema.h"
#include "store.h"

/*
 * The index of orders that somebody has to do something about.  One index and
 * not four, since each would unpack the order again; its keys begin with what
 * kind of work it is.  An order with nothing to do has no key at all, so that
 * the index stays small however many orders there were.
 */
enum order_work {
	WORK_DISPATCH = 'D', /* urgent first, then reserved_at, line number, split */
	WORK_HELD = 'H',     /* since when its oldest line is on hold, id */
	WORK_RESERVED = 'R', /* reserved_at of its oldest reservation, id */
	WORK_ITEM = 'S',     /* SKU, ordered_at: orders with an open line of it */
	WORK_WAITING = 'W',  /* SKU, reserved_at, id: a line's reservation is not full */
};

void order_work_keys(const Rec__Order *order, struct store_keys *keys);
/* The beginning of the keys of that kind. */
void order_work_prefix(struct store_key *key, enum order_work kind);
/* Likewise of the orders with open lines of an item, and with lines that wait for it. */
void order_work_waiting(struct store_key *key, struct slice sku);
void order_work_item(struct store_key *key, struct slice sku);

/* Could the line, in an order that is open, be put in a box at once? */
bool order_work_ready(const Rec__Line *line);
/* Was stock asked for that was not all there? */
bool order_work_waits(const Rec__Line *line);

#endif
