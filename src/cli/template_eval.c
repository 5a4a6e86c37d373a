/* SPDX-License-Identifier: ISC */
#include "template_eval.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/json.h"
#include "liquid.h"

/* The clock of the public suites: 2024-01-01T00:01:58Z. */
#define EVAL_NOW 1704067318
#define EVAL_OUTPUT_MAX (64u << 20)

struct request {
	const struct json *json;
	struct arena *arena;
};

/* ---- JSON as values of templates ---- */

static struct liquid_value value_of(struct arena *a, const struct json *json);

static struct liquid_value real_of(double real)
{
	char text[64];
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*e", digits - 1, real);
		if (strtod(text, NULL) == real)
			break;
	}
	return liquid_number(slice_str(text));
}

static struct liquid_value object_of(struct arena *a, const struct json *json)
{
	const struct json *safe = json->count == 1 ? json->first : NULL;
	if (safe && safe->kind == JSON_STRING && slice_eq(safe->name, SLICE("$safe")))
		return liquid_safe(safe->string);
	if (safe && safe->kind == JSON_STRING && slice_eq(safe->name, SLICE("$integer")))
		return liquid_number(safe->string);
	struct liquid_value hash = liquid_hash_new(a);
	for (const struct json *child = json->first; child; child = child->next)
		liquid_hash_set(a, hash, child->name, value_of(a, child));
	return hash;
}

static struct liquid_value array_of(struct arena *a, const struct json *json)
{
	struct liquid_value list = liquid_list_new(a);
	for (const struct json *child = json->first; child; child = child->next)
		liquid_list_add(a, list, value_of(a, child));
	return list;
}

static struct liquid_value value_of(struct arena *a, const struct json *json)
{
	switch (json ? json->kind : JSON_NULL) {
	case JSON_BOOL:
		return liquid_bool(json->boolean);
	case JSON_INTEGER:
		return liquid_int(json->integer);
	case JSON_REAL:
		return real_of(json->real);
	case JSON_STRING:
		return liquid_string(json->string);
	case JSON_ARRAY:
		return array_of(a, json);
	case JSON_OBJECT:
		return object_of(a, json);
	default:
		return liquid_nil();
	}
}

/* ---- partials ---- */

static int load(void *user, struct slice name, struct arena *a, struct liquid_source *source,
		struct err *e)
{
	const struct request *request = user;
	const struct json *failure = json_get(request->json, SLICE("fs_error"));
	const struct json *all = json_get(request->json, SLICE("templates"));
	if (failure && failure->kind == JSON_STRING)
		return err_set(e, ERR_INPUT, "%.*s", SLICE_ARG(failure->string));
	const struct json *found = json_get(all, name);
	if (!found)
		found = json_get(all, slice_str(arena_printf(a, "%.*s.liquid", SLICE_ARG(name))));
	/* The suites' file system does not mind case. */
	for (const struct json *t = all && !found ? all->first : NULL; t && !found; t = t->next)
		if (slice_starts_nocase(t->name, name) &&
		    (t->name.len == name.len ||
		     slice_eq(slice_sub(t->name, name.len, t->name.len), SLICE(".liquid"))))
			found = t;
	if (!found || found->kind != JSON_STRING)
		return err_set(e, ERR_INPUT, "Could not find asset %.*s", SLICE_ARG(name));
	source->text = found->string;
	return 1;
}

/* ---- one request ---- */

static enum liquid_escape escape_of(struct slice name)
{
	static const struct {
		const char *name;
		enum liquid_escape escape;
	} kinds[] = {
		{"html", LIQUID_ESCAPE_HTML},	      {"xml", LIQUID_ESCAPE_XML},
		{"markdown", LIQUID_ESCAPE_MARKDOWN}, {"header", LIQUID_ESCAPE_HEADER},
		{"text", LIQUID_ESCAPE_TEXT},
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (slice_eq(name, slice_str(kinds[i].name)))
			return kinds[i].escape;
	return LIQUID_ESCAPE_NONE;
}

static uint64_t number_of(const struct json *object, const char *name)
{
	const struct json *n = json_get(object, slice_str(name));
	return n && n->kind == JSON_INTEGER && n->integer > 0 ? (uint64_t)n->integer : 0;
}

static void read_options(const struct request *r, struct liquid_options *options)
{
	const struct json *limits = json_get(r->json, SLICE("limits"));
	const struct json *inlined = json_get(r->json, SLICE("inline"));
	const struct json *now = json_get(r->json, SLICE("now"));
	struct slice zone = json_get_string(r->json, "zone");
	struct err ignored;
	*options = (struct liquid_options){
		.escape = escape_of(json_get_string(r->json, "escape")),
		.undefined_error = slice_eq(json_get_string(r->json, "undefined"), SLICE("error")),
		.inline_errors = inlined && inlined->kind == JSON_BOOL && inlined->boolean,
		.globals = value_of(r->arena, json_get(r->json, SLICE("data"))),
		.now = now && now->kind == JSON_INTEGER ? now->integer : EVAL_NOW,
		.language = SLICE("en"),
	};
	options->limits.fuel = number_of(limits, "fuel");
	options->limits.output = number_of(limits, "output");
	options->limits.memory = number_of(limits, "memory");
	options->limits.depth = (unsigned)number_of(limits, "depth");
	options->limits.partials = (unsigned)number_of(limits, "partials");
	if (zone.len)
		zone_find(zone, &options->zone, &ignored);
}

/* The names the public suites expect beside the message. */
static const char *class_of(const struct liquid_error *e)
{
	if (e->phase == LIQUID_PARSE)
		return "Liquid::SyntaxError";
	return e->limit ? "Liquid::MemoryError" : "Liquid::Error";
}

static void answer_error(struct arena *a, struct json *answer, const struct liquid_error *e)
{
	struct json *error = json_new(a, JSON_OBJECT);
	/* In the reference's form, so that a case that expects it finds it. */
	const char *kind = e->phase == LIQUID_PARSE ? "Liquid syntax error" : "Liquid error";
	const char *message =
		e->template[0] ? arena_printf(a, "%s (%s line %u): %s", kind, e->template, e->line,
					      e->message)
			       : arena_printf(a, "%s (line %u): %s", kind, e->line, e->message);
	json_set(a, error, "message", json_new_string(a, slice_str(message)));
	json_set(a, error, "template", json_new_string(a, slice_str(e->template)));
	json_set(a, error, "line", json_new_integer(a, e->line));
	json_set(a, error, "column", json_new_integer(a, e->column));
	json_set(a, error, "phase",
		 json_new_string(a, e->phase == LIQUID_PARSE ? SLICE("parse") : SLICE("render")));
	if (e->chain[0])
		json_set(a, error, "chain", json_new_string(a, slice_str(e->chain)));
	json_set(a, answer, "error", error);
	json_set(a, answer, "class", json_new_string(a, slice_str(class_of(e))));
}

static void evaluate(struct liquid_env *env, struct request *r, struct json *answer)
{
	struct liquid_options options;
	struct liquid_template *t;
	struct liquid_error error = {.phase = LIQUID_PARSE};
	struct buf out;
	read_options(r, &options);
	liquid_env_loader(env, load, r);
	if (liquid_parse(env, json_get_string(r->json, "template_name"),
			 json_get_string(r->json, "template"), r->arena, &t, &error) < 0) {
		answer_error(r->arena, answer, &error);
		return;
	}
	buf_init(&out, EVAL_OUTPUT_MAX);
	if (liquid_render(env, t, &options, &out, &error) < 0)
		answer_error(r->arena, answer, &error);
	else
		json_set(r->arena, answer, "output", json_new_string(r->arena, buf_slice(&out)));
	buf_release(&out);
}

static size_t digits_at(struct slice s, size_t at)
{
	size_t n = at < s.len && s.ptr[at] == '-';
	while (at + n < s.len && s.ptr[at + n] >= '0' && s.ptr[at + n] <= '9')
		n++;
	return n;
}

/* Integers beyond 64 bits are JSON too: {"$integer":"18446744073709551616"}. */
static struct slice widen_integers(struct slice line, struct buf *wide)
{
	size_t kept = 0;
	bool text = false;
	for (size_t i = 0; i < line.len; i++) {
		text ^= line.ptr[i] == '"';
		if (text && line.ptr[i] == '\\')
			i++;
		size_t n = text ? 0 : digits_at(line, i);
		if (n < 19 || (i + n < line.len && strchr(".eE", line.ptr[i + n]))) {
			i += n ? n - 1 : 0;
			continue;
		}
		buf_put(wide, slice_sub(line, kept, i));
		buf_printf(wide, "{\"$integer\":\"%.*s\"}", (int)n, line.ptr + i);
		kept = i += n;
		i--;
	}
	if (kept)
		buf_put(wide, slice_sub(line, kept, line.len));
	return kept ? buf_slice(wide) : line;
}

static void answer_line(struct liquid_env *env, struct arena *a, struct slice line, struct buf *out)
{
	struct json *json, *answer = json_new(a, JSON_OBJECT);
	struct err e;
	struct buf wide;
	buf_init(&wide, EVAL_OUTPUT_MAX);
	if (json_parse(a, widen_integers(line, &wide), &json, &e) < 0 ||
	    json->kind != JSON_OBJECT) {
		struct json *error = json_new(a, JSON_OBJECT);
		json_set(a, error, "message", json_new_string(a, SLICE("not a JSON object")));
		json_set(a, error, "phase", json_new_string(a, SLICE("request")));
		json_set(a, answer, "error", error);
	} else {
		struct request request = {json, a};
		const struct json *id = json_get(json, SLICE("id"));
		if (id && id->kind == JSON_INTEGER)
			json_set(a, answer, "id", json_new_integer(a, id->integer));
		evaluate(env, &request, answer);
	}
	json_put(out, answer);
	buf_release(&wide);
}

int template_eval_jsonl(FILE *in, FILE *out)
{
	struct liquid_env *env = liquid_env_open();
	struct arena *a = arena_open();
	char *line = NULL;
	size_t room = 0;
	bool ok = true;
	struct buf text;
	liquid_env_lenient_filters(env, true);
	buf_init(&text, 4 * (size_t)EVAL_OUTPUT_MAX);
	for (ssize_t n; ok && (n = getline(&line, &room, in)) >= 0;) {
		struct slice request = slice_trim(slice_of(line, (size_t)n));
		if (!request.len)
			continue;
		answer_line(env, a, request, &text);
		buf_putc(&text, '\n');
		ok = fwrite(text.ptr, 1, text.len, out) == text.len && fflush(out) == 0;
		buf_clear(&text);
		arena_clear(a);
	}
	buf_release(&text);
	free(line);
	arena_close(&a);
	liquid_env_close(&env);
	return ok ? 0 : EX_IOERR;
}
