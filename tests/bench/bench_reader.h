/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TEST_BENCH_READER_H
#define POSTCLERK_TEST_BENCH_READER_H

#include <stddef.h>

/* One contestant of bench-reader; the harness is linked with each of them. */
extern const char contestant_name[];

/*
 * Once a mail, before the clock runs: what the contestant wants to hold of it
 * (bytes stays where it is).
 */
void *contestant_load(const char *bytes, size_t n);

/*
 * Reads the mail: the tree of parts, Subject, the names and addresses of From,
 * To and Cc decoded, every text part decoded to UTF-8, every other leaf
 * decoded to bytes.  Returns how many bytes came out, so that nobody is idle.
 */
size_t contestant_read(void *mail);

#endif
