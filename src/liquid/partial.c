/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdio.h>

#include "vm.h"

/* render, include, layout and block while they run. */

static const struct liquid_template *parse_loaded(struct liquid_context *ctx, struct slice name,
						  struct slice text)
{
	struct liquid_template *t;
	struct liquid_error error = {.phase = LIQUID_PARSE};
	/* Parsing is work of this render too, or partials would be free. */
	if (!vm_charge(ctx, text.len) || !vm_memory(ctx, text.len * 4))
		return NULL;
	/* What it took is known only now; the next to ask for memory must not be the first to see.
	 */
	if (liquid_parse(ctx->env, name, text, ctx->arena, &t, &error) > 0)
		return vm_memory(ctx, 0) ? t : NULL;
	if (!ctx->failed) {
		ctx->failed = true;
		ctx->error = error;
	}
	return NULL;
}

const struct liquid_template *vm_load(struct liquid_context *ctx, struct slice name)
{
	struct liquid_source source = {0};
	struct err e = {.class = ERR_NONE};
	for (const struct cached_partial *c = ctx->cache; c; c = c->next)
		if (slice_eq(c->name, name))
			return c->t;
	int got = ctx->env->load
			  ? ctx->env->load(ctx->env->load_user, name, ctx->arena, &source, &e)
			  : 0;
	if (got <= 0) {
		if (got < 0)
			vm_fail(ctx, "%s", e.text);
		else
			vm_fail(ctx, "Could not find template '%.*s'",
				SLICE_ARG(slice_sub(name, 0, 80)));
		return NULL;
	}
	const struct liquid_template *t =
		source.parsed ? source.parsed : parse_loaded(ctx, name, source.text);
	if (!t)
		return NULL;
	struct cached_partial *c = ARENA_NEW(ctx->arena, struct cached_partial);
	*c = (struct cached_partial){arena_copy(ctx->arena, name), t, ctx->cache};
	ctx->cache = c;
	return t;
}

static bool enter_deeper(struct liquid_context *ctx)
{
	if (ctx->depth >= ctx->limits.depth) {
		/* The reference's words for its own limit, which the suites expect. */
		vm_fail(ctx, "Nesting too deep");
		ctx->error.limit = true;
		return false;
	}
	if (ctx->partials++ >= ctx->limits.partials) {
		vm_limit(ctx, "partials");
		return false;
	}
	ctx->depth++;
	return true;
}

bool vm_run_partial(struct liquid_context *ctx, const struct op *op,
		    const struct liquid_template *t, struct scope *scope)
{
	struct activation *caller = ctx->act;
	struct liquid_value *sp = ctx->sp;
	struct override *overrides = ctx->overrides;
	struct running_block *block = ctx->block;
	if (!enter_deeper(ctx))
		return false;
	struct activation *act = vm_activation(ctx, t, scope);
	if (!act)
		return false;
	act->caller = caller;
	act->call = op;
	act->isolated = scope != ctx->scope;
	if (!act->isolated && !(act->map = scope_map(ctx, scope, t)))
		return false;
	/* Blocks belong to the template that is laid out, not to partials it uses. */
	ctx->overrides = NULL;
	ctx->block = NULL;
	vm_enter(ctx, act);
	bool ok = vm_run(ctx, t->code);
	vm_enter(ctx, caller);
	ctx->sp = sp;
	ctx->overrides = overrides;
	ctx->block = block;
	ctx->depth--;
	return ok;
}

static struct slice last_part(struct slice name)
{
	for (size_t i = name.len; i > 0; i--)
		if (name.ptr[i - 1] == '/')
			return slice_sub(name, i, name.len);
	return name;
}

/* What a partial op finds on the stack. */
struct request {
	const struct op *op;
	const struct partial *partial;
	const struct liquid_template *t;
	struct slice name, alias;
	struct liquid_value with; /* nil: none */
	const struct liquid_value *attributes;
};

/* ---- render: variables of its own ---- */

static bool render_once(struct liquid_context *ctx, const struct request *r,
			struct liquid_value with, const struct loop_state *loop)
{
	struct scope *scope = scope_open(ctx, r->t);
	if (!vm_memory(ctx, sizeof(*scope) + scope->count * sizeof(struct variable)))
		return false;
	if (loop)
		scope_assign(scope, scope_slot(ctx, scope, SLICE("forloop")), loop_object(loop));
	for (uint32_t i = 0; i < r->partial->n; i++)
		scope_assign(scope, scope_slot(ctx, scope, r->partial->names[i]), r->attributes[i]);
	if (with.kind != LIQUID_NIL)
		scope_assign(scope, scope_slot(ctx, scope, r->alias), with);
	ctx->include_off++;
	bool ok = vm_run_partial(ctx, r->op, r->t, scope);
	ctx->include_off--;
	/* A break in a render ends only that: it knows no loop outside. */
	ctx->interrupt = INTERRUPT_NONE;
	return ok;
}

static bool render_all(struct liquid_context *ctx, const struct request *r)
{
	if (!r->partial->has_for || !loop_iterable(r->with))
		return render_once(ctx, r, r->with, NULL);
	struct loop_state *loop = loop_open(ctx, r->name, value_count(r->with));
	if (!loop)
		return false;
	for (; loop->at < loop->length; loop->at++)
		if (!vm_memory(ctx, 64) ||
		    !render_once(ctx, r, loop_item(ctx, r->with, loop->at), loop))
			return false;
	return true;
}

/* ---- include: the variables of who includes ---- */

static bool include_all(struct liquid_context *ctx, const struct request *r)
{
	struct scope *scope = ctx->scope;
	size_t shadows = scope->n_shadows - r->partial->n; /* op_bind hid those */
	struct liquid_value with = r->with;
	if (!r->partial->has_for && !r->partial->has_with &&
	    !scope_find(ctx, scope, r->name, &with))
		with = liquid_nil();
	uint32_t slot = scope_slot(ctx, scope, r->alias);
	scope_hide(ctx, scope, slot, with);
	bool ok = true;
	if (value_is_array(with)) {
		size_t n = value_count(with);
		for (size_t i = 0; i < n && ok && !ctx->interrupt; i++) {
			scope->variables[slot].value = value_at(with, i, ctx->arena, NULL);
			ok = vm_run_partial(ctx, r->op, r->t, scope);
		}
	} else {
		ok = vm_run_partial(ctx, r->op, r->t, scope);
	}
	scope_reveal(scope, shadows);
	return ok;
}

const struct op *op_bind(struct liquid_context *ctx, const struct op *op)
{
	const struct liquid_value *v = ctx->sp - 1;
	if (!vm_defined(ctx, v) || !vm_memory(ctx, 128))
		return NULL;
	scope_hide(ctx, ctx->scope, vm_slot(ctx, op->n), *v);
	return op + 1;
}

const struct op *op_partial(struct liquid_context *ctx, const struct op *op)
{
	const struct partial *partial = op->partial;
	bool with = partial->has_with || partial->has_for;
	const struct liquid_value *values = ctx->sp -= 1 + with + partial->n;
	for (uint32_t i = 0; i < 1u + with + partial->n; i++)
		if (!vm_defined(ctx, &values[i]))
			return NULL;
	if (!partial->isolated && ctx->include_off)
		return vm_fail(ctx, "include usage is not allowed in this context");
	if (values[0].kind != LIQUID_STRING)
		return vm_fail(ctx, "Argument error in tag 'include' - Illegal template name");
	struct request r = {
		.op = op,
		.partial = partial,
		.name = values[0].string,
		.with = with ? values[1] : liquid_nil(),
		.attributes = values + 1 + with,
	};
	r.alias = partial->alias.ptr ? partial->alias : last_part(r.name);
	r.t = vm_load(ctx, r.name);
	bool ok = r.t && (partial->isolated ? render_all(ctx, &r) : include_all(ctx, &r));
	return ok ? op + 1 : NULL;
}

/* ---- layout ---- */

/* From here on the text goes to content_for_layout, and blocks are noted for later. */
const struct op *op_layout(struct liquid_context *ctx, const struct op *op)
{
	const struct liquid_value *name = --ctx->sp;
	if (!vm_defined(ctx, name))
		return NULL;
	if (name->kind == LIQUID_NIL)
		return op + 1;
	if (name->kind != LIQUID_STRING)
		return vm_fail(ctx, "layout: the name of a template is a string");
	ctx->act->layout = *name;
	ctx->act->layout_op = op;
	ctx->act->collecting = true;
	return vm_capture(ctx) ? op + 1 : NULL;
}

static bool run_layout(struct liquid_context *ctx, struct activation *child)
{
	struct liquid_value content = vm_captured(ctx);
	const struct liquid_template *t = ctx->failed ? NULL : vm_load(ctx, child->layout.string);
	struct scope *scope = child->scope;
	size_t shadows = scope->n_shadows;
	child->collecting = false;
	if (!t || !enter_deeper(ctx))
		return false;
	struct activation *act = vm_activation(ctx, t, scope);
	if (!act || !(act->map = scope_map(ctx, scope, t)))
		return false;
	act->caller = child;
	act->call = child->layout_op;
	act->isolated = child->isolated;
	scope_hide(ctx, scope, scope_slot(ctx, scope, SLICE("content_for_layout")), content);
	vm_enter(ctx, act);
	bool ok = vm_run(ctx, t->code);
	vm_enter(ctx, child);
	scope_reveal(scope, shadows);
	ctx->depth--;
	return ok;
}

const struct op *op_end(struct liquid_context *ctx, const struct op *op)
{
	(void)op;
	if (ctx->act->layout.kind == LIQUID_STRING && ctx->act->collecting)
		run_layout(ctx, ctx->act);
	return NULL;
}

/* ---- block ---- */

/* A walk over what a template may have thousands of is charged for. */
static const struct override *find_override(struct liquid_context *ctx, const struct override *from,
					    struct slice name)
{
	size_t walked = 0;
	for (; from && !slice_eq(from->name, name); from = from->next)
		walked++;
	return vm_charge(ctx, walked / 4) ? from : NULL;
}

static void note_override(struct liquid_context *ctx, const struct op *op)
{
	struct override **end = &ctx->overrides;
	size_t walked = 0;
	for (; *end; end = &(*end)->next)
		walked++;
	if (!vm_charge(ctx, walked / 4))
		return;
	*end = ARENA_NEW(ctx->arena, struct override);
	**end = (struct override){op->block->name, ctx->act, op + 1, NULL};
}

static bool run_block(struct liquid_context *ctx, struct running_block *block)
{
	struct activation *act = ctx->act;
	struct liquid_value *sp = ctx->sp;
	const struct override *over = block->override;
	if (!enter_deeper(ctx))
		return false;
	block->outer = ctx->block;
	ctx->block = block;
	if (over && over->activation != act) {
		vm_enter(ctx, over->activation);
	} else if (!over && block->own != act) {
		vm_enter(ctx, block->own);
		ctx->sp = sp > block->own->stack && sp - block->own->stack <= block->own->t->stack
				  ? sp
				  : block->own->stack;
	}
	bool ok = vm_run(ctx, over ? over->body : block->own_body);
	vm_enter(ctx, act);
	ctx->sp = sp;
	ctx->block = block->outer;
	ctx->depth--;
	return ok;
}

const struct op *op_block(struct liquid_context *ctx, const struct op *op)
{
	if (ctx->act->collecting) {
		if (!vm_memory(ctx, sizeof(struct override)))
			return NULL;
		note_override(ctx, op);
		return ctx->failed ? NULL : op + op->x;
	}
	struct running_block block = {
		.name = op->block->name,
		.override = find_override(ctx, ctx->overrides, op->block->name),
		.own = ctx->act,
		.own_body = op + 1,
	};
	return !ctx->failed && run_block(ctx, &block) ? op + op->x : NULL;
}

const struct op *op_block_end(struct liquid_context *ctx, const struct op *op)
{
	(void)ctx;
	(void)op;
	return NULL;
}

/* What the block would be without this template. */
const struct op *op_super(struct liquid_context *ctx, const struct op *op)
{
	const struct running_block *now = ctx->block;
	struct liquid_value text = liquid_nil();
	if (now && now->override) {
		struct running_block below = *now;
		below.override = find_override(ctx, now->override->next, now->name);
		if (ctx->failed || !vm_capture(ctx))
			return NULL;
		bool ok = run_block(ctx, &below);
		text = vm_captured(ctx);
		if (!ok || ctx->failed)
			return NULL;
	}
	*ctx->sp++ = text;
	return op + 1;
}
