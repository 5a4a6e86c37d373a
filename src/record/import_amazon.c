/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "import_table.h"

/*
 * Amazon's order reports: tab-separated, unquoted, a row an item.  Two families
 * of columns, of which a file has one: unshipped and paid orders for the
 * warehouse (order-id …), and all orders for the books (amazon-order-id …).
 */
static const char *const columns[] = {
	"order-id",
	"order-item-id",
	"purchase-date",
	"payments-date",
	"reporting-date",
	"promise-date",
	"days-past-promise",
	"buyer-email",
	"buyer-name",
	"buyer-phone-number",
	"sku",
	"product-name",
	"quantity-purchased",
	"quantity-shipped",
	"quantity-to-ship",
	"currency",
	"item-price",
	"item-tax",
	"shipping-price",
	"shipping-tax",
	"gift-wrap-price",
	"gift-wrap-tax",
	"ship-service-level",
	"ship-service-name",
	"recipient-name",
	"ship-address-1",
	"ship-address-2",
	"ship-address-3",
	"ship-city",
	"ship-state",
	"ship-postal-code",
	"ship-country",
	"ship-phone-number",
	"bill-address-1",
	"bill-address-2",
	"bill-address-3",
	"bill-city",
	"bill-state",
	"bill-postal-code",
	"bill-country",
	"item-promotion-discount",
	"item-promotion-id",
	"ship-promotion-discount",
	"ship-promotion-id",
	"delivery-start-date",
	"delivery-end-date",
	"delivery-time-zone",
	"delivery-Instructions",
	"sales-channel",
	"order-channel",
	"order-channel-instance",
	"earliest-ship-date",
	"latest-ship-date",
	"earliest-delivery-date",
	"latest-delivery-date",
	"is-business-order",
	"purchase-order-number",
	"price-designation",
	"buyer-company-name",
	"buyer-vat-number",
	"buyer-tax-registration-id",
	"customized-url",
	"customized-page",
	"is-replacement-order",
	"replaced-order-id",
	"original-order-id",
	"is-sold-by-ab",
	"is-prime",
	"is-premium-order",
	"fulfilled-by",
	"licensee-name",
	"license-number",
	"license-state",
	"license-expiration-date",
	"payment-method-details",
	"cod-collectible-amount",
	"already-paid",
	"payment-method-fee",
	"amazon-order-id",
	"merchant-order-id",
	"last-updated-date",
	"order-status",
	"fulfillment-channel",
	"url",
	"asin",
	"item-status",
	"item-extensions-data",
	"quantity",
	"promotion-ids",
	"shipment-status",
	NULL,
};

static const char *const keys[] = {"order-id", "amazon-order-id", NULL};

struct reading {
	const struct table_row *rows;
	size_t n;
	struct draft *d;
	struct slice currency;
	bool inclusive; /* prices contain their tax */
	int64_t shipping, total;
};

/* Of the two families the one that is there. */
static struct slice either(const struct table_row *row, const char *one, const char *other)
{
	struct slice value = table_value(row, one);
	return value.len ? value : table_value(row, other);
}

static int amount(const struct reading *r, const struct table_row *row, const char *column,
		  int64_t *value, struct err *e)
{
	int got = import_amount(table_value(row, column), r->currency, true, value, e);
	if (got < 0)
		return err_prefix(e, "%s", column);
	/* Some reports write a discount as a negative number. */
	*value = *value < 0 ? -*value : *value;
	return 1;
}

/* Only where a sale is taxed on top of its price does Amazon list prices without. */
static bool is_inclusive(const struct table_row *row, struct slice currency)
{
	struct slice channel = table_value(row, "sales-channel");
	if (slice_eq_nocase(channel, SLICE("Amazon.com")) ||
	    slice_eq_nocase(channel, SLICE("Amazon.ca")))
		return false;
	return channel.len || (!slice_eq_nocase(currency, SLICE("USD")) &&
			       !slice_eq_nocase(currency, SLICE("CAD")));
}

static Rec__Address *read_address(struct reading *r, const char *side)
{
	struct arena *a = r->d->arena;
	const struct table_row *row = &r->rows[0];
	Rec__Address *address = draft_address(a);
	char name[32];
#define OF(field) (snprintf(name, sizeof(name), "%s-" field, side), name)
	draft_address_line(a, address, table_value(row, OF("address-1")));
	draft_address_line(a, address, table_value(row, OF("address-2")));
	draft_address_line(a, address, table_value(row, OF("address-3")));
	address->city = draft_text(a, table_value(row, OF("city")));
	address->region = draft_text(a, table_value(row, OF("state")));
	address->postcode = draft_text(a, table_value(row, OF("postal-code")));
	draft_country(r->d, address, table_value(row, OF("country")));
#undef OF
	return address;
}

/* Who has no address of his own in the file is known by his order alone. */
static void read_people(struct reading *r, struct slice id)
{
	struct draft *d = r->d;
	struct arena *a = d->arena;
	const struct table_row *row = &r->rows[0];
	Rec__Customer *customer = draft_customer(d);
	Rec__Address *billing = read_address(r, "bill"), *shipping = read_address(r, "ship");
	shipping->name = draft_text(a, table_value(row, "recipient-name"));
	shipping->phone = draft_text(a, table_value(row, "ship-phone-number"));
	if (billing->n_lines)
		billing->name = draft_text(a, table_value(row, "buyer-name"));
	draft_addresses(d, billing, shipping);
	draft_email(d, table_value(row, "buyer-email"));
	customer->name = draft_text(a, either(row, "buyer-name", "recipient-name"));
	customer->company = draft_text(a, table_value(row, "buyer-company-name"));
	customer->vat_id = draft_text(a, table_value(row, "buyer-vat-number"));
	customer->phone = draft_text(a, either(row, "buyer-phone-number", "ship-phone-number"));
	if (!customer->n_emails)
		draft_customer_id(d, slice_str(arena_printf(a, "order:%.*s", SLICE_ARG(id))));
}

static Rec__LineState state_of(struct reading *r, const struct table_row *row)
{
	struct slice status = either(row, "order-status", "shipment-status");
	if (slice_starts_nocase(status, SLICE("shipped")))
		return REC__LINE_STATE__LINE_STATE_AUS;
	if (slice_eq_nocase(table_value(row, "item-status"), SLICE("cancelled")))
		return REC__LINE_STATE__LINE_STATE_STO;
	/* Amazon's own warehouse sends it: ours must not. */
	if (!slice_eq_nocase(table_value(row, "fulfillment-channel"), SLICE("Amazon")))
		return REC__LINE_STATE__LINE_STATE_NONE;
	r->d->order->provider = arena_str(r->d->arena, SLICE("amazon"));
	return REC__LINE_STATE__LINE_STATE_FUT;
}

/* item-price is of all pieces. */
static int read_line(struct reading *r, const struct table_row *row, struct err *e)
{
	int64_t price, tax, wrap, wrap_tax, shipping, shipping_tax, off;
	struct draft_line *line = draft_line(r->d, e);
	if (!line ||
	    draft_quantity(either(row, "quantity-purchased", "quantity"), &line->line->quantity,
			   e) < 0 ||
	    amount(r, row, "item-price", &price, e) < 0 ||
	    amount(r, row, "item-tax", &tax, e) < 0 ||
	    amount(r, row, "gift-wrap-price", &wrap, e) < 0 ||
	    amount(r, row, "gift-wrap-tax", &wrap_tax, e) < 0 ||
	    amount(r, row, "shipping-price", &shipping, e) < 0 ||
	    amount(r, row, "shipping-tax", &shipping_tax, e) < 0 ||
	    amount(r, row, "item-promotion-discount", &line->discount, e) < 0 ||
	    amount(r, row, "ship-promotion-discount", &off, e) < 0)
		return -1;
	line->line->name = draft_text(r->d->arena, table_value(row, "product-name"));
	line->line->sku = draft_text(r->d->arena, either(row, "sku", "asin"));
	line->line->state = state_of(r, row);
	line->line->vat_rate = draft_rate_of(tax, r->inclusive ? price - tax : price, 1);
	line->amount = price + (r->inclusive ? 0 : tax);
	shipping += wrap + (r->inclusive ? 0 : shipping_tax + wrap_tax);
	r->shipping += shipping > off ? shipping - off : 0;
	return 1;
}

static int read_state(struct reading *r, struct err *e)
{
	const struct table_row *row = &r->rows[0];
	struct draft *d = r->d;
	struct slice status = table_value(row, "order-status");
	if (draft_time(table_value(row, "purchase-date"), &d->order->ordered_at, e) < 0)
		return -1;
	d->cancelled = slice_starts_nocase(status, SLICE("cancelled"));
	/* Amazon collects the money; only what it has not looked at yet is pending. */
	d->paid = !slice_starts_nocase(status, SLICE("pending"));
	d->order->urgent = slice_eq_nocase(table_value(row, "is-prime"), SLICE("true"));
	draft_note(d, "%.*s", SLICE_ARG(table_value(row, "delivery-Instructions")));
	return 1;
}

static int read_order(const struct table_row *rows, size_t n, struct draft *d, struct err *e)
{
	struct reading r = {
		.rows = rows, .n = n, .d = d, .currency = table_value(&rows[0], "currency")};
	struct slice id = either(&rows[0], "order-id", "amazon-order-id");
	Rec__Order *order = draft_order(d);
	/* A cancelled order has neither currency nor prices in the second family. */
	if (!r.currency.len)
		return err_set(e, ERR_INPUT,
			       "the order has no currency (it was cancelled before "
			       "it was paid)");
	r.inclusive = is_inclusive(&rows[0], r.currency);
	draft_order_id(d, "order", id);
	order->currency = draft_text(d->arena, r.currency);
	order->payment_type = arena_str(d->arena, SLICE("marketplace"));
	order->shipping_vendor = draft_text(d->arena, table_value(&rows[0], "ship-service-level"));
	for (size_t i = 0; i < n; i++)
		if (read_line(&r, &rows[i], e) < 0)
			return -1;
	order->shipping_cost = r.shipping;
	read_people(&r, id);
	if (read_state(&r, e) < 0)
		return -1;
	return draft_finish(d, false, e);
}

const struct table_format amazon_table = {
	.separator = '\t',
	.columns = columns,
	.keys = keys,
	.channel = "amazon",
	.read = read_order,
};
