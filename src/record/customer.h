/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_CUSTOMER_PRIVATE_H
#define POSTCLERK_RECORD_CUSTOMER_PRIVATE_H

#include "object.h"
#include "record/customer.h"

/* What the files of the customer share. */

#define CUSTOMER_PARENTS_MAX 32 /* agents of agents are followed this far */

/* Everything that must hold of a stored customer but its parent.  INPUT. */
int customer_check(struct change *ch, const Rec__Customer *customer, struct err *e);
/* The parent is of type agent and not below it; nor are there children of one that is none. */
int customer_check_parent(struct change *ch, const Rec__Customer *customer, struct err *e);
/* Stores it with the checks; the step goes into the history. */
int customer_save_step(struct change *ch, Rec__Customer *customer, const struct object_step *step,
		       struct err *e);
/* The customer itself, or what it was merged into; INPUT when there is none. */
int customer_need(struct change *ch, uint64_t id, Rec__Customer **customer, struct err *e);

#endif
