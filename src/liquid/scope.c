/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "vm.h"

struct scope *scope_open(struct liquid_context *ctx, const struct liquid_template *t)
{
	struct scope *scope = ARENA_NEW(ctx->arena, struct scope);
	/* Most renders make no new names: the template, shared by threads, lends its list. */
	scope->names = t->names; /* read only: growing copies it */
	scope->count = scope->names_room = scope->room = t->n_names;
	scope->variables = ARENA_ARRAY(ctx->arena, t->n_names, struct variable);
	return scope;
}

uint32_t scope_slot(struct liquid_context *ctx, struct scope *scope, struct slice name)
{
	for (size_t i = 0; i < scope->count; i++)
		if (slice_eq(scope->names[i], name))
			return (uint32_t)i;
	arena_grow(ctx->arena, &scope->names, scope->count, &scope->names_room,
		   sizeof(*scope->names));
	arena_grow(ctx->arena, &scope->variables, scope->count, &scope->room,
		   sizeof(*scope->variables));
	scope->names[scope->count] = name;
	return (uint32_t)scope->count++;
}

const uint32_t *scope_map(struct liquid_context *ctx, struct scope *scope,
			  const struct liquid_template *t)
{
	if (!vm_charge(ctx, t->n_names * scope->count / 8))
		return NULL;
	uint32_t *map = ARENA_ARRAY(ctx->arena, t->n_names, uint32_t);
	for (uint32_t i = 0; i < t->n_names; i++)
		map[i] = scope_slot(ctx, scope, t->names[i]);
	return map;
}

static bool find_counter(const struct scope *scope, struct slice name, struct liquid_value *value)
{
	if (scope->counters.kind != LIQUID_HASH)
		return false;
	const struct hash_item *item = hash_find(scope->counters.hash, name);
	if (item)
		*value = item->value;
	return item;
}

bool liquid_global(const struct liquid_context *ctx, struct slice name, struct liquid_value *value)
{
	const struct liquid_value *globals = &ctx->options->globals;
	struct liquid_hint hint = {0};
	if (globals->kind == LIQUID_HASH) {
		const struct hash_item *item = hash_find(globals->hash, name);
		if (item)
			*value = item->value;
		return item;
	}
	return globals->kind == LIQUID_OBJECT && globals->object.class->get &&
	       globals->object.class->get(globals, name, &hint, ctx->arena, value);
}

struct variable *scope_resolve(struct liquid_context *ctx, struct scope *scope, uint32_t slot)
{
	struct variable *v = &scope->variables[slot];
	struct slice name = scope->names[slot];
	assert(v->state == VARIABLE_UNKNOWN);
	bool found = find_counter(scope, name, &v->value) || liquid_global(ctx, name, &v->value);
	/* Asked once: a host may have to read its record for the answer. */
	v->state = found ? VARIABLE_GLOBAL : VARIABLE_ABSENT;
	return v;
}

void scope_assign(struct scope *scope, uint32_t slot, struct liquid_value value)
{
	struct variable *v = &scope->variables[slot];
	/* assign writes to the outermost variable, even from within a loop that hides it. */
	if (v->shadows)
		for (size_t i = 0; i < scope->n_shadows; i++)
			if (scope->shadows[i].slot == slot) {
				v = &scope->shadows[i].saved;
				break;
			}
	v->value = value;
	v->state = VARIABLE_LOCAL;
}

void scope_hide(struct liquid_context *ctx, struct scope *scope, uint32_t slot,
		struct liquid_value value)
{
	struct variable *v = &scope->variables[slot];
	arena_grow(ctx->arena, &scope->shadows, scope->n_shadows, &scope->shadows_room,
		   sizeof(*scope->shadows));
	scope->shadows[scope->n_shadows++] = (struct shadow){slot, *v};
	v->shadows++;
	v->value = value;
	v->state = VARIABLE_LOCAL;
}

void scope_reveal(struct scope *scope, size_t n_shadows)
{
	assert(n_shadows <= scope->n_shadows);
	while (scope->n_shadows > n_shadows) {
		const struct shadow *shadow = &scope->shadows[--scope->n_shadows];
		struct variable *v = &scope->variables[shadow->slot];
		*v = shadow->saved;
		/* A counter may have changed meanwhile. */
		if (v->state != VARIABLE_LOCAL)
			*v = (struct variable){.shadows = v->shadows};
	}
}

bool scope_find(struct liquid_context *ctx, struct scope *scope, struct slice name,
		struct liquid_value *value)
{
	if (!vm_charge(ctx, scope->count / 8))
		return false;
	for (size_t i = 0; i < scope->count; i++) {
		if (!slice_eq(scope->names[i], name))
			continue;
		struct variable *v = &scope->variables[i];
		if (!v->state)
			v = scope_resolve(ctx, scope, (uint32_t)i);
		*value = v->value;
		return v->state != VARIABLE_ABSENT;
	}
	return find_counter(scope, name, value) || liquid_global(ctx, name, value);
}

/* ---- self: the variables as an object ---- */

struct self {
	struct liquid_context *ctx;
	struct scope *scope;
};

static bool self_get(const struct liquid_value *self, struct slice name, struct liquid_hint *hint,
		     struct arena *a, struct liquid_value *out)
{
	const struct self *s = self->object.ptr;
	(void)hint;
	(void)a;
	return scope_find(s->ctx, s->scope, name, out);
}

const struct liquid_class self_class = {.name = "Liquid::SelfDrop", .get = self_get};

const struct op *op_self(struct liquid_context *ctx, const struct op *op)
{
	const struct variable *v = vm_variable(ctx, op->site->slot);
	struct liquid_value from;
	/* A variable of that name goes before the word. */
	if (v->state != VARIABLE_ABSENT) {
		vm_path(ctx, op->site, ctx->sp++);
		return op + 1;
	}
	if (!ctx->scope->self) {
		struct self *self = ARENA_NEW(ctx->arena, struct self);
		*self = (struct self){ctx, ctx->scope};
		ctx->scope->self = self;
	}
	from = liquid_object(&self_class, ctx->scope->self, 0);
	for (size_t i = 0; i < op->site->n; i++) {
		struct liquid_value next = {.kind = LIQUID_NIL};
		if (!vm_step(ctx, &from, &op->site->segments[i], &next)) {
			from = ctx->strict ? undefined_at(op->site, i + 1) : liquid_nil();
			break;
		}
		from = next;
	}
	*ctx->sp++ = from;
	return op + 1;
}

static const struct op *count(struct liquid_context *ctx, const struct op *op, int step)
{
	struct scope *scope = ctx->scope;
	uint32_t slot = vm_slot(ctx, op->n);
	struct slice name = scope->names[slot];
	struct liquid_value value = liquid_int(0);
	if (scope->counters.kind != LIQUID_HASH)
		scope->counters = liquid_hash_new(ctx->arena);
	find_counter(scope, name, &value);
	int64_t n = 0;
	liquid_integer(value, &n);
	/* decrement counts before it prints and increment after, and neither runs over. */
	int64_t printed = step < 0 ? n - (n > INT64_MIN) : n;
	int64_t kept = step < 0 ? printed : n + (n < INT64_MAX);
	liquid_hash_set(ctx->arena, scope->counters, name, liquid_int(kept));
	struct variable *v = &scope->variables[slot];
	if (v->state != VARIABLE_LOCAL)
		*v = (struct variable){.shadows = v->shadows};
	value = liquid_int(printed);
	return vm_print(ctx, &value) ? op + 1 : NULL;
}

const struct op *op_increment(struct liquid_context *ctx, const struct op *op)
{
	return count(ctx, op, 1);
}

const struct op *op_decrement(struct liquid_context *ctx, const struct op *op)
{
	return count(ctx, op, -1);
}
