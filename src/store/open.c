/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "private.h"

#define LOG_FILE_BYTES (8u << 20)
#define LOG_BUFFER_BYTES (1u << 20)
/* Recovery writes, and Berkeley DB panics where it cannot: nothing is opened below this. */
#define OPEN_ROOM (16u << 20)

static const struct store_table *const own_tables[] = {&store_meta_table, &store_series_table,
						       &store_blob_table};
#define N_OWN (sizeof(own_tables) / sizeof(own_tables[0]))

const struct store_handle *store_handle_of(const struct store *store,
					   const struct store_table *table)
{
	for (size_t i = 0; i < store->n_handles; i++) {
		if (store->handles[i].table == table)
			return &store->handles[i];
	}
	die("a table that is not in the store's schema: %s", table->name);
}

static struct store *store_new(const char *dir, const struct store_schema *schema,
			       const struct store_options *options)
{
	struct store *store = mem_new(1, sizeof(*store));

	store->dir = mem_text(dir);
	store->schema = schema;
	if (options)
		store->options = *options;
	if (store->options.archive)
		store->options.archive = store->archive = mem_text(store->options.archive);
	if (store->options.cache_bytes == 0)
		store->options.cache_bytes = STORE_CACHE_DEFAULT;
	if (store->options.reserve_bytes == 0)
		store->options.reserve_bytes = STORE_RESERVE_DEFAULT;
	store->lock_fd = -1;
	assert(schema->n_tables <= STORE_TABLES_MAX);
	store->n_handles = N_OWN + schema->n_tables;
	store->handles = mem_new(store->n_handles, sizeof(*store->handles));
	for (size_t i = 0; i < store->n_handles; i++) {
		struct store_handle *handle = &store->handles[i];

		handle->table = i < N_OWN ? own_tables[i] : schema->tables[i - N_OWN];
		handle->indexes = mem_new(handle->table->n_indexes, sizeof(DB *));
		handle->walked = mem_new(handle->table->n_indexes, sizeof(DB *));
	}
	pthread_mutex_init(&store->mutex, NULL);
	pthread_mutex_init(&store->care, NULL);
	pthread_mutex_init(&store->backup, NULL);
	pthread_mutex_init(&store->vault.mutex, NULL);
	return store;
}

void store_release(struct store **store)
{
	struct store *s = *store;

	*store = NULL;
	assert(!s->running);
	for (size_t i = 0; i < s->n_handles; i++) {
		store_table_close(&s->handles[i]);
		free(s->handles[i].indexes);
		free(s->handles[i].walked);
	}
	while (s->idle) {
		struct txn *txn = s->idle;

		s->idle = txn->next;
		store_txn_free(txn);
	}
	store_vault_close(&s->vault);
	store_env_close(&s->env);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	pthread_mutex_destroy(&s->mutex);
	pthread_mutex_destroy(&s->care);
	pthread_mutex_destroy(&s->backup);
	pthread_mutex_destroy(&s->vault.mutex);
	free(s->handles);
	free(s->dir);
	free(s->archive);
	free(s);
}

static int open_environments(struct store *store, bool fatal, struct err *e)
{
	struct arena *a = arena_open();
	const struct env_plan plan = {.home = store_folder_main(a, store->dir),
				      .cache_bytes = store->options.cache_bytes,
				      .log_file_bytes = LOG_FILE_BYTES,
				      .log_buffer_bytes = LOG_BUFFER_BYTES,
				      .locks_for_many = true,
				      .fatal = fatal};
	int r = store_env_open(&plan, &store->env, e);

	if (r > 0)
		r = store_vault_open(&store->vault, store_folder_keys(a, store->dir), fatal, e);
	if (r > 0 && store->options.no_flush) {
		store->env->set_flags(store->env, DB_TXN_NOSYNC, 1);
		store->vault.env->set_flags(store->vault.env, DB_TXN_NOSYNC, 1);
	}
	arena_close(&a);
	return r;
}

int store_take_folder(const char *dir, const struct store_schema *schema,
		      const struct store_options *options, bool fatal, struct store **store,
		      struct err *e)
{
	if (store_schema_check(schema, e) < 0 ||
	    store_folder_prepare(dir, options && options->create, e) < 0)
		return -1;
	*store = store_new(dir, schema, options);
	uint64_t room = (*store)->options.reserve_bytes;
	if (store_lock_take(dir, &(*store)->lock_fd, e) < 0 ||
	    store_folder_room(dir, room < OPEN_ROOM ? room : OPEN_ROOM, e) < 0 ||
	    open_environments(*store, fatal, e) < 0) {
		store_release(store);
		return -1;
	}
	return 1;
}

static int check_version(struct store *store, uint64_t *version, struct err *e)
{
	if (store_meta_get(store, STORE_META_VERSION, version, e) < 0)
		return -1;
	if (*version <= store->schema->version)
		return 1;
	return err_set(e, ERR_CONFIG,
		       "the store in %s is of version %llu, this postclerk knows %u: install the "
		       "newer one",
		       store->dir, (unsigned long long)*version, store->schema->version);
}

int store_open_tables(struct store *store, uint64_t *version, struct err *e)
{
	uint64_t incarnation;

	for (size_t i = 0; i < store->n_handles; i++) {
		if (store_table_open(store, &store->handles[i], STORE_PRIMARY, e) < 0)
			return -1;
		/* Before anything else is touched. */
		if (i == 0 && check_version(store, version, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < store->n_handles; i++) {
		if (store_index_attach(store, &store->handles[i], e) < 0)
			return -1;
	}
	if (store_meta_get(store, STORE_META_INCARNATION, &incarnation, e) < 0)
		return -1;
	atomic_store(&store->incarnation, incarnation > 0 ? incarnation : 1);
	store->checkpoint_ms = clock_mono_ms();
	return store_vault_keys(&store->vault, e);
}

static int migrate(struct store *store, uint64_t version, struct err *e)
{
	const struct store_schema *schema = store->schema;

	if (version == schema->version)
		return 1;
	if (version > 0 && schema->migrate &&
	    schema->migrate(store, (uint32_t)version, schema->ctx, e) < 0)
		return -1;
	return store_meta_set(store, STORE_META_VERSION, schema->version, e);
}

int store_open(const char *dir, const struct store_schema *schema,
	       const struct store_options *options, struct store **store, struct err *e)
{
	uint64_t version;

	*store = NULL;
	if (store_take_folder(dir, schema, options, false, store, e) < 0)
		return -1;
	if (store_open_tables(*store, &version, e) < 0 || migrate(*store, version, e) < 0 ||
	    store_flush(*store, e) < 0 ||
	    (!(*store)->options.no_flush && store_folder_sync(dir, e) < 0)) {
		store_release(store);
		return -1;
	}
	store_env_armed((*store)->env);
	store_env_armed((*store)->vault.env);
	return 1;
}

void store_close(struct store **store)
{
	struct err e;

	if (!*store)
		return;
	if (store_flush(*store, &e) < 0 || store_checkpoint_now(*store, &e) < 0)
		log_event(LOG_LEVEL_ERROR, "store-close", LOG_STR("error", e.text));
	store_release(store);
}
