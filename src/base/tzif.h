/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_TZIF_H
#define POSTCLERK_BASE_TZIF_H

#include <stdint.h>

#include "base/slice.h"

/*
 * The content of a time zone file (RFC 8536): versions 1 to 4, with the rule
 * in the footer for times behind the last listed change.
 */
struct tzif;

struct tzif_time {
	int offset;   /* seconds east of UTC */
	char name[8]; /* "CET", cut at seven bytes */
};

/* Null when it is not such a file; the result is the caller's to tzif_free. */
struct tzif *tzif_parse(struct slice file);
void tzif_free(struct tzif *t);
/* What clocks show at that moment (UTC seconds). */
struct tzif_time tzif_at(const struct tzif *t, int64_t seconds);

/*
 * The footer's rule, a POSIX TZ string such as "CET-1CEST,M3.5.0,M10.5.0/3"
 * (RFC 8536 3.3.1, with its longer range of times).
 */
struct tz_day {
	char kind; /* 'M' month.week.weekday, 'J' 1..365 without leap day, 'N' 0..365 */
	int month, week, day;
	int time; /* local seconds since midnight, may be negative */
};

struct tz_rule {
	struct tzif_time standard, summer;
	bool has_summer;
	struct tz_day start, end; /* of summer time */
};

/* False when it is no such rule. */
bool tz_rule_parse(struct slice text, struct tz_rule *rule);
/* The time that holds at these UTC seconds. */
struct tzif_time tz_rule_at(const struct tz_rule *rule, int64_t seconds);

#endif
