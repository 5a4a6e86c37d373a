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

static int export_table(struct txn *txn, const struct object *object, const struct export *out,
			struct err *e)
{
	struct store_range all = {.backward = false};
	struct store_cursor *cursor;
	struct store_row row;
	int got;
	if (store_cursor_open(txn, object->table, STORE_PRIMARY, &all, &cursor, e) < 0)
		return -1;
	/* One object at a time: memory does not grow with the store. */
	while ((got = store_next(cursor, &row, e)) > 0) {
		arena_clear(out->a);
		ProtobufCMessage *message = schema_unpack(out->a, object->descriptor, row.value, e);
		if (!message || out->emit(out->ctx, with_type(out->a, object, message), e) < 0) {
			got = -1;
			break;
		}
	}
	store_cursor_close(&cursor);
	return got;
}

int record_export(struct txn *txn, record_export_fn *emit, void *ctx, struct err *e)
{
	struct export out = {emit, ctx, arena_open()};
	int got = 0;
	for (size_t i = 0; i < sizeof(exported) / sizeof(exported[0]) && got >= 0; i++)
		got = export_table(txn, &objects[exported[i]], &out, e);
	arena_close(&out.a);
	return got < 0 ? -1 : 1;
}
