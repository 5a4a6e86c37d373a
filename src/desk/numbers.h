/* SPDX-License-Identifier: ISC */
#ifndef DESK_NUMBERS_H
#define DESK_NUMBERS_H

#include "state.h"

/*
 * Numbers of orders, invoices, credit notes and parcels in a mail (MAIL.md 4),
 * found by the patterns of the settings.  What belongs to the sender's own
 * customer is linked; what is there and belongs to somebody else, or to nobody
 * we can tell, is suggested to the agent only.
 */
#define NUMBERS_MAX 20 /* linked, and as many suggested, of one mail */

struct numbers {
	uint64_t orders[NUMBERS_MAX];
	size_t n_orders;
	struct slice suggested[NUMBERS_MAX]; /* as they stood in the mail, in the work's arena */
	size_t n_suggested;
};

/* customer is the sender's, or null; searched in the subject and in the text. */
int numbers_find(struct work *work, const Rec__Customer *customer, struct slice subject,
		 struct slice text, struct numbers *out, struct err *e);
/* Adds one that the mail named; the same twice counts once. */
void numbers_suggest(struct work *work, struct numbers *numbers, struct slice text);

#endif
