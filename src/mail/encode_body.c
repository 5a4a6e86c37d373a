/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/text.h"
#include "encode.h"

/* Bytes of one base64 line of 76. */
#define BASE64_BYTES 57
/* One less than a line, for the '=' of a soft break. */
#define QP_COLUMNS (ENCODE_LINE_MAX - 1)

const char *encode_body_name(enum encode_body encoding)
{
	static const char *const names[] = {
		[ENCODE_7BIT] = "7bit",
		[ENCODE_QUOTED_PRINTABLE] = "quoted-printable",
		[ENCODE_BASE64] = "base64",
	};
	assert(encoding <= ENCODE_BASE64);
	return names[encoding];
}

/* The length of the line end at the start of s: 0, 1 or 2. */
static size_t line_end(struct slice s)
{
	if (s.len > 1 && s.ptr[0] == '\r' && s.ptr[1] == '\n')
		return 2;
	return s.len > 0 && (s.ptr[0] == '\r' || s.ptr[0] == '\n');
}

void encode_line_ends(struct buf *out, struct slice bytes)
{
	while (bytes.len > 0) {
		size_t n = 0;
		while (n < bytes.len && bytes.ptr[n] != '\r' && bytes.ptr[n] != '\n')
			n++;
		buf_put(out, slice_sub(bytes, 0, n));
		buf_puts(out, "\r\n");
		bytes = slice_sub(bytes, n, bytes.len);
		bytes = slice_sub(bytes, line_end(bytes), bytes.len);
	}
}

void encode_canonical(struct buf *out, struct slice text)
{
	struct buf utf8;
	buf_init(&utf8, SIZE_MAX);
	/* RFC 2046 4.1.2: no NUL in text. */
	struct slice piece, rest = text.ptr ? text : SLICE("");
	slice_cut(&rest, '\0', &piece);
	text_put_utf8(&utf8, piece);
	while (slice_cut(&rest, '\0', &piece)) {
		text_put_code_point(&utf8, 0xfffd);
		text_put_utf8(&utf8, piece);
	}
	encode_line_ends(out, buf_slice(&utf8));
	buf_release(&utf8);
}

static bool is_risky_start(struct slice line)
{
	return line.len > 0 && (line.ptr[0] == '.' || slice_starts(line, SLICE("From ")));
}

/* Nothing in it that a mail system between here and there is known to change. */
static bool is_safe_line(struct slice line)
{
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.ptr[i] > 126 ||
		    ((unsigned char)line.ptr[i] < ' ' && line.ptr[i] != '\t'))
			return false;
	return line.len <= ENCODE_LINE_MAX && !is_risky_start(line) &&
	       (line.len == 0 || !strchr(" \t", line.ptr[line.len - 1]));
}

enum encode_body encode_choose(struct slice canonical)
{
	bool safe = true;
	size_t escaped = 0;
	for (struct slice rest = canonical, line; slice_line(&rest, &line);) {
		safe = safe && is_safe_line(line);
		for (size_t i = 0; i < line.len; i++) {
			unsigned char c = (unsigned char)line.ptr[i];
			escaped += c > 126 || c == '=' || (c < ' ' && c != '\t');
		}
	}
	if (safe)
		return ENCODE_7BIT;
	/* Quoted-printable adds two octets for each of them, base64 one for every three. */
	return escaped * 6 <= canonical.len ? ENCODE_QUOTED_PRINTABLE : ENCODE_BASE64;
}

static bool qp_is_literal(struct slice line, size_t i)
{
	unsigned char c = (unsigned char)line.ptr[i];
	if (c == ' ' || c == '\t')
		return i + 1 < line.len;
	return c > 32 && c < 127 && c != '=';
}

static void put_qp_line(struct buf *out, struct slice line)
{
	size_t column = 0;
	for (size_t i = 0; i < line.len; i++) {
		bool literal = qp_is_literal(line, i);
		if (column + (literal ? 1 : 3) > QP_COLUMNS) {
			buf_puts(out, "=\r\n");
			column = 0;
		}
		/* A soft break makes a line start where the text has none. */
		if (literal && (column > 0 || !is_risky_start(slice_sub(line, i, line.len)))) {
			buf_putc(out, line.ptr[i]);
			column += 1;
		} else {
			encode_escape(out, '=', line.ptr[i]);
			column += 3;
		}
	}
	assert(column <= QP_COLUMNS);
	buf_puts(out, "\r\n");
}

static void put_base64(struct buf *out, struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i += BASE64_BYTES) {
		base64_put(out, slice_sub(bytes, i, i + BASE64_BYTES));
		buf_puts(out, "\r\n");
	}
}

void encode_put(struct buf *out, struct slice bytes, enum encode_body encoding)
{
	switch (encoding) {
	case ENCODE_7BIT:
		assert(text_is_ascii(bytes));
		buf_put(out, bytes);
		break;
	case ENCODE_QUOTED_PRINTABLE:
		for (struct slice line; slice_line(&bytes, &line);)
			put_qp_line(out, line);
		break;
	case ENCODE_BASE64:
		put_base64(out, bytes);
		break;
	}
}
