/* SPDX-License-Identifier: ISC */
#include "numbers.h"

#include "patterns.h"
#include "record/customer.h"
#include "record/order.h"
#include "record/shipment.h"

#define PARCELS_LOOKED_AT 100 /* newest orders of a customer whose parcels are compared */

struct search {
	struct work *work;
	const Rec__Customer *customer;
	struct numbers *out;
};

/* As it stands in the mail, and what of it is the number. */
struct number {
	struct slice whole, digits;
};

void numbers_suggest(struct work *work, struct numbers *numbers, struct slice text)
{
	for (size_t i = 0; i < numbers->n_suggested; i++)
		if (slice_eq_nocase(numbers->suggested[i], text))
			return;
	if (numbers->n_suggested < NUMBERS_MAX)
		numbers->suggested[numbers->n_suggested++] = arena_copy(work->arena, text);
}

static void add_order(struct numbers *numbers, uint64_t id)
{
	for (size_t i = 0; i < numbers->n_orders; i++)
		if (numbers->orders[i] == id)
			return;
	if (numbers->n_orders < NUMBERS_MAX)
		numbers->orders[numbers->n_orders++] = id;
}

static void take_order(struct search *s, const Rec__Order *order, struct slice whole)
{
	if (s->customer && order->customer == s->customer->id)
		add_order(s->out, order->id);
	else
		numbers_suggest(s->work, s->out, whole);
}

/* What another system calls one of our orders. */
static int found_foreign(struct search *s, const struct number *number, struct err *e)
{
	Rec__Order *order;
	int found =
		order_find_number(s->work->change.txn, s->work->arena, number->digits, &order, e);
	if (found == 1)
		take_order(s, order, number->whole);
	return found < 0 ? -1 : 1;
}

static int found_order(struct search *s, const struct number *number, struct err *e)
{
	uint64_t id;
	Rec__Order *order;
	int found = slice_u64(number->digits, &id)
			    ? order_load(s->work->change.txn, s->work->arena, id, &order, e)
			    : 0;
	if (found == 1)
		take_order(s, order, number->whole);
	return found == 0 ? found_foreign(s, number, e) : found;
}

/* The customer's order with such a parcel; 0 none. */
static int order_of_parcel(struct search *s, struct slice code, uint64_t *order, struct err *e)
{
	struct customer_orders orders = {.n = 0};
	if (s->customer && customer_orders(s->work->change.txn, s->work->arena, s->customer->id,
					   PARCELS_LOOKED_AT, &orders, e) < 0)
		return -1;
	for (size_t i = 0; i < orders.n; i++)
		for (size_t k = 0; k < orders.items[i]->n_tracking; k++)
			if (slice_eq_nocase(slice_str(orders.items[i]->tracking[k]->code), code)) {
				*order = orders.items[i]->id;
				return 1;
			}
	return 0;
}

/* A parcel of the customer's own leads to its order: a shipment's, or one imported with it. */
static int found_tracking(struct search *s, const struct number *number, struct err *e)
{
	Rec__Shipment *shipment;
	uint64_t order;
	int known =
		shipment_find(s->work->change.txn, s->work->arena, number->digits, &shipment, e);
	if (known < 0)
		return -1;
	bool own = known == 1 && s->customer && shipment->customer == s->customer->id;
	order = own ? shipment->order : 0;
	if (!own) {
		known = order_of_parcel(s, number->digits, &order, e);
		if (known < 0)
			return -1;
	}
	if (order)
		add_order(s->out, order);
	else
		numbers_suggest(s->work, s->out, number->whole);
	return 1;
}

static int found_document(struct search *s, const struct number *number, struct err *e)
{
	(void)e;
	numbers_suggest(s->work, s->out, number->whole);
	return 1;
}

static int (*const found[NUMBER_KINDS])(struct search *s, const struct number *number,
					struct err *e) = {
	[NUMBER_ORDER] = found_order,	  [NUMBER_INVOICE] = found_document,
	[NUMBER_CREDIT] = found_document, [NUMBER_TRACKING] = found_tracking,
	[NUMBER_FOREIGN] = found_foreign,
};

/* 1; 0 when the pattern hit its limits: it finds nothing then, and the mail goes on. */
static int search_text(struct search *s, const struct desk_pattern *pattern, struct slice text,
		       struct err *e)
{
	size_t from = 0;
	for (size_t n = 0; n < NUMBERS_MAX; n++) {
		struct slice groups[2];
		struct err limit;
		int match = pattern_find(pattern->pattern, text, from, groups, 2, &limit);
		if (match != 1)
			return match < 0 ? 0 : 1;
		struct number number = {groups[0], groups[1].ptr ? groups[1] : groups[0]};
		if (number.digits.len && found[pattern->kind](s, &number, e) < 0)
			return -1;
		size_t end = (size_t)(groups[0].ptr - text.ptr) + groups[0].len;
		from = end > from ? end : from + 1;
	}
	return 1;
}

static int search_pattern(struct search *s, const struct desk_pattern *pattern,
			  struct slice subject, struct slice text, struct err *e)
{
	int usable = pattern_usable(s->work, pattern, e);
	if (usable != 1)
		return usable;
	int done = search_text(s, pattern, subject, e);
	if (done == 1)
		done = search_text(s, pattern, text, e);
	return done == 0 ? pattern_count_limit(s->work, pattern, e) : done;
}

int numbers_find(struct work *work, const Rec__Customer *customer, struct slice subject,
		 struct slice text, struct numbers *out, struct err *e)
{
	struct search s = {.work = work, .customer = customer, .out = out};
	out->n_orders = out->n_suggested = 0;
	for (size_t i = 0; i < work->desk->n_patterns; i++)
		if (search_pattern(&s, &work->desk->patterns[i], subject, text, e) < 0)
			return -1;
	return 1;
}
