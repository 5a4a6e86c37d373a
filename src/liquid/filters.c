/* SPDX-License-Identifier: ISC */
#include "filters.h"

#include "decimal.h"
#include "escape.h"

struct buf *filter_scratch(const struct liquid_call *call)
{
	/*
	 * One buffer for all filters of a render: it grows once, and what a filter gives is
	 * copied out of it.
	 */
	struct buf *b = &call->context->scratch;
	buf_clear(b);
	return b;
}

int filter_done(const struct liquid_call *call, bool safe, struct liquid_value *result)
{
	struct buf *b = &call->context->scratch;
	if (buf_failed(b)) {
		vm_limit(call->context, "memory");
		return -1;
	}
	if (liquid_charge(call->context, b->len) < 0)
		return -1;
	*result = liquid_string(arena_copy(call->context->arena, buf_slice(b)));
	result->safe = safe;
	return 1;
}

int filter_view(struct slice s, bool safe, struct liquid_value *result)
{
	*result = liquid_string(s);
	result->safe = safe;
	return 1;
}

struct slice filter_input(const struct liquid_call *call)
{
	return liquid_text(call->context, call->input);
}

struct liquid_value filter_arg(const struct liquid_call *call, size_t i)
{
	return i < call->n_args ? call->args[i] : liquid_nil();
}

struct slice filter_text(const struct liquid_call *call, size_t i, struct slice fallback)
{
	return i < call->n_args ? liquid_text(call->context, call->args[i]) : fallback;
}

struct digits {
	uint64_t size;
	bool any, large; /* large: or written the way large ones are read */
};

static bool read_digits(struct slice s, size_t i, struct digits *d)
{
	for (; i < s.len; i++) {
		char c = s.ptr[i];
		if (c == '_' && d->any && i + 1 < s.len && s.ptr[i + 1] != '_') {
			d->large = true;
			continue;
		}
		if (c < '0' || c > '9')
			return false;
		d->any = true;
		d->large = d->large || __builtin_mul_overflow(d->size, 10u, &d->size) ||
			   __builtin_add_overflow(d->size, (unsigned)(c - '0'), &d->size);
	}
	return d->any;
}

/*
 * As Ruby reads one: '_' between digits; far too large is as large as can be.
 * A NUL ends it, but only of those that take Ruby's way for large numbers.
 */
static bool read_integer(struct slice s, int64_t *n)
{
	struct digits d = {0};
	ptrdiff_t nul = slice_chr(s, '\0');
	s = slice_trim(nul < 0 ? s : slice_sub(s, 0, (size_t)nul));
	bool negative = s.len && s.ptr[0] == '-', plus = s.len && s.ptr[0] == '+';
	if (!read_digits(s, negative || plus, &d))
		return false;
	int64_t size = d.large || d.size > INT64_MAX ? INT64_MAX : (int64_t)d.size;
	*n = negative ? -size : size;
	return d.large || nul < 0;
}

int filter_integer(const struct liquid_call *call, struct liquid_value v, int64_t *n)
{
	if (v.kind == LIQUID_DECIMAL && v.index) {
		*n = v.mantissa.high < 0 ? INT64_MIN : INT64_MAX;
		return 1;
	}
	if (v.kind == LIQUID_STRING && read_integer(v.string, n))
		return 1;
	if (v.kind == LIQUID_INT) {
		*n = v.integer;
		return 1;
	}
	return liquid_fail(call->context, "invalid integer");
}

static bool looks_decimal(struct slice s)
{
	size_t i = s.len && s.ptr[0] == '-', digits = 0;
	for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
		digits++;
	if (!digits || i + 1 >= s.len || s.ptr[i] != '.')
		return false;
	for (i++; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return true;
}

struct liquid_value filter_number(struct liquid_value v)
{
	struct decimal d;
	if (value_is_number(v))
		return v;
	if (v.kind != LIQUID_STRING)
		return liquid_int(0);
	struct slice s = slice_trim(v.string);
	if (looks_decimal(s) && decimal_parse(s, &d))
		return decimal_value(d);
	size_t end = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+');
	size_t start = end && s.ptr[0] == '+';
	while (end < s.len && s.ptr[end] >= '0' && s.ptr[end] <= '9')
		end++;
	struct liquid_value n = value_number(slice_sub(s, start, end));
	return n.kind == LIQUID_NIL ? liquid_int(0) : n;
}

/* ---- safe and unsafe text together ---- */

bool filter_plain(const struct liquid_call *call, struct slice s)
{
	const struct liquid_context *ctx = call->context;
	char room[64 * ESCAPE_GROWTH + ESCAPE_BLOCK];
	if (ctx->escape == LIQUID_ESCAPE_NONE || ctx->escape == LIQUID_ESCAPE_TEXT)
		return true;
	/* A longer text will hold a mark sooner or later, and escaping it is right in any case. */
	if (s.len > 64)
		return false;
	size_t n = escape_bytes(room, ctx->escape, s);
	return n == s.len && (!n || !memcmp(room, s.ptr, n));
}

struct mix mix_begin(const struct liquid_call *call, struct piece a, struct piece b)
{
	struct mix mix = {.call = call};
	if (a.safe != b.safe)
		mix.escapes = !filter_plain(call, a.safe ? a.text : b.text);
	filter_scratch(call);
	return mix;
}

int mix_put(struct mix *mix, struct piece piece)
{
	struct liquid_context *ctx = mix->call->context;
	if (!vm_charge(ctx, piece.text.len))
		return -1;
	if (mix->escapes && !piece.safe)
		liquid_escape_put(&ctx->scratch, ctx->escape, piece.text);
	else
		buf_put(&ctx->scratch, piece.text);
	return 0;
}

int mix_done(struct mix *mix, bool all_safe, struct liquid_value *result)
{
	return filter_done(mix->call, all_safe || mix->escapes, result);
}

/* ---- lists ---- */

int filter_add(struct liquid_context *ctx, struct liquid_list *items, struct liquid_value v)
{
	/* Charged before it grows: a list too large is never allocated. */
	if (items->count == items->room &&
	    liquid_charge(ctx, (items->room * 2 + 8) * sizeof(struct liquid_value)) < 0)
		return -1;
	arena_grow(ctx->arena, &items->items, items->count, &items->room, sizeof(*items->items));
	items->items[items->count++] = v;
	return vm_charge(ctx, 1) ? 0 : -1;
}

static int add_flat(struct liquid_context *ctx, struct liquid_list *items, struct liquid_value v,
		    unsigned depth)
{
	/* Lists in lists become one, as deep as the reference goes; a list may hold itself. */
	if (!value_is_array(v) || depth > VALUE_DEPTH_MAX)
		return filter_add(ctx, items, v);
	size_t n = value_count(v);
	for (size_t i = 0; i < n; i++)
		if (add_flat(ctx, items, value_at(v, i, ctx->arena, NULL), depth + 1) < 0)
			return -1;
	return 0;
}

int filter_items(const struct liquid_call *call, struct liquid_value v, struct liquid_list *items)
{
	struct liquid_context *ctx = call->context;
	*items = (struct liquid_list){0};
	if (v.kind == LIQUID_NIL || v.kind == LIQUID_UNDEFINED)
		return 0;
	if (v.kind != LIQUID_RANGE)
		return add_flat(ctx, items, v, 0);
	size_t n = range_count(v);
	for (size_t i = 0; i < n; i++)
		if (filter_add(ctx, items, value_at(v, i, ctx->arena, NULL)) < 0)
			return -1;
	return 0;
}

int filter_list(const struct liquid_call *call, struct liquid_list *items,
		struct liquid_value *result)
{
	*result = liquid_list_new(call->context->arena);
	*result->list = *items;
	return 1;
}

static int no_property(const struct liquid_call *call, struct liquid_value property)
{
	struct slice name = slice_sub(liquid_text(call->context, property), 0, 80);
	return liquid_fail(call->context, "cannot select the property '%.*s'", SLICE_ARG(name));
}

/* a.b.c, one part at a time; a part of what has no parts is that itself. */
static void dotted(const struct liquid_call *call, struct slice path, struct liquid_value *value)
{
	struct slice part;
	while (slice_cut(&path, '.', &part)) {
		struct liquid_value next = {.kind = LIQUID_NIL};
		if (!value_is_hash(*value) && !value_is_array(*value))
			return;
		vm_index(call->context, *value, liquid_string(part), &next);
		*value = next;
	}
}

static void hash_property(const struct liquid_call *call, struct liquid_value item,
			  struct liquid_value property, struct liquid_value *value)
{
	if (vm_index(call->context, item, property, value) && value->kind != LIQUID_NIL)
		return;
	if (property.kind == LIQUID_STRING && slice_chr(property.string, '.') >= 0) {
		*value = item;
		dotted(call, property.string, value);
	}
}

/* Ruby cannot ask these for anything by key. */
static bool has_no_parts(struct liquid_value item)
{
	return item.kind == LIQUID_NIL || item.kind == LIQUID_BOOL || item.kind == LIQUID_RANGE ||
	       (item.kind == LIQUID_DECIMAL && !item.index);
}

int filter_property(const struct liquid_call *call, struct liquid_value item,
		    struct liquid_value property, struct liquid_value *value)
{
	*value = liquid_nil();
	if (has_no_parts(item))
		return 0;
	if (value_is_hash(item)) {
		hash_property(call, item, property, value);
		return 1;
	}
	if (item.kind == LIQUID_STRING && property.kind == LIQUID_STRING) {
		if (slice_find(item.string, property.string) >= 0)
			*value = property;
		return 1;
	}
	if (value_is_array(item) && value_is_number(property)) {
		vm_index(call->context, item, property, value);
		return 1;
	}
	return no_property(call, property);
}
