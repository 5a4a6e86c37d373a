/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "private.h"

#define BUILD_BATCH 200

static void *must(void *ptr)
{
	if (!ptr)
		die("out of memory");
	return ptr;
}

void store_keys_add(struct store_keys *keys, struct slice key)
{
	if (key.len == 0 || key.len > STORE_KEY_MAX || keys->n == STORE_INDEX_KEYS_MAX) {
		keys->refused = true;
		return;
	}
	if (keys->n == keys->room) {
		keys->room = keys->room ? keys->room * 2 : 8;
		keys->spans = must(realloc(keys->spans, keys->room * sizeof(*keys->spans)));
	}
	keys->spans[keys->n++] = (struct store_span){(uint32_t)keys->bytes.len, (uint32_t)key.len};
	buf_put(&keys->bytes, key);
}

struct slice store_keys_at(const struct store_keys *keys, size_t i)
{
	assert(i < keys->n);
	return slice_of(keys->bytes.ptr + keys->spans[i].start, keys->spans[i].len);
}

static int compare(const void *a, const void *b, void *bytes)
{
	const struct store_span *x = a, *y = b;
	const char *base = bytes;

	return slice_cmp(slice_of(base + x->start, x->len), slice_of(base + y->start, y->len));
}

int store_keys_of(const struct store_index *index, struct slice primary_key, struct slice value,
		  struct store_keys *keys)
{
	size_t n = 0;

	*keys = (struct store_keys){0};
	buf_init(&keys->bytes, (size_t)STORE_INDEX_KEYS_MAX * STORE_KEY_MAX);
	if (index->keys(primary_key, value, keys) < 0 || keys->refused)
		return -1;
	assert(!buf_failed(&keys->bytes));
	if (keys->n < 2)
		return 1;
	qsort_r(keys->spans, keys->n, sizeof(*keys->spans), compare, keys->bytes.ptr);
	for (size_t i = 1; i < keys->n; i++) {
		if (!slice_eq(store_keys_at(keys, n), store_keys_at(keys, i)))
			keys->spans[++n] = keys->spans[i];
	}
	keys->n = n + 1;
	return 1;
}

void store_keys_release(struct store_keys *keys)
{
	buf_release(&keys->bytes);
	free(keys->spans);
}

/* One block holds the array and the bytes, so that the library frees it at once. */
static void hand_over(const struct store_keys *keys, DBT *result)
{
	size_t array = keys->n * sizeof(DBT);
	DBT *list = must(malloc(array + keys->bytes.len));
	char *bytes = (char *)list + array;

	assert(keys->n > 0 && keys->n <= STORE_INDEX_KEYS_MAX);
	memcpy(bytes, keys->bytes.ptr, keys->bytes.len);
	for (size_t i = 0; i < keys->n; i++)
		list[i] = (DBT){.data = bytes + keys->spans[i].start, .size = keys->spans[i].len};
	*result = (DBT){.data = list,
			.size = (uint32_t)keys->n,
			.flags = DB_DBT_MULTIPLE | DB_DBT_APPMALLOC};
}

int store_index_callback(DB *secondary, const DBT *key, const DBT *value, DBT *result)
{
	struct store_keys keys;
	int ret = 0;

	if (store_keys_of(secondary->app_private, store_dbt_slice(key), store_dbt_slice(value),
			  &keys) < 0)
		ret = STORE_BAD_RECORD;
	else if (keys.n == 0)
		ret = DB_DONOTINDEX;
	else
		hand_over(&keys, result);
	store_keys_release(&keys);
	return ret;
}

/* ---- building an index that the store does not have yet ---- */

struct build {
	struct store_handle *handle;
	size_t index;
	struct store_key from, next; /* the primary key to go on with */
	size_t puts;
};

static int build_row(struct txn *txn, struct build *build, const struct store_row *row,
		     struct err *e)
{
	const struct store_index *index = &build->handle->table->indexes[build->index];
	DB *db = build->handle->indexes[build->index];
	DBT primary = store_dbt(row->primary_key);
	struct store_keys keys;
	int ret = 0;

	if (store_keys_of(index, row->primary_key, row->value, &keys) < 0)
		ret = STORE_BAD_RECORD;
	for (size_t i = 0; i < keys.n && !ret; i++) {
		DBT key = store_dbt(store_keys_at(&keys, i));

		ret = db->put(db, txn->handle, &key, &primary, DB_NODUPDATA);
		/* Each batch begins with the last row of the one before. */
		if (ret == DB_KEYEXIST)
			ret = 0;
	}
	build->puts += keys.n + 1;
	store_keys_release(&keys);
	return ret ? store_spoil(txn, e, ret, index->name) : 1;
}

/* 1 when there may be more, 0 at the end. */
static int build_batch(struct txn *txn, void *ctx, struct err *e)
{
	struct build *build = ctx;
	struct store_range range = {.from = store_key_slice(&build->from)};
	struct store_cursor *cursor;
	struct store_row row;
	int r = store_cursor_open(txn, build->handle->table, STORE_PRIMARY, &range, &cursor, e);

	build->puts = 0;
	while (r > 0 && build->puts < STORE_PUTS_MAX) {
		r = store_next(cursor, &row, e);
		if (r > 0) {
			build->next = (struct store_key){0};
			store_key_bytes(&build->next, row.primary_key);
			r = build_row(txn, build, &row, e);
		}
	}
	return r;
}

static int fill(struct store *store, struct store_handle *handle, size_t i, struct err *e)
{
	struct build build = {.handle = handle, .index = i};
	int r;

	do {
		r = store_run(store, STORE_DEFERRED, build_batch, &build, e);
		build.from = build.next;
	} while (r > 0);
	return r;
}

static int build(struct store *store, struct store_handle *handle, size_t i, const char *mark,
		 struct err *e)
{
	uint64_t version = (uint64_t)handle->table->indexes[i].version + 1;

	/* First of all the old index is none, whatever happens next. */
	if (store_meta_set(store, mark, 0, e) < 0 ||
	    store_table_remove(store, handle->table, (int)i, e) < 0 ||
	    store_table_open(store, handle, (int)i, e) < 0 || fill(store, handle, i, e) < 0)
		return -1;
	return store_meta_set(store, mark, version, e);
}

static int attach(struct store *store, struct store_handle *handle, size_t i, struct err *e)
{
	const struct store_index *index = &handle->table->indexes[i];
	char mark[STORE_FILE_NAME_MAX];
	uint64_t version;
	DB *db;
	int ret;

	store_table_file(handle->table, (int)i, mark);
	if (store_meta_get(store, mark, &version, e) < 0)
		return -1;
	if (version == (uint64_t)index->version + 1)
		ret = store_table_open(store, handle, (int)i, e);
	else
		ret = build(store, handle, i, mark, e);
	if (ret < 0)
		return -1;
	db = handle->indexes[i];
	assert(handle->db && db);
	db->app_private = (void *)(uintptr_t)index;
	ret = handle->db->associate(handle->db, NULL, db, store_index_callback, DB_AUTO_COMMIT);
	return ret ? store_error(e, ret, mark) : store_table_open_walked(store, handle, (int)i, e);
}

int store_index_attach(struct store *store, struct store_handle *handle, struct err *e)
{
	for (size_t i = 0; i < handle->table->n_indexes; i++) {
		if (attach(store, handle, i, e) < 0)
			return -1;
	}
	return 1;
}
