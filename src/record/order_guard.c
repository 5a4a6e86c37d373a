/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "order_rule.h"
#include "record/customer.h"
#include "record/item.h"
#include "record/item_stock.h"
#include "record/order_money.h"
#include "record/shop.h"
#include "record/shop_table.h"
#include "record/vat.h"

#define STATE(name) REC__LINE_STATE__LINE_STATE_##name
#define BIT(name) LINE_BIT(STATE(name))

static unsigned long long number_of(const struct stepping *s)
{
	return (unsigned long long)s->order->id;
}

static const char *label_of(const struct stepping *s, const Rec__Line *line)
{
	return line_label(s->ch->arena, line);
}

/* ---- of the whole order ---- */

static int may_hold(struct stepping *s, struct err *e)
{
	/* Part of it would be shipped, and a hold that does not hold is worse than none. */
	if (order_states(s->order) & (BIT(EIN) | BIT(FUP) | BIT(FUT)))
		return err_set(e, ERR_INPUT,
			       "O%llu cannot be held: a line of it is already being sent",
			       number_of(s));
	return 1;
}

static int customer_of(struct stepping *s, Rec__Customer **customer, struct err *e)
{
	int got = customer_resolve(s->ch->txn, s->ch->arena, s->order->customer, customer, e);
	return got ? got : err_set(e, ERR_TEMP, "O%llu has no customer", number_of(s));
}

/* RECORD.md 3.25: of a locked customer nothing is released. */
static int may_release(struct stepping *s, struct err *e)
{
	Rec__Customer *customer;
	if (customer_of(s, &customer, e) < 0)
		return -1;
	if (!customer_is_blocked(customer))
		return 1;
	const char *reason =
		customer->locked ? customer->locked_reason : customer->blacklisted_reason;
	return err_set(e, ERR_INPUT, "O%llu cannot be released: customer C%llu is %s%s%s",
		       number_of(s), (unsigned long long)customer->id,
		       customer->locked ? "locked" : "blacklisted", reason[0] ? ": " : "", reason);
}

static int may_save(struct stepping *s, struct err *e)
{
	Rec__Customer *customer;
	if (customer_of(s, &customer, e) < 0 || customer_open_check(customer, e) < 0)
		return -1;
	return order_first_state(s->ch, s->order, &s->to, &s->why, e);
}

static int may_leave(struct stepping *s, struct err *e)
{
	return order_dispatchable(s->ch, s->order, e);
}

static int may_transfer(struct stepping *s, struct err *e)
{
	Rec__Shop *shop;
	int got = shop_load(s->ch->txn, s->ch->arena, s->order->shop, &shop, e);
	if (got < 0)
		return -1;
	if (!s->order->provider[0] && (got == 0 || !shop->provider[0]))
		return err_set(e, ERR_INPUT,
			       "O%llu cannot be transferred: its shop has no fulfilment provider "
			       "(#set O%llu provider=NAME, or a provider of the shop)",
			       number_of(s), number_of(s));
	return may_leave(s, e);
}

/* A replacement is cancelled as a whole, before shipping: its MIN lines go last. */
static int may_cancel_order(struct stepping *s, struct err *e)
{
	unsigned others = order_states(s->order) & ~(BIT(MIN) | BIT(STO) | BIT(NLB));
	if (others)
		return err_set(e, ERR_INPUT,
			       "the replacement lines of O%llu are cancelled with the whole order, "
			       "and only before anything of it is shipped",
			       number_of(s));
	return 1;
}

/* ---- of a line ---- */

static int on_no_invoice(struct stepping *s, const Rec__Line *line, struct err *e)
{
	int got = order_invoiced(s->ch, s->order, line, e);
	if (got <= 0)
		return got < 0 ? -1 : 1;
	return err_set(
		e, ERR_INPUT, "line %s of O%llu is on an invoice already%s%s: that has to go first",
		label_of(s, line), number_of(s), line->invoice[0] ? ", " : "", line->invoice);
}

static int on_no_picklist(struct stepping *s, const Rec__Line *line, struct err *e)
{
	if (!line->picklist[0])
		return 1;
	return err_set(e, ERR_INPUT,
		       "line %s of O%llu is on pick list %s: the warehouse has to take it off "
		       "first (#picklist)",
		       label_of(s, line), number_of(s), line->picklist);
}

static int may_cancel(struct stepping *s, const Rec__Line *line, int64_t quantity, struct err *e)
{
	(void)quantity;
	if (line->state != STATE(ANG))
		return 1;
	return on_no_picklist(s, line, e) < 0 ? -1 : on_no_invoice(s, line, e);
}

static int may_autocancel(struct stepping *s, const Rec__Line *line, int64_t quantity,
			  struct err *e)
{
	const struct zone *zone;
	Rec__PaymentType *type;
	(void)quantity;
	int got = payment_type_load(s->ch->txn, s->ch->arena, slice_str(s->order->payment_type),
				    &type, e);
	if (got < 0 || order_zone(s->ch, s->order, &zone, e) < 0)
		return -1;
	uint32_t days = got > 0 ? type->hal_cancel_days : 0;
	int64_t age = order_days_between(zone, line->state_at, s->ch->now);
	if (days > 0 && age >= days)
		return 1;
	return err_set(e, ERR_INPUT,
		       "line %s of O%llu is on hold for %lld days; payment type \"%s\" cancels "
		       "after %s%.0u",
		       label_of(s, line), number_of(s), (long long)age, s->order->payment_type,
		       days ? "" : "no time", days);
}

static int may_na(struct stepping *s, const Rec__Line *line, int64_t quantity, struct err *e)
{
	(void)quantity;
	return line->state == STATE(ANG) ? on_no_invoice(s, line, e) : 1;
}

/* What of a line's pieces is not reserved for it and has to come from the free ones. */
static int64_t from_free(const Rec__Line *line, int64_t quantity)
{
	return quantity > line->reserved ? quantity - line->reserved : 0;
}

/* Lines of one item share what is free. */
static int has_stock(struct stepping *s, const Rec__Line *line, int64_t quantity, struct err *e)
{
	int64_t free;
	if (item_free(s->ch->txn, s->ch->arena, slice_str(line->sku), &free, e) < 0)
		return -1;
	for (size_t i = 0; i < s->targets->n; i++) {
		const struct target *other = &s->targets->items[i];
		if (strcmp(other->line->sku, line->sku) == 0)
			free -= from_free(other->line, other->quantity);
	}
	if (from_free(line, quantity) <= free)
		return 1;
	return err_set(e, ERR_INPUT,
		       "line %s of O%llu needs %lld of %s: %lld are reserved for it and %lld free",
		       label_of(s, line), number_of(s), (long long)quantity, line->sku,
		       (long long)(quantity - from_free(line, quantity)),
		       (long long)(free > 0 ? free : 0));
}

static int is_invoiced(struct stepping *s, const Rec__Line *line, int64_t quantity, struct err *e)
{
	(void)quantity;
	int got = order_invoiced(s->ch, s->order, line, e);
	if (got)
		return got;
	return err_set(e, ERR_INPUT,
		       "line %s of O%llu is on no invoice yet, and nothing is shipped without one",
		       label_of(s, line), number_of(s));
}

static int may_transfer_line(struct stepping *s, const Rec__Line *line, int64_t quantity,
			     struct err *e)
{
	(void)quantity;
	return on_no_picklist(s, line, e);
}

/* RECORD.md 3.20: what was replaced is not returned too, whatever part of a split line it is. */
static int is_with_customer(struct stepping *s, const Rec__Line *line, int64_t quantity,
			    struct err *e)
{
	int64_t pieces;
	if (order_replaceable(s->ch, s->order, line->number, &pieces, e) < 0)
		return -1;
	for (size_t i = 0; i < s->targets->n; i++)
		if (s->targets->items[i].line->number == line->number)
			pieces -= s->targets->items[i].quantity;
	if (quantity <= pieces)
		return 1;
	return err_set(e, ERR_INPUT,
		       "line %s of O%llu: %lld pieces can be returned yet, the others were "
		       "replaced",
		       label_of(s, line), number_of(s), (long long)(pieces > 0 ? pieces : 0));
}

static int is_credited(struct stepping *s, const Rec__Line *line, int64_t quantity, struct err *e)
{
	int got = order_credited(s->ch, s->order, line, e);
	if (got)
		return got < 0 ? -1 : is_with_customer(s, line, quantity, e);
	return err_set(e, ERR_INPUT,
		       "line %s of O%llu has no credit note: goods come back by the return of an "
		       "invoice",
		       label_of(s, line), number_of(s));
}

static int is_not_credited(struct stepping *s, const Rec__Line *line, int64_t quantity,
			   struct err *e)
{
	(void)quantity;
	int got = order_credited(s->ch, s->order, line, e);
	if (got < 0)
		return -1;
	if (got > 0)
		return err_set(e, ERR_INPUT,
			       "line %s of O%llu has a credit note: that has to be deleted first",
			       label_of(s, line), number_of(s));
	s->to = line->origin;
	if (s->to == STATE(AUS) || s->to == STATE(FUS))
		return 1;
	return err_set(e, ERR_INPUT, "nobody knows how line %s of O%llu was shipped",
		       label_of(s, line), number_of(s));
}

/* A line that was open before has its origin; only what was never saved just goes. */
static int was_never_saved(struct stepping *s, const Rec__Line *line, int64_t quantity,
			   struct err *e)
{
	(void)quantity;
	if (line->origin == STATE(NONE))
		return 1;
	return err_set(e, ERR_INPUT,
		       "line %s of O%llu was saved before: save it and cancel it, its number stays",
		       label_of(s, line), number_of(s));
}

static int is_young(struct stepping *s, const Rec__Line *line, int64_t quantity, struct err *e)
{
	const struct zone *zone;
	struct civil day;
	(void)quantity;
	if (line->quantity < 0)
		return err_set(e, ERR_INPUT,
			       "line %s of O%llu belonged to a replacement: make a new one",
			       label_of(s, line), number_of(s));
	if (order_zone(s->ch, s->order, &zone, e) < 0)
		return -1;
	if (order_within_month(zone, line->line_at, s->ch->now))
		return 1;
	civil_from_zone(line->line_at, zone, &day);
	return err_set(e, ERR_INPUT,
		       "line %s of O%llu is of %04lld-%02d-%02d, more than a month ago, and cannot "
		       "be reopened: its VAT may have changed; make a new order",
		       label_of(s, line), number_of(s), (long long)day.year, day.month, day.day);
}

/* ---- what they do ---- */

/* What is given up is on no pick list either, also when it comes back. */
static int give_back(struct stepping *s, Rec__Line *line, struct err *e)
{
	line->picklist = arena_str(s->ch->arena, SLICE(""));
	return line_unreserve(s->ch, line, e);
}

static int box(struct stepping *s, Rec__Line *line, struct err *e)
{
	int64_t pieces = 0;
	if (line_reserve(s->ch, line, &pieces, e) < 0)
		return -1;
	assert(line->reserved == line->quantity);
	line->picklist = arena_str(s->ch->arena, SLICE(""));
	return 1;
}

static int send(struct stepping *s, Rec__Line *line, struct err *e)
{
	struct slice sku = slice_str(line->sku);
	if (item_ship(s->ch, sku, line->quantity, line->reserved, e) < 0)
		return err_prefix(e, "line %s of O%llu", label_of(s, line), number_of(s));
	line->reserved = 0;
	line->reserved_at = 0;
	line->shipment = s->shipment;
	return 1;
}

/* The provider ships from his own shelves. */
static int sent_by_provider(struct stepping *s, Rec__Line *line, struct err *e)
{
	(void)e;
	line->shipment = s->shipment;
	return 1;
}

static int remember_origin(struct stepping *s, Rec__Line *line, struct err *e)
{
	(void)s;
	(void)e;
	line->origin = line->state;
	return 1;
}

static int forget_origin(struct stepping *s, Rec__Line *line, struct err *e)
{
	(void)s;
	(void)e;
	line->origin = STATE(NONE);
	return 1;
}

/* The rate of a day long gone would be wrong on today's invoice (ST-28). */
static int tax_anew(struct stepping *s, Rec__Line *line, struct err *e)
{
	struct vat_question question;
	struct vat_line vat;
	Rec__Item *item;
	struct arena *a = s->ch->arena;
	line->origin = line->state;
	int got = item_load(s->ch->txn, a, slice_str(line->sku), &item, e);
	if (got <= 0)
		return got < 0 ? -1 : 1;
	if (vat_question_of(s->ch->txn, a, s->order, s->ch->now, &question, e) < 0 ||
	    vat_of_item(s->ch->txn, a, &question, item, &vat, e) < 0)
		return -1;
	line->vat_category = vat.category;
	line->vat_rate = vat.rate;
	return 1;
}

/* ---- afterwards ---- */

static int keep_reason(struct stepping *s, Rec__Order *order, struct err *e)
{
	(void)e;
	order->hold_reason = arena_str(s->ch->arena, s->step->reason);
	return 1;
}

static int forget_reason(struct stepping *s, Rec__Order *order, struct err *e)
{
	order->hold_reason = arena_str(s->ch->arena, SLICE(""));
	return order_reserve_new(s->ch, order, e);
}

static int begin(struct stepping *s, Rec__Order *order, struct err *e)
{
	if (s->why.len)
		order->hold_reason = arena_str(s->ch->arena, s->why);
	return order_reserve_new(s->ch, order, e);
}

static int name_provider(struct stepping *s, Rec__Order *order, struct err *e)
{
	Rec__Shop *shop;
	if (order->provider[0])
		return 1;
	int got = shop_load(s->ch->txn, s->ch->arena, order->shop, &shop, e);
	if (got > 0)
		order->provider = shop->provider;
	return got < 0 ? -1 : 1;
}

/* A removed line leaves no trace but the history's. */
static int drop_removed(struct stepping *s, Rec__Order *order, struct err *e)
{
	size_t n = 0;
	(void)s;
	(void)e;
	for (size_t i = 0; i < order->n_lines; i++)
		if (order->lines[i]->state != STATE(NONE))
			order->lines[n++] = order->lines[i];
	order->n_lines = n;
	return 1;
}

const struct order_rule order_rules[LINE_EVENT_COUNT] = {
	[LINE_SAVE] = {.happened = "order.confirmed",
		       .order = may_save,
		       .effect = forget_origin,
		       .after = begin},
	[LINE_REMOVE] = {.line = was_never_saved,
			 .frees = true,
			 .effect = give_back,
			 .after = drop_removed},
	[LINE_RELEASE] = {.to = STATE(ANG),
			  .happened = "order.released",
			  .order = may_release,
			  .after = forget_reason},
	[LINE_HOLD] = {.to = STATE(HAL),
		       .happened = "order.held",
		       .order = may_hold,
		       .after = keep_reason},
	[LINE_CANCEL] = {.to = STATE(STO),
			 .passes = true,
			 .happened = "order.cancelled",
			 .line = may_cancel,
			 .frees = true,
			 .effect = give_back},
	[LINE_AUTOCANCEL] = {.to = STATE(STO),
			     .passes = true,
			     .happened = "order.cancelled",
			     .line = may_autocancel,
			     .frees = true,
			     .effect = give_back},
	[LINE_NA] = {.to = STATE(NLB),
		     .passes = true,
		     .happened = "order.unavailable",
		     .line = may_na,
		     .frees = true,
		     .effect = give_back},
	[LINE_SCAN_IN] = {.to = STATE(EIN),
			  .stocked = true,
			  .order = may_leave,
			  .line = has_stock,
			  .effect = box},
	[LINE_SCAN_OUT] = {.to = STATE(ANG), .stocked = true},
	[LINE_SHIP] = {.to = STATE(AUS),
		       .stocked = true,
		       .happened = "order.shipped",
		       .line = is_invoiced,
		       .effect = send},
	[LINE_TRANSFER] = {.to = STATE(FUP),
			   .stocked = true,
			   .happened = "order.transferred",
			   .order = may_transfer,
			   .line = may_transfer_line,
			   .frees = true,
			   .effect = give_back,
			   .after = name_provider},
	[LINE_FCONFIRM] = {.to = STATE(FUT)},
	[LINE_FREJECT] = {.to = STATE(ANG), .happened = "order.rejected"},
	[LINE_FSHIP] = {.to = STATE(FUS),
			.happened = "order.shipped",
			.line = is_invoiced,
			.effect = sent_by_provider},
	[LINE_RETURN] = {.to = STATE(RET), .line = is_credited, .effect = remember_origin},
	[LINE_UNDO_RETURN] = {.line = is_not_credited, .effect = forget_origin},
	[LINE_REOPEN] = {.to = STATE(NEW), .line = is_young, .effect = tax_anew},
	[LINE_CANCEL_ORDER] = {.to = STATE(STO),
			       .happened = "order.cancelled",
			       .order = may_cancel_order},
};
