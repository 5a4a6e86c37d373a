/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_AGENT_H
#define POSTCLERK_RECORD_AGENT_H

#include "record/change.h"

/* Agents: the people who may command, by name and registered address. */

#define AGENT_NAME_MAX 32 /* letters a-z, digits, '-', '_', '.'; begins with a letter */
/* The number of an agent has 4 bytes in a token (MAIL.md 6). */
#define AGENT_ID_MAX UINT32_MAX

/* By its number, in memory of the arena. */
int agent_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Agent **agent, struct err *e);
/* Without case; an inactive one too. */
int agent_find_address(struct txn *txn, struct arena *a, struct slice address, Rec__Agent **agent,
		       struct err *e);
int agent_find_name(struct txn *txn, struct arena *a, struct slice name, Rec__Agent **agent,
		    struct err *e);

struct agent_list {
	Rec__Agent **items; /* by number */
	size_t n;
};
/* All of them, inactive ones too.  1. */
int agent_list(struct txn *txn, struct arena *a, struct agent_list *list, struct err *e);

/*
 * A new agent: number, created_at and tokens_valid_from are set here.  INPUT
 * when the name is not a short word or is taken, when the address is not one
 * plain mail address or is taken, or there is no role.
 */
int agent_add(struct change *ch, Rec__Agent *agent, struct err *e);
/* Stores what the caller changed, with the same checks; 0 when nothing differs. */
int agent_save(struct change *ch, Rec__Agent *agent, const char *event, struct slice reason,
	       struct err *e);
/*
 * Every token of the agent issued before now is worthless from now on; with
 * `leave` the agent may also do nothing more and get no mail.
 */
int agent_revoke(struct change *ch, uint64_t id, bool leave, struct err *e);

/* "agent"; the role of that word (not none, not system), or INPUT that lists them. */
struct slice agent_role_text(Rec__Role role);
int agent_role_find(struct slice text, Rec__Role *role, struct err *e);

#endif
