/* SPDX-License-Identifier: ISC */
#include "order_mail_hand.h"

#include <string.h>

struct hand_line {
	struct slice sku, title, variant, url, note;
	int64_t quantity, unit_price, line_total, discount;
	bool discounted, shipped;
};

struct hand_mail {
	struct slice shop, shop_email, shop_address, first_name, last_name;
	struct slice number, created_at, payment, subject, agent, unsubscribe_url;
	struct slice carrier, tracking_url, tracking_number;
	int64_t subtotal, discount, shipping, tax, total, ticket;
	bool vip, has_tracking;
	size_t n_lines, n_address;
	struct hand_line *lines;
	struct slice *address;
};

/* ---- filling ---- */

static int64_t number_of(const struct json *object, const char *name)
{
	const struct json *n = json_get(object, slice_str(name));
	return n && n->kind == JSON_INTEGER ? n->integer : 0;
}

static bool is_true(const struct json *object, const char *name)
{
	const struct json *b = json_get(object, slice_str(name));
	return b && b->kind == JSON_BOOL && b->boolean;
}

static void fill_lines(struct hand_mail *mail, struct arena *a, const struct json *items)
{
	mail->lines = ARENA_ARRAY(a, items->count, struct hand_line);
	for (const struct json *item = items->first; item; item = item->next)
		mail->lines[mail->n_lines++] = (struct hand_line){
			.sku = json_get_string(item, "sku"),
			.title = json_get_string(item, "title"),
			.variant = json_get_string(item, "variant"),
			.url = json_get_string(item, "url"),
			.note = json_get_string(item, "note"),
			.quantity = number_of(item, "quantity"),
			.unit_price = number_of(item, "unit_price"),
			.line_total = number_of(item, "line_total"),
			.discount = number_of(item, "discount"),
			.discounted = is_true(item, "discounted"),
			.shipped = is_true(item, "shipped"),
		};
}

static void fill_order(struct hand_mail *mail, struct arena *a, const struct json *order)
{
	const struct json *tracking = json_get(order, SLICE("tracking"));
	const struct json *address = json_get(order, SLICE("shipping_address"));
	mail->number = json_get_string(order, "number");
	mail->created_at = json_get_string(order, "created_at");
	mail->payment = json_get_string(order, "payment");
	mail->subtotal = number_of(order, "subtotal");
	mail->discount = number_of(order, "discount");
	mail->shipping = number_of(order, "shipping");
	mail->tax = number_of(order, "tax");
	mail->total = number_of(order, "total");
	mail->has_tracking = tracking && tracking->kind == JSON_OBJECT;
	mail->carrier = json_get_string(tracking, "carrier");
	mail->tracking_url = json_get_string(tracking, "url");
	mail->tracking_number = json_get_string(tracking, "number");
	mail->address = ARENA_ARRAY(a, address->count, struct slice);
	for (const struct json *line = address->first; line; line = line->next)
		mail->address[mail->n_address++] = line->string;
	fill_lines(mail, a, json_get(order, SLICE("items")));
}

struct hand_mail *hand_mail_new(struct arena *a, const struct json *data)
{
	const struct json *shop = json_get(data, SLICE("shop"));
	const struct json *customer = json_get(data, SLICE("customer"));
	const struct json *ticket = json_get(data, SLICE("ticket"));
	struct hand_mail *mail = ARENA_NEW(a, struct hand_mail);
	mail->shop = json_get_string(shop, "name");
	mail->shop_email = json_get_string(shop, "email");
	mail->shop_address = json_get_string(shop, "address");
	mail->first_name = json_get_string(customer, "first_name");
	mail->last_name = json_get_string(customer, "last_name");
	mail->vip = is_true(customer, "vip");
	mail->ticket = number_of(ticket, "id");
	mail->subject = json_get_string(ticket, "subject");
	mail->agent = json_get_string(ticket, "agent");
	mail->unsubscribe_url = json_get_string(data, "unsubscribe_url");
	fill_order(mail, a, json_get(data, SLICE("order")));
	return mail;
}

/* ---- writing ---- */

#define PUT(out, literal)                                                                          \
	do {                                                                                       \
		memcpy(out, "" literal "", sizeof(literal) - 1);                                   \
		(out) += sizeof(literal) - 1;                                                      \
	} while (0)

static char *put_escaped(char *out, struct slice s)
{
	static const unsigned char entity_of[256] = {
		['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5,
	};
	static const struct slice entities[] = {
		{"", 0}, {"&amp;", 5}, {"&lt;", 4}, {"&gt;", 4}, {"&quot;", 6}, {"&#39;", 5},
	};
	for (const char *p = s.ptr, *end = p + s.len; p < end; p++) {
		unsigned char which = entity_of[(unsigned char)*p];
		if (!which) {
			*out++ = *p;
			continue;
		}
		memcpy(out, entities[which].ptr, entities[which].len);
		out += entities[which].len;
	}
	return out;
}

static char *put_integer(char *out, uint64_t n)
{
	char digits[20];
	size_t at = sizeof(digits);
	do
		digits[--at] = (char)('0' + n % 10);
	while (n /= 10);
	memcpy(out, digits + at, sizeof(digits) - at);
	return out + sizeof(digits) - at;
}

/* "1,234.50 EUR", in the sign. */
static char *put_money(char *out, int64_t amount)
{
	char text[32];
	char *p = text + sizeof(text);
	uint64_t n = (uint64_t)amount, whole = n / 100;
	unsigned cents = (unsigned)(n % 100);
	*--p = (char)('0' + cents % 10);
	*--p = (char)('0' + cents / 10);
	*--p = '.';
	for (; whole >= 1000; whole /= 1000) {
		unsigned three = (unsigned)(whole % 1000);
		*--p = (char)('0' + three % 10);
		*--p = (char)('0' + three / 10 % 10);
		*--p = (char)('0' + three / 100);
		*--p = ',';
	}
	do
		*--p = (char)('0' + whole % 10);
	while (whole /= 10);
	size_t len = (size_t)(text + sizeof(text) - p);
	memcpy(out, p, len);
	out += len;
	PUT(out, " \xE2\x82\xAC");
	return out;
}

/* "2026-03-14T…" as "14 March 2026". */
static char *put_date(char *out, struct slice date)
{
	static const struct slice months[] = {
		{"January", 7},	  {"February", 8}, {"March", 5},    {"April", 5},
		{"May", 3},	  {"June", 4},	   {"July", 4},	    {"August", 6},
		{"September", 9}, {"October", 7},  {"November", 8}, {"December", 8},
	};
	unsigned month = (unsigned)((date.ptr[5] - '0') * 10 + date.ptr[6] - '0');
	const struct slice *name = &months[(month - 1) % 12];
	memcpy(out, date.ptr + 8, 2);
	out[2] = ' ';
	memcpy(out + 3, name->ptr, name->len);
	out += 3 + name->len;
	*out++ = ' ';
	memcpy(out, date.ptr, 4);
	return out + 4;
}

static char *put_head(char *out, const struct hand_mail *mail)
{
	PUT(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
		 "<meta name=\"viewport\" content=\"width=device-width\"><title>");
	out = put_escaped(out, mail->shop);
	PUT(out, ": order ");
	out = put_escaped(out, mail->number);
	PUT(out, "</title>\n<style>body{margin:0;background:#f4f4f5;font:16px/1.5 Helvetica,Arial,"
		 "sans-serif;color:#222}table{border-collapse:collapse}.w{width:600px;margin:0 "
		 "auto;background:#fff}td{padding:8px 12px;vertical-align:top}.r{text-align:right}"
		 ".s{color:#777;font-size:13px}@media (prefers-color-scheme:dark){body{"
		 "background:#111;color:#eee}.w{background:#1b1b1b}}</style></head>\n<body><table "
		 "class=\"w\" role=\"presentation\"><tr><td colspan=\"4\"><h1 style=\"margin:16px "
		 "0;font-size:24px\">");
	out = put_escaped(out, mail->shop);
	PUT(out, "</h1>\n<p>Dear ");
	out = put_escaped(out, mail->first_name);
	PUT(out, " ");
	out = put_escaped(out, mail->last_name);
	PUT(out, ",</p>\n");
	if (mail->vip)
		PUT(out, "<p>Thank you for being one of our regular customers. ");
	if (mail->ticket) {
		PUT(out, "<p>You wrote to us about &ldquo;");
		out = put_escaped(out, mail->subject);
		PUT(out, "&rdquo; (ticket ");
		out = put_integer(out, (uint64_t)mail->ticket);
		PUT(out, ").</p>");
	}
	PUT(out, "\n<p>Here is what we know about your order <b>");
	out = put_escaped(out, mail->number);
	PUT(out, "</b> of ");
	out = put_date(out, mail->created_at);
	PUT(out, ".</p></td></tr>\n<tr style=\"background:#fafafa\"><th>Article</th><th "
		 "class=\"r\">Qty</th><th class=\"r\">Price</th><th class=\"r\">Total</th></tr>\n");
	return out;
}

static char *put_line(char *out, const struct hand_line *line, size_t index, bool last)
{
	PUT(out, "<tr");
	if (last)
		PUT(out, " style=\"border-bottom:1px solid #ccc\"");
	PUT(out, "><td>");
	out = put_integer(out, index);
	PUT(out, ". <a href=\"");
	out = put_escaped(out, line->url);
	PUT(out, "\">");
	out = put_escaped(out, line->title);
	PUT(out, "</a>");
	if (line->variant.ptr) {
		PUT(out, "<br><span class=\"s\">");
		out = put_escaped(out, line->variant);
		PUT(out, "</span>");
	}
	PUT(out, "<br><span class=\"s\">");
	out = put_escaped(out, line->sku);
	PUT(out, "</span>");
	if (line->note.ptr) {
		PUT(out, "<br><i>");
		out = put_escaped(out, line->note);
		PUT(out, "</i>");
	}
	PUT(out, "<br>");
	if (line->shipped)
		PUT(out, "<span style=\"color:#0a0\">shipped</span>");
	else
		PUT(out, "<span style=\"color:#a60\">being packed</span>");
	PUT(out, "</td>\n<td class=\"r\">");
	out = put_integer(out, (uint64_t)line->quantity);
	PUT(out, "</td><td class=\"r\">");
	out = put_money(out, line->unit_price);
	PUT(out, "</td><td class=\"r\">");
	out = put_money(out, line->line_total);
	if (line->discounted) {
		PUT(out, "<br><span class=\"s\">&minus;");
		out = put_money(out, line->discount);
		PUT(out, "</span>");
	}
	PUT(out, "</td></tr>\n");
	return out;
}

static char *put_totals(char *out, const struct hand_mail *mail)
{
	PUT(out, "<tr><td colspan=\"3\" class=\"r\">Subtotal</td><td class=\"r\">");
	out = put_money(out, mail->subtotal);
	PUT(out, "</td></tr>\n");
	if (mail->discount > 0) {
		PUT(out, "<tr><td colspan=\"3\" class=\"r\">Discount</td><td "
			 "class=\"r\">&minus;");
		out = put_money(out, mail->discount);
		PUT(out, "</td></tr>\n");
	}
	PUT(out, "<tr><td colspan=\"3\" class=\"r\">Shipping</td><td class=\"r\">");
	if (mail->shipping)
		out = put_money(out, mail->shipping);
	else
		PUT(out, "free");
	PUT(out, "</td></tr>\n<tr><td colspan=\"3\" class=\"r\">VAT included</td><td "
		 "class=\"r\">");
	out = put_money(out, mail->tax);
	PUT(out, "</td></tr>\n<tr><td colspan=\"3\" class=\"r\"><b>Total</b></td><td "
		 "class=\"r\"><b>");
	out = put_money(out, mail->total);
	PUT(out, "</b></td></tr>\n");
	return out;
}

static char *put_foot(char *out, const struct hand_mail *mail)
{
	PUT(out, "<tr><td colspan=\"4\"><p>Paid by ");
	out = put_escaped(out, mail->payment);
	PUT(out, ".</p><p>Ship to:<br>");
	for (size_t i = 0; i < mail->n_address; i++) {
		out = put_escaped(out, mail->address[i]);
		PUT(out, "<br>");
	}
	PUT(out, "</p>\n");
	if (mail->has_tracking) {
		PUT(out, "<p>");
		out = put_escaped(out, mail->carrier);
		PUT(out, " parcel <a href=\"");
		out = put_escaped(out, mail->tracking_url);
		PUT(out, "\">");
		out = put_escaped(out, mail->tracking_number);
		PUT(out, "</a></p>");
	} else {
		PUT(out, "<p>We will send you the tracking number as soon as it leaves us.</p>");
	}
	PUT(out, "\n<p>Kind regards,<br>");
	out = put_escaped(out, mail->agent);
	PUT(out, ", ");
	out = put_escaped(out, mail->shop);
	PUT(out, "</p></td></tr>\n<tr><td colspan=\"4\" class=\"s\">");
	out = put_escaped(out, mail->shop_address);
	PUT(out, " &middot; <a href=\"mailto:");
	out = put_escaped(out, mail->shop_email);
	PUT(out, "\">");
	out = put_escaped(out, mail->shop_email);
	PUT(out, "</a> &middot; <a href=\"");
	out = put_escaped(out, mail->unsubscribe_url);
	PUT(out, "\">unsubscribe</a></td></tr></table></body></html>\n");
	return out;
}

size_t hand_mail_render(const struct hand_mail *mail, char *out)
{
	char *p = put_head(out, mail);
	for (size_t i = 0; i < mail->n_lines; i++)
		p = put_line(p, &mail->lines[i], i + 1, i + 1 == mail->n_lines);
	p = put_totals(p, mail);
	return (size_t)(put_foot(p, mail) - out);
}
