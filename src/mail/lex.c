/* SPDX-License-Identifier: ISC */
#include "lex.h"

#include <assert.h>

#define TABLE_MAX 200

static void keep_comment(struct lex *lx, char c)
{
	if (lx->comments)
		buf_putc(lx->comments, c);
}

/* RFC 5322 3.2.2; depth is a counter, so that nesting costs no stack. */
static void skip_comment(struct lex *lx)
{
	assert(*lx->p == '(');
	size_t depth = 0;
	lx->had_comment = true;
	if (lx->comments && lx->comments->len)
		buf_putc(lx->comments, ' ');
	for (; lx->p < lx->end; lx->p++) {
		char c = *lx->p;
		if (c == '(' && ++depth == 1)
			continue;
		if (depth > lx->r->limits->comment_depth)
			reader_over(lx->r, "nesting of comments");
		if (c == ')' && --depth == 0) {
			lx->p++;
			return;
		}
		if (c == '\\' && lx->p + 1 < lx->end)
			c = *++lx->p;
		keep_comment(lx, c);
	}
	lx->broken = true;
}

bool lex_cfws(struct lex *lx)
{
	const char *from = lx->p;
	while (lx->p < lx->end) {
		if (lex_is_space(*lx->p))
			lx->p++;
		else if (*lx->p == '(')
			skip_comment(lx);
		else
			break;
	}
	return lx->p > from;
}

static struct slice unescape(struct arena *a, struct slice s)
{
	char *out = arena_alloc(a, s.len);
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (c == '\r' || c == '\n')
			continue;
		if (c == '\\' && i + 1 < s.len)
			c = s.ptr[++i];
		out[n++] = c;
	}
	return slice_of(out, n);
}

struct slice lex_quoted(struct lex *lx)
{
	assert(lx->p < lx->end && *lx->p == '"');
	const char *from = ++lx->p;
	bool plain = true;
	while (lx->p < lx->end && *lx->p != '"') {
		plain = plain && *lx->p != '\\' && *lx->p != '\r' && *lx->p != '\n';
		lx->p += *lx->p == '\\' && lx->p + 1 < lx->end ? 2 : 1;
	}
	struct slice content = slice_of(from, (size_t)(lx->p - from));
	if (lx->p < lx->end)
		lx->p++;
	else
		lx->broken = true;
	return plain ? content : unescape(lx->r->a, content);
}

struct slice lex_until(struct lex *lx, const char *stops)
{
	const char *from = lx->p;
	size_t n = strlen(stops);
	while (lx->p < lx->end && !lex_is_space(*lx->p) && !memchr(stops, *lx->p, n))
		lx->p++;
	return slice_of(from, (size_t)(lx->p - from));
}

bool lex_take(struct lex *lx, char c)
{
	if (lx->p >= lx->end || *lx->p != c)
		return false;
	lx->p++;
	return true;
}

struct slice lex_lower(struct arena *a, struct slice s)
{
	size_t i = 0;
	while (i < s.len && !(s.ptr[i] >= 'A' && s.ptr[i] <= 'Z'))
		i++;
	if (i == s.len)
		return s;
	char *out = arena_alloc(a, s.len + 1);
	memcpy(out, s.ptr, s.len);
	for (; i < s.len; i++)
		if (out[i] >= 'A' && out[i] <= 'Z')
			out[i] = (char)(out[i] + 32);
	return slice_of(out, s.len);
}

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* One pass over s, which a stranger wrote: only words of the right first byte are compared. */
bool lex_has_any(struct slice s, const char *const *table, size_t n)
{
	uint8_t head[256] = {0}, next[TABLE_MAX]; /* numbers from 1 */
	assert(n < TABLE_MAX);
	for (size_t i = n; i > 0; i--) {
		unsigned char first = lower(table[i - 1][0]);
		next[i] = head[first];
		head[first] = (uint8_t)i;
	}
	for (size_t at = 0; at < s.len; at++)
		for (uint8_t i = head[lower(s.ptr[at])]; i; i = next[i])
			if (slice_starts_nocase(slice_sub(s, at, s.len), slice_str(table[i - 1])))
				return true;
	return false;
}
