/* SPDX-License-Identifier: ISC */
#include "groups.h"
#include "orders.h"
#include "record/customer.h"
#include "record/dispatch.h"
#include "record/id.h"
#include "record/order_edit.h"

static Rec__Order *new_order(struct change *ch, const struct order_wish *wish)
{
	Rec__Order *order;
	struct err e;
	if (order_new(ch, wish, &order, &e) < 0)
		fail_msg("%s", e.text);
	return order;
}

static int add(struct change *ch, uint64_t id, const char *sku, int64_t quantity, struct err *e)
{
	struct order_ware ware = {slice_str(sku), quantity};
	struct order_adding adding = {.order = id, .wares = &ware, .n = 1};
	return order_add(ch, &adding, e);
}

/* ---- new orders ---- */

RECORD_TEST(test_PX_17_CS_04_a_new_order_is_empty_with_the_last_ones_data)
{
	Rec__Order *last = order_now(ch, 10005);
	struct err e;
	pay_row(ch, &(struct pay){.name = "bank", .status = STATE(HAL)});
	last->payment_type = arena_str(ch->arena, SLICE("bank"));
	last->shipping_vendor = arena_str(ch->arena, SLICE("DHL"));
	last->shipping = ARENA_NEW(ch->arena, Rec__Address);
	rec__address__init(last->shipping);
	last->shipping->city = arena_str(ch->arena, SLICE("Utrecht"));
	order_save(ch, last, "edit", SLICE(""), &e);
	Rec__Order *order = new_order(ch, &(struct order_wish){.customer = 10001});
	assert_int_equal(order->n_lines, 0);
	assert_int_equal(order_status(order), ORDER_EMPTY);
	assert_string_equal(order->shipping->city, "Utrecht");
	assert_string_equal(order->payment_type, "bank");
	assert_string_equal(order->shipping_vendor, "DHL");
	assert_string_equal(order->currency, "EUR");
	assert_int_equal(order->ordered_at, FIXTURE_NOW);
	assert_string_equal(ch->events->name, "order.created");
}

RECORD_TEST(test_25_an_inactive_customer_gets_no_new_order)
{
	struct order_wish wish = {.customer = 10003};
	Rec__Customer *customer;
	Rec__Order *order;
	struct err e;
	uint64_t id = new_order(ch, &wish)->id;
	customer_load(ch->txn, ch->arena, 10003, &customer, &e);
	customer->inactive = true;
	customer_save(ch, customer, "deactivate", SLICE(""), &e);
	assert_int_equal(order_new(ch, &wish, &order, &e), -1);
	fixture_error(&e, ERR_INPUT, "C10003 is inactive");
	assert_int_equal(add(ch, id, "CUP-1", 1, &e), -1);
	fixture_error(&e, ERR_INPUT, "C10003 is inactive");
	wish = (struct order_wish){.customer = 99};
	assert_int_equal(order_new(ch, &wish, &order, &e), -1);
	fixture_error(&e, ERR_INPUT, "there is no customer C99");
	wish = (struct order_wish){.customer = 10001, .payment_type = SLICE("gold")};
	assert_int_equal(order_new(ch, &wish, &order, &e), -1);
	fixture_error(&e, ERR_INPUT, "there is no payment type");
}

RECORD_TEST(test_ST_06_lines_are_new_until_saved)
{
	uint64_t id = new_order(ch, &(struct order_wish){.customer = 10001})->id;
	struct err e;
	assert_int_equal(add(ch, id, "CUP-1", 3, &e), 1);
	const Rec__Line *line = order_now(ch, id)->lines[0];
	assert_int_equal(line->state, STATE(NEW));
	assert_int_equal(line->number, 1);
	assert_int_equal(line->quantity, 3);
	assert_int_equal(line->unit_price, 1250);
	assert_string_equal(line->name, "Cup");
	assert_int_equal(line->vat_rate, 210000);
	assert_int_equal(add(ch, id, "CUP-1", 1, &e), 1);
	assert_int_equal(step_part(ch, id, LINE_REMOVE, (struct order_part){2, 0, 0}, &e), 1);
	assert_int_equal(order_now(ch, id)->n_lines, 1);
	assert_int_equal(add(ch, id, "NOPE", 1, &e), -1);
	fixture_error(&e, ERR_INPUT, "there is no item \"NOPE\"");
	assert_int_equal(add(ch, id, "CUP-1", 0, &e), -1);
	fixture_error(&e, ERR_INPUT, "not 0");
	assert_int_equal(add(ch, order_one(ch, STATE(AUS)), "CUP-1", 1, &e), -1);
	fixture_error(&e, ERR_INPUT, "was shipped: nothing can be added");
	assert_int_equal(add(ch, order_one(ch, STATE(STO)), "CUP-1", 1, &e), -1);
	fixture_error(&e, ERR_INPUT, "is closed: nothing can be added");
}

RECORD_TEST(test_CP_22_orders_from_stock_take_what_is_there)
{
	uint64_t id = new_order(ch, &(struct order_wish){.customer = 10001})->id;
	struct order_ware wares[] = {{SLICE("CUP-1"), 3}, {SLICE("CUP-1"), 3}};
	struct order_adding adding = {.order = id, .wares = wares, .n = 2, .stocked = true};
	struct err e;
	assert_int_equal(order_add(ch, &adding, &e), -1);
	fixture_error(&e, ERR_INPUT, "3 of CUP-1 are wanted, 2 are free");
	wares[1].quantity = 2;
	assert_int_equal(order_add(ch, &adding, &e), 1);
}

/* ---- what new lines become ---- */

static const struct {
	const char *paytype, *terms;
	int64_t cover;
	const char *state, *why;
} first[] = {
	{"bank", "", 0, "HAL", "orders paid by bank wait"}, /* ST-07, ST-19 */
	{"invoice", "", 0, "ANG", ""},			    /* ST-08, ST-19 */
	{"", "", 0, "HAL", "waits for its payment"},	    /* nobody knows */
	{"", "net30", 0, "ANG", ""},			    /* CP-20 */
	{"", "upfront", 0, "HAL", "waits for its payment"}, /* CP-18 */
	{"invoice", "upfront", 0, "HAL", "paid first"},	    /* CP-19 */
	{"invoice", "upfront", 2399, "ANG", ""},	    /* CP-19 */
	{"bank", "net30", 0, "HAL", "orders paid by bank wait"},
	{"gone", "Prepayment", 0, "HAL", "waits for its payment"}, /* rows that are gone */
};

RECORD_TEST(test_ST_07_ST_08_ST_19_CP_18_CP_20_first_state_by_tables)
{
	pay_row(ch, &(struct pay){.name = "bank", .status = STATE(HAL)});
	pay_row(ch, &(struct pay){.name = "invoice", .status = STATE(ANG)});
	terms_row(ch, "net30", false);
	terms_row(ch, "upfront", true);
	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		struct money_said said = {.cover = first[i].cover};
		struct order_report report;
		struct err e;
		uint64_t id =
			order_sketch(ch, &(struct order_sketch){.lines = {"NEW CUP-1 2"},
								.payment_type = first[i].paytype,
								.terms = first[i].terms});
		struct order_step save = {.order = id, .event = LINE_SAVE};
		money_says(ch, &said);
		assert_int_equal(order_step(ch, &save, &report, &e), 1);
		assert_string_equal(state_now(ch, id, 0), first[i].state);
		if (slice_find(report.why, slice_str(first[i].why)) < 0)
			fail_msg("%zu: %.*s", i, SLICE_ARG(report.why));
		assert_true(slice_eq(report.why, slice_str(order_now(ch, id)->hold_reason)));
	}
	assert_string_equal(ch->events->name, "order.confirmed");
}

RECORD_TEST(test_25_PX_18_a_locked_customers_new_order_waits)
{
	struct err e;
	pay_row(ch, &(struct pay){.name = "invoice", .status = STATE(ANG)});
	uint64_t id = order_sketch(ch, &(struct order_sketch){.lines = {"NEW CUP-1 1"},
							      .payment_type = "invoice",
							      .customer = 10002});
	assert_int_equal(step(ch, id, LINE_SAVE, &e), 1);
	assert_string_equal(state_now(ch, id, 0), "HAL");
	refused(ch, id, LINE_RELEASE, "customer C10002 is locked: unpaid bills");
}

RECORD_TEST(test_CP_20_the_credit_limit_holds)
{
	struct money_said said = {.owed = 0};
	Rec__Customer *customer;
	struct err e;
	terms_row(ch, "net30", false);
	customer_load(ch->txn, ch->arena, 10003, &customer, &e);
	customer->credit_limit = 6000;
	customer_save(ch, customer, "edit", SLICE(""), &e);
	money_says(ch, &said);
	struct order_sketch sketch = {
		.lines = {"NEW CUP-1 2"}, .terms = "net30", .customer = 10003};
	for (int i = 0; i < 3; i++) {
		struct order_report report;
		struct order_step save = {.order = order_sketch(ch, &sketch), .event = LINE_SAVE};
		assert_int_equal(order_step(ch, &save, &report, &e), 1);
		assert_string_equal(state_now(ch, save.order, 0), i < 2 ? "ANG" : "HAL");
		if (i == 2)
			assert_true(slice_eq(report.why,
					     SLICE("the credit limit of C10003, 60.00 EUR, would "
						   "be passed: 71.97 EUR")));
	}
	/* What is owed counts, too. */
	said.owed = 1300;
	customer->credit_limit = 7300;
	customer_save(ch, customer, "edit", SLICE(""), &e);
	uint64_t id = order_sketch(ch, &sketch);
	assert_int_equal(step(ch, id, LINE_SAVE, &e), 1);
	assert_string_equal(state_now(ch, id, 0), "HAL");
}

RECORD_TEST(test_PX_22_payment_types_that_reserve_do_so_when_the_order_comes)
{
	struct err e;
	pay_row(ch, &(struct pay){.name = "card", .status = STATE(ANG), .reservation = true});
	uint64_t id =
		order_sketch(ch, &(struct order_sketch){.lines = {"NEW CUP-1 2", "NEW GONE-1 1"},
							.payment_type = "card"});
	assert_int_equal(step(ch, id, LINE_SAVE, &e), 1);
	assert_int_equal(order_now(ch, id)->lines[0]->reserved, 2);
	assert_int_equal(order_now(ch, id)->lines[1]->reserved, 0);
	assert_int_equal(item_now(ch, "CUP-1")->reserved, 2);
}

/* ---- fields ---- */

static const struct {
	uint32_t line;
	const char *name, *value;
	const char *words; /* null: it is set */
} settings[] = {
	{0, "shipping", "4.95", NULL},
	{0, "shipping", "4,95", "shipping="},
	{0, "shipping", "-1.00", "must not be negative"},
	{0, "voucher", "5.00", NULL},
	{0, "discount", "1.00", NULL},
	{0, "paytype", "bank", NULL},
	{0, "paytype", "bnak", "there is no payment type"},
	{0, "season", "SS99", "there is no season"},
	{0, "rate", "0.9137", NULL},
	{0, "rate", "0,9", "is a decimal"},
	{0, "rate", "0", "is a decimal"},
	{0, "vendor", "DHL", NULL},
	{0, "without_vat", "yes", "is set before its lines are saved"},
	{0, "qty", "3", "is no field of an order: name a line"},
	{1, "paytype", "bank", "is no field of a line"},
	{1, "name", "A cup of tea", NULL},
	{1, "name", "", NULL},
	{1, "qty", "9", NULL},
	{1, "qty", "0", "qty= is 1 to"},
	{1, "price", "10.00", NULL},
	{1, "price", "10.005", "price="},
	{2, "qty", "1", "is AUS (shipped) and is not edited any more"},
	{7, "qty", "1", "has no line 7"},
};

RECORD_TEST(test_PX_54_PX_08_fields_of_orders_and_lines)
{
	pay_row(ch, &(struct pay){.name = "bank", .status = STATE(HAL)});
	uint64_t id =
		order_sketch(ch, &(struct order_sketch){.lines = {"HAL CUP-1 5", "AUS CUP-1 1"}});
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		struct order_field field = {.line = settings[i].line,
					    .name = slice_str(settings[i].name),
					    .value = slice_str(settings[i].value)};
		struct err e = {.class = ERR_NONE};
		int may = order_set_check(ch, order_now(ch, id), &field, 1, &e);
		int got = order_set(ch, id, &field, 1, &e);
		assert_int_equal(got < 0, settings[i].words != NULL);
		assert_int_equal(may < 0, got < 0);
		if (settings[i].words)
			fixture_error(&e, ERR_INPUT, settings[i].words);
	}
	const Rec__Order *order = order_now(ch, id);
	assert_int_equal(order->shipping_cost, 495);
	assert_int_equal(order->lines[0]->quantity, 9);
	assert_int_equal(order->lines[0]->unit_price, 1000);
	assert_string_equal(order->lines[0]->name, "");
	assert_string_equal(fixture_history(ch, "O10006")->event, "edit");
}

RECORD_TEST(test_18_a_smaller_quantity_gives_stock_back)
{
	struct order_step all = {
		.order = order_sketch(ch, &(struct order_sketch){.lines = {"ANG CUP-1 5"}})};
	struct order_field field = {.line = 1, .name = SLICE("qty"), .value = SLICE("2")};
	struct money_said said = {.invoiced = true};
	int64_t pieces;
	struct err e;
	assert_int_equal(order_reserve(ch, &all, &pieces, &e), 1);
	assert_int_equal(order_set(ch, all.order, &field, 1, &e), 1);
	assert_int_equal(item_now(ch, "CUP-1")->reserved, 2);
	money_says(ch, &said);
	assert_int_equal(order_set(ch, all.order, &field, 1, &e), -1);
	fixture_error(&e, ERR_INPUT, "stands on an invoice already");
}

/* ---- totals ---- */

RECORD_TEST(test_14_a_voucher_and_a_discount_never_make_a_total_negative)
{
	uint64_t id = order_sketch(ch, &(struct order_sketch){.lines = {"ANG CUP-1 2"}});
	Rec__Order *order = order_now(ch, id);
	struct order_totals totals;
	struct err e;
	order->discount = 1000;
	order->voucher = 5000;
	assert_int_equal(order_totals(order, &totals, &e), 1);
	assert_int_equal(totals.discount, 1000);
	assert_int_equal(totals.voucher, 1399);
	assert_int_equal(totals.total, 0);
	assert_int_equal(totals.vat, 0);
	order->discount = 9000;
	assert_int_equal(order_totals(order, &totals, &e), 1);
	assert_int_equal(totals.discount, 2399);
	assert_int_equal(totals.voucher, 0);
}

/* ---- delete ---- */

RECORD_TEST(test_PX_16_16_only_empty_or_cancelled_orders_are_deleted)
{
	struct money_said said = {.referred = true};
	struct err e;
	uint64_t id =
		order_sketch(ch, &(struct order_sketch){.lines = {"STO CUP-1 1", "NLB CUP-1 1"}});
	money_says(ch, &said);
	assert_int_equal(order_delete(ch, id, SLICE(""), &e), -1);
	fixture_error(&e, ERR_INPUT, "an invoice or a payment belongs to it");
	said.referred = false;
	assert_int_equal(order_delete(ch, id, SLICE("twice"), &e), 1);
	/* The number resolves for ever. */
	assert_int_equal(order_now(ch, id)->deleted_at, ch->now);
	assert_int_equal(order_delete(ch, id, SLICE(""), &e), -1);
	fixture_error(&e, ERR_INPUT, "was deleted");
	assert_int_equal(order_delete(ch, 10001, SLICE(""), &e), -1);
	fixture_error(&e, ERR_INPUT, "only an order without lines, or with all of them cancelled");
	id = new_order(ch, &(struct order_wish){.customer = 10001})->id;
	assert_int_equal(order_delete(ch, id, SLICE(""), &e), 1);
}

/* ---- merge ---- */

static int merge(struct change *ch, uint64_t a, uint64_t b, bool base_address, struct err *e)
{
	uint64_t orders[] = {a, b};
	struct order_merge merge = {.orders = orders, .n = 2, .base_address = base_address};
	return order_merge(ch, &merge, e);
}

RECORD_TEST(test_13_PX_20_merged_lines_keep_their_sums_dates_and_names)
{
	struct money_said said = {.invoiced = false};
	uint64_t a = order_sketch(ch, &(struct order_sketch){.lines = {"ANG CUP-1 2"}});
	uint64_t b =
		order_sketch(ch, &(struct order_sketch){.lines = {"ANG CUP-1 1", "ANG POT-1 4"}});
	uint64_t c = order_sketch(ch, &(struct order_sketch){.lines = {"ANG TEA-1 1"}});
	Rec__Order *order;
	Rec__Line *line;
	struct err e;
	money_says(ch, &said);
	assert_int_equal(order_comment(ch, b, SLICE("gift"), &e), 1);
	assert_int_equal(merge(ch, b, c, false, &e), 1);
	assert_int_equal(merge(ch, a, b, false, &e), 1);
	assert_int_equal(said.merged_from, b);
	assert_int_equal(said.merged_into, a);
	order = order_now(ch, a);
	assert_int_equal(order->n_lines, 4);
	assert_int_equal(order->n_comments, 1);
	int64_t pieces = 0;
	for (size_t i = 0; i < order->n_lines; i++) {
		assert_int_equal(order->lines[i]->number, i + 1);
		assert_int_equal(order->lines[i]->line_at, ch->now - DAYS(7));
		pieces += order->lines[i]->quantity;
	}
	assert_int_equal(pieces, 8);
	assert_int_equal(order_status(order_now(ch, b)), ORDER_CLOSED);
	/* 16: every name that ever was finds its line. */
	struct id id = {.letter = 'O', .number = c, .line = 1};
	assert_int_equal(order_resolve(ch->txn, ch->arena, &id, &order, &line, &e), 1);
	assert_int_equal(order->id, a);
	assert_string_equal(line->sku, "TEA-1");
	id = (struct id){.letter = 'O', .number = b, .line = 2};
	assert_int_equal(order_resolve(ch->txn, ch->arena, &id, &order, &line, &e), 1);
	assert_string_equal(line->sku, "POT-1");
	id.line = 9;
	assert_int_equal(order_resolve(ch->txn, ch->arena, &id, &order, &line, &e), 1);
	assert_null(line);
}

RECORD_TEST(test_PX_20_what_cannot_be_merged)
{
	struct money_said said = {.invoiced = false};
	struct order_sketch usual = {.lines = {"ANG CUP-1 1"}};
	struct order_sketch held = {.lines = {"HAL CUP-1 1"}};
	struct order_sketch card = {.lines = {"ANG CUP-1 1"}, .payment_type = "card"};
	struct order_sketch theirs = {.lines = {"ANG CUP-1 1"}, .customer = 10003};
	uint64_t a = order_sketch(ch, &usual), b = order_sketch(ch, &usual);
	struct order_step pick = {.order = b};
	Rec__Order *order = order_now(ch, b);
	struct err e;
	pay_row(ch, &(struct pay){.name = "card", .status = STATE(ANG), .card = true});
	assert_int_equal(merge(ch, a, a, false, &e), -1);
	fixture_error(&e, ERR_INPUT, "is named twice");
	assert_int_equal(merge(ch, a, order_sketch(ch, &held), false, &e), -1);
	fixture_error(&e, ERR_INPUT, "is HAL (on hold): only orders with all their lines released");
	assert_int_equal(merge(ch, a, order_sketch(ch, &card), false, &e), -1);
	fixture_error(&e, ERR_INPUT, "by \"card\"");
	assert_int_equal(merge(ch, order_sketch(ch, &card), order_sketch(ch, &card), false, &e),
			 -1);
	fixture_error(&e, ERR_INPUT, "is paid by card");
	assert_int_equal(merge(ch, a, order_sketch(ch, &theirs), false, &e), -1);
	fixture_error(&e, ERR_INPUT, "are of two customers");
	assert_int_equal(merge(ch, a, 99999, false, &e), -1);
	fixture_error(&e, ERR_INPUT, "there is no order O99999");
	assert_int_equal(order_picklist(ch, &pick, SLICE("P1"), &e), 1);
	assert_int_equal(merge(ch, a, b, false, &e), -1);
	fixture_error(&e, ERR_INPUT, "is on pick list P1");
	assert_int_equal(order_picklist(ch, &pick, SLICE(""), &e), 1);
	money_says(ch, &said);
	said.invoiced = true;
	assert_int_equal(merge(ch, a, b, false, &e), -1);
	fixture_error(&e, ERR_INPUT, "is on an invoice");
	said.invoiced = false;
	order->shipping = ARENA_NEW(ch->arena, Rec__Address);
	rec__address__init(order->shipping);
	order->shipping->city = arena_str(ch->arena, SLICE("Utrecht"));
	order_save(ch, order, "edit", SLICE(""), &e);
	assert_int_equal(merge(ch, a, b, false, &e), -1);
	fixture_error(&e, ERR_INPUT, "write address=base");
	assert_int_equal(merge(ch, a, b, true, &e), 1);
	assert_null(order_now(ch, a)->shipping);
}

/* ---- replacements ---- */

RECORD_TEST(test_20_ST_12_no_more_is_replaced_than_was_shipped)
{
	struct money_said said = {.invoiced = false};
	struct order_part part = {1, 0, 2};
	struct order_step replace = {.parts = &part, .n_parts = 1};
	Rec__Order *made;
	struct err e;
	replace.order = order_sketch(ch, &(struct order_sketch){.lines = {"AUS CUP-1 3"}});
	money_says(ch, &said);
	assert_int_equal(order_replace(ch, &replace, &made, &e), -1);
	fixture_error(&e, ERR_INPUT, "is on no invoice");
	said.invoiced = true;
	assert_int_equal(order_replace(ch, &replace, &made, &e), 1);
	assert_int_equal(made->lines[0]->state, STATE(MIN));
	assert_int_equal(made->lines[0]->quantity, -2);
	assert_int_equal(made->lines[0]->discount, -67);
	assert_string_equal(made->lines[0]->replaces, "O10006/1");
	assert_int_equal(order_status(order_now(ch, made->id)), ORDER_HOLD);
	assert_int_equal(order_replace(ch, &replace, &made, &e), -1);
	fixture_error(&e, ERR_INPUT, "1 of 3 pieces of line 1 of O10006 can be replaced yet");
	replace.order = order_one(ch, STATE(ANG));
	assert_int_equal(order_replace(ch, &replace, &made, &e), -1);
	fixture_error(&e, ERR_INPUT, "only what was shipped is replaced");
	replace.n_parts = 0;
	assert_int_equal(order_replace(ch, &replace, &made, &e), -1);
	fixture_error(&e, ERR_INPUT, "name the lines");
}

int run_order_edit_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_PX_17_CS_04_a_new_order_is_empty_with_the_last_ones_data),
		cmocka_unit_test(test_25_an_inactive_customer_gets_no_new_order),
		cmocka_unit_test(test_ST_06_lines_are_new_until_saved),
		cmocka_unit_test(test_CP_22_orders_from_stock_take_what_is_there),
		cmocka_unit_test(test_ST_07_ST_08_ST_19_CP_18_CP_20_first_state_by_tables),
		cmocka_unit_test(test_25_PX_18_a_locked_customers_new_order_waits),
		cmocka_unit_test(test_CP_20_the_credit_limit_holds),
		cmocka_unit_test(test_PX_22_payment_types_that_reserve_do_so_when_the_order_comes),
		cmocka_unit_test(test_PX_54_PX_08_fields_of_orders_and_lines),
		cmocka_unit_test(test_18_a_smaller_quantity_gives_stock_back),
		cmocka_unit_test(test_14_a_voucher_and_a_discount_never_make_a_total_negative),
		cmocka_unit_test(test_PX_16_16_only_empty_or_cancelled_orders_are_deleted),
		cmocka_unit_test(test_13_PX_20_merged_lines_keep_their_sums_dates_and_names),
		cmocka_unit_test(test_PX_20_what_cannot_be_merged),
		cmocka_unit_test(test_20_ST_12_no_more_is_replaced_than_was_shipped),
	};
	return cmocka_run_group_tests_name("order edit", tests, fixture_setup, fixture_teardown);
}
