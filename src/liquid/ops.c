/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "base/text.h"
#include "decimal.h"
#include "vm.h"

/* Operations on the stack: constants, jumps, comparisons, filters, case, cycle. */

const struct op *op_push(struct liquid_context *ctx, const struct op *op)
{
	*ctx->sp++ = *op->value;
	return op + 1;
}

static bool range_end(struct liquid_context *ctx, const struct liquid_value *v, int64_t *n)
{
	*n = 0;
	if (!vm_defined(ctx, v))
		return false;
	/* The reference refuses fractions here, and reads texts by their leading digits. */
	if (v->kind == LIQUID_INT || v->kind == LIQUID_STRING || v->kind == LIQUID_NIL) {
		*n = value_lenient_integer(*v);
		return true;
	}
	vm_fail(ctx, "invalid integer");
	return false;
}

const struct op *op_range(struct liquid_context *ctx, const struct op *op)
{
	struct liquid_value *v = ctx->sp -= 2;
	int64_t first, last;
	if (!range_end(ctx, &v[0], &first) || !range_end(ctx, &v[1], &last))
		return NULL;
	*ctx->sp++ = (struct liquid_value){.kind = LIQUID_RANGE, .range = {first, last}};
	return op + 1;
}

/* ---- jumps ---- */

const struct op *op_jump(struct liquid_context *ctx, const struct op *op)
{
	(void)ctx;
	return op + op->x;
}

const struct op *op_jump_false(struct liquid_context *ctx, const struct op *op)
{
	return liquid_truthy(*--ctx->sp) ? op + 1 : op + op->x;
}

const struct op *op_jump_true(struct liquid_context *ctx, const struct op *op)
{
	return liquid_truthy(*--ctx->sp) ? op + op->x : op + 1;
}

const struct op *op_site_jump_false(struct liquid_context *ctx, const struct op *op)
{
	const struct liquid_value *v = vm_find(ctx, op->site, ctx->sp);
	bool truthy = v->kind == LIQUID_BOOL ? v->boolean
					     : v->kind != LIQUID_NIL && v->kind != LIQUID_UNDEFINED;
	return truthy ? op + 1 : op + op->x;
}

/* The left side stays when it decides. */
const struct op *op_and(struct liquid_context *ctx, const struct op *op)
{
	if (!liquid_truthy(ctx->sp[-1]))
		return op + op->x;
	ctx->sp--;
	return op + 1;
}

const struct op *op_or(struct liquid_context *ctx, const struct op *op)
{
	if (liquid_truthy(ctx->sp[-1]))
		return op + op->x;
	ctx->sp--;
	return op + 1;
}

/* ---- comparisons ---- */

static const struct op *push_bool(struct liquid_context *ctx, const struct op *op, bool b)
{
	*ctx->sp++ = liquid_bool(b);
	return op + 1;
}

static const struct op *equal(struct liquid_context *ctx, const struct op *op, bool wanted)
{
	const struct liquid_value *v = ctx->sp -= 2;
	uint64_t work = 0;
	bool same = value_equal(v[0], v[1], ctx->arena, &work);
	if (!vm_charge(ctx, work))
		return NULL;
	return push_bool(ctx, op, same == wanted);
}

const struct op *op_equal(struct liquid_context *ctx, const struct op *op)
{
	return equal(ctx, op, true);
}

const struct op *op_not_equal(struct liquid_context *ctx, const struct op *op)
{
	return equal(ctx, op, false);
}

static const char *class_name(const struct liquid_value *v)
{
	static const char *const names[] = {
		[LIQUID_NIL] = "nil",	    [LIQUID_BOOL] = "true",	[LIQUID_INT] = "Integer",
		[LIQUID_DECIMAL] = "Float", [LIQUID_STRING] = "String", [LIQUID_LIST] = "Array",
		[LIQUID_HASH] = "Hash",	    [LIQUID_OBJECT] = "Object", [LIQUID_RANGE] = "Range",
		[LIQUID_EMPTY] = "String",  [LIQUID_BLANK] = "String",	[LIQUID_UNDEFINED] = "nil",
	};
	if (v->kind == LIQUID_BOOL && !v->boolean)
		return "false";
	return v->kind == LIQUID_DECIMAL && v->index ? "Integer" : names[v->kind];
}

/* What the reference says after "comparison of Integer with ". */
static const struct op *cannot_compare(struct liquid_context *ctx, const struct liquid_value *a,
				       const struct liquid_value *b)
{
	char number[LIQUID_NUMBER_MAX];
	if (value_is_number(*b)) {
		struct slice s = value_scalar(*b, number);
		return vm_fail(ctx, "comparison of %s with %.*s failed", class_name(a),
			       SLICE_ARG(s));
	}
	return vm_fail(ctx, "comparison of %s with %s failed", class_name(a), class_name(b));
}

enum order { BELOW = 1, SAME = 2, ABOVE = 4 };

static const struct op *ordered(struct liquid_context *ctx, const struct op *op, unsigned wanted)
{
	const struct liquid_value *v = ctx->sp -= 2;
	int order;
	if (value_is_number(v[0]) && value_is_number(v[1])) {
		order = decimal_compare(decimal_of(v[0]), decimal_of(v[1]));
	} else if (v[0].kind == LIQUID_STRING && v[1].kind == LIQUID_STRING) {
		if (!vm_charge(ctx, v[0].string.len / 16))
			return NULL;
		order = slice_cmp(v[0].string, v[1].string);
	} else if ((value_is_number(v[0]) || v[0].kind == LIQUID_STRING) &&
		   (value_is_number(v[1]) || v[1].kind == LIQUID_STRING)) {
		return cannot_compare(ctx, &v[0], &v[1]);
	} else {
		return push_bool(ctx, op, false); /* nil and such have no order */
	}
	unsigned got = order < 0 ? BELOW : order > 0 ? ABOVE : SAME;
	return push_bool(ctx, op, got & wanted);
}

const struct op *op_less(struct liquid_context *ctx, const struct op *op)
{
	return ordered(ctx, op, BELOW);
}

const struct op *op_greater(struct liquid_context *ctx, const struct op *op)
{
	return ordered(ctx, op, ABOVE);
}

const struct op *op_less_equal(struct liquid_context *ctx, const struct op *op)
{
	return ordered(ctx, op, BELOW | SAME);
}

const struct op *op_greater_equal(struct liquid_context *ctx, const struct op *op)
{
	return ordered(ctx, op, ABOVE | SAME);
}

static bool array_contains(struct liquid_context *ctx, struct liquid_value array,
			   struct liquid_value item)
{
	size_t n = value_count(array);
	uint64_t work = n;
	for (size_t i = 0; i < n; i++)
		if (value_equal(value_at(array, i, ctx->arena, NULL), item, ctx->arena, &work))
			return vm_charge(ctx, work);
	vm_charge(ctx, work);
	return false;
}

static bool contains(struct liquid_context *ctx, struct liquid_value in, struct liquid_value item)
{
	struct liquid_value found = {.kind = LIQUID_NIL};
	int64_t n;
	if (in.kind == LIQUID_STRING) {
		struct slice text = liquid_text(ctx, item);
		return vm_charge(ctx, in.string.len) && slice_find(in.string, text) >= 0;
	}
	if (in.kind == LIQUID_RANGE)
		return value_is_number(item) && liquid_integer(item, &n) && n >= in.range.first &&
		       n <= in.range.last;
	if (value_is_array(in))
		return array_contains(ctx, in, item);
	/*
	 * Of a hash its keys are asked; an object of the host answers nil for a field it has
	 * not.
	 */
	return value_is_hash(in) && item.kind == LIQUID_STRING && vm_index(ctx, in, item, &found) &&
	       (in.kind == LIQUID_HASH || found.kind != LIQUID_NIL);
}

const struct op *op_contains(struct liquid_context *ctx, const struct op *op)
{
	const struct liquid_value *v = ctx->sp -= 2;
	bool found = v[1].kind != LIQUID_NIL && v[1].kind != LIQUID_UNDEFINED &&
		     contains(ctx, v[0], v[1]);
	return ctx->failed ? NULL : push_bool(ctx, op, found);
}

/* ---- filters ---- */

/* Positional arguments in front, named ones apart; both in the order written. */
static bool sort_arguments(struct liquid_context *ctx, const struct filter_call *call,
			   struct liquid_value *values, struct liquid_named *named)
{
	size_t n = call->n_args + call->n_named, args = 0, names = 0;
	for (size_t i = 0; i < n; i++) {
		if (!vm_defined(ctx, &values[i]))
			return false;
		if (call->named[i].ptr)
			named[names++] = (struct liquid_named){call->named[i], values[i]};
		else
			values[args++] = values[i];
	}
	return true;
}

static const struct op *wrong_arity(struct liquid_context *ctx, const struct liquid_filter *row,
				    size_t given)
{
	unsigned least = row->least + 1u, most = row->most + 1u;
	if (least == most)
		return vm_fail(ctx, "wrong number of arguments (given %zu, expected %u)", given,
			       least);
	return vm_fail(ctx, "wrong number of arguments (given %zu, expected %u..%u)", given, least,
		       most);
}

/* Whatever a filter does with a text, it reads it. */
static bool charge_reading(struct liquid_context *ctx, const struct liquid_value *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (values[i].kind == LIQUID_STRING && !vm_charge(ctx, values[i].string.len / 4))
			return false;
	return true;
}

const struct op *op_filter(struct liquid_context *ctx, const struct op *op)
{
	const struct filter_call *call = op->call;
	const struct liquid_filter *row = call->filter.row;
	struct liquid_value *values = ctx->sp - call->n_args - call->n_named;
	struct liquid_value *input = values - 1, result = {.kind = LIQUID_NIL};
	ctx->sp = values;
	struct liquid_named *named = NULL;
	if (!row)
		return op + 1;
	if (call->n_named)
		named = ARENA_ARRAY(ctx->arena, call->n_named, struct liquid_named);
	if (!sort_arguments(ctx, call, values, named))
		return NULL;
	if (!call->filter.tolerant && !vm_defined(ctx, input))
		return NULL;
	if (!charge_reading(ctx, input, call->n_args + call->n_named + 1))
		return NULL;
	size_t n_args = call->n_args, n_named = row->named ? call->n_named : 0;
	if (n_args < row->least || n_args > row->most || n_named != call->n_named)
		return wrong_arity(ctx, row, n_args + 1 + (n_named != call->n_named));
	struct liquid_call filter = {
		.context = ctx,
		.input = *input,
		.args = values,
		.n_args = n_args,
		.named = named,
		.n_named = n_named,
		.user = call->filter.user,
	};
	if (row->apply(&filter, &result) < 0 || ctx->failed)
		return ctx->failed ? NULL : vm_fail(ctx, "filter %s failed", row->name);
	*input = result;
	return op + 1;
}

const struct op *op_assign(struct liquid_context *ctx, const struct op *op)
{
	const struct liquid_value *v = --ctx->sp;
	if (!vm_defined(ctx, v))
		return NULL;
	scope_assign(ctx->scope, vm_slot(ctx, op->n), *v);
	return op + 1;
}

/* ---- case: subject in temps[n], matches still to be run in temps[n + 1] ---- */

const struct op *op_case(struct liquid_context *ctx, const struct op *op)
{
	struct liquid_value *temps = ctx->act->temps + op->n;
	temps[0] = *--ctx->sp;
	if (!vm_defined(ctx, &temps[0]))
		return NULL;
	temps[1] = liquid_int(0);
	return op + 1;
}

const struct op *op_when(struct liquid_context *ctx, const struct op *op)
{
	struct liquid_value *temps = ctx->act->temps + op->n;
	const struct liquid_value *v = --ctx->sp;
	uint64_t work = 0;
	if (!vm_defined(ctx, v))
		return NULL;
	if (value_equal(temps[0], *v, ctx->arena, &work)) {
		temps[1].integer++;
		temps[1].safe = true; /* something matched */
	}
	return vm_charge(ctx, work) ? op + 1 : NULL;
}

const struct op *op_when_enter(struct liquid_context *ctx, const struct op *op)
{
	struct liquid_value *left = &ctx->act->temps[op->n + 1];
	if (!left->integer)
		return op + op->x;
	left->integer--;
	return op + 1;
}

const struct op *op_when_else(struct liquid_context *ctx, const struct op *op)
{
	return ctx->act->temps[op->n + 1].safe ? op + op->x : op + 1;
}

/* ---- cycle ---- */

/* Which arm is next stays on the stack top's place until an arm takes it. */
const struct op *op_cycle(struct liquid_context *ctx, const struct op *op)
{
	const struct cycle *cycle = op->cycle;
	struct slice key = cycle->key;
	if (cycle->named) {
		const struct liquid_value *name = --ctx->sp;
		if (!vm_defined(ctx, name))
			return NULL;
		struct slice text = liquid_text(ctx, *name);
		key = slice_str(
			arena_printf(ctx->arena, "%c%.*s", 'A' + name->kind, SLICE_ARG(text)));
		/* No literal names it, so it is told by the place where it stands. */
	} else if (!key.ptr) {
		key = slice_of(&op->cycle, sizeof(op->cycle));
	}
	if (ctx->scope->cycles.kind != LIQUID_HASH)
		ctx->scope->cycles = liquid_hash_new(ctx->arena);
	if (!vm_charge(ctx, key.len) || !vm_memory(ctx, hash_growth(ctx->scope->cycles.hash)))
		return NULL;
	struct hash_item *item = hash_find(ctx->scope->cycles.hash, key);
	/* Another cycle of the same name may have more arms than this one. */
	int64_t at = item ? item->value.integer : 0;
	ctx->cycle_arm = at < cycle->n ? (uint32_t)at : cycle->n;
	int64_t next = at + 1 < cycle->n ? at + 1 : 0;
	if (item)
		item->value.integer = next;
	else
		liquid_hash_set(ctx->arena, ctx->scope->cycles, key, liquid_int(next));
	return op + 1;
}

const struct op *op_cycle_arm(struct liquid_context *ctx, const struct op *op)
{
	return op->n == ctx->cycle_arm ? op + 1 : op + op->x;
}
