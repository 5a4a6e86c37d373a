/* SPDX-License-Identifier: ISC */
#include "record/shop_table.h"

#include <assert.h>

#include "record/history.h"
#include "record/vat.h"
#include "shop_private.h"

static const struct {
	const char *word, *title;
	enum object_type type;
} tables[SHOP_TABLES] = {
	[SHOP_TABLE_PAYMENT_TYPE] = {"paytype", "payment type", OBJECT_PAYMENT_TYPE},
	[SHOP_TABLE_TERMS] = {"terms", "terms", OBJECT_TERMS},
	[SHOP_TABLE_CHANNEL] = {"channel", "channel", OBJECT_CHANNEL},
	[SHOP_TABLE_PRICE_LIST] = {"pricelist", "price list", OBJECT_PRICE_LIST},
	[SHOP_TABLE_SEASON] = {"season", "season", OBJECT_SEASON},
	[SHOP_TABLE_VAT_RATE] = {"vat", "VAT rate", OBJECT_VAT_RATE},
};

const char *shop_table_title(enum shop_table table)
{
	assert(table < SHOP_TABLES);
	return tables[table].title;
}

const char *shop_table_word(enum shop_table table)
{
	assert(table < SHOP_TABLES);
	return tables[table].word;
}

enum object_type shop_table_type(enum shop_table table)
{
	assert(table < SHOP_TABLES);
	return tables[table].type;
}

bool shop_table_find(struct slice word, enum shop_table *table)
{
	for (int i = 0; i < SHOP_TABLES; i++) {
		*table = (enum shop_table)i;
		if (slice_eq(word, slice_str(tables[i].word)))
			return true;
	}
	return false;
}

bool shop_table_of(const ProtobufCMessageDescriptor *type, enum shop_table *table)
{
	for (int i = 0; i < SHOP_TABLES; i++) {
		*table = (enum shop_table)i;
		if (objects[tables[i].type].descriptor == type)
			return true;
	}
	return false;
}

/* ---- names and keys ---- */

bool shop_name_valid(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool word =
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!word && (i == 0 || !strchr("-_.", c) || !c))
			return false;
	}
	return name.len > 0 && name.len <= SHOP_NAME_MAX;
}

static void vat_key(struct store_key *key, const Rec__VatRate *row)
{
	object_key_folded(key, slice_str(row->country));
	object_key_folded(key, slice_str(row->name));
}

/* The field that every other row is named by. */
static struct slice name_of(const ProtobufCMessage *row)
{
	const ProtobufCFieldDescriptor *field = schema_field(row->descriptor, SLICE("name"));
	assert(field && field->type == PROTOBUF_C_TYPE_STRING);
	return schema_get(row, field).text;
}

static void row_key(struct store_key *key, const ProtobufCMessage *row)
{
	if (row->descriptor != &rec__vat_rate__descriptor) {
		object_key_folded(key, name_of(row));
		return;
	}
	vat_key(key, (const Rec__VatRate *)row);
	store_key_i64(key, ((const Rec__VatRate *)row)->starts_at);
}

char *shop_row_name(struct arena *a, const ProtobufCMessage *row)
{
	if (row->descriptor != &rec__vat_rate__descriptor)
		return arena_str(a, name_of(row));
	const Rec__VatRate *rate = (const Rec__VatRate *)row;
	struct civil day;
	civil_from_utc(rate->starts_at, &day);
	if (!rate->starts_at)
		return arena_printf(a, "%s/%s", rate->country, rate->name);
	return arena_printf(a, "%s/%s/%04lld-%02d-%02d", rate->country, rate->name,
			    (long long)day.year, day.month, day.day);
}

/* "NL/standard/2012-10-01" */
static int read_vat_name(struct arena *a, struct slice name, Rec__VatRate *row, struct err *e)
{
	struct slice rest = name, country = SLICE(""), class = SLICE(""), day;
	struct buf upper;
	bool whole = slice_cut(&rest, '/', &country) && slice_cut(&rest, '/', &class);
	if (!whole || !shop_name_valid(class) || country.len != 2)
		return err_set(e, ERR_INPUT,
			       "\"%.*s\" names no VAT rate: write COUNTRY/CLASS or "
			       "COUNTRY/CLASS/DATE, such as NL/standard/2012-10-01",
			       SLICE_ARG(slice_sub(name, 0, SHOP_NAME_MAX)));
	if (slice_cut(&rest, '\0', &day) && clock_parse_date(day, &row->starts_at, e) < 0)
		return -1;
	buf_init(&upper, 16);
	text_put_upper(&upper, country);
	row->country = arena_str(a, buf_slice(&upper));
	row->name = arena_str(a, class);
	buf_release(&upper);
	return 1;
}

int shop_row_new(struct arena *a, enum shop_table table, struct slice name, ProtobufCMessage **row,
		 struct err *e)
{
	const ProtobufCMessageDescriptor *type = objects[shop_table_type(table)].descriptor;
	*row = arena_alloc(a, type->sizeof_message);
	protobuf_c_message_init(type, *row);
	if (table == SHOP_TABLE_VAT_RATE)
		return read_vat_name(a, name, (Rec__VatRate *)*row, e);
	if (!shop_name_valid(name))
		return err_set(e, ERR_INPUT,
			       "\"%.*s\" is no name: write one word of letters, digits, \"-\", "
			       "\"_\" and \".\"",
			       SLICE_ARG(slice_sub(name, 0, SHOP_NAME_MAX)));
	return shop_field_set(a, *row, SLICE("name"), name, e);
}

/* ---- reading ---- */

static int load_same(struct txn *txn, struct arena *a, const ProtobufCMessage *named,
		     ProtobufCMessage **row, struct err *e)
{
	struct store_key key = {.len = 0};
	enum shop_table table = SHOP_TABLES;
	bool known = shop_table_of(named->descriptor, &table);
	assert(known);
	(void)known;
	row_key(&key, named);
	return object_load_key(txn, a, shop_table_type(table), store_key_slice(&key), row, e);
}

int shop_row_load(struct txn *txn, struct arena *a, enum shop_table table, struct slice name,
		  ProtobufCMessage **row, struct err *e)
{
	ProtobufCMessage *named;
	*row = NULL;
	/* What cannot be a name is the name of nothing. */
	if (shop_row_new(a, table, name, &named, NULL) < 0)
		return 0;
	return load_same(txn, a, named, row, e);
}

/* The typed doors: a row of that table and type, by its name. */
#define ROW_DOOR(door, table, Type)                                                                \
	int door(struct txn *txn, struct arena *a, struct slice name, Type **row, struct err *e)   \
	{                                                                                          \
		ProtobufCMessage *message;                                                         \
		int got = shop_row_load(txn, a, table, name, &message, e);                         \
		*row = got > 0 ? (Type *)message : NULL;                                           \
		return got;                                                                        \
	}

ROW_DOOR(payment_type_load, SHOP_TABLE_PAYMENT_TYPE, Rec__PaymentType)
ROW_DOOR(terms_load, SHOP_TABLE_TERMS, Rec__Terms)
ROW_DOOR(channel_load, SHOP_TABLE_CHANNEL, Rec__Channel)
ROW_DOOR(price_list_load, SHOP_TABLE_PRICE_LIST, Rec__PriceList)
ROW_DOOR(season_load, SHOP_TABLE_SEASON, Rec__Season)

int vat_rate_load(struct txn *txn, struct arena *a, const Rec__VatRate *wanted, Rec__VatRate **row,
		  struct err *e)
{
	struct store_key class = {.len = 0}, below;
	ProtobufCMessage *message;
	vat_key(&class, wanted);
	below = class;
	store_key_i64(&below, wanted->starts_at + 1);
	struct object_query query = {
		.type = OBJECT_VAT_RATE,
		.index = STORE_PRIMARY,
		.range = {.prefix = store_key_slice(&class),
			  .below = store_key_slice(&below),
			  .backward = true},
	};
	int got = object_find(txn, a, &query, &message, e);
	*row = got > 0 ? (Rec__VatRate *)message : NULL;
	return got;
}

int shop_row_list(struct txn *txn, struct arena *a, enum shop_table table, struct shop_rows *rows,
		  struct err *e)
{
	struct object_query query = {
		.type = shop_table_type(table), .index = STORE_PRIMARY, .limit = SHOP_ROWS_MAX};
	struct object_list found;
	if (object_list(txn, a, &query, &found, e) < 0)
		return -1;
	*rows = (struct shop_rows){found.items, found.n};
	return 1;
}

/* What the author may have meant; else what there is. */
static int no_such_row(const struct shop_rows *rows, enum shop_table table, struct slice name,
		       struct err *e)
{
	struct arena *a = arena_open();
	char *list = arena_str(a, SLICE("")), *nearest = NULL;
	size_t best = 3;
	for (size_t i = 0; i < rows->n; i++) {
		char *other = shop_row_name(a, rows->items[i]);
		size_t distance = text_distance(name, slice_str(other));
		if (distance < best) {
			best = distance;
			nearest = other;
		}
		if (i < 12)
			list = arena_printf(a, "%s%s%s", list, i ? ", " : "", other);
	}
	name = slice_sub(name, 0, SHOP_NAME_MAX);
	if (nearest)
		err_set(e, ERR_INPUT, "there is no %s \"%.*s\"; did you mean \"%s\"?",
			tables[table].title, SLICE_ARG(name), nearest);
	else
		err_set(e, ERR_INPUT, "there is no %s \"%.*s\"%s%s", tables[table].title,
			SLICE_ARG(name), rows->n ? "; there are: " : "", list);
	arena_close(&a);
	return -1;
}

int shop_row_need(struct txn *txn, struct arena *a, enum shop_table table, struct slice *name,
		  struct err *e)
{
	ProtobufCMessage *row;
	struct shop_rows rows;
	int got = shop_row_load(txn, a, table, *name, &row, e);
	if (got > 0)
		*name = slice_str(shop_row_name(a, row));
	if (got != 0)
		return got;
	if (shop_row_list(txn, a, table, &rows, e) < 0)
		return -1;
	return no_such_row(&rows, table, *name, e);
}

/* ---- changing ---- */

static int put_history(struct change *ch, const char *event, const ProtobufCMessage *old,
		       const ProtobufCMessage *new, struct err *e)
{
	enum shop_table table = SHOP_TABLES;
	struct history_entry entry = {.event = event, .old = old, .new = new};
	const ProtobufCMessage *named = strcmp(event, "remove") == 0 ? old : new;
	shop_table_of(new->descriptor, &table);
	entry.object = arena_printf(ch->arena, "%s:%s", tables[table].word,
				    shop_row_name(ch->arena, named));
	return history_add(ch, &entry, e);
}

int shop_row_save(struct change *ch, ProtobufCMessage *row, struct err *e)
{
	struct store_key key = {.len = 0};
	enum shop_table table = SHOP_TABLES;
	ProtobufCMessage *old;
	if (shop_row_check(ch, row, e) < 0 || load_same(ch->txn, ch->arena, row, &old, e) < 0)
		return -1;
	int got = put_history(ch, old ? "edit" : "create", old, row, e);
	if (got <= 0)
		return got;
	shop_table_of(row->descriptor, &table);
	row_key(&key, row);
	return store_put(ch->txn, objects[shop_table_type(table)].table, store_key_slice(&key),
			 schema_pack_in(ch->arena, row), e);
}

/* Which field of a channel names rows of that table. */
static struct slice named_by_channel(enum shop_table table, const Rec__Channel *channel)
{
	switch (table) {
	case SHOP_TABLE_PAYMENT_TYPE:
		return slice_str(channel->payment_type);
	case SHOP_TABLE_TERMS:
		return slice_str(channel->terms);
	case SHOP_TABLE_PRICE_LIST:
		return slice_str(channel->price_list);
	default:
		return SLICE("");
	}
}

static int not_in_use(struct change *ch, enum shop_table table, struct slice name, struct err *e)
{
	struct shop_rows channels;
	if (shop_row_list(ch->txn, ch->arena, SHOP_TABLE_CHANNEL, &channels, e) < 0)
		return -1;
	for (size_t i = 0; i < channels.n; i++) {
		const Rec__Channel *channel = (const Rec__Channel *)channels.items[i];
		if (slice_eq_nocase(name, named_by_channel(table, channel)))
			return err_set(e, ERR_INPUT,
				       "the channel \"%s\" uses it: change that first",
				       channel->name);
	}
	return 1;
}

int shop_row_remove(struct change *ch, enum shop_table table, struct slice name, struct err *e)
{
	struct store_key key = {.len = 0};
	ProtobufCMessage *row;
	const struct object *object = &objects[shop_table_type(table)];
	int got = shop_row_need(ch->txn, ch->arena, table, &name, e);
	if (got < 0 || not_in_use(ch, table, name, e) < 0 ||
	    shop_row_load(ch->txn, ch->arena, table, name, &row, e) <= 0)
		return -1;
	ProtobufCMessage *nothing = arena_alloc(ch->arena, object->descriptor->sizeof_message);
	protobuf_c_message_init(object->descriptor, nothing);
	if (put_history(ch, "remove", row, nothing, e) < 0)
		return -1;
	row_key(&key, row);
	return store_delete(ch->txn, object->table, store_key_slice(&key), e);
}
