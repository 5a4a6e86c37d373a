/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <string.h>

#include "trim.h"

/*
 * To judge a candidate costs up to ATTRIBUTION_MAX bytes a line; a text with
 * more of them than this was not written by people, and its further lines are
 * judged one by one only.
 */
#define CANDIDATES_MAX 20000
/* What stands behind so many lines counts as one long line, for the same reason. */
#define LINES_MAX (1u << 19)
#define WRAPPED_LINE_MIN 72
#define LINE_JUDGED_MAX 2000
#define ARMOR "-----BEGIN PGP "

struct slice trim_line_text(const struct trimmer *t, size_t i)
{
	struct slice s = slice_sub(t->text, t->lines[i].offset, t->lines[i + 1].offset);
	s.len -= s.len && s.ptr[s.len - 1] == '\n';
	while (s.len && s.ptr[s.len - 1] == '\r')
		s.len--;
	return s;
}

size_t trim_skip_empty(const struct trimmer *t, size_t i)
{
	while (i < t->n && trim_is(t, i, LINE_EMPTY))
		i++;
	return i;
}

static size_t next_line(struct slice text, size_t at)
{
	const char *end = memchr(text.ptr + at, '\n', text.len - at);
	return end ? (size_t)(end - text.ptr) + 1 : text.len;
}

void trim_split(struct arena *a, struct trimmer *t)
{
	size_t n = 0, at = 0;
	while (n < LINES_MAX && at < t->text.len) {
		at = next_line(t->text, at);
		n++;
	}
	t->lines = ARENA_ARRAY(a, n + 1, struct line);
	t->n = n;
	at = 0;
	for (size_t i = 0; i < n; i++) {
		t->lines[i] = (struct line){.offset = (uint32_t)at};
		at = next_line(t->text, at);
	}
	t->lines[n] = (struct line){.offset = (uint32_t)t->text.len};
}

/* "| quoted" is told from a table only by what stands above it. */
static bool is_bar_quote(const struct trimmer *t, size_t i)
{
	size_t above = i;
	if (!slice_starts(slice_trim(trim_line_text(t, i)), SLICE("|")))
		return false;
	while (above > 0 && trim_is(t, above - 1, LINE_EMPTY))
		above--;
	return above > 0 &&
	       (trim_is(t, above - 1, LINE_QUOTE) || trim_is(t, above - 1, LINE_ATTRIBUTION));
}

/* A line between two quoted ones that the one above was too long for. */
static void mend_wrapped(struct trimmer *t)
{
	for (size_t i = 1; i + 1 < t->n; i++) {
		if (!trim_is(t, i, LINE_TEXT) || !trim_is(t, i - 1, LINE_QUOTE) ||
		    !trim_is(t, i + 1, LINE_QUOTE))
			continue;
		struct slice above = slice_trim(trim_line_text(t, i - 1));
		if (above.len >= WRAPPED_LINE_MIN && !strchr(".?!:", above.ptr[above.len - 1]))
			t->lines[i].class = LINE_QUOTE;
	}
}

static void find_short_attributions(struct trimmer *t)
{
	size_t next = t->n; /* the line below that is not empty */
	for (size_t i = t->n; i > 0; i--) {
		struct line *line = &t->lines[i - 1];
		if (line->class == LINE_TEXT && next < t->n && trim_is(t, next, LINE_QUOTE) &&
		    !line->code && trim_is_short_attribution(t->words, trim_line_text(t, i - 1)))
			line->class = LINE_SAID;
		if (line->class != LINE_EMPTY)
			next = i - 1;
	}
}

/* How many lines from i on introduce a quotation; `ends` is the next that could end one. */
static size_t attribution_at(const struct trimmer *t, size_t i, size_t ends, size_t *left)
{
	struct slice window[ATTRIBUTION_LINES_MAX];
	size_t n = 0;
	if (ends >= i + ATTRIBUTION_LINES_MAX || !*left ||
	    !trim_attribution_begins(t->words, trim_line_text(t, i)))
		return 0;
	--*left;
	for (; n < ATTRIBUTION_LINES_MAX && i + n < t->n; n++)
		window[n] = trim_line_text(t, i + n);
	return trim_attribution(t->words, window, n);
}

static size_t find_end(const struct trimmer *t, size_t i)
{
	size_t end = i;
	for (; end < t->n; end++) {
		struct slice line = trim_line_text(t, end);
		if (line.len && line.len <= LINE_JUDGED_MAX &&
		    trim_attribution_ends(t->words, line))
			break;
	}
	return end;
}

/* Of an odd number of fences the last opens nothing, or all below would be code. */
static size_t last_open_fence(const struct trimmer *t)
{
	size_t last = SIZE_MAX;
	bool open = false;
	for (size_t i = 0; i < t->n; i++)
		if (trim_is_fence(trim_line_text(t, i))) {
			open = !open;
			last = i;
		}
	return open ? last : SIZE_MAX;
}

/* What needs no words: empty lines, and those that are too long to say anything. */
static bool judge_quickly(struct trimmer *t, size_t i, struct slice line)
{
	if (!line.len || line.len > LINE_JUDGED_MAX) {
		bool quote = line.len && line_is_quote(line);
		t->lines[i].class = !line.len ? LINE_EMPTY : quote ? LINE_QUOTE : LINE_TEXT;
		return true;
	}
	t->enclosed |= line.ptr[0] == '<' && line.ptr[line.len - 1] == '<';
	t->armored |= slice_starts(line, SLICE(ARMOR));
	return false;
}

static void classify_lines(struct trimmer *t)
{
	size_t left = CANDIDATES_MAX, ends = 0, unmatched = last_open_fence(t);
	bool code = false;
	for (size_t i = 0; i < t->n; i++) {
		struct slice line = trim_line_text(t, i);
		bool fence = i != unmatched && trim_is_fence(line);
		code ^= fence;
		t->lines[i].code = fence || code;
		if (t->lines[i].code || judge_quickly(t, i, line))
			continue;
		if (ends < i || i == 0)
			ends = find_end(t, i);
		size_t lines = attribution_at(t, i, ends, &left);
		for (size_t k = 0; k < lines; k++)
			t->lines[i + k].class = LINE_ATTRIBUTION;
		if (lines) {
			i += lines - 1;
			continue;
		}
		t->lines[i].class = (uint8_t)trim_line_class(t->words, line);
		if (trim_is(t, i, LINE_TEXT) && is_bar_quote(t, i))
			t->lines[i].class = LINE_QUOTE;
	}
}

static bool only_of(struct slice line, char c, size_t least)
{
	line = slice_trim(line);
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] != c)
			return false;
	return line.len >= least;
}

/* ">>>>" above and "<<<<" below what is quoted. */
static void find_enclosed(struct trimmer *t)
{
	size_t from = t->n;
	for (size_t i = 0; i < t->n; i++) {
		if (trim_is(t, i, LINE_QUOTE) && only_of(trim_line_text(t, i), '>', 4))
			from = i;
		if (from == t->n || !trim_is(t, i, LINE_TEXT) ||
		    !only_of(trim_line_text(t, i), '<', 4))
			continue;
		for (size_t k = from; k <= i; k++)
			if (!trim_is(t, k, LINE_EMPTY))
				t->lines[k].class = LINE_QUOTE;
		from = t->n;
	}
}

static void set_class(struct trimmer *t, size_t from, size_t to, enum line_class class)
{
	for (size_t i = from; i < to; i++)
		if (!trim_is(t, i, LINE_EMPTY))
			t->lines[i].class = (uint8_t) class;
}

/* OpenPGP's frame around a text (RFC 4880 7): the frame is no text of anybody. */
static void find_armor(struct trimmer *t)
{
	size_t first = trim_skip_empty(t, 0), begin = t->n;
	if (first < t->n && slice_eq(slice_trim(trim_line_text(t, first)),
				     SLICE("-----BEGIN PGP SIGNED MESSAGE-----"))) {
		bool hash = first + 1 < t->n &&
			    slice_starts(trim_line_text(t, first + 1), SLICE("Hash: "));
		set_class(t, first, first + 1 + hash, LINE_DEVICE);
	}
	for (size_t i = first; i < t->n; i++) {
		struct slice line = trim_line_text(t, i);
		if (!slice_starts(line, SLICE("-----")))
			continue;
		if (slice_starts(line, SLICE("-----BEGIN PGP SIGNATURE-----")))
			begin = i;
		else if (begin < i && slice_starts(line, SLICE("-----END PGP SIGNATURE-----"))) {
			set_class(t, begin, i + 1, LINE_DEVICE);
			begin = t->n;
		}
	}
}

/* "Sent via UPS." amid other lines is one of them. */
static void check_devices(struct trimmer *t)
{
	for (size_t i = 1; i + 1 < t->n; i++)
		if (trim_is(t, i, LINE_DEVICE) && trim_is(t, i - 1, LINE_TEXT) &&
		    trim_is(t, i + 1, LINE_TEXT))
			t->lines[i].class = LINE_TEXT;
}

void trim_classify(struct trimmer *t)
{
	classify_lines(t);
	mend_wrapped(t);
	if (t->enclosed)
		find_enclosed(t);
	check_devices(t);
	if (t->armored)
		find_armor(t);
	find_short_attributions(t);
}
