/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_DESK_TEMPLATE_CHECK_H
#define POSTCLERK_DESK_TEMPLATE_CHECK_H

#include "template_set.h"

/* Behind templates_check(): who listens, and the checks of one template each. */
struct template_check {
	template_problem_fn *fn;
	void *ctx;
	size_t *errors;
};

/* Sets the path of the problem, counts it and passes it on. */
void template_check_tell(const struct template_check *check, const struct template_file *file,
			 const struct template_problem *problem);

/* template_vars.c: every variable against the schema and what the desk gives. */
void template_check_variables(const struct template_check *check, const struct template *template,
			      struct arena *a);
/*
 * The first element of an HTML text that is not closed, or closed without
 * having been opened; an empty slice when all is well.
 */
struct slice template_html_unclosed(struct slice html);

#endif
