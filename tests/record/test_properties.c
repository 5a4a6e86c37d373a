/* SPDX-License-Identifier: ISC */
#include "invariants.h"
#include "model.h"
#include "orders.h"
#include "record/id.h"
#include "record/order_edit.h"

/* Properties of RECORD.md 3 over random and over all small cases; the numbers are its own. */

static int64_t below(uint64_t *random, int64_t n)
{
	return (int64_t)(random_next(random) % (uint64_t)n);
}

/* What must not change, whatever is cut or joined. */
struct sums {
	int64_t pieces, discount, amount, reserved, vat, total;
};

static struct sums sums_of(const Rec__Order *order)
{
	struct sums sums = {.pieces = 0};
	struct order_totals totals;
	struct err e;
	for (size_t i = 0; i < order->n_lines; i++) {
		int64_t amount;
		if (line_amount(order->lines[i], &amount, &e) < 0)
			fail_msg("%s", e.text);
		sums.pieces += order->lines[i]->quantity;
		sums.discount += order->lines[i]->discount;
		sums.reserved += order->lines[i]->reserved;
		sums.amount += amount;
	}
	if (order_totals(order, &totals, &e) < 0)
		fail_msg("%s", e.text);
	sums.vat = totals.vat;
	sums.total = totals.total;
	return sums;
}

static Rec__Order *random_order(struct arena *a, uint64_t *random)
{
	static const int64_t rates[] = {0, 50000, 90000, 210000};
	Rec__Order *order = ARENA_NEW(a, Rec__Order);
	rec__order__init(order);
	order->kind = (Rec__OrderType)below(random, 2);
	order->shipping_cost = below(random, 1000);
	order->voucher = below(random, 3) ? below(random, 3000) : below(random, 1000000);
	order->discount = below(random, 3) ? 0 : below(random, 100000);
	order->n_lines = 1 + (size_t)below(random, 3);
	order->lines = ARENA_ARRAY(a, order->n_lines, Rec__Line *);
	for (size_t i = 0; i < order->n_lines; i++) {
		Rec__Line *line = order->lines[i] = ARENA_NEW(a, Rec__Line);
		rec__line__init(line);
		line->number = (uint32_t)i + 1;
		line->quantity = 1 + below(random, 20);
		line->unit_price = below(random, 10000);
		line->discount = below(random, line->unit_price + 1);
		line->reserved = below(random, line->quantity + 1);
		line->vat_rate = rates[below(random, 4)];
		line->state = STATE(ANG);
	}
	return order;
}

static void test_12_splits_of_splits_conserve(void **state)
{
	uint64_t random = 12;
	(void)state;
	for (int run = 0; run < 2000; run++) {
		struct arena *a = arena_open();
		Rec__Order *order = random_order(a, &random);
		struct sums before = sums_of(order);
		for (int i = 0; i < 8; i++) {
			Rec__Line *line = order->lines[below(&random, (int64_t)order->n_lines)];
			if (line->quantity > 1)
				order_split(a, order, line, 1 + below(&random, line->quantity - 1),
					    below(&random, 2));
		}
		struct sums after = sums_of(order);
		assert_memory_equal(&before, &after, sizeof(before));
		for (size_t i = 0; i < order->n_lines; i++)
			for (size_t k = 0; k < i; k++)
				assert_false(order->lines[i]->number == order->lines[k]->number &&
					     order->lines[i]->split == order->lines[k]->split);
		arena_close(&a);
	}
}

static void test_14_no_voucher_makes_a_total_negative(void **state)
{
	uint64_t random = 14;
	(void)state;
	for (int run = 0; run < 5000; run++) {
		struct arena *a = arena_open();
		Rec__Order *order = random_order(a, &random);
		struct order_totals totals;
		struct err e;
		assert_int_equal(order_totals(order, &totals, &e), 1);
		assert_true(totals.total >= 0 && totals.vat >= 0);
		assert_true(totals.voucher <= order->voucher && totals.voucher >= 0);
		assert_true(totals.discount <= order->discount && totals.discount >= 0);
		arena_close(&a);
	}
}

/* ---- merged orders ---- */

#define MANY 6

static int64_t sum_of(struct change *ch, const uint64_t *orders, int64_t *pieces, size_t *lines)
{
	int64_t sum = 0;
	*pieces = 0;
	*lines = 0;
	for (size_t i = 0; i < MANY; i++) {
		Rec__Order *order = order_now(ch, orders[i]);
		struct sums sums = sums_of(order);
		*pieces += sums.pieces;
		*lines += order->n_lines;
		sum += sums.amount;
	}
	return sum;
}

/* Each into the one before it: merges of merges. */
RECORD_TEST(test_13_16_merges_of_merges_conserve_and_resolve)
{
	uint64_t orders[MANY];
	int64_t pieces, pieces_after, sum;
	size_t lines, lines_after;
	struct err e;
	for (size_t i = 0; i < MANY; i++) {
		struct order_sketch sketch = {.lines = {"ANG CUP-1 2", "ANG POT-1 3"},
					      .payment_type = "",
					      .terms = "month"};
		orders[i] = order_sketch(ch, &sketch);
	}
	sum = sum_of(ch, orders, &pieces, &lines);
	for (size_t i = MANY - 1; i > 0; i--) {
		struct order_merge merge = {.orders = &orders[i - 1], .n = 2};
		if (order_merge(ch, &merge, &e) < 0)
			fail_msg("%s", e.text);
		assert_int_equal(sum_of(ch, orders, &pieces_after, &lines_after), sum);
		assert_int_equal(pieces_after, pieces);
		assert_int_equal(lines_after, lines);
	}
	for (size_t i = 0; i < MANY; i++) {
		struct id id = {.letter = 'O', .number = orders[i], .line = 2};
		Rec__Order *order;
		Rec__Line *line;
		assert_int_equal(order_resolve(ch->txn, ch->arena, &id, &order, &line, &e), 1);
		assert_int_equal(order->id, orders[0]);
		assert_non_null(line);
		assert_string_equal(line->sku, "POT-1");
		assert_int_equal(line->number, 2 * i + 2);
	}
}

RECORD_TEST(test_16_deleted_orders_resolve)
{
	struct id id = {.letter = 'O', .number = 10005};
	Rec__Order *order;
	Rec__Line *line;
	struct err e;
	assert_int_equal(order_delete(ch, 10005, SLICE(""), &e), 1);
	assert_int_equal(order_resolve(ch->txn, ch->arena, &id, &order, &line, &e), 1);
	assert_int_equal(order->id, 10005);
	assert_int_not_equal(order->deleted_at, 0);
}

/* ---- status and view ---- */

/* Every state, and twice those that may hold stock: without, and with all of it. */
#define LINES (12 + 3)

static void line_no(int i, Rec__Line *line, struct model_line *model)
{
	static const Rec__LineState stocked[] = {STATE(NEW), STATE(HAL), STATE(ANG)};
	rec__line__init(line);
	line->state = i < 12 ? (Rec__LineState)(i + 1) : stocked[i - 12];
	line->quantity = line->state == STATE(MIN) ? -2 : 2;
	line->reserved = i < 12 ? 0 : 2;
	*model = (struct model_line){
		.state = line->state, .quantity = line->quantity, .reserved = line->reserved};
}

static void expect_pure(const Rec__Order *order, const struct model_order *model)
{
	static const unsigned views[] = {
		[ORDER_EMPTY] = 1u << ORDER_ALLOCATED,
		[ORDER_CLOSED] = 1u << ORDER_CANCELLED | 1u << ORDER_DISPATCHED,
		[ORDER_HOLD] = 1u << ORDER_ALLOCATED | 1u << ORDER_UNALLOCATED,
		[ORDER_OPEN] = 1u << ORDER_ALLOCATED | 1u << ORDER_UNALLOCATED,
	};
	enum order_status status = order_status(order);
	enum order_view view = order_view(order);
	assert_int_equal(status, model_status(model));
	assert_int_equal(view, model_view(model));
	assert_true(views[status] & 1u << view);
}

/* All orders of up to three lines: the model knows RECORD.md 2.2 by itself. */
static void test_21_status_and_view_never_contradict(void **state)
{
	size_t seen = 0;
	(void)state;
	for (int n = 0; n <= 3; n++)
		for (int i = 0; i < LINES * LINES * LINES; i++) {
			Rec__Line lines[3], *list[] = {&lines[0], &lines[1], &lines[2]};
			struct model_order model = {.n = n};
			Rec__Order order;
			int rest = i;
			for (int k = 0; k < n; k++, rest /= LINES)
				line_no(rest % LINES, &lines[k], &model.lines[k]);
			if (rest)
				continue;
			rec__order__init(&order);
			order.lines = list;
			order.n_lines = (size_t)n;
			expect_pure(&order, &model);
			seen++;
		}
	assert_int_equal(seen, 1 + 15 + 225 + 3375);
}

int run_property_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_12_splits_of_splits_conserve),
		cmocka_unit_test(test_13_16_merges_of_merges_conserve_and_resolve),
		cmocka_unit_test(test_14_no_voucher_makes_a_total_negative),
		cmocka_unit_test(test_16_deleted_orders_resolve),
		cmocka_unit_test(test_21_status_and_view_never_contradict),
	};
	return cmocka_run_group_tests_name("properties", tests, fixture_setup, fixture_teardown);
}
