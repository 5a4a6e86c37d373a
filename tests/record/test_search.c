/* SPDX-License-Identifier: ISC */
#include "record/search.h"

#include <stdio.h>
#include <stdlib.h>

#include "groups.h"
#include "record/customer.h"
#include "record/demo.h"
#include "record/message.h"
#include "record/order.h"
#include "record/shipment.h"

#define CUSTOMERS 240
#define ROUNDS 1500

/* ---- by hand: the world of the fixture ---- */

struct asked {
	enum search_field field;
	const char *text;
};

static const struct {
	const char *label;
	struct asked asked[3];
	const char *criteria, *hits;
} rows[] = {
	{"PX-04 CP-02 name", {{SEARCH_NAME, "JANS"}}, "name=*jans*", "C10001"},
	{"CP-02 part of the name", {{SEARCH_NAME, "o j"}}, "name=*o j*", "C10001"},
	{"CP-02 accents",
	 {{SEARCH_NAME, "L\xc3\xb6 L\xc3\xb8"
			"cked"}},
	 "name=*lo locked*",
	 "C10002"},
	{"CP-03 email", {{SEARCH_EMAIL, "jo@EXAMPLE.org"}}, "email=jo@example.org*", "C10001"},
	{"CP-03 domain", {{SEARCH_EMAIL, "example"}}, "email=example*", "C10001 C10002 C10003"},
	{"CP-04 zip", {{SEARCH_ZIP, "1011 A"}}, "zip=1011a*", "C10004"},
	{"CP-05 own number", {{SEARCH_ORDER, "O10002"}}, "order=O10002", "O10002"},
	{"CP-05 own number without its letter", {{SEARCH_ORDER, "10002"}}, "order=10002", "O10002"},
	{"CP-05 the shop's number", {{SEARCH_ORDER, "W-77"}}, "order=W-77", "O10001"},
	{"CP-06 invoice", {{SEARCH_INVOICE, "i2026-00017"}}, "invoice=i2026-00017", "O10006"},
	{"CP-07 ebay", {{SEARCH_EBAY, "jo_77"}}, "ebay=jo_77", "C10004"},
	{"CP-08 tracking", {{SEARCH_TRACKING, "jvgl 06"}}, "tracking=jvgl06*", "O10006"},
	{"CP-09 amazon",
	 {{SEARCH_AMAZON, "026-1234567-1234567"}},
	 "amazon=026-1234567-1234567",
	 "O10006"},
	{"CP-10 company", {{SEARCH_COMPANY, "handel"}}, "company=*handel*", "C10004"},
	{"CP-10 trading name", {{SEARCH_TRADING, "TEA"}}, "trading=*tea*", "C10004"},
	{"CP-10 both are names", {{SEARCH_NAME, "tea co"}}, "name=*tea co*", "C10004"},
	{"PX-04 two criteria", {{SEARCH_NAME, "o"}, {SEARCH_NAME, "jo"}}, NULL, NULL},
	{"PX-04 PX-05 criteria are joined by AND",
	 {{SEARCH_ZIP, "1011"}, {SEARCH_STATUS, "HAL"}},
	 "zip=1011*, status=HAL",
	 "O10006"},
	{"MC-02 group", {{SEARCH_GROUP, "VIP"}}, "group=vip", "C10004"},
	{"MC-02 inactive", {{SEARCH_ACTIVE, "no"}}, "active=no", "C10004"},
	{"MC-02 group and active",
	 {{SEARCH_GROUP, "vip"}, {SEARCH_ACTIVE, "yes"}},
	 "group=vip, active=yes",
	 ""},
	{"MC-02 active", {{SEARCH_ACTIVE, "yes"}}, "active=yes", "C10001 C10002 C10003"},
	{"CP-13 type", {{SEARCH_TYPE, "retailer"}}, "type=retailer", "C10004"},
	{"CP-12 channel", {{SEARCH_CHANNEL, "Trade"}}, "channel=trade", "C10004"},
	{"CS-01 phone", {{SEARCH_PHONE, "(020) 1234"}}, "phone=201234*", "C10001 C10004"},
	{"CS-01 street", {{SEARCH_ADDRESS, "keizers"}}, "address=keizers*", "C10004"},
	{"CS-01 city", {{SEARCH_ADDRESS, "amst"}}, "address=amst*", "C10004"},
	{"CS-01 note", {{SEARCH_NOTE, "calls"}}, "note=calls*", "C10001"},
	{"CS-01 orders by payment", {{SEARCH_PAYMENT, "bank"}}, "payment=bank", "O10006"},
	{"CS-01 orders by comment", {{SEARCH_COMMENT, "ring tw"}}, "comment=ring tw*", "O10006"},
	{"CS-01 orders by item", {{SEARCH_ITEM, "tea-1"}}, "item=*tea-1*", "O10001"},
	{"CS-01 by the item's name",
	 {{SEARCH_ITEM, "Cup"}},
	 "item=*cup*",
	 "O10001 O10002 O10003 O10004 O10005 O10006"},
	{"CS-01 by barcode", {{SEARCH_ITEM, "4006381333931"}}, "item=*4006381333931*", "O10006"},
	{"ST-18 line", {{SEARCH_LINE, "nlb"}}, "line=NLB", "O10005"},
	{"ST-05 hold", {{SEARCH_STATUS, "hold"}}, "status=hold", "O10001 O10003 O10006"},
	{"CP-24 CP-28 cancelled", {{SEARCH_STATUS, "cancelled"}}, "status=cancelled", "O10005"},
	{"CP-27 unallocated",
	 {{SEARCH_STATUS, "unallocated"}, {SEARCH_ITEM, "cup-1"}},
	 "status=unallocated, item=*cup-1*",
	 "O10001 O10002 O10003 O10004"},
	{"CS-01 shop",
	 {{SEARCH_SHOP, "demo"}, {SEARCH_STATUS, "hold"}},
	 "shop=demo, status=hold",
	 "O10001 O10003 O10006"},
	{"MC-03 free text", {{SEARCH_TEXT, "jansen"}}, "text=jansen", "C10001"},
	{"MC-03 two words",
	 {{SEARCH_TEXT, "jo"}, {SEARCH_TEXT, "jansen"}},
	 "text=jo, text=jansen",
	 "C10001"},
	{"CP-01 find by order id", {{SEARCH_TEXT, "10002"}}, "text=10002", "C10002 O10002"},
	{"CP-01 find by external id", {{SEARCH_TEXT, "W-77"}}, "text=w-77", "O10001"},
	{"CP-01 find by tracking", {{SEARCH_TEXT, "JVGL06"}}, "text=jvgl06", "O10006"},
	{"CP-01 find by phone", {{SEARCH_TEXT, "+31 20 1234567"}}, "text=+31 20 1234567", "C10001"},
	{"MC-03 text of a customer and a status of orders",
	 {{SEARCH_TEXT, "jansen"}, {SEARCH_STATUS, "hold"}},
	 "text=jansen, status=hold",
	 "O10001"},
	{"nothing fits", {{SEARCH_NAME, "nobody at all"}}, "name=*nobody at all*", ""},
};

static const char more[] =
	"{\"type\":\"customer\",\"name\":\"Ann Other\",\"company\":\"Groothandel Zuid B.V.\","
	"\"trading_name\":\"The Tea Company\",\"kind\":\"retailer\",\"channel\":\"trade\","
	"\"group\":\"vip\",\"inactive\":true,\"addresses\":[{\"lines\":[\"Keizersgracht 7\"],"
	"\"postcode\":\"1011 AB\",\"city\":\"Amsterdam\",\"phone\":\"0031-20-1234999\"}],"
	"\"external_ids\":[{\"channel\":\"ebay\",\"value\":\"jo_77\"}]}\n"
	"{\"type\":\"item\",\"sku\":\"MUG-1\",\"name\":\"Cupless mug\",\"price\":100,"
	"\"currency\":\"EUR\",\"barcode\":\"4006381333931\"}\n"
	"{\"type\":\"order\",\"customer\":\"C10004\",\"ordered_at\":\"2026-02-28T09:00:00Z\","
	"\"payment_type\":\"bank\",\"external_ids\":[{\"channel\":\"amazon\",\"value\":"
	"\"026-1234567-1234567\"}],\"tracking\":[{\"carrier\":\"dhl\",\"code\":\"JVGL 0600\"}],"
	"\"comments\":[{\"text\":\"Please ring twice\"}],\"lines\":[{\"sku\":\"MUG-1\","
	"\"quantity\":1,\"unit_price\":100,\"state\":\"HAL\",\"invoice\":\"I2026-00017\"}]}\n";

static void print_hits(const struct search_result *result, struct buf *out)
{
	buf_clear(out);
	for (size_t i = 0; i < result->n; i++) {
		if (i)
			buf_putc(out, ' ');
		id_put(out, &result->hits[i]);
	}
}

static void add_asked(struct search *search, const struct asked *asked, size_t n)
{
	for (size_t i = 0; i < n && asked[i].text; i++)
		search->criteria[search->n++] = (struct search_criterion){
			.field = asked[i].field, .text = slice_str(asked[i].text)};
}

RECORD_TEST(test_PX_04_CP_01_to_CP_10_MC_02_MC_03_CS_01_every_criterion)
{
	struct buf hits;
	buf_init(&hits, 4096);
	fixture_import(ch, more);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct search search = {.limit = 50};
		struct search_result result;
		struct err e;
		if (!rows[i].hits)
			continue;
		add_asked(&search, rows[i].asked, 3);
		if (search_run(ch->txn, ch->arena, &search, &result, &e) < 0)
			fail_msg("%s: %s", rows[i].label, e.text);
		print_hits(&result, &hits);
		if (strcmp(buf_str(&hits), rows[i].hits) != 0)
			fail_msg("%s: %s", rows[i].label, buf_str(&hits));
		if (!slice_eq(result.criteria, slice_str(rows[i].criteria)))
			fail_msg("%s: searched %.*s", rows[i].label, SLICE_ARG(result.criteria));
		assert_int_equal(result.total, result.n);
	}
	buf_release(&hits);
}

static const struct {
	const char *label;
	struct asked asked;
	const char *words;
} refused[] = {
	{"PX-04 a criterion is needed", {SEARCH_TEXT, NULL}, "at least one criterion"},
	{"one letter", {SEARCH_NAME, "j"}, "at least 2"},
	{"no digits", {SEARCH_PHONE, "00-0"}, "digits that are not"},
	{"nothing", {SEARCH_ZIP, "  "}, "at least 1"},
	{"PX-04 unknown status", {SEARCH_STATUS, "HAM"}, "write one of empty|open"},
	{"ST-18 unknown state", {SEARCH_LINE, "XXX"}, "write one of NEW, HAL"},
	{"unknown type", {SEARCH_TYPE, "vip"}, "public|retailer|agent"},
	{"MC-02 neither yes nor no", {SEARCH_ACTIVE, "maybe"}, "no|yes"},
	{"unknown shop", {SEARCH_SHOP, "nowhere"}, "no shop"},
	{"empty order", {SEARCH_ORDER, " "}, "is empty"},
};

RECORD_TEST(test_PX_04_refused_searches)
{
	char many[SEARCH_TEXT_MAX + 2];
	struct search search = {.limit = 50, .n = 1};
	struct search_result result;
	struct err e;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct search one = {.limit = 50};
		add_asked(&one, &refused[i].asked, 1);
		if (search_run(ch->txn, ch->arena, &one, &result, &e) != -1)
			fail_msg("%s", refused[i].label);
		fixture_error(&e, ERR_INPUT, refused[i].words);
	}
	memset(many, 'x', sizeof(many));
	search.criteria[0].field = SEARCH_NAME;
	search.criteria[0].text = slice_of(many, SEARCH_TEXT_MAX + 1);
	assert_int_equal(search_run(ch->txn, ch->arena, &search, &result, &e), -1);
	fixture_error(&e, ERR_INPUT, "longer than 200 bytes");
	search.criteria[0] = (struct search_criterion){SEARCH_ORDERED, {NULL, 0}, 20, 10};
	assert_int_equal(search_run(ch->txn, ch->arena, &search, &result, &e), -1);
	fixture_error(&e, ERR_INPUT, "ends before it begins");
}

/* PX-07: the total is that of all, the page is what was asked for. */
RECORD_TEST(test_PX_07_pages_and_orders)
{
	static const struct {
		size_t offset, limit;
		enum search_sort sort;
		bool descending;
		const char *hits;
	} pages[] = {
		{0, 2, SEARCH_BY_ID, false, "O10001 O10002"},
		{2, 2, SEARCH_BY_ID, false, "O10003 O10004"},
		{4, 2, SEARCH_BY_ID, false, "O10005"},
		{6, 2, SEARCH_BY_ID, false, ""},
		{0, 2, SEARCH_BY_ID, true, "O10005 O10004"},
		{0, 5, SEARCH_BY_DATE, false, "O10002 O10001 O10003 O10004 O10005"},
		{0, 2, SEARCH_BY_TOTAL, true, "O10001 O10004"},
		{0, 5, SEARCH_BY_NAME, false, "O10001 O10002 O10004 O10005 O10003"},
		{0, 5, SEARCH_BY_STATUS, true, "O10005 O10003 O10001 O10004 O10002"},
	};
	struct buf hits;
	buf_init(&hits, 4096);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct search search = {
			.n = 1,
			.criteria = {{.field = SEARCH_ITEM, .text = SLICE("cup-1")}},
			.offset = pages[i].offset,
			.limit = pages[i].limit,
			.sort = pages[i].sort,
			.descending = pages[i].descending};
		struct search_result result;
		struct err e;
		assert_int_equal(search_run(ch->txn, ch->arena, &search, &result, &e), 1);
		assert_int_equal(result.total, 5);
		print_hits(&result, &hits);
		if (strcmp(buf_str(&hits), pages[i].hits) != 0)
			fail_msg("page %zu: %s", i, buf_str(&hits));
	}
	buf_release(&hits);
}

RECORD_TEST(test_PX_04_what_is_gone_is_not_found)
{
	struct search search = {.limit = 50};
	struct search_result result;
	struct err e;
	Rec__Customer *customer;
	add_asked(&search, &(struct asked){SEARCH_NAME, "jansen"}, 1);
	customer_load(ch->txn, ch->arena, 10001, &customer, &e);
	customer->name = arena_str(ch->arena, SLICE("Jo de Wit"));
	assert_int_equal(customer_save(ch, customer, "edit", SLICE(""), &e), 1);
	assert_int_equal(search_run(ch->txn, ch->arena, &search, &result, &e), 1);
	assert_int_equal(result.total, 0);
	search.criteria[0].text = SLICE("de wit");
	assert_int_equal(search_run(ch->txn, ch->arena, &search, &result, &e), 1);
	assert_int_equal(result.total, 1);
	customer->merged_into = 10003;
	assert_int_equal(customer_save(ch, customer, "merge", SLICE(""), &e), 1);
	assert_int_equal(search_run(ch->txn, ch->arena, &search, &result, &e), 1);
	assert_int_equal(result.total, 0);
}

/* ---- random criteria against a scan of everything ---- */

struct world {
	struct change *ch;
	Rec__Customer *customers[CUSTOMERS];
	struct customer_orders orders[CUSTOMERS];
	unsigned seed;
};

static unsigned throw(struct world * w, unsigned n)
{
	return (unsigned)rand_r(&w->seed) % n;
}

/* The oracle's own folding, of strings: it shares nothing with the search but Unicode. */
static const char *fold(struct world *w, const char *text, const char *drop)
{
	struct buf folded, out;
	buf_init(&folded, 1 << 16);
	buf_init(&out, 1 << 16);
	text_put_folded(&folded, slice_str(text));
	for (size_t i = 0; i < folded.len; i++)
		if (!strchr(drop, folded.ptr[i]))
			buf_putc(&out, folded.ptr[i]);
	const char *made = arena_str(w->ch->arena, buf_slice(&out));
	buf_release(&folded);
	buf_release(&out);
	return made;
}

static bool has_part(struct world *w, const char *text, const char *part)
{
	return strstr(fold(w, text, ""), part) != NULL;
}

static bool has_word(struct world *w, const char *text, const char *word)
{
	const char *folded = fold(w, text, "");
	for (const char *at = strstr(folded, word); at; at = strstr(at + 1, word)) {
		unsigned char before = at == folded ? ' ' : (unsigned char)at[-1];
		if (at == folded ||
		    (before < 0x80 && !strchr("abcdefghijklmnopqrstuvwxyz0123456789", before)))
			return true;
	}
	return false;
}

static bool has_name(struct world *w, const Rec__Customer *c, const char *part)
{
	bool found = has_part(w, c->name, part) || has_part(w, c->company, part) ||
		     has_part(w, c->trading_name, part);
	for (size_t i = 0; i < c->n_addresses && !found; i++)
		found = has_part(w, c->addresses[i]->name, part) ||
			has_part(w, c->addresses[i]->company, part);
	return found;
}

static bool has_address(struct world *w, const Rec__Customer *c, const char *word)
{
	bool found = false;
	for (size_t i = 0; i < c->n_addresses && !found; i++) {
		found = has_word(w, c->addresses[i]->city, word);
		for (size_t k = 0; k < c->addresses[i]->n_lines; k++)
			found |= has_word(w, c->addresses[i]->lines[k], word);
	}
	return found;
}

static bool has_zip(struct world *w, const Rec__Customer *c, const char *zip)
{
	bool found = false;
	for (size_t i = 0; i < c->n_addresses; i++)
		found |= strncmp(fold(w, c->addresses[i]->postcode, " "), zip, strlen(zip)) == 0;
	return found;
}

/* From one of the first seven digits on. */
static bool has_phone(struct world *w, const char *phone, const char *part)
{
	const char *digits = fold(w, phone, "+ ");
	part += strspn(part, "0");
	for (size_t i = 0; digits[i] && i < 7; i++)
		if (strncmp(digits + i, part, strlen(part)) == 0)
			return true;
	return false;
}

static bool customer_has(struct world *w, const Rec__Customer *c,
			 const struct search_criterion *asked)
{
	const char *text = arena_str(w->ch->arena, asked->text);
	switch (asked->field) {
	case SEARCH_NAME:
		return has_name(w, c, text);
	case SEARCH_COMPANY:
		return has_part(w, c->company, text);
	case SEARCH_EMAIL:
		return c->n_emails && has_word(w, c->emails[0], text);
	case SEARCH_PHONE:
		return has_phone(w, c->phone, text);
	case SEARCH_ADDRESS:
		return has_address(w, c, text);
	case SEARCH_ZIP:
		return has_zip(w, c, text);
	case SEARCH_GROUP:
		return strcmp(c->group, text) == 0;
	case SEARCH_CHANNEL:
		return strcmp(c->channel, text) == 0;
	case SEARCH_ACTIVE:
		return c->inactive == (text[0] == 'n');
	case SEARCH_TYPE:
		return (c->kind == REC__CUSTOMER_TYPE__CUSTOMER_TYPE_RETAILER) == (text[0] == 'r');
	case SEARCH_NOTE:
		return c->n_notes && has_word(w, c->notes[0]->text, text);
	default:
		fail_msg("no such criterion");
		return false;
	}
}

static bool has_line(const Rec__Order *o, const char *sku, int state)
{
	for (size_t i = 0; i < o->n_lines; i++)
		if ((sku && strcmp(o->lines[i]->sku, sku) == 0) || (int)o->lines[i]->state == state)
			return true;
	return false;
}

static bool shipped_in(struct world *w, const Rec__Order *o, const struct search_criterion *asked)
{
	struct shipment_list list;
	struct err e;
	assert_int_equal(shipment_of_order(w->ch->txn, w->ch->arena, o->id, 10, &list, &e), 1);
	for (size_t i = 0; i < list.n; i++)
		if (list.items[i]->shipped_at >= asked->from &&
		    list.items[i]->shipped_at < asked->below)
			return true;
	return false;
}

static bool order_has(struct world *w, const Rec__Order *o, const struct search_criterion *asked)
{
	static const char *const codes[] = {"EMP", "OPN", "HAL", "CLO"};
	const char *text = arena_str(w->ch->arena, asked->text);
	switch (asked->field) {
	case SEARCH_PAYMENT:
		return strcmp(o->payment_type, text) == 0;
	case SEARCH_COMMENT:
		return o->n_comments && has_word(w, o->comments[0]->text, text);
	case SEARCH_ITEM:
		return has_line(o, text, -1);
	case SEARCH_LINE:
		return has_line(o, NULL,
				strcmp(text, "HAL") == 0   ? REC__LINE_STATE__LINE_STATE_HAL
				: strcmp(text, "RET") == 0 ? REC__LINE_STATE__LINE_STATE_RET
							   : REC__LINE_STATE__LINE_STATE_AUS);
	case SEARCH_STATUS:
		return strcmp(codes[order_status(o)], text) == 0;
	case SEARCH_ORDERED:
		return o->ordered_at >= asked->from && o->ordered_at < asked->below;
	case SEARCH_SHIPPED:
		return shipped_in(w, o, asked);
	case SEARCH_TRACKING:
		return o->n_tracking &&
		       strncmp(fold(w, o->tracking[0]->code, ""), text, strlen(text)) == 0;
	default:
		fail_msg("no such criterion");
		return false;
	}
}

/* A part of that text, folded, that begins and ends at whole characters. */
static struct slice part_of(struct world *w, const char *text, size_t least)
{
	struct slice whole = slice_str(fold(w, text, "")), rest = whole;
	size_t starts[256], n = 0;
	uint32_t cp;
	while (rest.len && n < 255) {
		starts[n++] = whole.len - rest.len;
		text_next(&rest, &cp);
	}
	starts[n] = whole.len - rest.len;
	if (n < least)
		return whole;
	size_t from = throw(w, (unsigned)(n - least + 1));
	size_t until = from + least + throw(w, (unsigned)(n - from - least + 1));
	return slice_trim(slice_sub(whole, starts[from], starts[until]));
}

static struct slice word_of(struct world *w, const char *text)
{
	struct slice whole = slice_str(fold(w, text, "")), rest = whole, word = whole;
	unsigned skip = throw(w, 3);
	for (unsigned i = 0; i <= skip && slice_cut(&rest, ' ', &word);)
		i++;
	/* At the beginning of a character. */
	size_t end = word.len > 2 ? 2 + throw(w, (unsigned)word.len - 1) : word.len;
	while (end < word.len && ((unsigned char)word.ptr[end] & 0xc0) == 0x80)
		end++;
	return slice_sub(word, 0, end);
}

static struct slice pick(struct world *w, const char *const *words, unsigned n)
{
	return slice_str(words[throw(w, n)]);
}

static const enum search_field customer_fields[] = {
	SEARCH_NAME,  SEARCH_COMPANY, SEARCH_EMAIL,  SEARCH_PHONE, SEARCH_ADDRESS, SEARCH_ZIP,
	SEARCH_GROUP, SEARCH_CHANNEL, SEARCH_ACTIVE, SEARCH_TYPE,  SEARCH_NOTE,
};
static const enum search_field order_fields[] = {
	SEARCH_PAYMENT, SEARCH_COMMENT, SEARCH_ITEM,	SEARCH_LINE,
	SEARCH_STATUS,	SEARCH_ORDERED, SEARCH_SHIPPED, SEARCH_TRACKING,
};

static struct slice ask_customer(struct world *w, enum search_field field, const Rec__Customer *c)
{
	static const char *const groups[] = {"vip", "trade", "none"};
	static const char *const channels[] = {"web", "amazon", "trade"};
	static const char *const answers[] = {"yes", "no"};
	static const char *const types[] = {"retailer", "public"};
	static const char *const notes[] = {"collects old", "pai", "asked", "calls"};
	const char *address = throw(w, 2) ? c->addresses[0]->city : c->addresses[0]->lines[0];
	struct slice zip = slice_str(fold(w, c->addresses[0]->postcode, " "));
	struct slice mail = slice_str(c->n_emails ? c->emails[0] : "nobody@");
	switch (field) {
	case SEARCH_NAME:
		return part_of(w, throw(w, 2) ? c->name : c->addresses[0]->name, 2);
	case SEARCH_COMPANY:
		return part_of(w, c->company[0] ? c->company : "tea", 2);
	case SEARCH_EMAIL:
		return slice_sub(mail, 0, 2 + throw(w, 12));
	case SEARCH_PHONE:
		return slice_sub(slice_str(fold(w, c->phone, "+ ")), throw(w, 2), 3 + throw(w, 8));
	case SEARCH_ADDRESS:
		return word_of(w, address);
	case SEARCH_ZIP:
		return slice_sub(zip, 0, 1 + throw(w, (unsigned)zip.len));
	case SEARCH_GROUP:
		return pick(w, groups, 3);
	case SEARCH_CHANNEL:
		return pick(w, channels, 3);
	case SEARCH_ACTIVE:
		return pick(w, answers, 2);
	case SEARCH_TYPE:
		return pick(w, types, 2);
	default:
		return pick(w, notes, 4);
	}
}

static void ask_order(struct world *w, const Rec__Order *o, struct search_criterion *asked)
{
	static const char *const payments[] = {"bank", "card", "invoice"};
	static const char *const comments[] = {"gift", "please ring", "wrap the p"};
	static const char *const lines[] = {"HAL", "RET", "AUS"};
	static const char *const codes[] = {"OPN", "HAL", "CLO", "EMP"};
	switch (asked->field) {
	case SEARCH_PAYMENT:
		asked->text = pick(w, payments, 3);
		return;
	case SEARCH_COMMENT:
		asked->text = pick(w, comments, 3);
		return;
	case SEARCH_ITEM:
		asked->text = slice_str(o->lines[0]->sku);
		return;
	case SEARCH_LINE:
		asked->text = pick(w, lines, 3);
		return;
	case SEARCH_STATUS:
		asked->text = pick(w, codes, 4);
		return;
	case SEARCH_TRACKING:
		asked->text = slice_sub(SLICE("jvgl0123"), 0, 2 + throw(w, 6));
		return;
	default:
		asked->from = o->ordered_at - throw(w, 2000000);
		asked->below = asked->from + 1 + throw(w, 9000000);
	}
}

static void ask(struct world *w, struct search *search)
{
	size_t i = throw(w, CUSTOMERS);
	const Rec__Customer *c = w->customers[i];
	const struct customer_orders *orders = &w->orders[i];
	unsigned n = 1 + throw(w, 3);
	*search = (struct search){.limit = SEARCH_LIMIT_MAX, .descending = throw(w, 2)};
	while (search->n < n) {
		struct search_criterion *asked = &search->criteria[search->n++];
		if (orders->n && throw(w, 2)) {
			asked->field = order_fields[throw(w, 8)];
			ask_order(w, orders->items[0], asked);
		} else {
			asked->field = customer_fields[throw(w, 11)];
			asked->text = ask_customer(w, asked->field, c);
		}
	}
}

static bool fits(struct world *w, const struct search *search, const Rec__Customer *c,
		 const Rec__Order *o)
{
	for (size_t i = 0; i < search->n; i++) {
		const struct search_criterion *asked = &search->criteria[i];
		bool of_orders = search_field_of_orders(asked->field);
		if (of_orders ? !order_has(w, o, asked) : !customer_has(w, c, asked))
			return false;
	}
	return true;
}

static bool is_for_orders(const struct search *search)
{
	bool orders = false;
	for (size_t i = 0; i < search->n; i++)
		orders |= search_field_of_orders(search->criteria[i].field);
	return orders;
}

static size_t scan(struct world *w, const struct search *search, struct buf *ids)
{
	size_t n = 0;
	buf_clear(ids);
	for (size_t i = 0; i < CUSTOMERS; i++) {
		if (!is_for_orders(search) && fits(w, search, w->customers[i], NULL)) {
			buf_printf(ids, "C%llu ", (unsigned long long)w->customers[i]->id);
			n++;
		}
		for (size_t k = 0; is_for_orders(search) && k < w->orders[i].n; k++) {
			if (!fits(w, search, w->customers[i], w->orders[i].items[k]))
				continue;
			buf_printf(ids, "O%llu ", (unsigned long long)w->orders[i].items[k]->id);
			n++;
		}
	}
	return n;
}

static void compare(struct world *w, const struct search *search, const struct search_result *found,
		    struct buf *ids)
{
	size_t n = scan(w, search, ids);
	if (found->total != n)
		fail_msg("%.*s: %llu found, %zu there", SLICE_ARG(found->criteria),
			 (unsigned long long)found->total, n);
	for (size_t i = 0; i < found->n; i++) {
		char id[32];
		snprintf(id, sizeof(id), "%c%llu ", found->hits[i].letter,
			 (unsigned long long)found->hits[i].number);
		if (slice_find(buf_slice(ids), slice_str(id)) < 0)
			fail_msg("%.*s: %s", SLICE_ARG(found->criteria), id);
		if (i && search->descending)
			assert_true(found->hits[i - 1].number > found->hits[i].number);
	}
}

static void load_world(struct world *w)
{
	struct err e;
	for (size_t i = 0; i < CUSTOMERS; i++) {
		assert_int_equal(
			customer_load(w->ch->txn, w->ch->arena, 10001 + i, &w->customers[i], &e),
			1);
		assert_int_equal(customer_orders(w->ch->txn, w->ch->arena, 10001 + i, 100,
						 &w->orders[i], &e),
				 1);
	}
}

RECORD_TEST(test_PX_04_random_criteria_find_what_a_scan_finds)
{
	struct world *w = ARENA_NEW(ch->arena, struct world);
	struct buf ids;
	const char *seed = getenv("SEED");
	size_t some = 0;
	buf_init(&ids, 1 << 20);
	*w = (struct world){.ch = ch, .seed = seed ? (unsigned)atoi(seed) : 4711};
	load_world(w);
	for (int i = 0; i < ROUNDS; i++) {
		struct search search;
		struct search_result result;
		struct err e;
		ask(w, &search);
		if (search_run(ch->txn, ch->arena, &search, &result, &e) < 0) {
			/* A part of one letter is the only thing a random criterion may not be. */
			fixture_error(&e, ERR_INPUT, "at least");
			continue;
		}
		compare(w, &search, &result, &ids);
		some += result.total > 0;
	}
	assert_true(some > ROUNDS / 4);
	buf_release(&ids);
}

struct demo_run {
	struct arena *arena;
	uint64_t next;
	int more;
};

static int make_some(struct txn *txn, void *ctx, struct err *e)
{
	static const struct demo demo = {.customers = CUSTOMERS, .orders = 3, .seed = 7};
	struct demo_run *run = ctx;
	struct change ch;
	uint64_t next = run->next;
	change_init(&ch, txn, run->arena, DEMO_NOW);
	ch.actor = SLICE("demo");
	run->more = demo_make(&ch, &demo, &next, e);
	if (run->more >= 0)
		run->next = next;
	return run->more;
}

static void make_shop(struct change *ch)
{
	fixture_import(ch, "{\"type\":\"shop\",\"id\":1,\"name\":\"Demo\",\"address\":"
			   "\"support@shop.example\",\"language\":\"en\",\"currency\":\"EUR\"}\n");
}

static int setup_demo(void **state)
{
	struct err e;
	fixture_setup_empty(state);
	struct fixture *f = *state;
	struct demo_run run = {.arena = f->arena, .more = 1};
	fixture_do(f, make_shop);
	while (run.more > 0) {
		if (store_run(f->store, STORE_DEFERRED, make_some, &run, &e) < 0)
			fail_msg("%s", e.text);
		arena_clear(f->arena);
	}
	return 0;
}

int run_search_tests(void)
{
	const struct CMUnitTest by_hand[] = {
		cmocka_unit_test(test_PX_04_CP_01_to_CP_10_MC_02_MC_03_CS_01_every_criterion),
		cmocka_unit_test(test_PX_04_refused_searches),
		cmocka_unit_test(test_PX_07_pages_and_orders),
		cmocka_unit_test(test_PX_04_what_is_gone_is_not_found),
	};
	const struct CMUnitTest random[] = {
		cmocka_unit_test(test_PX_04_random_criteria_find_what_a_scan_finds),
	};
	return cmocka_run_group_tests_name("search", by_hand, fixture_setup, fixture_teardown) +
	       cmocka_run_group_tests_name("search-random", random, setup_demo, fixture_teardown);
}
