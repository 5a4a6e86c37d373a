/* SPDX-License-Identifier: ISC */
#include "record/order_daily.h"

#include <assert.h>

#include "order_private.h"
#include "order_work.h"
#include "record/dispatch.h"
#include "record/order_money.h"
#include "record/shop.h"
#include "record/shop_table.h"

#define BIT(name) LINE_BIT(REC__LINE_STATE__LINE_STATE_##name)
#define DAY 86400
#define NAME "orders"

/* ---- how far it came ---- */

/* Where it stands within a day: a kind of work, and the order it looked at last. */
struct place {
	char kind; /* WORK_HELD, WORK_RESERVED; 0 behind the last */
	int64_t since;
	uint64_t order;
};

struct daily {
	struct change *ch;
	Rec__Schedule *schedule;
	int64_t today; /* days since 1970, where the first shop is */
	struct place place;
};

static const char kinds[] = {WORK_HELD, WORK_RESERVED, 0};

static bool read_place(const char *text, struct place *place)
{
	struct slice rest = slice_str(text), kind, since, order;
	if (!rest.len || !slice_cut(&rest, ' ', &kind) || !slice_cut(&rest, ' ', &since) ||
	    !slice_cut(&rest, ' ', &order) || kind.len != 1)
		return false;
	place->kind = kind.ptr[0];
	return slice_i64(since, &place->since) && slice_u64(order, &place->order);
}

static int find_today(struct change *ch, int64_t *today, struct err *e)
{
	struct shop_list shops;
	const struct zone *zone = NULL;
	if (shop_list(ch->txn, ch->arena, &shops, e) < 0)
		return -1;
	if (shops.n && shops.items[0]->time_zone[0] &&
	    zone_find(slice_str(shops.items[0]->time_zone), &zone, e) < 0)
		return -1;
	*today = order_days_between(zone, 0, ch->now);
	return 1;
}

static int begin(struct daily *d, struct change *ch, struct err *e)
{
	ProtobufCMessage *message;
	*d = (struct daily){.ch = ch};
	if (find_today(ch, &d->today, e) < 0)
		return -1;
	int got = object_load_key(ch->txn, ch->arena, OBJECT_SCHEDULE, SLICE(NAME), &message, e);
	if (got < 0)
		return -1;
	d->schedule = got > 0 ? (Rec__Schedule *)message : ARENA_NEW(ch->arena, Rec__Schedule);
	if (got == 0) {
		rec__schedule__init(d->schedule);
		d->schedule->name = arena_str(ch->arena, SLICE(NAME));
	}
	if (!read_place(d->schedule->place, &d->place))
		d->place = (struct place){kinds[0], INT64_MIN, 0};
	return d->schedule->day < d->today;
}

int order_daily_due(struct change *ch, struct err *e)
{
	struct daily d;
	return begin(&d, ch, e);
}

static int finish(struct daily *d, struct err *e)
{
	struct change *ch = d->ch;
	Rec__Schedule *schedule = d->schedule;
	if (d->place.kind)
		schedule->place =
			arena_printf(ch->arena, "%c %lld %llu", d->place.kind,
				     (long long)d->place.since, (unsigned long long)d->place.order);
	else
		schedule->place = arena_str(ch->arena, SLICE(""));
	if (!d->place.kind)
		schedule->day = d->today;
	return store_put(ch->txn, objects[OBJECT_SCHEDULE].table, SLICE(NAME),
			 schema_pack_in(ch->arena, &schedule->base), e);
}

/* ---- which orders ---- */

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return b && (!a || b < a) ? b : a;
}

/*
 * The shortest time after which a payment type wants something of that kind
 * done, in days; 0: none does.  What is younger need not be looked at.
 */
static int shortest(struct daily *d, uint32_t *days, struct err *e)
{
	struct shop_rows rows;
	*days = 0;
	if (shop_row_list(d->ch->txn, d->ch->arena, SHOP_TABLE_PAYMENT_TYPE, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.n; i++) {
		const Rec__PaymentType *type = (const Rec__PaymentType *)rows.items[i];
		if (d->place.kind == WORK_RESERVED)
			*days = smaller(*days, type->reservation_days);
		else
			*days = smaller(*days, type->hal_cancel_days);
		for (size_t k = 0; d->place.kind == WORK_HELD && k < type->n_remind_days; k++)
			*days = smaller(*days, type->remind_days[k]);
	}
	return 1;
}

/* A day of the calendar may be an hour or two short. */
#define SHORT (2 * 3600)

/* At most `most` orders behind the place; *place moves to the last of them. */
static int next_orders(struct daily *d, size_t most, uint64_t *orders, size_t *n, struct err *e)
{
	struct store_key prefix = {.len = 0}, from = {.len = 0}, below = {.len = 0};
	struct store_cursor *cursor;
	struct store_row row;
	uint32_t days;
	int got = 0;
	*n = 0;
	if (shortest(d, &days, e) < 0 || days == 0)
		return days ? -1 : 0;
	order_work_prefix(&prefix, (enum order_work)d->place.kind);
	from = below = prefix;
	store_key_i64(&from, d->place.since);
	store_key_u64(&from, d->place.order + 1);
	store_key_i64(&below, d->ch->now - ((int64_t)days - 1) * DAY + SHORT);
	struct store_range range = {.prefix = store_key_slice(&prefix),
				    .from = store_key_slice(&from),
				    .below = store_key_slice(&below)};
	if (store_cursor_open(d->ch->txn, objects[OBJECT_ORDER].table, ORDER_BY_WORK, &range,
			      &cursor, e) < 0)
		return -1;
	while (*n < most && (got = store_next(cursor, &row, e)) > 0) {
		struct slice key = slice_sub(row.key, 1, row.key.len);
		if (store_key_take_i64(&key, &d->place.since) &&
		    store_key_take_u64(&key, &d->place.order))
			orders[(*n)++] = d->place.order;
	}
	store_cursor_close(&cursor);
	return got < 0 ? -1 : *n > 0;
}

/* ---- what is done to them ---- */

static bool was_reminded(const Rec__Order *order, uint32_t days)
{
	for (size_t i = 0; i < order->n_reminded; i++)
		if (order->reminded[i] == days)
			return true;
	return false;
}

/* The longest of the days that have come; shorter ones are passed with it. */
static uint32_t mark_reminded(struct arena *a, Rec__Order *order, const Rec__PaymentType *type,
			      int64_t age)
{
	uint32_t longest = 0;
	uint32_t *marks = ARENA_ARRAY(a, order->n_reminded + type->n_remind_days, uint32_t);
	for (size_t i = 0; i < order->n_reminded; i++)
		marks[i] = order->reminded[i];
	order->reminded = marks;
	for (size_t i = 0; i < type->n_remind_days; i++) {
		uint32_t days = type->remind_days[i];
		if (!days || age < days || was_reminded(order, days))
			continue;
		order->reminded[order->n_reminded++] = days;
		longest = days > longest ? days : longest;
	}
	return longest;
}

static int64_t held_since(const Rec__Order *order)
{
	int64_t since = INT64_MAX;
	for (size_t i = 0; i < order->n_lines; i++)
		if (order->lines[i]->state == REC__LINE_STATE__LINE_STATE_HAL &&
		    order->lines[i]->state_at < since)
			since = order->lines[i]->state_at;
	return since;
}

static int is_paid(struct change *ch, const Rec__Order *order, struct err *e)
{
	struct order_totals totals;
	int64_t cover;
	if (order_totals(order, &totals, e) < 0 || order_cover(ch, order, &cover, e) < 0)
		return -1;
	return cover >= totals.total;
}

static int remind(struct change *ch, Rec__Order *order, const Rec__PaymentType *type, struct err *e)
{
	const struct zone *zone;
	int paid = is_paid(ch, order, e);
	if (paid || order_zone(ch, order, &zone, e) < 0)
		return paid > 0 ? 1 : -1;
	int64_t age = order_days_between(zone, held_since(order), ch->now);
	uint32_t days = mark_reminded(ch->arena, order, type, age);
	if (!days)
		return 1;
	struct slice text = slice_str(arena_printf(ch->arena, "%u", days));
	struct object_step row = {.event = "remind", .reason = text};
	if (order_store(ch, order, &row, e) < 0)
		return -1;
	change_event(ch, "order.reminder", 'O', order->id, text);
	return 1;
}

static int do_held(struct change *ch, Rec__Order *order, const Rec__PaymentType *type,
		   struct err *e)
{
	struct order_step step = {
		.order = order->id, .event = LINE_AUTOCANCEL, .reason = SLICE("not paid in time")};
	struct err refused;
	if (!type->hal_cancel_days || order_step_check(ch, order, &step, &refused) < 0) {
		if (type->hal_cancel_days && refused.class != ERR_INPUT)
			return err_set(e, refused.class, "%s", refused.text);
		return remind(ch, order, type, e);
	}
	return order_step(ch, &step, NULL, e);
}

static int do_reserved(struct change *ch, Rec__Order *order, const Rec__PaymentType *type,
		       struct err *e)
{
	struct order_part *parts = ARENA_ARRAY(ch->arena, order->n_lines, struct order_part);
	struct order_step step = {
		.order = order->id, .parts = parts, .reason = SLICE("its time is over")};
	const struct zone *zone;
	int64_t pieces;
	if (!type->reservation_days || order_zone(ch, order, &zone, e) < 0)
		return type->reservation_days ? -1 : 1;
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		bool waits = (LINE_BIT(line->state) & (BIT(NEW) | BIT(HAL) | BIT(ANG))) != 0;
		if (waits && line->reserved && !line->picklist[0] &&
		    order_days_between(zone, line->reserved_at, ch->now) >=
			    (int64_t)type->reservation_days)
			parts[step.n_parts++] = (struct order_part){line->number, line->split, 0};
	}
	return step.n_parts ? order_unreserve(ch, &step, &pieces, e) : 1;
}

static int do_order(struct daily *d, uint64_t id, struct err *e)
{
	struct change *ch = d->ch;
	Rec__PaymentType *type;
	Rec__Order *order;
	int got = order_load(ch->txn, ch->arena, id, &order, e);
	if (got > 0)
		got = payment_type_load(ch->txn, ch->arena, slice_str(order->payment_type), &type,
					e);
	if (got <= 0)
		return got < 0 ? -1 : 1;
	return d->place.kind == WORK_HELD ? do_held(ch, order, type, e)
					  : do_reserved(ch, order, type, e);
}

int order_daily(struct change *ch, size_t most, struct err *e)
{
	struct daily d;
	size_t n;
	int got = begin(&d, ch, e);
	if (got <= 0)
		return got;
	uint64_t *orders = ARENA_ARRAY(ch->arena, most, uint64_t);
	got = next_orders(&d, most, orders, &n, e);
	if (got < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (do_order(&d, orders[i], e) < 0)
			return -1;
	/* A kind that is through makes place for the next. */
	if (got == 0) {
		const char *kind = strchr(kinds, d.place.kind);
		assert(kind);
		d.place = (struct place){kind[1], INT64_MIN, 0};
	}
	return finish(&d, e);
}
