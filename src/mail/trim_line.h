/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_TRIM_LINE_H
#define POSTCLERK_MAIL_TRIM_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

struct trim_words;

/* What a line looks like by itself. */
enum line_class {
	LINE_TEXT,
	LINE_EMPTY,
	LINE_QUOTE,
	LINE_ATTRIBUTION, /* "On … wrote:", over several lines as the case may be */
	LINE_SAID,	  /* "Ann wrote:" where a quotation follows */
	LINE_ORIGINAL,	  /* "-----Original Message-----" */
	LINE_ABOVE,	  /* "Please reply above this line" */
	LINE_FORWARD,	  /* "---------- Forwarded message ----------" */
	LINE_HEADER,	  /* "From: …" and its like in other languages */
	LINE_SIGN,	  /* "-- " */
	LINE_RULE,	  /* a line of dashes or the like */
	LINE_DEVICE,	  /* "Sent from my iPhone" */
	LINE_SIGNED,	  /* HTML says that it is a signature */
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* An attribution has at most so many lines, each and together of at most so many bytes. */
#define ATTRIBUTION_LINES_MAX 7
#define ATTRIBUTION_LINE_MAX 300
#define ATTRIBUTION_MAX 450

enum line_class trim_line_class(const struct trim_words *w, struct slice line);

/* Could an attribution begin with this line, and could one end with it?  Both cheap. */
bool trim_attribution_begins(const struct trim_words *w, struct slice line);
bool trim_attribution_ends(const struct trim_words *w, struct slice line);
/*
 * How many of these lines are an attribution together; 0 when they are none.
 * n is at most ATTRIBUTION_LINES_MAX.
 */
size_t trim_attribution(const struct trim_words *w, const struct slice *lines, size_t n);
/* "Ann wrote:", which is one where a quotation follows. */
bool trim_is_short_attribution(const struct trim_words *w, struct slice line);
/* "19.04.16", "4/8/15" or "2016" */
bool trim_has_date(struct slice line);

/* Without the marks of quotation and emphasis around. */
struct slice line_bare(struct slice line);
/* Sets of bytes to strip; bits of a table. */
enum strip_set {
	STRIP_DASHES = 1,  /* "- \t*" around an attribution */
	STRIP_OPENING = 2, /* "(<[*_> " before what a device signs */
	STRIP_CLOSING = 4, /* ".)>]* " behind it */
	STRIP_NAME = 8,	   /* "* \t" around the name of a header field */
	STRIP_MARKER = 16, /* "-_*= \t:<>" around "Original Message" */
	STRIP_QUOTE = 32,  /* "> \t*_": quotation and emphasis, before a line */
	STRIP_END = 64,	   /* " *": the same, behind */
};

/* Without the bytes of the set at both ends. */
struct slice line_strip(struct slice line, enum strip_set set);
bool line_is_blank(struct slice line);
bool line_is_quote(struct slice line);

/* "```": code begins or ends. */
bool trim_is_fence(struct slice line);

/* ---- words (trim_words.c) ---- */

/* The tables, indexed for looking up. */
const struct trim_words *trim_words_open(struct arena *a);

enum word_table {
	WORDS_ORIGINAL, /* of "-----Original Message-----", bare */
	WORDS_FORWARD,
	WORDS_ABOVE,   /* of "Reply above this line" */
	WORDS_HEADER,  /* "from", "sent" …, without colon */
	WORDS_DEVICE,  /* how a line begins that a device or a program signs */
	WORDS_SIGNED,  /* how such a line ends */
	WORDS_STARTER, /* how an attribution begins; as they are written */
	WORDS_VERB,    /* "wrote"; as it is written */
};

/* ASCII letters without case, but for the ends. */
bool words_equal(const struct trim_words *w, struct slice s, enum word_table table);
bool words_start(const struct trim_words *w, struct slice s, enum word_table table);
bool words_end(const struct trim_words *w, struct slice s, enum word_table table);
bool words_within(const struct trim_words *w, struct slice s, enum word_table table);

#endif
