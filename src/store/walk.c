/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

/* Bytes of one bulk read; must be a multiple of 1024 and hold a page. */
#define BULK_BYTES (64u << 10)

struct walk {
	struct txn *txn;
	DBC *dbc;
	struct slice below; /* the first key behind the range; empty: no end */
	uint8_t key_bytes[STORE_KEY_MAX];
	DBT key, bulk;
	store_walk_fn *fn;
	void *ctx;
};

static bool is_behind(const struct walk *walk, struct slice key)
{
	return walk->below.len > 0 && slice_cmp(key, walk->below) >= 0;
}

/* 1 to read on, 0 the end of the range, -1 and *e; *stopped when fn did. */
static int tell(struct walk *walk, bool *stopped, struct err *e)
{
	void *place, *key, *data;
	size_t key_len, data_len;

	DB_MULTIPLE_INIT(place, &walk->bulk);
	for (;;) {
		DB_MULTIPLE_KEY_NEXT(place, &walk->bulk, key, key_len, data, data_len);
		if (!place)
			return 1;
		struct slice found = slice_of(key, key_len);
		if (is_behind(walk, found))
			return 0;
		int more = walk->fn(walk->ctx, found, slice_of(data, data_len), e);
		*stopped = more == 0;
		if (more <= 0)
			return more;
	}
}

static int read_all(struct walk *walk, struct slice from, const char *name, struct err *e)
{
	uint32_t where = from.len ? DB_SET_RANGE : DB_FIRST;
	bool stopped = false;
	int more = 1;

	assert(from.len <= STORE_KEY_MAX);
	if (from.len)
		memcpy(walk->key_bytes, from.ptr, from.len);
	walk->key.size = (uint32_t)from.len;
	while (more > 0) {
		int ret =
			walk->dbc->get(walk->dbc, &walk->key, &walk->bulk, where | DB_MULTIPLE_KEY);

		if (ret == DB_NOTFOUND)
			return 1;
		if (ret)
			return store_spoil(walk->txn, e, ret, name);
		more = tell(walk, &stopped, e);
		where = DB_NEXT;
	}
	return more < 0 ? -1 : !stopped;
}

int store_walk(struct txn *txn, const struct store_table *table, int index,
	       const struct store_range *range, store_walk_fn *fn, void *ctx, struct err *e)
{
	struct walk walk = {.txn = txn, .fn = fn, .ctx = ctx};
	struct slice from = slice_cmp(range->from, range->prefix) < 0 ? range->prefix : range->from;
	struct slice end = store_behind(txn->arena, range->prefix);
	DB *db;
	int ret;

	assert(index >= 0 && (size_t)index < table->n_indexes);
	assert(!range->backward && !range->update);
	if (store_usable(txn, e) < 0)
		return -1;
	if (from.len > STORE_KEY_MAX || range->below.len > STORE_KEY_MAX)
		return store_refuse(txn, e, ERR_INPUT, "a key to search for is too long");
	walk.below = range->below;
	if (walk.below.len == 0 || (end.len > 0 && slice_cmp(end, walk.below) < 0))
		walk.below = end;
	walk.key = store_dbt(slice_of(walk.key_bytes, STORE_KEY_MAX));
	walk.bulk = store_dbt(slice_of(mem_new(1, BULK_BYTES), BULK_BYTES));
	db = store_handle_of(txn->store, table)->walked[index];
	ret = db->cursor(db, txn->handle, &walk.dbc, DB_READ_COMMITTED);
	if (ret) {
		free(walk.bulk.data);
		return store_spoil(txn, e, ret, table->name);
	}
	int got = read_all(&walk, from, table->name, e);
	ret = walk.dbc->close(walk.dbc);
	free(walk.bulk.data);
	return ret ? store_spoil(txn, e, ret, table->name) : got;
}
