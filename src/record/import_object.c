/* SPDX-License-Identifier: ISC */
#include "import_private.h"
#include "record/agent.h"
#include "record/customer.h"
#include "record/item.h"
#include "record/message.h"
#include "record/order_step.h"
#include "record/shop.h"
#include "record/shop_table.h"
#include "record/thread.h"

/* ---- what is there already ---- */

/* What cannot be read is an error, what is not there is a new object. */
static int found(struct import *in, int got, ProtobufCMessage *message)
{
	in->stored = got > 0 ? message : NULL;
	return got < 0 ? -1 : 1;
}

static int find_shop(struct import *in, struct err *e)
{
	const Rec__Shop *given = (const Rec__Shop *)in->given;
	Rec__Shop *shop = NULL;
	int got = given->id ? shop_load(in->ch->txn, in->ch->arena, given->id, &shop, e)
			    : shop_find_name(in->ch->txn, in->ch->arena, slice_str(given->name),
					     &shop, e);
	return found(in, got, got > 0 ? &shop->base : NULL);
}

static int find_agent(struct import *in, struct err *e)
{
	const Rec__Agent *given = (const Rec__Agent *)in->given;
	Rec__Agent *agent = NULL;
	int got = given->id ? agent_load(in->ch->txn, in->ch->arena, given->id, &agent, e)
			    : agent_find_name(in->ch->txn, in->ch->arena, slice_str(given->name),
					      &agent, e);
	return found(in, got, got > 0 ? &agent->base : NULL);
}

static int find_item(struct import *in, struct err *e)
{
	const Rec__Item *given = (const Rec__Item *)in->given;
	Rec__Item *item;
	int got = item_load(in->ch->txn, in->ch->arena, slice_str(given->sku), &item, e);
	return found(in, got, got > 0 ? &item->base : NULL);
}

static int find_customer(struct import *in, struct err *e)
{
	const Rec__Customer *given = (const Rec__Customer *)in->given;
	Rec__Customer *customer = NULL;
	int got = 0;
	if (given->id)
		got = customer_load(in->ch->txn, in->ch->arena, given->id, &customer, e);
	for (size_t i = 0; got == 0 && !given->id && i < given->n_external_ids; i++)
		got = customer_find_external(in->ch->txn, in->ch->arena, given->external_ids[i],
					     &customer, e);
	/* Who has no number anywhere is known by his address, or a file would double him. */
	if (got == 0 && !given->id && !given->n_external_ids && given->n_emails)
		got = customer_find_address(in->ch->txn, in->ch->arena, slice_str(given->emails[0]),
					    &customer, e);
	return found(in, got, got > 0 ? &customer->base : NULL);
}

static int find_order(struct import *in, struct err *e)
{
	const Rec__Order *given = (const Rec__Order *)in->given;
	Rec__Order *order = NULL;
	int got = 0;
	if (given->id)
		got = order_load(in->ch->txn, in->ch->arena, given->id, &order, e);
	for (size_t i = 0; got == 0 && !given->id && i < given->n_external_ids; i++)
		got = order_find_external(in->ch->txn, in->ch->arena, given->external_ids[i],
					  &order, e);
	return found(in, got, got > 0 ? &order->base : NULL);
}

static int find_thread(struct import *in, struct err *e)
{
	const Rec__Thread *given = (const Rec__Thread *)in->given;
	Rec__Thread *thread = NULL;
	int got = given->id ? thread_load(in->ch->txn, in->ch->arena, given->id, &thread, e) : 0;
	return found(in, got, got > 0 ? &thread->base : NULL);
}

static int find_message(struct import *in, struct err *e)
{
	const Rec__Message *given = (const Rec__Message *)in->given;
	Rec__Message *message = NULL;
	int got = given->id ? message_load(in->ch->txn, in->ch->arena, given->id, &message, e) : 0;
	return found(in, got, got > 0 ? &message->base : NULL);
}

/* ---- new ones ---- */

/* One shop is what most desks have: their files need not name it. */
int import_shop(struct import *in, uint64_t *id, Rec__Shop **shop, struct err *e)
{
	struct shop_list list;
	int got = *id ? shop_load(in->ch->txn, in->ch->arena, *id, shop, e)
		      : shop_list(in->ch->txn, in->ch->arena, &list, e);
	if (got > 0 && !*id)
		*shop = list.n ? list.items[0] : NULL;
	if (got < 0)
		return -1;
	if (got == 0 || !*shop)
		return err_set(e, ERR_INPUT, "\"shop\": there is no such shop");
	*id = (*shop)->id;
	return 1;
}

static int create_shop(struct import *in, struct err *e)
{
	return shop_save(in->ch, (Rec__Shop *)in->given, e);
}

static int create_agent(struct import *in, struct err *e)
{
	return agent_add(in->ch, (Rec__Agent *)in->given, e);
}

/* Who counts only what is there says that it came in once (RECORD.md 3.19). */
static int create_item(struct import *in, struct err *e)
{
	Rec__Item *item = (Rec__Item *)in->given;
	bool counted = item->received || item->shipped || item->restocked || item->written_off;
	if (!counted)
		item_settle(item, item->on_hand);
	return item_save(in->ch, item, "create", e);
}

static int create_customer(struct import *in, struct err *e)
{
	Rec__Customer *customer = (Rec__Customer *)in->given;
	Rec__Shop *shop = NULL;
	if (import_shop(in, &customer->shop, &shop, e) < 0)
		return -1;
	if (!customer->language[0])
		customer->language = shop->language;
	if (!customer->currency[0])
		customer->currency = shop->currency;
	return customer_create(in->ch, customer, e);
}

/*
 * A line's first state.  Who gives the order its number restores what was
 * exported; anybody else imports from a shop, where a line that says nothing
 * has its payment type's (ST-19), and a locked customer's order waits
 * (RECORD.md 2.1).
 */
static int first_states(struct import *in, bool restored, struct err *e)
{
	Rec__Order *order = (Rec__Order *)in->given;
	Rec__LineState first;
	struct slice why;
	Rec__Customer *customer;
	if (order_first_state(in->ch, order, &first, &why, e) < 0 ||
	    customer_load(in->ch->txn, in->ch->arena, order->customer, &customer, e) < 0)
		return -1;
	bool blocked = customer && customer_is_blocked(customer);
	for (size_t i = 0; i < order->n_lines; i++) {
		Rec__LineState *state = &order->lines[i]->state;
		if (*state == REC__LINE_STATE__LINE_STATE_NONE)
			*state = first;
		else if (*state == REC__LINE_STATE__LINE_STATE_ANG && blocked && !restored)
			*state = REC__LINE_STATE__LINE_STATE_HAL;
	}
	return 1;
}

static int create_order(struct import *in, struct err *e)
{
	Rec__Order *order = (Rec__Order *)in->given;
	Rec__Shop *shop = NULL;
	Rec__Customer *customer;
	if (import_shop(in, &order->shop, &shop, e) < 0)
		return -1;
	int got = customer_load(in->ch->txn, in->ch->arena, order->customer, &customer, e);
	if (got <= 0)
		return got < 0 ? -1 : err_set(e, ERR_INPUT, "\"customer\" is missing");
	if (!order->currency[0])
		order->currency = customer->currency[0] ? customer->currency : shop->currency;
	if (!order->terms[0] && !order->id)
		order->terms = customer->terms;
	if (first_states(in, order->id != 0, e) < 0)
		return -1;
	return order_create(in->ch, order, e);
}

static int create_thread(struct import *in, struct err *e)
{
	Rec__Thread *thread = (Rec__Thread *)in->given;
	Rec__Shop *shop = NULL;
	if (import_shop(in, &thread->shop, &shop, e) < 0)
		return -1;
	return thread_create(in->ch, thread, e);
}

/* A message is put back as it was: its thread has counted it already. */
static int create_message(struct import *in, struct err *e)
{
	Rec__Message *message = (Rec__Message *)in->given;
	struct change *ch = in->ch;
	if (!object_exists(ch->txn, OBJECT_THREAD, message->thread))
		return err_set(e, ERR_INPUT, "\"thread\": there is no thread T%llu",
			       (unsigned long long)message->thread);
	if (object_number(ch, OBJECT_MESSAGE, &message->id, e) < 0)
		return -1;
	return object_put(ch->txn, ch->arena, OBJECT_MESSAGE, message->id, &message->base, e);
}

/* ---- changed ones: `given` is whole by now ---- */

/* The line of the file that tells of a stored line: by its number, or by its place. */
static Rec__Line *line_given(const Rec__Order *given, const Rec__Line *stored, size_t place)
{
	Rec__Line *line = order_line(given, stored->number, stored->split);
	if (!line && place < given->n_lines && !given->lines[place]->number)
		line = given->lines[place];
	return line;
}

static void keep_line(Rec__Line *line, const Rec__Line *was)
{
	line->number = was->number;
	line->split = was->split;
	line->state = was->state;
	line->reserved = was->reserved;
	line->reserved_at = was->reserved_at;
	line->line_at = was->line_at;
	line->state_at = was->state_at;
	line->origin = was->origin;
	line->replaces = was->replaces;
	line->picklist = was->picklist;
	line->invoice = was->invoice;
	line->shipment = was->shipment;
	line->former = was->former;
}

/* Only commands move a line (RECORD.md 2.1): a file that comes again takes nothing back. */
static int keep_lines(struct import *in, struct err *e)
{
	const Rec__Order *stored = (const Rec__Order *)in->stored;
	const Rec__Order *given = (const Rec__Order *)in->given;
	for (size_t i = 0; i < stored->n_lines; i++) {
		const Rec__Line *was = stored->lines[i];
		Rec__Line *line = line_given(given, was, i);
		if (!line)
			return err_set(e, ERR_INPUT,
				       "\"lines\": line %u is missing, and an import cannot take "
				       "lines away",
				       was->number);
		keep_line(line, was);
	}
	return 1;
}

static int update_shop(struct import *in, struct err *e)
{
	return shop_save(in->ch, (Rec__Shop *)in->given, e);
}

static int update_agent(struct import *in, struct err *e)
{
	return agent_save(in->ch, (Rec__Agent *)in->given, "import", SLICE(""), e);
}

/* Only commands move stock: what a file may say is how much was counted. */
static int update_item(struct import *in, struct err *e)
{
	Rec__Item *item = (Rec__Item *)in->given;
	const Rec__Item *stored = (const Rec__Item *)in->stored;
	int64_t on_hand = item->on_hand;
	item->received = stored->received;
	item->shipped = stored->shipped;
	item->restocked = stored->restocked;
	item->written_off = stored->written_off;
	item->reserved = stored->reserved;
	item->on_hand = stored->on_hand;
	if (on_hand != stored->on_hand)
		item_settle(item, on_hand);
	return item_save(in->ch, item, "import", e);
}

static int update_customer(struct import *in, struct err *e)
{
	return customer_save(in->ch, (Rec__Customer *)in->given, "import", SLICE(""), e);
}

static int update_order(struct import *in, struct err *e)
{
	if (keep_lines(in, e) < 0 || first_states(in, true, e) < 0)
		return -1;
	return order_save(in->ch, (Rec__Order *)in->given, "import", SLICE(""), e);
}

static int update_thread(struct import *in, struct err *e)
{
	return thread_save(in->ch, (Rec__Thread *)in->given, "import", SLICE(""), e);
}

/* Messages have no history that could tell whether they differ. */
static int update_message(struct import *in, struct err *e)
{
	struct schema_change *changes;
	if (schema_diff(in->ch->arena, in->stored, in->given, &changes) == 0)
		return 0;
	return message_save(in->ch, (Rec__Message *)in->given, e);
}

/* ---- the shop's tables ---- */

static int find_row(struct import *in, struct err *e)
{
	enum shop_table table = SHOP_TABLES;
	ProtobufCMessage *row = NULL;
	struct slice name = slice_str(shop_row_name(in->ch->arena, in->given));
	shop_table_of(in->given->descriptor, &table);
	int got = shop_row_load(in->ch->txn, in->ch->arena, table, name, &row, e);
	return found(in, got, row);
}

static int save_row(struct import *in, struct err *e)
{
	return shop_row_save(in->ch, in->given, e);
}

/* ---- what is put back as it was ---- */

static uint64_t *number_of(ProtobufCMessage *message)
{
	const ProtobufCFieldDescriptor *field = schema_field(message->descriptor, SLICE("id"));
	return (uint64_t *)((char *)message + field->offset);
}

static enum object_type type_of(const ProtobufCMessage *message)
{
	int type = 0;
	while (objects[type].descriptor != message->descriptor)
		type++;
	return (enum object_type)type;
}

static int find_numbered(struct import *in, struct err *e)
{
	ProtobufCMessage *message = NULL;
	uint64_t id = *number_of(in->given);
	int got = id ? object_load(in->ch->txn, in->ch->arena, type_of(in->given), id, &message, e)
		     : 0;
	return found(in, got, message);
}

static int create_numbered(struct import *in, struct err *e)
{
	enum object_type type = type_of(in->given);
	uint64_t *id = number_of(in->given);
	return object_number(in->ch, type, id, e) < 0
		       ? -1
		       : object_create(in->ch, type, *id, in->given, NULL, e);
}

static int create_shipment(struct import *in, struct err *e)
{
	const Rec__Shipment *shipment = (const Rec__Shipment *)in->given;
	if (!object_exists(in->ch->txn, OBJECT_ORDER, shipment->order))
		return err_set(e, ERR_INPUT, "\"order\": there is no order O%llu",
			       (unsigned long long)shipment->order);
	return create_numbered(in, e);
}

static int update_numbered(struct import *in, struct err *e)
{
	struct object_step step = {.event = "import"};
	return object_save(in->ch, type_of(in->given), *number_of(in->given), in->given, &step, e);
}

/* ---- the table ---- */

/* What an object refers to stands before it. */
const struct import_kind import_kinds[] = {
	{OBJECT_PAYMENT_TYPE, find_row, save_row, save_row},
	{OBJECT_TERMS, find_row, save_row, save_row},
	{OBJECT_PRICE_LIST, find_row, save_row, save_row},
	{OBJECT_CHANNEL, find_row, save_row, save_row},
	{OBJECT_SEASON, find_row, save_row, save_row},
	{OBJECT_VAT_RATE, find_row, save_row, save_row},
	{OBJECT_SHOP, find_shop, create_shop, update_shop},
	{OBJECT_AGENT, find_agent, create_agent, update_agent},
	{OBJECT_ITEM, find_item, create_item, update_item},
	{OBJECT_CUSTOMER, find_customer, create_customer, update_customer},
	{OBJECT_ORDER, find_order, create_order, update_order},
	{OBJECT_THREAD, find_thread, create_thread, update_thread},
	{OBJECT_MESSAGE, find_message, create_message, update_message},
	{OBJECT_SHIPMENT, find_numbered, create_shipment, update_numbered},
	{OBJECT_DOCUMENT, find_numbered, create_numbered, update_numbered},
	{OBJECT_FILE, find_numbered, create_numbered, update_numbered},
	{.find = NULL},
};
