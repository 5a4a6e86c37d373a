/* SPDX-License-Identifier: ISC */
#include "decimal.h"
#include "filters.h"

/* Items of lists by their properties, and default. */

static int filter_map(const struct liquid_call *call, struct liquid_value *result)
{
	struct liquid_list items;
	if (filter_items(call, call->input, &items) < 0)
		return -1;
	for (size_t i = 0; i < items.count; i++) {
		struct liquid_value value;
		if (!vm_charge(call->context, 2) ||
		    filter_property(call, items.items[i], call->args[0], &value) < 0)
			return -1;
		items.items[i] = value;
	}
	return filter_list(call, &items, result);
}

/*
 * Does the item have the property, or the property that value?  As
 * filter_property: 0 ends the filter with nil.
 */
static int matches(const struct liquid_call *call, struct liquid_value item, bool *match)
{
	struct liquid_value value, target = filter_arg(call, 1);
	uint64_t work = 2;
	int got = filter_property(call, item, call->args[0], &value);
	if (got <= 0)
		return got;
	*match = target.kind == LIQUID_NIL
			 ? liquid_truthy(value)
			 : value_equal(value, target, call->context->arena, &work);
	return vm_charge(call->context, work) ? 1 : -1;
}

static int select_items(const struct liquid_call *call, bool wanted, struct liquid_value *result)
{
	struct liquid_list items;
	size_t kept = 0;
	if (filter_items(call, call->input, &items) < 0)
		return -1;
	for (size_t i = 0; i < items.count; i++) {
		bool match;
		int got = matches(call, items.items[i], &match);
		if (got <= 0)
			return got < 0 ? -1 : 1;
		if (match == wanted)
			items.items[kept++] = items.items[i];
	}
	items.count = kept;
	return filter_list(call, &items, result);
}

static int filter_where(const struct liquid_call *call, struct liquid_value *result)
{
	return select_items(call, true, result);
}

static int filter_reject(const struct liquid_call *call, struct liquid_value *result)
{
	return select_items(call, false, result);
}

/* The first item that matches: 1 with its number and value, 2 none, else as matches(). */
static int find_item(const struct liquid_call *call, size_t *at, struct liquid_value *item)
{
	struct liquid_list items;
	if (filter_items(call, call->input, &items) < 0)
		return -1;
	for (size_t i = 0; i < items.count; i++) {
		bool match;
		int got = matches(call, items.items[i], &match);
		if (got <= 0)
			return got;
		if (match) {
			*at = i;
			*item = items.items[i];
			return 1;
		}
	}
	return 2;
}

static int filter_find(const struct liquid_call *call, struct liquid_value *result)
{
	size_t at;
	return find_item(call, &at, result) < 0 ? -1 : 1;
}

static int filter_find_index(const struct liquid_call *call, struct liquid_value *result)
{
	size_t at;
	struct liquid_value item;
	int got = find_item(call, &at, &item);
	if (got == 1)
		*result = liquid_int((int64_t)at);
	return got < 0 ? -1 : 1;
}

/* Nil where the item has no parts to ask for, as in the reference. */
static int filter_has(const struct liquid_call *call, struct liquid_value *result)
{
	size_t at;
	struct liquid_value item;
	int got = find_item(call, &at, &item);
	if (got)
		*result = liquid_bool(got == 1);
	return got < 0 ? -1 : 1;
}

/* What tells items apart: numbers and texts by a hash, all else by looking at each. */
struct seen {
	struct liquid_value texts;
	struct liquid_list others;
};

static int seen_before(const struct liquid_call *call, struct seen *seen, struct liquid_value v)
{
	struct liquid_context *ctx = call->context;
	uint64_t work = 1;
	if (v.kind == LIQUID_STRING || v.kind == LIQUID_INT) {
		struct slice text = liquid_text(ctx, v);
		if (liquid_charge(ctx, text.len + 48) < 0 ||
		    !vm_memory(ctx, hash_growth(seen->texts.hash)))
			return -1;
		char *key = arena_alloc(ctx->arena, text.len + 1);
		/* 1 and "1" are two things. */
		key[0] = v.kind == LIQUID_INT ? 'i' : 's';
		memcpy(key + 1, text.ptr ? text.ptr : "", text.len);
		size_t count = seen->texts.hash->count;
		liquid_hash_set(ctx->arena, seen->texts, slice_of(key, text.len + 1), v);
		return seen->texts.hash->count == count;
	}
	for (size_t i = 0; i < seen->others.count; i++)
		if (value_equal(seen->others.items[i], v, ctx->arena, &work))
			return vm_charge(ctx, work) ? 1 : -1;
	return vm_charge(ctx, work) ? filter_add(ctx, &seen->others, v) : -1;
}

/* What of an item is compared: its property, or all of it when none is named. */
static int looked_at(const struct liquid_call *call, struct liquid_value item,
		     struct liquid_value property, struct liquid_value *value)
{
	*value = item;
	return property.kind == LIQUID_NIL ? 1 : filter_property(call, item, property, value);
}

static int filter_uniq(const struct liquid_call *call, struct liquid_value *result)
{
	struct liquid_list items;
	struct liquid_value property = filter_arg(call, 0), value;
	struct seen seen = {.texts = liquid_hash_new(call->context->arena)};
	size_t kept = 0;
	if (filter_items(call, call->input, &items) < 0)
		return -1;
	for (size_t i = 0; i < items.count; i++) {
		int got = looked_at(call, items.items[i], property, &value);
		if (got <= 0)
			return got < 0 ? -1 : 1;
		int before = seen_before(call, &seen, value);
		if (before < 0)
			return -1;
		if (!before)
			items.items[kept++] = items.items[i];
	}
	items.count = kept;
	return filter_list(call, &items, result);
}

static int filter_compact(const struct liquid_call *call, struct liquid_value *result)
{
	struct liquid_list items;
	struct liquid_value property = filter_arg(call, 0), value;
	size_t kept = 0;
	if (filter_items(call, call->input, &items) < 0)
		return -1;
	for (size_t i = 0; i < items.count; i++) {
		int got = looked_at(call, items.items[i], property, &value);
		if (got <= 0)
			return got < 0 ? -1 : 1;
		if (value.kind != LIQUID_NIL)
			items.items[kept++] = items.items[i];
	}
	items.count = kept;
	return filter_list(call, &items, result);
}

static int filter_sum(const struct liquid_call *call, struct liquid_value *result)
{
	struct liquid_list items;
	struct liquid_value property = filter_arg(call, 0);
	struct decimal sum = {0, 0};
	bool integral = true;
	if (filter_items(call, call->input, &items) < 0)
		return -1;
	for (size_t i = 0; i < items.count; i++) {
		struct liquid_value v = items.items[i];
		if (property.kind != LIQUID_NIL && filter_property(call, v, property, &v) < 0)
			return -1;
		v = filter_number(v);
		integral = integral && value_is_integer(v);
		sum = decimal_add(sum, decimal_of(v));
	}
	*result = integral ? value_integral(decimal_value(sum)) : decimal_value(sum);
	return 1;
}

int filter_default(const struct liquid_call *call, struct liquid_value *result)
{
	struct liquid_value v = call->input;
	bool allow_false = false;
	for (size_t i = 0; i < call->n_named; i++)
		if (slice_eq(call->named[i].name, SLICE("allow_false")))
			allow_false = liquid_truthy(call->named[i].value);
	/* false counts as nothing unless that is asked for; 0 and blank text never do. */
	bool nothing = !liquid_truthy(v) && !(allow_false && v.kind == LIQUID_BOOL);
	if (nothing || value_empty(v))
		v = call->n_args ? call->args[0] : liquid_safe(SLICE(""));
	*result = v;
	return 1;
}

const struct liquid_filter filters_pick[] = {
	{"map", 1, 1, false, filter_map},
	{"where", 1, 2, false, filter_where},
	{"reject", 1, 2, false, filter_reject},
	{"find", 1, 2, false, filter_find},
	{"find_index", 1, 2, false, filter_find_index},
	{"has", 1, 2, false, filter_has},
	{"uniq", 0, 1, false, filter_uniq},
	{"compact", 0, 1, false, filter_compact},
	{"sum", 0, 1, false, filter_sum},
	{"default", 0, 1, true, filter_default},
	{NULL, 0, 0, false, NULL},
};
