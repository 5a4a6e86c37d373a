/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_MAIL_TRIM_LINE_H
#define POSTCLERK_MAIL_TRIM_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/* What a line looks like by itself. */
enum line_class {
	LINE_TEXT,
	LINE_EMPTY,
	LINE_QUOTE,
	LINE_ATTRIBUTION, /* "On … wrote:", over several lines as the case may be */
	LINE_ORIGINAL,	  /* "-----Original Message-----" */
	LINE_FORWARD,	  /* "---------- Forwarded message ----------" */
	LINE_HEADER,	  /* "From: …" and its like in other languages */
	LINE_SIGN,	  /* "-- " */
	LINE_RULE,	  /* a line of dashes or the like */
	LINE_DEVICE,	  /* "Sent from my iPhone" */
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* An attribution has at most so many lines, each and together of at most so many bytes. */
#define ATTRIBUTION_LINES_MAX 7
#define ATTRIBUTION_LINE_MAX 300
#define ATTRIBUTION_MAX 450

enum line_class trim_line_class(struct slice line);
/*
 * How many of these lines are an attribution together; 0 when they are none.
 * n is at most ATTRIBUTION_LINES_MAX.
 */
size_t trim_attribution(const struct slice *lines, size_t n);
/* "Ann wrote:", which is one where a quotation follows. */
bool trim_is_short_attribution(struct slice line);
/* Without the marks of quotation and emphasis around. */
struct slice line_bare(struct slice line);
/* Without these characters at both ends. */
struct slice line_strip(struct slice line, const char *set);
bool line_is_blank(struct slice line);
bool line_is_quote(struct slice line);

/* "```": code begins or ends. */
bool trim_is_fence(struct slice line);

#endif
