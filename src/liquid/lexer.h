/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_LIQUID_LEXER_H
#define POSTCLERK_LIQUID_LEXER_H

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

/*
 * Behind the last byte of a word that goes on at p.  So many bytes behind end
 * as a block has may be read: the source of a template is padded for that.
 */
static inline const char *lexer_word_end(const char *p, const char *end)
{
#ifdef __SSE2__
	unsigned other = 0;
	for (; !other && p < end; p += other ? __builtin_ctz(other) : 16) {
		__m128i block = _mm_loadu_si128((const void *)p);
		__m128i lower = _mm_or_si128(block, _mm_set1_epi8(0x20));
		__m128i letter = _mm_and_si128(_mm_cmpgt_epi8(lower, _mm_set1_epi8('a' - 1)),
					       _mm_cmplt_epi8(lower, _mm_set1_epi8('z' + 1)));
		__m128i digit = _mm_and_si128(_mm_cmpgt_epi8(block, _mm_set1_epi8('0' - 1)),
					      _mm_cmplt_epi8(block, _mm_set1_epi8('9' + 1)));
		__m128i mark = _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('_')),
					    _mm_cmpeq_epi8(block, _mm_set1_epi8('-')));
		__m128i word = _mm_or_si128(_mm_or_si128(letter, digit), mark);
		other = ~(unsigned)_mm_movemask_epi8(word) & 0xFFFF;
	}
#else
	while (p < end && lexer_is(*p, CLASS_ALPHA | CLASS_DIGIT | CLASS_DASH))
		p++;
#endif
	return p < end ? p : end;
}

#endif
