/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_SCHEMA_H
#define POSTCLERK_SCHEMA_H

#include <protobuf-c/protobuf-c.h>

#include "base.h"
#include "schema/record.pb-c.h"
#include "schema/rpc.pb-c.h"
#include "schema/transport.pb-c.h"

/*
 * One description of every stored thing (src/schema/ *.proto), used
 * everywhere: for storage, template variables, JSON Lines and history.  The
 * descriptor serves all four; nothing here is written per type, but for two
 * small tables: which fields are ids, and which are personal data.
 */

/* ---- messages and bytes ---- */

/* Appends the packed message. */
void schema_pack(const ProtobufCMessage *message, struct buf *out);
/* Packed into memory of the arena. */
struct slice schema_pack_in(struct arena *a, const ProtobufCMessage *message);
/*
 * Unpacked into the arena; -1 and TEMP when the bytes are not such a message.
 * Cast the result: schema_unpack(a, &rec__order__descriptor, bytes, e).
 */
ProtobufCMessage *schema_unpack(struct arena *a, const ProtobufCMessageDescriptor *type,
				struct slice bytes, struct err *e);
/*
 * The same for what a lookup found: another `found` than 1 is passed on.
 * message points to the pointer to set, of that type (Rec__Order **).
 */
int schema_unpack_found(struct arena *a, const ProtobufCMessageDescriptor *type, int found,
			struct slice bytes, void *message, struct err *e);
/* A deep copy in the arena. */
ProtobufCMessage *schema_copy(struct arena *a, const ProtobufCMessage *message);

/* ---- fields by name ---- */

enum schema_kind {
	SCHEMA_NONE,	/* an unset message field, an empty string */
	SCHEMA_INTEGER, /* also times and amounts */
	SCHEMA_BOOLEAN,
	SCHEMA_TEXT,
	SCHEMA_BYTES,
	SCHEMA_ENUM, /* text is its name: "HAL", "open" */
	SCHEMA_ID,   /* number, text is empty; letter is its prefix; 0 is NONE */
	SCHEMA_MESSAGE,
	SCHEMA_LIST,
};

/* One value inside a message: a view, valid as long as the message. */
struct schema_value {
	enum schema_kind kind;
	int64_t number;
	struct slice text;
	char letter;
	const ProtobufCMessage *message;
	/* LIST: its field, and where it lives. */
	const ProtobufCFieldDescriptor *field;
	const ProtobufCMessage *owner;
	size_t count;
};

/* The descriptor of a field, or null; O(log fields). */
const ProtobufCFieldDescriptor *schema_field(const ProtobufCMessageDescriptor *type,
					     struct slice name);
struct schema_value schema_get(const ProtobufCMessage *message,
			       const ProtobufCFieldDescriptor *field);
/* Element of a LIST; index < count. */
struct schema_value schema_at(const struct schema_value *list, size_t index);
/* "lines[0].sku": 1 and the value, 0 when a name or index is not there. */
int schema_path(const ProtobufCMessage *message, struct slice path, struct schema_value *value);

/* The lower-case name of an enum's value ("open"); codes keep their case ("HAL"). */
struct slice schema_enum_text(const ProtobufCEnumDescriptor *type, int value);
/* The value of that name, any case; false if there is none. */
bool schema_enum_value(const ProtobufCEnumDescriptor *type, struct slice text, int *value);

/* The id letter of a field ('C' for customer, "id" of a Customer …), or 0. */
char schema_id_letter(const ProtobufCMessageDescriptor *type,
		      const ProtobufCFieldDescriptor *field);
bool schema_is_time(const ProtobufCFieldDescriptor *field);
/* Money, in minor units of the object's currency. */
bool schema_is_amount(const ProtobufCFieldDescriptor *field);
/* Personal data: obfuscated, sealed in history, left out of logs. */
bool schema_is_personal(const ProtobufCMessageDescriptor *type,
			const ProtobufCFieldDescriptor *field);

/* ---- JSON ---- */

/*
 * A message as a JSON object with the schema's field names: ids as "O10042",
 * times as RFC 3339, amounts as minor units, enums as text, unset fields left
 * out, bytes as hex.
 */
struct json *schema_to_json(struct arena *a, const ProtobufCMessage *message);
/*
 * The reverse.  Members named "type" at the top are the caller's and skipped.
 * INPUT error that names the member, what was wrong and what would be right,
 * with the nearest known name for an unknown one.
 */
ProtobufCMessage *schema_from_json(struct arena *a, const ProtobufCMessageDescriptor *type,
				   const struct json *object, struct err *e);

/* ---- differences ---- */

struct schema_change {
	struct slice path; /* "lines[1].state" */
	struct slice old;  /* as in JSON, without quotes; empty when not set */
	struct slice new;
	bool personal;
};

/*
 * Field by field, in the order of the schema; a null `old` or `new` is an
 * empty message.  The list lives in the arena; returns its length.
 */
size_t schema_diff(struct arena *a, const ProtobufCMessage *old, const ProtobufCMessage *new,
		   struct schema_change **changes);

#endif
