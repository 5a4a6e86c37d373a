/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "groups.h"
#include "record/order.h"

struct row {
	int64_t quantity, price, discount, rate;
	Rec__LineState state;
};

#define ROWS 4
#define ANG REC__LINE_STATE__LINE_STATE_ANG
#define STO REC__LINE_STATE__LINE_STATE_STO
#define MIN REC__LINE_STATE__LINE_STATE_MIN

static const struct {
	const char *name;
	bool net;
	int64_t shipping, voucher;
	struct row rows[ROWS];
	struct order_totals totals;
} cases[] = {
	{"empty", false, 495, 0, {{0}}, {0, 0, 0, 0, 0}},
	{"gross holds its VAT",
	 false,
	 0,
	 0,
	 {{1, 12100, 0, 210000, ANG}},
	 {12100, 0, 0, 2100, 12100}},
	{"net adds its VAT", true, 0, 0, {{1, 10000, 0, 210000, ANG}}, {10000, 0, 0, 2100, 12100}},
	{"a whole line's discount", false, 0, 0, {{3, 1000, 500, 0, ANG}}, {2500, 0, 0, 0, 2500}},
	{"cancelled lines do not count",
	 false,
	 0,
	 0,
	 {{1, 1000, 0, 0, ANG}, {1, 9999, 0, 0, STO}},
	 {1000, 0, 0, 0, 1000}},
	{"nothing left, nothing to pay", false, 495, 100, {{1, 9999, 0, 0, STO}}, {0, 0, 0, 0, 0}},
	{"shipping goes with the highest group",
	 false,
	 605,
	 0,
	 {{1, 10900, 0, 90000, ANG}, {1, 12100, 0, 210000, ANG}},
	 {23000, 605, 0, 3105, 23605}},
	{"a voucher is spread",
	 true,
	 0,
	 3000,
	 {{1, 10000, 0, 100000, ANG}, {1, 20000, 0, 200000, ANG}},
	 {30000, 0, 3000, 4500, 31500}},
	{"a voucher never makes it negative",
	 false,
	 500,
	 99999,
	 {{1, 1000, 0, 210000, ANG}},
	 {1000, 500, 1500, 0, 0}},
	{"replacement",
	 false,
	 0,
	 0,
	 {{-1, 1210, 0, 210000, MIN}, {1, 1815, 0, 210000, ANG}},
	 {605, 0, 0, 105, 605}},
	{"cheaper replacement: no voucher",
	 false,
	 0,
	 100,
	 {{-1, 1210, 0, 210000, MIN}, {1, 605, 0, 210000, ANG}},
	 {-605, 0, 0, -105, -605}},
};

static const Rec__Order *order_of(struct arena *a, size_t n)
{
	Rec__Order *order = ARENA_NEW(a, Rec__Order);
	rec__order__init(order);
	order->kind =
		cases[n].net ? REC__ORDER_TYPE__ORDER_TYPE_B2B : REC__ORDER_TYPE__ORDER_TYPE_B2C;
	order->shipping_cost = cases[n].shipping;
	order->voucher = cases[n].voucher;
	order->lines = ARENA_ARRAY(a, ROWS, Rec__Line *);
	for (size_t i = 0; i < ROWS && cases[n].rows[i].quantity; i++) {
		Rec__Line *line = order->lines[order->n_lines++] = ARENA_NEW(a, Rec__Line);
		const struct row *row = &cases[n].rows[i];
		rec__line__init(line);
		line->quantity = row->quantity;
		line->unit_price = row->price;
		line->discount = row->discount;
		line->vat_rate = row->rate;
		line->state = row->state;
	}
	return order;
}

static void test_money_order_totals(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct order_totals totals;
		struct err e = {.class = ERR_NONE};
		if (order_totals(order_of(a, i), &totals, &e) < 0)
			fail_msg("%s: %s", cases[i].name, e.text);
		if (memcmp(&totals, &cases[i].totals, sizeof(totals)) != 0)
			fail_msg("%s: goods %lld shipping %lld voucher %lld vat %lld total %lld",
				 cases[i].name, (long long)totals.goods, (long long)totals.shipping,
				 (long long)totals.voucher, (long long)totals.vat,
				 (long long)totals.total);
	}
	arena_close(&a);
}

/* 14: and the parts of a total always add up, whatever the order. */
static void test_money_totals_of_random_orders(void **state)
{
	(void)state;
	struct arena *a = arena_open();
	unsigned seed = 7;
	for (int round = 0; round < 2000; round++) {
		static const int64_t rates[] = {0, 50000, 90000, 190000, 210000};
		Rec__Order *order = ARENA_NEW(a, Rec__Order);
		struct order_totals totals;
		rec__order__init(order);
		order->kind = (Rec__OrderType)(rand_r(&seed) % 2);
		order->shipping_cost = rand_r(&seed) % 1000;
		order->voucher = rand_r(&seed) % 20000;
		order->n_lines = (size_t)(rand_r(&seed) % 6);
		order->lines = ARENA_ARRAY(a, order->n_lines, Rec__Line *);
		for (size_t i = 0; i < order->n_lines; i++) {
			order->lines[i] = ARENA_NEW(a, Rec__Line);
			rec__line__init(order->lines[i]);
			order->lines[i]->quantity = 1 + rand_r(&seed) % 5;
			order->lines[i]->unit_price = rand_r(&seed) % 10000;
			order->lines[i]->vat_rate = rates[rand_r(&seed) % 5];
			order->lines[i]->state = ANG;
		}
		assert_int_equal(order_totals(order, &totals, NULL), 1);
		assert_true(totals.total >= 0 && totals.vat >= 0 && totals.voucher >= 0);
		assert_int_equal(
			totals.goods + totals.shipping - totals.voucher +
				(order->kind == REC__ORDER_TYPE__ORDER_TYPE_B2B ? totals.vat : 0),
			totals.total);
		arena_clear(a);
	}
	arena_close(&a);
}

static void test_money_totals_too_large_are_refused(void **state)
{
	(void)state;
	Rec__Line line, *lines[] = {&line};
	Rec__Order order;
	struct order_totals totals;
	struct err e;
	rec__order__init(&order);
	rec__line__init(&line);
	line.quantity = INT64_MAX;
	line.unit_price = 2;
	line.state = ANG;
	order.lines = lines;
	order.n_lines = 1;
	assert_int_equal(order_totals(&order, &totals, &e), -1);
	fixture_error(&e, ERR_INPUT, "too large");
}

int run_totals_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_money_order_totals),
		cmocka_unit_test(test_money_totals_of_random_orders),
		cmocka_unit_test(test_money_totals_too_large_are_refused),
	};
	return cmocka_run_group_tests_name("totals", tests, NULL, NULL);
}
