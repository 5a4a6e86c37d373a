/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "private.h"

/* The record of a series is the number it hands out next. */

static int read_next(struct txn *txn, struct slice value, uint64_t *n, struct err *e)
{
	if (store_key_take_u64(&value, n) && value.len == 0)
		return 1;
	return store_refuse(txn, e, ERR_TEMP, "a number series is damaged");
}

static int write_next(struct txn *txn, struct slice name, uint64_t n, struct err *e)
{
	struct store_key value = {0};

	store_key_u64(&value, n);
	return store_put(txn, &store_series_table, name, store_key_slice(&value), e);
}

int store_series_next(struct txn *txn, const char *name, uint64_t first, uint64_t *n, struct err *e)
{
	struct slice value;
	int r;

	assert(name[0] != '\0');
	r = store_get_rmw(txn, &store_series_table, slice_str(name), &value, e);

	if (r == 0)
		*n = first;
	else if (r < 0 || read_next(txn, value, n, e) < 0)
		return -1;
	if (*n == UINT64_MAX)
		return store_refuse(txn, e, ERR_TEMP, "a number series is used up");
	return write_next(txn, slice_str(name), *n + 1, e);
}

int store_series_raise(struct txn *txn, const char *name, uint64_t next, struct err *e)
{
	struct slice value;
	uint64_t now = 0;
	int r = store_get_rmw(txn, &store_series_table, slice_str(name), &value, e);

	if (r < 0 || (r > 0 && read_next(txn, value, &now, e) < 0))
		return -1;
	return now >= next ? 1 : write_next(txn, slice_str(name), next, e);
}

uint64_t store_incarnation(const struct store *store)
{
	return atomic_load(&store->incarnation);
}

struct move {
	uint64_t skip, incarnation;
	store_gap_fn *gap;
	void *ctx;
};

static int move_one(struct txn *txn, const struct move *move, const struct store_row *row,
		    struct err *e)
{
	const char *name = arena_str(txn->arena, row->key);
	uint64_t from;

	if (read_next(txn, row->value, &from, e) < 0)
		return -1;
	if (from > UINT64_MAX - move->skip)
		return store_refuse(txn, e, ERR_INPUT, "a number series would overflow");
	if (write_next(txn, slice_str(name), from + move->skip, e) < 0)
		return -1;
	if (slice_starts(row->key, SLICE(STORE_OWN_SERIES)))
		return 1;
	if (move->gap && move->skip > 0)
		return move->gap(txn, move->ctx, name, from, from + move->skip - 1, e);
	return 1;
}

static int move_all(struct txn *txn, void *ctx, struct err *e)
{
	const struct move *move = ctx;
	struct store_cursor *cursor;
	struct store_row row;
	int r = store_cursor_open(txn, &store_series_table, STORE_PRIMARY, &(struct store_range){0},
				  &cursor, e);

	while (r > 0 && (r = store_next(cursor, &row, e)) > 0) {
		if (move_one(txn, move, &row, e) < 0)
			r = -1;
	}
	return r < 0 ? -1 : store_meta_put(txn, STORE_META_INCARNATION, move->incarnation, e);
}

int store_new_incarnation(struct store *store, uint64_t skip, store_gap_fn *gap, void *ctx,
			  struct err *e)
{
	struct move move = {skip, store_incarnation(store) + 1, gap, ctx};
	int r = store_run(store, STORE_DURABLE, move_all, &move, e);

	if (r < 0)
		return -1;
	atomic_store(&store->incarnation, move.incarnation);
	return 1;
}
