/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_IMPORT_FOREIGN_H
#define POSTCLERK_RECORD_IMPORT_FOREIGN_H

#include "import_private.h"

/* What another system says of an order, a customer, a product or a refund. */
struct foreign {
	struct import *in;
	struct slice channel;
	Rec__Customer *customer; /* null: none */
	Rec__Order *order;
	Rec__Item *item;
	struct slice refund_of;	  /* external id of an order */
	const struct json *notes; /* the first of a list of texts */
	bool paid, cancelled;
	bool stock;	    /* item->on_hand was in the file */
	bool rates_unknown; /* the lines' VAT is that of their items */
	bool created;	    /* what came of it */
};

/* import_order.c: of that customer; 1 something changed, 0 nothing did. */
int foreign_order(struct foreign *f, uint64_t customer, struct err *e);
/* The notes as comments, each once.  1 when there was a new one. */
int foreign_notes(struct foreign *f, const Rec__Order *order, struct err *e);

#endif
