/* SPDX-License-Identifier: ISC */
#include "lex.h"
#include "trim_line.h"

#define NAME_FIRST_LINES_MAX 3

/* How an attribution begins. */
static const char *const starters[] = {
	"On ",	   "Le ",	 "Am ",	       "Il ",	     "El ",	 "Em ",	       "Op ",
	"Den ",	   "W dniu ",	 "Dnia ",      "Dne ",	     "På ",	 "At ",	       "Vào ",
	"在",	   "於",	 "Pada ",      "Ha ",	     "Quoting ", "Zitat von ", "Citando ",
	"Citant ", "Le\xc2\xa0", "Am\xc2\xa0", "On\xc2\xa0", "Pe ",	 "V ",	       "U ",
	"Dana ",   "Στις ",	 "ב-",	       "בתאריך ",
};

/* Its verb, mostly at the end. */
static const char *const verbs[] = {
	"wrote",      "a écrit",    "schrieb",	"schreef", "geschreven",  "escribió", "escribio",
	"ha scritto", "scrisse",    "escreveu", "napisał", "napisal",	  "skrev",    "kirjoitti",
	"пишет",      "пише",	    "написал",	"写道",	   "寫道",	  "书写",     "書きました",
	"のメール",   "작성",	    "님이",	"yazdı",   "đã viết",	  "írta",     "napsal",
	"a scris",    "έγραψε",	    "כתב",	"كتب",	   "va escriure", "rašė",     "написа",
	"menulis",    "geantwoord", "pisze",	"à écrit",
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "2016", "19.04.16" or "4/8/15" will do for a date. */
static bool has_date(struct slice s)
{
	for (size_t i = 0; i + 4 <= s.len; i++)
		if (is_digit(s.ptr[i]) && is_digit(s.ptr[i + 1]) &&
		    ((is_digit(s.ptr[i + 2]) && is_digit(s.ptr[i + 3])) ||
		     (strchr("./-", s.ptr[i + 2]) && is_digit(s.ptr[i + 3]))))
			return true;
	return false;
}

/* "<ann@example.org>" at the end, a colon behind it or not. */
static bool ends_in_address(struct slice s)
{
	ptrdiff_t open = -1;
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '<')
			open = (ptrdiff_t)i;
	return open >= 0 && slice_ends(s, SLICE(">")) &&
	       slice_chr(slice_sub(s, (size_t)open, s.len), '@') > 1;
}

static bool ends_in_colon(struct slice *s)
{
	static const char *const colons[] = {":", "：", " :"};
	for (size_t i = 0; i < COUNT(colons); i++)
		if (slice_ends(*s, slice_str(colons[i]))) {
			*s = slice_trim(slice_sub(*s, 0, s->len - strlen(colons[i])));
			return true;
		}
	return false;
}

static bool ends_in_verb(struct slice s)
{
	for (size_t i = 0; i < COUNT(verbs); i++)
		if (slice_ends(s, slice_str(verbs[i])))
			return true;
	return slice_ends(s, SLICE("(a)")) || slice_ends(s, SLICE("(la)"));
}

static bool has_starter(struct slice line)
{
	struct slice s = line_strip(line_bare(line), "- \t*");
	/* Every line of every mail comes by here: most differ in the first byte. */
	for (size_t i = 0; i < COUNT(starters) && s.len; i++)
		if (starters[i][0] == s.ptr[0] && slice_starts(s, slice_str(starters[i])))
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

/* What a candidate has of an attribution. */
struct traits {
	bool starter, colon, verb, verb_last, address, address_last, date, time;
};

/* "On DATE, NAME wrote:", "Am DATE schrieb NAME:"; in English the verb is last. */
static bool begins_with_date(const struct traits *t, struct slice s)
{
	if (!t->starter || !t->verb || !(t->date || t->time || t->address))
		return false;
	bool english = slice_starts(s, SLICE("On ")) && slice_find(s, SLICE("wrote")) >= 0;
	return t->verb_last || (t->colon && !english);
}

/* "NAME <ADDRESS> wrote:", "NAME <ADDRESS> schrieb am DATE:", "NAME via SITE wrote:" */
static bool begins_with_name(const struct traits *t, struct slice s)
{
	if (!t->verb || !t->colon)
		return false;
	if (t->address)
		return t->date || t->verb_last || t->address_last;
	return t->verb_last && (t->date || slice_find(s, SLICE(" via ")) > 0);
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

/* One line put together from several. */
static bool is_attribution(struct slice s)
{
	/* "---- On … wrote ----" */
	bool dashes = slice_starts(s, SLICE("---")) && slice_ends(s, SLICE("---"));
	s = line_strip(line_bare(s), "- \t*");
	struct traits t = {.colon = ends_in_colon(&s) || dashes};
	t.verb_last = ends_in_verb(s);
	t.address_last = ends_in_address(s);
	t.date = has_date(s);
	if (!t.colon && !t.verb_last && !t.address_last)
		return is_posted_by(&t, s) || is_date_and_name(&t, s);
	t.starter = has_starter(s);
	t.verb = t.verb_last || lex_has_any(s, verbs, COUNT(verbs));
	t.address = slice_chr(s, '@') > 0;
	t.time = has_time(s);
	return begins_with_date(&t, s) || begins_with_name(&t, s) || is_date_and_address(&t, s) ||
	       is_posted_by(&t, s);
}

/* Cheap: could an attribution begin here? */
static bool may_begin(struct slice line)
{
	struct slice s = line_strip(line_bare(line), "- \t*");
	if (!s.len || s.len > ATTRIBUTION_LINE_MAX)
		return false;
	if (is_digit(s.ptr[0]) || slice_chr(s, '@') > 0 || slice_chr(s, '<') > 0 ||
	    has_starter(line))
		return true;
	return slice_ends(s, SLICE(":")) || slice_starts(s, SLICE("Posted by ")) || has_date(s);
}

bool trim_is_short_attribution(struct slice line)
{
	line = line_strip(line_bare(line), "- \t*");
	return line.len <= ATTRIBUTION_LINE_MAX && ends_in_colon(&line) && ends_in_verb(line);
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
	bool name = !starter && !is_digit(line_bare(first).ptr[0]);
	return name && n > NAME_FIRST_LINES_MAX ? NAME_FIRST_LINES_MAX : n;
}

size_t trim_attribution(const struct slice *lines, size_t n)
{
	struct joined j;
	j.len = 0;
	if (!n || !may_begin(lines[0]))
		return 0;
	bool starter = has_starter(lines[0]);
	n = longest(lines[0], starter, n);
	for (size_t i = 0; i < n; i++) {
		struct slice line = candidate_line(lines, i);
		if (i && line_is_blank(line)) {
			if (!goes_on(lines, i, n))
				return 0;
			continue;
		}
		if (j.len + line.len + 1 > ATTRIBUTION_MAX || (i && !starter && has_starter(line)))
			return 0;
		join(&j, line);
		if (is_attribution(slice_of(j.text, j.len)))
			return i + 1;
	}
	return 0;
}
