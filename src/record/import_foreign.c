/* SPDX-License-Identifier: ISC */
#include "import_foreign.h"

#include <assert.h>

#include "record/customer.h"
#include "record/item.h"
#include "record/order.h"
#include "record/shop.h"
#include "record/shop_table.h"

/* ---- reading the object ---- */

static bool flag(const struct json *object, const char *name)
{
	const struct json *value = json_get(object, slice_str(name));
	return value && value->kind == JSON_BOOL && value->boolean;
}

/* The member as a message of that type; *message stays null where there is none. */
static int read_message(struct import *in, const char *name, const ProtobufCMessageDescriptor *type,
			void *message, struct err *e)
{
	const struct json *object = json_get(in->object, slice_str(name));
	ProtobufCMessage *read = NULL;
	if (object && !(read = schema_from_json(in->ch->arena, type, object, e)))
		return err_prefix(e, "%s", name);
	memcpy(message, &read, sizeof(read));
	return 1;
}

static int read_foreign(struct foreign *f, struct err *e)
{
	struct import *in = f->in;
	const struct json *notes = json_get(in->object, SLICE("notes"));
	struct slice remark = json_get_string(in->object, "remark");
	f->channel = json_get_string(in->object, "channel");
	f->refund_of = json_get_string(in->object, "refund_of");
	f->paid = flag(in->object, "paid");
	f->cancelled = flag(in->object, "cancelled");
	f->stock = flag(in->object, "stock");
	f->rates_unknown = flag(in->object, "rates_unknown");
	f->notes = notes && notes->kind == JSON_ARRAY ? notes->first : NULL;
	if (remark.len)
		import_remark(in, "%.*s", SLICE_ARG(remark));
	if (!f->channel.len)
		return err_set(e, ERR_INPUT, "\"channel\" is missing");
	if (read_message(in, "customer", &rec__customer__descriptor, &f->customer, e) < 0 ||
	    read_message(in, "order", &rec__order__descriptor, &f->order, e) < 0)
		return -1;
	return read_message(in, "item", &rec__item__descriptor, &f->item, e);
}

/* ---- customers ---- */

static int find_person(struct foreign *f, Rec__Customer **found, struct err *e)
{
	const Rec__Customer *given = f->customer;
	struct change *ch = f->in->ch;
	int got = 0;
	for (size_t i = 0; got == 0 && i < given->n_external_ids; i++)
		got = customer_find_external(ch->txn, ch->arena, given->external_ids[i], found, e);
	if (got == 0 && given->n_emails)
		got = customer_find_address(ch->txn, ch->arena, slice_str(given->emails[0]), found,
					    e);
	if (got > 0)
		got = customer_resolve(ch->txn, ch->arena, (*found)->id, found, e);
	return got;
}

/* CP-18: who comes from a channel pays first, unless the channel says otherwise. */
static int terms_of(struct foreign *f, char **terms, struct err *e)
{
	struct change *ch = f->in->ch;
	Rec__Channel *channel;
	Rec__Terms *row;
	int got = channel_load(ch->txn, ch->arena, f->channel, &channel, e);
	if (got > 0 && channel->terms[0])
		*terms = channel->terms;
	if (got < 0 || (*terms)[0])
		return got < 0 ? -1 : 1;
	got = terms_load(ch->txn, ch->arena, SLICE("PREPAY"), &row, e);
	if (got > 0)
		*terms = row->name;
	return got < 0 ? -1 : 1;
}

static int create_person(struct foreign *f, struct err *e)
{
	Rec__Customer *customer = f->customer;
	Rec__Shop *shop = NULL;
	if (import_shop(f->in, &customer->shop, &shop, e) < 0 ||
	    terms_of(f, &customer->terms, e) < 0)
		return -1;
	customer->channel = arena_str(f->in->ch->arena, f->channel);
	customer->language = shop->language;
	customer->currency = f->order ? f->order->currency : shop->currency;
	return customer_create(f->in->ch, customer, e);
}

static void fill(char **field, char *value)
{
	if (!(*field)[0])
		*field = value;
}

static bool has_external(const Rec__Customer *customer, const Rec__ExternalId *wanted)
{
	for (size_t i = 0; i < customer->n_external_ids; i++)
		if (strcmp(customer->external_ids[i]->channel, wanted->channel) == 0 &&
		    strcmp(customer->external_ids[i]->value, wanted->value) == 0)
			return true;
	return false;
}

static void add_externals(struct foreign *f, Rec__Customer *customer)
{
	size_t n = customer->n_external_ids + f->customer->n_external_ids;
	Rec__ExternalId **all = ARENA_ARRAY(f->in->ch->arena, n, Rec__ExternalId *);
	for (size_t i = 0; i < customer->n_external_ids; i++)
		all[i] = customer->external_ids[i];
	customer->external_ids = all;
	for (size_t i = 0; i < f->customer->n_external_ids; i++)
		if (!has_external(customer, f->customer->external_ids[i]))
			all[customer->n_external_ids++] = f->customer->external_ids[i];
}

/* What people put right here stays; the file only knows what is missing. */
static int complete_person(struct foreign *f, Rec__Customer *customer, struct err *e)
{
	Rec__Customer *given = f->customer;
	fill(&customer->name, given->name);
	fill(&customer->company, given->company);
	fill(&customer->phone, given->phone);
	fill(&customer->vat_id, given->vat_id);
	add_externals(f, customer);
	if (!customer->n_emails) {
		customer->emails = given->emails;
		customer->n_emails = given->n_emails;
	}
	if (!customer->n_addresses) {
		customer->addresses = given->addresses;
		customer->n_addresses = given->n_addresses;
	}
	return customer_save(f->in->ch, customer, "import", SLICE(""), e);
}

/* *id is whose it is; 1 something changed, 0 nothing did. */
static int apply_person(struct foreign *f, uint64_t *id, struct err *e)
{
	Rec__Customer *found = NULL;
	int got = find_person(f, &found, e);
	if (got < 0)
		return -1;
	f->created = !found;
	if (!found)
		got = create_person(f, e);
	else
		got = complete_person(f, found, e);
	*id = found ? found->id : f->customer->id;
	return got < 0 ? -1 : !found || got > 0;
}

/* ---- products ---- */

/* A reader takes two decimals; the shop's currency may have others. */
static int scale_price(Rec__Item *item, const Rec__Shop *shop, struct err *e)
{
	int exponent = money_exponent(slice_str(shop->currency));
	item->currency = shop->currency;
	for (; exponent > 2; exponent--)
		if (money_mul(item->price, 10, &item->price, e) < 0)
			return -1;
	for (; exponent < 2; exponent++)
		item->price /= 10;
	return 1;
}

/* The stock of a web shop is what it thinks; ours is counted here once there is one. */
static int apply_item(struct foreign *f, struct err *e)
{
	struct change *ch = f->in->ch;
	Rec__Item *given = f->item, *stored;
	Rec__Shop *shop = NULL;
	uint64_t id = 0;
	int got = import_shop(f->in, &id, &shop, e);
	if (got < 0 || scale_price(given, shop, e) < 0)
		return -1;
	got = item_load(ch->txn, ch->arena, slice_str(given->sku), &stored, e);
	if (got < 0)
		return -1;
	f->created = got == 0;
	if (got == 0) {
		item_settle(given, f->stock ? given->on_hand : 0);
		return item_save(ch, given, "create", e);
	}
	stored->name = given->name;
	stored->price = given->price;
	stored->currency = given->currency;
	stored->inactive = given->inactive;
	fill(&stored->vat_class, given->vat_class);
	return item_save(ch, stored, "import", e);
}

/* ---- refunds ---- */

/* What the shop paid back stands with the order; its accounting is done by hand. */
static int apply_refund(struct foreign *f, struct err *e)
{
	static const char *const kinds[] = {"order", "id", "number"};
	struct change *ch = f->in->ch;
	Rec__Order *order = NULL;
	Rec__ExternalId wanted;
	int got = 0;
	rec__external_id__init(&wanted);
	wanted.channel = arena_str(ch->arena, f->channel);
	wanted.value = arena_str(ch->arena, f->refund_of);
	for (size_t i = 0; got == 0 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		wanted.kind = arena_str(ch->arena, slice_str(kinds[i]));
		got = order_find_external(ch->txn, ch->arena, &wanted, &order, e);
	}
	if (got == 0)
		return err_set(e, ERR_INPUT,
			       "the refund is of order %s of %s, which is not here: import that "
			       "first",
			       wanted.value, wanted.channel);
	return got < 0 ? -1 : foreign_notes(f, order, e);
}

/* ---- */

int import_foreign(struct import *in, struct err *e)
{
	struct foreign f = {.in = in};
	uint64_t customer = 0;
	int got = 0;
	if (read_foreign(&f, e) < 0)
		return -1;
	if (f.order && f.customer)
		got = apply_person(&f, &customer, e) < 0 ? -1 : foreign_order(&f, customer, e);
	else if (f.order)
		got = err_set(e, ERR_INPUT, "\"customer\" is missing");
	else if (f.item)
		got = apply_item(&f, e);
	else if (f.refund_of.len)
		got = apply_refund(&f, e);
	else if (f.customer)
		got = apply_person(&f, &customer, e);
	else
		got = err_set(e, ERR_INPUT, "there is neither order, customer, item nor refund_of");
	in->outcome->result = f.created ? IMPORT_CREATED
			      : got > 0 ? IMPORT_UPDATED
					: IMPORT_UNCHANGED;
	return got < 0 ? -1 : 1;
}
