/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "../record/orders.h"
#include "command.h"
#include "groups.h"
#include "record/shipment.h"

/* The commands of the orders: each runs, refuses in a sentence, and keeps to the table. */

struct ran {
	int got;
	struct err e;
	struct command_result result;
};

static struct ran run(struct change *ch, const char *text)
{
	struct ran r = {.got = 0};
	struct command_block *block;
	struct command_context ctx = {.change = ch,
				      .customer = 10001,
				      .proofs = COMMAND_I0_IDENTITY | COMMAND_I1_TOKEN |
						COMMAND_I2_TRANSPORT | COMMAND_I3_FRESH};
	assert_int_equal(command_parse(ch->arena, slice_str(text), &block, NULL), 1);
	r.got = command_run(&ctx, block, &r.result, &r.e);
	return r;
}

/* What stands before each row: O10006 "ANG 2 CUP-1, HAL…" as said, with invoices as said. */
struct scene {
	const char *lines[4];
	bool invoiced;
	const char *first; /* a command that runs before; null: none */
};

static void set_scene(struct change *ch, const struct scene *scene, struct money_said *said)
{
	struct order_sketch sketch = {.payment_type = "bank"};
	memcpy(sketch.lines, scene->lines, sizeof(scene->lines));
	*said = (struct money_said){.invoiced = scene->invoiced};
	pay_row(ch, &(struct pay){.name = "bank", .status = STATE(HAL)});
	pay_row(ch, &(struct pay){.name = "invoice", .status = STATE(ANG)});
	if (sketch.lines[0])
		order_sketch(ch, &sketch);
	if (scene->invoiced)
		money_says(ch, said);
	if (!scene->first)
		return;
	struct ran r = run(ch, scene->first);
	if (r.got < 0)
		fail_msg("%s: %s", scene->first, r.e.text);
	change_events_cut(ch, 0);
}

static const struct {
	const char *id; /* of the function that is proved */
	struct scene scene;
	const char *text, *words;
	const char *event; /* the first; null: none */
} good[] = {
	{"PX-17",
	 {{0}},
	 "#neworder C10001",
	 "OK O10006 is made for C10001, empty",
	 "order.created"},
	{"PX-17", {{0}}, "#neworder paytype=bank", "OK O10006 is made for C10001", "order.created"},
	{"CP-22",
	 {{0}},
	 "#order C10001 CUP-1 2 paytype=invoice",
	 "OK O10006 is [OPN] open, allocated: 1 line ordered, 25.00 EUR",
	 "order.created"},
	{"ST-19",
	 {{0}},
	 "#order CUP-1 2 paytype=bank",
	 "O10006 is [HAL] on hold, allocated: 1 line ordered, 25.00 EUR; on hold, since orders "
	 "paid "
	 "by bank wait for their payment",
	 "order.created"},
	{"ST-06",
	 {{"HAL CUP-1 1"}},
	 "#add O10006 CUP-1 3 CUP-1 1",
	 "OK 2 lines added to O10006: #save O10006",
	 NULL},
	{"ST-07",
	 {{"NEW CUP-1 2"}},
	 "#save O10006",
	 "OK O10006 is [HAL] on hold",
	 "order.confirmed"},
	{"ST-08",
	 {{"NEW CUP-1 2"}, false, "#set O10006 paytype=invoice"},
	 "#save O10006",
	 "OK O10006 is [OPN] open, unallocated: 1 line saved",
	 "order.confirmed"},
	{"ST-06", {{"NEW CUP-1 2", "HAL CUP-1 1"}}, "#remove O10006/1", ": 1 line removed", NULL},
	{"PX-54", {{"HAL CUP-1 2"}}, "#set O10006/1 name=\"\" qty=3", "OK O10006 is changed", NULL},
	{"PX-08",
	 {{"HAL CUP-1 2"}},
	 "#set O10006 shipping=4.95 vendor=DHL",
	 "OK O10006 is changed",
	 NULL},
	{"PX-08", {{"HAL CUP-1 2"}}, "#set O10006 paytype=bank", "OK O10006 is as it was", NULL},
	{"PX-08",
	 {{"HAL CUP-1 2"}, false, "#address C10001 add line=\"Street 1\" city=Delft"},
	 "#address O10006 delivery 1",
	 "OK the delivery address of O10006 is changed",
	 NULL},
	{"PX-13",
	 {{"ANG CUP-1 2"}},
	 "#hold O10006 \"why\"",
	 "OK O10006 is [HAL] on hold",
	 "order.held"},
	{"PX-14",
	 {{"HAL CUP-1 2"}},
	 "#release O10006",
	 "OK O10006 is released [ANG]",
	 "order.released"},
	{"ST-24",
	 {{"HAL CUP-1 2"}, true},
	 "#release O10006",
	 "is matched by hand (#match)",
	 "order.released"},
	{"PX-15",
	 {{"HAL CUP-1 2", "AUS CUP-1 1"}},
	 "#cancel O10006 \"why\"",
	 "OK O10006 is [CLO] closed, dispatched: 1 line cancelled; not line 2 is AUS (shipped)",
	 "order.cancelled"},
	{"ST-25",
	 {{"HAL CUP-1 5"}},
	 "#cancel O10006 2x/1",
	 ": 1 line cancelled",
	 "order.cancelled"},
	{"ST-25",
	 {{"HAL CUP-1 5", "HAL CUP-1 1", "HAL CUP-1 1"}},
	 "#cancel O10006 /2 /3 \"two\"",
	 ": 2 lines cancelled",
	 "order.cancelled"},
	{"ST-25",
	 {{"HAL CUP-1 5"}},
	 "#cancel O10006/1",
	 "OK O10006 is [CLO] closed, cancelled",
	 "order.cancelled"},
	{"ST-28", {{"STO CUP-1 5"}}, "#reopen O10006", ": 1 line reopened", NULL},
	{"ST-14",
	 {{"ANG CUP-1 5"}},
	 "#na O10006/1",
	 "1 line marked as no longer available",
	 "order.unavailable"},
	{"PX-22",
	 {{"ANG CUP-1 6"}},
	 "#reserve O10006",
	 "OK 5 pieces reserved for O10006: 0 of 1 lines allocated; the rest waits for stock",
	 NULL},
	{"PX-23",
	 {{"ANG CUP-1 2"}, false, "#reserve O10006"},
	 "#unreserve O10006/1",
	 "OK 2 pieces of O10006 given back",
	 NULL},
	{"CP-30", {{"ANG CUP-1 2"}}, "#urgent O10006", "OK O10006 is urgent", NULL},
	{"CP-30",
	 {{"ANG CUP-1 2"}, false, "#urgent O10006"},
	 "#normal O10006",
	 "is not urgent any",
	 NULL},
	{"PX-20", {{"ANG CUP-1 2"}}, "#picklist O10006 P1", "OK O10006 is on pick list P1", NULL},
	{"ST-09", {{"ANG CUP-1 2"}}, "#scan O10006", ": 1 line scanned in", NULL},
	{"ST-09",
	 {{"ANG CUP-1 2"}, false, "#scan O10006"},
	 "#scan O10006 1x/1 out",
	 ": 1 line scanned out",
	 NULL},
	{"ST-10",
	 {{"ANG CUP-1 2"}, true},
	 "#ship O10006 tracking=JV1 carrier=dhl",
	 "OK O10006 is [CLO] closed, dispatched: 1 line shipped as S10001",
	 "order.shipped"},
	{"PX-24",
	 {{"ANG CUP-1 7"}, true},
	 "#shipnow O10006 rest=keep",
	 "OK O10006 is [OPN] open, unallocated: 1 line shipped as S10001",
	 "order.shipped"},
	{"CP-31",
	 {{"ANG CUP-1 1"}},
	 "#tracking O10006 dhl=JV1 dpd=2 dpd=3",
	 "OK 3 tracking codes added to O10006",
	 "order.tracking"},
	{"CS-09", {{"AUS CUP-1 2"}}, "#reship O10006/1", "OK S10001 is planned", "order.reshipped"},
	{"CS-09",
	 {{"AUS CUP-1 2"}, false, "#reship O10006 1x/1"},
	 "#ship S10001 tracking=9",
	 "OK S10001 is shipped",
	 "order.shipped"},
	{"CS-09",
	 {{"AUS CUP-1 2"}, false, "#reship O10006"},
	 "#cancelshipment S10001",
	 "OK S10001 is cancelled",
	 NULL},
	{"ST-16",
	 {{"ANG CUP-1 2"}, false, "#set O10006 provider=Fiege"},
	 "#transfer O10006",
	 "1 line given to the fulfilment provider",
	 "order.transferred"},
	{"ST-15",
	 {{"FUP CUP-1 2"}},
	 "#fulfil O10006 confirm",
	 "1 line confirmed by the provider",
	 NULL},
	{"ST-15",
	 {{"FUT CUP-1 2"}},
	 "#fulfil O10006 reject \"no stock\"",
	 "1 line rejected",
	 "order.rejected"},
	{"ST-17",
	 {{"FUT CUP-1 2"}, true},
	 "#fulfil O10006 shipped tracking=JV1 carrier=DHL",
	 "1 line shipped by the provider as S10001",
	 "order.shipped"},
	{"PX-20",
	 {{"ANG CUP-1 2"},
	  false,
	  "#order CUP-1 1 paytype=invoice\n"
	  "#set O10007 paytype=bank"},
	 "#merge O10006 O10007 address=base",
	 "OK O10007 is part of O10006 now; O10006 is [OPN] open",
	 "order.merged"},
	{"PX-16", {{"STO CUP-1 2"}}, "#delete O10006", "OK O10006 is deleted", NULL},
	{"CP-33", {{"HAL CUP-1 2"}}, "#triggers O10006", "confirmation    #trigger O10006", NULL},
	{"CP-33",
	 {{"HAL CUP-1 2"}},
	 "#trigger O10006",
	 "OK confirmation of O10006 will be made",
	 "document.requested"},
	{"PX-26",
	 {{"HAL CUP-1 2"}},
	 "#comment O10006 \"gift\"",
	 "OK comment added to O10006",
	 "order.commented"},
};

static size_t at_hand;

static void run_good(struct change *ch)
{
	struct money_said said;
	set_scene(ch, &good[at_hand].scene, &said);
	struct ran r = run(ch, good[at_hand].text);
	if (r.got < 0)
		fail_msg("%s %s: %s", good[at_hand].id, good[at_hand].text, r.e.text);
	if (slice_find(r.result.transcript, slice_str(good[at_hand].words)) < 0)
		fail_msg("%s \"%s\" is not in: %.*s", good[at_hand].id, good[at_hand].words,
			 SLICE_ARG(r.result.transcript));
	if (!good[at_hand].event != !ch->events ||
	    (ch->events && strcmp(ch->events->name, good[at_hand].event) != 0))
		fail_msg("%s: %s", good[at_hand].text, ch->events ? ch->events->name : "no event");
}

static void test_PX_13_to_CS_09_each_order_command_runs(void **state)
{
	for (at_hand = 0; at_hand < sizeof(good) / sizeof(good[0]); at_hand++)
		fixture_try(state, run_good);
}

static const struct {
	struct scene scene;
	const char *text, *words;
} bad[] = {
	{{{"HAL CUP-1 2"}}, "#release O10006/1", "whole order"},
	{{{"AUS CUP-1 2"}}, "#release O10006", "no line of O10006 can have \"release\""},
	{{{"EIN CUP-1 2", "ANG CUP-1 1"}}, "#hold O10006", "already being sent"},
	{{{"AUS CUP-1 2"}}, "#cancel O10006", "possible: return"},
	{{{"HAL CUP-1 2"}}, "#cancel O10006/1 1x/1", "write O10006 and its lines behind it"},
	{{{"HAL CUP-1 2"}}, "#cancel O10006 3x/1", "line 1 of O10006 has 2 pieces, not 3"},
	{{{"HAL CUP-1 2"}}, "#cancel O10006 1x/9", "there is no line O10006/9"},
	{{{"HAL CUP-1 2"}}, "#cancel O10006 /1 /1", "is named twice"},
	{{{"AUS CUP-1 2"}}, "#add O10006 CUP-1 1", "nothing can be added"},
	{{{"HAL CUP-1 2"}}, "#add O10006 CUP-1", "how many of CUP-1? write CUP-1 2"},
	{{{"HAL CUP-1 2"}}, "#add O10006 CUP-1 many", "is no number of pieces of CUP-1"},
	{{{"HAL CUP-1 2"}}, "#add O10006 CUPS 1", "there is no item \"CUPS\""},
	{{{0}}, "#order CUP-1 9", "9 of CUP-1 are wanted, 5 are free"},
	{{{0}}, "#order CUP-1 1 paytype=bnak", "there is no payment type"},
	{{{0}}, "#neworder C10001 season=SS99", "there is no season"},
	{{{"HAL CUP-1 2"}}, "#save O10006", "no line of O10006 can have \"save\""},
	{{{"HAL CUP-1 2"}}, "#remove O10006/1", "line 1 is HAL (on hold) and cannot be removed"},
	{{{"HAL CUP-1 2"}}, "#set O10006", "name what is to be set"},
	{{{"HAL CUP-1 2"}}, "#set O10006 currency=USD", "is fixed when it is made"},
	{{{"HAL CUP-1 2"}}, "#set O10006 shipping=4,95", "shipping="},
	{{{"HAL CUP-1 2"}}, "#set O10006 qty=2", "is no field of an order: name a line"},
	{{{"HAL CUP-1 2"}}, "#address O10006 delivery 7", "C10001 has 0 addresses"},
	{{{"EIN CUP-1 2"}}, "#address O10006 delivery", "goods of O10006 are already being sent"},
	{{{"AUS CUP-1 2"}}, "#address O10006 delivery", "O10006 is closed"},
	{{{"HAL CUP-1 2"}, true}, "#address O10006 billing", "stands on an invoice already"},
	{{{"HAL CUP-1 2"}}, "#reopen O10006", "no line of O10006 can have \"reopen\""},
	{{{"AUS CUP-1 2"}}, "#na O10006/1", "cannot be marked as no longer available"},
	{{{"AUS CUP-1 2"}}, "#reserve O10006", "no line of O10006 waits for goods"},
	{{{"ANG CUP-1 2"}}, "#unreserve O10006", "nothing is reserved for O10006"},
	{{{"ANG CUP-1 2"}}, "#normal O10006", "is not urgent already"},
	{{{"HAL CUP-1 2"}}, "#picklist O10006 P1", "O10006 is on hold"},
	{{{"ANG CUP-1 2"}}, "#picklist O10006 off", "no line of O10006 can be taken off"},
	{{{"ANG CUP-1 6"}}, "#scan O10006", "0 are reserved for it and 5 free"},
	{{{"ANG CUP-1 1"}}, "#ship O10006", "is on no invoice yet"},
	{{{"ANG CUP-1 1"}}, "#shipnow O10006", "is on no invoice yet"},
	{{{"HAL CUP-1 1"}, true}, "#shipnow O10006", "nothing of O10006 can be shipped now"},
	{{{"ANG CUP-1 1"}}, "#tracking O10006", "name the carrier and the code"},
	{{{"ANG CUP-1 1"}}, "#tracking O10006 dhl=a,b", "is no tracking code"},
	{{{"ANG CUP-1 1"}}, "#reship O10006", "nothing of O10006 was shipped"},
	{{{"ANG CUP-1 1"}}, "#cancelshipment S10001", "there is no shipment S10001"},
	{{{"ANG CUP-1 1"}}, "#transfer O10006", "its shop has no fulfilment provider"},
	{{{"ANG CUP-1 1"}}, "#fulfil O10006 confirm", "no line of O10006 can have \"fconfirm\""},
	{{{"FUT CUP-1 1"}}, "#fulfil O10006 shipped", "is on no invoice yet"},
	{{{"ANG CUP-1 1"}}, "#merge O10006", "2 to 20 orders can be merged"},
	{{{"ANG CUP-1 1"}}, "#merge O10006 O10002", "is paid by"},
	{{{"ANG CUP-1 1"}}, "#delete O10006", "only an order without lines"},
	{{{"ANG CUP-1 1"}}, "#trigger O10006 pick_note", "a pick_note of O10006 is not to be made"},
	{{{"EIN CUP-1 1"}}, "#trigger O10006 invoice", "this desk makes no invoices"},
	{{{"NEW CUP-1 1"}}, "#trigger O10006", "O10006 waits for no document"},
	{{{0}}, "#cancel O10003", "O10003 belongs to C10002, not to C10001"},
};

static void run_bad(struct change *ch)
{
	struct money_said said;
	set_scene(ch, &bad[at_hand].scene, &said);
	struct ran r = run(ch, bad[at_hand].text);
	if (r.got >= 0)
		fail_msg("%s was allowed", bad[at_hand].text);
	if (!strstr(r.e.text, bad[at_hand].words))
		fail_msg("%s: \"%s\" is not in: %s", bad[at_hand].text, bad[at_hand].words,
			 r.e.text);
	assert_int_equal(r.e.class, ERR_INPUT);
	assert_int_equal(ch->n_events, 0);
}

static void test_CMD_every_refusal_of_an_order_is_a_sentence(void **state)
{
	for (at_hand = 0; at_hand < sizeof(bad) / sizeof(bad[0]); at_hand++)
		fixture_try(state, run_bad);
}

/* ---- the transition table, through the commands ---- */

static const struct {
	const char *text; /* about O10006, or its line 1 */
	enum line_event event;
} commands[] = {
	{"#save O10006", LINE_SAVE},
	{"#remove O10006/1", LINE_REMOVE},
	{"#release O10006", LINE_RELEASE},
	{"#hold O10006", LINE_HOLD},
	{"#cancel O10006/1", LINE_CANCEL},
	{"#na O10006/1", LINE_NA},
	{"#scan O10006/1", LINE_SCAN_IN},
	{"#scan O10006/1 out", LINE_SCAN_OUT},
	{"#ship O10006/1", LINE_SHIP},
	{"#transfer O10006/1", LINE_TRANSFER},
	{"#fulfil O10006/1 confirm", LINE_FCONFIRM},
	{"#fulfil O10006/1 reject", LINE_FREJECT},
	{"#fulfil O10006/1 shipped", LINE_FSHIP},
	{"#reopen O10006/1", LINE_REOPEN},
};

static Rec__LineState walked;

static void walk_one(struct change *ch)
{
	enum line_event event = commands[at_hand].event;
	struct money_said said = {.invoiced = event == LINE_SHIP || event == LINE_FSHIP};
	struct err e;
	pay_row(ch, &(struct pay){.name = "bank", .status = STATE(HAL)});
	Rec__Order *order = order_now(ch, order_one(ch, walked));
	order->provider = arena_str(ch->arena, SLICE("Fiege"));
	order_save(ch, order, "edit", SLICE(""), &e);
	money_says(ch, &said);
	bool allowed = line_targets(walked, event) != 0;
	/* RECORD.md 2.1: #ship on an ANG line is scan_in and ship. */
	if (event == LINE_SHIP && walked == STATE(ANG))
		allowed = true;
	struct ran r = run(ch, commands[at_hand].text);
	if ((r.got > 0) != allowed)
		fail_msg("%s of %s: %s", commands[at_hand].text, state_now(ch, 10006, 0),
			 r.got > 0 ? "allowed" : r.e.text);
	if (!allowed)
		fixture_error(&r.e, ERR_INPUT, "possible: ");
}

static void test_17_ST_every_pair_through_the_commands(void **state)
{
	for (int i = STATE(NEW); i < LINE_STATE_COUNT; i++)
		for (at_hand = 0; at_hand < sizeof(commands) / sizeof(commands[0]); at_hand++) {
			walked = (Rec__LineState)i;
			fixture_try(state, walk_one);
		}
}

/* ---- who may ---- */

RECORD_TEST(test_2_10_the_warehouse_scans_and_ships_but_does_not_cancel)
{
	struct money_said said = {.invoiced = true};
	struct ran r;
	order_one(ch, STATE(ANG));
	money_says(ch, &said);
	ch->role = REC__ROLE__ROLE_WAREHOUSE;
	r = run(ch, "#cancel O10006");
	assert_int_equal(r.got, -1);
	fixture_error(&r.e, ERR_DENIED, "#cancel is for agent, admin; you are warehouse");
	assert_int_equal(run(ch, "#scan O10006\n#ship O10006").got, 1);
}

RECORD_TEST(test_16_merged_ids_still_name_their_lines)
{
	struct ran r;
	uint64_t a = order_sketch(ch, &(struct order_sketch){.lines = {"ANG CUP-1 2"}});
	uint64_t b = order_sketch(ch, &(struct order_sketch){.lines = {"ANG CUP-1 3"}});
	assert_int_equal(a, 10006);
	assert_int_equal(b, 10007);
	assert_int_equal(run(ch, "#merge O10006 O10007").got, 1);
	assert_int_equal(run(ch, "#cancel O10007/1").got, 1);
	assert_string_equal(state_now(ch, a, 1), "STO");
	r = run(ch, "#cancel O10007/2");
	assert_int_equal(r.got, -1);
	fixture_error(&r.e, ERR_INPUT, "O10007 has no line 2");
}

/* ST-26: told, and never taken away in silence. */
RECORD_TEST(test_ST_26_a_cancel_tells_what_payment_events_stay_behind)
{
	struct money_said said = {.left_behind = "E12 25.00 EUR: #remove E12\n"};
	order_one(ch, STATE(HAL));
	money_says(ch, &said);
	struct ran r = run(ch, "#cancel O10006");
	assert_int_equal(r.got, 1);
	assert_true(slice_find(r.result.transcript,
			       SLICE("Payment events stay behind:\nE12 25.00 EUR: #remove E12")) >
		    0);
}

int run_order_command_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_PX_13_to_CS_09_each_order_command_runs),
		cmocka_unit_test(test_CMD_every_refusal_of_an_order_is_a_sentence),
		cmocka_unit_test(test_17_ST_every_pair_through_the_commands),
		cmocka_unit_test(test_2_10_the_warehouse_scans_and_ships_but_does_not_cancel),
		cmocka_unit_test(test_16_merged_ids_still_name_their_lines),
		cmocka_unit_test(test_ST_26_a_cancel_tells_what_payment_events_stay_behind),
	};
	return cmocka_run_group_tests_name("order commands", tests, fixture_setup,
					   fixture_teardown);
}
