/* SPDX-License-Identifier: ISC */
#include "compile.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "decimal.h"
#include "env.h"
#include "value.h"

void expect_markup(struct compiler *c)
{
	lexer_init(&c->lex, c->markup, c->markup_end);
}

/* The reference reads all words of a tag before it parses: a bad byte is reported first. */
static bool bad_byte(struct compiler *c)
{
	while (c->lex.kind != TOKEN_BAD && c->lex.kind != TOKEN_END)
		lexer_next(&c->lex);
	if (c->lex.kind == TOKEN_END)
		return false;
	size_t len = 1;
	while (c->lex.start + len < c->lex.end &&
	       ((unsigned char)c->lex.start[len] & 0xC0) == 0x80 && len < 4)
		len++;
	compile_fail(c, c->lex.start, "Unexpected character %.*s", (int)len, c->lex.start);
	return true;
}

bool syntax_error(struct compiler *c, const char *format, ...)
{
	const char *at = c->lex.start;
	if (bad_byte(c))
		return false;
	char text[200];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return compile_fail(c, at, "%s", text);
}

bool accept(struct compiler *c, enum token_kind kind)
{
	if (c->lex.kind != kind)
		return false;
	lexer_next(&c->lex);
	return true;
}

bool accept_word(struct compiler *c, const char *word)
{
	if (c->lex.kind != TOKEN_ID || *word != c->lex.text.ptr[0] ||
	    !slice_eq(c->lex.text, slice_str(word)))
		return false;
	lexer_next(&c->lex);
	return true;
}

bool expect(struct compiler *c, enum token_kind kind)
{
	if (accept(c, kind))
		return true;
	return syntax_error(c, "Expected %s but found %s", token_name(kind),
			    token_name(c->lex.kind));
}

bool expect_name(struct compiler *c, struct slice *name)
{
	*name = c->lex.text;
	return expect(c, TOKEN_ID);
}

bool expect_end(struct compiler *c)
{
	return c->lex.kind == TOKEN_END || expect(c, TOKEN_END);
}

static bool not_an_expression(struct compiler *c)
{
	if (c->lex.kind == TOKEN_END)
		return syntax_error(c, "[:end_of_string] is not a valid expression");
	return syntax_error(c, "[:%s, \"%.*s\"] is not a valid expression", token_name(c->lex.kind),
			    SLICE_ARG(c->lex.text));
}

static void push_value(struct compiler *c, struct liquid_value v)
{
	struct liquid_value *constant = ARENA_NEW(c->arena, struct liquid_value);
	*constant = v;
	compile_emit(c, op_push)->value = constant;
	compile_stack(c, 1);
}

static bool push_number(struct compiler *c)
{
	struct liquid_value v = value_number(c->lex.text);
	if (v.kind == LIQUID_NIL)
		return syntax_error(c, "number out of range");
	push_value(c, v);
	lexer_next(&c->lex);
	return true;
}

static enum path_command command_of(struct slice name)
{
	if (name.len == 4 && name.ptr[3] == 'e' && same_name(name, SLICE("size")))
		return COMMAND_SIZE;
	if (name.len == 4 && name.ptr[3] == 't' && same_name(name, SLICE("last")))
		return COMMAND_LAST;
	if (name.len == 5 && same_name(name, SLICE("first")))
		return COMMAND_FIRST;
	return COMMAND_NONE;
}

/* [ "key" ] and [ 3 ] need no expression of their own. */
static bool literal_index(struct compiler *c, struct segment *s)
{
	enum token_kind kind = c->lex.kind;
	if ((kind != TOKEN_STRING && kind != TOKEN_NUMBER) || lexer_ahead(&c->lex) != ']')
		return false;
	*s = (struct segment){.kind = SEGMENT_KEY, .name = c->lex.text};
	if (kind == TOKEN_NUMBER) {
		struct liquid_value v = value_number(c->lex.text);
		if (v.kind != LIQUID_INT)
			return false;
		s->kind = SEGMENT_INDEX;
		s->index = v.integer;
	}
	lexer_next(&c->lex);
	lexer_next(&c->lex);
	return true;
}

/*
 * .name, ["name"], [3] up to a computed index or the end of the path; where
 * that is says the token we stand on.  The count, or -1.
 */
static int parse_segments(struct compiler *c, int n)
{
	struct segment *segments = c->segments;
	for (;;) {
		struct lexer before = c->lex;
		struct segment s = {0};
		if (accept(c, TOKEN_DOT)) {
			s.kind = SEGMENT_NAME;
			if (!expect_name(c, &s.name))
				return -1;
			s.command = (uint8_t)command_of(s.name);
		} else if (!accept(c, TOKEN_OPEN_SQUARE)) {
			return n;
		} else if (!literal_index(c, &s)) {
			c->lex = before;
			return n;
		}
		if (n == PATH_SEGMENTS_MAX) {
			syntax_error(c, "path too long: more than %d parts", PATH_SEGMENTS_MAX);
			return -1;
		}
		s.hint = c->t->n_hints++;
		segments[n++] = s;
	}
}

/* The usual .name.name without a space between, read without the lexer. */
int plain_segments(struct compiler *c)
{
	const char *p = c->lex.at, *end = c->lex.end;
	int n = 0;
	while (end - p > 1 && *p == '.' && lexer_is(p[1], CLASS_ALPHA) && n < PATH_SEGMENTS_MAX) {
		const char *start = ++p;
		p = lexer_word_end(p, end);
		p += p < end && *p == '?';
		struct segment *s = &c->segments[n++];
		s->name = slice_of(start, (size_t)(p - start));
		s->hint = c->t->n_hints++;
		s->kind = SEGMENT_NAME;
		s->command = (uint8_t)command_of(s->name);
	}
	c->lex.at = p;
	return n;
}

const struct site *make_site(struct compiler *c, struct slice text, uint32_t slot, size_t n)
{
	const struct segment *segments = c->segments;
	struct site *site = arena_alloc(c->arena, sizeof(struct site) + n * sizeof(struct segment));
	site->text = text;
	site->slot = slot;
	site->n = (uint16_t)n;
	site->quick = n == 1 && segments[0].kind != SEGMENT_INDEX;
	for (size_t i = 0; i < n; i++)
		site->segments[i] = segments[i];
	return site;
}

/* From start up to the token we stand on, without the white space between. */
static struct slice text_since(const struct compiler *c, const char *start)
{
	const char *end = c->lex.start;
	while (lexer_is(end[-1], CLASS_SPACE))
		end--;
	return slice_of(start, (size_t)(end - start));
}

static bool deeper(struct compiler *c)
{
	if (c->nested++ < LIQUID_EXPRESSION_MAX)
		return true;
	return compile_fail(c, c->lex.start, "expression nested too deep: limit of %d",
			    LIQUID_EXPRESSION_MAX);
}

/* Behind a root that is on the stack already: [expression] and what follows it. */
static bool parse_indexes(struct compiler *c, const char *start)
{
	while (c->lex.kind == TOKEN_OPEN_SQUARE) {
		lexer_next(&c->lex);
		if (!deeper(c) || !parse_expression(c) || !expect(c, TOKEN_CLOSE_SQUARE))
			return false;
		c->nested--;
		int n = parse_segments(c, 0);
		if (n < 0)
			return false;
		struct op *op = compile_emit(c, op_index);
		op->site = make_site(c, text_since(c, start), 0, (size_t)n);
		op->n = c->t->n_hints++;
		compile_stack(c, -1);
	}
	return true;
}

static bool in_block(const struct compiler *c)
{
	for (uint32_t i = c->n_blocks; i > 0; i--)
		if (block_is(&c->blocks[i - 1], "block"))
			return true;
	return false;
}

static bool parse_path(struct compiler *c)
{
	const char *start = c->lex.start;
	struct slice root = c->lex.text;
	int n = plain_segments(c);
	lexer_next(&c->lex);
	if (c->lex.kind == TOKEN_DOT || c->lex.kind == TOKEN_OPEN_SQUARE)
		n = parse_segments(c, n);
	if (n < 0)
		return false;
	if (n == 1 && same_name(root, SLICE("block")) && c->segments[0].kind == SEGMENT_NAME &&
	    slice_eq(c->segments[0].name, SLICE("super")) && in_block(c)) {
		compile_emit(c, op_super);
	} else {
		uint32_t slot = compile_slot(c, root);
		const struct site *site = make_site(c, text_since(c, start), slot, (size_t)n);
		compile_emit(c, same_name(root, SLICE("self")) ? op_self : op_site)->site = site;
	}
	compile_stack(c, 1);
	return c->lex.kind != TOKEN_OPEN_SQUARE || parse_indexes(c, start);
}

bool may_be_literal(char first)
{
	return first == 't' || first == 'f' || first == 'n' || first == 'e' || first == 'b';
}

static bool parse_word(struct compiler *c)
{
	static const struct {
		struct slice word;
		struct liquid_value value;
	} literals[] = {
		{{"true", 4}, {.kind = LIQUID_BOOL, .boolean = true}},
		{{"false", 5}, {.kind = LIQUID_BOOL, .boolean = false}},
		{{"nil", 3}, {.kind = LIQUID_NIL}},
		{{"null", 4}, {.kind = LIQUID_NIL}},
		{{"empty", 5}, {.kind = LIQUID_EMPTY}},
		{{"blank", 5}, {.kind = LIQUID_BLANK}},
	};
	struct slice word = c->lex.text;
	if (word.len >= 3 && word.len <= 5 && may_be_literal(word.ptr[0])) {
		char next = lexer_ahead(&c->lex);
		for (size_t i = 0; i < sizeof(literals) / sizeof(literals[0]); i++) {
			if (!slice_eq(word, literals[i].word) || next == '[' ||
			    (next == '.' && c->lex.at < c->lex.end && *c->lex.at == '.' &&
			     c->lex.at + 1 < c->lex.end && c->lex.at[1] != '.'))
				continue;
			push_value(c, literals[i].value);
			lexer_next(&c->lex);
			return true;
		}
	}
	return parse_path(c);
}

/* Of two literals the range is one too; their fractions are cut off. */
static bool literal_range(struct compiler *c, uint32_t start)
{
	const struct op *ops = c->t->code + start;
	if (c->t->n_code != start + 2 || ops[0].run != op_push || ops[1].run != op_push)
		return false;
	struct liquid_value range = {.kind = LIQUID_RANGE};
	range.range.first = value_lenient_integer(*ops[0].value);
	range.range.last = value_lenient_integer(*ops[1].value);
	c->t->n_code = start;
	compile_stack(c, -2);
	push_value(c, range);
	return true;
}

static bool parse_range(struct compiler *c)
{
	uint32_t start = c->t->n_code;
	lexer_next(&c->lex);
	if (!deeper(c) || !parse_expression(c) || !expect(c, TOKEN_DOTDOT) ||
	    !parse_expression(c) || !expect(c, TOKEN_CLOSE_ROUND))
		return false;
	c->nested--;
	if (literal_range(c, start))
		return true;
	compile_emit(c, op_range);
	compile_stack(c, -1);
	return true;
}

bool parse_expression(struct compiler *c)
{
	if (!compile_may_grow(c))
		return false;
	switch (c->lex.kind) {
	case TOKEN_ID:
		return parse_word(c);
	case TOKEN_STRING:
		push_value(c, liquid_safe(c->lex.text));
		lexer_next(&c->lex);
		return true;
	case TOKEN_NUMBER:
		return push_number(c);
	case TOKEN_OPEN_ROUND:
		return parse_range(c);
	case TOKEN_OPEN_SQUARE:
		return syntax_error(c,
				    "Bare bracket access is not allowed. Use self['...'] instead");
	default:
		return not_an_expression(c);
	}
}

/* ---- conditions ---- */

static bool parse_comparison(struct compiler *c)
{
	static const struct {
		struct slice sign;
		op_fn *run;
	} comparisons[] = {
		{{"==", 2}, op_equal},	       {{"!=", 2}, op_not_equal},
		{{"<>", 2}, op_not_equal},     {{"<", 1}, op_less},
		{{">", 1}, op_greater},	       {{"<=", 2}, op_less_equal},
		{{">=", 2}, op_greater_equal}, {{"contains", 8}, op_contains},
	};
	if (!parse_expression(c))
		return false;
	if (c->lex.kind != TOKEN_COMPARISON)
		return true;
	struct slice sign = c->lex.text;
	lexer_next(&c->lex);
	if (!parse_expression(c))
		return false;
	size_t i = 0;
	while (!slice_eq(sign, comparisons[i].sign))
		i++;
	compile_emit(c, comparisons[i].run);
	compile_stack(c, -1);
	return true;
}

/*
 * and/or bind to the right without precedence: whatever decides the left
 * side decides all of the rest, so every short cut leads to the end.
 */
bool parse_condition(struct compiler *c)
{
	uint32_t ends = NO_OP;
	for (uint32_t n = 0;; n++) {
		if (!parse_comparison(c))
			return false;
		bool both = accept_word(c, "and");
		if (!both && !accept_word(c, "or"))
			break;
		compile_jump(c, both ? op_and : op_or, &ends);
		compile_stack(c, -1);
	}
	if (!expect_end(c))
		return false;
	compile_land(c, &ends);
	return true;
}

/* ---- filters ---- */

static bool end_of_arguments(const struct compiler *c)
{
	return c->lex.kind == TOKEN_PIPE || c->lex.kind == TOKEN_END;
}

/* Values lie on the stack as written; op_filter parts positional from named ones. */
static bool parse_argument(struct compiler *c)
{
	struct arguments *args = &c->args;
	if (args->n_args + args->n_named == FILTER_ARGS_MAX)
		return syntax_error(c, "too many arguments: limit of %d", FILTER_ARGS_MAX);
	if (c->lex.kind == TOKEN_ID && lexer_ahead(&c->lex) == ':') {
		args->names[args->n_args + args->n_named] = c->lex.text;
		args->n_named++;
		lexer_next(&c->lex);
		lexer_next(&c->lex);
	} else {
		args->names[args->n_args + args->n_named] = (struct slice){0};
		args->n_args++;
	}
	return parse_expression(c);
}

static bool parse_arguments(struct compiler *c)
{
	if (!end_of_arguments(c) && !parse_argument(c))
		return false;
	while (accept(c, TOKEN_COMMA) && !end_of_arguments(c))
		if (!parse_argument(c))
			return false;
	return true;
}

static bool check_arguments(struct compiler *c, const char *at, const struct filter_call *call)
{
	const struct liquid_filter *row = call->filter.row;
	if (!row && !env_lenient(c->env))
		return compile_fail(c, at, "unknown filter '%.*s'", SLICE_ARG(call->name));
	return true;
}

static bool parse_filter(struct compiler *c)
{
	struct arguments *args = &c->args;
	args->n_args = args->n_named = 0;
	const char *at = c->lex.start;
	struct slice name;
	if (!expect_name(c, &name))
		return false;
	uint32_t depth = c->depth;
	if (accept(c, TOKEN_COLON) && !parse_arguments(c))
		return false;
	size_t n = args->n_args + args->n_named;
	struct filter_call *call =
		arena_alloc(c->arena, sizeof(struct filter_call) + n * sizeof(struct slice));
	const struct filter_entry *entry = env_filter(c->env, name);
	if (entry)
		call->filter = *entry;
	call->name = name;
	call->n_args = args->n_args;
	call->n_named = args->n_named;
	if (n)
		memcpy(call->named, args->names, n * sizeof(struct slice));
	struct op *op = compile_emit(c, op_filter);
	op->call = call;
	op->x = (int32_t)(at - c->t->source.ptr);
	c->depth = depth;
	return check_arguments(c, at, call);
}

bool parse_filtered(struct compiler *c)
{
	if (!parse_expression(c))
		return false;
	while (accept(c, TOKEN_PIPE))
		if (!compile_may_grow(c) || !parse_filter(c))
			return false;
	return expect_end(c);
}
