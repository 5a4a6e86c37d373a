/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_CLOCK_H
#define POSTCLERK_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/*
 * clock_now() is the only source of the date and time: UTC seconds since
 * 1970.  Tests and the demo set it, by clock_set() or by POSTCLERK_NOW
 * (RFC 3339), which then stands still.  clock_mono_ms() serves deadlines and
 * is never set.
 */
int64_t clock_now(void);
void clock_set(int64_t now);
/* Reads POSTCLERK_NOW; -1 and a CONFIG error when it is not RFC 3339. */
int clock_init(struct err *e);
/* Milliseconds since some moment in the past. */
int64_t clock_mono_ms(void);

/* A civil date and time, proleptic Gregorian. */
struct civil {
	int64_t year;
	int month, day;		  /* 1..12, 1..31 */
	int hour, minute, second; /* second 0..60 */
	int weekday;		  /* 0 Sunday */
	int yearday;		  /* 1..366 */
	int offset;		  /* seconds east of UTC */
	char zone[8];		  /* "CET", "UTC" */
};

/* UTC seconds as a civil time of zone "UTC". */
void civil_from_utc(int64_t seconds, struct civil *c);
/*
 * Seconds of the civil time taken as UTC, minus its offset.  Month 13 is the
 * next January, day 0 the last of the month before, and so on; weekday,
 * yearday and zone are not read.
 */
int64_t civil_to_utc(const struct civil *c);

/*
 * A time zone by its IANA name, read from the system's zone files without
 * touching the process's own zone.  Names are checked: no "..", no leading
 * "/".  Opened zones live as long as the process (a small cache).  Thread-safe.
 * 1, or -1 and an INPUT error.
 */
struct zone;
int zone_find(struct slice name, const struct zone **zone, struct err *e);
/* A null zone is UTC. */
void civil_from_zone(int64_t seconds, const struct zone *zone, struct civil *c);
/*
 * Civil time in that zone (its offset is not read) to UTC.  A time that the
 * clock skips moves forward; of one that comes twice it is the first.
 */
int64_t civil_to_zone(const struct civil *c, const struct zone *zone);

/* "2026-03-01T10:00:00Z" */
void clock_put_rfc3339(struct buf *out, int64_t seconds);
int clock_parse_rfc3339(struct slice text, int64_t *seconds, struct err *e);
/* "Sun, 01 Mar 2026 10:00:00 +0000" (RFC 5322 3.3), always numeric zone. */
void clock_put_rfc5322(struct buf *out, int64_t seconds);
/* "2026-03-01" as midnight UTC, or -1 and an INPUT error with the right form. */
int clock_parse_date(struct slice text, int64_t *seconds, struct err *e);

#endif
