/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "encode.h"

/* What a segment of a long parameter holds beside "filename*NN*=utf-8''" and ';'. */
#define SEGMENT_MAX 54
/* The longest character in a segment, four bytes "%XX". */
#define CHARACTER_MAX 12
/* With its dot. */
#define EXTENSION_MAX 16

/* The start of s, whole characters, at most max octets. */
static struct slice cut_characters(struct slice s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max > 0 && ((unsigned char)s.ptr[max] & 0xc0) == 0x80)
		max--;
	return slice_sub(s, 0, max);
}

static struct slice extension_of(struct slice name)
{
	size_t lowest = name.len > EXTENSION_MAX ? name.len - EXTENSION_MAX : 0;
	for (size_t i = name.len; i > lowest; i--)
		if (name.ptr[i - 1] == '.')
			return slice_sub(name, i - 1, name.len);
	return SLICE("");
}

static void put_short(struct buf *out, struct slice name, size_t max)
{
	assert(max > EXTENSION_MAX);
	struct slice extension = name.len > max ? extension_of(name) : SLICE("");
	struct slice stem = slice_sub(name, 0, name.len - extension.len);
	buf_put(out, cut_characters(stem, max - extension.len));
	buf_put(out, extension);
}

/*
 * Nothing that a file system or a client takes for more than a letter of a
 * name.  A leading dot hides a file, a leading hyphen looks like an option,
 * Windows drops dots and spaces at the end.
 */
static void put_safe(struct buf *out, struct slice filename, size_t max)
{
	struct buf line;
	buf_init(&line, SIZE_MAX);
	text_put_line(&line, filename, SIZE_MAX);
	for (size_t i = 0; i < line.len; i++)
		line.ptr[i] = strchr("/\\:*?\"<>|", line.ptr[i]) ? '_' : line.ptr[i];
	struct slice s = buf_slice(&line);
	while (s.len > 0 && strchr(". -", s.ptr[0]))
		s = slice_sub(s, 1, s.len);
	while (s.len > 0 && strchr(". ", s.ptr[s.len - 1]))
		s.len--;
	put_short(out, s, max);
	buf_release(&line);
}

static void put_ascii(struct buf *out, struct slice name)
{
	struct buf cut;
	buf_init(&cut, SIZE_MAX);
	put_short(&cut, name, ENCODE_QUOTED_MAX);
	struct slice rest = buf_slice(&cut);
	for (uint32_t c; text_next(&rest, &c);)
		buf_putc(out, c < 128 ? (char)c : '_');
	buf_release(&cut);
}

/* RFC 2231 7 */
static bool is_attribute_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c && strchr("!+-.#^_{}~", c));
}

static void put_percent(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (is_attribute_char(s.ptr[i]))
			buf_putc(out, s.ptr[i]);
		else
			encode_escape(out, '%', s.ptr[i]);
	}
}

/* RFC 2231 3 and 4: in segments, since one may be longer than a line. */
static void put_extended(struct fold *f, struct slice name)
{
	struct buf segment;
	buf_init(&segment, SIZE_MAX);
	for (unsigned i = 0; name.len > 0; i++) {
		buf_clear(&segment);
		buf_printf(&segment, "filename*%u*=%s", i, i == 0 ? "utf-8''" : "");
		size_t start = segment.len;
		struct slice rest = name;
		for (uint32_t c;
		     segment.len - start + CHARACTER_MAX <= SEGMENT_MAX && text_next(&rest, &c);) {
			put_percent(&segment, slice_sub(name, 0, name.len - rest.len));
			name = rest;
		}
		assert(segment.len > start && segment.len < ENCODE_LINE_MAX);
		if (name.len > 0)
			buf_putc(&segment, ';');
		fold_word(f, buf_slice(&segment));
	}
	buf_release(&segment);
}

void encode_filename(struct fold *f, struct slice filename, size_t max, const char *otherwise)
{
	struct buf name, ascii;
	buf_init(&name, SIZE_MAX);
	buf_init(&ascii, SIZE_MAX);
	put_safe(&name, filename, max);
	if (name.len == 0)
		buf_puts(&name, otherwise);
	put_ascii(&ascii, buf_slice(&name));
	bool same = slice_eq(buf_slice(&name), buf_slice(&ascii));
	fold_glued(f, SLICE("filename=\""), buf_slice(&ascii), same ? SLICE("\"") : SLICE("\";"));
	if (!same)
		put_extended(f, buf_slice(&name));
	buf_release(&name);
	buf_release(&ascii);
}
