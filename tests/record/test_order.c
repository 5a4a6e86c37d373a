/* SPDX-License-Identifier: ISC */
#include "groups.h"
#include "record/customer.h"
#include "record/history.h"
#include "record/order_step.h"

#define STATE(name) REC__LINE_STATE__LINE_STATE_##name

static Rec__Order *load(struct change *ch, uint64_t id)
{
	Rec__Order *order;
	struct err e;
	if (order_load(ch->txn, ch->arena, id, &order, &e) != 1)
		fail_msg("O%u is not there", (unsigned)id);
	return order;
}

static Rec__Order *order_of(struct arena *a, size_t n, const Rec__LineState *states,
			    const bool *reserved)
{
	Rec__Order *order = ARENA_NEW(a, Rec__Order);
	rec__order__init(order);
	order->n_lines = n;
	order->lines = ARENA_ARRAY(a, n, Rec__Line *);
	for (size_t i = 0; i < n; i++) {
		order->lines[i] = ARENA_NEW(a, Rec__Line);
		rec__line__init(order->lines[i]);
		order->lines[i]->quantity = 1;
		order->lines[i]->state = states[i];
		order->lines[i]->reserved = reserved[i];
	}
	return order;
}

/* ---- derived ---- */

static const struct {
	Rec__LineState states[3];
	bool reserved[3];
	size_t n;
	enum order_status status;
	enum order_view view;
} derived[] = {
	{{0}, {0}, 0, ORDER_EMPTY, ORDER_ALLOCATED},
	{{STATE(NEW)}, {0}, 1, ORDER_OPEN, ORDER_UNALLOCATED},
	{{STATE(HAL)}, {0}, 1, ORDER_HOLD, ORDER_UNALLOCATED},
	{{STATE(HAL)}, {1}, 1, ORDER_HOLD, ORDER_ALLOCATED},
	{{STATE(ANG)}, {1}, 1, ORDER_OPEN, ORDER_ALLOCATED},
	{{STATE(ANG), STATE(AUS)}, {0}, 2, ORDER_OPEN, ORDER_UNALLOCATED},
	{{STATE(EIN), STATE(FUP), STATE(FUT)}, {0}, 3, ORDER_OPEN, ORDER_ALLOCATED},
	{{STATE(MIN)}, {0}, 1, ORDER_HOLD, ORDER_ALLOCATED},
	{{STATE(MIN), STATE(ANG)}, {0}, 2, ORDER_OPEN, ORDER_UNALLOCATED},
	{{STATE(AUS), STATE(STO), STATE(NLB)}, {0}, 3, ORDER_CLOSED, ORDER_DISPATCHED},
	{{STATE(STO), STATE(NLB)}, {0}, 2, ORDER_CLOSED, ORDER_CANCELLED},
	{{STATE(FUS), STATE(RET)}, {0}, 2, ORDER_CLOSED, ORDER_DISPATCHED},
	{{STATE(HAL), STATE(AUS)}, {0}, 2, ORDER_HOLD, ORDER_UNALLOCATED},
};

static void test_ST_02_ST_03_ST_04_order_status_is_derived(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	for (size_t i = 0; i < sizeof(derived) / sizeof(derived[0]); i++) {
		const Rec__Order *order =
			order_of(a, derived[i].n, derived[i].states, derived[i].reserved);
		assert_int_equal(order_status(order), derived[i].status);
		assert_int_equal(order_view(order), derived[i].view);
	}
	arena_close(&a);
}

/* RECORD.md 2.2: over every order of up to three lines the two views never contradict. */
static void test_CP_25_CP_28_status_and_view_agree(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	const unsigned kinds = LINE_STATE_COUNT - 1, steps = 2 * kinds + 1;
	for (unsigned n = 0; n < steps * steps * steps; n++) {
		Rec__LineState states[3] = {0};
		bool reserved[3] = {0};
		size_t lines = 0;
		for (unsigned rest = n, i = 0; i < 3; i++, rest /= steps) {
			if (rest % steps == 0)
				continue;
			states[lines] = (Rec__LineState)((rest % steps - 1) / 2 + 1);
			reserved[lines++] = (rest % steps - 1) % 2;
		}
		const Rec__Order *order = order_of(a, lines, states, reserved);
		bool closed = order_status(order) == ORDER_CLOSED;
		enum order_view view = order_view(order);
		assert_int_equal(closed, view == ORDER_CANCELLED || view == ORDER_DISPATCHED);
		if (n % 1000 == 0)
			arena_clear(a);
	}
	arena_close(&a);
}

static void test_ST_01_status_has_code_and_word(void **state)
{
	(void)state;
	assert_string_equal(order_status_code(ORDER_HOLD), "HAL");
	assert_string_equal(order_status_word(ORDER_HOLD), "on hold");
	assert_string_equal(order_view_word(ORDER_CANCELLED), "cancelled");
	assert_string_equal(line_state_word(STATE(HAL)), "on hold");
}

RECORD_TEST(test_CP_25_allocation_counts_open_lines)
{
	Rec__Order *order = load(ch, 10004);
	size_t allocated, open;
	order_allocation(order, &allocated, &open);
	assert_int_equal(allocated, 1);
	assert_int_equal(open, 2);
}

/* ---- hold and release ---- */

RECORD_TEST(test_PX_13_hold_parks_every_released_line)
{
	struct err e;
	assert_int_equal(order_hold(ch, 10002, SLICE("address unclear"), &e), 1);
	Rec__Order *order = load(ch, 10002);
	assert_int_equal(order_status(order), ORDER_HOLD);
	assert_int_equal(order->lines[0]->state, STATE(HAL));
	assert_int_equal(order->lines[1]->state, STATE(HAL));
	assert_string_equal(order->hold_reason, "address unclear");
	assert_int_equal(ch->n_events, 1);
	assert_string_equal(ch->events->name, "order.held");
	assert_int_equal(ch->events->letter, 'O');
	assert_int_equal(ch->events->id, 10002);
	assert_true(slice_eq(ch->events->text, SLICE("address unclear")));
}

RECORD_TEST(test_PX_09_hold_writes_one_history_row)
{
	struct history_list before, after;
	struct err e;
	history_of(ch->txn, ch->arena, SLICE("O10002"), 100, &before, &e);
	assert_int_equal(order_hold(ch, 10002, SLICE("why not"), &e), 1);
	history_of(ch->txn, ch->arena, SLICE("O10002"), 100, &after, &e);
	assert_int_equal(after.n, before.n + 1);
	const Rec__History *row = after.items[0];
	assert_string_equal(row->event, "hold");
	assert_string_equal(row->from_state, "open");
	assert_string_equal(row->to_state, "on hold");
	assert_string_equal(row->actor, "ann");
	assert_string_equal(row->mail, "m1@desk.example");
	assert_string_equal(row->reason, "why not");
	assert_int_equal(row->agent, 1);
	assert_int_equal(row->at, FIXTURE_NOW);
	assert_int_equal(row->n_changes, 5); /* state and state_at of two lines, hold_reason */
	assert_string_equal(row->changes[0]->field, "lines[0].state");
	assert_string_equal(row->changes[0]->old, "ANG");
	assert_string_equal(row->changes[0]->new_, "HAL");
	assert_false(row->sealed);
}

RECORD_TEST(test_PX_14_release_releases_every_held_line)
{
	struct err e;
	assert_int_equal(order_release(ch, 10001, SLICE(""), &e), 1);
	Rec__Order *order = load(ch, 10001);
	for (size_t i = 0; i < order->n_lines; i++)
		assert_int_equal(order->lines[i]->state, STATE(ANG));
	assert_int_equal(order_status(order), ORDER_OPEN);
	assert_string_equal(ch->events->name, "order.released");
}

static const struct {
	uint64_t order;
	bool release;
	const char *words;
} refusals[] = {
	{10003, true, "customer C10002 is locked: unpaid bills"},
	{10002, true, "no line of O10002 can have \"release\": the order is open"},
	{10005, true, "closed; its lines are STO (cancelled), NLB (no longer available)"},
	{10005, false, "no line of O10005 can have \"hold\""},
	{10004, false, "already being sent"},
	{10003, false, "on hold"},
	{99999, false, "there is no order O99999"},
};

RECORD_TEST(test_ST_23_refused_hold_and_release_change_nothing)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct err e;
		Rec__Order *before = NULL, *after = NULL;
		struct schema_change *changes;
		order_load(ch->txn, ch->arena, refusals[i].order, &before, &e);
		int got = refusals[i].release ? order_release(ch, refusals[i].order, SLICE(""), &e)
					      : order_hold(ch, refusals[i].order, SLICE(""), &e);
		assert_int_equal(got, -1);
		fixture_error(&e, ERR_INPUT, refusals[i].words);
		order_load(ch->txn, ch->arena, refusals[i].order, &after, &e);
		if (before)
			assert_int_equal(
				schema_diff(ch->arena, &before->base, &after->base, &changes), 0);
	}
	assert_int_equal(ch->n_events, 0);
}

RECORD_TEST(test_PX_18_blacklisted_customers_order_is_not_released)
{
	Rec__Customer *customer;
	struct err e;
	customer_load(ch->txn, ch->arena, 10001, &customer, &e);
	customer->blacklisted = true;
	assert_int_equal(customer_save(ch, customer, "blacklist", SLICE(""), &e), 1);
	assert_int_equal(order_release(ch, 10001, SLICE(""), &e), -1);
	fixture_error(&e, ERR_INPUT, "blacklisted");
}

RECORD_TEST(test_merged_order_is_left_alone)
{
	Rec__Order *order = load(ch, 10002);
	struct err e;
	order->merged_into = 10001;
	assert_int_equal(order_save(ch, order, "merge", SLICE(""), &e), 1);
	assert_int_equal(order_hold(ch, 10002, SLICE(""), &e), -1);
	fixture_error(&e, ERR_INPUT, "merged into O10001");
}

/* ---- comments, lookups ---- */

RECORD_TEST(test_PX_26_comments_are_appended)
{
	struct err e;
	assert_int_equal(order_comment(ch, 10001, SLICE(" first "), &e), 1);
	assert_int_equal(order_comment(ch, 10001, SLICE("second"), &e), 1);
	Rec__Order *order = load(ch, 10001);
	assert_int_equal(order->n_comments, 2);
	assert_string_equal(order->comments[0]->text, "first");
	assert_string_equal(order->comments[1]->text, "second");
	assert_int_equal(order->comments[0]->agent, 1);
	assert_int_equal(order->comments[0]->created_at, FIXTURE_NOW);
	assert_string_equal(order->comments[0]->mail, "m1@desk.example");
	const Rec__History *row = fixture_history(ch, "O10001");
	assert_true(row->manual);
	assert_true(row->sealed);
	assert_int_equal(order_comment(ch, 10001, SLICE("  "), &e), -1);
	fixture_error(&e, ERR_INPUT, "empty");
}

RECORD_TEST(test_PX_12_orders_oldest_first)
{
	static const uint64_t expected[] = {10002, 10001, 10004, 10005};
	struct customer_orders orders;
	struct err e;
	assert_int_equal(customer_orders(ch->txn, ch->arena, 10001, 100, &orders, &e), 1);
	assert_int_equal(orders.n, 4);
	assert_int_equal(orders.total, 4);
	for (size_t i = 0; i < orders.n; i++)
		assert_int_equal(orders.items[i]->id, expected[i]);
	assert_int_equal(customer_orders(ch->txn, ch->arena, 10001, 2, &orders, &e), 1);
	assert_int_equal(orders.n, 2);
	assert_int_equal(orders.total, 4);
	assert_int_equal(orders.items[0]->id, 10004);
}

RECORD_TEST(test_orders_found_by_external_number)
{
	Rec__Order *order;
	Rec__ExternalId external;
	struct err e;
	char channel[] = "web", value[] = "W-77", kind[] = "order", other[] = "amazon";
	rec__external_id__init(&external);
	external.channel = channel;
	external.value = value;
	assert_int_equal(order_find_external(ch->txn, ch->arena, &external, &order, &e), 1);
	external.kind = kind;
	assert_int_equal(order_find_external(ch->txn, ch->arena, &external, &order, &e), 1);
	assert_int_equal(order->id, 10001);
	external.channel = other;
	assert_int_equal(order_find_external(ch->txn, ch->arena, &external, &order, &e), 0);
	assert_int_equal(order_find_number(ch->txn, ch->arena, SLICE("W-77"), &order, &e), 1);
	assert_int_equal(order_find_number(ch->txn, ch->arena, SLICE("W-7"), &order, &e), 0);
}

int run_order_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ST_02_ST_03_ST_04_order_status_is_derived),
		cmocka_unit_test(test_CP_25_CP_28_status_and_view_agree),
		cmocka_unit_test(test_ST_01_status_has_code_and_word),
		cmocka_unit_test(test_CP_25_allocation_counts_open_lines),
		cmocka_unit_test(test_PX_13_hold_parks_every_released_line),
		cmocka_unit_test(test_PX_09_hold_writes_one_history_row),
		cmocka_unit_test(test_PX_14_release_releases_every_held_line),
		cmocka_unit_test(test_ST_23_refused_hold_and_release_change_nothing),
		cmocka_unit_test(test_PX_18_blacklisted_customers_order_is_not_released),
		cmocka_unit_test(test_merged_order_is_left_alone),
		cmocka_unit_test(test_PX_26_comments_are_appended),
		cmocka_unit_test(test_PX_12_orders_oldest_first),
		cmocka_unit_test(test_orders_found_by_external_number),
	};
	return cmocka_run_group_tests_name("order", tests, fixture_setup, fixture_teardown);
}
