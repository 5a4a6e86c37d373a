/* SPDX-License-Identifier: ISC */
#include "record/import.h"

#include <assert.h>

#include "import_private.h"
#include "record/customer.h"
#include "record/id.h"
#include "record/shop_table.h"

static const struct import_kind *kind_of(const struct json *object, struct err *e)
{
	struct slice type = json_get_string(object, "type");
	struct buf names;
	buf_init(&names, 1024);
	for (const struct import_kind *kind = import_kinds; kind->find; kind++) {
		if (slice_eq(type, slice_str(objects[kind->type].name))) {
			buf_release(&names);
			return kind;
		}
		buf_printf(&names, "%s%s", names.len ? ", " : "", objects[kind->type].name);
	}
	err_set(e, ERR_INPUT, "\"type\": \"%.*s\" is none of %s", SLICE_ARG(slice_sub(type, 0, 40)),
		buf_str(&names));
	buf_release(&names);
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

void import_remark(struct import *in, const char *format, ...)
{
	struct slice *remark = &in->outcome->remark;
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(in->ch->arena, format, args);
	va_end(args);
	*remark = slice_str(
		remark->len ? arena_printf(in->ch->arena, "%.*s; %s", SLICE_ARG(*remark), text)
			    : text);
}

/* Of a new order of ours: what it names should be there, but what was sold was sold. */
static void look_at_order(struct import *in)
{
	const Rec__Order *order = (const Rec__Order *)in->given;
	Rec__PaymentType *type;
	if (in->given->descriptor != &rec__order__descriptor || !order->payment_type[0] ||
	    payment_type_load(in->ch->txn, in->ch->arena, slice_str(order->payment_type), &type,
			      NULL) != 0)
		return;
	import_remark(in, "there is no payment type \"%s\" in the shop's tables",
		      order->payment_type);
}

static int import_ours(struct import *in, struct err *e)
{
	const struct import_kind *kind = kind_of(in->object, e);
	if (!kind || resolve_customer(in->ch, &in->object, e) < 0)
		return -1;
	in->given = schema_from_json(in->ch->arena, objects[kind->type].descriptor, in->object, e);
	if (!in->given || kind->find(in, e) < 0)
		return -1;
	in->outcome->result = IMPORT_CREATED;
	if (!in->stored) {
		look_at_order(in);
		return kind->create(in, e) < 0 ? -1 : 1;
	}
	keep_others(in);
	int got = kind->update(in, e);
	in->outcome->result = got > 0 ? IMPORT_UPDATED : IMPORT_UNCHANGED;
	return got < 0 ? -1 : 1;
}

int record_import(struct change *ch, const struct json *object, struct import_outcome *outcome,
		  struct err *e)
{
	struct import in = {.ch = ch, .object = object, .outcome = outcome};
	*outcome = (struct import_outcome){.result = IMPORT_UNCHANGED};
	if (slice_eq(json_get_string(object, "type"), SLICE("foreign")))
		return import_foreign(&in, e);
	return import_ours(&in, e);
}

int record_import_object(struct change *ch, const struct json *object, enum import_result *result,
			 struct err *e)
{
	struct import_outcome outcome;
	int got = record_import(ch, object, &outcome, e);
	*result = outcome.result;
	return got;
}
