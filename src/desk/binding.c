/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "binding.h"

/*
 * A message is (class, pointer); a list is (class, owner, number of its
 * field), so that neither needs memory.
 */

static const struct liquid_class list_class;
static const struct liquid_class message_class;

struct liquid_value binding_message(const ProtobufCMessage *message)
{
	return message ? liquid_object(&message_class, message, 0) : liquid_nil();
}

struct liquid_value binding_id(struct arena *a, char letter, uint64_t id)
{
	if (!id)
		return liquid_nil();
	return liquid_string(slice_str(arena_printf(a, "%c%llu", letter, (unsigned long long)id)));
}

/*
 * A field is one line: a line end in it would end a row of a table, or open a
 * block, in Markdown.  What has lines is offered as prose beside it (derived.c).
 */
static struct liquid_value line_value(struct arena *a, struct slice text)
{
	if (!memchr(text.ptr, '\n', text.len) && !memchr(text.ptr, '\r', text.len))
		return liquid_string(text);
	char *line = arena_str(a, text);
	for (size_t i = 0; i < text.len; i++)
		if (line[i] == '\n' || line[i] == '\r')
			line[i] = ' ';
	return liquid_string(slice_of(line, text.len));
}

static struct liquid_value list_value(const struct schema_value *value)
{
	const ProtobufCMessageDescriptor *type = value->owner->descriptor;
	assert(value->field >= type->fields && value->field < type->fields + type->n_fields);
	return liquid_object(&list_class, value->owner, (uint32_t)(value->field - type->fields));
}

struct liquid_value binding_value(struct arena *a, const struct schema_value *value)
{
	switch (value->kind) {
	case SCHEMA_INTEGER:
		return liquid_int(value->number);
	case SCHEMA_BOOLEAN:
		return liquid_bool(value->number != 0);
	case SCHEMA_TEXT:
		return line_value(a, value->text);
	case SCHEMA_ENUM:
		return liquid_string(value->text);
	case SCHEMA_ID:
		return binding_id(a, value->letter, (uint64_t)value->number);
	case SCHEMA_MESSAGE:
		return binding_message(value->message);
	case SCHEMA_LIST:
		return list_value(value);
	case SCHEMA_BYTES:
	case SCHEMA_NONE:
		break;
	}
	return liquid_nil();
}

/* A time of 0 is not set, and must not be shown as 1970. */
static struct liquid_value field_value(const ProtobufCMessage *message,
				       const ProtobufCFieldDescriptor *field, struct arena *a)
{
	struct schema_value value = schema_get(message, field);
	if (value.kind == SCHEMA_INTEGER && value.number == 0 && schema_is_time(field))
		return liquid_nil();
	return binding_value(a, &value);
}

/*
 * The hint remembers the descriptor and where the name was found in it: an
 * even slot is a field, an odd one (pointers are aligned) a derived value.
 */
static bool message_get(const struct liquid_value *self, struct slice name,
			struct liquid_hint *hint, struct arena *a, struct liquid_value *out)
{
	const ProtobufCMessage *message = self->object.ptr;
	if (hint->type != message->descriptor) {
		const ProtobufCFieldDescriptor *field = schema_field(message->descriptor, name);
		const struct binding_derived *derived =
			field ? NULL : binding_derived_find(message->descriptor, name);
		if (!field && !derived)
			return false;
		hint->type = message->descriptor;
		hint->slot = field ? (uintptr_t)field : (uintptr_t)derived | 1;
	}
	if (hint->slot & 1)
		*out = ((const struct binding_derived *)(hint->slot & ~(uintptr_t)1))
			       ->value(message, a);
	else
		*out = field_value(message, (const ProtobufCFieldDescriptor *)hint->slot, a);
	return true;
}

static size_t message_count(const struct liquid_value *self)
{
	return ((const ProtobufCMessage *)self->object.ptr)->descriptor->n_fields;
}

static bool message_at(const struct liquid_value *self, size_t i, struct arena *a,
		       struct slice *key, struct liquid_value *out)
{
	const ProtobufCMessage *message = self->object.ptr;
	if (i >= message->descriptor->n_fields)
		return false;
	*key = slice_str(message->descriptor->fields[i].name);
	*out = field_value(message, &message->descriptor->fields[i], a);
	return true;
}

/* A message printed as a whole is its id or its name; never a dump of its fields. */
static void message_print(const struct liquid_value *self, struct buf *out)
{
	static const char *const names[] = {"id", "number", "name", "text", "value", "code"};
	const ProtobufCMessage *message = self->object.ptr;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const ProtobufCFieldDescriptor *field =
			schema_field(message->descriptor, slice_str(names[i]));
		struct schema_value value =
			field ? schema_get(message, field) : (struct schema_value){0};
		if (value.kind == SCHEMA_ID)
			buf_printf(out, "%c%lld", value.letter, (long long)value.number);
		else if (value.kind == SCHEMA_TEXT)
			buf_put(out, value.text);
		else
			continue;
		return;
	}
}

static struct schema_value list_of(const struct liquid_value *self)
{
	const ProtobufCMessage *owner = self->object.ptr;
	assert(self->index < owner->descriptor->n_fields);
	return schema_get(owner, &owner->descriptor->fields[self->index]);
}

static size_t list_count(const struct liquid_value *self)
{
	return list_of(self).count;
}

static bool list_at(const struct liquid_value *self, size_t i, struct arena *a, struct slice *key,
		    struct liquid_value *out)
{
	(void)key;
	struct schema_value list = list_of(self);
	if (i >= list.count)
		return false;
	struct schema_value item = schema_at(&list, i);
	*out = binding_value(a, &item);
	return true;
}

static const struct liquid_class message_class = {
	.name = "record",
	.get = message_get,
	.count = message_count,
	.at = message_at,
	.print = message_print,
};

static const struct liquid_class list_class = {
	.name = "list",
	.array = true,
	.count = list_count,
	.at = list_at,
};
