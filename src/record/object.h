/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_OBJECT_H
#define POSTCLERK_RECORD_OBJECT_H

#include "record/change.h"

/*
 * What every record has in common: a table, a message type, a number from a
 * series, and a name in the history.  The public functions of a subject are
 * thin over these.  1 got one or done, 0 nothing there, -1 and *e.
 */
enum object_type {
	OBJECT_SHOP,
	OBJECT_AGENT,
	OBJECT_ITEM,
	OBJECT_CUSTOMER,
	OBJECT_ORDER,
	OBJECT_THREAD,
	OBJECT_MESSAGE,
	OBJECT_HISTORY,
	OBJECT_JOB,
	OBJECT_SHIPMENT,
	OBJECT_DOCUMENT,
	OBJECT_FILE,
	OBJECT_PAYMENT_TYPE,
	OBJECT_TERMS,
	OBJECT_CHANNEL,
	OBJECT_PRICE_LIST,
	OBJECT_SEASON,
	OBJECT_VAT_RATE,
	OBJECT_LISTING,
	OBJECT_SCHEDULE,
	OBJECT_TYPES,
};

struct object {
	const struct store_table *table;
	const ProtobufCMessageDescriptor *descriptor;
	const char *name;   /* "customer": in sentences, and its type in JSON */
	const char *series; /* of its numbers; null when its key is no number */
	uint64_t first;	    /* number of a series */
	char letter;	    /* of its ids outside; 0: "agent:3" */
};

extern const struct object objects[OBJECT_TYPES];

/* Of import_queue.c: no objects, but work that waits. */
extern const struct store_table import_table, import_part_table;

/* Positions of indexes in their tables. */
enum {
	CUSTOMER_BY_ADDRESS,
	CUSTOMER_BY_EXTERNAL,
	CUSTOMER_BY_ACCOUNTS,
	CUSTOMER_BY_PARENT,
	CUSTOMER_BY_MERGED,
	CUSTOMER_BY_SEARCH,
};
enum { ORDER_BY_CUSTOMER, ORDER_BY_EXTERNAL, ORDER_BY_WORK, ORDER_BY_SEARCH };
enum { ITEM_BY_SEARCH };
enum { THREAD_BY_CUSTOMER, THREAD_BY_QUEUE };
enum { MESSAGE_BY_THREAD, MESSAGE_BY_MAIL };
enum { AGENT_BY_ADDRESS, AGENT_BY_NAME };
enum { SHOP_BY_ADDRESS, SHOP_BY_NAME };
enum { HISTORY_BY_OBJECT };
enum { SHIPMENT_BY_ORDER, SHIPMENT_BY_TRACKING, SHIPMENT_BY_CUSTOMER, SHIPMENT_BY_SHIPPED };
enum { DOCUMENT_BY_OBJECT };
enum { FILE_BY_OBJECT };

/* Index keys: without case; a long text by its hash, so that it fits. */
void object_key_folded(struct store_key *key, struct slice text);
void object_key_text(struct store_key *key, struct slice text);
/* (value, channel, kind): so that a number alone can be looked up too. */
void object_key_external(struct store_key *key, const Rec__ExternalId *external,
			 const char *default_kind);

/* "O10042", "agent:3" */
char *object_label(struct arena *a, enum object_type type, uint64_t id);
/* The reverse; false when it names no numbered object ("item:SKU"). */
bool object_of_label(struct slice label, enum object_type *type, uint64_t *id);

/* By its number, in memory of the arena. */
int object_load(struct txn *txn, struct arena *a, enum object_type type, uint64_t id,
		ProtobufCMessage **message, struct err *e);
/* By the primary key itself. */
int object_load_key(struct txn *txn, struct arena *a, enum object_type type, struct slice key,
		    ProtobufCMessage **message, struct err *e);
/* To change it afterwards: takes the write lock at once. */
int object_lock(struct txn *txn, struct arena *a, enum object_type type, uint64_t id,
		ProtobufCMessage **message, struct err *e);
bool object_exists(struct txn *txn, enum object_type type, uint64_t id);

/* Where to look: an index (STORE_PRIMARY for none) and the range of its keys. */
struct object_query {
	enum object_type type;
	int index;
	struct store_range range;
	size_t limit;
	bool count; /* go through the whole range for the total */
};

struct object_list {
	ProtobufCMessage **items;
	size_t n;
	size_t total; /* of the range if it was to be counted, else n */
};

/* The first of the range. */
int object_find(struct txn *txn, struct arena *a, const struct object_query *query,
		ProtobufCMessage **message, struct err *e);
/* As many as the limit allows.  1, also when there are none. */
int object_list(struct txn *txn, struct arena *a, const struct object_query *query,
		struct object_list *list, struct err *e);

/*
 * INPUT when another object of the type has one of these external ids already:
 * they are what an import that comes again is known by.
 */
int object_check_externals(struct change *ch, enum object_type type, uint64_t id,
			   Rec__ExternalId *const *externals, size_t n, struct err *e);

/* Stores it as it is, without history. */
int object_put(struct txn *txn, struct arena *a, enum object_type type, uint64_t id,
	       const ProtobufCMessage *message, struct err *e);
/*
 * Gives a new object its number, or moves the series behind the one it has;
 * INPUT when that is taken.
 */
int object_number(struct change *ch, enum object_type type, uint64_t *id, struct err *e);

/* What a save tells the history. */
struct object_step {
	const char *event;
	const char *from_state, *to_state; /* null: has none */
	struct slice reason;
	bool manual;
};

/* A new object: stores it, with a history row. */
int object_create(struct change *ch, enum object_type type, uint64_t id,
		  const ProtobufCMessage *message, const char *to_state, struct err *e);
/*
 * A changed one: the history row tells the difference to what is stored.  0
 * and nothing written when there is none.
 */
int object_save(struct change *ch, enum object_type type, uint64_t id,
		const ProtobufCMessage *message, const struct object_step *step, struct err *e);

#endif
