/* SPDX-License-Identifier: ISC */
#include "groups.h"
#include "orders.h"
#include "record/customer.h"
#include "record/dispatch.h"
#include "record/document.h"
#include "record/item_stock.h"
#include "record/shipment.h"

static int reserve(struct change *ch, uint64_t id, int64_t *pieces, struct err *e)
{
	struct order_step all = {.order = id};
	return order_reserve(ch, &all, pieces, e);
}

/* ---- reservations ---- */

RECORD_TEST(test_PX_22_PX_23_reserve_and_give_back)
{
	uint64_t id =
		order_sketch(ch, &(struct order_sketch){.lines = {"HAL CUP-1 2", "ANG CUP-1 4"}});
	struct order_step all = {.order = id};
	int64_t pieces;
	struct err e;
	assert_int_equal(reserve(ch, id, &pieces, &e), 1);
	assert_int_equal(pieces, 5);
	assert_int_equal(order_now(ch, id)->lines[0]->reserved, 2);
	assert_int_equal(order_now(ch, id)->lines[1]->reserved, 3);
	assert_int_equal(item_now(ch, "CUP-1")->reserved, 5);
	assert_string_equal(fixture_history(ch, "O10006")->event, "reserve");
	assert_int_equal(order_unreserve(ch, &all, &pieces, &e), 1);
	assert_int_equal(pieces, 5);
	assert_int_equal(item_now(ch, "CUP-1")->reserved, 0);
	assert_int_equal(order_now(ch, id)->lines[1]->reserved_at, 0);
	assert_int_equal(order_unreserve(ch, &all, &pieces, &e), -1);
	fixture_error(&e, ERR_INPUT, "nothing is reserved for O10006");
}

RECORD_TEST(test_PX_22_reserve_refusals)
{
	uint64_t id = order_one(ch, STATE(AUS));
	int64_t pieces;
	struct err e;
	assert_int_equal(reserve(ch, id, &pieces, &e), -1);
	fixture_error(&e, ERR_INPUT, "no line of O10006 waits for goods");
	/* 18: replacement lines never reserve. */
	id = order_one(ch, STATE(MIN));
	assert_int_equal(reserve(ch, id, &pieces, &e), -1);
	id = order_sketch(ch, &(struct order_sketch){.lines = {"ANG GONE-1 1"}});
	assert_int_equal(reserve(ch, id, &pieces, &e), -1);
	fixture_error(&e, ERR_INPUT, "line 1 of O10008: there is no item GONE-1");
}

RECORD_TEST(test_18_cancel_gives_back_and_the_next_in_line_has_it)
{
	uint64_t first = order_sketch(ch, &(struct order_sketch){.lines = {"ANG CUP-1 4"}});
	uint64_t second = order_sketch(ch, &(struct order_sketch){.lines = {"ANG CUP-1 3"}});
	uint64_t third = order_sketch(ch, &(struct order_sketch){.lines = {"ANG CUP-1 3"}});
	int64_t pieces;
	struct err e;
	assert_int_equal(reserve(ch, first, &pieces, &e), 1);
	ch->now += 10;
	assert_int_equal(reserve(ch, third, &pieces, &e), 1);
	assert_int_equal(pieces, 1);
	ch->now += 10;
	assert_int_equal(reserve(ch, second, &pieces, &e), 1);
	assert_int_equal(pieces, 0);
	assert_int_equal(step(ch, first, LINE_CANCEL, &e), 1);
	assert_int_equal(order_now(ch, first)->lines[0]->reserved, 0);
	/* First come, first served: by the time of the reservation. */
	assert_int_equal(order_now(ch, third)->lines[0]->reserved, 3);
	assert_int_equal(order_now(ch, second)->lines[0]->reserved, 2);
	assert_int_equal(item_now(ch, "CUP-1")->reserved, 5);
	assert_int_equal(item_receive(ch, SLICE("CUP-1"), 4, &e), 1);
	assert_int_equal(order_allocate_item(ch, SLICE("CUP-1"), &pieces, &e), 1);
	assert_int_equal(pieces, 1);
	assert_int_equal(order_now(ch, second)->lines[0]->reserved, 3);
}

RECORD_TEST(test_19_the_counters_of_an_item_add_up)
{
	struct err e;
	int64_t got;
	stock_item(ch, "VASE-1", 10);
	assert_int_equal(item_reserve(ch, SLICE("VASE-1"), 4, &got, &e), 1);
	assert_int_equal(item_write_off(ch, SLICE("VASE-1"), 7, &e), -1);
	fixture_error(&e, ERR_INPUT, "7 of VASE-1 are needed, 6 of 10 in stock are free");
	assert_int_equal(item_write_off(ch, SLICE("VASE-1"), 2, &e), 1);
	assert_int_equal(item_ship(ch, SLICE("VASE-1"), 4, 4, &e), 1);
	assert_int_equal(item_restock(ch, SLICE("VASE-1"), 1, &e), 1);
	assert_int_equal(item_ship(ch, SLICE("VASE-1"), 6, 0, &e), -1);
	const Rec__Item *item = item_now(ch, "VASE-1");
	assert_int_equal(item->on_hand, 5);
	assert_int_equal(item->on_hand,
			 item->received - item->shipped + item->restocked - item->written_off);
	assert_int_equal(item->reserved, 0);
	assert_int_equal(item_receive(ch, SLICE("NONE-1"), 1, &e), -1);
	fixture_error(&e, ERR_INPUT, "there is no item NONE-1");
}

/* ---- the dispatch queue ---- */

static size_t queue(struct change *ch, uint64_t *orders)
{
	struct dispatch_list list;
	struct err e;
	if (dispatch_list(ch, 50, &list, &e) < 0)
		fail_msg("%s", e.text);
	for (size_t i = 0; i < list.n; i++)
		orders[i] = list.items[i].order->id;
	return list.n;
}

static uint64_t reserved_order(struct change *ch, const struct order_sketch *sketch)
{
	uint64_t id = order_sketch(ch, sketch);
	int64_t pieces;
	struct err e;
	if (reserve(ch, id, &pieces, &e) < 0)
		fail_msg("%s", e.text);
	ch->now++;
	return id;
}

RECORD_TEST(test_CP_30_the_queue_is_urgent_first_then_first_in)
{
	uint64_t orders[50];
	struct err e;
	stock_item(ch, "JUG-1", 100);
	uint64_t one = reserved_order(ch, &(struct order_sketch){.lines = {"ANG JUG-1 1"}});
	uint64_t two = reserved_order(ch, &(struct order_sketch){.lines = {"ANG JUG-1 1"}});
	uint64_t three = reserved_order(ch, &(struct order_sketch){.lines = {"ANG JUG-1 1"}});
	reserved_order(ch, &(struct order_sketch){.lines = {"ANG JUG-1 1", "HAL JUG-1 1"}});
	order_sketch(ch, &(struct order_sketch){.lines = {"ANG JUG-1 1"}});
	reserved_order(ch, &(struct order_sketch){.lines = {"ANG JUG-1 200"}});
	assert_int_equal(queue(ch, orders), 3);
	assert_int_equal(order_urgent(ch, three, true, &e), 1);
	assert_int_equal(queue(ch, orders), 3);
	assert_int_equal(orders[0], three);
	assert_int_equal(orders[1], one);
	assert_int_equal(orders[2], two);
	assert_int_equal(order_urgent(ch, three, true, &e), -1);
	fixture_error(&e, ERR_INPUT, "is urgent already");
	assert_int_equal(order_urgent(ch, three, false, &e), 1);
	assert_int_equal(step(ch, one, LINE_SCAN_IN, &e), 1);
	queue(ch, orders);
	assert_int_equal(orders[0], two);
	assert_int_equal(orders[1], three);
}

RECORD_TEST(test_CP_42_queue_rows_carry_the_watch_notes)
{
	struct dispatch_list list;
	struct err e;
	reserved_order(ch, &(struct order_sketch){.lines = {"ANG CUP-1 1"}});
	assert_int_equal(dispatch_list(ch, 1, &list, &e), 1);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.items[0].customer->watch[0]->text, "Always calls first");
	assert_int_equal(list.items[0].line->number, 1);
	assert_false(list.more);
}

RECORD_TEST(test_24_CP_19_prepaid_orders_wait_for_their_cover)
{
	struct money_said said = {.cover = 0};
	uint64_t orders[50];
	struct err e;
	terms_row(ch, "upfront", true);
	uint64_t id = reserved_order(
		ch, &(struct order_sketch){.lines = {"ANG CUP-1 2"}, .terms = "upfront"});
	assert_int_equal(queue(ch, orders), 0);
	refused(ch, id, LINE_SCAN_IN, "is to be paid before it is sent (terms upfront)");
	money_says(ch, &said);
	said.cover = 2398;
	assert_int_equal(queue(ch, orders), 0);
	refused(ch, id, LINE_SCAN_IN, "0.01 EUR are not covered");
	said.cover = 2399;
	assert_int_equal(queue(ch, orders), 1);
	assert_int_equal(step(ch, id, LINE_SCAN_IN, &e), 1);
	/* A discount on the order is cover too. */
	said.cover = 0;
	id = reserved_order(ch,
			    &(struct order_sketch){.lines = {"ANG CUP-1 1"}, .terms = "upfront"});
	Rec__Order *order = order_now(ch, id);
	order->discount = 1149;
	order_save(ch, order, "edit", SLICE(""), &e);
	assert_int_equal(queue(ch, orders), 1);
}

RECORD_TEST(test_CP_23_a_season_that_has_not_begun_is_not_allocated)
{
	struct order_step all = {.order = 0};
	uint64_t orders[50];
	int64_t pieces;
	struct err e;
	season_row(ch, "SS27", ch->now + DAYS(10));
	all.order = order_sketch(
		ch, &(struct order_sketch){.lines = {"ANG CUP-1 1"}, .season = "SS27"});
	assert_int_equal(order_reserve(ch, &all, &pieces, &e), -1);
	fixture_error(&e, ERR_INPUT, "season SS27, which begins on 2026-03-11");
	refused(ch, all.order, LINE_SCAN_IN, "nothing of it is allocated before");
	ch->now += DAYS(11);
	assert_int_equal(order_reserve(ch, &all, &pieces, &e), 1);
	assert_int_equal(queue(ch, orders), 1);
}

/* ---- ship now ---- */

RECORD_TEST(test_PX_24_shipnow_ships_what_is_there_and_keeps_the_rest)
{
	struct money_said said = {.invoiced = true};
	struct order_report report;
	struct order_step now = {
		.order = order_sketch(
			ch, &(struct order_sketch){.lines = {"ANG CUP-1 7", "ANG GONE-1 1"}})};
	struct err e;
	assert_int_equal(order_ship_now(ch, &now, false, &report, &e), -1);
	fixture_error(&e, ERR_INPUT, "is on no invoice yet");
	money_says(ch, &said);
	assert_int_equal(order_ship_now(ch, &now, false, &report, &e), 1);
	assert_int_equal(report.moved, 1);
	const Rec__Order *order = order_now(ch, now.order);
	assert_int_equal(order_line(order, 1, 0)->state, STATE(AUS));
	assert_int_equal(order_line(order, 1, 0)->quantity, 5);
	assert_int_equal(order_line(order, 1, 1)->state, STATE(ANG));
	assert_int_equal(order_line(order, 1, 1)->quantity, 2);
	assert_int_equal(order_line(order, 2, 0)->state, STATE(ANG));
	assert_int_equal(item_now(ch, "CUP-1")->on_hand, 0);
	assert_int_equal(order_ship_now(ch, &now, false, &report, &e), -1);
	fixture_error(&e, ERR_INPUT, "nothing of O10006 can be shipped now");
}

RECORD_TEST(test_PX_24_shipnow_cancels_the_rest)
{
	struct money_said said = {.invoiced = false};
	struct order_report report;
	uint64_t id =
		order_sketch(ch, &(struct order_sketch){.lines = {"ANG CUP-1 3", "ANG CUP-1 4"}});
	struct order_step now = {.order = id};
	struct err e;
	money_says(ch, &said);
	said.invoiced = true;
	/* What is on an invoice cannot be cancelled: this door says so of every line. */
	assert_int_equal(order_ship_now(ch, &now, true, &report, &e), -1);
	fixture_error(&e, ERR_INPUT, "is on an invoice already");
}

/* ---- shipments ---- */

static uint64_t shipped_order(struct change *ch, struct order_report *report)
{
	static struct money_said said = {.invoiced = true};
	struct order_step ship = {.order = order_one(ch, STATE(ANG))};
	struct err e;
	money_says(ch, &said);
	if (order_ship(ch, &ship, report, &e) < 0)
		fail_msg("%s", e.text);
	return ship.order;
}

RECORD_TEST(test_CS_08_shipments_of_orders_and_customers)
{
	struct order_report report;
	struct shipment_list list;
	struct err e;
	uint64_t id = shipped_order(ch, &report);
	assert_int_equal(shipment_of_order(ch->txn, ch->arena, id, 10, &list, &e), 1);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.items[0]->id, report.shipment);
	assert_int_equal(list.items[0]->lines[0]->quantity, 2);
	assert_true(slice_eq(shipment_state_word(list.items[0]->state), SLICE("shipped")));
	assert_int_equal(order_now(ch, id)->lines[0]->shipment, report.shipment);
	assert_int_equal(shipment_of_customer(ch->txn, ch->arena, 10001, 10, &list, &e), 1);
	assert_int_equal(list.total, 1);
}

RECORD_TEST(test_CP_31_tracking_several_by_carrier)
{
	struct order_report report;
	Rec__Shipment *shipment;
	struct err e;
	uint64_t id = shipped_order(ch, &report);
	assert_int_equal(order_track(ch, id, SLICE("dhl"), SLICE("JVGL0001"), &e), 1);
	assert_int_equal(order_track(ch, id, SLICE("Fiege"), SLICE("F-2"), &e), 1);
	const Rec__Order *order = order_now(ch, id);
	assert_int_equal(order->n_tracking, 2);
	assert_string_equal(order->tracking[0]->carrier, "DHL");
	assert_string_equal(order->tracking[1]->carrier, "Fiege");
	/* CP-08: the shipment is found by it. */
	assert_int_equal(shipment_find(ch->txn, ch->arena, SLICE("jvgl0001"), &shipment, &e), 1);
	assert_int_equal(shipment->id, report.shipment);
	assert_int_equal(order_track(ch, id, SLICE("dpd"), SLICE("jvgl0001"), &e), -1);
	fixture_error(&e, ERR_INPUT, "has the tracking code JVGL0001 already");
	assert_int_equal(order_track(ch, id, SLICE("dpd"), SLICE("a b"), &e), -1);
	fixture_error(&e, ERR_INPUT, "is no tracking code");
	assert_true(slice_eq(carrier_link(ch->arena, SLICE("dhl"), SLICE("JV1")),
			     SLICE("https://www.dhl.com/en/express/tracking.html?AWB=JV1")));
	assert_int_equal(carrier_link(ch->arena, SLICE("Fiege"), SLICE("F-2")).len, 0);
}

RECORD_TEST(test_CS_09_reship_is_planned_and_shipped_or_cancelled)
{
	struct order_report report;
	struct order_part part = {1, 0, 1};
	struct order_step again = {.parts = &part, .n_parts = 1};
	Rec__Shipment *shipment;
	uint64_t planned;
	struct err e;
	again.order = shipped_order(ch, &report);
	assert_int_equal(shipment_reship(ch, &again, &planned, &e), 1);
	assert_int_equal(shipment_load(ch->txn, ch->arena, planned, &shipment, &e), 1);
	assert_int_equal(shipment->reship_of, report.shipment);
	assert_int_equal(shipment->lines[0]->quantity, 1);
	assert_int_equal(item_now(ch, "CUP-1")->on_hand, 3);
	assert_int_equal(shipment_ship(ch, planned, SLICE("ups"), SLICE("1Z9"), &e), 1);
	assert_int_equal(item_now(ch, "CUP-1")->on_hand, 2);
	/* At no charge: the order's lines and totals are what they were. */
	assert_int_equal(order_now(ch, again.order)->n_lines, 1);
	assert_int_equal(shipment_cancel(ch, planned, SLICE(""), &e), -1);
	fixture_error(&e, ERR_INPUT, "is shipped and cannot be cancelled");
	assert_int_equal(shipment_reship(ch, &again, &planned, &e), 1);
	assert_int_equal(shipment_cancel(ch, planned, SLICE("found it"), &e), 1);
	assert_int_equal(shipment_ship(ch, planned, SLICE(""), SLICE(""), &e), -1);
	fixture_error(&e, ERR_INPUT, "is cancelled and cannot be shipped");
	again.order = order_one(ch, STATE(ANG));
	assert_int_equal(shipment_reship(ch, &again, &planned, &e), -1);
	fixture_error(&e, ERR_INPUT, "only what was shipped can be shipped once more");
}

/* ---- documents and files ---- */

RECORD_TEST(test_CP_33_CP_29_pending_documents_and_the_print_history)
{
	uint64_t id = order_one(ch, STATE(HAL));
	Rec__Document document;
	struct document_list list;
	struct slice bytes;
	struct err e;
	assert_int_equal(document_pending(ch, order_now(ch, id), DOCUMENT_CONFIRMATION, &e), 1);
	assert_int_equal(document_pending(ch, order_now(ch, id), DOCUMENT_PICK_NOTE, &e), 0);
	assert_int_equal(document_request(ch, id, DOCUMENT_PICK_NOTE, &e), -1);
	fixture_error(&e, ERR_INPUT, "a pick_note of O10006 is not to be made");
	assert_int_equal(document_request(ch, id, DOCUMENT_CONFIRMATION, &e), 1);
	assert_string_equal(ch->events->name, "document.requested");
	assert_true(slice_eq(ch->events->text, SLICE("confirmation")));
	rec__document__init(&document);
	document.object = arena_str(ch->arena, SLICE("O10006"));
	document.kind = arena_str(ch->arena, SLICE("confirmation"));
	document.name = arena_str(ch->arena, SLICE("confirmation-O10006.txt"));
	assert_int_equal(document_add(ch, &document, SLICE("Thank you"), &e), 1);
	assert_int_equal(document_pending(ch, order_now(ch, id), DOCUMENT_CONFIRMATION, &e), 0);
	assert_int_equal(document_of(ch->txn, ch->arena, SLICE("O10006"), 10, &list, &e), 1);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.items[0]->size, 9);
	assert_string_equal(list.items[0]->sha256,
			    "268bc1833e83306f48ae6203eefb86e7a39dedb1d3d6df99c18ef70aa61ef84d");
	assert_int_equal(document_bytes(ch->txn, list.items[0], &bytes, &e), 1);
	assert_true(slice_eq(bytes, SLICE("Thank you")));
}

RECORD_TEST(test_CP_37_files_stand_with_the_order)
{
	uint64_t id = order_one(ch, STATE(HAL));
	Rec__File file;
	struct file_list list;
	struct err e;
	rec__file__init(&file);
	file.object = arena_printf(ch->arena, "O%u", (unsigned)id);
	file.name = arena_str(ch->arena, SLICE("photo.jpg"));
	file.size = 12;
	assert_int_equal(file_add(ch, &file, &e), 1);
	assert_int_equal(file_of(ch->txn, ch->arena, slice_str(file.object), 10, &list, &e), 1);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.items[0]->agent, 1);
	file.id = 0;
	file.name = arena_str(ch->arena, SLICE("../photo.jpg"));
	assert_int_equal(file_add(ch, &file, &e), -1);
	fixture_error(&e, ERR_INPUT, "is no name for a file");
	file.object = arena_str(ch->arena, SLICE("O99999"));
	assert_int_equal(file_add(ch, &file, &e), -1);
	fixture_error(&e, ERR_INPUT, "there is no O99999");
}

int run_order_stock_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_PX_22_PX_23_reserve_and_give_back),
		cmocka_unit_test(test_PX_22_reserve_refusals),
		cmocka_unit_test(test_18_cancel_gives_back_and_the_next_in_line_has_it),
		cmocka_unit_test(test_19_the_counters_of_an_item_add_up),
		cmocka_unit_test(test_CP_30_the_queue_is_urgent_first_then_first_in),
		cmocka_unit_test(test_CP_42_queue_rows_carry_the_watch_notes),
		cmocka_unit_test(test_24_CP_19_prepaid_orders_wait_for_their_cover),
		cmocka_unit_test(test_CP_23_a_season_that_has_not_begun_is_not_allocated),
		cmocka_unit_test(test_PX_24_shipnow_ships_what_is_there_and_keeps_the_rest),
		cmocka_unit_test(test_PX_24_shipnow_cancels_the_rest),
		cmocka_unit_test(test_CS_08_shipments_of_orders_and_customers),
		cmocka_unit_test(test_CP_31_tracking_several_by_carrier),
		cmocka_unit_test(test_CS_09_reship_is_planned_and_shipped_or_cancelled),
		cmocka_unit_test(test_CP_33_CP_29_pending_documents_and_the_print_history),
		cmocka_unit_test(test_CP_37_files_stand_with_the_order),
	};
	return cmocka_run_group_tests_name("order stock", tests, fixture_setup, fixture_teardown);
}
