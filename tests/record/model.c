/* SPDX-License-Identifier: ISC */
#include "model_rule.h"

#include <string.h>

const struct model_type model_types[MODEL_TYPES] = {
	{"bank", S(HAL), 14, false, false},
	{"bill", S(ANG), 0, true, false},
	{"card", S(HAL), 5, true, true},
	{"account", S(ANG), 0, false, false},
};
const char *const model_terms[MODEL_CUSTOMERS] = {"month", "prepay", "", "month"};

/* RECORD.md 2.1, of events that move lines which are there. */
const struct rule rule_table[LINE_EVENT_COUNT] = {
	[LINE_SAVE] = {.from = B(NEW), .to = S(NONE), .whole = true},
	[LINE_REMOVE] = {.from = B(NEW), .to = S(NONE)},
	[LINE_RELEASE] = {.from = B(HAL), .to = S(ANG), .whole = true},
	[LINE_HOLD] = {.from = B(ANG), .to = S(HAL), .whole = true},
	[LINE_CANCEL] = {.from = B(HAL) | B(ANG) | B(FUP), .to = S(STO), .passes = true},
	[LINE_AUTOCANCEL] = {.from = B(HAL), .to = S(STO), .whole = true, .passes = true},
	[LINE_NA] = {.from = B(HAL) | B(ANG), .to = S(NLB), .passes = true},
	[LINE_SCAN_IN] = {.from = B(ANG), .to = S(EIN), .keeps = true},
	[LINE_SCAN_OUT] = {.from = B(EIN), .to = S(ANG), .keeps = true},
	[LINE_SHIP] = {.from = B(EIN), .to = S(AUS), .keeps = true},
	[LINE_TRANSFER] = {.from = B(ANG), .to = S(FUP), .keeps = true},
	[LINE_FCONFIRM] = {.from = B(FUP), .to = S(FUT)},
	[LINE_FREJECT] = {.from = B(FUP) | B(FUT), .to = S(ANG)},
	[LINE_FSHIP] = {.from = B(FUT), .to = S(FUS)},
	[LINE_RETURN] = {.from = B(AUS) | B(FUS), .to = S(RET)},
	[LINE_UNDO_RETURN] = {.from = B(RET), .to = S(NONE)},
	[LINE_REOPEN] = {.from = B(STO) | B(NLB), .to = S(NEW)},
	[LINE_CANCEL_ORDER] = {.from = B(MIN), .to = S(STO), .whole = true},
};

unsigned rule_states(const struct model_order *o)
{
	unsigned all = 0;
	for (int i = 0; i < o->n; i++)
		all |= LINE_BIT(o->lines[i].state);
	return all;
}

bool rule_among(const struct model_line *l, unsigned set)
{
	return (LINE_BIT(l->state) & set) != 0;
}

/* ---- 2.2, 4.3 ---- */

#define FINAL (B(AUS) | B(FUS) | B(RET) | B(STO) | B(NLB))

enum order_status model_status(const struct model_order *o)
{
	unsigned l = rule_states(o) & ~B(MIN);
	if (o->dead)
		return ORDER_CLOSED;
	if (!o->n)
		return ORDER_EMPTY;
	return !l || (l & B(HAL)) ? ORDER_HOLD : l & ~FINAL ? ORDER_OPEN : ORDER_CLOSED;
}

enum order_view model_view(const struct model_order *o)
{
	unsigned l = rule_states(o) & ~B(MIN);
	if (l && !(l & ~(B(STO) | B(NLB))))
		return ORDER_CANCELLED;
	if (model_status(o) == ORDER_CLOSED)
		return ORDER_DISPATCHED;
	for (int i = 0; i < o->n; i++)
		if (!rule_among(&o->lines[i], FINAL | B(MIN) | B(EIN) | B(FUP) | B(FUT)) &&
		    o->lines[i].reserved < o->lines[i].quantity)
			return ORDER_UNALLOCATED;
	return ORDER_ALLOCATED;
}

/* Half away from zero. */
int64_t rule_part_of(int64_t n, int64_t a, int64_t b)
{
	int64_t product = n * a, half = b / 2;
	return product < 0 ? -((-product + half) / b) : (product + half) / b;
}

int64_t rule_between(int64_t n, int64_t least, int64_t most)
{
	return n < least ? least : n > most ? most : n;
}

int64_t model_total(const struct model_order *o, int64_t *vat)
{
	int64_t sum = 0;
	bool any = false;
	for (int i = 0; i < o->n; i++) {
		const struct model_line *l = &o->lines[i];
		if (!rule_among(l, B(STO) | B(NLB)))
			sum += l->quantity * l->price - l->discount, any = true;
	}
	sum += any ? o->shipping : 0;
	sum -= sum > 0 ? rule_between(o->discount + o->voucher, 0, sum) : 0;
	*vat = rule_part_of(sum, MODEL_RATE, 1000000 + MODEL_RATE);
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

bool rule_may_leave(const struct model_order *o)
{
	return model_status(o) != ORDER_HOLD && (!prepaid(o) || covered(o));
}

bool model_queued(const struct model_order *o, const struct model_line *l)
{
	return !o->dead && l->state == S(ANG) && l->quantity > 0 && l->reserved == l->quantity &&
	       rule_may_leave(o);
}

bool model_invoiced(const struct model_order *o, Rec__LineState state)
{
	return LINE_BIT(state) & (B(NEW) | B(HAL) | B(ANG)) ? o->invoiced_open : o->invoiced;
}

/* ---- stock (3.18, 3.19; 1.6: first come, first served) ---- */

int64_t rule_free_of(const struct model *m, int sku)
{
	const struct model_item *i = &m->items[sku];
	return i->received - i->shipped + i->restocked - i->written_off - i->reserved;
}

void rule_reserve(struct model *m, struct model_line *l)
{
	int64_t got = rule_between(l->quantity - l->reserved, 0, rule_free_of(m, l->sku));
	l->reserved += got;
	m->items[l->sku].reserved += got;
	l->asked = l->asked ? l->asked : m->now;
}

void rule_give_back(struct model *m, struct model_line *l)
{
	m->items[l->sku].reserved -= l->reserved;
	l->reserved = l->asked = 0;
}

static bool waits(const struct model_order *o, const struct model_line *l)
{
	return !o->dead && rule_among(l, WAITING) && l->asked && l->reserved < l->quantity;
}

void rule_pass_on(struct model *m)
{
	for (int sku = 0; sku < MODEL_SKUS; sku++)
		while (rule_free_of(m, sku) > 0) {
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
			rule_reserve(m, first);
		}
}

/* A payment type that reserves does it when the order comes. */
static void reserve_new(struct model *m, struct model_order *o)
{
	for (int i = 0; i < o->n && model_types[o->type].reservation; i++)
		if (rule_among(&o->lines[i], WAITING) &&
		    o->lines[i].quantity > o->lines[i].reserved)
			rule_reserve(m, &o->lines[i]);
}

/* ---- steps ---- */

struct model_line *rule_line_at(struct model_order *o, const struct order_part *part)
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
	if (rule_states(o) & B(MIN))
		return covered(o) ? S(ANG) : S(HAL);
	return state == S(ANG) && prepaid(o) && !covered(o) ? S(HAL) : state;
}

/* Pieces of a family that were replaced before, and that came back. */
int64_t rule_replaced(const struct model *m, int order, uint32_t family)
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

int64_t rule_shipped_of(const struct model_order *o, uint32_t family)
{
	int64_t n = 0;
	for (int i = 0; i < o->n; i++)
		if (o->lines[i].number == family && rule_among(&o->lines[i], B(AUS) | B(FUS)))
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
		return !(rule_states(o) & (B(EIN) | B(FUP) | B(FUT)));
	case LINE_SCAN_IN:
	case LINE_TRANSFER:
		return rule_may_leave(o);
	case LINE_CANCEL_ORDER:
		return !(rule_states(o) & ~(B(MIN) | B(STO) | B(NLB)));
	default:
		return true;
	}
}

/* What invoices and credits have to say of it. */
static bool papers_allow(const struct model *m, int order, const struct model_line *l,
			 int64_t quantity, enum line_event event)
{
	const struct model_order *o = &m->orders[order];
	int64_t left = rule_shipped_of(o, l->number) - rule_replaced(m, order, l->number);
	switch (event) {
	case LINE_CANCEL:
	case LINE_NA:
		return l->state != S(ANG) || !o->invoiced_open;
	case LINE_SHIP:
	case LINE_FSHIP:
		return o->invoiced;
	case LINE_RETURN:
		return o->credited && quantity <= left;
	case LINE_UNDO_RETURN:
		return !o->credited;
	default:
		return true;
	}
}

static bool line_allows(const struct model *m, const struct model_line *l, uint32_t cancel_days,
			int64_t quantity, enum line_event event)
{
	switch (event) {
	case LINE_REMOVE:
		return !l->saved;
	case LINE_CANCEL:
		return l->state != S(ANG) || !l->picked;
	case LINE_AUTOCANCEL:
		return cancel_days && m->now / DAY - l->since / DAY >= cancel_days;
	case LINE_SCAN_IN:
		return quantity - rule_between(l->reserved, 0, quantity) <= rule_free_of(m, l->sku);
	case LINE_TRANSFER:
		return !l->picked;
	case LINE_REOPEN:
		return l->quantity > 0 && within_month(l->date, m->now);
	default:
		return true;
	}
}

bool rule_line_may(const struct model *m, int order, const struct model_line *l, int64_t quantity,
		   enum line_event event)
{
	uint32_t days = model_types[m->orders[order].type].cancel_days;
	return papers_allow(m, order, l, quantity, event) &&
	       line_allows(m, l, days, quantity, event);
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
	l->discount = rule_part_of(l->discount, quantity, l->quantity);
	rest->discount -= l->discount;
	l->quantity = quantity;
	l->reserved = keeps ? rule_between(l->reserved, 0, quantity)
			    : l->reserved - rule_between(l->reserved, 0, rest->quantity);
	rest->reserved -= l->reserved;
	o->n++;
	return true;
}

/* Goods that are not wanted any more go back, and off the pick list. */
static const unsigned gives_up = 1u << LINE_CANCEL | 1u << LINE_AUTOCANCEL | 1u << LINE_NA |
				 1u << LINE_TRANSFER | 1u << LINE_REMOVE;

bool rule_move(struct model *m, struct model_order *o, struct model_line *l, int64_t quantity,
	       enum line_event event)
{
	Rec__LineState to = rule_table[event].to, from = l->state;
	if (quantity < l->quantity && !split(o, l, quantity, rule_table[event].keeps))
		return false;
	if (gives_up & 1u << event) {
		rule_give_back(m, l);
		l->picked = false;
	}
	if (event == LINE_SCAN_IN) {
		rule_reserve(m, l);
		l->picked = false;
		if (l->reserved < l->quantity)
			return false;
	}
	/* Of several lines of a family each leaves less for the next. */
	if (event == LINE_RETURN &&
	    l->quantity > rule_shipped_of(o, l->number) -
				  rule_replaced(m, (int)(o - m->orders), l->number))
		return false;
	if (event == LINE_SHIP) {
		m->items[l->sku].shipped += l->quantity;
		rule_give_back(m, l);
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
		struct model_line *l = rule_line_at(o, &a->parts[i]);
		int64_t q = l && !a->parts[i].quantity ? l->quantity : a->parts[i].quantity;
		if (!l || quantity[l - o->lines] || !rule_among(l, rule_table[event].from) ||
		    (a->parts[i].quantity && q > l->quantity) ||
		    !rule_line_may(m, a->order, l, q, event))
			return false;
		quantity[l - o->lines] = q;
	}
	for (int i = 0; i < o->n && !a->n_parts; i++) {
		struct model_line *l = &o->lines[i];
		if (!rule_among(l, rule_table[event].from))
			continue;
		if (rule_line_may(m, a->order, l, l->quantity, event))
			quantity[i] = l->quantity;
		else if (!rule_table[event].passes)
			return false;
	}
	return true;
}

bool rule_step(struct model *m, const struct model_action *a, enum line_event event)
{
	struct model_order *o = &m->orders[a->order];
	int64_t quantity[MODEL_LINES] = {0};
	bool any = false;
	if (o->dead || !(rule_states(o) & rule_table[event].from) || !order_may(m, o, event) ||
	    (a->n_parts && rule_table[event].whole) || !choose_lines(m, a, event, quantity))
		return false;
	/* In the order they were named: a new last line is of the first one. */
	for (int i = 0, n = a->n_parts ? (int)a->n_parts : o->n; i < n; i++) {
		struct model_line *l = a->n_parts ? rule_line_at(o, &a->parts[i]) : &o->lines[i];
		int64_t q = quantity[l - o->lines];
		if (q && !rule_move(m, o, l, q, event))
			return false;
		any |= q != 0;
	}
	if (event == LINE_REMOVE)
		drop_removed(o);
	if (event == LINE_SAVE || event == LINE_RELEASE)
		reserve_new(m, o);
	rule_pass_on(m);
	return any;
}
