/* SPDX-License-Identifier: ISC */
#include "lexer.h"

#define A CLASS_ALPHA
/* A table and not <ctype.h>: what a word is must not change with the locale. */
const unsigned char lexer_class[256] = {
	['\t'] = CLASS_SPACE,
	['\n'] = CLASS_SPACE,
	['\v'] = CLASS_SPACE,
	['\f'] = CLASS_SPACE,
	['\r'] = CLASS_SPACE,
	[' '] = CLASS_SPACE,
	['-'] = CLASS_DASH,
	['_'] = A,
	['0'] = CLASS_DIGIT,
	['1'] = CLASS_DIGIT,
	['2'] = CLASS_DIGIT,
	['3'] = CLASS_DIGIT,
	['4'] = CLASS_DIGIT,
	['5'] = CLASS_DIGIT,
	['6'] = CLASS_DIGIT,
	['7'] = CLASS_DIGIT,
	['8'] = CLASS_DIGIT,
	['9'] = CLASS_DIGIT,
	['A'] = A,
	['B'] = A,
	['C'] = A,
	['D'] = A,
	['E'] = A,
	['F'] = A,
	['G'] = A,
	['H'] = A,
	['I'] = A,
	['J'] = A,
	['K'] = A,
	['L'] = A,
	['M'] = A,
	['N'] = A,
	['O'] = A,
	['P'] = A,
	['Q'] = A,
	['R'] = A,
	['S'] = A,
	['T'] = A,
	['U'] = A,
	['V'] = A,
	['W'] = A,
	['X'] = A,
	['Y'] = A,
	['Z'] = A,
	['a'] = A,
	['b'] = A,
	['c'] = A,
	['d'] = A,
	['e'] = A,
	['f'] = A,
	['g'] = A,
	['h'] = A,
	['i'] = A,
	['j'] = A,
	['k'] = A,
	['l'] = A,
	['m'] = A,
	['n'] = A,
	['o'] = A,
	['p'] = A,
	['q'] = A,
	['r'] = A,
	['s'] = A,
	['t'] = A,
	['u'] = A,
	['v'] = A,
	['w'] = A,
	['x'] = A,
	['y'] = A,
	['z'] = A,
};
#undef A

/* 0 is TOKEN_END, which no byte begins: a hole means "no token". */
static const unsigned char single[256] = {
	['|'] = TOKEN_PIPE,	  ['.'] = TOKEN_DOT,	     [':'] = TOKEN_COLON,
	[','] = TOKEN_COMMA,	  ['['] = TOKEN_OPEN_SQUARE, [']'] = TOKEN_CLOSE_SQUARE,
	['('] = TOKEN_OPEN_ROUND, [')'] = TOKEN_CLOSE_ROUND, ['?'] = TOKEN_QUESTION,
	['-'] = TOKEN_DASH,
};

/* The reference's own words, because its messages quote them. */
static const char *const names[] = {
	[TOKEN_END] = "end_of_string",
	[TOKEN_BAD] = "bad",
	[TOKEN_COMPARISON] = "comparison",
	[TOKEN_STRING] = "string",
	[TOKEN_NUMBER] = "number",
	[TOKEN_ID] = "id",
	[TOKEN_DOTDOT] = "dotdot",
	[TOKEN_PIPE] = "pipe",
	[TOKEN_DOT] = "dot",
	[TOKEN_COLON] = "colon",
	[TOKEN_COMMA] = "comma",
	[TOKEN_OPEN_SQUARE] = "open_square",
	[TOKEN_CLOSE_SQUARE] = "close_square",
	[TOKEN_OPEN_ROUND] = "open_round",
	[TOKEN_CLOSE_ROUND] = "close_round",
	[TOKEN_QUESTION] = "question",
	[TOKEN_DASH] = "dash",
};

const char *token_name(enum token_kind kind)
{
	return names[kind];
}

void lexer_init(struct lexer *lexer, const char *start, const char *end)
{
	*lexer = (struct lexer){.at = start, .end = end, .kind = TOKEN_END};
	lexer_next(lexer);
}

static inline void take(struct lexer *lexer, enum token_kind kind, const char *end)
{
	lexer->kind = kind;
	lexer->text = slice_of(lexer->start, (size_t)(end - lexer->start));
	lexer->at = end;
}

/*
 * A name may end in one question mark, as methods do in Ruby.  The word contains is a
 * comparison, except behind a dot, where it is a field.
 */
static inline void take_word(struct lexer *lexer, bool behind_dot)
{
	const char *p = lexer_word_end(lexer->start + 1, lexer->end);
	if (p < lexer->end && *p == '?')
		p++;
	take(lexer, TOKEN_ID, p);
	if (lexer->text.len == 8 && !behind_dot && !memcmp(lexer->start, "contains", 8))
		lexer->kind = TOKEN_COMPARISON;
}

/* "1." and "1.." are a number and dots: ranges are written without spaces. */
static void take_number(struct lexer *lexer)
{
	const char *p = lexer->start + 1, *end = lexer->end;
	while (p < end && lexer_is(*p, CLASS_DIGIT))
		p++;
	if (end - p > 1 && *p == '.' && lexer_is(p[1], CLASS_DIGIT))
		for (p++; p < end && lexer_is(*p, CLASS_DIGIT);)
			p++;
	take(lexer, TOKEN_NUMBER, p);
}

static void take_string(struct lexer *lexer)
{
	const char *p = lexer->start + 1;
	/* Neither quote can be escaped in Liquid, so the first one of its kind ends the text. */
	const char *close = memchr(p, *lexer->start, (size_t)(lexer->end - p));
	if (!close) {
		take(lexer, TOKEN_BAD, p);
		return;
	}
	lexer->kind = TOKEN_STRING;
	lexer->text = slice_of(p, (size_t)(close - p));
	lexer->at = close + 1;
}

static void take_comparison(struct lexer *lexer, char c, char second)
{
	const char *p = lexer->start;
	if (second == '=' || (c == '<' && second == '>'))
		take(lexer, TOKEN_COMPARISON, p + 2);
	else if (c == '<' || c == '>')
		take(lexer, TOKEN_COMPARISON, p + 1);
	else
		take(lexer, TOKEN_BAD, p + 1);
}

static void take_other(struct lexer *lexer, char c)
{
	const char *p = lexer->start;
	char second = lexer->end - p > 1 ? p[1] : '\0';
	if (c == '\'' || c == '"')
		take_string(lexer);
	else if (c == '=' || c == '!' || c == '<' || c == '>')
		take_comparison(lexer, c, second);
	else if (c == '.' && second == '.')
		take(lexer, TOKEN_DOTDOT, p + 2);
	/* A minus sign belongs to the number only when it touches it: there is no subtraction. */
	else if (c == '-' && lexer_is(second, CLASS_DIGIT))
		take_number(lexer);
	else if (single[(unsigned char)c])
		take(lexer, single[(unsigned char)c], p + 1);
	else
		take(lexer, TOKEN_BAD, p + 1);
}

void lexer_next(struct lexer *lexer)
{
	const char *p = lexer->at;
	bool behind_dot = lexer->kind == TOKEN_DOT;
	while (p < lexer->end && lexer_is(*p, CLASS_SPACE))
		p++;
	lexer->start = p;
	if (p == lexer->end) {
		take(lexer, TOKEN_END, p);
		return;
	}
	if (lexer_is(*p, CLASS_ALPHA))
		take_word(lexer, behind_dot);
	else if (lexer_is(*p, CLASS_DIGIT))
		take_number(lexer);
	else
		take_other(lexer, *p);
}

char lexer_ahead(const struct lexer *lexer)
{
	const char *p = lexer->at;
	while (p < lexer->end && lexer_is(*p, CLASS_SPACE))
		p++;
	return p < lexer->end ? *p : '\0';
}
