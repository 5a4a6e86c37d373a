/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "private.h"

struct store_cursor {
	struct txn *txn;
	const struct store_table *table;
	DBC *dbc;
	bool secondary, started, ended, backward;
	uint32_t rmw;
	struct slice prefix, from, below; /* in the transaction's arena */
	uint8_t key_bytes[STORE_KEY_MAX], primary_bytes[STORE_KEY_MAX];
	DBT key, primary, value;
	struct store_cursor *next;
};

static void release(struct store_cursor *cursor)
{
	int ret = cursor->dbc->close(cursor->dbc);

	/* A deadlock shows here at the latest: it must not be lost. */
	if (ret)
		store_spoil(cursor->txn, NULL, ret, cursor->table->name);
	store_dbt_release(&cursor->value);
	free(cursor);
}

void store_cursors_end(struct txn *txn)
{
	while (txn->cursors) {
		struct store_cursor *cursor = txn->cursors;

		txn->cursors = cursor->next;
		release(cursor);
	}
}

void store_cursor_close(struct store_cursor **cursor)
{
	struct store_cursor **link;

	if (!*cursor)
		return;
	link = &(*cursor)->txn->cursors;
	while (*link != *cursor) {
		link = &(*link)->next;
		assert(*link);
	}
	*link = (*cursor)->next;
	release(*cursor);
	*cursor = NULL;
}

static DB *db_of(const struct txn *txn, const struct store_table *table, int index)
{
	const struct store_handle *handle = store_handle_of(txn->store, table);

	assert(index == STORE_PRIMARY || (size_t)index < table->n_indexes);
	return index == STORE_PRIMARY ? handle->db : handle->indexes[index];
}

struct slice store_behind(struct arena *a, struct slice prefix)
{
	size_t n = prefix.len;
	char *bytes;

	while (n > 0 && (uint8_t)prefix.ptr[n - 1] == 0xff)
		n--;
	if (n == 0)
		return (struct slice){0};
	bytes = arena_str(a, slice_sub(prefix, 0, n));
	bytes[n - 1] = (char)((uint8_t)bytes[n - 1] + 1);
	return slice_of(bytes, n);
}

static void set_range(struct store_cursor *cursor, const struct store_range *range)
{
	struct arena *a = cursor->txn->arena;
	struct slice end = store_behind(a, range->prefix);

	cursor->backward = range->backward;
	cursor->rmw = range->update ? DB_RMW : 0;
	cursor->prefix = arena_copy(a, range->prefix);
	cursor->from = arena_copy(a, range->from);
	if (slice_cmp(cursor->from, cursor->prefix) < 0)
		cursor->from = cursor->prefix;
	cursor->below = arena_copy(a, range->below);
	if (cursor->below.len == 0 || (end.len > 0 && slice_cmp(end, cursor->below) < 0))
		cursor->below = end;
}

int store_cursor_open(struct txn *txn, const struct store_table *table, int index,
		      const struct store_range *range, struct store_cursor **out, struct err *e)
{
	DB *db = db_of(txn, table, index);
	struct store_cursor *cursor;
	int ret;

	if (store_usable(txn, e) < 0)
		return -1;
	if (range->prefix.len > STORE_KEY_MAX || range->from.len > STORE_KEY_MAX ||
	    range->below.len > STORE_KEY_MAX)
		return store_refuse(txn, e, ERR_INPUT, "a key to search for is too long");
	cursor = mem_new(1, sizeof(*cursor));
	cursor->txn = txn;
	cursor->table = table;
	cursor->secondary = index != STORE_PRIMARY;
	cursor->key = store_dbt(slice_of(cursor->key_bytes, STORE_KEY_MAX));
	cursor->primary = store_dbt(slice_of(cursor->primary_bytes, STORE_KEY_MAX));
	store_dbt_init(&cursor->value);
	set_range(cursor, range);
	ret = db->cursor(db, txn->handle, &cursor->dbc,
			 txn->mode == STORE_SCAN ? DB_READ_COMMITTED : 0);
	if (ret) {
		store_dbt_release(&cursor->value);
		free(cursor);
		return store_spoil(txn, e, ret, table->name);
	}
	cursor->next = txn->cursors;
	txn->cursors = cursor;
	*out = cursor;
	return 1;
}

static int fetch(struct store_cursor *cursor, uint32_t where)
{
	struct slice edge = cursor->backward ? cursor->below : cursor->from;
	DBC *dbc = cursor->dbc;
	DBT *key = &cursor->key;
	uint32_t flags = where | cursor->rmw;
	int ret;

	do {
		if (where == DB_SET_RANGE) {
			assert(edge.len > 0 && edge.len <= STORE_KEY_MAX);
			memcpy(cursor->key_bytes, edge.ptr, edge.len);
			key->size = (uint32_t)edge.len;
		}
		ret = cursor->secondary
			      ? dbc->pget(dbc, key, &cursor->primary, &cursor->value, flags)
			      : dbc->get(dbc, key, &cursor->value, flags);
	} while (store_dbt_grown(&cursor->value, ret));
	return ret;
}

static int start(struct store_cursor *cursor)
{
	struct slice edge = cursor->backward ? cursor->below : cursor->from;
	int ret;

	if (edge.len == 0)
		return fetch(cursor, cursor->backward ? DB_LAST : DB_FIRST);
	ret = fetch(cursor, DB_SET_RANGE);
	if (!cursor->backward)
		return ret;
	/* It stands on the first key that is too high, or behind the last of all. */
	if (ret == DB_NOTFOUND)
		return fetch(cursor, DB_LAST);
	return ret ? ret : fetch(cursor, DB_PREV);
}

static bool inside(const struct store_cursor *cursor, struct slice key)
{
	if (cursor->backward)
		return slice_cmp(key, cursor->from) >= 0;
	return cursor->below.len == 0 || slice_cmp(key, cursor->below) < 0;
}

int store_next(struct store_cursor *cursor, struct store_row *row, struct err *e)
{
	int ret;

	assert(cursor->txn->handle);
	if (store_usable(cursor->txn, e) < 0)
		return -1;
	if (cursor->ended)
		return 0;
	ret = cursor->started ? fetch(cursor, cursor->backward ? DB_PREV : DB_NEXT) : start(cursor);
	cursor->started = true;
	if (ret && ret != DB_NOTFOUND)
		return store_spoil(cursor->txn, e, ret, cursor->table->name);
	row->key = store_dbt_slice(&cursor->key);
	if (ret == DB_NOTFOUND || !inside(cursor, row->key)) {
		cursor->ended = true;
		return 0;
	}
	row->primary_key = cursor->secondary ? store_dbt_slice(&cursor->primary) : row->key;
	row->value = store_dbt_slice(&cursor->value);
	return 1;
}

int store_first(struct txn *txn, const struct store_table *table, int index,
		const struct store_range *range, struct store_row *row, struct err *e)
{
	struct store_cursor *cursor;
	int r = store_cursor_open(txn, table, index, range, &cursor, e);

	if (r < 0)
		return -1;
	r = store_next(cursor, row, e);
	if (r > 0) {
		row->key = arena_copy(txn->arena, row->key);
		row->primary_key = arena_copy(txn->arena, row->primary_key);
		row->value = arena_copy(txn->arena, row->value);
	}
	store_cursor_close(&cursor);
	return r;
}
