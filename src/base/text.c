/* SPDX-License-Identifier: ISC */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

#include "base/err.h"

#define REPLACEMENT 0xfffd
#define DISTANCE_WORD_MAX 32

static const uint8_t *bytes_of(struct slice s)
{
	return (const uint8_t *)(s.len ? s.ptr : "");
}

/* Length of the run of ASCII at the start, eight bytes a step. */
static size_t ascii_run(struct slice s)
{
	size_t i = 0;
	for (uint64_t word; i + sizeof(word) <= s.len; i += sizeof(word)) {
		memcpy(&word, s.ptr + i, sizeof(word));
		if (word & 0x8080808080808080)
			break;
	}
	while (i < s.len && (unsigned char)s.ptr[i] < 0x80)
		i++;
	return i;
}

bool text_is_ascii(struct slice s)
{
	return ascii_run(s) == s.len;
}

bool text_is_utf8(struct slice s)
{
	size_t ascii = ascii_run(s);
	struct slice rest = slice_sub(s, ascii, s.len);
	return rest.len == 0 || u8_check(bytes_of(rest), rest.len) == NULL;
}

void text_put_utf8(struct buf *out, struct slice s)
{
	while (s.len) {
		const uint8_t *wrong = u8_check(bytes_of(s), s.len);
		size_t right = wrong ? (size_t)(wrong - bytes_of(s)) : s.len;
		buf_put(out, slice_sub(s, 0, right));
		s = slice_sub(s, right, s.len);
		/* Byte by byte through the bad sequence, as text_next goes. */
		uint32_t cp;
		if (s.len && text_next(&s, &cp))
			text_put_code_point(out, cp);
	}
}

bool text_next(struct slice *rest, uint32_t *code_point)
{
	if (rest->len == 0)
		return false;
	ucs4_t cp = (unsigned char)rest->ptr[0];
	int n = 1;
	if (cp >= 0x80)
		n = u8_mbtoucr(&cp, bytes_of(*rest), rest->len);
	*code_point = n < 0 ? REPLACEMENT : cp;
	*rest = slice_sub(*rest, n < 0 ? 1 : (size_t)n, rest->len);
	return true;
}

void text_put_code_point(struct buf *out, uint32_t code_point)
{
	uint8_t bytes[6];
	int n = u8_uctomb(bytes, code_point, sizeof(bytes));
	if (n < 0)
		n = u8_uctomb(bytes, REPLACEMENT, sizeof(bytes));
	buf_put(out, slice_of(bytes, (size_t)n));
}

/* ---- case ---- */

typedef uint8_t *map_fn(const uint8_t *s, size_t n, const char *language, uninorm_t form,
			uint8_t *room, size_t *length);

/* Runs fn over valid UTF-8; what comes back is the caller's to free. */
static struct slice map_valid(struct slice s, map_fn *fn, uninorm_t form)
{
	struct buf valid;
	buf_init(&valid, s.len * 3);
	if (!text_is_utf8(s)) {
		text_put_utf8(&valid, s);
		s = buf_slice(&valid);
	}
	size_t n = 0;
	uint8_t *mapped = fn(bytes_of(s), s.len, NULL, form, NULL, &n);
	if (!mapped)
		die("out of memory: %zu bytes of text", s.len);
	buf_release(&valid);
	return slice_of(mapped, n);
}

static void free_mapped(struct slice s)
{
	free((void *)(uintptr_t)s.ptr);
}

/* True, and s is in the buffer, when plain ASCII made Unicode's tables needless. */
static bool put_ascii(struct buf *out, struct slice s, char first, char last)
{
	if (!text_is_ascii(s))
		return false;
	char *room = buf_reserve(out, s.len);
	if (!room)
		return true;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		room[i] = c >= first && c <= last ? (char)(c ^ 0x20) : c;
	}
	out->len += s.len;
	return true;
}

static void put_mapped(struct buf *out, struct slice s, map_fn *fn)
{
	struct slice mapped = map_valid(s, fn, NULL);
	buf_put(out, mapped);
	free_mapped(mapped);
}

void text_put_lower(struct buf *out, struct slice s)
{
	if (!put_ascii(out, s, 'A', 'Z'))
		put_mapped(out, s, u8_tolower);
}

void text_put_upper(struct buf *out, struct slice s)
{
	if (!put_ascii(out, s, 'a', 'z'))
		put_mapped(out, s, u8_toupper);
}

/* Letters that Unicode takes for wholes and people for a letter with a mark (lower case). */
static const struct {
	uint32_t code_point;
	const char *plain;
} likened[] = {
	{0x00e6, "ae"}, {0x00f0, "d"}, {0x00f8, "o"}, {0x00fe, "th"}, {0x0111, "d"},
	{0x0127, "h"},	{0x0131, "i"}, {0x0142, "l"}, {0x0153, "oe"}, {0x0167, "t"},
};

static void put_likened(struct buf *out, uint32_t cp)
{
	for (size_t i = 0; i < sizeof(likened) / sizeof(likened[0]); i++)
		if (likened[i].code_point == cp) {
			buf_puts(out, likened[i].plain);
			return;
		}
	text_put_code_point(out, cp);
}

void text_put_folded(struct buf *out, struct slice s)
{
	if (put_ascii(out, s, 'A', 'Z'))
		return;
	struct slice mapped = map_valid(s, u8_casefold, UNINORM_NFKD);
	struct slice rest = mapped;
	uint32_t cp;
	while (rest.len) {
		size_t ascii = ascii_run(rest);
		buf_put(out, slice_sub(rest, 0, ascii));
		rest = slice_sub(rest, ascii, rest.len);
		if (text_next(&rest, &cp) && !uc_is_general_category(cp, UC_CATEGORY_M))
			put_likened(out, cp);
	}
	free_mapped(mapped);
}

/* ---- measures ---- */

size_t text_length(struct slice s)
{
	size_t length = 0;
	uint32_t cp;
	while (s.len) {
		size_t ascii = ascii_run(s);
		length += ascii;
		s = slice_sub(s, ascii, s.len);
		length += text_next(&s, &cp);
	}
	return length;
}

size_t text_width(struct slice s)
{
	size_t columns = 0;
	uint32_t cp;
	while (text_next(&s, &cp)) {
		int width = cp < 0x7f ? cp >= 0x20 : uc_width(cp, "UTF-8");
		columns += width > 0 ? (size_t)width : 0;
	}
	return columns;
}

/* Control characters, line ends and what turns the direction of writing (UAX 9). */
static bool is_unsafe(uint32_t cp)
{
	if (cp < 0x300)
		return cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
	return cp == 0x61c || cp == 0x200e || cp == 0x200f || (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2066 && cp <= 0x2069);
}

void text_put_line(struct buf *out, struct slice s, size_t max)
{
	size_t length = 0;
	bool space = false;
	uint32_t cp;
	while (text_next(&s, &cp)) {
		if (cp == ' ' || is_unsafe(cp)) {
			space = length > 0;
			continue;
		}
		if (length + space >= max)
			return;
		if (space)
			buf_putc(out, ' ');
		text_put_code_point(out, cp);
		length += 1 + (size_t)space;
		space = false;
	}
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t text_distance(struct slice a, struct slice b)
{
	size_t d[DISTANCE_WORD_MAX + 1][DISTANCE_WORD_MAX + 1];
	if (a.len > DISTANCE_WORD_MAX || b.len > DISTANCE_WORD_MAX)
		return SIZE_MAX;
	for (size_t k = 0; k <= DISTANCE_WORD_MAX; k++)
		d[k][0] = d[0][k] = k;
	for (size_t i = 1; i <= a.len; i++) {
		for (size_t k = 1; k <= b.len; k++) {
			char x = lower(a.ptr[i - 1]), y = lower(b.ptr[k - 1]);
			size_t best = d[i - 1][k - 1] + (x != y);
			best = least(best, least(d[i - 1][k], d[i][k - 1]) + 1);
			if (i > 1 && k > 1 && x == lower(b.ptr[k - 2]) && lower(a.ptr[i - 2]) == y)
				best = least(best, d[i - 2][k - 2] + 1);
			d[i][k] = best;
		}
	}
	return d[a.len][b.len];
}
