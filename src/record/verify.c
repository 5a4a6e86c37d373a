/* SPDX-License-Identifier: ISC */
#include "record/verify.h"

#include <assert.h>

#include "record/shop_table.h"
#include "record/thread.h"
#include "verify_private.h"

void verify_found(struct verify *v, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(v->a, format, args);
	va_end(args);
	v->findings++;
	v->report(v->ctx, arena_printf(v->a, "%s: %s", v->label, text));
}

void verify_exists(struct verify *v, enum object_type type, uint64_t id, const char *field)
{
	if (id && !object_exists(v->txn, type, id))
		verify_found(v, "its %s %s is not there", field, object_label(v->a, type, id));
}

void verify_needs(struct verify *v, enum object_type type, uint64_t id, const char *field)
{
	if (!id)
		verify_found(v, "it has no %s", field);
	verify_exists(v, type, id, field);
}

void verify_first(struct verify *v, enum object_type type, int index, const struct store_key *key,
		  uint64_t id, const char *what)
{
	struct store_range range = {.prefix = store_key_slice(key)};
	struct store_row row;
	uint64_t other;
	if (store_first(v->txn, objects[type].table, index, &range, &row, NULL) <= 0 ||
	    !store_key_take_u64(&row.primary_key, &other))
		verify_found(v, "its %s does not find it", what);
	else if (other != id)
		verify_found(v, "its %s is that of %s too", what, object_label(v->a, type, other));
}

/* So deep is nothing that people made. */
#define CHAIN_MAX 1000

void verify_chain(struct verify *v, enum object_type type, uint64_t id, verify_next_fn *next,
		  const char *field)
{
	uint64_t at = id;
	for (int i = 0; i < CHAIN_MAX; i++) {
		ProtobufCMessage *message;
		if (object_load(v->txn, v->a, type, at, &message, NULL) <= 0 ||
		    !(at = next(message)))
			return;
		if (at == id)
			break;
	}
	verify_found(v, "its %s leads back to itself", field);
}

static void verify_shop(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Shop *shop = (const Rec__Shop *)message;
	if (money_exponent(slice_str(shop->currency)) < 0)
		verify_found(v, "\"%s\" is no currency", shop->currency);
}

static void verify_agent(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Agent *agent = (const Rec__Agent *)message;
	struct store_key name = {.len = 0}, address = {.len = 0};
	object_key_folded(&name, slice_str(agent->name));
	object_key_folded(&address, slice_str(agent->address));
	verify_first(v, OBJECT_AGENT, AGENT_BY_NAME, &name, agent->id, "name");
	verify_first(v, OBJECT_AGENT, AGENT_BY_ADDRESS, &address, agent->id, "address");
	if (agent->role == REC__ROLE__ROLE_NONE)
		verify_found(v, "it has no role");
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
	verify_exists(v, OBJECT_CUSTOMER, thread->customer, "customer");
	verify_exists(v, OBJECT_AGENT, thread->owner, "owner");
	verify_exists(v, OBJECT_SHOP, thread->shop, "shop");
	verify_exists(v, OBJECT_THREAD, thread->possible_thread, "possible_thread");
	verify_exists(v, OBJECT_THREAD, thread->merged_into, "merged_into");
	for (size_t i = 0; i < thread->n_orders; i++)
		verify_needs(v, OBJECT_ORDER, thread->orders[i], "order");
	if ((unsigned)thread->state >= THREAD_STATE_COUNT)
		verify_found(v, "it has no state");
	if (n != thread->message_count || last != thread->last_message)
		verify_found(v, "it counts %llu messages up to %llu, there are %llu up to %llu",
			     (unsigned long long)thread->message_count,
			     (unsigned long long)thread->last_message, (unsigned long long)n,
			     (unsigned long long)last);
}

static void verify_message(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Message *mail = (const Rec__Message *)message;
	verify_needs(v, OBJECT_THREAD, mail->thread, "thread");
	verify_exists(v, OBJECT_AGENT, mail->agent, "agent");
}

/* "O10042"; what is no object of ours (yet) is nothing to look for. */
static void verify_label(struct verify *v, const char *label)
{
	enum object_type type;
	uint64_t id;
	if (object_of_label(slice_str(label), &type, &id))
		verify_exists(v, type, id, "object");
}

static void verify_history(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__History *row = (const Rec__History *)message;
	verify_label(v, row->object);
	verify_exists(v, OBJECT_AGENT, row->agent, "agent");
}

static void verify_document(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Document *document = (const Rec__Document *)message;
	verify_label(v, document->object);
	verify_exists(v, OBJECT_AGENT, document->agent, "agent");
}

static void verify_file(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__File *file = (const Rec__File *)message;
	verify_label(v, file->object);
	verify_exists(v, OBJECT_MESSAGE, file->message, "message");
	verify_exists(v, OBJECT_AGENT, file->agent, "agent");
}

static void must_name(struct verify *v, enum shop_table table, const char *name)
{
	ProtobufCMessage *row;
	if (name[0] && shop_row_load(v->txn, v->a, table, slice_str(name), &row, NULL) == 0)
		verify_found(v, "its %s \"%s\" is not there", shop_table_title(table), name);
}

/* Customers and orders keep words whose row is gone; rows do not (shop_row_remove). */
static void verify_channel(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Channel *channel = (const Rec__Channel *)message;
	must_name(v, SHOP_TABLE_PRICE_LIST, channel->price_list);
	must_name(v, SHOP_TABLE_PAYMENT_TYPE, channel->payment_type);
	must_name(v, SHOP_TABLE_TERMS, channel->terms);
}

static verify_fn *const verifiers[OBJECT_TYPES] = {
	[OBJECT_SHOP] = verify_shop,	     [OBJECT_AGENT] = verify_agent,
	[OBJECT_ITEM] = verify_item,	     [OBJECT_CUSTOMER] = verify_customer,
	[OBJECT_ORDER] = verify_order,	     [OBJECT_THREAD] = verify_thread,
	[OBJECT_MESSAGE] = verify_message,   [OBJECT_HISTORY] = verify_history,
	[OBJECT_SHIPMENT] = verify_shipment, [OBJECT_DOCUMENT] = verify_document,
	[OBJECT_FILE] = verify_file,	     [OBJECT_CHANNEL] = verify_channel,
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
		verify_found(v, "it cannot be read");
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
			verify_found(v, "the next number is %llu, but there is %llu already",
				     (unsigned long long)next,
				     (unsigned long long)v->highest[type]);
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
