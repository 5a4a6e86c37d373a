/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_BENCH_RECORD_H
#define POSTCLERK_TESTS_BENCH_RECORD_H

#include "record/change.h"

/*
 * What the contestants of bench-record share: one demonstration shop in a
 * store of our own, the questions that are asked of it, and how a figure is
 * told.  Who is not postclerk copies the shop from that store before the
 * clock runs.
 */
#define BENCH_CACHE (256u << 20) /* bytes each contestant may keep in memory */
#define BENCH_LOOKUPS 20000
#define BENCH_SEARCHES 2000
#define BENCH_RELEASES 2000
#define BENCH_CARDS 2000
#define BENCH_SEED 7

struct bench {
	const char *contestant, *dir;
	uint64_t customers, orders; /* orders of each, on average */
	struct store *store;
	uint64_t last_order; /* the highest number */
};

/* Opens (or makes) the shop of "DIR CUSTOMERS ORDERS"; ends the program on an error. */
void bench_open(struct bench *bench, const char *contestant, char **argv);
void bench_close(struct bench *bench);

/* Numbers that look random, the same for every contestant. */
uint64_t bench_throw(uint64_t *state, uint64_t n);
uint64_t bench_customer(const struct bench *bench, uint64_t *state);
uint64_t bench_order(const struct bench *bench, uint64_t *state);

/* A text to search for: three to eight letters of a customer's name, folded. */
struct bench_question {
	char text[64];
};
void bench_question(struct bench *bench, uint64_t *state, struct bench_question *question);

/* Seconds of one thing done, gathered. */
struct bench_times {
	double *items;
	size_t n, room;
	double begun;
};
void bench_begin(struct bench_times *times);
void bench_end(struct bench_times *times);
/* "bench-record CONTESTANT what=lookup-id n=20000 rate=… p50-us=… p99-us=…"; frees the times. */
void bench_tell(const struct bench *bench, const char *what, struct bench_times *times,
		const char *more);
double bench_now(void);
/* Ends the program with the error. */
void bench_must(int got, const struct err *e);
/* Megabytes of a folder or file, and the highest that this process ever had in memory. */
void bench_tell_size(const struct bench *bench, const char *path);

#endif
