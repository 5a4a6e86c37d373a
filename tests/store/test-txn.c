/* SPDX-License-Identifier: ISC */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "fixture.h"

#define S(text) SLICE(text)

static void record_comes_and_goes(struct txn *txn, struct err *e)
{
	struct slice value;

	assert_int_equal(store_get(txn, &thing_table, S("a"), &value, e), 0);
	assert_int_equal(store_insert(txn, &thing_table, S("a"), S("one"), e), 1);
	assert_int_equal(store_insert(txn, &thing_table, S("a"), S("two"), e), 0);
	assert_int_equal(store_get_rmw(txn, &thing_table, S("a"), &value, e), 1);
	assert_true(slice_eq(value, S("one")));
	assert_int_equal(store_put(txn, &thing_table, S("a"), S("three"), e), 1);
	assert_int_equal(store_get(txn, &thing_table, S("a"), &value, e), 1);
	assert_true(slice_eq(value, S("three")));
	assert_int_equal(store_delete(txn, &thing_table, S("a"), e), 1);
	assert_int_equal(store_delete(txn, &thing_table, S("a"), e), 0);
	assert_int_equal(store_get(txn, &thing_table, S("a"), &value, e), 0);
	/* Empty and large values. */
	assert_int_equal(store_put(txn, &job_table, S("empty"), S(""), e), 1);
	assert_int_equal(store_get(txn, &job_table, S("empty"), &value, e), 1);
	assert_int_equal(value.len, 0);
	value = slice_of(arena_alloc(txn_arena(txn), 1 << 20), 1 << 20);
	assert_int_equal(store_put(txn, &job_table, S("large"), value, e), 1);
	assert_int_equal(store_get(txn, &job_table, S("large"), &value, e), 1);
	assert_int_equal(value.len, 1 << 20);
}

static int all_of_a_record(struct txn *txn, void *ctx, struct err *e)
{
	assert_ptr_equal(txn_store(txn), ((struct fixture *)ctx)->store);
	record_comes_and_goes(txn, e);
	return 7;
}

static void records(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(store_run(f->store, STORE_DEFERRED, all_of_a_record, f, &f->e), 7);
}

/* What a transaction may not do, and how it is told. */

static int empty_key(struct txn *txn, struct err *e)
{
	return store_put(txn, &thing_table, S(""), S("x"), e);
}

static int long_key(struct txn *txn, struct err *e)
{
	struct store_key key = {0};

	for (int i = 0; i <= STORE_KEY_MAX; i++)
		store_key_u8(&key, 'k');
	return store_put(txn, &thing_table, store_key_slice(&key), S("x"), e);
}

static int long_index_key(struct txn *txn, struct err *e)
{
	char word[STORE_KEY_MAX + 1];

	memset(word, 'w', sizeof(word));
	return store_put(txn, &thing_table, S("k"), slice_of(word, sizeof(word)), e);
}

static int refused_by_index(struct txn *txn, struct err *e)
{
	return store_put(txn, &thing_table, S("k"), S("!bad"), e);
}

static int too_many(struct txn *txn, struct err *e)
{
	int r = 1;

	for (uint32_t i = 0; i <= STORE_PUTS_MAX && r > 0; i++) {
		struct store_key key = {0};

		store_key_u32(&key, i);
		r = store_put(txn, &job_table, store_key_slice(&key), S("x"), e);
	}
	return r;
}

static int denied_by_fn(struct txn *txn, struct err *e)
{
	store_put(txn, &thing_table, S("k"), S("x"), e);
	return err_set(e, ERR_DENIED, "no");
}

static const struct refusal {
	int (*step)(struct txn *txn, struct err *e);
	enum err_class class;
	const char *text;
} refusals[] = {
	{empty_key, ERR_INPUT, "1 to 512 bytes"},
	{long_key, ERR_INPUT, "1 to 512 bytes"},
	{long_index_key, ERR_TEMP, "refuses the record"},
	{refused_by_index, ERR_TEMP, "refuses the record"},
	{too_many, ERR_INPUT, "at most 1000 records"},
	{denied_by_fn, ERR_DENIED, "no"},
};

/* The second pass swallows the failure: the transaction is spoiled all the same. */
static int try_refusal(struct txn *txn, void *ctx, struct err *e)
{
	const struct refusal *refusal = ctx;
	int r = store_put(txn, &job_table, S("before"), S("x"), e);

	return r > 0 ? refusal->step(txn, e) : r;
}

static int swallow_refusal(struct txn *txn, void *ctx, struct err *e)
{
	struct slice value;

	assert_int_equal(try_refusal(txn, ctx, NULL), -1);
	assert_int_equal(store_get(txn, &job_table, S("before"), &value, e), -1);
	return 1;
}

static int get_job(struct txn *txn, void *ctx, struct err *e)
{
	struct slice value;

	return store_get(txn, &job_table, slice_str(ctx), &value, e);
}

static void refused(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct refusal row = refusals[i];

		assert_int_equal(store_run(f->store, STORE_DEFERRED, try_refusal, &row, &f->e), -1);
		assert_int_equal(f->e.class, row.class);
		assert_non_null(strstr(f->e.text, row.text));
		if (row.step != denied_by_fn) {
			assert_int_equal(
				store_run(f->store, STORE_DEFERRED, swallow_refusal, &row, &f->e),
				-1);
			assert_int_equal(f->e.class, row.class);
		}
		assert_int_equal(
			store_run(f->store, STORE_READ, get_job, (char[]){"before"}, &f->e), 0);
	}
}

static void walks(void **state)
{
	static const struct {
		int index;
		struct store_range range;
		const char *found;
	} rows[] = {
		{STORE_PRIMARY, {.update = false}, "a ab abc b \xff \xff\xff"},
		{STORE_PRIMARY, {.backward = true}, "\xff\xff \xff b abc ab a"},
		{STORE_PRIMARY, {.prefix = {"ab", 2}}, "ab abc"},
		{STORE_PRIMARY, {.prefix = {"ab", 2}, .backward = true}, "abc ab"},
		{STORE_PRIMARY, {.prefix = {"\xff", 1}}, "\xff \xff\xff"},
		{STORE_PRIMARY, {.prefix = {"\xff", 1}, .backward = true}, "\xff\xff \xff"},
		{STORE_PRIMARY, {.prefix = {"zz", 2}}, ""},
		{STORE_PRIMARY, {.from = {"ab", 2}, .below = {"b", 1}}, "ab abc"},
		{STORE_PRIMARY, {.from = {"aa", 2}, .below = {"abb", 3}}, "ab"},
		{STORE_PRIMARY, {.from = {"ab", 2}, .below = {"b", 1}, .backward = true}, "abc ab"},
		{STORE_PRIMARY, {.prefix = {"a", 1}, .from = {"abb", 3}}, "abc"},
		{STORE_PRIMARY,
		 {.prefix = {"a", 1}, .below = {"abb", 3}, .backward = true},
		 "ab a"},
		{STORE_PRIMARY, {.from = {"c", 1}, .below = {"b", 1}}, ""},
		{STORE_PRIMARY, {.from = {"c", 1}, .below = {"b", 1}, .backward = true}, ""},
		{STORE_PRIMARY, {.below = {"a", 1}, .backward = true}, ""},
		{THING_BY_WORD, {.prefix = {"red", 3}}, "red:a red:ab red:b redder:abc"},
		{THING_BY_WORD,
		 {.prefix = {"red", 3}, .backward = true},
		 "redder:abc red:b red:ab red:a"},
		{THING_BY_WORD, {.from = {"blue", 4}, .below = {"green", 5}}, "blue:a blue:\xff"},
		{THING_BY_WORD, {.prefix = {"none", 4}}, ""},
	};
	struct fixture *f = *state;

	fixture_put(f, STORE_DEFERRED, "b", "red");
	fixture_put(f, STORE_DEFERRED, "a", "red blue red");
	fixture_put(f, STORE_DEFERRED, "abc", "redder");
	fixture_put(f, STORE_DEFERRED, "ab", "red green");
	fixture_put(f, STORE_DEFERRED, "\xff", "blue");
	fixture_put(f, STORE_DEFERRED, "\xff\xff", "");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(fixture_walk(f, rows[i].index, &rows[i].range), rows[i].found);
	/* An index follows its records. */
	fixture_put(f, STORE_DEFERRED, "a", "green blue");
	assert_string_equal(
		fixture_walk(f, THING_BY_WORD, &(struct store_range){.prefix = S("red")}),
		"red:ab red:b redder:abc");
}

static int walk_and_stop(struct txn *txn, void *ctx, struct err *e)
{
	struct store_range range = {.prefix = S("r")};
	struct store_cursor *first, *second;
	struct store_row row;

	(void)ctx;
	assert_int_equal(store_cursor_open(txn, &thing_table, THING_BY_WORD, &range, &first, e), 1);
	assert_int_equal(store_cursor_open(txn, &thing_table, STORE_PRIMARY, &range, &second, e),
			 1);
	assert_int_equal(store_next(first, &row, e), 1);
	assert_true(slice_eq(row.value, S("red green")));
	assert_int_equal(store_next(second, &row, e), 0);
	assert_int_equal(store_next(second, &row, e), 0);
	store_cursor_close(&first);
	assert_null(first);
	assert_int_equal(store_first(txn, &thing_table, THING_BY_WORD, &range, &row, e), 1);
	assert_true(slice_eq(row.key, S("red")));
	assert_true(slice_eq(row.primary_key, S("k")));
	range.prefix = S("x");
	return store_first(txn, &thing_table, THING_BY_WORD, &range, &row, e);
}

static void cursors_end_with_their_transaction(void **state)
{
	struct fixture *f = *state;

	fixture_put(f, STORE_DEFERRED, "k", "red green");
	assert_int_equal(store_run(f->store, STORE_READ, walk_and_stop, NULL, &f->e), 0);
	fixture_put(f, STORE_DEFERRED, "k", "still free to change");
}

/* ---- conflicts ---- */

struct pair {
	struct fixture *f;
	const char *first, *second;
	pthread_barrier_t *barrier;
	int tries, result;
};

/* Both hold their first record before either asks for its second. */
static int cross(struct txn *txn, void *ctx, struct err *e)
{
	struct pair *pair = ctx;
	struct slice value;

	assert_int_equal(arena_used(txn_arena(txn)), 0);
	arena_alloc(txn_arena(txn), 100);
	if (store_get_rmw(txn, &thing_table, slice_str(pair->first), &value, e) < 0)
		return -1;
	if (pair->tries++ == 0)
		pthread_barrier_wait(pair->barrier);
	if (store_get_rmw(txn, &job_table, slice_str(pair->second), &value, e) < 0 ||
	    store_put(txn, &job_table, slice_str(pair->second), S("x"), e) < 0)
		return -1;
	return store_put(txn, &thing_table, slice_str(pair->first), S("x"), e);
}

static int cross_back(struct txn *txn, void *ctx, struct err *e)
{
	struct pair *pair = ctx;
	struct slice value;

	if (store_get_rmw(txn, &job_table, slice_str(pair->first), &value, e) < 0)
		return -1;
	if (pair->tries++ == 0)
		pthread_barrier_wait(pair->barrier);
	if (store_get_rmw(txn, &thing_table, slice_str(pair->second), &value, e) < 0)
		return -1;
	return store_put(txn, &thing_table, slice_str(pair->second), S("y"), e);
}

static void *run_cross_back(void *ctx)
{
	struct pair *pair = ctx;
	struct err e;

	pair->result = store_run(pair->f->store, STORE_DEFERRED, cross_back, pair, &e);
	return NULL;
}

static int put_job(struct txn *txn, void *ctx, struct err *e)
{
	return store_put(txn, &job_table, slice_str(ctx), S("0"), e);
}

static void deadlock_is_run_again(void **state)
{
	struct fixture *f = *state;
	pthread_barrier_t barrier;
	struct pair one = {f, "a", "a", &barrier, 0, 0}, two = one;
	struct store_stats stats;
	pthread_t thread;

	fixture_put(f, STORE_DEFERRED, "a", "0");
	assert_int_equal(store_run(f->store, STORE_DEFERRED, put_job, (char[]){"a"}, &f->e), 1);
	pthread_barrier_init(&barrier, NULL, 2);
	assert_int_equal(pthread_create(&thread, NULL, run_cross_back, &two), 0);
	assert_int_equal(store_run(f->store, STORE_DEFERRED, cross, &one, &f->e), 1);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&barrier);
	assert_int_equal(two.result, 1);
	assert_true(one.tries + two.tries > 2);
	store_stats(f->store, &stats);
	assert_true(stats.retries > 0);
}

static int always_in_conflict(struct txn *txn, void *ctx, struct err *e)
{
	(void)txn;
	++*(int *)ctx;
	return err_set(e, ERR_CONFLICT, "met somebody");
}

static void conflict_gives_up_in_the_end(void **state)
{
	struct fixture *f = *state;
	int tries = 0;

	assert_int_equal(store_run(f->store, STORE_DURABLE, always_in_conflict, &tries, &f->e), -1);
	assert_int_equal(tries, STORE_TRIES);
	assert_int_equal(f->e.class, ERR_TEMP);
}

/* The largest transaction: every record on pages of its own, in 40 places of an index. */

static int put_thousand(struct txn *txn, void *ctx, struct err *e)
{
	unsigned seed = *(unsigned *)ctx;
	char value[40 * 9 + 1];
	int r = 1;

	for (int i = 0; i < STORE_PUTS_MAX && r > 0; i++) {
		struct store_key key = {0};

		for (int word = 0; word < 40; word++)
			snprintf(value + word * 9, 10, "%08x ", (unsigned)rand_r(&seed));
		store_key_u32(&key, (uint32_t)rand_r(&seed));
		r = store_put(txn, &thing_table, store_key_slice(&key), slice_str(value), e);
	}
	return *(unsigned *)ctx % 2 ? r : err_set(e, ERR_INPUT, "taken back");
}

static void largest_transaction_commits_and_aborts(void **state)
{
	struct fixture *f = *state;

	for (unsigned seed = 1; seed <= 4; seed++) {
		int r = store_run(f->store, STORE_DEFERRED, put_thousand, &seed, &f->e);

		if (seed % 2)
			assert_int_equal(r, 1);
		else
			assert_string_equal(f->e.text, "taken back");
	}
}

/* Many threads, one number series: no number twice, none missing. */

#define COUNTERS 4
#define COUNTS 100

struct counter {
	struct fixture *f;
	uint64_t sum;
	int failed;
};

static int count(struct txn *txn, void *ctx, struct err *e)
{
	return store_series_next(txn, "invoice", 1000, ctx, e);
}

static void *count_many(void *ctx)
{
	struct counter *counter = ctx;
	struct err e;

	for (int i = 0; i < COUNTS; i++) {
		uint64_t n = 0;

		if (store_run(counter->f->store, STORE_DEFERRED, count, &n, &e) < 0)
			counter->failed++;
		counter->sum += n;
	}
	return NULL;
}

static void series_has_no_gaps(void **state)
{
	const uint64_t all = COUNTERS * COUNTS;
	struct counter counters[COUNTERS];
	pthread_t threads[COUNTERS];
	struct fixture *f = *state;
	uint64_t sum = 0, n;

	for (size_t i = 0; i < COUNTERS; i++) {
		counters[i] = (struct counter){.f = f};
		assert_int_equal(pthread_create(&threads[i], NULL, count_many, &counters[i]), 0);
	}
	for (size_t i = 0; i < COUNTERS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(counters[i].failed, 0);
		sum += counters[i].sum;
	}
	assert_int_equal(sum, all * 1000 + all * (all - 1) / 2);
	assert_int_equal(store_run(f->store, STORE_DEFERRED, count, &n, &f->e), 1);
	assert_int_equal(n, 1000 + all);
}

static int count_and_fail(struct txn *txn, void *ctx, struct err *e)
{
	assert_int_equal(count(txn, ctx, e), 1);
	return err_set(e, ERR_INPUT, "changed my mind");
}

static void series_takes_back(void **state)
{
	struct fixture *f = *state;
	uint64_t n;

	assert_int_equal(store_run(f->store, STORE_DEFERRED, count_and_fail, &n, &f->e), -1);
	assert_int_equal(store_run(f->store, STORE_DEFERRED, count, &n, &f->e), 1);
	assert_int_equal(n, 1000);
}

struct gaps {
	int calls;
	uint64_t from, to;
};

static int note_gap(struct txn *txn, void *ctx, const char *series, uint64_t from, uint64_t to,
		    struct err *e)
{
	struct gaps *gaps = ctx;

	(void)txn, (void)e;
	assert_string_equal(series, "invoice");
	*gaps = (struct gaps){gaps->calls + 1, from, to};
	return 1;
}

static int due_in(struct txn *txn, void *ctx, struct err *e);

static void new_incarnation_skips(void **state)
{
	struct fixture *f = *state;
	struct store_due due = {.at = 1, .value = S("x")};
	struct gaps gaps = {0};
	uint64_t n;

	assert_int_equal(store_run(f->store, STORE_DEFERRED, count, &n, &f->e), 1);
	assert_int_equal(store_run(f->store, STORE_DEFERRED, due_in, &due, &f->e), 1);
	assert_int_equal(store_incarnation(f->store), 1);
	assert_int_equal(store_new_incarnation(f->store, 500, note_gap, &gaps, &f->e), 1);
	assert_int_equal(gaps.calls, 1);
	assert_int_equal(gaps.from, 1001);
	assert_int_equal(gaps.to, 1500);
	fixture_reopen(f, NULL);
	assert_int_equal(store_incarnation(f->store), 2);
	assert_int_equal(store_run(f->store, STORE_DEFERRED, count, &n, &f->e), 1);
	assert_int_equal(n, 1501);
	assert_int_equal(store_new_incarnation(f->store, UINT64_MAX, NULL, NULL, &f->e), -1);
	assert_int_equal(store_incarnation(f->store), 2);
}

/* ---- things due ---- */

static int due_in(struct txn *txn, void *ctx, struct err *e)
{
	return store_due_put(txn, &job_table, ctx, e);
}

struct taken {
	int64_t now;
	char values[64];
};

static int due_out(struct txn *txn, void *ctx, struct err *e)
{
	struct taken *taken = ctx;
	struct store_due due;
	int r;

	taken->values[0] = '\0';
	while ((r = store_due_take(txn, &job_table, taken->now, &due, e)) > 0)
		strncat(taken->values, due.value.ptr, due.value.len);
	return r;
}

static int due_peek(struct txn *txn, void *ctx, struct err *e)
{
	return store_due_peek(txn, &job_table, ctx, e);
}

static int due_remove(struct txn *txn, void *ctx, struct err *e)
{
	const struct store_due *due = ctx;

	return store_due_remove(txn, &job_table, due->at, due->sequence, e);
}

static void due_things_come_in_order(void **state)
{
	struct store_due rows[] = {
		{.at = 300, .value = S("d")}, {.at = -5, .value = S("a")},
		{.at = 200, .value = S("b")}, {.at = 200, .value = S("c")},
		{.at = 301, .value = S("x")}, {.at = 400, .value = S("e")},
	};
	static const struct taken takes[] = {{-6, ""}, {200, "abc"}, {300, "d"}, {399, ""}};
	struct fixture *f = *state;
	struct store_due due;

	assert_int_equal(store_run(f->store, STORE_READ, due_peek, &due, &f->e), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(store_run(f->store, STORE_DEFERRED, due_in, &rows[i], &f->e), 1);
	assert_int_equal(store_run(f->store, STORE_DEFERRED, due_remove, &rows[4], &f->e), 1);
	assert_int_equal(store_run(f->store, STORE_DEFERRED, due_remove, &rows[4], &f->e), 0);
	for (size_t i = 0; i < sizeof(takes) / sizeof(takes[0]); i++) {
		struct taken taken = {.now = takes[i].now};

		assert_int_equal(store_run(f->store, STORE_DEFERRED, due_out, &taken, &f->e), 0);
		assert_string_equal(taken.values, takes[i].values);
	}
	assert_int_equal(store_run(f->store, STORE_READ, due_peek, &due, &f->e), 1);
	assert_int_equal(due.at, 400);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int run_txn_tests(void)
{
	const struct CMUnitTest txn[] = {
		ROW(records),
		ROW(refused),
		ROW(walks),
		ROW(cursors_end_with_their_transaction),
		ROW(deadlock_is_run_again),
		ROW(conflict_gives_up_in_the_end),
		ROW(largest_transaction_commits_and_aborts),
		ROW(series_has_no_gaps),
		ROW(series_takes_back),
		ROW(new_incarnation_skips),
		ROW(due_things_come_in_order),
	};

	return cmocka_run_group_tests(txn, NULL, NULL);
}
