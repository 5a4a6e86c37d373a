/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_DEMO_PLAN_H
#define POSTCLERK_RECORD_DEMO_PLAN_H

#include "record/demo.h"

/*
 * What a demonstration shop will have, as numbers: a pure function of seed and
 * place, so that the stock that all orders take is known before the first.
 */
#define DEMO_ITEMS 240
#define DEMO_LINES_MAX 4

/* Numbers that look random (splitmix64). */
struct demo_dice {
	uint64_t state;
};
struct demo_dice demo_dice(uint64_t seed, uint64_t customer, uint64_t order);
/* 0..n-1 */
uint64_t demo_throw(struct demo_dice *dice, uint64_t n);

struct demo_line {
	unsigned item; /* 0..DEMO_ITEMS-1 */
	int64_t quantity, reserved;
	Rec__LineState state;
};

struct demo_order {
	int64_t ordered_at;
	struct demo_line lines[DEMO_LINES_MAX];
	size_t n_lines;
	bool shipped;	  /* some of it left the house */
	bool by_provider; /* or a provider's */
};

/* How many orders that customer has, and what is in each. */
uint64_t demo_orders(const struct demo *demo, uint64_t customer);
void demo_plan(const struct demo *demo, uint64_t customer, uint64_t order, struct demo_order *plan);

/* What all orders together take of each item. */
struct demo_stock {
	int64_t shipped[DEMO_ITEMS], reserved[DEMO_ITEMS], restocked[DEMO_ITEMS];
};
void demo_stock(const struct demo *demo, struct demo_stock *stock);

/* ---- demo_words.c: what things are called ---- */

struct demo_country {
	const char *code, *language, *currency, *phone, *domain;
	const char *const *first, *const *last, *const *streets, *const *cities; /* null ends */
	const char *postcode; /* printf of a number 0..899 and one 0..25 as a letter */
};
#define DEMO_COUNTRIES 8
extern const struct demo_country demo_countries[DEMO_COUNTRIES];
extern const char *const demo_trades[]; /* of companies */
extern const char *const demo_notes[], *const demo_comments[];

const char *demo_word(const char *const *list, struct demo_dice *dice);
/* "POT-017" and "Cast iron pot, 0.8 l", in the arena. */
char *demo_sku(struct arena *a, unsigned item);
char *demo_item(struct arena *a, unsigned item);
int64_t demo_price(unsigned item);

#endif
