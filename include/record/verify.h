/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_VERIFY_H
#define POSTCLERK_RECORD_VERIFY_H

#include "store.h"

/*
 * The invariants that no single table can show (RECORD.md 3), for fsck; that
 * every index has exactly the keys of its records is store_verify's.
 *
 *   - every reference resolves, and none leads back to where it began
 *   - unique names, external ids and accounts ids are unique
 *   - every state, quantity and amount is legal; totals can be computed
 *   - reservations: 0 <= reserved <= quantity, none of final and MIN lines (18),
 *     and those of an item's lines are what the item says
 *   - stock: on_hand = received - shipped + restocked - written off, and what is
 *     reserved is on hand (19)
 *   - no line is both shipped and cancelled (17); shipments have what their
 *     lines say, however split; no more is replaced than was shipped (20)
 *   - tombstones: merged orders have no lines, deleted ones nothing open (16)
 *   - a thread's last message and count are right
 *   - history rows, documents and files tell of objects that exist
 *   - number series stand behind the highest id (15)
 *
 * Words of the shop's tables that orders and customers keep are no references:
 * their row may be gone.  Each finding is one line.  1 when there was none, 0
 * when there were some.
 */
int record_verify(struct store *store, store_report_fn *report, void *ctx, struct err *e);

#endif
