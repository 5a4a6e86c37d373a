/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_COMMAND_CARD_H
#define POSTCLERK_COMMAND_CARD_H

#include "private.h"
#include "record/customer.h"
#include "record/order.h"
#include "record/thread.h"

/*
 * Cards are text, one line a thing: what the parts of a card are written with.
 * Each kind of object has its file; the table of kinds stands in card.c.
 */

#define CARD_VALUE 300 /* code points of one value */
#define CARD_LABEL 10  /* columns of what stands before a value */

struct card {
	struct txn *txn;
	struct arena *a;
	struct buf *out;
	struct err *e;
};

/* ---- card.c: parts that several cards have ---- */

/* "Phone     +31 …", nothing where there is nothing to say. */
void card_put_field(const struct card *card, const char *label, struct slice value);
/* "2026-03-01 10:00", UTC */
void card_put_time(struct buf *out, int64_t at);
/*
 * The newest notes or comments, the oldest first, one line each with number,
 * time and author (CP-38, CP-39).
 */
void card_put_notes(const struct card *card, const char *title, Rec__Note *const *notes, size_t n);
/* The agent's name, "system" for 0. */
void card_put_agent(struct txn *txn, struct arena *a, uint64_t agent, struct buf *out);
/* "tel:+31201234567": what phones and mail clients dial (CS-05). */
void card_put_tel(struct buf *out, struct slice phone);
/* An address in one line, without and with its label: a card is read, not put on a parcel. */
void card_put_place(const struct card *card, const Rec__Address *address);
void card_put_address(const struct card *card, const char *label, const Rec__Address *address);
/* "Known as  amazon A-1" */
void card_put_externals(const struct card *card, Rec__ExternalId *const *ids, size_t n);

/* ---- one file a kind: 1, or 0 when there is no such object ---- */

int card_put_customer(const struct card *card, const struct id *id);
int card_put_order(const struct card *card, const struct id *id);
int card_put_thread(const struct card *card, const struct id *id);

/* Standing notes come first, on every card (CP-40, CP-41). */
void card_put_watch(const struct card *card, const Rec__Customer *customer);
/* "  O10001  2026-02-20 09:00  [HAL] on hold, unallocated  78.95 EUR" */
void card_put_order_line(const struct card *card, const Rec__Order *order);
/* "  T10001  open     Where is my order?" */
void card_put_thread_line(const struct card *card, const Rec__Thread *thread);

#endif
