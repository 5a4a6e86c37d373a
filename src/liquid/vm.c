/* SPDX-License-Identifier: ISC */
#include "vm.h"

#include <assert.h>
#include <stdio.h>

#include "compile.h"

__attribute__((format(printf, 2, 0))) static void set_message(struct liquid_context *ctx,
							      const char *format, va_list args)
{
	if (ctx->failed)
		return;
	ctx->failed = true;
	ctx->error = (struct liquid_error){.phase = LIQUID_RENDER};
	vsnprintf(ctx->error.message, sizeof(ctx->error.message), format, args);
}

const struct op *vm_fail(struct liquid_context *ctx, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	set_message(ctx, format, args);
	va_end(args);
	return NULL;
}

/* A limit ends the render even where errors are printed inline. */
const struct op *vm_limit(struct liquid_context *ctx, const char *format, ...)
{
	char name[64];
	va_list args;
	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	/*
	 * A limit is told even when another error stands already, and the first limit is the
	 * one that counts.
	 */
	if (!ctx->limit) {
		ctx->failed = false;
		vm_fail(ctx, "limit of %s reached", name);
		ctx->limit = ctx->error.limit = true;
	}
	return NULL;
}

int liquid_fail(struct liquid_context *ctx, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	set_message(ctx, format, args);
	va_end(args);
	return -1;
}

int liquid_charge(struct liquid_context *ctx, size_t n)
{
	return vm_charge(ctx, n) && vm_memory(ctx, n) ? 0 : -1;
}

bool vm_memory(struct liquid_context *ctx, size_t n)
{
	size_t used = arena_used(ctx->arena) + ctx->captured;
	if (n <= ctx->limits.memory && used <= ctx->limits.memory - n)
		return true;
	vm_limit(ctx, "memory");
	return false;
}

/* ---- places ---- */

/* Statements nest: of those that hold op the innermost begins last. */
const struct place *vm_place(const struct activation *act, const struct op *op)
{
	uint32_t pc = (uint32_t)(op - act->t->code);
	for (uint32_t i = act->t->n_places; i > 0; i--) {
		const struct place *place = &act->t->places[i - 1];
		if (place->pc <= pc && pc < place->end)
			return place;
	}
	return NULL;
}

static unsigned line_of(const struct activation *act, const struct op *op, unsigned *column)
{
	const struct place *place = vm_place(act, op);
	*column = 0;
	if (!place)
		return 0;
	return compile_line(act->t, act->t->source.ptr + place->offset, column);
}

static void set_template(struct liquid_context *ctx)
{
	snprintf(ctx->error.template, sizeof(ctx->error.template), "%.*s",
		 SLICE_ARG(ctx->act->t->name));
}

void vm_locate(struct liquid_context *ctx, const char *at)
{
	struct liquid_error *e = &ctx->error;
	if (e->line)
		return;
	e->line = compile_line(ctx->act->t, at, &e->column);
	if (e->line)
		set_template(ctx);
}

/* Where the error happened, and by whom that was included. */
static void locate(struct liquid_context *ctx, const struct op *op)
{
	struct liquid_error *e = &ctx->error;
	unsigned column;
	if (!e->line) {
		e->line = line_of(ctx->act, op, &e->column);
		set_template(ctx);
	}
	size_t at = strlen(e->chain);
	if (at)
		return;
	/* A partial that does not parse has no activation of its own. */
	const struct activation *act = e->phase == LIQUID_PARSE ? ctx->act : ctx->act->caller;
	const struct op *call = e->phase == LIQUID_PARSE ? op : ctx->act->call;
	for (; act && at < sizeof(e->chain); call = act->call, act = act->caller) {
		unsigned line = line_of(act, call, &column);
		int n = snprintf(e->chain + at, sizeof(e->chain) - at, "%s%.*s:%u", at ? " < " : "",
				 SLICE_ARG(act->t->name), line);
		at += (size_t)n;
	}
}

/* Print the error where it happened; the operation behind the statement, or null. */
static const struct op *recover(struct liquid_context *ctx, const struct op *op)
{
	const struct place *place = vm_place(ctx->act, op);
	locate(ctx, op);
	if (!ctx->options->inline_errors || ctx->limit || !place)
		return NULL;
	struct liquid_error *e = &ctx->error;
	char text[LIQUID_MESSAGE_MAX + LIQUID_NAME_MAX + 64];
	const char *what = e->phase == LIQUID_PARSE ? "Liquid syntax error" : "Liquid error";
	int n = e->template[0] ? snprintf(text, sizeof(text), "%s (%s line %u): %s", what,
					  e->template, e->line, e->message)
			       : snprintf(text, sizeof(text), "%s (line %u): %s", what, e->line,
					  e->message);
	ctx->failed = false;
	/* Whatever the statement left on the stack or hid goes with it. */
	ctx->sp = ctx->act->stack;
	scope_reveal(ctx->scope, ctx->act->loop ? ctx->act->loop->inside : ctx->act->shadows);
	/* Place and line were found by a walk over the template. */
	if (vm_charge(ctx, 16 + ctx->act->t->n_places / 8 + place->offset / 32) &&
	    (place->blank || vm_put(ctx, slice_of(text, (size_t)n))))
		return ctx->act->t->code + place->end;
	locate(ctx, op);
	return NULL;
}

bool vm_run(struct liquid_context *ctx, const struct op *op)
{
	while (op) {
		const struct op *last;
		do {
			last = op;
			if (--ctx->fuel < 0)
				op = vm_limit(ctx, "fuel");
			else
				op = op->run(ctx, op);
		} while (op);
		if (ctx->failed)
			op = recover(ctx, last);
	}
	return !ctx->failed;
}

void vm_enter(struct liquid_context *ctx, struct activation *act)
{
	ctx->act = act;
	ctx->scope = act->scope;
	ctx->map = act->map;
	ctx->hints = act->hints;
	ctx->sp = act->stack;
}

/*
 * Most templates look up fewer names than this, and the root's hints then
 * stand on the stack: what the arena hands out it has to clear first.
 */
#define ROOT_HINTS 160

static struct activation *activate(struct liquid_context *ctx, const struct liquid_template *t,
				   struct scope *scope, struct liquid_hint *hints)
{
	size_t values = (size_t)t->temps + t->stack + 1;
	size_t n_hints = t->n_hints;
	if (!vm_memory(ctx,
		       values * sizeof(struct liquid_value) + n_hints * sizeof(struct liquid_hint)))
		return NULL;
	struct activation *act = ARENA_NEW(ctx->arena, struct activation);
	act->t = t;
	act->scope = scope;
	act->shadows = scope->n_shadows;
	act->hints = hints ? hints : ARENA_ARRAY(ctx->arena, n_hints, struct liquid_hint);
	act->temps = ARENA_ARRAY(ctx->arena, values, struct liquid_value);
	act->stack = act->temps + t->temps;
	act->layout.kind = LIQUID_UNDEFINED;
	return act;
}

struct activation *vm_activation(struct liquid_context *ctx, const struct liquid_template *t,
				 struct scope *scope)
{
	return activate(ctx, t, scope, NULL);
}

/* ---- the doors ---- */

static struct liquid_limits limits_of(const struct liquid_limits *given)
{
	return (struct liquid_limits){
		.fuel = given->fuel ? given->fuel : LIQUID_FUEL,
		.output = given->output ? given->output : LIQUID_OUTPUT,
		.memory = given->memory ? given->memory : LIQUID_MEMORY,
		.depth = given->depth ? given->depth : LIQUID_DEPTH,
		.partials = given->partials ? given->partials : LIQUID_PARTIALS,
	};
}

static void release_captures(struct liquid_context *ctx)
{
	for (struct capture *c = ctx->captures; c; c = c->below)
		buf_release(&c->buf);
}

static bool render_root(struct liquid_context *ctx, const struct liquid_template *t)
{
	struct liquid_hint hints[ROOT_HINTS] LIQUID_UNINITIALIZED;
	bool few = t->n_hints <= ROOT_HINTS;
	if (few)
		memset(hints, 0, t->n_hints * sizeof(hints[0]));
	struct activation *act = activate(ctx, t, scope_open(ctx, t), few ? hints : NULL);
	if (!act)
		return false;
	vm_enter(ctx, act);
	return vm_run(ctx, t->code);
}

int liquid_render(const struct liquid_env *env, const struct liquid_template *template,
		  const struct liquid_options *options, struct buf *out, struct liquid_error *error)
{
	struct liquid_context ctx = {
		.env = env,
		.options = options,
		.arena = arena_open(),
		.out = out,
		.escape = options->escape,
		.strict = options->undefined_error,
		.limits = limits_of(&options->limits),
		.depth = 1,
	};
	ctx.fuel = ctx.limits.fuel > INT64_MAX ? INT64_MAX : (int64_t)ctx.limits.fuel;
	/* Beside the arena: one filter alone must not hold all memory. */
	buf_init(&ctx.scratch, ctx.limits.memory / 2);
	/*
	 * The caller's ceiling and the render's own: the nearer one holds, and the caller's
	 * is put back.
	 */
	size_t ceiling = out->max;
	if (out->len <= ceiling && ctx.limits.output < ceiling - out->len)
		out->max = out->len + ctx.limits.output;
	bool ok = render_root(&ctx, template);
	out->max = ceiling;
	if (options->usage)
		*options->usage = (struct liquid_usage){
			.fuel = ctx.limits.fuel - (uint64_t)ctx.fuel,
			.memory = arena_used(ctx.arena),
			.partials = ctx.partials,
		};
	release_captures(&ctx);
	buf_release(&ctx.scratch);
	arena_close(&ctx.arena);
	if (!ok && error)
		*error = ctx.error;
	return ok ? 1 : -1;
}

struct arena *liquid_arena(const struct liquid_context *ctx)
{
	return ctx->arena;
}

struct slice liquid_language(const struct liquid_context *ctx)
{
	return ctx->options->language;
}

const struct zone *liquid_zone(const struct liquid_context *ctx)
{
	return ctx->options->zone;
}

int64_t liquid_now(const struct liquid_context *ctx)
{
	return ctx->options->now;
}

void *liquid_user(const struct liquid_context *ctx)
{
	return ctx->options->user;
}
