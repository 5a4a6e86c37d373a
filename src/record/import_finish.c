/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "import_draft.h"
#include "record/order.h"

#define MILLION 1000000

/*
 * quantity * unit_price - discount is exactly the line's amount: what does not
 * divide is in the discount.
 */
static int settle(const struct draft_line *d, int64_t amount, int64_t discount, struct err *e)
{
	Rec__Line *line = d->line;
	assert(line->quantity > 0);
	if (amount < 0 || discount < 0 || discount > amount)
		return err_set(e, ERR_INPUT, "the line of \"%s\" has a discount above its price",
			       line->sku);
	line->unit_price = amount / line->quantity + (amount % line->quantity != 0);
	if (money_mul(line->unit_price, line->quantity, &line->discount, e) < 0)
		return -1;
	line->discount += discount - amount;
	return 1;
}

static int settle_all(const struct draft *d, struct err *e)
{
	for (size_t i = 0; i < d->n_lines; i++)
		if (settle(&d->lines[i], d->lines[i].amount, d->lines[i].discount, e) < 0)
			return -1;
	return 1;
}

/* With the tax that the file tells of the line, else with that of its rate. */
static int gross_line(const struct draft_line *d, int64_t *sum, struct err *e)
{
	int64_t net = d->amount - d->discount, tax = d->tax, discount, amount;
	if (!tax && money_scale(net, d->line->vat_rate, MILLION, &tax, e) < 0)
		return -1;
	if (money_scale(d->discount, MILLION + d->line->vat_rate, MILLION, &discount, e) < 0 ||
	    money_add(net, tax, &amount, e) < 0 || money_add(*sum, amount, sum, e) < 0 ||
	    money_add(amount, discount, &amount, e) < 0)
		return -1;
	return settle(d, amount, discount, e);
}

/* What is left of the total is what sending cost, if that can be. */
static int make_gross(struct draft *d, struct err *e)
{
	int64_t sum = 0, rest;
	Rec__Order *order = d->order;
	order->kind = REC__ORDER_TYPE__ORDER_TYPE_B2C;
	for (size_t i = 0; i < d->n_lines; i++)
		if (gross_line(&d->lines[i], &sum, e) < 0)
			return -1;
	if (money_sub(d->total, sum, &rest, e) < 0 || money_add(rest, order->voucher, &rest, e) < 0)
		return -1;
	int64_t slack = (int64_t)d->n_lines + 1;
	if (rest >= 0 && rest >= order->shipping_cost - slack &&
	    rest / 2 <= order->shipping_cost + slack)
		order->shipping_cost = rest;
	return 1;
}

static bool adds_up(const struct draft *d, int64_t *total)
{
	struct order_totals totals;
	if (order_totals(d->order, &totals, NULL) < 0)
		return false;
	*total = totals.total;
	return !d->has_total || totals.total == d->total;
}

static void tell_difference(struct draft *d, int64_t total)
{
	struct slice currency = slice_str(d->order->currency);
	struct buf ours, theirs;
	buf_init(&ours, 64);
	buf_init(&theirs, 64);
	money_put(&ours, total, currency);
	money_put(&theirs, d->total, currency);
	draft_remark(d, "its lines add up to %s, the file says %s %s", buf_str(&ours),
		     buf_str(&theirs), d->order->currency);
	buf_release(&ours);
	buf_release(&theirs);
}

int draft_finish(struct draft *d, bool net, struct err *e)
{
	Rec__Order *order = draft_order(d);
	int64_t total = 0;
	if (d->n_lines == 0)
		return err_set(e, ERR_INPUT, "the order has no lines");
	order->lines = ARENA_ARRAY(d->arena, d->n_lines, Rec__Line *);
	for (order->n_lines = 0; order->n_lines < d->n_lines; order->n_lines++)
		order->lines[order->n_lines] = d->lines[order->n_lines].line;
	order->kind = net ? REC__ORDER_TYPE__ORDER_TYPE_B2B : REC__ORDER_TYPE__ORDER_TYPE_B2C;
	if (settle_all(d, e) < 0)
		return -1;
	bool right = adds_up(d, &total);
	if (!right && net && d->has_total) {
		if (make_gross(d, e) < 0)
			return -1;
		right = adds_up(d, &total);
	}
	if (!right)
		tell_difference(d, total);
	return 1;
}

/* ---- as a line of ours ---- */

static void set_message(const struct draft *d, struct json *object, const char *name,
			const ProtobufCMessage *message)
{
	if (message)
		json_set(d->arena, object, name, schema_to_json(d->arena, message));
}

static void set_flag(const struct draft *d, struct json *object, const char *name, bool value)
{
	if (value)
		json_set(d->arena, object, name, json_new_boolean(d->arena, true));
}

static void set_text(const struct draft *d, struct json *object, const char *name,
		     const char *value)
{
	if (value)
		json_set(d->arena, object, name, json_new_string(d->arena, slice_str(value)));
}

struct json *draft_json(const struct draft *d)
{
	struct json *object = json_new(d->arena, JSON_OBJECT);
	struct json *notes = json_new(d->arena, JSON_ARRAY);
	set_text(d, object, "type", "foreign");
	json_set(d->arena, object, "line", json_new_integer(d->arena, (int64_t)d->line));
	set_text(d, object, "channel", d->channel);
	set_message(d, object, "customer", d->customer ? &d->customer->base : NULL);
	set_message(d, object, "order", d->order ? &d->order->base : NULL);
	set_message(d, object, "item", d->item ? &d->item->base : NULL);
	set_flag(d, object, "paid", d->paid);
	set_flag(d, object, "cancelled", d->cancelled);
	set_flag(d, object, "stock", d->stock);
	set_flag(d, object, "rates_unknown", d->rates_unknown);
	set_text(d, object, "refund_of", d->refund_of);
	set_text(d, object, "remark", d->remark);
	for (size_t i = 0; i < d->n_notes; i++)
		json_add(notes, json_new_string(d->arena, d->notes[i]));
	if (d->n_notes)
		json_set(d->arena, object, "notes", notes);
	return object;
}
