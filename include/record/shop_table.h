/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_SHOP_TABLE_H
#define POSTCLERK_RECORD_SHOP_TABLE_H

#include "record/change.h"

/*
 * The shop's tables: short rows that the admin names and that orders, customers
 * and items refer to by that name, without case.  A row of the VAT rates is
 * named by its key: "NL/standard" or "NL/standard/2012-10-01".
 *
 * One generic piece of code over the schema's descriptors, and typed doors for
 * those who use the rows.  1 got one or done, 0 nothing there, -1 and *e.
 */
enum shop_table {
	SHOP_TABLE_PAYMENT_TYPE,
	SHOP_TABLE_TERMS,
	SHOP_TABLE_CHANNEL,
	SHOP_TABLE_PRICE_LIST,
	SHOP_TABLE_SEASON,
	SHOP_TABLE_VAT_RATE,
	SHOP_TABLES,
};

#define SHOP_NAME_MAX 64   /* bytes of a row's name */
#define SHOP_ROWS_MAX 2000 /* rows of one table */

/* ---- for those who use a row ---- */

/* By its name, in memory of the arena. */
int payment_type_load(struct txn *txn, struct arena *a, struct slice name, Rec__PaymentType **row,
		      struct err *e);
int terms_load(struct txn *txn, struct arena *a, struct slice name, Rec__Terms **row,
	       struct err *e);
int channel_load(struct txn *txn, struct arena *a, struct slice name, Rec__Channel **row,
		 struct err *e);
int price_list_load(struct txn *txn, struct arena *a, struct slice name, Rec__PriceList **row,
		    struct err *e);
int season_load(struct txn *txn, struct arena *a, struct slice name, Rec__Season **row,
		struct err *e);
/* The rate of a class in a country on that day: the latest row that has begun. */
int vat_rate_load(struct txn *txn, struct arena *a, const Rec__VatRate *wanted, Rec__VatRate **row,
		  struct err *e);

/*
 * For a command that names a row: INPUT "there is no payment type "bnak"; did
 * you mean "bank"?" when it is not there, and lists what is when nothing is
 * near.  *name becomes the row's own spelling, in the arena.
 */
int shop_row_need(struct txn *txn, struct arena *a, enum shop_table table, struct slice *name,
		  struct err *e);

/* ---- for the admin, import and export ---- */

/* "payment type", as in sentences; "paytype", as on the command line. */
const char *shop_table_title(enum shop_table table);
const char *shop_table_word(enum shop_table table);
/* The table of that word; false when there is none. */
bool shop_table_find(struct slice word, enum shop_table *table);
/* The table whose rows are such messages; false when they are in none. */
bool shop_table_of(const ProtobufCMessageDescriptor *type, enum shop_table *table);

/* "bank", "NL/standard/2012-10-01": what names the row, in the arena. */
char *shop_row_name(struct arena *a, const ProtobufCMessage *row);
/* By that name. */
int shop_row_load(struct txn *txn, struct arena *a, enum shop_table table, struct slice name,
		  ProtobufCMessage **row, struct err *e);
/* A new row of that name, all its fields unset; INPUT when the name cannot be one. */
int shop_row_new(struct arena *a, enum shop_table table, struct slice name, ProtobufCMessage **row,
		 struct err *e);

/*
 * Stores a new or changed row with its history ("paytype:bank").  INPUT names
 * the field at fault: a name that is no short word, an orderline_status other
 * than HAL and ANG, an unknown currency, country or VAT category, a price list
 * that is not there …  0 when nothing differs.
 */
int shop_row_save(struct change *ch, ProtobufCMessage *row, struct err *e);
/*
 * Takes a row away, with its history.  INPUT when there is none, and when
 * another row of the shop's tables still names it; orders and customers keep
 * the word they were made with.
 */
int shop_row_remove(struct change *ch, enum shop_table table, struct slice name, struct err *e);

struct shop_rows {
	ProtobufCMessage **items; /* by name */
	size_t n;
};
int shop_row_list(struct txn *txn, struct arena *a, enum shop_table table, struct shop_rows *rows,
		  struct err *e);

/*
 * Sets a field from what an admin writes: "hal_cancel_days=14", "card=yes",
 * "remind_days=7,14", "vat_rate=21%", "starts_at=2026-03-01"; an empty value
 * clears.  Works on any message without id fields.  INPUT with the field and
 * what would be right, "did you mean" for an unknown one.
 */
int shop_field_set(struct arena *a, ProtobufCMessage *row, struct slice name, struct slice value,
		   struct err *e);
/* A row as an admin reads it, in one line: "bank  orderline_status=HAL remind_days=7,14". */
void shop_row_put(struct buf *out, struct arena *a, const ProtobufCMessage *row);

/*
 * What a new desk begins with: usual payment types and terms, a channel for
 * hand-made orders, and the VAT rates of the countries of the EU.
 */
int shop_table_defaults(struct change *ch, struct err *e);

#endif
