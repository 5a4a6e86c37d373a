/* SPDX-License-Identifier: ISC */
#include "import_json.h"

/* Shopify's admin API: orders, customers, refunds. */

struct reading {
	const struct json *object;
	struct draft *d;
	struct slice currency;
	bool gross; /* prices contain their tax */
};

static struct slice text(const struct reading *r, const struct json *object, const char *name)
{
	return member_text(r->d, object, name);
}

static int amount(const struct reading *r, const struct json *object, const char *name,
		  int64_t *value, struct err *e)
{
	return member_amount(r->d, object, name, r->currency, value, e) < 0 ? -1 : 1;
}

/* ---- people ---- */

static const struct member_address shopify_address = {
	.name = "name",
	.line_1 = "address1",
	.line_2 = "address2",
	.postcode = "zip",
	.region = "province",
	.country = "country_code",
};

static Rec__Address *read_address(const struct reading *r, const struct json *given)
{
	return member_address(r->d, given, &shopify_address);
}

static void read_person(const struct reading *r, const struct json *given)
{
	struct draft *d = r->d;
	Rec__Customer *customer = draft_customer(d);
	draft_email(d, text(r, given, "email"));
	customer->name =
		draft_join(d->arena, text(r, given, "first_name"), text(r, given, "last_name"));
	customer->phone = draft_text(d->arena, text(r, given, "phone"));
	draft_customer_id(d, text(r, given, "id"));
}

static void read_people(const struct reading *r)
{
	struct draft *d = r->d;
	Rec__Customer *customer = draft_customer(d);
	Rec__Address *billing = read_address(r, member_of(r->object, "billing_address"));
	Rec__Address *shipping = read_address(r, member_of(r->object, "shipping_address"));
	draft_addresses(d, billing, shipping);
	draft_email(d, text(r, r->object, "email"));
	read_person(r, member_of(r->object, "customer"));
	if (!customer->name[0])
		customer->name = billing->name[0] ? billing->name : shipping->name;
	customer->company = billing->company;
	if (!customer->phone[0])
		customer->phone = billing->phone;
}

static int read_customer(const struct reading *r)
{
	struct draft *d = r->d;
	const struct json *given = member_of(r->object, "default_address");
	Rec__Customer *customer = draft_customer(d);
	Rec__Address *address = read_address(r, given);
	read_person(r, r->object);
	customer->company = address->company;
	if (!given || draft_address_empty(address))
		return 1;
	customer->addresses = ARENA_ARRAY(d->arena, 1, Rec__Address *);
	customer->addresses[customer->n_addresses++] = address;
	return 1;
}

/* ---- lines ---- */

/* 0.06, as a number or as text: parts per million. */
static bool told_rate(const struct json *taxes, int64_t *rate)
{
	bool told = false;
	*rate = 0;
	for (const struct json *one = taxes ? taxes->first : NULL; one; one = one->next) {
		const struct json *value = json_get(one, SLICE("rate"));
		if (!value || value->kind != JSON_REAL || value->real < 0 || value->real > 1)
			continue;
		*rate += (int64_t)(value->real * 1000000 + 0.5);
		told = true;
	}
	return told && *rate <= 1000000;
}

static int sum_of(const struct reading *r, const struct json *list, const char *name, int64_t *sum,
		  struct err *e)
{
	*sum = 0;
	for (const struct json *one = list ? list->first : NULL; one; one = one->next) {
		int64_t value;
		if (amount(r, one, name, &value, e) < 0 || money_add(*sum, value, sum, e) < 0)
			return -1;
	}
	return 1;
}

static char *sku_of(const struct reading *r, const struct json *line)
{
	char *sku = draft_text(r->d->arena, text(r, line, "sku"));
	if (sku[0])
		return sku;
	return arena_printf(r->d->arena, "product-%.*s-%.*s",
			    SLICE_ARG(text(r, line, "product_id")),
			    SLICE_ARG(text(r, line, "variant_id")));
}

static int read_line(const struct reading *r, const struct json *given, struct err *e)
{
	const struct json *taxes = member_of(given, "tax_lines");
	struct draft_line *line = draft_line(r->d, e);
	int64_t price;
	if (!line || draft_quantity(text(r, given, "quantity"), &line->line->quantity, e) < 0 ||
	    amount(r, given, "price", &price, e) < 0 ||
	    sum_of(r, member_of(given, "discount_allocations"), "amount", &line->discount, e) < 0 ||
	    sum_of(r, taxes, "price", &line->tax, e) < 0)
		return -1;
	if (!line->discount && amount(r, given, "total_discount", &line->discount, e) < 0)
		return -1;
	if (price < 0 || import_pieces(price, line->line->quantity, &line->amount, e) < 0)
		return err_prefix(e, "price");
	line->line->name = draft_text(r->d->arena, text(r, given, "name"));
	line->line->sku = sku_of(r, given);
	if (slice_eq(text(r, given, "fulfillment_status"), SLICE("fulfilled")))
		line->line->state = REC__LINE_STATE__LINE_STATE_AUS;
	/* Orders of old say the rate once, for all lines. */
	if (!told_rate(taxes, &line->line->vat_rate) && !taxes)
		told_rate(member_of(r->object, "tax_lines"), &line->line->vat_rate);
	if (r->gross)
		line->tax = 0;
	return 1;
}

static int read_lines(const struct reading *r, struct err *e)
{
	const struct json *lines = member_of(r->object, "line_items");
	int64_t goods = 0, subtotal, rest;
	for (const struct json *one = lines ? lines->first : NULL; one; one = one->next)
		if (read_line(r, one, e) < 0)
			return -1;
	for (size_t i = 0; i < r->d->n_lines; i++)
		if (money_add(goods, r->d->lines[i].amount - r->d->lines[i].discount, &goods, e) <
		    0)
			return -1;
	if (!text(r, r->object, "subtotal_price").len)
		return 1;
	if (amount(r, r->object, "subtotal_price", &subtotal, e) < 0 ||
	    money_sub(goods, subtotal, &rest, e) < 0)
		return -1;
	/* What of the discounts is on no line is one on the order. */
	int64_t all;
	if (amount(r, r->object, "total_discounts", &all, e) < 0)
		return -1;
	r->d->order->voucher = rest > 0 && rest <= all ? rest : 0;
	return 1;
}

/* ---- an order ---- */

static void read_ids(const struct reading *r)
{
	draft_order_id(r->d, "order", draft_number(text(r, r->object, "name")));
	draft_order_id(r->d, "id", text(r, r->object, "id"));
}

static void read_state(const struct reading *r)
{
	struct draft *d = r->d;
	struct slice status = text(r, r->object, "financial_status");
	d->cancelled =
		text(r, r->object, "cancelled_at").len > 0 || slice_eq(status, SLICE("voided"));
	d->paid = slice_eq(status, SLICE("paid")) || slice_eq(status, SLICE("authorized")) ||
		  slice_eq(status, SLICE("refunded")) ||
		  slice_eq(status, SLICE("partially_refunded"));
	draft_note(d, "%.*s", SLICE_ARG(text(r, r->object, "note")));
}

static int read_order(struct reading *r, struct err *e)
{
	struct draft *d = r->d;
	Rec__Order *order = draft_order(d);
	const struct json *gateways = member_of(r->object, "payment_gateway_names");
	struct slice gateway = text(r, r->object, "gateway");
	r->currency = text(r, r->object, "currency");
	r->gross = member_true(r->object, "taxes_included");
	if (gateways && gateways->first && gateways->first->kind == JSON_STRING)
		gateway = gateways->first->string;
	read_ids(r);
	if (!order->n_external_ids)
		return err_set(e, ERR_INPUT, "the order has neither name nor id");
	order->currency = draft_text(d->arena, r->currency);
	order->payment_type = draft_payment_type(d->arena, gateway);
	if (draft_time(text(r, r->object, "created_at"), &order->ordered_at, e) < 0 ||
	    read_lines(r, e) < 0 ||
	    sum_of(r, member_of(r->object, "shipping_lines"), "price", &order->shipping_cost, e) <
		    0 ||
	    amount(r, r->object, "total_price", &d->total, e) < 0)
		return -1;
	d->has_total = text(r, r->object, "total_price").len > 0;
	read_people(r);
	read_state(r);
	return draft_finish(d, !r->gross, e);
}

static int read_refund(const struct reading *r, struct err *e)
{
	struct slice order = text(r, r->object, "order_id"), sum = SLICE("");
	const struct json *transactions = member_of(r->object, "transactions");
	if (!order.len)
		return err_set(e, ERR_INPUT, "the refund does not say of which order it is");
	if (transactions)
		sum = text(r, transactions->first, "amount");
	r->d->refund_of = draft_text(r->d->arena, order);
	draft_note(r->d, "Refunded in the shop: %.*s %.*s (refund %.*s)", SLICE_ARG(sum),
		   SLICE_ARG(text(r, r->object, "note")), SLICE_ARG(text(r, r->object, "id")));
	return 1;
}

static bool has(const struct json *object, const char *name)
{
	return json_get(object, slice_str(name)) != NULL;
}

static int read_element(const struct json *element, struct draft *d, struct err *e)
{
	struct reading r = {.object = element, .d = d};
	if (has(element, "financial_status"))
		return read_order(&r, e);
	if (has(element, "refund_line_items") && has(element, "order_id"))
		return read_refund(&r, e);
	if (has(element, "email") && has(element, "orders_count"))
		return read_customer(&r);
	return err_set(e, ERR_INPUT, "this is no order, refund or customer");
}

static const char *const lists[] = {"orders",  "order",	 "customers", "customer",
				    "refunds", "refund", NULL};

const struct json_format shopify_json = {
	.channel = "shopify",
	.lists = lists,
	.read = read_element,
};
