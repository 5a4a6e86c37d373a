/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "trim_line.h"

#define NAME_FIRST_LINES_MAX 3
#define NAME_DATE_MAX 160 /* "Mon, 3 May 2021 10:00, Ann skrev:" */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool trim_has_date(struct slice s)
{
	for (size_t i = 0; i + 4 <= s.len; i++)
		if (is_digit(s.ptr[i]) && is_digit(s.ptr[i + 1]) &&
		    ((is_digit(s.ptr[i + 2]) && is_digit(s.ptr[i + 3])) ||
		     (strchr("./-", s.ptr[i + 2]) && is_digit(s.ptr[i + 3]))))
			return true;
	return false;
}

/* "19:04", "8.42" */
static bool has_time(struct slice s)
{
	for (size_t i = 1; i + 2 < s.len; i++)
		if ((s.ptr[i] == ':' || s.ptr[i] == '.') && is_digit(s.ptr[i - 1]) &&
		    is_digit(s.ptr[i + 1]) && is_digit(s.ptr[i + 2]))
			return true;
	return false;
}

/* "<ann@example.org>" at the end, in brackets or not. */
static bool ends_in_address(struct slice s)
{
	ptrdiff_t open = -1;
	while (s.len && s.ptr[s.len - 1] == ')')
		s.len--;
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '<')
			open = (ptrdiff_t)i;
	return open >= 0 && slice_ends(s, SLICE(">")) &&
	       slice_chr(slice_sub(s, (size_t)open, s.len), '@') > 1;
}

static bool ends_in_colon(struct slice *s)
{
	size_t n = slice_ends(*s, SLICE(":")) ? 1 : slice_ends(*s, SLICE("：")) ? 3 : 0;
	if (n)
		*s = line_strip(line_bare(slice_sub(*s, 0, s->len - n)), STRIP_DASHES);
	return n > 0;
}

static bool ends_in_verb(const struct trim_words *w, struct slice s)
{
	if (s.len && s.ptr[s.len - 1] == ')')
		return words_end(w, s, WORDS_VERB) || slice_ends(s, SLICE("(a)")) ||
		       slice_ends(s, SLICE("(la)"));
	return words_end(w, s, WORDS_VERB);
}

static struct slice stripped(struct slice line)
{
	return line_strip(line_bare(line), STRIP_DASHES);
}

static bool has_starter(const struct trim_words *w, struct slice line)
{
	return words_start(w, stripped(line), WORDS_STARTER);
}

/* What a candidate has of an attribution. */
struct traits {
	bool starter, colon, verb, verb_last, address, address_last, date, time;
};

/* "On DATE, NAME wrote:", "Am DATE schrieb NAME:"; in English the verb is last. */
static bool begins_with_date(const struct traits *t, struct slice s)
{
	if (!t->starter || !(t->date || t->time || t->address))
		return false;
	/* "Missatge de NAME <ADDRESS> del dia DATE:" */
	if (!t->verb)
		return t->colon && t->address && t->date;
	bool english = slice_starts(s, SLICE("On ")) && slice_find(s, SLICE("wrote")) >= 0;
	return t->verb_last || (t->colon && !english);
}

/* "NAME <ADDRESS> wrote:", "NAME <ADDRESS> schrieb am DATE:", "NAME via SITE wrote:" */
static bool begins_with_name(const struct traits *t, struct slice s)
{
	/* Some leave out the colon. */
	if (t->verb_last &&
	    (slice_find(s, SLICE("> wrote")) > 0 || slice_find(s, SLICE(") wrote")) > 0))
		return t->address;
	if (!t->verb || !t->colon)
		return false;
	if (t->address)
		return t->date || t->verb_last || t->address_last;
	if (t->date && t->time && t->verb_last && s.len <= NAME_DATE_MAX)
		return true;
	return t->verb_last && (t->date || slice_find(s, SLICE(" via ")) > 0);
}

/* "2013.02.08. 7:31 keltezéssel, NAME írta:", "2016. 11. 8. 12:39 NAME <ADDRESS> 작성:" */
static bool begins_with_number(const struct traits *t, struct slice s)
{
	return s.len && is_digit(s.ptr[0]) && t->date && t->verb && t->colon;
}

/* "2016-10-24 15:36 GMT+02:00 NAME <ADDRESS>:" */
static bool is_date_and_address(const struct traits *t, struct slice s)
{
	return t->date && t->address_last && (t->colon || is_digit(s.ptr[0])) && s.len < 250;
}

/* "2016-03-03 17:21 GMT+01:00 NAME" */
static bool is_date_and_name(const struct traits *t, struct slice s)
{
	return t->date && is_digit(s.ptr[0]) && s.len < 120 && has_time(s) &&
	       slice_chr(s, '<') < 0 && slice_find(s, SLICE(" GMT+")) > 0;
}

static bool is_posted_by(const struct traits *t, struct slice s)
{
	return slice_starts(s, SLICE("Posted by ")) && t->date && slice_find(s, SLICE(" on ")) > 0;
}

/* ">>>>> "Ann" == Ann <ann@example.org> writes:" */
static bool is_supercite(struct slice line)
{
	return slice_starts(line, SLICE(">>>>> \"")) && slice_find(line, SLICE("\" == ")) > 0;
}

/* One line put together from several. */
static bool is_attribution(const struct trim_words *w, struct slice s)
{
	/* "---- On … wrote ----" */
	bool dashes = slice_starts(s, SLICE("---")) && slice_ends(s, SLICE("---"));
	if (is_supercite(s))
		return true;
	s = stripped(s);
	struct traits t = {.colon = ends_in_colon(&s) || dashes};
	if (!s.len)
		return false;
	t.verb_last = ends_in_verb(w, s);
	t.address_last = ends_in_address(s);
	t.date = trim_has_date(s);
	if (!t.colon && !t.verb_last && !t.address_last)
		return is_posted_by(&t, s) || is_date_and_name(&t, s);
	t.starter = words_start(w, s, WORDS_STARTER);
	t.verb = t.verb_last || words_within(w, s, WORDS_VERB);
	t.address = slice_chr(s, '@') > 0;
	t.time = has_time(s);
	return begins_with_date(&t, s) || begins_with_name(&t, s) || begins_with_number(&t, s) ||
	       is_date_and_address(&t, s) || is_posted_by(&t, s);
}

bool trim_attribution_begins(const struct trim_words *w, struct slice line)
{
	struct slice s = stripped(line);
	if (!s.len || s.len > ATTRIBUTION_LINE_MAX)
		return false;
	return is_digit(s.ptr[0]) || slice_chr(s, '@') > 0 || slice_chr(s, '<') > 0 ||
	       slice_ends(s, SLICE(":")) || slice_starts(s, SLICE("Posted by ")) ||
	       words_start(w, s, WORDS_STARTER) || trim_has_date(s);
}

bool trim_attribution_ends(const struct trim_words *w, struct slice line)
{
	struct slice s = stripped(line);
	if (!s.len || s.len > ATTRIBUTION_LINE_MAX)
		return false;
	struct slice bare = s;
	return ends_in_colon(&bare) || s.ptr[s.len - 1] == '>' || ends_in_verb(w, s) ||
	       slice_starts(s, SLICE("Posted by ")) ||
	       (slice_chr(s, '+') > 0 && slice_find(s, SLICE(" GMT+")) > 0);
}

bool trim_is_short_attribution(const struct trim_words *w, struct slice line)
{
	line = stripped(line);
	if (line.len > ATTRIBUTION_LINE_MAX || !ends_in_colon(&line))
		return false;
	return ends_in_verb(w, line) ||
	       (slice_chr(line, '@') > 0 && words_within(w, line, WORDS_VERB)) ||
	       (trim_has_date(line) && has_time(line));
}

/* Lines put together, each no longer than an attribution's. */
struct joined {
	char text[ATTRIBUTION_MAX];
	size_t len;
};

static void join(struct joined *j, struct slice line)
{
	if (j->len)
		j->text[j->len++] = ' ';
	memcpy(j->text + j->len, line.ptr, line.len);
	j->len += line.len;
}

/* An empty line goes on only where an address follows, as some clients set it. */
static bool goes_on(const struct slice *lines, size_t i, size_t n)
{
	return i + 1 < n && slice_starts(slice_trim(lines[i + 1]), SLICE("<"));
}

/* Line i as it counts within the candidate that begins at line 0. */
static struct slice candidate_line(const struct slice *lines, size_t i)
{
	return i && line_is_quote(lines[0]) ? line_bare(lines[i]) : slice_trim(lines[i]);
}

/* A name comes first: then it is short, and no sentence that happens to end in a verb. */
static size_t longest(struct slice first, bool starter, size_t n)
{
	struct slice bare = line_bare(first);
	bool name = !starter && bare.len && !is_digit(bare.ptr[0]);
	return name && n > NAME_FIRST_LINES_MAX ? NAME_FIRST_LINES_MAX : n;
}

size_t trim_attribution(const struct trim_words *w, const struct slice *lines, size_t n)
{
	struct joined j;
	j.len = 0;
	if (!n || !trim_attribution_begins(w, lines[0]))
		return 0;
	bool starter = has_starter(w, lines[0]);
	n = longest(lines[0], starter, n);
	for (size_t i = 0; i < n; i++) {
		struct slice line = candidate_line(lines, i);
		if (i && line_is_blank(line)) {
			if (!goes_on(lines, i, n))
				return 0;
			continue;
		}
		if (j.len + line.len + 1 > ATTRIBUTION_MAX ||
		    (i && !starter && has_starter(w, line)))
			return 0;
		join(&j, line);
		if (trim_attribution_ends(w, line) && is_attribution(w, slice_of(j.text, j.len)))
			return i + 1;
	}
	return 0;
}
