/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_PRICE_H
#define POSTCLERK_RECORD_PRICE_H

#include "record/change.h"
#include "record/vat.h"

/* What a line costs when it is made (CP-11, CP-22, CP-23); later changes do not touch it. */

struct price_question {
	struct slice list;     /* price list of the channel; empty: none */
	struct slice season;   /* of the order; empty: none */
	struct slice currency; /* of the order */
};

/*
 * The item's price in minor units of that currency: of list and season
 * together, else of the season, else of the list, else its base price (a price
 * without list and season, or the item's own).  1, or 0 when it has none in
 * that currency.
 */
int price_find(const Rec__Item *item, const struct price_question *question, int64_t *amount,
	       struct slice *list);

/*
 * Prices a new line of the order: name, unit price, VAT category and rate from
 * the item (line->sku), by the order's channel, season and currency and its
 * customer's country, net or gross as the order's kind wants it: a price list
 * of the other kind is converted at the line's rate, half away from zero.
 * INPUT when the item is not there (with "did you mean"), is no longer sold, or
 * has no price in that currency.
 */
int price_line(struct change *ch, const Rec__Order *order, Rec__Line *line, struct err *e);

#endif
