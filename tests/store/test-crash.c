/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/store/io.h"
#include "fixture.h"

#define KILLS 8
#define EX_TEMPFAIL 75

/* In a child: its last words are no news.  Never closed: the number would be a file's. */
static void be_quiet(void)
{
	if (!freopen("/dev/null", "w", stderr))
		_exit(1);
}

static struct slice key_of(int n, char key[16])
{
	return slice_of(key, (size_t)snprintf(key, 16, "%06d", n));
}

/* A record and a mail, both or none. */
static int put_both(struct txn *txn, void *ctx, struct err *e)
{
	int n = *(int *)ctx;
	char key[16];

	if (store_blob_put(txn, (uint64_t)n, key_of(n, key), e) < 0)
		return -1;
	return store_put(txn, &thing_table, key_of(n, key), SLICE("red and green"), e);
}

static int get_both(struct txn *txn, void *ctx, struct err *e)
{
	struct slice value, bytes;
	int n = *(int *)ctx;
	char key[16];
	int r = store_get(txn, &thing_table, key_of(n, key), &value, e);

	if (r < 0 || store_blob_get(txn, (uint64_t)n, &bytes, e) != r)
		return -1;
	return r > 0 && !slice_eq(bytes, key_of(n, key)) ? -1 : r;
}

static void put_number(struct fixture *f, enum store_mode mode, int n)
{
	if (store_run(f->store, mode, put_both, &n, &f->e) < 0)
		fail_msg("%s", f->e.text);
}

/* Acknowledges each durable number on the pipe, until it is killed. */
static void write_until_killed(struct fixture *f, int first, int out)
{
	for (int n = first;; n++) {
		put_number(f, n % 5 ? STORE_DEFERRED : STORE_DURABLE, n);
		if (n % 5 == 0 && write(out, &n, sizeof(n)) != sizeof(n))
			_exit(1);
		if (n % 97 == 0)
			store_checkpoint(f->store, NULL);
	}
}

static int kill_writer(struct fixture *f, int first, int after)
{
	int pipes[2], n, last = -1, status;
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	store_close(&f->store);
	child = fork();
	if (child == 0) {
		close(pipes[0]);
		fixture_reopen(f, NULL);
		write_until_killed(f, first, pipes[1]);
	}
	close(pipes[1]);
	for (int i = 0; i < after; i++) {
		assert_int_equal(read(pipes[0], &n, sizeof(n)), sizeof(n));
		last = n;
	}
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	/* What it said before it died counts too. */
	while (read(pipes[0], &n, sizeof(n)) == sizeof(n))
		last = n;
	close(pipes[0]);
	return last;
}

static bool has_number(struct fixture *f, int n)
{
	int r = store_run(f->store, STORE_READ, get_both, &n, &f->e);

	if (r < 0)
		fail_msg("%d: %s", n, f->e.text);
	return r > 0;
}

/* How many numbers are there from 0 on without a hole; there must be none behind. */
static int count_whole(struct fixture *f)
{
	int n = 0;

	while (has_number(f, n))
		n++;
	for (int behind = n; behind < n + 50; behind++)
		assert_false(has_number(f, behind));
	return n;
}

static void fail_on_finding(void *ctx, const char *finding)
{
	(void)ctx;
	fail_msg("%s", finding);
}

static void killed_writer_loses_nothing_acknowledged(void **state)
{
	struct fixture *f = *state;
	int there = 0;

	for (int i = 0; i < KILLS; i++) {
		int acknowledged = kill_writer(f, there, 3 + i * 7);

		assert_int_equal(
			store_verify(f->dir, &fixture_schema, fail_on_finding, NULL, &f->e), 1);
		fixture_reopen(f, NULL);
		there = count_whole(f);
		assert_true(there > acknowledged);
	}
}

/* ---- the two gates ---- */

static int n_fsync;

static int counting_fsync(int fd)
{
	n_fsync++;
	return fdatasync(fd);
}

static int put_fifty_mails(struct txn *txn, void *ctx, struct err *e)
{
	uint64_t first = *(uint64_t *)ctx;
	int r = 1;

	for (uint64_t i = 0; i < 50 && r > 0; i++)
		r = store_blob_put(txn, first + i, SLICE("a mail"), e);
	return r;
}

static void gates_flush_when_they_should(void **state)
{
	static const struct store_io io = {.fsync = counting_fsync};
	struct fixture *f = *state;
	uint64_t first = 1;
	int before;

	store_close(&f->store);
	store_io_set(&io);
	fixture_reopen(f, NULL);
	before = n_fsync;
	for (int i = 0; i < 100; i++)
		fixture_put(f, STORE_DEFERRED, "k", i % 2 ? "red" : "green");
	assert_int_equal(n_fsync, before);
	assert_int_equal(store_flush(f->store, &f->e), 1);
	assert_int_equal(n_fsync, before + 1);
	assert_int_equal(store_flush(f->store, &f->e), 1);
	assert_int_equal(n_fsync, before + 1); /* nothing new */
	fixture_put(f, STORE_DURABLE, "k", "blue");
	assert_int_equal(n_fsync, before + 2);
	for (int i = 0; i < 4; i++, first += 50) {
		before = n_fsync;
		assert_int_equal(store_run(f->store, STORE_DURABLE, put_fifty_mails, &first, &f->e),
				 1);
		assert_in_range(n_fsync - before, 1, 2);
	}
	store_close(&f->store);
	store_io_set(NULL);
}

/* ---- the disk is full, or fails ---- */

/* How much the disk still takes, in calls. */
struct disk {
	int at_open, writes, flushes;
};

static int writes_left, flushes_left;

static ssize_t full_write(int fd, const void *bytes, size_t n)
{
	if (writes_left-- > 0)
		return write(fd, bytes, n);
	errno = ENOSPC;
	return -1;
}

static ssize_t full_pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	if (writes_left-- > 0)
		return pwrite(fd, bytes, n, at);
	errno = ENOSPC;
	return -1;
}

static int failing_fsync(int fd)
{
	if (flushes_left-- > 0)
		return fdatasync(fd);
	errno = EIO;
	return -1;
}

/* Refused with TEMP, or ended with the status that means the same. */
static void write_until_full(const char *dir, int out, const struct disk *disk)
{
	static const struct store_io io = {
		.write = full_write, .pwrite = full_pwrite, .fsync = failing_fsync};
	struct store *store;
	struct err e;

	be_quiet();
	writes_left = disk->at_open;
	flushes_left = INT_MAX;
	store_io_set(&io);
	if (store_open(dir, &fixture_schema, &fixture_durable, &store, &e) < 0)
		_exit(err_exit_status(e.class));
	writes_left = disk->writes;
	flushes_left = disk->flushes;
	for (int n = 0;; n++) {
		if (store_run(store, STORE_DURABLE, put_both, &n, &e) < 0)
			_exit(err_exit_status(e.class));
		if (write(out, &n, sizeof(n)) != sizeof(n))
			_exit(1);
	}
}

static void failing_disk_loses_nothing_acknowledged(void **state)
{
	static const struct disk rows[] = {
		{0, 0, 0},
		{1, 0, 0},
		{2, 0, 0},
		{20, 0, 0},
		{2000, 0, 0},
		{INT_MAX, 0, INT_MAX},
		{INT_MAX, 1, INT_MAX},
		{INT_MAX, 2, INT_MAX},
		{INT_MAX, 50, INT_MAX},
		{INT_MAX, 500, INT_MAX},
		{INT_MAX, 3000, INT_MAX},
		{INT_MAX, INT_MAX, 0},
		{INT_MAX, INT_MAX, 1},
		{INT_MAX, INT_MAX, 30},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int pipes[2], n, acknowledged = -1, status;
		pid_t child;

		store_close(&f->store);
		assert_int_equal(pipe(pipes), 0);
		child = fork();
		if (child == 0)
			write_until_full(f->dir, pipes[1], &rows[i]);
		close(pipes[1]);
		while (read(pipes[0], &n, sizeof(n)) == sizeof(n))
			acknowledged = n;
		close(pipes[0]);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), EX_TEMPFAIL);
		fixture_reopen(f, NULL);
		assert_true(count_whole(f) > acknowledged);
	}
}

static void little_room_is_refused_early(void **state)
{
	struct store_options options = fixture_durable;
	struct fixture *f = *state;
	int n = 1;

	options.reserve_bytes = UINT64_MAX;
	store_close(&f->store);
	assert_int_equal(store_open(f->dir, &fixture_schema, &options, &f->store, &f->e), 1);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(store_run(f->store, STORE_DURABLE, put_both, &n, &f->e), -1);
		assert_int_equal(f->e.class, ERR_TEMP);
		assert_non_null(strstr(f->e.text, "disk full"));
	}
}

static int run_inside(struct txn *txn, void *ctx, struct err *e)
{
	return store_run(txn_store(txn), STORE_READ, put_both, ctx, e);
}

static void nested_transaction_ends_the_process(void **state)
{
	struct fixture *f = *state;
	int status, n = 0;
	pid_t child = fork();

	if (child == 0) {
		be_quiet();
		signal(SIGABRT, SIG_DFL);
		store_run(f->store, STORE_READ, run_inside, &n, &f->e);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, fixture_setup_durable, fixture_teardown)

int run_crash_tests(void)
{
	const struct CMUnitTest crash[] = {
		ROW(killed_writer_loses_nothing_acknowledged), ROW(gates_flush_when_they_should),
		ROW(failing_disk_loses_nothing_acknowledged),  ROW(little_room_is_refused_early),
		ROW(nested_transaction_ends_the_process),
	};

	return cmocka_run_group_tests(crash, NULL, NULL);
}
