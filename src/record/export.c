/* SPDX-License-Identifier: ISC */
#include "import_private.h"

static bool has_parent(const ProtobufCMessage *message)
{
	return ((const Rec__Customer *)message)->parent != 0;
}

static bool has_no_parent(const ProtobufCMessage *message)
{
	return !has_parent(message);
}

/* What an object refers to stands before it: so of customers those above come first. */
static const struct pass {
	enum object_type type;
	bool (*wanted)(const ProtobufCMessage *message); /* null: all */
} passes[] = {
	{OBJECT_PAYMENT_TYPE, NULL},   {OBJECT_TERMS, NULL},
	{OBJECT_PRICE_LIST, NULL},     {OBJECT_CHANNEL, NULL},
	{OBJECT_SEASON, NULL},	       {OBJECT_VAT_RATE, NULL},
	{OBJECT_SHOP, NULL},	       {OBJECT_AGENT, NULL},
	{OBJECT_ITEM, NULL},	       {OBJECT_CUSTOMER, has_no_parent},
	{OBJECT_CUSTOMER, has_parent}, {OBJECT_ORDER, NULL},
	{OBJECT_THREAD, NULL},	       {OBJECT_MESSAGE, NULL},
	{OBJECT_SHIPMENT, NULL},       {OBJECT_DOCUMENT, NULL},
	{OBJECT_FILE, NULL},
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

static int export_row(const struct pass *pass, const struct store_row *row,
		      const struct export *out, struct err *e)
{
	/* One object at a time: memory does not grow with the store. */
	arena_clear(out->a);
	const struct object *object = &objects[pass->type];
	ProtobufCMessage *message = schema_unpack(out->a, object->descriptor, row->value, e);
	if (!message)
		return -1;
	if (pass->wanted && !pass->wanted(message))
		return 1;
	return out->emit(out->ctx, with_type(out->a, object, message), e);
}

/* 1 at its end, 0 when it was stopped. */
static int export_table(struct txn *txn, const struct pass *pass, struct store_key *from,
			const struct export *out, struct err *e)
{
	struct store_range range = {.from = store_key_slice(from)};
	struct store_cursor *cursor;
	struct store_row row;
	int got, more = 1;
	if (store_cursor_open(txn, objects[pass->type].table, STORE_PRIMARY, &range, &cursor, e) <
	    0)
		return -1;
	while (more > 0 && (got = store_next(cursor, &row, e)) > 0) {
		more = export_row(pass, &row, out, e);
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
	while (more > 0 && place->table < sizeof(passes) / sizeof(passes[0])) {
		more = export_table(txn, &passes[place->table], &place->from, &out, e);
		if (more > 0)
			*place = (struct record_place){.table = place->table + 1};
	}
	arena_close(&out.a);
	return more;
}
