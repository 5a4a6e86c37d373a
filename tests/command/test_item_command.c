/* SPDX-License-Identifier: ISC */
#include "command.h"
#include "groups.h"
#include "record/item.h"
#include "record/order.h"

static const char prices[] =
	"{\"type\":\"item\",\"sku\":\"CUP-1\",\"prices\":[{\"list\":\"web\",\"season\":\"SS27\","
	"\"currency\":\"EUR\",\"amount\":990}]}";

static int run(struct change *ch, const char *text, char **transcript)
{
	struct command_block *block;
	struct command_result result;
	struct command_context ctx = {.change = ch,
				      .proofs = COMMAND_I0_IDENTITY | COMMAND_I1_TOKEN |
						COMMAND_I2_TRANSPORT};
	struct err e;
	assert_int_equal(command_parse(ch->arena, slice_str(text), &block, NULL), 1);
	int got = command_run(&ctx, block, &result, &e);
	*transcript = arena_str(ch->arena, result.transcript);
	return got;
}

/* What an admin is told. */
static const struct {
	const char *id, *text;
	int got;
	const char *words[5];
} rows[] = {
	{"PX-53 stock, prices, who waits",
	 "#item CUP-1",
	 1,
	 {"CUP-1  Cup", "5 on hand, 0 reserved, 5 available", "12.50 EUR; web SS27 9.90 EUR",
	  "VAT: S 21.00 %", "4 open lines"}},
	{"PX-53 by a line", "#i O10001/1", 1, {"CUP-1  Cup", "O10004/1", "[EIN]"}},
	{"PX-53 sorted", "#item CUP-1 sort=quantity desc limit=1", 1, {"1  O10001/1"}},
	{"PX-53 a line without an item", "#i O10001/2", -1, {"there is no item \"POT-1\""}},
	{"PX-53 a whole order", "#i O10001", -1, {"name a line of it: O10001/1"}},
	{"PX-53 no such item", "#item CUP-2", -1, {"did you mean \"CUP-1\"?"}},
	{"stock in and off",
	 "#stock CUP-1 receive=4 restock=1 writeoff=2 \"broken\"",
	 1,
	 {"CUP-1: 8 on hand, 0 reserved, 8 available"}},
	{"stock too much off",
	 "#stock CUP-1 writeoff=6",
	 -1,
	 {"6 of CUP-1 cannot be written off: 5 are on hand, 0 of them reserved"}},
	{"stock nothing", "#stock CUP-1 \"why\"", -1, {"write receive=, restock= or writeoff="}},
	{"stock no such item", "#stock CUP-3 receive=1", -1, {"did you mean \"CUP-1\"?"}},
	{"stock 0", "#stock CUP-1 receive=0", -1, {"receive must be a number from 1"}},
	/* Of O10004 the cup is in the box. */
	{"ST-29 lists first",
	 "#na CUP-1",
	 1,
	 {"3 lines of CUP-1 would become no longer available; all=yes does it",
	  "O10001/1 2 of CUP-1, on hold", "O10002/1", "O10003/1"}},
	{"ST-29 then all",
	 "#na CUP-1 all=yes \"the maker has stopped\"",
	 1,
	 {"3 lines of CUP-1 are no longer available"}},
	{"ST-29 nobody has it", "#na POT-9", -1, {"there is no item \"POT-9\""}},
};

RECORD_TEST(test_item_commands)
{
	ch->role = REC__ROLE__ROLE_ADMIN;
	fixture_import(ch, prices);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *transcript;
		int got =
			run(ch, arena_printf(ch->arena, "#preview\n%s", rows[i].text), &transcript);
		if (got != rows[i].got)
			fail_msg("%s: %s", rows[i].id, transcript);
		for (size_t j = 0; j < 5 && rows[i].words[j]; j++)
			if (!strstr(transcript, rows[i].words[j]))
				fail_msg("%s: \"%s\" is not in: %s", rows[i].id, rows[i].words[j],
					 transcript);
		/* The transaction is one: what a row changed is put back. */
		fixture_import(ch, "{\"type\":\"item\",\"sku\":\"CUP-1\",\"on_hand\":5}");
	}
}

RECORD_TEST(test_ST_29_moves_the_lines)
{
	Rec__Order *order;
	struct err e;
	char *transcript;
	assert_int_equal(run(ch, "#na CUP-1 all=yes \"gone\"", &transcript), 1);
	order_load(ch->txn, ch->arena, 10001, &order, &e);
	assert_int_equal(order->lines[0]->state, REC__LINE_STATE__LINE_STATE_NLB);
	assert_int_equal(order->lines[1]->state, REC__LINE_STATE__LINE_STATE_HAL);
	order_load(ch->txn, ch->arena, 10004, &order, &e);
	assert_int_equal(order->lines[0]->state, REC__LINE_STATE__LINE_STATE_EIN);
	assert_string_equal(fixture_history(ch, "O10002")->reason, "gone");
}

RECORD_TEST(test_stock_has_its_history)
{
	Rec__History *row;
	char *transcript;
	ch->role = REC__ROLE__ROLE_WAREHOUSE;
	assert_int_equal(run(ch, "#stock CUP-1 writeoff=2 \"broken\"", &transcript), 1);
	row = fixture_history(ch, "item:CUP-1");
	assert_string_equal(row->event, "stock");
	assert_string_equal(row->reason, "broken");
	assert_string_equal(row->changes[0]->field, "on_hand");
	assert_string_equal(row->changes[0]->new_, "3");
	ch->role = REC__ROLE__ROLE_AGENT;
	assert_int_equal(run(ch, "#stock CUP-1 receive=2", &transcript), -1);
	assert_non_null(strstr(transcript, "#stock is for warehouse, admin"));
}

int run_item_command_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_item_commands),
		cmocka_unit_test(test_ST_29_moves_the_lines),
		cmocka_unit_test(test_stock_has_its_history),
	};
	return cmocka_run_group_tests_name("item commands", tests, fixture_setup, fixture_teardown);
}
