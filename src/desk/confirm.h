/* SPDX-License-Identifier: ISC */
#ifndef DESK_CONFIRM_H
#define DESK_CONFIRM_H

#include "schema.h"
#include "store.h"

/*
 * Fresh proof by a code (MAIL.md 6, I3): commands that need it are shown as a
 * preview together with a code, mailed to the agent's registered address; the
 * agent sends "#confirm CODE" back and the very mail that was shown is run.  A
 * code is good once, for its agent, for half an hour; only its digest is kept.
 */
extern const struct store_table confirm_table;

#define CONFIRM_SECONDS 1800
#define CONFIRM_CODE_SIZE 16 /* "k7qf-2m8p-x3aa" and its end */

/*
 * Keeps what is to be run and makes its code; expires_at is set.  Older ones of
 * the agent that have expired are dropped.
 */
int confirm_put(struct txn *txn, Tra__Confirmation *what, int64_t now, char code[CONFIRM_CODE_SIZE],
		struct err *e);
/*
 * 1 and what the code stands for, which is then used up if the transaction
 * commits; 0 when it is no code of this agent that is still good.
 */
int confirm_take(struct txn *txn, struct arena *a, uint64_t agent, struct slice code, int64_t now,
		 Tra__Confirmation **what, struct err *e);

#endif
