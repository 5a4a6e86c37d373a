/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>

#include "record/customer.h"
#include "record/order.h"
#include "search_want.h"

/* ---- hits in another order than that of their numbers ---- */

struct keyed {
	struct id hit;
	int64_t number;
	struct slice text;
};

static int compare(const void *one, const void *other)
{
	const struct keyed *a = one, *b = other;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	int by_text = slice_cmp(a->text, b->text);
	if (by_text)
		return by_text;
	if (a->hit.letter != b->hit.letter)
		return a->hit.letter < b->hit.letter ? -1 : 1;
	return (a->hit.number > b->hit.number) - (a->hit.number < b->hit.number);
}

static void key_customer(struct arena *a, enum search_sort sort, const Rec__Customer *customer,
			 struct keyed *keyed)
{
	if (sort == SEARCH_BY_DATE)
		keyed->number = customer->created_at;
	if (sort == SEARCH_BY_NAME)
		keyed->text = search_form(a, FORM_TEXT, customer_title(customer));
}

static void key_order(enum search_sort sort, const Rec__Order *order, struct keyed *keyed)
{
	struct order_totals totals = {.total = 0};
	switch (sort) {
	case SEARCH_BY_DATE:
		keyed->number = order->ordered_at;
		return;
	case SEARCH_BY_STATUS:
		keyed->number = order_status(order);
		return;
	case SEARCH_BY_TOTAL:
		/* An order whose total cannot be computed is shown all the same. */
		order_totals(order, &totals, NULL);
		keyed->number = totals.total;
		return;
	default:
		return;
	}
}

static int key(struct txn *txn, struct arena *a, enum search_sort sort, struct keyed *keyed,
	       struct err *e)
{
	Rec__Customer *customer = NULL;
	Rec__Order *order = NULL;
	uint64_t owner = keyed->hit.number;
	if (keyed->hit.letter == 'O') {
		if (order_load(txn, a, owner, &order, e) < 0)
			return -1;
		if (order)
			key_order(sort, order, keyed);
		if (!order || sort != SEARCH_BY_NAME)
			return 1;
		owner = order->customer;
	}
	if (customer_load(txn, a, owner, &customer, e) < 0)
		return -1;
	if (customer)
		key_customer(a, sort, customer, keyed);
	return 1;
}

static void turn(struct id *hits, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct id swap = hits[i];
		hits[i] = hits[n - 1 - i];
		hits[n - 1 - i] = swap;
	}
}

static int sort(struct txn *txn, struct arena *a, enum search_sort by, struct id *hits, size_t n,
		struct err *e)
{
	if (n > SEARCH_SORT_MAX)
		return err_set(e, ERR_INPUT,
			       "%zu hits are too many to sort (%d at most): add a criterion, or "
			       "leave sort= out",
			       n, SEARCH_SORT_MAX);
	struct keyed *list = ARENA_ARRAY(a, n, struct keyed);
	for (size_t i = 0; i < n; i++) {
		list[i].hit = hits[i];
		if (key(txn, a, by, &list[i], e) < 0)
			return -1;
	}
	qsort(list, n, sizeof(*list), compare);
	for (size_t i = 0; i < n; i++)
		hits[i] = list[i].hit;
	return 1;
}

int search_order(struct txn *txn, struct arena *a, const struct search *search, struct id *hits,
		 size_t n, struct err *e)
{
	assert(search->sort <= SEARCH_BY_STATUS);
	if (search->sort != SEARCH_BY_ID && n > 1 && sort(txn, a, search->sort, hits, n, e) < 0)
		return -1;
	if (search->descending)
		turn(hits, n);
	return 1;
}
