/* SPDX-License-Identifier: ISC */
#include "binding.h"
#include "record/customer.h"
#include "record/order.h"
#include "record/shipment.h"

static struct liquid_value text_or_nil(struct slice s)
{
	return s.len ? liquid_string(s) : liquid_nil();
}

static struct liquid_value word(const char *s)
{
	return text_or_nil(slice_str(s));
}

/* ---- orders ---- */

static const Rec__Order *order_of(const ProtobufCMessage *message)
{
	return (const Rec__Order *)message;
}

static struct liquid_value order_number(const ProtobufCMessage *message, struct arena *a)
{
	return binding_id(a, 'O', order_of(message)->id);
}

/* Words for conditions, never printed: what people read is in templates/locale. */
static struct liquid_value order_state(const ProtobufCMessage *message, struct arena *a)
{
	static const char *const names[] = {
		[ORDER_EMPTY] = "empty",
		[ORDER_OPEN] = "open",
		[ORDER_HOLD] = "hold",
		[ORDER_CLOSED] = "closed",
	};
	(void)a;
	return word(names[order_status(order_of(message))]);
}

static struct liquid_value order_code(const ProtobufCMessage *message, struct arena *a)
{
	(void)a;
	return word(order_status_code(order_status(order_of(message))));
}

static struct liquid_value order_state_text(const ProtobufCMessage *message, struct arena *a)
{
	(void)a;
	return word(order_status_word(order_status(order_of(message))));
}

static struct liquid_value order_allocation_view(const ProtobufCMessage *message, struct arena *a)
{
	static const char *const names[] = {
		[ORDER_UNALLOCATED] = "unallocated",
		[ORDER_ALLOCATED] = "allocated",
		[ORDER_DISPATCHED] = "dispatched",
		[ORDER_CANCELLED] = "cancelled",
	};
	(void)a;
	return word(names[order_view(order_of(message))]);
}

static struct liquid_value order_allocated(const ProtobufCMessage *message, struct arena *a)
{
	size_t allocated, open;
	(void)a;
	order_allocation(order_of(message), &allocated, &open);
	return liquid_int((int64_t)allocated);
}

static struct liquid_value order_open_lines(const ProtobufCMessage *message, struct arena *a)
{
	size_t allocated, open;
	(void)a;
	order_allocation(order_of(message), &allocated, &open);
	return liquid_int((int64_t)open);
}

static struct liquid_value order_date(const ProtobufCMessage *message, struct arena *a)
{
	const Rec__Order *order = order_of(message);
	int64_t at = order->ordered_at ? order->ordered_at : order->created_at;
	(void)a;
	return at ? liquid_int(at) : liquid_nil();
}

/* A sum that does not fit is no sum: money refuses nil, and the mail stays here. */
static bool totals(const ProtobufCMessage *message, struct order_totals *t)
{
	return order_totals(order_of(message), t, NULL) >= 0;
}

static struct liquid_value order_subtotal(const ProtobufCMessage *message, struct arena *a)
{
	struct order_totals t;
	(void)a;
	return totals(message, &t) ? liquid_int(t.goods) : liquid_nil();
}

static struct liquid_value order_vat(const ProtobufCMessage *message, struct arena *a)
{
	struct order_totals t;
	(void)a;
	return totals(message, &t) ? liquid_int(t.vat) : liquid_nil();
}

static struct liquid_value order_voucher(const ProtobufCMessage *message, struct arena *a)
{
	struct order_totals t;
	(void)a;
	return totals(message, &t) ? liquid_int(t.voucher) : liquid_nil();
}

static struct liquid_value order_discount(const ProtobufCMessage *message, struct arena *a)
{
	struct order_totals t;
	(void)a;
	return totals(message, &t) ? liquid_int(t.discount) : liquid_nil();
}

static struct liquid_value order_total(const ProtobufCMessage *message, struct arena *a)
{
	struct order_totals t;
	(void)a;
	return totals(message, &t) ? liquid_int(t.total) : liquid_nil();
}

static struct liquid_value order_prices_gross(const ProtobufCMessage *message, struct arena *a)
{
	(void)a;
	return liquid_bool(order_of(message)->kind == REC__ORDER_TYPE__ORDER_TYPE_B2C);
}

/* ---- lines ---- */

static const Rec__Line *line_of(const ProtobufCMessage *message)
{
	return (const Rec__Line *)message;
}

static struct liquid_value line_name(const ProtobufCMessage *message, struct arena *a)
{
	return word(line_label(a, line_of(message)));
}

static struct liquid_value line_total(const ProtobufCMessage *message, struct arena *a)
{
	int64_t amount;
	(void)a;
	return line_amount(line_of(message), &amount, NULL) < 0 ? liquid_nil() : liquid_int(amount);
}

static struct liquid_value line_state_text(const ProtobufCMessage *message, struct arena *a)
{
	(void)a;
	return word(line_state_word(line_of(message)->state));
}

static struct liquid_value line_cancelled(const ProtobufCMessage *message, struct arena *a)
{
	Rec__LineState state = line_of(message)->state;
	(void)a;
	return liquid_bool(state == REC__LINE_STATE__LINE_STATE_STO ||
			   state == REC__LINE_STATE__LINE_STATE_NLB);
}

/* ---- people ---- */

static const Rec__Customer *customer_of(const ProtobufCMessage *message)
{
	return (const Rec__Customer *)message;
}

static struct liquid_value customer_number(const ProtobufCMessage *message, struct arena *a)
{
	return binding_id(a, 'C', customer_of(message)->id);
}

static struct liquid_value customer_words(const ProtobufCMessage *message, struct arena *a)
{
	(void)a;
	return text_or_nil(customer_title(customer_of(message)));
}

static struct liquid_value customer_email(const ProtobufCMessage *message, struct arena *a)
{
	const Rec__Customer *customer = customer_of(message);
	(void)a;
	return customer->n_emails ? word(customer->emails[0]) : liquid_nil();
}

static struct liquid_value agent_title(const ProtobufCMessage *message, struct arena *a)
{
	const Rec__Agent *agent = (const Rec__Agent *)message;
	(void)a;
	return word(agent->full_name && *agent->full_name ? agent->full_name : agent->name);
}

static struct liquid_value thread_number(const ProtobufCMessage *message, struct arena *a)
{
	return binding_id(a, 'T', ((const Rec__Thread *)message)->id);
}

static struct liquid_value message_sender(const ProtobufCMessage *message, struct arena *a)
{
	const Rec__Message *m = (const Rec__Message *)message;
	(void)a;
	return word(m->from_name && *m->from_name ? m->from_name : m->from);
}

static struct liquid_value note_prose(const ProtobufCMessage *message, struct arena *a)
{
	(void)a;
	return word(((const Rec__Note *)message)->text);
}

/* ---- documents and money ---- */

/* "19", "5.5": what people call a rate of parts per million. */
static struct liquid_value percent(int64_t rate)
{
	int exponent = -4;
	for (; exponent < 0 && rate % 10 == 0; exponent++)
		rate /= 10;
	return exponent ? liquid_decimal(rate, exponent) : liquid_int(rate);
}

static struct liquid_value line_percent(const ProtobufCMessage *message, struct arena *a)
{
	(void)a;
	return percent(line_of(message)->vat_rate);
}

static struct liquid_value document_line_percent(const ProtobufCMessage *message, struct arena *a)
{
	(void)a;
	return percent(((const Rec__DocumentLine *)message)->vat_rate);
}

static struct liquid_value vat_group_percent(const ProtobufCMessage *message, struct arena *a)
{
	(void)a;
	return percent(((const Rec__VatGroup *)message)->vat_rate);
}

static struct liquid_value document_line_total(const ProtobufCMessage *message, struct arena *a)
{
	const Rec__DocumentLine *line = (const Rec__DocumentLine *)message;
	int64_t amount;
	(void)a;
	if (__builtin_mul_overflow(line->quantity, line->unit_price, &amount) ||
	    __builtin_sub_overflow(amount, line->discount, &amount))
		return liquid_nil();
	return liquid_int(amount);
}

static struct liquid_value tracking_link(const ProtobufCMessage *message, struct arena *a)
{
	const Rec__Tracking *tracking = (const Rec__Tracking *)message;
	return text_or_nil(
		carrier_link(a, slice_str(tracking->carrier), slice_str(tracking->code)));
}

static struct liquid_value return_number(const ProtobufCMessage *message, struct arena *a)
{
	return binding_id(a, 'R', ((const Rec__Return *)message)->id);
}

static struct liquid_value payment_number(const ProtobufCMessage *message, struct arena *a)
{
	return binding_id(a, 'P', ((const Rec__Payment *)message)->id);
}

static struct liquid_value refund_number(const ProtobufCMessage *message, struct arena *a)
{
	return binding_id(a, 'F', ((const Rec__Refund *)message)->id);
}

/* What the provider said last. */
static struct liquid_value refund_problem(const ProtobufCMessage *message, struct arena *a)
{
	const Rec__Refund *refund = (const Rec__Refund *)message;
	(void)a;
	for (size_t i = refund->n_attempts; i-- > 0;)
		if (refund->attempts[i]->message[0])
			return word(refund->attempts[i]->message);
	return liquid_nil();
}

static struct liquid_value event_number(const ProtobufCMessage *message, struct arena *a)
{
	return binding_id(a, 'E', ((const Rec__AccountEvent *)message)->id);
}

static struct liquid_value statement_closing(const ProtobufCMessage *message, struct arena *a)
{
	const Rec__Statement *statement = (const Rec__Statement *)message;
	int64_t balance = statement->opening;
	(void)a;
	for (size_t i = 0; i < statement->n_events; i++)
		if (!statement->events[i]->removed_at &&
		    __builtin_add_overflow(balance, statement->events[i]->amount, &balance))
			return liquid_nil();
	return liquid_int(balance);
}

#define ORDER (&rec__order__descriptor)
#define LINE (&rec__line__descriptor)
#define CUSTOMER (&rec__customer__descriptor)

static const struct binding_derived derived[] = {
	{ORDER, "number", BINDING_TEXT, "its id, O10042", order_number},
	{ORDER, "date", BINDING_TIME, "when it was placed", order_date},
	{ORDER, "status", BINDING_TEXT, "empty, open, hold or closed", order_state},
	{ORDER, "status_code", BINDING_TEXT, "its status as a code: HAL", order_code},
	{ORDER, "status_text", BINDING_TEXT, "its status in English", order_state_text},
	{ORDER, "view", BINDING_TEXT, "unallocated, allocated, dispatched or cancelled",
	 order_allocation_view},
	{ORDER, "allocated_lines", BINDING_NUMBER, "open lines that have their stock",
	 order_allocated},
	{ORDER, "open_lines", BINDING_NUMBER, "lines that are still to be shipped",
	 order_open_lines},
	{ORDER, "subtotal", BINDING_AMOUNT, "sum of the lines, as priced", order_subtotal},
	{ORDER, "voucher_used", BINDING_AMOUNT, "what of the voucher counts", order_voucher},
	{ORDER, "discount_used", BINDING_AMOUNT, "what of its discount counts", order_discount},
	{ORDER, "vat", BINDING_AMOUNT, "VAT contained in the total", order_vat},
	{ORDER, "total", BINDING_AMOUNT, "what the customer pays", order_total},
	{ORDER, "prices_gross", BINDING_TRUTH, "its prices contain VAT", order_prices_gross},
	{LINE, "label", BINDING_TEXT, "its number, 3 or 3.1", line_name},
	{LINE, "total", BINDING_AMOUNT, "quantity times price, less the discount", line_total},
	{LINE, "state_text", BINDING_TEXT, "its state in English", line_state_text},
	{LINE, "cancelled", BINDING_TRUTH, "it was cancelled or is no longer available",
	 line_cancelled},
	{LINE, "percent", BINDING_NUMBER, "its VAT rate in percent", line_percent},
	{&rec__document_line__descriptor, "total", BINDING_AMOUNT,
	 "quantity times price, less the discount", document_line_total},
	{&rec__document_line__descriptor, "percent", BINDING_NUMBER, "its VAT rate in percent",
	 document_line_percent},
	{&rec__vat_group__descriptor, "percent", BINDING_NUMBER, "the VAT rate in percent",
	 vat_group_percent},
	{&rec__tracking__descriptor, "link", BINDING_TEXT, "where to follow the parcel, if known",
	 tracking_link},
	{&rec__return__descriptor, "number", BINDING_TEXT, "its id, R10001", return_number},
	{&rec__payment__descriptor, "number", BINDING_TEXT, "its id, P10001", payment_number},
	{&rec__refund__descriptor, "number", BINDING_TEXT, "its id, F10001", refund_number},
	{&rec__refund__descriptor, "problem", BINDING_TEXT, "what the provider said last",
	 refund_problem},
	{&rec__account_event__descriptor, "number", BINDING_TEXT, "its id, E10001", event_number},
	{&rec__statement__descriptor, "closing", BINDING_AMOUNT, "balance behind the last event",
	 statement_closing},
	{CUSTOMER, "number", BINDING_TEXT, "its id, C10001", customer_number},
	{CUSTOMER, "title", BINDING_TEXT, "name, company or first address", customer_words},
	{CUSTOMER, "email", BINDING_TEXT, "the address we write to", customer_email},
	{&rec__agent__descriptor, "title", BINDING_TEXT, "full name, or the short one",
	 agent_title},
	{&rec__thread__descriptor, "number", BINDING_TEXT, "its id, T10001", thread_number},
	{&rec__note__descriptor, "prose", BINDING_TEXT, "its text with its lines, for paragraphs",
	 note_prose},
	{&rec__message__descriptor, "sender", BINDING_TEXT, "name, or address, of who wrote it",
	 message_sender},
};
#define COUNT (sizeof(derived) / sizeof(derived[0]))

const struct binding_derived *binding_derived_find(const ProtobufCMessageDescriptor *type,
						   struct slice name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (derived[i].type == type && slice_eq(name, slice_str(derived[i].name)))
			return &derived[i];
	return NULL;
}

const struct binding_derived *binding_derived_at(size_t i)
{
	return i < COUNT ? &derived[i] : NULL;
}
