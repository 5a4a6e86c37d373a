/* SPDX-License-Identifier: ISC */
#include "model_rule.h"

/* The commands, each made of steps, reservations and fields. */

static bool new_order(struct model *m, const struct model_action *a)
{
	const struct model_customer *c = &m->customers[a->customer];
	if (c->inactive)
		return false;
	m->orders[m->n++] =
		(struct model_order){.customer = a->customer, .type = a->choice, .invoiced = true};
	return true;
}

static uint32_t next_number(const struct model_order *o)
{
	uint32_t highest = 0;
	for (int i = 0; i < o->n; i++)
		highest = o->lines[i].number > highest ? o->lines[i].number : highest;
	return highest + 1;
}

static bool add(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order];
	if (o->dead || (rule_states(o) & (B(AUS) | B(FUS) | B(RET))) ||
	    model_status(o) == ORDER_CLOSED || m->customers[o->customer].inactive || a->n < 1 ||
	    (a->flag && a->n > rule_free_of(m, a->sku)))
		return false;
	o->lines[o->n] = (struct model_line){.number = next_number(o),
					     .sku = a->sku,
					     .quantity = a->n,
					     .price = MODEL_PRICE,
					     .date = m->now,
					     .since = m->now,
					     .state = S(NEW)};
	o->n++;
	return true;
}

/* Of the lines that are named, or of all, those that fit; a named one must. */
static bool choose(struct model_order *o, const struct model_action *a, unsigned set,
		   bool (*fits)(const struct model_line *l, bool flag), bool *chosen)
{
	bool any = false;
	for (size_t i = 0; i < a->n_parts; i++) {
		struct model_line *l = rule_line_at(o, &a->parts[i]);
		if (!l || !rule_among(l, set) || !fits(l, a->flag))
			return false;
		any = chosen[l - o->lines] = true;
	}
	for (int i = 0; i < o->n && !a->n_parts; i++)
		any |= chosen[i] = rule_among(&o->lines[i], set) && fits(&o->lines[i], a->flag);
	return any && !o->dead;
}

static bool is_short(const struct model_line *l, bool flag)
{
	(void)flag;
	return l->quantity > l->reserved;
}

static bool has_asked(const struct model_line *l, bool flag)
{
	(void)flag;
	return l->asked != 0;
}

static bool is_other(const struct model_line *l, bool flag)
{
	return l->picked != flag;
}

static bool reservation(struct model *m, const struct model_action *a)
{
	bool take = a->act == ACT_RESERVE;
	struct model_order *o = &m->orders[a->order];
	bool chosen[MODEL_LINES] = {false};
	if (!choose(o, a, WAITING, take ? is_short : has_asked, chosen))
		return false;
	/* In the order they were named. */
	for (int i = 0, n = a->n_parts ? (int)a->n_parts : o->n; i < n; i++) {
		struct model_line *l = a->n_parts ? rule_line_at(o, &a->parts[i]) : &o->lines[i];
		if (chosen[l - o->lines] && take)
			rule_reserve(m, l);
		else if (chosen[l - o->lines])
			rule_give_back(m, l);
	}
	rule_pass_on(m);
	return true;
}

static bool picklist(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order];
	bool chosen[MODEL_LINES] = {false};
	if ((a->flag && !rule_may_leave(o)) || !choose(o, a, B(ANG), is_other, chosen))
		return false;
	for (int i = 0; i < o->n; i++)
		o->lines[i].picked = chosen[i] ? a->flag : o->lines[i].picked;
	return true;
}

/* Released lines are put in the box first. */
static bool ship(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order];
	struct model_action boxes = *a;
	boxes.n_parts = 0;
	for (size_t i = 0; i < a->n_parts; i++) {
		const struct model_line *l = rule_line_at(o, &a->parts[i]);
		if (l && l->state == S(ANG))
			boxes.parts[boxes.n_parts++] = a->parts[i];
	}
	if ((a->n_parts ? boxes.n_parts > 0 : (rule_states(o) & B(ANG)) != 0) &&
	    !rule_step(m, &boxes, LINE_SCAN_IN))
		return false;
	return rule_step(m, a, LINE_SHIP);
}

static bool cancel_released(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order];
	for (int i = 0; i < o->n; i++) {
		struct order_part part = {o->lines[i].number, o->lines[i].split, 0};
		if (o->lines[i].state == S(ANG) &&
		    !rule_step(m,
			       &(struct model_action){
				       .order = a->order, .parts = {part}, .n_parts = 1},
			       LINE_CANCEL))
			return false;
	}
	return true;
}

/* PX-24: what has stock, line by line; the rest stays or goes. */
static bool ship_now(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order];
	int64_t left[MODEL_SKUS];
	for (int sku = 0; sku < MODEL_SKUS; sku++)
		left[sku] = rule_free_of(m, sku);
	for (int i = 0, n = o->n; i < n; i++) {
		struct model_line *l = &o->lines[i];
		struct model_action one = {.order = a->order, .n_parts = 1};
		int64_t more = rule_between(l->quantity - l->reserved, 0, left[l->sku]);
		one.parts[0] = (struct order_part){l->number, l->split, l->reserved + more};
		if (l->state != S(ANG) || l->reserved + more == 0)
			continue;
		left[l->sku] -= more;
		if (!rule_step(m, &one, LINE_SCAN_IN))
			return false;
	}
	if (!rule_step(m, &(struct model_action){.order = a->order}, LINE_SHIP))
		return false;
	return !a->flag || !(rule_states(o) & B(ANG)) || cancel_released(m, a);
}

/* PX-15; a replacement goes as a whole, its MIN lines last. */
static bool cancel(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order];
	bool replaces = !a->n_parts && (rule_states(o) & B(MIN)) != 0;
	if ((!replaces || (rule_states(o) & rule_table[LINE_CANCEL].from)) &&
	    !rule_step(m, a, LINE_CANCEL))
		return false;
	return !replaces || rule_step(m, a, LINE_CANCEL_ORDER);
}

static bool replace(struct model *m, const struct model_action *a)
{
	struct model_order *from = &m->orders[a->order], *o = &m->orders[m->n];
	*o = (struct model_order){.customer = from->customer, .type = from->type, .invoiced = true};
	for (size_t i = 0; i < a->n_parts; i++) {
		const struct model_line *l = rule_line_at(from, &a->parts[i]);
		if (!l || from->dead || !rule_among(l, B(AUS) | B(FUS)) || !from->invoiced)
			return false;
		int64_t most = rule_between(rule_shipped_of(from, l->number) -
						    rule_replaced(m, a->order, l->number),
					    0, l->quantity);
		int64_t q = a->parts[i].quantity ? a->parts[i].quantity : most;
		if (q < 1 || q > most)
			return false;
		o->lines[o->n++] =
			(struct model_line){.number = (uint32_t)i + 1,
					    .sku = l->sku,
					    .quantity = -q,
					    .price = l->price,
					    .discount = -rule_part_of(l->discount, q, l->quantity),
					    .date = m->now,
					    .since = m->now,
					    .state = S(MIN),
					    .source = a->order,
					    .family = l->number};
		m->n += i == 0;
	}
	return o->n > 0;
}

/* 2.9 */
static bool merge(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order], *other = &m->orders[a->other];
	uint32_t behind = next_number(o) - 1;
	const struct model_order *both[] = {o, other};
	for (int i = 0; i < 2; i++) {
		bool picked = false;
		for (int k = 0; k < both[i]->n; k++)
			picked |= both[i]->lines[k].picked;
		if (both[i]->dead || rule_states(both[i]) != B(ANG) || picked ||
		    both[i]->invoiced_open)
			return false;
	}
	if (o == other || o->customer != other->customer || o->type != other->type ||
	    model_types[o->type].card)
		return false;
	for (int i = 0; i < other->n; i++) {
		o->lines[o->n] = other->lines[i];
		o->lines[o->n++].number += behind;
	}
	o->urgent |= other->urgent;
	other->dead = true;
	other->n = 0;
	return true;
}

static bool set_line(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order];
	struct model_line *l = rule_line_at(o, &a->parts[0]);
	if (!l || o->dead || !rule_among(l, WAITING) || o->invoiced_open || a->n < 0 ||
	    (a->act == ACT_QUANTITY && a->n < 1))
		return false;
	if (a->act == ACT_PRICE)
		l->price = a->n;
	if (a->act == ACT_LINE_DISCOUNT)
		l->discount = a->n;
	if (a->act != ACT_QUANTITY)
		return true;
	l->quantity = a->n;
	m->items[l->sku].reserved -= rule_between(l->reserved - a->n, 0, l->reserved);
	l->reserved = rule_between(l->reserved, 0, a->n);
	rule_pass_on(m);
	return true;
}

static bool set_order(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order];
	int64_t *field = a->act == ACT_SHIPPING	 ? &o->shipping
			 : a->act == ACT_VOUCHER ? &o->voucher
						 : &o->discount;
	bool billed = false;
	for (int i = 0; i < o->n; i++)
		billed |= model_invoiced(o, o->lines[i].state);
	if (o->dead || billed || a->n < 0)
		return false;
	*field = a->n;
	return true;
}

/* ST-29 */
static bool na_item(struct model *m, const struct model_action *a)
{
	bool any = false;
	for (int i = 0; i < m->n; i++)
		for (int k = 0; k < m->orders[i].n; k++) {
			struct model_line *l = &m->orders[i].lines[k];
			bool may = l->sku == a->sku && rule_among(l, rule_table[LINE_NA].from) &&
				   rule_line_may(m, i, l, l->quantity, LINE_NA);
			any |= may && rule_move(m, &m->orders[i], l, l->quantity, LINE_NA);
		}
	rule_pass_on(m);
	return any;
}

static bool flags(struct model *m, const struct model_action *a)
{
	struct model_customer *c = &m->customers[a->customer];
	bool *all[] = {&c->locked, &c->blacklisted, &c->inactive};
	if (*all[a->choice] == a->flag)
		return false;
	*all[a->choice] = a->flag;
	return true;
}

static bool stock(struct model *m, const struct model_action *a)
{
	struct model_item *i = &m->items[a->sku];
	if (a->n < 1 || (a->act == ACT_WRITE_OFF && a->n > rule_free_of(m, a->sku)))
		return false;
	*(a->act == ACT_RECEIVE	  ? &i->received
	  : a->act == ACT_RESTOCK ? &i->restocked
				  : &i->written_off) += a->n;
	rule_pass_on(m);
	return true;
}

/* What invoices and payments would say. */
static bool money(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order];
	bool *all[] = {&o->invoiced, &o->invoiced_open, &o->credited, &o->referred};
	int64_t vat;
	if (a->choice < 4)
		*all[a->choice] = a->flag;
	else
		o->cover = a->flag ? model_total(o, &vat) : a->n;
	return true;
}

/* Once a day: ST-20. */
static bool clock(struct model *m, const struct model_action *a)
{
	m->now += a->n;
	if (m->now / DAY <= m->daily)
		return true;
	m->daily = m->now / DAY;
	for (int i = 0; i < m->n; i++) {
		struct model before = *m;
		if (!rule_step(m, &(struct model_action){.order = i}, LINE_AUTOCANCEL))
			*m = before;
	}
	return true;
}

static bool whole(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order];
	if (o->dead)
		return false;
	if (a->act == ACT_URGENT) {
		bool changed = o->urgent != a->flag;
		o->urgent = a->flag;
		return changed;
	}
	if (a->act == ACT_DELETE && ((rule_states(o) & ~(B(STO) | B(NLB))) || o->referred))
		return false;
	o->dead = a->act == ACT_DELETE;
	return true;
}

static bool any_step(struct model *m, const struct model_action *a)
{
	return rule_step(m, a, a->event);
}

static bool (*const acts[ACT_COUNT])(struct model *m, const struct model_action *a) = {
	[ACT_STEP] = any_step,
	[ACT_NEW_ORDER] = new_order,
	[ACT_ADD] = add,
	[ACT_RESERVE] = reservation,
	[ACT_UNRESERVE] = reservation,
	[ACT_SHIP] = ship,
	[ACT_SHIP_NOW] = ship_now,
	[ACT_CANCEL] = cancel,
	[ACT_REPLACE] = replace,
	[ACT_MERGE] = merge,
	[ACT_DELETE] = whole,
	[ACT_URGENT] = whole,
	[ACT_PICKLIST] = picklist,
	[ACT_QUANTITY] = set_line,
	[ACT_PRICE] = set_line,
	[ACT_LINE_DISCOUNT] = set_line,
	[ACT_SHIPPING] = set_order,
	[ACT_VOUCHER] = set_order,
	[ACT_DISCOUNT] = set_order,
	[ACT_COMMENT] = whole,
	[ACT_NA_ITEM] = na_item,
	[ACT_CUSTOMER] = flags,
	[ACT_RECEIVE] = stock,
	[ACT_RESTOCK] = stock,
	[ACT_WRITE_OFF] = stock,
	[ACT_MONEY] = money,
	[ACT_CLOCK] = clock,
};

bool model_do(struct model *m, const struct model_action *action)
{
	struct model before = *m;
	if (acts[action->act](m, action))
		return true;
	*m = before;
	return false;
}
