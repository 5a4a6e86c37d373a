/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_DESK_BINDING_H
#define POSTCLERK_DESK_BINDING_H

#include "base.h"
#include "liquid.h"
#include "schema.h"

/*
 * The record's messages as values of a template, looked up by field name
 * through the descriptor, with no tree in between.  Ids print as O10042, times
 * are UTC seconds (for the date filter), amounts are minor units (for money),
 * enums are text.  What is not set (an empty text, an unset message, a time or
 * an id of 0) is nil.  A text is one line, its line ends blanks.  Derived
 * values stand beside the stored fields.
 */

/* A message; nil for a null pointer.  The message must outlive the render. */
struct liquid_value binding_message(const ProtobufCMessage *message);
/* Any value of a message; `a` holds the text of an id. */
struct liquid_value binding_value(struct arena *a, const struct schema_value *value);
/* "O10042" in the arena; nil for 0. */
struct liquid_value binding_id(struct arena *a, char letter, uint64_t id);

/* What a derived value is, for checking a template without data. */
enum binding_result {
	BINDING_TEXT,
	BINDING_NUMBER,
	BINDING_AMOUNT, /* minor units, for money */
	BINDING_TIME,	/* UTC seconds, for date */
	BINDING_TRUTH,
	BINDING_OBJECT,
};

/*
 * A value made of a message's stored fields.  Names are unique per type, and
 * no stored field of that type has one of them.
 */
struct binding_derived {
	const ProtobufCMessageDescriptor *type;
	const char *name;
	enum binding_result result;
	const char *help; /* a phrase for people */
	struct liquid_value (*value)(const ProtobufCMessage *message, struct arena *a);
};

/* Null when the type has no such value. */
const struct binding_derived *binding_derived_find(const ProtobufCMessageDescriptor *type,
						   struct slice name);
/* All of them; null behind the last. */
const struct binding_derived *binding_derived_at(size_t i);
#endif
