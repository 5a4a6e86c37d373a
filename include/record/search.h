/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_SEARCH_H
#define POSTCLERK_RECORD_SEARCH_H

#include "record/change.h"
#include "record/id.h"

/*
 * Search (PX-04 to PX-07, MC-02, MC-03, CP-01 to CP-10, CS-01): criteria that
 * all must hold, over customers and orders.  Texts are compared folded
 * (text_put_folded), runs of spaces as one.
 *
 * A search with a criterion of orders finds orders: those that fit, of
 * customers that fit.  Any other finds customers; a free text finds both.
 * Merged customers and deleted orders are tombstones and are not found.
 *
 * The work is bounded whatever is asked: sets that indexes give are collected
 * up to SEARCH_SET_MAX, records that must be looked at one by one up to
 * SEARCH_LOADS_MAX.  A search that needs more is refused with a sentence that
 * says so; it is never cut short in silence.
 */
#define SEARCH_CRITERIA_MAX 32
#define SEARCH_TEXT_MAX 200    /* bytes of one criterion */
#define SEARCH_SET_MAX 200000  /* index keys of one criterion */
#define SEARCH_LOADS_MAX 20000 /* records looked at in one search */
#define SEARCH_SORT_MAX 10000  /* hits that can be put in another order than their numbers' */
#define SEARCH_LIMIT_DEFAULT 50
#define SEARCH_LIMIT_MAX 1000 /* PX-07: fixed */

/*
 * name, what it finds (C customers, O orders, B either), what is compared.
 * "Part" is found anywhere, "begins" at the beginning of a word, "is" as a whole.
 */
#define SEARCH_FIELDS(X)                                                                           \
	X(TEXT, text, 'B')	 /* numbers, parts of names, words of mails */                     \
	X(NAME, name, 'C')	 /* part of name, company, trading name or an address's name */    \
	X(COMPANY, company, 'C') /* part */                                                        \
	X(TRADING, trading, 'C') /* part */                                                        \
	X(EMAIL, email, 'C') /* begins at a letter or digit behind none: jo.vries@shop.example */  \
	X(PHONE, phone, 'C') /* digits without leading zeros; country and area may miss */         \
	X(ADDRESS, address, 'C')   /* begins in street or city */                                  \
	X(ZIP, zip, 'C')	   /* begins the postcode, without spaces */                       \
	X(EBAY, ebay, 'C')	   /* is the external id of the channel "ebay" */                  \
	X(GROUP, group, 'C')	   /* is */                                                        \
	X(CHANNEL, channel, 'C')   /* is the customer's */                                         \
	X(TYPE, type, 'C')	   /* public, retailer, agent */                                   \
	X(ACTIVE, active, 'C')	   /* yes, no */                                                   \
	X(NOTE, note, 'C')	   /* begins in a note or a watch note */                          \
	X(SHOP, shop, 'B')	   /* is the shop's name */                                        \
	X(ORDER, order, 'O')	   /* is its own number or an external one */                      \
	X(INVOICE, invoice, 'O')   /* is on one of its lines */                                    \
	X(TRACKING, tracking, 'O') /* begins a code of the order or of its shipments */            \
	X(AMAZON, amazon, 'O')	   /* is the external id of the channel "amazon" */                \
	X(PAYMENT, payment, 'O')   /* is the payment type */                                       \
	X(COMMENT, comment, 'O')   /* begins in a comment */                                       \
	X(ITEM, item, 'O')	   /* is SKU or barcode, or part of the name, of an item on it */  \
	X(LINE, line, 'O')	   /* a line of it is in that state: "HAL" */                      \
	X(STATUS, status, 'O')	   /* "hold", "HAL", "allocated" … (order_status, order_view) */ \
	X(ORDERED, ordered, 'O')   /* from..below */                                               \
	X(SHIPPED, shipped, 'O')   /* a shipment of it left in from..below */

#define SEARCH_FIELD_ENUM(field, name, finds) SEARCH_##field,
enum search_field { SEARCH_FIELDS(SEARCH_FIELD_ENUM) SEARCH_FIELD_COUNT };
#undef SEARCH_FIELD_ENUM

/* "zip", and whether it makes the search one for orders. */
const char *search_field_name(enum search_field field);
bool search_field_of_orders(enum search_field field);

struct search_criterion {
	enum search_field field;
	struct slice text;   /* as asked; not of ORDERED and SHIPPED */
	int64_t from, below; /* of those: UTC seconds, below 0 is no end */
};

enum search_sort {
	SEARCH_BY_ID,
	SEARCH_BY_DATE,
	SEARCH_BY_NAME,
	SEARCH_BY_TOTAL,
	SEARCH_BY_STATUS
};

struct search {
	struct search_criterion criteria[SEARCH_CRITERIA_MAX];
	size_t n;
	size_t offset, limit;  /* limit 1..SEARCH_LIMIT_MAX */
	enum search_sort sort; /* customers have id, date (of creation) and name */
	bool descending;
};

struct search_result {
	struct slice criteria; /* "zip=1011*, status=HAL": what was searched for, as compared */
	struct id *hits;       /* the page: customers before orders */
	size_t n;
	uint64_t total;
};

/*
 * 1, also when nothing fits.  INPUT: no criterion, one that is empty, too
 * short or no word of its field, or a search that finds too much.
 */
int search_run(struct txn *txn, struct arena *a, const struct search *search,
	       struct search_result *result, struct err *e);

#endif
