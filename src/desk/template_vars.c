/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "template_check.h"

/* ---- what there is ---- */

/* Variables that the desk gives to mails and to what agents see. */
static const struct template_root roots[] = {
	{"shop", &rec__shop__descriptor, false, "the shop that writes"},
	{"customer", &rec__customer__descriptor, false, "who the mail is about, if known"},
	{"order", &rec__order__descriptor, false, "the order that the mail is about"},
	{"orders", &rec__order__descriptor, true, "orders of the thread or customer"},
	{"thread", &rec__thread__descriptor, false, "the thread it belongs to"},
	{"message", &rec__message__descriptor, false, "the mail that came in"},
	{"agent", &rec__agent__descriptor, false, "who wrote or receives it"},
	{"item", &rec__item__descriptor, false, "an item of the shop"},
	{"invoice", &rec__invoice__descriptor, false, "the invoice that the mail is about"},
	{"open_amount", NULL, false, "what of an invoice is still to be paid, for money"},
	{"credit", &rec__credit_note__descriptor, false, "the credit note it is about"},
	{"return", &rec__return__descriptor, false, "the return it is about"},
	{"payment", &rec__payment__descriptor, false, "the payment it is about"},
	{"refund", &rec__refund__descriptor, false, "the refund it is about"},
	{"statement", &rec__statement__descriptor, false, "the customer's account"},
	{"text", NULL, false, "what the agent or customer wrote, with its lines"},
	{"quoted", NULL, false, "the rest of a customer's mail: quotes, signature"},
	{"reason", NULL, false, "the reason given with a command"},
	{"links", NULL, false, "commands that are possible now: command, help"},
	{"public_address", NULL, false, "where a reply to the customer goes"},
	{"note_address", NULL, false, "where an internal note goes"},
	{"suggested", NULL, false, "ids in the text that are not this customer's"},
	{"attachments", NULL, false, "how many files came with a mail"},
	{"truncated", NULL, false, "only the beginning of the mail is here"},
	{"transcript", NULL, false, "each command, then OK or ERR"},
	{"result", NULL, false, "done, refused, preview or confirm"},
	{"code", NULL, false, "what #confirm wants, in a preview that waits for it"},
	{"errors", NULL, false, "how many commands were wrong"},
	{"subject", NULL, false, "subject of the mail it answers"},
	{"content", NULL, false, "in a layout: the mail itself"},
	{"title", NULL, false, "in a layout: the subject"},
	{"preview", NULL, false, "in a layout: the first words"},
	{"language", NULL, false, "the language of the mail: de"},
};
#define ROOTS (sizeof(roots) / sizeof(roots[0]))

const struct template_root *template_root_at(size_t i)
{
	return i < ROOTS ? &roots[i] : NULL;
}

static const struct template_root *find_root(struct slice name)
{
	for (size_t i = 0; i < ROOTS; i++)
		if (slice_eq(name, slice_str(roots[i].name)))
			return &roots[i];
	return NULL;
}

/* ---- what a path is ---- */

enum thing_kind {
	THING_ANY, /* cannot be known before it is there */
	THING_PLAIN,
	THING_MESSAGE,
};

/* A value as the schema sees it. */
struct thing {
	enum thing_kind kind;
	bool list;
	const ProtobufCMessageDescriptor *type; /* of a message, or of a list's items */
};

/* Names that the template made itself: what a loop runs over is known. */
struct local {
	struct slice name;
	struct thing thing;
};

struct walk {
	const struct template_check *check;
	const struct template_file *file;
	bool any_root; /* of a partial: what it is given is not known */
	struct local *locals;
	size_t count, room;
	struct arena *a;
};

static struct thing thing_of_field(const ProtobufCFieldDescriptor *field)
{
	struct thing thing = {.kind = THING_PLAIN};
	thing.list = field->label == PROTOBUF_C_LABEL_REPEATED;
	if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
		thing.kind = THING_MESSAGE;
		thing.type = field->descriptor;
	}
	return thing;
}

struct nearest {
	struct slice name;
	const char *best;
	size_t distance;
};

static void consider(struct nearest *nearest, const char *name)
{
	size_t distance = text_distance(nearest->name, slice_str(name));
	if (distance < nearest->distance) {
		nearest->distance = distance;
		nearest->best = name;
	}
}

static const char *nearest_field(const ProtobufCMessageDescriptor *type, struct slice name)
{
	struct nearest nearest = {.name = name, .distance = 4};
	for (unsigned i = 0; i < type->n_fields; i++)
		consider(&nearest, type->fields[i].name);
	for (size_t i = 0; binding_derived_at(i); i++)
		if (binding_derived_at(i)->type == type)
			consider(&nearest, binding_derived_at(i)->name);
	return nearest.best;
}

static const char *nearest_root(struct slice name)
{
	struct nearest nearest = {.name = name, .distance = 4};
	for (size_t i = 0; i < ROOTS; i++)
		consider(&nearest, roots[i].name);
	return nearest.best;
}

static void unknown(struct walk *w, const struct liquid_use *use, struct slice path,
		    struct slice of, const char *nearest)
{
	char message[240];
	snprintf(message, sizeof(message), "unknown variable \"%.*s\"%s%.*s%s%s%s",
		 SLICE_ARG(slice_sub(path, 0, 80)), of.len ? ": no such field of " : "",
		 SLICE_ARG(slice_sub(of, 0, 40)), nearest ? "; did you mean \"" : "",
		 nearest ? nearest : "", nearest ? "\"?" : "");
	template_check_tell(w->check, w->file,
			    &(struct template_problem){
				    .line = use->line, .column = use->column, .message = message});
}

/* The next segment of "order.lines[].sku": a name, or "[…]" for an item. */
static bool next_segment(struct slice *rest, struct slice *segment, bool *item)
{
	if (rest->len && rest->ptr[0] == '.')
		*rest = slice_sub(*rest, 1, rest->len);
	if (!rest->len)
		return false;
	*item = rest->ptr[0] == '[';
	size_t end = 0;
	if (*item) {
		ptrdiff_t close = slice_chr(*rest, ']');
		end = close < 0 ? rest->len : (size_t)close + 1;
	} else {
		while (end < rest->len && rest->ptr[end] != '.' && rest->ptr[end] != '[')
			end++;
	}
	*segment = slice_sub(*rest, 0, end);
	*rest = slice_sub(*rest, end, rest->len);
	return true;
}

/* Every array and text has these. */
static bool is_command(struct slice name)
{
	return slice_eq(name, SLICE("size")) || slice_eq(name, SLICE("first")) ||
	       slice_eq(name, SLICE("last"));
}

/* One step into a thing; false when there is no such place. */
static bool step(struct thing *thing, struct slice segment, bool item)
{
	if (thing->kind == THING_ANY)
		return true;
	if (thing->list) {
		if (!item && !is_command(segment))
			return false;
		thing->list = false;
		if (slice_eq(segment, SLICE("size")))
			*thing = (struct thing){.kind = THING_PLAIN};
		return true;
	}
	if (item) /* a name that is only known when it is rendered */
		return thing->kind == THING_MESSAGE ? (*thing = (struct thing){0}, true) : false;
	if (thing->kind == THING_PLAIN)
		return is_command(segment);
	const ProtobufCFieldDescriptor *field = schema_field(thing->type, segment);
	const struct binding_derived *derived = binding_derived_find(thing->type, segment);
	if (!field && !derived)
		return false;
	*thing = field ? thing_of_field(field) : (struct thing){.kind = THING_PLAIN};
	if (derived && derived->result == BINDING_OBJECT)
		*thing = (struct thing){.kind = THING_ANY};
	return true;
}

static bool find_local(const struct walk *w, struct slice name, struct thing *thing)
{
	for (size_t i = w->count; i-- > 0;) {
		if (!slice_eq(w->locals[i].name, name))
			continue;
		*thing = w->locals[i].thing;
		return true;
	}
	return false;
}

static bool is_needed(const struct walk *w, struct slice name)
{
	for (size_t i = 0; i < w->file->info.needs_count; i++)
		if (slice_eq(w->file->info.needs[i], name))
			return true;
	return false;
}

/* Where a path begins; false when nobody gives such a variable. */
static bool begin(const struct walk *w, struct slice name, bool local, struct thing *thing)
{
	const struct template_root *root = find_root(name);
	*thing = (struct thing){.kind = THING_ANY};
	if (find_local(w, name, thing) || local)
		return true;
	if (!root)
		return w->any_root || is_needed(w, name);
	if (root->type)
		*thing = (struct thing){THING_MESSAGE, root->list, root->type};
	return true;
}

/* What a path leads to; tells of the first segment that is not there. */
static struct thing resolve(struct walk *w, const struct liquid_use *use, struct slice path,
			    bool tell)
{
	bool local = tell && use->local;
	struct thing thing = {.kind = THING_ANY};
	struct slice rest = path, segment;
	bool item;
	if (!next_segment(&rest, &segment, &item) || item)
		return thing;
	if (!begin(w, segment, local, &thing)) {
		if (tell)
			unknown(w, use, segment, (struct slice){0}, nearest_root(segment));
		return (struct thing){.kind = THING_ANY};
	}
	while (next_segment(&rest, &segment, &item)) {
		const ProtobufCMessageDescriptor *type = thing.list ? NULL : thing.type;
		if (step(&thing, segment, item))
			continue;
		size_t end = (size_t)(segment.ptr + segment.len - path.ptr);
		if (tell)
			unknown(w, use, slice_sub(path, 0, end),
				slice_str(type ? type->short_name : NULL),
				type ? nearest_field(type, segment) : NULL);
		return (struct thing){.kind = THING_ANY};
	}
	return thing;
}

static void on_use(void *user, const struct liquid_use *use)
{
	struct walk *w = user;
	if (use->kind == LIQUID_USE_VARIABLE) {
		resolve(w, use, use->path, true);
	} else if (use->kind == LIQUID_USE_LOOP) {
		struct thing thing = resolve(w, use, use->of, false);
		thing = thing.list ? (struct thing){thing.kind, false, thing.type}
				   : (struct thing){.kind = THING_ANY};
		arena_grow(w->a, &w->locals, w->count, &w->room, sizeof(*w->locals));
		w->locals[w->count++] = (struct local){use->path, thing};
	}
}

void template_check_variables(const struct template_check *check, const struct template *template,
			      struct arena *a)
{
	struct walk w = {.check = check, .file = template->file, .a = a};
	w.any_root = slice_starts(template->file->name, SLICE("partial/"));
	for (int kind = 0; kind < PART_COUNT; kind++)
		if (template->parts[kind])
			liquid_uses(template->parts[kind], a, on_use, &w);
}
