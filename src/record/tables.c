/* SPDX-License-Identifier: ISC */
#include "record/tables.h"

#include <assert.h>

#include "object.h"
#include "order_work.h"
#include "search_keys.h"

/* A text longer than this stands in an index as its hash: keys have a limit. */
#define KEY_TEXT_MAX 120

void object_key_text(struct store_key *key, struct slice text)
{
	if (text.len <= KEY_TEXT_MAX) {
		store_key_text(key, text);
		return;
	}
	uint8_t digest[SHA256_SIZE];
	struct buf hex;
	crypto_sha256(text, digest);
	buf_init(&hex, sizeof(digest) * 2);
	hex_put(&hex, slice_of(digest, sizeof(digest)));
	store_key_text(key, buf_slice(&hex));
	buf_release(&hex);
}

/*
 * Local parts may differ in case by RFC 5321, but no provider that matters lets them,
 * and people type their address as they like.
 */
void object_key_folded(struct store_key *key, struct slice text)
{
	struct buf lower;
	buf_init(&lower, 4 * text.len + 16);
	text_put_lower(&lower, text);
	object_key_text(key, buf_slice(&lower));
	buf_release(&lower);
}

void object_key_external(struct store_key *key, const Rec__ExternalId *external,
			 const char *default_kind)
{
	object_key_text(key, slice_str(external->value));
	object_key_text(key, slice_str(external->channel));
	object_key_text(key, slice_str(external->kind[0] ? external->kind : default_kind));
}

/* ---- index keys ---- */

typedef void add_keys_fn(const ProtobufCMessage *message, struct store_keys *keys);

/* A record that cannot be unpacked must not be stored: it would be found by nothing. */
static int with_message(enum object_type type, struct slice value, add_keys_fn *add,
			struct store_keys *keys)
{
	struct arena *a = arena_open();
	assert(objects[type].descriptor != NULL);
	const ProtobufCMessage *message = schema_unpack(a, objects[type].descriptor, value, NULL);
	if (message)
		add(message, keys);
	arena_close(&a);
	return message ? 0 : -1;
}

static void add_text(struct store_keys *keys, const char *text, bool folded)
{
	struct store_key key = {.len = 0};
	if (!text[0])
		return;
	if (folded)
		object_key_folded(&key, slice_str(text));
	else
		object_key_text(&key, slice_str(text));
	store_keys_add(keys, store_key_slice(&key));
}

static void add_externals(struct store_keys *keys, Rec__ExternalId *const *externals, size_t n,
			  const char *default_kind)
{
	for (size_t i = 0; i < n; i++) {
		struct store_key key = {.len = 0};
		if (!externals[i]->value[0])
			continue;
		object_key_external(&key, externals[i], default_kind);
		store_keys_add(keys, store_key_slice(&key));
	}
}

static void customer_addresses(const ProtobufCMessage *message, struct store_keys *keys)
{
	const Rec__Customer *customer = (const Rec__Customer *)message;
	/* A merged customer is a tombstone: its mail belongs to the other one. */
	for (size_t i = 0; i < customer->n_emails && !customer->merged_into; i++)
		add_text(keys, customer->emails[i], true);
}

static void customer_externals(const ProtobufCMessage *message, struct store_keys *keys)
{
	const Rec__Customer *customer = (const Rec__Customer *)message;
	add_externals(keys, customer->external_ids, customer->n_external_ids, "customer");
}

/* The debtor code is one customer's (CP-15). */
static void customer_accounts(const ProtobufCMessage *message, struct store_keys *keys)
{
	add_text(keys, ((const Rec__Customer *)message)->accounts_id, true);
}

static void add_number(struct store_keys *keys, uint64_t number)
{
	struct store_key key = {.len = 0};
	if (!number)
		return;
	store_key_u64(&key, number);
	store_keys_add(keys, store_key_slice(&key));
}

static void customer_parents(const ProtobufCMessage *message, struct store_keys *keys)
{
	add_number(keys, ((const Rec__Customer *)message)->parent);
}

static void customer_merges(const ProtobufCMessage *message, struct store_keys *keys)
{
	add_number(keys, ((const Rec__Customer *)message)->merged_into);
}

static void order_customers(const ProtobufCMessage *message, struct store_keys *keys)
{
	const Rec__Order *order = (const Rec__Order *)message;
	struct store_key key = {.len = 0};
	store_key_u64(&key, order->customer);
	store_key_i64(&key, order->ordered_at);
	store_keys_add(keys, store_key_slice(&key));
}

static void order_externals(const ProtobufCMessage *message, struct store_keys *keys)
{
	const Rec__Order *order = (const Rec__Order *)message;
	add_externals(keys, order->external_ids, order->n_external_ids, "order");
}

static void order_works(const ProtobufCMessage *message, struct store_keys *keys)
{
	order_work_keys((const Rec__Order *)message, keys);
}

static void thread_customers(const ProtobufCMessage *message, struct store_keys *keys)
{
	const Rec__Thread *thread = (const Rec__Thread *)message;
	struct store_key key = {.len = 0};
	/* Unlinked threads are found by their queue, and would be one huge key here. */
	if (!thread->customer)
		return;
	store_key_u64(&key, thread->customer);
	store_keys_add(keys, store_key_slice(&key));
}

static void thread_queues(const ProtobufCMessage *message, struct store_keys *keys)
{
	const Rec__Thread *thread = (const Rec__Thread *)message;
	struct store_key key = {.len = 0};
	store_key_u8(&key, (uint8_t)thread->state);
	store_key_u64(&key, thread->owner);
	store_keys_add(keys, store_key_slice(&key));
}

static void message_threads(const ProtobufCMessage *message, struct store_keys *keys)
{
	const Rec__Message *mail = (const Rec__Message *)message;
	struct store_key key = {.len = 0};
	store_key_u64(&key, mail->thread);
	store_key_u64(&key, mail->id);
	store_keys_add(keys, store_key_slice(&key));
}

static void message_mails(const ProtobufCMessage *message, struct store_keys *keys)
{
	add_text(keys, ((const Rec__Message *)message)->message_id, false);
}

static void agent_addresses(const ProtobufCMessage *message, struct store_keys *keys)
{
	add_text(keys, ((const Rec__Agent *)message)->address, true);
}

static void agent_names(const ProtobufCMessage *message, struct store_keys *keys)
{
	add_text(keys, ((const Rec__Agent *)message)->name, true);
}

static void shop_addresses(const ProtobufCMessage *message, struct store_keys *keys)
{
	add_text(keys, ((const Rec__Shop *)message)->address, true);
}

static void shop_names(const ProtobufCMessage *message, struct store_keys *keys)
{
	add_text(keys, ((const Rec__Shop *)message)->name, true);
}

static void history_objects(const ProtobufCMessage *message, struct store_keys *keys)
{
	add_text(keys, ((const Rec__History *)message)->object, false);
}

static void shipment_orders(const ProtobufCMessage *message, struct store_keys *keys)
{
	const Rec__Shipment *shipment = (const Rec__Shipment *)message;
	struct store_key key = {.len = 0};
	store_key_u64(&key, shipment->order);
	store_keys_add(keys, store_key_slice(&key));
}

static void shipment_trackings(const ProtobufCMessage *message, struct store_keys *keys)
{
	const Rec__Shipment *shipment = (const Rec__Shipment *)message;
	for (size_t i = 0; i < shipment->n_tracking; i++)
		add_text(keys, shipment->tracking[i]->code, true);
}

static void shipment_customers(const ProtobufCMessage *message, struct store_keys *keys)
{
	add_number(keys, ((const Rec__Shipment *)message)->customer);
}

/* With its order behind the time: who looks for it wants no more of the shipment. */
static void shipment_days(const ProtobufCMessage *message, struct store_keys *keys)
{
	const Rec__Shipment *shipment = (const Rec__Shipment *)message;
	struct store_key key = {.len = 0};
	if (shipment->state != REC__SHIPMENT_STATE__SHIPMENT_STATE_SHIPPED || !shipment->order)
		return;
	store_key_i64(&key, shipment->shipped_at);
	store_key_u64(&key, shipment->order);
	store_keys_add(keys, store_key_slice(&key));
}

static void document_objects(const ProtobufCMessage *message, struct store_keys *keys)
{
	add_text(keys, ((const Rec__Document *)message)->object, false);
}

static void file_objects(const ProtobufCMessage *message, struct store_keys *keys)
{
	add_text(keys, ((const Rec__File *)message)->object, false);
}

/* The store asks with bytes: one function an index, which says of what type they are. */
#define INDEX_KEYS(name, type)                                                                     \
	static int name##_keys(struct slice primary, struct slice value, struct store_keys *keys)  \
	{                                                                                          \
		(void)primary;                                                                     \
		return with_message(type, value, name, keys);                                      \
	}

INDEX_KEYS(customer_addresses, OBJECT_CUSTOMER)
INDEX_KEYS(customer_externals, OBJECT_CUSTOMER)
INDEX_KEYS(customer_accounts, OBJECT_CUSTOMER)
INDEX_KEYS(customer_parents, OBJECT_CUSTOMER)
INDEX_KEYS(customer_merges, OBJECT_CUSTOMER)
INDEX_KEYS(search_customer_keys, OBJECT_CUSTOMER)
INDEX_KEYS(search_order_keys, OBJECT_ORDER)
INDEX_KEYS(search_item_keys, OBJECT_ITEM)
INDEX_KEYS(order_customers, OBJECT_ORDER)
INDEX_KEYS(order_externals, OBJECT_ORDER)
INDEX_KEYS(order_works, OBJECT_ORDER)
INDEX_KEYS(thread_customers, OBJECT_THREAD)
INDEX_KEYS(thread_queues, OBJECT_THREAD)
INDEX_KEYS(message_threads, OBJECT_MESSAGE)
INDEX_KEYS(message_mails, OBJECT_MESSAGE)
INDEX_KEYS(agent_addresses, OBJECT_AGENT)
INDEX_KEYS(agent_names, OBJECT_AGENT)
INDEX_KEYS(shop_addresses, OBJECT_SHOP)
INDEX_KEYS(shop_names, OBJECT_SHOP)
INDEX_KEYS(history_objects, OBJECT_HISTORY)
INDEX_KEYS(shipment_orders, OBJECT_SHIPMENT)
INDEX_KEYS(shipment_trackings, OBJECT_SHIPMENT)
INDEX_KEYS(shipment_customers, OBJECT_SHIPMENT)
INDEX_KEYS(shipment_days, OBJECT_SHIPMENT)
INDEX_KEYS(document_objects, OBJECT_DOCUMENT)
INDEX_KEYS(file_objects, OBJECT_FILE)

/* ---- tables ---- */

static const struct store_index customer_indexes[] = {
	[CUSTOMER_BY_ADDRESS] = {"address", customer_addresses_keys, 1},
	[CUSTOMER_BY_EXTERNAL] = {"external", customer_externals_keys, 1},
	[CUSTOMER_BY_ACCOUNTS] = {"accounts", customer_accounts_keys, 1},
	[CUSTOMER_BY_PARENT] = {"parent", customer_parents_keys, 1},
	[CUSTOMER_BY_MERGED] = {"merged", customer_merges_keys, 1},
	[CUSTOMER_BY_SEARCH] = {"search", search_customer_keys_keys, 1},
};
static const struct store_index order_indexes[] = {
	[ORDER_BY_CUSTOMER] = {"customer", order_customers_keys, 1},
	[ORDER_BY_EXTERNAL] = {"external", order_externals_keys, 1},
	[ORDER_BY_WORK] = {"work", order_works_keys, 1},
	[ORDER_BY_SEARCH] = {"search", search_order_keys_keys, 1},
};
static const struct store_index item_indexes[] = {
	[ITEM_BY_SEARCH] = {"search", search_item_keys_keys, 1},
};
static const struct store_index thread_indexes[] = {
	[THREAD_BY_CUSTOMER] = {"customer", thread_customers_keys, 1},
	[THREAD_BY_QUEUE] = {"queue", thread_queues_keys, 1},
};
static const struct store_index message_indexes[] = {
	[MESSAGE_BY_THREAD] = {"thread", message_threads_keys, 1},
	[MESSAGE_BY_MAIL] = {"mail", message_mails_keys, 1},
};
static const struct store_index agent_indexes[] = {
	[AGENT_BY_ADDRESS] = {"address", agent_addresses_keys, 1},
	[AGENT_BY_NAME] = {"name", agent_names_keys, 1},
};
static const struct store_index shop_indexes[] = {
	[SHOP_BY_ADDRESS] = {"address", shop_addresses_keys, 1},
	[SHOP_BY_NAME] = {"name", shop_names_keys, 1},
};
static const struct store_index history_indexes[] = {
	[HISTORY_BY_OBJECT] = {"object", history_objects_keys, 1},
};
static const struct store_index shipment_indexes[] = {
	[SHIPMENT_BY_ORDER] = {"order", shipment_orders_keys, 1},
	[SHIPMENT_BY_TRACKING] = {"tracking", shipment_trackings_keys, 1},
	[SHIPMENT_BY_CUSTOMER] = {"customer", shipment_customers_keys, 1},
	[SHIPMENT_BY_SHIPPED] = {"shipped", shipment_days_keys, 1},
};
static const struct store_index document_indexes[] = {
	[DOCUMENT_BY_OBJECT] = {"object", document_objects_keys, 1},
};
static const struct store_index file_indexes[] = {
	[FILE_BY_OBJECT] = {"object", file_objects_keys, 1},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct store_table customer_table = {"customer", customer_indexes,
						  COUNT(customer_indexes)};
static const struct store_table order_table = {"order", order_indexes, COUNT(order_indexes)};
static const struct store_table item_table = {"item", item_indexes, COUNT(item_indexes)};
static const struct store_table thread_table = {"thread", thread_indexes, COUNT(thread_indexes)};
static const struct store_table message_table = {"message", message_indexes,
						 COUNT(message_indexes)};
static const struct store_table agent_table = {"agent", agent_indexes, COUNT(agent_indexes)};
static const struct store_table shop_table = {"shop", shop_indexes, COUNT(shop_indexes)};
static const struct store_table history_table = {"history", history_indexes,
						 COUNT(history_indexes)};
static const struct store_table job_table = {"job", NULL, 0};
static const struct store_table shipment_table = {"shipment", shipment_indexes,
						  COUNT(shipment_indexes)};
static const struct store_table document_table = {"document", document_indexes,
						  COUNT(document_indexes)};
static const struct store_table file_table = {"file", file_indexes, COUNT(file_indexes)};
static const struct store_table payment_type_table = {"payment-type", NULL, 0};
static const struct store_table terms_table = {"terms", NULL, 0};
static const struct store_table channel_table = {"channel", NULL, 0};
static const struct store_table price_list_table = {"price-list", NULL, 0};
static const struct store_table season_table = {"season", NULL, 0};
static const struct store_table vat_rate_table = {"vat-rate", NULL, 0};
static const struct store_table listing_table = {"listing", NULL, 0};
static const struct store_table schedule_table = {"schedule", NULL, 0};
const struct store_table import_table = {"import", NULL, 0};
const struct store_table import_part_table = {"import-part", NULL, 0};

const struct store_table *const record_tables[RECORD_TABLES] = {
	&customer_table,   &order_table,       &item_table,	    &thread_table,  &message_table,
	&agent_table,	   &shop_table,	       &history_table,	    &job_table,	    &shipment_table,
	&document_table,   &file_table,	       &payment_type_table, &terms_table,   &channel_table,
	&price_list_table, &season_table,      &vat_rate_table,	    &listing_table, &schedule_table,
	&import_table,	   &import_part_table,
};

const struct object objects[OBJECT_TYPES] = {
	[OBJECT_SHOP] = {&shop_table, &rec__shop__descriptor, "shop", "shop", 1, 0},
	[OBJECT_AGENT] = {&agent_table, &rec__agent__descriptor, "agent", "agent", 1, 0},
	[OBJECT_ITEM] = {&item_table, &rec__item__descriptor, "item", NULL, 0, 0},
	[OBJECT_CUSTOMER] = {&customer_table, &rec__customer__descriptor, "customer", "customer",
			     RECORD_FIRST_ID, 'C'},
	[OBJECT_ORDER] = {&order_table, &rec__order__descriptor, "order", "order", RECORD_FIRST_ID,
			  'O'},
	[OBJECT_THREAD] = {&thread_table, &rec__thread__descriptor, "thread", "thread",
			   RECORD_FIRST_ID, 'T'},
	[OBJECT_MESSAGE] = {&message_table, &rec__message__descriptor, "message", "message", 1, 0},
	[OBJECT_HISTORY] = {&history_table, &rec__history__descriptor, "history", "history", 1, 0},
	[OBJECT_JOB] = {&job_table, &rec__job__descriptor, "job", NULL, 0, 0},
	[OBJECT_SHIPMENT] = {&shipment_table, &rec__shipment__descriptor, "shipment", "shipment",
			     RECORD_FIRST_ID, 'S'},
	[OBJECT_DOCUMENT] = {&document_table, &rec__document__descriptor, "document", "document", 1,
			     0},
	[OBJECT_FILE] = {&file_table, &rec__file__descriptor, "file", "file", 1, 0},
	[OBJECT_PAYMENT_TYPE] = {&payment_type_table, &rec__payment_type__descriptor,
				 "payment_type", NULL, 0, 0},
	[OBJECT_TERMS] = {&terms_table, &rec__terms__descriptor, "terms", NULL, 0, 0},
	[OBJECT_CHANNEL] = {&channel_table, &rec__channel__descriptor, "channel", NULL, 0, 0},
	[OBJECT_PRICE_LIST] = {&price_list_table, &rec__price_list__descriptor, "price_list", NULL,
			       0, 0},
	[OBJECT_SEASON] = {&season_table, &rec__season__descriptor, "season", NULL, 0, 0},
	[OBJECT_VAT_RATE] = {&vat_rate_table, &rec__vat_rate__descriptor, "vat_rate", NULL, 0, 0},
	[OBJECT_LISTING] = {&listing_table, &rec__listing__descriptor, "listing", NULL, 0, 0},
	[OBJECT_SCHEDULE] = {&schedule_table, &rec__schedule__descriptor, "schedule", NULL, 0, 0},
};
