/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

static void no_store_is_said(void **state)
{
	struct fixture *f = *state;
	struct store *store;
	char dir[PATH_ROOM];
	struct err e;

	snprintf(dir, sizeof(dir), "%.150s/none", f->base);
	assert_int_equal(store_open(dir, &fixture_schema, NULL, &store, &e), -1);
	assert_int_equal(e.class, ERR_CONFIG);
	assert_non_null(strstr(e.text, "there is no store in"));
}

static void what_was_written_stays(void **state)
{
	struct fixture *f = *state;

	fixture_put(f, STORE_DURABLE, "k", "red");
	fixture_reopen(f, NULL);
	assert_string_equal(fixture_get(f, "k"), "red");
	assert_null(fixture_get(f, "other"));
}

/* In the child, a status that says how opening went. */
static int open_elsewhere(const char *dir)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		struct store *store;
		struct err e;

		if (store_open(dir, &fixture_schema, NULL, &store, &e) >= 0)
			_exit(1);
		_exit(strstr(e.text, "another process owns the store") ? err_exit_status(e.class)
								       : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void one_process_owns_the_store(void **state)
{
	struct fixture *f = *state;
	struct store *second;

	assert_int_equal(open_elsewhere(f->dir), 75);
	assert_int_equal(store_open(f->dir, &fixture_schema, NULL, &second, &f->e), -1);
	assert_int_equal(f->e.class, ERR_TEMP);
	/* The refusal took nothing from the owner. */
	fixture_put(f, STORE_DURABLE, "k", "red");
	assert_int_equal(open_elsewhere(f->dir), 75);
}

/* ---- versions ---- */

static struct {
	int calls;
	uint32_t from;
	bool fails;
} migrated;

static int put_migrated(struct txn *txn, void *ctx, struct err *e)
{
	(void)ctx;
	return store_put(txn, &thing_table, SLICE("migrated"), SLICE("yes"), e);
}

static int migrate(struct store *store, uint32_t from, void *ctx, struct err *e)
{
	assert_ptr_equal(ctx, &migrated);
	migrated.calls++;
	migrated.from = from;
	if (migrated.fails)
		return err_set(e, ERR_TEMP, "half way");
	return store_run(store, STORE_DEFERRED, put_migrated, NULL, e);
}

static void version_goes_forward_only(void **state)
{
	struct fixture *f = *state;
	struct store_schema newer = fixture_schema;

	newer.version = 5;
	newer.migrate = migrate;
	newer.ctx = &migrated;
	memset(&migrated, 0, sizeof(migrated));
	store_close(&f->store);
	migrated.fails = true;
	assert_int_equal(store_open(f->dir, &newer, NULL, &f->store, &f->e), -1);
	assert_string_equal(f->e.text, "half way");
	migrated.fails = false;
	fixture_reopen(f, &newer);
	assert_int_equal(migrated.calls, 2);
	assert_int_equal(migrated.from, 2);
	assert_string_equal(fixture_get(f, "migrated"), "yes");
	fixture_reopen(f, &newer);
	assert_int_equal(migrated.calls, 2);
	store_close(&f->store);
	assert_int_equal(store_open(f->dir, &fixture_schema, NULL, &f->store, &f->e), -1);
	assert_int_equal(f->e.class, ERR_CONFIG);
	assert_non_null(strstr(f->e.text, "version 5"));
	assert_null(f->store);
}

/* ---- indexes built later ---- */

static int first_letter(struct slice primary_key, struct slice value, struct store_keys *keys)
{
	(void)primary_key;
	store_keys_add(keys, slice_sub(value, 0, 1));
	return 0;
}

static int last_letter(struct slice primary_key, struct slice value, struct store_keys *keys)
{
	(void)primary_key;
	store_keys_add(keys, slice_sub(value, value.len - 1, value.len));
	return 0;
}

static int count_rows(struct txn *txn, void *ctx, struct err *e)
{
	const struct store_table *table = ctx;
	const struct store_range range = {.prefix = SLICE("e")};
	struct store_cursor *cursor;
	struct store_row row;
	int n = 0, r = store_cursor_open(txn, table, 0, &range, &cursor, e);

	while (r > 0 && (r = store_next(cursor, &row, e)) > 0)
		n++;
	return r < 0 ? -1 : n;
}

static void new_index_is_built(void **state)
{
	static const struct {
		struct store_index index;
		int found; /* under "e" */
	} rows[] = {
		{{.name = "letter", .keys = first_letter}, 0},
		{{.name = "letter", .keys = last_letter}, 0}, /* nobody raised the version */
		{{.name = "letter", .keys = last_letter, .version = 1}, 1500},
		{{.name = "letter", .keys = first_letter, .version = 2}, 0},
		{{.name = "other", .keys = last_letter}, 1500},
	};
	struct fixture *f = *state;

	for (int i = 0; i < 1500; i++) {
		char key[16];

		snprintf(key, sizeof(key), "%d", i);
		fixture_put(f, STORE_DEFERRED, key, "one");
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct store_table table = {"thing", &rows[i].index, 1};
		const struct store_table *tables[] = {&table};
		const struct store_schema schema = {.version = 2, .tables = tables, .n_tables = 1};

		fixture_reopen(f, &schema);
		assert_int_equal(store_run(f->store, STORE_SCAN, count_rows, &table, &f->e),
				 rows[i].found);
		store_close(&f->store);
	}
}

static void names_are_checked(void **state)
{
	static const char *const names[] = {"", "Thing", "a/b", "..", "store-x", "job"};
	const struct store_index twice[] = {{"x", first_letter, 0}, {"x", first_letter, 0}};
	struct fixture *f = *state;

	store_close(&f->store);
	for (size_t i = 0; i <= sizeof(names) / sizeof(names[0]); i++) {
		bool last = i == sizeof(names) / sizeof(names[0]);
		struct store_table table = {last ? "thing" : names[i], twice, last ? 2 : 0};
		const struct store_table *tables[] = {&job_table, &table};
		const struct store_schema schema = {.version = 2, .tables = tables, .n_tables = 2};

		assert_int_equal(store_open(f->dir, &schema, NULL, &f->store, &f->e), -1);
		assert_int_equal(f->e.class, ERR_CONFIG);
	}
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int run_open_tests(void)
{
	const struct CMUnitTest open[] = {
		ROW(no_store_is_said),		 ROW(what_was_written_stays),
		ROW(one_process_owns_the_store), ROW(version_goes_forward_only),
		ROW(new_index_is_built),	 ROW(names_are_checked),
	};

	return cmocka_run_group_tests(open, NULL, NULL);
}
