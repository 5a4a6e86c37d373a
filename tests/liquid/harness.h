/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_LIQUID_HARNESS_H
#define POSTCLERK_TESTS_LIQUID_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "liquid.h"

/* One template rendered with JSON data; closed by outcome_release. */
struct outcome {
	struct arena *arena;
	struct liquid_env *env;
	bool ok;
	const char *output;
	struct liquid_error error;
	struct buf out;
};

struct partial_row {
	const char *name, *source;
};

struct setup {
	const char *data;		    /* JSON object; null: {} */
	const struct partial_row *partials; /* up to a null name */
	struct liquid_options options;	    /* without globals */
};

struct liquid_value value_of_json(struct arena *a, const struct json *json);
struct outcome run_template(const char *source, const struct setup *setup);
void outcome_release(struct outcome *o);

/* The options most rows have: strict about undefined names, escape none. */
void assert_renders(const char *source, const char *data, const char *wanted);

/* `count` times a piece, with something before and behind; the caller frees it. */
char *repeated(const char *before, const char *piece, size_t count, const char *behind);

extern const struct CMUnitTest hostile_tests[], render_tests[], error_tests[], limit_tests[],
	value_tests[], layout_tests[], escape_tests[], suite_tests[];
extern const size_t hostile_count, render_count, error_count, limit_count, value_count_tests,
	layout_count, escape_count, suite_count;

#endif
