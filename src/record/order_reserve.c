/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "order_private.h"
#include "order_work.h"
#include "record/dispatch.h"
#include "record/item_stock.h"
#include "record/shop_table.h"

#define BIT(name) LINE_BIT(REC__LINE_STATE__LINE_STATE_##name)
/* Lines that may hold stock while they wait; replacement lines never do (RECORD.md 3.18). */
#define WAITING (BIT(NEW) | BIT(HAL) | BIT(ANG))

/* ---- one line ---- */

int line_unreserve(struct change *ch, Rec__Line *line, struct err *e)
{
	int64_t pieces = line->reserved;
	line->reserved = 0;
	line->reserved_at = 0;
	return pieces > 0 ? item_unreserve(ch, slice_str(line->sku), pieces, e) : 1;
}

int line_reserve(struct change *ch, Rec__Line *line, int64_t *pieces, struct err *e)
{
	int64_t got, wanted = line->quantity - line->reserved;
	if (wanted <= 0)
		return 1;
	if (item_reserve(ch, slice_str(line->sku), wanted, &got, e) < 0)
		return -1;
	line->reserved += got;
	*pieces += got;
	/* The place in the queue is that of the first call. */
	if (!line->reserved_at)
		line->reserved_at = ch->now;
	assert(line->reserved <= line->quantity);
	return 1;
}

static bool waits(const Rec__Line *line)
{
	return (LINE_BIT(line->state) & WAITING) && line->quantity > line->reserved;
}

/* ---- an order ---- */

typedef bool wanted_fn(const Rec__Line *line);

static bool holds(const Rec__Line *line)
{
	return (LINE_BIT(line->state) & WAITING) && (line->reserved > 0 || line->reserved_at);
}

/* The lines of a step; a named one must be wanted. */
static int lines_of(const struct change *ch, const Rec__Order *order, const struct order_step *step,
		    wanted_fn *wanted, Rec__Line **lines, size_t *n, struct err *e)
{
	unsigned long long id = order->id;
	*n = 0;
	for (size_t i = 0; i < step->n_parts; i++) {
		Rec__Line *line = order_part_line(order, &step->parts[i], e);
		if (!line)
			return -1;
		if (!wanted(line))
			return err_set(e, ERR_INPUT,
				       "line %s of O%llu is %s, with %lld of %lld pieces "
				       "reserved",
				       line_label(ch->arena, line), id,
				       line_state_name(ch->arena, line), (long long)line->reserved,
				       (long long)line->quantity);
		lines[(*n)++] = line;
	}
	for (size_t i = 0; i < order->n_lines && !step->n_parts && *n < ORDER_STEP_MAX; i++)
		if (wanted(order->lines[i]))
			lines[(*n)++] = order->lines[i];
	return 1;
}

static int to_reserve(struct change *ch, const Rec__Order *order, const struct order_step *step,
		      Rec__Line **lines, size_t *n, struct err *e)
{
	if (order_alive(order, e) < 0 || order_season_begun(ch, order, e) < 0 ||
	    lines_of(ch, order, step, waits, lines, n, e) < 0)
		return -1;
	if (*n)
		return 1;
	return err_set(e, ERR_INPUT, "no line of O%llu waits for goods: the order is %s, %s",
		       (unsigned long long)order->id, order_status_word(order_status(order)),
		       order_view_word(order_view(order)));
}

static int to_unreserve(struct change *ch, const Rec__Order *order, const struct order_step *step,
			Rec__Line **lines, size_t *n, struct err *e)
{
	if (order_alive(order, e) < 0 || lines_of(ch, order, step, holds, lines, n, e) < 0)
		return -1;
	if (*n)
		return 1;
	return err_set(e, ERR_INPUT, "nothing is reserved for O%llu",
		       (unsigned long long)order->id);
}

int order_reserve_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
			struct err *e)
{
	size_t n;
	return to_reserve(ch, order, step, order_step_room(ch->arena, order, step), &n, e);
}

int order_unreserve_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
			  struct err *e)
{
	size_t n;
	return to_unreserve(ch, order, step, order_step_room(ch->arena, order, step), &n, e);
}

int order_reserve(struct change *ch, const struct order_step *step, int64_t *pieces, struct err *e)
{
	struct object_step row = {.event = "reserve", .reason = step->reason};
	Rec__Order *order;
	size_t n;
	*pieces = 0;
	if (order_take(ch, step->order, &order, e) < 0)
		return -1;
	Rec__Line **lines = order_step_room(ch->arena, order, step);
	if (to_reserve(ch, order, step, lines, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (line_reserve(ch, lines[i], pieces, e) < 0)
			return err_prefix(e, "line %s of O%llu", line_label(ch->arena, lines[i]),
					  (unsigned long long)order->id);
	return order_store(ch, order, &row, e) < 0 ? -1 : 1;
}

/* When the order is stored: the next one may be another line of it. */
int order_pass_on(struct change *ch, Rec__Line *const *lines, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		int64_t pieces;
		bool before = false;
		for (size_t k = 0; k < i && !before; k++)
			before = strcmp(lines[k]->sku, lines[i]->sku) == 0;
		if (!before && order_allocate_item(ch, slice_str(lines[i]->sku), &pieces, e) < 0)
			return -1;
	}
	return 1;
}

int order_unreserve(struct change *ch, const struct order_step *step, int64_t *pieces,
		    struct err *e)
{
	struct object_step row = {.event = "unreserve", .reason = step->reason};
	Rec__Order *order;
	size_t n;
	*pieces = 0;
	if (order_take(ch, step->order, &order, e) < 0)
		return -1;
	Rec__Line **lines = order_step_room(ch->arena, order, step);
	if (to_unreserve(ch, order, step, lines, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		*pieces += lines[i]->reserved;
		if (line_unreserve(ch, lines[i], e) < 0)
			return -1;
	}
	if (order_store(ch, order, &row, e) < 0)
		return -1;
	return order_pass_on(ch, lines, n, e);
}

/* Quietly: an order comes in whether or not its goods are there, or known at all. */
int order_reserve_new(struct change *ch, Rec__Order *order, struct err *e)
{
	Rec__PaymentType *type;
	struct err refused;
	int64_t pieces = 0;
	int got = payment_type_load(ch->txn, ch->arena, slice_str(order->payment_type), &type, e);
	if (got <= 0 || !type->reservation)
		return got < 0 ? -1 : 1;
	if (order_season_begun(ch, order, &refused) < 0)
		return refused.class == ERR_INPUT ? 1
						  : err_set(e, refused.class, "%s", refused.text);
	for (size_t i = 0; i < order->n_lines; i++)
		if (waits(order->lines[i]) &&
		    line_reserve(ch, order->lines[i], &pieces, &refused) < 0 &&
		    refused.class != ERR_INPUT)
			return err_set(e, refused.class, "%s", refused.text);
	return 1;
}

/* ---- an item ---- */

/* Who waits: the order, and since when one of its lines does. */
struct waiting {
	int64_t since;
	uint64_t order;
};

/* The lines of that time: others of the order have a place of their own in the queue. */
static int give(struct change *ch, const struct waiting *who, struct slice sku, int64_t *pieces,
		struct err *e)
{
	struct object_step row = {.event = "reserve", .reason = SLICE("stock has come")};
	Rec__Order *order;
	if (order_take(ch, who->order, &order, e) < 0)
		return -1;
	for (size_t i = 0; i < order->n_lines; i++)
		if (order_work_waits(order->lines[i]) &&
		    order->lines[i]->reserved_at == who->since &&
		    slice_eq(slice_str(order->lines[i]->sku), sku) &&
		    line_reserve(ch, order->lines[i], pieces, e) < 0)
			return -1;
	return order_store(ch, order, &row, e);
}

/* Their numbers first: whoever is given something leaves the index. */
static int queue_of(struct change *ch, struct slice sku, struct waiting *queue, size_t *n,
		    struct err *e)
{
	struct store_key key = {.len = 0};
	struct store_cursor *cursor;
	struct store_row row;
	int got = 0;
	*n = 0;
	order_work_waiting(&key, sku);
	struct store_range range = {.prefix = store_key_slice(&key)};
	if (store_cursor_open(ch->txn, objects[OBJECT_ORDER].table, ORDER_BY_WORK, &range, &cursor,
			      e) < 0)
		return -1;
	while (*n < ORDER_ALLOCATE_MAX && (got = store_next(cursor, &row, e)) > 0) {
		struct slice rest = slice_sub(row.key, key.len, row.key.len);
		if (store_key_take_i64(&rest, &queue[*n].since) &&
		    store_key_take_u64(&rest, &queue[*n].order))
			++*n;
	}
	store_cursor_close(&cursor);
	return got < 0 ? -1 : 1;
}

int order_allocate_item(struct change *ch, struct slice sku, int64_t *pieces, struct err *e)
{
	struct waiting *queue = ARENA_ARRAY(ch->arena, ORDER_ALLOCATE_MAX, struct waiting);
	int64_t free;
	size_t n;
	*pieces = 0;
	if (item_free(ch->txn, ch->arena, sku, &free, e) < 0 ||
	    (free > 0 && queue_of(ch, sku, queue, &n, e) < 0))
		return -1;
	for (size_t i = 0; free > 0 && i < n; i++)
		if (give(ch, &queue[i], sku, pieces, e) < 0 ||
		    item_free(ch->txn, ch->arena, sku, &free, e) < 0)
			return -1;
	return 1;
}
