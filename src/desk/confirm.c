/* SPDX-License-Identifier: ISC */
#include "confirm.h"

#include <assert.h>

#define CODE_CHARS 12 /* base32: 60 bits, one guess a mail */

const struct store_table confirm_table = {"confirm", NULL, 0};

/* Case, dashes and spaces are how people copy a code, not the code. */
static struct store_key key_of(uint64_t agent, struct slice code)
{
	struct store_key key = {.len = 0};
	struct buf plain;
	uint8_t digest[SHA256_SIZE];
	buf_init(&plain, 64);
	for (size_t i = 0; i < code.len && plain.len < 32; i++) {
		char c = code.ptr[i];
		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (c != '-' && c != ' ')
			buf_putc(&plain, c);
	}
	crypto_sha256(buf_slice(&plain), digest);
	buf_release(&plain);
	store_key_u64(&key, agent);
	store_key_bytes(&key, slice_of(digest, sizeof(digest)));
	return key;
}

static void make_code(char code[CONFIRM_CODE_SIZE])
{
	uint8_t bytes[8];
	struct buf text;
	crypto_random(bytes, sizeof(bytes));
	buf_init(&text, 64);
	base32_put(&text, slice_of(bytes, sizeof(bytes)));
	assert(text.len >= CODE_CHARS);
	char *at = code;
	for (size_t i = 0; i < CODE_CHARS; i++) {
		if (i && i % 4 == 0)
			*at++ = '-';
		*at++ = text.ptr[i];
	}
	*at = '\0';
	buf_release(&text);
}

static int drop_expired(struct txn *txn, uint64_t agent, int64_t now, struct err *e)
{
	struct arena *a = txn_arena(txn);
	struct store_key prefix = {.len = 0};
	struct store_cursor *cursor;
	struct store_row row;
	int got;
	store_key_u64(&prefix, agent);
	struct store_range range = {.prefix = store_key_slice(&prefix), .update = true};
	if (store_cursor_open(txn, &confirm_table, STORE_PRIMARY, &range, &cursor, e) < 0)
		return -1;
	while ((got = store_next(cursor, &row, e)) > 0) {
		Tra__Confirmation *old;
		if (schema_unpack_found(a, &tra__confirmation__descriptor, got, row.value, &old,
					e) < 0)
			return -1;
		struct slice key = arena_copy(a, row.key);
		if (old->expires_at <= now && store_delete(txn, &confirm_table, key, e) < 0)
			return -1;
	}
	store_cursor_close(&cursor);
	return got < 0 ? -1 : 1;
}

int confirm_put(struct txn *txn, Tra__Confirmation *what, int64_t now, char code[CONFIRM_CODE_SIZE],
		struct err *e)
{
	assert(what->agent && now > 0);
	make_code(code);
	struct store_key key = key_of(what->agent, slice_str(code));
	what->expires_at = now + CONFIRM_SECONDS;
	if (drop_expired(txn, what->agent, now, e) < 0)
		return -1;
	return store_put(txn, &confirm_table, store_key_slice(&key),
			 schema_pack_in(txn_arena(txn), &what->base), e);
}

int confirm_take(struct txn *txn, struct arena *a, uint64_t agent, struct slice code, int64_t now,
		 Tra__Confirmation **what, struct err *e)
{
	struct store_key key = key_of(agent, code);
	struct slice value;
	int found = store_get_rmw(txn, &confirm_table, store_key_slice(&key), &value, e);
	found = schema_unpack_found(a, &tra__confirmation__descriptor, found, value, what, e);
	if (found == 1 && (*what)->expires_at <= now)
		found = 0;
	if (found != 1)
		return found;
	assert((*what)->agent == agent);
	return store_delete(txn, &confirm_table, store_key_slice(&key), e) < 0 ? -1 : 1;
}
