/* SPDX-License-Identifier: ISC */
#ifndef DESK_PATTERNS_H
#define DESK_PATTERNS_H

#include "schema.h"
#include "store.h"

struct desk;
struct work;

/*
 * The search patterns of postclerk.conf (MAIL.md 4): how the numbers of a shop
 * look in a mail.  A match is bounded (base/pattern.h); a pattern that hits
 * its limits in PATTERN_HITS_MAX mails is switched off, durably, until it is
 * written anew (RELIABILITY.md T20).
 */
enum number_kind {
	NUMBER_ORDER,
	NUMBER_INVOICE,
	NUMBER_CREDIT,
	NUMBER_TRACKING,
	NUMBER_FOREIGN, /* what another system calls an order */
	NUMBER_KINDS,
};

#define PATTERN_HITS_MAX 3
#define DESK_PATTERNS_MAX 64

struct desk_pattern {
	enum number_kind kind;
	struct pattern *pattern; /* group 1, or else the whole match, is the number */
	const char *source;	 /* a view of the settings */
	const char *shop;	 /* address of the one shop that it is for; null: for all */
	uint8_t key[SHA256_SIZE];
};

extern const struct store_table pattern_table;

/* "order", "invoice" … */
const char *number_kind_name(enum number_kind kind);

/* Compiles desk->patterns from the settings; CONFIG with the option's name when one is wrong. */
int patterns_open(struct desk *desk, struct err *e);
void patterns_close(struct desk *desk);

/* 1 when it is for that shop and in use, 0 when not, -1. */
int pattern_usable(struct work *work, const struct desk_pattern *pattern, struct err *e);
/*
 * Counts a mail in which it hit its limits; the third time it is switched off,
 * and the admins are told once.
 */
int pattern_count_limit(struct work *work, const struct desk_pattern *pattern, struct err *e);
/* A line for each pattern in the settings that is switched off. */
int patterns_report(struct txn *txn, const struct desk *desk, struct buf *out, struct err *e);

#endif
