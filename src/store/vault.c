/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "private.h"

/*
 * The keys are a queue of fixed length: record n is always at the same place
 * of the same page, so that overwriting it with zeros leaves no copy behind
 * (a B-tree would leave some in the gaps of split pages).  Small log files
 * make wiping cheap: filling one up is all it takes to let go of the last.
 */
#define PAGE_BYTES 4096
#define CACHE_BYTES (4u << 20)
#define LOG_FILE_BYTES (256u << 10)
#define LOG_BUFFER_BYTES (32u << 10)
#define FILLER_BYTES 1500

int store_vault_keys(struct vault *vault, struct err *e)
{
	int ret = db_create(&vault->keys, vault->env, 0);
	DB *db = vault->keys;

	if (ret)
		return store_error(e, ret, STORE_VAULT_FILE);
	if (!(ret = db->set_flags(db, DB_CHKSUM)) && !(ret = db->set_pagesize(db, PAGE_BYTES)) &&
	    !(ret = db->set_re_len(db, SEAL_KEY_SIZE)) && !(ret = db->set_re_pad(db, 0)))
		ret = db->open(db, NULL, STORE_VAULT_FILE, NULL, DB_QUEUE,
			       DB_CREATE | DB_THREAD | DB_AUTO_COMMIT, 0600);
	return ret ? store_error(e, ret, STORE_VAULT_FILE) : 1;
}

int store_vault_open(struct vault *vault, const char *home, bool fatal, struct err *e)
{
	const struct env_plan plan = {.home = home,
				      .cache_bytes = CACHE_BYTES,
				      .log_file_bytes = LOG_FILE_BYTES,
				      .log_buffer_bytes = LOG_BUFFER_BYTES,
				      .fatal = fatal};

	/* A crash may have come between the end of a key and its wiping. */
	vault->unwiped = true;
	return store_env_open(&plan, &vault->env, e);
}

void store_vault_close(struct vault *vault)
{
	if (vault->keys)
		vault->keys->close(vault->keys, 0);
	vault->keys = NULL;
	store_env_close(&vault->env);
}

/* Ends a transaction of this environment. */
static int finish(DB_TXN *txn, int ret, uint32_t flags, struct err *e)
{
	if (!ret)
		ret = txn->commit(txn, flags);
	else
		txn->abort(txn);
	return ret ? store_error(e, ret, "keys") : 1;
}

static int refill(struct vault *vault, uint32_t flags, struct err *e)
{
	DB *db = vault->keys;
	DB_TXN *txn;
	int ret = vault->env->txn_begin(vault->env, NULL, &txn, 0);

	if (ret)
		return store_error(e, ret, "keys");
	for (size_t i = 0; i < VAULT_POOL && !ret; i++) {
		uint8_t secret[SEAL_KEY_SIZE];
		db_recno_t number = 0;
		DBT key = {.data = &number, .ulen = sizeof(number), .flags = DB_DBT_USERMEM};
		DBT value = store_dbt(slice_of(secret, sizeof(secret)));

		crypto_random(secret, sizeof(secret));
		ret = db->put(db, txn, &key, &value, DB_APPEND);
		/* Handed out from the end: the lowest number first. */
		vault->pool[VAULT_POOL - 1 - i] = number;
		explicit_bzero(secret, sizeof(secret));
	}
	if (finish(txn, ret, flags, e) < 0)
		return -1;
	vault->n_pool = VAULT_POOL;
	return 1;
}

static uint32_t flush_flag(const struct store *store)
{
	return store->options.no_flush ? DB_TXN_NOSYNC : DB_TXN_SYNC;
}

int store_secret_new(struct store *store, uint32_t *number, struct err *e)
{
	struct vault *vault = &store->vault;
	int r = 1;

	pthread_mutex_lock(&vault->mutex);
	if (vault->n_pool == 0)
		r = refill(vault, flush_flag(store), e);
	assert(r < 0 || (vault->n_pool > 0 && vault->n_pool <= VAULT_POOL));
	if (r > 0)
		*number = vault->pool[--vault->n_pool];
	assert(r < 0 || *number > 0);
	pthread_mutex_unlock(&vault->mutex);
	return r;
}

static bool destroyed(const uint8_t secret[SEAL_KEY_SIZE])
{
	uint8_t any = 0;

	for (size_t i = 0; i < SEAL_KEY_SIZE; i++)
		any |= secret[i];
	return any == 0;
}

static int load(struct vault *vault, DB_TXN *txn, uint32_t number, uint8_t secret[SEAL_KEY_SIZE],
		struct err *e)
{
	db_recno_t recno = number;
	DBT key = store_dbt(slice_of(&recno, sizeof(recno)));
	DBT value = store_dbt(slice_of(secret, SEAL_KEY_SIZE));
	int ret;

	if (number == 0)
		return 0;
	ret = vault->keys->get(vault->keys, txn, &key, &value, 0);
	if (ret == DB_NOTFOUND || ret == DB_KEYEMPTY)
		return 0;
	if (ret)
		return store_error(e, ret, "keys");
	assert(value.size == SEAL_KEY_SIZE);
	return destroyed(secret) ? 0 : 1;
}

int store_secret_seal(struct store *store, struct arena *a, uint32_t number, struct slice context,
		      struct slice plain, struct slice *sealed, struct err *e)
{
	uint8_t secret[SEAL_KEY_SIZE];
	struct buf out;
	int r = load(&store->vault, NULL, number, secret, e);

	if (r < 0)
		return -1;
	if (r == 0)
		return err_set(e, ERR_TEMP, "there is no key %u to seal with", number);
	buf_init(&out, plain.len + SEAL_OVERHEAD);
	crypto_seal(secret, context, plain, &out);
	explicit_bzero(secret, sizeof(secret));
	assert(!buf_failed(&out));
	*sealed = arena_copy(a, buf_slice(&out));
	buf_release(&out);
	return 1;
}

int store_secret_open(struct store *store, struct arena *a, uint32_t number, struct slice context,
		      struct slice sealed, struct slice *plain, struct err *e)
{
	uint8_t secret[SEAL_KEY_SIZE];
	struct buf out;
	int r = load(&store->vault, NULL, number, secret, e);

	if (r <= 0)
		return r;
	buf_init(&out, sealed.len);
	r = crypto_unseal(secret, context, sealed, &out, e);
	explicit_bzero(secret, sizeof(secret));
	if (r > 0)
		*plain = arena_copy(a, buf_slice(&out));
	buf_release(&out);
	return r;
}

static int destroy(struct vault *vault, uint32_t number, uint32_t flags, struct err *e)
{
	static const uint8_t zeros[SEAL_KEY_SIZE];
	uint8_t secret[SEAL_KEY_SIZE];
	db_recno_t recno = number;
	DBT key = store_dbt(slice_of(&recno, sizeof(recno)));
	DBT value = store_dbt(slice_of(zeros, sizeof(zeros)));
	DB_TXN *txn;
	int ret = vault->env->txn_begin(vault->env, NULL, &txn, 0);
	int r;

	if (ret)
		return store_error(e, ret, "keys");
	r = load(vault, txn, number, secret, e);
	explicit_bzero(secret, sizeof(secret));
	if (r <= 0) {
		txn->abort(txn);
		return r;
	}
	ret = vault->keys->put(vault->keys, txn, &key, &value, 0);
	return finish(txn, ret, flags, e);
}

int store_secret_erase(struct store *store, uint32_t number, struct err *e)
{
	struct vault *vault = &store->vault;
	int r;

	pthread_mutex_lock(&vault->mutex);
	r = destroy(vault, number, flush_flag(store), e);
	if (r > 0)
		vault->unwiped = true;
	pthread_mutex_unlock(&vault->mutex);
	return r;
}

static int log_file(DB_ENV *env, uint32_t *file)
{
	DB_LOG_STAT *stat;
	int ret = env->log_stat(env, &stat, 0);

	if (ret)
		return ret;
	*file = stat->st_cur_file;
	free(stat);
	return 0;
}

/* Log records that mean nothing, until the log goes on in another file. */
static int turn_log(DB_ENV *env)
{
	char filler[FILLER_BYTES];
	uint32_t first = 0, now;
	int ret = log_file(env, &first);

	memset(filler, '.', sizeof(filler));
	now = first;
	while (!ret && now == first) {
		ret = env->log_printf(env, NULL, "%.*s", (int)sizeof(filler), filler);
		if (!ret)
			ret = log_file(env, &now);
	}
	return ret;
}

int store_vault_wipe(struct vault *vault, struct err *e)
{
	DB_ENV *env = vault->env;
	int ret = 0;

	pthread_mutex_lock(&vault->mutex);
	if (vault->unwiped)
		ret = turn_log(env);
	if (!ret)
		ret = env->txn_checkpoint(env, 0, 0, vault->unwiped ? DB_FORCE : 0);
	if (!ret)
		ret = env->log_archive(env, NULL, DB_ARCH_REMOVE);
	if (!ret)
		vault->unwiped = false;
	pthread_mutex_unlock(&vault->mutex);
	return ret ? store_error(e, ret, "checkpoint of the keys") : 1;
}

bool store_vault_unwiped(struct vault *vault)
{
	bool unwiped;

	pthread_mutex_lock(&vault->mutex);
	unwiped = vault->unwiped;
	pthread_mutex_unlock(&vault->mutex);
	return unwiped;
}
