/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "schema.h"

/* ---- out ---- */

static struct json *object_of(struct arena *a, const ProtobufCMessage *message);

static struct json *printed(struct arena *a, struct buf *text)
{
	struct json *value = json_new_string(a, buf_slice(text));
	buf_release(text);
	return value;
}

static struct json *value_to_json(struct arena *a, const ProtobufCFieldDescriptor *field,
				  const struct schema_value *value)
{
	struct buf text;
	switch (value->kind) {
	case SCHEMA_INTEGER:
		if (!schema_is_time(field))
			return json_new_integer(a, value->number);
		buf_init(&text, 64);
		clock_put_rfc3339(&text, value->number);
		return printed(a, &text);
	case SCHEMA_BOOLEAN:
		return json_new_boolean(a, value->number != 0);
	case SCHEMA_ENUM:
	case SCHEMA_TEXT:
		return json_new_string(a, value->text);
	case SCHEMA_BYTES:
		buf_init(&text, value->text.len * 2);
		hex_put(&text, value->text);
		return printed(a, &text);
	case SCHEMA_ID:
		return json_new_string(a, slice_str(arena_printf(a, "%c%lld", value->letter,
								 (long long)value->number)));
	case SCHEMA_MESSAGE:
		return object_of(a, value->message);
	case SCHEMA_LIST: {
		struct json *list = json_new(a, JSON_ARRAY);
		for (size_t i = 0; i < value->count; i++) {
			struct schema_value item = schema_at(value, i);
			/* An empty string in a list is an element all the same. */
			json_add(list, item.kind == SCHEMA_NONE ? json_new_string(a, SLICE(""))
								: value_to_json(a, field, &item));
		}
		return list;
	}
	case SCHEMA_NONE:
		break;
	}
	return json_new(a, JSON_NULL);
}

static bool is_unset(const struct schema_value *value)
{
	switch (value->kind) {
	case SCHEMA_NONE:
		return true;
	case SCHEMA_INTEGER:
	case SCHEMA_BOOLEAN:
	case SCHEMA_ENUM:
		return value->number == 0;
	case SCHEMA_LIST:
		return value->count == 0;
	default:
		return false;
	}
}

static struct json *object_of(struct arena *a, const ProtobufCMessage *message)
{
	struct json *object = json_new(a, JSON_OBJECT);
	const ProtobufCMessageDescriptor *type = message->descriptor;
	for (unsigned i = 0; i < type->n_fields; i++) {
		struct schema_value value = schema_get(message, &type->fields[i]);
		if (!is_unset(&value))
			json_set(a, object, type->fields[i].name,
				 value_to_json(a, &type->fields[i], &value));
	}
	return object;
}

struct json *schema_to_json(struct arena *a, const ProtobufCMessage *message)
{
	return object_of(a, message);
}

/* ---- in ---- */

static ProtobufCMessage *message_from(struct arena *a, const ProtobufCMessageDescriptor *type,
				      const struct json *object, bool top, struct err *e);

static int wrong(struct err *e, const ProtobufCFieldDescriptor *field, const char *want)
{
	return err_set(e, ERR_INPUT, "\"%s\" must be %s", field->name, want);
}

/* 10042, "10042" or "O10042". */
static int id_from(const ProtobufCFieldDescriptor *field, char letter, const struct json *value,
		   uint64_t *id, struct err *e)
{
	struct slice text = value->string;
	if (value->kind == JSON_INTEGER && value->integer >= 0) {
		*id = (uint64_t)value->integer;
		return 1;
	}
	if (value->kind == JSON_STRING && letter && text.len &&
	    (text.ptr[0] | 0x20) == (letter | 0x20))
		text = slice_sub(text, 1, text.len);
	if (value->kind == JSON_STRING && slice_u64(text, id) && *id <= INT64_MAX)
		return 1;
	if (letter)
		return err_set(e, ERR_INPUT, "\"%s\" must be an id such as \"%c10042\"",
			       field->name, letter);
	return wrong(e, field, "a whole number, 0 or more");
}

static int integer_from(const ProtobufCFieldDescriptor *field, const struct json *value,
			int64_t *number, struct err *e)
{
	if (schema_is_time(field) && value->kind == JSON_STRING) {
		if (clock_parse_rfc3339(value->string, number, NULL) == 1)
			return 1;
		return wrong(e, field, "a time such as \"2026-03-01T10:00:00Z\"");
	}
	if (value->kind != JSON_INTEGER)
		return wrong(e, field, "a whole number (amounts are in minor units)");
	*number = value->integer;
	return 1;
}

static int small_from(const ProtobufCFieldDescriptor *field, const struct json *value, int64_t low,
		      int64_t high, int64_t *number, struct err *e)
{
	if (value->kind != JSON_INTEGER || value->integer < low || value->integer > high)
		return wrong(e, field, "a small whole number");
	*number = value->integer;
	return 1;
}

static int enum_from(struct arena *a, const ProtobufCFieldDescriptor *field,
		     const struct json *value, int *number, struct err *e)
{
	const ProtobufCEnumDescriptor *type = field->descriptor;
	if (value->kind == JSON_STRING && schema_enum_value(type, value->string, number))
		return 1;
	char *names = arena_printf(a, "one of");
	for (unsigned i = 0; i < type->n_values; i++) {
		struct slice name = schema_enum_text(type, type->values[i].value);
		names = arena_printf(a, "%s%s %.*s", names, i ? "," : "", SLICE_ARG(name));
	}
	return wrong(e, field, names);
}

static int bytes_from(struct arena *a, const ProtobufCFieldDescriptor *field,
		      const struct json *value, ProtobufCBinaryData *out, struct err *e)
{
	struct slice hex = value->string;
	if (value->kind != JSON_STRING || hex.len % 2)
		return wrong(e, field, "bytes in hex");
	out->len = hex.len / 2;
	out->data = arena_alloc(a, out->len);
	for (size_t i = 0; i < out->len; i++) {
		char pair[3] = {hex.ptr[2 * i], hex.ptr[2 * i + 1], 0};
		unsigned byte;
		int used = 0;
		if (sscanf(pair, "%2x%n", &byte, &used) != 1 || used != 2)
			return wrong(e, field, "bytes in hex");
		out->data[i] = (uint8_t)byte;
	}
	return 1;
}

static int string_from(struct arena *a, const ProtobufCFieldDescriptor *field,
		       const struct json *value, char **out, struct err *e)
{
	if (value->kind != JSON_STRING || slice_chr(value->string, '\0') >= 0)
		return wrong(e, field, "text without NUL");
	*out = arena_str(a, value->string);
	return 1;
}

/* One element of the field's type, stored at `at`. */
static int element_from(struct arena *a, const ProtobufCMessageDescriptor *type,
			const ProtobufCFieldDescriptor *field, const struct json *value, void *at,
			struct err *e)
{
	int64_t number = 0;
	int result;
	switch (field->type) {
	case PROTOBUF_C_TYPE_INT64:
		return integer_from(field, value, at, e);
	case PROTOBUF_C_TYPE_UINT64:
		return id_from(field, schema_id_letter(type, field), value, at, e);
	case PROTOBUF_C_TYPE_INT32:
		result = small_from(field, value, INT32_MIN, INT32_MAX, &number, e);
		*(int32_t *)at = (int32_t)number;
		return result;
	case PROTOBUF_C_TYPE_UINT32:
		result = small_from(field, value, 0, UINT32_MAX, &number, e);
		*(uint32_t *)at = (uint32_t)number;
		return result;
	case PROTOBUF_C_TYPE_BOOL:
		*(protobuf_c_boolean *)at = value->boolean;
		return value->kind == JSON_BOOL ? 1 : wrong(e, field, "true or false");
	case PROTOBUF_C_TYPE_ENUM:
		return enum_from(a, field, value, at, e);
	case PROTOBUF_C_TYPE_STRING:
		return string_from(a, field, value, at, e);
	case PROTOBUF_C_TYPE_BYTES:
		return bytes_from(a, field, value, at, e);
	case PROTOBUF_C_TYPE_MESSAGE: {
		ProtobufCMessage *child = message_from(a, field->descriptor, value, false, e);
		*(ProtobufCMessage **)at = child;
		return child ? 1 : err_prefix(e, "%s", field->name);
	}
	default:
		die("schema: field %s has a type that no .proto file of ours uses", field->name);
	}
}

static int list_from(struct arena *a, const ProtobufCMessageDescriptor *type,
		     const ProtobufCFieldDescriptor *field, const struct json *value,
		     ProtobufCMessage *message, struct err *e)
{
	if (value->kind != JSON_ARRAY)
		return wrong(e, field, "a list");
	/* The widest element is a ProtobufCBinaryData; narrow ones are packed below. */
	size_t size = field->type == PROTOBUF_C_TYPE_BOOL || field->type == PROTOBUF_C_TYPE_ENUM ||
				      field->type == PROTOBUF_C_TYPE_INT32 ||
				      field->type == PROTOBUF_C_TYPE_UINT32
			      ? 4
			      : 8;
	if (field->type == PROTOBUF_C_TYPE_BYTES)
		size = sizeof(ProtobufCBinaryData);
	char *items = arena_array(a, value->count, size);
	size_t n = 0;
	for (const struct json *item = value->first; item; item = item->next, n++)
		if (element_from(a, type, field, item, items + n * size, e) < 0)
			return err_prefix(e, "[%zu]", n);
	*(size_t *)((char *)message + field->quantifier_offset) = n;
	*(char **)((char *)message + field->offset) = items;
	return 1;
}

static int unknown_member(const ProtobufCMessageDescriptor *type, struct slice name, struct err *e)
{
	const char *nearest = NULL;
	size_t best = 4;
	for (unsigned i = 0; i < type->n_fields; i++) {
		size_t distance = text_distance(name, slice_str(type->fields[i].name));
		if (distance < best) {
			best = distance;
			nearest = type->fields[i].name;
		}
	}
	if (nearest)
		return err_set(e, ERR_INPUT, "\"%.*s\" is no field of %s: did you mean \"%s\"?",
			       SLICE_ARG(name), type->short_name, nearest);
	return err_set(e, ERR_INPUT, "\"%.*s\" is no field of %s", SLICE_ARG(name),
		       type->short_name);
}

static ProtobufCMessage *message_from(struct arena *a, const ProtobufCMessageDescriptor *type,
				      const struct json *object, bool top, struct err *e)
{
	if (object->kind != JSON_OBJECT) {
		err_set(e, ERR_INPUT, "a %s must be an object { … }", type->short_name);
		return NULL;
	}
	ProtobufCMessage *message = arena_alloc(a, type->sizeof_message);
	protobuf_c_message_init(type, message);
	for (const struct json *value = object->first; value; value = value->next) {
		const ProtobufCFieldDescriptor *field = schema_field(type, value->name);
		int result = 1;
		if (top && slice_eq(value->name, SLICE("type")))
			continue;
		if (!field)
			result = unknown_member(type, value->name, e);
		else if (value->kind == JSON_NULL)
			continue;
		else if (field->label == PROTOBUF_C_LABEL_REPEATED)
			result = list_from(a, type, field, value, message, e);
		else
			result = element_from(a, type, field, value,
					      (char *)message + field->offset, e);
		if (result < 0)
			return NULL;
	}
	return message;
}

ProtobufCMessage *schema_from_json(struct arena *a, const ProtobufCMessageDescriptor *type,
				   const struct json *object, struct err *e)
{
	return message_from(a, type, object, true, e);
}
