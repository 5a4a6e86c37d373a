/* SPDX-License-Identifier: ISC */
#include "order_private.h"
#include "record/customer.h"
#include "record/id.h"
#include "record/item.h"
#include "record/order_edit.h"
#include "verify_private.h"

#define BIT(name) LINE_BIT(REC__LINE_STATE__LINE_STATE_##name)
#define CANCELLED (BIT(STO) | BIT(NLB))
#define SENT (BIT(AUS) | BIT(FUS) | BIT(RET))

static bool among(const Rec__Line *line, unsigned states)
{
	return (unsigned)line->state < LINE_STATE_COUNT && (LINE_BIT(line->state) & states) != 0;
}

/* ---- a line ---- */

/* RECORD.md 3.18 */
static void reservation(struct verify *v, const Rec__Line *line, const char *label)
{
	struct err e = {.class = ERR_NONE};
	Rec__Item *item;
	if (line->reserved < 0 || (line->reserved > 0 && line->reserved > line->quantity))
		verify_found(v, "line %s reserves more than its quantity", label);
	if (line->reserved && line_is_final(line->state))
		verify_found(v, "line %s is final and reserves stock", label);
	if (line->reserved && among(line, BIT(MIN)))
		verify_found(v, "line %s is a replacement and reserves stock", label);
	if (line->reserved && item_load(v->txn, v->a, slice_str(line->sku), &item, &e) == 0)
		verify_found(v, "line %s reserves \"%s\", and there is no such item", label,
			     line->sku);
}

/* RECORD.md 3.20: more was replaced than is there to be. */
static void replacement(struct verify *v, const Rec__Line *line, const char *label)
{
	struct err e = {.class = ERR_NONE};
	struct change ch;
	Rec__Order *source;
	Rec__Line *replaced;
	int64_t left;
	struct id id;
	if (line->quantity > 0)
		verify_found(v, "line %s is a replacement, and its quantity is not negative",
			     label);
	if (id_parse(slice_str(line->replaces), &id, &e) < 0 || id.letter != 'O' || !id.line ||
	    order_resolve(v->txn, v->a, &id, &source, &replaced, &e) <= 0 || !replaced) {
		verify_found(v, "line %s replaces \"%s\", which is not there", label,
			     line->replaces);
		return;
	}
	change_init(&ch, v->txn, v->a, 0);
	if (order_replaceable(&ch, source, replaced->number, &left, &e) > 0 && left < 0)
		verify_found(v, "line %s: %lld pieces more of %s are replaced than were shipped",
			     label, (long long)-left, line->replaces);
}

/* RECORD.md 3.17 */
static void shipment_of_line(struct verify *v, const Rec__Order *order, const Rec__Line *line,
			     const char *label)
{
	unsigned long long number = line->shipment;
	ProtobufCMessage *message;
	if (!line->shipment)
		return;
	if (object_load(v->txn, v->a, OBJECT_SHIPMENT, line->shipment, &message, NULL) <= 0) {
		verify_found(v, "line %s: its shipment S%llu is not there", label, number);
		return;
	}
	if (((const Rec__Shipment *)message)->order != order->id)
		verify_found(v, "line %s: its shipment S%llu is of another order", label, number);
	if (!among(line, SENT))
		verify_found(v, "line %s is %s, and was shipped with S%llu", label,
			     line_state_word(line->state), number);
}

/* order_save refuses all of this: what is found here was damaged, or is a mistake of ours. */
static void verify_line(struct verify *v, const Rec__Order *order, const Rec__Line *line)
{
	const char *label = line_label(v->a, line);
	if (order_line(order, line->number, line->split) != line)
		verify_found(v, "there are two lines %s", label);
	if (line->state <= REC__LINE_STATE__LINE_STATE_NONE ||
	    (unsigned)line->state >= LINE_STATE_COUNT)
		verify_found(v, "line %s has no state", label);
	if (line->quantity == 0 || (line->quantity < 0 && !among(line, BIT(MIN) | CANCELLED)))
		verify_found(v, "line %s has %lld pieces", label, (long long)line->quantity);
	if (line->picklist[0] && !among(line, BIT(NEW) | BIT(HAL) | BIT(ANG)))
		verify_found(v, "line %s is %s, and on pick list %s", label,
			     line_state_word(line->state), line->picklist);
	/* A line and its splits are pieces of one. */
	for (size_t i = 0; i < order->n_lines; i++)
		if (order->lines[i]->number == line->number && order->lines[i] != line &&
		    line->split && strcmp(order->lines[i]->sku, line->sku) != 0) {
			verify_found(v, "line %s was split off a line of another item", label);
			break;
		}
	reservation(v, line, label);
	shipment_of_line(v, order, line, label);
	if (among(line, BIT(MIN)))
		replacement(v, line, label);
}

/* ---- an order ---- */

static uint64_t merged_into(const ProtobufCMessage *message)
{
	return ((const Rec__Order *)message)->merged_into;
}

static void tombstone(struct verify *v, const Rec__Order *order)
{
	if (order->merged_into && order->n_lines)
		verify_found(v, "it was merged, and has %zu lines yet", order->n_lines);
	if (order->deleted_at && (order_states(order) & ~CANCELLED))
		verify_found(v, "it was deleted, and has lines that are not cancelled");
	verify_chain(v, OBJECT_ORDER, order->id, merged_into, "merged_into");
}

void verify_order(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Order *order = (const Rec__Order *)message;
	struct order_totals totals;
	struct err e = {.class = ERR_NONE};
	verify_needs(v, OBJECT_CUSTOMER, order->customer, "customer");
	verify_exists(v, OBJECT_SHOP, order->shop, "shop");
	verify_exists(v, OBJECT_ORDER, order->merged_into, "merged_into");
	if (order->voucher < 0 || order->discount < 0 || order->shipping_cost < 0)
		verify_found(v, "its voucher, discount or shipping cost is negative");
	for (size_t i = 0; i < order->n_lines; i++)
		verify_line(v, order, order->lines[i]);
	if (order_totals(order, &totals, &e) < 0)
		verify_found(v, "its totals: %s", e.text);
	tombstone(v, order);
	for (size_t i = 0; i < order->n_external_ids; i++) {
		struct store_key key = {.len = 0};
		object_key_external(&key, order->external_ids[i], "order");
		verify_first(v, OBJECT_ORDER, ORDER_BY_EXTERNAL, &key, order->id, "external id");
	}
}

/* ---- a shipment ---- */

/* Pieces of a line and its splits: those that name the shipment, and all that were sent. */
struct family {
	int64_t here, sent;
	bool known, other_item;
};

static struct family family_of(const Rec__Order *order, const Rec__Shipment *shipment,
			       const Rec__ShipmentLine *wanted)
{
	struct family family = {.here = 0};
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		if (line->number != wanted->number)
			continue;
		family.known = true;
		family.other_item |= strcmp(line->sku, wanted->sku) != 0;
		family.here += line->shipment == shipment->id ? line->quantity : 0;
		family.sent += among(line, SENT) ? line->quantity : 0;
	}
	return family;
}

static int64_t pieces_of(const Rec__Shipment *shipment, uint32_t number)
{
	int64_t pieces = 0;
	for (size_t i = 0; i < shipment->n_lines; i++)
		pieces += shipment->lines[i]->number == number ? shipment->lines[i]->quantity : 0;
	return pieces;
}

/*
 * RECORD.md 3.20.  What a shipment took is what the lines that name it have,
 * however they were split since; one that no line names is a repetition, and
 * repeats no more than was sent.
 */
static void shipped_lines(struct verify *v, const Rec__Order *order, const Rec__Shipment *shipment)
{
	for (size_t i = 0; i < shipment->n_lines; i++) {
		const Rec__ShipmentLine *line = shipment->lines[i];
		struct family family = family_of(order, shipment, line);
		int64_t pieces = pieces_of(shipment, line->number);
		if (!family.known || family.other_item || line->quantity < 1)
			verify_found(v, "its line %u of O%llu is not there", line->number,
				     (unsigned long long)order->id);
		else if (family.here ? pieces != family.here : pieces > family.sent)
			verify_found(v, "it has %lld pieces of line %u of O%llu, which says %lld",
				     (long long)pieces, line->number, (unsigned long long)order->id,
				     (long long)(family.here ? family.here : family.sent));
	}
}

void verify_shipment(struct verify *v, const ProtobufCMessage *message)
{
	const Rec__Shipment *shipment = (const Rec__Shipment *)message;
	Rec__Order *order;
	verify_needs(v, OBJECT_CUSTOMER, shipment->customer, "customer");
	verify_needs(v, OBJECT_ORDER, shipment->order, "order");
	verify_exists(v, OBJECT_SHIPMENT, shipment->reship_of, "reship_of");
	if ((shipment->state == REC__SHIPMENT_STATE__SHIPMENT_STATE_SHIPPED) !=
		    (shipment->shipped_at != 0) ||
	    (shipment->state == REC__SHIPMENT_STATE__SHIPMENT_STATE_CANCELLED) !=
		    (shipment->cancelled_at != 0))
		verify_found(v, "its state and its dates differ");
	if (order_load(v->txn, v->a, shipment->order, &order, NULL) > 0)
		shipped_lines(v, order, shipment);
}
