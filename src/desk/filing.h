/* SPDX-License-Identifier: ISC */
#ifndef DESK_FILING_H
#define DESK_FILING_H

#include "intake.h"

/*
 * Files mailed to an order's own address, support+O10042@shop.example, are
 * kept with the order (MAIL.md 4, CP-37) when the sender is its customer, or
 * an agent whose mail proves where it came from (I2).  Anybody else's are the
 * attachments of an ordinary mail.
 */

/* The order that a recipient address of the mail names, or 0. */
uint64_t filing_order(const struct intake *in);
/* The files of a customer's mail, with an order of theirs; 0 is none, and files nothing. */
int filing_of_customer(struct intake *in, uint64_t order, const Rec__Message *message,
		       struct err *e);
/*
 * An agent's mail: an internal note in a thread about the order, its files with
 * the order, a transcript.  0 when the mail is none of this kind.
 */
int filing_of_agent(struct intake *in, struct err *e);

#endif
