/* SPDX-License-Identifier: ISC */
#ifndef DESK_ORDERS_H
#define DESK_ORDERS_H

#include "state.h"

/* What the desk does for orders beside mails to the customer. */

/*
 * The mail to the fulfilment provider of the order's shop: lines that were
 * just transferred, with a CSV of them (ST-15).  1; 0 when the shop has no
 * provider's address, or no line is with him.
 */
int orders_mail_provider(struct work *work, const struct template *template,
			 const Rec__Order *order, const Rec__Customer *customer, struct err *e);

/*
 * A document that was asked for (CP-33): renders templates/document/KIND and
 * writes the print history.  INPUT when there is no such template.
 */
int orders_make_document(struct work *work, const Rec__Order *order, const Rec__Customer *customer,
			 struct slice kind, struct err *e);

/* The print history of a mail that was sent: text as the customer has it. */
int orders_note_mail(struct work *work, const Rec__Order *order, const char *kind,
		     struct slice text, struct err *e);

/*
 * One step of what the clock does to orders every day (order_daily.h), in a
 * transaction of its own; its mails become jobs, so that one that cannot be
 * made stops nothing.  1 there may be more, 0 all is done, -1 and *e.
 */
int orders_daily(struct desk *desk, struct arena *a, struct err *e);

#endif
