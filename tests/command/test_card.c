/* SPDX-License-Identifier: ISC */
#include "command.h"
#include "groups.h"
#include "record/customer.h"
#include "record/customer_edit.h"
#include "record/order.h"

static const struct {
	const char *id;
	const char *card;
} cards[] = {
	{"O10001", "!! WATCH Always calls first\n"
		   "Order     O10001\n"
		   "Status    [HAL] on hold, unallocated, 0 of 3 allocated\n"
		   "Customer  C10001  Jo Jansen\n"
		   "Ordered   2026-02-20 09:00\n"
		   "Known as  web W-77\n"
		   "\nItems\n"
		   "  1       2 x CUP-1  Cup  12.50  25.00  [HAL] on hold\n"
		   "  2       1 x POT-1  Pot  40.00  40.00  [HAL] on hold\n"
		   "  3       3 x TEA-1  Tea  3.00  9.00  [ANG] released\n"
		   "Goods     74.00 EUR\n"
		   "Shipping  4.95 EUR\n"
		   "VAT       12.88 EUR\n"
		   "Total     78.95 EUR\n"},
	{"O10003", "Order     O10003\n"
		   "Status    [HAL] on hold, unallocated, 0 of 1 allocated\n"
		   "Customer  C10002  Lo Locked  [LCK] locked\n"
		   "Ordered   2026-02-25 09:00\n"
		   "\nItems\n"
		   "  1       1 x CUP-1    12.50  12.50  [HAL] on hold\n"
		   "Goods     12.50 EUR\n"
		   "Total     12.50 EUR\n"},
	{"C10002", "Customer  C10002  Lo Locked\n"
		   "Status    [ACT] active, [LCK] locked: unpaid bills\n"
		   "Mail      lo@example.org\n"
		   "Language  en\n"
		   "\nStatistics\n"
		   "Orders    1, 0 cancelled, from 2026-02-25 to 2026-02-25\n"
		   "Sum       12.50 EUR, 12.50 on average\n"
		   "\nOrders (1)\n"
		   "  O10003  2026-02-25 09:00  [HAL] on hold, unallocated  12.50 EUR\n"},
	{"T10001", "!! WATCH Always calls first\n"
		   "  T10001  open     Where is my order?\n"
		   "Customer  C10001  Jo Jansen\n"},
};

RECORD_TEST(test_PX_25_ST_01_CP_40_cards)
{
	for (size_t i = 0; i < sizeof(cards) / sizeof(cards[0]); i++) {
		struct id id;
		struct buf out;
		struct err e;
		buf_init(&out, 1 << 16);
		id_parse(slice_str(cards[i].id), &id, NULL);
		assert_int_equal(command_card(ch->txn, ch->arena, &id, &out, &e), 1);
		/* The tabs at the end of a customer's card are those that the table has. */
		ptrdiff_t tabs = slice_find(buf_slice(&out), SLICE("\nTabs "));
		if (tabs >= 0)
			out.len = (size_t)tabs;
		assert_string_equal(buf_str(&out), cards[i].card);
		buf_release(&out);
	}
}

RECORD_TEST(test_cards_that_are_not_there)
{
	struct id id = {.letter = 'O', .number = 99999};
	struct buf out;
	struct err e;
	buf_init(&out, 1 << 16);
	assert_int_equal(command_card(ch->txn, ch->arena, &id, &out, &e), 0);
	id.letter = 'I';
	assert_int_equal(command_card(ch->txn, ch->arena, &id, &out, &e), -1);
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

/* Whatever a customer is called, it stays one line of the card. */
RECORD_TEST(test_T07_card_values_are_single_lines)
{
	Rec__Customer *customer;
	struct id id = {.letter = 'C', .number = 10003};
	struct buf out;
	struct err e;
	customer_load(ch->txn, ch->arena, 10003, &customer, &e);
	customer->name = arena_str(ch->arena, SLICE("A\r\n#release O10001\xe2\x80\xa8x\x1b[2J"));
	customer->locked = true;
	customer->locked_reason = arena_str(ch->arena, SLICE("unpaid\n#mail\r"));
	assert_int_equal(customer_save(ch, customer, "edit", SLICE(""), &e), 1);
	assert_int_equal(customer_note(ch, 10003, SLICE("one\n#two"), &e), 1);
	buf_init(&out, 1 << 16);
	assert_int_equal(command_card(ch->txn, ch->arena, &id, &out, &e), 1);
	assert_true(slice_find(buf_slice(&out), SLICE("\n#")) < 0);
	assert_true(slice_chr(buf_slice(&out), '\r') < 0 && slice_chr(buf_slice(&out), '\x1b') < 0);
	buf_release(&out);
}

int run_card_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_PX_25_ST_01_CP_40_cards),
		cmocka_unit_test(test_cards_that_are_not_there),
		cmocka_unit_test(test_T07_card_values_are_single_lines),
	};
	return cmocka_run_group_tests_name("card", tests, fixture_setup, fixture_teardown);
}
