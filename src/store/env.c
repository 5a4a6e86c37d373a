/* SPDX-License-Identifier: ISC */
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "io.h"
#include "private.h"

#define LOCK_TIMEOUT_US 10000000
#define LOCKS_MAX 200000
#define LOCKERS_MAX 4000
#define TRANSACTIONS_MAX 1000

static void on_message(const DB_ENV *env, const char *prefix, const char *message)
{
	(void)env, (void)prefix;
	log_event(LOG_LEVEL_ERROR, "store-library", LOG_STR("message", message));
}

/*
 * Nothing in memory can be trusted any more, and every later call would fail:
 * the supervisor starts us again and the next open recovers.  _exit, since
 * exit handlers might come back to the store.
 */
static void on_event(DB_ENV *env, uint32_t event, void *info)
{
	(void)env;
	if (event != DB_EVENT_PANIC)
		return;
	log_event(LOG_LEVEL_ERROR, "store-lost", LOG_STR("error", db_strerror(*(int *)info)));
	_exit(EX_TEMPFAIL);
}

static int configure(DB_ENV *env, const struct env_plan *plan)
{
	const uint32_t giga = 1u << 30;
	uint32_t locks = plan->locks_for_many ? LOCKS_MAX : LOCKERS_MAX;
	int ret;

	if ((ret = env->set_cachesize(env, (uint32_t)(plan->cache_bytes / giga),
				      (uint32_t)(plan->cache_bytes % giga), 1)) ||
	    (ret = env->set_lg_bsize(env, plan->log_buffer_bytes)) ||
	    (ret = env->set_lg_max(env, plan->log_file_bytes)) ||
	    (ret = env->set_lk_detect(env, DB_LOCK_DEFAULT)) ||
	    (ret = env->set_lk_max_locks(env, locks)) ||
	    (ret = env->set_lk_max_objects(env, locks)) ||
	    (ret = env->set_lk_max_lockers(env, LOCKERS_MAX)) ||
	    (ret = env->set_tx_max(env, TRANSACTIONS_MAX)))
		return ret;
	/* A thread that waits for itself is no cycle to the detector: only time ends that. */
	return env->set_timeout(env, LOCK_TIMEOUT_US, DB_SET_LOCK_TIMEOUT);
}

int store_env_open(const struct env_plan *plan, DB_ENV **env, struct err *e)
{
	/*
	 * Private memory: only one process ever opens it, nothing of the cache
	 * lies in files, and a killed process leaves no region behind.
	 */
	const uint32_t flags = DB_CREATE | DB_PRIVATE | DB_THREAD | DB_INIT_MPOOL | DB_INIT_LOCK |
			       DB_INIT_LOG | DB_INIT_TXN;
	int ret;

	store_io_init();
	ret = db_env_create(env, 0);
	if (ret)
		return store_error(e, ret, "store");
	(*env)->set_errcall(*env, on_message);
	ret = configure(*env, plan);
	if (!ret)
		ret = (*env)->open(*env, plan->home,
				   flags | (plan->fatal ? DB_RECOVER_FATAL : DB_RECOVER), 0600);
	if (ret) {
		store_env_close(env);
		return store_error(e, ret, plan->home);
	}
	return 1;
}

void store_env_armed(DB_ENV *env)
{
	env->set_event_notify(env, on_event);
}

void store_env_close(DB_ENV **env)
{
	int ret;

	if (!*env)
		return;
	ret = (*env)->close(*env, 0);
	if (ret)
		log_event(LOG_LEVEL_WARNING, "store-close", LOG_STR("error", db_strerror(ret)));
	*env = NULL;
}
