/* SPDX-License-Identifier: ISC */
#include "import_json.h"

/* WooCommerce's REST API, version 3: orders, refunds, customers, products. */

struct reading {
	const struct json *object;
	struct draft *d;
	struct slice currency;
	bool gross; /* prices were entered with their tax; amounts come without */
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

/* Both together: the sum of what is without tax and its tax. */
static int amounts(const struct reading *r, const struct json *object, const char *const names[2],
		   int64_t values[2], struct err *e)
{
	return amount(r, object, names[0], &values[0], e) < 0 ||
			       amount(r, object, names[1], &values[1], e) < 0
		       ? -1
		       : 1;
}

/* ---- people ---- */

static Rec__Address *read_address(const struct reading *r, const char *side)
{
	static const struct member_address names = {
		.line_1 = "address_1",
		.line_2 = "address_2",
		.postcode = "postcode",
		.region = "state",
		.country = "country",
	};
	return member_address(r->d, member_of(r->object, side), &names);
}

/* 0 is a guest. */
static void read_customer_id(const struct reading *r, struct slice id)
{
	if (!slice_eq(id, SLICE("0")))
		draft_customer_id(r->d, id);
}

/* Plug-ins for VAT ids keep them beside the order. */
static void find_vat_id(const struct reading *r)
{
	const struct json *meta = member_of(r->object, "meta_data");
	for (const struct json *one = meta ? meta->first : NULL; one; one = one->next) {
		struct slice key = text(r, one, "key");
		if (slice_find_nocase(key, SLICE("vat_number")) >= 0 ||
		    slice_find_nocase(key, SLICE("vat_id")) >= 0)
			draft_customer(r->d)->vat_id =
				draft_text(r->d->arena, text(r, one, "value"));
	}
}

static void read_people(const struct reading *r)
{
	struct draft *d = r->d;
	Rec__Customer *customer = draft_customer(d);
	Rec__Address *billing = read_address(r, "billing"), *shipping = read_address(r, "shipping");
	draft_addresses(d, billing, shipping);
	draft_email(d, text(r, member_of(r->object, "billing"), "email"));
	customer->name = billing->name[0] ? billing->name : shipping->name;
	customer->company = billing->company;
	customer->phone = billing->phone;
	read_customer_id(r, text(r, r->object, "customer_id"));
	find_vat_id(r);
}

/* ---- lines ---- */

/* The tax table of newer versions says the rate itself. */
static bool told_rate(const struct reading *r, const struct json *line, int64_t *rate)
{
	const struct json *taxes = member_of(line, "taxes");
	const struct json *rates = member_of(r->object, "tax_lines");
	struct slice id = taxes && taxes->first ? text(r, taxes->first, "id") : SLICE("");
	if (!id.len || taxes->count != 1)
		return false;
	for (const struct json *one = rates ? rates->first : NULL; one; one = one->next) {
		struct slice percent = text(r, one, "rate_percent");
		if (slice_eq(text(r, one, "rate_id"), id) && percent.len)
			return draft_rate_in(
				slice_str(arena_printf(r->d->arena, "%.*s%%", SLICE_ARG(percent))),
				rate);
	}
	return false;
}

static char *sku_of(const struct reading *r, const struct json *line)
{
	struct slice variation = text(r, line, "variation_id");
	char *sku = draft_text(r->d->arena, text(r, line, "sku"));
	if (sku[0])
		return sku;
	sku = arena_printf(r->d->arena, "product-%.*s", SLICE_ARG(text(r, line, "product_id")));
	if (variation.len && !slice_eq(variation, SLICE("0")))
		sku = arena_printf(r->d->arena, "%s-%.*s", sku, SLICE_ARG(variation));
	return sku;
}

static int read_line(const struct reading *r, const struct json *given, bool shipped, struct err *e)
{
	static const char *const before[] = {"subtotal", "subtotal_tax"};
	static const char *const after[] = {"total", "total_tax"};
	int64_t full[2], rest[2];
	struct draft_line *line = draft_line(r->d, e);
	if (!line || draft_quantity(text(r, given, "quantity"), &line->line->quantity, e) < 0 ||
	    amounts(r, given, before, full, e) < 0 || amounts(r, given, after, rest, e) < 0)
		return -1;
	/* Some leave the price before discounts out. */
	if (full[0] < rest[0]) {
		full[0] = rest[0];
		full[1] = rest[1];
	}
	line->line->name = draft_text(r->d->arena, text(r, given, "name"));
	line->line->sku = sku_of(r, given);
	if (shipped)
		line->line->state = REC__LINE_STATE__LINE_STATE_AUS;
	if (!told_rate(r, given, &line->line->vat_rate))
		line->line->vat_rate =
			draft_rate_of(rest[1], rest[0], (size_t)line->line->quantity);
	line->amount = full[0] + (r->gross ? full[1] : 0);
	line->discount = line->amount - rest[0] - (r->gross ? rest[1] : 0);
	line->tax = r->gross ? 0 : rest[1];
	return 1;
}

static int read_lines(const struct reading *r, bool shipped, struct err *e)
{
	const struct json *lines = member_of(r->object, "line_items");
	for (const struct json *one = lines ? lines->first : NULL; one; one = one->next)
		if (read_line(r, one, shipped, e) < 0)
			return -1;
	return 1;
}

/* Fees are charges on the order, as sending is; a negative one is a voucher. */
static int read_charges(const struct reading *r, struct err *e)
{
	static const char *const shipping[] = {"shipping_total", "shipping_tax"};
	static const char *const total[] = {"total", "total_tax"};
	Rec__Order *order = r->d->order;
	const struct json *fees = member_of(r->object, "fee_lines");
	int64_t values[2];
	if (amounts(r, r->object, shipping, values, e) < 0)
		return -1;
	order->shipping_cost = values[0] + (r->gross ? values[1] : 0);
	for (const struct json *one = fees ? fees->first : NULL; one; one = one->next) {
		if (amounts(r, one, total, values, e) < 0)
			return -1;
		int64_t fee = values[0] + (r->gross ? values[1] : 0);
		if (money_add(fee > 0 ? order->shipping_cost : order->voucher, fee > 0 ? fee : -fee,
			      fee > 0 ? &order->shipping_cost : &order->voucher, e) < 0)
			return -1;
	}
	return 1;
}

/* ---- an order ---- */

enum fate { OPEN, PAID, SHIPPED, CANCELLED, DRAFT };

static enum fate fate_of(const struct reading *r)
{
	static const struct {
		const char *status;
		enum fate fate;
	} known[] = {
		{"pending", OPEN},	 {"on-hold", OPEN},	    {"processing", PAID},
		{"completed", SHIPPED},	 {"cancelled", CANCELLED},  {"failed", CANCELLED},
		{"trash", CANCELLED},	 {"checkout-draft", DRAFT}, {"auto-draft", DRAFT},
		{"refunded", CANCELLED},
	};
	struct slice status = text(r, r->object, "status");
	/* What was sent before it was refunded is gone. */
	if (slice_eq(status, SLICE("refunded")) && text(r, r->object, "date_completed").len)
		return SHIPPED;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (slice_eq_nocase(status, slice_str(known[i].status)))
			return known[i].fate;
	draft_remark(r->d, "the status \"%.*s\" is unknown and taken as pending",
		     SLICE_ARG(slice_sub(status, 0, 40)));
	return OPEN;
}

static void note_refund(const struct reading *r, const struct json *refund, struct slice sum)
{
	while (slice_starts(sum, SLICE("-")))
		sum = slice_sub(sum, 1, sum.len);
	draft_note(r->d, "Refunded in the shop: %.*s %.*s (refund %.*s)", SLICE_ARG(sum),
		   SLICE_ARG(text(r, refund, "reason")), SLICE_ARG(text(r, refund, "id")));
}

static void read_notes(const struct reading *r)
{
	const struct json *refunds = member_of(r->object, "refunds");
	struct slice paid = text(r, r->object, "date_paid_gmt");
	draft_note(r->d, "%.*s", SLICE_ARG(text(r, r->object, "customer_note")));
	if (r->d->paid && paid.len)
		draft_note(r->d, "Paid in the shop: %.*s, %.*s %.*s", SLICE_ARG(paid),
			   SLICE_ARG(text(r, r->object, "payment_method_title")),
			   SLICE_ARG(text(r, r->object, "transaction_id")));
	for (const struct json *one = refunds ? refunds->first : NULL; one; one = one->next)
		note_refund(r, one, text(r, one, "total"));
}

static void read_ids(const struct reading *r)
{
	struct slice id = text(r, r->object, "id"), number = text(r, r->object, "number");
	draft_order_id(r->d, "order", id);
	if (!slice_eq(number, id))
		draft_order_id(r->d, "number", number);
}

static int read_order(struct reading *r, struct err *e)
{
	struct draft *d = r->d;
	Rec__Order *order = draft_order(d);
	enum fate fate = fate_of(r);
	struct slice method = text(r, r->object, "payment_method");
	struct slice when = text(r, r->object, "date_created_gmt");
	if (fate == DRAFT)
		return 0;
	r->currency = text(r, r->object, "currency");
	r->gross = member_true(r->object, "prices_include_tax");
	if (!text(r, r->object, "id").len)
		return err_set(e, ERR_INPUT, "the order has no id");
	read_ids(r);
	order->currency = draft_text(d->arena, r->currency);
	order->payment_type = draft_payment_type(d->arena, method);
	d->cancelled = fate == CANCELLED;
	d->paid = fate == PAID || fate == SHIPPED || text(r, r->object, "date_paid").len > 0;
	if (draft_time(when.len ? when : text(r, r->object, "date_created"), &order->ordered_at,
		       e) < 0 ||
	    read_lines(r, fate == SHIPPED, e) < 0 || read_charges(r, e) < 0 ||
	    amount(r, r->object, "total", &d->total, e) < 0)
		return -1;
	d->has_total = text(r, r->object, "total").len > 0;
	read_people(r);
	read_notes(r);
	return draft_finish(d, !r->gross, e);
}

/* ---- the others ---- */

static int read_customer(const struct reading *r)
{
	struct draft *d = r->d;
	Rec__Customer *customer = draft_customer(d);
	Rec__Address *billing = read_address(r, "billing"), *shipping = read_address(r, "shipping");
	Rec__Address *const both[] = {billing, shipping};
	draft_email(d, text(r, r->object, "email"));
	read_customer_id(r, text(r, r->object, "id"));
	find_vat_id(r);
	customer->name = member_name(d, r->object);
	if (!customer->name[0])
		customer->name = billing->name;
	customer->company = billing->company;
	customer->phone = billing->phone;
	customer->addresses = ARENA_ARRAY(d->arena, 2, Rec__Address *);
	for (size_t i = 0; i < 2; i++) {
		if (draft_address_empty(both[i]))
			continue;
		both[i]->roles = ARENA_ARRAY(d->arena, 1, Rec__AddressRole);
		both[i]->roles[both[i]->n_roles++] = i ? REC__ADDRESS_ROLE__ADDRESS_ROLE_DELIVERY
						       : REC__ADDRESS_ROLE__ADDRESS_ROLE_BILLING;
		customer->addresses[customer->n_addresses++] = both[i];
	}
	return 1;
}

/* The order stands at the end of a link: …/orders/723 */
static int read_refund(const struct reading *r, struct err *e)
{
	const struct json *links = member_of(r->object, "_links");
	const struct json *up = member_of(links, "up");
	struct slice href = text(r, up ? up->first : NULL, "href");
	struct slice parent = text(r, r->object, "parent_id");
	size_t begin = href.len;
	while (begin > 0 && href.ptr[begin - 1] != '/')
		begin--;
	if (!parent.len || slice_eq(parent, SLICE("0")))
		parent = slice_sub(href, begin, href.len);
	if (!parent.len)
		return err_set(e, ERR_INPUT, "the refund does not say of which order it is");
	r->d->refund_of = draft_text(r->d->arena, parent);
	note_refund(r, r->object, text(r, r->object, "amount"));
	return 1;
}

static int read_product(const struct reading *r, struct err *e)
{
	struct draft *d = r->d;
	struct slice class = text(r, r->object, "tax_class"), stock;
	Rec__Item *item = d->item = ARENA_NEW(d->arena, Rec__Item);
	char *sku = draft_text(d->arena, text(r, r->object, "sku"));
	rec__item__init(item);
	item->sku = sku[0] ? sku
			   : arena_printf(d->arena, "product-%.*s",
					  SLICE_ARG(text(r, r->object, "id")));
	item->name = draft_text(d->arena, text(r, r->object, "name"));
	/* Products have the shop's own currency, which two decimals fit until it is known. */
	if (import_amount(text(r, r->object, "price"), SLICE("EUR"), false, &item->price, e) < 0)
		return err_prefix(e, "price");
	item->vat_class =
		arena_str(d->arena, slice_starts(class, SLICE("reduced")) ? SLICE("reduced")
				    : slice_starts(class, SLICE("zero"))  ? SLICE("zero")
									  : SLICE("standard"));
	item->inactive = slice_eq(text(r, r->object, "status"), SLICE("trash"));
	stock = text(r, r->object, "stock_quantity");
	d->stock = stock.len && slice_i64(stock, &item->on_hand) && item->on_hand > 0;
	if (!d->stock)
		item->on_hand = 0;
	return 1;
}

static bool has(const struct json *object, const char *name)
{
	return json_get(object, slice_str(name)) != NULL;
}

static int read_element(const struct json *element, struct draft *d, struct err *e)
{
	struct reading r = {.object = element, .d = d};
	if (has(element, "line_items") && has(element, "billing"))
		return read_order(&r, e);
	if (has(element, "refunded_by") || (has(element, "amount") && has(element, "reason")))
		return read_refund(&r, e);
	if (has(element, "email") && has(element, "billing"))
		return read_customer(&r);
	if (has(element, "sku") && has(element, "tax_class"))
		return read_product(&r, e);
	return err_set(e, ERR_INPUT, "this is no order, refund, customer or product");
}

static const char *const lists[] = {"orders", "customers", "products", "create", "update", NULL};

const struct json_format woo_json = {
	.channel = "woocommerce",
	.lists = lists,
	.read = read_element,
};
