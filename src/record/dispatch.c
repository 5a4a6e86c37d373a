/* SPDX-License-Identifier: ISC */
#include "record/dispatch.h"

#include <assert.h>

#include "order_private.h"
#include "order_work.h"
#include "record/customer.h"
#include "record/item_stock.h"

#define STATE(name) REC__LINE_STATE__LINE_STATE_##name

/* ---- the queue ---- */

/* The line that an index key tells of: behind kind, urgency and time. */
static const Rec__Line *line_of_key(const Rec__Order *order, struct slice key)
{
	uint32_t number, split;
	uint8_t byte;
	int64_t at;
	if (!store_key_take_u8(&key, &byte) || !store_key_take_u8(&key, &byte) ||
	    !store_key_take_i64(&key, &at) || !store_key_take_u32(&key, &number) ||
	    !store_key_take_u32(&key, &split))
		return NULL;
	return order_line(order, number, split);
}

/* Prepaid orders that wait stand in the index, too: their number must not be our time. */
#define DISPATCH_LOOKED_MAX 20000

/* What only money and the calendar know; a refusal is no error here. */
static int may_leave(struct change *ch, const Rec__Order *order, struct err *e)
{
	struct err refused;
	if (order_dispatchable(ch, order, &refused) > 0)
		return 1;
	return refused.class == ERR_INPUT ? 0 : err_set(e, refused.class, "%s", refused.text);
}

static int add_row(struct change *ch, const struct store_row *found, struct dispatch_list *list,
		   size_t *room, struct err *e)
{
	Rec__Customer *customer;
	ProtobufCMessage *message =
		schema_unpack(ch->arena, objects[OBJECT_ORDER].descriptor, found->value, e);
	if (!message)
		return -1;
	const Rec__Order *order = (const Rec__Order *)message;
	const Rec__Line *line = line_of_key(order, found->key);
	int got = line ? may_leave(ch, order, e) : 0;
	if (got <= 0)
		return got;
	if (customer_resolve(ch->txn, ch->arena, order->customer, &customer, e) < 0)
		return -1;
	arena_grow(ch->arena, &list->items, list->n, room, sizeof(*list->items));
	list->items[list->n++] = (struct dispatch_row){order, line, customer};
	return 1;
}

int dispatch_list(struct change *ch, size_t limit, struct dispatch_list *list, struct err *e)
{
	struct store_key key = {.len = 0};
	struct store_cursor *cursor;
	struct store_row row;
	size_t room = 0;
	int got;
	*list = (struct dispatch_list){.items = NULL};
	order_work_prefix(&key, WORK_DISPATCH);
	struct store_range range = {.prefix = store_key_slice(&key)};
	if (store_cursor_open(ch->txn, objects[OBJECT_ORDER].table, ORDER_BY_WORK, &range, &cursor,
			      e) < 0)
		return -1;
	for (size_t looked = 0; (got = store_next(cursor, &row, e)) > 0; looked++) {
		list->more = list->n >= limit || looked >= DISPATCH_LOOKED_MAX;
		if (list->more || (got = add_row(ch, &row, list, &room, e)) < 0)
			break;
	}
	store_cursor_close(&cursor);
	return got < 0 ? -1 : 1;
}

int order_urgent_check(const Rec__Order *order, bool urgent, struct err *e)
{
	if (order_alive(order, e) < 0)
		return -1;
	if (order->urgent != urgent)
		return 1;
	return err_set(e, ERR_INPUT, "O%llu is %s already", (unsigned long long)order->id,
		       urgent ? "urgent" : "not urgent");
}

int order_urgent(struct change *ch, uint64_t id, bool urgent, struct err *e)
{
	struct object_step row = {.event = urgent ? "urgent" : "normal"};
	Rec__Order *order;
	if (order_take(ch, id, &order, e) < 0 || order_urgent_check(order, urgent, e) < 0)
		return -1;
	order->urgent = urgent;
	return order_store(ch, order, &row, e);
}

/* ---- shipping ---- */

/* The step is one for lines that are released, not for those in the box. */
static bool needs_box(const Rec__Order *order, const struct order_step *step)
{
	for (size_t i = 0; i < step->n_parts; i++) {
		const Rec__Line *line =
			order_line(order, step->parts[i].line, step->parts[i].split);
		if (line && line->state == STATE(ANG))
			return true;
	}
	for (size_t i = 0; i < order->n_lines && !step->n_parts; i++)
		if (order->lines[i]->state == STATE(ANG))
			return true;
	return false;
}

static struct order_step with_event(const struct order_step *step, enum line_event event)
{
	struct order_step other = *step;
	other.event = event;
	return other;
}

/* Of the parts those whose lines are ANG; all of an order's where none is named. */
static struct order_step boxing(struct change *ch, const Rec__Order *order,
				const struct order_step *step)
{
	struct order_step scan = with_event(step, LINE_SCAN_IN);
	struct order_part *parts = ARENA_ARRAY(ch->arena, step->n_parts, struct order_part);
	scan.n_parts = 0;
	for (size_t i = 0; i < step->n_parts; i++) {
		const Rec__Line *line =
			order_line(order, step->parts[i].line, step->parts[i].split);
		if (line && line->state == STATE(ANG))
			parts[scan.n_parts++] = step->parts[i];
	}
	scan.parts = parts;
	return scan;
}

/* A line that would be in the box by then is judged as if it were. */
static int shippable(struct change *ch, const Rec__Order *order, const struct order_step *step,
		     struct err *e)
{
	struct order_step scan = boxing(ch, order, step);
	struct order_step ship = with_event(step, LINE_SHIP);
	if (!needs_box(order, step))
		return order_step_check(ch, order, &ship, e);
	if (order_step_check(ch, order, &scan, e) < 0)
		return -1;
	Rec__Order boxed = *order;
	boxed.lines = ARENA_ARRAY(ch->arena, order->n_lines, Rec__Line *);
	for (size_t i = 0; i < order->n_lines; i++) {
		boxed.lines[i] = ARENA_NEW(ch->arena, Rec__Line);
		*boxed.lines[i] = *order->lines[i];
		if (boxed.lines[i]->state == STATE(ANG))
			boxed.lines[i]->state = STATE(EIN);
	}
	return order_step_check(ch, &boxed, &ship, e);
}

int order_ship_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
		     struct err *e)
{
	return shippable(ch, order, step, e);
}

int order_ship(struct change *ch, const struct order_step *step, struct order_report *report,
	       struct err *e)
{
	Rec__Order *order;
	if (order_take(ch, step->order, &order, e) < 0)
		return -1;
	struct order_step scan = boxing(ch, order, step);
	struct order_step ship = with_event(step, LINE_SHIP);
	if (needs_box(order, step) && order_step(ch, &scan, NULL, e) < 0)
		return -1;
	return order_step(ch, &ship, report, e);
}

/* ---- ship now ---- */

static struct order_part part_of(const Rec__Line *line, int64_t quantity)
{
	return (struct order_part){line->number, line->split, quantity};
}

/*
 * What could leave at once: released lines with what they have reserved and
 * what is free, and all that is in the box.  Two lines of one item share what
 * is free, in their order.
 */
static int now_parts(struct change *ch, const Rec__Order *order, struct order_part *parts,
		     size_t *n, struct err *e)
{
	*n = 0;
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		int64_t free, quantity = line->quantity;
		if (line->state == STATE(ANG)) {
			if (item_free(ch->txn, ch->arena, slice_str(line->sku), &free, e) < 0)
				return -1;
			for (size_t k = 0; k < i; k++)
				if (order->lines[k]->state == STATE(ANG) &&
				    strcmp(order->lines[k]->sku, line->sku) == 0)
					free -= order->lines[k]->quantity -
						order->lines[k]->reserved;
			free = (free > 0 ? free : 0) + line->reserved;
			quantity = free < quantity ? free : quantity;
		}
		if (quantity > 0 && (line->state == STATE(ANG) || line->state == STATE(EIN)))
			parts[(*n)++] = part_of(line, quantity);
	}
	if (*n)
		return 1;
	return err_set(e, ERR_INPUT,
		       "nothing of O%llu can be shipped now: the order is %s, and no released line "
		       "has stock",
		       (unsigned long long)order->id, order_status_word(order_status(order)));
}

static int now_step(struct change *ch, const Rec__Order *order, struct order_step *step,
		    struct err *e)
{
	struct order_part *parts = ARENA_ARRAY(ch->arena, order->n_lines, struct order_part);
	if (order_alive(order, e) < 0 || now_parts(ch, order, parts, &step->n_parts, e) < 0)
		return -1;
	step->parts = parts;
	step->order = order->id;
	step->event = LINE_SHIP;
	return 1;
}

int order_ship_now_check(struct change *ch, const Rec__Order *order, struct err *e)
{
	struct order_step step = {.reason = SLICE("")};
	return now_step(ch, order, &step, e) < 0 ? -1 : shippable(ch, order, &step, e);
}

static int cancel_released(struct change *ch, const struct order_step *step, size_t *cancelled,
			   struct err *e)
{
	struct order_report report;
	Rec__Order *order;
	size_t n = 0;
	if (order_take(ch, step->order, &order, e) < 0)
		return -1;
	struct order_part *parts = ARENA_ARRAY(ch->arena, order->n_lines, struct order_part);
	for (size_t i = 0; i < order->n_lines; i++)
		if (order->lines[i]->state == STATE(ANG))
			parts[n++] = part_of(order->lines[i], 0);
	if (!n)
		return 1;
	struct order_step cancel = {.order = step->order,
				    .event = LINE_CANCEL,
				    .parts = parts,
				    .n_parts = n,
				    .reason = step->reason};
	*cancelled = n;
	return order_step(ch, &cancel, &report, e);
}

int order_ship_now(struct change *ch, const struct order_step *step, bool cancel_rest,
		   struct order_report *report, struct err *e)
{
	struct order_step now = *step;
	Rec__Order *order;
	size_t cancelled = 0;
	if (order_take(ch, step->order, &order, e) < 0 || now_step(ch, order, &now, e) < 0 ||
	    order_ship(ch, &now, report, e) < 0)
		return -1;
	if (cancel_rest && cancel_released(ch, step, &cancelled, e) < 0)
		return -1;
	report->left = cancelled;
	return 1;
}

/* ---- pick lists ---- */

#define PICKLIST_MAX 32 /* bytes of a name */

static int picklist_line(struct change *ch, const Rec__Order *order, const struct order_part *part,
			 struct slice name, Rec__Line **line, struct err *e)
{
	unsigned long long id = order->id;
	*line = order_part_line(order, part, e);
	if (!*line)
		return -1;
	if ((*line)->state != STATE(ANG))
		return err_set(e, ERR_INPUT,
			       "line %u of O%llu is %s: only released lines are picked", part->line,
			       id, line_state_name(ch->arena, *line));
	if ((name.len > 0) == ((*line)->picklist[0] != '\0'))
		return err_set(e, ERR_INPUT, "line %u of O%llu is on %s", part->line, id,
			       name.len ? (*line)->picklist : "no pick list");
	return 1;
}

static int picklist_lines(struct change *ch, const Rec__Order *order, const struct order_step *step,
			  struct slice name, Rec__Line **lines, size_t *n, struct err *e)
{
	*n = 0;
	if (order_alive(order, e) < 0 || (name.len && order_dispatchable(ch, order, e) < 0))
		return -1;
	if (name.len > PICKLIST_MAX)
		return err_set(e, ERR_INPUT, "the name of a pick list has at most %d bytes",
			       PICKLIST_MAX);
	for (size_t i = 0; i < step->n_parts; i++)
		if (picklist_line(ch, order, &step->parts[i], name, &lines[(*n)++], e) < 0)
			return -1;
	for (size_t i = 0; i < order->n_lines && !step->n_parts; i++)
		if (order->lines[i]->state == STATE(ANG) &&
		    (name.len > 0) != (order->lines[i]->picklist[0] != '\0'))
			lines[(*n)++] = order->lines[i];
	if (*n)
		return 1;
	return err_set(e, ERR_INPUT, "no line of O%llu can be %s a pick list",
		       (unsigned long long)order->id, name.len ? "put on" : "taken off");
}

int order_picklist_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
			 struct slice name, struct err *e)
{
	size_t n;
	return picklist_lines(ch, order, step, name, order_step_room(ch->arena, order, step), &n,
			      e);
}

int order_picklist(struct change *ch, const struct order_step *step, struct slice name,
		   struct err *e)
{
	struct object_step row = {.event = "picklist", .reason = name};
	Rec__Order *order;
	size_t n;
	if (order_take(ch, step->order, &order, e) < 0)
		return -1;
	Rec__Line **lines = order_step_room(ch->arena, order, step);
	if (picklist_lines(ch, order, step, name, lines, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		lines[i]->picklist = arena_str(ch->arena, name);
	return order_store(ch, order, &row, e) < 0 ? -1 : 1;
}
