/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_LIQUID_VM_H
#define POSTCLERK_LIQUID_VM_H

#include "env.h"
#include "program.h"
#include "value.h"

/* One render. */

enum variable_state {
	VARIABLE_UNKNOWN, /* not looked up yet */
	VARIABLE_LOCAL,	  /* the template's own */
	VARIABLE_GLOBAL,  /* the host's, or a counter */
	VARIABLE_ABSENT,
};

struct variable {
	struct liquid_value value;
	uint8_t state;
	uint32_t shadows; /* how often a loop or include hides it */
};

struct shadow {
	uint32_t slot;
	struct variable saved;
};

/* Variables of a template and all it includes; a render has one of its own. */
struct scope {
	struct slice *names;
	struct variable *variables;
	size_t count, names_room, room;
	struct shadow *shadows;
	size_t n_shadows, shadows_room;
	/* Hashes, nil while empty: increment and decrement, cycle, ends of loops. */
	struct liquid_value counters, cycles, offsets;
	struct liquid_value changed; /* what ifchanged saw last */
	const void *self;	     /* of the variable self, once it was asked for */
};

struct loop_state {
	struct liquid_value items;
	struct slice name;
	size_t at, length; /* items done, items in all */
	size_t first;	   /* position of the first item in items */
	size_t cols;
	bool reversed, table;
	uint32_t slot, forloop;	   /* in the scope */
	size_t shadows, inside;	   /* of the scope when it began, and in its body */
	struct loop_state *outer;  /* of the same activation */
	struct loop_state *parent; /* forloop.parentloop */
};

/* A template being run. */
struct activation {
	const struct liquid_template *t;
	struct scope *scope;
	const uint32_t *map; /* slots of t in the scope; null when they are the same */
	struct liquid_hint *hints;
	struct liquid_value *temps, *stack;
	struct loop_state *loop;
	struct activation *caller;
	const struct op *call;	    /* where the caller stands */
	struct liquid_value layout; /* undefined: none */
	const struct op *layout_op;
	size_t shadows;	 /* of the scope when it began */
	bool collecting; /* blocks are noted, not run: a layout comes */
	bool isolated;
};

struct capture {
	struct buf buf;
	struct buf *outer;
	struct capture *below;
};

/* A block of a child, or of its parent and so on, in that order. */
struct override {
	struct slice name;
	struct activation *activation;
	const struct op *body;
	struct override *next;
};

struct running_block {
	struct slice name;
	const struct override *override; /* null: the layout's own body */
	struct activation *own;
	const struct op *own_body;
	struct running_block *outer;
};

struct cached_partial {
	struct slice name;
	const struct liquid_template *t;
	struct cached_partial *next;
};

enum interrupt { INTERRUPT_NONE, INTERRUPT_BREAK, INTERRUPT_CONTINUE };

struct liquid_context {
	const struct liquid_env *env;
	const struct liquid_options *options;
	struct arena *arena;
	struct buf *out;
	struct buf scratch; /* of the filter in hand */
	int64_t fuel;
	struct liquid_value *sp; /* the next free place of the stack */
	struct activation *act;
	struct scope *scope;
	const uint32_t *map;
	struct liquid_hint *hints;
	enum liquid_escape escape;
	bool strict; /* undefined is an error */
	bool failed, limit;
	bool is_parse; /* the error was found in parsing a partial */
	enum interrupt interrupt;
	uint32_t cycle_arm; /* of the cycle in hand */
	struct liquid_limits limits;
	unsigned depth, partials;
	size_t captured; /* bytes in open captures */
	struct capture *captures;
	struct cached_partial *cache;
	struct override *overrides;
	struct running_block *block;
	unsigned include_off; /* inside render, include is not allowed */
	struct liquid_error error;
};

/* ---- running, vm.c ---- */

/* Sets the error; null, so that an operation can return it. */
const struct op *vm_fail(struct liquid_context *ctx, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The limit of that name is reached. */
const struct op *vm_limit(struct liquid_context *ctx, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Run from op to an end; false after an error that ends the render. */
bool vm_run(struct liquid_context *ctx, const struct op *op);
void vm_enter(struct liquid_context *ctx, struct activation *act);
struct activation *vm_activation(struct liquid_context *ctx, const struct liquid_template *t,
				 struct scope *scope);
/* The activation's own room; false when the memory limit is reached. */
bool vm_memory(struct liquid_context *ctx, size_t n);
/* The error that was set happened at that byte of the template in hand. */
void vm_locate(struct liquid_context *ctx, const char *at);
/* Where an activation stands: the statement that holds op. */
const struct place *vm_place(const struct activation *act, const struct op *op);

static inline bool vm_charge(struct liquid_context *ctx, size_t n)
{
	ctx->fuel -= (int64_t)n;
	return ctx->fuel >= 0 || (vm_limit(ctx, "fuel"), false);
}

/* ---- variables, scope.c ---- */

struct scope *scope_open(struct liquid_context *ctx, const struct liquid_template *t);
/* Slots of another template in this scope. */
const uint32_t *scope_map(struct liquid_context *ctx, struct scope *scope,
			  const struct liquid_template *t);
uint32_t scope_slot(struct liquid_context *ctx, struct scope *scope, struct slice name);
struct variable *scope_resolve(struct liquid_context *ctx, struct scope *scope, uint32_t slot);
void scope_assign(struct scope *scope, uint32_t slot, struct liquid_value value);
/* Hide a variable behind a new one until scope_reveal() to that depth. */
void scope_hide(struct liquid_context *ctx, struct scope *scope, uint32_t slot,
		struct liquid_value value);
void scope_reveal(struct scope *scope, size_t n_shadows);
/* By name, as self['name'] does; false if there is none. */
bool scope_find(struct liquid_context *ctx, struct scope *scope, struct slice name,
		struct liquid_value *value);
extern const struct liquid_class self_class;

static inline uint32_t vm_slot(const struct liquid_context *ctx, uint32_t n)
{
	return ctx->map ? ctx->map[n] : n;
}

static inline struct variable *vm_variable(struct liquid_context *ctx, uint32_t n)
{
	uint32_t slot = vm_slot(ctx, n);
	struct variable *v = &ctx->scope->variables[slot];
	return v->state ? v : scope_resolve(ctx, ctx->scope, slot);
}

/* ---- paths, lookup.c ---- */

/*
 * The value of a path where it stands, or in *room if it is computed; undefined
 * where a part is not there (nil if that is allowed).
 */
const struct liquid_value *vm_look(struct liquid_context *ctx, const struct site *site,
				   struct liquid_value *room);

/* word.word of an object of the host's, or of forloop. */
const struct liquid_value *vm_look_object(struct liquid_context *ctx, const struct site *site,
					  const struct liquid_value *from,
					  struct liquid_value *room);

/*
 * The same, and without a call for word.word of a hash that has it where it
 * was last time: most lookups of a mail.
 */
__attribute__((always_inline)) static inline const struct liquid_value *
vm_find(struct liquid_context *ctx, const struct site *site, struct liquid_value *room)
{
	if (!site->quick || ctx->map)
		return vm_look(ctx, site, room);
	const struct segment *s = &site->segments[0];
	const struct liquid_value *from = &ctx->scope->variables[site->slot].value;
	if (from->kind == LIQUID_OBJECT)
		return vm_look_object(ctx, site, from, room);
	size_t slot = ctx->hints[s->hint].slot;
	if (from->kind != LIQUID_HASH || slot >= from->hash->count)
		return vm_look(ctx, site, room);
	const struct hash_item *item = &from->hash->items[slot];
	return same_short_name(item->key, s->name) ? &item->value : vm_look(ctx, site, room);
}

/* Likewise, always in *out. */
void vm_path(struct liquid_context *ctx, const struct site *site, struct liquid_value *out);
bool vm_step(struct liquid_context *ctx, const struct liquid_value *from,
	     const struct segment *segment, struct liquid_value *out);
/* By a key that was computed. */
bool vm_index(struct liquid_context *ctx, struct liquid_value from, struct liquid_value key,
	      struct liquid_value *out);
struct liquid_value undefined_at(const struct site *site, size_t segment);
/* Says which part of which path was not there. */
const struct op *vm_undefined(struct liquid_context *ctx, struct liquid_value undefined);

/* Undefined may not be used here: false and an error. */
static inline bool vm_defined(struct liquid_context *ctx, const struct liquid_value *v)
{
	return v->kind != LIQUID_UNDEFINED || (vm_undefined(ctx, *v), false);
}

/* ---- output, print.c ---- */

/* Bytes as they are; false when a ceiling is reached. */
bool vm_put_slow(struct liquid_context *ctx, struct slice s);

/* Bytes that fit without growing; a buffer may have got more than its ceiling. */
static inline size_t vm_room(const struct buf *out)
{
	return (out->cap < out->max ? out->cap : out->max) - out->len;
}

/* A mail's numbers, amounts and words are too short for a call to be worth it. */
static inline void copy_short(char *to, const char *from, size_t n)
{
	uint64_t head, tail;
	uint32_t first, last;
	if (n > 16 || n < 4) {
		memcpy(to, from, n);
	} else if (n >= 8) {
		memcpy(&head, from, 8);
		memcpy(&tail, from + n - 8, 8);
		memcpy(to, &head, 8);
		memcpy(to + n - 8, &tail, 8);
	} else {
		memcpy(&first, from, 4);
		memcpy(&last, from + n - 4, 4);
		memcpy(to, &first, 4);
		memcpy(to + n - 4, &last, 4);
	}
}

static inline bool vm_put(struct liquid_context *ctx, struct slice s)
{
	struct buf *out = ctx->out;
	if (s.len >= vm_room(out))
		return vm_put_slow(ctx, s);
	copy_short(out->ptr + out->len, s.ptr, s.len);
	out->len += s.len;
	return true;
}

bool vm_print(struct liquid_context *ctx, const struct liquid_value *v);
bool vm_print_escaped(struct liquid_context *ctx, const struct liquid_value *v);
bool vm_capture(struct liquid_context *ctx);
/* What was captured since, as safe text. */
struct liquid_value vm_captured(struct liquid_context *ctx);

/* ---- partials, partial.c ---- */

/* From the loader, once a render; null and an error. */
const struct liquid_template *vm_load(struct liquid_context *ctx, struct slice name);
/* Run a template within the one in hand, whose operation op asks for it. */
bool vm_run_partial(struct liquid_context *ctx, const struct op *op,
		    const struct liquid_template *t, struct scope *scope);

/* ---- loops, loop.c ---- */

struct loop_state *loop_open(struct liquid_context *ctx, struct slice name, size_t length);
struct liquid_value loop_object(const struct loop_state *state);
/* [key, value] of a hash. */
struct liquid_value pair_at(struct liquid_context *ctx, struct liquid_value hash, size_t i);
/* What a loop sees: items of arrays and ranges, pairs of hashes. */
struct liquid_value loop_item(struct liquid_context *ctx, struct liquid_value items, size_t i);
bool loop_iterable(struct liquid_value v);

#endif
