/* SPDX-License-Identifier: ISC */
#include "base/clock.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define DAY 86400
#define RUNNING INT64_MIN
#define YEAR_MAX 300000000000 /* an int64 of seconds ends before */

/* RUNNING, or where the clock stands still. */
static _Atomic int64_t standing = RUNNING;

int64_t clock_now(void)
{
	int64_t now = atomic_load_explicit(&standing, memory_order_relaxed);
	if (now != RUNNING)
		return now;
	struct timespec ts;
	if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
		die("clock_gettime failed");
	return ts.tv_sec;
}

void clock_set(int64_t now)
{
	atomic_store_explicit(&standing, now, memory_order_relaxed);
}

int clock_init(struct err *e)
{
	const char *text = getenv("POSTCLERK_NOW");
	int64_t now;
	if (!text || !*text)
		return 0;
	if (clock_parse_rfc3339(slice_str(text), &now, NULL) < 0)
		return err_set(e, ERR_CONFIG,
			       "POSTCLERK_NOW is \"%s\": write it like 2026-03-01T10:00:00Z", text);
	clock_set(now);
	return 1;
}

int64_t clock_mono_ms(void)
{
	struct timespec ts;
	if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
		die("clock_gettime failed");
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- civil time ---- */

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int64_t year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	assert(month >= 1 && month <= 12);
	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

static int64_t floor_div(int64_t a, int64_t b)
{
	assert(b > 0);
	return a / b - (a % b < 0);
}

/*
 * Days since 1970-01-01 of the first of a month.  Years begin in March here,
 * so that the leap day is the last of its year; 400 years are 146097 days.
 */
static int64_t month_to_days(int64_t year, int month)
{
	assert(month >= 1 && month <= 12);
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = floor_div(y, 400);
	int64_t of_era = y - era * 400;
	int64_t day = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day - 719468;
}

static void days_to_date(int64_t days, struct civil *c)
{
	int64_t shifted = days + 719468;
	int64_t era = floor_div(shifted, 146097);
	int64_t of_era = shifted - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	c->day = (int)(of_year - (153 * month + 2) / 5 + 1);
	c->month = (int)(month < 10 ? month + 3 : month - 9);
	c->year = year + era * 400 + (c->month <= 2);
	assert(c->day >= 1 && c->day <= 31 && c->month >= 1 && c->month <= 12);
}

void civil_from_utc(int64_t seconds, struct civil *c)
{
	*c = (struct civil){.zone = "UTC"};
	int64_t days = floor_div(seconds, DAY);
	int64_t rest = (seconds % DAY + DAY) % DAY;
	days_to_date(days, c);
	c->hour = (int)(rest / 3600);
	c->minute = (int)(rest / 60 % 60);
	c->second = (int)(rest % 60);
	c->weekday = (int)((days % 7 + 11) % 7); /* 1970-01-01 was a Thursday */
	c->yearday = (int)(days - month_to_days(c->year, 1) + 1);
	assert(c->weekday >= 0 && c->weekday <= 6 && c->yearday >= 1 && c->yearday <= 366);
}

int64_t civil_to_utc(const struct civil *c)
{
	if (c->year > YEAR_MAX || c->year < -YEAR_MAX)
		return c->year < 0 ? INT64_MIN : INT64_MAX;
	int64_t carry = floor_div(c->month - 1, 12);
	int64_t days = month_to_days(c->year + carry, (int)(c->month - carry * 12)) + c->day - 1;
	int64_t rest = (int64_t)c->hour * 3600 + (int64_t)c->minute * 60 + c->second - c->offset;
	int64_t seconds;
	if (__builtin_mul_overflow(days, DAY, &seconds) ||
	    __builtin_add_overflow(seconds, rest, &seconds))
		return days < 0 ? INT64_MIN : INT64_MAX;
	return seconds;
}

/* ---- written forms ---- */

void clock_put_rfc3339(struct buf *out, int64_t seconds)
{
	struct civil c;
	civil_from_utc(seconds, &c);
	buf_printf(out, "%04lld-%02d-%02dT%02d:%02d:%02dZ", (long long)c.year, c.month, c.day,
		   c.hour, c.minute, c.second);
}

void clock_put_rfc5322(struct buf *out, int64_t seconds)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct civil c;
	civil_from_utc(seconds, &c);
	buf_printf(out, "%s, %02d %s %04lld %02d:%02d:%02d +0000", days[c.weekday], c.day,
		   months[c.month - 1], (long long)c.year, c.hour, c.minute, c.second);
}

/*
 * Reads fields by a pattern in which a digit 4 or 2 stands for a number of so
 * many digits and everything else for itself; takes them off *text.
 */
static bool scan(struct slice *text, const char *pattern, int *fields)
{
	size_t at = 0;
	for (; *pattern; pattern++) {
		size_t n = *pattern == '4' ? 4 : *pattern == '2' ? 2 : 0;
		if (n == 0) {
			if (at >= text->len || text->ptr[at++] != *pattern)
				return false;
			continue;
		}
		uint64_t value;
		if (at + n > text->len || !slice_u64(slice_sub(*text, at, at + n), &value))
			return false;
		*fields++ = (int)value;
		at += n;
	}
	*text = slice_sub(*text, at, text->len);
	return true;
}

static bool scan_date(struct slice *text, struct civil *c)
{
	int f[3];
	if (!scan(text, "4-2-2", f))
		return false;
	*c = (struct civil){.year = f[0], .month = f[1], .day = f[2]};
	return f[1] >= 1 && f[1] <= 12 && f[2] >= 1 && f[2] <= month_days(f[0], f[1]);
}

/* RFC 3339 5.6: "Z" or "+01:00"; fractions of a second are dropped. */
static bool scan_offset(struct slice *text, int *offset)
{
	*offset = 0;
	if (slice_starts(*text, SLICE("."))) {
		size_t n = 1;
		while (n < text->len && text->ptr[n] >= '0' && text->ptr[n] <= '9')
			n++;
		if (n == 1)
			return false;
		*text = slice_sub(*text, n, text->len);
	}
	if (slice_starts_nocase(*text, SLICE("Z"))) {
		*text = slice_sub(*text, 1, text->len);
		return true;
	}
	int f[2];
	int sign = slice_starts(*text, SLICE("-")) ? -1 : 1;
	if (!scan(text, sign < 0 ? "-2:2" : "+2:2", f) || f[0] > 23 || f[1] > 59)
		return false;
	*offset = sign * (f[0] * 3600 + f[1] * 60);
	return true;
}

int clock_parse_rfc3339(struct slice text, int64_t *seconds, struct err *e)
{
	struct civil c;
	struct slice rest = text;
	int f[3];
	bool right = scan_date(&rest, &c) &&
		     (slice_starts_nocase(rest, SLICE("T")) || slice_starts(rest, SLICE(" ")));
	rest = slice_sub(rest, 1, rest.len);
	right = right && scan(&rest, "2:2:2", f) && f[0] <= 23 && f[1] <= 59 && f[2] <= 60 &&
		scan_offset(&rest, &c.offset) && rest.len == 0;
	if (!right)
		return err_set(e, ERR_INPUT,
			       "\"%.*s\" is not a time: write it like 2026-03-01T10:00:00Z",
			       SLICE_ARG(slice_sub(text, 0, 60)));
	c.hour = f[0];
	c.minute = f[1];
	c.second = f[2];
	*seconds = civil_to_utc(&c);
	return 1;
}

int clock_parse_date(struct slice text, int64_t *seconds, struct err *e)
{
	struct civil c;
	struct slice rest = text;
	if (!scan_date(&rest, &c) || rest.len != 0)
		return err_set(e, ERR_INPUT, "\"%.*s\" is not a date: write it like 2026-03-01",
			       SLICE_ARG(slice_sub(text, 0, 60)));
	*seconds = civil_to_utc(&c);
	return 1;
}
