/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_CUSTOMER_STATS_H
#define POSTCLERK_RECORD_CUSTOMER_STATS_H

#include "record/customer.h"

/* What a customer's orders come to (MC-04); derived, never stored. */

#define CUSTOMER_SUMS_MAX 8 /* currencies; orders in further ones are counted only */

struct customer_sum {
	const char *currency; /* a view of an order */
	int64_t total;	      /* minor units */
	int64_t average;      /* of the orders counted, half away from zero */
	size_t n;
};

struct customer_stats {
	size_t orders;		   /* all of them */
	size_t looked_at;	   /* the newest, which the sums are of */
	size_t cancelled;	   /* of these; in no sum */
	int64_t first_at, last_at; /* of those looked at; 0: none */
	struct customer_sum sums[CUSTOMER_SUMS_MAX];
	size_t n_sums;
	int64_t shipped, returned; /* pieces */
	int64_t return_rate;	   /* parts per million; 0 when nothing was shipped */
};

/* A pure function of the list; an order whose total cannot be computed is in no sum. */
void customer_stats(const struct customer_orders *orders, struct customer_stats *stats);

#endif
