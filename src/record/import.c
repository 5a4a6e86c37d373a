/* SPDX-License-Identifier: ISC */
#include "record/import.h"

#include <assert.h>

#include "object.h"
#include "record/agent.h"
#include "record/customer.h"
#include "record/id.h"
#include "record/item.h"
#include "record/message.h"
#include "record/order.h"
#include "record/shop.h"
#include "record/thread.h"

/* One line of the file, on its way into the record. */
struct import {
	struct change *ch;
	const struct json *object;
	ProtobufCMessage *given;  /* as the line says */
	ProtobufCMessage *stored; /* what it is already, or null */
	enum import_result *result;
};

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
static int default_shop(struct import *in, uint64_t *id, Rec__Shop **shop, struct err *e)
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

static int create_item(struct import *in, struct err *e)
{
	return item_save(in->ch, (Rec__Item *)in->given, "create", e);
}

static int create_customer(struct import *in, struct err *e)
{
	Rec__Customer *customer = (Rec__Customer *)in->given;
	Rec__Shop *shop = NULL;
	if (default_shop(in, &customer->shop, &shop, e) < 0)
		return -1;
	if (!customer->language[0])
		customer->language = shop->language;
	if (!customer->currency[0])
		customer->currency = shop->currency;
	return customer_create(in->ch, customer, e);
}

/*
 * A line's first state.  Who gives the order its number restores what was
 * exported; anybody else imports from a shop, where a locked customer's order
 * waits (RECORD.md 2.1).
 */
static void first_states(struct import *in, bool restored, bool locked)
{
	const Rec__Order *order = (const Rec__Order *)in->given;
	for (size_t i = 0; i < order->n_lines; i++) {
		Rec__LineState *state = &order->lines[i]->state;
		bool hold = locked && !restored && *state == REC__LINE_STATE__LINE_STATE_ANG;
		if (*state == REC__LINE_STATE__LINE_STATE_NONE || hold)
			*state = REC__LINE_STATE__LINE_STATE_HAL;
	}
}

static int create_order(struct import *in, struct err *e)
{
	Rec__Order *order = (Rec__Order *)in->given;
	Rec__Shop *shop = NULL;
	Rec__Customer *customer;
	if (default_shop(in, &order->shop, &shop, e) < 0)
		return -1;
	int got = customer_load(in->ch->txn, in->ch->arena, order->customer, &customer, e);
	if (got <= 0)
		return got < 0 ? -1 : err_set(e, ERR_INPUT, "\"customer\" is missing");
	if (!order->currency[0])
		order->currency = customer->currency[0] ? customer->currency : shop->currency;
	first_states(in, order->id != 0, customer->locked || customer->blacklisted);
	return order_create(in->ch, order, e);
}

static int create_thread(struct import *in, struct err *e)
{
	Rec__Thread *thread = (Rec__Thread *)in->given;
	Rec__Shop *shop = NULL;
	if (default_shop(in, &thread->shop, &shop, e) < 0)
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
		line->number = was->number;
		line->split = was->split;
		line->state = was->state;
		line->reserved = was->reserved;
		line->line_at = was->line_at;
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

static int update_item(struct import *in, struct err *e)
{
	return item_save(in->ch, (Rec__Item *)in->given, "import", e);
}

static int update_customer(struct import *in, struct err *e)
{
	return customer_save(in->ch, (Rec__Customer *)in->given, "import", SLICE(""), e);
}

static int update_order(struct import *in, struct err *e)
{
	if (keep_lines(in, e) < 0)
		return -1;
	first_states(in, false, false);
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

/* ---- one line ---- */

static const struct import_kind {
	enum object_type type;
	int (*find)(struct import *in, struct err *e);
	int (*create)(struct import *in, struct err *e);
	int (*update)(struct import *in, struct err *e);
} kinds[] = {
	{OBJECT_SHOP, find_shop, create_shop, update_shop},
	{OBJECT_AGENT, find_agent, create_agent, update_agent},
	{OBJECT_ITEM, find_item, create_item, update_item},
	{OBJECT_CUSTOMER, find_customer, create_customer, update_customer},
	{OBJECT_ORDER, find_order, create_order, update_order},
	{OBJECT_THREAD, find_thread, create_thread, update_thread},
	{OBJECT_MESSAGE, find_message, create_message, update_message},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const struct import_kind *kind_of(const struct json *object, struct err *e)
{
	struct slice type = json_get_string(object, "type");
	for (size_t i = 0; i < KINDS; i++)
		if (slice_eq(type, slice_str(objects[kinds[i].type].name)))
			return &kinds[i];
	err_set(e, ERR_INPUT,
		"\"type\": \"%.*s\" is none of shop, agent, item, customer, order, thread, message",
		SLICE_ARG(type));
	return NULL;
}

/*
 * {"customer":"ann@example.org"}: the schema knows ids only, so the reference
 * becomes one before the schema sees it.
 */
static int resolve_customer(struct change *ch, const struct json **object, struct err *e)
{
	struct slice reference = json_get_string(*object, "customer");
	Rec__Customer *customer;
	struct id id;
	if (!reference.ptr || id_parse(reference, &id, NULL) > 0)
		return 1;
	int got = customer_find(ch->txn, ch->arena, reference, &customer, e);
	if (got <= 0)
		return got < 0 ? -1
			       : err_set(e, ERR_INPUT, "\"customer\": nobody is known as \"%.*s\"",
					 SLICE_ARG(reference));
	struct json *copy = json_new(ch->arena, JSON_OBJECT);
	for (const struct json *member = (*object)->first; member; member = member->next) {
		struct json *value = ARENA_NEW(ch->arena, struct json);
		*value = *member;
		value->next = NULL;
		if (slice_eq(member->name, SLICE("customer")))
			value->string = slice_str(id_text(ch->arena, 'C', customer->id));
		json_set(ch->arena, copy, arena_str(ch->arena, member->name), value);
	}
	*object = copy;
	return 1;
}

/* protobuf-c stores scalars by value and everything else by pointer. */
static size_t field_size(const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_ENUM:
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_UINT32:
		return sizeof(int32_t);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	default:
		return sizeof(int64_t);
	}
}

/* Everything the line does not name stays as it is stored. */
static void keep_others(const struct import *in)
{
	const ProtobufCMessageDescriptor *type = in->given->descriptor;
	assert(type == in->stored->descriptor);
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &type->fields[i];
		bool named = json_get(in->object, slice_str(field->name)) != NULL;
		bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
		char *to = (char *)in->given;
		const char *from = (const char *)in->stored;
		if (named && strcmp(field->name, "id") != 0)
			continue;
		if (repeated)
			memcpy(to + field->quantifier_offset, from + field->quantifier_offset,
			       sizeof(size_t));
		memcpy(to + field->offset, from + field->offset,
		       repeated ? sizeof(void *) : field_size(field));
	}
}

int record_import_object(struct change *ch, const struct json *object, enum import_result *result,
			 struct err *e)
{
	const struct import_kind *kind = kind_of(object, e);
	if (!kind || resolve_customer(ch, &object, e) < 0)
		return -1;
	struct import in = {.ch = ch, .object = object};
	in.given = schema_from_json(ch->arena, objects[kind->type].descriptor, object, e);
	if (!in.given || kind->find(&in, e) < 0)
		return -1;
	*result = IMPORT_CREATED;
	if (!in.stored)
		return kind->create(&in, e) < 0 ? -1 : 1;
	keep_others(&in);
	int got = kind->update(&in, e);
	*result = got > 0 ? IMPORT_UPDATED : IMPORT_UNCHANGED;
	return got < 0 ? -1 : 1;
}
