/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "order_private.h"
#include "record/customer.h"
#include "record/order_money.h"
#include "record/shop.h"
#include "record/shop_table.h"

#define STATE(name) REC__LINE_STATE__LINE_STATE_##name

/* ---- the calendar of the shop ---- */

int order_zone(struct change *ch, const Rec__Order *order, const struct zone **zone, struct err *e)
{
	Rec__Shop *shop;
	*zone = NULL;
	int got = shop_load(ch->txn, ch->arena, order->shop, &shop, e);
	if (got <= 0 || !shop->time_zone[0])
		return got < 0 ? -1 : 1;
	return zone_find(slice_str(shop->time_zone), zone, e);
}

/* Midnight UTC of the local day: so that days are counted and not hours. */
static int64_t local_day(const struct zone *zone, int64_t at)
{
	struct civil day;
	civil_from_zone(at, zone, &day);
	day.hour = day.minute = day.second = day.offset = 0;
	return civil_to_utc(&day);
}

int64_t order_days_between(const struct zone *zone, int64_t then, int64_t now)
{
	return (local_day(zone, now) - local_day(zone, then)) / 86400;
}

static int days_in_month(int64_t year, int month)
{
	struct civil last = {.year = year, .month = month + 1, .day = 0}, day;
	civil_from_utc(civil_to_utc(&last), &day);
	return day.day;
}

bool order_within_month(const struct zone *zone, int64_t then, int64_t now)
{
	struct civil limit;
	civil_from_zone(then, zone, &limit);
	limit.year += limit.month == 12;
	limit.month = limit.month % 12 + 1;
	/* 31 January and a month is the last of February. */
	int last = days_in_month(limit.year, limit.month);
	limit.day = limit.day < last ? limit.day : last;
	limit.hour = limit.minute = limit.second = limit.offset = 0;
	return local_day(zone, now) <= civil_to_utc(&limit);
}

/* ---- terms ---- */

/*
 * Orders keep the word they were made with: where its row is gone, "prepay" and
 * "prepaid" still mean what they say.
 */
int order_prepaid(struct change *ch, const Rec__Order *order, struct err *e)
{
	struct slice name = slice_str(order->terms);
	Rec__Terms *terms;
	if (!name.len)
		return 0;
	int got = terms_load(ch->txn, ch->arena, name, &terms, e);
	if (got != 0)
		return got < 0 ? -1 : terms->prepay;
	return slice_starts_nocase(name, SLICE("prepa"));
}

/* 1 covered, 0 not; *missing in minor units. */
static int is_covered(struct change *ch, const Rec__Order *order, int64_t *missing, struct err *e)
{
	struct order_totals totals;
	int64_t cover;
	if (order_totals(order, &totals, e) < 0 || order_cover(ch, order, &cover, e) < 0)
		return -1;
	*missing = totals.total - cover;
	return cover >= totals.total;
}

static char *amount_text(struct arena *a, int64_t amount, const char *currency)
{
	struct buf out;
	buf_init(&out, 64);
	money_put(&out, amount, slice_str(currency));
	char *text = arena_printf(a, "%s %s", buf_str(&out), currency);
	buf_release(&out);
	return text;
}

int order_season_begun(struct change *ch, const Rec__Order *order, struct err *e)
{
	const struct zone *zone;
	Rec__Season *season;
	struct civil day;
	if (!order->season[0])
		return 1;
	int got = season_load(ch->txn, ch->arena, slice_str(order->season), &season, e);
	if (got <= 0 || season->starts_at <= ch->now)
		return got < 0 ? -1 : 1;
	if (order_zone(ch, order, &zone, e) < 0)
		return -1;
	civil_from_zone(season->starts_at, zone, &day);
	return err_set(e, ERR_INPUT,
		       "O%llu is of season %s, which begins on %04lld-%02d-%02d: nothing of it is "
		       "allocated before",
		       (unsigned long long)order->id, season->name, (long long)day.year, day.month,
		       day.day);
}

int order_dispatchable(struct change *ch, const Rec__Order *order, struct err *e)
{
	unsigned long long id = order->id;
	int64_t missing;
	if (order_status(order) == ORDER_HOLD)
		return err_set(e, ERR_INPUT, "O%llu is on hold%s%s: release it first", id,
			       order->hold_reason[0] ? ", " : "", order->hold_reason);
	if (order_season_begun(ch, order, e) < 0)
		return -1;
	int got = order_prepaid(ch, order, e);
	if (got <= 0)
		return got < 0 ? -1 : 1;
	got = is_covered(ch, order, &missing, e);
	if (got)
		return got;
	return err_set(e, ERR_INPUT,
		       "O%llu is to be paid before it is sent (terms %s), and %s are not covered",
		       id, order->terms, amount_text(ch->arena, missing, order->currency));
}

/* ---- the first state of a line ---- */

/* What the customer's open orders come to, this one left out (CP-20). */
static int open_orders(struct change *ch, const Rec__Order *order, int64_t *sum, struct err *e)
{
	struct customer_orders orders;
	if (customer_orders(ch->txn, ch->arena, order->customer, CUSTOMER_ORDERS_MAX, &orders, e) <
	    0)
		return -1;
	for (size_t i = 0; i < orders.n; i++) {
		const Rec__Order *other = orders.items[i];
		struct order_totals totals;
		bool placed = order_states(other) != LINE_BIT(STATE(NEW));
		if (other->id == order->id || order_status(other) != ORDER_OPEN || !placed ||
		    strcmp(other->currency, order->currency) != 0)
			continue;
		if (order_totals(other, &totals, e) < 0 ||
		    money_add(*sum, totals.total, sum, e) < 0)
			return -1;
	}
	return 1;
}

static int within_limit(struct change *ch, const Rec__Order *order, const Rec__Customer *customer,
			struct slice *why, struct err *e)
{
	struct order_totals totals;
	int64_t sum, owed;
	if (!customer->credit_limit)
		return 1;
	if (order_totals(order, &totals, e) < 0 || order_owed(ch, order, &owed, e) < 0 ||
	    money_add(owed, totals.total, &sum, e) < 0 || open_orders(ch, order, &sum, e) < 0)
		return -1;
	if (sum <= customer->credit_limit)
		return 1;
	*why = slice_str(
		arena_printf(ch->arena, "the credit limit of C%llu, %s, would be passed: %s",
			     (unsigned long long)customer->id,
			     amount_text(ch->arena, customer->credit_limit, order->currency),
			     amount_text(ch->arena, sum, order->currency)));
	return 0;
}

/* What the tables alone say: the payment type first, then the terms. */
static int wanted_state(struct change *ch, const Rec__Order *order, bool prepaid,
			Rec__LineState *state, struct slice *why, struct err *e)
{
	Rec__PaymentType *type;
	struct arena *a = ch->arena;
	int got = 0;
	if (order->payment_type[0])
		got = payment_type_load(ch->txn, a, slice_str(order->payment_type), &type, e);
	if (got < 0)
		return -1;
	if (got > 0 && type->orderline_status != STATE(NONE)) {
		*state = type->orderline_status;
		*why = slice_str(
			arena_printf(a, "orders paid by %s wait for their payment", type->name));
		return 1;
	}
	*state = order->terms[0] && !prepaid ? STATE(ANG) : STATE(HAL);
	*why = SLICE("the order waits for its payment");
	return 1;
}

static int first_of_replacement(struct change *ch, const Rec__Order *order, Rec__LineState *state,
				struct slice *why, struct err *e)
{
	int64_t missing;
	int got = is_covered(ch, order, &missing, e);
	*state = got > 0 ? STATE(ANG) : STATE(HAL);
	*why = SLICE("");
	if (got == 0)
		*why = slice_str(arena_printf(ch->arena,
					      "the replacement is dearer, and %s are not paid",
					      amount_text(ch->arena, missing, order->currency)));
	return got < 0 ? -1 : 1;
}

int order_first_state(struct change *ch, const Rec__Order *order, Rec__LineState *state,
		      struct slice *why, struct err *e)
{
	Rec__Customer *customer;
	int64_t missing;
	*state = STATE(HAL);
	int got = customer_resolve(ch->txn, ch->arena, order->customer, &customer, e);
	int prepaid = got > 0 ? order_prepaid(ch, order, e) : 0;
	if (got < 0 || prepaid < 0)
		return -1;
	*why = SLICE("the customer is locked or blacklisted");
	if (got == 0 || customer_is_blocked(customer))
		return 1;
	/* RECORD.md 1.6: what replaces goes at once, unless it is dearer and that not paid. */
	if (order_states(order) & LINE_BIT(STATE(MIN)))
		return first_of_replacement(ch, order, state, why, e);
	if (wanted_state(ch, order, prepaid, state, why, e) < 0)
		return -1;
	if (*state != STATE(ANG))
		return 1;
	got = prepaid ? is_covered(ch, order, &missing, e)
		      : within_limit(ch, order, customer, why, e);
	if (got == 0)
		*state = STATE(HAL);
	if (got == 0 && prepaid)
		*why = slice_str(
			arena_printf(ch->arena, "it is to be paid first (terms %s)", order->terms));
	if (got > 0)
		*why = SLICE("");
	return got < 0 ? -1 : 1;
}
