/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdio.h>

#include "template_set.h"

/* The variables of templates, with what they are and an example of each. */

#define EXAMPLE_MAX 36 /* code points */
#define EXPRESSION_MAX 4096

struct listing {
	const struct template_set *set;
	struct template_data *sample;
	struct arena *a;
	struct buf *out;
	bool json;
};

/* ---- examples ---- */

struct slice template_evaluate(const struct template_set *set, struct template_data *data,
			       const char *expression, struct arena *a)
{
	assert(set->views_count > 0 && data && expression);
	const struct template_view *view = &set->views[0];
	struct template_render render = {view, data, LIQUID_ESCAPE_HEADER};
	struct liquid_options options = {.escape = LIQUID_ESCAPE_NONE,
					 .globals = template_data_globals(data),
					 .now = data->now,
					 .zone = data->zone,
					 .language = view->language,
					 .user = &render};
	struct slice source = slice_str(arena_printf(a, "{{ %s }}", expression)), value = {0};
	struct liquid_template *parsed;
	struct buf text, line;
	data->escape = LIQUID_ESCAPE_HEADER;
	buf_init(&text, TEMPLATE_PART_MAX);
	buf_init(&line, TEMPLATE_PART_MAX);
	if (liquid_parse(view->env, SLICE("expression"), source, a, &parsed, NULL) > 0 &&
	    liquid_render(view->env, parsed, &options, &text, NULL) > 0) {
		text_put_line(&line, buf_slice(&text), TEMPLATE_SUBJECT_MAX);
		value = arena_copy(a, buf_slice(&line));
	}
	buf_release(&line);
	buf_release(&text);
	return value;
}

/* Cut to what a table has room for. */
static struct slice shortened(struct arena *a, struct slice text)
{
	struct slice rest = text;
	uint32_t code_point;
	for (size_t n = 0; n < EXAMPLE_MAX; n++)
		if (!text_next(&rest, &code_point))
			return text;
	return rest.len ? slice_str(arena_printf(a, "%.*s…", (int)(rest.ptr - text.ptr), text.ptr))
			: text;
}

/* ---- kinds ---- */

/* What a value is to a template: the word for it, and how an example is printed. */
struct kind {
	const char *word, *filter;
};

static const struct kind kind_id = {"id", ""}, kind_text = {"text", ""}, kind_word = {"word", ""},
			 kind_truth = {"true or false", ""}, kind_number = {"number", ""},
			 kind_bytes = {"bytes", ""}, kind_object = {"object", ""},
			 kind_time = {"time", " | date: \"%Y-%m-%d %H:%M\""},
			 kind_amount = {"amount", " | money"};

static struct kind kind_of_field(const ProtobufCMessageDescriptor *type,
				 const ProtobufCFieldDescriptor *field)
{
	if (schema_id_letter(type, field))
		return kind_id;
	if (schema_is_time(field))
		return kind_time;
	if (schema_is_amount(field))
		return kind_amount;
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
		return kind_text;
	case PROTOBUF_C_TYPE_BOOL:
		return kind_truth;
	case PROTOBUF_C_TYPE_ENUM:
		return kind_word;
	case PROTOBUF_C_TYPE_BYTES:
		return kind_bytes;
	case PROTOBUF_C_TYPE_MESSAGE:
		return (struct kind){
			((const ProtobufCMessageDescriptor *)field->descriptor)->short_name, ""};
	default:
		return kind_number;
	}
}

static struct kind kind_of_derived(enum binding_result result)
{
	static const struct kind *const kinds[] = {
		[BINDING_TEXT] = &kind_text,	 [BINDING_NUMBER] = &kind_number,
		[BINDING_TRUTH] = &kind_truth,	 [BINDING_OBJECT] = &kind_object,
		[BINDING_AMOUNT] = &kind_amount, [BINDING_TIME] = &kind_time,
	};
	assert(result < sizeof(kinds) / sizeof(kinds[0]) && kinds[result]);
	return *kinds[result];
}

/* ---- rows ---- */

struct row {
	const char *name, *help;
	struct kind kind;
	bool list, message;
	const char *path; /* to its value in the sample */
};

/* Lists and objects show how many they hold, or what they print as. */
static struct slice example_of(const struct listing *l, const struct row *row)
{
	const char *expression = arena_printf(l->a, "%s%s", row->path, row->kind.filter);
	if (row->list && row->message)
		expression = arena_printf(l->a, "%s.size", row->path);
	else if (row->list)
		expression = arena_printf(l->a, "%s | join: \", \"", row->path);
	struct slice value = template_evaluate(l->set, l->sample, expression, l->a);
	if (row->list && row->message && value.len)
		value = slice_str(arena_printf(l->a, "%.*s in it", SLICE_ARG(value)));
	return shortened(l->a, value);
}

static void put_padded(struct buf *out, struct slice text, size_t width)
{
	size_t have = text_width(text);
	buf_put(out, text);
	buf_printf(out, "%*s", (int)(have < width ? width - have : 0) + 1, "");
}

static void put_json_row(const struct listing *l, const struct row *row, struct slice example)
{
	struct json *object = json_new(l->a, JSON_OBJECT);
	json_set(l->a, object, "name", json_new_string(l->a, slice_str(row->name)));
	json_set(l->a, object, "is", json_new_string(l->a, slice_str(row->kind.word)));
	json_set(l->a, object, "list", json_new_boolean(l->a, row->list));
	json_set(l->a, object, "example", json_new_string(l->a, example));
	json_set(l->a, object, "help", json_new_string(l->a, slice_str(row->help)));
	json_put(l->out, object);
	buf_putc(l->out, '\n');
}

static void put_row(const struct listing *l, const struct row *row)
{
	struct slice example = example_of(l, row);
	char what[64];
	if (l->json) {
		put_json_row(l, row, example);
		return;
	}
	snprintf(what, sizeof(what), "%s%s", row->list ? "list of " : "", row->kind.word);
	put_padded(l->out, slice_str(row->name), 20);
	put_padded(l->out, slice_str(what), 18);
	put_padded(l->out, example, 37);
	buf_puts(l->out, row->help);
	while (l->out->len && l->out->ptr[l->out->len - 1] == ' ')
		l->out->len--;
	buf_putc(l->out, '\n');
}

static void put_roots(const struct listing *l)
{
	const struct template_root *root;
	for (size_t i = 0; (root = template_root_at(i)); i++)
		put_row(l, &(struct row){
				   .name = root->name,
				   .help = root->help,
				   .kind = {root->type ? root->type->short_name : "", ""},
				   .list = root->list,
				   .message = root->type != NULL,
				   .path = root->name,
			   });
}

static void put_fields(const struct listing *l, const ProtobufCMessageDescriptor *type,
		       const char *path)
{
	const struct binding_derived *derived;
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &type->fields[i];
		put_row(l, &(struct row){
				   .name = field->name,
				   .help = "",
				   .kind = kind_of_field(type, field),
				   .list = field->label == PROTOBUF_C_LABEL_REPEATED,
				   .message = field->type == PROTOBUF_C_TYPE_MESSAGE,
				   .path = arena_printf(l->a, "%s.%s", path, field->name),
			   });
	}
	for (size_t i = 0; (derived = binding_derived_at(i)); i++)
		if (derived->type == type)
			put_row(l, &(struct row){
					   .name = derived->name,
					   .help = derived->help,
					   .kind = kind_of_derived(derived->result),
					   .path = arena_printf(l->a, "%s.%s", path, derived->name),
				   });
}

/* ---- paths ---- */

static const struct template_root *find_root(struct slice name)
{
	const struct template_root *root;
	for (size_t i = 0; (root = template_root_at(i)); i++)
		if (slice_eq(name, slice_str(root->name)))
			return root;
	return NULL;
}

/* "orders[].lines[]" as "orders.lines". */
static struct slice without_items(struct arena *a, struct slice path)
{
	char *text = arena_str(a, path);
	size_t n = 0;
	bool inside = false;
	for (size_t i = 0; i < path.len; i++) {
		inside |= path.ptr[i] == '[';
		if (!inside)
			text[n++] = path.ptr[i];
		inside &= path.ptr[i] != ']';
	}
	return slice_of(text, n);
}

/* The type that a path leads to, and the path to its first one in the sample. */
static const ProtobufCMessageDescriptor *walk(struct arena *a, struct slice path,
					      const char **example)
{
	struct slice name;
	slice_cut(&path, '.', &name);
	const struct template_root *root = find_root(name);
	const ProtobufCMessageDescriptor *type = root ? root->type : NULL;
	*example = root ? arena_printf(a, "%s%s", root->name, root->list ? "[0]" : "") : "";
	while (type && slice_cut(&path, '.', &name)) {
		const ProtobufCFieldDescriptor *field = schema_field(type, name);
		if (!field || field->type != PROTOBUF_C_TYPE_MESSAGE)
			return NULL;
		type = field->descriptor;
		*example = arena_printf(a, "%s.%s%s", *example, field->name,
					field->label == PROTOBUF_C_LABEL_REPEATED ? "[0]" : "");
	}
	return type;
}

/* "orders[].number" as that of the first one. */
static const char *first_of(struct arena *a, struct slice path)
{
	struct buf text;
	struct slice rest = path, piece;
	buf_init(&text, EXPRESSION_MAX);
	for (size_t n = 0; slice_cut(&rest, '[', &piece); n++) {
		buf_puts(&text, n ? (slice_starts(piece, SLICE("]")) ? "[0" : "[") : "");
		buf_put(&text, piece);
	}
	const char *copy = arena_str(a, buf_slice(&text));
	buf_release(&text);
	return copy;
}

static struct row row_of_path(struct arena *a, struct slice path)
{
	struct row row = {.path = first_of(a, path), .kind = kind_text};
	ptrdiff_t dot = -1;
	for (size_t i = 0; i < path.len; i++)
		if (path.ptr[i] == '.')
			dot = (ptrdiff_t)i;
	if (dot < 0)
		return row;
	const char *owner;
	struct slice name = slice_sub(path, (size_t)dot + 1, path.len);
	const ProtobufCMessageDescriptor *type =
		walk(a, without_items(a, slice_sub(path, 0, (size_t)dot)), &owner);
	const ProtobufCFieldDescriptor *field = type ? schema_field(type, name) : NULL;
	const struct binding_derived *derived = type ? binding_derived_find(type, name) : NULL;
	if (field) {
		row.kind = kind_of_field(type, field);
		row.list = field->label == PROTOBUF_C_LABEL_REPEATED;
		row.message = field->type == PROTOBUF_C_TYPE_MESSAGE;
	} else if (derived) {
		row.kind = kind_of_derived(derived->result);
	}
	return row;
}

struct slice template_example(const struct template_set *set, struct template_data *data,
			      struct slice path, struct arena *a)
{
	struct listing l = {.set = set, .sample = data, .a = a};
	struct row row = row_of_path(a, path);
	return example_of(&l, &row);
}

int template_variables(const struct template_set *set, struct slice path, bool json,
		       struct arena *a, struct buf *out, struct err *e)
{
	struct listing l = {.set = set, .a = a, .out = out, .json = json};
	const char *example;
	if (template_samples(set, a, &l.sample, e) < 0)
		return -1;
	if (!path.len) {
		put_roots(&l);
		return 1;
	}
	const ProtobufCMessageDescriptor *type = walk(a, path, &example);
	if (!type)
		return 0;
	put_fields(&l, type, example);
	return 1;
}
