/* SPDX-License-Identifier: ISC */
#include "record/customer.h"
#include "record/order.h"
#include "search_look.h"

/* ---- free text: names and mails, and whatever is a number (CP-01, MC-03) ---- */

#define PHONE_DIGITS_MIN 6

static bool is_phone(struct slice text)
{
	size_t digits = 0;
	for (size_t i = 0; i < text.len; i++) {
		digits += text.ptr[i] >= '0' && text.ptr[i] <= '9';
		if (!strchr("0123456789 +-()/.", text.ptr[i]))
			return false;
	}
	return digits >= PHONE_DIGITS_MIN;
}

static const enum search_field parts[] = {SEARCH_NAME, SEARCH_EMAIL, SEARCH_PHONE};

/* The field's part of the free text, or nothing where it can be none. */
static struct slice part_of(struct finder *f, const struct want *want, enum search_field field)
{
	if (field == SEARCH_PHONE && !is_phone(want->given->text))
		return SLICE("");
	struct slice text = search_form(f->a, search_row(field)->form, want->given->text);
	return text.len >= 2 ? text : SLICE("");
}

static int fits_part(struct finder *f, const struct want *want, const Rec__Customer *customer)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct want part = {.row = search_row(parts[i]), .given = want->given};
		part.text = part_of(f, want, parts[i]);
		if (part.text.len && part.row->fits(f, &part, customer, NULL, NULL) > 0)
			return 1;
	}
	return 0;
}

/* Keys are shorter than what was asked for: each that begins so is looked at. */
static int sift(struct finder *f, const struct want *want, struct search_set *set, struct err *e)
{
	size_t n = 0;
	for (size_t i = 0; i < set->n; i++) {
		Rec__Customer *customer;
		if (finder_load(f, e) < 0 ||
		    customer_load(f->txn, f->a, set->items[i], &customer, e) < 0)
			return -1;
		if (customer && fits_part(f, want, customer))
			set->items[n++] = set->items[i];
	}
	set->n = n;
	return 1;
}

static int look_parts(struct finder *f, struct want *want, struct err *e)
{
	struct search_set *set = &want->found[FIND_CUSTOMERS];
	bool all = true;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct slice text = part_of(f, want, parts[i]);
		bool sure = true;
		if (text.len &&
		    walk_tag(f, OBJECT_CUSTOMER, search_row(parts[i]), text, set, &sure, e) < 0)
			return -1;
		all &= sure;
	}
	search_set_order(set, f->a);
	return all || set->over ? 1 : sift(f, want, set, e);
}

static int add_customer(struct finder *f, uint64_t id, struct search_set *set, struct err *e)
{
	Rec__Customer *customer;
	if (!id)
		return 1;
	int got = customer_load(f->txn, f->a, id, &customer, e);
	if (got > 0 && !customer->merged_into)
		search_set_add(set, f->a, id);
	return got < 0 ? -1 : 1;
}

static int add_orders(struct finder *f, const struct search_set *from, struct search_set *set,
		      struct err *e)
{
	for (size_t i = 0; i < from->n; i++) {
		Rec__Order *order;
		if (finder_load(f, e) < 0 ||
		    order_load(f->txn, f->a, from->items[i], &order, e) < 0)
			return -1;
		if (order && !order->deleted_at)
			search_set_add(set, f->a, order->id);
	}
	return 1;
}

static int look_customers(struct finder *f, struct want *want, struct slice plain, struct err *e)
{
	struct search_set *set = &want->found[FIND_CUSTOMERS];
	struct search_set external = {.most = set->most};
	if (look_parts(f, want, e) < 0 || add_customer(f, look_number(plain, 'C'), set, e) < 0 ||
	    look_external(f, OBJECT_CUSTOMER, plain, SLICE(""), &external, e) < 0)
		return -1;
	for (size_t i = 0; i < external.n; i++)
		if (add_customer(f, external.items[i], set, e) < 0)
			return -1;
	return 1;
}

static int look_orders(struct finder *f, struct want *want, struct slice plain, struct err *e)
{
	struct search_set *set = &want->found[FIND_ORDERS];
	struct search_set candidates = {.most = set->most};
	struct slice code = search_form(f->a, FORM_CODE, plain);
	uint64_t number = look_number(plain, 'O');
	struct store_key key;
	bool sure;
	if (number)
		search_set_add(&candidates, f->a, number);
	search_key(&key, TAG_INVOICE, START_WHOLE, code);
	if (look_external(f, OBJECT_ORDER, plain, SLICE(""), &candidates, e) < 0 ||
	    walk_numbers(f, OBJECT_ORDER, ORDER_BY_SEARCH, &key, true, &candidates, e) < 0)
		return -1;
	/* A word of a few letters begins many a tracking code without meaning it. */
	if (code.len >= PHONE_DIGITS_MIN && (walk_tag(f, OBJECT_ORDER, search_row(SEARCH_TRACKING),
						      code, &candidates, &sure, e) < 0 ||
					     look_shipments(f, code, &candidates, e) < 0))
		return -1;
	search_set_order(&candidates, f->a);
	set->over |= candidates.over;
	return candidates.over ? 1 : add_orders(f, &candidates, set, e);
}

int look_free(struct finder *f, struct want *want, struct err *e)
{
	struct slice plain = arena_copy(f->a, slice_trim(want->given->text));
	if (look_customers(f, want, plain, e) < 0 || look_orders(f, want, plain, e) < 0)
		return -1;
	for (int kind = 0; kind < FIND_KINDS; kind++) {
		search_set_order(&want->found[kind], f->a);
		if (want->found[kind].over)
			return 1;
	}
	want->looked = want->sure = true;
	return 1;
}
