/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_RECORD_INVARIANTS_H
#define POSTCLERK_TESTS_RECORD_INVARIANTS_H

#include "fixture.h"

/* The invariants of RECORD.md 3, in a program of their own: it takes its time. */
int run_verify_tests(void);
int run_property_tests(void);
int run_order_bug_tests(void);
int run_model_tests(void);

/* The next of a row of numbers that its beginning decides (splitmix64). */
uint64_t random_next(uint64_t *state);

#endif
