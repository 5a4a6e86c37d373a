/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "private.h"

/* A NUL inside a text is followed by this, so that NUL NUL can end it. */
#define ESCAPED 0xff

static void add(struct store_key *key, const void *bytes, size_t n)
{
	assert(key->len <= STORE_KEY_MAX + 1);
	if (key->len > STORE_KEY_MAX || n > STORE_KEY_MAX - key->len) {
		key->len = STORE_KEY_MAX + 1;
		return;
	}
	memcpy(key->bytes + key->len, bytes, n);
	key->len += n;
}

static void add_big_endian(struct store_key *key, uint64_t n, size_t size)
{
	uint8_t bytes[8];

	assert(size <= sizeof(bytes));
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(n >> (8 * (size - 1 - i)));
	add(key, bytes, size);
}

void store_key_u8(struct store_key *key, uint8_t n)
{
	add_big_endian(key, n, 1);
}

void store_key_u32(struct store_key *key, uint32_t n)
{
	add_big_endian(key, n, 4);
}

void store_key_u64(struct store_key *key, uint64_t n)
{
	add_big_endian(key, n, 8);
}

void store_key_i64(struct store_key *key, int64_t n)
{
	add_big_endian(key, (uint64_t)n ^ (UINT64_C(1) << 63), 8);
}

void store_key_text(struct store_key *key, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		store_key_u8(key, (uint8_t)text.ptr[i]);
		if (text.ptr[i] == '\0')
			store_key_u8(key, ESCAPED);
	}
	add_big_endian(key, 0, 2);
}

void store_key_bytes(struct store_key *key, struct slice bytes)
{
	if (bytes.len > 0)
		add(key, bytes.ptr, bytes.len);
}

static bool take(struct slice *rest, size_t size, uint64_t *n)
{
	if (rest->len < size)
		return false;
	*n = 0;
	for (size_t i = 0; i < size; i++)
		*n = *n << 8 | (uint8_t)rest->ptr[i];
	*rest = slice_sub(*rest, size, rest->len);
	return true;
}

bool store_key_take_u8(struct slice *rest, uint8_t *n)
{
	uint64_t value;

	if (!take(rest, 1, &value))
		return false;
	*n = (uint8_t)value;
	return true;
}

bool store_key_take_u32(struct slice *rest, uint32_t *n)
{
	uint64_t value;

	if (!take(rest, 4, &value))
		return false;
	*n = (uint32_t)value;
	return true;
}

bool store_key_take_u64(struct slice *rest, uint64_t *n)
{
	return take(rest, 8, n);
}

bool store_key_take_i64(struct slice *rest, int64_t *n)
{
	uint64_t value;

	if (!take(rest, 8, &value))
		return false;
	*n = (int64_t)(value ^ (UINT64_C(1) << 63));
	return true;
}

bool store_key_take_text(struct slice *rest, struct arena *a, struct slice *text)
{
	char *copy = arena_alloc(a, rest->len + 1);
	size_t n = 0;

	for (size_t i = 0; i < rest->len; i++) {
		if (rest->ptr[i] == '\0' && (i + 1 == rest->len))
			return false;
		if (rest->ptr[i] == '\0' && rest->ptr[i + 1] == '\0') {
			*text = slice_of(copy, n);
			*rest = slice_sub(*rest, i + 2, rest->len);
			return true;
		}
		copy[n++] = rest->ptr[i];
		if (rest->ptr[i] == '\0' && (uint8_t)rest->ptr[++i] != ESCAPED)
			return false;
	}
	return false;
}
