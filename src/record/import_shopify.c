/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "import_table.h"

/* Shopify's export of orders: a row a line item, order fields on the first row only. */
static const char *const columns[] = {
	"Name",
	"Email",
	"Financial Status",
	"Paid at",
	"Fulfillment Status",
	"Fulfilled at",
	"Accepts Marketing",
	"Currency",
	"Subtotal",
	"Shipping",
	"Taxes",
	"Total",
	"Discount Code",
	"Discount Amount",
	"Shipping Method",
	"Created at",
	"Lineitem quantity",
	"Lineitem name",
	"Lineitem price",
	"Lineitem compare at price",
	"Lineitem sku",
	"Lineitem requires shipping",
	"Lineitem taxable",
	"Lineitem fulfillment status",
	"Billing Name",
	"Billing Street",
	"Billing Address1",
	"Billing Address2",
	"Billing Company",
	"Billing City",
	"Billing Zip",
	"Billing Province",
	"Billing Country",
	"Billing Phone",
	"Shipping Name",
	"Shipping Street",
	"Shipping Address1",
	"Shipping Address2",
	"Shipping Company",
	"Shipping City",
	"Shipping Zip",
	"Shipping Province",
	"Shipping Country",
	"Shipping Phone",
	"Notes",
	"Note Attributes",
	"Cancelled at",
	"Payment Method",
	"Payment Reference",
	"Refunded Amount",
	"Vendor",
	"Outstanding Balance",
	"Employee",
	"Location",
	"Device ID",
	"Id",
	"Tags",
	"Risk Level",
	"Source",
	"Lineitem discount",
	"Tax 1 Name",
	"Tax 1 Value",
	"Tax 2 Name",
	"Tax 2 Value",
	"Tax 3 Name",
	"Tax 3 Value",
	"Tax 4 Name",
	"Tax 4 Value",
	"Tax 5 Name",
	"Tax 5 Value",
	"Phone",
	"Receipt Number",
	"Duties",
	"Billing Province Name",
	"Shipping Province Name",
	"Payment ID",
	"Payment Terms Name",
	"Next Payment Due At",
	"Payment References",
	NULL,
};

static const char *const keys[] = {"Name", "Id", NULL};

/* What the first row says of the order's money. */
struct figures {
	int64_t subtotal, shipping, taxes, total, discount;
	bool has_subtotal, has_total;
};

struct reading {
	const struct table_row *rows;
	size_t n;
	struct draft *d;
	struct slice currency;
	struct figures f;
};

static int amount(const struct reading *r, const struct table_row *row, const char *column,
		  int64_t *value, struct err *e)
{
	int got = import_amount(table_value(row, column), r->currency, false, value, e);
	return got < 0 ? err_prefix(e, "%s", column) : got;
}

static int read_figures(struct reading *r, struct err *e)
{
	const struct table_row *first = &r->rows[0];
	struct figures *f = &r->f;
	int subtotal = amount(r, first, "Subtotal", &f->subtotal, e);
	int total = subtotal < 0 ? -1 : amount(r, first, "Total", &f->total, e);
	if (total < 0 || amount(r, first, "Shipping", &f->shipping, e) < 0 ||
	    amount(r, first, "Taxes", &f->taxes, e) < 0 ||
	    amount(r, first, "Discount Amount", &f->discount, e) < 0)
		return -1;
	f->has_subtotal = subtotal > 0;
	f->has_total = total > 0;
	return 1;
}

/* "'75008": so that a spreadsheet keeps its zeros. */
static struct slice zip(const struct table_row *row, const char *column)
{
	struct slice value = table_value(row, column);
	return slice_starts(value, SLICE("'")) ? slice_sub(value, 1, value.len) : value;
}

static Rec__Address *read_address(struct reading *r, const char *side)
{
	struct arena *a = r->d->arena;
	const struct table_row *row = &r->rows[0];
	Rec__Address *address = draft_address(a);
	char name[32];
#define OF(field) (snprintf(name, sizeof(name), "%s " field, side), name)
	address->name = draft_text(a, table_value(row, OF("Name")));
	address->company = draft_text(a, table_value(row, OF("Company")));
	draft_address_line(a, address, table_value(row, OF("Address1")));
	draft_address_line(a, address, table_value(row, OF("Address2")));
	if (!address->n_lines)
		draft_address_line(a, address, table_value(row, OF("Street")));
	address->postcode = draft_text(a, zip(row, OF("Zip")));
	address->city = draft_text(a, table_value(row, OF("City")));
	address->region = draft_text(a, table_value(row, OF("Province Name")));
	if (!address->region[0])
		address->region = draft_text(a, table_value(row, OF("Province")));
	draft_country(r->d, address, table_value(row, OF("Country")));
	address->phone = draft_text(a, table_value(row, OF("Phone")));
#undef OF
	return address;
}

static void read_people(struct reading *r)
{
	const struct table_row *row = &r->rows[0];
	struct draft *d = r->d;
	Rec__Customer *customer = draft_customer(d);
	Rec__Address *billing = read_address(r, "Billing"), *shipping = read_address(r, "Shipping");
	draft_addresses(d, billing, shipping);
	draft_email(d, table_value(row, "Email"));
	customer->name = billing->name[0] ? billing->name : shipping->name;
	customer->company = billing->company;
	customer->phone = draft_text(d->arena, table_value(row, "Phone"));
	if (!customer->phone[0])
		customer->phone = billing->phone[0] ? billing->phone : shipping->phone;
}

/*
 * The file tells taxes of the order, by name.  One holds for every taxed line;
 * several that together are the tax (state and county) are one.  Otherwise
 * nobody can tell which line bears which, and the items' own rates hold.
 */
static int read_rate(struct reading *r, int64_t taxed, bool net, int64_t *rate, struct err *e)
{
	int64_t sum = 0, one, value, base = taxed, vat;
	size_t n = 0;
	*rate = 0;
	for (int i = 1; i <= 5; i++) {
		char name[32], column[32];
		snprintf(name, sizeof(name), "Tax %d Name", i);
		snprintf(column, sizeof(column), "Tax %d Value", i);
		if (amount(r, &r->rows[0], column, &value, e) < 0)
			return -1;
		if (!value || !draft_rate_in(table_value(&r->rows[0], name), &one))
			continue;
		sum += one;
		n++;
	}
	if (n <= 1) {
		*rate = n ? sum : draft_rate_of(r->f.taxes, net ? base : base - r->f.taxes, r->n);
		return 1;
	}
	if (money_scale(base, sum, 1000000 + (net ? 0 : sum), &vat, e) < 0)
		return -1;
	int64_t slack = (int64_t)r->n + 1;
	if (vat - r->f.taxes <= slack && r->f.taxes - vat <= slack) {
		*rate = sum;
		return 1;
	}
	r->d->rates_unknown = true;
	draft_remark(r->d, "it has taxes of several rates, and the file does not say "
			   "which line bears which: the items' own rates are taken");
	return 1;
}

static int read_line(struct reading *r, const struct table_row *row, struct err *e)
{
	struct arena *a = r->d->arena;
	int64_t price;
	/* An order that is longer than a page of the export has rows without a line. */
	if (!table_value(row, "Lineitem name").len && !table_value(row, "Lineitem sku").len)
		return 1;
	struct draft_line *line = draft_line(r->d, e);
	if (!line ||
	    draft_quantity(table_value(row, "Lineitem quantity"), &line->line->quantity, e) < 0 ||
	    amount(r, row, "Lineitem price", &price, e) < 0 ||
	    amount(r, row, "Lineitem discount", &line->discount, e) < 0)
		return -1;
	line->line->name = draft_text(a, table_value(row, "Lineitem name"));
	line->line->sku = draft_text(a, table_value(row, "Lineitem sku"));
	if (!line->line->sku[0])
		line->line->sku = line->line->name;
	if (slice_eq_nocase(table_value(row, "Lineitem fulfillment status"), SLICE("fulfilled")))
		line->line->state = REC__LINE_STATE__LINE_STATE_AUS;
	return import_pieces(price, line->line->quantity, &line->amount, e);
}

static bool is_taxed(const struct table_row *row)
{
	return !slice_eq_nocase(table_value(row, "Lineitem taxable"), SLICE("false"));
}

static int read_lines(struct reading *r, bool net, struct err *e)
{
	int64_t goods = 0, taxed = r->f.shipping, rate;
	size_t before;
	for (size_t i = 0; i < r->n; i++) {
		before = r->d->n_lines;
		if (read_line(r, &r->rows[i], e) < 0)
			return -1;
		if (r->d->n_lines == before)
			continue;
		const struct draft_line *line = &r->d->lines[before];
		goods += line->amount - line->discount;
		taxed += is_taxed(&r->rows[i]) ? line->amount - line->discount : 0;
		line->line->vat_rate = is_taxed(&r->rows[i]);
	}
	/* What of the discounts is on no line is one on the order. */
	int64_t voucher = r->f.has_subtotal ? goods - r->f.subtotal : r->f.discount;
	r->d->order->voucher = voucher > 0 ? voucher : 0;
	if (read_rate(r, taxed - r->d->order->voucher, net, &rate, e) < 0)
		return -1;
	for (size_t i = 0; i < r->d->n_lines; i++)
		r->d->lines[i].line->vat_rate *= rate;
	return 1;
}

/* Prices contain their tax where goods and shipping alone make the total. */
static bool is_net(const struct figures *f)
{
	int64_t without = f->subtotal + f->shipping;
	return f->has_subtotal && f->has_total && f->taxes && f->total != without &&
	       f->total - f->taxes == without;
}

static int read_state(struct reading *r, struct err *e)
{
	const struct table_row *row = &r->rows[0];
	struct draft *d = r->d;
	struct slice status = table_value(row, "Financial Status");
	int64_t at, refunded = 0;
	if (draft_time(table_value(row, "Created at"), &d->order->ordered_at, e) < 0 ||
	    draft_time(table_value(row, "Cancelled at"), &at, e) < 0 ||
	    amount(r, row, "Refunded Amount", &refunded, e) < 0)
		return -1;
	d->cancelled = at != 0 || slice_eq_nocase(status, SLICE("voided"));
	d->paid = slice_eq_nocase(status, SLICE("paid")) ||
		  slice_eq_nocase(status, SLICE("authorized")) ||
		  slice_eq_nocase(status, SLICE("refunded")) ||
		  slice_eq_nocase(status, SLICE("partially_refunded"));
	if (d->paid && table_value(row, "Paid at").len)
		draft_note(d, "Paid in the shop: %.*s, %.*s %.*s",
			   SLICE_ARG(table_value(row, "Paid at")),
			   SLICE_ARG(table_value(row, "Payment Method")),
			   SLICE_ARG(table_value(row, "Payment Reference")));
	if (refunded)
		draft_note(d, "Refunded in the shop: %.*s %.*s",
			   SLICE_ARG(table_value(row, "Refunded Amount")), SLICE_ARG(r->currency));
	draft_note(d, "%.*s", SLICE_ARG(table_value(row, "Notes")));
	draft_note(d, "%.*s", SLICE_ARG(table_value(row, "Note Attributes")));
	return 1;
}

static void read_ids(struct reading *r)
{
	draft_order_id(r->d, "order", draft_number(table_value(&r->rows[0], "Name")));
	draft_order_id(r->d, "id", table_value(&r->rows[0], "Id"));
}

static int read_order(const struct table_row *rows, size_t n, struct draft *d, struct err *e)
{
	struct reading r = {rows, n, d, table_value(&rows[0], "Currency"), {0}};
	Rec__Order *order = draft_order(d);
	if (!r.currency.len)
		return err_set(e, ERR_INPUT, "the first row of the order has no Currency");
	if (read_figures(&r, e) < 0)
		return -1;
	read_ids(&r);
	order->currency = draft_text(d->arena, r.currency);
	order->payment_type = draft_payment_type(d->arena, table_value(&rows[0], "Payment Method"));
	order->shipping_vendor = draft_text(d->arena, table_value(&rows[0], "Shipping Method"));
	order->shipping_cost = r.f.shipping;
	d->total = r.f.total;
	d->has_total = r.f.has_total;
	read_people(&r);
	bool net = is_net(&r.f);
	if (read_lines(&r, net, e) < 0 || read_state(&r, e) < 0)
		return -1;
	return draft_finish(d, net, e);
}

const struct table_format shopify_table = {
	.separator = ',',
	.quotes = true,
	.columns = columns,
	.keys = keys,
	.channel = "shopify",
	.read = read_order,
};
