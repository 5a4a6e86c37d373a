/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_BASE_CHECK_H
#define POSTCLERK_TESTS_BASE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* Compares what a buffer holds and empties it; the message names the row. */
#define CHECK_BUF(b, want)                                                                         \
	do {                                                                                       \
		assert_false(buf_failed(b));                                                       \
		assert_string_equal(buf_str(b), want);                                             \
		buf_clear(b);                                                                      \
	} while (0)

/* A copy on the heap of exactly its size, so that a byte read too far is seen. */
static inline struct slice exact_copy(struct slice s)
{
	char *copy = malloc(s.len ? s.len : 1);
	assert_non_null(copy);
	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return slice_of(copy, s.len);
}

static inline void exact_free(struct slice s)
{
	free((void *)(uintptr_t)s.ptr);
}

int run_money_tests(void);
int run_clock_tests(void);
int run_zone_tests(void);
int run_log_tests(void);
int run_pattern_tests(void);
int run_crypto_tests(void);
int run_json_tests(void);
int run_conf_tests(void);
int run_text_tests(void);
int run_core_tests(void);

#endif
