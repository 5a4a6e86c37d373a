/* SPDX-License-Identifier: ISC */
#include "record/order.h"

#include <assert.h>

/* RECORD.md 2.2: pure functions of the lines, never stored. */

static const struct {
	const char *code, *word;
} statuses[] = {
	[ORDER_EMPTY] = {"EMP", "open (empty)"},
	[ORDER_OPEN] = {"OPN", "open"},
	[ORDER_HOLD] = {"HAL", "on hold"},
	[ORDER_CLOSED] = {"CLO", "closed"},
};

static const char *const views[] = {
	[ORDER_UNALLOCATED] = "unallocated",
	[ORDER_ALLOCATED] = "allocated",
	[ORDER_DISPATCHED] = "dispatched",
	[ORDER_CANCELLED] = "cancelled",
};

/* How many lines there are of each kind; replacement lines (MIN) apart. */
struct tally {
	size_t all, held, final, cancelled, open, allocated;
};

/* In the box or with the provider stock was taken for it; else its reservation counts. */
static bool has_stock(const Rec__Line *line)
{
	switch (line->state) {
	case REC__LINE_STATE__LINE_STATE_EIN:
	case REC__LINE_STATE__LINE_STATE_FUP:
	case REC__LINE_STATE__LINE_STATE_FUT:
		return true;
	default:
		return line->reserved >= line->quantity;
	}
}

static struct tally tally_of(const Rec__Order *order)
{
	struct tally t = {.all = 0};
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		if (line->state == REC__LINE_STATE__LINE_STATE_MIN)
			continue;
		bool final = line_is_final(line->state);
		t.all++;
		t.held += line->state == REC__LINE_STATE__LINE_STATE_HAL;
		t.cancelled += line->state == REC__LINE_STATE__LINE_STATE_STO ||
			       line->state == REC__LINE_STATE__LINE_STATE_NLB;
		t.final += final;
		t.open += !final;
		t.allocated += !final && has_stock(line);
	}
	return t;
}

enum order_status order_status(const Rec__Order *order)
{
	struct tally t = tally_of(order);
	/* Tombstones: merged (RECORD.md 2.9) or deleted. */
	if (order->merged_into || order->deleted_at)
		return ORDER_CLOSED;
	if (order->n_lines == 0)
		return ORDER_EMPTY;
	if (t.all == 0 || t.held)
		return ORDER_HOLD;
	return t.final == t.all ? ORDER_CLOSED : ORDER_OPEN;
}

enum order_view order_view(const Rec__Order *order)
{
	struct tally t = tally_of(order);
	if (t.all && t.cancelled == t.all)
		return ORDER_CANCELLED;
	if (order_status(order) == ORDER_CLOSED)
		return ORDER_DISPATCHED;
	return t.allocated == t.open ? ORDER_ALLOCATED : ORDER_UNALLOCATED;
}

void order_allocation(const Rec__Order *order, size_t *allocated, size_t *open)
{
	struct tally t = tally_of(order);
	*allocated = t.allocated;
	*open = t.open;
}

const char *order_status_code(enum order_status status)
{
	assert(status <= ORDER_CLOSED);
	return statuses[status].code;
}

const char *order_status_word(enum order_status status)
{
	assert(status <= ORDER_CLOSED);
	return statuses[status].word;
}

const char *order_view_word(enum order_view view)
{
	assert(view <= ORDER_CANCELLED);
	return views[view];
}
