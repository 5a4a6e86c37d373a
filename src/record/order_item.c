/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "order_private.h"
#include "record/customer.h"
#include "record/id.h"
#include "record/item.h"
#include "record/order_edit.h"
#include "record/order_money.h"

#define STATE(name) REC__LINE_STATE__LINE_STATE_##name
#define BIT(name) LINE_BIT(STATE(name))

/* ---- no longer available, an item at once (ST-29) ---- */

/* The order's lines of the item that can become NLB. */
static int parts_of(struct change *ch, const Rec__Order *order, const struct order_na *na,
		    struct order_step *step, struct err *e)
{
	struct order_part *parts = ARENA_ARRAY(ch->arena, order->n_lines, struct order_part);
	*step = (struct order_step){
		.order = order->id, .event = LINE_NA, .parts = parts, .reason = na->reason};
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		struct order_part part = {line->number, line->split, 0};
		struct order_step one = *step;
		struct err refused;
		one.parts = &part;
		one.n_parts = 1;
		if (!slice_eq(slice_str(line->sku), na->sku))
			continue;
		if (order_step_check(ch, order, &one, &refused) > 0)
			parts[step->n_parts++] = part;
		else if (refused.class != ERR_INPUT)
			return err_set(e, refused.class, "%s", refused.text);
	}
	return 1;
}

static void put_parts(struct change *ch, const Rec__Order *order, const struct order_step *step,
		      struct buf *out)
{
	for (size_t i = 0; i < step->n_parts; i++) {
		const Rec__Line *line =
			order_line(order, step->parts[i].line, step->parts[i].split);
		buf_printf(out, "O%llu/%s %lld of %s, %s\n", (unsigned long long)order->id,
			   line_label(ch->arena, line), (long long)line->quantity, line->sku,
			   line_state_word(line->state));
	}
}

int order_na_item(struct change *ch, const struct order_na *na, struct buf *out, size_t *lines,
		  struct err *e)
{
	struct item_orders orders;
	*lines = 0;
	if (item_orders(ch->txn, ch->arena, na->sku, ORDER_NA_MAX, &orders, e) < 0)
		return -1;
	for (size_t i = 0; i < orders.n; i++) {
		struct order_step step;
		if (parts_of(ch, orders.items[i], na, &step, e) < 0)
			return -1;
		put_parts(ch, orders.items[i], &step, out);
		*lines += step.n_parts;
		if (na->apply && step.n_parts && order_step(ch, &step, NULL, e) < 0)
			return -1;
	}
	if (*lines)
		return 1;
	return err_set(e, ERR_INPUT, "no open order has %.*s on a line that could be given up",
		       SLICE_ARG(na->sku));
}

/* ---- replacements (ST-12) ---- */

/* Does a MIN line replace a piece of that line, or of one split off it? */
static bool replaces(const Rec__Line *line, uint64_t order, uint32_t number)
{
	struct err e;
	struct id id;
	return line->state == STATE(MIN) && id_parse(slice_str(line->replaces), &id, &e) > 0 &&
	       id.letter == 'O' && id.number == order && id.line == number;
}

int order_replaceable(struct change *ch, const Rec__Order *order, uint32_t number, int64_t *pieces,
		      struct err *e)
{
	struct customer_orders orders;
	*pieces = 0;
	if (customer_orders(ch->txn, ch->arena, order->customer, CUSTOMER_ORDERS_MAX, &orders, e) <
	    0)
		return -1;
	for (size_t i = 0; i < order->n_lines; i++)
		if (order->lines[i]->number == number &&
		    (LINE_BIT(order->lines[i]->state) & (BIT(AUS) | BIT(FUS))))
			*pieces += order->lines[i]->quantity;
	for (size_t i = 0; i < orders.n; i++)
		for (size_t k = 0; k < orders.items[i]->n_lines; k++)
			if (replaces(orders.items[i]->lines[k], order->id, number))
				*pieces += orders.items[i]->lines[k]->quantity;
	return 1;
}

/* What is taken of one line, and of its family by the parts before it. */
struct replacing {
	const Rec__Line *line;
	int64_t quantity;
};

static int may_replace(struct change *ch, const Rec__Order *order, const struct order_step *step,
		       size_t n, struct replacing *taken, struct err *e)
{
	const struct order_part *part = &step->parts[n];
	const Rec__Line *line = order_line(order, part->line, part->split);
	unsigned long long id = order->id;
	int64_t most;
	if (!line)
		return err_set(e, ERR_INPUT, "O%llu has no line %u", id, part->line);
	const char *label = line_label(ch->arena, line);
	if (!(LINE_BIT(line->state) & (BIT(AUS) | BIT(FUS))))
		return err_set(
			e, ERR_INPUT,
			"line %s of O%llu is %.*s (%s): only what was shipped is replaced", label,
			id,
			SLICE_ARG(schema_enum_text(&rec__line_state__descriptor, (int)line->state)),
			line_state_word(line->state));
	int got = order_invoiced(ch, order, line, e);
	if (got <= 0)
		return got < 0 ? -1
			       : err_set(e, ERR_INPUT,
					 "line %s of O%llu is on no invoice: only what was "
					 "invoiced is replaced",
					 label, id);
	if (order_replaceable(ch, order, line->number, &most, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		most -= taken[i].line->number == line->number ? taken[i].quantity : 0;
	most = most < line->quantity ? most : line->quantity;
	taken[n] = (struct replacing){line, part->quantity ? part->quantity : most};
	if (taken[n].quantity > 0 && taken[n].quantity <= most)
		return 1;
	return err_set(e, ERR_INPUT, "%lld of %lld pieces of line %s of O%llu can be replaced yet",
		       (long long)(most > 0 ? most : 0), (long long)line->quantity, label, id);
}

static int judge_replace(struct change *ch, const Rec__Order *order, const struct order_step *step,
			 struct replacing **taken, struct err *e)
{
	*taken = ARENA_ARRAY(ch->arena, step->n_parts, struct replacing);
	if (order_alive(order, e) < 0)
		return -1;
	if (!step->n_parts)
		return err_set(e, ERR_INPUT, "name the lines that are replaced: 1x/2");
	for (size_t i = 0; i < step->n_parts; i++)
		if (may_replace(ch, order, step, i, *taken, e) < 0)
			return -1;
	return 1;
}

int order_replace_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
			struct err *e)
{
	struct replacing *taken;
	return judge_replace(ch, order, step, &taken, e);
}

static Rec__Order *replacement_of(struct change *ch, const Rec__Order *order)
{
	Rec__Order *new = ARENA_NEW(ch->arena, Rec__Order);
	rec__order__init(new);
	new->shop = order->shop;
	new->customer = order->customer;
	new->channel = order->channel;
	new->kind = order->kind;
	new->currency = order->currency;
	new->exchange_rate = order->exchange_rate;
	new->payment_type = order->payment_type;
	new->terms = order->terms;
	new->shipping_vendor = order->shipping_vendor;
	new->without_vat = order->without_vat;
	new->billing = order->billing;
	new->shipping = order->shipping;
	new->ordered_at = ch->now;
	return new;
}

/* The same price with its sign turned, so that it takes away what was charged. */
static int add_replaced(struct change *ch, Rec__Order *new, const Rec__Order *order,
			const Rec__Line *line, int64_t quantity, struct err *e)
{
	Rec__Line *minus = ARENA_NEW(ch->arena, Rec__Line);
	int64_t discount;
	if (money_scale(line->discount, quantity, line->quantity, &discount, e) < 0)
		return -1;
	rec__line__init(minus);
	minus->number = order_next_number(new);
	minus->sku = line->sku;
	minus->name = line->name;
	minus->quantity = -quantity;
	minus->unit_price = line->unit_price;
	minus->discount = -discount;
	minus->vat_category = line->vat_category;
	minus->vat_rate = line->vat_rate;
	minus->line_at = minus->state_at = ch->now;
	minus->replaces = arena_printf(ch->arena, "O%llu/%s", (unsigned long long)order->id,
				       line_label(ch->arena, line));
	if (line_move(minus, LINE_REPLACE, STATE(MIN), e) < 0)
		return -1;
	order_append(ch->arena, new, minus);
	return 1;
}

int order_replace(struct change *ch, const struct order_step *step, Rec__Order **replacement,
		  struct err *e)
{
	struct replacing *taken;
	Rec__Order *order;
	if (order_take(ch, step->order, &order, e) < 0 ||
	    judge_replace(ch, order, step, &taken, e) < 0)
		return -1;
	*replacement = replacement_of(ch, order);
	for (size_t i = 0; i < step->n_parts; i++)
		if (add_replaced(ch, *replacement, order, taken[i].line, taken[i].quantity, e) < 0)
			return -1;
	if (order_create(ch, *replacement, e) < 0)
		return -1;
	change_event(ch, "order.replaced", 'O', (*replacement)->id, step->reason);
	return 1;
}
