/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdio.h>

#include "base/text.h"
#include "vm.h"

/* An undefined value knows the path and the part that was not there (0: the root). */
struct liquid_value undefined_at(const struct site *site, size_t segment)
{
	return (struct liquid_value){
		.kind = LIQUID_UNDEFINED,
		.index = (uint32_t)segment,
		.object = {NULL, site},
	};
}

/* Behind the path: which part of it was not there. */
static void put_segment(char *out, size_t room, const struct site *site, uint32_t index)
{
	out[0] = '\0';
	if (!index || index > site->n)
		return;
	const struct segment *s = &site->segments[index - 1];
	if (s->kind == SEGMENT_INDEX)
		snprintf(out, room, ": [%lld] is not there", (long long)s->index);
	else
		snprintf(out, room, ": '%.*s' is not there", SLICE_ARG(slice_sub(s->name, 0, 60)));
}

const struct op *vm_undefined(struct liquid_context *ctx, struct liquid_value undefined)
{
	const struct site *site = undefined.object.ptr;
	char segment[96];
	put_segment(segment, sizeof(segment), site, undefined.index);
	vm_fail(ctx, "undefined variable '%.*s'%s", SLICE_ARG(slice_sub(site->text, 0, 120)),
		segment);
	vm_locate(ctx, site->text.ptr);
	return NULL;
}

/* ---- one step of a path ---- */

static const struct liquid_value *hash_get(const struct liquid_hash *hash, struct slice name,
					   struct liquid_hint *hint)
{
	uintptr_t slot = hint->slot;
	if (slot < hash->count && same_name(hash->items[slot].key, name))
		return &hash->items[slot].value;
	const struct hash_item *item = hash_find(hash, name);
	if (!item)
		return NULL;
	hint->slot = (uintptr_t)(item - hash->items);
	return &item->value;
}

static bool item_at(struct liquid_context *ctx, const struct liquid_value *from, int64_t index,
		    struct liquid_value *out)
{
	if (!value_is_array(*from))
		return false;
	size_t count = value_count(*from);
	/* From the end; before the first is no item, and -INT64_MIN must not be computed. */
	if (index < 0)
		index = -index > (int64_t)count ? (int64_t)count : (int64_t)count + index;
	if ((uint64_t)index >= count)
		return false;
	*out = value_at(*from, (size_t)index, ctx->arena, NULL);
	return true;
}

static void text_command(struct slice s, bool safe, unsigned command, struct liquid_value *out)
{
	if (command == COMMAND_SIZE) {
		*out = liquid_int((int64_t)text_length(s));
		return;
	}
	*out = liquid_string(text_end(s, command == COMMAND_LAST));
	out->safe = safe;
}

static bool hash_command(struct liquid_context *ctx, const struct liquid_value *from,
			 unsigned command, struct liquid_value *out)
{
	if (from->kind == LIQUID_OBJECT && !from->object.class->count)
		return false;
	size_t n = value_count(*from);
	*out = liquid_nil();
	if (command == COMMAND_SIZE)
		*out = liquid_int((int64_t)n);
	else if (command == COMMAND_FIRST && n)
		*out = pair_at(ctx, *from, 0);
	/* A hash has a size and a first pair, but in the reference no last. */
	return command != COMMAND_LAST;
}

static bool run_command(struct liquid_context *ctx, const struct liquid_value *from,
			unsigned command, struct liquid_value *out)
{
	if (from->kind == LIQUID_STRING) {
		text_command(from->string, from->safe, command, out);
		return true;
	}
	if (value_is_hash(*from))
		return hash_command(ctx, from, command, out);
	if (!value_is_array(*from) && from->kind != LIQUID_RANGE)
		return false;
	size_t n = value_count(*from);
	*out = liquid_nil();
	if (command == COMMAND_SIZE)
		*out = liquid_int(n > INT64_MAX ? INT64_MAX : (int64_t)n);
	else if (n)
		*out = value_at(*from, command == COMMAND_FIRST ? 0 : n - 1, ctx->arena, NULL);
	return true;
}

static bool find_name(struct liquid_context *ctx, const struct liquid_value *from,
		      struct slice name, struct liquid_hint *hint, struct liquid_value *out)
{
	if (from->kind == LIQUID_HASH) {
		const struct liquid_value *found = hash_get(from->hash, name, hint);
		if (found)
			*out = *found;
		return found;
	}
	return from->kind == LIQUID_OBJECT && from->object.class->get &&
	       from->object.class->get(from, name, hint, ctx->arena, out);
}

bool vm_step(struct liquid_context *ctx, const struct liquid_value *from,
	     const struct segment *segment, struct liquid_value *out)
{
	if (segment->kind == SEGMENT_INDEX)
		return item_at(ctx, from, segment->index, out);
	if (find_name(ctx, from, segment->name, &ctx->hints[segment->hint], out))
		return true;
	/* A key named size goes before the size. */
	return segment->command && run_command(ctx, from, segment->command, out);
}

__attribute__((noinline)) static const struct liquid_value *
missing(const struct liquid_context *ctx, const struct site *site, size_t part,
	struct liquid_value *room)
{
	*room = ctx->strict ? undefined_at(site, part) : liquid_nil();
	return room;
}

/* A part of anything but a hash that has it. */
__attribute__((noinline)) static const struct liquid_value *
step_slow(struct liquid_context *ctx, const struct site *site, uint32_t i,
	  const struct liquid_value *at, struct liquid_value *room)
{
	const struct segment *s = &site->segments[i];
	struct liquid_value next = {.kind = LIQUID_NIL};
	if (at->kind == LIQUID_OBJECT && s->kind != SEGMENT_INDEX && at->object.class->get &&
	    at->object.class->get(at, s->name, &ctx->hints[s->hint], ctx->arena, &next)) {
		*room = next;
		return room;
	}
	if (!vm_step(ctx, at, s, &next))
		return NULL;
	*room = next;
	return room;
}

/* Follow the parts of a path; a value that is nowhere yet is put into room. */
__attribute__((always_inline)) static inline const struct liquid_value *
follow(struct liquid_context *ctx, const struct site *site, const struct liquid_value *at,
       struct liquid_value *room)
{
	for (uint32_t i = 0; i < site->n; i++) {
		const struct segment *s = &site->segments[i];
		if (at->kind == LIQUID_HASH) {
			size_t slot = ctx->hints[s->hint].slot;
			const struct liquid_hash *hash = at->hash;
			if (slot < hash->count && s->kind != SEGMENT_INDEX &&
			    same_name(hash->items[slot].key, s->name)) {
				at = &hash->items[slot].value;
				continue;
			}
			const struct hash_item *item =
				s->kind == SEGMENT_INDEX ? NULL : hash_find(hash, s->name);
			if (item) {
				ctx->hints[s->hint].slot = (uintptr_t)(item - hash->items);
				at = &item->value;
				continue;
			}
		}
		at = step_slow(ctx, site, i, at, room);
		if (!at)
			return missing(ctx, site, i + 1, room);
	}
	return at;
}

const struct liquid_value *vm_look(struct liquid_context *ctx, const struct site *site,
				   struct liquid_value *room)
{
	const struct variable *v = vm_variable(ctx, site->slot);
	if (v->state == VARIABLE_ABSENT)
		return missing(ctx, site, 0, room);
	return follow(ctx, site, &v->value, room);
}

const struct liquid_value *vm_look_object(struct liquid_context *ctx, const struct site *site,
					  const struct liquid_value *from,
					  struct liquid_value *room)
{
	const struct segment *s = &site->segments[0];
	const struct liquid_class *class = from->object.class;
	*room = (struct liquid_value){.kind = LIQUID_NIL};
	if (class->get && class->get(from, s->name, &ctx->hints[s->hint], ctx->arena, room))
		return room;
	return vm_look(ctx, site, room);
}

void vm_path(struct liquid_context *ctx, const struct site *site, struct liquid_value *out)
{
	const struct liquid_value *found = vm_look(ctx, site, out);
	if (found != out)
		*out = *found;
}

bool vm_index(struct liquid_context *ctx, struct liquid_value from, struct liquid_value key,
	      struct liquid_value *out)
{
	struct liquid_hint hint = {0};
	if (key.kind == LIQUID_STRING)
		return find_name(ctx, &from, key.string, &hint, out);
	return key.kind == LIQUID_INT && item_at(ctx, &from, key.integer, out);
}

bool liquid_get(struct liquid_context *ctx, struct liquid_value value, struct slice name,
		struct liquid_value *out)
{
	struct liquid_hint hint = {0};
	return find_name(ctx, &value, name, &hint, out);
}

/* ---- operations ---- */

const struct op *op_site(struct liquid_context *ctx, const struct op *op)
{
	vm_path(ctx, op->site, ctx->sp++);
	return op + 1;
}

const struct op *op_index(struct liquid_context *ctx, const struct op *op)
{
	struct liquid_value key = *--ctx->sp;
	struct liquid_value *from = ctx->sp - 1;
	struct liquid_value found = {.kind = LIQUID_NIL};
	if (!vm_defined(ctx, &key))
		return NULL;
	/* What was not there before has no parts; the first gap is the one to name. */
	if (from->kind == LIQUID_UNDEFINED)
		return op + 1;
	if (!vm_index(ctx, *from, key, &found)) {
		*from = ctx->strict ? undefined_at(op->site, op->site->n + 1) : liquid_nil();
		return op + 1;
	}
	const struct liquid_value *at = follow(ctx, op->site, &found, from);
	if (at != from)
		*from = *at;
	return op + 1;
}
