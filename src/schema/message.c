/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "schema.h"

/*
 * Unpacked messages live in arenas and are never freed one by one, so the
 * allocator only hands out.  protobuf-c asks for no alignment beyond malloc's.
 */
static void *arena_allocator_alloc(void *data, size_t size)
{
	return arena_alloc(data, size);
}

static void arena_allocator_free(void *data, void *ptr)
{
	(void)data;
	(void)ptr;
}

static void append_to_buf(ProtobufCBuffer *sink, size_t len, const uint8_t *data)
{
	struct {
		ProtobufCBuffer base;
		struct buf *out;
	} *self = (void *)sink;
	buf_put(self->out, slice_of(data, len));
}

void schema_pack(const ProtobufCMessage *message, struct buf *out)
{
	struct {
		ProtobufCBuffer base;
		struct buf *out;
	} sink = {{append_to_buf}, out};
	protobuf_c_message_pack_to_buffer(message, &sink.base);
}

struct slice schema_pack_in(struct arena *a, const ProtobufCMessage *message)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = arena_alloc(a, size);
	size_t used = protobuf_c_message_pack(message, bytes);
	assert(used == size);
	return slice_of(bytes, used);
}

ProtobufCMessage *schema_unpack(struct arena *a, const ProtobufCMessageDescriptor *type,
				struct slice bytes, struct err *e)
{
	ProtobufCAllocator allocator = {arena_allocator_alloc, arena_allocator_free, a};
	ProtobufCMessage *message = protobuf_c_message_unpack(
		type, &allocator, bytes.len, (const uint8_t *)(bytes.ptr ? bytes.ptr : ""));
	if (!message)
		err_set(e, ERR_TEMP, "%zu stored bytes are no %s", bytes.len, type->short_name);
	return message;
}

int schema_unpack_found(struct arena *a, const ProtobufCMessageDescriptor *type, int found,
			struct slice bytes, void *message, struct err *e)
{
	if (found != 1)
		return found;
	ProtobufCMessage *unpacked = schema_unpack(a, type, bytes, e);
	memcpy(message, &unpacked, sizeof(unpacked));
	return unpacked ? 1 : -1;
}

ProtobufCMessage *schema_copy(struct arena *a, const ProtobufCMessage *message)
{
	ProtobufCMessage *copy =
		schema_unpack(a, message->descriptor, schema_pack_in(a, message), NULL);
	assert(copy != NULL);
	return copy;
}
