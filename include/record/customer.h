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
 * history.  INPUT when a mail address is none, the id, the accounts id (CP-15)
 * or an external id is taken, two addresses have one role (CP-47), or the
 * parent is no customer of type agent or is below it (CP-13).
 */
int customer_create(struct change *ch, Rec__Customer *customer, struct err *e);
/*
 * Stores what the caller changed and writes the history row that says so;
 * `event` is its word ("edit").  0 and nothing written when nothing differs.
 */
int customer_save(struct change *ch, Rec__Customer *customer, const char *event,
		  struct slice reason, struct err *e);

/* "Ann Example", the company where there is no name, or the first address. */
struct slice customer_title(const Rec__Customer *customer);

/*
 * For whoever makes something new for a customer: INPUT when it was merged or
 * is inactive (MC-18).
 */
int customer_open_check(const Rec__Customer *customer, struct err *e);
/* Locked or blacklisted: its new orders wait as HAL, and nothing is released (PX-18). */
bool customer_is_blocked(const Rec__Customer *customer);
/* Where that goes (CP-44 to CP-47): the address with the role, else the first; null: none. */
const Rec__Address *customer_address(const Rec__Customer *customer, Rec__AddressRole role);

/* Sub-customers (CP-13), by number, at most `limit`. */
struct customer_list {
	Rec__Customer **items;
	size_t n;
	size_t total;
};
int customer_children(struct txn *txn, struct arena *a, uint64_t id, size_t limit,
		      struct customer_list *list, struct err *e);
/* Who has one of these mail addresses, the oldest first, at most `limit` (MC-01: duplicates). */
int customer_by_address(struct txn *txn, struct arena *a, struct slice address, size_t limit,
			struct customer_list *list, struct err *e);

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
