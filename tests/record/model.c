/* SPDX-License-Identifier: ISC */
#include "model.h"

#include <string.h>

#define S(name) REC__LINE_STATE__LINE_STATE_##name
#define B(name) LINE_BIT(S(name))
#define DAY 86400

const struct model_type model_types[MODEL_TYPES] = {
	{"bank", S(HAL), 14, false, false},
	{"bill", S(ANG), 0, true, false},
	{"card", S(HAL), 5, true, true},
	{"account", S(ANG), 0, false, false},
};
const char *const model_terms[MODEL_CUSTOMERS] = {"month", "prepay", "", "month"};

/* RECORD.md 2.1, of events that move lines which are there. */
static const struct {
	unsigned from;
	Rec__LineState to;
	bool whole, passes; /* passes: over lines that may not, of a whole order */
	bool keeps;	    /* of a split line the part that moves keeps the stock */
} rules[LINE_EVENT_COUNT] = {
	[LINE_SAVE] = {B(NEW), S(NONE), .whole = true},
	[LINE_REMOVE] = {B(NEW), S(NONE)},
	[LINE_RELEASE] = {B(HAL), S(ANG), .whole = true},
	[LINE_HOLD] = {B(ANG), S(HAL), .whole = true},
	[LINE_CANCEL] = {B(HAL) | B(ANG) | B(FUP), S(STO), .passes = true},
	[LINE_AUTOCANCEL] = {B(HAL), S(STO), .whole = true, .passes = true},
	[LINE_NA] = {B(HAL) | B(ANG), S(NLB), .passes = true},
	[LINE_SCAN_IN] = {B(ANG), S(EIN), .keeps = true},
	[LINE_SCAN_OUT] = {B(EIN), S(ANG), .keeps = true},
	[LINE_SHIP] = {B(EIN), S(AUS), .keeps = true},
	[LINE_TRANSFER] = {B(ANG), S(FUP), .keeps = true},
	[LINE_FCONFIRM] = {B(FUP), S(FUT)},
	[LINE_FREJECT] = {B(FUP) | B(FUT), S(ANG)},
	[LINE_FSHIP] = {B(FUT), S(FUS)},
	[LINE_RETURN] = {B(AUS) | B(FUS), S(RET)},
	[LINE_UNDO_RETURN] = {B(RET), S(NONE)},
	[LINE_REOPEN] = {B(STO) | B(NLB), S(NEW)},
	[LINE_CANCEL_ORDER] = {B(MIN), S(STO), .whole = true},
};

static unsigned states(const struct model_order *o)
{
	unsigned all = 0;
	for (int i = 0; i < o->n; i++)
		all |= LINE_BIT(o->lines[i].state);
	return all;
}

static bool among(const struct model_line *l, unsigned set)
{
	return (LINE_BIT(l->state) & set) != 0;
}

/* ---- 2.2, 4.3 ---- */

#define FINAL (B(AUS) | B(FUS) | B(RET) | B(STO) | B(NLB))

enum order_status model_status(const struct model_order *o)
{
	unsigned l = states(o) & ~B(MIN);
	if (o->dead)
		return ORDER_CLOSED;
	if (!o->n)
		return ORDER_EMPTY;
	return !l || (l & B(HAL)) ? ORDER_HOLD : l & ~FINAL ? ORDER_OPEN : ORDER_CLOSED;
}

enum order_view model_view(const struct model_order *o)
{
	unsigned l = states(o) & ~B(MIN);
	if (l && !(l & ~(B(STO) | B(NLB))))
		return ORDER_CANCELLED;
	if (model_status(o) == ORDER_CLOSED)
		return ORDER_DISPATCHED;
	for (int i = 0; i < o->n; i++)
		if (!among(&o->lines[i], FINAL | B(MIN) | B(EIN) | B(FUP) | B(FUT)) &&
		    o->lines[i].reserved < o->lines[i].quantity)
			return ORDER_UNALLOCATED;
	return ORDER_ALLOCATED;
}

/* Half away from zero. */
static int64_t part_of(int64_t n, int64_t a, int64_t b)
{
	int64_t product = n * a, half = b / 2;
	return product < 0 ? -((-product + half) / b) : (product + half) / b;
}

static int64_t between(int64_t n, int64_t least, int64_t most)
{
	return n < least ? least : n > most ? most : n;
}

int64_t model_total(const struct model_order *o, int64_t *vat)
{
	int64_t sum = 0;
	bool any = false;
	for (int i = 0; i < o->n; i++) {
		const struct model_line *l = &o->lines[i];
		if (!among(l, B(STO) | B(NLB)))
			sum += l->quantity * l->price - l->discount, any = true;
	}
	sum += any ? o->shipping : 0;
	sum -= sum > 0 ? between(o->discount + o->voucher, 0, sum) : 0;
	*vat = part_of(sum, MODEL_RATE, 1000000 + MODEL_RATE);
	return sum;
}

static bool covered(const struct model_order *o)
{
	int64_t vat;
	return o->cover >= model_total(o, &vat);
}

static bool prepaid(const struct model_order *o)
{
	return strcmp(model_terms[o->customer], "prepay") == 0;
}

static bool may_leave(const struct model_order *o)
{
	return model_status(o) != ORDER_HOLD && (!prepaid(o) || covered(o));
}

bool model_queued(const struct model_order *o, const struct model_line *l)
{
	return !o->dead && l->state == S(ANG) && l->quantity > 0 && l->reserved == l->quantity &&
	       may_leave(o);
}

bool model_invoiced(const struct model_order *o, Rec__LineState state)
{
	return LINE_BIT(state) & (B(NEW) | B(HAL) | B(ANG)) ? o->invoiced_open : o->invoiced;
}

/* ---- stock (3.18, 3.19; 1.6: first come, first served) ---- */

static int64_t free_of(const struct model *m, int sku)
{
	const struct model_item *i = &m->items[sku];
	return i->received - i->shipped + i->restocked - i->written_off - i->reserved;
}

static void reserve(struct model *m, struct model_line *l)
{
	int64_t got = between(l->quantity - l->reserved, 0, free_of(m, l->sku));
	l->reserved += got;
	m->items[l->sku].reserved += got;
	l->asked = l->asked ? l->asked : m->now;
}

static void give_back(struct model *m, struct model_line *l)
{
	m->items[l->sku].reserved -= l->reserved;
	l->reserved = l->asked = 0;
}

#define WAITING (B(NEW) | B(HAL) | B(ANG))

static bool waits(const struct model_order *o, const struct model_line *l)
{
	return !o->dead && among(l, WAITING) && l->asked && l->reserved < l->quantity;
}

static void pass_on(struct model *m)
{
	for (int sku = 0; sku < MODEL_SKUS; sku++)
		while (free_of(m, sku) > 0) {
			struct model_line *first = NULL;
			for (int i = 0; i < m->n; i++)
				for (int k = 0; k < m->orders[i].n; k++) {
					struct model_line *l = &m->orders[i].lines[k];
					if (l->sku == sku && waits(&m->orders[i], l) &&
					    (!first || l->asked < first->asked))
						first = l;
				}
			if (!first)
				break;
			reserve(m, first);
		}
}

/* A payment type that reserves does it when the order comes. */
static void reserve_new(struct model *m, struct model_order *o)
{
	for (int i = 0; i < o->n && model_types[o->type].reservation; i++)
		if (among(&o->lines[i], WAITING) && o->lines[i].quantity > o->lines[i].reserved)
			reserve(m, &o->lines[i]);
}

/* ---- steps ---- */

static struct model_line *line_at(struct model_order *o, const struct order_part *part)
{
	for (int i = 0; i < o->n; i++)
		if (o->lines[i].number == part->line && o->lines[i].split == part->split)
			return &o->lines[i];
	return NULL;
}

/* ST-19, CP-18 to CP-20, PX-18; 1.6: a replacement waits only when it is dearer. */
static Rec__LineState first_state(const struct model *m, const struct model_order *o)
{
	const struct model_customer *c = &m->customers[o->customer];
	Rec__LineState state = model_types[o->type].status;
	if (c->locked || c->blacklisted)
		return S(HAL);
	if (states(o) & B(MIN))
		return covered(o) ? S(ANG) : S(HAL);
	return state == S(ANG) && prepaid(o) && !covered(o) ? S(HAL) : state;
}

/* Pieces of a family that were replaced before, and that came back. */
static int64_t replaced(const struct model *m, int order, uint32_t family)
{
	int64_t n = 0;
	for (int i = 0; i < m->n; i++)
		for (int k = 0; k < m->orders[i].n; k++) {
			const struct model_line *l = &m->orders[i].lines[k];
			if (l->state == S(MIN) && l->source == order && l->family == family)
				n -= l->quantity;
		}
	return n;
}

static int64_t shipped_of(const struct model_order *o, uint32_t family)
{
	int64_t n = 0;
	for (int i = 0; i < o->n; i++)
		if (o->lines[i].number == family && among(&o->lines[i], B(AUS) | B(FUS)))
			n += o->lines[i].quantity;
	return n;
}

static int64_t civil_month(int64_t day, int *of_month)
{
	int64_t y = 1970, month = 0;
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	for (;; month = (month + 1) % 12, y += month == 0) {
		int n = days[month] + (month == 1 && y % 4 == 0);
		if (day < n)
			break;
		day -= n;
	}
	*of_month = (int)day;
	return y * 12 + month;
}

/* t <= addmonths(d, 1), which clamps: a day too high for the next month ends with it. */
static bool within_month(int64_t date, int64_t now)
{
	int d, t;
	int64_t then = civil_month(date / DAY, &d), today = civil_month(now / DAY, &t);
	return today == then || (today == then + 1 && t <= d);
}

static bool order_may(const struct model *m, const struct model_order *o, enum line_event event)
{
	const struct model_customer *c = &m->customers[o->customer];
	switch (event) {
	case LINE_SAVE:
		return !c->inactive;
	case LINE_RELEASE:
		return !c->locked && !c->blacklisted;
	case LINE_HOLD:
		return !(states(o) & (B(EIN) | B(FUP) | B(FUT)));
	case LINE_SCAN_IN:
	case LINE_TRANSFER:
		return may_leave(o);
	case LINE_CANCEL_ORDER:
		return !(states(o) & ~(B(MIN) | B(STO) | B(NLB)));
	default:
		return true;
	}
}

static bool line_may(const struct model *m, int order, const struct model_line *l, int64_t quantity,
		     enum line_event event)
{
	const struct model_order *o = &m->orders[order];
	uint32_t days = model_types[o->type].cancel_days;
	switch (event) {
	case LINE_REMOVE:
		return !l->saved;
	case LINE_CANCEL:
		return l->state != S(ANG) || (!l->picked && !o->invoiced_open);
	case LINE_NA:
		return l->state != S(ANG) || !o->invoiced_open;
	case LINE_AUTOCANCEL:
		return days && m->now / DAY - l->since / DAY >= days;
	case LINE_SCAN_IN:
		return quantity - between(l->reserved, 0, quantity) <= free_of(m, l->sku);
	case LINE_TRANSFER:
		return !l->picked;
	case LINE_SHIP:
	case LINE_FSHIP:
		return o->invoiced;
	case LINE_RETURN:
		return o->credited &&
		       quantity <= shipped_of(o, l->number) - replaced(m, order, l->number);
	case LINE_UNDO_RETURN:
		return !o->credited;
	case LINE_REOPEN:
		return l->quantity > 0 && within_month(l->date, m->now);
	default:
		return true;
	}
}

/* 4.4, and a new last line with the next number of its family. */
static bool split(struct model_order *o, struct model_line *l, int64_t quantity, bool keeps)
{
	struct model_line *rest = &o->lines[o->n];
	if (o->n == MODEL_LINES)
		return false;
	*rest = *l;
	for (int i = 0; i < o->n; i++)
		if (o->lines[i].number == l->number && o->lines[i].split > rest->split)
			rest->split = o->lines[i].split;
	rest->split++;
	rest->quantity -= quantity;
	l->discount = part_of(l->discount, quantity, l->quantity);
	rest->discount -= l->discount;
	l->quantity = quantity;
	l->reserved = keeps ? between(l->reserved, 0, quantity)
			    : l->reserved - between(l->reserved, 0, rest->quantity);
	rest->reserved -= l->reserved;
	o->n++;
	return true;
}

static bool move(struct model *m, struct model_order *o, struct model_line *l, int64_t quantity,
		 enum line_event event)
{
	Rec__LineState to = rules[event].to, from = l->state;
	if (quantity < l->quantity && !split(o, l, quantity, rules[event].keeps))
		return false;
	if (event == LINE_CANCEL || event == LINE_AUTOCANCEL || event == LINE_NA ||
	    event == LINE_TRANSFER || event == LINE_REMOVE) {
		give_back(m, l);
		l->picked = false;
	}
	if (event == LINE_SCAN_IN) {
		reserve(m, l);
		l->picked = false;
		if (l->reserved < l->quantity)
			return false;
	}
	/* Of several lines of a family each leaves less for the next. */
	if (event == LINE_RETURN &&
	    l->quantity > shipped_of(o, l->number) - replaced(m, (int)(o - m->orders), l->number))
		return false;
	if (event == LINE_SHIP) {
		m->items[l->sku].shipped += l->quantity;
		give_back(m, l);
	}
	l->saved |= event == LINE_SAVE;
	l->state = event == LINE_SAVE	       ? first_state(m, o)
		   : event == LINE_UNDO_RETURN ? l->origin
					       : to;
	if (event == LINE_RETURN)
		l->origin = from;
	l->since = m->now;
	return true;
}

static void drop_removed(struct model_order *o)
{
	int n = 0;
	for (int i = 0; i < o->n; i++)
		if (o->lines[i].state != S(NONE))
			o->lines[n++] = o->lines[i];
	o->n = n;
}

/* The lines that are named, all of which must be able to; or those of the order that can. */
static bool choose_lines(struct model *m, const struct model_action *a, enum line_event event,
			 int64_t *quantity)
{
	struct model_order *o = &m->orders[a->order];
	for (size_t i = 0; i < a->n_parts; i++) {
		struct model_line *l = line_at(o, &a->parts[i]);
		int64_t q = l && !a->parts[i].quantity ? l->quantity : a->parts[i].quantity;
		if (!l || quantity[l - o->lines] || !among(l, rules[event].from) ||
		    (a->parts[i].quantity && q > l->quantity) ||
		    !line_may(m, a->order, l, q, event))
			return false;
		quantity[l - o->lines] = q;
	}
	for (int i = 0; i < o->n && !a->n_parts; i++) {
		struct model_line *l = &o->lines[i];
		if (!among(l, rules[event].from))
			continue;
		if (line_may(m, a->order, l, l->quantity, event))
			quantity[i] = l->quantity;
		else if (!rules[event].passes)
			return false;
	}
	return true;
}

static bool step(struct model *m, const struct model_action *a, enum line_event event)
{
	struct model_order *o = &m->orders[a->order];
	int64_t quantity[MODEL_LINES] = {0};
	bool any = false;
	if (o->dead || !(states(o) & rules[event].from) || !order_may(m, o, event) ||
	    (a->n_parts && rules[event].whole) || !choose_lines(m, a, event, quantity))
		return false;
	/* In the order they were named: a new last line is of the first one. */
	for (int i = 0, n = a->n_parts ? (int)a->n_parts : o->n; i < n; i++) {
		struct model_line *l = a->n_parts ? line_at(o, &a->parts[i]) : &o->lines[i];
		int64_t q = quantity[l - o->lines];
		if (q && !move(m, o, l, q, event))
			return false;
		any |= q != 0;
	}
	if (event == LINE_REMOVE)
		drop_removed(o);
	if (event == LINE_SAVE || event == LINE_RELEASE)
		reserve_new(m, o);
	pass_on(m);
	return any;
}

/* ---- what has a door of its own ---- */

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
	if (o->dead || (states(o) & (B(AUS) | B(FUS) | B(RET))) ||
	    model_status(o) == ORDER_CLOSED || m->customers[o->customer].inactive || a->n < 1 ||
	    (a->flag && a->n > free_of(m, a->sku)))
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
		struct model_line *l = line_at(o, &a->parts[i]);
		if (!l || !among(l, set) || !fits(l, a->flag))
			return false;
		any = chosen[l - o->lines] = true;
	}
	for (int i = 0; i < o->n && !a->n_parts; i++)
		any |= chosen[i] = among(&o->lines[i], set) && fits(&o->lines[i], a->flag);
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
		struct model_line *l = a->n_parts ? line_at(o, &a->parts[i]) : &o->lines[i];
		if (chosen[l - o->lines] && take)
			reserve(m, l);
		else if (chosen[l - o->lines])
			give_back(m, l);
	}
	pass_on(m);
	return true;
}

static bool picklist(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order];
	bool chosen[MODEL_LINES] = {false};
	if ((a->flag && !may_leave(o)) || !choose(o, a, B(ANG), is_other, chosen))
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
		const struct model_line *l = line_at(o, &a->parts[i]);
		if (l && l->state == S(ANG))
			boxes.parts[boxes.n_parts++] = a->parts[i];
	}
	if ((a->n_parts ? boxes.n_parts > 0 : (states(o) & B(ANG)) != 0) &&
	    !step(m, &boxes, LINE_SCAN_IN))
		return false;
	return step(m, a, LINE_SHIP);
}

static bool cancel_released(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order];
	for (int i = 0; i < o->n; i++) {
		struct order_part part = {o->lines[i].number, o->lines[i].split, 0};
		if (o->lines[i].state == S(ANG) &&
		    !step(m,
			  &(struct model_action){.order = a->order, .parts = {part}, .n_parts = 1},
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
		left[sku] = free_of(m, sku);
	for (int i = 0, n = o->n; i < n; i++) {
		struct model_line *l = &o->lines[i];
		struct model_action one = {.order = a->order, .n_parts = 1};
		int64_t more = between(l->quantity - l->reserved, 0, left[l->sku]);
		one.parts[0] = (struct order_part){l->number, l->split, l->reserved + more};
		if (l->state != S(ANG) || l->reserved + more == 0)
			continue;
		left[l->sku] -= more;
		if (!step(m, &one, LINE_SCAN_IN))
			return false;
	}
	if (!step(m, &(struct model_action){.order = a->order}, LINE_SHIP))
		return false;
	return !a->flag || !(states(o) & B(ANG)) || cancel_released(m, a);
}

/* PX-15; a replacement goes as a whole, its MIN lines last. */
static bool cancel(struct model *m, const struct model_action *a)
{
	struct model_order *o = &m->orders[a->order];
	bool replaces = !a->n_parts && (states(o) & B(MIN)) != 0;
	if ((!replaces || (states(o) & rules[LINE_CANCEL].from)) && !step(m, a, LINE_CANCEL))
		return false;
	return !replaces || step(m, a, LINE_CANCEL_ORDER);
}

static bool replace(struct model *m, const struct model_action *a)
{
	struct model_order *from = &m->orders[a->order], *o = &m->orders[m->n];
	*o = (struct model_order){.customer = from->customer, .type = from->type, .invoiced = true};
	for (size_t i = 0; i < a->n_parts; i++) {
		const struct model_line *l = line_at(from, &a->parts[i]);
		if (!l || from->dead || !among(l, B(AUS) | B(FUS)) || !from->invoiced)
			return false;
		int64_t most =
			between(shipped_of(from, l->number) - replaced(m, a->order, l->number), 0,
				l->quantity);
		int64_t q = a->parts[i].quantity ? a->parts[i].quantity : most;
		if (q < 1 || q > most)
			return false;
		o->lines[o->n++] =
			(struct model_line){.number = (uint32_t)i + 1,
					    .sku = l->sku,
					    .quantity = -q,
					    .price = l->price,
					    .discount = -part_of(l->discount, q, l->quantity),
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
		if (both[i]->dead || states(both[i]) != B(ANG) || picked || both[i]->invoiced_open)
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
	struct model_line *l = line_at(o, &a->parts[0]);
	if (!l || o->dead || !among(l, WAITING) || o->invoiced_open || a->n < 0 ||
	    (a->act == ACT_QUANTITY && a->n < 1))
		return false;
	if (a->act == ACT_PRICE)
		l->price = a->n;
	if (a->act == ACT_LINE_DISCOUNT)
		l->discount = a->n;
	if (a->act != ACT_QUANTITY)
		return true;
	l->quantity = a->n;
	m->items[l->sku].reserved -= between(l->reserved - a->n, 0, l->reserved);
	l->reserved = between(l->reserved, 0, a->n);
	pass_on(m);
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
			bool may = l->sku == a->sku && among(l, rules[LINE_NA].from) &&
				   line_may(m, i, l, l->quantity, LINE_NA);
			any |= may && move(m, &m->orders[i], l, l->quantity, LINE_NA);
		}
	pass_on(m);
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
	if (a->n < 1 || (a->act == ACT_WRITE_OFF && a->n > free_of(m, a->sku)))
		return false;
	*(a->act == ACT_RECEIVE	  ? &i->received
	  : a->act == ACT_RESTOCK ? &i->restocked
				  : &i->written_off) += a->n;
	pass_on(m);
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
		if (!step(m, &(struct model_action){.order = i}, LINE_AUTOCANCEL))
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
	if (a->act == ACT_DELETE && ((states(o) & ~(B(STO) | B(NLB))) || o->referred))
		return false;
	o->dead = a->act == ACT_DELETE;
	return true;
}

static bool any_step(struct model *m, const struct model_action *a)
{
	return step(m, a, a->event);
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
