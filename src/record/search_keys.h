/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_SEARCH_KEYS_H
#define POSTCLERK_RECORD_SEARCH_KEYS_H

#include "object.h"

/*
 * The search indexes: under a tag of one byte, the beginnings of what can be
 * searched for.  Keys and comparison are made of the same places of the same
 * texts, so that what the index finds is what fits, and the reverse.
 */

/* Of customers, of orders, of items. */
enum search_tag {
	TAG_NAME = 'n',
	TAG_EMAIL = 'e',
	TAG_PHONE = 'p',
	TAG_ADDRESS = 'a',
	TAG_ZIP = 'z',
	TAG_GROUP = 'g',
	TAG_CHANNEL = 'h',
	TAG_TYPE = 'k',	  /* not of the public, who are nearly all */
	TAG_ACTIVE = 'x', /* only of the inactive */
	TAG_NOTE = 'm',
	TAG_STATUS = 'o', /* not of closed orders, which are nearly all */
	TAG_LINE = 'l',	  /* likewise not shipped lines */
	TAG_ORDERED = 'd',
	TAG_ITEM = 'i',
	TAG_TRACKING = 't',
	TAG_INVOICE = 'v',
	TAG_COMMENT = 'c',
};

/* At which places of a text a searched one may begin. */
enum search_start {
	START_WHOLE,
	START_ANYWHERE,
	START_WORD,
	START_PHONE, /* one of the first digits: country and area may be left out */
};

/* How a text is made comparable. */
enum search_form {
	FORM_TEXT,   /* folded, runs of spaces as one, trimmed */
	FORM_CODE,   /* folded, without spaces */
	FORM_DIGITS, /* digits only, without leading zeros */
};

/*
 * Bytes of a text in a key.  The more, the fewer records that fit must be
 * looked at for longer texts; the index hardly grows by it, since what it costs
 * is the number of keys.
 */
#define SEARCH_KEY_TEXT 12
#define SEARCH_KEY_PHONE 8
#define SEARCH_KEY_WHOLE 64   /* where only the whole text is looked for */
#define SEARCH_PHONE_STARTS 7 /* first digits that are places */
#define SEARCH_KEYS_MAX 3000  /* of the texts of one record; what comes behind is not indexed */

/* In the arena. */
struct slice search_form(struct arena *a, enum search_form form, struct slice text);
/* Is `wanted` found at one of the places of the text?  Both are made comparable. */
bool search_fits(enum search_start start, struct slice text, struct slice wanted);
/* The part of a text that stands in a key. */
struct slice search_key_text(enum search_start start, struct slice text);
void search_key(struct store_key *key, enum search_tag tag, enum search_start start,
		struct slice text);

/* The indexes' keys. */
void search_customer_keys(const ProtobufCMessage *message, struct store_keys *keys);
void search_order_keys(const ProtobufCMessage *message, struct store_keys *keys);
void search_item_keys(const ProtobufCMessage *message, struct store_keys *keys);

/* ---- search_texts.c: what is compared with what, in one place ---- */

/* A text of a record that a field looks at. */
struct search_text {
	enum search_tag tag;
	enum search_form form;
	enum search_start start;
	struct slice text;
};
/* Each text of the record, until fn returns false. */
typedef bool search_text_fn(void *ctx, const struct search_text *text);
void search_customer_texts(const Rec__Customer *customer, search_text_fn *fn, void *ctx);
void search_order_texts(const Rec__Order *order, search_text_fn *fn, void *ctx);
void search_item_texts(const Rec__Item *item, search_text_fn *fn, void *ctx);

#endif
