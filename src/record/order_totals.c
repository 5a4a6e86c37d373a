/* SPDX-License-Identifier: ISC */
#include "record/order.h"

#include <assert.h>

#define MILLION 1000000

/* What is taxed alike: category and rate. */
struct group {
	const char *category;
	int64_t rate;
	int64_t amount; /* lines, then with shipping and without the voucher's part */
};

struct groups {
	struct group *items;
	size_t n;
};

static struct group *group_for(struct groups *groups, const Rec__Line *line)
{
	for (size_t i = 0; i < groups->n; i++)
		if (groups->items[i].rate == line->vat_rate &&
		    strcmp(groups->items[i].category, line->vat_category) == 0)
			return &groups->items[i];
	struct group *group = &groups->items[groups->n++];
	*group = (struct group){.category = line->vat_category, .rate = line->vat_rate};
	return group;
}

/* What was cancelled is neither delivered nor paid; a return has its credit note. */
static bool counts(Rec__LineState state)
{
	return state != REC__LINE_STATE__LINE_STATE_STO && state != REC__LINE_STATE__LINE_STATE_NLB;
}

static int add_lines(const Rec__Order *order, struct groups *groups, int64_t *goods, struct err *e)
{
	for (size_t i = 0; i < order->n_lines; i++) {
		int64_t amount;
		if (!counts(order->lines[i]->state))
			continue;
		struct group *group = group_for(groups, order->lines[i]);
		if (line_amount(order->lines[i], &amount, e) < 0 ||
		    money_add(group->amount, amount, &group->amount, e) < 0 ||
		    money_add(*goods, amount, goods, e) < 0)
			return -1;
	}
	return 1;
}

/* The simplest of the ways RECORD.md 4.3 allows: the group of the highest value. */
static int add_shipping(struct groups *groups, int64_t shipping, struct err *e)
{
	struct group *highest = &groups->items[0];
	for (size_t i = 1; i < groups->n; i++)
		if (groups->items[i].amount > highest->amount)
			highest = &groups->items[i];
	return money_add(highest->amount, shipping, &highest->amount, e);
}

/* Cumulative, so that the parts add up to the whole (RECORD.md 4.4). */
static int take_allowance(struct groups *groups, int64_t allowance, int64_t whole, struct err *e)
{
	int64_t seen = 0, taken = 0;
	for (size_t i = 0; i < groups->n && whole > 0; i++) {
		int64_t until;
		if (money_add(seen, groups->items[i].amount, &seen, e) < 0 ||
		    money_scale(allowance, seen, whole, &until, e) < 0 ||
		    money_sub(groups->items[i].amount, until - taken, &groups->items[i].amount, e) <
			    0)
			return -1;
		taken = until;
	}
	assert(whole <= 0 || taken == allowance);
	return 1;
}

/* VAT of a group: on top of net prices, or what gross prices contain (RECORD.md 4.3). */
static int add_vat(const struct groups *groups, bool net, int64_t *vat, struct err *e)
{
	for (size_t i = 0; i < groups->n; i++) {
		const struct group *group = &groups->items[i];
		int64_t part;
		if (group->rate < 0 || group->rate > MILLION)
			return err_set(e, ERR_INPUT, "a VAT rate of %lld parts per million",
				       (long long)group->rate);
		if (money_scale(group->amount, group->rate, MILLION + (net ? 0 : group->rate),
				&part, e) < 0 ||
		    money_add(*vat, part, vat, e) < 0)
			return -1;
	}
	return 1;
}

static int64_t at_most(int64_t allowance, int64_t whole)
{
	int64_t least = whole > 0 ? whole : 0;
	return allowance < 0 ? 0 : allowance < least ? allowance : least;
}

static int add_up(const Rec__Order *order, struct groups *groups, struct order_totals *totals,
		  struct err *e)
{
	bool net = order->kind == REC__ORDER_TYPE__ORDER_TYPE_B2B;
	int64_t whole;
	if (add_lines(order, groups, &totals->goods, e) < 0)
		return -1;
	/* Nothing is sent, so nothing is paid for sending it. */
	if (groups->n == 0)
		return 1;
	totals->shipping = order->shipping_cost;
	if (add_shipping(groups, totals->shipping, e) < 0 ||
	    money_add(totals->goods, totals->shipping, &whole, e) < 0)
		return -1;
	/* What is larger than the order makes it free, never negative (RECORD.md 1.6). */
	totals->discount = at_most(order->discount, whole);
	totals->voucher = at_most(order->voucher, whole - totals->discount);
	if (take_allowance(groups, totals->discount + totals->voucher, whole, e) < 0 ||
	    add_vat(groups, net, &totals->vat, e) < 0)
		return -1;
	return money_add(whole - totals->discount - totals->voucher, net ? totals->vat : 0,
			 &totals->total, e);
}

int order_totals(const Rec__Order *order, struct order_totals *totals, struct err *e)
{
	struct arena *a = arena_open();
	struct groups groups = {ARENA_ARRAY(a, order->n_lines, struct group), 0};
	*totals = (struct order_totals){.goods = 0};
	int got = add_up(order, &groups, totals, e);
	assert(groups.n <= order->n_lines && totals->voucher >= 0 && totals->discount >= 0);
	arena_close(&a);
	return got;
}
