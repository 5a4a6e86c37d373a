/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_STORE_FIXTURE_H
#define POSTCLERK_TESTS_STORE_FIXTURE_H

/* cmocka wants these four before itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store.h"

/*
 * A folder that goes away with its test, and a schema of two tables: things,
 * found by each word of their value ("word") and by its length ("length"),
 * and jobs.  A value that begins with '!' is refused by the word index.
 */
#define PATH_ROOM 200

struct fixture {
	char base[PATH_ROOM]; /* the temporary folder */
	char dir[PATH_ROOM];  /* the store in it */
	const struct store_options *options;
	struct store *store;
	struct err e;
};

enum { THING_BY_WORD, THING_BY_LENGTH };
extern const struct store_table thing_table, job_table;
extern const struct store_schema fixture_schema;
/* Both create and have a small cache; only the second waits for the disk. */
extern const struct store_options fixture_options, fixture_durable;

/* cmocka's setup and teardown; the store is open. */
int fixture_setup(void **state);
int fixture_setup_durable(void **state);
int fixture_teardown(void **state);
/* Closes (if open) and opens again, with another schema if that is not null. */
void fixture_reopen(struct fixture *f, const struct store_schema *schema);

/* One transaction each; the test fails if the store does. */
void fixture_put(struct fixture *f, enum store_mode mode, const char *key, const char *value);
/* What is there, or null; memory is the test's until the next call. */
const char *fixture_get(struct fixture *f, const char *key);
/* Keys of a walk, joined by spaces: "key" of an index row is "key:primary". */
const char *fixture_walk(struct fixture *f, int index, const struct store_range *range);
/* Does any file below dir hold these bytes? */
bool fixture_on_disk(const char *dir, struct slice bytes);

/* Each file of tests runs its group and returns how many failed. */
int run_blob_tests(void);
int run_care_tests(void);
int run_crash_tests(void);
int run_key_tests(void);
int run_open_tests(void);
int run_txn_tests(void);
int run_walk_tests(void);

#endif
