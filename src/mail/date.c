/* SPDX-License-Identifier: ISC */
#include "date.h"

#include "base/clock.h"
#include "lex.h"

#define HOURS(n) ((n)*3600)

static const struct zone_name {
	const char *name;
	int offset;
} zones[] = {
	{"UT", 0},	     {"UTC", 0},	  {"GMT", 0},	       {"Z", 0},
	{"WET", 0},	     {"EST", HOURS(-5)},  {"EDT", HOURS(-4)},  {"CST", HOURS(-6)},
	{"CDT", HOURS(-5)},  {"MST", HOURS(-7)},  {"MDT", HOURS(-6)},  {"PST", HOURS(-8)},
	{"PDT", HOURS(-7)},  {"BST", HOURS(1)},	  {"WEST", HOURS(1)},  {"CET", HOURS(1)},
	{"MET", HOURS(1)},   {"CEST", HOURS(2)},  {"MEST", HOURS(2)},  {"MESZ", HOURS(2)},
	{"MEZ", HOURS(1)},   {"EET", HOURS(2)},	  {"EEST", HOURS(3)},  {"MSK", HOURS(3)},
	{"MSD", HOURS(4)},   {"JST", HOURS(9)},	  {"KST", HOURS(9)},   {"HKT", HOURS(8)},
	{"SGT", HOURS(8)},   {"AEST", HOURS(10)}, {"AEDT", HOURS(11)}, {"NZST", HOURS(12)},
	{"NZDT", HOURS(13)},
};

/* What the tokens have said so far; -1 is not yet. */
struct parts {
	int day, month, year, hour, minute, second, offset;
	bool zone, sign_first;
};

static int month_number(struct slice word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	for (int i = 0; i < 12 && word.len >= 3; i++)
		if (slice_eq_nocase(slice_sub(word, 0, 3), slice_of(names + 3 * i, 3)))
			return i + 1;
	return 0;
}

static int number(struct slice digits)
{
	uint64_t n;
	return digits.len <= 6 && slice_u64(digits, &n) ? (int)n : -1;
}

/* "10:52", "10:52:37", "10.52.37" */
static bool read_time(struct slice token, char separator, struct parts *d)
{
	struct slice rest = token, piece;
	int *fields[] = {&d->hour, &d->minute, &d->second};
	size_t n = 0;
	d->second = 0;
	while (n < 3 && slice_cut(&rest, separator, &piece)) {
		if (n == 2) /* fractions of a second */
			piece = slice_sub(piece, 0, piece.len < 2 ? piece.len : 2);
		*fields[n] = number(piece);
		if (*fields[n++] < 0)
			return false;
	}
	return n >= 2;
}

/* "+0200", "-08:00", "+1" */
static bool read_offset(struct slice token, struct parts *d)
{
	char digits[8];
	size_t n = 0;
	for (size_t i = 1; i < token.len; i++) {
		if (token.ptr[i] == ':')
			continue;
		if (n == 4)
			break;
		digits[n++] = token.ptr[i];
	}
	int value = n ? number(slice_of(digits, n)) : -1;
	if (value < 0)
		return false;
	int hours = n <= 2 ? value : value / 100, minutes = n <= 2 ? 0 : value % 100;
	if (hours > 23)
		return false;
	d->offset = (hours * 60 + minutes) * 60 * (token.ptr[0] == '-' ? -1 : 1);
	d->zone = true;
	return true;
}

/* RFC 5322 4.3; "0102" comes from programs that count from 1900, too. */
static int full_year(int n, size_t digits)
{
	if (digits <= 2)
		return n < 50 ? n + 2000 : n + 1900;
	return n < 1000 ? n + 1900 : n;
}

static bool read_number(int n, size_t digits, struct parts *d)
{
	if (d->day < 0 && digits <= 2)
		d->day = n;
	else if (d->month < 0 && digits <= 2)
		d->month = n;
	else if (d->year < 0)
		d->year = full_year(n, digits);
	else if (d->hour < 0)
		d->hour = n;
	else if (d->minute < 0)
		d->minute = n;
	else if (d->second < 0)
		d->second = n;
	return n >= 0;
}

static bool is_weekday(struct slice word)
{
	static const char names[] = "montuewedthufrisatsun";
	for (int i = 0; i < 7 && word.len >= 2; i++)
		if (slice_starts_nocase(word, slice_of(names + 3 * i, word.len == 2 ? 2 : 3)))
			return true;
	return false;
}

static bool read_word(struct slice word, struct parts *d)
{
	if (d->month < 0 && month_number(word)) {
		d->month = month_number(word);
		return true;
	}
	if (d->hour < 0)
		return is_weekday(word);
	if (slice_eq_nocase(word, SLICE("PM")) && d->hour < 12)
		d->hour += 12;
	else if (slice_eq_nocase(word, SLICE("AM")) && d->hour == 12)
		d->hour = 0;
	for (size_t i = 0; !d->zone && i < sizeof(zones) / sizeof(*zones); i++)
		if (slice_starts_nocase(word, slice_str(zones[i].name)) &&
		    (word.len == strlen(zones[i].name) || word.len > 4)) {
			d->offset = zones[i].offset;
			d->zone = true;
		}
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool read_iso(struct slice token, struct parts *d);

static bool read_digits(struct slice token, struct parts *d)
{
	int n = number(token);
	/* "029 Apr" */
	size_t zeros = token.len == 3 && token.ptr[0] == '0' && d->day < 0;
	return n >= 0 && read_number(n, token.len - zeros, d);
}

static bool read_token(struct slice token, struct parts *d)
{
	char first = token.ptr[0];
	if ((first == '+' || first == '-') && d->hour >= 0)
		return d->zone || read_offset(token, d);
	if (!is_digit(first))
		return read_word(token, d);
	if (d->hour < 0 && slice_chr(token, ':') > 0)
		return read_time(token, ':', d);
	if (d->hour < 0 && d->year >= 0 && slice_chr(token, '.') > 0)
		return read_time(token, '.', d);
	if (slice_chr(token, '-') > 0 || slice_chr(token, '/') > 0)
		return read_iso(token, d);
	return read_digits(token, d);
}

/* "2003-07-01", "01-Jul-2003" */
static bool read_iso(struct slice token, struct parts *d)
{
	struct slice rest = token, piece;
	char separator = slice_chr(token, '-') > 0 ? '-' : '/';
	size_t n = 0;
	while (n < 3 && slice_cut(&rest, separator, &piece)) {
		int value = number(piece);
		if (value >= 0 && n == 0 && piece.len == 4)
			d->year = value;
		else if (value >= 0 && d->year >= 0 && d->month < 0)
			d->month = value;
		else if (value >= 0 ? !read_number(value, piece.len, d) : !read_word(piece, d))
			return false;
		n++;
	}
	return n == 3;
}

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool is_possible(const struct parts *d)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (d->month < 1 || d->month > 12 || d->year < 1900 || d->year > 9999)
		return false;
	int last = days[d->month - 1] + (d->month == 2 && is_leap(d->year));
	return d->day >= 1 && d->day <= last && d->hour >= 0 && d->hour < 24 && d->minute >= 0 &&
	       d->minute < 60 && d->second < 61;
}

/* What a gateway made of a Received field: the date stands behind the last ';'. */
static struct slice behind_semicolon(struct slice value)
{
	size_t from = value.len;
	while (from && value.ptr[from - 1] != ';')
		from--;
	return slice_sub(value, from, value.len);
}

/*
 * Where a token ends that has two parts: "10:52:37+0200", "10:52:37-07:00",
 * and "2003-07-01T10:52:37" at its T.
 */
static size_t first_part(struct slice token)
{
	ptrdiff_t colon = slice_chr(token, ':'), t = slice_chr(token, 'T');
	if (colon <= 0 || !is_digit(token.ptr[0]))
		return token.len;
	if (t > 0 && t < colon)
		return (size_t)t;
	for (size_t i = (size_t)colon; i < token.len; i++)
		if (token.ptr[i] == '+' || token.ptr[i] == '-')
			return i;
	return token.len;
}

bool date_read(struct reader *r, struct slice value, int64_t *seconds)
{
	struct parts d = {-1, -1, -1, -1, -1, -1, 0, false, false};
	struct lex lx = lex_open(r, behind_semicolon(value));
	while (lex_cfws(&lx), lx.p < lx.end) {
		if (lex_take(&lx, ','))
			continue;
		struct slice token = lex_until(&lx, ",(");
		size_t end = first_part(token);
		lx.p = token.ptr + end + (end < token.len && token.ptr[end] == 'T');
		token = slice_sub(token, 0, end);
		if (!token.len || !read_token(token, &d))
			return false;
	}
	if (lx.broken || !is_possible(&d))
		return false;
	struct civil civil = {.year = d.year,
			      .month = d.month,
			      .day = d.day,
			      .hour = d.hour,
			      .minute = d.minute,
			      .second = d.second < 0 ? 0 : d.second,
			      .offset = d.offset};
	*seconds = civil_to_utc(&civil);
	return true;
}
