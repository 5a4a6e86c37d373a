/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_SEARCH_LOOK_H
#define POSTCLERK_RECORD_SEARCH_LOOK_H

#include "search_want.h"

/*
 * How each field finds what can fit in an index: a `look` of struct
 * search_row each.  And what needs other records to be compared at all.
 */
int look_text(struct finder *f, struct want *want, struct err *e);
int look_names(struct finder *f, struct want *want, struct err *e);
int look_group(struct finder *f, struct want *want, struct err *e);
int look_type(struct finder *f, struct want *want, struct err *e);
int look_active(struct finder *f, struct want *want, struct err *e);
int look_ebay(struct finder *f, struct want *want, struct err *e);
int look_amazon(struct finder *f, struct want *want, struct err *e);
int look_order(struct finder *f, struct want *want, struct err *e);
int look_invoice(struct finder *f, struct want *want, struct err *e);
int look_tracking(struct finder *f, struct want *want, struct err *e);
int look_item(struct finder *f, struct want *want, struct err *e);
int look_line(struct finder *f, struct want *want, struct err *e);
int look_status(struct finder *f, struct want *want, struct err *e);
int look_ordered(struct finder *f, struct want *want, struct err *e);
int look_shipped(struct finder *f, struct want *want, struct err *e);

/* search_free.c */
int look_free(struct finder *f, struct want *want, struct err *e);
/* The number of an id of that letter, or of digits alone; 0 when the text is none. */
uint64_t look_number(struct slice text, char letter);
/* Adds whom or what other systems call so; an empty channel is any. */
int look_external(struct finder *f, enum object_type type, struct slice value, struct slice channel,
		  struct search_set *set, struct err *e);
/* Adds the orders of shipments with such a tracking code. */
int look_shipments(struct finder *f, struct slice code, struct search_set *set, struct err *e);

/* search_item.c: makes the criterion comparable by finding the items it means. */
#define SEARCH_SKUS_MAX 1000
int prepare_item(struct finder *f, struct want *want, struct err *e);
int prepare_order(struct finder *f, struct want *want, struct err *e);

int fits_tracking(struct finder *f, const struct want *want, const Rec__Customer *customer,
		  const Rec__Order *order, struct err *e);
int fits_shipped(struct finder *f, const struct want *want, const Rec__Customer *customer,
		 const Rec__Order *order, struct err *e);

#endif
