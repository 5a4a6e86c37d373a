/* SPDX-License-Identifier: ISC */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "store.h"

/*
 * Records of 200 bytes with two index keys each, one a transaction unless
 * said otherwise; the first argument is the number of records to read among
 * (default 100,000), the second the folder that must not exist (default
 * ./bench-store.d, removed by the caller).
 */
#define VALUE_BYTES 200
#define SECONDS 1.0
#define BATCH 100
#define THREADS 4

static int both_keys(struct slice primary_key, struct slice value, struct store_keys *keys)
{
	store_keys_add(keys, slice_sub(value, 0, 8));
	store_keys_add(keys, primary_key);
	return 0;
}

static const struct store_index indexes[] = {{.name = "both", .keys = both_keys}};
static const struct store_table record_table = {"record", indexes, 1};
static const struct store_table *const tables[] = {&record_table};
static const struct store_schema schema = {.version = 1, .tables = tables, .n_tables = 1};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Spreads numbers over all keys, the same way each time. */
static uint64_t scatter(uint64_t n)
{
	n ^= n >> 30;
	n *= UINT64_C(0xbf58476d1ce4e5b9);
	n ^= n >> 27;
	n *= UINT64_C(0x94d049bb133111eb);
	return n ^ n >> 31;
}

struct work {
	struct store *store;
	enum store_mode mode;
	store_fn *fn;
	uint64_t number, records; /* the next one, and how many there are to read */
	unsigned batch;
	uint64_t done;
};

static struct store_key key_of(uint64_t n)
{
	struct store_key key = {0};

	store_key_u64(&key, n);
	return key;
}

static int put_batch(struct txn *txn, void *ctx, struct err *e)
{
	const struct work *work = ctx;
	char value[VALUE_BYTES] = "";
	int r = 1;

	for (uint64_t i = 0; i < work->batch && r > 0; i++) {
		struct store_key key = key_of(work->number + i);
		struct store_key other = key_of(scatter(work->number + i));

		memcpy(value, other.bytes, other.len);
		r = store_put(txn, &record_table, store_key_slice(&key),
			      slice_of(value, sizeof(value)), e);
	}
	return r;
}

static int get_batch(struct txn *txn, void *ctx, struct err *e)
{
	const struct work *work = ctx;
	struct slice value;
	int r = 1;

	for (uint64_t i = 0; i < work->batch && r > 0; i++) {
		struct store_key key = key_of(scatter(work->number + i) % work->records);

		r = store_get(txn, &record_table, store_key_slice(&key), &value, e);
	}
	return r;
}

static int find_batch(struct txn *txn, void *ctx, struct err *e)
{
	const struct work *work = ctx;
	struct store_row row;
	int r = 1;

	for (uint64_t i = 0; i < work->batch && r > 0; i++) {
		uint64_t n = scatter(work->number + i) % work->records;
		struct store_key key = key_of(scatter(n));
		struct store_range range = {.prefix = store_key_slice(&key)};

		r = store_first(txn, &record_table, 0, &range, &row, e);
	}
	return r;
}

static void *run_for_a_while(void *ctx)
{
	struct work *work = ctx;
	double end = now() + SECONDS;
	struct err e;

	while (now() < end) {
		if (store_run(work->store, work->mode, work->fn, work, &e) <= 0) {
			fprintf(stderr, "bench-store: %s\n", e.text);
			exit(1);
		}
		work->number += work->batch;
		work->done += work->batch;
		store_checkpoint(work->store, NULL);
	}
	return NULL;
}

/* Records per second of so many threads; each writes where no other does. */
static double rate(struct work work, unsigned threads)
{
	struct work works[THREADS];
	pthread_t ids[THREADS];
	double start = now();
	uint64_t done = 0;

	for (unsigned i = 0; i < threads; i++) {
		works[i] = work;
		works[i].number += (uint64_t)i << 32;
		if (pthread_create(&ids[i], NULL, run_for_a_while, &works[i]))
			exit(1);
	}
	for (unsigned i = 0; i < threads; i++) {
		pthread_join(ids[i], NULL);
		done += works[i].done;
	}
	return (double)done / (now() - start);
}

static void fill(struct store *store, uint64_t records)
{
	struct work work = {.store = store, .batch = BATCH};
	struct err e;

	for (work.number = 0; work.number < records; work.number += BATCH) {
		if (store_run(store, STORE_DEFERRED, put_batch, &work, &e) <= 0 ||
		    store_checkpoint(store, &e) < 0) {
			fprintf(stderr, "bench-store: %s\n", e.text);
			exit(1);
		}
	}
}

int main(int argc, char **argv)
{
	const struct store_options options = {.create = true, .cache_bytes = 256u << 20};
	const uint64_t records = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
	const char *dir = argc > 2 ? argv[2] : "bench-store.d";
	const uint64_t fresh = UINT64_C(1) << 40;
	struct store *store;
	struct err e;

	if (records == 0 || store_open(dir, &schema, &options, &store, &e) < 0) {
		fprintf(stderr, "bench-store: %s\n", records ? e.text : "how many records?");
		return 1;
	}
	fill(store, records);
	printf("store postclerk records=%llu", (unsigned long long)records);
	printf(" durable_per_s=%.0f",
	       rate((struct work){store, STORE_DURABLE, put_batch, fresh, 0, 1, 0}, 1));
	printf(" durable_%d_threads_per_s=%.0f", THREADS,
	       rate((struct work){store, STORE_DURABLE, put_batch, fresh * 2, 0, 1, 0}, THREADS));
	printf(" deferred_per_s=%.0f",
	       rate((struct work){store, STORE_DEFERRED, put_batch, fresh * 3, 0, 1, 0}, 1));
	printf(" deferred_batch_%d_per_s=%.0f", BATCH,
	       rate((struct work){store, STORE_DEFERRED, put_batch, fresh * 4, 0, BATCH, 0}, 1));
	printf(" get_per_s=%.0f",
	       rate((struct work){store, STORE_READ, get_batch, 0, records, BATCH, 0}, 1));
	printf(" index_get_per_s=%.0f\n",
	       rate((struct work){store, STORE_READ, find_batch, 0, records, BATCH, 0}, 1));
	store_close(&store);
	return 0;
}
