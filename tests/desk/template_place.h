/* SPDX-License-Identifier: ISC */
#ifndef TESTS_DESK_TEMPLATE_PLACE_H
#define TESTS_DESK_TEMPLATE_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../src/desk/markdown.h"
#include "../../src/desk/templates.h"

/* A directory of template files, gone when the test is. */
struct place {
	struct arena *a;
	char dir[128];
	struct templates *templates;
	struct err e;
};

int open_place(void **state);
int close_place(void **state);
/* Writes "mail/x.en.liquid" as an editor does: a new file takes the old one's place. */
void put_file(struct place *p, const char *path, const char *content);
/* The set in use; opened when it is not. */
const struct template_set *use(struct place *p);

extern const struct template_languages no_languages;
/* One tag; valid until the next call. */
struct template_languages language(const char *tag);

#define PLACE_TEST(fn) cmocka_unit_test_setup_teardown(fn, open_place, close_place)

#define assert_slice(slice, text) assert_string_equal(arena_str(p->a, (slice)), (text))
#define assert_has(slice, text)                                                                    \
	do {                                                                                       \
		if (slice_find((slice), slice_str(text)) < 0)                                      \
			fail_msg("no \"%s\" in:\n%.*s", (text), SLICE_ARG(slice));                 \
	} while (0)
#define assert_has_not(slice, text)                                                                \
	do {                                                                                       \
		if (slice_find((slice), slice_str(text)) >= 0)                                     \
			fail_msg("\"%s\" in:\n%.*s", (text), SLICE_ARG(slice));                    \
	} while (0)

/* Groups of the other files; how many tests failed. */
int run_markdown_tests(void);
int run_template_file_tests(void);
int run_template_admin_tests(void);

#endif
