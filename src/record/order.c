/* SPDX-License-Identifier: ISC */
#include "record/order.h"

#include <assert.h>

#include "note.h"
#include "object.h"
#include "record/customer.h"
#include "record/item.h"

#define ORDER_LINES_MAX 10000

#define BIT(state) LINE_BIT(REC__LINE_STATE__LINE_STATE_##state)

static int as_order(int got, ProtobufCMessage *message, Rec__Order **order)
{
	*order = got > 0 ? (Rec__Order *)message : NULL;
	return got;
}

int order_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Order **order, struct err *e)
{
	ProtobufCMessage *message;
	int got = object_load(txn, a, OBJECT_ORDER, id, &message, e);
	return as_order(got, message, order);
}

static int find_by(struct txn *txn, struct arena *a, const struct store_key *key,
		   Rec__Order **order, struct err *e)
{
	struct object_query query = {
		.type = OBJECT_ORDER,
		.index = ORDER_BY_EXTERNAL,
		.range = {.prefix = store_key_slice(key)},
	};
	ProtobufCMessage *message;
	int got = object_find(txn, a, &query, &message, e);
	return as_order(got, message, order);
}

int order_find_external(struct txn *txn, struct arena *a, const Rec__ExternalId *external,
			Rec__Order **order, struct err *e)
{
	struct store_key key = {.len = 0};
	object_key_external(&key, external, "order");
	return find_by(txn, a, &key, order, e);
}

int order_find_number(struct txn *txn, struct arena *a, struct slice value, Rec__Order **order,
		      struct err *e)
{
	struct store_key key = {.len = 0};
	object_key_text(&key, value);
	return find_by(txn, a, &key, order, e);
}

Rec__Line *order_line(const Rec__Order *order, uint32_t number, uint32_t split)
{
	for (size_t i = 0; i < order->n_lines; i++)
		if (order->lines[i]->number == number && order->lines[i]->split == split)
			return order->lines[i];
	return NULL;
}

/* ---- storing ---- */

/* What a line is worth must be computable now, not when its invoice is due. */
static int line_check(const Rec__Line *line, struct err *e)
{
	int64_t amount;
	if (!line->sku[0] || strlen(line->sku) > ITEM_SKU_MAX)
		return err_set(e, ERR_INPUT, "\"sku\" must have 1 to %d bytes", ITEM_SKU_MAX);
	if (line->state == REC__LINE_STATE__LINE_STATE_NONE)
		return err_set(e, ERR_INPUT, "\"state\" is missing");
	if (line->quantity == 0)
		return err_set(e, ERR_INPUT, "\"quantity\" must not be 0");
	return line_amount(line, &amount, e);
}

static int lines_check(const Rec__Order *order, struct err *e)
{
	if (order->n_lines > ORDER_LINES_MAX)
		return err_set(e, ERR_INPUT, "\"lines\": an order has at most %d", ORDER_LINES_MAX);
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		if (line_check(line, e) < 0)
			return err_prefix(e, "lines[%zu]", i);
		if (order_line(order, line->number, line->split) != line)
			return err_set(e, ERR_INPUT, "lines[%zu]: there is a line %u already", i,
				       line->number);
	}
	return 1;
}

static int order_check(struct change *ch, const Rec__Order *order, struct err *e)
{
	struct order_totals totals;
	if (!object_exists(ch->txn, OBJECT_CUSTOMER, order->customer))
		return err_set(e, ERR_INPUT, "\"customer\": there is no customer C%llu",
			       (unsigned long long)order->customer);
	if (money_exponent(slice_str(order->currency)) < 0)
		return err_set(e, ERR_INPUT, "\"currency\": \"%s\" is no ISO 4217 currency",
			       order->currency);
	if (order->voucher < 0)
		return err_set(e, ERR_INPUT, "\"voucher\" must not be negative");
	if (lines_check(order, e) < 0 ||
	    object_check_externals(ch, OBJECT_ORDER, order->id, order->external_ids,
				   order->n_external_ids, e) < 0)
		return -1;
	return order_totals(order, &totals, e);
}

/* Numbers for lines that have none, behind the highest; dates likewise. */
static void fill_lines(const Rec__Order *order)
{
	uint32_t highest = 0;
	for (size_t i = 0; i < order->n_lines; i++)
		if (order->lines[i]->number > highest)
			highest = order->lines[i]->number;
	for (size_t i = 0; i < order->n_lines; i++) {
		if (!order->lines[i]->number)
			order->lines[i]->number = ++highest;
		if (!order->lines[i]->line_at)
			order->lines[i]->line_at = order->ordered_at;
	}
}

int order_create(struct change *ch, Rec__Order *order, struct err *e)
{
	if (!order->created_at)
		order->created_at = ch->now;
	if (!order->ordered_at)
		order->ordered_at = order->created_at;
	fill_lines(order);
	if (order_check(ch, order, e) < 0 || object_number(ch, OBJECT_ORDER, &order->id, e) < 0)
		return -1;
	assert(order->id != 0 && order->ordered_at != 0);
	return object_create(ch, OBJECT_ORDER, order->id, &order->base,
			     order_status_word(order_status(order)), e);
}

/* The status before is that of the stored order: the caller's copy has changed already. */
static int save(struct change *ch, Rec__Order *order, struct object_step *step, struct err *e)
{
	ProtobufCMessage *old;
	int got = object_lock(ch->txn, ch->arena, OBJECT_ORDER, order->id, &old, e);
	if (got > 0) {
		step->from_state = order_status_word(order_status((Rec__Order *)old));
		step->to_state = order_status_word(order_status(order));
	}
	fill_lines(order);
	if (got < 0 || order_check(ch, order, e) < 0)
		return -1;
	order->updated_at = ch->now;
	return object_save(ch, OBJECT_ORDER, order->id, &order->base, step, e);
}

int order_save(struct change *ch, Rec__Order *order, const char *event, struct slice reason,
	       struct err *e)
{
	struct object_step step = {.event = event, .reason = reason};
	return save(ch, order, &step, e);
}

/* ---- hold and release ---- */

static unsigned line_states(const Rec__Order *order)
{
	unsigned states = 0;
	for (size_t i = 0; i < order->n_lines; i++)
		states |= LINE_BIT(order->lines[i]->state);
	return states;
}

/* Why no line has this event: the order as people see it, and its lines' states. */
static int none_can(const Rec__Order *order, enum line_event event, struct err *e)
{
	enum order_status status = order_status(order);
	unsigned states = line_states(order);
	struct buf list;
	buf_init(&list, 512);
	for (int i = 0; i < LINE_STATE_COUNT; i++)
		if (states & LINE_BIT(i))
			buf_printf(&list, "%s%.*s (%s)", list.len ? ", " : "",
				   SLICE_ARG(schema_enum_text(&rec__line_state__descriptor, i)),
				   line_state_word((Rec__LineState)i));
	err_set(e, ERR_INPUT, "no line of O%llu can have \"%s\": the order is %s; its lines are %s",
		(unsigned long long)order->id, line_event_name(event), order_status_word(status),
		list.len ? buf_str(&list) : "none");
	buf_release(&list);
	return -1;
}

static int not_merged(const Rec__Order *order, struct err *e)
{
	if (!order->merged_into)
		return 1;
	return err_set(e, ERR_INPUT, "O%llu was merged into O%llu", (unsigned long long)order->id,
		       (unsigned long long)order->merged_into);
}

int order_hold_check(struct txn *txn, const Rec__Order *order, struct err *e)
{
	unsigned states = line_states(order);
	(void)txn;
	if (not_merged(order, e) < 0)
		return -1;
	/* A part of the order would be shipped, and a hold that does not hold is worse than none.
	 */
	if (states & (BIT(EIN) | BIT(FUP) | BIT(FUT)))
		return err_set(e, ERR_INPUT,
			       "O%llu cannot be held: a line of it is already being sent",
			       (unsigned long long)order->id);
	return states & BIT(ANG) ? 1 : none_can(order, LINE_HOLD, e);
}

int order_release_check(struct txn *txn, const Rec__Order *order, struct err *e)
{
	struct arena *a = txn_arena(txn);
	Rec__Customer *customer;
	if (not_merged(order, e) < 0)
		return -1;
	if (!(line_states(order) & BIT(HAL)))
		return none_can(order, LINE_RELEASE, e);
	int got = customer_load(txn, a, order->customer, &customer, e);
	if (got <= 0)
		return got < 0 ? -1
			       : err_set(e, ERR_TEMP, "O%llu has no customer",
					 (unsigned long long)order->id);
	/* RECORD.md 3.25: of a locked customer nothing is released. */
	if (!customer->locked && !customer->blacklisted)
		return 1;
	const char *reason =
		customer->locked ? customer->locked_reason : customer->blacklisted_reason;
	return err_set(e, ERR_INPUT, "O%llu cannot be released: customer C%llu is %s%s%s",
		       (unsigned long long)order->id, (unsigned long long)customer->id,
		       customer->locked ? "locked" : "blacklisted", reason[0] ? ": " : "", reason);
}

static int existing(struct change *ch, uint64_t id, Rec__Order **order, struct err *e)
{
	int got = order_load(ch->txn, ch->arena, id, order, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no order O%llu", (unsigned long long)id);
	return got;
}

/* Every line of state `from` has the event; the checks were made before. */
static int move_lines(const Rec__Order *order, enum line_event event, Rec__LineState from,
		      Rec__LineState to, struct err *e)
{
	for (size_t i = 0; i < order->n_lines; i++)
		if (order->lines[i]->state == from && line_move(order->lines[i], event, to, e) < 0)
			return -1;
	return 1;
}

int order_hold(struct change *ch, uint64_t id, struct slice reason, struct err *e)
{
	Rec__Order *order;
	struct object_step step = {.event = "hold", .reason = reason};
	if (existing(ch, id, &order, e) < 0 || order_hold_check(ch->txn, order, e) < 0 ||
	    move_lines(order, LINE_HOLD, REC__LINE_STATE__LINE_STATE_ANG,
		       REC__LINE_STATE__LINE_STATE_HAL, e) < 0)
		return -1;
	assert(order_status(order) == ORDER_HOLD && !(line_states(order) & BIT(ANG)));
	order->hold_reason = arena_str(ch->arena, reason);
	if (save(ch, order, &step, e) < 0)
		return -1;
	change_event(ch, "order.held", 'O', id, reason);
	return 1;
}

int order_release(struct change *ch, uint64_t id, struct slice reason, struct err *e)
{
	Rec__Order *order;
	struct object_step step = {.event = "release", .reason = reason};
	if (existing(ch, id, &order, e) < 0 || order_release_check(ch->txn, order, e) < 0 ||
	    move_lines(order, LINE_RELEASE, REC__LINE_STATE__LINE_STATE_HAL,
		       REC__LINE_STATE__LINE_STATE_ANG, e) < 0)
		return -1;
	/* ST-23, and RECORD.md 3.22: all of it or nothing. */
	assert(!(line_states(order) & BIT(HAL)));
	order->hold_reason = arena_str(ch->arena, SLICE(""));
	if (save(ch, order, &step, e) < 0)
		return -1;
	change_event(ch, "order.released", 'O', id, reason);
	return 1;
}

int order_comment(struct change *ch, uint64_t id, struct slice text, struct err *e)
{
	Rec__Order *order;
	struct object_step step = {.event = "comment", .manual = true};
	if (existing(ch, id, &order, e) < 0 ||
	    note_add(ch, &order->comments, &order->n_comments, text, e) < 0 ||
	    save(ch, order, &step, e) < 0)
		return -1;
	change_event(ch, "order.commented", 'O', id, text);
	return 1;
}
