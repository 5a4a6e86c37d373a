/* SPDX-License-Identifier: ISC */
#include "record/agent.h"

#include <assert.h>

#include "mail/envelope.h"
#include "object.h"

static int as_agent(int got, ProtobufCMessage *message, Rec__Agent **agent)
{
	*agent = got > 0 ? (Rec__Agent *)message : NULL;
	return got;
}

int agent_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Agent **agent, struct err *e)
{
	ProtobufCMessage *message;
	int got = object_load(txn, a, OBJECT_AGENT, id, &message, e);
	return as_agent(got, message, agent);
}

static int find_by(struct txn *txn, struct arena *a, int index, struct slice text,
		   Rec__Agent **agent, struct err *e)
{
	struct store_key key = {.len = 0};
	object_key_folded(&key, text);
	struct object_query query = {
		.type = OBJECT_AGENT,
		.index = index,
		.range = {.prefix = store_key_slice(&key)},
	};
	ProtobufCMessage *message;
	int got = object_find(txn, a, &query, &message, e);
	return as_agent(got, message, agent);
}

int agent_find_address(struct txn *txn, struct arena *a, struct slice address, Rec__Agent **agent,
		       struct err *e)
{
	return find_by(txn, a, AGENT_BY_ADDRESS, address, agent, e);
}

int agent_find_name(struct txn *txn, struct arena *a, struct slice name, Rec__Agent **agent,
		    struct err *e)
{
	return find_by(txn, a, AGENT_BY_NAME, name, agent, e);
}

/* A desk has people, not customers: few enough to be listed whole. */
int agent_list(struct txn *txn, struct arena *a, struct agent_list *list, struct err *e)
{
	struct object_query query = {
		.type = OBJECT_AGENT, .index = STORE_PRIMARY, .limit = SIZE_MAX};
	struct object_list found;
	if (object_list(txn, a, &query, &found, e) < 0)
		return -1;
	*list = (struct agent_list){ARENA_ARRAY(a, found.n, Rec__Agent *), found.n};
	for (size_t i = 0; i < found.n; i++)
		list->items[i] = (Rec__Agent *)found.items[i];
	return 1;
}

/* ---- checks ---- */

/*
 * A name is typed into commands and stands in folder names and headers: only what
 * no client and no file system changes.
 */
static bool name_char(char c, bool first)
{
	if (c >= 'a' && c <= 'z')
		return true;
	return !first && ((c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.');
}

/* #assign takes "me" and "nobody" where a name stands. */
static int name_check(struct slice name, struct err *e)
{
	bool good = name.len > 0 && name.len <= AGENT_NAME_MAX;
	for (size_t i = 0; i < name.len && good; i++)
		good = name_char(name.ptr[i], i == 0);
	if (good && !slice_eq(name, SLICE("me")) && !slice_eq(name, SLICE("nobody")))
		return 1;
	return err_set(e, ERR_INPUT,
		       "\"%.*s\" is no agent's name: write a short word in small letters, such as "
		       "ann",
		       SLICE_ARG(name));
}

/* Who is saved again finds himself, and that is no other. */
static int taken_by_other(int got, const Rec__Agent *found, const Rec__Agent *agent,
			  const char *what, struct err *e)
{
	if (got <= 0 || found->id == agent->id)
		return got < 0 ? -1 : 1;
	return err_set(e, ERR_INPUT, "%s is taken by agent %s", what, found->name);
}

static int agent_check(struct change *ch, const Rec__Agent *agent, struct err *e)
{
	struct slice name = slice_str(agent->name), address = slice_str(agent->address);
	Rec__Agent *found;
	if (name_check(name, e) < 0)
		return -1;
	/*
	 * Commands are believed by this address (MAIL.md 6): none that two programs could
	 * read differently.
	 */
	if (!mail_addr_strict(address))
		return err_set(e, ERR_INPUT, "\"%s\" is no plain mail address", agent->address);
	if (agent->role == REC__ROLE__ROLE_NONE || agent->role == REC__ROLE__ROLE_SYSTEM)
		return err_set(e, ERR_INPUT, "agent %s has no role", agent->name);
	int got = agent_find_name(ch->txn, ch->arena, name, &found, e);
	if (taken_by_other(got, found, agent, "that name", e) < 0)
		return -1;
	got = agent_find_address(ch->txn, ch->arena, address, &found, e);
	return taken_by_other(got, found, agent, "that address", e);
}

/* ---- changes ---- */

int agent_add(struct change *ch, Rec__Agent *agent, struct err *e)
{
	if (agent_check(ch, agent, e) < 0 || object_number(ch, OBJECT_AGENT, &agent->id, e) < 0)
		return -1;
	if (agent->id > AGENT_ID_MAX)
		return err_set(e, ERR_INPUT, "there are too many agents");
	assert(agent->id != 0);
	if (!agent->created_at)
		agent->created_at = ch->now;
	if (!agent->tokens_valid_from)
		agent->tokens_valid_from = ch->now;
	return object_create(ch, OBJECT_AGENT, agent->id, &agent->base, NULL, e);
}

int agent_save(struct change *ch, Rec__Agent *agent, const char *event, struct slice reason,
	       struct err *e)
{
	struct object_step step = {.event = event, .reason = reason};
	if (agent_check(ch, agent, e) < 0)
		return -1;
	return object_save(ch, OBJECT_AGENT, agent->id, &agent->base, &step, e);
}

int agent_revoke(struct change *ch, uint64_t id, bool leave, struct err *e)
{
	Rec__Agent *agent;
	int got = agent_load(ch->txn, ch->arena, id, &agent, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no agent %llu", (unsigned long long)id);
	if (got < 0)
		return -1;
	/* A token of this very second is older than the revocation too. */
	agent->tokens_valid_from = ch->now + 1;
	agent->inactive |= leave;
	return agent_save(ch, agent, "revoke", SLICE(""), e);
}

/* ---- roles ---- */

struct slice agent_role_text(Rec__Role role)
{
	return schema_enum_text(&rec__role__descriptor, (int)role);
}

int agent_role_find(struct slice text, Rec__Role *role, struct err *e)
{
	int value;
	if (schema_enum_value(&rec__role__descriptor, text, &value) &&
	    value != REC__ROLE__ROLE_NONE && value != REC__ROLE__ROLE_SYSTEM) {
		*role = (Rec__Role)value;
		return 1;
	}
	return err_set(e, ERR_INPUT, "\"%.*s\" is no role: agent, warehouse, accounting or admin",
		       SLICE_ARG(text));
}
