/* SPDX-License-Identifier: ISC */
#include "customer.h"

#include "mail/envelope.h"

/* mail_addr_strict_utf8 and not the stricter one: a customer has the address he has. */
static int check_emails(const Rec__Customer *customer, struct err *e)
{
	for (size_t i = 0; i < customer->n_emails; i++)
		if (!mail_addr_strict_utf8(slice_str(customer->emails[i])))
			return err_set(e, ERR_INPUT, "\"emails\": \"%s\" is no mail address",
				       customer->emails[i]);
	return 1;
}

/* CP-47: each role is one address's. */
static int check_roles(const Rec__Customer *customer, struct err *e)
{
	size_t taken[REC__ADDRESS_ROLE__ADDRESS_ROLE_DELIVERY + 1] = {0};
	for (size_t i = 0; i < customer->n_addresses; i++)
		for (size_t j = 0; j < customer->addresses[i]->n_roles; j++) {
			unsigned role = customer->addresses[i]->roles[j];
			if (role >= sizeof(taken) / sizeof(taken[0]) || !role)
				continue;
			if (taken[role] && taken[role] != i + 1)
				return err_set(e, ERR_INPUT,
					       "\"addresses\": two are the %.*s address",
					       SLICE_ARG(schema_enum_text(
						       &rec__address_role__descriptor, (int)role)));
			taken[role] = i + 1;
		}
	return 1;
}

/* CP-15: what the accounts package calls it is nobody else's. */
static int check_accounts_id(struct change *ch, const Rec__Customer *customer, struct err *e)
{
	struct store_key key = {.len = 0};
	struct store_row row;
	uint64_t other;
	if (!customer->accounts_id[0])
		return 1;
	object_key_folded(&key, slice_str(customer->accounts_id));
	struct store_range range = {.prefix = store_key_slice(&key)};
	int got = store_first(ch->txn, objects[OBJECT_CUSTOMER].table, CUSTOMER_BY_ACCOUNTS, &range,
			      &row, e);
	if (got <= 0 || !store_key_take_u64(&row.primary_key, &other) || other == customer->id)
		return got < 0 ? -1 : 1;
	return err_set(e, ERR_INPUT, "\"accounts_id\": \"%s\" is that of C%llu already",
		       customer->accounts_id, (unsigned long long)other);
}

int customer_check(struct change *ch, const Rec__Customer *customer, struct err *e)
{
	if (check_emails(customer, e) < 0 || check_roles(customer, e) < 0)
		return -1;
	if (customer->currency[0] && money_exponent(slice_str(customer->currency)) < 0)
		return err_set(e, ERR_INPUT, "\"currency\": \"%s\" is no ISO 4217 currency",
			       customer->currency);
	if (customer->credit_limit < 0)
		return err_set(e, ERR_INPUT, "\"credit_limit\" must not be negative");
	if (check_accounts_id(ch, customer, e) < 0)
		return -1;
	return object_check_externals(ch, OBJECT_CUSTOMER, customer->id, customer->external_ids,
				      customer->n_external_ids, e);
}

/* ---- CP-13 ---- */

static int check_children(struct change *ch, const Rec__Customer *customer, struct err *e)
{
	struct customer_list children;
	if (!customer->id || customer->kind == REC__CUSTOMER_TYPE__CUSTOMER_TYPE_AGENT)
		return 1;
	if (customer_children(ch->txn, ch->arena, customer->id, 1, &children, e) < 0)
		return -1;
	if (!children.n)
		return 1;
	return err_set(e, ERR_INPUT, "C%llu has %zu sub-customer%s, so its type must be agent",
		       (unsigned long long)customer->id, children.total,
		       children.total == 1 ? "" : "s");
}

int customer_check_parent(struct change *ch, const Rec__Customer *customer, struct err *e)
{
	uint64_t id = customer->parent;
	if (check_children(ch, customer, e) < 0)
		return -1;
	for (int i = 0; id && i < CUSTOMER_PARENTS_MAX; i++) {
		Rec__Customer *parent;
		if (id == customer->id)
			return err_set(e, ERR_INPUT,
				       "\"parent\": C%llu would be its own parent, through C%llu",
				       (unsigned long long)id,
				       (unsigned long long)customer->parent);
		int got = customer_load(ch->txn, ch->arena, id, &parent, e);
		if (got <= 0)
			return got < 0 ? -1
				       : err_set(e, ERR_INPUT,
						 "\"parent\": there is no customer C%llu",
						 (unsigned long long)id);
		if (parent->kind != REC__CUSTOMER_TYPE__CUSTOMER_TYPE_AGENT)
			return err_set(e, ERR_INPUT,
				       "\"parent\": C%llu is not of type agent: #set C%llu "
				       "type=agent first",
				       (unsigned long long)id, (unsigned long long)id);
		id = parent->parent;
	}
	return id ? err_set(e, ERR_INPUT, "\"parent\": more than %d stand above it",
			    CUSTOMER_PARENTS_MAX)
		  : 1;
}
