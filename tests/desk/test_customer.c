/* SPDX-License-Identifier: ISC */
#include "desk/compose.h"
#include "desk/outbox.h"
#include "desk_place.h"
#include "record/customer.h"
#include "record/customer_edit.h"
#include "record/customer_merge.h"
#include "record/import.h"
#include "record/order.h"
#include "record/thread.h"

/* Mails about a customer, with what the record says of him. */

static bool failed(int got, const struct err *e)
{
	if (got < 0)
		place_complain("%s", e->text);
	return got < 0;
}

/* The mails that wait for that address. */
static size_t waiting_for(struct work *work, const char *address, struct slice *raw)
{
	Tra__Outbox *entries[64];
	struct err e = {ERR_NONE, ""};
	size_t found = 0;
	int n = outbox_due(work->change.txn, work->arena, NOW, entries, ROWS(entries), &e);
	for (int i = 0; i < n; i++) {
		if (outbox_bytes(work->change.txn, entries[i]->id, raw, &e) < 0)
			place_complain("%s", e.text);
		found += slice_find(*raw, slice_str(address)) >= 0;
		if (found)
			break;
	}
	return found;
}

static void send_answer(struct work *work, struct slice *shown)
{
	struct customer_mail mail = {.event = "answer", .text = SLICE("Here you are.")};
	struct template_languages languages = compose_languages(work, NULL, NULL);
	struct err e = {ERR_NONE, ""};
	if (failed(customer_load(work->change.txn, work->arena, 10001, &mail.customer, &e), &e) ||
	    failed(thread_load(work->change.txn, work->arena, 10001, &mail.thread, &e), &e) ||
	    failed(templates_by_name(work->templates, SLICE("answer"), 0, &languages,
				     &mail.template, &e),
		   &e))
		return;
	if (compose_customer(work, &mail, shown, &e) != 1)
		place_complain("%s", e.text);
}

static void copy_to_admin(struct work *work, const void *row)
{
	static const struct slice line = {"Box 1", 5};
	const struct address_edit edit = {
		.lines = &line, .n_lines = 1, .email = SLICE("books@a.example")};
	struct slice shown, raw;
	struct err e = {ERR_NONE, ""};
	size_t place;
	(void)row;
	send_answer(work, &shown);
	if (waiting_for(work, "books@a.example", &raw))
		place_complain("a copy without an admin address");
	if (failed(customer_address_add(&work->change, 10001, &edit,
					REC__ADDRESS_ROLE__ADDRESS_ROLE_NONE, &place, &e),
		   &e))
		return;
	send_answer(work, &shown);
	if (!waiting_for(work, "To: <books@a.example>", &raw) &&
	    !waiting_for(work, "To: books@a.example", &raw))
		place_complain("no copy to the admin address");
	if (slice_find(shown, SLICE("\nCopy: books@a.example\n")) < 0)
		place_complain("%.*s", SLICE_ARG(shown));
}

static void CP_44_the_admin_address_gets_copies(void **state)
{
	(void)state;
	place_run(copy_to_admin, NULL);
}

/* ---- a standing note on what agents see ---- */

static void watched_mail(struct work *work, const void *row)
{
	struct slice raw;
	struct err e = {ERR_NONE, ""};
	Rec__Thread *thread;
	Rec__Customer *customer;
	Rec__Message message;
	(void)row;
	if (failed(customer_watch(&work->change, 10002, SLICE("Fragile only"), &e), &e) ||
	    failed(thread_load(work->change.txn, work->arena, 10001, &thread, &e), &e) ||
	    failed(customer_load(work->change.txn, work->arena, 10002, &customer, &e), &e))
		return;
	rec__message__init(&message);
	message.thread = thread->id;
	message.from = arena_str(work->arena, SLICE("john@b.example"));
	const struct desk_mail mail = {.thread = thread,
				       .customer = customer,
				       .message = &message,
				       .text = SLICE("hello")};
	if (failed(compose_desk(work, &mail, &e), &e))
		return;
	if (!waiting_for(work, "Subject: !! WATCH John", &raw))
		place_complain("no watch note in a subject");
	if (slice_find_nocase(raw, SLICE("\r\nImportance: high\r\n")) < 0)
		place_complain("%.*s", SLICE_ARG(raw));
}

static void CP_41_watch_notes_are_in_the_subject(void **state)
{
	(void)state;
	place_run(watched_mail, NULL);
}

/* ---- a merge that takes several transactions ---- */

#define MANY (CUSTOMER_MERGE_NOW + 5)

static void make_many(struct work *work, const void *row)
{
	(void)row;
	for (int i = 0; i < MANY; i++) {
		struct json *object;
		enum import_result result;
		struct err e = {ERR_NONE, ""};
		if (failed(json_parse(work->arena,
				      SLICE("{\"type\":\"thread\",\"customer\":\"C10002\"}"),
				      &object, &e),
			   &e) ||
		    failed(record_import_object(&work->change, object, &result, &e), &e))
			return;
	}
}

static void merge_them(struct work *work, const void *row)
{
	const struct customer_merge merge = {.from = 10002, .to = 10001};
	struct customer_counts counts;
	struct err e = {ERR_NONE, ""};
	(void)row;
	failed(customer_merge(&work->change, &merge, &counts, &e), &e);
}

static void all_moved(struct work *work, const void *row)
{
	struct customer_orders orders;
	struct thread_list threads;
	struct err e = {ERR_NONE, ""};
	(void)row;
	if (failed(customer_orders(work->change.txn, work->arena, 10001, 10, &orders, &e), &e) ||
	    failed(thread_of_customer(work->change.txn, work->arena, 10002, 1000, &threads, &e),
		   &e))
		return;
	if (orders.total != 2 || threads.n != 0)
		place_complain("%zu orders, %zu threads left", orders.total, threads.n);
}

static void MC_16_the_clock_ends_a_large_merge(void **state)
{
	struct err e = {ERR_NONE, ""};
	(void)state;
	place_run(make_many, NULL);
	place_run(merge_them, NULL);
	clock_set(NOW + 60);
	if (desk_tick(place_desk, 10, &e) < 1)
		fail_msg("%s", e.text);
	clock_set(NOW);
	place_run(all_moved, NULL);
}

int run_customer_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(CP_44_the_admin_address_gets_copies),
		cmocka_unit_test(CP_41_watch_notes_are_in_the_subject),
		cmocka_unit_test(MC_16_the_clock_ends_a_large_merge),
	};
	return cmocka_run_group_tests_name("customer", tests, place_open, place_close);
}
