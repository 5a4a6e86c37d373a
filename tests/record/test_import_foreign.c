/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "groups.h"
#include "record/customer.h"
#include "record/import.h"
#include "record/import_reader.h"
#include "record/item.h"
#include "record/item_stock.h"
#include "record/order_step.h"
#include "record/shop_table.h"

#define STATE(name) REC__LINE_STATE__LINE_STATE_##name

/* What came of a file. */
struct counts {
	struct change *ch;
	size_t created, updated, unchanged, errors;
	struct buf told;
};

static int take(void *ctx, const struct import_item *item, struct err *e)
{
	struct counts *counts = ctx;
	struct import_outcome outcome = {.remark = {NULL, 0}};
	struct change import;
	struct err failed = {ERR_NONE, ""};
	(void)e;
	change_init(&import, counts->ch->txn, counts->ch->arena, counts->ch->now);
	import.actor = SLICE("import");
	if (!item->object || record_import(&import, item->object, &outcome, &failed) < 0) {
		counts->errors += item->object || item->error.len;
		buf_printf(&counts->told, "%llu: %.*s%s\n", (unsigned long long)item->line,
			   SLICE_ARG(item->error), failed.text);
		return 1;
	}
	counts->created += outcome.result == IMPORT_CREATED;
	counts->updated += outcome.result == IMPORT_UPDATED;
	counts->unchanged += outcome.result == IMPORT_UNCHANGED;
	if (outcome.remark.len)
		buf_printf(&counts->told, "%.*s\n", SLICE_ARG(outcome.remark));
	return 1;
}

static struct counts read_file(struct change *ch, struct slice text)
{
	struct counts counts = {.ch = ch};
	struct import_options options = {.emit = take, .ctx = &counts};
	struct import_reader *reader = import_reader_open(&options);
	struct err e;
	buf_init(&counts.told, 1 << 16);
	if (import_reader_feed(reader, text, &e) < 0 || import_reader_end(reader, &e) < 0) {
		counts.errors++;
		buf_printf(&counts.told, "%s\n", e.text);
	}
	import_reader_close(&reader);
	return counts;
}

/* "created updated unchanged errors", and words of what was told. */
static void expect(struct change *ch, const char *text, const char *wanted, const char *words)
{
	struct counts counts = read_file(ch, slice_str(text));
	char got[80];
	snprintf(got, sizeof(got), "%zu %zu %zu %zu", counts.created, counts.updated,
		 counts.unchanged, counts.errors);
	if (strcmp(got, wanted) != 0 || !strstr(buf_str(&counts.told), words))
		fail_msg("%s, wanted %s with \"%s\": %s", got, wanted, words,
			 buf_str(&counts.told));
	buf_release(&counts.told);
}

static void tables(struct change *ch)
{
	struct err e;
	if (shop_table_defaults(ch, &e) < 0)
		fail_msg("%s", e.text);
}

static Rec__Order *order(struct change *ch, const char *number)
{
	Rec__Order *order;
	struct err e;
	if (order_find_number(ch->txn, ch->arena, slice_str(number), &order, &e) != 1)
		fail_msg("no order %s", number);
	return order;
}

static Rec__Customer *customer(struct change *ch, const char *address)
{
	Rec__Customer *customer;
	struct err e;
	if (customer_find_address(ch->txn, ch->arena, slice_str(address), &customer, &e) != 1)
		fail_msg("no customer %s", address);
	return customer;
}

#define HEAD                                                                                       \
	"Name,Email,Financial Status,Currency,Subtotal,Total,Created at,Lineitem quantity,"        \
	"Lineitem name,Lineitem price,Lineitem sku,Payment Method,Cancelled at,Billing Name,"      \
	"Billing Country,Lineitem fulfillment status\n"

static const char unpaid[] =
	HEAD "#1,eve@example.org,pending,EUR,20.00,20.00,2024-05-01 09:58:12 +0000,2,Cup,10.00,"
	     "CUP-1,Bank Deposit,,Eve Example,NL,\n";
static const char paid[] =
	HEAD "#1,eve@example.org,paid,EUR,20.00,20.00,2024-05-01 09:58:12 +0000,2,Cup,10.00,CUP-1,"
	     "Bank Deposit,,Eve Example,NL,\n";
static const char cancelled[] =
	HEAD "#1,eve@example.org,voided,EUR,20.00,20.00,2024-05-01 09:58:12 +0000,2,Cup,10.00,"
	     "CUP-1,Bank Deposit,2024-05-02,Eve Example,NL,\n";
static const char sent[] =
	HEAD "#1,eve@example.org,paid,EUR,20.00,20.00,2024-05-01 09:58:12 +0000,2,Cup,10.00,CUP-1,"
	     "Bank Deposit,,Eve Example,NL,fulfilled\n";

RECORD_TEST(test_ST_19_an_imported_order_has_its_payment_types_status)
{
	tables(ch);
	expect(ch, unpaid, "1 0 0 0", "");
	assert_int_equal(order(ch, "1")->lines[0]->state, STATE(HAL));
	assert_string_equal(order(ch, "1")->hold_reason,
			    "orders paid by bank wait for their payment");
	assert_int_equal(order(ch, "1")->lines[0]->unit_price, 1000);
	assert_string_equal(order(ch, "1")->payment_type, "bank");
	expect(ch, unpaid, "0 0 1 0", "");
}

RECORD_TEST(test_ST_19_a_paid_order_need_not_wait)
{
	tables(ch);
	expect(ch, paid, "1 0 0 0", "");
	assert_int_equal(order(ch, "1")->lines[0]->state, STATE(ANG));
}

RECORD_TEST(test_ST_19_lines_of_ours_without_a_state)
{
	tables(ch);
	fixture_import(ch,
		       "{\"type\":\"order\",\"customer\":\"C10003\",\"payment_type\":\"invoice\","
		       "\"external_ids\":[{\"channel\":\"w\",\"value\":\"X1\"}],"
		       "\"lines\":[{\"sku\":\"CUP-1\",\"quantity\":1}]}\n"
		       "{\"type\":\"order\",\"customer\":\"C10003\",\"payment_type\":\"bank\","
		       "\"external_ids\":[{\"channel\":\"w\",\"value\":\"X2\"}],"
		       "\"lines\":[{\"sku\":\"CUP-1\",\"quantity\":1}]}");
	assert_int_equal(order(ch, "X1")->lines[0]->state, STATE(ANG));
	assert_int_equal(order(ch, "X2")->lines[0]->state, STATE(HAL));
}

RECORD_TEST(test_import_releases_what_is_paid_by_now)
{
	tables(ch);
	expect(ch, unpaid, "1 0 0 0", "");
	expect(ch, paid, "0 1 0 0", "");
	assert_int_equal(order(ch, "1")->lines[0]->state, STATE(ANG));
	expect(ch, paid, "0 0 1 0", "");
}

RECORD_TEST(test_import_leaves_what_an_agent_held)
{
	struct err e;
	tables(ch);
	expect(ch, paid, "1 0 0 0", "");
	assert_int_equal(order_hold(ch, order(ch, "1")->id, SLICE("asked to wait"), &e), 1);
	expect(ch, paid, "0 0 1 0", "");
	assert_int_equal(order(ch, "1")->lines[0]->state, STATE(HAL));
}

RECORD_TEST(test_import_cancels_what_was_cancelled)
{
	tables(ch);
	expect(ch, paid, "1 0 0 0", "");
	expect(ch, cancelled, "0 1 0 0", "");
	assert_int_equal(order(ch, "1")->lines[0]->state, STATE(STO));
	expect(ch, cancelled, "0 0 1 0", "");
	expect(ch, paid, "0 0 1 0", "");
	assert_int_equal(order(ch, "1")->lines[0]->state, STATE(STO));
}

RECORD_TEST(test_import_of_what_is_over_elsewhere)
{
	tables(ch);
	expect(ch, sent, "1 0 0 0", "");
	assert_int_equal(order(ch, "1")->lines[0]->state, STATE(AUS));
	assert_int_equal(order_status(order(ch, "1")), ORDER_CLOSED);
}

RECORD_TEST(test_import_tells_what_was_sent_elsewhere)
{
	tables(ch);
	expect(ch, paid, "1 0 0 0", "");
	expect(ch, sent, "0 0 1 0", "it was sent from the shop, but not here");
	assert_int_equal(order(ch, "1")->lines[0]->state, STATE(ANG));
}

RECORD_TEST(test_import_tells_of_other_lines)
{
	tables(ch);
	expect(ch, paid, "1 0 0 0", "");
	expect(ch,
	       HEAD "#1,eve@example.org,paid,EUR,30.00,30.00,2024-05-01,3,Cup,10.00,CUP-1,Bank "
		    "Deposit,,Eve,NL,\n",
	       "0 0 1 0", "has 2 pieces, the file 3");
	assert_int_equal(order(ch, "1")->lines[0]->quantity, 2);
}

RECORD_TEST(test_MC_01_CP_18_a_channels_customer_pays_first)
{
	tables(ch);
	expect(ch, paid, "1 0 0 0", "");
	Rec__Customer *eve = customer(ch, "eve@example.org");
	assert_string_equal(eve->name, "Eve Example");
	assert_string_equal(eve->terms, "PREPAY");
	assert_string_equal(eve->channel, "shopify");
	assert_string_equal(eve->currency, "EUR");
	assert_string_equal(order(ch, "1")->terms, "PREPAY");
	assert_int_equal(order(ch, "1")->customer, eve->id);
	/* A second order is the same customer's, and takes nothing back that was put right. */
	fixture_import(ch, arena_printf(ch->arena,
					"{\"type\":\"customer\",\"id\":%llu,\"name\":\"Eva\"}",
					(unsigned long long)eve->id));
	expect(ch,
	       HEAD "#2,EVE@example.org,paid,EUR,10.00,10.00,2024-05-01,1,Cup,10.00,CUP-1,Bank "
		    "Deposit,,Eve Example,NL,\n",
	       "1 0 0 0", "");
	assert_int_equal(order(ch, "2")->customer, eve->id);
	assert_string_equal(customer(ch, "eve@example.org")->name, "Eva");
}

RECORD_TEST(test_PX_18_a_locked_customers_paid_order_waits)
{
	tables(ch);
	expect(ch,
	       HEAD "#3,lo@example.org,paid,EUR,10.00,10.00,2024-05-01,1,Cup,10.00,CUP-1,Bank "
		    "Deposit,,Lo,NL,\n",
	       "1 0 0 0", "");
	assert_int_equal(order(ch, "3")->lines[0]->state, STATE(HAL));
	assert_int_equal(order(ch, "3")->customer, 10002);
}

RECORD_TEST(test_import_tells_of_an_unknown_payment_type)
{
	tables(ch);
	expect(ch,
	       HEAD "#4,,pending,EUR,10.00,10.00,2024-05-01,1,Cup,10.00,CUP-1,Gift Voucher!,,Lo,"
		    "NL,\n",
	       "1 0 0 0", "there is no payment type \"gift-voucher\"");
	fixture_import(ch, "{\"type\":\"order\",\"customer\":\"C10003\",\"payment_type\":\"odd\","
			   "\"lines\":[{\"sku\":\"A\",\"quantity\":1}]}");
}

/* ---- WooCommerce ---- */

#define WOO_ORDER(status, extra)                                                                   \
	"{\"id\":7,\"number\":\"7\",\"status\":\"" status                                          \
	"\",\"currency\":\"EUR\",\"date_created_gmt\":\"2024-05-01T09:58:12\","                    \
	"\"prices_include_tax\":true,\"customer_id\":55,\"total\":\"23.80\","                      \
	"\"shipping_total\":\"0.00\",\"shipping_tax\":\"0.00\",\"payment_method\":\"bacs\","       \
	"\"billing\":{\"first_name\":\"Eve\",\"last_name\":\"Example\",\"country\":\"DE\","        \
	"\"email\":\"eve@example.org\"},\"shipping\":{},\"line_items\":[{\"name\":\"Cup\","        \
	"\"sku\":\"CUP-1\",\"quantity\":2,\"subtotal\":\"25.00\",\"subtotal_tax\":\"4.75\","       \
	"\"total\":\"20.00\",\"total_tax\":\"3.80\",\"taxes\":[{\"id\":1,\"total\":\"3.80\"}]}],"  \
	"\"tax_lines\":[{\"rate_id\":1,\"rate_percent\":19}]" extra "}"

RECORD_TEST(test_import_woocommerce_orders)
{
	tables(ch);
	expect(ch, WOO_ORDER("on-hold", ""), "1 0 0 0", "");
	const Rec__Order *seven = order(ch, "7");
	assert_int_equal(seven->lines[0]->state, STATE(HAL));
	assert_int_equal(seven->lines[0]->vat_rate, 190000);
	assert_int_equal(seven->lines[0]->quantity * seven->lines[0]->unit_price -
				 seven->lines[0]->discount,
			 2380);
	assert_int_equal(seven->lines[0]->discount, 596);
	expect(ch, WOO_ORDER("processing", ""), "0 1 0 0", "");
	assert_int_equal(order(ch, "7")->lines[0]->state, STATE(ANG));
	expect(ch,
	       WOO_ORDER("processing", ",\"refunds\":[{\"id\":9,\"reason\":\"late\",\"total\":"
				       "\"-5.00\"}]"),
	       "0 1 0 0", "");
	assert_string_equal(order(ch, "7")->comments[0]->text,
			    "Refunded in the shop: 5.00 late (refund 9)");
	/* The refund itself says the same again. */
	expect(ch,
	       "{\"id\":9,\"parent_id\":7,\"amount\":\"5.00\",\"reason\":\"late\","
	       "\"date_created_gmt\":\"2024-05-01T09:58:12\",\"refunded_by\":1}",
	       "0 0 1 0", "");
	expect(ch,
	       "{\"id\":9,\"parent_id\":8,\"amount\":\"5.00\",\"reason\":\"late\","
	       "\"date_created_gmt\":\"2024-05-01T09:58:12\",\"refunded_by\":1}",
	       "0 0 0 1", "the refund is of order 8 of woocommerce, which is not here");
	expect(ch, WOO_ORDER("cancelled", ""), "0 1 0 0", "");
	assert_int_equal(order(ch, "7")->lines[0]->state, STATE(STO));
}

RECORD_TEST(test_import_woocommerce_products)
{
	static const char product[] =
		"{\"id\":3,\"name\":\"Mug\",\"sku\":\"MUG\",\"price\":\"%s\",\"tax_class\":"
		"\"reduced-rate\",\"status\":\"publish\",\"stock_quantity\":%d,"
		"\"date_created_gmt\":null}";
	struct err e;
	Rec__Item *mug;
	char text[300];
	tables(ch);
	snprintf(text, sizeof(text), product, "12.50", 7);
	expect(ch, text, "1 0 0 0", "");
	assert_int_equal(item_load(ch->txn, ch->arena, SLICE("MUG"), &mug, &e), 1);
	assert_int_equal(mug->price, 1250);
	assert_int_equal(mug->on_hand, 7);
	assert_int_equal(mug->received, 7);
	assert_string_equal(mug->vat_class, "reduced");
	assert_string_equal(mug->currency, "EUR");
	expect(ch, text, "0 0 1 0", "");
	/* The price is the web shop's, the stock is ours. */
	snprintf(text, sizeof(text), product, "13.00", 99);
	expect(ch, text, "0 1 0 0", "");
	assert_int_equal(item_load(ch->txn, ch->arena, SLICE("MUG"), &mug, &e), 1);
	assert_int_equal(mug->price, 1300);
	assert_int_equal(mug->on_hand, 7);
}

RECORD_TEST(test_import_of_several_rates_takes_the_items)
{
	tables(ch);
	fixture_import(ch, "{\"type\":\"item\",\"sku\":\"BOOK\",\"name\":\"Book\",\"vat_category\":"
			   "\"S\",\"vat_rate\":90000}");
	expect(ch,
	       "Name,Financial Status,Currency,Subtotal,Taxes,Total,Created at,Lineitem quantity,"
	       "Lineitem name,Lineitem price,Lineitem sku,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 "
	       "Value\n#9,paid,EUR,121.00,11.00,121.00,2024-05-01,1,Cup,12.00,CUP-1,VAT 21%,2.00,"
	       "VAT 9%,9.00\n#9,,,,,,,1,Book,109.00,BOOK,,,,\n",
	       "1 0 0 0", "the items' own rates are taken");
	assert_int_equal(order(ch, "9")->lines[0]->vat_rate, 210000);
	assert_int_equal(order(ch, "9")->lines[1]->vat_rate, 90000);
}

/* ---- public files ---- */

static struct slice slurp(struct change *ch, const char *name)
{
	const char *data = getenv("POSTCLERK_DATA");
	char *path = arena_printf(ch->arena, "%s/import/%s", data, name);
	FILE *file = fopen(path, "r");
	char *bytes = arena_alloc(ch->arena, 1 << 20);
	if (!file)
		fail_msg("%s is not there", path);
	size_t n = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return slice_of(bytes, n);
}

/* One after the other into one record; and each twice, which changes nothing. */
static const struct {
	const char *name, *counts;
} public_files[] = {
	{"woo/_customers-0.json", "1 0 0 0"},	  {"woo/_customers-1.json", "0 0 1 0"},
	{"woo/_customers-2.json", "1 0 1 0"},	  {"woo/_customers-3.json", "0 0 1 0"},
	{"woo/_customers-4.json", "0 0 1 0"},	  {"woo/_customers-5.json", "2 0 1 0"},
	{"woo/_customers-6.json", "0 0 0 1"},	  {"woo/_products-0.json", "1 0 0 0"},
	{"woo/_products-1.json", "1 0 0 0"},	  {"woo/_products-2.json", "0 0 1 0"},
	{"woo/_products-3.json", "0 0 2 0"},	  {"woo/_products-4.json", "0 1 0 0"},
	{"woo/_products-5.json", "0 0 1 0"},	  {"woo/_products-6.json", "2 0 1 0"},
	{"woo/_orders-0.json", "1 0 0 0"},	  {"woo/_orders-1.json", "0 0 1 0"},
	{"woo/_orders-2.json", "1 0 1 0"},	  {"woo/_orders-3.json", "0 0 1 0"},
	{"woo/_orders-4.json", "0 0 1 0"},	  {"woo/_orders-5.json", "2 0 1 0"},
	{"woo/_order-refunds-0.json", "0 0 1 0"}, {"woo/_order-refunds-1.json", "0 0 1 0"},
	{"woo/_order-refunds-2.json", "0 0 2 0"}, {"woo/_order-refunds-3.json", "0 0 1 0"},
	{"woo/_taxes-0.json", "0 0 0 1"},	  {"woo/_taxes-2.json", "0 0 0 10"},
	{"shopify_customer.json", "1 0 0 0"},	  {"shopify_order.json", "1 0 0 0"},
	{"shopify_orders.json", "0 0 0 1"},	  {"shopify_refund.json", "0 1 0 0"},
	{"shopify_draft_order.json", "0 0 0 1"},  {"shopify_fulfillment.json", "0 0 0 1"},
	{"shopify_transactions.json", "0 0 0 1"},
};

static void count(const struct counts *counts, char *text, size_t size)
{
	snprintf(text, size, "%zu %zu %zu %zu", counts->created, counts->updated, counts->unchanged,
		 counts->errors);
}

static void import_public(struct change *ch)
{
	tables(ch);
	for (size_t i = 0; i < sizeof(public_files) / sizeof(public_files[0]); i++) {
		struct slice text = slurp(ch, public_files[i].name);
		struct counts first = read_file(ch, text), again = read_file(ch, text);
		char got[80];
		count(&first, got, sizeof(got));
		if (strcmp(got, public_files[i].counts) != 0 || again.created || again.updated ||
		    again.errors != first.errors)
			fail_msg("%s: %s: %s", public_files[i].name, got, buf_str(&first.told));
		buf_release(&first.told);
		buf_release(&again.told);
	}
}

static void test_import_public_files(void **state)
{
	if (!getenv("POSTCLERK_DATA"))
		skip();
	fixture_try(state, import_public);
}

int run_import_foreign_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ST_19_an_imported_order_has_its_payment_types_status),
		cmocka_unit_test(test_ST_19_a_paid_order_need_not_wait),
		cmocka_unit_test(test_ST_19_lines_of_ours_without_a_state),
		cmocka_unit_test(test_import_releases_what_is_paid_by_now),
		cmocka_unit_test(test_import_leaves_what_an_agent_held),
		cmocka_unit_test(test_import_cancels_what_was_cancelled),
		cmocka_unit_test(test_import_of_what_is_over_elsewhere),
		cmocka_unit_test(test_import_tells_what_was_sent_elsewhere),
		cmocka_unit_test(test_import_tells_of_other_lines),
		cmocka_unit_test(test_MC_01_CP_18_a_channels_customer_pays_first),
		cmocka_unit_test(test_PX_18_a_locked_customers_paid_order_waits),
		cmocka_unit_test(test_import_tells_of_an_unknown_payment_type),
		cmocka_unit_test(test_import_woocommerce_orders),
		cmocka_unit_test(test_import_woocommerce_products),
		cmocka_unit_test(test_import_of_several_rates_takes_the_items),
		cmocka_unit_test(test_import_public_files),
	};
	return cmocka_run_group_tests_name("import foreign", tests, fixture_setup,
					   fixture_teardown);
}
