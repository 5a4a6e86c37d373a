/* SPDX-License-Identifier: ISC */
#include <unistd.h>

#include "command.h"
#include "groups.h"
#include "record/customer.h"
#include "record/customer_edit.h"
#include "record/history.h"
#include "record/shop_table.h"

/* Who gives the commands, at which thread. */
struct who {
	Rec__Role role;
	uint64_t thread, customer;
};

static const struct who ann = {REC__ROLE__ROLE_AGENT, 10001, 10001};
static const struct who ben = {REC__ROLE__ROLE_ADMIN, 0, 0};

struct ran {
	int got;
	struct err e;
	struct command_result result;
};

static struct ran run_as(struct change *ch, const struct who *who, const char *text)
{
	struct ran r = {.got = 0};
	struct command_block *block;
	struct command_context ctx = {
		.change = ch,
		.thread = who->thread,
		.customer = who->customer,
		.proofs = COMMAND_I0_IDENTITY | COMMAND_I1_TOKEN | COMMAND_I2_TRANSPORT |
			  COMMAND_I3_FRESH,
	};
	ch->role = who->role;
	assert_int_equal(command_parse(ch->arena, slice_str(text), &block, NULL), 1);
	r.got = command_run(&ctx, block, &r.result, &r.e);
	return r;
}

static void must_say(const char *text, const struct ran *r, const char *words)
{
	if (slice_find(r->result.transcript, slice_str(words)) < 0)
		fail_msg("%s\n\"%s\" is not in: %.*s", text, words,
			 SLICE_ARG(r->result.transcript));
}

/* ---- what each command says ---- */

static const struct command_case {
	const char *label;
	const struct who *who;
	const char *text, *words;
	const char *event; /* null: none */
} good[] = {
	{"MC-01 new customer", &ben, "#newcustomer \"Pat Example\" email=pat@example.org group=vip",
	 "OK C10004 is new: Pat Example\n", "customer.created"},
	{"MC-01 duplicates are pointed out", &ben, "#newcustomer \"Jo\" email=JO@example.org",
	 "JO@example.org is the address of C10001 Jo Jansen too", "customer.created"},
	{"MC-01 a company alone", &ben, "#newcustomer company=Acme", "C10004 is new: Acme",
	 "customer.created"},
	{"MC-01 what follows is about it", &ben,
	 "#newcustomer \"Pat\"\n#address add line=\"Street 1\" city=Utrecht country=NL",
	 "OK address 1 of C10004 is new", "customer.created"},
	{"PX-08 one field", &ann, "#set C10001 phone=\"+31 6 12345678\"",
	 "OK C10001: phone +31 20 1234567 \xe2\x86\x92 +31 6 12345678\n", NULL},
	{"CS-03 several fields", &ann, "#set C10001 name=\"Jo de Vries\" group=vip",
	 "OK C10001: name Jo Jansen \xe2\x86\x92 Jo de Vries; group (none) \xe2\x86\x92 vip\n",
	 NULL},
	{"PX-08 an empty value clears", &ann,
	 "#set C10001 phone=", "OK C10001: phone +31 20 1234567 \xe2\x86\x92 (none)\n", NULL},
	{"PX-08 an empty quote clears", &ann, "#set C10001 phone=\"\"", "\xe2\x86\x92 (none)\n",
	 NULL},
	{"PX-08 no change", &ann, "#set C10001 name=\"Jo Jansen\"", "OK C10001 has that already",
	 NULL},
	{"CP-10 trading name", &ann, "#set C10001 trading=\"Jo's Cups\"", "trading_name (none)",
	 NULL},
	{"CP-03 two addresses", &ann, "#set C10001 email=a@example.org email=b@example.org",
	 "emails[1] jansen@example.net \xe2\x86\x92 b@example.org", NULL},
	{"CP-07 eBay user", &ann, "#set C10001 ebay=jo-shops", "external_ids[1].channel (none)",
	 NULL},
	{"CP-20 limit in a new currency", &ann, "#set C10001 credit_limit=5000 currency=JPY",
	 "credit_limit 0 \xe2\x86\x92 5000", NULL},
	{"CP-43 first address", &ann,
	 "#address C10001 add line=\"Keizersgracht 1\" line=\"2nd floor\" postcode=\"1015 AA\" "
	 "city=Amsterdam country=NL",
	 "OK address 1 of C10001 is new", "customer.address"},
	{"CP-45 billing address of its own", &ann,
	 "#address C10001 billing line=\"Box 1\" city=Utrecht country=NL",
	 "OK address 1 of C10001 is the billing address", "customer.address"},
	{"CP-47 a role moves", &ann,
	 "#address add city=Utrecht\n#address add city=Leiden\n#address delivery 2",
	 "OK address 2 of C10001 is the delivery address", "customer.address"},
	{"CP-43 change", &ann, "#address add city=Utrecht\n#address change 1 city=Leiden",
	 "OK address 1 of C10001 is changed", "customer.address"},
	{"CP-43 remove", &ann, "#address add city=Utrecht\n#address remove 1",
	 "OK address 1 of C10001 is gone", "customer.address"},
	{"CP-38 note", &ann, "#note C10001 \"likes tea\"", "OK note added to C10001",
	 "customer.noted"},
	{"CP-39 full note", &ann, "#note C10001 \"one\"\n#note 1",
	 "OK note 1 of C10001, 2026-03-01 10:00, by ann, by mail m1@desk.example\n  one\n",
	 "customer.noted"},
	{"CP-39 full note of another", &ben, "#note C10002 \"two\"\n#note 1 C10002",
	 "OK note 1 of C10002", "customer.noted"},
	{"a number in quotes is a note", &ann, "#note \"3\"", "OK note added to T10001",
	 "thread.noted"},
	{"CP-40 watch", &ann, "#watch C10001 \"Fragile only\"",
	 "OK every card of C10001 begins with that from now on", "customer.watched"},
	{"CP-40 unwatch", &ann, "#unwatch C10001 1", "OK standing note 1 of C10001 is gone",
	 "customer.unwatched"},
	{"CS-05 call", &ann, "#call C10001 \"no answer\"",
	 "OK the call to C10001 is noted; tel:+31201234567\n", "customer.called"},
	{"CS-05 call the customer at hand", &ann, "#call", "OK the call to C10001 is noted",
	 "customer.called"},
	{"PX-18 lock", &ann, "#lock C10001 \"unpaid bills\"", "OK C10001 is [LCK] locked",
	 "customer.locked"},
	{"PX-18 unlock", &ben, "#unlock C10002", "OK C10002 is unlocked", "customer.unlocked"},
	{"CS-21 blacklist by an admin", &ben, "#blacklist C10001 \"fraud\"",
	 "OK C10001 is [BLK] blacklisted", "customer.blacklisted"},
	{"CS-21 unblacklist", &ben, "#blacklist C10001 \"fraud\"\n#unblacklist C10001",
	 "OK C10001 is not blacklisted any more", "customer.blacklisted"},
	{"PX-18 new orders of a locked customer wait", &ann,
	 "#lock C10001 \"bills\"\n#neworder C10001\n#add O10006 CUP-1 1\n#save O10006\n#show "
	 "O10006",
	 "Status    [HAL] on hold", "customer.locked"},
	{"MC-18 deactivate", &ann, "#deactivate C10001 \"moved\"", "OK C10001 is [INA] inactive",
	 "customer.deactivated"},
	{"MC-18 activate", &ann, "#deactivate C10001\n#activate C10001",
	 "OK C10001 is [ACT] active", "customer.deactivated"},
	{"PX-09 history", &ann, "#set C10001 phone=1234\n#history C10001",
	 "OK 2 changes of C10001, the newest first\n2026-03-01 10:00  ann  set  by mail "
	 "m1@desk.example\n  phone: +31 20 1234567 \xe2\x86\x92 1234\n2026-03-01 10:00  import  "
	 "create\n",
	 NULL},
	{"PX-09 history of the customer at hand", &ann, "#history limit=1",
	 "OK 1 change of C10001, the newest first\n", NULL},
	{"PX-09 history of an order", &ann, "#history O10001", "OK 1 change of O10001", NULL},
	{"PX-09 history of a thread", &ann, "#history T10001", "OK 1 change of T10001", NULL},
	{"CS-06 entries by hand are marked", &ann, "#note C10001 \"x\"\n#history C10001",
	 "ann  note (by hand)  by mail m1@desk.example\n  notes[0].text: (none) \xe2\x86\x92 "
	 "x\n2026",
	 "customer.noted"},
	{"PX-09 pages", &ann, "#note C10001 \"x\"\n#history C10001 limit=1",
	 "older ones: #history C10001 limit=1 before=", "customer.noted"},
	{"PX-09 states", &ann, "#deactivate C10001 \"moved\"\n#history C10001",
	 "deactivate  active \xe2\x86\x92 inactive  \"moved\"", "customer.deactivated"},
	{"MC-16 merge", &ben, "#merge C10003 into C10001",
	 "OK C10003 is merged into C10001, for ever; moved: nothing; taken over: 1 mail address, 1 "
	 "note\n",
	 "customer.merged"},
	{"MC-16 merge with orders", &ben, "#merge C10002 into C10003",
	 "OK C10002 is merged into C10003, for ever; moved: 1 order; taken over: 1 mail address, 1 "
	 "note\n",
	 "customer.merged"},
	{"MC-16 preview shows the counts", &ben, "#preview\n#merge C10001 into C10003",
	 "moved: 4 orders, 2 threads; taken over: 2 mail addresses", "customer.merged"},
	{"MC-16 the old card", &ben, "#merge C10003 into C10001\n#show C10003",
	 "OK C10003\nC10003 was merged into C10001\n!! WATCH Always calls first\nCustomer  C10001",
	 "customer.merged"},
	{"MC-16 the old number in a command", &ben,
	 "#merge C10003 into C10001\n#note C10003 \"hello\"", "OK note added to C10001",
	 "customer.merged"},
};

static const struct command_case *at_hand;

static void run_good(struct change *ch)
{
	struct ran r = run_as(ch, at_hand->who, at_hand->text);
	if (r.got < 0)
		fail_msg("%s: %s", at_hand->label, r.e.text);
	must_say(at_hand->label, &r, at_hand->words);
	if (at_hand->event)
		assert_string_equal(ch->events->name, at_hand->event);
	else
		assert_null(ch->events);
}

static void test_PX_08_MC_01_customer_commands_run(void **state)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		at_hand = &good[i];
		fixture_try(state, run_good);
	}
}

static const struct command_case bad[] = {
	{"MC-01 nobody", &ben, "#newcustomer", "needs a name, a company= or an email= at least",
	 NULL},
	{"MC-01 no address", &ben, "#newcustomer \"Pat\" email=pat", "\"pat\" is no mail address",
	 NULL},
	{"PX-08 nothing to set", &ann, "#set C10001", "nothing is to be set: name a field", NULL},
	{"PX-08 no such field", &ann, "#set C10001 fone=1", "did you mean phone=", NULL},
	{"PX-08 a number is for ever", &ann, "#set C10001 id=C10009",
	 "id cannot be set: a number is for ever", NULL},
	{"PX-08 locked has its command", &ann, "#set C10001 locked=yes",
	 "locked cannot be set: write #lock", NULL},
	{"PX-08 addresses have their command", &ann, "#set C10001 address=\"Street 1\"",
	 "address cannot be set: write #address", NULL},
	{"PX-08 blacklisted is the admin's", &ann, "#set C10001 blacklisted=no",
	 "blacklisted cannot be set: an admin writes #blacklist", NULL},
	{"PX-08 a balance is counted", &ann, "#set C10001 balance=0", "balance cannot be set",
	 NULL},
	{"CP-12 two channels", &ann, "#set C10001 channel=web channel=shop",
	 "channel= is there twice", NULL},
	{"CP-12 two channels in one", &ann, "#set C10001 channel=\"web, shop\"",
	 "one sales channel, not several", NULL},
	{"CP-17 no such terms", &ann, "#set C10001 terms=never", "there is no", NULL},
	{"CP-15 taken", &ben, "#set C10001 accounts_id=D-1\n#set C10002 accounts_id=D-1",
	 "\"D-1\" is that of C10001 already", NULL},
	{"CP-13 parent", &ben, "#set C10001 parent=C10002", "C10002 is not of type agent", NULL},
	{"another customer's", &ann, "#set C10002 phone=1",
	 "C10002 belongs to C10002, not to C10001", NULL},
	{"CP-43 no address", &ann, "#address C10001 add", "what is the address?", NULL},
	{"CP-43 which address", &ann, "#address C10001 change city=Utrecht", "which one?", NULL},
	{"CP-43 which address to remove", &ann, "#address C10001 remove", "which one?", NULL},
	{"CP-43 removing with a city", &ann, "#address C10001 remove 1 city=Utrecht",
	 "needs no more than its number", NULL},
	{"CP-43 a number of its own", &ann, "#address C10001 add 2 city=Utrecht",
	 "gets its number itself", NULL},
	{"CP-45 billing without an address", &ann, "#address C10001 billing",
	 "or the number of one", NULL},
	{"CP-43 no country", &ann, "#address C10001 add city=Utrecht country=Holland",
	 "\"Holland\" is no country: write its two letters of ISO 3166-1, such as NL", NULL},
	{"CP-43 no such address", &ann, "#address C10001 delivery 2", "C10001 has no address yet",
	 NULL},
	{"CP-39 no such note", &ann, "#note 2", "C10001 has 0 notes", NULL},
	{"CP-40 no such standing note", &ann, "#unwatch C10001 2", "C10001 has 1 standing note",
	 NULL},
	{"CS-05 no phone", &ben, "#call C10002", "C10002 has no phone number", NULL},
	{"PX-18 lock needs a reason", &ann, "#lock C10001", "reason is missing", NULL},
	{"PX-18 locked already", &ben, "#lock C10002 \"x\"", "C10002 is locked already", NULL},
	{"MC-18 active already", &ann, "#activate C10001", "C10001 is active already", NULL},
	{"MC-18 no new order", &ann, "#deactivate C10001\n#neworder C10001",
	 "C10001 is inactive, and nothing new is made for it: #activate C10001 first", NULL},
	{"PX-09 no such shipment", &ben, "#history S10001", "there is no shipment S10001", NULL},
	{"PX-09 whose history", &ben, "#history", "whose? Write an id", NULL},
	{"PX-09 limit", &ann, "#history C10001 limit=1001", "a number from 1 to 1000", NULL},
	{"MC-16 itself", &ben, "#merge C10001 into C10001", "cannot be merged into itself", NULL},
	{"MC-16 no such customer", &ben, "#merge C10001 into C99999", "there is no customer C99999",
	 NULL},
	{"MC-16 without into", &ben, "#merge C10001 C10002", "is no into", NULL},
	{"MC-16 debtor codes", &ben,
	 "#set C10001 accounts_id=D-1\n#set C10002 accounts_id=D-2\n#merge C10002 into C10001",
	 "force=yes merges them all the same", NULL},
};

static void run_bad(struct change *ch)
{
	struct ran r = run_as(ch, at_hand->who, at_hand->text);
	if (r.got != -1 || r.e.class != ERR_INPUT)
		fail_msg("%s was not refused", at_hand->label);
	must_say(at_hand->label, &r, at_hand->words);
}

static void test_PX_08_MC_16_CP_43_refusals_of_customer_commands(void **state)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		at_hand = &bad[i];
		fixture_try(state, run_bad);
	}
}

/* ---- who may ---- */

/* 28: every role but the admin's is denied, and nothing happens. */
RECORD_TEST(test_CS_21_28_blacklist_is_for_admins_only)
{
	static const char *const texts[] = {"#blacklist C10001 \"x\"", "#unblacklist C10001",
					    "#merge C10003 into C10001"};
	for (int role = REC__ROLE__ROLE_AGENT; role < REC__ROLE__ROLE_ADMIN; role++)
		for (size_t i = 0; i < 3; i++) {
			const struct who who = {(Rec__Role)role, 0, 0};
			struct ran r = run_as(ch, &who, texts[i]);
			assert_int_equal(r.got, -1);
			assert_int_equal(r.e.class, ERR_DENIED);
			must_say(texts[i], &r, "is for admin");
		}
	Rec__Customer *jo;
	customer_load(ch->txn, ch->arena, 10001, &jo, NULL);
	assert_false(jo->blacklisted);
}

/* What the program logs goes to standard error. */
static void logged(int from, struct buf *out)
{
	char *room = buf_reserve(out, 4096);
	ssize_t n = read(from, room, 4096);
	assert_true(n > 0);
	out->len += (size_t)n;
}

RECORD_TEST(test_CS_21_28_a_denied_attempt_is_logged)
{
	int ends[2], stderr_was = dup(STDERR_FILENO);
	struct buf log;
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	struct ran r = run_as(ch, &ann, "#blacklist C10001 \"x\"");
	dup2(stderr_was, STDERR_FILENO);
	buf_init(&log, 1 << 16);
	logged(ends[0], &log);
	assert_int_equal(r.e.class, ERR_DENIED);
	assert_true(slice_find(buf_slice(&log), SLICE("event=command-denied verb=\"blacklist\" "
						      "agent=1")) >= 0);
	buf_release(&log);
	close(ends[0]);
	close(ends[1]);
	close(stderr_was);
}

/* 33: it cannot be taken back, so a token and a login alone are not enough. */
RECORD_TEST(test_MC_16_33_merging_needs_a_fresh_proof)
{
	struct command_block *block;
	struct command_result result;
	struct command_context ctx = {
		.change = ch,
		.proofs = COMMAND_I0_IDENTITY | COMMAND_I1_TOKEN | COMMAND_I2_TRANSPORT,
	};
	struct err e;
	ch->role = REC__ROLE__ROLE_ADMIN;
	command_parse(ch->arena, SLICE("#merge C10003 into C10001"), &block, NULL);
	assert_int_equal(command_run(&ctx, block, &result, &e), -1);
	fixture_error(&e, ERR_DENIED, "#merge needs I3");
}

RECORD_TEST(test_PX_18_nothing_of_a_locked_customer_is_released)
{
	struct ran r = run_as(ch, &ann, "#lock C10001 \"bills\"\n#release O10001");
	assert_int_equal(r.got, -1);
	must_say("release", &r, "O10001 cannot be released: customer C10001 is locked: bills");
	r = run_as(ch, &ben, "#unlock C10001\n#blacklist C10001 \"fraud\"\n#release O10001");
	assert_int_equal(r.got, -1);
	must_say("release", &r, "customer C10001 is blacklisted: fraud");
}

/* PX-09: one row a change, with the mail that brought it. */
RECORD_TEST(test_PX_08_PX_09_each_change_is_one_row)
{
	struct history_list list;
	struct err e;
	struct ran r = run_as(ch, &ann,
			      "#set C10001 phone=1234 group=vip\n#lock C10001 \"x\"\n"
			      "#unlock C10001\n#watch C10001 \"y\"\n#address add city=Utrecht\n");
	assert_int_equal(r.got, 1);
	assert_int_equal(history_of(ch->txn, ch->arena, SLICE("C10001"), 100, &list, &e), 1);
	static const char *const events[] = {"address", "watch", "unlock", "lock", "set", "create"};
	assert_int_equal(list.n, sizeof(events) / sizeof(events[0]));
	for (size_t i = 0; i < list.n; i++) {
		assert_string_equal(list.items[i]->event, events[i]);
		assert_string_equal(list.items[i]->mail, i < 5 ? "m1@desk.example" : "");
	}
}

/* ---- the card ---- */

static const char agency[] =
	"{\"type\":\"customer\",\"id\":\"C10020\",\"name\":\"Ada Agent\",\"company\":\"Ada & "
	"Co\",\"trading_name\":\"Ada's\",\"kind\":\"agent\",\"emails\":[\"ada@example.org\","
	"\"ada@example.net\"],\"phone\":\"+31 (0)20 123\",\"group\":\"vip\",\"channel\":\"web\","
	"\"terms\":\"30d\",\"currency\":\"EUR\",\"credit_limit\":50000,\"bank\":\"NL-main\","
	"\"accounts_id\":\"D-20\",\"vat_id\":\"NL123456789B01\",\"vat_id_checked\":true,"
	"\"keep_identity\":true,\"addresses\":[{\"roles\":[\"admin\",\"billing\"],\"name\":\"Ada\","
	"\"lines\":[\"Street 1\"],\"postcode\":\"1015 AA\",\"city\":\"Amsterdam\",\"country\":"
	"\"NL\"},{\"roles\":[\"delivery\"],\"city\":\"Utrecht\",\"country\":\"NL\",\"email\":"
	"\"dock@example.org\"}],"
	"\"external_ids\":[{\"channel\":\"ebay\",\"value\":\"ada\"}],\"notes\":[{\"agent\":2,"
	"\"created_at\":\"2026-01-02T03:04:00Z\",\"text\":\"Prefers mail\"}],\"watch\":[{\"text\":"
	"\"Ring twice\"},{\"text\":\"Fragile\"}]}\n"
	"{\"type\":\"customer\",\"id\":\"C10021\",\"name\":\"Kid\",\"parent\":\"C10020\"}\n"
	"{\"type\":\"order\",\"customer\":\"C10020\",\"id\":\"O10099\",\"ordered_at\":"
	"\"2026-01-05T09:00:00Z\",\"lines\":[{\"sku\":\"CUP-1\",\"quantity\":3,\"unit_price\":1000,"
	"\"state\":\"AUS\"},{\"sku\":\"CUP-1\",\"quantity\":1,\"unit_price\":1000,\"state\":"
	"\"RET\"}]}\n";

static const char agency_card[] =
	"!! WATCH (1) Ring twice\n"
	"!! WATCH (2) Fragile\n"
	"Customer  C10020  Ada Agent\n"
	"Status    [ACT] active, kept when old customers are obfuscated\n"
	"Type      agent\n"
	"Company   Ada & Co\n"
	"Trading   Ada's\n"
	"Mail      ada@example.org\n"
	"          ada@example.net\n"
	"Phone     +31 (0)20 123  tel:+31020123\n"
	"Group     vip\n"
	"Channel   web, price list retail\n"
	"Terms     30d\n"
	"Limit     500.00 EUR\n"
	"Bank      NL-main\n"
	"Accounts  D-20\n"
	"VAT id    NL123456789B01 (checked)\n"
	"Language  en\n"
	"Address   1 [admin, billing] Ada, Street 1, 1015 AA Amsterdam NL\n"
	"          2 [delivery] Utrecht NL  dock@example.org\n"
	"Known as  ebay ada\n"
	"\nSub-customers (1)\n"
	"          C10021  Kid\n"
	"\nStatistics\n"
	"Orders    1, 0 cancelled, from 2026-01-05 to 2026-01-05\n"
	"Sum       40.00 EUR, 40.00 on average\n"
	"Returned  1 of 4 pieces (25.0 %)\n"
	"\nOrders (1)\n";

static const char agency_notes[] = "\nNotes\n"
				   "  1  2026-01-02 03:04  ben: Prefers mail\n"
				   "\nTabs      ";

static void add_channel(struct change *ch)
{
	struct err e;
	ProtobufCMessage *row;
	shop_row_new(ch->arena, SHOP_TABLE_PRICE_LIST, SLICE("retail"), &row, &e);
	shop_field_set(ch->arena, row, SLICE("currency"), SLICE("EUR"), &e);
	if (shop_row_save(ch, row, &e) < 0)
		fail_msg("%s", e.text);
	shop_row_new(ch->arena, SHOP_TABLE_CHANNEL, SLICE("web"), &row, &e);
	shop_field_set(ch->arena, row, SLICE("price_list"), SLICE("retail"), &e);
	if (shop_row_save(ch, row, &e) < 0)
		fail_msg("%s", e.text);
}

RECORD_TEST(test_PX_01_MC_04_CP_10_CP_18_the_card_is_complete)
{
	struct id id = {.letter = 'C', .number = 10020};
	struct buf out;
	struct err e;
	add_channel(ch);
	fixture_import(ch, agency);
	buf_init(&out, 1 << 16);
	assert_int_equal(command_card(ch->txn, ch->arena, &id, &out, &e), 1);
	struct slice card = buf_slice(&out);
	if (!slice_starts(card, slice_str(agency_card)))
		assert_string_equal(buf_str(&out), agency_card);
	if (slice_find(card, slice_str(agency_notes)) < 0)
		fail_msg("%s", buf_str(&out));
	assert_true(slice_find(card, SLICE("#show C10020 | #orders C10020")) >= 0);
	/* PX-03: no daily work. */
	assert_true(slice_find(card, SLICE("#labels")) < 0);
	buf_clear(&out);
	id.number = 10021;
	assert_int_equal(command_card(ch->txn, ch->arena, &id, &out, &e), 1);
	assert_true(slice_find(buf_slice(&out), SLICE("Parent    C10020  Ada Agent\n")) > 0);
	buf_release(&out);
}

/* CS-02: the card of a customer with more than a screen of orders is bounded. */
RECORD_TEST(test_CS_02_the_card_shows_the_newest_orders)
{
	struct id id = {.letter = 'C', .number = 10003};
	struct buf out;
	struct err e;
	for (int i = 0; i < 15; i++)
		fixture_import(ch, "{\"type\":\"order\",\"customer\":\"C10003\",\"lines\":[{"
				   "\"sku\":\"CUP-1\",\"quantity\":1,\"unit_price\":100}]}\n");
	buf_init(&out, 1 << 16);
	assert_int_equal(command_card(ch->txn, ch->arena, &id, &out, &e), 1);
	struct slice rest = buf_slice(&out), line;
	size_t orders = 0;
	while (slice_line(&rest, &line))
		orders += slice_starts(line, SLICE("  O10"));
	assert_int_equal(orders, 10);
	assert_true(slice_find(buf_slice(&out), SLICE("\nOrders (15)\n")) > 0);
	buf_release(&out);
}

int run_customer_command_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_PX_08_MC_01_customer_commands_run),
		cmocka_unit_test(test_PX_08_MC_16_CP_43_refusals_of_customer_commands),
		cmocka_unit_test(test_CS_21_28_blacklist_is_for_admins_only),
		cmocka_unit_test(test_CS_21_28_a_denied_attempt_is_logged),
		cmocka_unit_test(test_MC_16_33_merging_needs_a_fresh_proof),
		cmocka_unit_test(test_PX_18_nothing_of_a_locked_customer_is_released),
		cmocka_unit_test(test_PX_08_PX_09_each_change_is_one_row),
		cmocka_unit_test(test_PX_01_MC_04_CP_10_CP_18_the_card_is_complete),
		cmocka_unit_test(test_CS_02_the_card_shows_the_newest_orders),
	};
	return cmocka_run_group_tests_name("customer commands", tests, fixture_setup,
					   fixture_teardown);
}
