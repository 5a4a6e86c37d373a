/* SPDX-License-Identifier: ISC */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench_record.h"
#include "record/order.h"
#include "record/tables.h"

/*
 * The same records in SQLite: each as its packed message under its number, what
 * is asked for indexed, FTS5 with trigrams for parts of names (we have words of
 * mails, streets, notes and more in ours, it has not), a write-ahead
 * log that is flushed at each commit, and the same memory for its cache.
 */
static const char schema[] =
	"PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	"PRAGMA cache_size=-262144;"
	"CREATE TABLE customer(id INTEGER PRIMARY KEY, data BLOB);"
	"CREATE TABLE mail(mail TEXT, id INTEGER, PRIMARY KEY(mail, id)) WITHOUT ROWID;"
	"CREATE TABLE orders(id INTEGER PRIMARY KEY, data BLOB);"
	"CREATE TABLE by_customer(customer INTEGER, at INTEGER, id INTEGER,"
	" PRIMARY KEY(customer, at, id)) WITHOUT ROWID;"
	"CREATE TABLE external(value TEXT, channel TEXT, id INTEGER,"
	" PRIMARY KEY(value, channel, id)) WITHOUT ROWID;"
	"CREATE TABLE state(state INTEGER, id INTEGER, PRIMARY KEY(state, id)) WITHOUT ROWID;"
	"CREATE TABLE shipment(id INTEGER PRIMARY KEY, data BLOB);"
	"CREATE TABLE tracking(code TEXT, id INTEGER, PRIMARY KEY(code, id)) WITHOUT ROWID;"
	"CREATE TABLE history(id INTEGER PRIMARY KEY, object TEXT, data BLOB);"
	"CREATE INDEX history_object ON history(object);"
	"CREATE VIRTUAL TABLE part USING fts5(name, content='',"
	" tokenize='trigram');";

enum statement {
	PUT_CUSTOMER,
	PUT_MAIL,
	PUT_ORDER,
	PUT_BY_CUSTOMER,
	PUT_EXTERNAL,
	PUT_STATE,
	DROP_STATE,
	PUT_SHIPMENT,
	PUT_TRACKING,
	PUT_HISTORY,
	PUT_PART,
	GET_CUSTOMER,
	GET_ORDER,
	FIND_MAIL,
	FIND_EXTERNAL,
	FIND_TRACKING,
	FIND_ORDERS,
	FIND_PART,
	FIND_HELD,
	BEGIN,
	COMMIT,
	STATEMENTS,
};

static const char *const texts[STATEMENTS] = {
	[PUT_CUSTOMER] = "INSERT INTO customer VALUES(?,?)",
	[PUT_MAIL] = "INSERT OR IGNORE INTO mail VALUES(?,?)",
	[PUT_ORDER] = "INSERT OR REPLACE INTO orders VALUES(?,?)",
	[PUT_BY_CUSTOMER] = "INSERT INTO by_customer VALUES(?,?,?)",
	[PUT_EXTERNAL] = "INSERT OR IGNORE INTO external VALUES(?,?,?)",
	[PUT_STATE] = "INSERT OR IGNORE INTO state VALUES(?,?)",
	[DROP_STATE] = "DELETE FROM state WHERE state=? AND id=?",
	[PUT_SHIPMENT] = "INSERT INTO shipment VALUES(?,?)",
	[PUT_TRACKING] = "INSERT OR IGNORE INTO tracking VALUES(?,?)",
	[PUT_HISTORY] = "INSERT INTO history(object,data) VALUES(?,?)",
	[PUT_PART] = "INSERT INTO part(rowid,name) VALUES(?,?)",
	[GET_CUSTOMER] = "SELECT data FROM customer WHERE id=?",
	[GET_ORDER] = "SELECT data FROM orders WHERE id=?",
	[FIND_MAIL] = "SELECT data FROM customer WHERE id=(SELECT id FROM mail WHERE mail=?)",
	[FIND_EXTERNAL] =
		"SELECT data FROM orders WHERE id=(SELECT id FROM external WHERE value=?)",
	[FIND_TRACKING] =
		"SELECT data FROM shipment WHERE id=(SELECT id FROM tracking WHERE code=?)",
	[FIND_ORDERS] = ("SELECT o.data FROM by_customer c JOIN orders o ON o.id=c.id WHERE "
			 "c.customer=? ORDER BY c.at LIMIT 50"),
	[FIND_PART] = "SELECT rowid FROM part WHERE part MATCH ?",
	[FIND_HELD] = "SELECT id FROM state WHERE state=2 ORDER BY id LIMIT 1000",
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
};

struct rival {
	struct bench bench;
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];
	struct arena *a;
};

static void must(struct rival *r, int got, int wanted)
{
	if (got == wanted)
		return;
	fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(r->db));
	exit(1);
}

static sqlite3_stmt *use(struct rival *r, enum statement which)
{
	sqlite3_reset(r->statements[which]);
	return r->statements[which];
}

static void do_it(struct rival *r, sqlite3_stmt *s)
{
	must(r, sqlite3_step(s), SQLITE_DONE);
	sqlite3_reset(s);
}

static void bind_text(sqlite3_stmt *s, int at, struct slice text)
{
	sqlite3_bind_text(s, at, text.ptr, (int)text.len, SQLITE_STATIC);
}

static void open_db(struct rival *r, const char *path)
{
	must(r, sqlite3_open(path, &r->db), SQLITE_OK);
	must(r, sqlite3_exec(r->db, schema, NULL, NULL, NULL), SQLITE_OK);
	for (int i = 0; i < STATEMENTS; i++)
		must(r, sqlite3_prepare_v2(r->db, texts[i], -1, &r->statements[i], NULL),
		     SQLITE_OK);
}

/* ---- taking the shop over ---- */

static struct slice folded(struct rival *r, const char *text)
{
	struct buf out;
	buf_init(&out, strlen(text) * 18 + 16);
	text_put_folded(&out, slice_str(text));
	struct slice made = arena_copy(r->a, buf_slice(&out));
	buf_release(&out);
	return made;
}

static void put_data(struct rival *r, enum statement which, uint64_t id, struct slice data)
{
	sqlite3_stmt *s = use(r, which);
	sqlite3_bind_int64(s, 1, (sqlite3_int64)id);
	sqlite3_bind_blob(s, 2, data.ptr, (int)data.len, SQLITE_STATIC);
	do_it(r, s);
}

static void put_pair(struct rival *r, enum statement which, struct slice text, uint64_t id)
{
	sqlite3_stmt *s = use(r, which);
	bind_text(s, 1, text);
	sqlite3_bind_int64(s, 2, (sqlite3_int64)id);
	do_it(r, s);
}

static void put_history(struct rival *r, char letter, uint64_t id)
{
	sqlite3_stmt *s = use(r, PUT_HISTORY);
	bind_text(s, 1, slice_str(arena_printf(r->a, "%c%llu", letter, (unsigned long long)id)));
	sqlite3_bind_blob(s, 2, "created by the import, at that moment", 37, SQLITE_STATIC);
	do_it(r, s);
}

static void put_customer(struct rival *r, const Rec__Customer *c, struct slice data)
{
	sqlite3_stmt *s = use(r, PUT_PART);
	struct buf names;
	put_data(r, PUT_CUSTOMER, c->id, data);
	put_pair(r, PUT_MAIL, folded(r, c->emails[0]), c->id);
	put_history(r, 'C', c->id);
	buf_init(&names, 4096);
	buf_printf(&names, "%s\n%s\n%s", c->name, c->company, c->trading_name);
	sqlite3_bind_int64(s, 1, (sqlite3_int64)c->id);
	bind_text(s, 2, folded(r, buf_str(&names)));
	do_it(r, s);
	buf_release(&names);
}

static void put_states(struct rival *r, const Rec__Order *order)
{
	for (size_t i = 0; i < order->n_lines; i++) {
		sqlite3_stmt *s = use(r, PUT_STATE);
		if (order->lines[i]->state == REC__LINE_STATE__LINE_STATE_AUS)
			continue;
		sqlite3_bind_int(s, 1, (int)order->lines[i]->state);
		sqlite3_bind_int64(s, 2, (sqlite3_int64)order->id);
		do_it(r, s);
	}
}

static void put_order(struct rival *r, const Rec__Order *order, struct slice data)
{
	sqlite3_stmt *s = use(r, PUT_BY_CUSTOMER);
	put_data(r, PUT_ORDER, order->id, data);
	sqlite3_bind_int64(s, 1, (sqlite3_int64)order->customer);
	sqlite3_bind_int64(s, 2, order->ordered_at);
	sqlite3_bind_int64(s, 3, (sqlite3_int64)order->id);
	do_it(r, s);
	put_states(r, order);
	put_history(r, 'O', order->id);
	for (size_t i = 0; i < order->n_external_ids; i++) {
		s = use(r, PUT_EXTERNAL);
		bind_text(s, 1, slice_str(order->external_ids[i]->value));
		bind_text(s, 2, slice_str(order->external_ids[i]->channel));
		sqlite3_bind_int64(s, 3, (sqlite3_int64)order->id);
		do_it(r, s);
	}
}

static void put_shipment(struct rival *r, const Rec__Shipment *shipment, struct slice data)
{
	put_data(r, PUT_SHIPMENT, shipment->id, data);
	put_history(r, 'S', shipment->id);
	for (size_t i = 0; i < shipment->n_tracking; i++)
		put_pair(r, PUT_TRACKING, folded(r, shipment->tracking[i]->code), shipment->id);
}

struct copying {
	struct rival *r;
	const char *table;
	const ProtobufCMessageDescriptor *type;
	struct store_key from;
	uint64_t done;
};

static void put_row(struct rival *r, const ProtobufCMessage *message, struct slice data)
{
	if (message->descriptor == &rec__customer__descriptor)
		put_customer(r, (const Rec__Customer *)message, data);
	else if (message->descriptor == &rec__order__descriptor)
		put_order(r, (const Rec__Order *)message, data);
	else
		put_shipment(r, (const Rec__Shipment *)message, data);
}

static const struct store_table *table_of(const char *name)
{
	for (size_t i = 0; i < RECORD_TABLES; i++)
		if (strcmp(record_tables[i]->name, name) == 0)
			return record_tables[i];
	abort();
}

static int copy_some(struct txn *txn, void *ctx, struct err *e)
{
	struct copying *copying = ctx;
	struct store_range range = {.from = store_key_slice(&copying->from)};
	struct store_cursor *cursor;
	struct store_row row;
	int got =
		store_cursor_open(txn, table_of(copying->table), STORE_PRIMARY, &range, &cursor, e);
	for (int i = 0; i < 1000 && got > 0 && (got = store_next(cursor, &row, e)) > 0; i++) {
		arena_clear(copying->r->a);
		put_row(copying->r, schema_unpack(copying->r->a, copying->type, row.value, e),
			row.value);
		copying->from.len = 0;
		store_key_bytes(&copying->from, row.key);
		store_key_u8(&copying->from, 0);
		copying->done++;
	}
	return got;
}

static void copy(struct rival *r, const char *table, const ProtobufCMessageDescriptor *type)
{
	struct copying copying = {.r = r, .table = table, .type = type};
	struct err e;
	int got;
	do {
		do_it(r, use(r, BEGIN));
		got = store_run(r->bench.store, STORE_SCAN, copy_some, &copying, &e);
		bench_must(got, &e);
		do_it(r, use(r, COMMIT));
	} while (got > 0);
}

static void import(struct rival *r)
{
	double begun = bench_now();
	/* In bulk nobody flushes at each step. */
	must(r, sqlite3_exec(r->db, "PRAGMA synchronous=NORMAL", NULL, NULL, NULL), SQLITE_OK);
	copy(r, "customer", &rec__customer__descriptor);
	copy(r, "order", &rec__order__descriptor);
	copy(r, "shipment", &rec__shipment__descriptor);
	must(r, sqlite3_exec(r->db, "PRAGMA synchronous=FULL", NULL, NULL, NULL), SQLITE_OK);
	double seconds = bench_now() - begun;
	printf("bench-record sqlite what=import customers=%llu orders-per-customer=%llu "
	       "seconds=%.1f customers-per-second=%.0f\n",
	       (unsigned long long)r->bench.customers, (unsigned long long)r->bench.orders, seconds,
	       (double)r->bench.customers / seconds);
}

/* ---- lookups ---- */

static const ProtobufCMessage *column(struct rival *r, sqlite3_stmt *s,
				      const ProtobufCMessageDescriptor *type)
{
	struct err e;
	struct slice data = slice_of(sqlite3_column_blob(s, 0), (size_t)sqlite3_column_bytes(s, 0));
	const ProtobufCMessage *message = schema_unpack(r->a, type, data, &e);
	bench_must(message ? 1 : -1, &e);
	return message;
}

static const ProtobufCMessage *get(struct rival *r, enum statement which, uint64_t id,
				   const ProtobufCMessageDescriptor *type)
{
	sqlite3_stmt *s = use(r, which);
	sqlite3_bind_int64(s, 1, (sqlite3_int64)id);
	return sqlite3_step(s) == SQLITE_ROW ? column(r, s, type) : NULL;
}

static void timed_text(struct rival *r, enum statement which, struct slice text,
		       const ProtobufCMessageDescriptor *type, struct bench_times *times)
{
	bench_begin(times);
	sqlite3_stmt *s = use(r, which);
	bind_text(s, 1, text);
	if (sqlite3_step(s) == SQLITE_ROW)
		column(r, s, type);
	sqlite3_reset(s);
	bench_end(times);
}

static void timed_id(struct rival *r, uint64_t id, struct bench_times *times)
{
	bench_begin(times);
	get(r, GET_ORDER, id, &rec__order__descriptor);
	sqlite3_reset(r->statements[GET_ORDER]);
	bench_end(times);
}

static void timed_orders(struct rival *r, uint64_t customer, struct bench_times *times)
{
	bench_begin(times);
	sqlite3_stmt *s = use(r, FIND_ORDERS);
	sqlite3_bind_int64(s, 1, (sqlite3_int64)customer);
	while (sqlite3_step(s) == SQLITE_ROW)
		column(r, s, &rec__order__descriptor);
	sqlite3_reset(s);
	bench_end(times);
}

static void lookup_order(struct rival *r, const Rec__Order *order, struct bench_times *external,
			 struct bench_times *tracking)
{
	struct slice value =
		order->n_external_ids ? slice_str(order->external_ids[0]->value) : SLICE("none");
	struct slice code = order->n_tracking ? folded(r, order->tracking[0]->code) : SLICE("none");
	timed_text(r, FIND_EXTERNAL, value, &rec__order__descriptor, external);
	timed_text(r, FIND_TRACKING, code, &rec__shipment__descriptor, tracking);
}

static void lookups(struct rival *r)
{
	struct bench_times id = {.n = 0}, mail = {.n = 0}, external = {.n = 0};
	struct bench_times tracking = {.n = 0}, orders = {.n = 0};
	uint64_t state = 1;
	for (int i = 0; i < BENCH_LOOKUPS; i++) {
		arena_clear(r->a);
		uint64_t customer = bench_customer(&r->bench, &state);
		const Rec__Customer *c = (const Rec__Customer *)get(r, GET_CUSTOMER, customer,
								    &rec__customer__descriptor);
		timed_text(r, FIND_MAIL, folded(r, c->emails[0]), &rec__customer__descriptor,
			   &mail);
		if (!r->bench.last_order)
			continue;
		const Rec__Order *order = (const Rec__Order *)get(
			r, GET_ORDER, bench_order(&r->bench, &state), &rec__order__descriptor);
		timed_id(r, bench_order(&r->bench, &state), &id);
		lookup_order(r, order, &external, &tracking);
		timed_orders(r, customer, &orders);
	}
	bench_tell(&r->bench, "order-by-id", &id, "");
	bench_tell(&r->bench, "customer-by-mail", &mail, "");
	bench_tell(&r->bench, "order-by-external-id", &external, "");
	bench_tell(&r->bench, "shipment-by-tracking", &tracking, "");
	bench_tell(&r->bench, "orders-of-customer", &orders, "");
}

/* ---- search ---- */

static uint64_t search(struct rival *r, const struct bench_question *question)
{
	uint64_t found = 0, page[50];
	sqlite3_stmt *s = use(r, FIND_PART);
	char match[128];
	snprintf(match, sizeof(match), "\"%s\"", question->text);
	bind_text(s, 1, slice_str(match));
	while (sqlite3_step(s) == SQLITE_ROW) {
		if (found < 50)
			page[found] = (uint64_t)sqlite3_column_int64(s, 0);
		found++;
	}
	sqlite3_reset(s);
	for (uint64_t i = 0; i < found && i < 50; i++)
		get(r, GET_CUSTOMER, page[i], &rec__customer__descriptor);
	return found;
}

static void searches(struct rival *r)
{
	struct bench_times times = {.n = 0};
	uint64_t state = 2, found = 0;
	char more[64];
	for (int i = 0; i < BENCH_SEARCHES; i++) {
		struct bench_question question;
		arena_clear(r->a);
		bench_question(&r->bench, &state, &question);
		bench_begin(&times);
		found += search(r, &question);
		bench_end(&times);
	}
	snprintf(more, sizeof(more), "found=%llu", (unsigned long long)found);
	bench_tell(&r->bench, "search-part", &times, more);
}

/* ---- release ---- */

static void release(struct rival *r, uint64_t id)
{
	do_it(r, use(r, BEGIN));
	Rec__Order *order = (Rec__Order *)(uintptr_t)get(r, GET_ORDER, id, &rec__order__descriptor);
	sqlite3_reset(r->statements[GET_ORDER]);
	get(r, GET_CUSTOMER, order->customer, &rec__customer__descriptor);
	sqlite3_reset(r->statements[GET_CUSTOMER]);
	for (size_t i = 0; i < order->n_lines; i++)
		if (order->lines[i]->state == REC__LINE_STATE__LINE_STATE_HAL)
			order->lines[i]->state = REC__LINE_STATE__LINE_STATE_ANG;
	sqlite3_stmt *s = use(r, DROP_STATE);
	sqlite3_bind_int(s, 1, REC__LINE_STATE__LINE_STATE_HAL);
	sqlite3_bind_int64(s, 2, (sqlite3_int64)id);
	do_it(r, s);
	put_data(r, PUT_ORDER, id, schema_pack_in(r->a, &order->base));
	put_states(r, order);
	put_history(r, 'O', id);
	do_it(r, use(r, COMMIT));
}

static void releases(struct rival *r)
{
	struct bench_times times = {.n = 0};
	uint64_t ids[1000];
	size_t n = 0;
	sqlite3_stmt *s = use(r, FIND_HELD);
	while (n < 1000 && sqlite3_step(s) == SQLITE_ROW)
		ids[n++] = (uint64_t)sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	for (size_t i = 0; i < n && i < BENCH_RELEASES; i++) {
		arena_clear(r->a);
		bench_begin(&times);
		release(r, ids[i]);
		bench_end(&times);
	}
	bench_tell(&r->bench, "release-durable", &times, "");
}

int main(int argc, char **argv)
{
	struct rival r = {.a = arena_open()};
	(void)argc;
	setvbuf(stdout, NULL, _IOLBF, 0);
	bench_open(&r.bench, "sqlite", argv);
	char *path = arena_printf(r.a, "%s.sqlite", r.bench.dir);
	path = mem_text(path);
	unlink(path);
	open_db(&r, path);
	import(&r);
	lookups(&r);
	searches(&r);
	releases(&r);
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(r.statements[i]);
	sqlite3_close(r.db);
	bench_close(&r.bench);
	bench_tell_size(&r.bench, path);
	free(path);
	arena_close(&r.a);
	return 0;
}
