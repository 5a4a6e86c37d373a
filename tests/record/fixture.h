/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_RECORD_FIXTURE_H
#define POSTCLERK_TESTS_RECORD_FIXTURE_H

/* cmocka wants these four before itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/change.h"

/*
 * A small shop in a store of its own: agents ann (1, agent), ben (2, admin),
 * wim (3, warehouse); customers C10001 Jo Jansen (jo@example.org), C10002
 * (locked), C10003 (no orders); orders O10001 (HAL HAL ANG), O10002 (ANG ANG),
 * O10003 (of C10002, HAL), O10004 (EIN ANG), O10005 (all cancelled); threads
 * T10001 (C10001, open, ann's), T10002 (new, unlinked), T10003 (C10001, closed).
 * Each test is one transaction, as ann, that is rolled back at its end.
 */
#define FIXTURE_NOW INT64_C(1772359200) /* 2026-03-01T10:00:00Z */

struct fixture {
	char base[200];
	char dir[240];
	struct store *store;
	struct arena *arena;
};

/* cmocka's group setup and teardown. */
int fixture_setup(void **state);
/* The same with an empty store. */
int fixture_setup_empty(void **state);
int fixture_teardown(void **state);

typedef void fixture_fn(struct change *ch);
/* Runs fn in a transaction and rolls back. */
void fixture_try(void **state, fixture_fn *fn);
/* Runs fn in a transaction and commits. */
void fixture_do(struct fixture *f, fixture_fn *fn);
/* Imports lines of JSON, as "import"; the test fails with the error. */
void fixture_import(struct change *ch, const char *lines);

/* A test whose body is one transaction. */
#define RECORD_TEST(name)                                                                          \
	static void name##_body(struct change *ch);                                                \
	static void name(void **state)                                                             \
	{                                                                                          \
		fixture_try(state, name##_body);                                                   \
	}                                                                                          \
	static void name##_body(struct change *ch)

/* The error's text holds these words. */
void fixture_error(const struct err *e, enum err_class class, const char *words);
/* The newest history row of an object; the test fails when there is none. */
Rec__History *fixture_history(struct change *ch, const char *object);

#endif
