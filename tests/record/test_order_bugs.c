/* SPDX-License-Identifier: ISC */
#include "invariants.h"
#include "orders.h"
#include "record/dispatch.h"
#include "record/item.h"
#include "record/order_edit.h"

/* What random commands once found: each a test, named after what was wrong. */

static int64_t reserved_of(struct change *ch, uint64_t order, size_t i)
{
	return order_now(ch, order)->lines[i]->reserved;
}

static void must(int got, const struct err *e)
{
	if (got < 0)
		fail_msg("%s", e->text);
}

static void reserve(struct change *ch, uint64_t order)
{
	struct order_step asks = {.order = order, .reason = SLICE("")};
	int64_t pieces;
	struct err e;
	must(order_reserve(ch, &asks, &pieces, &e), &e);
}

static void set_quantity(struct change *ch, uint64_t order, const char *quantity)
{
	struct order_field field = {.line = 1, .name = SLICE("qty"), .value = slice_str(quantity)};
	struct err e;
	must(order_set(ch, order, &field, 1, &e), &e);
}

/* Pieces that a smaller quantity freed lay there until the next delivery. */
RECORD_TEST(test_18_a_smaller_quantity_passes_its_stock_on)
{
	struct order_sketch sketch = {.lines = {"ANG TIN-1 4"}, .terms = "month"};
	stock_item(ch, "TIN-1", 4);
	uint64_t first = order_sketch(ch, &sketch), second = order_sketch(ch, &sketch);
	reserve(ch, first);
	reserve(ch, second);
	set_quantity(ch, first, "1");
	assert_int_equal(reserved_of(ch, first, 0), 1);
	assert_int_equal(reserved_of(ch, second, 0), 3);
}

/* A line that waited for more did not get what was free. */
RECORD_TEST(test_18_a_larger_quantity_takes_what_is_free)
{
	struct order_sketch sketch = {.lines = {"ANG TIN-1 2"}, .terms = "month"};
	stock_item(ch, "TIN-1", 3);
	uint64_t order = order_sketch(ch, &sketch);
	reserve(ch, order);
	set_quantity(ch, order, "4");
	assert_int_equal(reserved_of(ch, order, 0), 3);
}

/* A line that asked later was served with the first line of its order. */
RECORD_TEST(test_18_first_come_first_served_by_line)
{
	struct order_sketch two = {.lines = {"ANG TIN-1 1", "ANG TIN-1 1"}, .terms = "month"};
	struct order_sketch one = {.lines = {"ANG TIN-1 1"}, .terms = "month"};
	struct order_part part = {1, 0, 0};
	struct order_step asks = {.parts = &part, .n_parts = 1, .reason = SLICE("")};
	int64_t pieces;
	struct err e;
	stock_item(ch, "TIN-1", 0);
	asks.order = order_sketch(ch, &two);
	must(order_reserve(ch, &asks, &pieces, &e), &e);
	ch->now++;
	uint64_t other = order_sketch(ch, &one);
	reserve(ch, other);
	ch->now++;
	part.line = 2;
	must(order_reserve(ch, &asks, &pieces, &e), &e);
	Rec__Item *item = item_now(ch, "TIN-1");
	item->received = item->on_hand = 2;
	must(item_save(ch, item, "stock", &e), &e);
	must(order_allocate_item(ch, SLICE("TIN-1"), &pieces, &e), &e);
	assert_int_equal(reserved_of(ch, asks.order, 0), 1);
	assert_int_equal(reserved_of(ch, other, 0), 1);
	assert_int_equal(reserved_of(ch, asks.order, 1), 0);
}

/* A line that came back by reopen stood on the list it was on before. */
RECORD_TEST(test_ST_14_what_is_given_up_leaves_its_pick_list)
{
	uint64_t order = order_one(ch, STATE(ANG));
	struct order_step picked = {.order = order, .reason = SLICE("")};
	struct err e;
	must(order_picklist(ch, &picked, SLICE("L1"), &e), &e);
	must(step(ch, order, LINE_NA, &e), &e);
	assert_string_equal(order_now(ch, order)->lines[0]->picklist, "");
}

/* Negative pieces would have become a line that is sent. */
RECORD_TEST(test_ST_12_a_cancelled_replacement_line_is_not_reopened)
{
	uint64_t order = order_one(ch, STATE(MIN));
	struct err e;
	must(step(ch, order, LINE_CANCEL_ORDER, &e), &e);
	refused(ch, order, LINE_REOPEN, "belonged to a replacement");
}

/* The check let both lines have the same pieces, and the act gave up with "try again". */
RECORD_TEST(test_18_lines_of_one_item_share_what_is_free)
{
	struct order_sketch sketch = {.lines = {"ANG TIN-1 2", "ANG TIN-1 2"}, .terms = "month"};
	stock_item(ch, "TIN-1", 3);
	refused(ch, order_sketch(ch, &sketch), LINE_SCAN_IN,
		"needs 2 of TIN-1: 0 are reserved for it and 1 free");
}

/* A line of 4, sent, 3 of them replaced; then cut in two. */
static uint64_t replaced_order(struct change *ch, struct money_said *said)
{
	struct order_sketch sketch = {.lines = {"AUS TIN-1 4"}, .terms = "month"};
	struct order_part part = {1, 0, 3};
	struct order_step replace = {.parts = &part, .n_parts = 1, .reason = SLICE("")};
	Rec__Order *replacement;
	struct err e;
	stock_item(ch, "TIN-1", 0);
	money_says(ch, said);
	replace.order = order_sketch(ch, &sketch);
	must(order_replace(ch, &replace, &replacement, &e), &e);
	return replace.order;
}

/* What was replaced could be returned too. */
RECORD_TEST(test_20_what_was_replaced_is_not_returned)
{
	struct money_said said = {.invoiced = true, .credited = true};
	uint64_t order = replaced_order(ch, &said);
	struct err e;
	refused(ch, order, LINE_RETURN, "1 pieces can be returned yet");
	must(step_part(ch, order, LINE_RETURN, (struct order_part){1, 0, 1}, &e), &e);
	/* A split has a name of its own, and is the same goods. */
	struct order_part rest = {1, 1, 1};
	struct order_step again = {
		.order = order, .parts = &rest, .n_parts = 1, .reason = SLICE("")};
	assert_int_equal(order_replace_check(ch, order_now(ch, order), &again, &e), -1);
	fixture_error(&e, ERR_INPUT, "0 of 3 pieces of line 1.1");
}

/* A replacement waited for a payment that nobody owes. */
RECORD_TEST(test_ST_12_a_replacement_waits_only_when_it_is_dearer)
{
	static const struct {
		const char *line, *state;
	} rows[] = {{"NEW TIN-1 3", "ANG"}, {"NEW TIN-1 2", "ANG"}, {"NEW TIN-1 4", "HAL"}};
	stock_item(ch, "TIN-1", 9);
	pay_row(ch, &(struct pay){.name = "bank", .status = STATE(HAL)});
	for (size_t i = 0; i < 3; i++) {
		struct order_sketch sketch = {.lines = {"MIN TIN-1 -3", rows[i].line},
					      .payment_type = "bank"};
		uint64_t order = order_sketch(ch, &sketch);
		struct err e;
		must(step(ch, order, LINE_SAVE, &e), &e);
		assert_string_equal(state_now(ch, order, 1), rows[i].state);
	}
}

int run_order_bug_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_18_a_smaller_quantity_passes_its_stock_on),
		cmocka_unit_test(test_18_a_larger_quantity_takes_what_is_free),
		cmocka_unit_test(test_18_first_come_first_served_by_line),
		cmocka_unit_test(test_18_lines_of_one_item_share_what_is_free),
		cmocka_unit_test(test_20_what_was_replaced_is_not_returned),
		cmocka_unit_test(test_ST_12_a_cancelled_replacement_line_is_not_reopened),
		cmocka_unit_test(test_ST_12_a_replacement_waits_only_when_it_is_dearer),
		cmocka_unit_test(test_ST_14_what_is_given_up_leaves_its_pick_list),
	};
	return cmocka_run_group_tests_name("orders once wrong", tests, fixture_setup,
					   fixture_teardown);
}
