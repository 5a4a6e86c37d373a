/* SPDX-License-Identifier: ISC */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/store/private.h"
#include "base/crypto.h"
#include "fixture.h"

struct blob {
	uint64_t id;
	struct slice bytes;
	struct arena *arena;
};

static int put_blob(struct txn *txn, void *ctx, struct err *e)
{
	const struct blob *blob = ctx;

	return store_blob_put(txn, blob->id, blob->bytes, e);
}

static int get_blob(struct txn *txn, void *ctx, struct err *e)
{
	struct blob *blob = ctx;
	int r = store_blob_get(txn, blob->id, &blob->bytes, e);

	if (r > 0)
		blob->bytes = arena_copy(blob->arena, blob->bytes);
	return r;
}

static void blobs_come_back(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_open();
	char *noise = arena_alloc(a, 300000);
	const struct slice rows[] = {
		SLICE(""), SLICE("Subject: hi\r\n\r\nhello\r\n"), {noise, 300000}, {noise, 1}};

	crypto_random(noise, 200000); /* and zeros behind */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct blob blob = {.id = i + 1, .bytes = rows[i], .arena = a};

		assert_int_equal(store_run(f->store, STORE_DURABLE, put_blob, &blob, &f->e), 1);
		assert_int_equal(store_run(f->store, STORE_DURABLE, put_blob, &blob, &f->e), 0);
	}
	fixture_reopen(f, NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct blob blob = {.id = i + 1, .arena = a};

		assert_int_equal(store_run(f->store, STORE_READ, get_blob, &blob, &f->e), 1);
		assert_true(slice_eq(blob.bytes, rows[i]));
	}
	assert_int_equal(store_run(f->store, STORE_READ, get_blob,
				   &(struct blob){.id = 99, .arena = a}, &f->e),
			 0);
	arena_close(&a);
}

static void mail_is_never_in_clear(void **state)
{
	const struct slice sentinel = SLICE("SENTINEL-c0ffee");
	struct fixture *f = *state;
	struct blob blob = {.id = 1, .bytes = sentinel};

	assert_int_equal(store_run(f->store, STORE_DURABLE, put_blob, &blob, &f->e), 1);
	store_close(&f->store);
	assert_false(fixture_on_disk(f->base, sentinel));
}

/* ---- threads ---- */

#define WRITERS 4
#define MAILS 100

struct writer {
	struct store *store;
	uint64_t first;
	int failed;
};

static void *write_mails(void *ctx)
{
	struct writer *writer = ctx;
	struct err e;

	for (uint64_t i = 0; i < MAILS; i++) {
		char text[32];
		size_t n =
			(size_t)snprintf(text, sizeof(text), "mail %d", (int)(writer->first + i));
		struct blob blob = {.id = writer->first + i, .bytes = slice_of(text, n)};

		if (store_run(writer->store, STORE_DEFERRED, put_blob, &blob, &e) != 1)
			writer->failed++;
		if (i % 10 == 9 && store_blob_erase(writer->store, blob.id, &e) != 1)
			writer->failed++;
		if (i % 30 == 0 && store_checkpoint(writer->store, &e) < 0)
			writer->failed++;
	}
	return NULL;
}

static void threads_write_and_erase(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_open();
	struct writer writers[WRITERS];
	pthread_t threads[WRITERS];

	for (size_t i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){.store = f->store, .first = i * MAILS};
		assert_int_equal(pthread_create(&threads[i], NULL, write_mails, &writers[i]), 0);
	}
	for (size_t i = 0; i < WRITERS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(writers[i].failed, 0);
	}
	for (uint64_t id = 0; id < (uint64_t)WRITERS * MAILS; id++) {
		struct blob blob = {.id = id, .arena = a};

		assert_int_equal(store_run(f->store, STORE_READ, get_blob, &blob, &f->e),
				 id % 10 != 9);
		if (id % 10 != 9)
			assert_string_equal(blob.bytes.ptr, arena_printf(a, "mail %d", (int)id));
	}
	arena_close(&a);
}

/* Berkeley DB writes pages that it never filled: what was in that memory before? */
static void freed_memory_never_reaches_the_disk(void **state)
{
	enum { BLOCKS = 4000, BYTES = 4096 };
	static const char sentinel[] = "SENTINEL-decaf-in-freed-memory";
	struct fixture *f = *state;
	char **blocks = calloc(BLOCKS, sizeof(*blocks));

	assert_non_null(blocks);
	store_close(&f->store);
	for (size_t i = 0; i < BLOCKS; i++) {
		blocks[i] = malloc(BYTES);
		assert_non_null(blocks[i]);
		for (size_t at = 0; at + sizeof(sentinel) < BYTES; at += sizeof(sentinel))
			memcpy(blocks[i] + at, sentinel, sizeof(sentinel));
		/* Who frees it next must not make the compiler leave the copy out. */
		__asm__ volatile("" : : "r"(blocks[i]) : "memory");
	}
	/* The last one stays a while, so that the system gets nothing back. */
	for (size_t i = 0; i < BLOCKS - 1; i++)
		free(blocks[i]);
	fixture_reopen(f, NULL);
	for (int i = 0; i < 300; i++) {
		char key[16];

		snprintf(key, sizeof(key), "%d", i);
		fixture_put(f, STORE_DEFERRED, key, "red and green and blue");
	}
	store_close(&f->store);
	free(blocks[BLOCKS - 1]);
	free(blocks);
	assert_false(fixture_on_disk(f->base, slice_of(sentinel, sizeof(sentinel))));
}

/* The key itself, as it lies on the disk. */
static void read_key(struct fixture *f, uint32_t number, uint8_t key[SEAL_KEY_SIZE])
{
	DB *db = f->store->vault.keys;
	db_recno_t recno = number;
	DBT k = store_dbt(slice_of(&recno, sizeof(recno)));
	DBT v = store_dbt(slice_of(key, SEAL_KEY_SIZE));

	assert_int_equal(db->get(db, NULL, &k, &v, 0), 0);
}

static void erased_blob_is_gone(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_open();
	struct blob blob = {.id = 7, .bytes = SLICE("secret"), .arena = a};
	uint8_t key[SEAL_KEY_SIZE];
	const struct slice key_bytes = slice_of(key, sizeof(key));
	const uint32_t first_number = 1;

	assert_int_equal(store_run(f->store, STORE_DURABLE, put_blob, &blob, &f->e), 1);
	read_key(f, first_number, key);
	fixture_reopen(f, NULL);
	assert_true(fixture_on_disk(f->dir, key_bytes));

	assert_int_equal(store_blob_erase(f->store, 7, &f->e), 1);
	assert_int_equal(store_blob_erase(f->store, 7, &f->e), 0);
	assert_int_equal(store_run(f->store, STORE_READ, get_blob, &blob, &f->e), 0);
	assert_int_equal(store_checkpoint(f->store, &f->e), 1);
	assert_false(fixture_on_disk(f->dir, key_bytes));
	fixture_reopen(f, NULL);
	assert_int_equal(store_run(f->store, STORE_READ, get_blob, &blob, &f->e), 0);
	/* The number of the blob may be used again. */
	assert_int_equal(store_run(f->store, STORE_DURABLE, put_blob, &blob, &f->e), 1);
	arena_close(&a);
}

static void erased_key_opens_nothing(void **state)
{
	const struct slice context = SLICE("customer 1"), plain = SLICE("Ann Example");
	struct fixture *f = *state;
	struct arena *a = arena_open();
	struct slice sealed, opened;
	uint32_t one, two;

	assert_int_equal(store_secret_new(f->store, &one, &f->e), 1);
	assert_int_equal(store_secret_new(f->store, &two, &f->e), 1);
	assert_int_equal(one, 1);
	assert_int_not_equal(one, two);
	assert_int_equal(store_secret_seal(f->store, a, one, context, plain, &sealed, &f->e), 1);
	assert_int_equal(store_secret_open(f->store, a, one, context, sealed, &opened, &f->e), 1);
	assert_true(slice_eq(opened, plain));
	/* Another context, another key, a key that never was. */
	assert_int_equal(store_secret_open(f->store, a, one, plain, sealed, &opened, &f->e), -1);
	assert_int_equal(f->e.class, ERR_TEMP);
	assert_int_equal(store_secret_open(f->store, a, two, context, sealed, &opened, &f->e), -1);
	assert_int_equal(store_secret_open(f->store, a, 0, context, sealed, &opened, &f->e), 0);
	assert_int_equal(store_secret_open(f->store, a, 99999, context, sealed, &opened, &f->e), 0);
	assert_int_equal(store_secret_erase(f->store, one, &f->e), 1);
	assert_int_equal(store_secret_erase(f->store, one, &f->e), 0);
	assert_int_equal(store_secret_open(f->store, a, one, context, sealed, &opened, &f->e), 0);
	assert_int_equal(store_secret_seal(f->store, a, one, context, plain, &sealed, &f->e), -1);
	arena_close(&a);
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int run_blob_tests(void)
{
	const struct CMUnitTest blob[] = {
		ROW(blobs_come_back),	      ROW(mail_is_never_in_clear),
		ROW(threads_write_and_erase), ROW(freed_memory_never_reaches_the_disk),
		ROW(erased_blob_is_gone),     ROW(erased_key_opens_nothing),
	};

	return cmocka_run_group_tests(blob, NULL, NULL);
}
