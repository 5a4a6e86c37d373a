/* SPDX-License-Identifier: ISC */
#include "base/clock.h"
#include "tzif.h"

#define DAY 86400
#define HOUR 3600

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool take_char(struct slice *rest, char c)
{
	if (rest->len == 0 || rest->ptr[0] != c)
		return false;
	*rest = slice_sub(*rest, 1, rest->len);
	return true;
}

static bool take_number(struct slice *rest, int low, int high, int *number)
{
	size_t n = 0;
	*number = 0;
	while (n < rest->len && n < 4 && is_digit(rest->ptr[n]))
		*number = *number * 10 + (rest->ptr[n++] - '0');
	*rest = slice_sub(*rest, n, rest->len);
	return n > 0 && *number >= low && *number <= high;
}

/* [+-]hh[:mm[:ss]] in seconds; RFC 8536 3.3.1 allows hours up to 167. */
static bool take_time(struct slice *rest, int *seconds)
{
	bool negative = take_char(rest, '-');
	int hours, minutes = 0, left = 0;
	if (!negative)
		take_char(rest, '+');
	if (!take_number(rest, 0, 167, &hours))
		return false;
	if (take_char(rest, ':') && !take_number(rest, 0, 59, &minutes))
		return false;
	if (take_char(rest, ':') && !take_number(rest, 0, 59, &left))
		return false;
	*seconds = hours * HOUR + minutes * 60 + left;
	if (negative)
		*seconds = -*seconds;
	return true;
}

/* "CET", or "<+0330>" for what is not of letters only. */
static bool take_name(struct slice *rest, struct tzif_time *into)
{
	bool quoted = take_char(rest, '<');
	size_t n = 0;
	while (n < rest->len) {
		char c = rest->ptr[n];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (!letter && !(quoted && (is_digit(c) || c == '+' || c == '-')))
			break;
		if (n < sizeof(into->name) - 1)
			into->name[n] = c;
		n++;
	}
	*rest = slice_sub(*rest, n, rest->len);
	return n >= 3 && (!quoted || take_char(rest, '>'));
}

static bool take_day(struct slice *rest, struct tz_day *day)
{
	bool good;
	*day = (struct tz_day){.kind = 'N', .time = 2 * HOUR};
	if (take_char(rest, 'M')) {
		day->kind = 'M';
		good = take_number(rest, 1, 12, &day->month) && take_char(rest, '.') &&
		       take_number(rest, 1, 5, &day->week) && take_char(rest, '.') &&
		       take_number(rest, 0, 6, &day->day);
	} else if (take_char(rest, 'J')) {
		day->kind = 'J';
		good = take_number(rest, 1, 365, &day->day);
	} else {
		good = take_number(rest, 0, 365, &day->day);
	}
	return good && (!take_char(rest, '/') || take_time(rest, &day->time));
}

/* POSIX counts offsets west of UTC. */
static bool take_offset(struct slice *rest, struct tzif_time *into)
{
	int west;
	if (!take_time(rest, &west) || west < -25 * HOUR || west > 25 * HOUR)
		return false;
	into->offset = -west;
	return true;
}

bool tz_rule_parse(struct slice text, struct tz_rule *rule)
{
	*rule = (struct tz_rule){.has_summer = false};
	if (!take_name(&text, &rule->standard) || !take_offset(&text, &rule->standard))
		return false;
	if (text.len == 0)
		return true;
	rule->has_summer = true;
	rule->summer.offset = rule->standard.offset + HOUR;
	if (!take_name(&text, &rule->summer))
		return false;
	if (!slice_starts(text, SLICE(",")) && !take_offset(&text, &rule->summer))
		return false;
	return take_char(&text, ',') && take_day(&text, &rule->start) && take_char(&text, ',') &&
	       take_day(&text, &rule->end) && text.len == 0;
}

/* Local seconds, without an offset, at which the day's rule falls in that year. */
static int64_t day_in_year(const struct tz_day *day, int64_t year)
{
	struct civil c = {.year = year, .month = 1, .day = 1};
	if (day->kind == 'M') {
		c.month = day->month;
		civil_from_utc(civil_to_utc(&c), &c);
		int first = 1 + (day->day - c.weekday + 7) % 7;
		c.day = first + (day->week - 1) * 7;
		/* Week 5 is the last: step back if the month has only four. */
		struct civil there;
		civil_from_utc(civil_to_utc(&c), &there);
		if (there.month != c.month)
			c.day -= 7;
	} else if (day->kind == 'J') {
		struct civil march = {.year = year, .month = 3, .day = 1};
		civil_from_utc(civil_to_utc(&march), &march);
		/* Day 60 is always the first of March. */
		c.day = day->day + (day->day >= 60 && march.yearday == 61);
	} else {
		c.day = day->day + 1;
	}
	return civil_to_utc(&c) + day->time;
}

struct tzif_time tz_rule_at(const struct tz_rule *rule, int64_t seconds)
{
	if (!rule->has_summer || seconds < INT64_MIN / 2 || seconds > INT64_MAX / 2)
		return rule->standard;
	struct civil c;
	civil_from_utc(seconds + rule->standard.offset, &c);
	/* The day is told in the time that was in use until then. */
	int64_t start = day_in_year(&rule->start, c.year) - rule->standard.offset;
	int64_t end = day_in_year(&rule->end, c.year) - rule->summer.offset;
	bool summer =
		start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end;
	return summer ? rule->summer : rule->standard;
}
