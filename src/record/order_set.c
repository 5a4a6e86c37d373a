/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <ctype.h>

#include "order_private.h"
#include "record/customer.h"
#include "record/item_stock.h"
#include "record/order_edit.h"
#include "record/order_money.h"
#include "record/shop_table.h"

#define STATE(name) REC__LINE_STATE__LINE_STATE_##name
#define BIT(name) LINE_BIT(STATE(name))

#define WORD_MAX 64
#define LINE_NAME_MAX 500
#define QUANTITY_MAX 1000000

/* One value on its way into an order; line is null for the order's own fields. */
struct setting {
	struct change *ch;
	Rec__Order *order;
	Rec__Line *line;
	struct slice name, value;
};

typedef int set_fn(struct setting *s, struct err *e);

static char *text_of(const struct setting *s)
{
	return arena_str(s->ch->arena, s->value);
}

static int too_long(const struct setting *s, size_t max, struct err *e)
{
	if (s->value.len <= max)
		return 1;
	return err_set(e, ERR_INPUT, "%.*s= has at most %zu bytes", SLICE_ARG(s->name), max);
}

static int row_of(struct setting *s, enum shop_table table, char **field, struct err *e)
{
	if (s->value.len && shop_row_need(s->ch->txn, s->ch->arena, table, &s->value, e) < 0)
		return -1;
	*field = text_of(s);
	return 1;
}

/* An empty value is nothing. */
static int amount_of(struct setting *s, int64_t *field, struct err *e)
{
	int64_t amount = 0;
	if (s->value.len && money_parse(s->value, slice_str(s->order->currency), &amount, e) < 0)
		return err_prefix(e, "%.*s=", SLICE_ARG(s->name));
	if (amount < 0)
		return err_set(e, ERR_INPUT, "%.*s= must not be negative", SLICE_ARG(s->name));
	*field = amount;
	return 1;
}

/* ---- of the order ---- */

static int set_paytype(struct setting *s, struct err *e)
{
	return row_of(s, SHOP_TABLE_PAYMENT_TYPE, &s->order->payment_type, e);
}

static int set_season(struct setting *s, struct err *e)
{
	return row_of(s, SHOP_TABLE_SEASON, &s->order->season, e);
}

static int set_terms(struct setting *s, struct err *e)
{
	return row_of(s, SHOP_TABLE_TERMS, &s->order->terms, e);
}

static int set_vendor(struct setting *s, struct err *e)
{
	s->order->shipping_vendor = text_of(s);
	return too_long(s, WORD_MAX, e);
}

static int set_provider(struct setting *s, struct err *e)
{
	if (order_states(s->order) & (BIT(FUP) | BIT(FUT)))
		return err_set(e, ERR_INPUT, "lines of O%llu are with the provider %s",
			       (unsigned long long)s->order->id, s->order->provider);
	s->order->provider = text_of(s);
	return too_long(s, WORD_MAX, e);
}

/* What an invoice was made of does not change behind it. */
static int no_invoice(struct setting *s, struct err *e)
{
	for (size_t i = 0; i < s->order->n_lines; i++) {
		int got = order_invoiced(s->ch, s->order, s->order->lines[i], e);
		if (got < 0)
			return -1;
		if (got > 0)
			return err_set(e, ERR_INPUT, "%.*s of O%llu stands on an invoice already",
				       SLICE_ARG(s->name), (unsigned long long)s->order->id);
	}
	return 1;
}

static int set_shipping(struct setting *s, struct err *e)
{
	return no_invoice(s, e) < 0 ? -1 : amount_of(s, &s->order->shipping_cost, e);
}

static int set_voucher(struct setting *s, struct err *e)
{
	return no_invoice(s, e) < 0 ? -1 : amount_of(s, &s->order->voucher, e);
}

static int set_order_discount(struct setting *s, struct err *e)
{
	return no_invoice(s, e) < 0 ? -1 : amount_of(s, &s->order->discount, e);
}

/* "0.9137": kept as it was written, since it is never looked up again (RECORD.md 4.1). */
static int set_rate(struct setting *s, struct err *e)
{
	size_t points = 0, digits = 0;
	bool positive = false;
	for (size_t i = 0; i < s->value.len; i++) {
		unsigned char c = (unsigned char)s->value.ptr[i];
		points += c == '.';
		digits += isdigit(c) != 0;
		positive |= c >= '1' && c <= '9';
	}
	if (s->value.len && (!positive || points > 1 || points + digits != s->value.len ||
			     s->value.len > 20 || !isdigit((unsigned char)s->value.ptr[0])))
		return err_set(e, ERR_INPUT, "rate= is a decimal such as 0.9137");
	s->order->exchange_rate = text_of(s);
	return no_invoice(s, e);
}

static int set_without_vat(struct setting *s, struct err *e)
{
	bool yes = slice_eq_nocase(s->value, SLICE("yes"));
	if (!yes && s->value.len && !slice_eq_nocase(s->value, SLICE("no")))
		return err_set(e, ERR_INPUT, "without_vat= is yes or no");
	if (order_states(s->order) & ~BIT(NEW))
		return err_set(e, ERR_INPUT,
			       "without_vat= of O%llu is set before its lines are saved",
			       (unsigned long long)s->order->id);
	s->order->without_vat = yes;
	return 1;
}

/* ---- of a line ---- */

static int set_name(struct setting *s, struct err *e)
{
	s->line->name = text_of(s);
	return too_long(s, LINE_NAME_MAX, e);
}

/* What it has reserved beyond its new quantity goes back. */
static int set_quantity(struct setting *s, struct err *e)
{
	int64_t quantity;
	if (!slice_i64(s->value, &quantity) || quantity < 1 || quantity > QUANTITY_MAX)
		return err_set(e, ERR_INPUT, "qty= is 1 to %d", QUANTITY_MAX);
	if (s->line->quantity < 0)
		return err_set(e, ERR_INPUT, "the quantity of a replacement line is fixed");
	int64_t beyond = s->line->reserved - quantity;
	s->line->quantity = quantity;
	if (beyond <= 0)
		return 1;
	s->line->reserved = quantity;
	return item_unreserve(s->ch, slice_str(s->line->sku), beyond, e);
}

static int set_price(struct setting *s, struct err *e)
{
	return amount_of(s, &s->line->unit_price, e);
}

static int set_line_discount(struct setting *s, struct err *e)
{
	return amount_of(s, &s->line->discount, e);
}

static const struct {
	const char *name;
	bool line, amount;
	set_fn *set;
} fields[] = {
	{"paytype", false, false, set_paytype},	  {"season", false, false, set_season},
	{"terms", false, false, set_terms},	  {"vendor", false, false, set_vendor},
	{"provider", false, false, set_provider}, {"shipping", false, true, set_shipping},
	{"voucher", false, true, set_voucher},	  {"discount", false, true, set_order_discount},
	{"rate", false, false, set_rate},	  {"without_vat", false, false, set_without_vat},
	{"name", true, false, set_name},	  {"qty", true, true, set_quantity},
	{"price", true, true, set_price},	  {"discount", true, true, set_line_discount},
};

static int line_open(const struct setting *s, bool amount, struct err *e)
{
	unsigned long long id = s->order->id;
	const char *label = line_label(s->ch->arena, s->line);
	if (!(LINE_BIT(s->line->state) & (BIT(NEW) | BIT(HAL) | BIT(ANG))))
		return err_set(e, ERR_INPUT, "line %s of O%llu is %s and is not edited any more",
			       label, id, line_state_name(s->ch->arena, s->line));
	int got = amount ? order_invoiced(s->ch, s->order, s->line, e) : 0;
	if (got <= 0)
		return got < 0 ? -1 : 1;
	return err_set(e, ERR_INPUT, "line %s of O%llu stands on an invoice already", label, id);
}

static int set_one(struct change *ch, Rec__Order *order, const struct order_field *field,
		   struct err *e)
{
	struct setting s = {ch, order, NULL, field->name, field->value};
	if (field->line && !(s.line = order_line(order, field->line, field->split)))
		return err_set(e, ERR_INPUT, "O%llu has no line %u", (unsigned long long)order->id,
			       field->line);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (fields[i].line != (s.line != NULL) ||
		    !slice_eq_nocase(field->name, slice_str(fields[i].name)))
			continue;
		if (s.line && line_open(&s, fields[i].amount, e) < 0)
			return -1;
		return fields[i].set(&s, e);
	}
	return err_set(e, ERR_INPUT, "%.*s= is no field of %s", SLICE_ARG(field->name),
		       s.line ? "a line" : "an order: name a line (O10042/3), if one is meant");
}

static int set_all(struct change *ch, Rec__Order *order, const struct order_field *list, size_t n,
		   struct err *e)
{
	if (order_alive(order, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (set_one(ch, order, &list[i], e) < 0)
			return -1;
	return 1;
}

/* Judged on a copy: the values say most, and they are only known once set. */
int order_set_check(struct change *ch, const Rec__Order *order, const struct order_field *list,
		    size_t n, struct err *e)
{
	Rec__Order copy = *order;
	copy.lines = ARENA_ARRAY(ch->arena, order->n_lines, Rec__Line *);
	for (size_t i = 0; i < order->n_lines; i++) {
		copy.lines[i] = ARENA_NEW(ch->arena, Rec__Line);
		*copy.lines[i] = *order->lines[i];
		/* A check gives no stock back. */
		copy.lines[i]->reserved = 0;
	}
	return set_all(ch, &copy, list, n, e);
}

/* Fewer pieces are free for others; of more, what is free is this line's if it waits. */
static int share_stock(struct change *ch, const Rec__Order *order, const struct order_field *list,
		       size_t n, struct err *e)
{
	Rec__Line **lines = ARENA_ARRAY(ch->arena, n, Rec__Line *);
	size_t changed = 0;
	for (size_t i = 0; i < n; i++)
		if (list[i].line && slice_eq_nocase(list[i].name, SLICE("qty")))
			lines[changed++] = order_line(order, list[i].line, list[i].split);
	return order_pass_on(ch, lines, changed, e);
}

int order_set(struct change *ch, uint64_t id, const struct order_field *list, size_t n,
	      struct err *e)
{
	struct object_step row = {.event = "edit"};
	Rec__Order *order;
	if (order_take(ch, id, &order, e) < 0 || set_all(ch, order, list, n, e) < 0)
		return -1;
	int got = order_store(ch, order, &row, e);
	return got > 0 && share_stock(ch, order, list, n, e) < 0 ? -1 : got;
}

/* ---- addresses ---- */

static int address_of(struct change *ch, const Rec__Order *order,
		      const struct order_address *wanted, const Rec__Address **address,
		      struct err *e)
{
	Rec__AddressRole role = wanted->billing ? REC__ADDRESS_ROLE__ADDRESS_ROLE_BILLING
						: REC__ADDRESS_ROLE__ADDRESS_ROLE_DELIVERY;
	Rec__Customer *customer;
	int got = customer_resolve(ch->txn, ch->arena, order->customer, &customer, e);
	if (got <= 0)
		return got;
	*address = customer_address(customer, role);
	if (wanted->place)
		*address = wanted->place <= customer->n_addresses
				   ? customer->addresses[wanted->place - 1]
				   : NULL;
	if (*address)
		return 1;
	return err_set(e, ERR_INPUT, "C%llu has %zu address%s: #address C%llu add makes one",
		       (unsigned long long)customer->id, customer->n_addresses,
		       customer->n_addresses == 1 ? "" : "es", (unsigned long long)customer->id);
}

static int may_move(struct change *ch, const Rec__Order *order, const struct order_address *wanted,
		    const Rec__Address **address, struct err *e)
{
	struct setting s = {ch, NULL, NULL, SLICE("the billing address"), SLICE("")};
	Rec__Order copy = *order;
	s.order = &copy;
	if (order_alive(order, e) < 0 || (wanted->billing && no_invoice(&s, e) < 0))
		return -1;
	if (!wanted->billing && (order_states(order) & (BIT(EIN) | BIT(FUP) | BIT(FUT))))
		return err_set(e, ERR_INPUT, "goods of O%llu are already being sent",
			       (unsigned long long)order->id);
	if (!wanted->billing && order_status(order) == ORDER_CLOSED)
		return err_set(e, ERR_INPUT, "O%llu is closed: nothing more of it is delivered",
			       (unsigned long long)order->id);
	return address_of(ch, order, wanted, address, e);
}

int order_address_check(struct change *ch, const Rec__Order *order,
			const struct order_address *address, struct err *e)
{
	const Rec__Address *found;
	return may_move(ch, order, address, &found, e);
}

int order_address(struct change *ch, uint64_t id, const struct order_address *address,
		  struct err *e)
{
	struct object_step row = {.event = "address"};
	const Rec__Address *found;
	Rec__Order *order;
	if (order_take(ch, id, &order, e) < 0 || may_move(ch, order, address, &found, e) < 0)
		return -1;
	Rec__Address *copy = ARENA_NEW(ch->arena, Rec__Address);
	*copy = *found;
	*(address->billing ? &order->billing : &order->shipping) = copy;
	return order_store(ch, order, &row, e);
}
