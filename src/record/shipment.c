/* SPDX-License-Identifier: ISC */
#include "record/shipment.h"

#include <assert.h>

#include "order_private.h"
#include "record/item_stock.h"

#define STATE(name) REC__SHIPMENT_STATE__SHIPMENT_STATE_##name
#define LINE(name) LINE_BIT(REC__LINE_STATE__LINE_STATE_##name)

int shipment_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Shipment **shipment,
		  struct err *e)
{
	ProtobufCMessage *message;
	int got = object_load(txn, a, OBJECT_SHIPMENT, id, &message, e);
	*shipment = got > 0 ? (Rec__Shipment *)message : NULL;
	return got;
}

static int list_by(struct txn *txn, struct arena *a, const struct object_query *query,
		   struct shipment_list *list, struct err *e)
{
	struct object_list found;
	if (object_list(txn, a, query, &found, e) < 0)
		return -1;
	*list = (struct shipment_list){ARENA_ARRAY(a, found.n, Rec__Shipment *), found.n,
				       found.total};
	for (size_t i = 0; i < found.n; i++)
		list->items[i] = (Rec__Shipment *)found.items[i];
	return 1;
}

static int list_of(struct txn *txn, struct arena *a, int index, uint64_t id, size_t limit,
		   struct shipment_list *list, struct err *e)
{
	struct store_key key = {.len = 0};
	store_key_u64(&key, id);
	struct object_query query = {
		.type = OBJECT_SHIPMENT,
		.index = index,
		.range = {.prefix = store_key_slice(&key), .backward = true},
		.limit = limit,
		.count = true,
	};
	return list_by(txn, a, &query, list, e);
}

int shipment_of_order(struct txn *txn, struct arena *a, uint64_t order, size_t limit,
		      struct shipment_list *list, struct err *e)
{
	return list_of(txn, a, SHIPMENT_BY_ORDER, order, limit, list, e);
}

int shipment_of_customer(struct txn *txn, struct arena *a, uint64_t customer, size_t limit,
			 struct shipment_list *list, struct err *e)
{
	return list_of(txn, a, SHIPMENT_BY_CUSTOMER, customer, limit, list, e);
}

int shipment_find(struct txn *txn, struct arena *a, struct slice code, Rec__Shipment **shipment,
		  struct err *e)
{
	struct store_key key = {.len = 0};
	object_key_folded(&key, code);
	struct object_query query = {.type = OBJECT_SHIPMENT,
				     .index = SHIPMENT_BY_TRACKING,
				     .range = {.prefix = store_key_slice(&key)}};
	ProtobufCMessage *message;
	int got = object_find(txn, a, &query, &message, e);
	*shipment = got > 0 ? (Rec__Shipment *)message : NULL;
	return got;
}

struct slice shipment_state_word(Rec__ShipmentState state)
{
	return schema_enum_text(&rec__shipment_state__descriptor, (int)state);
}

/* ---- tracking ---- */

/* Codes stand in links and in mails: letters, digits and what carriers put between them. */
static int code_check(struct slice code, struct err *e)
{
	bool right = code.len > 0 && code.len <= TRACKING_MAX;
	for (size_t i = 0; i < code.len && right; i++)
		right = strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./",
			       code.ptr[i]) != NULL &&
			code.ptr[i] != '\0';
	if (right)
		return 1;
	return err_set(e, ERR_INPUT,
		       "\"%.*s\" is no tracking code: it has 1 to %d letters, digits, '-', '_', "
		       "'.' and '/'",
		       (int)(code.len < 40 ? code.len : 40), code.ptr, TRACKING_MAX);
}

static int carrier_check(struct slice carrier, struct err *e)
{
	if (carrier.len <= TRACKING_CARRIER_MAX)
		return 1;
	return err_set(e, ERR_INPUT, "the name of a carrier has at most %d bytes",
		       TRACKING_CARRIER_MAX);
}

int order_track_check(const Rec__Order *order, struct slice carrier, struct slice code,
		      struct err *e)
{
	unsigned long long id = order->id;
	if (order_alive(order, e) < 0 || carrier_check(carrier, e) < 0 || code_check(code, e) < 0)
		return -1;
	for (size_t i = 0; i < order->n_tracking; i++)
		if (slice_eq_nocase(code, slice_str(order->tracking[i]->code)))
			return err_set(e, ERR_INPUT, "O%llu has the tracking code %s already", id,
				       order->tracking[i]->code);
	if (order->n_tracking >= TRACKINGS_MAX)
		return err_set(e, ERR_INPUT, "O%llu has %d tracking codes already", id,
			       TRACKINGS_MAX);
	return 1;
}

static Rec__Tracking *tracking_new(struct change *ch, struct slice name, struct slice code)
{
	Rec__Tracking *tracking = ARENA_NEW(ch->arena, Rec__Tracking);
	const struct carrier *carrier = carrier_find(name);
	rec__tracking__init(tracking);
	tracking->carrier = arena_str(ch->arena, carrier ? slice_str(carrier->name) : name);
	tracking->code = arena_str(ch->arena, code);
	tracking->created_at = ch->now;
	return tracking;
}

static void add_tracking(struct arena *a, Rec__Tracking ***list, size_t *n, Rec__Tracking *tracking)
{
	Rec__Tracking **grown = ARENA_ARRAY(a, *n + 1, Rec__Tracking *);
	for (size_t i = 0; i < *n; i++)
		grown[i] = (*list)[i];
	grown[(*n)++] = tracking;
	*list = grown;
}

static int save(struct change *ch, Rec__Shipment *shipment, const char *event, struct slice reason,
		struct err *e)
{
	struct object_step step = {.event = event, .reason = reason};
	return object_save(ch, OBJECT_SHIPMENT, shipment->id, &shipment->base, &step, e) < 0 ? -1
											     : 1;
}

/* A search by the code finds shipments: so the newest one without a code has it too. */
static int track_shipment(struct change *ch, uint64_t order, Rec__Tracking *tracking, struct err *e)
{
	struct shipment_list list;
	if (shipment_of_order(ch->txn, ch->arena, order, 1, &list, e) < 0)
		return -1;
	if (!list.n || list.items[0]->n_tracking || list.items[0]->state == STATE(CANCELLED))
		return 1;
	add_tracking(ch->arena, &list.items[0]->tracking, &list.items[0]->n_tracking, tracking);
	return save(ch, list.items[0], "tracking", SLICE(""), e);
}

/* Several codes of one mail are one piece of news. */
static bool is_told(const struct change *ch, uint64_t order)
{
	for (const struct event *event = ch->events; event; event = event->next)
		if (strcmp(event->name, "order.tracking") == 0 && event->id == order)
			return true;
	return false;
}

int order_track(struct change *ch, uint64_t id, struct slice carrier, struct slice code,
		struct err *e)
{
	Rec__Order *order;
	struct object_step step = {.event = "tracking"};
	if (order_take(ch, id, &order, e) < 0 || order_track_check(order, carrier, code, e) < 0)
		return -1;
	Rec__Tracking *tracking = tracking_new(ch, carrier, code);
	add_tracking(ch->arena, &order->tracking, &order->n_tracking, tracking);
	if (track_shipment(ch, id, tracking, e) < 0 || order_store(ch, order, &step, e) < 0)
		return -1;
	if (!is_told(ch, id))
		change_event(ch, "order.tracking", 'O', id, code);
	return 1;
}

/* ---- making them ---- */

static Rec__ShipmentLine *line_new(struct arena *a, const struct shipment_line *from)
{
	Rec__ShipmentLine *line = ARENA_NEW(a, Rec__ShipmentLine);
	rec__shipment_line__init(line);
	line->number = from->line->number;
	line->split = from->line->split;
	line->sku = from->line->sku;
	line->quantity = from->quantity;
	return line;
}

static Rec__Shipment *shipment_of(struct change *ch, const struct shipment_new *new)
{
	struct arena *a = ch->arena;
	Rec__Shipment *shipment = ARENA_NEW(a, Rec__Shipment);
	rec__shipment__init(shipment);
	shipment->customer = new->order->customer;
	shipment->order = new->order->id;
	shipment->state = new->shipped ? STATE(SHIPPED) : STATE(PLANNED);
	shipment->lines = ARENA_ARRAY(a, new->n_lines, Rec__ShipmentLine *);
	for (size_t i = 0; i < new->n_lines; i++)
		shipment->lines[shipment->n_lines++] = line_new(a, &new->lines[i]);
	const struct carrier *carrier = carrier_find(new->carrier);
	shipment->carrier = arena_str(a, carrier ? slice_str(carrier->name) : new->carrier);
	shipment->provider = arena_str(a, new->provider);
	shipment->reship_of = new->reship_of;
	shipment->created_at = ch->now;
	shipment->shipped_at = new->shipped ? ch->now : 0;
	return shipment;
}

static int give_tracking(struct change *ch, Rec__Order *order, Rec__Shipment *shipment,
			 struct slice code, struct err *e)
{
	struct slice carrier = slice_str(shipment->carrier);
	if (carrier_check(carrier, e) < 0)
		return -1;
	if (!code.len)
		return 1;
	if (order_track_check(order, carrier, code, e) < 0)
		return -1;
	Rec__Tracking *tracking = tracking_new(ch, carrier, code);
	add_tracking(ch->arena, &shipment->tracking, &shipment->n_tracking, tracking);
	add_tracking(ch->arena, &order->tracking, &order->n_tracking, tracking);
	return 1;
}

int shipment_make(struct change *ch, const struct shipment_new *new, uint64_t *id, struct err *e)
{
	assert(new->n_lines > 0);
	Rec__Shipment *shipment = shipment_of(ch, new);
	if (give_tracking(ch, new->order, shipment, new->tracking, e) < 0 ||
	    object_number(ch, OBJECT_SHIPMENT, &shipment->id, e) < 0)
		return -1;
	*id = shipment->id;
	struct slice state = shipment_state_word(shipment->state);
	return object_create(ch, OBJECT_SHIPMENT, shipment->id, &shipment->base,
			     arena_str(ch->arena, state), e);
}

/* ---- once more, or not at all ---- */

static int reship_part(struct change *ch, const Rec__Order *order, const struct order_part *part,
		       struct shipment_line *out, struct err *e)
{
	const Rec__Line *line = order_part_line(order, part, e);
	unsigned long long id = order->id;
	if (!line)
		return -1;
	const char *label = line_label(ch->arena, line);
	if (!(LINE_BIT(line->state) & (LINE(AUS) | LINE(FUS))))
		return err_set(e, ERR_INPUT,
			       "line %s of O%llu is %s: only what was shipped can be "
			       "shipped once more",
			       label, id, line_state_name(ch->arena, line));
	if (part->quantity < 0 || part->quantity > line->quantity)
		return err_set(e, ERR_INPUT, "line %s of O%llu has %lld pieces, not %lld", label,
			       id, (long long)line->quantity, (long long)part->quantity);
	*out = (struct shipment_line){line, part->quantity ? part->quantity : line->quantity};
	return 1;
}

static int reship_lines(struct change *ch, const Rec__Order *order, const struct order_step *step,
			struct shipment_new *new, struct err *e)
{
	size_t most = step->n_parts > order->n_lines ? step->n_parts : order->n_lines;
	struct shipment_line *lines = ARENA_ARRAY(ch->arena, most, struct shipment_line);
	if (order_alive(order, e) < 0)
		return -1;
	for (size_t i = 0; i < step->n_parts; i++)
		if (reship_part(ch, order, &step->parts[i], &lines[new->n_lines++], e) < 0)
			return -1;
	for (size_t i = 0; i < order->n_lines && !step->n_parts; i++)
		if (LINE_BIT(order->lines[i]->state) & (LINE(AUS) | LINE(FUS)))
			lines[new->n_lines++] =
				(struct shipment_line){order->lines[i], order->lines[i]->quantity};
	new->lines = lines;
	if (new->n_lines)
		return 1;
	return err_set(e, ERR_INPUT, "nothing of O%llu was shipped that could be shipped once more",
		       (unsigned long long)order->id);
}

int shipment_reship_check(struct change *ch, const Rec__Order *order, const struct order_step *step,
			  struct err *e)
{
	struct shipment_new new = {.n_lines = 0};
	return reship_lines(ch, order, step, &new, e);
}

int shipment_reship(struct change *ch, const struct order_step *step, uint64_t *id, struct err *e)
{
	Rec__Order *order;
	struct shipment_new new = {.carrier = SLICE("")};
	if (order_take(ch, step->order, &order, e) < 0 ||
	    reship_lines(ch, order, step, &new, e) < 0)
		return -1;
	new.order = order;
	new.reship_of = new.lines[0].line->shipment;
	if (shipment_make(ch, &new, id, e) < 0)
		return -1;
	change_event(ch, "order.reshipped", 'O', step->order, step->reason);
	return 1;
}

static int planned_check(const Rec__Shipment *shipment, const char *what, struct err *e)
{
	if (shipment->state == STATE(PLANNED))
		return 1;
	return err_set(e, ERR_INPUT, "S%llu is %.*s and cannot be %s",
		       (unsigned long long)shipment->id,
		       SLICE_ARG(shipment_state_word(shipment->state)), what);
}

int shipment_ship_check(struct change *ch, const Rec__Shipment *shipment, struct err *e)
{
	if (planned_check(shipment, "shipped", e) < 0)
		return -1;
	for (size_t i = 0; i < shipment->n_lines; i++) {
		const Rec__ShipmentLine *line = shipment->lines[i];
		int64_t free;
		if (item_free(ch->txn, ch->arena, slice_str(line->sku), &free, e) < 0)
			return -1;
		if (line->quantity > free)
			return err_set(e, ERR_INPUT, "S%llu needs %lld of %s, and %lld are free",
				       (unsigned long long)shipment->id, (long long)line->quantity,
				       line->sku, (long long)free);
	}
	return 1;
}

static int take(struct change *ch, uint64_t id, Rec__Shipment **shipment, struct err *e)
{
	ProtobufCMessage *message;
	int got = object_lock(ch->txn, ch->arena, OBJECT_SHIPMENT, id, &message, e);
	*shipment = got > 0 ? (Rec__Shipment *)message : NULL;
	return got ? got
		   : err_set(e, ERR_INPUT, "there is no shipment S%llu", (unsigned long long)id);
}

int shipment_ship(struct change *ch, uint64_t id, struct slice carrier, struct slice tracking,
		  struct err *e)
{
	Rec__Shipment *shipment;
	Rec__Order *order;
	struct object_step step = {.event = "tracking"};
	if (take(ch, id, &shipment, e) < 0 || shipment_ship_check(ch, shipment, e) < 0 ||
	    order_take(ch, shipment->order, &order, e) < 0)
		return -1;
	for (size_t i = 0; i < shipment->n_lines; i++)
		if (item_ship(ch, slice_str(shipment->lines[i]->sku), shipment->lines[i]->quantity,
			      0, e) < 0)
			return -1;
	const struct carrier *known = carrier_find(carrier);
	if (carrier.len)
		shipment->carrier = arena_str(ch->arena, known ? slice_str(known->name) : carrier);
	shipment->state = STATE(SHIPPED);
	shipment->shipped_at = ch->now;
	if (give_tracking(ch, order, shipment, tracking, e) < 0 ||
	    save(ch, shipment, "ship", SLICE(""), e) < 0 ||
	    (tracking.len && order_store(ch, order, &step, e) < 0))
		return -1;
	change_event(ch, "order.shipped", 'O', order->id, SLICE(""));
	return 1;
}

int shipment_cancel_check(const Rec__Shipment *shipment, struct err *e)
{
	return planned_check(shipment, "cancelled: only a planned shipment can", e);
}

int shipment_cancel(struct change *ch, uint64_t id, struct slice reason, struct err *e)
{
	Rec__Shipment *shipment;
	if (take(ch, id, &shipment, e) < 0 || shipment_cancel_check(shipment, e) < 0)
		return -1;
	shipment->state = STATE(CANCELLED);
	shipment->cancelled_at = ch->now;
	return save(ch, shipment, "cancel", reason, e);
}
