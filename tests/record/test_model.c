/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "invariants.h"
#include "model.h"
#include "record/customer_edit.h"
#include "record/dispatch.h"
#include "record/item.h"
#include "record/item_stock.h"
#include "record/order_daily.h"
#include "record/order_edit.h"
#include "record/order_money.h"
#include "record/shop_table.h"
#include "record/verify.h"

/*
 * Random commands against the model (RECORD.md 3): MODEL_STEPS and MODEL_SEED
 * of the environment say how many and which.  Each run is a new store; where
 * record and model disagree the run is repeated with fewer and fewer commands,
 * and what is left is printed.
 */
#define RUN_STEPS 500
#define STEPS_DEFAULT 2000
#define STEPS_ALL 20000 /* in so many everything happens */
#define REPLAYS_MAX 400
#define DAY 86400
#define FIRST 10001

struct run {
	struct model *model;
	struct fixture *f;
	struct model_action *actions;
	size_t n, allowed;
	size_t done[ACT_COUNT], moved[LINE_EVENT_COUNT];
	uint64_t random;
	const struct model_action *action; /* at hand */
	char why[1000];			   /* they disagree; empty: they do not */
};

static const char *const skus[MODEL_SKUS] = {"CUP", "POT", "TEA"};

static uint64_t id_of(int order)
{
	return FIRST + (uint64_t)order;
}

/* ---- the world ---- */

static void put_row(struct change *ch, ProtobufCMessage *row)
{
	struct err e;
	if (shop_row_save(ch, row, &e) < 0)
		fail_msg("%s", e.text);
}

static ProtobufCMessage *new_row(struct change *ch, enum shop_table table, const char *name)
{
	ProtobufCMessage *row;
	struct err e;
	if (shop_row_new(ch->arena, table, slice_str(name), &row, &e) < 0)
		fail_msg("%s", e.text);
	return row;
}

static void make_world(struct change *ch)
{
	ch->agent = 0;
	fixture_import(ch, "{\"type\":\"shop\",\"id\":1,\"name\":\"Demo\",\"address\":"
			   "\"a@shop.example\",\"language\":\"en\",\"currency\":\"EUR\","
			   "\"time_zone\":\"UTC\",\"provider\":\"fulfil\"}\n");
	for (int i = 0; i < MODEL_TYPES; i++) {
		Rec__PaymentType *type = (Rec__PaymentType *)new_row(ch, SHOP_TABLE_PAYMENT_TYPE,
								     model_types[i].name);
		type->orderline_status = model_types[i].status;
		type->hal_cancel_days = model_types[i].cancel_days;
		type->reservation = model_types[i].reservation;
		type->card = model_types[i].card;
		put_row(ch, &type->base);
	}
	put_row(ch, new_row(ch, SHOP_TABLE_TERMS, "month"));
	Rec__Terms *prepay = (Rec__Terms *)new_row(ch, SHOP_TABLE_TERMS, "prepay");
	prepay->prepay = true;
	put_row(ch, &prepay->base);
	for (int i = 0; i < MODEL_CUSTOMERS; i++)
		fixture_import(ch, arena_printf(ch->arena,
						"{\"type\":\"customer\",\"name\":\"C%d\",\"shop\":"
						"1,\"terms\":\"%s\",\"currency\":\"EUR\"}\n",
						i, model_terms[i]));
	for (int i = 0; i < MODEL_SKUS; i++)
		fixture_import(ch, arena_printf(ch->arena,
						"{\"type\":\"item\",\"sku\":\"%s\",\"price\":%d,"
						"\"currency\":\"EUR\",\"vat_category\":\"S\","
						"\"vat_rate\":%d}\n",
						skus[i], MODEL_PRICE, MODEL_RATE));
}

/* ---- invoices and payments, as the model has them ---- */

static const struct model_order *order_of(void *ctx, const Rec__Order *order)
{
	return &((const struct run *)ctx)->model->orders[order->id - FIRST];
}

static int say_cover(struct change *ch, void *ctx, const Rec__Order *order, int64_t *amount,
		     struct err *e)
{
	(void)ch;
	(void)e;
	*amount = order_of(ctx, order)->cover;
	return 1;
}

static int say_invoiced(struct change *ch, void *ctx, const Rec__Order *order,
			const Rec__Line *line, struct err *e)
{
	(void)ch;
	(void)e;
	return model_invoiced(order_of(ctx, order), line->state);
}

static int say_credited(struct change *ch, void *ctx, const Rec__Order *order,
			const Rec__Line *line, struct err *e)
{
	(void)ch;
	(void)e;
	(void)line;
	return order_of(ctx, order)->credited;
}

static int say_referred(struct change *ch, void *ctx, const Rec__Order *order, struct err *e)
{
	(void)ch;
	(void)e;
	return order_of(ctx, order)->referred;
}

static void begin(struct run *r, struct change *ch, struct txn *txn)
{
	arena_clear(r->f->arena);
	change_init(ch, txn, r->f->arena, r->model->now);
	struct order_money *money = ARENA_NEW(ch->arena, struct order_money);
	*money = (struct order_money){.ctx = r,
				      .cover = say_cover,
				      .invoiced = say_invoiced,
				      .credited = say_credited,
				      .referred = say_referred};
	ch->money = money;
}

/* ---- the same commands, done by the record ---- */

struct doing {
	struct change *ch;
	const struct model_action *a;
	const Rec__Order *order;
	struct order_step step;
};

typedef int do_fn(struct doing *d, struct err *e);

static int check_step(struct doing *d, struct err *e)
{
	return order_step_check(d->ch, d->order, &d->step, e);
}

static int do_step(struct doing *d, struct err *e)
{
	return order_step(d->ch, &d->step, NULL, e);
}

static struct order_wish wish_of(const struct doing *d)
{
	return (struct order_wish){.customer = id_of(d->a->customer),
				   .payment_type = slice_str(model_types[d->a->choice].name)};
}

static int check_new(struct doing *d, struct err *e)
{
	struct order_wish wish = wish_of(d);
	return order_new_check(d->ch, &wish, e);
}

static int do_new(struct doing *d, struct err *e)
{
	struct order_wish wish = wish_of(d);
	Rec__Order *order;
	return order_new(d->ch, &wish, &order, e);
}

static struct order_adding adding_of(const struct doing *d, struct order_ware *ware)
{
	*ware = (struct order_ware){slice_str(skus[d->a->sku]), d->a->n};
	return (struct order_adding){id_of(d->a->order), ware, 1, d->a->flag};
}

static int check_add(struct doing *d, struct err *e)
{
	struct order_ware ware;
	struct order_adding adding = adding_of(d, &ware);
	return order_add_check(d->ch, d->order, &adding, e);
}

static int do_add(struct doing *d, struct err *e)
{
	struct order_ware ware;
	struct order_adding adding = adding_of(d, &ware);
	return order_add(d->ch, &adding, e);
}

static int check_reserve(struct doing *d, struct err *e)
{
	return order_reserve_check(d->ch, d->order, &d->step, e);
}

static int do_reserve(struct doing *d, struct err *e)
{
	int64_t pieces;
	return order_reserve(d->ch, &d->step, &pieces, e);
}

static int check_unreserve(struct doing *d, struct err *e)
{
	return order_unreserve_check(d->ch, d->order, &d->step, e);
}

static int do_unreserve(struct doing *d, struct err *e)
{
	int64_t pieces;
	return order_unreserve(d->ch, &d->step, &pieces, e);
}

static int check_ship(struct doing *d, struct err *e)
{
	return order_ship_check(d->ch, d->order, &d->step, e);
}

static int do_ship(struct doing *d, struct err *e)
{
	struct order_report report;
	return order_ship(d->ch, &d->step, &report, e);
}

static int check_ship_now(struct doing *d, struct err *e)
{
	return d->a->flag ? 1 : order_ship_now_check(d->ch, d->order, e);
}

static int do_ship_now(struct doing *d, struct err *e)
{
	struct order_report report;
	return order_ship_now(d->ch, &d->step, d->a->flag, &report, e);
}

static int do_cancel(struct doing *d, struct err *e)
{
	return order_cancel(d->ch, &d->step, NULL, e);
}

static int check_replace(struct doing *d, struct err *e)
{
	return order_replace_check(d->ch, d->order, &d->step, e);
}

static int do_replace(struct doing *d, struct err *e)
{
	Rec__Order *replacement;
	return order_replace(d->ch, &d->step, &replacement, e);
}

static int check_merge(struct doing *d, struct err *e)
{
	uint64_t orders[] = {id_of(d->a->order), id_of(d->a->other)};
	struct order_merge merge = {.orders = orders, .n = 2, .reason = SLICE("")};
	return order_merge_check(d->ch, &merge, e);
}

static int do_merge(struct doing *d, struct err *e)
{
	uint64_t orders[] = {id_of(d->a->order), id_of(d->a->other)};
	struct order_merge merge = {.orders = orders, .n = 2, .reason = SLICE("")};
	return order_merge(d->ch, &merge, e);
}

static int check_delete(struct doing *d, struct err *e)
{
	return order_delete_check(d->ch, d->order, e);
}

static int do_delete(struct doing *d, struct err *e)
{
	return order_delete(d->ch, d->step.order, SLICE(""), e);
}

static int check_urgent(struct doing *d, struct err *e)
{
	return order_urgent_check(d->order, d->a->flag, e);
}

static int do_urgent(struct doing *d, struct err *e)
{
	return order_urgent(d->ch, d->step.order, d->a->flag, e);
}

static struct slice list_name(const struct doing *d)
{
	return d->a->flag ? SLICE("L1") : SLICE("");
}

static int check_picklist(struct doing *d, struct err *e)
{
	return order_picklist_check(d->ch, d->order, &d->step, list_name(d), e);
}

static int do_picklist(struct doing *d, struct err *e)
{
	return order_picklist(d->ch, &d->step, list_name(d), e);
}

static struct order_field field_of(const struct doing *d)
{
	static const struct {
		const char *name;
		bool line, amount;
	} fields[ACT_COUNT] = {[ACT_QUANTITY] = {"qty", true, false},
			       [ACT_PRICE] = {"price", true, true},
			       [ACT_LINE_DISCOUNT] = {"discount", true, true},
			       [ACT_SHIPPING] = {"shipping", false, true},
			       [ACT_VOUCHER] = {"voucher", false, true},
			       [ACT_DISCOUNT] = {"discount", false, true}};
	const struct model_action *a = d->a;
	int64_t n = a->n;
	char *value = fields[a->act].amount
			      ? arena_printf(d->ch->arena, "%s%lld.%02lld", n < 0 ? "-" : "",
					     llabs(n) / 100, llabs(n) % 100)
			      : arena_printf(d->ch->arena, "%lld", (long long)n);
	struct order_field field = {.name = slice_str(fields[a->act].name),
				    .value = slice_str(value)};
	if (fields[a->act].line) {
		field.line = a->parts[0].line;
		field.split = a->parts[0].split;
	}
	return field;
}

static int check_field(struct doing *d, struct err *e)
{
	struct order_field field = field_of(d);
	return order_set_check(d->ch, d->order, &field, 1, e);
}

static int do_field(struct doing *d, struct err *e)
{
	struct order_field field = field_of(d);
	return order_set(d->ch, d->step.order, &field, 1, e);
}

static int do_comment(struct doing *d, struct err *e)
{
	return order_comment(d->ch, d->step.order, SLICE("hello"), e);
}

static int na_item(struct doing *d, bool apply, struct err *e)
{
	struct order_na na = {slice_str(skus[d->a->sku]), SLICE(""), apply};
	struct buf out;
	size_t lines;
	buf_init(&out, 1 << 16);
	int got = order_na_item(d->ch, &na, &out, &lines, e);
	buf_release(&out);
	return got;
}

static int check_na_item(struct doing *d, struct err *e)
{
	return na_item(d, false, e);
}

static int do_na_item(struct doing *d, struct err *e)
{
	return na_item(d, true, e);
}

static int do_customer(struct doing *d, struct err *e)
{
	static const enum customer_step steps[][2] = {{CUSTOMER_UNLOCK, CUSTOMER_LOCK},
						      {CUSTOMER_UNBLACKLIST, CUSTOMER_BLACKLIST},
						      {CUSTOMER_ACTIVATE, CUSTOMER_DEACTIVATE}};
	return customer_step(d->ch, id_of(d->a->customer), steps[d->a->choice][d->a->flag],
			     SLICE("why"), e);
}

static int do_stock(struct doing *d, struct err *e)
{
	struct item_adjustment adjustment = {.reason = SLICE("counted")};
	struct slice sku = slice_str(skus[d->a->sku]);
	Rec__Item *item;
	int64_t pieces;
	*(d->a->act == ACT_RECEIVE   ? &adjustment.receive
	  : d->a->act == ACT_RESTOCK ? &adjustment.restock
				     : &adjustment.write_off) = d->a->n;
	if (item_adjust(d->ch, sku, &adjustment, &item, e) < 0)
		return -1;
	return order_allocate_item(d->ch, sku, &pieces, e);
}

static int do_nothing(struct doing *d, struct err *e)
{
	(void)d;
	(void)e;
	return 1;
}

static int do_clock(struct doing *d, struct err *e)
{
	int got;
	while ((got = order_daily(d->ch, 3, e)) > 0)
		;
	return got < 0 ? -1 : 1;
}

static const struct {
	const char *name;
	do_fn *check, *act; /* without a check of its own the act is the check */
} doors[ACT_COUNT] = {
	[ACT_STEP] = {"step", check_step, do_step},
	[ACT_NEW_ORDER] = {"new order", check_new, do_new},
	[ACT_ADD] = {"add", check_add, do_add},
	[ACT_RESERVE] = {"reserve", check_reserve, do_reserve},
	[ACT_UNRESERVE] = {"unreserve", check_unreserve, do_unreserve},
	[ACT_SHIP] = {"ship", check_ship, do_ship},
	[ACT_SHIP_NOW] = {"ship now", check_ship_now, do_ship_now},
	[ACT_CANCEL] = {"cancel", NULL, do_cancel},
	[ACT_REPLACE] = {"replace", check_replace, do_replace},
	[ACT_MERGE] = {"merge", check_merge, do_merge},
	[ACT_DELETE] = {"delete", check_delete, do_delete},
	[ACT_URGENT] = {"urgent", check_urgent, do_urgent},
	[ACT_PICKLIST] = {"picklist", check_picklist, do_picklist},
	[ACT_QUANTITY] = {"quantity", check_field, do_field},
	[ACT_PRICE] = {"price", check_field, do_field},
	[ACT_LINE_DISCOUNT] = {"discount of a line", check_field, do_field},
	[ACT_SHIPPING] = {"shipping", check_field, do_field},
	[ACT_VOUCHER] = {"voucher", check_field, do_field},
	[ACT_DISCOUNT] = {"discount", check_field, do_field},
	[ACT_COMMENT] = {"comment", NULL, do_comment},
	[ACT_NA_ITEM] = {"item not available", check_na_item, do_na_item},
	[ACT_CUSTOMER] = {"customer", NULL, do_customer},
	[ACT_RECEIVE] = {"receive", NULL, do_stock},
	[ACT_RESTOCK] = {"restock", NULL, do_stock},
	[ACT_WRITE_OFF] = {"write off", NULL, do_stock},
	[ACT_MONEY] = {"money", NULL, do_nothing},
	[ACT_CLOCK] = {"clock", NULL, do_clock},
};

static void prepare(struct doing *d, struct change *ch, const struct model_action *a)
{
	struct err e;
	Rec__Order *order;
	*d = (struct doing){.ch = ch, .a = a};
	d->step = (struct order_step){.order = id_of(a->order),
				      .event = a->event,
				      .parts = a->parts,
				      .n_parts = a->n_parts,
				      .reason = SLICE(""),
				      .carrier = SLICE(""),
				      .tracking = SLICE("")};
	if (order_load(ch->txn, ch->arena, id_of(a->order), &order, &e) > 0)
		d->order = order;
}

static int run_check(struct txn *txn, void *ctx, struct err *e)
{
	struct run *r = ctx;
	struct change ch;
	struct doing d;
	begin(r, &ch, txn);
	prepare(&d, &ch, r->action);
	return doors[r->action->act].check(&d, e);
}

static int run_act(struct txn *txn, void *ctx, struct err *e)
{
	struct run *r = ctx;
	struct change ch;
	struct doing d;
	begin(r, &ch, txn);
	prepare(&d, &ch, r->action);
	return doors[r->action->act].act(&d, e);
}

/* ---- comparing ---- */

static void __attribute__((format(printf, 2, 3))) differs(struct run *r, const char *format, ...)
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
		differs(r, "%s of %s is %lld in the record and %lld in the model", name, what,
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
	same(r, what, "item", strcmp(line->sku, skus[l->sku]), 0);
}

static void compare_order(struct run *r, struct change *ch, int i)
{
	const struct model_order *o = &r->model->orders[i];
	const char *what = arena_printf(ch->arena, "O%llu", (unsigned long long)id_of(i));
	struct order_totals totals;
	Rec__Order *order;
	int64_t vat;
	struct err e;
	if (order_load(ch->txn, ch->arena, id_of(i), &order, &e) != 1 ||
	    order_totals(order, &totals, &e) < 0) {
		differs(r, "%s cannot be read", what);
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
	if (item_load(ch->txn, ch->arena, slice_str(skus[i]), &item, &e) != 1) {
		differs(r, "%s cannot be read", skus[i]);
		return;
	}
	same(r, skus[i], "received", item->received, m->received);
	same(r, skus[i], "shipped", item->shipped, m->shipped);
	same(r, skus[i], "restocked", item->restocked, m->restocked);
	same(r, skus[i], "written_off", item->written_off, m->written_off);
	same(r, skus[i], "reserved", item->reserved, m->reserved);
	same(r, skus[i], "on_hand", item->on_hand,
	     m->received - m->shipped + m->restocked - m->written_off);
}

/* The lines that are in it, and their order: urgent first, then first come. */
static void compare_queue(struct run *r, struct change *ch)
{
	const struct model_line *last = NULL;
	struct dispatch_list list;
	struct err e;
	int64_t queued = 0;
	bool urgent = true;
	for (int i = 0; i < r->model->n; i++)
		for (int k = 0; k < r->model->orders[i].n; k++)
			queued += model_queued(&r->model->orders[i], &r->model->orders[i].lines[k]);
	if (dispatch_list(ch, 1000, &list, &e) < 0)
		differs(r, "the queue cannot be read: %s", e.text);
	same(r, "the dispatch queue", "length", (int64_t)list.n, queued);
	for (size_t i = 0; i < list.n && !r->why[0]; i++) {
		const struct dispatch_row *row = &list.items[i];
		const struct model_order *o = order_of(r, row->order);
		const struct model_line *l = NULL;
		for (int k = 0; k < o->n; k++)
			if (o->lines[k].number == row->line->number &&
			    o->lines[k].split == row->line->split)
				l = &o->lines[k];
		if (!l || !model_queued(o, l) || (o->urgent && !urgent) ||
		    (last && o->urgent == urgent && l->asked < last->asked))
			differs(r, "row %zu of the dispatch queue is wrong", i);
		urgent = o->urgent;
		last = l;
	}
}

static int compare(struct txn *txn, void *ctx, struct err *e)
{
	struct run *r = ctx;
	struct change ch;
	(void)e;
	begin(r, &ch, txn);
	for (int i = 0; i < r->model->n && !r->why[0]; i++)
		compare_order(r, &ch, i);
	for (int i = 0; i < MODEL_SKUS && !r->why[0]; i++)
		compare_item(r, &ch, i);
	if (!r->why[0])
		compare_queue(r, &ch);
	return 1;
}

/* ---- one command ---- */

/* What an action with fewer before it still means something for. */
static bool possible(const struct model *m, const struct model_action *a)
{
	bool makes = a->act == ACT_NEW_ORDER || a->act == ACT_REPLACE;
	bool none = a->act == ACT_NEW_ORDER || a->act == ACT_CUSTOMER || a->act == ACT_CLOCK ||
		    (a->act >= ACT_NA_ITEM && a->act <= ACT_WRITE_OFF);
	bool grows = a->act != ACT_MONEY && a->act != ACT_URGENT && a->act != ACT_DELETE;
	if (makes && m->n == MODEL_ORDERS)
		return false;
	if (none)
		return true;
	/* Without a line it is a field of the order. */
	if (doors[a->act].check == check_field && a->act < ACT_SHIPPING && !a->n_parts)
		return false;
	return a->order < m->n && a->other < m->n &&
	       (!grows || m->orders[a->order].n <= MODEL_FULL) &&
	       (a->act != ACT_MERGE || m->orders[a->other].n <= MODEL_FULL);
}

static void do_action(struct run *r, const struct model_action *a)
{
	struct err checked = {.class = ERR_NONE}, done = {.class = ERR_NONE}, e;
	struct model before = *r->model;
	bool may = true;
	r->action = a;
	if (a->act == ACT_CLOCK)
		r->model->now += a->n;
	r->model->now++;
	before.now++;
	if (doors[a->act].check)
		may = store_run(r->f->store, STORE_SCAN, run_check, r, &checked) >= 0;
	bool did = store_run(r->f->store, STORE_DEFERRED, run_act, r, &done) >= 0;
	*r->model = before;
	bool should = model_do(r->model, a);
	r->allowed += did;
	r->done[a->act] += did;
	r->moved[a->event] += did && a->act == ACT_STEP;
	if (did != should)
		differs(r, "it was %s and should be %s: %s", did ? "done" : "refused",
			should ? "done" : "refused", did ? "" : done.text);
	if (did != may && doors[a->act].check && !(a->act == ACT_SHIP_NOW && a->flag))
		differs(r, "its check said %s, and it was %s: %s%s", may ? "yes" : "no",
			did ? "done" : "refused", checked.text, done.text);
	if (!did && done.class != ERR_INPUT)
		differs(r, "it failed: %s", done.text);
	if (!r->why[0] && store_run(r->f->store, STORE_SCAN, compare, r, &e) < 0)
		differs(r, "they cannot be compared: %s", e.text);
}

/* ---- which commands ---- */

/* splitmix64 */
static uint64_t next(struct run *r)
{
	uint64_t z = r->random += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static int below(struct run *r, int n)
{
	return (int)(next(r) % (uint64_t)n);
}

static const struct {
	enum model_act act;
	int weight;
} weights[] = {
	{ACT_STEP, 400},    {ACT_NEW_ORDER, 12}, {ACT_ADD, 50},	     {ACT_RESERVE, 30},
	{ACT_UNRESERVE, 8}, {ACT_SHIP, 60},	 {ACT_SHIP_NOW, 30}, {ACT_CANCEL, 6},
	{ACT_REPLACE, 60},  {ACT_MERGE, 80},	 {ACT_DELETE, 3},    {ACT_URGENT, 8},
	{ACT_PICKLIST, 15}, {ACT_QUANTITY, 15},	 {ACT_PRICE, 5},     {ACT_LINE_DISCOUNT, 8},
	{ACT_SHIPPING, 4},  {ACT_VOUCHER, 4},	 {ACT_DISCOUNT, 4},  {ACT_COMMENT, 3},
	{ACT_NA_ITEM, 1},   {ACT_CUSTOMER, 8},	 {ACT_RECEIVE, 10},  {ACT_RESTOCK, 3},
	{ACT_WRITE_OFF, 4}, {ACT_MONEY, 40},	 {ACT_CLOCK, 12},
};

static enum model_act some_act(struct run *r)
{
	int sum = 0, at;
	for (size_t i = 0; i < sizeof(weights) / sizeof(weights[0]); i++)
		sum += weights[i].weight;
	at = below(r, sum);
	for (size_t i = 0;; i++)
		if ((at -= weights[i].weight) < 0)
			return weights[i].act;
}

/* Mostly what the state of one of its lines allows, sometimes anything. */
static void some_event(struct run *r, struct model_action *a)
{
	const struct model_order *o = &r->model->orders[a->order];
	const struct model_line *l = o->n ? &o->lines[below(r, o->n)] : NULL;
	a->event = (enum line_event)below(r, LINE_EVENT_COUNT);
	for (int i = 0; l && i < 40 && below(r, 50) && !line_targets(l->state, a->event); i++)
		a->event = (enum line_event)below(r, LINE_EVENT_COUNT);
}

static void some_parts(struct run *r, struct model_action *a)
{
	const struct model_order *o = &r->model->orders[a->order];
	static const size_t counts[] = {0, 0, 0, 1, 1, 1, 2, MODEL_PARTS};
	a->n_parts = counts[below(r, 8)];
	for (size_t i = 0; i < a->n_parts; i++) {
		struct order_part *part = &a->parts[i];
		const struct model_line *l = &o->lines[below(r, o->n ? o->n : 1)];
		*part = (struct order_part){l->number, l->split, 0};
		if (!below(r, 30) || !part->line)
			part->line += 1 + (uint32_t)below(r, 3);
		if (below(r, 2))
			part->quantity = 1 + below(r, (int)(l->quantity > 0 ? l->quantity : 1) + 1);
	}
}

static bool alike(const struct model *m, const struct model_action *a)
{
	const struct model_order *o = &m->orders[a->order], *other = &m->orders[a->other];
	return a->order != a->other && o->customer == other->customer && o->type == other->type &&
	       o->n && other->n && o->lines[0].state == other->lines[0].state;
}

static struct model_action any_action(struct run *r)
{
	struct model_action a = {.act = some_act(r)};
	int n = r->model->n;
	/* New ones are more alive than old ones. */
	a.order = n ? n - 1 - below(r, 1 + below(r, n)) : 0;
	a.other = n ? n - 1 - below(r, 1 + below(r, n)) : 0;
	a.customer = below(r, MODEL_CUSTOMERS);
	a.sku = below(r, MODEL_SKUS);
	a.flag = below(r, 2);
	a.choice = below(r, 5);
	a.n = below(r, 6) + (below(r, 10) ? 0 : 5);
	if (a.act == ACT_STEP)
		some_event(r, &a);
	for (int i = 0; a.act == ACT_MERGE && i < 50 && !alike(r->model, &a); i++) {
		a.order = below(r, n ? n : 1);
		a.other = below(r, n ? n : 1);
	}
	if (n)
		some_parts(r, &a);
	if (a.act == ACT_NEW_ORDER)
		a.choice = below(r, MODEL_TYPES);
	/* Orders that can be merged have to be alike. */
	if (a.act == ACT_NEW_ORDER && n && below(r, 2)) {
		a.customer = r->model->orders[a.other].customer;
		a.choice = r->model->orders[a.other].type;
	}
	if (a.act == ACT_CUSTOMER) {
		a.choice = below(r, 3);
		a.flag = !below(r, 5);
	}
	if (a.act >= ACT_PRICE && a.act <= ACT_DISCOUNT)
		a.n = below(r, 5) ? below(r, 700) : below(r, 20000);
	/* By far the most are on an invoice when they are sent, and not before. */
	if (a.act == ACT_MONEY && a.choice < 4)
		a.flag = a.choice == 0	 ? below(r, 10) > 0
			 : a.choice == 2 ? below(r, 2)
					 : !below(r, 4);
	if (a.act == ACT_CLOCK)
		a.n = below(r, 3) ? below(r, 2 * DAY) : below(r, 20 * DAY);
	return a;
}

/* What the model would do is taken more often than what it would not: states lie deep. */
static struct model_action some_action(struct run *r)
{
	static struct model copy;
	struct model_action a = any_action(r);
	for (int tries = below(r, 12); tries > 0; tries--) {
		copy = *r->model;
		if (possible(&copy, &a) && a.event != LINE_REMOVE && model_do(&copy, &a))
			break;
		a = any_action(r);
	}
	return a;
}

/* ---- runs ---- */

static void print_action(const struct model_action *a)
{
	print_message("#   %s", doors[a->act].name);
	if (a->act == ACT_STEP)
		print_message(" \"%s\"", line_event_name(a->event));
	print_message(" O%llu", (unsigned long long)id_of(a->order));
	if (a->act == ACT_MERGE)
		print_message(" O%llu", (unsigned long long)id_of(a->other));
	for (size_t i = 0; i < a->n_parts; i++)
		print_message(" %lldx/%u.%u", (long long)a->parts[i].quantity, a->parts[i].line,
			      a->parts[i].split);
	print_message("; C%llu %s n=%lld choice=%d %s\n", (unsigned long long)id_of(a->customer),
		      skus[a->sku], (long long)a->n, a->choice, a->flag ? "yes" : "no");
}

static void found(void *ctx, const char *finding)
{
	differs(ctx, "fsck: %s", finding);
}

static void begin_run(struct run *r)
{
	void *state;
	fixture_setup_empty(&state);
	r->f = state;
	r->why[0] = '\0';
	fixture_do(r->f, make_world);
	*r->model = (struct model){.now = FIXTURE_NOW, .daily = -1};
}

static void end_run(struct run *r)
{
	void *state = r->f;
	struct err e;
	if (!r->why[0] && record_verify(r->f->store, found, r, &e) < 0)
		differs(r, "fsck failed: %s", e.text);
	fixture_teardown(&state);
}

/* The first n of the actions, but those from..below; true when they agree. */
static bool replay(struct run *r, size_t from, size_t until)
{
	begin_run(r);
	for (size_t i = 0; i < r->n && !r->why[0]; i++)
		if ((i < from || i >= until) && possible(r->model, &r->actions[i]))
			do_action(r, &r->actions[i]);
	end_run(r);
	return !r->why[0];
}

/* Without half of them, without a quarter …: as long as they still disagree. */
static void shrink(struct run *r)
{
	int left = REPLAYS_MAX;
	for (size_t size = r->n / 2; size > 0; size /= 2)
		for (size_t at = 0; at < r->n && left > 0; left--) {
			size_t until = at + size < r->n ? at + size : r->n;
			if (replay(r, at, until)) {
				at = until;
				continue;
			}
			memmove(&r->actions[at], &r->actions[until],
				(r->n - until) * sizeof(r->actions[0]));
			r->n -= until - at;
		}
	replay(r, 0, 0);
}

static bool one_run(struct run *r, size_t steps)
{
	begin_run(r);
	for (r->n = 0; r->n < steps && !r->why[0];) {
		struct model_action a = some_action(r);
		if (!possible(r->model, &a))
			continue;
		r->actions[r->n++] = a;
		do_action(r, &a);
	}
	end_run(r);
	return !r->why[0];
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	uint64_t n;
	return text && slice_u64(slice_str(text), &n) ? n : otherwise;
}

/* Long enough, and everything that can be done was; the clock comes before whoever would cancel. */
static void everything_done(const struct run *r)
{
	for (int i = 0; i < ACT_COUNT; i++)
		if (!r->done[i])
			fail_msg("\"%s\" was never done", doors[i].name);
	for (int i = 0; i < LINE_EVENT_COUNT; i++)
		if (!r->moved[i] && i != LINE_IMPORT && i != LINE_ADD && i != LINE_REPLACE &&
		    i != LINE_AUTOCANCEL)
			fail_msg("\"%s\" was never done", line_event_name((enum line_event)i));
}

/* RECORD.md 3.12 to 3.25 */
static void test_model(void **state)
{
	uint64_t seed = number_from("MODEL_SEED", 1), steps;
	uint64_t wanted = number_from("MODEL_STEPS", STEPS_DEFAULT);
	struct model model;
	struct run r = {.model = &model};
	(void)state;
	r.actions = calloc(RUN_STEPS, sizeof(*r.actions));
	assert_non_null(r.actions);
	for (steps = 0; steps < wanted; seed++) {
		size_t now = wanted - steps < RUN_STEPS ? (size_t)(wanted - steps) : RUN_STEPS;
		r.random = seed;
		if (!one_run(&r, now)) {
			print_message("# seed %llu, step %zu: %s\n", (unsigned long long)seed, r.n,
				      r.why);
			shrink(&r);
			print_message("# the same with %zu commands: %s\n", r.n, r.why);
			for (size_t i = 0; i < r.n; i++)
				print_action(&r.actions[i]);
			break;
		}
		steps += now;
	}
	print_message("# %llu steps, %zu of them allowed\n", (unsigned long long)steps, r.allowed);
	free(r.actions);
	assert_true(steps >= wanted);
	if (wanted >= STEPS_ALL)
		everything_done(&r);
}

int run_model_tests(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_model)};
	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
