/* SPDX-License-Identifier: ISC */
#include "desk.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "confirm.h"
#include "content.h"
#include "intake.h"
#include "journal.h"
#include "outbox.h"
#include "record/shop.h"
#include "record/tables.h"
#include "requests.h"
#include "state.h"

#define PATH_SIZE 4096
#define SCHEMA_VERSION 1
#define RETRY_MS 5000
#define WAITING_READ 50

static const struct store_table *const desk_tables[] = {
	&journal_table, &cursor_table,	    &run_table,	    &outbox_table,  &automatic_table,
	&content_table, &content_use_table, &pattern_table, &confirm_table,
};

#define DESK_TABLES (sizeof(desk_tables) / sizeof(desk_tables[0]))

const struct store_schema *desk_store_schema(void)
{
	/* The record's tables first, then ours; made once, the same for every desk. */
	static const struct store_table *tables[RECORD_TABLES + DESK_TABLES];
	static const struct store_schema schema = {.version = SCHEMA_VERSION,
						   .tables = tables,
						   .n_tables = RECORD_TABLES + DESK_TABLES};
	memcpy(tables, record_tables, RECORD_TABLES * sizeof(tables[0]));
	memcpy(tables + RECORD_TABLES, desk_tables, sizeof(desk_tables));
	return &schema;
}

const char *desk_option(const struct desk *desk, const char *option)
{
	return conf_string(desk->settings, "desk", 0, option);
}

/* ---- open and close ---- */

static int read_secret(const char *dir, uint64_t incarnation, struct token_keys *keys,
		       struct err *e)
{
	char path[PATH_SIZE], hex[SHA256_SIZE * 2 + 1] = "";
	snprintf(path, sizeof(path), "%s/%s", dir, DESK_SECRET_FILE);
	FILE *file = fopen(path, "r");
	size_t n = file ? fread(hex, 1, sizeof(hex) - 1, file) : 0;
	if (file)
		fclose(file);
	if (n != SHA256_SIZE * 2)
		return err_set(
			e, ERR_CONFIG,
			"%s: it must hold 64 hexadecimal digits, as `postclerk init` wrote it",
			path);
	token_keys_init(keys, slice_of(hex, n), incarnation);
	return 1;
}

static int open_templates(struct desk *desk, struct err *e)
{
	char own[PATH_SIZE];
	snprintf(own, sizeof(own), "%s/%s", desk->dir, DESK_TEMPLATE_DIR);
	const char *dirs[] = {own, templates_shipped_dir()};
	return templates_open(dirs, 2, &desk->templates, e);
}

static int first_fresh(struct txn *txn, void *ctx, struct err *e)
{
	return journal_next(txn, ctx, e);
}

static int open_store(struct desk *desk, struct err *e)
{
	char path[PATH_SIZE];
	snprintf(path, sizeof(path), "%s/%s", desk->dir, DESK_STORE_DIR);
	struct store_options options = {
		.cache_bytes = (size_t)conf_integer(desk->settings, "desk", 0, "cache-mib") << 20,
	};
	if (store_open(path, desk_store_schema(), &options, &desk->store, e) < 0)
		return -1;
	return store_run(desk->store, STORE_READ, first_fresh, &desk->first_fresh, e);
}

static int open_parts(struct desk *desk, struct err *e)
{
	if (desk_settings_open(desk->dir, &desk->settings, e) < 0 || patterns_open(desk, e) < 0 ||
	    open_templates(desk, e) < 0 || open_store(desk, e) < 0)
		return -1;
	return read_secret(desk->dir, store_incarnation(desk->store), &desk->keys, e);
}

int desk_open(const char *dir, struct desk **desk, struct err *e)
{
	if (strlen(dir) > PATH_SIZE - 64)
		return err_set(e, ERR_CONFIG, "the desk's directory has too long a name");
	struct desk *d = mem_new(1, sizeof(*d));
	d->dir = mem_text(dir);
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_mutex_init(&d->processing, NULL);
	pthread_mutex_init(&d->lock, NULL);
	pthread_cond_init(&d->work, &attributes);
	pthread_condattr_destroy(&attributes);
	d->waiting = true;
	*desk = d;
	if (open_parts(d, e) == 1)
		return 1;
	desk_close(desk);
	return -1;
}

void desk_close(struct desk **desk)
{
	struct desk *d = *desk;
	if (!d)
		return;
	if (d->store)
		store_close(&d->store);
	if (d->templates)
		templates_close(&d->templates);
	patterns_close(d);
	if (d->settings)
		conf_close(&d->settings);
	pthread_cond_destroy(&d->work);
	pthread_mutex_destroy(&d->lock);
	pthread_mutex_destroy(&d->processing);
	free(d->dir);
	free(d);
	*desk = NULL;
}

/* ---- one piece of work ---- */

int work_init(struct work *work, struct desk *desk, struct arena *a, struct txn *txn, int64_t now,
	      struct err *e)
{
	assert(desk && a && txn);
	struct shop_list shops;
	*work = (struct work){.desk = desk, .arena = a};
	change_init(&work->change, txn, a, now);
	if (shop_list(txn, a, &shops, e) < 0)
		return -1;
	if (shops.n == 0)
		return err_set(e, ERR_CONFIG, "%s: the desk has no shop: run `postclerk init`",
			       desk->dir);
	work->shop = shops.items[0];
	work->templates = templates_use(desk->templates, a);
	return 1;
}

struct slice work_desk_address(const struct work *work)
{
	struct slice address = slice_str(work->shop->address);
	ptrdiff_t at = slice_chr(address, '@');
	/* A shop is stored with a plain address only. */
	assert(at > 0);
	return slice_str(arena_printf(work->arena, "%.*s+%s%.*s", (int)at, address.ptr,
				      desk_option(work->desk, "desk-extension"),
				      SLICE_ARG(slice_sub(address, (size_t)at, address.len))));
}

int desk_flush(struct desk *desk, struct err *e)
{
	return store_flush(desk->store, e);
}

/* ---- the queue of journaled mails ---- */

void desk_notify(struct desk *desk)
{
	pthread_mutex_lock(&desk->lock);
	desk->waiting = true;
	pthread_cond_signal(&desk->work);
	pthread_mutex_unlock(&desk->lock);
}

static void set_waiting(struct desk *desk, bool waiting)
{
	pthread_mutex_lock(&desk->lock);
	desk->waiting = waiting;
	pthread_mutex_unlock(&desk->lock);
}

bool desk_wait(struct desk *desk, int timeout_ms)
{
	assert(timeout_ms >= 0);
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&desk->lock);
	while (!desk->waiting && !desk->stopping)
		if (pthread_cond_timedwait(&desk->work, &desk->lock, &until) == ETIMEDOUT)
			break;
	bool waiting = desk->waiting && !desk->stopping;
	pthread_mutex_unlock(&desk->lock);
	return waiting;
}

void desk_wake(struct desk *desk)
{
	pthread_mutex_lock(&desk->lock);
	desk->stopping = true;
	pthread_cond_broadcast(&desk->work);
	pthread_mutex_unlock(&desk->lock);
}

static struct desk_deferred *find_deferred(struct desk *desk, uint64_t journal)
{
	for (size_t i = 0; i < desk->n_deferred; i++)
		if (desk->deferred[i].journal == journal)
			return &desk->deferred[i];
	return NULL;
}

static void defer(struct desk *desk, uint64_t journal)
{
	struct desk_deferred *entry = find_deferred(desk, journal);
	/* When the list is full the oldest gives way: it is tried sooner, that is all. */
	if (!entry && desk->n_deferred == DESK_DEFERRED_MAX)
		entry = &desk->deferred[0];
	if (!entry)
		entry = &desk->deferred[desk->n_deferred++];
	*entry = (struct desk_deferred){journal, clock_mono_ms() + RETRY_MS};
}

static void undefer(struct desk *desk, uint64_t journal)
{
	struct desk_deferred *entry = find_deferred(desk, journal);
	if (entry)
		*entry = desk->deferred[--desk->n_deferred];
}

static int count_try(struct txn *txn, void *ctx, struct err *e)
{
	Tra__Journal *entry;
	int found = journal_load(txn, txn_arena(txn), *(uint64_t *)ctx, &entry, e);
	if (found != 1)
		return found;
	entry->tries++;
	return journal_save(txn, entry, e);
}

/* Durably, before each attempt but the first, which the journaling itself counted. */
static int process_counted(struct desk *desk, uint64_t id, struct err *e)
{
	bool again = id < desk->first_fresh || find_deferred(desk, id);
	if (again && store_run(desk->store, STORE_DURABLE, count_try, &id, e) < 0)
		return -1;
	return intake_process(desk, id, e);
}

int desk_process(struct desk *desk, uint64_t id, struct err *e)
{
	pthread_mutex_lock(&desk->processing);
	int result = process_counted(desk, id, e);
	if (result < 0) {
		log_event(LOG_LEVEL_WARNING, "mail-deferred", LOG_NUM("journal", id),
			  LOG_STR("error", e->text));
		defer(desk, id);
		/* It is journaled and comes again: that is no verdict on the mail. */
		e->class = ERR_TEMP;
	} else {
		undefer(desk, id);
	}
	pthread_mutex_unlock(&desk->processing);
	return result;
}

/* Nobody tries it again by himself: it stays in quarantine when this process dies of it. */
int desk_again(struct desk *desk, struct arena *a, struct intake_again *again, struct err *e)
{
	pthread_mutex_lock(&desk->processing);
	int result = intake_again(desk, a, again, e);
	pthread_mutex_unlock(&desk->processing);
	return result;
}

struct waiting {
	uint64_t ids[WAITING_READ];
	uint64_t from;
	int n;
};

static int read_waiting(struct txn *txn, void *ctx, struct err *e)
{
	struct waiting *waiting = ctx;
	waiting->n = journal_waiting(txn, waiting->from, waiting->ids, WAITING_READ, e);
	return waiting->n < 0 ? -1 : 1;
}

static bool may_try(struct desk *desk, uint64_t id)
{
	pthread_mutex_lock(&desk->processing);
	const struct desk_deferred *entry = find_deferred(desk, id);
	bool may = !entry || entry->retry_ms <= clock_mono_ms();
	pthread_mutex_unlock(&desk->processing);
	return may;
}

int desk_work(struct desk *desk, int most, struct err *e)
{
	struct waiting waiting = {.from = 0};
	int done = 0;
	set_waiting(desk, false);
	do {
		if (store_run(desk->store, STORE_READ, read_waiting, &waiting, e) < 0)
			return -1;
		for (int i = 0; i < waiting.n && done < most; i++) {
			struct err failed;
			waiting.from = waiting.ids[i] + 1;
			if (may_try(desk, waiting.ids[i]) &&
			    desk_process(desk, waiting.ids[i], &failed) >= 0)
				done++;
		}
	} while (waiting.n == WAITING_READ && done < most);
	if (done == most)
		set_waiting(desk, true);
	return done;
}

int desk_maintain(struct desk *desk, struct err *e)
{
	struct err broken;
	/* A broken file stands in the log and in `template check`; mail goes on. */
	templates_reload(desk->templates, &broken);
	pthread_mutex_lock(&desk->processing);
	bool deferred = desk->n_deferred > 0;
	pthread_mutex_unlock(&desk->processing);
	if (deferred)
		desk_notify(desk);
	if (desk_flush(desk, e) < 0)
		return -1;
	return store_checkpoint(desk->store, e);
}

Rpc__Reply *desk_handle(struct desk *desk, const Rpc__Request *request, struct arena *a)
{
	struct err e = {ERR_NONE, ""};
	Rpc__Reply *reply = ARENA_NEW(a, Rpc__Reply);
	rpc__reply__init(reply);
	int result = request_answer(desk, request, a, reply, &e);
	/* The second gate stands before every answer. */
	if (result >= 0)
		result = desk_flush(desk, &e);
	if (result < 0) {
		reply->status = err_exit_status(e.class);
		reply->error = arena_str(a, slice_str(e.text));
	}
	return reply;
}
