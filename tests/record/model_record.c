/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "model_run.h"
#include "record/customer_edit.h"
#include "record/dispatch.h"
#include "record/item.h"
#include "record/item_stock.h"
#include "record/order_daily.h"
#include "record/order_edit.h"
#include "record/order_money.h"
#include "record/shop_table.h"

const char *const run_skus[MODEL_SKUS] = {"CUP", "POT", "TEA"};

uint64_t run_id(int order)
{
	return RUN_FIRST + (uint64_t)order;
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

void run_make_world(struct change *ch)
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
						run_skus[i], MODEL_PRICE, MODEL_RATE));
}

/* ---- invoices and payments, as the model has them ---- */

const struct model_order *run_order(const struct run *r, const Rec__Order *order)
{
	return &r->model->orders[order->id - RUN_FIRST];
}

static int say_cover(struct change *ch, void *ctx, const Rec__Order *order, int64_t *amount,
		     struct err *e)
{
	(void)ch;
	(void)e;
	*amount = run_order(ctx, order)->cover;
	return 1;
}

static int say_invoiced(struct change *ch, void *ctx, const Rec__Order *order,
			const Rec__Line *line, struct err *e)
{
	(void)ch;
	(void)e;
	return model_invoiced(run_order(ctx, order), line->state);
}

static int say_credited(struct change *ch, void *ctx, const Rec__Order *order,
			const Rec__Line *line, struct err *e)
{
	(void)ch;
	(void)e;
	(void)line;
	return run_order(ctx, order)->credited;
}

static int say_referred(struct change *ch, void *ctx, const Rec__Order *order, struct err *e)
{
	(void)ch;
	(void)e;
	return run_order(ctx, order)->referred;
}

void run_begin(struct run *r, struct change *ch, struct txn *txn)
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
	return (struct order_wish){.customer = run_id(d->a->customer),
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
	*ware = (struct order_ware){slice_str(run_skus[d->a->sku]), d->a->n};
	return (struct order_adding){run_id(d->a->order), ware, 1, d->a->flag};
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
	uint64_t orders[] = {run_id(d->a->order), run_id(d->a->other)};
	struct order_merge merge = {.orders = orders, .n = 2, .reason = SLICE("")};
	return order_merge_check(d->ch, &merge, e);
}

static int do_merge(struct doing *d, struct err *e)
{
	uint64_t orders[] = {run_id(d->a->order), run_id(d->a->other)};
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
	struct order_na na = {slice_str(run_skus[d->a->sku]), SLICE(""), apply};
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
	return customer_step(d->ch, run_id(d->a->customer), steps[d->a->choice][d->a->flag],
			     SLICE("why"), e);
}

static int do_stock(struct doing *d, struct err *e)
{
	struct item_adjustment adjustment = {.reason = SLICE("counted")};
	struct slice sku = slice_str(run_skus[d->a->sku]);
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
	d->step = (struct order_step){.order = run_id(a->order),
				      .event = a->event,
				      .parts = a->parts,
				      .n_parts = a->n_parts,
				      .reason = SLICE(""),
				      .carrier = SLICE(""),
				      .tracking = SLICE("")};
	if (order_load(ch->txn, ch->arena, run_id(a->order), &order, &e) > 0)
		d->order = order;
}

int run_check(struct txn *txn, void *ctx, struct err *e)
{
	struct run *r = ctx;
	struct change ch;
	struct doing d;
	run_begin(r, &ch, txn);
	prepare(&d, &ch, r->action);
	return doors[r->action->act].check(&d, e);
}

int run_act(struct txn *txn, void *ctx, struct err *e)
{
	struct run *r = ctx;
	struct change ch;
	struct doing d;
	run_begin(r, &ch, txn);
	prepare(&d, &ch, r->action);
	return doors[r->action->act].act(&d, e);
}

bool run_has_check(enum model_act act)
{
	return doors[act].check != NULL;
}

bool run_of_line(enum model_act act)
{
	return act == ACT_QUANTITY || act == ACT_PRICE || act == ACT_LINE_DISCOUNT;
}

const char *run_name(enum model_act act)
{
	return doors[act].name;
}
