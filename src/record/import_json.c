/* SPDX-License-Identifier: ISC */
#include "import_json.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

struct elements {
	const struct json_format *format;
	struct import_options options;
	struct buf text; /* of the element at hand */
	struct arena *arena;
	uint64_t line, begin; /* of the file; where the element began */
	int64_t depth;	      /* of brackets */
	bool array;	      /* the file is an array: its elements stand one deeper */
	bool began, in_string, escaped;
	bool too_large;
};

/* ---- members ---- */

struct slice member_text(struct draft *d, const struct json *object, const char *name)
{
	const struct json *value = json_get(object, slice_str(name));
	if (!value)
		return SLICE("");
	if (value->kind == JSON_STRING)
		return value->string;
	if (value->kind == JSON_INTEGER)
		return slice_str(arena_printf(d->arena, "%lld", (long long)value->integer));
	/* As printed, in the shortest form: 0.1 is "0.1". */
	if (value->kind == JSON_REAL) {
		struct buf out;
		buf_init(&out, 64);
		json_put(&out, value);
		struct slice text = arena_copy(d->arena, buf_slice(&out));
		buf_release(&out);
		return text;
	}
	return SLICE("");
}

const struct json *member_of(const struct json *object, const char *name)
{
	const struct json *value = json_get(object, slice_str(name));
	return value && (value->kind == JSON_ARRAY || value->kind == JSON_OBJECT) ? value : NULL;
}

int member_amount(struct draft *d, const struct json *object, const char *name,
		  struct slice currency, int64_t *amount, struct err *e)
{
	int got = import_amount(member_text(d, object, name), currency, true, amount, e);
	return got < 0 ? err_prefix(e, "%s", name) : got;
}

char *member_name(struct draft *d, const struct json *object)
{
	return draft_join(d->arena, member_text(d, object, "first_name"),
			  member_text(d, object, "last_name"));
}

Rec__Address *member_address(struct draft *d, const struct json *object,
			     const struct member_address *names)
{
	struct arena *a = d->arena;
	Rec__Address *address = draft_address(a);
	if (names->name)
		address->name = draft_text(a, member_text(d, object, names->name));
	if (!address->name[0])
		address->name = member_name(d, object);
	address->company = draft_text(a, member_text(d, object, "company"));
	draft_address_line(a, address, member_text(d, object, names->line_1));
	draft_address_line(a, address, member_text(d, object, names->line_2));
	address->postcode = draft_text(a, member_text(d, object, names->postcode));
	address->city = draft_text(a, member_text(d, object, "city"));
	address->region = draft_text(a, member_text(d, object, names->region));
	draft_country(d, address, member_text(d, object, names->country));
	address->phone = draft_text(a, member_text(d, object, "phone"));
	return address;
}

bool member_true(const struct json *object, const char *name)
{
	const struct json *value = json_get(object, slice_str(name));
	return value && value->kind == JSON_BOOL && value->boolean;
}

/* ---- one element ---- */

static int tell(struct elements *s, const struct import_item *item, struct err *e)
{
	return s->options.emit(s->options.ctx, item, e);
}

static int read_element(struct elements *s, const struct json *element, struct err *e)
{
	struct draft d;
	struct err failed = {ERR_NONE, ""};
	struct import_item item = {.line = s->begin};
	const char *channel = s->options.channel.len ? arena_str(s->arena, s->options.channel)
						     : s->format->channel;
	draft_init(&d, s->arena, s->begin, channel);
	int got = element->kind == JSON_OBJECT
			  ? s->format->read(element, &d, &failed)
			  : err_set(&failed, ERR_INPUT, "an order must be an object { … }");
	if (got == 0)
		return 1;
	if (got < 0)
		item.error = slice_str(failed.text);
	else
		item.object = draft_json(&d);
	return tell(s, &item, e);
}

/* {"orders":[…]}, {"order":{…}}, {"create":[…],"update":[…]}; or the element itself. */
static int read_lists(struct elements *s, const struct json *object, struct err *e)
{
	bool found = false;
	/* An order has a customer and refunds of its own; a wrapper is no thing, and has no id. */
	if (json_get(object, SLICE("id")))
		return read_element(s, object, e);
	for (size_t i = 0; s->format->lists[i]; i++) {
		const struct json *list = member_of(object, s->format->lists[i]);
		if (!list)
			continue;
		found = true;
		if (list->kind == JSON_OBJECT && read_element(s, list, e) < 0)
			return -1;
		for (const struct json *one = list->kind == JSON_ARRAY ? list->first : NULL; one;
		     one = one->next)
			if (read_element(s, one, e) < 0)
				return -1;
	}
	return found ? 1 : read_element(s, object, e);
}

static int end_element(struct elements *s, struct err *e)
{
	struct json *element;
	struct err failed;
	struct import_item item = {.line = s->begin};
	int got;
	if (s->too_large) {
		item.error = SLICE("the order is too large");
		got = tell(s, &item, e);
	} else if (json_parse(s->arena, buf_slice(&s->text), &element, &failed) < 0) {
		item.error = slice_str(failed.text);
		got = tell(s, &item, e);
	} else {
		got = s->array ? read_element(s, element, e) : read_lists(s, element, e);
	}
	arena_clear(s->arena);
	buf_clear(&s->text);
	s->too_large = false;
	return got;
}

/* ---- where elements begin and end ---- */

static void keep(struct elements *s, char c)
{
	buf_putc(&s->text, c);
	s->too_large |= buf_failed(&s->text);
}

static bool in_element(const struct elements *s)
{
	return s->depth > (s->array ? 1 : 0);
}

static int open_bracket(struct elements *s, char c)
{
	if (!s->began) {
		s->began = true;
		s->array = c == '[';
		s->depth = s->array ? 1 : 0;
		if (s->array)
			return 1;
	}
	if (!in_element(s))
		s->begin = s->line;
	s->depth++;
	keep(s, c);
	return 1;
}

static int close_bracket(struct elements *s, char c, struct err *e)
{
	if (!in_element(s)) {
		s->depth = s->depth > 0 ? s->depth - 1 : 0;
		return 1;
	}
	s->depth--;
	keep(s, c);
	return in_element(s) ? 1 : end_element(s, e);
}

static int take(struct elements *s, char c, struct err *e)
{
	if (s->in_string) {
		keep(s, c);
		if (!s->escaped && c == '"')
			s->in_string = false;
		s->escaped = !s->escaped && c == '\\';
		return 1;
	}
	if (c == '{' || c == '[')
		return open_bracket(s, c);
	if (c == '}' || c == ']')
		return close_bracket(s, c, e);
	if (!in_element(s)) {
		/* Between elements stands nothing but commas. */
		if (strchr(", \t\r\n", c) && c)
			return 1;
		return err_set(e, ERR_INPUT, "line %llu: this is no JSON of orders",
			       (unsigned long long)s->line);
	}
	s->in_string = c == '"';
	keep(s, c);
	return 1;
}

struct elements *elements_open(const struct json_format *format,
			       const struct import_options *options)
{
	struct elements *s = mem_new(1, sizeof(*s));
	*s = (struct elements){
		.format = format, .options = *options, .arena = arena_open(), .line = 1};
	buf_init(&s->text, IMPORT_OBJECT_MAX);
	return s;
}

void elements_close(struct elements **elements)
{
	if (!*elements)
		return;
	buf_release(&(*elements)->text);
	arena_close(&(*elements)->arena);
	free(*elements);
	*elements = NULL;
}

int elements_feed(struct elements *s, struct slice bytes, struct err *e)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if (take(s, bytes.ptr[i], e) < 0)
			return -1;
		s->line += bytes.ptr[i] == '\n';
	}
	return 1;
}

int elements_end(struct elements *s, struct err *e)
{
	if (!s->began || !in_element(s))
		return 1;
	return err_set(e, ERR_INPUT, "the file ends inside of what begins in line %llu",
		       (unsigned long long)s->begin);
}
