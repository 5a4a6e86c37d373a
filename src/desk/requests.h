/* SPDX-License-Identifier: ISC */
#ifndef DESK_REQUESTS_H
#define DESK_REQUESTS_H

#include "state.h"

/* What the processes around the desk may ask of it (src/schema/rpc.proto). */

/* Fills in the reply, in the arena; -1 and *e when it was not done. */
int request_answer(struct desk *desk, const Rpc__Request *request, struct arena *a,
		   Rpc__Reply *reply, struct err *e);
/* The part of it that is a subcommand of the program. */
int call_answer(struct desk *desk, const Rpc__Call *call, struct arena *a, Rpc__Reply *reply,
		struct err *e);

/* Processes one journaled mail now; as intake_process. */
int desk_process(struct desk *desk, uint64_t id, struct err *e);
/* A quarantined one once more; as intake_again. */
struct intake_again;
int desk_again(struct desk *desk, struct arena *a, struct intake_again *again, struct err *e);
/* All tables of a desk's store. */
const struct store_schema *desk_store_schema(void);

#endif
