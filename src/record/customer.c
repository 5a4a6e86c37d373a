/* SPDX-License-Identifier: ISC */
#include "record/customer.h"

#include <assert.h>

#include "customer.h"
#include "record/id.h"

/* A merge of merges is followed this far. */
#define RESOLVE_MAX 32

static int as_customer(int got, ProtobufCMessage *message, Rec__Customer **customer)
{
	*customer = got > 0 ? (Rec__Customer *)message : NULL;
	return got;
}

int customer_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Customer **customer,
		  struct err *e)
{
	ProtobufCMessage *message;
	int got = object_load(txn, a, OBJECT_CUSTOMER, id, &message, e);
	return as_customer(got, message, customer);
}

int customer_resolve(struct txn *txn, struct arena *a, uint64_t id, Rec__Customer **customer,
		     struct err *e)
{
	for (int i = 0; i < RESOLVE_MAX; i++) {
		int got = customer_load(txn, a, id, customer, e);
		if (got <= 0 || !(*customer)->merged_into)
			return got;
		id = (*customer)->merged_into;
	}
	return err_set(e, ERR_TEMP, "customer C%llu was merged in a circle",
		       (unsigned long long)id);
}

/*
 * Several may share an address or an id.  Records of one index key come in the order
 * of their numbers: the first is the oldest.
 */
static int find_by(struct txn *txn, struct arena *a, int index, const struct store_key *key,
		   Rec__Customer **customer, struct err *e)
{
	struct object_query query = {
		.type = OBJECT_CUSTOMER,
		.index = index,
		.range = {.prefix = store_key_slice(key)},
	};
	ProtobufCMessage *message;
	int got = object_find(txn, a, &query, &message, e);
	return as_customer(got, message, customer);
}

int customer_find_address(struct txn *txn, struct arena *a, struct slice address,
			  Rec__Customer **customer, struct err *e)
{
	struct store_key key = {.len = 0};
	object_key_folded(&key, address);
	return find_by(txn, a, CUSTOMER_BY_ADDRESS, &key, customer, e);
}

int customer_find_external(struct txn *txn, struct arena *a, const Rec__ExternalId *external,
			   Rec__Customer **customer, struct err *e)
{
	struct store_key key = {.len = 0};
	object_key_external(&key, external, "customer");
	return find_by(txn, a, CUSTOMER_BY_EXTERNAL, &key, customer, e);
}

int customer_find(struct txn *txn, struct arena *a, struct slice reference,
		  Rec__Customer **customer, struct err *e)
{
	struct id id;
	*customer = NULL;
	if (id_parse(reference, &id, NULL) > 0 && id.letter == 'C')
		return customer_load(txn, a, id.number, customer, e);
	/* No address has a colon, but an external id may have an '@'. */
	ptrdiff_t colon = slice_chr(reference, ':');
	if (colon <= 0)
		return slice_chr(reference, '@') >= 0
			       ? customer_find_address(txn, a, reference, customer, e)
			       : 0;
	Rec__ExternalId external;
	rec__external_id__init(&external);
	external.channel = arena_str(a, slice_sub(reference, 0, (size_t)colon));
	external.value = arena_str(a, slice_sub(reference, (size_t)colon + 1, reference.len));
	return customer_find_external(txn, a, &external, customer, e);
}

int customer_create(struct change *ch, Rec__Customer *customer, struct err *e)
{
	/* Who brings its number is restored, and its parent may come later. */
	if (customer_check(ch, customer, e) < 0 ||
	    (!customer->id && customer_check_parent(ch, customer, e) < 0) ||
	    object_number(ch, OBJECT_CUSTOMER, &customer->id, e) < 0)
		return -1;
	if (!customer->created_at)
		customer->created_at = ch->now;
	return object_create(ch, OBJECT_CUSTOMER, customer->id, &customer->base, NULL, e);
}

int customer_save_step(struct change *ch, Rec__Customer *customer, const struct object_step *step,
		       struct err *e)
{
	if (customer_check(ch, customer, e) < 0 || customer_check_parent(ch, customer, e) < 0)
		return -1;
	customer->updated_at = ch->now;
	return object_save(ch, OBJECT_CUSTOMER, customer->id, &customer->base, step, e);
}

int customer_save(struct change *ch, Rec__Customer *customer, const char *event,
		  struct slice reason, struct err *e)
{
	struct object_step step = {.event = event, .reason = reason};
	return customer_save_step(ch, customer, &step, e);
}

int customer_need(struct change *ch, uint64_t id, Rec__Customer **customer, struct err *e)
{
	int got = customer_resolve(ch->txn, ch->arena, id, customer, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no customer C%llu", (unsigned long long)id);
	return got;
}

/* ---- questions ---- */

int customer_open_check(const Rec__Customer *customer, struct err *e)
{
	unsigned long long id = customer->id;
	if (customer->merged_into)
		return err_set(e, ERR_INPUT, "C%llu was merged into C%llu", id,
			       (unsigned long long)customer->merged_into);
	if (customer->inactive)
		return err_set(e, ERR_INPUT,
			       "C%llu is inactive, and nothing new is made for it: #activate C%llu "
			       "first",
			       id, id);
	return 1;
}

bool customer_is_blocked(const Rec__Customer *customer)
{
	return customer->locked || customer->blacklisted;
}

const Rec__Address *customer_address(const Rec__Customer *customer, Rec__AddressRole role)
{
	for (size_t i = 0; i < customer->n_addresses; i++)
		for (size_t j = 0; j < customer->addresses[i]->n_roles; j++)
			if (customer->addresses[i]->roles[j] == role)
				return customer->addresses[i];
	return customer->n_addresses ? customer->addresses[0] : NULL;
}

struct slice customer_title(const Rec__Customer *customer)
{
	if (customer->name[0])
		return slice_str(customer->name);
	if (customer->company[0])
		return slice_str(customer->company);
	return customer->n_emails ? slice_str(customer->emails[0]) : SLICE("(no name)");
}

static int list_by(struct txn *txn, struct arena *a, const struct object_query *query,
		   struct customer_list *list, struct err *e)
{
	struct object_list found;
	if (object_list(txn, a, query, &found, e) < 0)
		return -1;
	*list = (struct customer_list){ARENA_ARRAY(a, found.n, Rec__Customer *), found.n,
				       found.total};
	for (size_t i = 0; i < found.n; i++)
		list->items[i] = (Rec__Customer *)found.items[i];
	return 1;
}

int customer_children(struct txn *txn, struct arena *a, uint64_t id, size_t limit,
		      struct customer_list *list, struct err *e)
{
	struct store_key key = {.len = 0};
	store_key_u64(&key, id);
	struct object_query query = {
		.type = OBJECT_CUSTOMER,
		.index = CUSTOMER_BY_PARENT,
		.range = {.prefix = store_key_slice(&key)},
		.limit = limit,
		.count = true,
	};
	return list_by(txn, a, &query, list, e);
}

int customer_by_address(struct txn *txn, struct arena *a, struct slice address, size_t limit,
			struct customer_list *list, struct err *e)
{
	struct store_key key = {.len = 0};
	object_key_folded(&key, address);
	struct object_query query = {
		.type = OBJECT_CUSTOMER,
		.index = CUSTOMER_BY_ADDRESS,
		.range = {.prefix = store_key_slice(&key)},
		.limit = limit,
	};
	return list_by(txn, a, &query, list, e);
}

int customer_orders(struct txn *txn, struct arena *a, uint64_t id, size_t limit,
		    struct customer_orders *orders, struct err *e)
{
	struct store_key key = {.len = 0};
	store_key_u64(&key, id);
	/* The newest are wanted and the oldest stand on top: walked and filled backward. */
	struct object_query query = {
		.type = OBJECT_ORDER,
		.index = ORDER_BY_CUSTOMER,
		.range = {.prefix = store_key_slice(&key), .backward = true},
		.limit = limit < CUSTOMER_ORDERS_MAX ? limit : CUSTOMER_ORDERS_MAX,
		.count = true,
	};
	struct object_list found;
	if (object_list(txn, a, &query, &found, e) < 0)
		return -1;
	*orders = (struct customer_orders){ARENA_ARRAY(a, found.n, Rec__Order *), found.n,
					   found.total};
	assert(orders->n <= orders->total);
	for (size_t i = 0; i < found.n; i++)
		orders->items[found.n - 1 - i] = (Rec__Order *)found.items[i];
	return 1;
}
