/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stddef.h>

#include "customer.h"
#include "record/customer_edit.h"
#include "record/id.h"
#include "record/shop_table.h"
#include "record/vat.h"

#define VALUE_MAX 300 /* bytes of one value */
#define LIST_MAX 50   /* mail addresses, external ids */
#define VAT_ID_MAX 20

/* One setting on its way into the message. */
struct setter {
	struct txn *txn;
	struct arena *a;
	Rec__Customer *customer;
	const struct customer_setting *setting;
	const struct field *field;
	struct slice value; /* the first, trimmed */
};

typedef int set_fn(const struct setter *s, struct err *e);

/* The table below says which text of the message a field is. */
struct field {
	const char *name;
	set_fn *set;
	size_t offset;	  /* of the text that set_text and the like write */
	const char *what; /* of set_external: its channel */
};

static void put_text(const struct setter *s, struct slice value)
{
	char *text = arena_str(s->a, value);
	memcpy((char *)s->customer + s->field->offset, &text, sizeof(text));
}

static int set_text(const struct setter *s, struct err *e)
{
	(void)e;
	put_text(s, s->value);
	return 1;
}

/* ---- rows of the shop's tables ---- */

static int set_row(const struct setter *s, enum shop_table table, struct err *e)
{
	struct slice name = s->value;
	if (name.len && shop_row_need(s->txn, s->a, table, &name, e) < 0)
		return -1;
	put_text(s, name);
	return 1;
}

static int set_terms(const struct setter *s, struct err *e)
{
	return set_row(s, SHOP_TABLE_TERMS, e);
}

/* CP-12: orders take their prices from it, so there can be only one. */
static int set_channel(const struct setter *s, struct err *e)
{
	if (slice_chr(s->value, ',') >= 0 || slice_chr(s->value, ' ') >= 0)
		return err_set(e, ERR_INPUT, "a customer has one sales channel, not several");
	return set_row(s, SHOP_TABLE_CHANNEL, e);
}

/* ---- words with a meaning ---- */

static int set_type(const struct setter *s, struct err *e)
{
	int value = REC__CUSTOMER_TYPE__CUSTOMER_TYPE_PUBLIC;
	if (s->value.len && !schema_enum_value(&rec__customer_type__descriptor, s->value, &value))
		return err_set(e, ERR_INPUT,
			       "\"%.*s\" is no type of customer: public, retailer or agent",
			       SLICE_ARG(s->value));
	s->customer->kind = (Rec__CustomerType)value;
	return 1;
}

static int set_parent(const struct setter *s, struct err *e)
{
	struct id id;
	Rec__Customer *parent;
	s->customer->parent = 0;
	if (!s->value.len)
		return 1;
	if (id_parse(s->value, &id, NULL) < 0 || id.letter != 'C')
		return err_set(e, ERR_INPUT, "\"%.*s\" is no customer: write an id such as C10001",
			       SLICE_ARG(s->value));
	int got = customer_resolve(s->txn, s->a, id.number, &parent, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no customer C%llu",
			       (unsigned long long)id.number);
	s->customer->parent = got > 0 ? parent->id : 0;
	return got;
}

static int parse_yes(const struct setter *s, bool *yes, struct err *e)
{
	static const char *const words[] = {"no", "yes"};
	for (size_t i = 0; i < 2; i++)
		if (slice_eq_nocase(s->value, slice_str(words[i]))) {
			*yes = i == 1;
			return 1;
		}
	return err_set(e, ERR_INPUT, "%s must be yes or no", s->field->name);
}

static int set_obfuscate(const struct setter *s, struct err *e)
{
	bool yes = true;
	if (s->value.len && parse_yes(s, &yes, e) < 0)
		return -1;
	s->customer->keep_identity = !yes;
	return 1;
}

static int set_currency(const struct setter *s, struct err *e)
{
	struct buf upper;
	buf_init(&upper, VALUE_MAX * 4);
	text_put_upper(&upper, s->value);
	bool good = !s->value.len || money_exponent(buf_slice(&upper)) >= 0;
	if (good)
		put_text(s, buf_slice(&upper));
	buf_release(&upper);
	return good ? 1
		    : err_set(e, ERR_INPUT, "\"%.*s\" is no ISO 4217 currency, such as EUR",
			      SLICE_ARG(s->value));
}

static bool all_of(struct slice text, bool digits)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(digits && c >= '0' && c <= '9'))
			return false;
	}
	return true;
}

/* BCP 47: a language of two or three letters, then subtags. */
static int set_language(const struct setter *s, struct err *e)
{
	struct slice rest = s->value, part;
	bool good = true;
	for (size_t n = 0; good && s->value.len && slice_cut(&rest, '-', &part); n++)
		good = part.len >= 2 && part.len <= (n ? 8u : 3u) && all_of(part, n > 0);
	if (!good)
		return err_set(e, ERR_INPUT,
			       "\"%.*s\" is no language: write en, de, pt-BR \xe2\x80\xa6",
			       SLICE_ARG(s->value));
	put_text(s, s->value);
	return 1;
}

static int set_phone(const struct setter *s, struct err *e)
{
	size_t digits = 0;
	for (size_t i = 0; i < s->value.len; i++)
		digits += s->value.ptr[i] >= '0' && s->value.ptr[i] <= '9';
	if (s->value.len && digits < 3)
		return err_set(e, ERR_INPUT, "\"%.*s\" is no phone number", SLICE_ARG(s->value));
	put_text(s, s->value);
	return 1;
}

static int set_credit_limit(const struct setter *s, struct err *e)
{
	int64_t limit = 0;
	if (s->value.len && !s->customer->currency[0])
		return err_set(e, ERR_INPUT, "a credit limit needs the customer's currency=");
	if (s->value.len && money_parse(s->value, slice_str(s->customer->currency), &limit, e) < 0)
		return -1;
	if (limit < 0)
		return err_set(e, ERR_INPUT, "credit_limit must not be negative");
	s->customer->credit_limit = limit;
	return 1;
}

/* ---- VAT ids ---- */

/* People write "NL 1234.56.789 B01". */
static struct slice bare_vat_id(const struct setter *s)
{
	char *bare = arena_alloc(s->a, s->value.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s->value.len; i++) {
		char c = s->value.ptr[i];
		if (c != ' ' && c != '.' && c != '-')
			bare[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	return slice_of(bare, n);
}

/* Outside of the EU each country has its own form: only the country is judged. */
static bool is_vat_id(struct slice id)
{
	struct slice country = slice_sub(id, 0, 2);
	bool eu = vat_is_eu(country, INT64_MAX) || slice_eq(country, SLICE("EL")) ||
		  slice_eq(country, SLICE("XI"));
	if (id.len < 4 || id.len > VAT_ID_MAX || !all_of(id, true))
		return false;
	return eu ? vat_id_plausible(id) : vat_is_country(country);
}

static int set_vat_id(const struct setter *s, struct err *e)
{
	struct slice id = bare_vat_id(s);
	if (id.len && !is_vat_id(id))
		return err_set(e, ERR_INPUT,
			       "\"%.*s\" is no VAT id of that country: it begins with the country, "
			       "such as NL123456789B01",
			       SLICE_ARG(s->value));
	/* Whoever checked it checked the old one. */
	if (!slice_eq(id, slice_str(s->customer->vat_id)))
		s->customer->vat_id_checked = false;
	put_text(s, id);
	return 1;
}

static int set_vat_checked(const struct setter *s, struct err *e)
{
	bool yes = false;
	if (s->value.len && parse_yes(s, &yes, e) < 0)
		return -1;
	if (yes && !s->customer->vat_id[0])
		return err_set(e, ERR_INPUT,
			       "there is no VAT id that was checked: set vat_id= too");
	s->customer->vat_id_checked = yes;
	return 1;
}

/* ---- lists ---- */

/* email="a@x.example, b@y.example", or email= as often as there are addresses. */
static int set_emails(const struct setter *s, struct err *e)
{
	char **emails = ARENA_ARRAY(s->a, LIST_MAX, char *);
	size_t n = 0;
	for (size_t i = 0; i < s->setting->n; i++) {
		struct slice rest = s->setting->values[i], part;
		while (slice_cut(&rest, ',', &part)) {
			part = slice_trim(part);
			if (!part.len)
				continue;
			if (n == LIST_MAX)
				return err_set(e, ERR_INPUT, "there are more than %d addresses",
					       LIST_MAX);
			emails[n++] = arena_str(s->a, part);
		}
	}
	s->customer->emails = emails;
	s->customer->n_emails = n;
	return 1;
}

static bool is_id_of(const Rec__ExternalId *id, struct slice channel)
{
	return slice_eq_nocase(slice_str(id->channel), channel) &&
	       (!id->kind[0] || strcmp(id->kind, "customer") == 0);
}

/* A channel knows a customer by one id: it takes the place of the old one. */
static int put_external(const struct setter *s, struct slice channel, struct slice value,
			struct err *e)
{
	Rec__Customer *customer = s->customer;
	Rec__ExternalId **ids = ARENA_ARRAY(s->a, customer->n_external_ids + 1, Rec__ExternalId *);
	size_t n = 0;
	for (size_t i = 0; i < customer->n_external_ids; i++)
		if (!is_id_of(customer->external_ids[i], channel))
			ids[n++] = customer->external_ids[i];
	if (value.len && n >= LIST_MAX)
		return err_set(e, ERR_INPUT, "there are %d external ids already", LIST_MAX);
	if (value.len) {
		ids[n] = ARENA_NEW(s->a, Rec__ExternalId);
		rec__external_id__init(ids[n]);
		ids[n]->channel = arena_str(s->a, channel);
		ids[n++]->value = arena_str(s->a, value);
	}
	customer->external_ids = ids;
	customer->n_external_ids = n;
	return 1;
}

static int set_external(const struct setter *s, struct err *e)
{
	return put_external(s, slice_str(s->field->what), s->value, e);
}

/* external="web:77" sets it, external="web:" clears it. */
static int set_externals(const struct setter *s, struct err *e)
{
	for (size_t i = 0; i < s->setting->n; i++) {
		struct slice value = slice_trim(s->setting->values[i]);
		ptrdiff_t colon = slice_chr(value, ':');
		if (colon <= 0 || !all_of(slice_sub(value, 0, (size_t)colon), true))
			return err_set(e, ERR_INPUT,
				       "\"%.*s\" is no external id: write channel:value, such as "
				       "web:77, or web: to clear it",
				       SLICE_ARG(slice_sub(value, 0, 60)));
		if (put_external(s, slice_sub(value, 0, (size_t)colon),
				 slice_sub(value, (size_t)colon + 1, value.len), e) < 0)
			return -1;
	}
	return 1;
}

/* ---- the table ---- */

#define TEXT(field) offsetof(Rec__Customer, field)

static const struct field fields[] = {
	{"name", set_text, TEXT(name), NULL},
	{"company", set_text, TEXT(company), NULL},
	{"trading", set_text, TEXT(trading_name), NULL},
	{"type", set_type, 0, NULL},
	{"parent", set_parent, 0, NULL},
	{"group", set_text, TEXT(group), NULL},
	{"channel", set_channel, TEXT(channel), NULL},
	{"terms", set_terms, TEXT(terms), NULL},
	{"bank", set_text, TEXT(bank), NULL},
	{"accounts_id", set_text, TEXT(accounts_id), NULL},
	{"credit_limit", set_credit_limit, 0, NULL},
	{"email", set_emails, 0, NULL},
	{"phone", set_phone, TEXT(phone), NULL},
	{"language", set_language, TEXT(language), NULL},
	{"currency", set_currency, TEXT(currency), NULL},
	{"vat_id", set_vat_id, TEXT(vat_id), NULL},
	{"vat_checked", set_vat_checked, 0, NULL},
	{"ebay", set_external, 0, "ebay"},
	{"amazon", set_external, 0, "amazon"},
	{"external", set_externals, 0, NULL},
	{"obfuscate", set_obfuscate, 0, NULL},
};

int customer_set(struct txn *txn, struct arena *a, Rec__Customer *customer,
		 const struct customer_setting *setting, struct err *e)
{
	struct setter s = {.txn = txn, .a = a, .customer = customer, .setting = setting};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (!slice_eq_nocase(setting->name, slice_str(fields[i].name)))
			continue;
		s.field = &fields[i];
		s.value = setting->n ? slice_trim(setting->values[0]) : SLICE("");
		for (size_t j = 0; j < setting->n; j++)
			if (setting->values[j].len > VALUE_MAX)
				return err_set(e, ERR_INPUT, "%s is longer than %d bytes",
					       fields[i].name, VALUE_MAX);
		return fields[i].set(&s, e);
	}
	return err_set(e, ERR_INPUT, "a customer has no field \"%.*s\"",
		       SLICE_ARG(slice_sub(setting->name, 0, 40)));
}
