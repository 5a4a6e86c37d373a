/* SPDX-License-Identifier: ISC */
#include "record/order.h"

#include <assert.h>

#include "note.h"
#include "order_private.h"
#include "record/customer.h"
#include "record/item.h"

/* Each may stand twice in one index (order_work.h): STORE_INDEX_KEYS_MAX is the limit. */
#define ORDER_LINES_MAX 2000
static_assert(2 * ORDER_LINES_MAX + 2 <= STORE_INDEX_KEYS_MAX, "every line is found");

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

unsigned order_states(const Rec__Order *order)
{
	unsigned states = 0;
	for (size_t i = 0; i < order->n_lines; i++)
		states |= LINE_BIT(order->lines[i]->state);
	return states;
}

Rec__Line *order_part_line(const Rec__Order *order, const struct order_part *part, struct err *e)
{
	Rec__Line *line = order_line(order, part->line, part->split);
	if (!line)
		err_set(e, ERR_INPUT, "O%llu has no line %u%s", (unsigned long long)order->id,
			part->line, part->split ? " of that split" : "");
	return line;
}

Rec__Line **order_step_room(struct arena *a, const Rec__Order *order, const struct order_step *step)
{
	size_t most = step->n_parts > order->n_lines ? step->n_parts : order->n_lines;
	return ARENA_ARRAY(a, most, Rec__Line *);
}

uint32_t order_next_number(const Rec__Order *order)
{
	uint32_t highest = 0;
	for (size_t i = 0; i < order->n_lines; i++)
		if (order->lines[i]->number > highest)
			highest = order->lines[i]->number;
	return highest + 1;
}

/* A new array: the old one may belong to a message that somebody else still looks at. */
void order_append(struct arena *a, Rec__Order *order, Rec__Line *line)
{
	Rec__Line **lines = ARENA_ARRAY(a, order->n_lines + 1, Rec__Line *);
	for (size_t i = 0; i < order->n_lines; i++)
		lines[i] = order->lines[i];
	lines[order->n_lines++] = line;
	order->lines = lines;
}

int order_alive(const Rec__Order *order, struct err *e)
{
	if (order->merged_into)
		return err_set(e, ERR_INPUT, "O%llu was merged into O%llu",
			       (unsigned long long)order->id,
			       (unsigned long long)order->merged_into);
	if (order->deleted_at)
		return err_set(e, ERR_INPUT, "O%llu was deleted", (unsigned long long)order->id);
	return 1;
}

int order_take(struct change *ch, uint64_t id, Rec__Order **order, struct err *e)
{
	ProtobufCMessage *message;
	int got = object_lock(ch->txn, ch->arena, OBJECT_ORDER, id, &message, e);
	*order = got > 0 ? (Rec__Order *)message : NULL;
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no order O%llu", (unsigned long long)id);
	return got < 0 ? -1 : order_alive(*order, e);
}

/* ---- storing ---- */

/* What a line is worth must be computable now, not when its invoice is due. */
static int line_is_whole(const Rec__Line *line, struct err *e)
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
		if (line_is_whole(line, e) < 0)
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
	if (order->voucher < 0 || order->discount < 0 || order->shipping_cost < 0)
		return err_set(
			e, ERR_INPUT,
			"\"voucher\", \"discount\" and \"shipping_cost\" must not be negative");
	if (lines_check(order, e) < 0 ||
	    object_check_externals(ch, OBJECT_ORDER, order->id, order->external_ids,
				   order->n_external_ids, e) < 0)
		return -1;
	return order_totals(order, &totals, e);
}

/* Numbers for lines that have none, behind the highest; dates likewise. */
static void fill_lines(const Rec__Order *order)
{
	uint32_t next = order_next_number(order);
	for (size_t i = 0; i < order->n_lines; i++) {
		Rec__Line *line = order->lines[i];
		if (!line->number)
			line->number = next++;
		if (!line->line_at)
			line->line_at = order->ordered_at;
		/* It waits for its payment since it was ordered, not since we heard of it. */
		if (!line->state_at)
			line->state_at = line->line_at;
		if (line->reserved && !line->reserved_at)
			line->reserved_at = line->line_at;
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
int order_store(struct change *ch, Rec__Order *order, struct object_step *step, struct err *e)
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
	return order_store(ch, order, &step, e);
}

/* ---- comments ---- */

int order_comment(struct change *ch, uint64_t id, struct slice text, struct err *e)
{
	Rec__Order *order;
	struct object_step step = {.event = "comment", .manual = true};
	if (order_take(ch, id, &order, e) < 0 ||
	    note_add(ch, &order->comments, &order->n_comments, text, e) < 0 ||
	    order_store(ch, order, &step, e) < 0)
		return -1;
	change_event(ch, "order.commented", 'O', id, text);
	return 1;
}
