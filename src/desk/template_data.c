/* SPDX-License-Identifier: ISC */
#include "markdown.h"
#include "template_set.h"

#define PROSE_MAX (1u << 20)
#define TEXT_MAX (16u << 10)

/* ---- variables, as an object of the engine ---- */

/* A text with lines, which reads differently in each kind of part. */
struct prose {
	struct slice text;
	enum liquid_escape escape; /* of what was made last */
	struct slice made;	   /* null: nothing yet */
};

struct variable {
	struct slice name;
	struct liquid_value value;
	struct prose *prose; /* instead of value, if any */
};

static struct variable *find(const struct template_data *data, struct slice name)
{
	for (size_t i = 0; i < data->count; i++)
		if (slice_eq(data->variables[i].name, name))
			return &data->variables[i];
	return NULL;
}

/* Made when it is asked for: most parts of a mail show no prose. */
static struct liquid_value value_of(const struct template_data *data,
				    const struct variable *variable)
{
	struct prose *prose = variable->prose;
	if (!prose)
		return variable->value;
	if (!prose->made.ptr || prose->escape != data->escape) {
		prose->made = template_prose(data->a, prose->text, data->escape);
		prose->escape = data->escape;
	}
	return liquid_safe(prose->made);
}

static bool data_get(const struct liquid_value *self, struct slice name, struct liquid_hint *hint,
		     struct arena *a, struct liquid_value *out)
{
	(void)a;
	const struct template_data *data = self->object.ptr;
	if (hint->type != data) {
		const struct variable *found = find(data, name);
		if (!found)
			return false;
		hint->type = data;
		hint->slot = (uintptr_t)(found - data->variables);
	}
	*out = value_of(data, &data->variables[hint->slot]);
	return true;
}

static size_t data_count(const struct liquid_value *self)
{
	return ((const struct template_data *)self->object.ptr)->count;
}

static bool data_at(const struct liquid_value *self, size_t i, struct arena *a, struct slice *key,
		    struct liquid_value *out)
{
	(void)a;
	const struct template_data *data = self->object.ptr;
	if (i >= data->count)
		return false;
	*key = data->variables[i].name;
	*out = value_of(data, &data->variables[i]);
	return true;
}

struct liquid_value template_data_globals(const struct template_data *data)
{
	static const struct liquid_class class = {
		.name = "variables", .get = data_get, .count = data_count, .at = data_at};
	return liquid_object(&class, data, 0);
}

bool template_data_has(const struct template_data *data, struct slice name)
{
	return find(data, name) != NULL;
}

/* ---- filling it ---- */

struct template_data *template_data_new(struct arena *a, const Rec__Shop *shop)
{
	struct template_data *data = ARENA_NEW(a, struct template_data);
	data->a = a;
	data->now = clock_now();
	if (shop)
		template_data_shop(data, shop);
	return data;
}

void template_data_shop(struct template_data *data, const Rec__Shop *shop)
{
	template_data_message(data, "shop", &shop->base);
	data->zone = NULL;
	/* A zone that is not installed is UTC: a wrong hour is better than no mail. */
	if (shop->time_zone && *shop->time_zone &&
	    zone_find(slice_str(shop->time_zone), &data->zone, NULL) < 0)
		data->zone = NULL;
}

void template_data_now(struct template_data *data, int64_t now)
{
	data->now = now;
}

int64_t template_data_time(const struct template_data *data)
{
	return data->now;
}

static struct variable *set(struct template_data *data, const char *name, struct liquid_value value)
{
	struct variable *variable = find(data, slice_str(name));
	if (!variable) {
		arena_grow(data->a, &data->variables, data->count, &data->room, sizeof(*variable));
		variable = &data->variables[data->count++];
	}
	*variable = (struct variable){.name = slice_str(name), .value = value};
	return variable;
}

void template_data_set(struct template_data *data, const char *name, struct liquid_value value)
{
	set(data, name, value);
}

void template_data_message(struct template_data *data, const char *name,
			   const ProtobufCMessage *message)
{
	template_data_set(data, name, binding_message(message));
}

void template_data_messages(struct template_data *data, const char *name,
			    const ProtobufCMessage *const *messages, size_t n)
{
	struct liquid_value list = liquid_list_new(data->a);
	for (size_t i = 0; i < n; i++)
		liquid_list_add(data->a, list, binding_message(messages[i]));
	template_data_set(data, name, list);
}

void template_data_text(struct template_data *data, const char *name, struct slice text)
{
	struct buf line;
	buf_init(&line, TEXT_MAX);
	text_put_line(&line, text, TEXT_MAX);
	struct slice copy = arena_copy(data->a, buf_slice(&line));
	buf_release(&line);
	template_data_set(data, name, copy.len ? liquid_string(copy) : liquid_nil());
}

void template_data_integer(struct template_data *data, const char *name, int64_t n)
{
	template_data_set(data, name, liquid_int(n));
}

void template_data_truth(struct template_data *data, const char *name, bool b)
{
	template_data_set(data, name, liquid_bool(b));
}

void template_data_prose(struct template_data *data, const char *name, struct slice text)
{
	struct variable *variable = set(data, name, liquid_nil());
	if (!slice_trim(text).len)
		return;
	variable->prose = ARENA_NEW(data->a, struct prose);
	variable->prose->text = text;
}

/* Blanks, and the full-width mark that the command language takes too. */
static bool looks_like_command(struct slice line)
{
	line = slice_trim(line);
	return slice_starts(line, SLICE("#")) || slice_starts(line, SLICE("\uff03"));
}

void template_data_foreign(struct template_data *data, const char *name, struct slice text)
{
	struct buf quoted;
	struct slice rest = slice_sub(text, 0, PROSE_MAX), line;
	buf_init(&quoted, 4 * PROSE_MAX);
	while (slice_line(&rest, &line)) {
		buf_puts(&quoted, looks_like_command(line) ? "> " : "");
		buf_put(&quoted, line);
		buf_putc(&quoted, '\n');
	}
	template_data_prose(data, name, arena_copy(data->a, buf_slice(&quoted)));
	buf_release(&quoted);
}

static struct slice prose_html(struct arena *a, struct slice text)
{
	struct buf markdown, html;
	buf_init(&markdown, 2 * PROSE_MAX);
	buf_init(&html, 8 * PROSE_MAX);
	markdown_put_prose(&markdown, text);
	markdown_html(markdown_parse(a, buf_slice(&markdown)), NULL, NULL, &html);
	struct slice result = arena_copy(a, buf_slice(&html));
	buf_release(&html);
	buf_release(&markdown);
	return result;
}

struct slice template_prose(struct arena *a, struct slice text, enum liquid_escape escape)
{
	struct buf out;
	struct slice result;
	text = slice_sub(text, 0, PROSE_MAX);
	if (escape == LIQUID_ESCAPE_HTML || escape == LIQUID_ESCAPE_XML)
		return prose_html(a, text);
	buf_init(&out, 3 * PROSE_MAX);
	if (escape == LIQUID_ESCAPE_MARKDOWN)
		markdown_put_prose(&out, text);
	else if (escape == LIQUID_ESCAPE_HEADER)
		text_put_line(&out, text, TEMPLATE_SUBJECT_MAX);
	else
		text_put_utf8(&out, slice_trim(text));
	result = arena_copy(a, buf_slice(&out));
	buf_release(&out);
	return result;
}
