/* SPDX-License-Identifier: ISC */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct liquid_value value_of_json(struct arena *a, const struct json *json)
{
	struct liquid_value v = liquid_nil();
	char number[64];
	switch (json->kind) {
	case JSON_BOOL:
		return liquid_bool(json->boolean);
	case JSON_INTEGER:
		return liquid_int(json->integer);
	case JSON_REAL:
		snprintf(number, sizeof(number), "%.14e", json->real);
		return liquid_number(slice_str(number));
	case JSON_STRING:
		return liquid_string(json->string);
	case JSON_ARRAY:
		v = liquid_list_new(a);
		for (const struct json *child = json->first; child; child = child->next)
			liquid_list_add(a, v, value_of_json(a, child));
		return v;
	case JSON_OBJECT:
		if (json->count == 1 && slice_eq(json->first->name, SLICE("$safe")))
			return liquid_safe(json->first->string);
		v = liquid_hash_new(a);
		for (const struct json *child = json->first; child; child = child->next)
			liquid_hash_set(a, v, child->name, value_of_json(a, child));
		return v;
	default:
		return v;
	}
}

static int load(void *user, struct slice name, struct arena *a, struct liquid_source *source,
		struct err *e)
{
	const struct setup *setup = user;
	(void)a;
	(void)e;
	for (const struct partial_row *row = setup->partials; row && row->name; row++)
		if (slice_eq(name, slice_str(row->name))) {
			source->text = slice_str(row->source);
			return 1;
		}
	return 0;
}

static struct liquid_value data_of(struct arena *a, const char *text)
{
	struct json *json;
	struct err e;
	if (json_parse(a, slice_str(text ? text : "{}"), &json, &e) < 0)
		fail_msg("test data: %s", e.text);
	return value_of_json(a, json);
}

struct outcome run_template(const char *source, const struct setup *setup)
{
	struct outcome o = {.arena = arena_open(), .env = liquid_env_open(), .output = ""};
	struct liquid_options options = setup->options;
	struct liquid_template *t;
	/* Exact size on the heap, so that a byte too far is seen. */
	size_t len = strlen(source);
	char *exact = malloc(len + 1);
	assert_non_null(exact);
	memcpy(exact, source, len);
	struct setup kept = *setup;
	liquid_env_loader(o.env, load, &kept);
	options.globals = data_of(o.arena, setup->data);
	buf_init(&o.out, 16u << 20);
	o.ok = liquid_parse(o.env, SLICE("main"), slice_of(exact, len), o.arena, &t, &o.error) > 0;
	free(exact);
	if (o.ok)
		o.ok = liquid_render(o.env, t, &options, &o.out, &o.error) > 0;
	o.output = buf_str(&o.out);
	return o;
}

void outcome_release(struct outcome *o)
{
	buf_release(&o->out);
	arena_close(&o->arena);
	liquid_env_close(&o->env);
}

void assert_renders(const char *source, const char *data, const char *wanted)
{
	struct setup setup = {.data = data};
	setup.options.undefined_error = true;
	setup.options.now = 1767225600;
	struct outcome o = run_template(source, &setup);
	if (!o.ok)
		print_error("%s\n%u:%u: %s\n", source, o.error.line, o.error.column,
			    o.error.message);
	assert_true(o.ok);
	if (strcmp(o.output, wanted) != 0)
		print_error("%s\n", source);
	assert_string_equal(o.output, wanted);
	outcome_release(&o);
}

char *repeated(const char *before, const char *piece, size_t count, const char *behind)
{
	struct buf text;
	buf_init(&text, 8u << 20);
	buf_puts(&text, before);
	for (size_t i = 0; i < count; i++) {
		const char *number = strchr(piece, '#');
		/* # is the number of the piece: names that differ */
		if (number)
			buf_printf(&text, "%.*s%zu%s", (int)(number - piece), piece, i, number + 1);
		else
			buf_puts(&text, piece);
	}
	buf_puts(&text, behind);
	char *copy = strdup(buf_str(&text));
	buf_release(&text);
	assert_non_null(copy);
	return copy;
}
