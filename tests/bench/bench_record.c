/* SPDX-License-Identifier: ISC */
#include "bench_record.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "record/customer.h"
#include "record/demo.h"
#include "record/shop.h"
#include "record/tables.h"

double bench_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void bench_must(int got, const struct err *e)
{
	if (got >= 0)
		return;
	fprintf(stderr, "bench-record: %s\n", e->text);
	exit(1);
}

/* ---- the shop ---- */

struct making {
	struct demo demo;
	uint64_t next;
	int more;
};

static int make_shop(struct txn *txn, void *ctx, struct err *e)
{
	struct change ch;
	Rec__Shop shop;
	(void)ctx;
	change_init(&ch, txn, txn_arena(txn), DEMO_NOW);
	ch.actor = SLICE("bench");
	rec__shop__init(&shop);
	shop.name = arena_str(txn_arena(txn), SLICE("Bench"));
	shop.address = arena_str(txn_arena(txn), SLICE("support@shop.example"));
	shop.language = arena_str(txn_arena(txn), SLICE("en"));
	shop.currency = arena_str(txn_arena(txn), SLICE("EUR"));
	shop.time_zone = arena_str(txn_arena(txn), SLICE("UTC"));
	return shop_save(&ch, &shop, e);
}

static int make_some(struct txn *txn, void *ctx, struct err *e)
{
	struct making *making = ctx;
	struct change ch;
	uint64_t next = making->next;
	change_init(&ch, txn, txn_arena(txn), DEMO_NOW);
	ch.actor = SLICE("bench");
	making->more = demo_make(&ch, &making->demo, &next, e);
	if (making->more >= 0)
		making->next = next;
	return making->more;
}

static void make(struct bench *bench)
{
	struct making making = {{bench->customers, bench->orders, BENCH_SEED}, 0, 1};
	struct err e;
	double begun = bench_now();
	bench_must(store_run(bench->store, STORE_DURABLE, make_shop, NULL, &e), &e);
	for (uint64_t n = 0; making.more; n++) {
		bench_must(store_run(bench->store, STORE_DEFERRED, make_some, &making, &e), &e);
		store_checkpoint(bench->store, NULL);
		if (n % 1000 == 999)
			fprintf(stderr, "%llu customers, %.0f s\n", (unsigned long long)making.next,
				bench_now() - begun);
	}
	bench_must(store_flush(bench->store, &e), &e);
	double seconds = bench_now() - begun;
	printf("bench-record postclerk what=import customers=%llu orders-per-customer=%llu "
	       "seconds=%.1f customers-per-second=%.0f\n",
	       (unsigned long long)bench->customers, (unsigned long long)bench->orders, seconds,
	       (double)bench->customers / seconds);
}

static int find_last(struct txn *txn, void *ctx, struct err *e)
{
	struct bench *bench = ctx;
	struct store_range range = {.backward = true};
	struct store_row row;
	(void)e;
	if (store_first(txn, record_tables[1], STORE_PRIMARY, &range, &row, NULL) > 0)
		store_key_take_u64(&row.key, &bench->last_order);
	return 1;
}

void bench_open(struct bench *bench, const char *contestant, char **argv)
{
	static const struct store_schema schema = {
		.version = 1, .tables = record_tables, .n_tables = RECORD_TABLES};
	const struct store_options options = {.cache_bytes = BENCH_CACHE, .create = true};
	struct stat st;
	struct err e;
	if (!argv[1] || !argv[2] || !argv[3] || !slice_u64(slice_str(argv[2]), &bench->customers) ||
	    !slice_u64(slice_str(argv[3]), &bench->orders)) {
		fprintf(stderr, "usage: %s DIR CUSTOMERS ORDERS-PER-CUSTOMER\n", argv[0]);
		exit(64);
	}
	bench->contestant = contestant;
	bench->dir = argv[1];
	bool there = stat(bench->dir, &st) == 0;
	bench_must(store_open(bench->dir, &schema, &options, &bench->store, &e), &e);
	if (!there)
		make(bench);
	bench_must(store_run(bench->store, STORE_READ, find_last, bench, &e), &e);
}

void bench_close(struct bench *bench)
{
	store_close(&bench->store);
}

/* ---- questions ---- */

uint64_t bench_throw(uint64_t *state, uint64_t n)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % n;
}

uint64_t bench_customer(const struct bench *bench, uint64_t *state)
{
	return RECORD_FIRST_ID + bench_throw(state, bench->customers);
}

uint64_t bench_order(const struct bench *bench, uint64_t *state)
{
	return RECORD_FIRST_ID + bench_throw(state, bench->last_order - RECORD_FIRST_ID + 1);
}

struct asking {
	struct bench_question *question;
	uint64_t *state, customer;
};

/* At the beginnings of characters, so that it is text. */
static void cut(const char *text, size_t n, uint64_t *state, char out[64])
{
	size_t wanted = 3 + bench_throw(state, 6), from;
	wanted = wanted > n ? n : wanted;
	from = bench_throw(state, n - wanted + 1);
	while (from > 0 && ((unsigned char)text[from] & 0xc0) == 0x80)
		from--;
	size_t end = from + wanted;
	while (end < n && ((unsigned char)text[end] & 0xc0) == 0x80)
		end++;
	snprintf(out, 64, "%.*s", (int)(end - from), text + from);
}

static int ask(struct txn *txn, void *ctx, struct err *e)
{
	struct asking *asking = ctx;
	Rec__Customer *customer;
	struct buf folded;
	int got = customer_load(txn, txn_arena(txn), asking->customer, &customer, e);
	if (got <= 0)
		return got;
	buf_init(&folded, 4096);
	text_put_folded(&folded, slice_str(customer->name));
	cut(folded.ptr, folded.len, asking->state, asking->question->text);
	buf_release(&folded);
	return 1;
}

void bench_question(struct bench *bench, uint64_t *state, struct bench_question *question)
{
	struct asking asking = {question, state, bench_customer(bench, state)};
	struct err e;
	bench_must(store_run(bench->store, STORE_READ, ask, &asking, &e), &e);
	/* Blanks at the ends are no part of it for anybody. */
	struct slice text = slice_trim(slice_str(question->text));
	memmove(question->text, text.ptr, text.len);
	question->text[text.len] = '\0';
	if (text.len < 3)
		bench_question(bench, state, question);
}

/* ---- figures ---- */

void bench_begin(struct bench_times *times)
{
	times->begun = bench_now();
}

void bench_end(struct bench_times *times)
{
	double seconds = bench_now() - times->begun;
	if (times->n == times->room) {
		times->room = times->room ? times->room * 2 : 1024;
		times->items = realloc(times->items, times->room * sizeof(double));
		if (!times->items)
			abort();
	}
	times->items[times->n++] = seconds;
}

static int compare(const void *one, const void *other)
{
	const double *a = one, *b = other;
	return (*a > *b) - (*a < *b);
}

void bench_tell(const struct bench *bench, const char *what, struct bench_times *times,
		const char *more)
{
	double sum = 0;
	if (!times->n)
		return;
	for (size_t i = 0; i < times->n; i++)
		sum += times->items[i];
	qsort(times->items, times->n, sizeof(double), compare);
	printf("bench-record %s what=%s customers=%llu n=%zu rate=%.0f p50-us=%.1f p99-us=%.1f "
	       "max-us=%.1f%s%s\n",
	       bench->contestant, what, (unsigned long long)bench->customers, times->n,
	       (double)times->n / sum, times->items[times->n / 2] * 1e6,
	       times->items[times->n * 99 / 100] * 1e6, times->items[times->n - 1] * 1e6,
	       more[0] ? " " : "", more);
	fflush(stdout);
	free(times->items);
	*times = (struct bench_times){.n = 0};
}

static double bytes;

static int add_file(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)path, (void)ftw;
	if (kind == FTW_F)
		bytes += (double)st->st_size;
	return 0;
}

void bench_tell_size(const struct bench *bench, const char *path)
{
	struct rusage usage;
	bytes = 0;
	nftw(path, add_file, 16, FTW_PHYS);
	getrusage(RUSAGE_SELF, &usage);
	printf("bench-record %s what=size customers=%llu disk-mb=%.0f memory-mb=%.0f\n",
	       bench->contestant, (unsigned long long)bench->customers, bytes / 1e6,
	       (double)usage.ru_maxrss / 1e3);
}
