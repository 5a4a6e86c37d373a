/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_DOCUMENT_H
#define POSTCLERK_RECORD_DOCUMENT_H

#include "record/order.h"

/*
 * The print history (CP-29): every document that was made for an object, with
 * the bytes that were handed out and their hash; what is still to be made for
 * an order (CP-33); files that were mailed to an object (CP-37).
 */

#define DOCUMENT_NAME_MAX 120 /* bytes of a file's name */
#define DOCUMENT_BYTES_MAX (16 << 20)

struct document_list {
	Rec__Document **items; /* the newest first */
	size_t n;
	size_t total;
};
/* Of "O10042", "I2026-00017" …  1, also when there are none. */
int document_of(struct txn *txn, struct arena *a, struct slice object, size_t limit,
		struct document_list *list, struct err *e);
int document_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Document **document,
		  struct err *e);
/* The very bytes; 0 when they were erased, or there never were any. */
int document_bytes(struct txn *txn, const Rec__Document *document, struct slice *bytes,
		   struct err *e);
/*
 * A document that was made: number, hash, size, agent, mail and time are set
 * here; object, kind, name, sent_to and copy are the caller's.  The bytes are
 * sealed, so that they can be erased.
 */
int document_add(struct change *ch, Rec__Document *document, struct slice bytes, struct err *e);

/* ---- order triggers ---- */

/* What an order may need; the word is the template's name too. */
#define DOCUMENT_KINDS(X)                                                                          \
	X(CONFIRMATION, "confirmation")                                                            \
	X(PICK_NOTE, "pick_note")                                                                  \
	X(LABEL, "label_address")                                                                  \
	X(INVOICE, "invoice")

#define DOCUMENT_KIND_ENUM(name, word) DOCUMENT_##name,
enum document_kind { DOCUMENT_KINDS(DOCUMENT_KIND_ENUM) DOCUMENT_KIND_COUNT };
#undef DOCUMENT_KIND_ENUM

const char *document_kind_word(enum document_kind kind);
bool document_kind_find(struct slice word, enum document_kind *kind);

/* Is it wanted of the order as it stands, and not made yet?  1, 0, or -1 and *e. */
int document_pending(struct change *ch, const Rec__Order *order, enum document_kind kind,
		     struct err *e);
/*
 * Asks for it: adds document.requested, whose text is the kind; whoever keeps
 * the templates makes it and calls document_add.  INPUT when it is not pending.
 */
int document_request_check(struct change *ch, const Rec__Order *order, enum document_kind kind,
			   struct err *e);
int document_request(struct change *ch, uint64_t order, enum document_kind kind, struct err *e);

/* ---- files ---- */

struct file_list {
	Rec__File **items; /* the newest first */
	size_t n;
	size_t total;
};
int file_of(struct txn *txn, struct arena *a, struct slice object, size_t limit,
	    struct file_list *list, struct err *e);
/*
 * Files something with an object: name, media_type, size, sha256 (of its
 * content, which the caller stored) and message are the caller's; the rest is
 * set here.  INPUT when the object is not there or the name cannot be one.
 * Adds order.filed for orders.
 */
int file_add(struct change *ch, Rec__File *file, struct err *e);

#endif
