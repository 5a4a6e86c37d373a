/* SPDX-License-Identifier: ISC */
#include "groups.h"
#include "record/customer.h"
#include "record/customer_edit.h"
#include "record/history.h"
#include "record/item.h"
#include "record/job.h"
#include "record/tables.h"

static const struct {
	const char *reference;
	uint64_t id;
} references[] = {
	{"C10001", 10001},
	{"c10001", 10001},
	{"jo@example.org", 10001},
	{"JO@EXAMPLE.ORG", 10001},
	{"Jansen@Example.Net", 10001},
	{"amazon:A-1", 10001},
	{"lo@example.org", 10002},
	{"C99999", 0},
	{"jo@example.or", 0},
	{"o@example.org", 0},
	{"amazon:A-", 0},
	{"ebay:A-1", 0},
	{"somebody", 0},
	{"", 0},
	{":A-1", 0},
};

RECORD_TEST(test_CP_03_CP_09_customers_are_found)
{
	for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
		Rec__Customer *customer;
		struct err e;
		int got = customer_find(ch->txn, ch->arena, slice_str(references[i].reference),
					&customer, &e);
		if ((got > 0 ? customer->id : 0) != references[i].id)
			fail_msg("%s", references[i].reference);
	}
}

RECORD_TEST(test_customer_of_a_long_address_is_found)
{
	static const char address[] =
		"a-very-long-local-part-of-an-address-that-goes-on-and-on@an-even-longer-domain-"
		"name-that-has-no-end.of-many-labels-each-longer-than-the-last.example.org";
	Rec__Customer customer, *found;
	char *emails[] = {arena_str(ch->arena, slice_str(address))};
	struct err e;
	rec__customer__init(&customer);
	customer.emails = emails;
	customer.n_emails = 1;
	if (customer_create(ch, &customer, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(customer_find_address(ch->txn, ch->arena, slice_str(address), &found, &e),
			 1);
	assert_int_equal(found->id, customer.id);
}

RECORD_TEST(test_CP_38_note_is_by_the_agent)
{
	Rec__Customer *customer;
	struct err e;
	assert_int_equal(customer_note(ch, 10001, SLICE("Call after six"), &e), 1);
	customer_load(ch->txn, ch->arena, 10001, &customer, &e);
	assert_int_equal(customer->n_notes, 1);
	assert_string_equal(customer->notes[0]->text, "Call after six");
	assert_int_equal(customer->notes[0]->agent, 1);
	assert_string_equal(ch->events->name, "customer.noted");
	assert_int_equal(customer_note(ch, 77, SLICE("x"), &e), -1);
	fixture_error(&e, ERR_INPUT, "there is no customer C77");
}

/* Personal data goes into a blob of its own, everything else stands in the row. */
RECORD_TEST(test_PX_09_personal_changes_are_sealed)
{
	Rec__Customer *customer;
	struct slice bytes;
	struct err e;
	customer_load(ch->txn, ch->arena, 10001, &customer, &e);
	customer->phone = arena_str(ch->arena, SLICE("+31 6 98765432"));
	assert_int_equal(customer_save(ch, customer, "edit", SLICE(""), &e), 1);
	const Rec__History *row = fixture_history(ch, "C10001");
	assert_true(row->sealed);
	assert_int_equal(row->n_changes, 1);
	assert_string_equal(row->changes[0]->field, "phone");
	assert_string_equal(row->changes[0]->old, "+31 20 1234567");
	assert_string_equal(row->changes[0]->new_, "+31 6 98765432");
	assert_int_equal(store_blob_get(ch->txn, RECORD_BLOB_HISTORY | row->id, &bytes, &e), 1);
	assert_true(slice_find(bytes, SLICE("98765432")) >= 0);
}

RECORD_TEST(test_PX_09_no_change_no_row)
{
	Rec__Customer *customer;
	struct history_list before, after;
	struct err e;
	history_of(ch->txn, ch->arena, SLICE("C10001"), 100, &before, &e);
	customer_load(ch->txn, ch->arena, 10001, &customer, &e);
	assert_int_equal(customer_save(ch, customer, "edit", SLICE(""), &e), 0);
	history_of(ch->txn, ch->arena, SLICE("C10001"), 100, &after, &e);
	assert_int_equal(after.n, before.n);
	assert_string_equal(after.items[after.n - 1]->event, "create");
}

RECORD_TEST(test_customer_refuses_what_is_no_address)
{
	static const char *const bad[] = {"ann at example", "a@", "@b", "a@b@c", "a@b\r\nX: y"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		Rec__Customer customer;
		char *emails[] = {arena_str(ch->arena, slice_str(bad[i]))};
		struct err e;
		rec__customer__init(&customer);
		customer.emails = emails;
		customer.n_emails = 1;
		assert_int_equal(customer_create(ch, &customer, &e), -1);
		fixture_error(&e, ERR_INPUT, "\"emails\"");
	}
}

RECORD_TEST(test_merged_customer_resolves)
{
	Rec__Customer *customer;
	struct err e;
	customer_load(ch->txn, ch->arena, 10003, &customer, &e);
	customer->merged_into = 10001;
	assert_int_equal(customer_save(ch, customer, "merge", SLICE(""), &e), 1);
	assert_int_equal(customer_resolve(ch->txn, ch->arena, 10003, &customer, &e), 1);
	assert_int_equal(customer->id, 10001);
	assert_int_equal(customer_load(ch->txn, ch->arena, 10003, &customer, &e), 1);
	assert_int_equal(customer->id, 10003);
	assert_int_equal(
		customer_find_address(ch->txn, ch->arena, SLICE("no@example.org"), &customer, &e),
		0);
}

RECORD_TEST(test_customer_title)
{
	Rec__Customer customer;
	char name[] = "Ann", company[] = "Acme", mail[] = "a@example.org", *emails[] = {mail};
	(void)ch;
	rec__customer__init(&customer);
	assert_true(slice_eq(customer_title(&customer), SLICE("(no name)")));
	customer.emails = emails;
	customer.n_emails = 1;
	assert_true(slice_eq(customer_title(&customer), SLICE("a@example.org")));
	customer.company = company;
	assert_true(slice_eq(customer_title(&customer), SLICE("Acme")));
	customer.name = name;
	assert_true(slice_eq(customer_title(&customer), SLICE("Ann")));
}

RECORD_TEST(test_items_by_sku)
{
	Rec__Item *item, broken;
	struct err e;
	assert_int_equal(item_load(ch->txn, ch->arena, SLICE("CUP-1"), &item, &e), 1);
	assert_int_equal(item->price, 1250);
	assert_int_equal(item_load(ch->txn, ch->arena, SLICE("CUP-2"), &item, &e), 0);
	assert_int_equal(item_load(ch->txn, ch->arena, SLICE(""), &item, &e), 0);
	rec__item__init(&broken);
	assert_int_equal(item_save(ch, &broken, "edit", &e), -1);
	fixture_error(&e, ERR_INPUT, "\"sku\"");
}

RECORD_TEST(test_jobs_come_when_due)
{
	static const int64_t due[] = {30, -20, -40, -20};
	static const char *const order[] = {"2", "1", "3"};
	Rec__Job *job;
	struct err e;
	int64_t next;
	for (size_t i = 0; i < 4; i++) {
		Rec__Job added;
		rec__job__init(&added);
		added.due_at = FIXTURE_NOW + due[i];
		added.kind = arena_printf(ch->arena, "%zu", i);
		assert_int_equal(job_add(ch, &added, &e), 1);
	}
	assert_int_equal(job_next(ch->txn, &next, &e), 1);
	assert_int_equal(next, FIXTURE_NOW - 40);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(job_take(ch, &job, &e), 1);
		assert_string_equal(job->kind, order[i]);
	}
	assert_int_equal(job_take(ch, &job, &e), 0);
	assert_int_equal(job_next(ch->txn, &next, &e), 1);
	assert_int_equal(next, FIXTURE_NOW + 30);
}

int run_customer_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_CP_03_CP_09_customers_are_found),
		cmocka_unit_test(test_customer_of_a_long_address_is_found),
		cmocka_unit_test(test_CP_38_note_is_by_the_agent),
		cmocka_unit_test(test_PX_09_personal_changes_are_sealed),
		cmocka_unit_test(test_PX_09_no_change_no_row),
		cmocka_unit_test(test_customer_refuses_what_is_no_address),
		cmocka_unit_test(test_merged_customer_resolves),
		cmocka_unit_test(test_customer_title),
		cmocka_unit_test(test_items_by_sku),
		cmocka_unit_test(test_jobs_come_when_due),
	};
	return cmocka_run_group_tests_name("customer", tests, fixture_setup, fixture_teardown);
}
