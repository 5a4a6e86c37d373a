/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_ORDER_MONEY_H
#define POSTCLERK_RECORD_ORDER_MONEY_H

#include "base/buf.h"
#include "record/change.h"

/*
 * The one door through which orders ask what depends on invoices and payments.
 * Whoever keeps those fills it in and hangs it into the change; without it
 * there are none: nothing is covered, nothing is on an invoice, and what needs
 * one is refused with a sentence.  Every function may be null, which means the
 * same for its question.
 *
 * The questions return 1 yes, 0 no, -1 and *e; the others 1.
 */
struct order_money {
	void *ctx;
	/* Minor units of the order's currency: matched payments and credits (CP-19). */
	int (*cover)(struct change *ch, void *ctx, const Rec__Order *order, int64_t *amount,
		     struct err *e);
	/* What the customer owes in that currency beside open orders (CP-20). */
	int (*owed)(struct change *ch, void *ctx, const Rec__Order *order, int64_t *amount,
		    struct err *e);
	/* Is the line on an invoice that was not deleted? */
	int (*invoiced)(struct change *ch, void *ctx, const Rec__Order *order,
			const Rec__Line *line, struct err *e);
	/* Is there a credit note, not deleted, for all of the line? */
	int (*credited)(struct change *ch, void *ctx, const Rec__Order *order,
			const Rec__Line *line, struct err *e);
	/* Does any invoice, payment or account event name the order (PX-16)? */
	int (*referred)(struct change *ch, void *ctx, const Rec__Order *order, struct err *e);
	/*
	 * Payment events that were made automatically and stay behind when the
	 * order is cancelled, each with the command that removes it (ST-26).
	 */
	int (*left_behind)(struct change *ch, void *ctx, const Rec__Order *order, struct buf *out,
			   struct err *e);
	/* The first order was merged into the second: what named it names that one now. */
	int (*merged)(struct change *ch, void *ctx, const Rec__Order *from, const Rec__Order *into,
		      struct err *e);
};

/* The same questions with the answers of a desk that keeps no invoices. */
int order_cover(struct change *ch, const Rec__Order *order, int64_t *amount, struct err *e);
int order_owed(struct change *ch, const Rec__Order *order, int64_t *amount, struct err *e);
int order_invoiced(struct change *ch, const Rec__Order *order, const Rec__Line *line,
		   struct err *e);
int order_credited(struct change *ch, const Rec__Order *order, const Rec__Line *line,
		   struct err *e);
int order_referred(struct change *ch, const Rec__Order *order, struct err *e);
int order_left_behind(struct change *ch, const Rec__Order *order, struct buf *out, struct err *e);

#endif
