/* SPDX-License-Identifier: ISC */
#include "import_draft.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>

#include "mail/envelope.h"
#include "record/vat.h"

#define TEXT_MAX 1000	/* code points of a field */
#define NOTE_MAX 4000	/* of a comment */
#define LINES_MAX 2000	/* of an order */
#define ORDER_IDS_MAX 2 /* that one system has for it */

void draft_init(struct draft *d, struct arena *a, uint64_t line, const char *channel)
{
	*d = (struct draft){.arena = a, .line = line, .channel = channel};
}

Rec__Order *draft_order(struct draft *d)
{
	if (d->order)
		return d->order;
	d->order = ARENA_NEW(d->arena, Rec__Order);
	rec__order__init(d->order);
	d->order->channel = arena_str(d->arena, slice_str(d->channel));
	return d->order;
}

Rec__Customer *draft_customer(struct draft *d)
{
	if (d->customer)
		return d->customer;
	d->customer = ARENA_NEW(d->arena, Rec__Customer);
	rec__customer__init(d->customer);
	return d->customer;
}

struct draft_line *draft_line(struct draft *d, struct err *e)
{
	if (d->n_lines == LINES_MAX) {
		err_set(e, ERR_INPUT, "the order has more than %d lines", LINES_MAX);
		return NULL;
	}
	arena_grow(d->arena, &d->lines, d->n_lines, &d->room, sizeof(*d->lines));
	struct draft_line *line = &d->lines[d->n_lines++];
	*line = (struct draft_line){.line = ARENA_NEW(d->arena, Rec__Line)};
	rec__line__init(line->line);
	return line;
}

/* ---- texts ---- */

static char *one_line(struct arena *a, struct slice text, size_t max)
{
	struct buf out;
	buf_init(&out, 4 * max + 16);
	text_put_line(&out, text, max);
	char *copy = arena_str(a, buf_slice(&out));
	buf_release(&out);
	return copy;
}

char *draft_text(struct arena *a, struct slice text)
{
	return one_line(a, text, TEXT_MAX);
}

char *draft_join(struct arena *a, struct slice one, struct slice other)
{
	return draft_text(
		a, slice_str(arena_printf(a, "%.*s %.*s", SLICE_ARG(one), SLICE_ARG(other))));
}

void draft_note(struct draft *d, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(d->arena, format, args);
	va_end(args);
	text = one_line(d->arena, slice_str(text), NOTE_MAX);
	if (text[0] && d->n_notes < DRAFT_NOTES_MAX)
		d->notes[d->n_notes++] = slice_str(text);
}

void draft_remark(struct draft *d, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(d->arena, format, args);
	va_end(args);
	d->remark = d->remark ? arena_printf(d->arena, "%s; %s", d->remark, text) : text;
}

/* Names of ways to pay, by a part of them, and which of our usual ones they are. */
char *draft_payment_type(struct arena *a, struct slice name)
{
	static const struct {
		const char *part, *word;
	} known[] = {
		{"delivery", "cod"},
		{"cod", "cod"},
		{"paypal", "wallet"},
		{"ppcp", "wallet"},
		{"amazon", "wallet"},
		{"apple pay", "wallet"},
		{"google pay", "wallet"},
		{"klarna", "invoice"},
		{"invoice", "invoice"},
		{"bacs", "bank"},
		{"bank", "bank"},
		{"transfer", "bank"},
		{"deposit", "bank"},
		{"sofort", "bank"},
		{"stripe", "card"},
		{"card", "card"},
		{"shopify payments", "card"},
		{"authorize_net", "card"},
		{"mollie", "card"},
		{"adyen", "card"},
		{"cash", "cash"},
	};
	struct buf slug;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (slice_find_nocase(name, slice_str(known[i].part)) >= 0)
			return arena_str(a, slice_str(known[i].word));
	buf_init(&slug, 64);
	for (size_t i = 0; i < name.len && slug.len < 40; i++) {
		char c = name.ptr[i];
		bool word = isalnum((unsigned char)c) && (unsigned char)c < 0x80;
		if (word)
			buf_putc(&slug, (char)tolower((unsigned char)c));
		else if (slug.len && slug.ptr[slug.len - 1] != '-')
			buf_putc(&slug, '-');
	}
	if (slug.len && slug.ptr[slug.len - 1] == '-')
		slug.len--;
	char *copy = arena_str(a, buf_slice(&slug));
	buf_release(&slug);
	return copy;
}

static Rec__ExternalId *external(const struct draft *d, const char *kind, struct slice value)
{
	Rec__ExternalId *external = ARENA_NEW(d->arena, Rec__ExternalId);
	rec__external_id__init(external);
	external->channel = arena_str(d->arena, slice_str(d->channel));
	external->kind = arena_str(d->arena, slice_str(kind));
	external->value = draft_text(d->arena, value);
	return external;
}

struct slice draft_number(struct slice name)
{
	return slice_starts(name, SLICE("#")) ? slice_sub(name, 1, name.len) : name;
}

void draft_order_id(struct draft *d, const char *kind, struct slice value)
{
	Rec__Order *order = draft_order(d);
	if (!slice_trim(value).len)
		return;
	if (!order->external_ids)
		order->external_ids = ARENA_ARRAY(d->arena, ORDER_IDS_MAX, Rec__ExternalId *);
	assert(order->n_external_ids < ORDER_IDS_MAX);
	order->external_ids[order->n_external_ids++] = external(d, kind, value);
}

void draft_customer_id(struct draft *d, struct slice value)
{
	Rec__Customer *customer = draft_customer(d);
	if (!slice_trim(value).len)
		return;
	customer->external_ids = ARENA_ARRAY(d->arena, 1, Rec__ExternalId *);
	customer->external_ids[0] = external(d, "customer", value);
	customer->n_external_ids = 1;
}

void draft_email(struct draft *d, struct slice email)
{
	char *text = draft_text(d->arena, email);
	Rec__Customer *customer = draft_customer(d);
	if (!text[0] || customer->n_emails)
		return;
	if (!mail_addr_strict_utf8(slice_str(text))) {
		draft_remark(d, "\"%s\" is no mail address and was left out", text);
		return;
	}
	customer->emails = ARENA_ARRAY(d->arena, 1, char *);
	customer->emails[0] = text;
	customer->n_emails = 1;
}

/* ---- addresses ---- */

Rec__Address *draft_address(struct arena *a)
{
	Rec__Address *address = ARENA_NEW(a, Rec__Address);
	rec__address__init(address);
	address->lines = ARENA_ARRAY(a, 4, char *);
	return address;
}

void draft_address_line(struct arena *a, Rec__Address *address, struct slice text)
{
	char *line = draft_text(a, text);
	if (line[0] && address->n_lines < 4)
		address->lines[address->n_lines++] = line;
}

void draft_country(struct draft *d, Rec__Address *address, struct slice country)
{
	struct buf upper;
	buf_init(&upper, 64);
	text_put_upper(&upper, slice_sub(slice_trim(country), 0, 8));
	if (vat_is_country(buf_slice(&upper)))
		address->country = arena_str(d->arena, buf_slice(&upper));
	else if (slice_trim(country).len)
		draft_remark(d, "\"%s\" is no ISO 3166-1 country and was left out",
			     draft_text(d->arena, country));
	buf_release(&upper);
}

bool draft_address_empty(const Rec__Address *address)
{
	return !address->name[0] && !address->company[0] && !address->n_lines &&
	       !address->postcode[0] && !address->city[0] && !address->country[0];
}

void draft_addresses(struct draft *d, Rec__Address *billing, Rec__Address *shipping)
{
	Rec__Order *order = draft_order(d);
	bool none = draft_address_empty(billing);
	if (none && draft_address_empty(shipping))
		return;
	order->billing = none ? shipping : billing;
	order->shipping = draft_address_empty(shipping) ? billing : shipping;
}

/* ---- times, quantities, rates ---- */

/* The zone behind a time: "Z", "+0000", "+02:00", or nothing; seconds east of UTC. */
static bool zone_of(struct slice text, int64_t *offset)
{
	uint64_t hours, minutes;
	struct slice digits = slice_sub(text, 1, text.len);
	*offset = 0;
	if (!text.len || slice_eq_nocase(text, SLICE("Z")) || slice_eq_nocase(text, SLICE("UTC")))
		return true;
	if ((text.ptr[0] != '+' && text.ptr[0] != '-') || (digits.len != 4 && digits.len != 5))
		return false;
	if (digits.len == 5 && digits.ptr[2] != ':')
		return false;
	if (!slice_u64(slice_sub(digits, 0, 2), &hours) ||
	    !slice_u64(slice_sub(digits, digits.len - 2, digits.len), &minutes) || hours > 15 ||
	    minutes > 59)
		return false;
	*offset = (int64_t)(hours * 3600 + minutes * 60) * (text.ptr[0] == '-' ? -1 : 1);
	return true;
}

int draft_time(struct slice text, int64_t *at, struct err *e)
{
	char plain[32];
	int64_t offset = 0;
	text = slice_trim(text);
	*at = 0;
	if (!text.len)
		return 0;
	struct slice zone = slice_trim(slice_sub(text, 19, text.len));
	/* Fractions of a second. */
	if (zone.len && zone.ptr[0] == '.') {
		size_t digits = 1;
		while (digits < zone.len && isdigit((unsigned char)zone.ptr[digits]))
			digits++;
		zone = slice_trim(slice_sub(zone, digits, zone.len));
	}
	bool good = text.len >= 10 && zone_of(zone, &offset);
	if (good && text.len >= 19) {
		snprintf(plain, sizeof(plain), "%.10sT%.8sZ", text.ptr, text.ptr + 11);
		good = clock_parse_rfc3339(slice_str(plain), at, NULL) > 0;
	} else if (good) {
		good = text.len == 10 && clock_parse_date(text, at, NULL) > 0;
	}
	if (!good)
		return err_set(e, ERR_INPUT,
			       "\"%.*s\" is no time such as 2024-05-01 09:58:12 +0000",
			       SLICE_ARG(slice_sub(text, 0, 40)));
	*at -= offset;
	return 1;
}

int draft_quantity(struct slice text, int64_t *quantity, struct err *e)
{
	text = slice_trim(text);
	ptrdiff_t point = slice_chr(text, '.');
	struct slice decimals = slice_sub(text, point < 0 ? text.len : (size_t)point + 1, text.len);
	struct slice whole = slice_sub(text, 0, point < 0 ? text.len : (size_t)point);
	while (decimals.len && decimals.ptr[decimals.len - 1] == '0')
		decimals.len--;
	if (!decimals.len && slice_i64(whole, quantity) && *quantity > 0 && *quantity < 1000000000)
		return 1;
	return err_set(e, ERR_INPUT, "\"%.*s\" is no quantity", SLICE_ARG(slice_sub(text, 0, 40)));
}

bool draft_rate_in(struct slice text, int64_t *rate)
{
	char figure[16];
	ptrdiff_t percent = slice_chr(text, '%');
	struct slice before = slice_trim(slice_sub(text, 0, percent < 0 ? 0 : (size_t)percent));
	size_t begin = before.len;
	while (begin > 0 && (isdigit((unsigned char)before.ptr[begin - 1]) ||
			     strchr(".,", before.ptr[begin - 1])))
		begin--;
	int n = snprintf(figure, sizeof(figure), "%.*s%%",
			 SLICE_ARG(slice_sub(before, begin, before.len)));
	for (char *c = figure; *c; c++)
		*c = *c == ',' ? '.' : *c;
	return n < (int)sizeof(figure) && vat_rate_parse(slice_str(figure), rate);
}

/* Rates have at most two decimals; the tax was rounded, once a piece at worst. */
int64_t draft_rate_of(int64_t tax, int64_t net, size_t pieces)
{
	int64_t rate, again;
	if (tax <= 0 || net <= 0 || tax > net || money_scale(tax, 1000000, net, &rate, NULL) < 0)
		return 0;
	static const int64_t steps[] = {10000, 5000, 1000, 500, 100};
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int64_t near = (rate + steps[i] / 2) / steps[i] * steps[i];
		if (money_scale(net, near, 1000000, &again, NULL) > 0 &&
		    (again - tax <= (int64_t)pieces) && (tax - again <= (int64_t)pieces))
			return near;
	}
	return rate;
}
