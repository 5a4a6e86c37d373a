/* SPDX-License-Identifier: ISC */
#include "journal.h"

#include <assert.h>
#include <limits.h>

#define JOURNAL_BLOB ((uint64_t)'J' << 56)

enum { BY_WAITING, BY_DIGEST, BY_PLACE, BY_UNSETTLED, BY_QUARANTINED };

/* An entry, unpacked for its index keys; the arena ends with the call. */
static int with_entry(struct slice value, struct store_keys *keys,
		      void (*add)(const Tra__Journal *entry, struct store_keys *keys))
{
	struct arena *a = arena_open();
	ProtobufCMessage *entry = schema_unpack(a, &tra__journal__descriptor, value, NULL);
	if (entry)
		add((const Tra__Journal *)entry, keys);
	arena_close(&a);
	return entry ? 0 : -1;
}

static void add_number(struct store_keys *keys, uint64_t n)
{
	struct store_key key = {.len = 0};
	store_key_u64(&key, n);
	store_keys_add(keys, store_key_slice(&key));
}

static void put_folder(struct store_key *key, const char *mailbox, const char *folder,
		       uint32_t uidvalidity)
{
	store_key_text(key, slice_str(mailbox));
	store_key_text(key, slice_str(folder));
	store_key_u32(key, uidvalidity);
}

static void add_waiting(const Tra__Journal *entry, struct store_keys *keys)
{
	if (entry->state == TRA__JOURNAL_STATE__JOURNAL_STATE_NEW)
		add_number(keys, entry->id);
}

static void add_digest(const Tra__Journal *entry, struct store_keys *keys)
{
	store_keys_add(keys, slice_of(entry->sha256.data, entry->sha256.len));
}

static void add_place(const Tra__Journal *entry, struct store_keys *keys)
{
	if (!entry->uid)
		return;
	struct store_key key = {.len = 0};
	put_folder(&key, entry->mailbox, entry->folder, entry->uidvalidity);
	store_key_u32(&key, entry->uid);
	store_keys_add(keys, store_key_slice(&key));
}

static void add_unsettled(const Tra__Journal *entry, struct store_keys *keys)
{
	if (!entry->uid || entry->settled || entry->state == TRA__JOURNAL_STATE__JOURNAL_STATE_NEW)
		return;
	struct store_key key = {.len = 0};
	put_folder(&key, entry->mailbox, entry->folder, entry->uidvalidity);
	store_keys_add(keys, store_key_slice(&key));
}

static void add_quarantined(const Tra__Journal *entry, struct store_keys *keys)
{
	if (entry->state == TRA__JOURNAL_STATE__JOURNAL_STATE_QUARANTINED)
		add_number(keys, entry->id);
}

static int waiting_keys(struct slice primary, struct slice value, struct store_keys *keys)
{
	(void)primary;
	return with_entry(value, keys, add_waiting);
}

static int digest_keys(struct slice primary, struct slice value, struct store_keys *keys)
{
	(void)primary;
	return with_entry(value, keys, add_digest);
}

static int place_keys(struct slice primary, struct slice value, struct store_keys *keys)
{
	(void)primary;
	return with_entry(value, keys, add_place);
}

static int unsettled_keys(struct slice primary, struct slice value, struct store_keys *keys)
{
	(void)primary;
	return with_entry(value, keys, add_unsettled);
}

static int quarantined_keys(struct slice primary, struct slice value, struct store_keys *keys)
{
	(void)primary;
	return with_entry(value, keys, add_quarantined);
}

static const struct store_index journal_indexes[] = {
	[BY_WAITING] = {"journal-waiting", waiting_keys, 1},
	[BY_DIGEST] = {"journal-digest", digest_keys, 1},
	[BY_PLACE] = {"journal-place", place_keys, 1},
	[BY_UNSETTLED] = {"journal-unsettled", unsettled_keys, 1},
	[BY_QUARANTINED] = {"journal-quarantined", quarantined_keys, 1},
};

const struct store_table journal_table = {"journal", journal_indexes, 5};
const struct store_table cursor_table = {"cursors", NULL, 0};
const struct store_table run_table = {"runs", NULL, 0};

static int find_place(struct txn *txn, const Rpc__Mail *mail, uint64_t *id, struct err *e)
{
	struct store_key key = {.len = 0};
	struct store_row row;
	put_folder(&key, mail->mailbox, mail->folder, mail->uidvalidity);
	store_key_u32(&key, mail->uid);
	struct store_range range = {.prefix = store_key_slice(&key)};
	int found = store_first(txn, &journal_table, BY_PLACE, &range, &row, e);
	if (found == 1 && !store_key_take_u64(&row.primary_key, id))
		return err_set(e, ERR_TEMP, "journal: a key has no number");
	return found;
}

int journal_add(struct txn *txn, const Rpc__Mail *mail, int64_t now, uint64_t *id, struct err *e)
{
	if (mail->uid) {
		int found = find_place(txn, mail, id, e);
		if (found != 0)
			return found < 0 ? -1 : 0;
	}
	uint8_t digest[SHA256_SIZE];
	struct slice raw = slice_of(mail->raw.data, mail->raw.len);
	crypto_sha256(raw, digest);
	if (store_series_next(txn, "journal", 1, id, e) < 0)
		return -1;
	/* The highest byte of a blob's number says whose it is. */
	assert(*id > 0 && *id >> 56 == 0);
	Tra__Journal entry;
	tra__journal__init(&entry);
	entry.id = *id;
	entry.sha256 = (ProtobufCBinaryData){sizeof(digest), digest};
	entry.source = mail->source;
	entry.mailbox = mail->mailbox;
	entry.folder = mail->folder;
	entry.uidvalidity = mail->uidvalidity;
	entry.uid = mail->uid;
	entry.journaled_at = now;
	entry.size = mail->size ? mail->size : raw.len;
	entry.truncated = mail->truncated;
	/* The commit that journals a mail also counts the first attempt to process it. */
	entry.tries = 1;
	if (store_blob_put(txn, JOURNAL_BLOB | *id, raw, e) < 0)
		return -1;
	return journal_save(txn, &entry, e);
}

int journal_load(struct txn *txn, struct arena *a, uint64_t id, Tra__Journal **entry, struct err *e)
{
	struct store_key key = {.len = 0};
	struct slice value;
	store_key_u64(&key, id);
	int found = store_get(txn, &journal_table, store_key_slice(&key), &value, e);
	return schema_unpack_found(a, &tra__journal__descriptor, found, value, entry, e);
}

int journal_save(struct txn *txn, const Tra__Journal *entry, struct err *e)
{
	assert(entry->id > 0 && entry->sha256.len == SHA256_SIZE);
	struct store_key key = {.len = 0};
	store_key_u64(&key, entry->id);
	return store_put(txn, &journal_table, store_key_slice(&key),
			 schema_pack_in(txn_arena(txn), &entry->base), e);
}

int journal_bytes(struct txn *txn, uint64_t id, struct slice *raw, struct err *e)
{
	return store_blob_get(txn, JOURNAL_BLOB | id, raw, e);
}

int journal_find_digest(struct txn *txn, struct arena *a, struct slice sha256, uint64_t before,
			Tra__Journal **entry, struct err *e)
{
	assert(sha256.len == SHA256_SIZE);
	/* Records of one key come in the order of their numbers: the first is the oldest. */
	struct store_range range = {.prefix = sha256};
	struct store_row row;
	int found = store_first(txn, &journal_table, BY_DIGEST, &range, &row, e);
	found = schema_unpack_found(a, &tra__journal__descriptor, found, row.value, entry, e);
	return found == 1 && (*entry)->id >= before ? 0 : found;
}

int journal_waiting(struct txn *txn, uint64_t from, uint64_t *ids, size_t most, struct err *e)
{
	struct store_key key = {.len = 0};
	assert(most > 0 && most <= INT_MAX);
	store_key_u64(&key, from);
	struct store_range range = {.from = store_key_slice(&key)};
	struct store_cursor *cursor;
	struct store_row row;
	size_t n = 0;
	if (store_cursor_open(txn, &journal_table, BY_WAITING, &range, &cursor, e) < 0)
		return -1;
	int got = 1;
	while (n < most && (got = store_next(cursor, &row, e)) == 1)
		if (store_key_take_u64(&row.key, &ids[n]))
			n++;
	store_cursor_close(&cursor);
	return got < 0 ? -1 : (int)n;
}

int journal_quarantined(struct txn *txn, struct arena *a, uint64_t from, Tra__Journal **entries,
			size_t most, struct err *e)
{
	struct store_key key = {.len = 0};
	assert(most > 0 && most <= INT_MAX);
	store_key_u64(&key, from);
	struct store_range range = {.from = store_key_slice(&key)};
	struct store_cursor *cursor;
	struct store_row row;
	size_t n = 0;
	if (store_cursor_open(txn, &journal_table, BY_QUARANTINED, &range, &cursor, e) < 0)
		return -1;
	int got = 1;
	while (n < most && (got = store_next(cursor, &row, e)) == 1)
		if (schema_unpack_found(a, &tra__journal__descriptor, 1, row.value, &entries[n++],
					e) < 0)
			return -1;
	store_cursor_close(&cursor);
	return got < 0 ? -1 : (int)n;
}

int journal_next(struct txn *txn, uint64_t *id, struct err *e)
{
	struct store_range range = {.backward = true};
	struct store_row row;
	int found = store_first(txn, &journal_table, STORE_PRIMARY, &range, &row, e);
	*id = 1;
	if (found == 1 && store_key_take_u64(&row.primary_key, id))
		++*id;
	return found < 0 ? -1 : 1;
}

int journal_unsettled(struct txn *txn, const Rpc__SettleGet *folder, struct journal_unsettled *list,
		      size_t most, struct err *e)
{
	struct store_key key = {.len = 0};
	put_folder(&key, folder->mailbox, folder->folder, folder->uidvalidity);
	struct store_range range = {.prefix = store_key_slice(&key)};
	struct store_cursor *cursor;
	struct store_row row;
	struct arena *a = txn_arena(txn);
	size_t n = 0;
	if (store_cursor_open(txn, &journal_table, BY_UNSETTLED, &range, &cursor, e) < 0)
		return -1;
	int got = 1;
	while (n < most && (got = store_next(cursor, &row, e)) == 1) {
		Tra__Journal *entry;
		if (schema_unpack_found(a, &tra__journal__descriptor, 1, row.value, &entry, e) < 0)
			return -1;
		list[n++] = (struct journal_unsettled){
			entry->id, entry->uid,
			entry->state == TRA__JOURNAL_STATE__JOURNAL_STATE_QUARANTINED};
	}
	store_cursor_close(&cursor);
	return got < 0 ? -1 : (int)n;
}

static struct store_key cursor_key(struct slice mailbox, struct slice folder)
{
	struct store_key key = {.len = 0};
	store_key_text(&key, mailbox);
	store_key_text(&key, folder);
	return key;
}

int journal_cursor_load(struct txn *txn, struct arena *a, struct slice mailbox, struct slice folder,
			Tra__Cursor **cursor, struct err *e)
{
	struct store_key key = cursor_key(mailbox, folder);
	struct slice value;
	int found = store_get(txn, &cursor_table, store_key_slice(&key), &value, e);
	return schema_unpack_found(a, &tra__cursor__descriptor, found, value, cursor, e);
}

int journal_cursor_save(struct txn *txn, const Tra__Cursor *cursor, struct err *e)
{
	struct store_key key = cursor_key(slice_str(cursor->mailbox), slice_str(cursor->folder));
	return store_put(txn, &cursor_table, store_key_slice(&key),
			 schema_pack_in(txn_arena(txn), &cursor->base), e);
}

int journal_run_load(struct txn *txn, struct arena *a, struct slice key, Tra__CommandRun **run,
		     struct err *e)
{
	assert(key.len == SHA256_SIZE);
	struct slice value;
	int found = store_get(txn, &run_table, key, &value, e);
	return schema_unpack_found(a, &tra__command_run__descriptor, found, value, run, e);
}

int journal_run_save(struct txn *txn, const Tra__CommandRun *run, struct err *e)
{
	assert(run->key.len == SHA256_SIZE && run->digest.len == SHA256_SIZE);
	return store_put(txn, &run_table, slice_of(run->key.data, run->key.len),
			 schema_pack_in(txn_arena(txn), &run->base), e);
}
