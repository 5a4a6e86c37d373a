/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "groups.h"
#include "record/customer.h"
#include "record/import.h"
#include "record/item.h"
#include "record/message.h"
#include "record/order_step.h"
#include "record/tables.h"
#include "record/thread.h"
#include "record/verify.h"

static int import(struct change *ch, const char *line, enum import_result *result, struct err *e)
{
	struct json *object;
	e->class = ERR_NONE;
	assert_int_equal(json_parse(ch->arena, slice_str(line), &object, NULL), 1);
	return record_import_object(ch, object, result, e);
}

static const struct {
	const char *line, *words;
} refused[] = {
	{"{\"name\":\"x\"}", "\"type\""},
	{"{\"type\":\"invoice\"}", "\"invoice\" is none of"},
	{"{\"type\":\"history\",\"object\":\"C1\"}", "\"history\" is none of"},
	{"{\"type\":\"customer\",\"nmae\":\"x\"}", "\"nmae\""},
	{"{\"type\":\"customer\",\"emails\":[\"no address\"]}", "\"emails\""},
	{"{\"type\":\"customer\",\"currency\":\"XXX\"}", "\"currency\""},
	{"{\"type\":\"order\"}", "\"customer\" is missing"},
	{"{\"type\":\"order\",\"customer\":\"C99999\"}", "\"customer\""},
	{"{\"type\":\"order\",\"customer\":\"who@example.org\"}",
	 "\"customer\": nobody is known as \"who@example.org\""},
	{"{\"type\":\"order\",\"customer\":\"C10001\",\"lines\":[{\"quantity\":1}]}",
	 "lines[0]: \"sku\""},
	{"{\"type\":\"order\",\"customer\":\"C10001\",\"lines\":[{\"sku\":\"A\"}]}",
	 "lines[0]: \"quantity\""},
	{"{\"type\":\"order\",\"customer\":\"C10001\",\"lines\":[{\"sku\":\"A\",\"quantity\":1,"
	 "\"number\":1},{\"sku\":\"B\",\"quantity\":1,\"number\":1}]}",
	 "lines[1]: there is a line 1 already"},
	{"{\"type\":\"order\",\"customer\":\"C10001\",\"currency\":\"eur\"}", "\"currency\""},
	{"{\"type\":\"order\",\"id\":\"O10001\",\"customer\":\"C10001\",\"lines\":[{\"number\":1,"
	 "\"sku\":\"A\",\"quantity\":1}]}",
	 "line 2 is missing"},
	{"{\"type\":\"agent\",\"name\":\"zoe\",\"address\":\"zoe@desk.example\"}", "no role"},
	{"{\"type\":\"thread\",\"customer\":\"C5\"}", "there is no customer C5"},
	{"{\"type\":\"message\",\"thread\":\"T5\"}", "there is no thread T5"},
	{"{\"type\":\"item\",\"name\":\"x\"}", "\"sku\""},
	{"{\"type\":\"customer\",\"shop\":9}", "\"shop\""},
	{"{\"type\":\"customer\",\"id\":\"C700\",\"external_ids\":[{\"channel\":\"amazon\","
	 "\"value\":\"A-1\"}]}",
	 "\"A-1\" of amazon is C10001 already"},
	{"{\"type\":\"order\",\"id\":\"O700\",\"customer\":\"C10001\",\"external_ids\":[{"
	 "\"channel\":\"web\",\"value\":\"W-77\"}]}",
	 "\"W-77\" of web is O10001 already"},
};

RECORD_TEST(test_import_names_the_member_at_fault)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		enum import_result result;
		struct err e;
		if (import(ch, refused[i].line, &result, &e) != -1)
			fail_msg("taken: %s", refused[i].line);
		fixture_error(&e, ERR_INPUT, refused[i].words);
	}
}

RECORD_TEST(test_import_again_is_unchanged)
{
	static const char line[] = "{\"type\":\"order\",\"customer\":\"C10001\",\"external_ids\":[{"
				   "\"channel\":\"web\","
				   "\"value\":\"W-9\"}],\"lines\":[{\"sku\":\"A\",\"quantity\":1,"
				   "\"unit_price\":100}]}";
	enum import_result result;
	struct err e;
	Rec__Order *order;
	assert_int_equal(import(ch, line, &result, &e), 1);
	assert_int_equal(result, IMPORT_CREATED);
	assert_int_equal(import(ch, line, &result, &e), 1);
	assert_int_equal(result, IMPORT_UNCHANGED);
	order_find_number(ch->txn, ch->arena, SLICE("W-9"), &order, &e);
	assert_string_equal(order->currency, "EUR");
	assert_int_equal(order->lines[0]->number, 1);
	assert_int_equal(order->lines[0]->state, REC__LINE_STATE__LINE_STATE_HAL);
	/* What was released since stays released. */
	assert_int_equal(order_release(ch, order->id, SLICE(""), &e), 1);
	assert_int_equal(import(ch, line, &result, &e), 1);
	assert_int_equal(result, IMPORT_UNCHANGED);
	order_find_number(ch->txn, ch->arena, SLICE("W-9"), &order, &e);
	assert_int_equal(order->lines[0]->state, REC__LINE_STATE__LINE_STATE_ANG);
}

RECORD_TEST(test_import_knows_a_customer_by_address)
{
	static const char line[] = "{\"type\":\"customer\",\"name\":\"Eve\",\"emails\":"
				   "[\"eve@example.org\"]}";
	enum import_result result;
	struct err e;
	assert_int_equal(import(ch, line, &result, &e), 1);
	assert_int_equal(result, IMPORT_CREATED);
	assert_int_equal(import(ch, line, &result, &e), 1);
	assert_int_equal(result, IMPORT_UNCHANGED);
}

RECORD_TEST(test_import_changes_only_what_it_names)
{
	enum import_result result;
	struct err e;
	Rec__Customer *customer;
	assert_int_equal(import(ch, "{\"type\":\"customer\",\"id\":\"C10001\",\"group\":\"vip\"}",
				&result, &e),
			 1);
	assert_int_equal(result, IMPORT_UPDATED);
	customer_load(ch->txn, ch->arena, 10001, &customer, &e);
	assert_string_equal(customer->group, "vip");
	assert_string_equal(customer->name, "Jo Jansen");
	assert_int_equal(customer->n_emails, 2);
	assert_string_equal(fixture_history(ch, "C10001")->event, "import");
}

RECORD_TEST(test_import_of_a_locked_customers_order_waits)
{
	Rec__Order *order;
	struct err e;
	order_load(ch->txn, ch->arena, 10003, &order, &e);
	assert_int_equal(order->lines[0]->state, REC__LINE_STATE__LINE_STATE_HAL);
}

RECORD_TEST(test_import_moves_series_behind_its_ids)
{
	enum import_result result;
	struct err e;
	Rec__Customer *customer;
	assert_int_equal(import(ch, "{\"type\":\"customer\",\"id\":\"C500000\",\"name\":\"a\"}",
				&result, &e),
			 1);
	assert_int_equal(
		import(ch, "{\"type\":\"customer\",\"name\":\"b\",\"emails\":[\"b@b.example\"]}",
		       &result, &e),
		1);
	assert_int_equal(
		customer_find_address(ch->txn, ch->arena, SLICE("b@b.example"), &customer, &e), 1);
	assert_int_equal(customer->id, 500001);
	assert_int_equal(
		import(ch, "{\"type\":\"customer\",\"id\":\"C7\",\"name\":\"c\"}", &result, &e), 1);
	assert_int_equal(
		import(ch, "{\"type\":\"customer\",\"name\":\"d\",\"emails\":[\"d@b.example\"]}",
		       &result, &e),
		1);
	customer_find_address(ch->txn, ch->arena, SLICE("d@b.example"), &customer, &e);
	assert_int_equal(customer->id, 500002);
}

/* ---- export ---- */

static int collect(void *ctx, const struct json *object, struct err *e)
{
	struct buf *out = ctx;
	(void)e;
	json_put(out, object);
	buf_putc(out, '\n');
	return 1;
}

static void add_mail(struct change *ch)
{
	Rec__Thread *thread;
	Rec__Message message;
	struct err e;
	thread_load(ch->txn, ch->arena, 10001, &thread, &e);
	rec__message__init(&message);
	message.message_id = arena_str(ch->arena, SLICE("in@x"));
	message.subject = arena_str(ch->arena, SLICE("Wo ist die Kanne? \xc3\xa4\xc3\xb6\xc3\xbc"));
	assert_int_equal(message_create(ch, thread, &message, &e), 1);
}

/* Something of every other type; a customer whose parent has a higher number. */
static void add_rest(struct change *ch)
{
	fixture_import(
		ch,
		"{\"type\":\"payment_type\",\"name\":\"bank\",\"orderline_status\":\"HAL\","
		"\"remind_days\":[7,14]}\n"
		"{\"type\":\"terms\",\"name\":\"30d\",\"days\":30}\n"
		"{\"type\":\"price_list\",\"name\":\"web\",\"currency\":\"EUR\"}\n"
		"{\"type\":\"channel\",\"name\":\"a\",\"price_list\":\"web\",\"terms\":\"30d\"}\n"
		"{\"type\":\"season\",\"name\":\"SS27\",\"starts_at\":\"2027-01-15T00:00:00Z\"}\n"
		"{\"type\":\"vat_rate\",\"country\":\"NL\",\"name\":\"standard\",\"vat_rate\":"
		"210000}\n"
		"{\"type\":\"item\",\"sku\":\"MUG\",\"received\":9,\"shipped\":2,\"on_hand\":7,"
		"\"prices\":[{\"list\":\"web\",\"currency\":\"EUR\",\"amount\":900}]}\n"
		"{\"type\":\"customer\",\"name\":\"Agency\",\"kind\":\"agent\",\"emails\":"
		"[\"agency@example.org\"]}\n"
		"{\"type\":\"customer\",\"id\":\"C10003\",\"parent\":\"C10004\"}\n"
		"{\"type\":\"order\",\"id\":\"O10006\",\"customer\":\"C10001\",\"lines\":[{"
		"\"number\":1,\"sku\":\"CUP-1\",\"quantity\":1,\"state\":\"AUS\",\"shipment\":"
		"\"S10001\"}]}\n"
		"{\"type\":\"shipment\",\"customer\":\"C10001\",\"order\":\"O10006\",\"state\":"
		"\"shipped\",\"shipped_at\":\"2026-02-27T09:00:00Z\",\"lines\":[{\"number\":1,"
		"\"sku\":\"CUP-1\",\"quantity\":1}],\"tracking\":[{\"carrier\":\"dhl\",\"code\":"
		"\"JVGL1\"}]}\n"
		"{\"type\":\"document\",\"object\":\"O10004\",\"kind\":\"pick_note\"}\n"
		"{\"type\":\"file\",\"object\":\"O10004\",\"name\":\"a.png\",\"size\":3}");
}

static struct buf first, second;

static int collect_one(void *ctx, const struct json *object, struct err *e)
{
	return collect(ctx, object, e) - 1;
}

static void export_into(struct change *ch, struct buf *out)
{
	struct record_place place = {.table = 0};
	struct buf pages;
	struct err e;
	int more;
	buf_init(out, 1 << 20);
	if (record_export(ch->txn, &place, collect, out, &e) != 1)
		fail_msg("%s", e.text);
	/* In pages of one object it is the same. */
	place = (struct record_place){.table = 0};
	buf_init(&pages, 1 << 20);
	while ((more = record_export(ch->txn, &place, collect_one, &pages, &e)) == 0)
		;
	assert_int_equal(more, 1);
	assert_string_equal(buf_str(&pages), buf_str(out));
	buf_release(&pages);
}

static void export_first(struct change *ch)
{
	export_into(ch, &first);
}

static void export_second(struct change *ch)
{
	export_into(ch, &second);
}

static void import_first(struct change *ch)
{
	fixture_import(ch, buf_str(&first));
}

static void test_import_of_export_is_the_identity(void **state)
{
	static const char *const types[] = {
		"payment_type", "terms",    "price_list", "channel",  "season", "vat_rate",
		"shop",		"agent",    "item",	  "customer", "order",	"thread",
		"message",	"shipment", "document",	  "file",
	};
	void *other;
	fixture_do(*state, add_mail);
	fixture_do(*state, add_rest);
	fixture_do(*state, export_first);
	fixture_setup_empty(&other);
	fixture_do(other, import_first);
	fixture_do(other, export_second);
	assert_string_equal(buf_str(&first), buf_str(&second));
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		char start[60];
		snprintf(start, sizeof(start), "{\"type\":\"%s\"", types[i]);
		if (slice_find(buf_slice(&first), slice_str(start)) < 0)
			fail_msg("no %s is exported", types[i]);
	}
	fixture_teardown(&other);
	buf_release(&first);
	buf_release(&second);
}

/* ---- verify ---- */

static void report(void *ctx, const char *finding)
{
	buf_printf(ctx, "%s\n", finding);
}

static void expect_findings(struct fixture *f, const char *words)
{
	struct buf findings;
	struct err e;
	buf_init(&findings, 1 << 16);
	int got = record_verify(f->store, report, &findings, &e);
	if (got != (words ? 0 : 1))
		fail_msg("%d: %s", got, buf_str(&findings));
	if (words && !strstr(buf_str(&findings), words))
		fail_msg("\"%s\" is not in: %s", words, buf_str(&findings));
	buf_release(&findings);
}

/* Writes what no public function would. */
static void put(struct change *ch, const struct store_table *table, uint64_t id,
		const ProtobufCMessage *message)
{
	struct store_key key = {.len = 0};
	struct err e;
	store_key_u64(&key, id);
	if (store_put(ch->txn, table, store_key_slice(&key), schema_pack_in(ch->arena, message),
		      &e) < 0)
		fail_msg("%s", e.text);
}

static const struct store_table *table_of(const char *name)
{
	for (size_t i = 0; i < RECORD_TABLES; i++)
		if (strcmp(record_tables[i]->name, name) == 0)
			return record_tables[i];
	fail_msg("no table %s", name);
	return NULL;
}

static void break_order(struct change *ch)
{
	Rec__Order *order;
	order_load(ch->txn, ch->arena, 10001, &order, NULL);
	order->id = 10099;
	order->customer = 77777;
	order->lines[0]->state = (Rec__LineState)44;
	order->lines[2]->number = 2;
	put(ch, table_of("order"), 10099, &order->base);
}

static void break_thread(struct change *ch)
{
	Rec__Thread *thread;
	thread_load(ch->txn, ch->arena, 10002, &thread, NULL);
	thread->message_count = 7;
	thread->owner = 55;
	put(ch, table_of("thread"), 10002, &thread->base);
}

static void break_item(struct change *ch)
{
	Rec__Item *item;
	struct err e;
	item_load(ch->txn, ch->arena, SLICE("CUP-1"), &item, NULL);
	item->on_hand = 3;
	item->reserved = 4;
	if (store_put(ch->txn, table_of("item"), SLICE("CUP-1"),
		      schema_pack_in(ch->arena, &item->base), &e) < 0)
		fail_msg("%s", e.text);
}

static void break_rest(struct change *ch)
{
	Rec__Message message;
	Rec__History row;
	char object[] = "C666", broken[] = "agent:99";
	rec__message__init(&message);
	message.id = 900;
	message.thread = 4711;
	put(ch, table_of("message"), 900, &message.base);
	rec__history__init(&row);
	row.id = 9000;
	row.object = object;
	put(ch, table_of("history"), 9000, &row.base);
	row.id = 9001;
	row.object = broken;
	put(ch, table_of("history"), 9001, &row.base);
}

static void test_verify_finds_what_is_broken(void **state)
{
	static const char *const findings[] = {
		"O10099: its customer C77777 is not there",
		"O10099: line 1 has no state",
		"O10099: there are two lines 2",
		"O10099: its external id is that of O10001 too",
		"T10002: it counts 7 messages",
		"T10002: its owner agent:55 is not there",
		"message:900: its thread T4711 is not there",
		"history:9000: its object C666 is not there",
		"history:9001: its object agent:99 is not there",
		"order: the next number is 10007, but there is 10099 already",
		"item:CUP-1: its 3 on hand are not received",
		"item:CUP-1: it counts 4 reserved, the lines of its orders 0",
		"item:CUP-1: 4 are reserved, 3 on hand",
	};
	struct fixture *f = *state;
	expect_findings(f, NULL);
	fixture_do(f, break_order);
	fixture_do(f, break_thread);
	fixture_do(f, break_item);
	fixture_do(f, break_rest);
	for (size_t i = 0; i < sizeof(findings) / sizeof(findings[0]); i++)
		expect_findings(f, findings[i]);
}

int run_import_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_import_names_the_member_at_fault),
		cmocka_unit_test(test_import_again_is_unchanged),
		cmocka_unit_test(test_import_knows_a_customer_by_address),
		cmocka_unit_test(test_import_changes_only_what_it_names),
		cmocka_unit_test(test_import_of_a_locked_customers_order_waits),
		cmocka_unit_test(test_import_moves_series_behind_its_ids),
		cmocka_unit_test(test_import_of_export_is_the_identity),
		cmocka_unit_test(test_verify_finds_what_is_broken),
	};
	return cmocka_run_group_tests_name("import", tests, fixture_setup, fixture_teardown);
}
