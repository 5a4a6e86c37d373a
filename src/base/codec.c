/* SPDX-License-Identifier: ISC */
#include "base/crypto.h"

void hex_put(struct buf *out, struct slice data)
{
	static const char digits[] = "0123456789abcdef";
	char *room = buf_reserve(out, data.len * 2);
	if (!room)
		return;
	for (size_t i = 0; i < data.len; i++) {
		unsigned char byte = (unsigned char)data.ptr[i];
		*room++ = digits[byte >> 4];
		*room++ = digits[byte & 15];
	}
	out->len += data.len * 2;
}

void base32_put(struct buf *out, struct slice data)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned held = 0, bits = 0;
	for (size_t i = 0; i < data.len; i++) {
		held = (held << 8 | (unsigned char)data.ptr[i]) & 0xfff;
		for (bits += 8; bits >= 5; bits -= 5)
			buf_putc(out, digits[held >> (bits - 5) & 31]);
	}
	if (bits)
		buf_putc(out, digits[held << (5 - bits) & 31]);
}

static int base32_value(char c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

bool base32_get(struct slice text, struct buf *out)
{
	/* By length modulo 8: a last group of 1, 3 or 6 digits holds no whole byte. */
	static const bool possible[8] = {true, false, true, false, true, true, false, true};
	size_t size = text.len / 8 * 5 + text.len % 8 * 5 / 8;
	char *room = possible[text.len % 8] ? buf_reserve(out, size) : NULL;
	unsigned held = 0, bits = 0;
	if (!room)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int value = base32_value(text.ptr[i]);
		if (value < 0)
			return false;
		held = (held << 5 | (unsigned)value) & 0xfff;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			*room++ = (char)(held >> bits & 0xff);
		}
	}
	if (held & ((1U << bits) - 1))
		return false;
	out->len += size;
	return true;
}

void base64_put(struct buf *out, struct slice data)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t size = (data.len + 2) / 3 * 4;
	char *room = buf_reserve(out, size);
	if (!room)
		return;
	for (size_t i = 0; i < data.len; i += 3) {
		size_t n = data.len - i < 3 ? data.len - i : 3;
		unsigned held = 0;
		for (size_t k = 0; k < 3; k++)
			held = held << 8 | (k < n ? (unsigned char)data.ptr[i + k] : 0);
		*room++ = digits[held >> 18];
		*room++ = digits[held >> 12 & 63];
		*room++ = n > 1 ? digits[held >> 6 & 63] : '=';
		*room++ = n > 2 ? digits[held & 63] : '=';
	}
	out->len += size;
}
