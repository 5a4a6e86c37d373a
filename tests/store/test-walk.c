/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "fixture.h"

#define MANY 3000

/* What a walk tells, "word:key" joined by blanks; it stops behind `stop` of them. */
struct told {
	const struct store_range *range;
	struct buf out;
	size_t n, stop;
};

static int tell(void *ctx, struct slice key, struct slice primary_key, struct err *e)
{
	struct told *told = ctx;

	(void)e;
	buf_printf(&told->out, "%s%.*s:%.*s", told->n ? " " : "", SLICE_ARG(key),
		   SLICE_ARG(primary_key));
	return ++told->n != told->stop;
}

static int walk(struct txn *txn, void *ctx, struct err *e)
{
	struct told *told = ctx;

	buf_clear(&told->out);
	told->n = 0;
	return store_walk(txn, &thing_table, THING_BY_WORD, told->range, tell, told, e);
}

static const struct {
	const char *label;
	struct store_range range;
	size_t stop;
	int got;
	const char *told;
} rows[] = {
	{"all", {.prefix = {NULL, 0}}, 0, 1, "blue:b blue:c green:c red:a red:b"},
	{"a prefix", {.prefix = SLICE("r")}, 0, 1, "red:a red:b"},
	{"a prefix that nothing has", {.prefix = SLICE("s")}, 0, 1, ""},
	{"from", {.from = SLICE("c")}, 0, 1, "green:c red:a red:b"},
	{"from and below", {.from = SLICE("c"), .below = SLICE("r")}, 0, 1, "green:c"},
	{"a prefix and from", {.prefix = SLICE("b"), .from = SLICE("a")}, 0, 1, "blue:b blue:c"},
	{"stopped", {.prefix = {NULL, 0}}, 2, 0, "blue:b blue:c"},
};

static void ranges(void **state)
{
	struct fixture *f = *state;

	fixture_put(f, STORE_DEFERRED, "a", "red");
	fixture_put(f, STORE_DEFERRED, "b", "red blue");
	fixture_put(f, STORE_DEFERRED, "c", "green blue");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct told told = {.range = &rows[i].range, .stop = rows[i].stop};

		buf_init(&told.out, 4096);
		if (store_run(f->store, STORE_SCAN, walk, &told, &f->e) != rows[i].got ||
		    strcmp(buf_str(&told.out), rows[i].told) != 0)
			fail_msg("%s: %s", rows[i].label, buf_str(&told.out));
		buf_release(&told.out);
	}
}

/* More than one bulk read, and what the same transaction wrote. */
static int own_writes(struct txn *txn, void *ctx, struct err *e)
{
	char key[16];

	for (int i = 0; i < 900; i++) {
		snprintf(key, sizeof(key), "own%04d", i);
		if (store_put(txn, &thing_table, slice_str(key), SLICE("many"), e) < 0)
			return -1;
	}
	return walk(txn, ctx, e);
}

static void bulk(void **state)
{
	struct fixture *f = *state;
	struct store_range range = {.prefix = SLICE("many")};
	struct told told = {.range = &range};
	char key[16];

	buf_init(&told.out, 1 << 20);
	for (int i = 0; i < MANY; i++) {
		snprintf(key, sizeof(key), "key%04d", i);
		fixture_put(f, STORE_DEFERRED, key, "many");
	}
	assert_int_equal(store_run(f->store, STORE_DEFERRED, own_writes, &told, &f->e), 1);
	assert_int_equal(told.n, MANY + 900);
	/* What was deleted is not told of. */
	fixture_put(f, STORE_DEFERRED, "key0000", "few");
	assert_int_equal(store_run(f->store, STORE_READ, walk, &told, &f->e), 1);
	assert_int_equal(told.n, MANY + 899);
	buf_release(&told.out);
}

int run_walk_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ranges, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(bulk, fixture_setup, fixture_teardown),
	};
	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
