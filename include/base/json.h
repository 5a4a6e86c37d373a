/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_JSON_H
#define POSTCLERK_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/*
 * JSON as a tree in an arena.  Objects keep the order of their members.
 * Strings are UTF-8; NUL inside is kept.  (Makers are called json_new_...,
 * because json_string and json_integer are symbols of jansson's.)
 */
enum json_kind {
	JSON_NULL,
	JSON_BOOL,
	JSON_INTEGER,
	JSON_REAL,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json {
	enum json_kind kind;
	bool boolean;
	int64_t integer;
	double real;
	struct slice string;
	struct slice name;  /* the key under which it stands in an object */
	struct json *first; /* children of an array or object */
	struct json *last;
	struct json *next; /* sibling */
	size_t count;
};

/* Nesting deeper than this is refused. */
#define JSON_DEPTH_MAX 128

/* The whole of text must be one JSON value; INPUT error with line and column. */
int json_parse(struct arena *a, struct slice text, struct json **value, struct err *e);

/* An empty value of that kind: null, false, 0, "", [] or {}. */
struct json *json_new(struct arena *a, enum json_kind kind);
/* Views are copied into the arena; invalid UTF-8 becomes U+FFFD when printed. */
struct json *json_new_string(struct arena *a, struct slice s);
struct json *json_new_integer(struct arena *a, int64_t n);
struct json *json_new_boolean(struct arena *a, bool b);
/*
 * Append to an array, or to an object under a name (not replacing).  A value
 * stands in one place only.  Returns value.
 */
struct json *json_add(struct json *array, struct json *value);
struct json *json_set(struct arena *a, struct json *object, const char *name, struct json *value);

/* The member of that name (the last, if twice), or null; null-safe. */
const struct json *json_get(const struct json *object, struct slice name);
/* The string of a member, or an empty slice with a null pointer. */
struct slice json_get_string(const struct json *object, const char *name);

/* One line, no spaces, UTF-8 as it is, control bytes escaped; reals in shortest form. */
void json_put(struct buf *out, const struct json *value);

#endif
