/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdio.h>

#include "private.h"

static int check_key(struct txn *txn, const struct store_table *table, struct slice key,
		     struct err *e)
{
	char text[128];

	if (store_usable(txn, e) < 0)
		return -1;
	if (key.len > 0 && key.len <= STORE_KEY_MAX)
		return 1;
	snprintf(text, sizeof(text), "%.64s: a key must have 1 to %d bytes", table->name,
		 STORE_KEY_MAX);
	return store_refuse(txn, e, ERR_INPUT, text);
}

static int get(struct txn *txn, const struct store_table *table, struct slice key, uint32_t flags,
	       struct slice *value, struct err *e)
{
	DB *db = store_handle_of(txn->store, table)->db;
	DBT k = store_dbt(key);
	int ret;

	if (check_key(txn, table, key, e) < 0)
		return -1;
	do {
		ret = db->get(db, txn->handle, &k, &txn->value, flags);
	} while (store_dbt_grown(&txn->value, ret));
	if (ret == DB_NOTFOUND)
		return 0;
	if (ret)
		return store_spoil(txn, e, ret, table->name);
	*value = arena_copy(txn->arena, store_dbt_slice(&txn->value));
	return 1;
}

int store_get(struct txn *txn, const struct store_table *table, struct slice key,
	      struct slice *value, struct err *e)
{
	return get(txn, table, key, 0, value, e);
}

int store_get_rmw(struct txn *txn, const struct store_table *table, struct slice key,
		  struct slice *value, struct err *e)
{
	return get(txn, table, key, DB_RMW, value, e);
}

/* A transaction of any size would run out of locks, and could not even abort. */
static int count_put(struct txn *txn, struct err *e)
{
	char text[96];

	assert(txn->mode == STORE_DURABLE || txn->mode == STORE_DEFERRED);
	if (++txn->puts <= STORE_PUTS_MAX)
		return 1;
	snprintf(text, sizeof(text), "a transaction may change at most %d records", STORE_PUTS_MAX);
	/* Trying again would not help: whoever asked for so much is told. */
	return store_refuse(txn, e, ERR_INPUT, text);
}

static int put(struct txn *txn, const struct store_table *table, struct slice key,
	       struct slice value, uint32_t flags, struct err *e)
{
	DB *db = store_handle_of(txn->store, table)->db;
	DBT k = store_dbt(key);
	DBT v = store_dbt(value);
	int ret;

	if (check_key(txn, table, key, e) < 0 || count_put(txn, e) < 0)
		return -1;
	if (value.len > STORE_VALUE_MAX)
		return store_refuse(txn, e, ERR_INPUT, "a record is too large");
	ret = db->put(db, txn->handle, &k, &v, flags);
	if (ret == DB_KEYEXIST)
		return 0;
	return ret ? store_spoil(txn, e, ret, table->name) : 1;
}

int store_put(struct txn *txn, const struct store_table *table, struct slice key,
	      struct slice value, struct err *e)
{
	return put(txn, table, key, value, 0, e);
}

int store_insert(struct txn *txn, const struct store_table *table, struct slice key,
		 struct slice value, struct err *e)
{
	return put(txn, table, key, value, DB_NOOVERWRITE, e);
}

int store_delete(struct txn *txn, const struct store_table *table, struct slice key, struct err *e)
{
	DB *db = store_handle_of(txn->store, table)->db;
	DBT k = store_dbt(key);
	int ret;

	if (check_key(txn, table, key, e) < 0 || count_put(txn, e) < 0)
		return -1;
	ret = db->del(db, txn->handle, &k, 0);
	if (ret == DB_NOTFOUND)
		return 0;
	return ret ? store_spoil(txn, e, ret, table->name) : 1;
}
