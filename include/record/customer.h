/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_CUSTOMER_H
#define POSTCLERK_RECORD_CUSTOMER_H

#include "record/change.h"

/* Customers (RECORD.md 2.8).  1 got one, 0 nothing there, -1 and *e. */

/* As stored, a merged one too.  In the arena. */
int customer_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Customer **customer,
		  struct err *e);
/* Likewise, but a merged customer gives the one it was merged into. */
int customer_resolve(struct txn *txn, struct arena *a, uint64_t id, Rec__Customer **customer,
		     struct err *e);
/* By one of its mail addresses, without case; of several customers the oldest. */
int customer_find_address(struct txn *txn, struct arena *a, struct slice address,
			  Rec__Customer **customer, struct err *e);
/* What another system calls it; an empty kind is "customer". */
int customer_find_external(struct txn *txn, struct arena *a, const Rec__ExternalId *external,
			   Rec__Customer **customer, struct err *e);
/*
 * By what a person or a file writes: "C10001", a mail address, or
 * "channel:value" of an external id.
 */
int customer_find(struct txn *txn, struct arena *a, struct slice reference,
		  Rec__Customer **customer, struct err *e);

/*
 * A new customer: takes the next number when id is 0, sets created_at, writes
 * history.  INPUT when a mail address is none, or the id is taken.
 */
int customer_create(struct change *ch, Rec__Customer *customer, struct err *e);
/*
 * Stores what the caller changed and writes the history row that says so;
 * `event` is its word ("edit").  0 and nothing written when nothing differs.
 */
int customer_save(struct change *ch, Rec__Customer *customer, const char *event,
		  struct slice reason, struct err *e);

/* An internal note against the customer, by the agent of the change (CP-38). */
int customer_note(struct change *ch, uint64_t id, struct slice text, struct err *e);

/* "Ann Example", the company where there is no name, or the first address. */
struct slice customer_title(const Rec__Customer *customer);

/* Which orders of a customer to list. */
#define CUSTOMER_ORDERS_MAX 1000
struct customer_orders {
	Rec__Order **items; /* by ordered_at, the oldest first (PX-12) */
	size_t n;
	size_t total; /* n, or more when the limit cut the list */
};

/* The customer's orders, at most `limit` (1..CUSTOMER_ORDERS_MAX) of the newest. */
int customer_orders(struct txn *txn, struct arena *a, uint64_t id, size_t limit,
		    struct customer_orders *orders, struct err *e);

#endif
