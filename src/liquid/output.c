/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "compile.h"
#include "env.h"
#include "value.h"

/* {{ ... }} and echo. */

/* What is left of an output when it is only a path, with one filter at most. */
static op_fn *print_of(const struct filter_call *call)
{
	if (!call)
		return op_print_site;
	if (env_is_escape(call->filter.row))
		return op_print_site_escaped;
	return call->filter.row && !call->filter.row->least ? op_print_filtered : NULL;
}

/* The text in front goes into the same operation, unless a jump leads between them. */
static void take_text(struct compiler *c, uint32_t place)
{
	struct liquid_template *t = c->t;
	uint32_t last = t->n_code - 1;
	if (!last || t->code[last - 1].run != op_text || c->landing >= last)
		return;
	struct op text = t->code[last - 1];
	struct op *op = &t->code[last - 1];
	*op = t->code[last];
	op->x = text.x;
	op->n = (uint32_t)(text.text - t->source.ptr);
	t->n_code = last;
	t->places[place].pc = last - 1;
}

/* {{ path }} and {{ path | filter }} are most of a mail: one operation for the whole. */
static bool emit_short_print(struct compiler *c, uint32_t start, uint32_t place)
{
	struct liquid_template *t = c->t;
	struct op *op = &t->code[start];
	struct filter_call *call = NULL;
	uint32_t n = t->n_code - start;
	if (n > 2 || op->run != op_site)
		return false;
	if (n == 2 && (op[1].run != op_filter || op[1].call->n_args || op[1].call->n_named))
		return false;
	if (n == 2)
		call = op[1].call;
	op_fn *run = print_of(call);
	if (!run)
		return false;
	t->n_code = start + 1;
	op->run = run;
	if (run == op_print_filtered) {
		call->site = op->site;
		op->call = call;
	}
	take_text(c, place);
	return true;
}

/* {{ anything | escape }} needs no copy of the escaped text. */
static void emit_print(struct compiler *c, uint32_t start, uint32_t place)
{
	struct liquid_template *t = c->t;
	const struct op *last = &t->code[t->n_code - 1];
	bool escaped = last->run == op_filter && !last->call->n_args && !last->call->n_named &&
		       env_is_escape(last->call->filter.row);
	compile_stack(c, -1);
	if (emit_short_print(c, start, place))
		return;
	t->n_code -= escaped;
	compile_emit(c, escaped ? op_print_escaped : op_print);
}

static const char *skip_spaces(const char *p, const char *end)
{
	while (p < end && lexer_is(*p, CLASS_SPACE))
		p++;
	return p;
}

/* A word at p, or an empty slice. */
static struct slice plain_word(const char *p, const char *end)
{
	const char *start = p;
	if (p < end && lexer_is(*p, CLASS_ALPHA))
		p = lexer_word_end(p, end);
	return slice_of(start, (size_t)(p - start));
}

bool special_word(struct slice word)
{
	if (!word.len || word.ptr[word.len - 1] == '-')
		return true;
	return (word.len <= 5 && may_be_literal(word.ptr[0])) || same_name(word, SLICE("self")) ||
	       same_name(word, SLICE("contains"));
}

static bool quick_filter(struct compiler *c, struct op *op, struct slice name)
{
	/* One filter, escape, is most of those a mail has. */
	const struct filter_entry *entry = c->last_filter;
	if (!entry || !same_name(entry->name, name))
		entry = c->last_filter = env_filter(c->env, name);
	if (!entry || entry->row->least)
		return false;
	if (env_is_escape(entry->row)) {
		op->run = op_print_site_escaped;
		return true;
	}
	struct filter_call *call = ARENA_NEW(c->arena, struct filter_call);
	call->filter = *entry;
	call->name = name;
	call->site = op->site;
	op->run = op_print_filtered;
	op->call = call;
	return true;
}

/*
 * {{ word.word | word }} read straight from the source: what most of a mail
 * is made of.  False, with nothing changed, when it is anything else.
 */
bool quick_output(struct compiler *c)
{
	const char *start = skip_spaces(c->tag_at + 2, c->end);
	struct slice root = plain_word(start, c->end), filter = {0};
	uint32_t n_hints = c->t->n_hints, n_code = c->t->n_code;
	if (special_word(root))
		return false;
	c->lex.at = root.ptr + root.len;
	c->lex.end = c->end;
	size_t n = (size_t)plain_segments(c);
	struct slice text = slice_of(start, (size_t)(c->lex.at - start));
	const char *p = skip_spaces(c->lex.at, c->end);
	if (p < c->end && *p == '|') {
		filter = plain_word(skip_spaces(p + 1, c->end), c->end);
		p = skip_spaces(filter.ptr + filter.len, c->end);
	}
	if (c->end - p < 2 || p[0] != '}' || p[1] != '}' || p[-1] == '-') {
		c->t->n_hints = n_hints;
		return false;
	}
	uint32_t place = compile_place(c);
	struct op *op = compile_emit(c, op_print_site);
	op->site = make_site(c, text, compile_slot(c, root), n);
	if (filter.ptr && !quick_filter(c, op, filter)) {
		c->t->n_hints = n_hints;
		c->t->n_code = n_code;
		c->t->n_places--;
		return false;
	}
	take_text(c, place);
	compile_place_end(c, place, false);
	compile_stack(c, 1);
	compile_stack(c, -1);
	block_prints(c);
	c->trim = c->tag_trims = false;
	c->at = p + 2;
	return true;
}

bool parse_output(struct compiler *c)
{
	expect_markup(c);
	block_prints(c);
	if (c->lex.kind == TOKEN_END)
		return true;
	uint32_t place = compile_place(c);
	uint32_t start = c->t->n_code;
	if (!parse_filtered(c))
		return false;
	emit_print(c, start, place);
	compile_place_end(c, place, false);
	assert(c->depth == 0);
	return true;
}
