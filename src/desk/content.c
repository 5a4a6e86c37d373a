/* SPDX-License-Identifier: ISC */
#include "content.h"

#include <assert.h>
#include <stdio.h>

#include "schema.h"

#define CONTENT_BLOB ((uint64_t)'C' << 56)

const struct store_table content_table = {"contents", NULL, 0};
const struct store_table content_use_table = {"content-uses", NULL, 0};

/* Digests are of one length, so that the owners of one stand together. */
static struct store_key use_key(struct slice digest, const char *owner)
{
	struct store_key key = {.len = 0};
	assert(digest.len == SHA256_SIZE && strlen(owner) <= CONTENT_OWNER_MAX);
	store_key_bytes(&key, digest);
	store_key_bytes(&key, slice_str(owner));
	return key;
}

static int load(struct txn *txn, struct slice digest, Tra__Content **content, struct err *e)
{
	struct slice value;
	assert(digest.len == SHA256_SIZE);
	int found = store_get(txn, &content_table, digest, &value, e);
	return schema_unpack_found(txn_arena(txn), &tra__content__descriptor, found, value, content,
				   e);
}

static int add_content(struct txn *txn, struct slice digest, struct slice bytes, int64_t now,
		       struct err *e)
{
	Tra__Content content;
	tra__content__init(&content);
	if (store_series_next(txn, "content", 1, &content.id, e) < 0)
		return -1;
	assert(content.id >> 56 == 0);
	content.sha256.len = digest.len;
	memcpy(&content.sha256.data, &digest.ptr, sizeof(digest.ptr));
	content.size = bytes.len;
	content.created_at = now;
	if (store_blob_put(txn, CONTENT_BLOB | content.id, bytes, e) < 0)
		return -1;
	return store_put(txn, &content_table, digest, schema_pack_in(txn_arena(txn), &content.base),
			 e);
}

int content_put(struct txn *txn, const uint8_t digest[SHA256_SIZE], struct slice bytes,
		const char *owner, int64_t now, struct err *e)
{
	struct slice sha256 = slice_of(digest, SHA256_SIZE);
	Tra__Content *content;
	Tra__ContentUse use;
	int found = load(txn, sha256, &content, e);
	if (found < 0 || (found == 0 && add_content(txn, sha256, bytes, now, e) < 0))
		return -1;
	struct store_key key = use_key(sha256, owner);
	tra__content_use__init(&use);
	use.created_at = now;
	if (store_put(txn, &content_use_table, store_key_slice(&key),
		      schema_pack_in(txn_arena(txn), &use.base), e) < 0)
		return -1;
	return found == 0;
}

int content_get(struct txn *txn, struct slice digest, struct slice *bytes, struct err *e)
{
	Tra__Content *content;
	int found = load(txn, digest, &content, e);
	return found == 1 ? store_blob_get(txn, CONTENT_BLOB | content->id, bytes, e) : found;
}

int content_owners(struct txn *txn, struct slice digest, int most, struct err *e)
{
	struct store_range range = {.prefix = digest};
	struct store_cursor *cursor;
	struct store_row row;
	int n = 0, got = 1;
	assert(digest.len == SHA256_SIZE);
	if (store_cursor_open(txn, &content_use_table, STORE_PRIMARY, &range, &cursor, e) < 0)
		return -1;
	while (n < most && (got = store_next(cursor, &row, e)) == 1)
		n++;
	store_cursor_close(&cursor);
	return got < 0 ? -1 : n;
}

int content_drop(struct txn *txn, struct slice digest, const char *owner, uint64_t *blob,
		 struct err *e)
{
	Tra__Content *content;
	struct store_key key = use_key(digest, owner);
	int found = store_delete(txn, &content_use_table, store_key_slice(&key), e);
	if (found != 1)
		return found;
	int owners = content_owners(txn, digest, 1, e);
	if (owners != 0)
		return owners < 0 ? -1 : 0;
	found = load(txn, digest, &content, e);
	if (found != 1)
		return found;
	*blob = CONTENT_BLOB | content->id;
	return store_delete(txn, &content_table, digest, e);
}

/* ---- proof ---- */

#define VERIFIED_AT_ONCE 1000 /* rows; their memory ends with the transaction */

struct verifying;
typedef int verify_fn(const struct verifying *v, const struct store_row *row, struct err *e);

struct verifying {
	struct txn *txn;
	content_owner_fn *exists;
	content_report_fn *report;
	void *ctx;
	const struct store_table *table;
	verify_fn *verify;
	struct store_key last; /* key of the row that was verified last */
};

static int verify_use(const struct verifying *v, const struct store_row *row, struct err *e)
{
	char finding[256];
	Tra__Content *content;
	struct slice digest = slice_sub(row->key, 0, SHA256_SIZE);
	struct slice owner = slice_sub(row->key, SHA256_SIZE, row->key.len);
	int found = load(v->txn, digest, &content, e);
	if (found < 0)
		return -1;
	if (found == 0) {
		snprintf(finding, sizeof(finding), "%.*s has a file whose bytes are not there",
			 SLICE_ARG(owner));
		v->report(v->ctx, finding);
	}
	found = v->exists(v->txn, owner, e);
	if (found == 0) {
		snprintf(finding, sizeof(finding), "a file is kept for %.*s, which is not there",
			 SLICE_ARG(owner));
		v->report(v->ctx, finding);
	}
	return found < 0 ? -1 : 1;
}

static int verify_content(const struct verifying *v, const struct store_row *row, struct err *e)
{
	char finding[256];
	Tra__Content *content;
	if (schema_unpack_found(txn_arena(v->txn), &tra__content__descriptor, 1, row->value,
				&content, e) < 0)
		return -1;
	int owners = content_owners(v->txn, row->key, 1, e);
	if (owners == 0) {
		snprintf(finding, sizeof(finding), "the bytes of file %llu are nobody's",
			 (unsigned long long)content->id);
		v->report(v->ctx, finding);
	}
	return owners < 0 ? -1 : 1;
}

/* Some rows behind the last; 0 when those were the last ones. */
static int verify_batch(struct txn *txn, void *ctx, struct err *e)
{
	struct verifying *v = ctx;
	struct store_range range = {.from = store_key_slice(&v->last)};
	struct store_cursor *cursor;
	struct store_row row;
	int got = 1;
	v->txn = txn;
	if (store_cursor_open(txn, v->table, STORE_PRIMARY, &range, &cursor, e) < 0)
		return -1;
	for (int n = 0; n < VERIFIED_AT_ONCE && (got = store_next(cursor, &row, e)) == 1; n++) {
		/* The range begins with the row that was verified before. */
		if (slice_eq(row.key, store_key_slice(&v->last)))
			continue;
		v->last.len = 0;
		store_key_bytes(&v->last, row.key);
		if (v->verify(v, &row, e) < 0)
			return -1;
	}
	store_cursor_close(&cursor);
	return got;
}

int content_verify(struct store *store, content_owner_fn *exists, content_report_fn *report,
		   void *ctx, struct err *e)
{
	static const struct {
		const struct store_table *table;
		verify_fn *verify;
	} tables[] = {{&content_use_table, verify_use}, {&content_table, verify_content}};
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct verifying v = {.exists = exists,
				      .report = report,
				      .ctx = ctx,
				      .table = tables[i].table,
				      .verify = tables[i].verify};
		int got = 1;
		while (got == 1)
			got = store_run(store, STORE_SCAN, verify_batch, &v, e);
		if (got < 0)
			return -1;
	}
	return 1;
}
