/* SPDX-License-Identifier: ISC */
#ifndef TESTS_DESK_TEST_DESK_H
#define TESTS_DESK_TEST_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* A directory of its own under TMPDIR; gone again after discard_dir. */
char *make_dir(char *path, size_t size);
void discard_dir(const char *path);
/* Writes dir/name anew. */
void write_file(const char *dir, const char *name, const char *text);

/* Groups, one a file; each returns how many of its tests failed. */
int run_token_tests(void);
int run_settings_tests(void);
int run_mail_tests(void);
int run_reading_tests(void);
int run_subject_tests(void);
int run_customer_tests(void);

#endif
