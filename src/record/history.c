/* SPDX-License-Identifier: ISC */
#include "record/history.h"

#include <assert.h>

#include "object.h"
#include "record/tables.h"

/* What only keeps count is no change: a mail into an open thread is its own record. */
static bool only_counts(struct slice field)
{
	static const char *const counts[] = {"updated_at", "last_message", "message_count"};
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (slice_eq(field, slice_str(counts[i])))
			return true;
	return false;
}

/* Adds the differences to the row's list; *personal when one of them is. */
static size_t differences(struct arena *a, const struct history_entry *entry, Rec__Change ***list,
			  bool *personal)
{
	struct schema_change *found;
	size_t n = schema_diff(a, entry->old, entry->new, &found), kept = 0;
	*list = ARENA_ARRAY(a, n, Rec__Change *);
	*personal = false;
	for (size_t i = 0; i < n; i++) {
		if (only_counts(found[i].path))
			continue;
		Rec__Change *change = ARENA_NEW(a, Rec__Change);
		rec__change__init(change);
		change->field = arena_str(a, found[i].path);
		change->old = arena_str(a, found[i].old);
		change->new_ = arena_str(a, found[i].new);
		(*list)[kept++] = change;
		*personal |= found[i].personal;
	}
	return kept;
}

/* The whole list, not single values: which fields changed together tells as much. */
static int seal(struct change *ch, Rec__History *row, struct err *e)
{
	Rec__Changes sealed;
	assert(row->id != 0 && row->n_changes > 0);
	rec__changes__init(&sealed);
	sealed.n_changes = row->n_changes;
	sealed.changes = row->changes;
	row->sealed = true;
	row->n_changes = 0;
	row->changes = NULL;
	return store_blob_put(ch->txn, RECORD_BLOB_HISTORY | row->id,
			      schema_pack_in(ch->arena, &sealed.base), e);
}

static char *state_or_empty(struct arena *a, const char *state)
{
	return arena_str(a, slice_str(state));
}

static Rec__History *row_of(struct change *ch, const struct history_entry *entry)
{
	struct arena *a = ch->arena;
	Rec__History *row = ARENA_NEW(a, Rec__History);
	rec__history__init(row);
	row->at = ch->now;
	row->object = state_or_empty(a, entry->object);
	row->event = state_or_empty(a, entry->event);
	row->actor = arena_str(a, ch->actor);
	row->agent = ch->agent;
	row->mail = arena_str(a, ch->mail);
	row->from_state = state_or_empty(a, entry->from_state);
	row->to_state = state_or_empty(a, entry->to_state);
	row->reason = arena_str(a, entry->reason);
	row->manual = entry->manual;
	return row;
}

int history_add(struct change *ch, const struct history_entry *entry, struct err *e)
{
	bool personal = false;
	assert(entry->object && entry->event && entry->new);
	assert(!entry->old || entry->old->descriptor == entry->new->descriptor);
	assert(!entry->from_state == !entry->to_state);
	Rec__History *row = row_of(ch, entry);
	if (entry->old)
		row->n_changes = differences(ch->arena, entry, &row->changes, &personal);
	if (entry->old && row->n_changes == 0 && strcmp(row->from_state, row->to_state) == 0)
		return 0;
	/* From here on the row is written: a number taken for nothing would be a hole in the log.
	 */
	if (object_number(ch, OBJECT_HISTORY, &row->id, e) < 0)
		return -1;
	if (personal && seal(ch, row, e) < 0)
		return -1;
	return object_put(ch->txn, ch->arena, OBJECT_HISTORY, row->id, &row->base, e);
}

/* The changes of a sealed row, unless they were erased. */
static int unseal(struct txn *txn, struct arena *a, Rec__History *row, struct err *e)
{
	struct slice bytes;
	int got = store_blob_get(txn, RECORD_BLOB_HISTORY | row->id, &bytes, e);
	if (got <= 0)
		return got;
	ProtobufCMessage *message = schema_unpack(a, &rec__changes__descriptor, bytes, e);
	if (!message)
		return -1;
	row->n_changes = ((Rec__Changes *)message)->n_changes;
	row->changes = ((Rec__Changes *)message)->changes;
	return 1;
}

/* Records of one index key come in the order of their numbers. */
static int take_rows(struct txn *txn, struct store_cursor *cursor, struct arena *a,
		     const struct history_query *query, struct history_list *list, bool *more,
		     struct err *e)
{
	struct store_row row;
	size_t room = 0;
	int got;
	while ((got = store_next(cursor, &row, e)) > 0) {
		uint64_t id;
		if (query->before && store_key_take_u64(&row.primary_key, &id) &&
		    id >= query->before)
			continue;
		*more = list->n == query->limit;
		if (*more)
			return 1;
		ProtobufCMessage *message =
			schema_unpack(a, &rec__history__descriptor, row.value, e);
		if (!message)
			return -1;
		arena_grow(a, &list->items, list->n, &room, sizeof(Rec__History *));
		list->items[list->n++] = (Rec__History *)message;
		if (list->items[list->n - 1]->sealed &&
		    unseal(txn, a, list->items[list->n - 1], e) < 0)
			return -1;
	}
	return got;
}

int history_page(struct txn *txn, struct arena *a, const struct history_query *query,
		 struct history_list *list, bool *more, struct err *e)
{
	struct store_key key = {.len = 0};
	struct store_cursor *cursor;
	object_key_text(&key, query->object);
	struct store_range range = {.prefix = store_key_slice(&key), .backward = true};
	*list = (struct history_list){NULL, 0};
	*more = false;
	if (store_cursor_open(txn, objects[OBJECT_HISTORY].table, HISTORY_BY_OBJECT, &range,
			      &cursor, e) < 0)
		return -1;
	int got = take_rows(txn, cursor, a, query, list, more, e);
	store_cursor_close(&cursor);
	return got < 0 ? -1 : 1;
}

int history_of(struct txn *txn, struct arena *a, struct slice object, size_t limit,
	       struct history_list *list, struct err *e)
{
	const struct history_query query = {.object = object, .limit = limit};
	bool more;
	return history_page(txn, a, &query, list, &more, e);
}
