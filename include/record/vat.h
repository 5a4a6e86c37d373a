/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_VAT_H
#define POSTCLERK_RECORD_VAT_H

#include "record/change.h"

/* Which VAT a line of an order bears (RECORD.md 4.5). */

/* Is that ISO 3166-1 alpha-2 code a member state of the EU (VAT area) on that day? */
bool vat_is_eu(struct slice country, int64_t at);
/* Are these two letters a country code at all? */
bool vat_is_country(struct slice country);
/*
 * Has it the shape of a VAT id of an EU country ("NL123456789B01")?  Whether
 * it is valid only the country's register knows.
 */
bool vat_id_plausible(struct slice vat_id);

/* "21%", "5.5 %": parts per million; false when it is none from 0 to 100 %. */
bool vat_rate_parse(struct slice text, int64_t *rate);

/* What decides; all of it is on the order, its customer and its shop. */
struct vat_question {
	struct slice shop_country;  /* ISO 3166-1 alpha-2; empty: nothing is known */
	struct slice buyer_country; /* where the goods go; empty: the shop's */
	struct slice buyer_vat_id;  /* empty: a private buyer */
	bool vat_id_checked;	    /* somebody made sure that it is valid */
	bool destination;	    /* the shop is above the OSS threshold */
	bool without_vat;	    /* "don't charge VAT" stands on the order */
	int64_t at;		    /* day of supply */
};

/*
 * The answer: a category without VAT (K intra-community, G export, E where the
 * order says so), or the country whose rate holds (category empty: S, Z or E,
 * as the item's class has it there).
 */
struct vat_answer {
	const char *category;
	struct slice country; /* a view of the question */
	const char *reason;   /* in words: "EU business with a checked VAT id" */
};

/* A pure function of the question. */
void vat_decide(const struct vat_question *question, struct vat_answer *answer);

/* What a line is told: EN 16931 category and parts per million. */
struct vat_line {
	char *category;
	int64_t rate;
};

/* The question of an order: its shop and customer loaded, its shipping country, now or `at`. */
int vat_question_of(struct txn *txn, struct arena *a, const Rec__Order *order, int64_t at,
		    struct vat_question *question, struct err *e);
/*
 * Category and rate for an item of that order.  Where the shop has no country
 * or the table no row of the item's class, what the item itself says holds.  An
 * item without a class is "standard", but at home what it says itself holds.
 */
int vat_of_item(struct txn *txn, struct arena *a, const struct vat_question *question,
		const Rec__Item *item, struct vat_line *line, struct err *e);

#endif
