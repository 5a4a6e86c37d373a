/* SPDX-License-Identifier: ISC */
#include "escape.h"
#include "vm.h"

bool vm_put_slow(struct liquid_context *ctx, struct slice s)
{
	struct buf *out = ctx->out;
	if (!s.len)
		return true;
	buf_put(out, s);
	if (!buf_failed(out))
		return true;
	vm_limit(ctx, ctx->captures ? "memory" : "output");
	return false;
}

/* Near a ceiling, or where the room must grow first. */
__attribute__((noinline)) static bool put_escaped_slow(struct liquid_context *ctx,
						       enum liquid_escape escape, struct slice s)
{
	struct buf wide;
	if (!vm_charge(ctx, s.len / 16))
		return false;
	buf_init(&wide, SIZE_MAX);
	liquid_escape_put(&wide, escape, s);
	bool ok = vm_put_slow(ctx, buf_slice(&wide));
	buf_release(&wide);
	return ok;
}

static inline bool put_escaped(struct liquid_context *ctx, enum liquid_escape escape,
			       struct slice s)
{
	struct buf *out = ctx->out;
	if (s.len * ESCAPE_GROWTH + ESCAPE_BLOCK >= vm_room(out))
		return put_escaped_slow(ctx, escape, s);
	out->len += escape == LIQUID_ESCAPE_HTML ? escape_html(out->ptr + out->len, s)
						 : escape_bytes(out->ptr + out->len, escape, s);
	return true;
}

static bool put_string(struct liquid_context *ctx, const struct liquid_value *v)
{
	/* What was escaped once is not escaped again. */
	if (v->safe || ctx->escape == LIQUID_ESCAPE_NONE || ctx->escape == LIQUID_ESCAPE_TEXT)
		return vm_put(ctx, v->string);
	return put_escaped(ctx, ctx->escape, v->string);
}

/* ---- collections ---- */

struct writer {
	struct liquid_context *ctx;
	struct buf *plain; /* null: to the output, escaped */
};

static bool write_value(struct writer *w, const struct liquid_value *v, unsigned depth);

/* One item more, this deep. */
static bool may_write(struct writer *w, unsigned depth)
{
	if (depth > VALUE_DEPTH_MAX)
		vm_limit(w->ctx, "depth of values (%d)", VALUE_DEPTH_MAX);
	return depth <= VALUE_DEPTH_MAX && vm_charge(w->ctx, 1);
}

static bool write_literal(struct writer *w, struct slice s)
{
	if (!w->plain)
		return put_escaped(w->ctx, w->ctx->escape, s);
	buf_put(w->plain, s);
	return !buf_failed(w->plain) || (vm_limit(w->ctx, "memory"), false);
}

static bool write_quoted(struct writer *w, struct slice s)
{
	struct slice mark = SLICE("\"");
	if (!write_literal(w, mark))
		return false;
	for (size_t at = 0; at < s.len;) {
		size_t n = at;
		while (n < s.len && s.ptr[n] != '"' && s.ptr[n] != '\\' && s.ptr[n] != '\n')
			n++;
		if (!write_literal(w, slice_sub(s, at, n)))
			return false;
		at = n;
		if (n == s.len)
			break;
		if (!write_literal(w, SLICE("\\")) ||
		    !write_literal(w, s.ptr[n] == '\n' ? SLICE("n") : slice_sub(s, n, n + 1)))
			return false;
		at = n + 1;
	}
	return write_literal(w, mark);
}

/* As the reference shows what is inside a hash: strings quoted, nil as a word. */
static bool write_inspected(struct writer *w, const struct liquid_value *v, unsigned depth)
{
	if (v->kind == LIQUID_STRING)
		return write_quoted(w, v->string);
	if (v->kind == LIQUID_NIL || v->kind == LIQUID_UNDEFINED)
		return write_literal(w, SLICE("nil"));
	if (!value_is_array(*v))
		return write_value(w, v, depth);
	if (!write_literal(w, SLICE("[")))
		return false;
	for (size_t i = 0; i < value_count(*v); i++) {
		struct liquid_value item = value_at(*v, i, w->ctx->arena, NULL);
		if (!may_write(w, depth) || (i && !write_literal(w, SLICE(", "))) ||
		    !write_inspected(w, &item, depth + 1))
			return false;
	}
	return write_literal(w, SLICE("]"));
}

static bool write_hash(struct writer *w, const struct liquid_value *v, unsigned depth)
{
	size_t n = value_count(*v);
	if (!write_literal(w, SLICE("{")))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct slice key = {0};
		struct liquid_value item = value_at(*v, i, w->ctx->arena, &key);
		if (!may_write(w, depth) || (i && !write_literal(w, SLICE(", "))) ||
		    !write_quoted(w, key) || !write_literal(w, SLICE("=>")) ||
		    !write_inspected(w, &item, depth + 1))
			return false;
	}
	return write_literal(w, SLICE("}"));
}

static bool write_object(struct writer *w, const struct liquid_value *v, unsigned depth)
{
	const struct liquid_class *class = v->object.class;
	if (!class->print)
		return class->at ? write_hash(w, v, depth)
				 : write_literal(w, slice_str(class->name));
	struct buf text;
	buf_init(&text, w->ctx->limits.memory);
	class->print(v, &text);
	bool ok = write_literal(w, buf_slice(&text));
	buf_release(&text);
	return ok;
}

static bool write_value(struct writer *w, const struct liquid_value *v, unsigned depth)
{
	char number[LIQUID_NUMBER_MAX];
	if (value_is_array(*v)) {
		size_t n = value_count(*v);
		for (size_t i = 0; i < n; i++) {
			struct liquid_value item = value_at(*v, i, w->ctx->arena, NULL);
			if (!may_write(w, depth) || !write_value(w, &item, depth + 1))
				return false;
		}
		return true;
	}
	if (v->kind == LIQUID_HASH)
		return write_hash(w, v, depth);
	if (v->kind == LIQUID_OBJECT)
		return write_object(w, v, depth);
	if (v->kind == LIQUID_STRING && !w->plain)
		return put_string(w->ctx, v);
	return write_literal(w, value_scalar(*v, number));
}

/* ---- doors ---- */

static bool print_scalar(struct liquid_context *ctx, const struct liquid_value *v)
{
	char number[24];
	struct buf *out = ctx->out;
	if (v->kind == LIQUID_INT && vm_room(out) > sizeof(number)) {
		out->len += value_put_integer(out->ptr + out->len, v->integer);
		return true;
	}
	if (v->kind == LIQUID_INT)
		return vm_put(ctx, slice_of(number, value_put_integer(number, v->integer)));
	return vm_put(ctx, v->boolean ? SLICE("true") : SLICE("false"));
}

bool vm_print(struct liquid_context *ctx, const struct liquid_value *v)
{
	switch (v->kind) {
	case LIQUID_STRING:
		return put_string(ctx, v);
	case LIQUID_NIL:
		return true;
	case LIQUID_INT:
	case LIQUID_BOOL:
		return print_scalar(ctx, v);
	case LIQUID_UNDEFINED:
		return vm_defined(ctx, v);
	default: {
		struct writer w = {.ctx = ctx};
		return write_value(&w, v, 0);
	}
	}
}

bool vm_print_escaped(struct liquid_context *ctx, const struct liquid_value *v)
{
	enum liquid_escape escape = LIQUID_ESCAPE_HTML;
	if (ctx->escape == LIQUID_ESCAPE_MARKDOWN)
		escape = LIQUID_ESCAPE_MARKDOWN;
	if (v->kind == LIQUID_STRING && ctx->escape != LIQUID_ESCAPE_HEADER)
		return put_escaped(ctx, escape, v->string);
	if (v->kind == LIQUID_NIL || v->kind == LIQUID_INT || v->kind == LIQUID_BOOL)
		return vm_print(ctx, v);
	if (!vm_defined(ctx, v))
		return false;
	struct slice text = liquid_text(ctx, *v);
	/* Escaped by hand in a header: the entities are wanted, a line end still is not. */
	if (ctx->failed || ctx->escape != LIQUID_ESCAPE_HEADER)
		return !ctx->failed && put_escaped(ctx, escape, text);
	struct buf html;
	buf_init(&html, ctx->limits.memory);
	liquid_escape_put(&html, LIQUID_ESCAPE_HTML, text);
	bool ok = put_escaped(ctx, LIQUID_ESCAPE_HEADER, buf_slice(&html));
	buf_release(&html);
	return ok;
}

struct slice liquid_text(struct liquid_context *ctx, struct liquid_value v)
{
	char number[LIQUID_NUMBER_MAX];
	if (v.kind == LIQUID_STRING)
		return v.string;
	if (v.kind != LIQUID_LIST && v.kind != LIQUID_HASH && v.kind != LIQUID_OBJECT) {
		struct slice s = value_scalar(v, number);
		return s.ptr == number ? arena_copy(ctx->arena, s) : s;
	}
	struct buf text;
	buf_init(&text, ctx->limits.memory);
	struct writer w = {ctx, &text};
	if (value_is_array(v))
		write_inspected(&w, &v, 0);
	else
		write_value(&w, &v, 0);
	struct slice s = {0};
	if (liquid_charge(ctx, text.len) == 0)
		s = arena_copy(ctx->arena, buf_slice(&text));
	buf_release(&text);
	return s;
}

/* ---- captures ---- */

bool vm_capture(struct liquid_context *ctx)
{
	if (!vm_memory(ctx, sizeof(struct capture) + 256))
		return false;
	struct capture *c = ARENA_NEW(ctx->arena, struct capture);
	/* Captures that are open while this one grows count too. */
	if (ctx->captures)
		ctx->captured += ctx->captures->buf.len;
	size_t used = arena_used(ctx->arena) + ctx->captured;
	buf_init(&c->buf, used < ctx->limits.memory ? ctx->limits.memory - used : 0);
	c->outer = ctx->out;
	c->below = ctx->captures;
	ctx->captures = c;
	ctx->out = &c->buf;
	return true;
}

struct liquid_value vm_captured(struct liquid_context *ctx)
{
	struct capture *c = ctx->captures;
	struct slice s = {"", 0};
	if (liquid_charge(ctx, c->buf.len) == 0)
		s = arena_copy(ctx->arena, buf_slice(&c->buf));
	ctx->out = c->outer;
	ctx->captures = c->below;
	if (c->below)
		ctx->captured -= c->below->buf.len;
	buf_release(&c->buf);
	return liquid_safe(s);
}

/* ---- operations ---- */

static inline bool put_text(struct liquid_context *ctx, const char *text, size_t n)
{
	struct buf *out = ctx->out;
	if (n + SOURCE_PAD >= vm_room(out))
		return vm_put_slow(ctx, slice_of(text, n));
	char *to = out->ptr + out->len;
	out->len += n;
	memcpy(to, text, SOURCE_PAD);
	if (n > SOURCE_PAD)
		memcpy(to + SOURCE_PAD, text + SOURCE_PAD, n - SOURCE_PAD);
	return true;
}

const struct op *op_text(struct liquid_context *ctx, const struct op *op)
{
	return put_text(ctx, op->text, (size_t)op->x) ? op + 1 : NULL;
}

/* The text that stands before an output and was taken into it. */
static inline bool put_before(struct liquid_context *ctx, const struct op *op)
{
	return !op->x || put_text(ctx, ctx->act->t->source.ptr + op->n, (size_t)op->x);
}

const struct op *op_print(struct liquid_context *ctx, const struct op *op)
{
	return vm_print(ctx, --ctx->sp) ? op + 1 : NULL;
}

const struct op *op_print_escaped(struct liquid_context *ctx, const struct op *op)
{
	return vm_print_escaped(ctx, --ctx->sp) ? op + 1 : NULL;
}

const struct op *op_print_site(struct liquid_context *ctx, const struct op *op)
{
	if (!put_before(ctx, op))
		return NULL;
	const struct liquid_value *v = vm_find(ctx, op->site, ctx->sp);
	return vm_print(ctx, v) ? op + 1 : NULL;
}

const struct op *op_print_site_escaped(struct liquid_context *ctx, const struct op *op)
{
	if (!put_before(ctx, op))
		return NULL;
	const struct liquid_value *v = vm_find(ctx, op->site, ctx->sp);
	if (v->kind == LIQUID_STRING && ctx->escape == LIQUID_ESCAPE_HTML)
		return put_escaped(ctx, LIQUID_ESCAPE_HTML, v->string) ? op + 1 : NULL;
	return vm_print_escaped(ctx, v) ? op + 1 : NULL;
}

/* {{ path | filter }}, the whole of it. */
const struct op *op_print_filtered(struct liquid_context *ctx, const struct op *op)
{
	const struct filter_call *call = op->call;
	if (!put_before(ctx, op))
		return NULL;
	const struct liquid_filter *row = call->filter.row;
	struct liquid_value *result = ctx->sp;
	const struct liquid_value *input = vm_find(ctx, call->site, result);
	if (!call->filter.tolerant && !vm_defined(ctx, input))
		return NULL;
	if (input->kind == LIQUID_STRING && !vm_charge(ctx, input->string.len / 4))
		return NULL;
	struct liquid_call filter = {
		.context = ctx,
		.input = *input,
		.user = call->filter.user,
	};
	*result = (struct liquid_value){.kind = LIQUID_NIL};
	if (row->apply(&filter, result) < 0 || ctx->failed)
		return ctx->failed ? NULL : vm_fail(ctx, "filter %s failed", row->name);
	/* An amount or a date: what most such filters give. */
	if (result->kind == LIQUID_STRING && result->safe)
		return vm_put(ctx, result->string) ? op + 1 : NULL;
	return vm_print(ctx, result) ? op + 1 : NULL;
}

const struct op *op_capture(struct liquid_context *ctx, const struct op *op)
{
	return vm_capture(ctx) ? op + 1 : NULL;
}

const struct op *op_capture_end(struct liquid_context *ctx, const struct op *op)
{
	struct liquid_value text = vm_captured(ctx);
	if (ctx->failed)
		return NULL;
	scope_assign(ctx->scope, vm_slot(ctx, op->n), text);
	return op + 1;
}

const struct op *op_changed(struct liquid_context *ctx, const struct op *op)
{
	return vm_capture(ctx) ? op + 1 : NULL;
}

/* Prints only what differs from the last time, wherever that was. */
const struct op *op_changed_end(struct liquid_context *ctx, const struct op *op)
{
	struct liquid_value text = vm_captured(ctx);
	if (ctx->failed)
		return NULL;
	if (ctx->scope->changed.kind == LIQUID_STRING &&
	    slice_eq(ctx->scope->changed.string, text.string))
		return op + 1;
	ctx->scope->changed = text;
	return vm_put(ctx, text.string) ? op + 1 : NULL;
}
