/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../src/store/private.h"
#include "fixture.h"

#define FINDINGS_ROOM 4096

static void note(void *ctx, const char *finding)
{
	char *findings = ctx;
	size_t n = strlen(findings);

	snprintf(findings + n, FINDINGS_ROOM - n, "%s\n", finding);
}

static void ignore(void *ctx, const char *finding)
{
	(void)ctx, (void)finding;
}

static void put_hundred(struct fixture *f)
{
	for (int i = 0; i < 100; i++) {
		char key[16];

		snprintf(key, sizeof(key), "%03d", i);
		fixture_put(f, STORE_DEFERRED, key, i % 2 ? "red and green" : "red and blue");
	}
}

static int put_mail(struct txn *txn, void *ctx, struct err *e)
{
	(void)ctx;
	return store_blob_put(txn, 1, SLICE("a mail"), e);
}

static int get_mail(struct txn *txn, void *ctx, struct err *e)
{
	struct slice bytes;
	int r = store_blob_get(txn, 1, &bytes, e);

	(void)ctx;
	return r > 0 ? slice_eq(bytes, SLICE("a mail")) : r;
}

static void sound_store_has_no_findings(void **state)
{
	char findings[FINDINGS_ROOM] = "";
	struct fixture *f = *state;

	put_hundred(f);
	assert_int_equal(store_verify(f->dir, &fixture_schema, note, findings, &f->e), -1);
	assert_int_equal(f->e.class, ERR_TEMP); /* it is open */
	store_close(&f->store);
	assert_int_equal(store_verify(f->dir, &fixture_schema, note, findings, &f->e), 1);
	assert_string_equal(findings, "");
	assert_int_equal(store_verify(f->base, &fixture_schema, note, findings, &f->e), -1);
	assert_int_equal(f->e.class, ERR_CONFIG);
}

/* Changes an index behind its table's back. */
static int drop_index_key(struct txn *txn, void *ctx, struct err *e)
{
	DB *db = ctx;
	struct slice word = SLICE("blue");
	DBT key = store_dbt(word);

	(void)e;
	return db->del(db, txn->handle, &key, 0) ? -1 : 1;
}

static int add_index_key(struct txn *txn, void *ctx, struct err *e)
{
	DB *db = ctx;
	struct slice word = SLICE("yellow"), primary = SLICE("000");
	DBT key = store_dbt(word), value = store_dbt(primary);

	(void)e;
	return db->put(db, txn->handle, &key, &value, 0) ? -1 : 1;
}

static void index_that_drifted_is_found(void **state)
{
	static const struct {
		store_fn *change;
		const char *finding;
	} rows[] = {{drop_index_key, "lacks a key"}, {add_index_key, "no record has"}};
	struct fixture *f = *state;

	put_hundred(f);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* The same files under a schema without the index: opened, but not bound. */
		const struct store_index index = {0};
		const struct store_table plain = {"thing", &index, 0};
		const struct store_table *tables[] = {&plain};
		const struct store_schema schema = {.version = 2, .tables = tables, .n_tables = 1};
		char findings[FINDINGS_ROOM] = "";
		DB *db;

		fixture_reopen(f, &schema);
		assert_int_equal(db_create(&db, f->store->env, 0), 0);
		assert_int_equal(db->open(db, NULL, "thing.word.db", NULL, DB_BTREE,
					  DB_AUTO_COMMIT | DB_THREAD, 0),
				 0);
		assert_int_equal(store_run(f->store, STORE_DURABLE, rows[i].change, db, &f->e), 1);
		assert_int_equal(db->close(db, 0), 0);
		store_close(&f->store);
		assert_int_equal(store_verify(f->dir, &fixture_schema, note, findings, &f->e), 0);
		assert_non_null(strstr(findings, "index word of thing"));
		assert_non_null(strstr(findings, rows[i].finding));
	}
}

static void garbled_page_is_found(void **state)
{
	char findings[FINDINGS_ROOM] = "", path[PATH_ROOM + 32];
	struct fixture *f = *state;
	struct stat st;
	int fd;

	put_hundred(f);
	store_close(&f->store);
	snprintf(path, sizeof(path), "%s/main/thing.db", f->dir);
	fd = open(path, O_RDWR);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(pwrite(fd, "garbage", 7, st.st_size - 100), 7);
	close(fd);
	assert_int_equal(store_verify(f->dir, &fixture_schema, note, findings, &f->e), 0);
	assert_non_null(strstr(findings, "thing.db"));
}

static void backup_is_a_whole_store(void **state)
{
	struct fixture *f = *state;
	char copy[PATH_ROOM];

	snprintf(copy, sizeof(copy), "%.150s/copy", f->base);
	put_hundred(f);
	assert_int_equal(store_run(f->store, STORE_DURABLE, put_mail, NULL, &f->e), 1);
	if (store_backup(f->store, copy, &f->e) != 1)
		fail_msg("%s", f->e.text);
	assert_int_equal(store_backup(f->store, copy, &f->e), -1);
	assert_int_equal(f->e.class, ERR_CONFIG);
	/* The original goes on. */
	fixture_put(f, STORE_DURABLE, "later", "red");
	assert_string_equal(fixture_get(f, "later"), "red");
	store_close(&f->store);
	snprintf(f->dir, sizeof(f->dir), "%s", copy);
	fixture_reopen(f, NULL);
	assert_string_equal(fixture_get(f, "042"), "red and blue");
	assert_null(fixture_get(f, "later"));
	assert_int_equal(store_run(f->store, STORE_READ, get_mail, NULL, &f->e), 1);
}

/* A thread that writes, erases and checkpoints while a backup is made. */
struct busy {
	struct fixture *f;
	atomic_bool stop;
	int failed;
};

static int put_busy(struct txn *txn, void *ctx, struct err *e)
{
	uint64_t id = *(uint64_t *)ctx;

	if (store_blob_put(txn, id, SLICE("a mail"), e) < 0)
		return -1;
	return store_put(txn, &thing_table, slice_of(ctx, sizeof(id)), SLICE("red green"), e);
}

static void *write_busily(void *ctx)
{
	struct busy *busy = ctx;
	struct store *store = busy->f->store;
	struct err e;

	for (uint64_t id = 1; !atomic_load(&busy->stop); id++) {
		if (store_run(store, STORE_DEFERRED, put_busy, &id, &e) < 0 ||
		    (id % 7 == 0 && store_blob_erase(store, id - 3, &e) < 0) ||
		    (id % 50 == 0 && store_checkpoint_now(store, &e) < 0))
			busy->failed++;
	}
	return NULL;
}

static int check_busy(struct txn *txn, void *ctx, struct err *e)
{
	struct store_cursor *cursor;
	struct store_row row;
	struct slice bytes;
	uint64_t id;
	int *n = ctx;
	int r = store_cursor_open(txn, &thing_table, STORE_PRIMARY, &(struct store_range){0},
				  &cursor, e);

	*n = 0;
	while (r > 0 && (r = store_next(cursor, &row, e)) > 0) {
		memcpy(&id, row.key.ptr, sizeof(id));
		r = store_blob_get(txn, id, &bytes, e);
		/* Erased ones may be gone, all others must open. */
		r = r == 0 && id % 7 != 4 ? -1 : 1;
		++*n;
	}
	return r;
}

static void backup_of_a_busy_store_is_whole(void **state)
{
	struct fixture *f = *state;
	struct busy busy = {.f = f};
	char copy[PATH_ROOM];
	pthread_t thread;
	int n;

	assert_int_equal(pthread_create(&thread, NULL, write_busily, &busy), 0);
	for (int i = 0; i < 3; i++) {
		snprintf(copy, sizeof(copy), "%.150s/copy%d", f->base, i);
		if (store_backup(f->store, copy, &f->e) != 1)
			fail_msg("%s", f->e.text);
	}
	atomic_store(&busy.stop, true);
	pthread_join(thread, NULL);
	assert_int_equal(busy.failed, 0);
	store_close(&f->store);
	snprintf(f->dir, sizeof(f->dir), "%s", copy);
	fixture_reopen(f, NULL);
	assert_int_equal(store_run(f->store, STORE_SCAN, check_busy, &n, &f->e), 0);
	assert_true(n > 0);
}

/* ---- healing ---- */

static int put_large(struct txn *txn, void *ctx, struct err *e)
{
	struct slice value = slice_of(arena_alloc(txn_arena(txn), 2 << 20), 2 << 20);

	return store_put(txn, &job_table, slice_of(ctx, 4), value, e);
}

static void reopen_archiving(struct fixture *f, const char *archive)
{
	struct store_options options = fixture_options;

	options.archive = archive;
	store_close(&f->store);
	if (store_open(f->dir, &fixture_schema, &options, &f->store, &f->e) < 0)
		fail_msg("%s", f->e.text);
}

static void garble(const char *path, off_t at)
{
	int fd = open(path, O_RDWR);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "garbage", 7, at), 7);
	close(fd);
}

/* A base made while others write, more work, then a page of each table is garbled. */
static void damaged_store_is_healed(void **state)
{
	struct fixture *f = *state;
	char archive[PATH_ROOM], base[PATH_ROOM], damaged[PATH_ROOM], path[PATH_ROOM + 32];
	struct busy busy = {.f = f};
	pthread_t thread;
	int n, healed;

	snprintf(archive, sizeof(archive), "%.150s/archive", f->base);
	snprintf(base, sizeof(base), "%.150s/base", f->base);
	snprintf(damaged, sizeof(damaged), "%.150s.damaged", f->dir);
	assert_int_equal(mkdir(archive, 0700), 0);
	reopen_archiving(f, archive);
	assert_int_equal(pthread_create(&thread, NULL, write_busily, &busy), 0);
	if (store_backup(f->store, base, &f->e) != 1)
		fail_msg("%s", f->e.text);
	for (uint32_t i = 0; i < 10; i++)
		assert_int_equal(store_run(f->store, STORE_DEFERRED, put_large, &i, &f->e), 1);
	atomic_store(&busy.stop, true);
	pthread_join(thread, NULL);
	assert_int_equal(busy.failed, 0);
	assert_int_equal(store_run(f->store, STORE_SCAN, check_busy, &n, &f->e), 0);
	store_close(&f->store);
	snprintf(path, sizeof(path), "%s/log.0000000001", archive);
	assert_int_equal(access(path, F_OK), 0);

	snprintf(path, sizeof(path), "%s/main/thing.db", f->dir);
	garble(path, 4096 + 50);
	snprintf(path, sizeof(path), "%s/main/store-blob.db", f->dir);
	garble(path, 16384 + 50);
	assert_int_equal(store_verify(f->dir, &fixture_schema, ignore, NULL, &f->e), 0);
	if (store_heal(f->dir, &fixture_schema, base, archive, &f->e) != 1)
		fail_msg("%s", f->e.text);
	assert_int_equal(access(damaged, F_OK), 0);
	fixture_reopen(f, NULL);
	assert_int_equal(store_run(f->store, STORE_SCAN, check_busy, &healed, &f->e), 0);
	assert_int_equal(healed, n);
}

static off_t log_bytes(const struct fixture *f)
{
	char path[PATH_ROOM + 64];
	struct stat st;
	off_t sum = 0;

	for (int i = 1; i < 20; i++) {
		snprintf(path, sizeof(path), "%s/main/log.%010d", f->dir, i);
		if (stat(path, &st) == 0)
			sum += st.st_size;
	}
	return sum;
}

static void checkpoint_comes_when_much_was_written(void **state)
{
	struct fixture *f = *state;
	struct store_stats stats;

	/* The first one wipes the logs of the keys. */
	assert_int_equal(store_checkpoint(f->store, &f->e), 1);
	assert_int_equal(store_checkpoint(f->store, &f->e), 0);
	for (uint32_t i = 0; i < 40; i++)
		assert_int_equal(store_run(f->store, STORE_DEFERRED, put_large, &i, &f->e), 1);
	assert_true(log_bytes(f) > 48 << 20);
	assert_int_equal(store_checkpoint(f->store, &f->e), 1);
	assert_true(log_bytes(f) <= 32 << 20);
	assert_int_equal(store_checkpoint(f->store, &f->e), 0);
	store_stats(f->store, &stats);
	assert_int_equal(stats.checkpoints, 1);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int run_care_tests(void)
{
	const struct CMUnitTest care[] = {
		ROW(sound_store_has_no_findings),
		ROW(index_that_drifted_is_found),
		ROW(garbled_page_is_found),
		ROW(backup_is_a_whole_store),
		ROW(backup_of_a_busy_store_is_whole),
		ROW(damaged_store_is_healed),
		ROW(checkpoint_comes_when_much_was_written),
	};

	return cmocka_run_group_tests(care, NULL, NULL);
}
