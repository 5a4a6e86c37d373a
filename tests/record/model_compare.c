/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "model_run.h"
#include "record/dispatch.h"
#include "record/item.h"

void run_differs(struct run *r, const char *format, ...)
{
	va_list args;
	if (r->why[0])
		return;
	va_start(args, format);
	vsnprintf(r->why, sizeof(r->why), format, args);
	va_end(args);
}

static void same(struct run *r, const char *what, const char *name, int64_t record, int64_t model)
{
	if (record != model)
		run_differs(r, "%s of %s is %lld in the record and %lld in the model", name, what,
			    (long long)record, (long long)model);
}

static void compare_line(struct run *r, const char *order, const Rec__Line *line,
			 const struct model_line *l)
{
	struct arena *a = r->f->arena;
	const char *what = arena_printf(a, "%s/%s", order, line_label(a, line));
	same(r, what, "number", line->number, l->number);
	same(r, what, "split", line->split, l->split);
	same(r, what, "state", (int)line->state, (int)l->state);
	same(r, what, "quantity", line->quantity, l->quantity);
	same(r, what, "reserved", line->reserved, l->reserved);
	same(r, what, "price", line->unit_price, l->price);
	same(r, what, "discount", line->discount, l->discount);
	same(r, what, "date", line->line_at, l->date);
	same(r, what, "state_at", line->state_at, l->since);
	same(r, what, "picklist", line->picklist[0] != '\0', l->picked);
	same(r, what, "item", strcmp(line->sku, run_skus[l->sku]), 0);
}

static void compare_order(struct run *r, struct change *ch, int i)
{
	const struct model_order *o = &r->model->orders[i];
	const char *what = arena_printf(ch->arena, "O%llu", (unsigned long long)run_id(i));
	struct order_totals totals;
	Rec__Order *order;
	int64_t vat;
	struct err e;
	if (order_load(ch->txn, ch->arena, run_id(i), &order, &e) != 1 ||
	    order_totals(order, &totals, &e) < 0) {
		run_differs(r, "%s cannot be read", what);
		return;
	}
	same(r, what, "lines", (int64_t)order->n_lines, o->n);
	for (int k = 0; k < o->n && !r->why[0]; k++)
		compare_line(r, what, order->lines[k], &o->lines[k]);
	same(r, what, "tombstone", order->merged_into || order->deleted_at, o->dead);
	same(r, what, "urgent", order->urgent, o->urgent);
	same(r, what, "status", (int)order_status(order), (int)model_status(o));
	same(r, what, "view", (int)order_view(order), (int)model_view(o));
	same(r, what, "total", totals.total, model_total(o, &vat));
	same(r, what, "VAT", totals.vat, vat);
}

static void compare_item(struct run *r, struct change *ch, int i)
{
	const struct model_item *m = &r->model->items[i];
	Rec__Item *item;
	struct err e;
	if (item_load(ch->txn, ch->arena, slice_str(run_skus[i]), &item, &e) != 1) {
		run_differs(r, "%s cannot be read", run_skus[i]);
		return;
	}
	same(r, run_skus[i], "received", item->received, m->received);
	same(r, run_skus[i], "shipped", item->shipped, m->shipped);
	same(r, run_skus[i], "restocked", item->restocked, m->restocked);
	same(r, run_skus[i], "written_off", item->written_off, m->written_off);
	same(r, run_skus[i], "reserved", item->reserved, m->reserved);
	same(r, run_skus[i], "on_hand", item->on_hand,
	     m->received - m->shipped + m->restocked - m->written_off);
}

static int64_t count_queued(const struct model *m)
{
	int64_t queued = 0;
	for (int i = 0; i < m->n; i++)
		for (int k = 0; k < m->orders[i].n; k++)
			queued += model_queued(&m->orders[i], &m->orders[i].lines[k]);
	return queued;
}

static const struct model_line *line_of(const struct model_order *o, const Rec__Line *line)
{
	for (int k = 0; k < o->n; k++)
		if (o->lines[k].number == line->number && o->lines[k].split == line->split)
			return &o->lines[k];
	return NULL;
}

/* The lines that are in it, and their order: urgent first, then first come. */
static void compare_queue(struct run *r, struct change *ch)
{
	const struct model_line *last = NULL;
	struct dispatch_list list;
	struct err e;
	bool urgent = true;
	if (dispatch_list(ch, 1000, &list, &e) < 0)
		run_differs(r, "the queue cannot be read: %s", e.text);
	same(r, "the dispatch queue", "length", (int64_t)list.n, count_queued(r->model));
	for (size_t i = 0; i < list.n && !r->why[0]; i++) {
		const struct model_order *o = run_order(r, list.items[i].order);
		const struct model_line *l = line_of(o, list.items[i].line);
		bool before = last && o->urgent == urgent && l && l->asked < last->asked;
		if (!l || !model_queued(o, l) || (o->urgent && !urgent) || before)
			run_differs(r, "row %zu of the dispatch queue is wrong", i);
		urgent = o->urgent;
		last = l;
	}
}

int run_compare(struct txn *txn, void *ctx, struct err *e)
{
	struct run *r = ctx;
	struct change ch;
	(void)e;
	run_begin(r, &ch, txn);
	for (int i = 0; i < r->model->n && !r->why[0]; i++)
		compare_order(r, &ch, i);
	for (int i = 0; i < MODEL_SKUS && !r->why[0]; i++)
		compare_item(r, &ch, i);
	if (!r->why[0])
		compare_queue(r, &ch);
	return 1;
}
