/* SPDX-License-Identifier: ISC */
#include "search_look.h"

#include <assert.h>

#include "record/order.h"

static int kind_of(const struct want *want)
{
	return want->row->finds == 'O' ? FIND_ORDERS : FIND_CUSTOMERS;
}

static enum object_type type_of(const struct want *want)
{
	return want->row->finds == 'O' ? OBJECT_ORDER : OBJECT_CUSTOMER;
}

/* What was found is all there is, unless a set was full. */
static int looked(struct finder *f, struct want *want, bool sure)
{
	search_set_order(&want->found[FIND_CUSTOMERS], f->a);
	search_set_order(&want->found[FIND_ORDERS], f->a);
	want->looked = !want->found[FIND_CUSTOMERS].over && !want->found[FIND_ORDERS].over;
	want->sure = sure;
	return 1;
}

int look_text(struct finder *f, struct want *want, struct err *e)
{
	bool sure;
	if (walk_tag(f, type_of(want), want->row, want->text, &want->found[kind_of(want)], &sure,
		     e) < 0)
		return -1;
	return looked(f, want, sure);
}

/* The index has all names under one tag: which of them it was must be looked at. */
int look_names(struct finder *f, struct want *want, struct err *e)
{
	bool sure;
	if (walk_tag(f, OBJECT_CUSTOMER, want->row, want->text, &want->found[FIND_CUSTOMERS], &sure,
		     e) < 0)
		return -1;
	return looked(f, want, false);
}

/* The key of a whole text, or of a number, under the tag of the field. */
static int look_key(struct finder *f, struct want *want, const struct store_key *key, bool sure,
		    struct err *e)
{
	int index = type_of(want) == OBJECT_ORDER ? (int)ORDER_BY_SEARCH : (int)CUSTOMER_BY_SEARCH;
	if (walk_numbers(f, type_of(want), index, key, true, &want->found[kind_of(want)], e) < 0)
		return -1;
	return looked(f, want, sure);
}

static int look_code(struct finder *f, struct want *want, uint64_t number, bool sure, struct err *e)
{
	struct store_key key = {.len = 0};
	store_key_u8(&key, (uint8_t)want->row->tag);
	store_key_u8(&key, (uint8_t)number);
	return look_key(f, want, &key, sure, e);
}

int look_group(struct finder *f, struct want *want, struct err *e)
{
	struct store_key key;
	search_key(&key, want->row->tag, START_WHOLE, want->text);
	return look_key(f, want, &key, want->text.len <= SEARCH_KEY_WHOLE, e);
}

int look_invoice(struct finder *f, struct want *want, struct err *e)
{
	return look_group(f, want, e);
}

int look_type(struct finder *f, struct want *want, struct err *e)
{
	bool public = want->number == REC__CUSTOMER_TYPE__CUSTOMER_TYPE_PUBLIC;
	return public ? 1 : look_code(f, want, want->number, true, e);
}

int look_active(struct finder *f, struct want *want, struct err *e)
{
	return want->number ? 1 : look_code(f, want, 0, true, e);
}

int look_line(struct finder *f, struct want *want, struct err *e)
{
	if (want->number == REC__LINE_STATE__LINE_STATE_AUS ||
	    want->number == REC__LINE_STATE__LINE_STATE_FUS)
		return 1;
	return look_code(f, want, want->number, true, e);
}

/* Orders that are not closed have their status as a key; a view is among some of them. */
int look_status(struct finder *f, struct want *want, struct err *e)
{
	if (want->number < ORDER_CLOSED)
		return look_code(f, want, want->number, true, e);
	uint64_t view = want->number - ORDER_CLOSED - 1;
	if (want->number == ORDER_CLOSED || view == ORDER_DISPATCHED || view == ORDER_CANCELLED)
		return 1;
	for (uint64_t status = ORDER_EMPTY; status < ORDER_CLOSED; status++)
		if (look_code(f, want, status, false, e) < 0)
			return -1;
	return 1;
}

/* ---- external numbers ---- */

int look_external(struct finder *f, enum object_type type, struct slice value, struct slice channel,
		  struct search_set *set, struct err *e)
{
	struct store_key key = {.len = 0};
	object_key_text(&key, value);
	if (channel.len)
		object_key_text(&key, channel);
	return walk_numbers(f, type, (int)ORDER_BY_EXTERNAL, &key, false, set, e);
}

int look_ebay(struct finder *f, struct want *want, struct err *e)
{
	if (look_external(f, OBJECT_CUSTOMER, want->text, SLICE("ebay"),
			  &want->found[FIND_CUSTOMERS], e) < 0)
		return -1;
	return looked(f, want, false);
}

int look_amazon(struct finder *f, struct want *want, struct err *e)
{
	if (look_external(f, OBJECT_ORDER, want->text, SLICE("amazon"), &want->found[FIND_ORDERS],
			  e) < 0)
		return -1;
	return looked(f, want, false);
}

uint64_t look_number(struct slice text, char letter)
{
	uint64_t number;
	struct id id;
	if (slice_u64(text, &number))
		return number;
	return id_parse(text, &id, NULL) > 0 && id.letter == letter && !id.line ? id.number : 0;
}

int prepare_order(struct finder *f, struct want *want, struct err *e)
{
	want->text = arena_copy(f->a, slice_trim(want->given->text));
	want->number = look_number(want->text, 'O');
	return want->text.len ? 1 : err_set(e, ERR_INPUT, "order= is empty");
}

int look_order(struct finder *f, struct want *want, struct err *e)
{
	struct search_set *set = &want->found[FIND_ORDERS];
	if (want->number && object_exists(f->txn, OBJECT_ORDER, want->number))
		search_set_add(set, f->a, want->number);
	if (look_external(f, OBJECT_ORDER, want->text, SLICE(""), set, e) < 0)
		return -1;
	return looked(f, want, false);
}

/* ---- spans of time ---- */

struct span {
	struct search_set *set;
	struct arena *a;
	bool shipments; /* the key has the order behind the time */
};

static int gather_span(void *ctx, struct slice key, struct slice primary_key, struct err *e)
{
	struct span *span = ctx;
	struct slice rest = span->shipments ? key : primary_key;
	uint64_t number;
	int64_t at;
	(void)e;
	if (span->shipments && !store_key_take_i64(&rest, &at))
		return 1;
	return store_key_take_u64(&rest, &number) ? search_set_add(span->set, span->a, number) : 1;
}

static int look_span(struct finder *f, struct want *want, bool shipments, struct err *e)
{
	const struct search_criterion *given = want->given;
	struct store_key from = {.len = 0}, below = {.len = 0};
	struct span span = {&want->found[FIND_ORDERS], f->a, shipments};
	enum object_type type = shipments ? OBJECT_SHIPMENT : OBJECT_ORDER;
	if (!shipments) {
		store_key_u8(&from, TAG_ORDERED);
		store_key_u8(&below, TAG_ORDERED);
	}
	store_key_i64(&from, given->from);
	store_key_i64(&below, given->below ? given->below : INT64_MAX);
	struct store_range range = {.from = store_key_slice(&from),
				    .below = store_key_slice(&below)};
	if (store_walk(f->txn, objects[type].table,
		       shipments ? (int)SHIPMENT_BY_SHIPPED : (int)ORDER_BY_SEARCH, &range,
		       gather_span, &span, e) < 0)
		return -1;
	/* Of a shipment's order more must be known: whether it is there for anybody. */
	return looked(f, want, !shipments);
}

int look_ordered(struct finder *f, struct want *want, struct err *e)
{
	return look_span(f, want, false, e);
}

int look_shipped(struct finder *f, struct want *want, struct err *e)
{
	return look_span(f, want, true, e);
}

/* ---- shipments ---- */

static int add_shipment(struct finder *f, uint64_t id, struct search_set *set, struct err *e)
{
	ProtobufCMessage *message;
	if (finder_load(f, e) < 0)
		return -1;
	int got = object_load(f->txn, f->a, OBJECT_SHIPMENT, id, &message, e);
	if (got > 0 && ((Rec__Shipment *)message)->order)
		search_set_add(set, f->a, ((Rec__Shipment *)message)->order);
	return got < 0 ? -1 : 1;
}

int look_shipments(struct finder *f, struct slice code, struct search_set *set, struct err *e)
{
	struct search_set shipments = {.most = set->most};
	struct store_key key = {.len = 0};
	store_key_bytes(&key, slice_sub(code, 0, SEARCH_KEY_WHOLE));
	if (walk_numbers(f, OBJECT_SHIPMENT, SHIPMENT_BY_TRACKING, &key, false, &shipments, e) < 0)
		return -1;
	set->over |= shipments.over;
	for (size_t i = 0; i < shipments.n && !set->over; i++)
		if (add_shipment(f, shipments.items[i], set, e) < 0)
			return -1;
	return 1;
}

int look_tracking(struct finder *f, struct want *want, struct err *e)
{
	struct search_set *set = &want->found[FIND_ORDERS];
	bool sure;
	if (walk_tag(f, OBJECT_ORDER, want->row, want->text, set, &sure, e) < 0 ||
	    look_shipments(f, want->text, set, e) < 0)
		return -1;
	return looked(f, want, false);
}

static int shipments_of(struct finder *f, const Rec__Order *order, struct object_list *list,
			struct err *e)
{
	struct store_key key = {.len = 0};
	store_key_u64(&key, order->id);
	struct object_query query = {.type = OBJECT_SHIPMENT,
				     .index = SHIPMENT_BY_ORDER,
				     .range = {.prefix = store_key_slice(&key)},
				     .limit = SEARCH_LIMIT_MAX};
	if (finder_load(f, e) < 0)
		return -1;
	return object_list(f->txn, f->a, &query, list, e);
}

static bool has_code(struct finder *f, const struct want *want, Rec__Tracking *const *list,
		     size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_starts(search_form(f->a, FORM_CODE, slice_str(list[i]->code)),
				 want->text))
			return true;
	return false;
}

int fits_tracking(struct finder *f, const struct want *want, const Rec__Customer *customer,
		  const Rec__Order *order, struct err *e)
{
	struct object_list list;
	(void)customer;
	if (has_code(f, want, order->tracking, order->n_tracking))
		return 1;
	if (shipments_of(f, order, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++) {
		const Rec__Shipment *shipment = (const Rec__Shipment *)list.items[i];
		if (has_code(f, want, shipment->tracking, shipment->n_tracking))
			return 1;
	}
	return 0;
}

int fits_shipped(struct finder *f, const struct want *want, const Rec__Customer *customer,
		 const Rec__Order *order, struct err *e)
{
	const struct search_criterion *given = want->given;
	struct object_list list;
	(void)customer;
	if (shipments_of(f, order, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++) {
		const Rec__Shipment *shipment = (const Rec__Shipment *)list.items[i];
		if (shipment->state == REC__SHIPMENT_STATE__SHIPMENT_STATE_SHIPPED &&
		    shipment->shipped_at >= given->from &&
		    (!given->below || shipment->shipped_at < given->below))
			return 1;
	}
	return 0;
}

/* ---- items ---- */

int look_item(struct finder *f, struct want *want, struct err *e)
{
	struct search_set *set = &want->found[FIND_ORDERS];
	bool sure = true;
	for (size_t i = 0; i < want->n_skus && !set->over; i++) {
		struct store_key key;
		search_key(&key, TAG_ITEM, START_WHOLE, want->skus[i]);
		sure &= want->skus[i].len <= SEARCH_KEY_WHOLE;
		if (walk_numbers(f, OBJECT_ORDER, ORDER_BY_SEARCH, &key, true, set, e) < 0)
			return -1;
	}
	return looked(f, want, sure);
}

struct skus {
	struct finder *f;
	struct want *want;
	size_t room;
	bool whole; /* a key that is it, and not one that begins so */
	size_t key_len;
	bool over;
};

static void add_sku(struct skus *skus, struct slice sku)
{
	struct want *want = skus->want;
	sku = search_form(skus->f->a, FORM_CODE, sku);
	for (size_t i = 0; i < want->n_skus; i++)
		if (slice_eq(want->skus[i], sku))
			return;
	skus->over |= want->n_skus == SEARCH_SKUS_MAX;
	if (skus->over)
		return;
	arena_grow(skus->f->a, &want->skus, want->n_skus, &skus->room, sizeof(sku));
	want->skus[want->n_skus++] = sku;
}

static bool fit_item(void *ctx, const struct search_text *text)
{
	struct skus *skus = ctx;
	if (text->tag != TAG_NAME)
		return true;
	skus->whole = search_fits(START_ANYWHERE, search_form(skus->f->a, FORM_TEXT, text->text),
				  skus->want->text);
	return !skus->whole;
}

/* A name longer than keys are must be compared with the item's own. */
static bool is_named(struct skus *skus, struct slice sku)
{
	ProtobufCMessage *message;
	struct skus fitting = {.f = skus->f, .want = skus->want};
	if (skus->key_len > skus->want->text.len)
		return true;
	if (object_load_key(skus->f->txn, skus->f->a, OBJECT_ITEM, sku, &message, NULL) <= 0)
		return false;
	search_item_texts((const Rec__Item *)message, fit_item, &fitting);
	return fitting.whole;
}

static int gather_sku(void *ctx, struct slice key, struct slice primary_key, struct err *e)
{
	struct skus *skus = ctx;
	(void)e;
	if (skus->whole ? key.len == skus->key_len : is_named(skus, primary_key))
		add_sku(skus, primary_key);
	return !skus->over;
}

static int walk_items(struct skus *skus, enum search_tag tag, struct slice text, bool whole,
		      struct err *e)
{
	struct store_key key;
	search_key(&key, tag, whole ? START_WHOLE : START_ANYWHERE, text);
	struct store_range range = {.prefix = store_key_slice(&key)};
	skus->whole = whole;
	skus->key_len = key.len;
	return store_walk(skus->f->txn, objects[OBJECT_ITEM].table, ITEM_BY_SEARCH, &range,
			  gather_sku, skus, e);
}

int prepare_item(struct finder *f, struct want *want, struct err *e)
{
	struct skus skus = {.f = f, .want = want};
	struct slice code = search_form(f->a, FORM_CODE, want->given->text);
	want->text = search_form(f->a, FORM_TEXT, want->given->text);
	if (code.len == 0)
		return err_set(e, ERR_INPUT, "item= needs a SKU, a barcode or a part of a name");
	/* Old orders have items that are no longer there. */
	add_sku(&skus, code);
	if (walk_items(&skus, TAG_ITEM, code, true, e) < 0 ||
	    (want->text.len >= 2 && walk_items(&skus, TAG_NAME, want->text, false, e) < 0))
		return -1;
	if (skus.over)
		return err_set(e, ERR_INPUT, "item=%.*s: more than %d items are called so",
			       SLICE_ARG(want->text), SEARCH_SKUS_MAX);
	return 1;
}
