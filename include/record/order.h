/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_ORDER_H
#define POSTCLERK_RECORD_ORDER_H

#include "record/change.h"
#include "record/line.h"

/* Orders (RECORD.md 2.1, 2.2).  1 got one, 0 nothing there, -1 and *e. */

/* By its number, in memory of the arena. */
int order_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Order **order, struct err *e);
/* What another system calls it; an empty kind is "order". */
int order_find_external(struct txn *txn, struct arena *a, const Rec__ExternalId *external,
			Rec__Order **order, struct err *e);
/* By the number alone, whatever the channel (found in a mail's text); the first. */
int order_find_number(struct txn *txn, struct arena *a, struct slice value, Rec__Order **order,
		      struct err *e);

/*
 * A new order with its lines: takes the next number when id is 0, numbers
 * lines that have none, sets created_at and, where unset, ordered_at and the
 * lines' own dates.  INPUT when its customer is unknown, a line has no state
 * or no SKU, two lines have one number, or the id is taken.
 */
int order_create(struct change *ch, Rec__Order *order, struct err *e);
/* Stores what the caller changed, with its history row; 0 when nothing differs. */
int order_save(struct change *ch, Rec__Order *order, const char *event, struct slice reason,
	       struct err *e);

/* The line of that number and split, or null. */
Rec__Line *order_line(const Rec__Order *order, uint32_t number, uint32_t split);

/* ---- derived, never stored ---- */

enum order_status { ORDER_EMPTY, ORDER_OPEN, ORDER_HOLD, ORDER_CLOSED };
enum order_view { ORDER_UNALLOCATED, ORDER_ALLOCATED, ORDER_DISPATCHED, ORDER_CANCELLED };

/* By its lines (ST-01): on hold when one is, closed when all are done or it was merged. */
enum order_status order_status(const Rec__Order *order);
/* "HAL" and "on hold" (ST-01) */
const char *order_status_code(enum order_status status);
const char *order_status_word(enum order_status status);
enum order_view order_view(const Rec__Order *order);
const char *order_view_word(enum order_view view);
/* How many of the still open lines have their stock: "3 of 5 allocated". */
void order_allocation(const Rec__Order *order, size_t *allocated, size_t *open);

/*
 * Minor units of the order's currency.  B2C prices contain their VAT, B2B
 * prices do not (RECORD.md 4.3); cancelled lines (STO, NLB) do not count, and
 * where nothing else is left nothing is to be paid.
 * Shipping takes the VAT of the group with the highest amount; discount and
 * voucher are spread over the groups by amount and never make a total negative.
 */
struct order_totals {
	int64_t goods; /* lines as priced */
	int64_t shipping;
	int64_t voucher;  /* what of it was used, positive */
	int64_t vat;	  /* contained in total */
	int64_t total;	  /* what the customer pays */
	int64_t discount; /* on the whole order, what of it was used, positive */
};
int order_totals(const Rec__Order *order, struct order_totals *totals, struct err *e);

/*
 * A comment on the order, append-only (PX-26); adds order.commented.  What
 * moves its lines stands in order_step.h.
 */
int order_comment(struct change *ch, uint64_t id, struct slice text, struct err *e);

#endif
