/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_LIQUID_LEXER_H
#define POSTCLERK_LIQUID_LEXER_H

#include "base/slice.h"

/* The words between the marks of a tag, one at a time. */
enum token_kind {
	TOKEN_END,
	TOKEN_BAD, /* a byte that begins no token */
	TOKEN_COMPARISON,
	TOKEN_STRING, /* text without its quotes */
	TOKEN_NUMBER,
	TOKEN_ID,
	TOKEN_DOTDOT,
	TOKEN_PIPE,
	TOKEN_DOT,
	TOKEN_COLON,
	TOKEN_COMMA,
	TOKEN_OPEN_SQUARE,
	TOKEN_CLOSE_SQUARE,
	TOKEN_OPEN_ROUND,
	TOKEN_CLOSE_ROUND,
	TOKEN_QUESTION,
	TOKEN_DASH,
};

struct lexer {
	const char *at, *end;
	enum token_kind kind; /* of the token we stand on */
	struct slice text;
	const char *start; /* where it begins, its quote included */
};

/* Stands on the first token of the markup. */
void lexer_init(struct lexer *lexer, const char *start, const char *end);
void lexer_next(struct lexer *lexer);
/* The byte behind the current token, spaces skipped; 0 at the end. */
char lexer_ahead(const struct lexer *lexer);
/* The reference's name of a kind: "end_of_string". */
const char *token_name(enum token_kind kind);

/* Bytes that may stand in a word, and white space, as the reference sees them. */
extern const unsigned char lexer_class[256];
#define CLASS_SPACE 1
#define CLASS_DIGIT 2
#define CLASS_ALPHA 4 /* letters and '_' */
#define CLASS_DASH 8

static inline bool lexer_is(char c, unsigned classes)
{
	return lexer_class[(unsigned char)c] & classes;
}

#endif
