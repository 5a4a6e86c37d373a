/* SPDX-License-Identifier: ISC */
#include "object.h"
#include "record/import.h"

/* What an object refers to stands before it. */
static const enum object_type exported[] = {
	OBJECT_SHOP,  OBJECT_AGENT,  OBJECT_ITEM,    OBJECT_CUSTOMER,
	OBJECT_ORDER, OBJECT_THREAD, OBJECT_MESSAGE,
};

/* {"type":"order", … the message's own members … } */
static struct json *with_type(struct arena *a, const struct object *object,
			      const ProtobufCMessage *message)
{
	struct json *json = json_new(a, JSON_OBJECT);
	struct json *members = schema_to_json(a, message);
	json_set(a, json, "type", json_new_string(a, slice_str(object->name)));
	for (struct json *member = members->first, *next; member; member = next) {
		next = member->next;
		member->next = NULL;
		json_set(a, json, arena_str(a, member->name), member);
	}
	return json;
}

struct export
{
	record_export_fn *emit;
	void *ctx;
	struct arena *a;
};

static int export_row(const struct object *object, const struct store_row *row,
		      const struct export *out, struct err *e)
{
	/* One object at a time: memory does not grow with the store. */
	arena_clear(out->a);
	ProtobufCMessage *message = schema_unpack(out->a, object->descriptor, row->value, e);
	return message ? out->emit(out->ctx, with_type(out->a, object, message), e) : -1;
}

/* 1 at its end, 0 when it was stopped. */
static int export_table(struct txn *txn, const struct object *object, struct store_key *from,
			const struct export *out, struct err *e)
{
	struct store_range range = {.from = store_key_slice(from)};
	struct store_cursor *cursor;
	struct store_row row;
	int got, more = 1;
	if (store_cursor_open(txn, object->table, STORE_PRIMARY, &range, &cursor, e) < 0)
		return -1;
	while (more > 0 && (got = store_next(cursor, &row, e)) > 0) {
		more = export_row(object, &row, out, e);
		/* Nothing stands between a key and the same with a zero behind it. */
		*from = (struct store_key){.len = 0};
		store_key_bytes(from, row.primary_key);
		store_key_u8(from, 0);
	}
	store_cursor_close(&cursor);
	return more > 0 && got < 0 ? -1 : more;
}

int record_export(struct txn *txn, struct record_place *place, record_export_fn *emit, void *ctx,
		  struct err *e)
{
	struct export out = {emit, ctx, arena_open()};
	int more = 1;
	while (more > 0 && place->table < sizeof(exported) / sizeof(exported[0])) {
		const struct object *object = &objects[exported[place->table]];
		more = export_table(txn, object, &place->from, &out, e);
		if (more > 0)
			*place = (struct record_place){.table = place->table + 1};
	}
	arena_close(&out.a);
	return more;
}
