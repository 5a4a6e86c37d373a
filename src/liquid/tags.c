/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "compile.h"
#include "value.h"

/* assign, capture, increment, decrement, cycle, ifchanged, echo, and the table of all tags. */

static bool target_byte(char ch)
{
	return lexer_is(ch, CLASS_ALPHA | CLASS_DIGIT | CLASS_DASH) || ch == '.' || ch == '[' ||
	       ch == ']';
}

static bool assign_syntax(struct compiler *c)
{
	return compile_fail(c, c->tag_at,
			    "Syntax Error in 'assign' - Valid syntax: assign [var] = [source]");
}

bool parse_assign(struct compiler *c)
{
	const char *start = c->markup;
	const char *sign = memchr(start, '=', (size_t)(c->markup_end - start));
	if (!sign)
		return assign_syntax(c);
	const char *end = sign;
	while (end > start && lexer_is(end[-1], CLASS_SPACE))
		end--;
	const char *name = end;
	while (name > start && target_byte(name[-1]))
		name--;
	if (name == end)
		return assign_syntax(c);
	if (!lexer_is(*name, CLASS_ALPHA))
		return compile_fail(c, name, "Expected id but found %s",
				    lexer_is(*name, CLASS_DIGIT) ? "number" : "dash");
	lexer_init(&c->lex, sign + 1, c->markup_end);
	if (!parse_filtered(c))
		return false;
	uint32_t slot = compile_slot(c, slice_of(name, (size_t)(end - name)));
	compile_emit(c, op_assign)->n = slot;
	compile_stack(c, -1);
	return true;
}

bool parse_capture(struct compiler *c)
{
	struct slice name = c->lex.text;
	if (c->lex.kind == TOKEN_STRING)
		lexer_next(&c->lex);
	else if (!expect_name(c, &name))
		return false;
	struct open_block *b = block_top(c);
	b->slot = compile_slot(c, name);
	compile_emit(c, op_capture);
	return expect_end(c);
}

bool close_capture(struct compiler *c)
{
	compile_emit(c, op_capture_end)->n = block_top(c)->slot;
	return true;
}

static bool parse_counter(struct compiler *c, op_fn *run)
{
	struct slice name;
	if (!expect_name(c, &name) || !expect_end(c))
		return false;
	uint32_t slot = compile_slot(c, name);
	compile_emit(c, run)->n = slot;
	return true;
}

bool parse_increment(struct compiler *c)
{
	return parse_counter(c, op_increment);
}

bool parse_decrement(struct compiler *c)
{
	return parse_counter(c, op_decrement);
}

/* ---- cycle ---- */

/*
 * Unnamed cycles of the same literals are one cycle; with a variable among
 * them each tag is its own.
 */
struct cycle_key {
	char text[256];
	size_t len;
	bool literal;
};

static void add_to_key(struct cycle_key *key, const struct op *op, bool one)
{
	if (!one || op->run != op_push) {
		key->literal = false;
		return;
	}
	char number[LIQUID_NUMBER_MAX];
	struct slice s = value_scalar(*op->value, number);
	if (s.len + 2 > sizeof(key->text) - key->len) {
		key->literal = false;
		return;
	}
	key->text[key->len++] = (char)('a' + op->value->kind);
	memcpy(key->text + key->len, s.ptr, s.len);
	key->len += s.len;
	key->text[key->len++] = ',';
}

static bool cycle_arms(struct compiler *c, struct cycle *cycle, struct cycle_key *key)
{
	uint32_t ends = NO_OP, next = NO_OP;
	do {
		if (cycle->n && c->lex.kind == TOKEN_END)
			break;
		compile_jump(c, op_cycle_arm, &next);
		c->t->code[c->t->n_code - 1].n = cycle->n++;
		uint32_t start = c->t->n_code;
		if (!parse_expression(c))
			return false;
		add_to_key(key, &c->t->code[start], c->t->n_code == start + 1);
		compile_emit(c, op_print);
		compile_stack(c, -1);
		compile_jump(c, op_jump, &ends);
		compile_land(c, &next);
	} while (accept(c, TOKEN_COMMA));
	compile_land(c, &ends);
	return expect_end(c);
}

bool parse_cycle(struct compiler *c)
{
	struct lexer before = c->lex;
	uint32_t start = c->t->n_code;
	if (c->lex.kind == TOKEN_END)
		return compile_fail(c, c->tag_at,
				    "Syntax Error in 'cycle' - Valid syntax: cycle [name :] var [, "
				    "var2, var3 ...]");
	if (!parse_expression(c))
		return false;
	struct cycle *cycle = ARENA_NEW(c->arena, struct cycle);
	cycle->named = accept(c, TOKEN_COLON);
	compile_stack(c, -1);
	if (!cycle->named) {
		c->lex = before;
		c->t->n_code = start;
	}
	compile_emit(c, op_cycle)->cycle = cycle;
	struct cycle_key key = {.literal = true};
	if (!cycle_arms(c, cycle, &key))
		return false;
	if (key.literal)
		cycle->key = arena_copy(c->arena, slice_of(key.text, key.len));
	return true;
}

/* ---- ifchanged ---- */

bool parse_ifchanged(struct compiler *c)
{
	compile_emit(c, op_changed);
	return true;
}

bool close_ifchanged(struct compiler *c)
{
	compile_emit(c, op_changed_end);
	return true;
}

/* Most used first: the search is linear. */
const struct tag tag_table[] = {
	{{"if", 2}, TAG_BLOCK, true, parse_if, close_if, false},
	{{"for", 3}, TAG_BLOCK, true, parse_for, close_loop, false},
	{{"else", 4}, TAG_BRANCH, true, parse_else, NULL, false},
	{{"assign", 6}, TAG_STATEMENT, true, parse_assign, NULL, false},
	{{"elsif", 5}, TAG_BRANCH, true, parse_elsif, NULL, false},
	{{"render", 6}, TAG_STATEMENT, false, parse_render, NULL, false},
	{{"unless", 6}, TAG_BLOCK, true, parse_unless, close_if, false},
	{{"when", 4}, TAG_BRANCH, true, parse_when, NULL, false},
	{{"case", 4}, TAG_BLOCK, true, parse_case, close_case, false},
	{{"capture", 7}, TAG_BLOCK, true, parse_capture, close_capture, true},
	{{"comment", 7}, TAG_VERBATIM, true, parse_comment, NULL, false},
	{{"#", 1}, TAG_VERBATIM, true, parse_inline_comment, NULL, false},
	{{"liquid", 6}, TAG_VERBATIM, true, parse_liquid, NULL, false},
	{{"echo", 4}, TAG_VERBATIM, false, parse_output, NULL, false},
	{{"raw", 3}, TAG_VERBATIM, true, parse_raw, NULL, false},
	{{"doc", 3}, TAG_VERBATIM, true, parse_doc, NULL, false},
	{{"block", 5}, TAG_BLOCK, false, parse_block, close_block, true},
	{{"layout", 6}, TAG_STATEMENT, true, parse_layout, NULL, false},
	{{"include", 7}, TAG_STATEMENT, false, parse_include, NULL, false},
	{{"cycle", 5}, TAG_STATEMENT, false, parse_cycle, NULL, false},
	{{"increment", 9}, TAG_STATEMENT, false, parse_increment, NULL, false},
	{{"decrement", 9}, TAG_STATEMENT, false, parse_decrement, NULL, false},
	{{"break", 5}, TAG_STATEMENT, false, parse_break, NULL, false},
	{{"continue", 8}, TAG_STATEMENT, false, parse_continue, NULL, false},
	{{"tablerow", 8}, TAG_BLOCK, true, parse_tablerow, close_loop, true},
	{{"ifchanged", 9}, TAG_BLOCK, true, parse_ifchanged, close_ifchanged, true},
};
const size_t tag_count = sizeof(tag_table) / sizeof(tag_table[0]);

const struct tag *tag_find(struct slice name)
{
	for (size_t i = 0; i < tag_count; i++)
		if (same_name(tag_table[i].name, name))
			return &tag_table[i];
	return NULL;
}
