/* SPDX-License-Identifier: ISC */
#include "record/change.h"

#include <assert.h>

#include "record/id.h"

void change_init(struct change *ch, struct txn *txn, struct arena *a, int64_t now)
{
	assert(txn && a);
	*ch = (struct change){
		.txn = txn,
		.arena = a,
		.now = now,
		.actor = SLICE("system"),
		.role = REC__ROLE__ROLE_SYSTEM,
	};
}

void change_event(struct change *ch, const char *name, char letter, uint64_t id, struct slice text)
{
	assert(name && id_kind(letter) && id != 0);
	struct event *event = ARENA_NEW(ch->arena, struct event);
	*event = (struct event){name, letter, id, arena_copy(ch->arena, text), NULL};
	/* A change has a handful of events: their list needs no tail. */
	struct event **end = &ch->events;
	while (*end)
		end = &(*end)->next;
	*end = event;
	ch->n_events++;
}

void change_events_cut(struct change *ch, size_t n)
{
	assert(n <= ch->n_events);
	struct event **end = &ch->events;
	for (size_t i = 0; i < n; i++)
		end = &(*end)->next;
	*end = NULL;
	ch->n_events = n;
}
