/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_CUSTOMER_EDIT_H
#define POSTCLERK_RECORD_CUSTOMER_EDIT_H

#include "record/change.h"

/*
 * What people change in a customer (PX-08): named fields, flags, standing
 * notes and addresses.  Each function that takes an id writes its history row,
 * and a merged customer means the one it was merged into.
 */

/* ---- fields by name ---- */

/*
 * The fields that may be edited: name as commands write it, whether it takes
 * several values.  An empty value clears.
 */
#define CUSTOMER_FIELDS(X)                                                                         \
	X(name, false)                                                                             \
	CUSTOMER_FIELDS_BUT_NAME(X)
#define CUSTOMER_FIELDS_BUT_NAME(X)                                                                \
	X(company, false)                                                                          \
	X(trading, false)                                                                          \
	X(type, false)                                                                             \
	X(parent, false)                                                                           \
	X(group, false)                                                                            \
	X(channel, false)                                                                          \
	X(terms, false)                                                                            \
	X(bank, false)                                                                             \
	X(accounts_id, false)                                                                      \
	X(credit_limit, false)                                                                     \
	X(email, true)                                                                             \
	X(phone, false)                                                                            \
	X(language, false)                                                                         \
	X(currency, false)                                                                         \
	X(vat_id, false)                                                                           \
	X(vat_checked, false)                                                                      \
	X(ebay, false)                                                                             \
	X(amazon, false)                                                                           \
	X(external, true)                                                                          \
	X(obfuscate, false)

/* The values of one field: `email` has as many as there are addresses. */
struct customer_setting {
	struct slice name;
	const struct slice *values;
	size_t n;
};

/*
 * Sets a field of the message; nothing is stored.  INPUT that says what would
 * be right: a channel or terms that are not in the shop's tables (CP-12,
 * CP-17), two channels, a type that is none, a VAT id that no country would
 * give out, a currency, language or amount that is none.
 */
int customer_set(struct txn *txn, struct arena *a, Rec__Customer *customer,
		 const struct customer_setting *setting, struct err *e);

/* ---- flags ---- */

enum customer_step {
	CUSTOMER_LOCK, /* PX-18 */
	CUSTOMER_UNLOCK,
	CUSTOMER_BLACKLIST, /* CS-21: the command is the admin's */
	CUSTOMER_UNBLACKLIST,
	CUSTOMER_DEACTIVATE, /* MC-18 */
	CUSTOMER_ACTIVATE,
};

/* INPUT when it is so already, or the customer was merged. */
int customer_step_check(const Rec__Customer *customer, enum customer_step step, struct err *e);
/* Adds customer.locked, customer.unlocked, customer.blacklisted …. */
int customer_step(struct change *ch, uint64_t id, enum customer_step step, struct slice reason,
		  struct err *e);

/* ---- notes ---- */

/* An internal note against the customer, by the agent of the change (CP-38). */
int customer_note(struct change *ch, uint64_t id, struct slice text, struct err *e);
#define CUSTOMER_WATCH_MAX 20
/* A standing note (CP-40); the n-th one, counted from 1 as cards do, is taken away. */
int customer_watch(struct change *ch, uint64_t id, struct slice text, struct err *e);
int customer_unwatch(struct change *ch, uint64_t id, size_t n, struct err *e);
/* That somebody called the customer: a note with the number dialled (CS-05). */
int customer_call(struct change *ch, uint64_t id, struct slice text, struct err *e);

/* ---- addresses (CP-43 to CP-47) ---- */

#define CUSTOMER_ADDRESSES_MAX 100

/* What an address is to be; an unset field (null pointer) stays as it is, an empty one is cleared.
 */
struct address_edit {
	struct slice name, company, postcode, city, region, country, phone, email;
	const struct slice *lines; /* null: stay as they are */
	size_t n_lines;
};

/*
 * A new address at the end; the first one has every role, a further one `role`
 * only (NONE: none yet).  *place is its number, counted from 1.  INPUT when it
 * says nothing, the country is no ISO 3166-1 code, or the mail address none.
 */
int customer_address_add(struct change *ch, uint64_t id, const struct address_edit *edit,
			 Rec__AddressRole role, size_t *place, struct err *e);
int customer_address_change(struct change *ch, uint64_t id, size_t place,
			    const struct address_edit *edit, struct err *e);
/* Gives it the role; the one that had it loses it. */
int customer_address_role(struct change *ch, uint64_t id, size_t place, Rec__AddressRole role,
			  struct err *e);
/* INPUT while it has a role and there are others that could take it. */
int customer_address_remove(struct change *ch, uint64_t id, size_t place, struct err *e);

#endif
