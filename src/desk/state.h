/* SPDX-License-Identifier: ISC */
#ifndef DESK_STATE_H
#define DESK_STATE_H

#include <pthread.h>

#include "desk.h"
#include "patterns.h"
#include "record/change.h"
#include "store.h"
#include "templates.h"
#include "token.h"

/* What the rooms of the desk share: one open desk, and one piece of work. */

#define DESK_DEFERRED_MAX 64

/* A mail whose processing failed for now, and when it is tried again. */
struct desk_deferred {
	uint64_t journal;
	int64_t retry_ms; /* clock_mono_ms */
};

struct desk {
	char *dir;
	struct conf *settings;
	struct store *store;
	struct templates *templates;
	struct token_keys keys;
	struct desk_pattern patterns[DESK_PATTERNS_MAX];
	size_t n_patterns;

	/* Mails are processed one at a time, in the order of the journal. */
	pthread_mutex_t processing;
	uint64_t first_fresh; /* journal ids from here on were never tried before */
	struct desk_deferred deferred[DESK_DEFERRED_MAX];
	size_t n_deferred;

	/* Guards the two below. */
	pthread_mutex_t lock;
	pthread_cond_t work;
	bool waiting; /* something may be there to process */
	bool stopping;
};

/*
 * The second gate: what was committed, by whatever thread, is on the disk when
 * it returns 1.  Costs nothing when it was there already.
 */
int desk_flush(struct desk *desk, struct err *e);
/* Says that there is something to process. */
void desk_notify(struct desk *desk);

/*
 * One piece of work inside its transaction: a change of the record, and what
 * the desk knows beside it.  `change.arena` is the work's.
 */
struct work {
	struct desk *desk;
	struct arena *arena;
	struct change change;
	Rec__Shop *shop;
	const struct template_set *templates;
};

/* Fills in everything but agent, actor, role and mail; the first shop of the desk. */
int work_init(struct work *work, struct desk *desk, struct arena *a, struct txn *txn, int64_t now,
	      struct err *e);

/* The desk's constant From for agents: "support+desk@shop.example". */
struct slice work_desk_address(const struct work *work);
/* A string option of section "desk". */
const char *desk_option(const struct desk *desk, const char *option);

#endif
