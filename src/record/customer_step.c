/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "customer.h"
#include "note.h"
#include "record/customer_edit.h"

/* ---- flags: two states each, and the words for what moves between them ---- */

static const struct {
	const char *event; /* in the history */
	const char *told;  /* the event's name */
	const char *from, *to;
} steps[] = {
	[CUSTOMER_LOCK] = {"lock", "customer.locked", "unlocked", "locked"},
	[CUSTOMER_UNLOCK] = {"unlock", "customer.unlocked", "locked", "unlocked"},
	[CUSTOMER_BLACKLIST] = {"blacklist", "customer.blacklisted", "not blacklisted",
				"blacklisted"},
	[CUSTOMER_UNBLACKLIST] = {"unblacklist", "customer.unblacklisted", "blacklisted",
				  "not blacklisted"},
	[CUSTOMER_DEACTIVATE] = {"deactivate", "customer.deactivated", "active", "inactive"},
	[CUSTOMER_ACTIVATE] = {"activate", "customer.activated", "inactive", "active"},
};

static bool is_done(const Rec__Customer *customer, enum customer_step step)
{
	switch (step) {
	case CUSTOMER_LOCK:
	case CUSTOMER_UNLOCK:
		return !customer->locked == (step == CUSTOMER_UNLOCK);
	case CUSTOMER_BLACKLIST:
	case CUSTOMER_UNBLACKLIST:
		return !customer->blacklisted == (step == CUSTOMER_UNBLACKLIST);
	case CUSTOMER_DEACTIVATE:
	case CUSTOMER_ACTIVATE:
		return !customer->inactive == (step == CUSTOMER_ACTIVATE);
	}
	return false;
}

int customer_step_check(const Rec__Customer *customer, enum customer_step step, struct err *e)
{
	if (customer->merged_into)
		return err_set(e, ERR_INPUT, "C%llu was merged into C%llu",
			       (unsigned long long)customer->id,
			       (unsigned long long)customer->merged_into);
	if (!is_done(customer, step))
		return 1;
	return err_set(e, ERR_INPUT, "C%llu is %s already", (unsigned long long)customer->id,
		       steps[step].to);
}

static void take_step(struct change *ch, Rec__Customer *customer, enum customer_step step,
		      struct slice reason)
{
	char *why = arena_str(ch->arena, reason);
	switch (step) {
	case CUSTOMER_LOCK:
	case CUSTOMER_UNLOCK:
		customer->locked = step == CUSTOMER_LOCK;
		customer->locked_reason = customer->locked ? why : arena_str(ch->arena, SLICE(""));
		break;
	case CUSTOMER_BLACKLIST:
	case CUSTOMER_UNBLACKLIST:
		customer->blacklisted = step == CUSTOMER_BLACKLIST;
		customer->blacklisted_reason =
			customer->blacklisted ? why : arena_str(ch->arena, SLICE(""));
		customer->blacklisted_by = customer->blacklisted ? ch->agent : 0;
		break;
	case CUSTOMER_DEACTIVATE:
	case CUSTOMER_ACTIVATE:
		customer->inactive = step == CUSTOMER_DEACTIVATE;
		break;
	}
	assert(is_done(customer, step));
}

/* The flags that keep a reason keep it sealed: it does not stand in the row a second time. */
int customer_step(struct change *ch, uint64_t id, enum customer_step step, struct slice reason,
		  struct err *e)
{
	Rec__Customer *customer;
	bool kept = step == CUSTOMER_LOCK || step == CUSTOMER_BLACKLIST;
	struct object_step row = {
		.event = steps[step].event,
		.from_state = steps[step].from,
		.to_state = steps[step].to,
		.reason = kept ? SLICE("") : reason,
	};
	if (reason.len > NOTE_TEXT_MAX)
		return err_set(e, ERR_INPUT, "the reason is longer than %d bytes", NOTE_TEXT_MAX);
	if (customer_need(ch, id, &customer, e) < 0 || customer_step_check(customer, step, e) < 0)
		return -1;
	take_step(ch, customer, step, reason);
	if (customer_save_step(ch, customer, &row, e) < 0)
		return -1;
	change_event(ch, steps[step].told, 'C', customer->id, reason);
	return 1;
}

/* ---- notes ---- */

int customer_note(struct change *ch, uint64_t id, struct slice text, struct err *e)
{
	Rec__Customer *customer;
	struct object_step step = {.event = "note", .manual = true};
	if (customer_need(ch, id, &customer, e) < 0 ||
	    note_add(ch, &customer->notes, &customer->n_notes, text, e) < 0 ||
	    customer_save_step(ch, customer, &step, e) < 0)
		return -1;
	change_event(ch, "customer.noted", 'C', customer->id, text);
	return 1;
}

int customer_call(struct change *ch, uint64_t id, struct slice text, struct err *e)
{
	Rec__Customer *customer;
	struct object_step step = {.event = "call", .manual = true};
	if (customer_need(ch, id, &customer, e) < 0)
		return -1;
	if (!customer->phone[0])
		return err_set(e, ERR_INPUT,
			       "C%llu has no phone number: #set C%llu phone=\"+31 \xe2\x80\xa6\"",
			       (unsigned long long)customer->id, (unsigned long long)customer->id);
	struct slice said = slice_trim(text);
	char *note = arena_printf(ch->arena, "Called %s%s%.*s", customer->phone,
				  said.len ? ": " : "", SLICE_ARG(said));
	if (note_add(ch, &customer->notes, &customer->n_notes, slice_str(note), e) < 0 ||
	    customer_save_step(ch, customer, &step, e) < 0)
		return -1;
	change_event(ch, "customer.called", 'C', customer->id, text);
	return 1;
}

int customer_watch(struct change *ch, uint64_t id, struct slice text, struct err *e)
{
	Rec__Customer *customer;
	struct object_step step = {.event = "watch", .manual = true};
	if (customer_need(ch, id, &customer, e) < 0)
		return -1;
	/* They stand on every card: more than a screen of them would hide it. */
	if (customer->n_watch >= CUSTOMER_WATCH_MAX)
		return err_set(e, ERR_INPUT,
			       "C%llu has %d standing notes already: #unwatch C%llu 1 takes the "
			       "first one away",
			       (unsigned long long)customer->id, CUSTOMER_WATCH_MAX,
			       (unsigned long long)customer->id);
	if (note_add(ch, &customer->watch, &customer->n_watch, text, e) < 0 ||
	    customer_save_step(ch, customer, &step, e) < 0)
		return -1;
	change_event(ch, "customer.watched", 'C', customer->id, text);
	return 1;
}

int customer_unwatch(struct change *ch, uint64_t id, size_t n, struct err *e)
{
	Rec__Customer *customer;
	struct object_step step = {.event = "unwatch"};
	if (customer_need(ch, id, &customer, e) < 0)
		return -1;
	if (n == 0 || n > customer->n_watch)
		return err_set(e, ERR_INPUT, "C%llu has %zu standing note%s",
			       (unsigned long long)customer->id, customer->n_watch,
			       customer->n_watch == 1 ? "" : "s");
	for (size_t i = n; i < customer->n_watch; i++)
		customer->watch[i - 1] = customer->watch[i];
	customer->n_watch--;
	if (customer_save_step(ch, customer, &step, e) < 0)
		return -1;
	change_event(ch, "customer.unwatched", 'C', customer->id, SLICE(""));
	return 1;
}
