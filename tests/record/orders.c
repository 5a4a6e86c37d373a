/* SPDX-License-Identifier: ISC */
#include "orders.h"

#include <stdio.h>
#include <stdlib.h>

#include "record/item.h"
#include "record/item_stock.h"
#include "record/shop_table.h"

/* ---- the door ---- */

static int said_cover(struct change *ch, void *ctx, const Rec__Order *order, int64_t *amount,
		      struct err *e)
{
	(void)ch;
	(void)order;
	(void)e;
	*amount = ((struct money_said *)ctx)->cover;
	return 1;
}

static int said_owed(struct change *ch, void *ctx, const Rec__Order *order, int64_t *amount,
		     struct err *e)
{
	(void)ch;
	(void)order;
	(void)e;
	*amount = ((struct money_said *)ctx)->owed;
	return 1;
}

static int said_invoiced(struct change *ch, void *ctx, const Rec__Order *order,
			 const Rec__Line *line, struct err *e)
{
	(void)ch;
	(void)order;
	(void)line;
	(void)e;
	return ((struct money_said *)ctx)->invoiced;
}

static int said_credited(struct change *ch, void *ctx, const Rec__Order *order,
			 const Rec__Line *line, struct err *e)
{
	(void)ch;
	(void)order;
	(void)line;
	(void)e;
	return ((struct money_said *)ctx)->credited;
}

static int said_referred(struct change *ch, void *ctx, const Rec__Order *order, struct err *e)
{
	(void)ch;
	(void)order;
	(void)e;
	return ((struct money_said *)ctx)->referred;
}

static int said_left_behind(struct change *ch, void *ctx, const Rec__Order *order, struct buf *out,
			    struct err *e)
{
	const struct money_said *said = ctx;
	(void)ch;
	(void)order;
	(void)e;
	if (said->left_behind)
		buf_puts(out, said->left_behind);
	return 1;
}

static int said_merged(struct change *ch, void *ctx, const Rec__Order *from, const Rec__Order *into,
		       struct err *e)
{
	struct money_said *said = ctx;
	(void)ch;
	(void)e;
	said->merged_from = from->id;
	said->merged_into = into->id;
	return 1;
}

void money_says(struct change *ch, struct money_said *said)
{
	struct order_money *money = ARENA_NEW(ch->arena, struct order_money);
	*money = (struct order_money){
		.ctx = said,
		.cover = said_cover,
		.owed = said_owed,
		.invoiced = said_invoiced,
		.credited = said_credited,
		.referred = said_referred,
		.left_behind = said_left_behind,
		.merged = said_merged,
	};
	ch->money = money;
}

/* ---- tables and items ---- */

static void save_row(struct change *ch, ProtobufCMessage *row)
{
	struct err e;
	if (shop_row_save(ch, row, &e) < 0)
		fail_msg("%s", e.text);
}

static ProtobufCMessage *row_of(struct change *ch, enum shop_table table, const char *name)
{
	ProtobufCMessage *row;
	struct err e;
	if (shop_row_new(ch->arena, table, slice_str(name), &row, &e) < 0)
		fail_msg("%s", e.text);
	return row;
}

void pay_row(struct change *ch, const struct pay *pay)
{
	Rec__PaymentType *type = (Rec__PaymentType *)row_of(ch, SHOP_TABLE_PAYMENT_TYPE, pay->name);
	type->orderline_status = pay->status;
	type->hal_cancel_days = pay->cancel;
	type->reservation = pay->reservation;
	type->reservation_days = pay->reserve_days;
	type->card = pay->card;
	type->remind_days = ARENA_ARRAY(ch->arena, 2, uint32_t);
	for (size_t i = 0; i < 2; i++)
		if (pay->remind[i])
			type->remind_days[type->n_remind_days++] = pay->remind[i];
	save_row(ch, &type->base);
}

void terms_row(struct change *ch, const char *name, bool prepay)
{
	Rec__Terms *terms = (Rec__Terms *)row_of(ch, SHOP_TABLE_TERMS, name);
	terms->prepay = prepay;
	terms->days = prepay ? 0 : 30;
	save_row(ch, &terms->base);
}

void season_row(struct change *ch, const char *name, int64_t starts_at)
{
	Rec__Season *season = (Rec__Season *)row_of(ch, SHOP_TABLE_SEASON, name);
	season->starts_at = starts_at;
	save_row(ch, &season->base);
}

void stock_item(struct change *ch, const char *sku, int64_t on_hand)
{
	Rec__Item *item = ARENA_NEW(ch->arena, Rec__Item);
	struct err e;
	rec__item__init(item);
	item->sku = arena_str(ch->arena, slice_str(sku));
	item->name = item->sku;
	item->price = 1250;
	item->currency = arena_str(ch->arena, SLICE("EUR"));
	item->vat_category = arena_str(ch->arena, SLICE("S"));
	item->vat_rate = 210000;
	if (item_save(ch, item, "create", &e) < 0 ||
	    (on_hand && item_receive(ch, slice_str(sku), on_hand, &e) < 0))
		fail_msg("%s", e.text);
}

Rec__Item *item_now(struct change *ch, const char *sku)
{
	Rec__Item *item;
	struct err e;
	if (item_load(ch->txn, ch->arena, slice_str(sku), &item, &e) != 1)
		fail_msg("no item %s", sku);
	return item;
}

/* ---- orders ---- */

static Rec__Line *line_of(struct arena *a, const char *text)
{
	Rec__Line *line = ARENA_NEW(a, Rec__Line);
	struct slice rest = slice_str(text), state, sku, quantity;
	int value;
	assert_true(slice_cut(&rest, ' ', &state) && slice_cut(&rest, ' ', &sku) &&
		    slice_cut(&rest, ' ', &quantity));
	rec__line__init(line);
	assert_true(schema_enum_value(&rec__line_state__descriptor, state, &value));
	line->state = (Rec__LineState)value;
	line->sku = arena_str(a, sku);
	assert_true(slice_i64(quantity, &line->quantity));
	line->unit_price = 1250;
	line->vat_category = arena_str(a, SLICE("S"));
	line->vat_rate = 210000;
	/* Two lines whose discounts cannot be parted evenly. */
	line->discount = line->quantity > 0 ? 101 : 0;
	return line;
}

uint64_t order_sketch(struct change *ch, const struct order_sketch *sketch)
{
	Rec__Order *order = ARENA_NEW(ch->arena, Rec__Order);
	struct err e;
	rec__order__init(order);
	order->customer = sketch->customer ? sketch->customer : 10001;
	order->shop = 1;
	order->currency = arena_str(ch->arena, SLICE("EUR"));
	order->payment_type = arena_str(ch->arena, slice_str(sketch->payment_type));
	order->terms = arena_str(ch->arena, slice_str(sketch->terms));
	order->season = arena_str(ch->arena, slice_str(sketch->season));
	order->ordered_at = ch->now - DAYS(7);
	order->lines = ARENA_ARRAY(ch->arena, 6, Rec__Line *);
	for (size_t i = 0; i < 6 && sketch->lines[i]; i++)
		order->lines[order->n_lines++] = line_of(ch->arena, sketch->lines[i]);
	if (order_create(ch, order, &e) < 0)
		fail_msg("%s", e.text);
	return order->id;
}

uint64_t order_one(struct change *ch, Rec__LineState state)
{
	struct slice code = schema_enum_text(&rec__line_state__descriptor, (int)state);
	struct order_sketch sketch = {
		.lines = {arena_printf(ch->arena, "%.*s CUP-1 %d", SLICE_ARG(code),
				       state == STATE(MIN) ? -2 : 2)},
		.payment_type = "bank",
	};
	return order_sketch(ch, &sketch);
}

Rec__Order *order_now(struct change *ch, uint64_t id)
{
	Rec__Order *order;
	struct err e;
	if (order_load(ch->txn, ch->arena, id, &order, &e) != 1)
		fail_msg("O%u is not there", (unsigned)id);
	return order;
}

const char *state_now(struct change *ch, uint64_t id, size_t i)
{
	Rec__Order *order = order_now(ch, id);
	assert_true(i < order->n_lines);
	return arena_str(ch->arena, schema_enum_text(&rec__line_state__descriptor,
						     (int)order->lines[i]->state));
}

int step(struct change *ch, uint64_t id, enum line_event event, struct err *e)
{
	struct order_step wanted = {.order = id, .event = event};
	return order_step(ch, &wanted, NULL, e);
}

int step_part(struct change *ch, uint64_t id, enum line_event event, struct order_part part,
	      struct err *e)
{
	struct order_step wanted = {.order = id, .event = event, .parts = &part, .n_parts = 1};
	return order_step(ch, &wanted, NULL, e);
}

void refused(struct change *ch, uint64_t id, enum line_event event, const char *words)
{
	struct schema_change *changes;
	struct err e;
	Rec__Order *before = order_now(ch, id);
	struct order_step wanted = {.order = id, .event = event};
	if (order_step_check(ch, before, &wanted, &e) >= 0)
		fail_msg("\"%s\" was allowed", line_event_name(event));
	fixture_error(&e, ERR_INPUT, words);
	assert_int_equal(order_step(ch, &wanted, NULL, &e), -1);
	fixture_error(&e, ERR_INPUT, words);
	assert_int_equal(schema_diff(ch->arena, &before->base, &order_now(ch, id)->base, &changes),
			 0);
}
