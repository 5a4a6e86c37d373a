/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_VERIFY_H
#define POSTCLERK_RECORD_VERIFY_H

#include "store.h"

/*
 * The invariants that no single table can show (RECORD.md 3), for fsck: every
 * reference resolves, every state and amount is legal, a thread's last message
 * and count are right, unique names are unique, history rows tell of objects
 * that exist, and number series stand behind the highest id.  Each finding is
 * one line.  1 when there was none, 0 when there were some.
 */
int record_verify(struct store *store, store_report_fn *report, void *ctx, struct err *e);

#endif
