/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <ctype.h>
#include <stdio.h>

#include "schema.h"

/* ---- the two tables that the schema cannot hold ---- */

/* Fields that are ids: of any message, or "id" of one (MAIL.md 5 for the letters). */
static const struct {
	const ProtobufCMessageDescriptor *type; /* null: wherever the name stands */
	const char *name;
	char letter;
} id_fields[] = {
	{&rec__customer__descriptor, "id", 'C'},
	{&rec__customer__descriptor, "parent", 'C'},
	{&rec__customer__descriptor, "merged_into", 'C'},
	{&rec__order__descriptor, "id", 'O'},
	{&rec__order__descriptor, "merged_into", 'O'},
	{&rec__thread__descriptor, "id", 'T'},
	{&rec__thread__descriptor, "possible_thread", 'T'},
	{&rec__thread__descriptor, "merged_into", 'T'},
	{&rec__thread__descriptor, "split_from", 'T'},
	{&rec__return__descriptor, "id", 'R'},
	{&rec__shipment__descriptor, "id", 'S'},
	{&rec__shipment__descriptor, "reship_of", 'S'},
	{&rec__line__descriptor, "shipment", 'S'},
	{&rec__payment__descriptor, "id", 'P'},
	{&rec__refund__descriptor, "id", 'F'},
	{&rec__account_event__descriptor, "id", 'E'},
	{NULL, "customer", 'C'},
	{NULL, "order", 'O'},
	{NULL, "payment", 'P'},
	{NULL, "return", 'R'},
	{NULL, "orders", 'O'},
	{NULL, "thread", 'T'},
};

static const struct {
	const ProtobufCMessageDescriptor *type;
	const char *name; /* null: every field of the message */
} personal_fields[] = {
	{&rec__address__descriptor, NULL},
	{&rec__note__descriptor, "text"},
	{&rec__customer__descriptor, "name"},
	{&rec__customer__descriptor, "company"},
	{&rec__customer__descriptor, "trading_name"},
	{&rec__customer__descriptor, "emails"},
	{&rec__customer__descriptor, "phone"},
	{&rec__customer__descriptor, "vat_id"},
	{&rec__customer__descriptor, "external_ids"},
	{&rec__customer__descriptor, "locked_reason"},
	{&rec__customer__descriptor, "blacklisted_reason"},
	{&rec__order__descriptor, "external_ids"},
	{&rec__document__descriptor, "sent_to"},
	{&rec__file__descriptor, "name"},
	{&rec__listing__descriptor, NULL},
	{&rec__thread__descriptor, "subject"},
	{&rec__thread__descriptor, "participants"},
	{&rec__thread__descriptor, "reply_to"},
	{&rec__message__descriptor, "from_name"},
	{&rec__message__descriptor, "from"},
	{&rec__message__descriptor, "to"},
	{&rec__message__descriptor, "subject"},
	{&rec__message__descriptor, "looks_like"},
	{&rec__attachment__descriptor, "name"},
	{&rec__invoice__descriptor, "buyer_vat_id"},
	{&rec__credit_note__descriptor, "buyer_vat_id"},
	{&rec__credit_note__descriptor, "reason"},
	{&rec__return__descriptor, "reason"},
	{&rec__payment__descriptor, "label"},
	{&rec__payment__descriptor, "provider_id"},
	{&rec__payment_event__descriptor, "message"},
	{&rec__refund__descriptor, "reason"},
	{&rec__refund_attempt__descriptor, "message"},
	{&rec__account_event__descriptor, "text"},
};

/* Enums whose values are codes: written as they stand in RECORD.md. */
static bool is_code(const ProtobufCEnumDescriptor *type)
{
	return type == &rec__line_state__descriptor || type == &rec__order_type__descriptor ||
	       type == &rec__return_state__descriptor;
}

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

char schema_id_letter(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field)
{
	if (field->type != PROTOBUF_C_TYPE_UINT64)
		return 0;
	for (size_t i = 0; i < COUNT(id_fields); i++)
		if ((!id_fields[i].type || id_fields[i].type == type) &&
		    strcmp(id_fields[i].name, field->name) == 0)
			return id_fields[i].letter;
	return 0;
}

bool schema_is_time(const ProtobufCFieldDescriptor *field)
{
	return field->type == PROTOBUF_C_TYPE_INT64 &&
	       slice_ends(slice_str(field->name), SLICE("_at"));
}

bool schema_is_amount(const ProtobufCFieldDescriptor *field)
{
	static const char *const names[] = {
		"price", "unit_price", "discount", "shipping_cost", "voucher",	    "amount",
		"net",	 "vat",	       "total",	   "opening",	    "credit_limit",
	};
	if (field->type != PROTOBUF_C_TYPE_INT64)
		return false;
	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(names[i], field->name) == 0)
			return true;
	return false;
}

bool schema_is_personal(const ProtobufCMessageDescriptor *type,
			const ProtobufCFieldDescriptor *field)
{
	for (size_t i = 0; i < COUNT(personal_fields); i++)
		if (personal_fields[i].type == type &&
		    (!personal_fields[i].name || strcmp(personal_fields[i].name, field->name) == 0))
			return true;
	return false;
}

/* ---- enums ---- */

/* A value is LINE_STATE_HAL in the .proto: the type's name in capitals stands before it. */
static size_t prefix_length(const ProtobufCEnumDescriptor *type)
{
	size_t n = 0;
	for (const char *p = type->short_name; *p; p++)
		n += 1 + (p > type->short_name && isupper((unsigned char)*p));
	return n + 1;
}

/* A view needs lower-case bytes that live somewhere: the words of all our enums. */
struct slice schema_enum_text(const ProtobufCEnumDescriptor *type, int value)
{
	static const char *const lower[] = {
		"none",	     "admin",	       "billing",     "delivery",   "public",
		"retailer",  "agent",	       "new",	      "open",	    "pending",
		"closed",    "spam",	       "merged",      "in",	    "out",
		"note",	     "system",	       "warehouse",   "accounting", "done",
		"duplicate", "quarantined",    "queued",      "sent",	    "failed",
		"customer",  "desk",	       "transcript",  "notice",	    "retry",
		"unknown",   "refused",	       "automatic",   "manual",	    "direct",
		"restock",   "damaged",	       "authorize",   "capture",    "void",
		"refund",    "refund_reverse", "charge_back", "request",    "success",
		"failure",   "requested",      "sending",     "succeeded",  "given_up",
		"invoice",   "credit",	       "payment",     "chargeback", "planned",
		"shipped",   "cancelled",
	};
	const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(type, value);
	if (!found)
		return SLICE("unknown");
	struct slice name = slice_str(found->name + prefix_length(type));
	if (is_code(type))
		return name;
	for (size_t i = 0; i < COUNT(lower); i++)
		if (slice_eq_nocase(name, slice_str(lower[i])))
			return slice_str(lower[i]);
	return name;
}

bool schema_enum_value(const ProtobufCEnumDescriptor *type, struct slice text, int *value)
{
	size_t prefix = prefix_length(type);
	for (unsigned i = 0; i < type->n_values; i++) {
		if (!slice_eq_nocase(slice_str(type->values[i].name + prefix), text))
			continue;
		*value = type->values[i].value;
		return true;
	}
	return false;
}

/* ---- values ---- */

const ProtobufCFieldDescriptor *schema_field(const ProtobufCMessageDescriptor *type,
					     struct slice name)
{
	char text[64];
	if (name.len >= sizeof(text))
		return NULL;
	memcpy(text, name.ptr ? name.ptr : "", name.len);
	text[name.len] = '\0';
	return protobuf_c_message_descriptor_get_field_by_name(type, text);
}

static struct schema_value text_value(enum schema_kind kind, struct slice text)
{
	return (struct schema_value){.kind = text.len ? kind : SCHEMA_NONE, .text = text};
}

static struct schema_value integer_value(int64_t number, char letter)
{
	if (letter)
		return (struct schema_value){.kind = number ? SCHEMA_ID : SCHEMA_NONE,
					     .number = number,
					     .letter = letter};
	return (struct schema_value){.kind = SCHEMA_INTEGER, .number = number};
}

/* The value of one element of the field's type at `at`. */
static struct schema_value value_at(const ProtobufCMessageDescriptor *type,
				    const ProtobufCFieldDescriptor *field, const void *at)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_INT64:
		return integer_value(*(const int64_t *)at, 0);
	case PROTOBUF_C_TYPE_UINT64:
		return integer_value((int64_t) * (const uint64_t *)at,
				     schema_id_letter(type, field));
	case PROTOBUF_C_TYPE_INT32:
		return integer_value(*(const int32_t *)at, 0);
	case PROTOBUF_C_TYPE_UINT32:
		return integer_value(*(const uint32_t *)at, 0);
	case PROTOBUF_C_TYPE_BOOL:
		return (struct schema_value){.kind = SCHEMA_BOOLEAN,
					     .number = *(const protobuf_c_boolean *)at};
	case PROTOBUF_C_TYPE_ENUM:
		return (struct schema_value){
			.kind = SCHEMA_ENUM,
			.number = *(const int *)at,
			.text = schema_enum_text(field->descriptor, *(const int *)at)};
	case PROTOBUF_C_TYPE_STRING:
		return text_value(SCHEMA_TEXT, slice_str(*(const char *const *)at));
	case PROTOBUF_C_TYPE_BYTES: {
		const ProtobufCBinaryData *bytes = at;
		return text_value(SCHEMA_BYTES, slice_of(bytes->data, bytes->len));
	}
	case PROTOBUF_C_TYPE_MESSAGE: {
		const ProtobufCMessage *message = *(const ProtobufCMessage *const *)at;
		return (struct schema_value){.kind = message ? SCHEMA_MESSAGE : SCHEMA_NONE,
					     .message = message};
	}
	default:
		die("schema: field %s has a type that no .proto file of ours uses", field->name);
	}
}

static const void *member(const ProtobufCMessage *message, size_t offset)
{
	return (const char *)message + offset;
}

struct schema_value schema_get(const ProtobufCMessage *message,
			       const ProtobufCFieldDescriptor *field)
{
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return (struct schema_value){
			.kind = SCHEMA_LIST,
			.field = field,
			.owner = message,
			.count = *(const size_t *)member(message, field->quantifier_offset)};
	if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
	    *(const uint32_t *)member(message, field->quantifier_offset) != field->id)
		return (struct schema_value){.kind = SCHEMA_NONE};
	return value_at(message->descriptor, field, member(message, field->offset));
}

static size_t element_size(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_UINT64:
		return 8;
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_ENUM:
		return 4;
	case PROTOBUF_C_TYPE_BOOL:
		return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	default:
		return sizeof(void *);
	}
}

struct schema_value schema_at(const struct schema_value *list, size_t index)
{
	assert(list->kind == SCHEMA_LIST && index < list->count);
	const char *items = *(char *const *)member(list->owner, list->field->offset);
	return value_at(list->owner->descriptor, list->field,
			items + index * element_size(list->field->type));
}

/* "[12]" at the start of *rest; false when it is something else. */
static bool take_index(struct slice *rest, uint64_t *index)
{
	ptrdiff_t end = slice_chr(*rest, ']');
	if (rest->len == 0 || rest->ptr[0] != '[' || end < 0 ||
	    !slice_u64(slice_sub(*rest, 1, (size_t)end), index))
		return false;
	*rest = slice_sub(*rest, (size_t)end + 1, rest->len);
	return true;
}

static struct slice take_name(struct slice *rest)
{
	size_t n = 0;
	while (n < rest->len && rest->ptr[n] != '.' && rest->ptr[n] != '[')
		n++;
	struct slice name = slice_sub(*rest, 0, n);
	*rest = slice_sub(*rest, n, rest->len);
	return name;
}

int schema_path(const ProtobufCMessage *message, struct slice path, struct schema_value *value)
{
	*value = (struct schema_value){.kind = SCHEMA_MESSAGE, .message = message};
	for (struct slice rest = path; rest.len;) {
		if (rest.ptr[0] == '[') {
			uint64_t index;
			if (!take_index(&rest, &index) || value->kind != SCHEMA_LIST ||
			    index >= value->count)
				return 0;
			*value = schema_at(value, index);
			continue;
		}
		if (rest.ptr[0] == '.')
			rest = slice_sub(rest, 1, rest.len);
		struct slice name = take_name(&rest);
		if (value->kind != SCHEMA_MESSAGE)
			return 0;
		const ProtobufCFieldDescriptor *field =
			schema_field(value->message->descriptor, name);
		if (!field)
			return 0;
		*value = schema_get(value->message, field);
	}
	return 1;
}
