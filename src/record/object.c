/* SPDX-License-Identifier: ISC */
#include "object.h"

#include <assert.h>

#include "record/history.h"
#include "record/id.h"

static struct slice number_key(struct store_key *key, uint64_t id)
{
	store_key_u64(key, id);
	return store_key_slice(key);
}

char *object_label(struct arena *a, enum object_type type, uint64_t id)
{
	if (objects[type].letter)
		return id_text(a, objects[type].letter, id);
	return arena_printf(a, "%s:%llu", objects[type].name, (unsigned long long)id);
}

bool object_of_label(struct slice label, enum object_type *type, uint64_t *id)
{
	for (int i = 0; i < OBJECT_TYPES; i++) {
		const struct object *object = &objects[i];
		struct slice start =
			object->letter ? slice_of(&object->letter, 1) : slice_str(object->name);
		struct slice rest = slice_sub(label, start.len, label.len);
		if (!object->series || !slice_starts(label, start))
			continue;
		if (!object->letter && rest.len && rest.ptr[0] == ':')
			rest = slice_sub(rest, 1, rest.len);
		*type = (enum object_type)i;
		if (slice_u64(rest, id))
			return true;
	}
	return false;
}

static int unpacked(struct arena *a, enum object_type type, struct slice value,
		    ProtobufCMessage **message, struct err *e)
{
	*message = schema_unpack(a, objects[type].descriptor, value, e);
	return *message ? 1 : -1;
}

int object_load_key(struct txn *txn, struct arena *a, enum object_type type, struct slice key,
		    ProtobufCMessage **message, struct err *e)
{
	struct slice value;
	*message = NULL;
	int got = store_get(txn, objects[type].table, key, &value, e);
	return got > 0 ? unpacked(a, type, value, message, e) : got;
}

int object_load(struct txn *txn, struct arena *a, enum object_type type, uint64_t id,
		ProtobufCMessage **message, struct err *e)
{
	struct store_key key = {.len = 0};
	return object_load_key(txn, a, type, number_key(&key, id), message, e);
}

int object_lock(struct txn *txn, struct arena *a, enum object_type type, uint64_t id,
		ProtobufCMessage **message, struct err *e)
{
	struct store_key key = {.len = 0};
	struct slice value;
	*message = NULL;
	int got = store_get_rmw(txn, objects[type].table, number_key(&key, id), &value, e);
	return got > 0 ? unpacked(a, type, value, message, e) : got;
}

/* An error reads as "not there": what depends on it is refused then, and never done. */
bool object_exists(struct txn *txn, enum object_type type, uint64_t id)
{
	struct store_key key = {.len = 0};
	struct slice value;
	return store_get(txn, objects[type].table, number_key(&key, id), &value, NULL) > 0;
}

int object_find(struct txn *txn, struct arena *a, const struct object_query *query,
		ProtobufCMessage **message, struct err *e)
{
	struct store_row row;
	*message = NULL;
	int got =
		store_first(txn, objects[query->type].table, query->index, &query->range, &row, e);
	return got > 0 ? unpacked(a, query->type, row.value, message, e) : got;
}

/* Both tables have their external ids in an index at this position. */
static_assert((int)CUSTOMER_BY_EXTERNAL == (int)ORDER_BY_EXTERNAL, "one position");

int object_check_externals(struct change *ch, enum object_type type, uint64_t id,
			   Rec__ExternalId *const *externals, size_t n, struct err *e)
{
	const struct object *object = &objects[type];
	for (size_t i = 0; i < n; i++) {
		struct store_key key = {.len = 0};
		struct store_row row;
		uint64_t other;
		object_key_external(&key, externals[i], object->name);
		struct store_range range = {.prefix = store_key_slice(&key)};
		int got = store_first(ch->txn, object->table, ORDER_BY_EXTERNAL, &range, &row, e);
		if (got < 0)
			return -1;
		if (got == 0 || !store_key_take_u64(&row.primary_key, &other) || other == id)
			continue;
		return err_set(e, ERR_INPUT, "\"external_ids\": \"%s\" of %s is %s already",
			       externals[i]->value, externals[i]->channel,
			       object_label(ch->arena, type, other));
	}
	return 1;
}

int object_list(struct txn *txn, struct arena *a, const struct object_query *query,
		struct object_list *list, struct err *e)
{
	struct store_cursor *cursor;
	struct store_row row;
	size_t room = 0;
	int got = 0;
	assert(query->type < OBJECT_TYPES);
	*list = (struct object_list){.items = NULL};
	if (store_cursor_open(txn, objects[query->type].table, query->index, &query->range, &cursor,
			      e) < 0)
		return -1;
	/* Rows behind the limit are counted but not unpacked. */
	while ((list->n < query->limit || query->count) &&
	       (got = store_next(cursor, &row, e)) > 0) {
		if (list->total++ >= query->limit)
			continue;
		arena_grow(a, &list->items, list->n, &room, sizeof(ProtobufCMessage *));
		got = unpacked(a, query->type, row.value, &list->items[list->n++], e);
		if (got < 0)
			break;
	}
	store_cursor_close(&cursor);
	assert(list->n <= query->limit && list->n <= list->total);
	return got < 0 ? -1 : 1;
}

int object_put(struct txn *txn, struct arena *a, enum object_type type, uint64_t id,
	       const ProtobufCMessage *message, struct err *e)
{
	struct store_key key = {.len = 0};
	assert(id != 0 && message->descriptor == objects[type].descriptor);
	return store_put(txn, objects[type].table, number_key(&key, id), schema_pack_in(a, message),
			 e);
}

int object_number(struct change *ch, enum object_type type, uint64_t *id, struct err *e)
{
	const struct object *object = &objects[type];
	assert(object->series != NULL);
	if (*id == 0)
		return store_series_next(ch->txn, object->series, object->first, id, e);
	if (object_exists(ch->txn, type, *id))
		return err_set(e, ERR_INPUT, "there is a %s %s already", object->name,
			       object_label(ch->arena, type, *id));
	if (*id > INT64_MAX)
		return err_set(e, ERR_INPUT, "the number of that %s is too large", object->name);
	/* A number from outside may lie below the series: that must not make it start lower. */
	uint64_t next = *id < object->first ? object->first : *id + 1;
	return store_series_raise(ch->txn, object->series, next, e);
}

int object_create(struct change *ch, enum object_type type, uint64_t id,
		  const ProtobufCMessage *message, const char *to_state, struct err *e)
{
	assert(id != 0);
	struct history_entry entry = {
		.object = object_label(ch->arena, type, id),
		.event = "create",
		.from_state = to_state ? "" : NULL,
		.to_state = to_state,
		.new = message,
	};
	if (object_put(ch->txn, ch->arena, type, id, message, e) < 0)
		return -1;
	return history_add(ch, &entry, e);
}

int object_save(struct change *ch, enum object_type type, uint64_t id,
		const ProtobufCMessage *message, const struct object_step *step, struct err *e)
{
	ProtobufCMessage *old;
	assert(message->descriptor == objects[type].descriptor);
	int got = object_lock(ch->txn, ch->arena, type, id, &old, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no %s %s", objects[type].name,
			       object_label(ch->arena, type, id));
	if (got < 0)
		return -1;
	struct history_entry entry = {
		.object = object_label(ch->arena, type, id),
		.event = step->event,
		.from_state = step->from_state,
		.to_state = step->to_state,
		.reason = step->reason,
		.manual = step->manual,
		.old = old,
		.new = message,
	};
	/* The history decides whether there is a change at all. */
	got = history_add(ch, &entry, e);
	if (got <= 0)
		return got;
	return object_put(ch->txn, ch->arena, type, id, message, e);
}
