/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "groups.h"
#include "orders.h"
#include "record/customer.h"
#include "record/dispatch.h"
#include "record/history.h"
#include "record/order_edit.h"

/* ---- the transition table through the doors ---- */

static Rec__LineState walked;

/* What each event needs beside the state, so that only the table can refuse. */
static struct money_said said_for(enum line_event event)
{
	return (struct money_said){
		.invoiced = event == LINE_SHIP || event == LINE_FSHIP || event == LINE_REPLACE,
		.credited = event == LINE_RETURN,
	};
}

static unsigned long try_event(struct change *ch, enum line_event event, struct err *e)
{
	uint64_t id = order_one(ch, walked);
	Rec__Order *order = order_now(ch, id);
	order->lines[0]->line_at = ch->now - DAYS(7);
	order->lines[0]->origin = walked == STATE(RET) ? STATE(AUS) : STATE(NONE);
	order->provider = arena_str(ch->arena, SLICE("Fiege"));
	order_save(ch, order, "edit", SLICE(""), e);
	int got = line_event_whole(event)
			  ? step(ch, id, event, e)
			  : step_part(ch, id, event, (struct order_part){1, 0, 0}, e);
	return got < 0 ? 0 : id;
}

static void is_a_sentence(enum line_event event, const struct err *e)
{
	struct slice code = schema_enum_text(&rec__line_state__descriptor, (int)walked);
	char state[8];
	snprintf(state, sizeof(state), "%.*s", SLICE_ARG(code));
	fixture_error(e, ERR_INPUT, state);
	fixture_error(e, ERR_INPUT, "possible: ");
	if (!strstr(e->text, line_event_name(event)) && !strstr(e->text, line_event_past(event)))
		fail_msg("%s is not named: %s", line_event_name(event), e->text);
}

static void walk_state(struct change *ch)
{
	pay_row(ch, &(struct pay){.name = "bank", .status = STATE(ANG), .cancel = 1});
	for (int i = 0; i < LINE_EVENT_COUNT; i++) {
		enum line_event event = (enum line_event)i;
		struct money_said said = said_for(event);
		struct err e = {.class = ERR_NONE};
		unsigned targets = line_targets(walked, event);
		money_says(ch, &said);
		uint64_t id = try_event(ch, event, &e);
		if (!targets) {
			assert_int_equal(id, 0);
			is_a_sentence(event, &e);
			continue;
		}
		if (!id)
			fail_msg("%s: %s", line_event_name(event), e.text);
		const Rec__Order *order = order_now(ch, id);
		Rec__LineState to = order->n_lines ? order->lines[0]->state : STATE(NONE);
		assert_true(targets & LINE_BIT(to));
		assert_string_equal(
			fixture_history(ch, arena_printf(ch->arena, "O%u", (unsigned)id))->event,
			line_event_name(event));
	}
}

/* 12 states and 21 events: 24 pairs are allowed, 228 refused. */
static void test_17_st_every_pair_through_the_doors(void **state)
{
	for (int i = STATE(NEW); i < LINE_STATE_COUNT; i++) {
		walked = (Rec__LineState)i;
		fixture_try(state, walk_state);
	}
}

/* ---- the published table, through the doors ---- */

static bool oracle[LINE_STATE_COUNT][LINE_EVENT_COUNT];

static bool read_oracle(void)
{
	const char *data = getenv("POSTCLERK_DATA");
	char path[4096], text[512];
	snprintf(path, sizeof(path), "%s/line_transitions.tsv", data ? data : "");
	FILE *file = data ? fopen(path, "r") : NULL;
	if (!file)
		return false;
	while (fgets(text, sizeof(text), file)) {
		struct slice rest = slice_str(text), from, name;
		enum line_event event;
		int value;
		slice_cut(&rest, '\t', &from);
		slice_cut(&rest, '\t', &name);
		if (schema_enum_value(&rec__line_state__descriptor, from, &value) &&
		    line_event_find(name, &event))
			oracle[value][event] = true;
	}
	fclose(file);
	return true;
}

static void walk_oracle(struct change *ch)
{
	pay_row(ch, &(struct pay){.name = "bank", .status = STATE(ANG), .cancel = 1});
	for (int i = 0; i < LINE_EVENT_COUNT; i++) {
		struct money_said said = said_for((enum line_event)i);
		struct err e;
		money_says(ch, &said);
		assert_int_equal(try_event(ch, (enum line_event)i, &e) != 0, oracle[walked][i]);
	}
}

static void test_17_st_every_pair_as_published(void **state)
{
	if (!read_oracle())
		skip();
	for (int i = STATE(NEW); i < LINE_STATE_COUNT; i++) {
		walked = (Rec__LineState)i;
		fixture_try(state, walk_oracle);
	}
}

/* ---- cancel ---- */

RECORD_TEST(test_PX_15_cancel_cancels_what_can_be_and_reports_the_rest)
{
	struct order_sketch sketch = {.lines = {"HAL CUP-1 1", "ANG CUP-1 1", "AUS CUP-1 1",
						"STO CUP-1 1", "EIN CUP-1 1"}};
	uint64_t id = order_sketch(ch, &sketch);
	struct order_step cancel = {.order = id, .reason = SLICE("changed her mind")};
	struct order_report report;
	struct err e;
	assert_int_equal(order_cancel(ch, &cancel, &report, &e), 1);
	assert_int_equal(report.moved, 2);
	assert_int_equal(report.left, 2);
	assert_true(
		slice_eq(report.why, SLICE("line 3 is AUS (shipped), line 5 is EIN (in the box)")));
	assert_string_equal(state_now(ch, id, 0), "STO");
	assert_string_equal(state_now(ch, id, 1), "STO");
	assert_string_equal(state_now(ch, id, 4), "EIN");
	assert_string_equal(ch->events->name, "order.cancelled");
	assert_true(slice_eq(ch->events->text, SLICE("changed her mind")));
}

RECORD_TEST(test_ST_13_PX_15_all_lines_cancelled_is_closed)
{
	uint64_t id =
		order_sketch(ch, &(struct order_sketch){.lines = {"HAL CUP-1 1", "ANG CUP-1 3"}});
	struct order_step cancel = {.order = id};
	struct order_report report;
	struct err e;
	assert_int_equal(order_cancel(ch, &cancel, &report, &e), 1);
	assert_int_equal(order_status(order_now(ch, id)), ORDER_CLOSED);
	assert_int_equal(order_view(order_now(ch, id)), ORDER_CANCELLED);
	assert_int_equal(order_cancel(ch, &cancel, &report, &e), -1);
	fixture_error(&e, ERR_INPUT, "no line of O10006 can have \"cancel\"");
	fixture_error(&e, ERR_INPUT, "possible: reopen");
}

RECORD_TEST(test_ST_25_single_lines_and_pieces_are_cancelled)
{
	uint64_t id =
		order_sketch(ch, &(struct order_sketch){.lines = {"HAL CUP-1 5", "ANG CUP-1 1"}});
	struct err e;
	assert_int_equal(step_part(ch, id, LINE_CANCEL, (struct order_part){1, 0, 2}, &e), 1);
	const Rec__Order *order = order_now(ch, id);
	assert_int_equal(order->n_lines, 3);
	assert_int_equal(order_line(order, 1, 0)->quantity, 2);
	assert_int_equal(order_line(order, 1, 0)->state, STATE(STO));
	assert_int_equal(order_line(order, 1, 1)->quantity, 3);
	assert_int_equal(order_line(order, 1, 1)->state, STATE(HAL));
	assert_int_equal(order_line(order, 2, 0)->state, STATE(ANG));
	/* A split of a split. */
	assert_int_equal(step_part(ch, id, LINE_CANCEL, (struct order_part){1, 1, 1}, &e), 1);
	order = order_now(ch, id);
	assert_int_equal(order_line(order, 1, 1)->state, STATE(STO));
	assert_int_equal(order_line(order, 1, 2)->quantity, 2);
}

static const struct {
	struct order_part part;
	const char *words;
} bad_parts[] = {
	{{9, 0, 0}, "O10006 has no line 9"},
	{{1, 4, 0}, "no line 1 of that split"},
	{{1, 0, 6}, "line 1 of O10006 has 5 pieces, not 6"},
	{{2, 0, 0}, "O10006: line 2 is AUS (shipped) and cannot be cancelled; possible: return"},
};

RECORD_TEST(test_ST_25_parts_that_cannot_be_are_refused)
{
	uint64_t id =
		order_sketch(ch, &(struct order_sketch){.lines = {"HAL CUP-1 5", "AUS CUP-1 1"}});
	for (size_t i = 0; i < sizeof(bad_parts) / sizeof(bad_parts[0]); i++) {
		struct err e;
		assert_int_equal(step_part(ch, id, LINE_CANCEL, bad_parts[i].part, &e), -1);
		fixture_error(&e, ERR_INPUT, bad_parts[i].words);
	}
	struct order_part twice[] = {{1, 0, 1}, {1, 0, 2}};
	struct order_step cancel = {
		.order = id, .event = LINE_CANCEL, .parts = twice, .n_parts = 2};
	struct err e;
	assert_int_equal(order_step(ch, &cancel, NULL, &e), -1);
	fixture_error(&e, ERR_INPUT, "line 1 of O10006 is named twice");
}

RECORD_TEST(test_PX_15_cancel_leaves_invoiced_and_picked_lines)
{
	struct money_said said = {.invoiced = true};
	uint64_t id = order_one(ch, STATE(ANG));
	money_says(ch, &said);
	refused(ch, id, LINE_CANCEL, "line 1 of O10006 is on an invoice already");
	refused(ch, id, LINE_NA, "line 1 of O10006 is on an invoice already");
	said.invoiced = false;
	struct order_step on = {.order = id};
	struct err e;
	assert_int_equal(order_picklist(ch, &on, SLICE("P7"), &e), 1);
	refused(ch, id, LINE_CANCEL, "line 1 of O10006 is on pick list P7");
	assert_int_equal(order_picklist(ch, &on, SLICE(""), &e), 1);
	assert_int_equal(step(ch, id, LINE_CANCEL, &e), 1);
}

RECORD_TEST(test_ST_12_a_replacement_is_cancelled_as_a_whole)
{
	struct order_step cancel = {
		.order = order_sketch(
			ch, &(struct order_sketch){.lines = {"MIN CUP-1 -1", "ANG CUP-1 1"}})};
	struct order_report report;
	struct err e;
	refused(ch, cancel.order, LINE_CANCEL_ORDER, "cancelled with the whole order");
	assert_int_equal(order_cancel(ch, &cancel, &report, &e), 1);
	assert_int_equal(report.moved, 2);
	assert_string_equal(state_now(ch, cancel.order, 0), "STO");
	cancel.order = order_one(ch, STATE(MIN));
	assert_int_equal(order_cancel(ch, &cancel, &report, &e), 1);
	assert_string_equal(state_now(ch, cancel.order, 0), "STO");
	cancel.order =
		order_sketch(ch, &(struct order_sketch){.lines = {"MIN CUP-1 -1", "AUS CUP-1 1"}});
	assert_int_equal(order_cancel(ch, &cancel, &report, &e), -1);
	fixture_error(&e, ERR_INPUT, "before anything of it is shipped");
}

RECORD_TEST(test_ST_14_na_marks_lines)
{
	uint64_t id = order_sketch(
		ch, &(struct order_sketch){.lines = {"HAL CUP-1 1", "ANG POT-1 2", "AUS CUP-1 1"}});
	struct err e;
	assert_int_equal(step_part(ch, id, LINE_NA, (struct order_part){2, 0, 1}, &e), 1);
	assert_string_equal(state_now(ch, id, 1), "NLB");
	assert_string_equal(state_now(ch, id, 3), "ANG");
	assert_int_equal(step(ch, id, LINE_NA, &e), 1);
	assert_string_equal(state_now(ch, id, 0), "NLB");
	assert_string_equal(state_now(ch, id, 2), "AUS");
}

RECORD_TEST(test_ST_29_na_of_an_item_lists_then_sets)
{
	uint64_t one = order_sketch(
		ch, &(struct order_sketch){.lines = {"HAL MUG-1 1", "ANG MUG-1 2", "AUS MUG-1 1"}});
	uint64_t two = order_sketch(ch, &(struct order_sketch){.lines = {"ANG MUG-1 4"}});
	struct order_na na = {.sku = SLICE("MUG-1")};
	struct buf out;
	struct err e;
	size_t lines;
	buf_init(&out, 4096);
	assert_int_equal(order_na_item(ch, &na, &out, &lines, &e), 1);
	assert_int_equal(lines, 3);
	assert_string_equal(buf_str(&out), "O10006/1 1 of MUG-1, on hold\n"
					   "O10006/2 2 of MUG-1, released\n"
					   "O10007/1 4 of MUG-1, released\n");
	assert_string_equal(state_now(ch, one, 0), "HAL");
	na.apply = true;
	buf_clear(&out);
	assert_int_equal(order_na_item(ch, &na, &out, &lines, &e), 1);
	assert_string_equal(state_now(ch, one, 0), "NLB");
	assert_string_equal(state_now(ch, one, 2), "AUS");
	assert_string_equal(state_now(ch, two, 0), "NLB");
	assert_int_equal(order_na_item(ch, &na, &out, &lines, &e), -1);
	fixture_error(&e, ERR_INPUT, "no open order has MUG-1");
	buf_release(&out);
}

/* ---- whole orders ---- */

RECORD_TEST(test_22_ST_23_whole_steps_take_no_lines)
{
	static const enum line_event whole[] = {LINE_RELEASE, LINE_HOLD, LINE_SAVE, LINE_AUTOCANCEL,
						LINE_CANCEL_ORDER};
	uint64_t id = order_one(ch, STATE(HAL));
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		struct err e;
		assert_int_equal(step_part(ch, id, whole[i], (struct order_part){1, 0, 0}, &e), -1);
		fixture_error(&e, ERR_INPUT, "only a whole order can be");
	}
}

RECORD_TEST(test_tombstones_take_no_step)
{
	uint64_t id = order_one(ch, STATE(HAL));
	Rec__Order *order = order_now(ch, id);
	struct err e;
	order->merged_into = 10001;
	order_save(ch, order, "merge", SLICE(""), &e);
	refused(ch, id, LINE_RELEASE, "O10006 was merged into O10001");
	order->merged_into = 0;
	order->deleted_at = ch->now;
	order_save(ch, order, "delete", SLICE(""), &e);
	refused(ch, id, LINE_RELEASE, "O10006 was deleted");
	assert_int_equal(order_status(order_now(ch, id)), ORDER_CLOSED);
}

/* ---- reopen ---- */

RECORD_TEST(test_ST_28_reopen_within_a_month_taxes_anew)
{
	uint64_t id = order_one(ch, STATE(STO));
	Rec__Order *order = order_now(ch, id);
	struct err e;
	order->lines[0]->vat_rate = 190000;
	order_save(ch, order, "edit", SLICE(""), &e);
	assert_int_equal(step(ch, id, LINE_REOPEN, &e), 1);
	order = order_now(ch, id);
	assert_int_equal(order->lines[0]->state, STATE(NEW));
	assert_int_equal(order->lines[0]->vat_rate, 210000);
	/* It has been saved before: it does not just go away. */
	refused(ch, id, LINE_REMOVE, "line 1 of O10006 was saved before");
}

/* Local days of Amsterdam: from and to, and whether it is a month at most. */
static const struct {
	const char *from, *to;
	bool within;
} months[] = {
	{"2026-01-31T12:00:00Z", "2026-02-28T22:59:59Z", true},
	{"2026-01-31T12:00:00Z", "2026-02-28T23:00:00Z", false}, /* it is 1 March there */
	{"2026-01-30T23:30:00Z", "2026-02-28T12:00:00Z", true},	 /* 31 January there */
	{"2026-01-28T12:00:00Z", "2026-02-28T12:00:00Z", true},
	{"2026-01-28T12:00:00Z", "2026-03-01T12:00:00Z", false},
	{"2026-02-28T12:00:00Z", "2026-03-28T12:00:00Z", true},
	{"2026-02-28T12:00:00Z", "2026-03-29T12:00:00Z", false},
	{"2024-01-31T12:00:00Z", "2024-02-29T12:00:00Z", true}, /* a leap year */
	{"2025-12-31T12:00:00Z", "2026-01-31T12:00:00Z", true},
	{"2025-12-31T12:00:00Z", "2026-02-01T12:00:00Z", false},
	{"2026-03-15T12:00:00Z", "2026-03-15T12:00:00Z", true},
	{"2026-03-15T12:00:00Z", "2026-03-01T12:00:00Z", true},
};

static void test_ST_28_one_month_by_the_calendar_of_the_shop(void **state)
{
	const struct zone *zone;
	struct err e;
	(void)state;
	assert_int_equal(zone_find(SLICE("Europe/Amsterdam"), &zone, &e), 1);
	for (size_t i = 0; i < sizeof(months) / sizeof(months[0]); i++) {
		int64_t from, to;
		clock_parse_rfc3339(slice_str(months[i].from), &from, &e);
		clock_parse_rfc3339(slice_str(months[i].to), &to, &e);
		if (order_within_month(zone, from, to) != months[i].within)
			fail_msg("%s to %s", months[i].from, months[i].to);
	}
}

RECORD_TEST(test_ST_28_reopen_after_a_month_is_refused)
{
	uint64_t id = order_one(ch, STATE(NLB));
	Rec__Order *order = order_now(ch, id);
	struct err e;
	order->lines[0]->line_at = ch->now - DAYS(32);
	order_save(ch, order, "edit", SLICE(""), &e);
	refused(ch, id, LINE_REOPEN, "is of 2026-01-28, more than a month ago");
}

/* ---- shipping and coming back, which invoices guard ---- */

RECORD_TEST(test_ST_09_ST_10_scan_and_ship_take_the_stock)
{
	struct money_said said = {.invoiced = true};
	uint64_t id = order_one(ch, STATE(ANG));
	struct order_step ship = {.order = id, .carrier = SLICE("dhl"), .tracking = SLICE("JV1")};
	struct order_report report;
	struct history_list rows;
	struct err e;
	money_says(ch, &said);
	assert_int_equal(order_ship(ch, &ship, &report, &e), 1);
	assert_string_equal(state_now(ch, id, 0), "AUS");
	const Rec__Item *item = item_now(ch, "CUP-1");
	assert_int_equal(item->on_hand, 3);
	assert_int_equal(item->shipped, 2);
	assert_int_equal(item->reserved, 0);
	/* RECORD 2.1: ship on ANG is scan_in and ship, two history rows. */
	history_of(ch->txn, ch->arena, SLICE("O10006"), 2, &rows, &e);
	assert_string_equal(rows.items[1]->event, "scan_in");
	assert_string_equal(rows.items[0]->event, "ship");
	assert_string_equal(ch->events->name, "order.shipped");
	assert_int_equal(order_now(ch, id)->n_tracking, 1);
	assert_string_equal(order_now(ch, id)->tracking[0]->carrier, "DHL");
}

RECORD_TEST(test_ST_10_nothing_is_shipped_without_an_invoice)
{
	uint64_t id = order_one(ch, STATE(EIN));
	refused(ch, id, LINE_SHIP, "line 1 of O10006 is on no invoice yet");
	id = order_one(ch, STATE(FUT));
	refused(ch, id, LINE_FSHIP, "is on no invoice yet");
}

RECORD_TEST(test_18_scan_in_needs_stock)
{
	uint64_t id = order_sketch(ch, &(struct order_sketch){.lines = {"ANG CUP-1 6"}});
	refused(ch, id, LINE_SCAN_IN, "needs 6 of CUP-1: 0 are reserved for it and 5 free");
	id = order_sketch(ch, &(struct order_sketch){.lines = {"ANG GONE-1 1"}});
	refused(ch, id, LINE_SCAN_IN, "0 free");
	id = order_sketch(ch, &(struct order_sketch){.lines = {"ANG CUP-1 1", "HAL CUP-1 1"}});
	refused(ch, id, LINE_SCAN_IN, "O10008 is on hold: release it first");
}

RECORD_TEST(test_ST_09_scan_out_keeps_the_reservation)
{
	uint64_t id = order_one(ch, STATE(ANG));
	struct err e;
	assert_int_equal(step(ch, id, LINE_SCAN_IN, &e), 1);
	assert_int_equal(item_now(ch, "CUP-1")->reserved, 2);
	assert_int_equal(step(ch, id, LINE_SCAN_OUT, &e), 1);
	assert_string_equal(state_now(ch, id, 0), "ANG");
	assert_int_equal(item_now(ch, "CUP-1")->reserved, 2);
	assert_int_equal(order_now(ch, id)->lines[0]->reserved, 2);
}

RECORD_TEST(test_ST_11_return_needs_a_credit_and_remembers_how_it_was_shipped)
{
	struct money_said said = {.credited = false};
	uint64_t id = order_one(ch, STATE(FUS));
	struct err e;
	money_says(ch, &said);
	refused(ch, id, LINE_RETURN, "line 1 of O10006 has no credit note");
	said.credited = true;
	assert_int_equal(step_part(ch, id, LINE_RETURN, (struct order_part){1, 0, 1}, &e), 1);
	assert_string_equal(state_now(ch, id, 0), "RET");
	assert_string_equal(state_now(ch, id, 1), "FUS");
	refused(ch, id, LINE_UNDO_RETURN, "has a credit note: that has to be deleted first");
	said.credited = false;
	assert_int_equal(step(ch, id, LINE_UNDO_RETURN, &e), 1);
	assert_string_equal(state_now(ch, id, 0), "FUS");
}

RECORD_TEST(test_ST_15_ST_16_ST_17_fulfilment_from_transfer_to_shipped)
{
	struct money_said said = {.invoiced = false};
	uint64_t id = order_one(ch, STATE(ANG));
	struct err e;
	money_says(ch, &said);
	refused(ch, id, LINE_TRANSFER, "its shop has no fulfilment provider");
	Rec__Order *order = order_now(ch, id);
	order->provider = arena_str(ch->arena, SLICE("Fiege"));
	order_save(ch, order, "edit", SLICE(""), &e);
	assert_int_equal(step(ch, id, LINE_TRANSFER, &e), 1);
	assert_string_equal(state_now(ch, id, 0), "FUP");
	assert_string_equal(ch->events->name, "order.transferred");
	assert_int_equal(step(ch, id, LINE_FREJECT, &e), 1);
	assert_int_equal(step(ch, id, LINE_TRANSFER, &e), 1);
	assert_int_equal(step(ch, id, LINE_FCONFIRM, &e), 1);
	assert_string_equal(state_now(ch, id, 0), "FUT");
	refused(ch, id, LINE_CANCEL, "FUT (confirmed by the provider)");
	said.invoiced = true;
	assert_int_equal(step(ch, id, LINE_FSHIP, &e), 1);
	assert_string_equal(state_now(ch, id, 0), "FUS");
	/* The provider ships from his own shelves. */
	assert_int_equal(item_now(ch, "CUP-1")->on_hand, 5);
}

RECORD_TEST(test_ST_22_ST_08_every_step_is_logged_with_who_did_it)
{
	uint64_t id = order_one(ch, STATE(HAL));
	struct err e;
	assert_int_equal(step(ch, id, LINE_RELEASE, &e), 1);
	const Rec__History *row = fixture_history(ch, "O10006");
	assert_string_equal(row->event, "release");
	assert_string_equal(row->actor, "ann");
	assert_true(row->manual);
	assert_string_equal(row->from_state, "on hold");
	assert_string_equal(row->to_state, "open");
	assert_string_equal(row->changes[0]->old, "HAL");
	assert_string_equal(row->changes[0]->new_, "ANG");
}

/* ---- splitting ---- */

static uint64_t random_state;

static uint64_t next_random(uint64_t below)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (random_state >> 33) % below;
}

static void sums_of(const Rec__Order *order, int64_t sums[4], int64_t *vat)
{
	struct order_totals totals;
	struct err e;
	memset(sums, 0, 4 * sizeof(sums[0]));
	for (size_t i = 0; i < order->n_lines; i++) {
		int64_t amount;
		assert_int_equal(line_amount(order->lines[i], &amount, &e), 1);
		assert_true(order->lines[i]->quantity > 0);
		assert_in_range(order->lines[i]->reserved, 0, order->lines[i]->quantity);
		sums[0] += order->lines[i]->quantity;
		sums[1] += amount;
		sums[2] += order->lines[i]->discount;
		sums[3] += order->lines[i]->reserved;
	}
	assert_int_equal(order_totals(order, &totals, &e), 1);
	*vat = totals.vat;
}

/* 12: quantity, amounts, discount and VAT stay, to the cent; splits of splits too. */
static void test_12_splits_of_splits_conserve_every_sum(void **state)
{
	(void)state;
	random_state = 20260301;
	for (int round = 0; round < 2000; round++) {
		struct arena *a = arena_open();
		Rec__Order order;
		Rec__Line *line = ARENA_NEW(a, Rec__Line);
		int64_t before[4], after[4], vat, vat_after;
		rec__order__init(&order);
		rec__line__init(line);
		line->number = 3;
		line->quantity = (int64_t)next_random(40) + 2;
		line->unit_price = (int64_t)next_random(100000);
		line->discount = (int64_t)next_random((uint64_t)line->unit_price + 1);
		line->reserved = (int64_t)next_random((uint64_t)line->quantity + 1);
		line->vat_rate = 70000 + (int64_t)next_random(3) * 70000;
		line->state = STATE(ANG);
		order.lines = &line;
		order.n_lines = 1;
		sums_of(&order, before, &vat);
		for (int i = 0; i < 12; i++) {
			Rec__Line *one = order.lines[next_random(order.n_lines)];
			if (one->quantity < 2)
				continue;
			int64_t part = (int64_t)next_random((uint64_t)one->quantity - 1) + 1;
			order_split(a, &order, one, part, next_random(2) != 0);
		}
		sums_of(&order, after, &vat_after);
		assert_memory_equal(before, after, sizeof(before));
		assert_int_equal(vat, vat_after);
		for (size_t i = 0; i < order.n_lines; i++)
			assert_ptr_equal(order_line(&order, 3, order.lines[i]->split),
					 order.lines[i]);
		arena_close(&a);
	}
}

int run_order_step_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_17_st_every_pair_through_the_doors),
		cmocka_unit_test(test_17_st_every_pair_as_published),
		cmocka_unit_test(test_PX_15_cancel_cancels_what_can_be_and_reports_the_rest),
		cmocka_unit_test(test_ST_13_PX_15_all_lines_cancelled_is_closed),
		cmocka_unit_test(test_ST_25_single_lines_and_pieces_are_cancelled),
		cmocka_unit_test(test_ST_25_parts_that_cannot_be_are_refused),
		cmocka_unit_test(test_PX_15_cancel_leaves_invoiced_and_picked_lines),
		cmocka_unit_test(test_ST_12_a_replacement_is_cancelled_as_a_whole),
		cmocka_unit_test(test_ST_14_na_marks_lines),
		cmocka_unit_test(test_ST_29_na_of_an_item_lists_then_sets),
		cmocka_unit_test(test_22_ST_23_whole_steps_take_no_lines),
		cmocka_unit_test(test_tombstones_take_no_step),
		cmocka_unit_test(test_ST_28_reopen_within_a_month_taxes_anew),
		cmocka_unit_test(test_ST_28_one_month_by_the_calendar_of_the_shop),
		cmocka_unit_test(test_ST_28_reopen_after_a_month_is_refused),
		cmocka_unit_test(test_ST_09_ST_10_scan_and_ship_take_the_stock),
		cmocka_unit_test(test_ST_10_nothing_is_shipped_without_an_invoice),
		cmocka_unit_test(test_18_scan_in_needs_stock),
		cmocka_unit_test(test_ST_09_scan_out_keeps_the_reservation),
		cmocka_unit_test(test_ST_11_return_needs_a_credit_and_remembers_how_it_was_shipped),
		cmocka_unit_test(test_ST_15_ST_16_ST_17_fulfilment_from_transfer_to_shipped),
		cmocka_unit_test(test_ST_22_ST_08_every_step_is_logged_with_who_did_it),
		cmocka_unit_test(test_12_splits_of_splits_conserve_every_sum),
	};
	return cmocka_run_group_tests_name("order step", tests, fixture_setup, fixture_teardown);
}
