/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_LIQUID_DATE_H
#define POSTCLERK_LIQUID_DATE_H

#include "base/clock.h"
#include "vm.h"

/* A width in a format is cut to this. */
#define DATE_WIDTH_MAX 64

struct date {
	struct civil civil;
	int64_t seconds; /* UTC */
	int64_t nanos;
	bool own_zone; /* the text said which */
};

/*
 * A date as people and programs write it: ISO 8601, RFC 5322, "March 14,
 * 2016", "14.3.2016 10:30 pm".  What is missing comes from now; a time
 * without a zone is in the zone given (null: UTC).  False when it is none.
 */
bool date_parse(struct slice text, int64_t now, const struct zone *zone, struct date *date);
/* strftime(3) with the flags of Ruby's; unknown directives stay as they are. */
void date_format(struct buf *out, const struct date *date, struct slice format);

#endif
