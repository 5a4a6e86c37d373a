/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_DISPATCH_H
#define POSTCLERK_RECORD_DISPATCH_H

#include "record/order_step.h"

/* Stock for orders, and what may be sent now (PX-22 to PX-24, CP-19 to CP-30). */

/* ---- reservations ---- */

/*
 * Reserves what is free for lines that wait for goods (none named: all of
 * them), now or, for what is not there, as soon as it comes: first come, first
 * served by the time of this call.  *pieces is how many were reserved.  INPUT
 * when no line waits, or the order's season has not begun.
 */
int order_reserve_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
			struct err *e);
int order_reserve(struct change *ch, const struct order_step *step, int64_t *pieces, struct err *e);
/* Gives back what is reserved.  INPUT when nothing is. */
int order_unreserve_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
			  struct err *e);
int order_unreserve(struct change *ch, const struct order_step *step, int64_t *pieces,
		    struct err *e);
/*
 * When stock has come: what lines wait for, by reserved_at (RECORD.md 1.6).
 * At most ORDER_ALLOCATE_MAX orders a call; *pieces were given.
 */
#define ORDER_ALLOCATE_MAX 50
int order_allocate_item(struct change *ch, struct slice sku, int64_t *pieces, struct err *e);

/* ---- the dispatch queue ---- */

/* A line that may be put in a box now. */
struct dispatch_row {
	const Rec__Order *order;
	const Rec__Line *line;
	const Rec__Customer *customer; /* with its watch notes (CP-42) */
};

struct dispatch_list {
	struct dispatch_row *items; /* urgent ones first, then first reserved, first out */
	size_t n;
	bool more; /* the limit, or how much is looked at in one call, cut the list */
};

/*
 * ANG lines, fully reserved, of orders that are not on hold, are covered if
 * prepaid, and whose season has begun.  Found by an index that holds nothing
 * else but what waits for its payment.
 */
int dispatch_list(struct change *ch, size_t limit, struct dispatch_list *list, struct err *e);

/*
 * CP-30: moves an order to the front of the queue, or back.  INPUT when it
 * stands there already.
 */
int order_urgent_check(const Rec__Order *order, bool urgent, struct err *e);
int order_urgent(struct change *ch, uint64_t id, bool urgent, struct err *e);

/* ---- sending ---- */

/*
 * Lines that are ANG are put in the box and shipped, those in the box are
 * shipped: one history row for each of the two.  Otherwise order_step with
 * LINE_SHIP.
 */
int order_ship_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
		     struct err *e);
int order_ship(struct change *ch, const struct order_step *step, struct order_report *report,
	       struct err *e);
/*
 * PX-24: ships at once what is reserved or free, splitting lines; the rest
 * stays released, or is cancelled.  INPUT when nothing at all can be shipped.
 */
int order_ship_now_check(struct change *ch, const Rec__Order *order, struct err *e);
int order_ship_now(struct change *ch, const struct order_step *step, bool cancel_rest,
		   struct order_report *report, struct err *e);

/* Puts lines on a warehouse's pick list, or off it (an empty name). */
int order_picklist_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
			 struct slice name, struct err *e);
int order_picklist(struct change *ch, const struct order_step *step, struct slice name,
		   struct err *e);

#endif
