/* SPDX-License-Identifier: ISC */
#include "order_work.h"

#include "object.h"
#include "record/order.h"

void order_work_prefix(struct store_key *key, enum order_work kind)
{
	store_key_u8(key, (uint8_t)kind);
}

void order_work_item(struct store_key *key, struct slice sku)
{
	order_work_prefix(key, WORK_ITEM);
	object_key_text(key, sku);
}

void order_work_waiting(struct store_key *key, struct slice sku)
{
	order_work_prefix(key, WORK_WAITING);
	object_key_text(key, sku);
}

bool order_work_waits(const Rec__Line *line)
{
	return line->reserved_at && line->reserved < line->quantity &&
	       (line->state == REC__LINE_STATE__LINE_STATE_NEW ||
		line->state == REC__LINE_STATE__LINE_STATE_HAL ||
		line->state == REC__LINE_STATE__LINE_STATE_ANG);
}

/* What depends on money, seasons and customers is asked when the queue is read. */
bool order_work_ready(const Rec__Line *line)
{
	return line->state == REC__LINE_STATE__LINE_STATE_ANG && line->quantity > 0 &&
	       line->reserved >= line->quantity;
}

static void add_dispatch(const Rec__Order *order, const Rec__Line *line, struct store_keys *keys)
{
	struct store_key key = {.len = 0};
	order_work_prefix(&key, WORK_DISPATCH);
	store_key_u8(&key, !order->urgent);
	store_key_i64(&key, line->reserved_at);
	store_key_u32(&key, line->number);
	store_key_u32(&key, line->split);
	store_keys_add(keys, store_key_slice(&key));
}

static void add_since(enum order_work kind, const Rec__Order *order, int64_t since,
		      struct store_keys *keys)
{
	struct store_key key = {.len = 0};
	if (since == INT64_MAX)
		return;
	order_work_prefix(&key, kind);
	store_key_i64(&key, since);
	store_key_u64(&key, order->id);
	store_keys_add(keys, store_key_slice(&key));
}

static void add_item(const Rec__Order *order, const Rec__Line *line, struct store_keys *keys)
{
	struct store_key key = {.len = 0};
	order_work_item(&key, slice_str(line->sku));
	store_key_i64(&key, order->ordered_at);
	store_keys_add(keys, store_key_slice(&key));
}

static void add_waiting(const Rec__Order *order, const Rec__Line *line, struct store_keys *keys)
{
	struct store_key key = {.len = 0};
	order_work_waiting(&key, slice_str(line->sku));
	store_key_i64(&key, line->reserved_at);
	store_key_u64(&key, order->id);
	store_keys_add(keys, store_key_slice(&key));
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void order_work_keys(const Rec__Order *order, struct store_keys *keys)
{
	int64_t held = INT64_MAX, reserved = INT64_MAX;
	bool open = order_status(order) == ORDER_OPEN;
	if (order->merged_into || order->deleted_at)
		return;
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		if (line_is_final(line->state) || line->state == REC__LINE_STATE__LINE_STATE_MIN)
			continue;
		add_item(order, line, keys);
		if (open && order_work_ready(line))
			add_dispatch(order, line, keys);
		if (order_work_waits(line))
			add_waiting(order, line, keys);
		if (line->state == REC__LINE_STATE__LINE_STATE_HAL)
			held = earlier(held, line->state_at);
		if (line->reserved)
			reserved = earlier(reserved, line->reserved_at);
	}
	add_since(WORK_HELD, order, held, keys);
	add_since(WORK_RESERVED, order, reserved, keys);
}
