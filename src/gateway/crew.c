/* SPDX-License-Identifier: ISC */
#include "crew.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define WORK_BATCH 16
#define WAIT_MS 1000
#define TICK_BATCH 20
#define TICK_MS 1000
#define MAINTAIN_MS 5000
#define WORKERS_MAX 64

struct crew {
	struct desk *desk;
	struct crew_options options;
	pthread_t threads[WORKERS_MAX + 1];
	int n_threads;
	atomic_bool stop, failed;
	pthread_mutex_t lock;
	pthread_cond_t stopped;
};

static void report(struct crew *crew, const struct err *e)
{
	log_event(LOG_LEVEL_ERROR, "desk-failed", LOG_STR("error", e->text));
	if (!atomic_exchange(&crew->failed, true) && crew->options.failed)
		crew->options.failed(crew->options.context, e);
}

static void progress(struct crew *crew)
{
	if (crew->options.progress)
		crew->options.progress(crew->options.context);
}

/* Returns true when the crew is to stop, else after ms at the latest. */
static bool rest(struct crew *crew, int64_t ms)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&crew->lock);
	int late = 0;
	while (!atomic_load(&crew->stop) && !late)
		late = pthread_cond_timedwait(&crew->stopped, &crew->lock, &until);
	pthread_mutex_unlock(&crew->lock);
	return atomic_load(&crew->stop);
}

static void *work(void *arg)
{
	struct crew *crew = arg;
	while (!atomic_load(&crew->stop)) {
		if (!desk_wait(crew->desk, WAIT_MS))
			continue;
		struct err e = {.class = ERR_NONE};
		int n = desk_work(crew->desk, WORK_BATCH, &e);
		if (n > 0) {
			progress(crew);
			continue;
		}
		if (n < 0)
			report(crew, &e);
		/* Another thread was faster, or the store is ill: no busy loop. */
		rest(crew, n < 0 ? WAIT_MS : 1);
	}
	return NULL;
}

static void *tick(void *arg)
{
	struct crew *crew = arg;
	int64_t maintained = clock_mono_ms();
	do {
		struct err e = {.class = ERR_NONE};
		int n;
		while ((n = desk_tick(crew->desk, TICK_BATCH, &e)) > 0 && !atomic_load(&crew->stop))
			progress(crew);
		if (n >= 0 && clock_mono_ms() - maintained >= MAINTAIN_MS) {
			n = desk_maintain(crew->desk, &e);
			maintained = clock_mono_ms();
		}
		if (n < 0)
			report(crew, &e);
	} while (!rest(crew, TICK_MS));
	return NULL;
}

static void start(struct crew *crew, void *(*run)(void *))
{
	if (pthread_create(&crew->threads[crew->n_threads], NULL, run, crew) != 0)
		die("cannot start a thread");
	crew->n_threads++;
}

struct crew *crew_open(struct desk *desk, const struct crew_options *options)
{
	assert(options->workers > 0 && options->workers <= WORKERS_MAX);
	struct crew *crew = calloc(1, sizeof(*crew));
	if (!crew)
		die("out of memory");
	crew->desk = desk;
	crew->options = *options;
	pthread_mutex_init(&crew->lock, NULL);
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&crew->stopped, &monotonic);
	pthread_condattr_destroy(&monotonic);
	for (int i = 0; i < options->workers; i++)
		start(crew, work);
	start(crew, tick);
	return crew;
}

void crew_close(struct crew **crew_out)
{
	struct crew *crew = *crew_out;
	if (!crew)
		return;
	pthread_mutex_lock(&crew->lock);
	atomic_store(&crew->stop, true);
	pthread_cond_broadcast(&crew->stopped);
	pthread_mutex_unlock(&crew->lock);
	desk_wake(crew->desk);
	for (int i = 0; i < crew->n_threads; i++)
		pthread_join(crew->threads[i], NULL);
	pthread_cond_destroy(&crew->stopped);
	pthread_mutex_destroy(&crew->lock);
	free(crew);
	*crew_out = NULL;
}
