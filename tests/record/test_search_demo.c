/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "groups.h"
#include "record/customer.h"
#include "record/demo.h"
#include "record/import.h"
#include "record/item.h"
#include "record/order.h"
#include "record/search.h"
#include "record/shipment.h"
#include "record/verify.h"

#define CUSTOMERS 240
#define ROUNDS 1500
#define ITEMS 240 /* of a demonstration shop */

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
	*search = (struct search){.limit = throw(w, 2) ? SEARCH_LIMIT_MAX : 1 + throw(w, 20),
				  .descending = throw(w, 2)};
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
	/* RECORD.md 3.32 */
	assert_int_equal(found->n, n < search->limit ? n : search->limit);
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

RECORD_TEST(test_PX_04_invariant_32_random_criteria_find_what_a_scan_finds)
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

/* ---- the demonstration shop ---- */

static void put_finding(void *ctx, const char *finding)
{
	(void)ctx;
	print_message("%s\n", finding);
}

static void test_a_demonstration_shop_is_sound(void **state)
{
	struct fixture *f = *state;
	struct err e;
	assert_int_equal(record_verify(f->store, put_finding, NULL, &e), 1);
}

static int put_object(void *ctx, const struct json *object, struct err *e)
{
	struct buf *out = ctx;
	(void)e;
	json_put(out, object);
	buf_putc(out, '\n');
	return 1;
}

static int export_all(struct txn *txn, void *ctx, struct err *e)
{
	struct record_place place = {.table = 0};
	return record_export(txn, &place, put_object, ctx, e);
}

static void export_to(struct fixture *f, struct buf *out)
{
	struct err e;
	buf_init(out, 64u << 20);
	if (store_run(f->store, STORE_SCAN, export_all, out, &e) < 0)
		fail_msg("%s", e.text);
	assert_false(buf_failed(out));
}

static void test_the_same_seed_makes_the_same_shop(void **state)
{
	void *other = NULL;
	struct buf one, again;
	export_to(*state, &one);
	setup_demo(&other);
	export_to(other, &again);
	fixture_teardown(&other);
	assert_true(one.len > 100000);
	assert_true(slice_eq(buf_slice(&one), buf_slice(&again)));
	buf_release(&one);
	buf_release(&again);
}

/* Each line's reservation and shipment is in the counters of its item. */
RECORD_TEST(test_the_stock_of_a_demonstration_shop_adds_up)
{
	static const char *const kinds[] = {"TEA", "POT", "CUP", "TIN", "BOX",
					    "JAM", "COF", "SPN", "CAN", "MAT"};
	int64_t reserved = 0, in_items = 0;
	struct world *w = ARENA_NEW(ch->arena, struct world);
	w->ch = ch;
	load_world(w);
	for (size_t i = 0; i < CUSTOMERS; i++)
		for (size_t k = 0; k < w->orders[i].n; k++)
			for (size_t l = 0; l < w->orders[i].items[k]->n_lines; l++)
				reserved += w->orders[i].items[k]->lines[l]->reserved;
	for (unsigned i = 0; i < ITEMS; i++) {
		Rec__Item *item;
		struct err e;
		char *sku = arena_printf(ch->arena, "%s-%03u", kinds[i % 10], i);
		if (item_load(ch->txn, ch->arena, slice_str(sku), &item, &e) <= 0)
			fail_msg("%s", sku);
		in_items += item->reserved;
	}
	assert_true(reserved > 0);
	assert_int_equal(reserved, in_items);
}

RECORD_TEST(test_a_demonstration_shop_needs_a_new_desk)
{
	static const struct {
		struct demo demo;
		const char *words;
	} wrong[] = {
		{{.customers = 10, .orders = 1}, "has customers already"},
		{{.customers = 0, .orders = 1}, "1 to 10000000 customers"},
		{{.customers = 1, .orders = 61}, "0 to 60 orders"},
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		uint64_t next = 0;
		struct err e;
		assert_int_equal(demo_make(ch, &wrong[i].demo, &next, &e), -1);
		fixture_error(&e, ERR_INPUT, wrong[i].words);
	}
}

int run_search_demo_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_demonstration_shop_is_sound),
		cmocka_unit_test(test_the_same_seed_makes_the_same_shop),
		cmocka_unit_test(test_the_stock_of_a_demonstration_shop_adds_up),
		cmocka_unit_test(test_a_demonstration_shop_needs_a_new_desk),
		cmocka_unit_test(test_PX_04_invariant_32_random_criteria_find_what_a_scan_finds),
	};

	return cmocka_run_group_tests_name("search-demo", tests, setup_demo, fixture_teardown);
}
