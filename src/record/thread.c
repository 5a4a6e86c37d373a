/* SPDX-License-Identifier: ISC */
#include "record/thread.h"

#include <assert.h>

#include "object.h"
#include "record/agent.h"

#define TO(state) (1 + REC__THREAD_STATE__THREAD_STATE_##state)
#define AT(state) [REC__THREAD_STATE__THREAD_STATE_##state]
#define ON(event) [THREAD_##event]

/* RECORD.md 2.7.  State + 1, so that a hole is 0 and refused. */
static const uint8_t transitions[THREAD_STATE_COUNT][THREAD_EVENT_COUNT] = {
	/* Nobody has looked at it yet: one more mail does not change that. */
	AT(NEW) = {ON(MAIL) = TO(NEW), ON(ANSWER) = TO(PENDING), ON(NOTE) = TO(NEW),
		   ON(ASSIGN) = TO(OPEN), ON(CLOSE) = TO(CLOSED), ON(SPAM) = TO(SPAM),
		   ON(MERGE) = TO(MERGED)},
	AT(OPEN) = {ON(MAIL) = TO(OPEN), ON(ANSWER) = TO(PENDING), ON(NOTE) = TO(OPEN),
		    ON(ASSIGN) = TO(OPEN), ON(CLOSE) = TO(CLOSED), ON(SPAM) = TO(SPAM),
		    ON(MERGE) = TO(MERGED)},
	AT(PENDING) = {ON(MAIL) = TO(OPEN), ON(ANSWER) = TO(PENDING), ON(NOTE) = TO(PENDING),
		       ON(ASSIGN) = TO(PENDING), ON(CLOSE) = TO(CLOSED), ON(REOPEN) = TO(OPEN),
		       ON(SPAM) = TO(SPAM), ON(MERGE) = TO(MERGED)},
	AT(CLOSED) = {ON(MAIL) = TO(OPEN), ON(ANSWER) = TO(PENDING), ON(NOTE) = TO(CLOSED),
		      ON(ASSIGN) = TO(CLOSED), ON(REOPEN) = TO(OPEN), ON(SPAM) = TO(SPAM),
		      ON(MERGE) = TO(MERGED)},
	AT(SPAM) = {ON(MAIL) = TO(SPAM), ON(NOTE) = TO(SPAM)},
	AT(MERGED) = {ON(NOTE) = TO(MERGED)},
};

/* A person's event says so to templates; a mail's has its own (message.received). */
static const struct {
	const char *name, *past, *event;
} events[THREAD_EVENT_COUNT] = {
	ON(MAIL) = {"mail", "mailed to", NULL},
	ON(ANSWER) = {"answer", "answered", NULL},
	ON(NOTE) = {"note", "noted", NULL},
	ON(ASSIGN) = {"assign", "assigned", "thread.assigned"},
	ON(CLOSE) = {"close", "closed", "thread.closed"},
	ON(REOPEN) = {"reopen", "reopened", "thread.reopened"},
	ON(SPAM) = {"spam", "marked as spam", "thread.spam"},
	ON(MERGE) = {"merge", "merged", "thread.merged"},
};

static const char *state_name(struct change *ch, Rec__ThreadState state)
{
	return arena_str(ch->arena, schema_enum_text(&rec__thread_state__descriptor, (int)state));
}

int thread_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Thread **thread, struct err *e)
{
	ProtobufCMessage *message;
	int got = object_load(txn, a, OBJECT_THREAD, id, &message, e);
	*thread = got > 0 ? (Rec__Thread *)message : NULL;
	return got;
}

/* A thread that names somebody who is not there would be nobody's work. */
static int thread_check_links(struct change *ch, const Rec__Thread *thread, struct err *e)
{
	if (thread->customer && !object_exists(ch->txn, OBJECT_CUSTOMER, thread->customer))
		return err_set(e, ERR_INPUT, "\"customer\": there is no customer C%llu",
			       (unsigned long long)thread->customer);
	if (thread->owner && !object_exists(ch->txn, OBJECT_AGENT, thread->owner))
		return err_set(e, ERR_INPUT, "\"owner\": there is no agent %llu",
			       (unsigned long long)thread->owner);
	return 1;
}

int thread_create(struct change *ch, Rec__Thread *thread, struct err *e)
{
	if (thread_check_links(ch, thread, e) < 0 ||
	    object_number(ch, OBJECT_THREAD, &thread->id, e) < 0)
		return -1;
	if (!thread->created_at)
		thread->created_at = ch->now;
	return object_create(ch, OBJECT_THREAD, thread->id, &thread->base,
			     state_name(ch, thread->state), e);
}

static int save(struct change *ch, Rec__Thread *thread, struct object_step *step, struct err *e)
{
	ProtobufCMessage *old;
	int got = object_lock(ch->txn, ch->arena, OBJECT_THREAD, thread->id, &old, e);
	if (got > 0) {
		step->from_state = state_name(ch, ((Rec__Thread *)old)->state);
		step->to_state = state_name(ch, thread->state);
	}
	if (got < 0 || thread_check_links(ch, thread, e) < 0)
		return -1;
	thread->updated_at = ch->now;
	return object_save(ch, OBJECT_THREAD, thread->id, &thread->base, step, e);
}

int thread_save(struct change *ch, Rec__Thread *thread, const char *event, struct slice reason,
		struct err *e)
{
	struct object_step step = {.event = event, .reason = reason};
	return save(ch, thread, &step, e);
}

bool thread_next(Rec__ThreadState from, enum thread_event event, Rec__ThreadState *to)
{
	assert(event < THREAD_EVENT_COUNT);
	if ((unsigned)from >= THREAD_STATE_COUNT || !transitions[from][event])
		return false;
	*to = (Rec__ThreadState)(transitions[from][event] - 1);
	return true;
}

const char *thread_event_name(enum thread_event event)
{
	assert(event < THREAD_EVENT_COUNT);
	return events[event].name;
}

int thread_check(const Rec__Thread *thread, enum thread_event event, struct err *e)
{
	Rec__ThreadState to;
	if (thread_next(thread->state, event, &to))
		return 1;
	struct buf possible;
	buf_init(&possible, 256);
	for (int i = 0; i < THREAD_EVENT_COUNT; i++)
		if (thread_next(thread->state, (enum thread_event)i, &to))
			buf_printf(&possible, "%s%s", possible.len ? ", " : "", events[i].name);
	err_set(e, ERR_INPUT, "T%llu is %.*s and cannot be %s; possible: %s",
		(unsigned long long)thread->id,
		SLICE_ARG(schema_enum_text(&rec__thread_state__descriptor, (int)thread->state)),
		events[event].past, possible.len ? buf_str(&possible) : "nothing");
	buf_release(&possible);
	return -1;
}

int thread_move(struct change *ch, Rec__Thread *thread, enum thread_event event,
		struct slice reason, struct err *e)
{
	Rec__ThreadState from = thread->state;
	struct object_step step = {
		.event = events[event].name,
		.reason = reason,
		.manual = event == THREAD_NOTE,
	};
	if (thread_check(thread, event, e) < 0)
		return -1;
	bool legal = thread_next(from, event, &thread->state);
	assert(legal);
	int got = save(ch, thread, &step, e);
	/* An assignment moves no state of an open thread, but somebody must hear of it. */
	if (got > 0 && events[event].event && (thread->state != from || event == THREAD_ASSIGN))
		change_event(ch, events[event].event, 'T', thread->id, reason);
	return got;
}

int thread_assign(struct change *ch, uint64_t id, uint64_t agent, struct err *e)
{
	Rec__Thread *thread;
	Rec__Agent *owner;
	int got = thread_load(ch->txn, ch->arena, id, &thread, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no thread T%llu", (unsigned long long)id);
	if (got < 0)
		return -1;
	if (agent) {
		got = agent_load(ch->txn, ch->arena, agent, &owner, e);
		if (got < 0)
			return -1;
		if (got == 0 || owner->inactive)
			return err_set(e, ERR_INPUT, "that agent is not there any more");
	}
	thread->owner = agent;
	return thread_move(ch, thread, THREAD_ASSIGN, SLICE(""), e);
}

/* ---- lists ---- */

static int list_threads(struct txn *txn, struct arena *a, const struct object_query *query,
			struct thread_list *list, struct err *e)
{
	struct object_list found;
	if (object_list(txn, a, query, &found, e) < 0)
		return -1;
	*list = (struct thread_list){ARENA_ARRAY(a, found.n, Rec__Thread *), found.n};
	for (size_t i = 0; i < found.n; i++)
		list->items[i] = (Rec__Thread *)found.items[i];
	return 1;
}

int thread_queue(struct txn *txn, struct arena *a, const struct thread_query *query,
		 struct thread_list *list, struct err *e)
{
	struct store_key key = {.len = 0};
	store_key_u8(&key, (uint8_t)query->state);
	store_key_u64(&key, query->owner);
	struct object_query all = {
		.type = OBJECT_THREAD,
		.index = THREAD_BY_QUEUE,
		.range = {.prefix = store_key_slice(&key)},
		.limit = query->limit,
	};
	return list_threads(txn, a, &all, list, e);
}

int thread_of_customer(struct txn *txn, struct arena *a, uint64_t customer, size_t limit,
		       struct thread_list *list, struct err *e)
{
	struct store_key key = {.len = 0};
	store_key_u64(&key, customer);
	struct object_query query = {
		.type = OBJECT_THREAD,
		.index = THREAD_BY_CUSTOMER,
		.range = {.prefix = store_key_slice(&key), .backward = true},
		.limit = limit,
	};
	return list_threads(txn, a, &query, list, e);
}
