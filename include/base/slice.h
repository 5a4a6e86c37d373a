/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_SLICE_H
#define POSTCLERK_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Bytes travel as a slice: a view of somebody else's memory, never owned,
 * never ended by a NUL.  An empty slice may have a null pointer.
 */
struct slice {
	const char *ptr;
	size_t len;
};

#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})
/* For printf's "%.*s". */
#define SLICE_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

static inline struct slice slice_of(const void *ptr, size_t len)
{
	return (struct slice){(const char *)ptr, len};
}

/* A view of a C string; a null pointer is the empty slice. */
static inline struct slice slice_str(const char *s)
{
	return (struct slice){s, s ? strlen(s) : 0};
}

/* The part from byte `from` up to, not including, `to`; both are clamped. */
static inline struct slice slice_sub(struct slice s, size_t from, size_t to)
{
	if (to > s.len)
		to = s.len;
	if (from > to)
		from = to;
	/* Adding 0 to a null pointer is undefined in C. */
	return (struct slice){from ? s.ptr + from : s.ptr, to - from};
}

/* The same bytes; a null slice is an empty one. */
bool slice_eq(struct slice a, struct slice b);
/* ASCII letters compare without case; other bytes as they are. */
bool slice_eq_nocase(struct slice a, struct slice b);
int slice_cmp(struct slice a, struct slice b);
bool slice_starts(struct slice s, struct slice prefix);
bool slice_starts_nocase(struct slice s, struct slice prefix);
bool slice_ends(struct slice s, struct slice suffix);
/* Position of the first occurrence, or -1.  Linear in s.len. */
ptrdiff_t slice_find(struct slice s, struct slice needle);
ptrdiff_t slice_find_nocase(struct slice s, struct slice needle);
ptrdiff_t slice_chr(struct slice s, char c);
/* Without space, tab, CR and LF at both ends. */
struct slice slice_trim(struct slice s);

/*
 * Cut the next piece off *rest: up to the separator, which is dropped.
 * Returns false when *rest was exhausted (a null pointer); "a,,b" gives
 * three pieces, "" gives one.
 */
bool slice_cut(struct slice *rest, char separator, struct slice *piece);

/*
 * The next line of *rest without its LF or CR LF.  Returns false at the end;
 * a final line without a line end counts, an empty rest has none.
 */
bool slice_line(struct slice *rest, struct slice *line);

/* Decimal digits only, the whole slice, no sign; false when not or > UINT64_MAX. */
bool slice_u64(struct slice s, uint64_t *value);
/* Likewise with an optional leading '-'. */
bool slice_i64(struct slice s, int64_t *value);

#endif
