/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdio.h>

#include "decimal.h"
#include "vm.h"

/* for and tablerow while they run. */

/* ---- forloop and tablerowloop ---- */

enum loop_field {
	FIELD_NAME,
	FIELD_LENGTH,
	FIELD_INDEX,
	FIELD_INDEX0,
	FIELD_RINDEX,
	FIELD_RINDEX0,
	FIELD_FIRST,
	FIELD_LAST,
	FIELD_PARENT,
	FIELD_COL,
	FIELD_COL0,
	FIELD_ROW,
	FIELD_COL_FIRST,
	FIELD_COL_LAST,
	FIELD_NONE,
};

static const struct slice field_names[] = {
	{"name", 4},	{"length", 6}, {"index", 5},	 {"index0", 6},	     {"rindex", 6},
	{"rindex0", 7}, {"first", 5},  {"last", 4},	 {"parentloop", 10}, {"col", 3},
	{"col0", 4},	{"row", 3},    {"col_first", 9}, {"col_last", 8},
};

/* Straight into the place that asks: a loop's own fields are read at each step. */
static void put_count(struct liquid_value *out, size_t n)
{
	out->kind = LIQUID_INT;
	out->integer = n > INT64_MAX ? INT64_MAX : (int64_t)n;
}

static void put_bool(struct liquid_value *out, bool b)
{
	out->kind = LIQUID_BOOL;
	out->boolean = b;
}

static void put_row_field(const struct loop_state *s, enum loop_field field,
			  struct liquid_value *out)
{
	size_t col = s->cols ? s->at % s->cols : s->at;
	switch (field) {
	case FIELD_COL:
		put_count(out, col + 1);
		break;
	case FIELD_COL0:
		put_count(out, col);
		break;
	case FIELD_ROW:
		put_count(out, s->cols ? s->at / s->cols + 1 : 1);
		break;
	case FIELD_COL_FIRST:
		put_bool(out, !col);
		break;
	default:
		put_bool(out, col + 1 == s->cols);
		break;
	}
}

static void put_field(const struct loop_state *s, enum loop_field field, struct liquid_value *out)
{
	switch (field) {
	case FIELD_NAME:
		*out = liquid_safe(s->name);
		break;
	case FIELD_LENGTH:
		put_count(out, s->length);
		break;
	case FIELD_INDEX:
		put_count(out, s->at + 1);
		break;
	case FIELD_INDEX0:
		put_count(out, s->at);
		break;
	case FIELD_RINDEX:
		put_count(out, 0);
		out->integer = (int64_t)s->length - (int64_t)s->at;
		break;
	case FIELD_RINDEX0:
		put_count(out, 0);
		out->integer = (int64_t)s->length - (int64_t)s->at - 1;
		break;
	case FIELD_FIRST:
		put_bool(out, !s->at);
		break;
	case FIELD_LAST:
		put_bool(out, s->at + 1 == s->length);
		break;
	case FIELD_PARENT:
		*out = s->parent ? loop_object(s->parent) : liquid_nil();
		break;
	default:
		put_row_field(s, field, out);
		break;
	}
}

static enum loop_field find_field(const struct loop_state *s, struct slice name)
{
	for (unsigned i = 0; i < FIELD_NONE; i++) {
		if (!slice_eq(field_names[i], name))
			continue;
		/*
		 * Each kind of loop has fields the other lacks; tablerowloop has no name and no
		 * parent.
		 */
		bool ours = s->table ? i != FIELD_NAME && i != FIELD_PARENT : i <= FIELD_PARENT;
		return ours ? (enum loop_field)i : FIELD_NONE;
	}
	return FIELD_NONE;
}

static bool loop_get(const struct liquid_value *self, struct slice name, struct liquid_hint *hint,
		     struct arena *a, struct liquid_value *out)
{
	const struct loop_state *s = self->object.ptr;
	(void)a;
	/* The name is looked up once; a step of the loop costs a comparison. */
	if (hint->type != self->object.class) {
		hint->type = self->object.class;
		hint->slot = find_field(s, name);
	}
	if (hint->slot == FIELD_NONE)
		return false;
	*out = (struct liquid_value){.kind = LIQUID_NIL};
	put_field(s, (enum loop_field)hint->slot, out);
	return true;
}

static const struct liquid_class forloop_class = {.name = "Liquid::ForloopDrop", .get = loop_get};
static const struct liquid_class row_class = {.name = "Liquid::TablerowloopDrop", .get = loop_get};

struct liquid_value loop_object(const struct loop_state *state)
{
	return liquid_object(state->table ? &row_class : &forloop_class, state, 0);
}

/* ---- items ---- */

/* Made anew at each step: pairs of a large hash are never all there at a time. */
struct liquid_value pair_at(struct liquid_context *ctx, struct liquid_value hash, size_t i)
{
	struct slice key = {0};
	struct liquid_value value = value_at(hash, i, ctx->arena, &key);
	struct liquid_value pair = liquid_list_new(ctx->arena);
	pair.list->items = ARENA_ARRAY(ctx->arena, 2, struct liquid_value);
	pair.list->count = pair.list->room = 2;
	pair.list->items[0] = liquid_string(key);
	pair.list->items[1] = value;
	return pair;
}

struct liquid_value loop_item(struct liquid_context *ctx, struct liquid_value items, size_t i)
{
	/* A text is a list of itself, not of its letters. */
	if (items.kind == LIQUID_STRING)
		return items;
	return value_is_hash(items) ? pair_at(ctx, items, i) : value_at(items, i, ctx->arena, NULL);
}

bool loop_iterable(struct liquid_value v)
{
	return value_is_array(v) || v.kind == LIQUID_RANGE || v.kind == LIQUID_HASH ||
	       (v.kind == LIQUID_OBJECT && v.object.class->at);
}

static size_t loop_count(struct liquid_value v)
{
	if (v.kind == LIQUID_STRING)
		return v.string.len > 0;
	return loop_iterable(v) ? value_count(v) : 0;
}

/* ---- attributes ---- */

struct bounds {
	int64_t offset, limit, cols;
	bool has_limit, has_cols;
};

/* for is strict about numbers; tablerow takes what it can of texts and decimals. */
static bool bound(struct liquid_context *ctx, const struct loop *loop, struct liquid_value v,
		  int64_t *n)
{
	*n = 0;
	if (!vm_defined(ctx, &v))
		return false;
	if (loop->table && v.kind != LIQUID_BOOL) {
		*n = value_lenient_integer(v);
		return true;
	}
	if (v.kind == LIQUID_DECIMAL || !liquid_integer(v, n)) {
		vm_fail(ctx, "invalid integer");
		return false;
	}
	return true;
}

static bool read_bounds(struct liquid_context *ctx, const struct loop *loop,
			const struct liquid_value *values, struct bounds *b)
{
	for (unsigned i = 0; i < loop->n_given; i++) {
		enum loop_attribute_kind kind = (enum loop_attribute_kind)loop->given[i];
		int64_t n;
		bool nothing = !loop->table && values[i].kind == LIQUID_NIL;
		if (kind == LOOP_RANGE)
			continue;
		if (nothing)
			n = 0;
		else if (!bound(ctx, loop, values[i], &n))
			return false;
		if (kind == LOOP_OFFSET)
			b->offset = n;
		else if (kind == LOOP_LIMIT)
			b->limit = n, b->has_limit = !nothing;
		else
			b->cols = n, b->has_cols = true;
	}
	return true;
}

/* Where the last loop of that name ended, for offset: continue. */
static int64_t resume_at(struct liquid_context *ctx, struct slice name)
{
	const struct hash_item *item = ctx->scope->offsets.kind == LIQUID_HASH
					       ? hash_find(ctx->scope->offsets.hash, name)
					       : NULL;
	return item ? item->value.integer : 0;
}

static void note_end(struct liquid_context *ctx, struct slice name, int64_t end)
{
	if (ctx->scope->offsets.kind != LIQUID_HASH)
		ctx->scope->offsets = liquid_hash_new(ctx->arena);
	liquid_hash_set(ctx->arena, ctx->scope->offsets, name, liquid_int(end));
}

static void cut(struct loop_state *s, const struct bounds *b)
{
	size_t count = loop_count(s->items);
	int64_t end, from = b->offset;
	s->length = count;
	if (s->items.kind == LIQUID_STRING)
		return;
	s->first = from < 0 ? 0 : (uint64_t)from > count ? count : (size_t)from;
	s->length = count - s->first;
	if (!b->has_limit)
		return;
	/* limit: 9223372036854775807 behind an offset is "all the rest". */
	if (__builtin_add_overflow(from, b->limit, &end))
		end = b->limit < 0 ? 0 : INT64_MAX;
	size_t stop = end < 0 ? 0 : (uint64_t)end > count ? count : (size_t)end;
	s->length = stop > s->first ? stop - s->first : 0;
}

struct loop_state *loop_open(struct liquid_context *ctx, struct slice name, size_t length)
{
	if (!vm_memory(ctx, sizeof(struct loop_state)))
		return NULL;
	struct loop_state *s = ARENA_NEW(ctx->arena, struct loop_state);
	s->name = name;
	s->length = length;
	return s;
}

/* ---- running ---- */

static struct liquid_value current(struct liquid_context *ctx, const struct loop_state *s)
{
	size_t i = s->reversed ? s->length - 1 - s->at : s->at;
	return loop_item(ctx, s->items, s->first + i);
}

static void begin_loop(struct liquid_context *ctx, struct loop_state *s)
{
	struct activation *act = ctx->act;
	s->outer = act->loop;
	const struct activation *from = act;
	/* An include sees the loops of who includes it, a render does not. */
	while (!from->loop && from->caller && !from->isolated)
		from = from->caller;
	s->parent = from->loop;
	s->shadows = ctx->scope->n_shadows;
	act->loop = s;
	scope_hide(ctx, ctx->scope, s->forloop, loop_object(s));
	scope_hide(ctx, ctx->scope, s->slot, current(ctx, s));
	s->inside = ctx->scope->n_shadows;
}

static void end_loop(struct liquid_context *ctx)
{
	struct loop_state *s = ctx->act->loop;
	assert(s);
	scope_reveal(ctx->scope, s->shadows);
	ctx->act->loop = s->outer;
}

static bool put_row(struct liquid_context *ctx, const struct loop_state *s)
{
	char text[96];
	int n = 0;
	size_t col = s->cols ? s->at % s->cols : s->at;
	if (s->at && s->cols && !col)
		n = snprintf(text, sizeof(text), "</tr>\n<tr class=\"row%zu\">",
			     s->at / s->cols + 1);
	n += snprintf(text + n, sizeof(text) - (size_t)n, "<td class=\"col%zu\">", col + 1);
	return vm_put(ctx, slice_of(text, (size_t)n));
}

static const struct op *begin_table(struct liquid_context *ctx, struct loop_state *s,
				    const struct op *op)
{
	if (!vm_put(ctx, SLICE("<tr class=\"row1\">\n")))
		return NULL;
	if (!s->length)
		return vm_put(ctx, SLICE("</tr>\n")) ? op + op->x : NULL;
	begin_loop(ctx, s);
	return put_row(ctx, s) ? op + 1 : NULL;
}

const struct op *op_loop(struct liquid_context *ctx, const struct op *op)
{
	const struct loop *loop = op->loop;
	const struct liquid_value *values = ctx->sp -= loop->n_given + 1;
	struct bounds b = {0};
	if (!vm_defined(ctx, &values[0]))
		return NULL;
	if (loop->table && !liquid_truthy(values[0]))
		return op + op->x;
	if (!read_bounds(ctx, loop, values + 1, &b))
		return NULL;
	if (loop->resume)
		b.offset = resume_at(ctx, loop->name);
	struct loop_state *s = loop_open(ctx, loop->name, 0);
	if (!s)
		return NULL;
	s->items = values[0];
	s->table = loop->table;
	s->reversed = loop->reversed;
	s->slot = vm_slot(ctx, loop->slot);
	s->forloop = vm_slot(ctx, loop->forloop);
	cut(s, &b);
	if (loop->table) {
		s->cols = !b.has_cols ? s->length : b.cols > 0 ? (size_t)b.cols : 0;
		return begin_table(ctx, s, op);
	}
	note_end(ctx, loop->name, b.offset + (int64_t)s->length);
	if (!s->length)
		return op + op->x;
	begin_loop(ctx, s);
	return op + 1;
}

static bool step(struct liquid_context *ctx)
{
	struct loop_state *s = ctx->act->loop;
	if (++s->at >= s->length)
		return false;
	struct variable *v = &ctx->scope->variables[s->slot];
	v->state = VARIABLE_LOCAL;
	if (s->items.kind == LIQUID_LIST && !s->reversed) {
		v->value = s->items.list->items[s->first + s->at];
		return true;
	}
	v->value = current(ctx, s);
	return s->items.kind == LIQUID_RANGE || vm_memory(ctx, 64);
}

const struct op *op_next(struct liquid_context *ctx, const struct op *op)
{
	if (step(ctx))
		return op + op->x;
	end_loop(ctx);
	return ctx->failed ? NULL : op + 1;
}

const struct op *op_row_next(struct liquid_context *ctx, const struct op *op)
{
	if (!vm_put(ctx, SLICE("</td>")))
		return NULL;
	if (step(ctx))
		return put_row(ctx, ctx->act->loop) ? op + op->x : NULL;
	end_loop(ctx);
	return !ctx->failed && vm_put(ctx, SLICE("</tr>\n")) ? op + 1 : NULL;
}

const struct op *op_leave_loop(struct liquid_context *ctx, const struct op *op)
{
	bool table = ctx->act->loop->table;
	end_loop(ctx);
	if (table && !vm_put(ctx, SLICE("</td></tr>\n")))
		return NULL;
	return op + 1;
}

/* Out of a template, to the loop of the one that includes it. */
const struct op *op_break(struct liquid_context *ctx, const struct op *op)
{
	(void)op;
	ctx->interrupt = INTERRUPT_BREAK;
	return NULL;
}

const struct op *op_continue(struct liquid_context *ctx, const struct op *op)
{
	(void)op;
	ctx->interrupt = INTERRUPT_CONTINUE;
	return NULL;
}

static const struct op *on_interrupt(struct liquid_context *ctx, const struct op *op,
				     enum interrupt which)
{
	if (ctx->interrupt != which)
		return op + op->x;
	ctx->interrupt = INTERRUPT_NONE;
	return op + 1;
}

const struct op *op_on_break(struct liquid_context *ctx, const struct op *op)
{
	return on_interrupt(ctx, op, INTERRUPT_BREAK);
}

const struct op *op_on_continue(struct liquid_context *ctx, const struct op *op)
{
	return on_interrupt(ctx, op, INTERRUPT_CONTINUE);
}
