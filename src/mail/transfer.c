/* SPDX-License-Identifier: ISC */
#include "transfer.h"

#include <assert.h>

enum { B64_BAD = 64, B64_SPACE, B64_PAD };

static int base64_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	switch (c) {
	case '+':
		return 62;
	case '/':
		return 63;
	case '=':
		return B64_PAD;
	case ' ':
	case '\t':
	case '\r':
	case '\n':
		return B64_SPACE;
	default:
		return B64_BAD;
	}
}

/* The value of each byte, built at compile time would be 256 lines of noise. */
static void base64_table(uint8_t table[256])
{
	for (int c = 0; c < 256; c++)
		table[c] = (uint8_t)base64_value((unsigned char)c);
}

static void put(char *out, size_t at, uint32_t byte)
{
	if (out)
		out[at] = (char)(byte & 0xff);
}

/* What 2 or 3 characters before the padding or the end still say. */
static size_t base64_rest(char *out, size_t n, uint32_t bits, int have, bool *bad)
{
	if (have == 1)
		*bad = true;
	if (have >= 2)
		put(out, n++, have == 2 ? bits >> 4 : bits >> 10);
	if (have == 3)
		put(out, n++, bits >> 2);
	return n;
}

/*
 * Behind padding at i: some clients encode line by line, each with padding of
 * its own.  A line that is anything else is the footer of a list, or worse.
 */
static bool goes_on(const uint8_t value[256], struct slice in, size_t i)
{
	const unsigned char *s = (const unsigned char *)in.ptr;
	if (i + 1 < in.len && s[i + 1] != '\r' && s[i + 1] != '\n')
		return true;
	while (++i < in.len && value[s[i]] == B64_SPACE)
		;
	for (; i < in.len && s[i] != '\n'; i++)
		if (value[s[i]] == B64_BAD)
			return false;
	return true;
}

size_t transfer_base64(struct slice in, char *out, bool *bad)
{
	uint8_t value[256];
	base64_table(value);
	const unsigned char *s = (const unsigned char *)in.ptr;
	size_t n = 0;
	uint32_t bits = 0;
	int have = 0;
	bool padded = false;
	for (size_t i = 0; i < in.len; i++) {
		while (!padded && have == 0 && i + 4 <= in.len) {
			uint32_t a = value[s[i]], b = value[s[i + 1]], c = value[s[i + 2]],
				 d = value[s[i + 3]];
			if ((a | b | c | d) >= B64_BAD)
				break;
			uint32_t four = a << 18 | b << 12 | c << 6 | d;
			put(out, n, four >> 16);
			put(out, n + 1, four >> 8);
			put(out, n + 2, four);
			n += 3;
			i += 4;
		}
		if (i >= in.len)
			break;
		uint8_t v = value[s[i]];
		if (v == B64_PAD) {
			padded = true;
			n = base64_rest(out, n, bits, have, bad);
			have = 0;
			bits = 0;
			if (!goes_on(value, in, i)) {
				*bad = true;
				return n;
			}
		} else if (v < B64_BAD) {
			*bad |= padded;
			bits = bits << 6 | v;
			if (++have == 4) {
				put(out, n, bits >> 16);
				put(out, n + 1, bits >> 8);
				put(out, n + 2, bits);
				n += 3;
				have = 0;
				bits = 0;
			}
		} else if (v == B64_BAD) {
			*bad = true;
		}
	}
	n = base64_rest(out, n, bits, have, bad);
	assert(n <= in.len);
	return n;
}

static int hex_value(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Length of white space and a line end at i, or 0 when something else comes first. */
static size_t blank_to_line_end(struct slice in, size_t i, size_t *blanks)
{
	size_t from = i;
	while (i < in.len && (in.ptr[i] == ' ' || in.ptr[i] == '\t'))
		i++;
	*blanks = i - from;
	if (i == in.len)
		return i - from;
	if (in.ptr[i] == '\r' && i + 1 < in.len && in.ptr[i + 1] == '\n')
		return i + 2 - from;
	return in.ptr[i] == '\n' ? i + 1 - from : 0;
}

static void put_run(char *out, size_t at, struct slice in, size_t from, size_t n)
{
	if (out && n)
		memmove(out + at, in.ptr + from, n);
}

/* At '=': how many bytes of input it takes; 0 when it is no escape. */
static size_t quoted_escape(struct slice in, size_t i, int *byte)
{
	*byte = -1;
	if (i + 2 < in.len) {
		int high = hex_value((unsigned char)in.ptr[i + 1]);
		int low = hex_value((unsigned char)in.ptr[i + 2]);
		if (high >= 0 && low >= 0) {
			*byte = high << 4 | low;
			return 3;
		}
	}
	size_t blanks;
	size_t soft = blank_to_line_end(in, i + 1, &blanks);
	return soft || i + 1 == in.len ? soft + 1 : 0;
}

/* Plain bytes from i up to the next '=' or blank that may need a look. */
static size_t plain_run(struct slice in, size_t i)
{
	size_t from = i;
	while (i < in.len && in.ptr[i] != '=' && in.ptr[i] != ' ' && in.ptr[i] != '\t')
		i++;
	return i - from;
}

size_t transfer_quoted_printable(struct slice in, char *out, bool *bad)
{
	size_t n = 0;
	for (size_t i = 0; i < in.len;) {
		size_t run = plain_run(in, i);
		put_run(out, n, in, i, run);
		n += run;
		i += run;
		if (i == in.len)
			break;
		if (in.ptr[i] != '=') {
			/* RFC 2045 6.7 (3): blanks before a line end were added on the way. */
			size_t blanks;
			size_t skip = blank_to_line_end(in, i, &blanks);
			if (!skip)
				put_run(out, n, in, i, blanks);
			n += skip ? 0 : blanks;
			i += blanks;
			continue;
		}
		int byte;
		size_t took = quoted_escape(in, i, &byte);
		if (byte >= 0)
			put(out, n++, (uint32_t)byte);
		else if (!took) {
			*bad = true;
			put(out, n++, '=');
		}
		i += took ? took : 1;
	}
	assert(n <= in.len);
	return n;
}

size_t transfer_q(struct slice in, char *out, bool *bad)
{
	size_t n = 0;
	for (size_t i = 0; i < in.len; i++) {
		char c = in.ptr[i];
		int byte;
		if (c == '=' && quoted_escape(in, i, &byte) == 3 && byte >= 0) {
			put(out, n++, (uint32_t)byte);
			i += 2;
			continue;
		}
		if (c == '=')
			*bad = true;
		put(out, n++, c == '_' ? ' ' : (unsigned char)c);
	}
	return n;
}

/* One line "M…" of a uuencoded file; returns how many bytes it holds. */
static size_t uu_line(struct slice line, char *out, size_t at, bool *bad)
{
	size_t want = (size_t)((unsigned char)line.ptr[0] - 32) & 63, got = 0;
	for (size_t i = 1; got < want; i += 4) {
		uint32_t four = 0;
		for (size_t k = i; k < i + 4; k++) {
			/* Blanks at line ends get lost on the way: they are zeros. */
			unsigned char c = k < line.len ? (unsigned char)line.ptr[k] : ' ';
			if (c < 32 || c > 96)
				*bad = true;
			four = four << 6 | ((uint32_t)(c - 32) & 63);
		}
		if (i >= line.len) {
			*bad = true;
			return got;
		}
		for (int shift = 16; shift >= 0 && got < want; shift -= 8)
			put(out, at + got++, four >> shift);
	}
	return got;
}

size_t transfer_uuencode(struct slice in, char *out, bool *bad)
{
	struct slice line;
	size_t n = 0;
	bool begun = false;
	while (slice_line(&in, &line)) {
		if (!begun) {
			begun = slice_starts(line, SLICE("begin "));
			continue;
		}
		if (slice_eq(slice_trim(line), SLICE("end")))
			return n;
		if (line.len)
			n += uu_line(line, out, n, bad);
	}
	*bad = true;
	return n;
}

/* "begin 644 name" */
static bool uu_begin(struct slice line, struct slice *name)
{
	if (!slice_starts(line, SLICE("begin ")))
		return false;
	size_t i = 6, digits = 0;
	while (i < line.len && line.ptr[i] >= '0' && line.ptr[i] <= '7') {
		i++;
		digits++;
	}
	if (digits < 3 || digits > 4 || i >= line.len || line.ptr[i] != ' ')
		return false;
	*name = slice_trim(slice_sub(line, i, line.len));
	return name->len > 0;
}

static bool uu_data(struct slice line)
{
	if (line.len < 1 || line.ptr[0] < 32 || line.ptr[0] > 96)
		return false;
	size_t want = (size_t)(line.ptr[0] - 32) & 63;
	return line.len - 1 <= (want + 2) / 3 * 4 + 2;
}

bool transfer_find_uuencode(struct slice text, size_t from, struct slice *file, struct slice *name)
{
	struct slice rest = slice_sub(text, from, text.len), line;
	const char *begin = NULL;
	while (slice_line(&rest, &line)) {
		if (uu_begin(line, name)) {
			begin = line.ptr;
		} else if (begin && slice_eq(slice_trim(line), SLICE("end"))) {
			*file = slice_of(begin, (size_t)(line.ptr + line.len - begin));
			return true;
		} else if (begin && !uu_data(line)) {
			begin = NULL;
		}
	}
	return false;
}
