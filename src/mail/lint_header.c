/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "base/text.h"
#include "linter.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define REFERENCES_MAX 100

/* How often a field may stand there, and whose rule that is. */
static const struct {
	const char *name, *rule;
	size_t least, most;
} counts[] = {
	{"Date", "O1", 1, 1},
	{"From", "O1", 1, 1},
	{"Sender", "O1", 0, 1},
	{"Reply-To", "O1", 0, 1},
	{"To", "O1", 0, 1},
	{"Cc", "O1", 0, 1},
	{"Bcc", "O1", 0, 0},
	{"Return-Path", "O1", 0, 0},
	{"Subject", "O1", 0, 1},
	{"Message-ID", "O1", 1, 1},
	{"In-Reply-To", "O1", 0, 1},
	{"References", "O1", 0, 1},
	{"MIME-Version", "O5", 1, 1},
	{"Content-Type", "O5", 1, 1},
	{"Content-Transfer-Encoding", "O5", 0, 1},
	{"Auto-Submitted", "O10", 0, 1},
	{"List-Unsubscribe", "O11", 0, 1},
	{"List-Unsubscribe-Post", "O11", 0, 1},
};

static void lint_counts(struct linter *l, const struct lint_fields *fields)
{
	for (size_t i = 0; i < LENGTH(counts); i++) {
		size_t n = 0, line = 0;
		for (size_t k = 0; k < fields->count; k++) {
			if (!slice_eq_nocase(fields->items[k].name, slice_str(counts[i].name)))
				continue;
			line = fields->items[k].line;
			n++;
		}
		if (n < counts[i].least)
			lint_find(l, counts[i].rule, 0, "%s is missing.", counts[i].name);
		else if (n > counts[i].most)
			lint_find(l, counts[i].rule, line,
				  "%s stands there %zu times, allowed %zu.", counts[i].name, n,
				  counts[i].most);
	}
	if (!lint_get(fields, "To") && !lint_get(fields, "Cc"))
		lint_find(l, "O1", 0, "There is neither To nor Cc.");
}

static void lint_people(struct linter *l, const struct lint_field *field)
{
	size_t n = lint_addresses(l, field);
	bool one = slice_eq_nocase(field->name, SLICE("From")) ||
		   slice_eq_nocase(field->name, SLICE("Sender"));
	if (one && n != 1)
		lint_find(l, "O1", field->line, "%.*s has %zu addresses.", SLICE_ARG(field->name),
			  n);
	lint_word_lines(l, field);
}

/* RFC 5322 3.3; 0 Sunday, by Sakamoto's table. */
static int weekday(int year, int month, int day)
{
	static const int shift[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
	year -= month < 3;
	return (year + year / 4 - year / 100 + year / 400 + shift[month - 1] + day) % 7;
}

/* The position of a name of three letters in a row of them, or -1. */
static int name_index(const char *names, const char *name)
{
	const char *hit = strlen(name) == 3 ? strstr(names, name) : NULL;
	return hit && (hit - names) % 3 == 0 ? (int)(hit - names) / 3 : -1;
}

static int month_days(int month, int year)
{
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 ? 28 + leap : 30 + ((month + (month > 7)) & 1);
}

/* "Sun, 01 Mar 2026 10:00:00 +0000", taken apart. */
struct date {
	char day_name[4], month_name[4], sign[2], zone[5];
	int day, month, year, hour, minute, second;
};

static bool is_in(int value, int low, int high)
{
	return value >= low && value <= high;
}

static bool is_date(const struct date *d)
{
	return is_in(d->month, 1, 12) && is_in(d->year, 1900, 9999) &&
	       is_in(d->day, 1, month_days(d->month, d->year)) && is_in(d->hour, 0, 23) &&
	       is_in(d->minute, 0, 59) && is_in(d->second, 0, 60) && strlen(d->zone) == 4 &&
	       strcmp(d->zone + 2, "59") <= 0;
}

static void lint_date(struct linter *l, const struct lint_field *field)
{
	struct date d = {0};
	int end = 0;
	const char *text = arena_str(l->arena, field->value);
	int n = sscanf(text, "%3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d %1[+-]%4[0-9]%n",
		       d.day_name, &d.day, d.month_name, &d.year, &d.hour, &d.minute, &d.second,
		       d.sign, d.zone, &end);
	d.month = name_index("JanFebMarAprMayJunJulAugSepOctNovDec", d.month_name) + 1;
	if (n == 7)
		lint_find(l, "O4", field->line, "The zone of Date is not numeric.");
	else if (n != 9 || text[end] != '\0' || !is_date(&d))
		lint_find(l, "O1", field->line, "Date is no date of RFC 5322.");
	else if (name_index("SunMonTueWedThuFriSat", d.day_name) != weekday(d.year, d.month, d.day))
		lint_find(l, "O1", field->line, "Date has the wrong day of the week.");
}

static bool is_visible(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= ' ' || s.ptr[i] > '~' || s.ptr[i] == '<' || s.ptr[i] == '>')
			return false;
	return s.len > 0;
}

/* The ids of a field; the last one in *last. */
static size_t lint_ids(struct linter *l, const struct lint_field *field, struct slice *last)
{
	size_t n = 0;
	struct slice rest = field->value;
	for (struct slice word; slice_cut(&rest, ' ', &word); n++) {
		*last = slice_sub(word, 1, word.len ? word.len - 1 : 0);
		if (!slice_starts(word, SLICE("<")) || !slice_ends(word, SLICE(">")) ||
		    !is_visible(*last) || slice_find(word, SLICE("=?")) >= 0)
			lint_find(l, "O3", field->line, "%.*s holds what is no message id.",
				  SLICE_ARG(field->name));
	}
	return n;
}

static bool is_dot_atom(struct slice s)
{
	for (struct slice atom; slice_cut(&s, '.', &atom);) {
		if (atom.len == 0)
			return false;
		for (size_t i = 0; i < atom.len; i++)
			if (strchr("()<>[]:;@\\,\"", atom.ptr[i]))
				return false;
	}
	return true;
}

static void lint_message_id(struct linter *l, const struct lint_field *field)
{
	struct slice id = {0}, left = {0};
	if (lint_ids(l, field, &id) != 1) {
		lint_find(l, "O3", field->line, "Message-ID is not one id.");
		return;
	}
	if (!slice_cut(&id, '@', &left) || !id.ptr || !is_dot_atom(left) || !is_dot_atom(id))
		lint_find(l, "O3", field->line, "Message-ID is not dot-atom@dot-atom.");
}

static void lint_thread(struct linter *l, const struct lint_field *field)
{
	struct slice last = {0};
	if (lint_ids(l, field, &last) > REFERENCES_MAX)
		lint_find(l, "O3", field->line, "%.*s has more than %d ids.",
			  SLICE_ARG(field->name), REFERENCES_MAX);
}

static void lint_auto_submitted(struct linter *l, const struct lint_field *field)
{
	static const char *const values[] = {"no", "auto-generated", "auto-replied"};
	for (size_t i = 0; i < LENGTH(values); i++)
		if (slice_eq(field->value, slice_str(values[i])))
			return;
	lint_find(l, "O10", field->line, "Auto-Submitted has an unknown value.");
}

static void lint_unsubscribe(struct linter *l, const struct lint_field *field)
{
	struct slice rest = field->value, uri;
	while (slice_cut(&rest, ',', &uri)) {
		uri = slice_trim(uri);
		struct slice inner = slice_sub(uri, 1, uri.len ? uri.len - 1 : 0);
		if (!slice_starts(uri, SLICE("<")) || !slice_ends(uri, SLICE(">")) ||
		    !is_visible(inner) || slice_chr(inner, ':') < 1)
			lint_find(l, "O11", field->line, "List-Unsubscribe holds no <link>.");
	}
}

static void lint_unsubscribe_post(struct linter *l, const struct lint_field *field)
{
	if (!slice_eq(field->value, SLICE("List-Unsubscribe=One-Click")))
		lint_find(l, "O11", field->line, "List-Unsubscribe-Post has an unknown value.");
}

static void lint_mime_version(struct linter *l, const struct lint_field *field)
{
	if (!slice_eq(field->value, SLICE("1.0")))
		lint_find(l, "O5", field->line, "MIME-Version is not 1.0.");
}

/* Judged with the body. */
static void lint_nothing(struct linter *l, const struct lint_field *field)
{
	(void)l;
	(void)field;
}

static void lint_unstructured(struct linter *l, const struct lint_field *field)
{
	lint_words(l, field, field->value);
	lint_word_lines(l, field);
}

/* What is not here is text. */
static const struct {
	const char *name;
	void (*lint)(struct linter *l, const struct lint_field *field);
} rules[] = {
	{"From", lint_people},
	{"Sender", lint_people},
	{"Reply-To", lint_people},
	{"To", lint_people},
	{"Cc", lint_people},
	{"Date", lint_date},
	{"Message-ID", lint_message_id},
	{"In-Reply-To", lint_thread},
	{"References", lint_thread},
	{"Auto-Submitted", lint_auto_submitted},
	{"List-Unsubscribe", lint_unsubscribe},
	{"List-Unsubscribe-Post", lint_unsubscribe_post},
	{"MIME-Version", lint_mime_version},
	{"Content-Type", lint_nothing},
	{"Content-Transfer-Encoding", lint_nothing},
	{"Content-Disposition", lint_nothing},
};

static void lint_one(struct linter *l, const struct lint_field *field)
{
	for (size_t i = 0; i < LENGTH(rules); i++) {
		if (slice_eq_nocase(field->name, slice_str(rules[i].name))) {
			rules[i].lint(l, field);
			return;
		}
	}
	lint_unstructured(l, field);
}

/* The last word of a field, which of ids is the youngest. */
static struct slice last_word(const struct lint_field *field)
{
	struct slice rest = field->value, word = {0};
	while (slice_cut(&rest, ' ', &word))
		;
	return word;
}

static void lint_together(struct linter *l, const struct lint_fields *fields)
{
	const struct lint_field *parent = lint_get(fields, "In-Reply-To");
	const struct lint_field *references = lint_get(fields, "References");
	if (parent && (!references || !slice_eq(last_word(parent), last_word(references))))
		lint_find(l, "O3", parent->line, "References does not end with In-Reply-To.");
	const struct lint_field *automatic = lint_get(fields, "Auto-Submitted");
	const struct lint_field *link = lint_get(fields, "List-Unsubscribe");
	const struct lint_field *post = lint_get(fields, "List-Unsubscribe-Post");
	bool replied = automatic && slice_eq_nocase(automatic->value, SLICE("auto-replied"));
	if (automatic && !slice_eq_nocase(automatic->value, SLICE("no")) &&
	    !lint_get(fields, "X-Auto-Response-Suppress"))
		lint_find(l, "O10", automatic->line,
			  "An automatic mail does not suppress automatic answers.");
	if (replied && (link || post))
		lint_find(l, "O11", automatic->line, "An automatic answer is no bulk mail.");
	bool https = link && slice_find_nocase(link->value, SLICE("<https://")) >= 0;
	if (https != (post != NULL))
		lint_find(l, "O11", link ? link->line : post->line,
			  "One-click needs List-Unsubscribe-Post and an https link, both.");
}

static bool is_ascii(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] > 127)
			return false;
	return true;
}

static void lint_eight_bit(struct linter *l, const struct lint_field *field)
{
	if (is_ascii(field->raw))
		return;
	if (!text_is_utf8(field->raw))
		lint_find(l, "O9", field->line, "%.*s is not UTF-8.", SLICE_ARG(field->name));
	else if (!l->utf8_address)
		lint_find(l, "O9", field->line, "%.*s is not ASCII though no address needs it.",
			  SLICE_ARG(field->name));
}

void lint_header(struct linter *l, const struct lint_fields *fields)
{
	lint_counts(l, fields);
	for (size_t i = 0; i < fields->count; i++)
		lint_one(l, &fields->items[i]);
	lint_together(l, fields);
	for (size_t i = 0; i < fields->count; i++)
		lint_eight_bit(l, &fields->items[i]);
}
