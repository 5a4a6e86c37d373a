/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>
#include <zstd.h>

#include "private.h"

/* A blob's record: the number of its key, the length of the mail, the sealed bytes. */
#define COMPRESSION 3

static struct store_key blob_key(uint64_t id)
{
	struct store_key key = {0};

	store_key_u64(&key, id);
	return key;
}

/* Sealed bytes open only as the blob they were sealed for. */
static struct slice blob_context(struct arena *a, uint64_t id)
{
	struct store_key key = {0};

	store_key_text(&key, SLICE("blob"));
	store_key_u64(&key, id);
	return arena_copy(a, store_key_slice(&key));
}

static struct slice compress(struct arena *a, struct slice bytes)
{
	size_t room = ZSTD_compressBound(bytes.len);
	char *out = malloc(room);
	struct slice result;
	size_t n;

	assert(bytes.len <= STORE_BLOB_MAX);
	if (!out)
		die("out of memory");
	n = ZSTD_compress(out, room, bytes.ptr, bytes.len, COMPRESSION);
	if (ZSTD_isError(n))
		die("zstd: %s", ZSTD_getErrorName(n));
	result = arena_copy(a, slice_of(out, n));
	free(out);
	return result;
}

int store_blob_put(struct txn *txn, uint64_t id, struct slice bytes, struct err *e)
{
	struct arena *a = txn->arena;
	struct store_key key = blob_key(id);
	struct store_key head = {0};
	struct slice sealed;
	uint32_t number;
	char *record;

	if (store_usable(txn, e) < 0)
		return -1;
	if (bytes.len > STORE_BLOB_MAX)
		return store_refuse(txn, e, ERR_INPUT, "a mail is too large to be kept");
	if (store_secret_new(txn->store, &number, e) < 0 ||
	    store_secret_seal(txn->store, a, number, blob_context(a, id), compress(a, bytes),
			      &sealed, e) < 0)
		return store_refuse(txn, e, e ? e->class : ERR_TEMP, e ? e->text : "no key");
	store_key_u32(&head, number);
	store_key_u32(&head, (uint32_t)bytes.len);
	assert(head.len == 2 * sizeof(uint32_t));
	record = arena_alloc(a, head.len + sealed.len);
	memcpy(record, head.bytes, head.len);
	memcpy(record + head.len, sealed.ptr, sealed.len);
	return store_insert(txn, &store_blob_table, store_key_slice(&key),
			    slice_of(record, head.len + sealed.len), e);
}

/* Cuts the head off a record. */
static int find(struct txn *txn, uint64_t id, uint32_t *number, uint32_t *length,
		struct slice *sealed, struct err *e)
{
	struct store_key key = blob_key(id);
	int r = store_get(txn, &store_blob_table, store_key_slice(&key), sealed, e);

	if (r <= 0)
		return r;
	if (store_key_take_u32(sealed, number) && store_key_take_u32(sealed, length) &&
	    *length <= STORE_BLOB_MAX)
		return 1;
	return store_refuse(txn, e, ERR_TEMP, "a sealed mail is damaged");
}

int store_blob_get(struct txn *txn, uint64_t id, struct slice *bytes, struct err *e)
{
	struct arena *a = txn->arena;
	struct slice sealed, packed;
	uint32_t number, length;
	char *out;
	size_t n;
	int r = find(txn, id, &number, &length, &sealed, e);

	if (r <= 0)
		return r;
	r = store_secret_open(txn->store, a, number, blob_context(a, id), sealed, &packed, e);
	if (r <= 0)
		return r;
	out = arena_alloc(a, length);
	n = ZSTD_decompress(out, length, packed.ptr, packed.len);
	if (ZSTD_isError(n) || n != length)
		return store_refuse(txn, e, ERR_TEMP, "a sealed mail does not unpack");
	*bytes = slice_of(out, length);
	return 1;
}

struct erasure {
	uint64_t id;
	uint32_t number;
};

static int find_number(struct txn *txn, void *ctx, struct err *e)
{
	struct erasure *erasure = ctx;
	struct slice sealed;
	uint32_t length;

	return find(txn, erasure->id, &erasure->number, &length, &sealed, e);
}

static int drop(struct txn *txn, void *ctx, struct err *e)
{
	const struct erasure *erasure = ctx;
	struct store_key key = blob_key(erasure->id);

	return store_delete(txn, &store_blob_table, store_key_slice(&key), e);
}

int store_blob_erase(struct store *store, uint64_t id, struct err *e)
{
	struct erasure erasure = {.id = id};
	int r = store_run(store, STORE_READ, find_number, &erasure, e);

	if (r <= 0)
		return r;
	if (store_secret_erase(store, erasure.number, e) < 0)
		return -1;
	/* Without its key the record says nothing: a crash may well bring it back. */
	return store_run(store, STORE_DEFERRED, drop, &erasure, e) < 0 ? -1 : 1;
}
