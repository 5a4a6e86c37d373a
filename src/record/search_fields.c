/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "record/customer.h"
#include "record/order.h"
#include "record/shop.h"
#include "search_look.h"

/* ---- making criteria comparable ---- */

static int prepare_text(struct finder *f, struct want *want, struct err *e)
{
	want->text = search_form(f->a, want->row->form, want->given->text);
	size_t least =
		want->row->start == START_ANYWHERE || want->row->start == START_PHONE ? 2 : 1;
	if (want->text.len >= least)
		return 1;
	return err_set(e, ERR_INPUT, "%s= needs at least %zu %s", want->row->name, least,
		       want->row->form == FORM_DIGITS ? "digits that are not leading zeros"
						      : "letters or digits");
}

/* As it is written: numbers of other systems differ by case. */
static int prepare_plain(struct finder *f, struct want *want, struct err *e)
{
	want->text = arena_copy(f->a, slice_trim(want->given->text));
	return want->text.len ? 1 : err_set(e, ERR_INPUT, "%s= is empty", want->row->name);
}

/* One of "a|b|c": its place is the number. */
static int choose(struct want *want, const char *words, struct err *e)
{
	struct slice rest = slice_str(words), word, given = slice_trim(want->given->text);
	for (uint64_t i = 0; slice_cut(&rest, '|', &word); i++) {
		if (!slice_eq_nocase(word, given))
			continue;
		want->number = i;
		want->text = word;
		return 1;
	}
	return err_set(e, ERR_INPUT, "%s=%.*s: write one of %s", want->row->name, SLICE_ARG(given),
		       words);
}

static int prepare_type(struct finder *f, struct want *want, struct err *e)
{
	(void)f;
	return choose(want, "public|retailer|agent", e);
}

static int prepare_active(struct finder *f, struct want *want, struct err *e)
{
	(void)f;
	return choose(want, "no|yes", e);
}

/* In the order of enum order_status, then of enum order_view; codes behind them. */
static int prepare_status(struct finder *f, struct want *want, struct err *e)
{
	static const char *const codes[] = {"EMP", "OPN", "HAL", "CLO"};
	struct slice given = slice_trim(want->given->text);
	for (uint64_t i = 0; i < 4; i++)
		if (slice_eq_nocase(slice_str(codes[i]), given)) {
			want->number = i;
			want->text = slice_str(codes[i]);
			return 1;
		}
	(void)f;
	return choose(want, "empty|open|hold|closed|unallocated|allocated|dispatched|cancelled", e);
}

static int prepare_line(struct finder *f, struct want *want, struct err *e)
{
	int state;
	struct slice given = slice_trim(want->given->text);
	for (state = 1; state < LINE_STATE_COUNT; state++) {
		struct slice code = schema_enum_text(&rec__line_state__descriptor, state);
		if (!slice_eq_nocase(code, given))
			continue;
		want->number = (uint64_t)state;
		want->text = code;
		return 1;
	}
	(void)f;
	return err_set(e, ERR_INPUT,
		       "line=%.*s: write one of NEW, HAL, ANG, EIN, AUS, RET, MIN, STO, NLB, FUP, "
		       "FUT, FUS",
		       SLICE_ARG(given));
}

static int prepare_shop(struct finder *f, struct want *want, struct err *e)
{
	Rec__Shop *shop;
	if (prepare_plain(f, want, e) < 0)
		return -1;
	int got = shop_find_name(f->txn, f->a, want->text, &shop, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no shop \"%.*s\"", SLICE_ARG(want->text));
	want->number = got > 0 ? shop->id : 0;
	return got;
}

static void put_day(struct buf *out, int64_t at)
{
	struct civil day;
	civil_from_utc(at, &day);
	buf_printf(out, "%04lld-%02d-%02d", (long long)day.year, day.month, day.day);
}

static int prepare_span(struct finder *f, struct want *want, struct err *e)
{
	const struct search_criterion *given = want->given;
	struct buf text;
	if (given->below && given->below <= given->from)
		return err_set(e, ERR_INPUT, "%s: the span ends before it begins", want->row->name);
	buf_init(&text, 64);
	if (given->from)
		put_day(&text, given->from);
	buf_puts(&text, "..");
	/* The last moment of it, so that a day is named as it was asked for. */
	if (given->below)
		put_day(&text, given->below - 1);
	want->text = arena_copy(f->a, buf_slice(&text));
	buf_release(&text);
	return 1;
}

/* ---- does a record fit? ---- */

struct fitting {
	struct finder *f;
	const struct want *want;
	bool fits;
};

static bool fit_text(void *ctx, const struct search_text *text)
{
	struct fitting *fitting = ctx;
	const struct search_row *row = fitting->want->row;
	if (text->tag != row->tag)
		return true;
	fitting->fits = search_fits(row->start, search_form(fitting->f->a, row->form, text->text),
				    fitting->want->text);
	return !fitting->fits;
}

static int fits_text(struct finder *f, const struct want *want, const Rec__Customer *customer,
		     const Rec__Order *order, struct err *e)
{
	struct fitting fitting = {f, want, false};
	(void)e;
	if (want->row->finds == 'C')
		search_customer_texts(customer, fit_text, &fitting);
	else
		search_order_texts(order, fit_text, &fitting);
	return fitting.fits;
}

static int fits_one(struct finder *f, const struct want *want, const char *text)
{
	return search_fits(want->row->start, search_form(f->a, want->row->form, slice_str(text)),
			   want->text);
}

static int fits_company(struct finder *f, const struct want *want, const Rec__Customer *customer,
			const Rec__Order *order, struct err *e)
{
	(void)order, (void)e;
	return fits_one(f, want, customer->company);
}

static int fits_trading(struct finder *f, const struct want *want, const Rec__Customer *customer,
			const Rec__Order *order, struct err *e)
{
	(void)order, (void)e;
	return fits_one(f, want, customer->trading_name);
}

static int fits_type(struct finder *f, const struct want *want, const Rec__Customer *customer,
		     const Rec__Order *order, struct err *e)
{
	(void)f, (void)order, (void)e;
	return (uint64_t)customer->kind == want->number;
}

static int fits_active(struct finder *f, const struct want *want, const Rec__Customer *customer,
		       const Rec__Order *order, struct err *e)
{
	(void)f, (void)order, (void)e;
	return customer->inactive == (want->number == 0);
}

static int fits_shop(struct finder *f, const struct want *want, const Rec__Customer *customer,
		     const Rec__Order *order, struct err *e)
{
	(void)f, (void)e;
	return (order ? order->shop : customer->shop) == want->number;
}

static bool has_external(Rec__ExternalId *const *ids, size_t n, const char *channel,
			 struct slice value)
{
	for (size_t i = 0; i < n; i++)
		if ((!channel || strcmp(ids[i]->channel, channel) == 0) &&
		    slice_eq(slice_str(ids[i]->value), value))
			return true;
	return false;
}

static int fits_ebay(struct finder *f, const struct want *want, const Rec__Customer *customer,
		     const Rec__Order *order, struct err *e)
{
	(void)f, (void)order, (void)e;
	return has_external(customer->external_ids, customer->n_external_ids, "ebay", want->text);
}

static int fits_amazon(struct finder *f, const struct want *want, const Rec__Customer *customer,
		       const Rec__Order *order, struct err *e)
{
	(void)f, (void)customer, (void)e;
	return has_external(order->external_ids, order->n_external_ids, "amazon", want->text);
}

static int fits_order(struct finder *f, const struct want *want, const Rec__Customer *customer,
		      const Rec__Order *order, struct err *e)
{
	(void)f, (void)customer, (void)e;
	return order->id == want->number ||
	       has_external(order->external_ids, order->n_external_ids, NULL, want->text);
}

/* The whole text and not only its beginning. */
static int is_one(struct finder *f, const struct want *want, const char *text)
{
	return slice_eq(search_form(f->a, want->row->form, slice_str(text)), want->text);
}

static int fits_payment(struct finder *f, const struct want *want, const Rec__Customer *customer,
			const Rec__Order *order, struct err *e)
{
	(void)customer, (void)e;
	return is_one(f, want, order->payment_type);
}

static int fits_group(struct finder *f, const struct want *want, const Rec__Customer *customer,
		      const Rec__Order *order, struct err *e)
{
	(void)order, (void)e;
	return is_one(f, want, customer->group);
}

static int fits_channel(struct finder *f, const struct want *want, const Rec__Customer *customer,
			const Rec__Order *order, struct err *e)
{
	(void)order, (void)e;
	return is_one(f, want, customer->channel);
}

static int fits_invoice(struct finder *f, const struct want *want, const Rec__Customer *customer,
			const Rec__Order *order, struct err *e)
{
	(void)customer, (void)e;
	for (size_t i = 0; i < order->n_lines; i++)
		if (is_one(f, want, order->lines[i]->invoice))
			return 1;
	return 0;
}

static int fits_item(struct finder *f, const struct want *want, const Rec__Customer *customer,
		     const Rec__Order *order, struct err *e)
{
	(void)customer, (void)e;
	for (size_t i = 0; i < order->n_lines; i++) {
		struct slice sku = search_form(f->a, FORM_CODE, slice_str(order->lines[i]->sku));
		for (size_t k = 0; k < want->n_skus; k++)
			if (slice_eq(sku, want->skus[k]))
				return 1;
	}
	return 0;
}

static int fits_line(struct finder *f, const struct want *want, const Rec__Customer *customer,
		     const Rec__Order *order, struct err *e)
{
	(void)f, (void)customer, (void)e;
	for (size_t i = 0; i < order->n_lines; i++)
		if ((uint64_t)order->lines[i]->state == want->number)
			return 1;
	return 0;
}

static int fits_status(struct finder *f, const struct want *want, const Rec__Customer *customer,
		       const Rec__Order *order, struct err *e)
{
	(void)f, (void)customer, (void)e;
	if (want->number <= ORDER_CLOSED)
		return (uint64_t)order_status(order) == want->number;
	return (uint64_t)order_view(order) == want->number - ORDER_CLOSED - 1;
}

static int fits_ordered(struct finder *f, const struct want *want, const Rec__Customer *customer,
			const Rec__Order *order, struct err *e)
{
	const struct search_criterion *given = want->given;
	(void)f, (void)customer, (void)e;
	return order->ordered_at >= given->from &&
	       (!given->below || order->ordered_at < given->below);
}

static int fits_found(struct finder *f, const struct want *want, const Rec__Customer *customer,
		      const Rec__Order *order, struct err *e)
{
	(void)f, (void)e;
	if (order && search_set_has(&want->found[FIND_ORDERS], order->id))
		return 1;
	return search_set_has(&want->found[FIND_CUSTOMERS], order ? order->customer : customer->id);
}

/* ---- the table ---- */

/* clang-format off: one row a field */
static const struct search_row rows[SEARCH_FIELD_COUNT] = {
	[SEARCH_TEXT] = {"text", 'B', TAG_NAME, FORM_TEXT, START_ANYWHERE, "%.*s", prepare_text,
			 look_free, fits_found},
	[SEARCH_NAME] = {"name", 'C', TAG_NAME, FORM_TEXT, START_ANYWHERE, "*%.*s*", prepare_text,
			 look_text, fits_text},
	[SEARCH_COMPANY] = {"company", 'C', TAG_NAME, FORM_TEXT, START_ANYWHERE, "*%.*s*",
			    prepare_text, look_names, fits_company},
	[SEARCH_TRADING] = {"trading", 'C', TAG_NAME, FORM_TEXT, START_ANYWHERE, "*%.*s*",
			    prepare_text, look_names, fits_trading},
	[SEARCH_EMAIL] = {"email", 'C', TAG_EMAIL, FORM_TEXT, START_WORD, "%.*s*", prepare_text,
			  look_text, fits_text},
	[SEARCH_PHONE] = {"phone", 'C', TAG_PHONE, FORM_DIGITS, START_PHONE, "%.*s*", prepare_text,
			  look_text, fits_text},
	[SEARCH_ADDRESS] = {"address", 'C', TAG_ADDRESS, FORM_TEXT, START_WORD, "%.*s*",
			    prepare_text, look_text, fits_text},
	[SEARCH_ZIP] = {"zip", 'C', TAG_ZIP, FORM_CODE, START_WHOLE, "%.*s*", prepare_text,
			look_text, fits_text},
	[SEARCH_EBAY] = {"ebay", 'C', TAG_NAME, FORM_TEXT, START_WHOLE, "%.*s", prepare_plain,
			 look_ebay, fits_ebay},
	[SEARCH_GROUP] = {"group", 'C', TAG_GROUP, FORM_TEXT, START_WHOLE, "%.*s", prepare_text,
			  look_group, fits_group},
	[SEARCH_CHANNEL] = {"channel", 'C', TAG_CHANNEL, FORM_TEXT, START_WHOLE, "%.*s",
			    prepare_text, look_group, fits_channel},
	[SEARCH_TYPE] = {"type", 'C', TAG_TYPE, FORM_TEXT, START_WHOLE, "%.*s", prepare_type,
			 look_type, fits_type},
	[SEARCH_ACTIVE] = {"active", 'C', TAG_ACTIVE, FORM_TEXT, START_WHOLE, "%.*s",
			   prepare_active, look_active, fits_active},
	[SEARCH_NOTE] = {"note", 'C', TAG_NOTE, FORM_TEXT, START_WORD, "%.*s*", prepare_text,
			 look_text, fits_text},
	[SEARCH_SHOP] = {"shop", 'B', TAG_NAME, FORM_TEXT, START_WHOLE, "%.*s", prepare_shop, NULL,
			 fits_shop},
	[SEARCH_ORDER] = {"order", 'O', TAG_NAME, FORM_TEXT, START_WHOLE, "%.*s", prepare_order,
			  look_order, fits_order},
	[SEARCH_INVOICE] = {"invoice", 'O', TAG_INVOICE, FORM_CODE, START_WHOLE, "%.*s",
			    prepare_text, look_invoice, fits_invoice},
	[SEARCH_TRACKING] = {"tracking", 'O', TAG_TRACKING, FORM_CODE, START_WHOLE, "%.*s*",
			     prepare_text, look_tracking, fits_tracking},
	[SEARCH_AMAZON] = {"amazon", 'O', TAG_NAME, FORM_TEXT, START_WHOLE, "%.*s", prepare_plain,
			   look_amazon, fits_amazon},
	[SEARCH_PAYMENT] = {"payment", 'O', TAG_NAME, FORM_TEXT, START_WHOLE, "%.*s", prepare_text,
			    NULL, fits_payment},
	[SEARCH_COMMENT] = {"comment", 'O', TAG_COMMENT, FORM_TEXT, START_WORD, "%.*s*",
			    prepare_text, look_text, fits_text},
	[SEARCH_ITEM] = {"item", 'O', TAG_ITEM, FORM_CODE, START_WHOLE, "*%.*s*", prepare_item,
			 look_item, fits_item},
	[SEARCH_LINE] = {"line", 'O', TAG_LINE, FORM_TEXT, START_WHOLE, "%.*s", prepare_line,
			 look_line, fits_line},
	[SEARCH_STATUS] = {"status", 'O', TAG_STATUS, FORM_TEXT, START_WHOLE, "%.*s",
			   prepare_status, look_status, fits_status},
	[SEARCH_ORDERED] = {"ordered", 'O', TAG_ORDERED, FORM_TEXT, START_WHOLE, "%.*s",
			    prepare_span, look_ordered, fits_ordered},
	[SEARCH_SHIPPED] = {"shipped", 'O', TAG_ORDERED, FORM_TEXT, START_WHOLE, "%.*s",
			    prepare_span, look_shipped, fits_shipped},
};
/* clang-format on */

const struct search_row *search_row(enum search_field field)
{
	assert(field < SEARCH_FIELD_COUNT);
	return &rows[field];
}

const char *search_field_name(enum search_field field)
{
	return search_row(field)->name;
}

bool search_field_of_orders(enum search_field field)
{
	return search_row(field)->finds == 'O';
}
