/* SPDX-License-Identifier: ISC */
#include "record/verify.h"

#include <assert.h>

#include "object.h"
#include "order_work.h"
#include "record/item.h"
#include "record/order.h"
#include "record/thread.h"

struct verify {
	struct txn *txn;
	struct arena *a;
	store_report_fn *report;
	void *ctx;
	size_t findings;
	const char *label; /* of the object at hand */
	bool compared;	   /* the series were; their transaction then fails on purpose */
	uint64_t highest[OBJECT_TYPES];
};

static void __attribute__((format(printf, 2, 3))) found(struct verify *v, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(v->a, format, args);
	va_end(args);
	v->findings++;
	v->report(v->ctx, arena_printf(v->a, "%s: %s", v->label, text));
}

/* A reference of 0 names nobody. */
static void must_exist(struct verify *v, enum object_type type, uint64_t id, const char *field)
{
	if (id && !object_exists(v->txn, type, id))
		found(v, "its %s %s is not there", field, object_label(v->a, type, id));
}

static void must_have(struct verify *v, enum object_type type, uint64_t id, const char *field)
{
	if (!id)
		found(v, "it has no %s", field);
	must_exist(v, type, id, field);
}

/* The first record of a unique index key must be this one. */
static void must_be_first(struct verify *v, enum object_type type, int index,
			  const struct store_key *key, uint64_t id, const char *what)
{
	struct store_range range = {.prefix = store_key_slice(key)};
	struct store_row row;
	uint64_t other;
	if (store_first(v->txn, objects[type].table, index, &range, &row, NULL) <= 0 ||
	    !store_key_take_u64(&row.primary_key, &other))
		found(v, "its %s does not find it", what);
	else if (other != id)
		found(v, "its %s is that of %s too", what, object_label(v->a, type, other));
}

static void verify_shop(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Shop *shop = (const Rec__Shop *)message;
	if (money_exponent(slice_str(shop->currency)) < 0)
		found(v, "\"%s\" is no currency", shop->currency);
}

static void verify_agent(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Agent *agent = (const Rec__Agent *)message;
	struct store_key name = {.len = 0}, address = {.len = 0};
	object_key_folded(&name, slice_str(agent->name));
	object_key_folded(&address, slice_str(agent->address));
	must_be_first(v, OBJECT_AGENT, AGENT_BY_NAME, &name, agent->id, "name");
	must_be_first(v, OBJECT_AGENT, AGENT_BY_ADDRESS, &address, agent->id, "address");
	if (agent->role == REC__ROLE__ROLE_NONE)
		found(v, "it has no role");
}

static void verify_customer(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Customer *customer = (const Rec__Customer *)message;
	must_exist(v, OBJECT_SHOP, customer->shop, "shop");
	must_exist(v, OBJECT_CUSTOMER, customer->parent, "parent");
	must_exist(v, OBJECT_CUSTOMER, customer->merged_into, "merged_into");
	if (customer->accounts_id[0]) {
		struct store_key key = {.len = 0};
		object_key_folded(&key, slice_str(customer->accounts_id));
		must_be_first(v, OBJECT_CUSTOMER, CUSTOMER_BY_ACCOUNTS, &key, customer->id,
			      "accounts id");
	}
	for (size_t i = 0; i < customer->n_external_ids && !customer->merged_into; i++) {
		struct store_key key = {.len = 0};
		object_key_external(&key, customer->external_ids[i], "customer");
		must_be_first(v, OBJECT_CUSTOMER, CUSTOMER_BY_EXTERNAL, &key, customer->id,
			      "external id");
	}
}

/* Counted from the orders' index and not from the item, which is what is in doubt. */
static int64_t count_reserved(struct verify *v, struct slice sku)
{
	struct store_key key = {.len = 0};
	struct store_cursor *cursor;
	struct store_row row;
	int64_t pieces = 0;
	order_work_item(&key, sku);
	struct store_range range = {.prefix = store_key_slice(&key)};
	if (store_cursor_open(v->txn, objects[OBJECT_ORDER].table, ORDER_BY_WORK, &range, &cursor,
			      NULL) < 0)
		return 0;
	while (store_next(cursor, &row, NULL) > 0) {
		struct arena *a = arena_open();
		Rec__Order *order =
			(Rec__Order *)schema_unpack(a, &rec__order__descriptor, row.value, NULL);
		for (size_t i = 0; order && i < order->n_lines; i++)
			if (slice_eq(slice_str(order->lines[i]->sku), sku))
				pieces += order->lines[i]->reserved;
		arena_close(&a);
	}
	store_cursor_close(&cursor);
	return pieces;
}

/* RECORD.md 3.18, 3.19 */
static void verify_item(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Item *item = (const Rec__Item *)message;
	int64_t reserved = count_reserved(v, slice_str(item->sku));
	if (!item_adds_up(item))
		found(v, "its %lld on hand are not received - shipped + restocked - written off",
		      (long long)item->on_hand);
	if (item->reserved != reserved)
		found(v, "it counts %lld reserved, the lines of its orders %lld",
		      (long long)item->reserved, (long long)reserved);
	if (item->reserved > item->on_hand && item->reserved > 0)
		found(v, "%lld are reserved, %lld on hand", (long long)item->reserved,
		      (long long)item->on_hand);
}

/* order_save refuses all of this: what is found here was damaged, or is a mistake of ours. */
static void verify_line(struct verify *v, const Rec__Order *order, const Rec__Line *line)
{
	const char *label = line_label(v->a, line);
	if (order_line(order, line->number, line->split) != line)
		found(v, "there are two lines %s", label);
	if (line->state <= REC__LINE_STATE__LINE_STATE_NONE ||
	    (unsigned)line->state >= LINE_STATE_COUNT)
		found(v, "line %s has no state", label);
	/* RECORD.md 3.18 */
	if (line->reserved < 0 || (line->reserved > 0 && line->reserved > line->quantity))
		found(v, "line %s reserves more than its quantity", label);
	if (line->reserved && line_is_final(line->state))
		found(v, "line %s is final and reserves stock", label);
}

static void verify_order(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Order *order = (const Rec__Order *)message;
	struct order_totals totals;
	struct err e = {.class = ERR_NONE};
	must_have(v, OBJECT_CUSTOMER, order->customer, "customer");
	must_exist(v, OBJECT_SHOP, order->shop, "shop");
	must_exist(v, OBJECT_ORDER, order->merged_into, "merged_into");
	for (size_t i = 0; i < order->n_lines; i++)
		verify_line(v, order, order->lines[i]);
	if (order_totals(order, &totals, &e) < 0)
		found(v, "its totals: %s", e.text);
	for (size_t i = 0; i < order->n_external_ids; i++) {
		struct store_key key = {.len = 0};
		object_key_external(&key, order->external_ids[i], "order");
		must_be_first(v, OBJECT_ORDER, ORDER_BY_EXTERNAL, &key, order->id, "external id");
	}
}

/* Counted from the index and not from the thread, which is what is in doubt. */
static uint64_t count_messages(struct verify *v, uint64_t thread, uint64_t *last)
{
	struct store_key key = {.len = 0};
	struct store_cursor *cursor;
	struct store_row row;
	uint64_t n = 0;
	store_key_u64(&key, thread);
	struct store_range range = {.prefix = store_key_slice(&key)};
	*last = 0;
	if (store_cursor_open(v->txn, objects[OBJECT_MESSAGE].table, MESSAGE_BY_THREAD, &range,
			      &cursor, NULL) < 0)
		return 0;
	while (store_next(cursor, &row, NULL) > 0) {
		store_key_take_u64(&row.primary_key, last);
		n++;
	}
	store_cursor_close(&cursor);
	return n;
}

static void verify_thread(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Thread *thread = (const Rec__Thread *)message;
	uint64_t last, n = count_messages(v, thread->id, &last);
	must_exist(v, OBJECT_CUSTOMER, thread->customer, "customer");
	must_exist(v, OBJECT_AGENT, thread->owner, "owner");
	must_exist(v, OBJECT_SHOP, thread->shop, "shop");
	must_exist(v, OBJECT_THREAD, thread->possible_thread, "possible_thread");
	must_exist(v, OBJECT_THREAD, thread->merged_into, "merged_into");
	for (size_t i = 0; i < thread->n_orders; i++)
		must_have(v, OBJECT_ORDER, thread->orders[i], "order");
	if ((unsigned)thread->state >= THREAD_STATE_COUNT)
		found(v, "it has no state");
	if (n != thread->message_count || last != thread->last_message)
		found(v, "it counts %llu messages up to %llu, there are %llu up to %llu",
		      (unsigned long long)thread->message_count,
		      (unsigned long long)thread->last_message, (unsigned long long)n,
		      (unsigned long long)last);
}

static void verify_message(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Message *mail = (const Rec__Message *)message;
	must_have(v, OBJECT_THREAD, mail->thread, "thread");
	must_exist(v, OBJECT_AGENT, mail->agent, "agent");
}

static void verify_history(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__History *row = (const Rec__History *)message;
	enum object_type type;
	uint64_t id;
	if (object_of_label(slice_str(row->object), &type, &id))
		must_exist(v, type, id, "object");
	must_exist(v, OBJECT_AGENT, row->agent, "agent");
}

static void (*const verifiers[OBJECT_TYPES])(struct verify *v, const ProtobufCMessage *message) = {
	[OBJECT_ITEM] = verify_item,	   [OBJECT_SHOP] = verify_shop,
	[OBJECT_AGENT] = verify_agent,	   [OBJECT_CUSTOMER] = verify_customer,
	[OBJECT_ORDER] = verify_order,	   [OBJECT_THREAD] = verify_thread,
	[OBJECT_MESSAGE] = verify_message, [OBJECT_HISTORY] = verify_history,
};

/*
 * What a transaction reads stays in its arena until it ends: so a table is
 * walked in many short ones.
 */
#define BATCH 1000

struct batch {
	struct verify *v;
	enum object_type type;
	struct store_key from; /* the key to go on with */
	bool done;
};

static void verify_row(struct verify *v, enum object_type type, const struct store_row *row)
{
	struct slice key = row->key;
	uint64_t id = 0;
	assert(type < OBJECT_TYPES);
	arena_clear(v->a);
	if (objects[type].series && store_key_take_u64(&key, &id))
		v->label = object_label(v->a, type, id);
	else
		v->label = arena_printf(v->a, "%s:%.*s", objects[type].name, SLICE_ARG(row->key));
	if (id > v->highest[type])
		v->highest[type] = id;
	const ProtobufCMessage *message =
		schema_unpack(v->a, objects[type].descriptor, row->value, NULL);
	if (!message)
		found(v, "it cannot be read");
	else if (verifiers[type])
		verifiers[type](v, message);
}

static int verify_batch(struct txn *txn, void *ctx, struct err *e)
{
	struct batch *batch = ctx;
	struct store_range range = {.from = store_key_slice(&batch->from)};
	struct store_cursor *cursor;
	struct store_row row;
	int got = 0;
	batch->v->txn = txn;
	if (store_cursor_open(txn, objects[batch->type].table, STORE_PRIMARY, &range, &cursor, e) <
	    0)
		return -1;
	for (int i = 0; i < BATCH && (got = store_next(cursor, &row, e)) > 0; i++) {
		verify_row(batch->v, batch->type, &row);
		/* The next batch begins with the first key behind this one. */
		batch->from.len = 0;
		store_key_bytes(&batch->from, row.key);
		store_key_u8(&batch->from, 0);
	}
	batch->done = got <= 0;
	store_cursor_close(&cursor);
	return got;
}

static int verify_table(struct store *store, struct verify *v, enum object_type type, struct err *e)
{
	struct batch batch = {.v = v, .type = type};
	while (!batch.done)
		if (store_run(store, STORE_SCAN, verify_batch, &batch, e) < 0)
			return -1;
	return 1;
}

/* Takes a number of each series, compares, and lets the transaction fail: nothing is taken. */
static int verify_series(struct txn *txn, void *ctx, struct err *e)
{
	struct verify *v = ctx;
	for (int type = 0; type < OBJECT_TYPES; type++) {
		uint64_t next;
		if (!objects[type].series || !v->highest[type])
			continue;
		if (store_series_next(txn, objects[type].series, objects[type].first, &next, e) < 0)
			return -1;
		v->label = objects[type].name;
		if (next <= v->highest[type])
			found(v, "the next number is %llu, but there is %llu already",
			      (unsigned long long)next, (unsigned long long)v->highest[type]);
	}
	v->compared = true;
	return err_set(e, ERR_TEMP, "series were compared");
}

int record_verify(struct store *store, store_report_fn *report, void *ctx, struct err *e)
{
	struct verify v = {.a = arena_open(), .report = report, .ctx = ctx};
	int got = 1;
	for (int type = 0; type < OBJECT_TYPES && got > 0; type++)
		if (type != OBJECT_JOB)
			got = verify_table(store, &v, (enum object_type)type, e);
	if (got > 0 && store_run(store, STORE_DEFERRED, verify_series, &v, e) < 0 && !v.compared)
		got = -1;
	arena_close(&v.a);
	return got < 0 ? -1 : v.findings == 0;
}
