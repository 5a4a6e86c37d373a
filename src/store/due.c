/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "private.h"

static struct store_key due_key(int64_t at, uint64_t sequence)
{
	struct store_key key = {0};

	store_key_i64(&key, at);
	store_key_u64(&key, sequence);
	return key;
}

int store_due_put(struct txn *txn, const struct store_table *table, struct store_due *due,
		  struct err *e)
{
	char series[STORE_FILE_NAME_MAX];
	struct store_key key;

	snprintf(series, sizeof(series), STORE_OWN_SERIES "due/%s", table->name);
	if (store_series_next(txn, series, 1, &due->sequence, e) < 0)
		return -1;
	key = due_key(due->at, due->sequence);
	return store_put(txn, table, store_key_slice(&key), due->value, e);
}

static int earliest(struct txn *txn, const struct store_table *table, bool update,
		    struct store_due *due, struct err *e)
{
	const struct store_range range = {.update = update};
	struct store_row row;
	int r = store_first(txn, table, STORE_PRIMARY, &range, &row, e);

	if (r <= 0)
		return r;
	if (!store_key_take_i64(&row.key, &due->at) ||
	    !store_key_take_u64(&row.key, &due->sequence) || row.key.len > 0)
		return store_refuse(txn, e, ERR_TEMP, "a table of due things is damaged");
	due->value = row.value;
	return 1;
}

int store_due_peek(struct txn *txn, const struct store_table *table, struct store_due *due,
		   struct err *e)
{
	return earliest(txn, table, false, due, e);
}

int store_due_take(struct txn *txn, const struct store_table *table, int64_t now,
		   struct store_due *due, struct err *e)
{
	int r = earliest(txn, table, true, due, e);

	if (r <= 0)
		return r;
	if (due->at > now)
		return 0;
	return store_due_remove(txn, table, due->at, due->sequence, e);
}

int store_due_remove(struct txn *txn, const struct store_table *table, int64_t at,
		     uint64_t sequence, struct err *e)
{
	struct store_key key = due_key(at, sequence);

	return store_delete(txn, table, store_key_slice(&key), e);
}
