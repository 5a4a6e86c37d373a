/* SPDX-License-Identifier: ISC */
#include "base/text.h"
#include "decimal.h"
#include "filters.h"

/* Lists as a whole: order, uniqueness, joining. */

static int filter_size(const struct liquid_call *call, struct liquid_value *result)
{
	struct liquid_value v = call->input;
	size_t n = 0;
	if (v.kind == LIQUID_STRING)
		n = text_length(v.string);
	else if (v.kind == LIQUID_INT)
		n = sizeof(v.integer); /* the reference's answer for an integer */
	else
		n = value_count(v);
	*result = liquid_int(n > INT64_MAX ? INT64_MAX : (int64_t)n);
	return vm_charge(call->context, v.kind == LIQUID_STRING ? v.string.len / 8 : 1) ? 1 : -1;
}

static int end_of(const struct liquid_call *call, bool last, struct liquid_value *result)
{
	struct liquid_value v = call->input;
	size_t n = value_count(v);
	if (v.kind == LIQUID_STRING)
		return filter_view(text_end(v.string, last), v.safe, result);
	/* A hash has no last in the reference. */
	if (!n || (last && v.kind == LIQUID_HASH))
		return 1;
	if (loop_iterable(v))
		*result = loop_item(call->context, v, last ? n - 1 : 0);
	return 1;
}

static int filter_first(const struct liquid_call *call, struct liquid_value *result)
{
	return end_of(call, false, result);
}

static int filter_last(const struct liquid_call *call, struct liquid_value *result)
{
	return end_of(call, true, result);
}

static int filter_reverse(const struct liquid_call *call, struct liquid_value *result)
{
	struct liquid_list items;
	if (filter_items(call, call->input, &items) < 0)
		return -1;
	for (size_t i = 0; i < items.count / 2; i++) {
		struct liquid_value swap = items.items[i];
		items.items[i] = items.items[items.count - 1 - i];
		items.items[items.count - 1 - i] = swap;
	}
	return filter_list(call, &items, result);
}

static int filter_concat(const struct liquid_call *call, struct liquid_value *result)
{
	struct liquid_list items, more;
	struct liquid_value other = call->args[0];
	if (!value_is_array(other) && other.kind != LIQUID_RANGE)
		return liquid_fail(call->context, "concat filter requires an array argument");
	if (filter_items(call, call->input, &items) < 0 || filter_items(call, other, &more) < 0)
		return -1;
	struct arena *a = call->context->arena;
	struct liquid_list all = {0};
	all.room = all.count = items.count + more.count;
	if (liquid_charge(call->context, all.count * sizeof(struct liquid_value)) < 0)
		return -1;
	all.items = ARENA_ARRAY(a, all.count, struct liquid_value);
	for (size_t i = 0; i < all.count; i++)
		all.items[i] = i < items.count ? items.items[i] : more.items[i - items.count];
	return filter_list(call, &all, result);
}

static struct piece piece_of(const struct liquid_call *call, struct liquid_value v)
{
	bool safe = v.kind == LIQUID_STRING ? v.safe : !value_is_hash(v) && !value_is_array(v);
	return (struct piece){liquid_text(call->context, v), safe};
}

/* Data among safe marks is escaped here; the separator counts as a piece. */
static int filter_join(const struct liquid_call *call, struct liquid_value *result)
{
	struct liquid_list items;
	struct piece glue = {SLICE(" "), true};
	if (filter_items(call, call->input, &items) < 0)
		return -1;
	if (call->n_args)
		glue = piece_of(call, call->args[0]);
	bool all_safe = glue.safe, marks = glue.safe && !filter_plain(call, glue.text);
	for (size_t i = 0; i < items.count; i++) {
		struct piece piece = piece_of(call, items.items[i]);
		all_safe = all_safe && piece.safe;
		marks = marks || (piece.safe && !filter_plain(call, piece.text));
	}
	filter_scratch(call);
	struct mix mix = {call, marks && !all_safe};
	for (size_t i = 0; i < items.count; i++)
		if ((i && mix_put(&mix, glue) < 0) ||
		    mix_put(&mix, piece_of(call, items.items[i])) < 0)
			return -1;
	return mix_done(&mix, all_safe, result);
}

/* ---- order ---- */

enum sorting { SORT_EXACT, SORT_NATURAL };

struct sorter {
	const struct liquid_call *call;
	enum sorting how;
	struct liquid_value *keys; /* of the items */
	bool failed;
};

static int natural_order(struct sorter *s, struct liquid_value a, struct liquid_value b)
{
	struct slice x = liquid_text(s->call->context, a), y = liquid_text(s->call->context, b);
	size_t n = x.len < y.len ? x.len : y.len;
	for (size_t i = 0; i < n; i++) {
		int c = x.ptr[i], d = y.ptr[i];
		/*
		 * ASCII only: what the reference does with letters beyond depends on the Ruby it
		 * runs on.
		 */
		c += c >= 'A' && c <= 'Z' ? 32 : 0;
		d += d >= 'A' && d <= 'Z' ? 32 : 0;
		if (c != d)
			return (unsigned char)c < (unsigned char)d ? -1 : 1;
	}
	return x.len < y.len ? -1 : x.len > y.len;
}

static int order_of(struct sorter *s, size_t i, size_t j)
{
	struct liquid_value a = s->keys[i], b = s->keys[j];
	/* nil sorts behind all else, whatever that is. */
	if (a.kind == LIQUID_NIL || b.kind == LIQUID_NIL)
		return (a.kind == LIQUID_NIL) - (b.kind == LIQUID_NIL);
	if (s->how == SORT_NATURAL)
		return natural_order(s, a, b);
	if (value_is_number(a) && value_is_number(b))
		return decimal_compare(decimal_of(a), decimal_of(b));
	if (a.kind == LIQUID_STRING && b.kind == LIQUID_STRING)
		return slice_cmp(a.string, b.string);
	if (a.kind == LIQUID_BOOL && b.kind == LIQUID_BOOL && a.boolean == b.boolean)
		return 0;
	s->failed = true;
	return 0;
}

/* Merge sort of item numbers; stable, n log n whatever the input. */
static bool merge(struct sorter *s, uint32_t *order, uint32_t *spare, size_t n)
{
	if (n < 2 || s->failed)
		return !s->failed;
	size_t half = n / 2;
	if (!merge(s, order, spare, half) || !merge(s, order + half, spare, n - half) ||
	    !vm_charge(s->call->context, n))
		return false;
	memcpy(spare, order, half * sizeof(*order));
	size_t i = 0, j = half, k = 0;
	while (i < half && j < n && !s->failed)
		order[k++] = order_of(s, spare[i], order[j]) <= 0 ? spare[i++] : order[j++];
	memcpy(order + k, spare + i, (half - i) * sizeof(*order));
	return !s->failed;
}

static int sort_keys(struct sorter *s, const struct liquid_list *items)
{
	struct liquid_value property = filter_arg(s->call, 0);
	for (size_t i = 0; i < items->count; i++) {
		s->keys[i] = items->items[i];
		if (property.kind == LIQUID_NIL)
			continue;
		/* The reference asks a lone integer for nothing: there is no pair to compare. */
		if (items->count == 1 && value_is_integer(items->items[i]))
			continue;
		int got = filter_property(s->call, items->items[i], property, &s->keys[i]);
		if (got < 0)
			return -1;
		if (!got)
			return 0;
	}
	return 1;
}

static int sorted(const struct liquid_call *call, enum sorting how, struct liquid_value *result)
{
	struct arena *a = call->context->arena;
	struct sorter s = {.call = call, .how = how};
	struct liquid_list items;
	if (filter_items(call, call->input, &items) < 0 ||
	    liquid_charge(call->context, items.count * 64) < 0)
		return -1;
	s.keys = ARENA_ARRAY(a, items.count, struct liquid_value);
	int got = sort_keys(&s, &items);
	if (got <= 0)
		return got < 0 ? -1 : 1;
	uint32_t *order = ARENA_ARRAY(a, items.count, uint32_t);
	uint32_t *spare = ARENA_ARRAY(a, items.count, uint32_t);
	for (size_t i = 0; i < items.count; i++)
		order[i] = (uint32_t)i;
	if (!merge(&s, order, spare, items.count))
		return s.failed ? liquid_fail(call->context,
					      "cannot sort values of incompatible types")
				: -1;
	struct liquid_list out = {.count = items.count, .room = items.count};
	out.items = ARENA_ARRAY(a, items.count, struct liquid_value);
	for (size_t i = 0; i < items.count; i++)
		out.items[i] = items.items[order[i]];
	return filter_list(call, &out, result);
}

static int filter_sort(const struct liquid_call *call, struct liquid_value *result)
{
	return sorted(call, SORT_EXACT, result);
}

static int filter_sort_natural(const struct liquid_call *call, struct liquid_value *result)
{
	return sorted(call, SORT_NATURAL, result);
}

const struct liquid_filter filters_list[] = {
	{"size", 0, 0, false, filter_size},
	{"first", 0, 0, false, filter_first},
	{"last", 0, 0, false, filter_last},
	{"reverse", 0, 0, false, filter_reverse},
	{"concat", 1, 1, false, filter_concat},
	{"join", 0, 1, false, filter_join},
	{"sort", 0, 1, false, filter_sort},
	{"sort_natural", 0, 1, false, filter_sort_natural},
	{NULL, 0, 0, false, NULL},
};
