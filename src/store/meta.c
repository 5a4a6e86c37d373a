/* SPDX-License-Identifier: ISC */
#include "private.h"

struct meta {
	const char *name;
	uint64_t n;
};

static int get(struct txn *txn, void *ctx, struct err *e)
{
	struct meta *meta = ctx;
	struct slice value;
	int r = store_get(txn, &store_meta_table, slice_str(meta->name), &value, e);

	meta->n = 0;
	if (r > 0 && (!store_key_take_u64(&value, &meta->n) || value.len > 0))
		return store_refuse(txn, e, ERR_TEMP, "the store's own numbers are damaged");
	return r;
}

int store_meta_get(struct store *store, const char *name, uint64_t *n, struct err *e)
{
	struct meta meta = {.name = name};
	int r = store_run(store, STORE_READ, get, &meta, e);

	*n = meta.n;
	return r;
}

int store_meta_put(struct txn *txn, const char *name, uint64_t n, struct err *e)
{
	struct store_key value = {0};

	store_key_u64(&value, n);
	return store_put(txn, &store_meta_table, slice_str(name), store_key_slice(&value), e);
}

static int set(struct txn *txn, void *ctx, struct err *e)
{
	const struct meta *meta = ctx;

	return store_meta_put(txn, meta->name, meta->n, e);
}

int store_meta_set(struct store *store, const char *name, uint64_t n, struct err *e)
{
	struct meta meta = {name, n};

	return store_run(store, STORE_DEFERRED, set, &meta, e);
}
