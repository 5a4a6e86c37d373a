/* SPDX-License-Identifier: ISC */
#include "groups.h"
#include "record/agent.h"
#include "record/customer.h"
#include "record/customer_edit.h"
#include "record/customer_merge.h"
#include "record/document.h"
#include "record/history.h"
#include "record/job.h"
#include "record/order.h"
#include "record/shipment.h"
#include "record/thread.h"
#include "record/verify.h"

static const char twin[] =
	"{\"type\":\"customer\",\"id\":\"C10007\",\"name\":\"J. Jansen\",\"company\":\"Acme\","
	"\"emails\":[\"JO@example.org\",\"jj@example.net\"],\"phone\":\"+31 6 11111111\","
	"\"channel\":\"web\",\"locked\":true,\"locked_reason\":\"bills\",\"external_ids\":[{"
	"\"channel\":\"ebay\",\"value\":\"jj\"}],\"addresses\":[{\"roles\":[\"billing\"],\"lines\":"
	"[\"Street 1\"],\"city\":\"Utrecht\",\"country\":\"NL\"}],\"notes\":[{\"text\":\"likes "
	"tea\",\"created_at\":\"2026-01-01T00:00:00Z\"}],\"watch\":[{\"text\":\"Rings twice\"}]}\n"
	"{\"type\":\"order\",\"customer\":\"C10007\",\"ordered_at\":\"2026-01-05T09:00:00Z\","
	"\"lines\":[{\"sku\":\"CUP-1\",\"quantity\":1,\"unit_price\":1250}]}\n"
	"{\"type\":\"thread\",\"id\":\"T10077\",\"customer\":\"C10007\",\"subject\":\"Hi\"}\n";

static int merge(struct change *ch, uint64_t from, uint64_t to, struct customer_counts *counts,
		 struct err *e)
{
	const struct customer_merge pair = {.from = from, .to = to};
	return customer_merge(ch, &pair, counts, e);
}

static Rec__Customer *load(struct change *ch, uint64_t id)
{
	Rec__Customer *customer;
	assert_int_equal(customer_load(ch->txn, ch->arena, id, &customer, NULL), 1);
	return customer;
}

RECORD_TEST(test_MC_16_everything_is_the_targets_afterwards)
{
	struct customer_counts counts;
	struct customer_orders orders;
	Rec__Customer *found;
	Rec__Thread *thread;
	struct buf told;
	struct err e;
	fixture_import(ch, twin);
	if (merge(ch, 10007, 10001, &counts, &e) < 0)
		fail_msg("%s", e.text);
	buf_init(&told, 1000);
	customer_counts_put(&counts, &told);
	assert_string_equal(buf_str(&told), "1 order, 1 thread");
	buf_release(&told);
	const Rec__Customer *jo = load(ch, 10001);
	assert_string_equal(jo->name, "Jo Jansen");
	assert_string_equal(jo->company, "Acme");
	assert_string_equal(jo->channel, "");
	assert_int_equal(jo->n_emails, 3);
	assert_string_equal(jo->emails[2], "jj@example.net");
	assert_true(jo->locked);
	assert_string_equal(jo->locked_reason, "bills");
	assert_int_equal(jo->n_external_ids, 2);
	assert_int_equal(jo->n_addresses, 1);
	assert_int_equal(jo->n_watch, 2);
	assert_int_equal(jo->n_notes, 2);
	assert_string_equal(jo->notes[0]->text, "likes tea");
	assert_string_equal(jo->notes[1]->text, "C10007, merged into this one, had: name J. "
						"Jansen, phone +31 6 11111111, channel web");
	assert_int_equal(customer_orders(ch->txn, ch->arena, 10001, 100, &orders, &e), 1);
	assert_int_equal(orders.total, 5);
	assert_int_equal(thread_load(ch->txn, ch->arena, 10077, &thread, &e), 1);
	assert_int_equal(thread->customer, 10001);
	assert_int_equal(customer_resolve(ch->txn, ch->arena, 10007, &found, &e), 1);
	assert_int_equal(found->id, 10001);
	assert_int_equal(customer_find(ch->txn, ch->arena, SLICE("ebay:jj"), &found, &e), 1);
	assert_int_equal(found->id, 10001);
	assert_int_equal(customer_find(ch->txn, ch->arena, SLICE("jj@example.net"), &found, &e), 1);
	assert_int_equal(found->id, 10001);
}

RECORD_TEST(test_MC_16_the_tombstone_holds_nothing_personal)
{
	struct customer_counts counts;
	struct err e;
	fixture_import(ch, twin);
	assert_int_equal(merge(ch, 10007, 10001, &counts, &e), 1);
	const Rec__Customer *tombstone = load(ch, 10007);
	assert_int_equal(tombstone->merged_into, 10001);
	assert_string_equal(tombstone->name, "");
	assert_int_equal(tombstone->n_emails + tombstone->n_addresses + tombstone->n_notes, 0);
	const Rec__History *row = fixture_history(ch, "C10007");
	assert_string_equal(row->event, "merge");
	assert_string_equal(row->to_state, "merged");
	assert_string_equal(row->reason, "into C10001");
	assert_true(row->sealed && row->n_changes > 0);
	assert_string_equal(fixture_history(ch, "C10001")->reason, "from C10007");
	assert_string_equal(fixture_history(ch, "T10077")->reason, "C10007 was merged into C10001");
	assert_string_equal(ch->events->name, "customer.merged");
}

/* Whatever is done to the old number is done to the customer it became. */
RECORD_TEST(test_MC_16_the_old_number_can_be_worked_with)
{
	struct customer_counts counts;
	struct err e;
	fixture_import(ch, twin);
	assert_int_equal(merge(ch, 10007, 10001, &counts, &e), 1);
	assert_int_equal(customer_note(ch, 10007, SLICE("to whom?"), &e), 1);
	const Rec__Customer *jo = load(ch, 10001);
	assert_string_equal(jo->notes[jo->n_notes - 1]->text, "to whom?");
}

RECORD_TEST(test_MC_16_merges_of_merges_are_one_step)
{
	struct customer_counts counts;
	struct err e;
	fixture_import(ch, twin);
	assert_int_equal(merge(ch, 10007, 10003, &counts, &e), 1);
	assert_int_equal(merge(ch, 10003, 10001, &counts, &e), 1);
	assert_int_equal(counts.n[CUSTOMER_NAMED_TOMBSTONES], 1);
	assert_int_equal(load(ch, 10007)->merged_into, 10001);
	assert_int_equal(load(ch, 10003)->merged_into, 10001);
}

RECORD_TEST(test_MC_16_sub_customers_follow)
{
	struct customer_counts counts;
	struct err e;
	fixture_import(ch, "{\"type\":\"customer\",\"id\":\"C10008\",\"name\":\"A\",\"kind\":"
			   "\"agent\"}\n{\"type\":\"customer\",\"id\":\"C10009\",\"name\":\"B\","
			   "\"kind\":\"agent\",\"parent\":\"C10008\"}\n{\"type\":\"customer\","
			   "\"id\":\"C10010\",\"name\":\"C\",\"parent\":\"C10008\"}\n{\"type\":"
			   "\"customer\",\"id\":\"C10011\",\"name\":\"D\",\"kind\":\"agent\","
			   "\"parent\":\"C10009\"}\n");
	assert_int_equal(merge(ch, 10008, 10001, &counts, &e), -1);
	fixture_error(&e, ERR_INPUT, "C10008 has sub-customers, and C10001 is not of type agent");
	assert_int_equal(merge(ch, 10008, 10011, &counts, &e), -1);
	fixture_error(&e, ERR_INPUT, "C10011 is below C10008, through C10009");
	assert_int_equal(merge(ch, 10008, 10009, &counts, &e), 1);
	assert_int_equal(load(ch, 10009)->parent, 0);
	assert_int_equal(load(ch, 10010)->parent, 10009);
	assert_int_equal(load(ch, 10011)->parent, 10009);
}

RECORD_TEST(test_MC_16_documents_and_shipments_follow)
{
	Rec__Document document;
	Rec__Order *order;
	struct document_list documents;
	struct shipment_list shipments;
	struct customer_counts counts;
	struct err e;
	uint64_t id;
	rec__document__init(&document);
	document.object = arena_str(ch->arena, SLICE("C10002"));
	document.kind = arena_str(ch->arena, SLICE("statement"));
	document.name = arena_str(ch->arena, SLICE("C10002.pdf"));
	if (document_add(ch, &document, SLICE("%PDF"), &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(order_load(ch->txn, ch->arena, 10003, &order, &e), 1);
	const struct shipment_line line = {order->lines[0], 1};
	const struct shipment_new planned = {.order = order, .lines = &line, .n_lines = 1};
	if (shipment_make(ch, &planned, &id, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(merge(ch, 10002, 10001, &counts, &e), 1);
	assert_int_equal(counts.n[CUSTOMER_NAMED_DOCUMENTS], 1);
	assert_int_equal(counts.n[CUSTOMER_NAMED_SHIPMENTS], 1);
	assert_int_equal(document_of(ch->txn, ch->arena, SLICE("C10001"), 10, &documents, &e), 1);
	assert_int_equal(documents.total, 1);
	assert_int_equal(documents.items[0]->id, document.id);
	assert_int_equal(shipment_of_customer(ch->txn, ch->arena, 10001, 10, &shipments, &e), 1);
	assert_int_equal(shipments.total, 1);
	assert_int_equal(shipments.items[0]->id, id);
	assert_int_equal(shipment_of_customer(ch->txn, ch->arena, 10002, 10, &shipments, &e), 1);
	assert_int_equal(shipments.total, 0);
}

RECORD_TEST(test_MC_16_refusals)
{
	struct customer_counts counts;
	struct err e;
	fixture_import(ch, twin);
	assert_int_equal(merge(ch, 10001, 10001, &counts, &e), -1);
	fixture_error(&e, ERR_INPUT, "C10001 cannot be merged into itself");
	assert_int_equal(merge(ch, 10001, 99999, &counts, &e), -1);
	fixture_error(&e, ERR_INPUT, "there is no customer C99999");
	assert_int_equal(merge(ch, 10007, 10001, &counts, &e), 1);
	assert_int_equal(merge(ch, 10007, 10002, &counts, &e), -1);
	fixture_error(&e, ERR_INPUT, "C10007 was merged into C10001 already");
	assert_int_equal(merge(ch, 10002, 10007, &counts, &e), -1);
	fixture_error(&e, ERR_INPUT, "C10007 was merged into C10001 already");
}

RECORD_TEST(test_MC_16_different_debtor_codes_need_force)
{
	struct customer_merge pair = {.from = 10003, .to = 10001};
	struct customer_counts counts;
	struct err e;
	Rec__Customer *one = load(ch, 10001), *other = load(ch, 10003);
	one->accounts_id = arena_str(ch->arena, SLICE("D-1"));
	other->accounts_id = arena_str(ch->arena, SLICE("D-3"));
	assert_int_equal(customer_save(ch, one, "set", SLICE(""), &e), 1);
	assert_int_equal(customer_save(ch, other, "set", SLICE(""), &e), 1);
	assert_int_equal(customer_merge_check(ch->txn, ch->arena, &pair, &e), -1);
	fixture_error(&e, ERR_INPUT, "different accounts ids (D-3 and D-1)");
	fixture_error(&e, ERR_INPUT, "force=yes");
	pair.force = true;
	assert_int_equal(customer_merge(ch, &pair, &counts, &e), 1);
	assert_string_equal(load(ch, 10001)->accounts_id, "D-1");
}

/* ---- invariant 13 ---- */

struct sums {
	size_t orders, threads, live;
	int64_t goods;
};

/* Everything that names a customer, counted over all of them. */
static struct sums sums_of(struct change *ch, uint64_t first, uint64_t last)
{
	struct sums sums = {.orders = 0};
	for (uint64_t id = first; id <= last; id++) {
		struct customer_orders orders;
		struct thread_list threads;
		struct err e;
		const Rec__Customer *customer = load(ch, id);
		assert_int_equal(customer_orders(ch->txn, ch->arena, id, 1000, &orders, &e), 1);
		assert_int_equal(thread_of_customer(ch->txn, ch->arena, id, 1000, &threads, &e), 1);
		sums.orders += orders.n;
		sums.threads += threads.n;
		sums.live += !customer->merged_into;
		assert_true(!customer->merged_into || orders.n + threads.n == 0);
		for (size_t i = 0; i < orders.n; i++)
			sums.goods += orders.items[i]->lines[0]->unit_price;
	}
	return sums;
}

#define MANY 12 /* customers */
#define FIRST 20001

static void import_many(struct change *ch)
{
	for (uint64_t id = FIRST; id < FIRST + MANY; id++) {
		fixture_import(ch,
			       arena_printf(ch->arena,
					    "{\"type\":\"customer\",\"id\":\"C%llu\",\"emails\":"
					    "[\"c%llu@example.org\"],\"external_ids\":[{"
					    "\"channel\":\"web\",\"value\":\"%llu\"}]}\n"
					    "{\"type\":\"thread\",\"customer\":\"C%llu\"}\n",
					    (unsigned long long)id, (unsigned long long)id,
					    (unsigned long long)id, (unsigned long long)id));
		for (uint64_t i = 0; i < id % 4; i++)
			fixture_import(ch,
				       arena_printf(ch->arena,
						    "{\"type\":\"order\",\"customer\":\"C%llu\","
						    "\"lines\":[{\"sku\":\"CUP-1\",\"quantity\":1,"
						    "\"unit_price\":%llu}]}\n",
						    (unsigned long long)id,
						    (unsigned long long)(id * 7 + i)));
	}
}

/* A small generator of our own: the same merges everywhere. */
static uint64_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

/* Any merges in any order: all is there, of whoever is left, and every old name finds it. */
RECORD_TEST(test_13_MC_16_merges_conserve)
{
	uint64_t state = 1;
	import_many(ch);
	const struct sums before = sums_of(ch, FIRST, FIRST + MANY - 1);
	size_t live = MANY;
	for (int i = 0; i < 200 && live > 1; i++) {
		uint64_t from = FIRST + next_random(&state) % MANY;
		uint64_t to = FIRST + next_random(&state) % MANY;
		bool possible =
			from != to && !load(ch, from)->merged_into && !load(ch, to)->merged_into;
		struct customer_counts counts;
		struct err e;
		assert_int_equal(merge(ch, from, to, &counts, &e), possible ? 1 : -1);
		live -= possible;
		const struct sums now = sums_of(ch, FIRST, FIRST + MANY - 1);
		assert_int_equal(now.orders, before.orders);
		assert_int_equal(now.threads, before.threads);
		assert_int_equal(now.goods, before.goods);
		assert_int_equal(now.live, live);
	}
	assert_int_equal(live, 1);
	for (uint64_t id = FIRST; id < FIRST + MANY; id++) {
		Rec__Customer *one, *other, *third;
		char *address =
			arena_printf(ch->arena, "c%llu@example.org", (unsigned long long)id);
		char *external = arena_printf(ch->arena, "web:%llu", (unsigned long long)id);
		assert_int_equal(customer_resolve(ch->txn, ch->arena, id, &one, NULL), 1);
		assert_int_equal(
			customer_find(ch->txn, ch->arena, slice_str(address), &other, NULL), 1);
		assert_int_equal(
			customer_find(ch->txn, ch->arena, slice_str(external), &third, NULL), 1);
		assert_int_equal(one->id, other->id);
		assert_int_equal(one->id, third->id);
	}
}

/* ---- large ones, in steps ---- */

#define PORTION 100 /* orders imported in one transaction */
#define LARGE 400

static void import_large(struct change *ch)
{
	fixture_import(ch, "{\"type\":\"customer\",\"id\":\"C30001\",\"name\":\"Large\"}\n");
}

static void import_portion(struct change *ch)
{
	for (int i = 0; i < PORTION; i++)
		fixture_import(ch, "{\"type\":\"order\",\"customer\":\"C30001\",\"lines\":[{"
				   "\"sku\":\"CUP-1\",\"quantity\":1,\"unit_price\":100}]}\n");
}

static void start_large(struct change *ch)
{
	struct customer_counts counts;
	struct err e;
	if (merge(ch, 30001, 10003, &counts, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(counts.n[CUSTOMER_NAMED_ORDERS], LARGE);
}

static size_t orders_of(struct change *ch, uint64_t customer)
{
	struct customer_orders orders;
	assert_int_equal(customer_orders(ch->txn, ch->arena, customer, 1, &orders, NULL), 1);
	return orders.total;
}

static void step_large(struct change *ch)
{
	Rec__Job *job;
	struct err e;
	size_t left = orders_of(ch, 30001), there = orders_of(ch, 10003);
	assert_int_equal(left + there, LARGE);
	if (left == LARGE - CUSTOMER_MERGE_NOW)
		assert_int_equal(there, CUSTOMER_MERGE_NOW);
	assert_int_equal(job_take(ch, &job, &e), 1);
	assert_string_equal(job->kind, CUSTOMER_MERGE_JOB);
	assert_string_equal(job->object, "C30001");
	assert_int_equal(customer_merge_step(ch, 30001, &e), left ? 1 : 0);
}

static void end_large(struct change *ch)
{
	Rec__Job *job;
	struct err e;
	assert_int_equal(job_take(ch, &job, &e), 0);
	assert_int_equal(orders_of(ch, 30001), 0);
	assert_int_equal(orders_of(ch, 10003), LARGE);
	assert_int_equal(customer_merge_step(ch, 30001, &e), 0);
	assert_int_equal(customer_merge_step(ch, 10003, &e), 0);
}

static void print_finding(void *ctx, const char *line)
{
	(void)ctx;
	print_message("# %s\n", line);
}

static void test_MC_16_large_merges_take_steps(void **state)
{
	struct fixture *f = *state;
	struct err e;
	fixture_do(f, import_large);
	for (int i = 0; i < LARGE / PORTION; i++)
		fixture_do(f, import_portion);
	fixture_do(f, start_large);
	fixture_do(f, step_large);
	fixture_do(f, step_large);
	fixture_do(f, end_large);
	assert_int_equal(record_verify(f->store, print_finding, NULL, &e), 1);
}

int run_customer_merge_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_MC_16_everything_is_the_targets_afterwards),
		cmocka_unit_test(test_MC_16_the_tombstone_holds_nothing_personal),
		cmocka_unit_test(test_MC_16_the_old_number_can_be_worked_with),
		cmocka_unit_test(test_MC_16_merges_of_merges_are_one_step),
		cmocka_unit_test(test_MC_16_sub_customers_follow),
		cmocka_unit_test(test_MC_16_documents_and_shipments_follow),
		cmocka_unit_test(test_MC_16_refusals),
		cmocka_unit_test(test_MC_16_different_debtor_codes_need_force),
		cmocka_unit_test(test_13_MC_16_merges_conserve),
		cmocka_unit_test(test_MC_16_large_merges_take_steps),
	};
	return cmocka_run_group_tests_name("customer merge", tests, fixture_setup,
					   fixture_teardown);
}
