/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_RECORD_MODEL_H
#define POSTCLERK_TESTS_RECORD_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "record/line.h"
#include "record/order_step.h"

/*
 * A small shop in plain arrays: what RECORD.md 2.1, 2.2, 2.9, 3 and 4 say, and
 * no more, written from there and not from the code.  The record is compared
 * with it after every step.  Prices are gross at one VAT rate, and the clock is
 * UTC, so that only the rules of orders and stock are at work.
 */
#define MODEL_ORDERS 32 /* the first one is O10001 */
#define MODEL_LINES 40	/* the test adds to no order that has MODEL_FULL */
#define MODEL_FULL 12
#define MODEL_PARTS 3
#define MODEL_SKUS 3
#define MODEL_CUSTOMERS 4
#define MODEL_TYPES 4
#define MODEL_PRICE 1250 /* of every item, minor units */
#define MODEL_RATE 210000

/* What the shop's tables say; the customer's terms are those of its orders. */
extern const struct model_type {
	const char *name;
	Rec__LineState status;
	uint32_t cancel_days;
	bool reservation, card;
} model_types[MODEL_TYPES];
extern const char *const model_terms[MODEL_CUSTOMERS]; /* "prepay" is to be paid first */

struct model_line {
	uint32_t number, split;
	int sku;
	int64_t quantity, price, discount, reserved, asked, date, since;
	Rec__LineState state, origin;
	bool picked, saved;
	int source; /* of a MIN line: the order it takes from, and its family there */
	uint32_t family;
};

struct model_order {
	int customer, type;
	bool dead, urgent, referred;
	bool invoiced, invoiced_open, credited; /* what is sent; what is not yet; what came back */
	int64_t cover, shipping, voucher, discount;
	struct model_line lines[MODEL_LINES];
	int n;
};

struct model_item {
	int64_t received, shipped, restocked, written_off, reserved;
};

struct model_customer {
	bool locked, blacklisted, inactive;
};

struct model {
	struct model_order orders[MODEL_ORDERS];
	int n;
	struct model_item items[MODEL_SKUS];
	struct model_customer customers[MODEL_CUSTOMERS];
	int64_t now, daily; /* the last day whose job ran */
};

/* The commands, and what the test sets from outside. */
#define MODEL_ACTS(X)                                                                              \
	X(STEP)                                                                                    \
	X(NEW_ORDER)                                                                               \
	X(ADD)                                                                                     \
	X(RESERVE)                                                                                 \
	X(UNRESERVE)                                                                               \
	X(SHIP)                                                                                    \
	X(SHIP_NOW)                                                                                \
	X(CANCEL) X(REPLACE) X(MERGE) X(DELETE) X(URGENT) X(PICKLIST) X(QUANTITY) X(PRICE)         \
		X(LINE_DISCOUNT) X(SHIPPING) X(VOUCHER) X(DISCOUNT) X(COMMENT) X(NA_ITEM)          \
			X(CUSTOMER) X(RECEIVE) X(RESTOCK) X(WRITE_OFF) X(MONEY) X(CLOCK)
#define MODEL_ACT_ENUM(name) ACT_##name,
enum model_act { MODEL_ACTS(MODEL_ACT_ENUM) ACT_COUNT };
#undef MODEL_ACT_ENUM

struct model_action {
	enum model_act act;
	enum line_event event; /* of STEP */
	int order, other, customer, sku;
	int64_t n;  /* pieces, an amount, seconds */
	bool flag;  /* whichever way there is */
	int choice; /* which of several */
	struct order_part parts[MODEL_PARTS];
	size_t n_parts;
};

/* Does it; false when it is refused, and nothing changed. */
bool model_do(struct model *m, const struct model_action *action);

enum order_status model_status(const struct model_order *o);
enum order_view model_view(const struct model_order *o);
int64_t model_total(const struct model_order *o, int64_t *vat);
/* May the line be put in a box now? */
bool model_queued(const struct model_order *o, const struct model_line *l);
/* Is it on an invoice, as the test says? */
bool model_invoiced(const struct model_order *o, Rec__LineState state);

#endif
