/* SPDX-License-Identifier: ISC */
#ifndef TESTS_DESK_DESK_PLACE_H
#define TESTS_DESK_DESK_PLACE_H

#include "desk/requests.h"
#include "mail.h"
#include "test_desk.h"

/*
 * A desk in a directory of its own: agent ann (1), admin bob (2), customers
 * Erika (C10001) and John (C10002) with an order each, and Erika's thread
 * T10001.  The pattern "(z+)+\\d" of its shop is slow.  A group of tests opens it and closes it
 * (cmocka's setup).
 */
#define NOW 1772359200 /* 2026-03-01T10:00:00Z */

extern char place_dir[4096];
extern struct desk *place_desk;

int place_open(void **state);
int place_close(void **state);

/* Runs a row inside a transaction that commits; fails with what was complained of. */
void place_run(void (*run)(struct work *work, const void *row), const void *row);
/* Why the row failed: told outside the transaction, which a test must not leave. */
void place_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * A mail, parsed.  "{ann}", "{note}", "{bob}", "{late}", "{old}" and
 * "{bounce}" in it stand for addresses with tokens, "{id}" for a Message-ID of
 * ours.
 */
struct mail *place_mail(struct work *work, const char *text);
/* The same as bytes, in the arena. */
struct slice place_raw(struct arena *a, const char *text);

#endif
