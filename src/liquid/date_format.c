/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "date.h"

static const char *const day_names[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
					"Thursday", "Friday", "Saturday"};
static const char *const month_names[] = {"January",   "February", "March",    "April",
					  "May",       "June",	   "July",     "August",
					  "September", "October",  "November", "December"};

/* ---- numbers ---- */

/* Weeks begin with the first such weekday of the year; days before it are week 0. */
static int week_from(const struct civil *c, int first)
{
	return (c->yearday - 1 + 7 - (c->weekday + 7 - first) % 7) / 7;
}

static bool leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* ISO 8601 week and the year it belongs to. */
static int iso_week(const struct civil *c, int64_t *year)
{
	int weekday = c->weekday ? c->weekday : 7;
	int week = (c->yearday - weekday + 10) / 7;
	*year = c->year;
	if (week < 1) {
		--*year;
		int last = c->yearday + (leap(*year) ? 366 : 365);
		return (last - weekday + 10) / 7;
	}
	if (week == 53 && c->yearday - weekday + 4 > (leap(c->year) ? 366 : 365)) {
		++*year;
		return 1;
	}
	return week;
}

static int64_t year_of(const struct date *d)
{
	return d->civil.year;
}
static int64_t century_of(const struct date *d)
{
	return d->civil.year / 100;
}
static int64_t short_year_of(const struct date *d)
{
	return d->civil.year % 100;
}
static int64_t month_of(const struct date *d)
{
	return d->civil.month;
}
static int64_t day_of(const struct date *d)
{
	return d->civil.day;
}
static int64_t yearday_of(const struct date *d)
{
	return d->civil.yearday;
}
static int64_t hour_of(const struct date *d)
{
	return d->civil.hour;
}
static int64_t hour12_of(const struct date *d)
{
	return (d->civil.hour + 11) % 12 + 1;
}
static int64_t minute_of(const struct date *d)
{
	return d->civil.minute;
}
static int64_t second_of(const struct date *d)
{
	return d->civil.second;
}
static int64_t epoch_of(const struct date *d)
{
	return d->seconds;
}
static int64_t weekday_of(const struct date *d)
{
	return d->civil.weekday;
}
static int64_t iso_weekday_of(const struct date *d)
{
	return d->civil.weekday ? d->civil.weekday : 7;
}
static int64_t sunday_week_of(const struct date *d)
{
	return week_from(&d->civil, 0);
}
static int64_t monday_week_of(const struct date *d)
{
	return week_from(&d->civil, 1);
}
static int64_t iso_week_of(const struct date *d)
{
	int64_t year;
	return iso_week(&d->civil, &year);
}
static int64_t iso_year_of(const struct date *d)
{
	int64_t year;
	iso_week(&d->civil, &year);
	return year;
}
static int64_t short_iso_year_of(const struct date *d)
{
	return iso_year_of(d) % 100;
}

/* ISO C strftime and what Ruby adds; a row a letter, because the flags apply to all alike. */
static const struct numeric {
	char letter, pad;
	int width;
	int64_t (*get)(const struct date *d);
} numerics[] = {
	{'Y', '0', 1, year_of},
	{'C', '0', 2, century_of},
	{'y', '0', 2, short_year_of},
	{'m', '0', 2, month_of},
	{'d', '0', 2, day_of},
	{'e', ' ', 2, day_of},
	{'j', '0', 3, yearday_of},
	{'H', '0', 2, hour_of},
	{'k', ' ', 2, hour_of},
	{'I', '0', 2, hour12_of},
	{'l', ' ', 2, hour12_of},
	{'M', '0', 2, minute_of},
	{'S', '0', 2, second_of},
	{'s', '0', 1, epoch_of},
	{'w', '0', 1, weekday_of},
	{'u', '0', 1, iso_weekday_of},
	{'U', '0', 2, sunday_week_of},
	{'W', '0', 2, monday_week_of},
	{'V', '0', 2, iso_week_of},
	{'G', '0', 1, iso_year_of},
	{'g', '0', 2, short_iso_year_of},
};

/* Directives that stand for a format. */
static const struct composite {
	char letter;
	const char *format;
} composites[] = {
	{'D', "%m/%d/%y"},    {'x', "%m/%d/%y"},
	{'F', "%Y-%m-%d"},    {'T', "%H:%M:%S"},
	{'X', "%H:%M:%S"},    {'R', "%H:%M"},
	{'r', "%I:%M:%S %p"}, {'c', "%a %b %e %H:%M:%S %Y"},
	{'v', "%e-%^b-%Y"},   {'+', "%a %b %e %H:%M:%S %Z %Y"},
};

struct directive {
	bool plain, upper, swap; /* - ^ # */
	char pad;		 /* 0 or _, else 0 */
	int colons, width;
	char letter;
};

static void put_number(struct buf *out, const struct directive *dir, int64_t n, int width, char pad)
{
	char digits[20];
	if (dir->pad)
		pad = dir->pad;
	if (dir->width)
		width = dir->width;
	if (dir->plain)
		width = 0;
	int len = (int)value_put_integer(digits, n < 0 ? -n : n);
	/* Spaces stand before a sign, zeros behind it. */
	int blank = width - len - (n < 0);
	for (; pad != '0' && blank > 0; blank--)
		buf_putc(out, ' ');
	if (n < 0)
		buf_putc(out, '-');
	for (; blank > 0; blank--)
		buf_putc(out, '0');
	buf_put(out, slice_of(digits, (size_t)len));
}

static void put_text(struct buf *out, const struct directive *dir, struct slice s)
{
	for (size_t n = s.len; (int)n < dir->width && !dir->plain; n++)
		buf_putc(out, dir->pad == '0' ? '0' : ' ');
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z';
		/* # swaps the case of AM and PM, but raises that of names: so does Ruby. */
		if ((dir->upper && lower) ||
		    (dir->swap && (lower || (upper && dir->letter == 'p'))))
			c ^= 0x20;
		buf_putc(out, c);
	}
}

/* +hhmm, +hh:mm, +hh:mm:ss by the number of colons. */
static void put_offset(struct buf *out, const struct directive *dir, int offset)
{
	int n = abs(offset);
	const char *mark = dir->colons ? ":" : "";
	char text[32];
	int len = snprintf(text, sizeof(text), "%c%02d%s%02d", offset < 0 ? '-' : '+', n / 3600,
			   mark, n / 60 % 60);
	if (dir->colons > 1)
		len += snprintf(text + len, sizeof(text) - (size_t)len, ":%02d", n % 60);
	put_text(out, dir, slice_of(text, (size_t)len));
}

/* %L, %N, %3N: digits of the second's fraction. */
static void put_fraction(struct buf *out, const struct directive *dir, int64_t nanos)
{
	char text[DATE_WIDTH_MAX + 16];
	int digits = dir->width ? dir->width : dir->letter == 'L' ? 3 : 9;
	snprintf(text, sizeof(text), "%09lld", (long long)nanos);
	for (int i = 9; i < digits; i++)
		text[i] = '0';
	buf_put(out, slice_of(text, (size_t)digits));
}

static bool put_composite(struct buf *out, const struct date *d, const struct directive *dir)
{
	for (size_t i = 0; i < sizeof(composites) / sizeof(composites[0]); i++) {
		if (composites[i].letter != dir->letter)
			continue;
		struct buf inner;
		/* A format of the table, not of the template: it has no width and does not nest. */
		buf_init(&inner, 256);
		date_format(&inner, d, slice_str(composites[i].format));
		put_text(out, dir, buf_slice(&inner));
		buf_release(&inner);
		return true;
	}
	return false;
}

static bool put_numeric(struct buf *out, const struct date *d, const struct directive *dir)
{
	for (size_t i = 0; i < sizeof(numerics) / sizeof(numerics[0]); i++) {
		const struct numeric *n = &numerics[i];
		if (n->letter != dir->letter)
			continue;
		put_number(out, dir, n->get(d), n->width, n->pad);
		return true;
	}
	return false;
}

/* Directives that are words: what they say, or false. */
static bool word_of(const struct date *d, char letter, struct slice *word)
{
	const struct civil *c = &d->civil;
	struct slice day = slice_str(day_names[c->weekday % 7]);
	struct slice month = slice_str(month_names[(c->month + 11) % 12]);
	switch (letter) {
	case 'a':
		*word = slice_sub(day, 0, 3);
		return true;
	case 'A':
		*word = day;
		return true;
	case 'b':
	case 'h':
		*word = slice_sub(month, 0, 3);
		return true;
	case 'B':
		*word = month;
		return true;
	case 'p':
		*word = c->hour < 12 ? SLICE("AM") : SLICE("PM");
		return true;
	case 'P':
		*word = c->hour < 12 ? SLICE("am") : SLICE("pm");
		return true;
	case 'Z':
		*word = slice_str(c->zone);
		return true;
	case '%':
		*word = SLICE("%");
		return true;
	case 'n':
		*word = SLICE("\n");
		return true;
	case 't':
		*word = SLICE("\t");
		return true;
	default:
		return false;
	}
}

static bool put_directive(struct buf *out, const struct date *d, const struct directive *dir)
{
	struct slice word;
	if (word_of(d, dir->letter, &word)) {
		put_text(out, dir, word);
		return true;
	}
	switch (dir->letter) {
	case 'z':
		put_offset(out, dir, d->civil.offset);
		return true;
	case 'L':
	case 'N':
		put_fraction(out, dir, d->nanos);
		return true;
	default:
		return put_numeric(out, d, dir) || put_composite(out, d, dir);
	}
}

static void read_flag(struct directive *dir, char c)
{
	switch (c) {
	case '-':
		dir->plain = true;
		break;
	case '^':
		dir->upper = true;
		break;
	case '#':
		dir->swap = true;
		break;
	case ':':
		dir->colons++;
		break;
	default:
		dir->pad = c == '_' ? ' ' : '0';
	}
}

/* Behind '%' at s[at]; the length of the directive, 0 when it has no letter. */
static size_t read_directive(struct slice s, size_t at, struct directive *dir)
{
	size_t i = at;
	*dir = (struct directive){0};
	for (; i < s.len && s.ptr[i] && strchr("-_0^#:", s.ptr[i]); i++)
		read_flag(dir, s.ptr[i]);
	for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
		if (dir->width < DATE_WIDTH_MAX)
			dir->width = dir->width * 10 + (s.ptr[i] - '0');
	if (dir->width > DATE_WIDTH_MAX)
		dir->width = DATE_WIDTH_MAX;
	/* POSIX alternatives: no locale is used, so they change nothing. */
	if (i + 1 < s.len && (s.ptr[i] == 'E' || s.ptr[i] == 'O'))
		i++;
	if (i == s.len)
		return 0;
	dir->letter = s.ptr[i];
	return i + 1 - at;
}

void date_format(struct buf *out, const struct date *date, struct slice format)
{
	for (size_t i = 0; i < format.len && !buf_failed(out);) {
		const char *mark = memchr(format.ptr + i, '%', format.len - i);
		size_t at = mark ? (size_t)(mark - format.ptr) : format.len;
		struct directive dir;
		buf_put(out, slice_sub(format, i, at));
		if (at == format.len)
			return;
		size_t n = read_directive(format, at + 1, &dir);
		/* What is no directive is printed as it stands. */
		if (!n || !put_directive(out, date, &dir)) {
			n = n ? n : format.len - at - 1;
			buf_put(out, slice_sub(format, at, at + 1 + n));
		}
		i = at + 1 + n;
	}
}
