/* SPDX-License-Identifier: ISC */
#include "base/slice.h"

static inline unsigned char fold(char c)
{
	unsigned char u = (unsigned char)c;
	return u >= 'A' && u <= 'Z' ? u | 0x20 : u;
}

bool slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool slice_eq_nocase(struct slice a, struct slice b)
{
	return a.len == b.len && slice_starts_nocase(a, b);
}

int slice_cmp(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool slice_starts(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len && slice_eq(slice_sub(s, 0, prefix.len), prefix);
}

bool slice_starts_nocase(struct slice s, struct slice prefix)
{
	if (s.len < prefix.len)
		return false;
	for (size_t i = 0; i < prefix.len; i++)
		if (fold(s.ptr[i]) != fold(prefix.ptr[i]))
			return false;
	return true;
}

bool slice_ends(struct slice s, struct slice suffix)
{
	return s.len >= suffix.len && slice_eq(slice_sub(s, s.len - suffix.len, s.len), suffix);
}

ptrdiff_t slice_find(struct slice s, struct slice needle)
{
	if (needle.len == 0)
		return 0;
	if (s.len < needle.len)
		return -1;
	/* glibc's memmem is two-way: linear in the worst case. */
	const char *hit = memmem(s.ptr, s.len, needle.ptr, needle.len);
	return hit ? hit - s.ptr : -1;
}

ptrdiff_t slice_find_nocase(struct slice s, struct slice needle)
{
	for (size_t i = 0; i + needle.len <= s.len; i++)
		if (slice_starts_nocase(slice_sub(s, i, s.len), needle))
			return (ptrdiff_t)i;
	return -1;
}

ptrdiff_t slice_chr(struct slice s, char c)
{
	const char *hit = s.len ? memchr(s.ptr, c, s.len) : NULL;
	return hit ? hit - s.ptr : -1;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice s)
{
	while (s.len && is_space(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool slice_cut(struct slice *rest, char separator, struct slice *piece)
{
	if (!rest->ptr)
		return false;
	ptrdiff_t at = slice_chr(*rest, separator);
	if (at < 0) {
		*piece = *rest;
		*rest = (struct slice){NULL, 0};
		return true;
	}
	*piece = slice_sub(*rest, 0, (size_t)at);
	*rest = slice_sub(*rest, (size_t)at + 1, rest->len);
	return true;
}

bool slice_line(struct slice *rest, struct slice *line)
{
	if (rest->len == 0)
		return false;
	ptrdiff_t at = slice_chr(*rest, '\n');
	size_t end = at < 0 ? rest->len : (size_t)at;
	*line = slice_sub(*rest, 0, end);
	*rest = slice_sub(*rest, at < 0 ? end : end + 1, rest->len);
	if (line->len && line->ptr[line->len - 1] == '\r')
		line->len--;
	return true;
}

bool slice_u64(struct slice s, uint64_t *value)
{
	uint64_t v = 0;
	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = (unsigned char)s.ptr[i] - (unsigned)'0';
		if (digit > 9 || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, digit, &v))
			return false;
	}
	*value = v;
	return true;
}

bool slice_i64(struct slice s, int64_t *value)
{
	bool negative = s.len && s.ptr[0] == '-';
	uint64_t v;
	if (!slice_u64(slice_sub(s, negative, s.len), &v) || v > (uint64_t)INT64_MAX + negative)
		return false;
	*value = negative ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}
