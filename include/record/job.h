/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_JOB_H
#define POSTCLERK_RECORD_JOB_H

#include "record/change.h"

/*
 * Due jobs: what the clock causes.  A job is of a kind (a word that whoever
 * runs it knows) and about one object ("O10042"), and is in the table until
 * it is taken.
 */

/* Adds a job; its number is set here. */
int job_add(struct change *ch, Rec__Job *job, struct err *e);
/* The earliest job that is due by the time of the change, taken out; 0 none. */
int job_take(struct change *ch, Rec__Job **job, struct err *e);
/* When the earliest job is due; 0 there is none. */
int job_next(struct txn *txn, int64_t *due_at, struct err *e);

#endif
