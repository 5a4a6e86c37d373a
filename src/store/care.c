/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "private.h"

int store_flush(struct store *store, struct err *e)
{
	int ret;

	if (store->options.no_flush)
		return 1;
	ret = store->env->log_flush(store->env, NULL);
	return ret ? store_error(e, ret, "flush") : 1;
}

/* Waits for its turn behind a backup of the keys, which is short. */
static int wipe(struct store *store, struct err *e)
{
	if (store->copied == store->vault.env)
		return 0;
	return store_vault_wipe(&store->vault, e);
}

/* The caller holds store->care. */
static int checkpoint(struct store *store, uint32_t force, struct err *e)
{
	DB_ENV *env = store->env;
	int ret = env->txn_checkpoint(env, 0, 0, force);

	if (ret)
		return store_error(e, ret, "checkpoint");
	if (store->copied != env && store_retire_logs(env, store->options.archive, e) < 0)
		return -1;
	store->checkpoint_ms = clock_mono_ms();
	atomic_fetch_add(&store->checkpoints, 1);
	return wipe(store, e);
}

int store_checkpoint_now(struct store *store, struct err *e)
{
	int r;

	pthread_mutex_lock(&store->care);
	/* One that ran beside much work let go of few logs, and a quiet store makes no other. */
	r = checkpoint(store, DB_FORCE, e);
	pthread_mutex_unlock(&store->care);
	return r < 0 ? -1 : 1;
}

/* 1 when so much was written that recovery would take long. */
static int much_written(struct store *store, struct err *e)
{
	DB_LOG_STAT *stat;
	int ret = store->env->log_stat(store->env, &stat, 0);
	uint64_t bytes;

	if (ret)
		return store_error(e, ret, "log");
	bytes = ((uint64_t)stat->st_wc_mbytes << 20) + stat->st_wc_bytes;
	free(stat);
	return bytes >= (uint64_t)STORE_CHECKPOINT_KIB << 10;
}

int store_checkpoint(struct store *store, struct err *e)
{
	int r = 1;

	pthread_mutex_lock(&store->care);
	if (clock_mono_ms() - store->checkpoint_ms < STORE_CHECKPOINT_MS)
		r = much_written(store, e);
	if (r > 0)
		r = checkpoint(store, 0, e) < 0 ? -1 : 1;
	else if (r == 0 && store_vault_unwiped(&store->vault))
		r = wipe(store, e);
	pthread_mutex_unlock(&store->care);
	return r;
}

void store_stats(struct store *store, struct store_stats *stats)
{
	*stats = (struct store_stats){.commits = atomic_load(&store->commits),
				      .aborts = atomic_load(&store->aborts),
				      .retries = atomic_load(&store->retries),
				      .checkpoints = atomic_load(&store->checkpoints)};
}

/* ---- backup ---- */

static void set_copied(struct store *store, DB_ENV *env)
{
	pthread_mutex_lock(&store->care);
	assert(!env || !store->copied);
	store->copied = env;
	pthread_mutex_unlock(&store->care);
}

/* Checkpoints go on meanwhile, or a long copy would make a long recovery. */
static int copy_environment(struct store *store, DB_ENV *env, const char *to, struct err *e)
{
	int ret;

	set_copied(store, env);
	ret = mkdir(to, 0700) ? errno : env->backup(env, to, DB_EXCL);
	set_copied(store, NULL);
	return ret ? store_error(e, ret, to) : 1;
}

/* Records before keys: each record that was copied has its key in the copy. */
static int copy(struct store *store, const char *to, struct err *e)
{
	struct arena *a = arena_open();
	int r;

	pthread_mutex_lock(&store->backup);
	r = copy_environment(store, store->env, store_folder_main(a, to), e);
	if (r > 0)
		r = copy_environment(store, store->vault.env, store_folder_keys(a, to), e);
	pthread_mutex_unlock(&store->backup);
	arena_close(&a);
	return r;
}

struct first_finding {
	char text[ERR_TEXT_MAX / 2];
};

static void keep_first(void *ctx, const char *finding)
{
	struct first_finding *first = ctx;

	if (first->text[0] == '\0')
		snprintf(first->text, sizeof(first->text), "%s", finding);
}

static int prove(struct store *store, const char *to, struct err *e)
{
	struct first_finding first = {{0}};
	int fd, r = store_verify_folder(to, store->schema, true, keep_first, &first, e);

	if (r < 0)
		return err_prefix(e, "the backup does not open");
	if (r == 0)
		return err_set(e, ERR_TEMP, "the backup is not sound: %s", first.text);
	if (store->options.no_flush)
		return 1;
	fd = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return store_error(e, errno, to);
	r = syncfs(fd) ? store_error(e, errno, to) : 1;
	close(fd);
	return r;
}

int store_backup(struct store *store, const char *dir, struct err *e)
{
	struct arena *a = arena_open();
	const char *part = arena_printf(a, "%s.part", dir);
	struct stat st;
	int r = 1;

	if (stat(dir, &st) == 0)
		r = store_error(e, EEXIST, dir);
	else if (mkdir(part, 0700))
		r = store_error(e, errno, part);
	if (r > 0)
		r = copy(store, part, e);
	if (r > 0)
		r = prove(store, part, e);
	if (r > 0 && rename(part, dir))
		r = store_error(e, errno, dir);
	if (r > 0 && !store->options.no_flush)
		r = store_folder_sync(dir, e);
	arena_close(&a);
	return r;
}
