/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_IMPORT_H
#define POSTCLERK_RECORD_IMPORT_H

#include "record/change.h"

/*
 * The record as JSON Lines: one object a line, {"type":"customer",…} with the
 * schema's field names (schema.h).  What export writes, import reads: together
 * they are the identity, numbers included.  History is not among it: a row can
 * only be made by the change it tells of, and an import is one.  Nor are jobs,
 * which belong to the desk that runs them.
 */

enum import_result { IMPORT_CREATED, IMPORT_UPDATED, IMPORT_UNCHANGED };

struct import_outcome {
	enum import_result result;
	struct slice remark; /* what somebody should look at, or empty; in the change's arena */
};

/*
 * One object: a row of the shop's tables, shop, agent, item, customer, order,
 * thread, message, shipment, document or file.
 * An object that is there already, by id or else by one of its external ids
 * (an agent and a shop by name, an item by SKU, a customer without any id by
 * its first mail address), is updated: fields the
 * line names are replaced, others stay; what only commands may move (the state
 * of a line, the counters of an item) stays too.  Number series move behind
 * imported ids.  An order names its customer by id, mail address or
 * "channel:value" of an external id; lines without numbers get them, lines
 * without a state get their payment type's (ST-19; HAL where there is none), and
 * ANG lines of a new order without an id become HAL where its customer is
 * locked or blacklisted.  Shop, language and currency default to the first
 * shop's.  INPUT names the member at fault.
 *
 * {"type":"foreign",…} is what an import_reader made of another system's order,
 * customer, product or refund.
 */
int record_import(struct change *ch, const struct json *object, struct import_outcome *outcome,
		  struct err *e);
/* The same without remarks. */
int record_import_object(struct change *ch, const struct json *object, enum import_result *result,
			 struct err *e);

/* Where an export stands: zero it to begin. */
struct record_place {
	size_t table;
	struct store_key from; /* the first key that was not looked at */
};

/*
 * Every object from that place on, in the order in which import wants them,
 * each in the arena of the call, which is cleared in between.  For a
 * transaction of STORE_SCAN.  emit returns 1 to go on, 0 to stop behind the
 * object, -1 on an error.  Returns 1 at the end, 0 when emit stopped it: *place
 * is where the next call goes on.
 */
typedef int record_export_fn(void *ctx, const struct json *object, struct err *e);
int record_export(struct txn *txn, struct record_place *place, record_export_fn *emit, void *ctx,
		  struct err *e);

#endif
