/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_IMPORT_DRAFT_H
#define POSTCLERK_RECORD_IMPORT_DRAFT_H

#include "record/import_reader.h"
#include "schema.h"

/*
 * What a reader makes of one order, customer, product or refund of another
 * system, before it becomes {"type":"foreign",…}.  Amounts are taken over to
 * the minor unit: what the file says the customer pays is what he pays here.
 */
#define DRAFT_NOTES_MAX 16

/* A line's amounts as the file has them. */
struct draft_line {
	Rec__Line *line;
	int64_t amount; /* of the whole line, as priced, before discounts */
	int64_t discount;
	int64_t tax; /* of the line; only where the file tells it */
};

struct draft {
	struct arena *arena;
	uint64_t line; /* of the file */
	const char *channel;
	Rec__Customer *customer; /* null: none */
	Rec__Order *order;	 /* null: none */
	Rec__Item *item;	 /* null: none */
	struct draft_line *lines;
	size_t n_lines, room;

	bool paid, cancelled; /* as a whole */
	bool has_total;
	int64_t total;	    /* what the customer pays, by the file */
	bool stock;	    /* item->on_hand was in the file */
	bool rates_unknown; /* which line bears which VAT */
	char *refund_of;    /* a refund: what the order is called there; null: none */
	struct slice notes[DRAFT_NOTES_MAX]; /* comments on the order */
	size_t n_notes;
	char *remark; /* null: none */
};

void draft_init(struct draft *d, struct arena *a, uint64_t line, const char *channel);
Rec__Order *draft_order(struct draft *d);
Rec__Customer *draft_customer(struct draft *d);
/* One more line; null and INPUT when there are too many. */
struct draft_line *draft_line(struct draft *d, struct err *e);
void draft_note(struct draft *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
void draft_remark(struct draft *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A text of the file for a field: valid UTF-8, one line, trimmed; "" for nothing. */
char *draft_text(struct arena *a, struct slice text);
/* Both in one line with a blank between them. */
char *draft_join(struct arena *a, struct slice one, struct slice other);
/* A short word for a name of theirs: "Cash on Delivery (COD)" is "cod"; of unknown ones a slug. */
char *draft_payment_type(struct arena *a, struct slice name);
/* People write 1001, with and without its sign: "#1001" is "1001". */
struct slice draft_number(struct slice name);
/* What they call the order and the customer; an empty one is left out. */
void draft_order_id(struct draft *d, const char *kind, struct slice value);
void draft_customer_id(struct draft *d, struct slice value);
/* A mail address where it is one, lower case; else nothing, with a remark. */
void draft_email(struct draft *d, struct slice email);

/* An address, empty at first; lines that say nothing are left out. */
Rec__Address *draft_address(struct arena *a);
void draft_address_line(struct arena *a, Rec__Address *address, struct slice text);
/* Two letters, upper case; a longer name is left as a remark. */
void draft_country(struct draft *d, Rec__Address *address, struct slice country);
bool draft_address_empty(const Rec__Address *address);
/* billing and shipping of the order, each standing for the other where it is missing. */
void draft_addresses(struct draft *d, Rec__Address *billing, Rec__Address *shipping);

/*
 * "2024-05-01 09:58:12 +0000", "2017-03-22T19:28:02", "2024-05-01T09:58:12+02:00":
 * UTC seconds; what names no zone is UTC.  Empty is 0.  INPUT.
 */
int draft_time(struct slice text, int64_t *at, struct err *e);
/* Pieces: "2", "2.0"; 0 is refused. */
int draft_quantity(struct slice text, int64_t *quantity, struct err *e);
/* "VAT 19%", "19 %": parts per million; false when no percentage stands in it. */
bool draft_rate_in(struct slice text, int64_t *rate);
/* Of a tax and what it is on, as the rate that people would have meant. */
int64_t draft_rate_of(int64_t tax, int64_t net, size_t pieces);

/*
 * The lines' unit prices and discounts from their amounts, so that each line
 * is worth exactly what the file says.  net: the amounts are without VAT.
 * Where net prices do not add up to the file's total (others round per line,
 * or tax shipping otherwise), the order gets gross ones that do.
 */
int draft_finish(struct draft *d, bool net, struct err *e);
/* {"type":"foreign",…} */
struct json *draft_json(const struct draft *d);

#define IMPORT_AMOUNT_MAX INT64_C(1000000000000000) /* minor units of one figure */

/* import_amount.c: RECORD.md 4.1, minor units; 0 and nothing for an empty text. */
int import_amount(struct slice text, struct slice currency, bool negative, int64_t *amount,
		  struct err *e);
/* price * quantity, where that is an amount as above. */
int import_pieces(int64_t price, int64_t quantity, int64_t *amount, struct err *e);

#endif
