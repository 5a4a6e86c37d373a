/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "private.h"

#define WRITES_BETWEEN_ROOM_CHECKS 64
#define BACKOFF_DOUBLINGS 6
#define PRIORITY_FIRST 100

static bool may_write(enum store_mode mode)
{
	return mode == STORE_DURABLE || mode == STORE_DEFERRED;
}

static struct txn *txn_new(struct store *store)
{
	struct txn *txn = mem_new(1, sizeof(*txn));

	txn->store = store;
	store_dbt_init(&txn->value);
	txn->arena = arena_open();
	return txn;
}

void store_txn_free(struct txn *txn)
{
	arena_close(&txn->arena);
	store_dbt_release(&txn->value);
	free(txn);
}

/*
 * A transaction inside another of the same thread would wait for itself, and
 * no deadlock detector sees that: so it is a bug that ends the process.
 */
static struct txn *take(struct store *store, enum store_mode mode)
{
	pthread_t self = pthread_self();
	struct txn *txn;

	pthread_mutex_lock(&store->mutex);
	for (txn = store->running; txn; txn = txn->next) {
		if (pthread_equal(txn->thread, self))
			die("store_run inside store_run");
	}
	txn = store->idle;
	if (txn)
		store->idle = txn->next;
	else
		txn = txn_new(store);
	txn->mode = mode;
	txn->thread = self;
	txn->next = store->running;
	store->running = txn;
	pthread_mutex_unlock(&store->mutex);
	return txn;
}

static void give_back(struct txn *txn)
{
	struct store *store = txn->store;
	struct txn **link = &store->running;

	pthread_mutex_lock(&store->mutex);
	assert(!txn->handle && !txn->cursors);
	while (*link != txn) {
		link = &(*link)->next;
		assert(*link);
	}
	*link = txn->next;
	txn->next = store->idle;
	store->idle = txn;
	pthread_mutex_unlock(&store->mutex);
}

/* Free space is asked for now and then: the log must never meet a full disk. */
static int check_room(struct store *store, struct err *e)
{
	if (atomic_fetch_add(&store->writes, 1) % WRITES_BETWEEN_ROOM_CHECKS)
		return 1;
	if (store_folder_room(store->dir, store->options.reserve_bytes, e) > 0)
		return 1;
	atomic_store(&store->writes, 0);
	return -1;
}

static int begin(struct txn *txn, unsigned try, struct err *e)
{
	DB_ENV *env = txn->store->env;
	uint32_t flags = txn->mode == STORE_SCAN ? DB_READ_COMMITTED : 0;
	int ret;

	arena_clear(txn->arena);
	txn->puts = 0;
	txn->spoiled = (struct err){0};
	if (may_write(txn->mode) && check_room(txn->store, e) < 0)
		return -1;
	ret = env->txn_begin(env, NULL, &txn->handle, flags);
	if (ret) {
		txn->handle = NULL;
		return store_error(e, ret, "begin");
	}
	/* Who lost before wins against the young: everybody gets through. */
	txn->handle->set_priority(txn->handle, PRIORITY_FIRST * (try + 1));
	return 1;
}

static int commit(struct txn *txn, struct err *e)
{
	bool flush = txn->mode == STORE_DURABLE && !txn->store->options.no_flush;
	int ret = txn->handle->commit(txn->handle, flush ? DB_TXN_SYNC : DB_TXN_NOSYNC);

	/* Whatever it returned, the handle is gone. */
	txn->handle = NULL;
	if (ret)
		return store_error(e, ret, "commit");
	atomic_fetch_add(&txn->store->commits, 1);
	return 1;
}

static int run_once(struct txn *txn, unsigned try, store_fn *fn, void *ctx, struct err *e)
{
	int r;

	if (begin(txn, try, e) < 0)
		return -1;
	r = fn(txn, ctx, e);
	store_cursors_end(txn);
	if (txn->spoiled.class != ERR_NONE) {
		if (r >= 0 || e->class == ERR_NONE || txn->spoiled.class == ERR_CONFLICT)
			*e = txn->spoiled;
		r = -1;
	}
	assert(r >= 0 || e->class != ERR_NONE);
	if (r >= 0)
		return commit(txn, e) > 0 ? r : -1;
	txn->handle->abort(txn->handle);
	txn->handle = NULL;
	atomic_fetch_add(&txn->store->aborts, 1);
	return -1;
}

static void back_off(unsigned try, unsigned *seed)
{
	unsigned doublings = BACKOFF_DOUBLINGS;
	if (try < doublings)
		doublings = try;
	long us = rand_r(seed) % (500L << doublings);
	struct timespec wait = {0, us * 1000};

	nanosleep(&wait, NULL);
}

int store_run(struct store *store, enum store_mode mode, store_fn *fn, void *ctx, struct err *e)
{
	struct err own = {0};
	struct txn *txn = take(store, mode);
	unsigned seed = (unsigned)(uintptr_t)txn ^ (unsigned)clock_mono_ms();
	int r = -1;

	e = e ? e : &own;
	for (unsigned try = 0; try < STORE_TRIES; try++) {
		if (try > 0) {
			atomic_fetch_add(&store->retries, 1);
			back_off(try, &seed);
		}
		*e = (struct err){0};
		r = run_once(txn, try, fn, ctx, e);
		if (r >= 0 || e->class != ERR_CONFLICT)
			break;
	}
	if (r < 0 && e->class == ERR_CONFLICT) {
		e->class = ERR_TEMP;
		err_prefix(e, "the store is busy, gave up after %d tries", STORE_TRIES);
	}
	arena_clear(txn->arena);
	give_back(txn);
	return r;
}

struct arena *txn_arena(struct txn *txn)
{
	return txn->arena;
}

struct store *txn_store(struct txn *txn)
{
	return txn->store;
}

int store_spoil(struct txn *txn, struct err *e, int ret, const char *what)
{
	struct err mine = {0};

	assert(ret != 0);
	store_error(&mine, ret, what);
	return store_refuse(txn, e, mine.class, mine.text);
}

int store_refuse(struct txn *txn, struct err *e, enum err_class class, const char *text)
{
	if (txn->spoiled.class == ERR_NONE)
		err_set(&txn->spoiled, class, "%s", text);
	return err_set(e, class, "%s", text);
}

int store_usable(struct txn *txn, struct err *e)
{
	if (txn->spoiled.class == ERR_NONE)
		return 1;
	return err_set(e, txn->spoiled.class, "%s", txn->spoiled.text);
}
