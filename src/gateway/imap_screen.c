/* SPDX-License-Identifier: ISC */
#include "imap_screen.h"

#include <assert.h>
#include <string.h>

/* "* 12 FETCH (": the only answer we ask for that holds literals. */
static bool is_fetch(struct slice line)
{
	if (!slice_starts(line, SLICE("* ")))
		return false;
	line = slice_sub(line, 2, line.len);
	ptrdiff_t space = slice_chr(line, ' ');
	uint64_t number;
	return space > 0 && slice_u64(slice_sub(line, 0, (size_t)space), &number) &&
	       slice_starts_nocase(slice_sub(line, (size_t)space + 1, line.len), SLICE("FETCH"));
}

/* The number in "…{123}" at the end of a line, or 0. */
static uint64_t literal_behind(struct slice line)
{
	line = slice_trim(line);
	size_t digits = line.len;
	uint64_t n;
	if (!slice_ends(line, SLICE("}")))
		return 0;
	while (digits > 0 && line.ptr[digits - 1] != '{')
		digits--;
	return digits && slice_u64(slice_sub(line, digits, line.len - 1), &n) ? n : 0;
}

static void take_off_bracket(char *line, size_t n)
{
	ptrdiff_t at = slice_find_nocase(slice_of(line, n), SLICE("[PERMANENTFLAGS"));
	if (at >= 0)
		line[at] = '(';
}

static void release_line(struct imap_screen *s, size_t n, bool whole)
{
	struct slice line = slice_of(s->raw + s->start, n);
	if (!s->in_line)
		s->in_fetch = is_fetch(line);
	if (!s->in_fetch)
		take_off_bracket(s->raw + s->start, n);
	s->literal = s->in_fetch && whole ? literal_behind(line) : 0;
	s->in_line = !whole || s->literal > 0;
	s->ready = n;
}

static void look(struct imap_screen *s)
{
	size_t n = s->end - s->start;
	if (s->literal) {
		s->ready = s->literal < n ? (size_t)s->literal : n;
		s->literal -= s->ready;
		return;
	}
	const char *end = memchr(s->raw + s->start, '\n', n);
	if (end)
		release_line(s, (size_t)(end - (s->raw + s->start)) + 1, true);
	else if (n == sizeof(s->raw))
		release_line(s, n, false);
}

char *imap_screen_room(struct imap_screen *s, size_t *n)
{
	memmove(s->raw, s->raw + s->start, s->end - s->start);
	s->end -= s->start;
	s->start = 0;
	*n = sizeof(s->raw) - s->end;
	assert(*n > 0);
	return s->raw + s->end;
}

void imap_screen_put(struct imap_screen *s, size_t n)
{
	assert(n <= sizeof(s->raw) - s->end);
	s->end += n;
}

size_t imap_screen_take(struct imap_screen *s, char *out, size_t size)
{
	if (!s->ready && s->start < s->end)
		look(s);
	size_t n = s->ready < size ? s->ready : size;
	memcpy(out, s->raw + s->start, n);
	s->start += n;
	s->ready -= n;
	return n;
}

uint64_t imap_screen_bare(const struct imap_screen *s)
{
	return s->start == s->end ? s->literal : 0;
}

void imap_screen_passed(struct imap_screen *s, size_t n)
{
	assert(n <= imap_screen_bare(s));
	s->literal -= n;
}

bool imap_screen_holds(const struct imap_screen *s)
{
	return s->start < s->end;
}
