/* SPDX-License-Identifier: ISC */
#include "outbox.h"

#include <assert.h>
#include <limits.h>

#define OUTBOX_BLOB ((uint64_t)'X' << 56)
#define DAY 86400

enum { BY_DUE };

static int due_keys(struct slice primary, struct slice value, struct store_keys *keys)
{
	struct arena *a = arena_open();
	const Tra__Outbox *entry =
		(const Tra__Outbox *)schema_unpack(a, &tra__outbox__descriptor, value, NULL);
	if (entry && entry->state == TRA__OUTBOX_STATE__OUTBOX_STATE_QUEUED) {
		struct store_key key = {.len = 0};
		store_key_i64(&key, entry->due_at);
		store_key_bytes(&key, primary);
		store_keys_add(keys, store_key_slice(&key));
	}
	arena_close(&a);
	return entry ? 0 : -1;
}

static const struct store_index outbox_indexes[] = {[BY_DUE] = {"outbox-due", due_keys, 1}};

const struct store_table outbox_table = {"outbox", outbox_indexes, 1};
const struct store_table automatic_table = {"automatic", NULL, 0};

int outbox_next(struct txn *txn, uint64_t *id, struct err *e)
{
	return store_series_next(txn, "outbox", 1, id, e);
}

static struct store_key outbox_key(uint64_t id)
{
	struct store_key key = {.len = 0};
	store_key_u64(&key, id);
	return key;
}

int outbox_save(struct txn *txn, const Tra__Outbox *entry, struct err *e)
{
	assert(entry->id > 0 && entry->id >> 56 == 0 && *entry->recipient);
	struct store_key key = outbox_key(entry->id);
	return store_put(txn, &outbox_table, store_key_slice(&key),
			 schema_pack_in(txn_arena(txn), &entry->base), e);
}

int outbox_add(struct txn *txn, const Tra__Outbox *entry, struct slice raw, struct err *e)
{
	assert(raw.len > 0 && *entry->message_id);
	if (store_blob_put(txn, OUTBOX_BLOB | entry->id, raw, e) < 0)
		return -1;
	return outbox_save(txn, entry, e);
}

int outbox_load(struct txn *txn, struct arena *a, uint64_t id, Tra__Outbox **entry, struct err *e)
{
	struct store_key key = outbox_key(id);
	struct slice value;
	int found = store_get(txn, &outbox_table, store_key_slice(&key), &value, e);
	return schema_unpack_found(a, &tra__outbox__descriptor, found, value, entry, e);
}

int outbox_bytes(struct txn *txn, uint64_t id, struct slice *raw, struct err *e)
{
	return store_blob_get(txn, OUTBOX_BLOB | id, raw, e);
}

int outbox_due(struct txn *txn, struct arena *a, int64_t now, Tra__Outbox **entries, size_t most,
	       struct err *e)
{
	struct store_key below = {.len = 0};
	assert(most > 0 && most <= INT_MAX && now < INT64_MAX);
	store_key_i64(&below, now + 1);
	struct store_range range = {.below = store_key_slice(&below)};
	struct store_cursor *cursor;
	struct store_row row;
	size_t n = 0;
	if (store_cursor_open(txn, &outbox_table, BY_DUE, &range, &cursor, e) < 0)
		return -1;
	int got = 1;
	while (n < most && (got = store_next(cursor, &row, e)) == 1)
		if (schema_unpack_found(a, &tra__outbox__descriptor, got, row.value, &entries[n++],
					e) < 0)
			return -1;
	store_cursor_close(&cursor);
	return got < 0 ? -1 : (int)n;
}

int outbox_next_due(struct txn *txn, int64_t *at, struct err *e)
{
	struct store_range range = {.backward = false};
	struct store_row row;
	*at = 0;
	int found = store_first(txn, &outbox_table, BY_DUE, &range, &row, e);
	if (found == 1 && !store_key_take_i64(&row.key, at))
		return err_set(e, ERR_TEMP, "outbox: a key has no time");
	return found < 0 ? -1 : 1;
}

int64_t outbox_delay(uint32_t tries)
{
	int64_t delay = OUTBOX_DELAY_FIRST;
	while (tries-- > 0 && delay < OUTBOX_DELAY_MAX)
		delay *= 2;
	return delay < OUTBOX_DELAY_MAX ? delay : OUTBOX_DELAY_MAX;
}

/* Addresses compare without case; the key is a digest, since an address may be long. */
static void address_key(struct slice address, uint8_t key[SHA256_SIZE])
{
	struct buf lower;
	buf_init(&lower, 4096);
	text_put_lower(&lower, address);
	crypto_sha256(buf_slice(&lower), key);
	buf_release(&lower);
}

static int automatic_load(struct txn *txn, const uint8_t key[SHA256_SIZE], Tra__Automatic **entry,
			  struct err *e)
{
	struct slice value;
	int found = store_get_rmw(txn, &automatic_table, slice_of(key, SHA256_SIZE), &value, e);
	if (found == 0) {
		*entry = ARENA_NEW(txn_arena(txn), Tra__Automatic);
		tra__automatic__init(*entry);
	}
	return schema_unpack_found(txn_arena(txn), &tra__automatic__descriptor, found, value, entry,
				   e);
}

static int automatic_save(struct txn *txn, const uint8_t key[SHA256_SIZE],
			  const Tra__Automatic *entry, struct err *e)
{
	return store_put(txn, &automatic_table, slice_of(key, SHA256_SIZE),
			 schema_pack_in(txn_arena(txn), &entry->base), e);
}

int automatic_take(struct txn *txn, struct slice address, const struct automatic_limit *limit,
		   struct err *e)
{
	assert(address.len && limit->per_day > 0);
	uint8_t key[SHA256_SIZE];
	Tra__Automatic *entry;
	address_key(address, key);
	if (automatic_load(txn, key, &entry, e) < 0)
		return -1;
	if (entry->window_at + DAY <= limit->now) {
		entry->window_at = limit->now;
		entry->count = 0;
	}
	if (entry->suppressed || entry->count >= limit->per_day)
		return 0;
	entry->count++;
	return automatic_save(txn, key, entry, e);
}

int automatic_suppress(struct txn *txn, struct slice address, struct err *e)
{
	uint8_t key[SHA256_SIZE];
	Tra__Automatic *entry;
	address_key(address, key);
	if (automatic_load(txn, key, &entry, e) < 0)
		return -1;
	entry->suppressed = true;
	return automatic_save(txn, key, entry, e);
}
