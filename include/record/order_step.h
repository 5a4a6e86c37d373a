/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_ORDER_STEP_H
#define POSTCLERK_RECORD_ORDER_STEP_H

#include "record/order.h"

/*
 * What happens to lines of an order (RECORD.md 2.1).  One door for every event
 * of the transition table that moves lines which are there: order_step does it
 * and order_step_check judges, changing nothing.  Each event has a row of one
 * table with its guards and effects; what the row does not name follows from
 * the transition table alone.
 *
 *   save         NEW lines become HAL or ANG by payment type, terms and customer
 *   remove       a NEW line that was never saved goes away
 *   release      every HAL line; refused for a locked or blacklisted customer
 *   hold         every ANG line; refused while a line is in the box or with a provider
 *   cancel       what is on no pick list and no invoice
 *   autocancel   HAL lines that waited as long as the payment type lets them
 *   na           what is on no invoice
 *   scan_in      stock is there for all of them, the season has begun, prepaid orders are covered
 *   ship, fship  an invoice exists; makes a shipment
 *   transfer     the shop or the order has a fulfilment provider
 *   return       a credit note exists, and the pieces were not replaced (3.20)
 *   undo_return  it does not exist any more
 *   reopen       the line's date is at most a month ago; VAT as of today; never what
 *                belonged to a replacement
 *   cancel_order MIN lines, once nothing else of the order is left to ship
 *
 * import, add and replace make lines: order_create, order_add, order_replace.
 */

/* Pieces of one line; the rest of it becomes a line of its own (O10042/3.1). */
struct order_part {
	uint32_t line, split;
	int64_t quantity; /* 0: all */
};

#define ORDER_STEP_MAX 200 /* lines that one step over a whole order moves */

struct order_step {
	uint64_t order;
	enum line_event event;
	const struct order_part *parts; /* none: every line that can */
	size_t n_parts;
	struct slice reason;
	struct slice carrier, tracking; /* of ship and fship; may be empty */
};

/* What came of it. */
struct order_report {
	size_t moved;	   /* lines */
	size_t left;	   /* lines that could not, of a step over the whole order */
	struct slice why;  /* they, in words: "line 1 is AUS (shipped), …" */
	uint64_t shipment; /* that ship and fship made */
};

/*
 * 1, or -1 and an INPUT sentence that names line, state, event and what would
 * be possible.  Of an order's lines named one by one all must be able to; a
 * step over the whole order needs one line that can, and only cancel and na
 * pass over what cannot, provided it is there for a reason of its own.
 */
int order_step_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
		     struct err *e);
/*
 * The same, done: splits where parts ask for it, moves the lines, keeps the
 * stock's reservations, writes one history row ("cancel", with the states of
 * the order and of each line) and adds the event (order.cancelled).  report may
 * be null.
 */
int order_step(struct change *ch, const struct order_step *step, struct order_report *report,
	       struct err *e);

/*
 * PX-13, PX-14 for those who have nothing but an id; the reason of a hold
 * stays with the order.
 */
int order_hold(struct change *ch, uint64_t id, struct slice reason, struct err *e);
int order_release(struct change *ch, uint64_t id, struct slice reason, struct err *e);
/*
 * PX-15: cancels what can be, MIN lines too when nothing else is left, and
 * reports what could not.
 */
int order_cancel(struct change *ch, const struct order_step *step, struct order_report *report,
		 struct err *e);

/*
 * ST-29: of every order with open lines of an item those that can become NLB.
 * With `apply` unset nothing changes and the answer lists what would.  Lines
 * of it, one an order: "O10042/3 2 of CUP-1, released".
 */
struct order_na {
	struct slice sku;
	struct slice reason;
	bool apply;
};
#define ORDER_NA_MAX 100 /* orders at once: a transaction has an end */
int order_na_item(struct change *ch, const struct order_na *na, struct buf *out, size_t *lines,
		  struct err *e);

/* ---- what the guards ask, for those who want to tell it beforehand ---- */

/* Do its terms want payment first (CP-18, CP-19)? */
int order_prepaid(struct change *ch, const Rec__Order *order, struct err *e);
/*
 * May goods of it leave: no line on hold, its season has begun, covered if
 * prepaid?  1, or -1 and an INPUT sentence.
 */
int order_dispatchable(struct change *ch, const Rec__Order *order, struct err *e);
/*
 * HAL or ANG for a line that comes by import or save (ST-19, CP-18 to CP-20):
 * blocked customers wait; then the payment type decides, else the terms; ANG
 * becomes HAL where prepaid terms are not covered or the credit limit is
 * passed.  *why says so in words, empty for ANG.
 */
int order_first_state(struct change *ch, const Rec__Order *order, Rec__LineState *state,
		      struct slice *why, struct err *e);
/* ST-28: is today within a calendar month of that time, where the shop is? */
bool order_within_month(const struct zone *zone, int64_t then, int64_t now);
/* Days from one time to the other by the calendar of the zone. */
int64_t order_days_between(const struct zone *zone, int64_t then, int64_t now);
/* The zone of the order's shop; null is UTC. */
int order_zone(struct change *ch, const Rec__Order *order, const struct zone **zone, struct err *e);

/*
 * Splits quantity pieces off, in memory: the line keeps them and its number,
 * the rest is a new last line with the next free split number, which is
 * returned.  Discount and reservation are parted so that all sums stay
 * (RECORD.md 4.4); stocked says whether the kept part has the reserved pieces
 * or the rest.  0 < quantity < the line's.
 */
Rec__Line *order_split(struct arena *a, Rec__Order *order, Rec__Line *line, int64_t quantity,
		       bool stocked);

#endif
