/* SPDX-License-Identifier: ISC */
#include "demo_plan.h"

#include <assert.h>

#define DAY INT64_C(86400)
#define STATE(name) REC__LINE_STATE__LINE_STATE_##name

struct demo_dice demo_dice(uint64_t seed, uint64_t customer, uint64_t order)
{
	struct demo_dice dice = {seed * UINT64_C(0x9e3779b97f4a7c15) ^
				 (customer << 20 | (order & 0xfffff)) *
					 UINT64_C(0xd1342543de82ef95)};
	return dice;
}

uint64_t demo_throw(struct demo_dice *dice, uint64_t n)
{
	uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	assert(n > 0);
	return (z ^ (z >> 31)) % n;
}

uint64_t demo_orders(const struct demo *demo, uint64_t customer)
{
	struct demo_dice dice = demo_dice(demo->seed, customer, 0xfffff);
	/* Half as many to half as many again. */
	return demo->orders ? demo->orders / 2 + demo_throw(&dice, demo->orders + 1) : 0;
}

/* What became of a line, by chance in 100. */
struct fate {
	unsigned chance;
	Rec__LineState state;
	bool reserved;
};

static const struct fate old_fates[] = {
	{84, STATE(AUS), false}, {6, STATE(FUS), false}, {5, STATE(STO), false},
	{2, STATE(NLB), false},	 {3, STATE(RET), false},
};
static const struct fate new_fates[] = {
	{24, STATE(HAL), false}, {30, STATE(ANG), true},  {14, STATE(ANG), false},
	{6, STATE(EIN), true},	 {3, STATE(FUP), false},  {3, STATE(FUT), false},
	{4, STATE(NEW), false},	 {14, STATE(AUS), false}, {2, STATE(STO), false},
};

static const struct fate *fate_of(const struct fate *fates, struct demo_dice *dice)
{
	unsigned left = (unsigned)demo_throw(dice, 100);
	while (left >= fates->chance)
		left -= fates++->chance;
	return fates;
}

/* Some states are those of the whole order: it is held, not yet saved, or a provider's. */
static bool is_whole(Rec__LineState state)
{
	return state == STATE(HAL) || state == STATE(NEW) || state == STATE(FUP) ||
	       state == STATE(FUT) || state == STATE(FUS);
}

static void plan_line(struct demo_dice *dice, const struct fate *fate, struct demo_line *line)
{
	/* Few items sell much and many sell little. */
	uint64_t a = demo_throw(dice, DEMO_ITEMS), b = demo_throw(dice, DEMO_ITEMS);
	line->item = (unsigned)(a * b / DEMO_ITEMS);
	line->quantity = 1 + (int64_t)demo_throw(dice, 10) / 7;
	line->state = fate->state;
	line->reserved = fate->reserved ? line->quantity : 0;
}

void demo_plan(const struct demo *demo, uint64_t customer, uint64_t order, struct demo_order *plan)
{
	struct demo_dice dice = demo_dice(demo->seed, customer, order);
	bool fresh = demo_throw(&dice, 100) < 8;
	const struct fate *fates = fresh ? new_fates : old_fates, *fate = fate_of(fates, &dice);
	int64_t days =
		fresh ? (int64_t)demo_throw(&dice, 14) : 15 + (int64_t)demo_throw(&dice, 900);
	*plan = (struct demo_order){.ordered_at = DEMO_NOW - days * DAY -
						  (int64_t)demo_throw(&dice, DAY)};
	plan->n_lines = 1 + demo_throw(&dice, DEMO_LINES_MAX);
	for (size_t i = 0; i < plan->n_lines; i++) {
		const struct fate *own = fate_of(fates, &dice);
		if (i == 0 || is_whole(fate->state) || is_whole(own->state))
			own = fate;
		plan_line(&dice, own, &plan->lines[i]);
		Rec__LineState state = plan->lines[i].state;
		plan->shipped |= state == STATE(AUS) || state == STATE(RET) || state == STATE(FUS);
		plan->by_provider |=
			state == STATE(FUS) || state == STATE(FUP) || state == STATE(FUT);
	}
}

void demo_stock(const struct demo *demo, struct demo_stock *stock)
{
	*stock = (struct demo_stock){.shipped = {0}};
	for (uint64_t customer = 0; customer < demo->customers; customer++) {
		uint64_t n = demo_orders(demo, customer);
		for (uint64_t order = 0; order < n; order++) {
			struct demo_order plan;
			demo_plan(demo, customer, order, &plan);
			for (size_t i = 0; i < plan.n_lines; i++) {
				const struct demo_line *line = &plan.lines[i];
				bool returned = line->state == STATE(RET);
				stock->reserved[line->item] += line->reserved;
				if (line->state == STATE(AUS) || returned)
					stock->shipped[line->item] += line->quantity;
				if (returned)
					stock->restocked[line->item] += line->quantity;
			}
		}
	}
}
