/* SPDX-License-Identifier: ISC */
#include "record/job.h"

#include <assert.h>

#include "object.h"

int job_add(struct change *ch, Rec__Job *job, struct err *e)
{
	assert(job->kind[0] != '\0');
	struct store_due due = {.at = job->due_at, .value = schema_pack_in(ch->arena, &job->base)};
	if (store_due_put(ch->txn, objects[OBJECT_JOB].table, &due, e) < 0)
		return -1;
	job->id = due.sequence;
	return 1;
}

int job_take(struct change *ch, Rec__Job **job, struct err *e)
{
	struct store_due due;
	*job = NULL;
	int got = store_due_take(ch->txn, objects[OBJECT_JOB].table, ch->now, &due, e);
	if (got <= 0)
		return got;
	ProtobufCMessage *message =
		schema_unpack(ch->arena, objects[OBJECT_JOB].descriptor, due.value, e);
	if (!message)
		return -1;
	*job = (Rec__Job *)message;
	/* The number was not known when the job was packed. */
	(*job)->id = due.sequence;
	return 1;
}

int job_next(struct txn *txn, int64_t *due_at, struct err *e)
{
	struct store_due due;
	int got = store_due_peek(txn, objects[OBJECT_JOB].table, &due, e);
	*due_at = got > 0 ? due.at : 0;
	return got < 0 ? -1 : 1;
}
