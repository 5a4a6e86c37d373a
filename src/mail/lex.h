/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_LEX_H
#define POSTCLERK_MAIL_LEX_H

#include "reader.h"

/*
 * The lexical level that structured fields share (RFC 5322 3.2): white space,
 * comments, quoted strings, tokens.  Every function moves p forward or stops.
 */
struct lex {
	const char *p, *end;
	struct reader *r;
	struct buf *comments; /* collects the content of comments, or null */
	bool had_comment;
	bool broken; /* a quoted string or comment did not end */
};

static inline struct lex lex_open(struct reader *r, struct slice in)
{
	if (!in.ptr)
		in.ptr = "";
	return (struct lex){.p = in.ptr, .end = in.ptr + in.len, .r = r};
}

static inline bool lex_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Skips comments and folding white space; true when there was any. */
bool lex_cfws(struct lex *lx);
/* At '"': the content without quotes, escapes and folds (a view where it can be). */
struct slice lex_quoted(struct lex *lx);
/* Everything up to a space or one of these characters; maybe empty. */
struct slice lex_until(struct lex *lx, const char *stops);
/* True and past it when c is next. */
bool lex_take(struct lex *lx, char c);

/* Does one of these n words occur in s, ASCII letters without case?  One pass over s. */
bool lex_has_any(struct slice s, const char *const *words, size_t n);

/* ASCII lower case in the arena; a view when it is lower already. */
struct slice lex_lower(struct arena *a, struct slice s);

#endif
