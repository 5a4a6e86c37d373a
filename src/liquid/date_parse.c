/* SPDX-License-Identifier: ISC */
#include "date.h"

enum { UNSET = -1 };

/* What was found so far; UNSET where nothing was. */
struct found {
	int64_t year;
	int month, day, hour, minute, second;
	int64_t nanos;
	int offset;
	bool zoned, utc, pm, am, date, time;
};

struct word {
	const char *name;
	int value;
};

static const struct word months[] = {
	{"january", 1},	  {"february", 2}, {"march", 3},     {"april", 4},
	{"may", 5},	  {"june", 6},	   {"july", 7},	     {"august", 8},
	{"september", 9}, {"october", 10}, {"november", 11}, {"december", 12},
};

/* RFC 5322 4.3, in minutes east of UTC. */
static const struct word zones[] = {
	{"z", 0},      {"utc", 0},    {"gmt", 0},    {"est", -300}, {"edt", -240},
	{"cst", -360}, {"cdt", -300}, {"mst", -420}, {"mdt", -360}, {"pst", -480},
	{"pdt", -420}, {"cet", 60},   {"cest", 120},
};

static bool digit_at(struct slice s, size_t i)
{
	return i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9';
}

static bool letter_at(struct slice s, size_t i)
{
	return i < s.len && (s.ptr[i] | 32) >= 'a' && (s.ptr[i] | 32) <= 'z';
}

/* Digits at *at, at most 9 counted; how many there are. */
static size_t number(struct slice s, size_t at, int64_t *n)
{
	size_t len = 0;
	*n = 0;
	for (; digit_at(s, at + len); len++)
		/* Longer ones are no part of any date; they are read over without an overflow. */
		if (len < 9)
			*n = *n * 10 + (s.ptr[at + len] - '0');
	return len;
}

/* "+02:00", "-0400", "+2" at s[at]; its length. */
static size_t parse_offset(struct slice s, size_t at, struct found *f)
{
	int64_t n, minutes = 0;
	size_t len = number(s, at + 1, &n), total = len + 1;
	if (!len || len > 4)
		return 0;
	if (len > 2) {
		minutes = n % 100;
		n /= 100;
	} else if (at + total < s.len && s.ptr[at + total] == ':' && digit_at(s, at + total + 1)) {
		total += 1 + number(s, at + total + 1, &minutes);
	}
	if (n > 23 || minutes > 59)
		return 0;
	f->offset = (int)(n * 3600 + minutes * 60) * (s.ptr[at] == '-' ? -1 : 1);
	f->zoned = true;
	return total;
}

static size_t parse_time(struct slice s, size_t at, int64_t hour, size_t len, struct found *f)
{
	int64_t n, scale = 100000000;
	size_t i = at + len + 1;
	f->time = true;
	f->hour = (int)hour;
	i += number(s, i, &n);
	f->minute = (int)n;
	f->second = 0;
	if (i < s.len && s.ptr[i] == ':' && digit_at(s, i + 1)) {
		i += 1 + number(s, i + 1, &n);
		f->second = (int)n;
	}
	if (i < s.len && (s.ptr[i] == '.' || s.ptr[i] == ',') && digit_at(s, i + 1))
		for (i++; digit_at(s, i); i++, scale /= 10)
			f->nanos += (s.ptr[i] - '0') * scale;
	if (i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-'))
		i += parse_offset(s, i, f);
	return i - at;
}

/* POSIX: 69 to 99 are of the last century. */
static int64_t full_year(int64_t n, size_t digits)
{
	if (digits > 2)
		return n;
	return n + (n < 69 ? 2000 : 1900);
}

/* Three numbers with the same mark between: y-m-d, or d-m-y. */
static size_t parse_triple(struct slice s, size_t at, int64_t a, size_t len, struct found *f)
{
	char mark = s.ptr[at + len];
	int64_t b, c;
	size_t i = at + len + 1, middle = number(s, i, &b);
	i += middle;
	if (!middle || i >= s.len || s.ptr[i] != mark)
		return 0;
	size_t last = number(s, i + 1, &c);
	if (!last)
		return 0;
	bool year_first = len > 2 || (last <= 2 && mark != '.');
	f->year = year_first ? full_year(a, len) : full_year(c, last);
	f->month = (int)b;
	f->day = (int)(year_first ? c : a);
	f->date = true;
	return i + 1 + last - at;
}

/* 2026-03-14, 14.3.2016, 2026-03: its length, or 0. */
static size_t parse_joined(struct slice s, size_t at, int64_t n, size_t len, struct found *f)
{
	char mark = s.ptr[at + len];
	int64_t month;
	size_t all = parse_triple(s, at, n, len, f);
	if (all)
		return all;
	size_t more = number(s, at + len + 1, &month);
	if (mark != '-' || len != 4 || more > 2)
		return 0;
	f->year = n;
	f->month = (int)month;
	f->date = true;
	return len + 1 + more;
}

/* "10pm", "10 am" without minutes: does am or pm stand right behind? */
static bool is_hour(struct slice s, size_t end, size_t len)
{
	struct slice mark = slice_sub(s, end, end + 2);
	return len <= 2 &&
	       (slice_eq_nocase(mark, SLICE("am")) || slice_eq_nocase(mark, SLICE("pm")));
}

static void parse_lone(struct slice s, size_t end, int64_t n, size_t len, struct found *f)
{
	if (len == 8 && f->year < 0) {
		f->year = n / 10000;
		f->month = (int)(n / 100 % 100);
		f->day = (int)(n % 100);
		f->date = true;
	} else if (is_hour(s, end, len)) {
		f->hour = (int)n;
		f->minute = f->second = 0;
		f->time = true;
	} else if (len <= 2 && f->day < 0) {
		f->day = (int)n;
	} else if (f->year < 0) {
		f->year = full_year(n, len);
	}
}

static size_t parse_number(struct slice s, size_t at, struct found *f)
{
	int64_t n;
	size_t len = number(s, at, &n), all = 0;
	char mark = at + len < s.len ? s.ptr[at + len] : '\0';
	bool more = digit_at(s, at + len + 1);
	if (mark == ':' && more && len <= 2)
		return parse_time(s, at, n, len, f);
	if ((mark == '-' || mark == '/' || mark == '.') && more)
		all = parse_joined(s, at, n, len, f);
	if (all)
		return all;
	parse_lone(s, at + len, n, len, f);
	return len;
}

static bool is_month(struct slice word, int *month)
{
	for (size_t i = 0; i < 12; i++)
		if (word.len >= 3 && slice_starts_nocase(slice_str(months[i].name), word)) {
			*month = months[i].value;
			return true;
		}
	return false;
}

static void parse_word(struct slice word, struct found *f)
{
	if (is_month(word, &f->month)) {
		f->date = true;
		return;
	}
	/* Words that mean nothing are passed over, as Ruby does: "on", "at", names of days. */
	f->pm = f->pm || slice_eq_nocase(word, SLICE("pm"));
	f->am = f->am || slice_eq_nocase(word, SLICE("am"));
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]) && f->time; i++)
		if (slice_eq_nocase(word, slice_str(zones[i].name))) {
			f->offset = zones[i].value * 60;
			f->zoned = true;
			f->utc = !zones[i].value;
		}
}

static void scan(struct slice s, struct found *f)
{
	for (size_t i = 0; i < s.len;) {
		size_t start = i, len = 0;
		while (letter_at(s, i))
			i++;
		if (i > start) {
			parse_word(slice_sub(s, start, i), f);
			continue;
		}
		if (digit_at(s, i))
			len = parse_number(s, i, f);
		else if (f->time && (s.ptr[i] == '+' || s.ptr[i] == '-'))
			len = parse_offset(s, i, f);
		i += len ? len : 1;
	}
}

/* Two digits at s[at], or -1. */
static int two_digits(struct slice s, size_t at)
{
	unsigned tens = (unsigned)(s.ptr[at] - '0'), ones = (unsigned)(s.ptr[at + 1] - '0');
	return tens <= 9 && ones <= 9 ? (int)(tens * 10 + ones) : -1;
}

/*
 * RFC 3339 in UTC, "2026-03-14T09:26:53Z", as records have it: what scan()
 * would find, without trying every word that a date may hold.
 */
static bool scan_utc(struct slice s, struct found *f)
{
	static const char marks[] = "    -  -  T  :  :  Z";
	if (s.len != sizeof(marks) - 1)
		return false;
	for (size_t i = 4; i < s.len; i += 3)
		if (s.ptr[i] != marks[i])
			return false;
	int century = two_digits(s, 0), year = two_digits(s, 2);
	f->month = two_digits(s, 5);
	f->day = two_digits(s, 8);
	f->hour = two_digits(s, 11);
	f->minute = two_digits(s, 14);
	f->second = two_digits(s, 17);
	f->year = century * 100 + year;
	f->date = f->time = f->zoned = f->utc = true;
	return (century | year | f->month | f->day | f->hour | f->minute | f->second) >= 0;
}

static bool in_bounds(const struct civil *c)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return c->month >= 1 && c->month <= 12 && c->day >= 1 && c->day <= days[c->month - 1] &&
	       c->hour >= 0 && c->hour <= 24 && c->minute >= 0 && c->minute <= 59 &&
	       c->second >= 0 && c->second <= 60 && c->year >= 0 && c->year <= 9999;
}

static int hour_of(const struct found *f)
{
	if (f->pm && f->hour < 12)
		return f->hour + 12;
	return f->am && f->hour == 12 ? 0 : f->hour;
}

static void fill(const struct found *f, int64_t now, const struct zone *zone, struct civil *c)
{
	/* What is not given is taken from today: "14:30" is this afternoon. */
	civil_from_zone(now, zone, c);
	bool any = f->date || f->day >= 0 || f->year >= 0;
	if (f->month >= 0 || f->year >= 0)
		c->month = f->month >= 0 ? f->month : 1;
	if (f->year >= 0)
		c->year = f->year;
	if (any)
		c->day = f->day >= 0 ? f->day : 1;
	c->hour = c->minute = c->second = 0;
	if (f->time) {
		c->hour = hour_of(f);
		c->minute = f->minute;
		c->second = f->second;
	}
}

bool date_parse(struct slice text, int64_t now, const struct zone *zone, struct date *date)
{
	static const struct found nothing = {
		.year = UNSET,
		.month = UNSET,
		.day = UNSET,
		.hour = UNSET,
		.minute = UNSET,
		.second = UNSET,
	};
	struct found f = nothing;
	if (!scan_utc(text, &f)) {
		f = nothing;
		scan(slice_sub(text, 0, 128), &f);
	}
	if (!f.date && !f.time)
		return false;
	struct civil *c = &date->civil;
	fill(&f, now, zone, c);
	if (!in_bounds(c))
		return false;
	date->nanos = f.nanos;
	date->own_zone = f.zoned;
	if (!f.zoned) {
		date->seconds = civil_to_zone(c, zone);
		civil_from_zone(date->seconds, zone, c);
		return true;
	}
	c->offset = f.offset;
	date->seconds = civil_to_utc(c);
	civil_from_utc(date->seconds + f.offset, c);
	c->offset = f.offset;
	c->zone[0] = '\0';
	if (f.utc)
		memcpy(c->zone, "UTC", 4);
	return true;
}
