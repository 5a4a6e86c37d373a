/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_STORE_PRIVATE_H
#define POSTCLERK_STORE_PRIVATE_H

#include <db.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "store.h"

/* What the files of the store share.  Berkeley DB's types stop here. */

/* A table and its indexes, opened. */
struct store_handle {
	const struct store_table *table;
	DB *db;
	DB **indexes;
	DB **walked; /* the same files, as what they are: keys and primary keys */
};

/* The keys of everything erasable: an environment of their own (vault.c). */
#define VAULT_POOL 64

struct vault {
	DB_ENV *env;
	DB *keys;
	pthread_mutex_t mutex; /* the pool, and whoever writes to this environment */
	uint32_t pool[VAULT_POOL];
	size_t n_pool;
	bool unwiped; /* a destroyed key is still in the log */
};

struct store {
	char *dir, *archive;
	const struct store_schema *schema;
	struct store_options options;
	int lock_fd;
	DB_ENV *env;
	struct store_handle *handles;
	size_t n_handles;
	struct vault vault;
	pthread_mutex_t mutex; /* running, idle */
	struct txn *running, *idle;
	pthread_mutex_t care;	/* checkpoints take turns; copied */
	DB_ENV *copied;		/* by a backup: its logs must stay */
	pthread_mutex_t backup; /* backups take turns */
	int64_t checkpoint_ms;
	atomic_uint_fast64_t incarnation, writes, commits, aborts, retries, checkpoints;
};

struct txn {
	struct store *store;
	struct arena *arena;
	DB_TXN *handle;
	enum store_mode mode;
	pthread_t thread;
	unsigned puts;
	struct err spoiled; /* the first failure; class ERR_NONE is none */
	struct store_cursor *cursors;
	DBT value; /* what Berkeley DB fills in, growing as needed */
	struct txn *next;
};

/* ---- error.c: one function sorts all codes of Berkeley DB ---- */

/* Our own code among them: an index's keys() refused the record. */
#define STORE_BAD_RECORD (-29001)
/* Sets *e and returns -1; ret is a Berkeley DB code or an errno, never 0. */
int store_error(struct err *e, int ret, const char *what);

/* ---- env.c ---- */

struct env_plan {
	const char *home;
	size_t cache_bytes;
	uint32_t log_file_bytes, log_buffer_bytes;
	bool locks_for_many; /* transactions of STORE_PUTS_MAX records */
	bool fatal;	     /* catastrophic recovery: of a hot backup */
};

int store_env_open(const struct env_plan *plan, DB_ENV **env, struct err *e);
/* From here on the loss of this environment ends the process. */
void store_env_armed(DB_ENV *env);
void store_env_close(DB_ENV **env);

/* ---- folder.c ---- */

/* The parts of a store's folder, in arena memory. */
char *store_folder_main(struct arena *a, const char *dir);
char *store_folder_keys(struct arena *a, const char *dir);
/* Makes the folders when create is set; CONFIG when there is no store. */
int store_folder_prepare(const char *dir, bool create, struct err *e);
/* One folder, and all folders of a store with the one that it stands in. */
int store_folder_flush(const char *path, struct err *e);
int store_folder_sync(const char *dir, struct err *e);
int store_lock_take(const char *dir, int *fd, struct err *e);
/* TEMP when less than reserve bytes are free. */
int store_folder_room(const char *dir, uint64_t reserve, struct err *e);

/* ---- open.c ---- */

/* The folder's lock and recovered environments; no table is open yet. */
int store_take_folder(const char *dir, const struct store_schema *schema,
		      const struct store_options *options, bool fatal, struct store **store,
		      struct err *e);
/* All tables and indexes; *version is that of the schema on the disk, 0 in a new store. */
int store_open_tables(struct store *store, uint64_t *version, struct err *e);
/* Closes everything that is open, and nothing more. */
void store_release(struct store **store);
const struct store_handle *store_handle_of(const struct store *store,
					   const struct store_table *table);

/* ---- table.c ---- */

/* Tables of the store's own. */
extern const struct store_table store_meta_table, store_series_table, store_blob_table;

#define STORE_FILE_NAME_MAX 160
/* The file of a table, or of one of its indexes. */
void store_table_file(const struct store_table *table, int index, char name[STORE_FILE_NAME_MAX]);
int store_table_open(struct store *store, struct store_handle *handle, int index, struct err *e);
/* The second handle of an index, which store_walk reads. */
int store_table_open_walked(struct store *store, struct store_handle *handle, int index,
			    struct err *e);
int store_table_remove(struct store *store, const struct store_table *table, int index,
		       struct err *e);
void store_table_close(struct store_handle *handle);
/* CONFIG when a name is not what store.h says, or stands twice. */
int store_schema_check(const struct store_schema *schema, struct err *e);

/* ---- meta.c ---- */

/* Numbers the store keeps of itself; 0 when never set. */
int store_meta_get(struct store *store, const char *name, uint64_t *n, struct err *e);
int store_meta_set(struct store *store, const char *name, uint64_t n, struct err *e);
int store_meta_put(struct txn *txn, const char *name, uint64_t n, struct err *e);

#define STORE_META_VERSION "version"
#define STORE_META_INCARNATION "incarnation"

/* ---- series.c ---- */

/* Series of the store's own begin so: nobody is told of gaps in them. */
#define STORE_OWN_SERIES "store-"

/* ---- index.c ---- */

struct store_span {
	uint32_t start, len;
};

struct store_keys {
	struct buf bytes;
	struct store_span *spans; /* the keys, in bytes */
	size_t n, room;
	bool refused;
};

/* Sorted and without repetition; -1 when the index refuses the record. */
int store_keys_of(const struct store_index *index, struct slice primary_key, struct slice value,
		  struct store_keys *keys);
struct slice store_keys_at(const struct store_keys *keys, size_t i);
void store_keys_release(struct store_keys *keys);
/* The callback that DB->associate wants; the index is the handle's app_private. */
int store_index_callback(DB *secondary, const DBT *key, const DBT *value, DBT *result);
/* Builds what the store does not have yet, then binds all indexes to their tables. */
int store_index_attach(struct store *store, struct store_handle *handle, struct err *e);

/* ---- txn.c ---- */

/* Marks the transaction as spoiled, sets *e, returns -1. */
int store_spoil(struct txn *txn, struct err *e, int ret, const char *what);
int store_refuse(struct txn *txn, struct err *e, enum err_class class, const char *text);
/* -1 and the first failure when the transaction is spoiled already. */
int store_usable(struct txn *txn, struct err *e);
void store_txn_free(struct txn *txn);

static inline DBT store_dbt(struct slice s)
{
	return (DBT){.data = (void *)(uintptr_t)s.ptr,
		     .size = (uint32_t)s.len,
		     .ulen = (uint32_t)s.len,
		     .flags = DB_DBT_USERMEM};
}

static inline struct slice store_dbt_slice(const DBT *dbt)
{
	return slice_of(dbt->data, dbt->size);
}

/* ---- dbt.c ---- */

/* Memory for Berkeley DB to fill in. */
void store_dbt_init(DBT *dbt);
/* True when ret was "too small" and there is more room now: call again. */
bool store_dbt_grown(DBT *dbt, int ret);
void store_dbt_release(DBT *dbt);

/* ---- vault.c ---- */

#define STORE_VAULT_FILE "keys.db"
int store_vault_open(struct vault *vault, const char *home, bool fatal, struct err *e);
int store_vault_keys(struct vault *vault, struct err *e);
void store_vault_close(struct vault *vault);
/* Checkpoint, and no trace of destroyed keys in the logs that stay. */
int store_vault_wipe(struct vault *vault, struct err *e);
bool store_vault_unwiped(struct vault *vault);

/* ---- care.c, verify.c ---- */

int store_checkpoint_now(struct store *store, struct err *e);
/* copied: fresh from a backup, to be recovered from the first log on. */
int store_verify_folder(const char *dir, const struct store_schema *schema, bool copied,
			store_report_fn *report, void *ctx, struct err *e);

/* ---- heal.c ---- */

/* Logs that recovery does not need go to the archive, or away if that is null. */
int store_retire_logs(DB_ENV *env, const char *archive, struct err *e);

/* ---- cursor.c ---- */

void store_cursors_end(struct txn *txn);
/* The least key behind all that start with prefix; empty when there is none. */
struct slice store_behind(struct arena *a, struct slice prefix);

#endif
