/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_DEMO_H
#define POSTCLERK_RECORD_DEMO_H

#include "record/change.h"

/*
 * A fictional shop of any size, for demonstrations, tests and benchmarks:
 * items with prices and stock, customers of several countries, orders in all
 * states with reservations, shipments, tracking codes, notes and external
 * numbers.  Everything follows from the seed and the number of the customer,
 * so the same options make the same shop, in any number of steps.  All people,
 * addresses and numbers are invented (names end in .example).
 */
struct demo {
	uint64_t customers; /* 1..DEMO_CUSTOMERS_MAX */
	uint64_t orders;    /* of each customer, on average; 0..DEMO_ORDERS_MAX */
	uint64_t seed;
};

#define DEMO_CUSTOMERS_MAX 10000000
#define DEMO_ORDERS_MAX 60
#define DEMO_NOW INT64_C(1772359200) /* 2026-03-01T10:00:00Z: when all of it is made */

/*
 * One transaction's worth: first, with *next 0, the shop's tables and items,
 * afterwards customers with their orders; *next moves on.  1 there is more, 0 that was
 * all, -1 and *e.  INPUT when the desk has customers already, or no shop.
 */
int demo_make(struct change *ch, const struct demo *demo, uint64_t *next, struct err *e);

#endif
