/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_RECORD_ORDERS_H
#define POSTCLERK_TESTS_RECORD_ORDERS_H

#include "fixture.h"
#include "record/order_money.h"
#include "record/order_step.h"

/*
 * Help for tests of orders: a door to invoices and payments whose answers the
 * test sets, tables of the shop, items with stock, and orders in any state.
 */
#define STATE(name) REC__LINE_STATE__LINE_STATE_##name
#define DAYS(n) ((int64_t)(n)*86400)

struct money_said {
	int64_t cover, owed;
	bool invoiced, credited, referred;
	const char *left_behind;
	uint64_t merged_from, merged_into; /* what it was told */
};
/* Hangs a door into the change that gives these answers. */
void money_says(struct change *ch, struct money_said *said);

/* A payment type "bank" (HAL) with that many days of each kind, 0: none. */
struct pay {
	const char *name;
	Rec__LineState status;
	uint32_t cancel, remind[2], reserve_days;
	bool reservation, card;
};
void pay_row(struct change *ch, const struct pay *pay);
void terms_row(struct change *ch, const char *name, bool prepay);
void season_row(struct change *ch, const char *name, int64_t starts_at);

/* An item of 12.50 EUR with that much in stock. */
void stock_item(struct change *ch, const char *sku, int64_t on_hand);
Rec__Item *item_now(struct change *ch, const char *sku);

/* An order of C10001: "ANG CUP-1 2", one line a string; stored, as it was a week ago. */
struct order_sketch {
	const char *lines[6];
	const char *payment_type, *terms, *season;
	uint64_t customer; /* 0: 10001 */
};
uint64_t order_sketch(struct change *ch, const struct order_sketch *sketch);
/* With a single line of 2 CUP-1 in that state. */
uint64_t order_one(struct change *ch, Rec__LineState state);
Rec__Order *order_now(struct change *ch, uint64_t id);
/* The state of line i, as its code. */
const char *state_now(struct change *ch, uint64_t id, size_t i);

/* The step over a whole order, or on parts of it ("2x/3", "/3"; null ends). */
int step(struct change *ch, uint64_t id, enum line_event event, struct err *e);
int step_part(struct change *ch, uint64_t id, enum line_event event, struct order_part part,
	      struct err *e);
/* It is refused, with these words, and the order stays as it was. */
void refused(struct change *ch, uint64_t id, enum line_event event, const char *words);

#endif
