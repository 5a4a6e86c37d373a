/* SPDX-License-Identifier: ISC */
#include "groups.h"
#include "orders.h"
#include "record/dispatch.h"
#include "record/history.h"
#include "record/order_daily.h"

/* An order whose lines are on hold since noon of that day. */
static uint64_t held_since(struct change *ch, const char *time, const char *payment_type)
{
	uint64_t id = order_sketch(
		ch, &(struct order_sketch){.lines = {"HAL CUP-1 1"}, .payment_type = payment_type});
	Rec__Order *order = order_now(ch, id);
	struct err e;
	clock_parse_rfc3339(slice_str(time), &order->lines[0]->state_at, &e);
	order_save(ch, order, "edit", SLICE(""), &e);
	return id;
}

static int run_day(struct change *ch, size_t most)
{
	struct err e;
	int calls = 0, got;
	while ((got = order_daily(ch, most, &e)) > 0)
		calls++;
	if (got < 0)
		fail_msg("%s", e.text);
	assert_int_equal(order_daily_due(ch, &e), 0);
	return calls;
}

/* Now is 2026-03-01 11:00 in Amsterdam. */
RECORD_TEST(test_23_ST_20_autocancel_by_days_of_the_calendar)
{
	pay_row(ch, &(struct pay){.name = "bank", .status = STATE(HAL), .cancel = 14});
	pay_row(ch, &(struct pay){.name = "never", .status = STATE(HAL)});
	uint64_t old = held_since(ch, "2026-02-15T22:59:00Z", "bank");	 /* 23:59 of 15 February */
	uint64_t young = held_since(ch, "2026-02-15T23:01:00Z", "bank"); /* 00:01 of the 16th */
	uint64_t ancient = held_since(ch, "2020-01-01T12:00:00Z", "never");
	uint64_t other = held_since(ch, "2020-01-01T12:00:00Z", "");
	run_day(ch, 50);
	assert_string_equal(state_now(ch, old, 0), "STO");
	assert_string_equal(state_now(ch, young, 0), "HAL");
	assert_string_equal(state_now(ch, ancient, 0), "HAL");
	assert_string_equal(state_now(ch, other, 0), "HAL");
	const Rec__History *row = fixture_history(ch, "O10006");
	assert_string_equal(row->event, "autocancel");
	assert_string_equal(row->reason, "not paid in time");
	assert_true(row->manual); /* by ann, who runs this test; the clock has no agent */
	assert_string_equal(ch->events->name, "order.cancelled");
	ch->now += DAYS(1);
	run_day(ch, 50);
	assert_string_equal(state_now(ch, young, 0), "STO");
}

RECORD_TEST(test_ST_20_autocancel_is_for_the_clock_alone)
{
	pay_row(ch, &(struct pay){.name = "bank", .status = STATE(HAL), .cancel = 14});
	uint64_t id = held_since(ch, "2026-02-28T12:00:00Z", "bank");
	refused(ch, id, LINE_AUTOCANCEL,
		"is on hold for 1 days; payment type \"bank\" cancels "
		"after 14");
	id = held_since(ch, "2020-02-28T12:00:00Z", "");
	refused(ch, id, LINE_AUTOCANCEL, "cancels after no time");
}

RECORD_TEST(test_ST_21_reminders_after_7_and_14_days_once_each)
{
	struct money_said said = {.cover = 0};
	pay_row(ch, &(struct pay){.name = "bank", .status = STATE(HAL), .remind = {7, 14}});
	uint64_t id = held_since(ch, "2026-02-22T12:00:00Z", "bank");
	uint64_t paid = held_since(ch, "2026-02-01T12:00:00Z", "bank");
	money_says(ch, &said);
	run_day(ch, 50);
	assert_int_equal(ch->n_events, 2);
	assert_string_equal(ch->events->name, "order.reminder");
	assert_int_equal(ch->events->id, paid);
	/* Both were due: one mail, of the longer time. */
	assert_true(slice_eq(ch->events->text, SLICE("14")));
	assert_int_equal(order_now(ch, paid)->n_reminded, 2);
	assert_int_equal(ch->events->next->id, id);
	assert_true(slice_eq(ch->events->next->text, SLICE("7")));
	for (int day = 1; day < 14; day++) {
		ch->now += DAYS(1);
		run_day(ch, 50);
		assert_int_equal(ch->n_events, day < 7 ? 2 : 3);
	}
	/* Who has paid is not reminded. */
	id = held_since(ch, "2026-02-01T12:00:00Z", "bank");
	said.cover = 1000000;
	ch->now += DAYS(1);
	run_day(ch, 50);
	assert_int_equal(ch->n_events, 3);
}

RECORD_TEST(test_PX_22_reservations_expire_by_payment_type)
{
	struct order_step all = {.order = 0};
	int64_t pieces;
	struct err e;
	pay_row(ch, &(struct pay){.name = "bank", .status = STATE(HAL), .reserve_days = 3});
	all.order = order_sketch(
		ch, &(struct order_sketch){.lines = {"HAL CUP-1 5"}, .payment_type = "bank"});
	assert_int_equal(order_reserve(ch, &all, &pieces, &e), 1);
	ch->now += DAYS(2);
	run_day(ch, 50);
	assert_int_equal(item_now(ch, "CUP-1")->reserved, 5);
	ch->now += DAYS(1);
	run_day(ch, 50);
	assert_int_equal(item_now(ch, "CUP-1")->reserved, 0);
	assert_string_equal(fixture_history(ch, "O10006")->event, "unreserve");
}

RECORD_TEST(test_ST_20_the_day_is_done_in_bounded_steps)
{
	uint64_t ids[20];
	struct err e;
	pay_row(ch, &(struct pay){.name = "bank", .status = STATE(HAL), .cancel = 5});
	for (size_t i = 0; i < 20; i++)
		ids[i] = held_since(ch, i % 2 ? "2026-02-10T12:00:00Z" : "2026-02-26T12:00:00Z",
				    "bank");
	/* Whoever is stopped goes on where he was: each call is a transaction of its own. */
	assert_int_equal(order_daily_due(ch, &e), 1);
	assert_int_equal(order_daily(ch, 3, &e), 1);
	size_t cancelled = 0;
	for (size_t i = 0; i < 20; i++)
		cancelled += strcmp(state_now(ch, ids[i], 0), "STO") == 0;
	assert_int_equal(cancelled, 3);
	assert_true(run_day(ch, 3) >= 4);
	for (size_t i = 0; i < 20; i++)
		assert_string_equal(state_now(ch, ids[i], 0), i % 2 ? "STO" : "HAL");
	assert_int_equal(order_daily(ch, 3, &e), 0);
}

int run_order_daily_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_23_ST_20_autocancel_by_days_of_the_calendar),
		cmocka_unit_test(test_ST_20_autocancel_is_for_the_clock_alone),
		cmocka_unit_test(test_ST_21_reminders_after_7_and_14_days_once_each),
		cmocka_unit_test(test_PX_22_reservations_expire_by_payment_type),
		cmocka_unit_test(test_ST_20_the_day_is_done_in_bounded_steps),
	};
	return cmocka_run_group_tests_name("order daily", tests, fixture_setup, fixture_teardown);
}
