/* SPDX-License-Identifier: ISC */

/* jansson's kinds of values are named like ours. */
#define JSON_NULL JANSSON_NULL
#define JSON_STRING JANSSON_STRING
#define JSON_INTEGER JANSSON_INTEGER
#define JSON_REAL JANSSON_REAL
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_OBJECT JANSSON_OBJECT
#include <jansson.h>
#undef JSON_NULL
#undef JSON_STRING
#undef JSON_INTEGER
#undef JSON_REAL
#undef JSON_ARRAY
#undef JSON_OBJECT

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

/* A parsed tree may be put into one of our own. */
#define PUT_DEPTH_MAX (2 * JSON_DEPTH_MAX)
#define NUMBER_MAX 32

/* ---- building ---- */

struct json *json_new(struct arena *a, enum json_kind kind)
{
	struct json *value = ARENA_NEW(a, struct json);
	value->kind = kind;
	return value;
}

struct json *json_new_string(struct arena *a, struct slice s)
{
	struct json *value = json_new(a, JSON_STRING);
	value->string = arena_copy(a, s);
	return value;
}

struct json *json_new_integer(struct arena *a, int64_t n)
{
	struct json *value = json_new(a, JSON_INTEGER);
	value->integer = n;
	return value;
}

struct json *json_new_boolean(struct arena *a, bool b)
{
	struct json *value = json_new(a, JSON_BOOL);
	value->boolean = b;
	return value;
}

static struct json *append(struct json *parent, struct json *value)
{
	/* A value stands in one place: its sibling link is in itself. */
	assert(!value->next && parent != value);
	if (parent->last)
		parent->last->next = value;
	else
		parent->first = value;
	parent->last = value;
	parent->count++;
	return value;
}

struct json *json_add(struct json *array, struct json *value)
{
	assert(array->kind == JSON_ARRAY);
	return append(array, value);
}

struct json *json_set(struct arena *a, struct json *object, const char *name, struct json *value)
{
	assert(object->kind == JSON_OBJECT);
	value->name = arena_copy(a, slice_str(name));
	return append(object, value);
}

const struct json *json_get(const struct json *object, struct slice name)
{
	const struct json *found = NULL;
	if (!object || object->kind != JSON_OBJECT)
		return NULL;
	for (const struct json *child = object->first; child; child = child->next)
		if (slice_eq(child->name, name))
			found = child;
	return found;
}

struct slice json_get_string(const struct json *object, const char *name)
{
	const struct json *value = json_get(object, slice_str(name));
	return value && value->kind == JSON_STRING ? value->string : (struct slice){NULL, 0};
}

/* ---- parsing ---- */

/*
 * jansson's own limit is 2048 and it recurses: nesting is measured before it
 * sees the text.  Text that is not JSON may measure wrong; it is refused anyway.
 */
static int check_depth(struct slice text, struct err *e)
{
	size_t depth = 0, line = 1;
	bool quoted = false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		line += c == '\n';
		if (quoted) {
			i += c == '\\';
			quoted = c != '"';
		} else if (c == '"') {
			quoted = true;
		} else if (c == '[' || c == '{') {
			if (++depth > JSON_DEPTH_MAX)
				return err_set(e, ERR_INPUT, "JSON line %zu: nested deeper than %d",
					       line, JSON_DEPTH_MAX);
		} else if ((c == ']' || c == '}') && depth) {
			depth--;
		}
	}
	return 1;
}

static struct json *convert_scalar(struct arena *a, const json_t *from)
{
	struct json *value = json_new(a, JSON_NULL);
	switch ((int)json_typeof(from)) {
	case JANSSON_STRING:
		value->kind = JSON_STRING;
		value->string =
			arena_copy(a, slice_of(json_string_value(from), json_string_length(from)));
		break;
	case JANSSON_INTEGER:
		value->kind = JSON_INTEGER;
		value->integer = json_integer_value(from);
		break;
	case JANSSON_REAL:
		value->kind = JSON_REAL;
		value->real = json_real_value(from);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		value->kind = JSON_BOOL;
		value->boolean = json_typeof(from) == JSON_TRUE;
		break;
	case JANSSON_ARRAY:
		value->kind = JSON_ARRAY;
		break;
	case JANSSON_OBJECT:
		value->kind = JSON_OBJECT;
		break;
	}
	return value;
}

/* Recursion no deeper than JSON_DEPTH_MAX, by check_depth. */
static struct json *convert(struct arena *a, json_t *from)
{
	struct json *value = convert_scalar(a, from);
	if (value->kind == JSON_ARRAY)
		for (size_t i = 0; i < json_array_size(from); i++)
			json_add(value, convert(a, json_array_get(from, i)));
	if (value->kind == JSON_OBJECT)
		for (void *it = json_object_iter(from); it; it = json_object_iter_next(from, it))
			json_set(a, value, json_object_iter_key(it),
				 convert(a, json_object_iter_value(it)));
	return value;
}

int json_parse(struct arena *a, struct slice text, struct json **value, struct err *e)
{
	if (check_depth(text, e) < 0)
		return -1;
	json_error_t error;
	json_t *root = json_loadb(text.len ? text.ptr : "", text.len,
				  JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	if (!root && json_error_code(&error) == json_error_out_of_memory)
		die("out of memory: JSON of %zu bytes", text.len);
	if (!root)
		return err_set(e, ERR_INPUT, "JSON line %d, column %d: %s", error.line,
			       error.column, error.text);
	*value = convert(a, root);
	json_decref(root);
	return 1;
}

/* ---- printing ---- */

static void put_string(struct buf *out, struct slice s)
{
	static const char named[] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
				     ['\t'] = 't', ['"'] = '"',	 ['\\'] = '\\'};
	uint32_t cp;
	buf_putc(out, '"');
	while (text_next(&s, &cp)) {
		if (cp < sizeof(named) && named[cp]) {
			buf_putc(out, '\\');
			buf_putc(out, named[cp]);
		} else if (cp < 0x20 || cp == 0x7f) {
			buf_printf(out, "\\u%04x", (unsigned)cp);
		} else {
			text_put_code_point(out, cp);
		}
	}
	buf_putc(out, '"');
}

/* The shortest form that reads back as the same number, whatever the locale. */
static void put_real(struct buf *out, double real)
{
	char text[NUMBER_MAX] = "null";
	for (int digits = 15; isfinite(real) && digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, real);
		if (strtod(text, NULL) == real)
			break;
	}
	for (char *p = text; *p; p++)
		if (*p == ',')
			*p = '.';
	buf_puts(out, text);
	/* A real stays a real when it is read again. */
	if (isfinite(real) && !strpbrk(text, ".e"))
		buf_puts(out, ".0");
}

static void put_scalar(struct buf *out, const struct json *value)
{
	switch (value->kind) {
	case JSON_BOOL:
		buf_puts(out, value->boolean ? "true" : "false");
		break;
	case JSON_INTEGER:
		buf_printf(out, "%lld", (long long)value->integer);
		break;
	case JSON_REAL:
		put_real(out, value->real);
		break;
	case JSON_STRING:
		put_string(out, value->string);
		break;
	default:
		buf_puts(out, "null");
		break;
	}
}

static bool is_container(const struct json *value)
{
	return value->kind == JSON_ARRAY || value->kind == JSON_OBJECT;
}

/* Prints a scalar whole, of a container the opening bracket; true if there is more inside. */
static bool put_start(struct buf *out, const struct json *value)
{
	if (!is_container(value)) {
		put_scalar(out, value);
		return false;
	}
	buf_putc(out, value->kind == JSON_ARRAY ? '[' : '{');
	if (!value->first)
		buf_putc(out, value->kind == JSON_ARRAY ? ']' : '}');
	return value->first != NULL;
}

void json_put(struct buf *out, const struct json *value)
{
	const struct json *parents[PUT_DEPTH_MAX], *next[PUT_DEPTH_MAX];
	size_t depth = 0;
	if (!put_start(out, value))
		return;
	parents[depth] = value;
	next[depth++] = value->first;
	while (depth) {
		const struct json *parent = parents[depth - 1], *child = next[depth - 1];
		if (!child) {
			buf_putc(out, parent->kind == JSON_ARRAY ? ']' : '}');
			depth--;
			continue;
		}
		if (child != parent->first)
			buf_putc(out, ',');
		if (parent->kind == JSON_OBJECT) {
			put_string(out, child->name);
			buf_putc(out, ':');
		}
		next[depth - 1] = child->next;
		if (!put_start(out, child))
			continue;
		/* Only a program could build such a tree, never a text that was parsed. */
		if (depth == PUT_DEPTH_MAX)
			die("json_put: nested deeper than %d", PUT_DEPTH_MAX);
		parents[depth] = child;
		next[depth++] = child->first;
	}
}
