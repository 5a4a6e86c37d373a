/* SPDX-License-Identifier: ISC */
#include "groups.h"
#include "record/customer.h"
#include "record/customer_edit.h"
#include "record/customer_stats.h"
#include "record/history.h"
#include "record/shop_table.h"

/* ---- fields by name ---- */

/* A shop has terms and channels; who prices by a list has one more channel. */
static void add_tables(struct change *ch)
{
	struct err e;
	ProtobufCMessage *row;
	if (shop_table_defaults(ch, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(shop_row_new(ch->arena, SHOP_TABLE_CHANNEL, SLICE("web"), &row, &e), 1);
	assert_int_equal(shop_row_save(ch, row, &e), 1);
}

static int set(struct change *ch, Rec__Customer *customer, const char *name, const char *value,
	       struct err *e)
{
	const struct slice values[] = {slice_str(value)};
	const struct customer_setting setting = {slice_str(name), values, 1};
	return customer_set(ch->txn, ch->arena, customer, &setting, e);
}

static const char *json_of(struct change *ch, const Rec__Customer *customer)
{
	struct buf out;
	buf_init(&out, 1 << 16);
	json_put(&out, schema_to_json(ch->arena, &customer->base));
	char *text = arena_str(ch->arena, buf_slice(&out));
	buf_release(&out);
	return text;
}

/* The words must be in the customer as JSON; with '-' before them they must not. */
static const struct {
	const char *label, *name, *value, *words;
} settings[] = {
	{"PX-08 name", "name", "  Jo de Vries ", "\"name\":\"Jo de Vries\""},
	{"PX-08 name in any case", "NAME", "Jo", "\"name\":\"Jo\""},
	{"CP-10 company", "company", "Acme BV", "\"company\":\"Acme BV\""},
	{"CP-10 trading name", "trading", "Acme Shop", "\"trading_name\":\"Acme Shop\""},
	{"PX-08 clearing", "phone", "", "-\"phone\""},
	{"PX-08 phone", "phone", "+31 6 12345678", "\"phone\":\"+31 6 12345678\""},
	{"CP-13 type", "type", "Agent", "\"kind\":\"agent\""},
	{"CP-13 type retailer", "type", "retailer", "\"kind\":\"retailer\""},
	{"CP-13 parent", "parent", "c10002", "\"parent\":\"C10002\""},
	{"CP-13 no parent", "parent", "", "-\"parent\""},
	{"MC-02 group", "group", "vip", "\"group\":\"vip\""},
	{"CP-11 channel", "channel", "WEB", "\"channel\":\"web\""},
	{"CP-16 terms", "terms", "prepay", "\"terms\":\"PREPAY\""},
	{"CP-17 terms of the table", "terms", "30d", "\"terms\":\"30d\""},
	{"CP-14 bank", "bank", "NL-main", "\"bank\":\"NL-main\""},
	{"CP-15 accounts id", "accounts_id", "D-100", "\"accounts_id\":\"D-100\""},
	{"CP-20 credit limit", "credit_limit", "500.00", "\"credit_limit\":50000"},
	{"PX-08 no limit", "credit_limit", "", "-\"credit_limit\""},
	{"CP-03 one address", "email", "new@example.org", "\"emails\":[\"new@example.org\"]"},
	{"CP-03 two addresses", "email", "a@example.org, b@example.org",
	 "\"emails\":[\"a@example.org\",\"b@example.org\"]"},
	{"CP-03 no address", "email", "", "-\"emails\""},
	{"language", "language", "pt-BR", "\"language\":\"pt-BR\""},
	{"currency", "currency", "usd", "\"currency\":\"USD\""},
	{"VAT id with spaces", "vat_id", "nl 1234.56.789 b01", "\"vat_id\":\"NL123456789B01\""},
	{"VAT id of Germany", "vat_id", "DE123456789", "\"vat_id\":\"DE123456789\""},
	{"VAT id outside of the EU", "vat_id", "GB123456789", "\"vat_id\":\"GB123456789\""},
	{"CP-07 eBay user", "ebay", "jo-shops", "{\"channel\":\"ebay\",\"value\":\"jo-shops\"}"},
	{"CP-09 another Amazon id", "amazon", "A-2", "-\"A-1\""},
	{"CP-09 no Amazon id", "amazon", "", "-\"external_ids\""},
	{"external id", "external", "web:77", "{\"channel\":\"web\",\"value\":\"77\"}"},
	{"external id cleared", "external", "amazon:", "-\"external_ids\""},
	{"MC-20 kept", "obfuscate", "no", "\"keep_identity\":true"},
	{"MC-20 not kept", "obfuscate", "yes", "-\"keep_identity\""},
};

RECORD_TEST(test_PX_08_fields_are_set_by_name)
{
	add_tables(ch);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		Rec__Customer *customer;
		struct err e;
		bool absent = settings[i].words[0] == '-';
		customer_load(ch->txn, ch->arena, 10001, &customer, &e);
		customer->currency = arena_str(ch->arena, SLICE("EUR"));
		if (set(ch, customer, settings[i].name, settings[i].value, &e) < 0)
			fail_msg("%s: %s", settings[i].label, e.text);
		const char *json = json_of(ch, customer);
		if (!strstr(json, settings[i].words + absent) != absent)
			fail_msg("%s: %s", settings[i].label, json);
	}
}

static const struct {
	const char *label, *name, *value, *words;
} refused[] = {
	{"PX-08 no such field", "colour", "red", "a customer has no field \"colour\""},
	{"CP-12 two channels", "channel", "web,manual", "one sales channel, not several"},
	{"CP-12 no such channel", "channel", "wbe", "did you mean"},
	{"CP-17 no such terms", "terms", "90d", "terms"},
	{"CP-13 no such type", "type", "wholesale", "public, retailer or agent"},
	{"CP-13 parent is no id", "parent", "Jo", "write an id such as C10001"},
	{"CP-13 parent is an order", "parent", "O10001", "write an id such as C10001"},
	{"CP-13 no such parent", "parent", "C99999", "there is no customer C99999"},
	{"credit limit with a comma", "credit_limit", "5,00", "5.00"},
	{"negative credit limit", "credit_limit", "-5.00", "must not be negative"},
	{"phone without digits", "phone", "call me", "is no phone number"},
	{"language", "language", "English please", "is no language"},
	{"currency", "currency", "EURO", "no ISO 4217 currency"},
	{"VAT id too short", "vat_id", "NL1", "is no VAT id"},
	{"VAT id of another form", "vat_id", "NL123456789", "is no VAT id"},
	{"VAT id of no country", "vat_id", "QQ123456789", "is no VAT id"},
	{"VAT id with signs", "vat_id", "DE12345678?", "is no VAT id"},
	{"checked without an id", "vat_checked", "yes", "there is no VAT id"},
	{"checked perhaps", "vat_checked", "maybe", "must be yes or no"},
	{"external without a channel", "external", "77", "write channel:value"},
	{"MC-20 obfuscate", "obfuscate", "later", "must be yes or no"},
	{"too long", "name",
	 "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
	 "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
	 "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
	 "0123456789012345678901234567890123456789",
	 "longer than 300 bytes"},
};

RECORD_TEST(test_PX_08_CP_12_CP_17_wrong_values_are_refused)
{
	add_tables(ch);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		Rec__Customer *customer;
		struct err e = {.class = ERR_NONE};
		customer_load(ch->txn, ch->arena, 10001, &customer, &e);
		customer->currency = arena_str(ch->arena, SLICE("EUR"));
		if (set(ch, customer, refused[i].name, refused[i].value, &e) != -1)
			fail_msg("%s was not refused", refused[i].label);
		fixture_error(&e, ERR_INPUT, refused[i].words);
	}
}

RECORD_TEST(test_PX_08_a_limit_needs_a_currency)
{
	Rec__Customer *customer;
	struct err e;
	customer_load(ch->txn, ch->arena, 10001, &customer, &e);
	customer->currency = arena_str(ch->arena, SLICE(""));
	assert_int_equal(set(ch, customer, "credit_limit", "5.00", &e), -1);
	fixture_error(&e, ERR_INPUT, "needs the customer's currency=");
}

/* Whoever checked a VAT id checked that one. */
RECORD_TEST(test_another_vat_id_is_not_checked_any_more)
{
	Rec__Customer *customer;
	struct err e;
	customer_load(ch->txn, ch->arena, 10001, &customer, &e);
	assert_int_equal(set(ch, customer, "vat_id", "DE123456789", &e), 1);
	assert_int_equal(set(ch, customer, "vat_checked", "yes", &e), 1);
	assert_int_equal(set(ch, customer, "vat_id", "DE 123456789", &e), 1);
	assert_true(customer->vat_id_checked);
	assert_int_equal(set(ch, customer, "vat_id", "DE987654321", &e), 1);
	assert_false(customer->vat_id_checked);
}

/* ---- what must hold of every customer ---- */

static void save_ok(struct change *ch, Rec__Customer *customer)
{
	struct err e;
	if (customer_save(ch, customer, "set", SLICE(""), &e) < 0)
		fail_msg("%s", e.text);
}

static Rec__Customer *load(struct change *ch, uint64_t id)
{
	Rec__Customer *customer;
	assert_int_equal(customer_load(ch->txn, ch->arena, id, &customer, NULL), 1);
	return customer;
}

static void refuse_save(struct change *ch, Rec__Customer *customer, const char *words)
{
	struct err e = {.class = ERR_NONE};
	assert_int_equal(customer_save(ch, customer, "set", SLICE(""), &e), -1);
	fixture_error(&e, ERR_INPUT, words);
}

RECORD_TEST(test_CP_15_accounts_id_is_one_customers)
{
	Rec__Customer *jo = load(ch, 10001), *lo = load(ch, 10002);
	jo->accounts_id = arena_str(ch->arena, SLICE("D-100"));
	save_ok(ch, jo);
	lo->accounts_id = arena_str(ch->arena, SLICE("d-100"));
	refuse_save(ch, lo, "is that of C10001 already");
	lo->accounts_id = arena_str(ch->arena, SLICE("D-101"));
	save_ok(ch, lo);
}

RECORD_TEST(test_CP_13_parents_are_agents_and_in_no_circle)
{
	Rec__Customer *jo = load(ch, 10001), *lo = load(ch, 10002), *no = load(ch, 10003);
	struct customer_list children;
	struct err e;
	lo->parent = 10001;
	refuse_save(ch, lo, "C10001 is not of type agent: #set C10001 type=agent first");
	jo->kind = lo->kind = REC__CUSTOMER_TYPE__CUSTOMER_TYPE_AGENT;
	save_ok(ch, jo);
	save_ok(ch, lo);
	no->parent = 10002;
	save_ok(ch, no);
	jo->parent = 10002;
	refuse_save(ch, jo, "C10001 would be its own parent, through C10002");
	jo->parent = 10001;
	refuse_save(ch, jo, "would be its own parent");
	jo->parent = 99999;
	refuse_save(ch, jo, "there is no customer C99999");
	jo->parent = 0;
	jo->kind = REC__CUSTOMER_TYPE__CUSTOMER_TYPE_PUBLIC;
	refuse_save(ch, jo, "C10001 has 1 sub-customer, so its type must be agent");
	assert_int_equal(customer_children(ch->txn, ch->arena, 10001, 10, &children, &e), 1);
	assert_int_equal(children.total, 1);
	assert_int_equal(children.items[0]->id, 10002);
}

/* ---- flags ---- */

static const struct {
	const char *label;
	enum customer_step step;
	const char *event, *from, *to;
	const char *again; /* what a second time says */
} flags[] = {
	{"PX-18 lock", CUSTOMER_LOCK, "customer.locked", "unlocked", "locked",
	 "C10001 is locked already"},
	{"PX-18 unlock", CUSTOMER_UNLOCK, "customer.unlocked", "locked", "unlocked",
	 "C10001 is unlocked already"},
	{"CS-21 blacklist", CUSTOMER_BLACKLIST, "customer.blacklisted", "not blacklisted",
	 "blacklisted", "C10001 is blacklisted already"},
	{"CS-21 unblacklist", CUSTOMER_UNBLACKLIST, "customer.unblacklisted", "blacklisted",
	 "not blacklisted", "C10001 is not blacklisted already"},
	{"MC-18 deactivate", CUSTOMER_DEACTIVATE, "customer.deactivated", "active", "inactive",
	 "C10001 is inactive already"},
	{"MC-18 activate", CUSTOMER_ACTIVATE, "customer.activated", "inactive", "active",
	 "C10001 is active already"},
};

RECORD_TEST(test_PX_18_MC_18_CS_21_flags_go_to_and_fro)
{
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		struct err e = {.class = ERR_NONE};
		change_events_cut(ch, 0);
		if (customer_step(ch, 10001, flags[i].step, SLICE("bills"), &e) != 1)
			fail_msg("%s: %s", flags[i].label, e.text);
		assert_string_equal(ch->events->name, flags[i].event);
		const Rec__History *row = fixture_history(ch, "C10001");
		assert_string_equal(row->from_state, flags[i].from);
		assert_string_equal(row->to_state, flags[i].to);
		assert_int_equal(customer_step(ch, 10001, flags[i].step, SLICE(""), &e), -1);
		fixture_error(&e, ERR_INPUT, flags[i].again);
	}
	const Rec__Customer *jo = load(ch, 10001);
	assert_false(customer_is_blocked(jo) || jo->inactive);
	assert_string_equal(jo->locked_reason, "");
}

RECORD_TEST(test_PX_18_the_reason_is_kept_and_sealed)
{
	struct err e;
	assert_int_equal(customer_step(ch, 10001, CUSTOMER_LOCK, SLICE("unpaid"), &e), 1);
	const Rec__Customer *jo = load(ch, 10001);
	assert_string_equal(jo->locked_reason, "unpaid");
	assert_true(customer_is_blocked(jo));
	const Rec__History *row = fixture_history(ch, "C10001");
	assert_true(row->sealed);
	assert_string_equal(row->reason, "");
	assert_int_equal(customer_step(ch, 10001, CUSTOMER_BLACKLIST, SLICE("fraud"), &e), 1);
	assert_int_equal(load(ch, 10001)->blacklisted_by, 1);
}

RECORD_TEST(test_MC_17_MC_18_customers_are_active_until_they_are_not)
{
	struct err e;
	Rec__Customer *jo = load(ch, 10001);
	assert_int_equal(customer_open_check(jo, &e), 1);
	assert_int_equal(customer_step(ch, 10001, CUSTOMER_DEACTIVATE, SLICE(""), &e), 1);
	assert_int_equal(customer_open_check(load(ch, 10001), &e), -1);
	fixture_error(&e, ERR_INPUT,
		      "C10001 is inactive, and nothing new is made for it: "
		      "#activate C10001 first");
	jo->merged_into = 10002;
	assert_int_equal(customer_open_check(jo, &e), -1);
	fixture_error(&e, ERR_INPUT, "C10001 was merged into C10002");
	assert_int_equal(customer_step_check(jo, CUSTOMER_LOCK, &e), -1);
	fixture_error(&e, ERR_INPUT, "C10001 was merged into C10002");
}

/* ---- notes ---- */

RECORD_TEST(test_CP_40_standing_notes_come_and_go)
{
	struct err e;
	assert_int_equal(customer_watch(ch, 10001, SLICE("Fragile only"), &e), 1);
	assert_string_equal(ch->events->name, "customer.watched");
	assert_int_equal(load(ch, 10001)->n_watch, 2);
	assert_int_equal(customer_unwatch(ch, 10001, 3, &e), -1);
	fixture_error(&e, ERR_INPUT, "C10001 has 2 standing notes");
	assert_int_equal(customer_unwatch(ch, 10001, 1, &e), 1);
	const Rec__Customer *jo = load(ch, 10001);
	assert_int_equal(jo->n_watch, 1);
	assert_string_equal(jo->watch[0]->text, "Fragile only");
	assert_int_equal(jo->watch[0]->agent, 1);
	assert_int_equal(customer_watch(ch, 10001, SLICE("  "), &e), -1);
	fixture_error(&e, ERR_INPUT, "the text is empty");
}

RECORD_TEST(test_CP_40_standing_notes_are_few)
{
	struct err e;
	for (int i = 1; i < CUSTOMER_WATCH_MAX; i++)
		assert_int_equal(customer_watch(ch, 10001, SLICE("one more"), &e), 1);
	assert_int_equal(customer_watch(ch, 10001, SLICE("too many"), &e), -1);
	fixture_error(&e, ERR_INPUT, "#unwatch C10001 1");
}

RECORD_TEST(test_CS_05_CS_06_a_call_is_noted_by_hand)
{
	struct err e;
	assert_int_equal(customer_call(ch, 10001, SLICE("wants tea"), &e), 1);
	assert_string_equal(load(ch, 10001)->notes[0]->text, "Called +31 20 1234567: wants tea");
	const Rec__History *row = fixture_history(ch, "C10001");
	assert_string_equal(row->event, "call");
	assert_true(row->manual);
	assert_int_equal(customer_call(ch, 10002, SLICE(""), &e), -1);
	fixture_error(&e, ERR_INPUT, "C10002 has no phone number");
}

/* ---- addresses ---- */

static const struct slice street[] = {{"Keizersgracht 1", 15}};
static const struct address_edit amsterdam = {.lines = street,
					      .n_lines = 1,
					      .postcode = {"1015 AA", 7},
					      .city = {"Amsterdam", 9},
					      .country = {"nl", 2}};

static size_t add(struct change *ch, Rec__AddressRole role)
{
	struct err e;
	size_t place;
	if (customer_address_add(ch, 10001, &amsterdam, role, &place, &e) < 0)
		fail_msg("%s", e.text);
	return place;
}

RECORD_TEST(test_CP_43_CP_47_the_first_address_has_every_role)
{
	assert_int_equal(add(ch, REC__ADDRESS_ROLE__ADDRESS_ROLE_NONE), 1);
	const Rec__Customer *jo = load(ch, 10001);
	assert_int_equal(jo->addresses[0]->n_roles, 3);
	assert_string_equal(jo->addresses[0]->country, "NL");
	assert_int_equal(add(ch, REC__ADDRESS_ROLE__ADDRESS_ROLE_NONE), 2);
	jo = load(ch, 10001);
	assert_int_equal(jo->addresses[0]->n_roles, 3);
	assert_int_equal(jo->addresses[1]->n_roles, 0);
}

RECORD_TEST(test_CP_44_CP_45_CP_46_each_role_has_one_address)
{
	struct err e;
	add(ch, REC__ADDRESS_ROLE__ADDRESS_ROLE_NONE);
	assert_int_equal(add(ch, REC__ADDRESS_ROLE__ADDRESS_ROLE_BILLING), 2);
	add(ch, REC__ADDRESS_ROLE__ADDRESS_ROLE_NONE);
	assert_int_equal(
		customer_address_role(ch, 10001, 3, REC__ADDRESS_ROLE__ADDRESS_ROLE_DELIVERY, &e),
		1);
	const Rec__Customer *jo = load(ch, 10001);
	const struct {
		Rec__AddressRole role;
		size_t place;
	} want[] = {{REC__ADDRESS_ROLE__ADDRESS_ROLE_ADMIN, 0},
		    {REC__ADDRESS_ROLE__ADDRESS_ROLE_BILLING, 1},
		    {REC__ADDRESS_ROLE__ADDRESS_ROLE_DELIVERY, 2}};
	for (size_t i = 0; i < 3; i++) {
		assert_ptr_equal(customer_address(jo, want[i].role), jo->addresses[want[i].place]);
		assert_int_equal(jo->addresses[i]->n_roles, 1);
	}
	/* The same again is no change. */
	assert_int_equal(
		customer_address_role(ch, 10001, 3, REC__ADDRESS_ROLE__ADDRESS_ROLE_DELIVERY, &e),
		0);
}

RECORD_TEST(test_CP_47_two_of_a_role_are_refused)
{
	Rec__Customer *jo;
	Rec__AddressRole role = REC__ADDRESS_ROLE__ADDRESS_ROLE_BILLING;
	add(ch, REC__ADDRESS_ROLE__ADDRESS_ROLE_NONE);
	add(ch, REC__ADDRESS_ROLE__ADDRESS_ROLE_NONE);
	jo = load(ch, 10001);
	jo->addresses[1]->roles = &role;
	jo->addresses[1]->n_roles = 1;
	refuse_save(ch, jo, "\"addresses\": two are the billing address");
}

RECORD_TEST(test_CP_43_addresses_are_changed_and_removed)
{
	struct err e;
	const struct address_edit town = {.city = SLICE("Utrecht"), .postcode = SLICE("")};
	assert_int_equal(customer_address_remove(ch, 10001, 1, &e), -1);
	fixture_error(&e, ERR_INPUT, "C10001 has no address yet");
	add(ch, REC__ADDRESS_ROLE__ADDRESS_ROLE_NONE);
	add(ch, REC__ADDRESS_ROLE__ADDRESS_ROLE_NONE);
	assert_int_equal(customer_address_change(ch, 10001, 2, &town, &e), 1);
	const Rec__Address *second = load(ch, 10001)->addresses[1];
	assert_string_equal(second->city, "Utrecht");
	assert_string_equal(second->postcode, "");
	assert_string_equal(second->lines[0], "Keizersgracht 1");
	assert_int_equal(customer_address_remove(ch, 10001, 1, &e), -1);
	fixture_error(&e, ERR_INPUT,
		      "address 1 is the admin address: give that role to another "
		      "first (#address C10001 admin n)");
	assert_int_equal(customer_address_remove(ch, 10001, 3, &e), -1);
	fixture_error(&e, ERR_INPUT, "C10001 has no address 3: its addresses are 1 to 2");
	assert_int_equal(customer_address_remove(ch, 10001, 2, &e), 1);
	assert_int_equal(customer_address_remove(ch, 10001, 1, &e), 1);
	assert_int_equal(load(ch, 10001)->n_addresses, 0);
	assert_null(customer_address(load(ch, 10001), REC__ADDRESS_ROLE__ADDRESS_ROLE_BILLING));
}

static const struct {
	const char *label;
	struct address_edit edit;
	const char *words;
} wrong_addresses[] = {
	{"CP-43 nothing", {.name = {"Jo", 2}}, "needs a line=, a postcode= or a city= at least"},
	{"CP-43 country", {.city = {"X", 1}, .country = {"Holland", 7}}, "is no country"},
	{"CP-43 country of two letters", {.city = {"X", 1}, .country = {"QQ", 2}}, "is no country"},
	{"CP-44 mail address",
	 {.city = {"X", 1}, .email = {"jo at home", 10}},
	 "is no mail address"},
};

RECORD_TEST(test_CP_43_wrong_addresses_are_refused)
{
	for (size_t i = 0; i < sizeof(wrong_addresses) / sizeof(wrong_addresses[0]); i++) {
		struct err e = {.class = ERR_NONE};
		size_t place;
		if (customer_address_add(ch, 10001, &wrong_addresses[i].edit,
					 REC__ADDRESS_ROLE__ADDRESS_ROLE_NONE, &place, &e) != -1)
			fail_msg("%s was not refused", wrong_addresses[i].label);
		fixture_error(&e, ERR_INPUT, wrong_addresses[i].words);
	}
}

/* ---- statistics ---- */

RECORD_TEST(test_MC_04_statistics_of_orders)
{
	struct customer_orders orders;
	struct customer_stats stats;
	struct err e;
	fixture_import(ch,
		       "{\"type\":\"order\",\"customer\":\"C10001\",\"currency\":\"USD\","
		       "\"ordered_at\":\"2026-01-05T09:00:00Z\",\"lines\":[{\"sku\":\"CUP-1\","
		       "\"quantity\":3,\"unit_price\":1000,\"state\":\"AUS\"},{\"sku\":\"CUP-1\","
		       "\"quantity\":1,\"unit_price\":1000,\"state\":\"RET\"}]}\n");
	assert_int_equal(customer_orders(ch->txn, ch->arena, 10001, 1000, &orders, &e), 1);
	customer_stats(&orders, &stats);
	assert_int_equal(stats.orders, 5);
	assert_int_equal(stats.looked_at, 5);
	assert_int_equal(stats.cancelled, 1);
	assert_int_equal(stats.n_sums, 2);
	assert_string_equal(stats.sums[0].currency, "USD");
	assert_int_equal(stats.sums[0].total, 4000);
	assert_string_equal(stats.sums[1].currency, "EUR");
	/* 78.95, 52.50 and 52.50 */
	assert_int_equal(stats.sums[1].total, 18395);
	assert_int_equal(stats.sums[1].n, 3);
	assert_int_equal(stats.sums[1].average, 6132);
	assert_int_equal(stats.shipped, 4);
	assert_int_equal(stats.returned, 1);
	assert_int_equal(stats.return_rate, 250000);
	assert_true(stats.first_at < stats.last_at);
	assert_int_equal(customer_orders(ch->txn, ch->arena, 10001, 2, &orders, &e), 1);
	customer_stats(&orders, &stats);
	assert_int_equal(stats.orders, 5);
	assert_int_equal(stats.looked_at, 2);
}

/* ---- history ---- */

RECORD_TEST(test_PX_09_history_is_paged)
{
	struct history_query query = {.object = SLICE("C10001"), .limit = 2};
	struct history_list list;
	struct err e;
	size_t rows = 0;
	bool more = true;
	for (int i = 0; i < 4; i++)
		assert_int_equal(customer_note(ch, 10001, SLICE("again"), &e), 1);
	for (uint64_t last = UINT64_MAX; more; rows += list.n) {
		assert_int_equal(history_page(ch->txn, ch->arena, &query, &list, &more, &e), 1);
		assert_true(list.n > 0 && list.n <= 2);
		for (size_t i = 0; i < list.n; i++) {
			assert_true(list.items[i]->id < last);
			last = list.items[i]->id;
		}
		query.before = last;
	}
	assert_int_equal(rows, 5);
}

int run_customer_edit_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_PX_08_fields_are_set_by_name),
		cmocka_unit_test(test_PX_08_CP_12_CP_17_wrong_values_are_refused),
		cmocka_unit_test(test_PX_08_a_limit_needs_a_currency),
		cmocka_unit_test(test_another_vat_id_is_not_checked_any_more),
		cmocka_unit_test(test_CP_15_accounts_id_is_one_customers),
		cmocka_unit_test(test_CP_13_parents_are_agents_and_in_no_circle),
		cmocka_unit_test(test_PX_18_MC_18_CS_21_flags_go_to_and_fro),
		cmocka_unit_test(test_PX_18_the_reason_is_kept_and_sealed),
		cmocka_unit_test(test_MC_17_MC_18_customers_are_active_until_they_are_not),
		cmocka_unit_test(test_CP_40_standing_notes_come_and_go),
		cmocka_unit_test(test_CP_40_standing_notes_are_few),
		cmocka_unit_test(test_CS_05_CS_06_a_call_is_noted_by_hand),
		cmocka_unit_test(test_CP_43_CP_47_the_first_address_has_every_role),
		cmocka_unit_test(test_CP_44_CP_45_CP_46_each_role_has_one_address),
		cmocka_unit_test(test_CP_47_two_of_a_role_are_refused),
		cmocka_unit_test(test_CP_43_addresses_are_changed_and_removed),
		cmocka_unit_test(test_CP_43_wrong_addresses_are_refused),
		cmocka_unit_test(test_MC_04_statistics_of_orders),
		cmocka_unit_test(test_PX_09_history_is_paged),
	};
	return cmocka_run_group_tests_name("customer edit", tests, fixture_setup, fixture_teardown);
}
