/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "compile.h"
#include "program.h"

/* Walks the operations as if they ran, with paths for values. */

#define PATH_MAX_BYTES 1024

struct walk {
	const struct liquid_template *t;
	struct arena *arena;
	liquid_use_fn *fn;
	void *user;
	bool *local;	     /* slots the template has set */
	struct slice *stack; /* path of each value; empty: none */
	size_t depth;
};

static void push(struct walk *w, struct slice path)
{
	assert(w->depth <= w->t->stack);
	w->stack[w->depth++] = path;
}

static struct slice pop(struct walk *w)
{
	assert(w->depth > 0);
	return w->stack[--w->depth];
}

static void tell(struct walk *w, struct liquid_use use, const char *at)
{
	use.line = compile_line(w->t, at, &use.column);
	w->fn(w->user, &use);
}

static struct slice path_of(struct walk *w, struct slice root, const struct site *site)
{
	struct buf path;
	buf_init(&path, PATH_MAX_BYTES);
	buf_put(&path, root);
	for (uint32_t i = 0; i < site->n; i++) {
		const struct segment *s = &site->segments[i];
		if (s->kind == SEGMENT_INDEX) {
			buf_puts(&path, "[]");
			continue;
		}
		buf_putc(&path, '.');
		buf_put(&path, s->name);
	}
	struct slice text = arena_copy(w->arena, buf_slice(&path));
	buf_release(&path);
	return text;
}

static struct slice use_site(struct walk *w, const struct site *site, bool tolerant)
{
	struct slice path = path_of(w, w->t->names[site->slot], site);
	tell(w,
	     (struct liquid_use){
		     .kind = LIQUID_USE_VARIABLE,
		     .path = path,
		     .local = w->local[site->slot],
		     .tolerant = tolerant,
	     },
	     site->text.ptr);
	return path;
}

/* [computed] and the parts behind it. */
static struct slice use_index(struct walk *w, const struct site *site, struct slice from)
{
	if (!from.len)
		return from;
	struct slice item = slice_str(arena_printf(w->arena, "%.*s[]", SLICE_ARG(from)));
	struct slice path = path_of(w, item, site), root = from;
	size_t end = 0;
	while (end < root.len && root.ptr[end] != '.' && root.ptr[end] != '[')
		end++;
	bool local = false;
	for (uint32_t i = 0; i < w->t->n_names; i++)
		local = local || (w->local[i] && slice_eq(w->t->names[i], slice_sub(root, 0, end)));
	tell(w, (struct liquid_use){.kind = LIQUID_USE_VARIABLE, .path = path, .local = local},
	     site->text.ptr);
	return path;
}

static void use_partial(struct walk *w, const struct op *name)
{
	if (name->run == op_push && name->value->kind == LIQUID_STRING)
		tell(w,
		     (struct liquid_use){
			     .kind = LIQUID_USE_PARTIAL,
			     .path = name->value->string,
		     },
		     name->value->string.ptr);
}

static void use_loop(struct walk *w, const struct loop *loop)
{
	w->depth -= loop->n_given;
	struct slice of = pop(w);
	w->local[loop->slot] = w->local[loop->forloop] = true;
	tell(w,
	     (struct liquid_use){
		     .kind = LIQUID_USE_LOOP,
		     .path = w->t->names[loop->slot],
		     .of = of,
		     .local = true,
	     },
	     w->t->names[loop->slot].ptr);
}

/* Is what op pushes only asked whether it is there? */
static bool asked_only(const struct op *op)
{
	const struct op *next = op + 1;
	uint32_t more = 0;
	for (; next->run == op_push || next->run == op_site; next++)
		more++;
	if (next->run == op_filter)
		return next->call->filter.tolerant &&
		       next->call->n_args + next->call->n_named == more;
	return next->run == op_jump_false || next->run == op_jump_true || next->run == op_and ||
	       next->run == op_or || next->run == op_equal || next->run == op_not_equal;
}

static bool walk_path(struct walk *w, const struct op *op)
{
	if (op->run == op_print_site || op->run == op_print_site_escaped)
		use_site(w, op->site, false);
	else if (op->run == op_print_filtered)
		use_site(w, op->call->site, op->call->filter.tolerant);
	else if (op->run == op_site_jump_false)
		use_site(w, op->site, true);
	else if (op->run == op_site)
		push(w, use_site(w, op->site, asked_only(op)));
	else if (op->run == op_self)
		push(w, (struct slice){0});
	else
		return false;
	return true;
}

static bool is_one_of(op_fn *run, op_fn *const *list)
{
	while (*list && *list != run)
		list++;
	return *list;
}

static bool walk_value(struct walk *w, const struct op *op)
{
	static op_fn *const pairs[] = {op_range,	 op_equal,    op_not_equal,
				       op_less,		 op_greater,  op_less_equal,
				       op_greater_equal, op_contains, NULL};
	struct slice opaque = {0};
	if (op->run == op_push || op->run == op_super) {
		push(w, opaque);
	} else if (op->run == op_index) {
		pop(w);
		push(w, use_index(w, op->site, pop(w)));
	} else if (op->run == op_filter) {
		w->depth -= op->call->n_args + op->call->n_named + 1;
		push(w, opaque);
	} else if (is_one_of(op->run, pairs)) {
		w->depth -= 2;
		push(w, opaque);
	} else {
		return false;
	}
	return true;
}

static void walk_statement(struct walk *w, const struct op *op)
{
	static op_fn *const sets[] = {op_assign,    op_capture_end, op_increment,
				      op_decrement, op_bind,	    NULL};
	static op_fn *const pops[] = {
		op_assign, op_print, op_print_escaped, op_jump_false, op_jump_true,
		op_and,	   op_or,    op_case,	       op_when,	      NULL};
	if (is_one_of(op->run, sets))
		w->local[op->n] = true;
	if (is_one_of(op->run, pops) || (op->run == op_cycle && op->cycle->named))
		pop(w);
	if (op->run == op_loop)
		use_loop(w, op->loop);
	else if (op->run == op_partial || op->run == op_layout)
		w->depth = 0;
}

void liquid_uses(const struct liquid_template *t, struct arena *a, liquid_use_fn *fn, void *user)
{
	struct walk w = {.t = t, .arena = a, .fn = fn, .user = user};
	const struct op *first = NULL; /* of the values on the stack: a partial's name */
	w.local = ARENA_ARRAY(a, t->n_names + 1, bool);
	w.stack = ARENA_ARRAY(a, t->stack + 1, struct slice);
	for (uint32_t i = 0; i < t->n_code; i++) {
		const struct op *op = &t->code[i];
		if (!w.depth)
			first = op;
		if (op->run == op_partial)
			use_partial(&w, first);
		else if (op->run == op_layout)
			use_partial(&w, op - 1);
		if (!walk_path(&w, op) && !walk_value(&w, op))
			walk_statement(&w, op);
	}
}
