/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "schema.h"

struct diff {
	struct arena *arena;
	struct schema_change *changes;
	size_t n, room;
};

static void diff_messages(struct diff *d, const char *path, bool personal,
			  const ProtobufCMessageDescriptor *type, const ProtobufCMessage *old,
			  const ProtobufCMessage *new);

/* As in JSON, without the quotes. */
static struct slice shown(struct diff *d, const ProtobufCFieldDescriptor *field,
			  const struct schema_value *value)
{
	struct buf text;
	switch (value->kind) {
	case SCHEMA_TEXT:
	case SCHEMA_ENUM:
		return value->text;
	case SCHEMA_BOOLEAN:
		return value->number ? SLICE("true") : SLICE("false");
	case SCHEMA_ID:
		return slice_str(
			arena_printf(d->arena, "%c%lld", value->letter, (long long)value->number));
	case SCHEMA_INTEGER:
		if (!schema_is_time(field))
			return slice_str(arena_printf(d->arena, "%lld", (long long)value->number));
		if (!value->number)
			return SLICE("");
		buf_init(&text, 64);
		clock_put_rfc3339(&text, value->number);
		break;
	case SCHEMA_BYTES:
		buf_init(&text, value->text.len * 2);
		hex_put(&text, value->text);
		break;
	default:
		return SLICE("");
	}
	struct slice copy = arena_copy(d->arena, buf_slice(&text));
	buf_release(&text);
	return copy;
}

/* In proto3 a zero and what is not there are one. */
static bool is_unset(const struct schema_value *value)
{
	return value->kind == SCHEMA_NONE ||
	       ((value->kind == SCHEMA_INTEGER || value->kind == SCHEMA_BOOLEAN ||
		 value->kind == SCHEMA_ENUM) &&
		value->number == 0);
}

static void diff_values(struct diff *d, const char *path, bool personal,
			const ProtobufCFieldDescriptor *field, const struct schema_value *old,
			const struct schema_value *new)
{
	if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
		diff_messages(d, path, personal, field->descriptor, old->message, new->message);
		return;
	}
	struct slice before = shown(d, field, old), after = shown(d, field, new);
	if (slice_eq(before, after) || (is_unset(old) && is_unset(new)))
		return;
	arena_grow(d->arena, &d->changes, d->n, &d->room, sizeof(*d->changes));
	d->changes[d->n++] = (struct schema_change){slice_str(path), before, after, personal};
}

static void diff_lists(struct diff *d, const char *path, bool personal,
		       const struct schema_value *old, const struct schema_value *new,
		       const ProtobufCFieldDescriptor *field)
{
	size_t n = old->count > new->count ? old->count : new->count;
	for (size_t i = 0; i < n; i++) {
		struct schema_value none = {.kind = SCHEMA_NONE};
		struct schema_value before = i < old->count ? schema_at(old, i) : none;
		struct schema_value after = i < new->count ? schema_at(new, i) : none;
		diff_values(d, arena_printf(d->arena, "%s[%zu]", path, i), personal, field, &before,
			    &after);
	}
}

static struct schema_value field_of(const ProtobufCMessage *message,
				    const ProtobufCFieldDescriptor *field)
{
	if (message)
		return schema_get(message, field);
	return (struct schema_value){
		.kind = field->label == PROTOBUF_C_LABEL_REPEATED ? SCHEMA_LIST : SCHEMA_NONE,
		.field = field};
}

static void diff_messages(struct diff *d, const char *path, bool personal,
			  const ProtobufCMessageDescriptor *type, const ProtobufCMessage *old,
			  const ProtobufCMessage *new)
{
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &type->fields[i];
		struct schema_value before = field_of(old, field), after = field_of(new, field);
		const char *name =
			*path ? arena_printf(d->arena, "%s.%s", path, field->name) : field->name;
		bool private = personal || schema_is_personal(type, field);
		if (field->label == PROTOBUF_C_LABEL_REPEATED)
			diff_lists(d, name, private, &before, &after, field);
		else
			diff_values(d, name, private, field, &before, &after);
	}
}

size_t schema_diff(struct arena *a, const ProtobufCMessage *old, const ProtobufCMessage *new,
		   struct schema_change **changes)
{
	struct diff d = {.arena = a};
	assert(old || new);
	assert(!old || !new || old->descriptor == new->descriptor);
	diff_messages(&d, "", false, (old ? old : new)->descriptor, old, new);
	*changes = d.changes;
	return d.n;
}
