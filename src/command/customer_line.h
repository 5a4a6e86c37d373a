/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_COMMAND_CUSTOMER_LINE_H
#define POSTCLERK_COMMAND_CUSTOMER_LINE_H

#include "private.h"

/* What the commands on customers share. */

/* A field of record/customer_edit.h as a parameter, for CUSTOMER_FIELDS. */
#define CUSTOMER_PARAM(field, several)                                                             \
	{.name = #field,                                                                           \
	 .type = COMMAND_TEXT,                                                                     \
	 .named = true,                                                                            \
	 .optional = true,                                                                         \
	 .many = several,                                                                          \
	 .empty = true},

/*
 * Sets every field of record/customer_edit.h that the line has as an argument
 * in the message; *n is how many.
 */
int customer_line_set(const struct command_context *ctx, const struct command_line *line,
		      Rec__Customer *customer, size_t *n, struct err *e);
/* The values of an argument, of one with `many` all of them; *n may be 0. */
const struct slice *line_values(const struct command_context *ctx, const struct command_line *line,
				const char *name, size_t *n);
/* "old → new", each in one line; "(none)" for nothing. */
void line_put_change(const struct slice *old, const struct slice *new, struct buf *out);

#endif
