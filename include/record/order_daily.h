/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_ORDER_DAILY_H
#define POSTCLERK_RECORD_ORDER_DAILY_H

#include "record/change.h"

/*
 * What the clock does to orders once a day, by the calendar of the shop:
 *
 *   ST-20  HAL lines that waited hal_cancel_days of their payment type become
 *          STO (order.cancelled)
 *   ST-21  orders whose payment is missing are reminded after each of its
 *          remind_days, once (order.reminder; its text is the number of days)
 *          and what is reserved for longer than reservation_days is given back
 *
 * One call is one bounded step: at most `most` orders.  How far it came is
 * stored with what it did, so that the next call goes on there, after a crash
 * too.  1 something was done, call again; 0 this day is done; -1 and *e.
 */
int order_daily(struct change *ch, size_t most, struct err *e);

/* Is there anything left to do today?  Cheap: for whoever asks every second. */
int order_daily_due(struct change *ch, struct err *e);

#define ORDER_DAILY_STEP 25 /* a good number of orders for one transaction */

#endif
