/* SPDX-License-Identifier: ISC */
#include <unistd.h>

#include "command.h"
#include "groups.h"
#include "record/customer.h"
#include "record/customer_edit.h"
#include "record/document.h"
#include "record/listing.h"
#include "record/message.h"
#include "record/shipment.h"
#include "record/thread.h"

struct ran {
	int got;
	struct err e;
	struct command_result result;
};

/* As ann, without a thread, so that any id may be named; or at T10001 of C10001. */
static struct ran run_at(struct change *ch, uint64_t thread, uint64_t customer, const char *text)
{
	struct ran r = {.got = 0};
	struct command_block *block;
	struct command_context ctx = {
		.change = ch,
		.thread = thread,
		.customer = customer,
		.proofs = COMMAND_I0_IDENTITY | COMMAND_I1_TOKEN | COMMAND_I2_TRANSPORT,
	};
	assert_int_equal(command_parse(ch->arena, slice_str(text), &block, NULL), 1);
	r.got = command_run(&ctx, block, &r.result, &r.e);
	return r;
}

static void must_say(const char *label, const struct ran *r, const char *words)
{
	if (slice_find(r->result.transcript, slice_str(words)) < 0)
		fail_msg("%s: \"%s\" is not in:\n%.*s", label, words,
			 SLICE_ARG(r->result.transcript));
}

/* A shipment, a document, a file, mails and calls, for the views that show them. */
static void add_things(struct change *ch)
{
	Rec__Document document;
	Rec__File file;
	Rec__Thread *thread;
	Rec__Message message;
	struct err e;
	rec__document__init(&document);
	document.object = arena_str(ch->arena, SLICE("O10001"));
	document.kind = arena_str(ch->arena, SLICE("pick_note"));
	document.name = arena_str(ch->arena, SLICE("O10001-pick.pdf"));
	assert_int_equal(document_add(ch, &document, SLICE("%PDF"), &e), 1);
	rec__file__init(&file);
	file.object = document.object;
	file.name = arena_str(ch->arena, SLICE("broken-cup.jpg"));
	file.media_type = arena_str(ch->arena, SLICE("image/jpeg"));
	file.sha256 = arena_str(ch->arena, SLICE("00112233445566778899aabbccddeeff"
						 "00112233445566778899aabbccddeeff"));
	file.size = 4711;
	assert_int_equal(file_add(ch, &file, &e), 1);
	assert_int_equal(thread_load(ch->txn, ch->arena, 10001, &thread, &e), 1);
	rec__message__init(&message);
	message.direction = REC__DIRECTION__DIRECTION_OUT;
	message.to = arena_str(ch->arena, SLICE("jo@example.org"));
	message.subject = arena_str(ch->arena, SLICE("Re: Where is my order?"));
	message.delivery = arena_str(ch->arena, SLICE("sent"));
	message.sent_at = FIXTURE_NOW - 7200;
	assert_int_equal(message_create(ch, thread, &message, &e), 1);
	ch->now += 60;
	assert_int_equal(message_note(ch, thread, SLICE("parcel was found"), &e), 1);
	assert_int_equal(customer_call(ch, 10001, SLICE("nobody there"), &e), 1);
}

static void add_shipment(struct change *ch)
{
	fixture_import(ch, "{\"type\":\"shipment\",\"order\":\"O10001\",\"customer\":\"C10001\","
			   "\"state\":\"shipped\",\"carrier\":\"dhl\",\"shipped_at\":"
			   "\"2026-02-21T09:00:00Z\",\"tracking\":[{\"carrier\":\"dhl\","
			   "\"code\":\"JVGL0600\"}],\"lines\":[{\"number\":1,\"sku\":\"CUP-1\","
			   "\"quantity\":2}]}\n");
}

/* Several words a row, joined by '|'; each must be there. */
static const struct {
	const char *label, *text, *words;
} views[] = {
	{"PX-05 the criteria stand first", "#search zip=1011 status=HAL",
	 "OK Searched: zip=1011*, status=HAL\n0 of 0 found\n"},
	{"PX-04 name", "#search name=JANSEN",
	 "Searched: name=*jansen*\n1 of 1 found\n|C10001  Jo Jansen  Jo@Example.org|\xe2\x97\x8f "
	 "[ACT] active"},
	{"PX-04 orders have their customer, status and total", "#search item=tea-1",
	 "O10001  Jo Jansen|2026-02-20|\xe2\x80\x96 [HAL] on hold  78.95 EUR"},
	{"PX-02 F5", "#f5 name=jansen", "1 of 1 found"},
	{"MC-02 by activation", "#search active=yes", "3 of 3 found|\xe2\x80\x96 [LCK] locked"},
	{"MC-03 free text", "#search jansen", "Searched: text=jansen\n1 of 1"},
	{"CP-01 find by order id", "#find 10002", "2 of 2 found|C10002|O10002"},
	{"CP-01 find by name and mail", "#find jo example.net", "1 of 1 found"},
	{"CS-01 ordered in a span", "#search ordered=2026-02-20..2026-02-25",
	 "Searched: ordered=2026-02-20..2026-02-25\n2 of 2|O10001|O10003"},
	{"CS-01 ordered on a day", "#search ordered=2026-02-20", "1 of 1 found|O10001"},
	{"CS-01 ordered since", "#search ordered=2026-02-26..", "2 of 2 found|O10004|O10005"},
	{"PX-07 limit", "#search name=o limit=1000 sort=name",
	 "ERR line 1: name= needs at least 2 letters"},
	{"PX-12 sorted search", "#search active=yes sort=name desc",
	 "1  C10003  No Orders|2  C10002  Lo Locked|3  C10001  Jo Jansen"},
	{"PX-11 PX-12 CS-07 the oldest first", "#orders C10001",
	 "4 of 4 orders of C10001\n|1  O10002|2  O10001|3  O10004|4  O10005"},
	{"PX-12 by total, the highest first", "#orders C10001 sort=total desc",
	 "1  O10001|78.95 EUR|2  O1000"},
	{"PX-12 any column", "#orders C10001 sort=lines", "1  O1000|4  O10001"},
	{"PX-12 no such column", "#shipments C10001 sort=colour",
	 "sort=colour: this list has the columns id, order, date, status"},
	{"PX-02 F7", "#f7 C10001", "4 of 4 orders"},
	{"ST-05 hold", "#orders C10001 status=hold",
	 "1 of 4 orders of C10001, status=hold|\xe2\x80\x96 [HAL] on hold"},
	{"CP-24 CP-28 cancelled", "#orders C10001 status=cancelled",
	 "1 of 4|O10005|\xe2\x96\xa0 [CLO] closed  cancelled"},
	{"CP-27 unallocated", "#orders C10001 status=unallocated", "3 of 4|unallocated"},
	{"CP-25 allocated", "#orders C10001 status=allocated", "0 of 4"},
	{"CP-26 dispatched", "#orders C10001 status=dispatched", "0 of 4"},
	{"ST-18 lines by status", "#lines status=NLB",
	 "1 line, status=NLB|O10005/2|POT-1|\xe2\x88\x85 [NLB] no longer available"},
	{"ST-18 from", "#lines status=HAL from=2026-02-21", "1 line, status=HAL|O10003/1"},
	{"ST-18 of an order", "#lines O10001 status=ANG", "1 line of O10001, status=ANG|O10001/3"},
	{"ST-18 something must be asked", "#lines", "at least one criterion"},
	{"ST-01 code, word and symbol", "#lines O10004",
	 "\xe2\x96\xa3 [EIN] in the box|\xe2\x96\xb7 [ANG] released"},
	{"CS-08 shipments", "#shipments C10001",
	 "1 shipment of C10001|O10001|2026-02-21|[AUS] shipped|dhl|JVGL0600|our warehouse"},
	{"CS-08 of an order", "#shipments O10002", "0 shipments of O10002"},
	{"CS-08 transactions", "#transactions C10001", "C10001 has no transactions yet"},
	{"PX-27 PX-51 F8", "#f8 C10001", "C10001 has no invoices yet"},
	{"PX-36 PX-51 F9", "#f9 C10001", "C10001 has no credit notes yet"},
	{"PX-44 PX-51 F11", "#f11 C10001", "C10001 has no account events yet"},
	{"PX-42 mails that were sent", "#mails C10001",
	 "1 mail to C10001|2026-03-01 08:00|jo@example.org|Re: Where is my order?|sent"},
	{"MC-09 one timeline", "#talk C10001",
	 "3 entries of the talk|mail out|note|parcel was found|call|nobody there"},
	{"CP-29 print history", "#docs O10001", "1 document of O10001|pick_note|O10001-pick.pdf"},
	{"CP-37 files", "#files O10001", "1 file of O10001|broken-cup.jpg  image/jpeg  4711"},
	{"PX-06 nothing to forget", "#empty\n#empty", "there was no list"},
	{"PX-06 each search is complete in itself", "#search name=jansen\n#search status=HAL",
	 "Searched: status=HAL\n2 of 2 found"},
};

static void must_say_all(struct change *ch, const char *label, const struct ran *r,
			 const char *words)
{
	struct slice rest = slice_str(words), word;
	while (slice_cut(&rest, '|', &word))
		must_say(label, r, arena_str(ch->arena, word));
}

RECORD_TEST(test_PX_02_PX_04_PX_05_PX_11_PX_12_ST_18_the_views)
{
	add_shipment(ch);
	add_things(ch);
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		struct ran r = run_at(ch, 0, 0, views[i].text);
		must_say_all(ch, views[i].label, &r, views[i].words);
	}
}

static const struct {
	const char *label, *text, *words;
} refused[] = {
	{"PX-04 no criterion", "#search", "a search needs at least one criterion"},
	{"PX-07 more than 1000", "#search name=jansen limit=1001",
	 "limit must be a number from 1 to 1000"},
	{"PX-07 none", "#search name=jansen limit=0", "limit must be a number from 1 to 1000"},
	{"PX-04 an unknown criterion", "#search colour=red", "there is no \"colour=\" here"},
	{"PX-04 a slip in a criterion", "#search nmae=jansen", "did you mean name="},
	{"PX-12 sort", "#search name=jansen sort=colour",
	 "sorted by id, date, name, total or status"},
	{"CS-01 a span without days", "#search ordered=..", "needs a day"},
	{"CS-01 not a day", "#search ordered=yesterday", "date"},
	{"ST-18 status", "#lines status=XYZ", "write one of NEW|HAL"},
	{"PX-07 next of nothing", "#next", "there is no list here"},
	{"PX-55 first of nothing", "#first", "there is no list here"},
	{"PX-55 last of nothing", "#last", "there is no list here"},
	{"PX-52 k of nothing", "#k 1 \"x\"", "there is no list here"},
	{"PX-52 k beyond the page", "#search name=jansen\n#k 2 \"x\"", "has the numbers 1 to 1"},
	{"PX-52 k of an empty page", "#search name=nobody\n#k 1 \"x\"", "is empty"},
	{"PX-07 next behind the end", "#search name=jansen\n#next",
	 "that was the end of the list: 1"},
	{"PX-02 whose orders", "#orders", "no customer is at hand"},
	{"CS-08 whose shipments", "#shipments", "no customer is at hand"},
	{"PX-03 labels of nothing to send to", "#labels O10001", "has no address to send to"},
};

RECORD_TEST(test_PX_07_PX_52_PX_55_refusals_of_the_views)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct ran r = run_at(ch, 0, 0, refused[i].text);
		if (r.got >= 0)
			fail_msg("%s", refused[i].label);
		must_say(refused[i].label, &r, refused[i].words);
	}
}

/* One run after the other, as mails would come. */
static const struct {
	const char *label, *text, *words;
} pages[] = {
	{"PX-07 the first page", "#search item=cup-1 limit=2",
	 "2 of 5 found|1  O10001|2  O10002|3 more: #next, #last"},
	{"PX-07 next", "#next", "Searched: item=*cup-1*|3  O10003|4  O10004|1 more"},
	{"PX-52 k", "#k 3 \"called back\"", "note added to C10002"},
	{"PX-07 next again", "#next", "5  O10005"},
	{"PX-55 first", "#first", "1  O10001|2  O10002"},
	{"PX-55 last", "#last", "5  O10005"},
	{"PX-55 a list of another kind", "#orders C10001 limit=3", "3  O10004|1 more"},
	{"PX-55 its last page", "#last", "4  O10005"},
	{"PX-06 empty", "#empty", "the list is forgotten"},
};

RECORD_TEST(test_PX_06_PX_07_PX_52_PX_55_paging)
{
	Rec__Customer *customer;
	struct err e;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct ran r = run_at(ch, 0, 0, pages[i].text);
		if (r.got < 0)
			fail_msg("%s: %s", pages[i].label, r.e.text);
		must_say_all(ch, pages[i].label, &r, pages[i].words);
	}
	assert_int_equal(customer_load(ch->txn, ch->arena, 10002, &customer, &e), 1);
	assert_int_equal(customer->n_notes, 1);
	assert_string_equal(customer->notes[0]->text, "called back");
	struct ran r = run_at(ch, 0, 0, "#next");
	must_say("PX-06 nothing is remembered", &r, "there is no list here");
}

/* Each thread has its own list, and each agent. */
RECORD_TEST(test_PX_07_a_list_is_an_agents_in_a_thread)
{
	struct ran r = run_at(ch, 10001, 10001, "#orders limit=1");
	must_say("PX-11 of the customer at hand", &r, "4 of 4 orders of C10001\n");
	r = run_at(ch, 10003, 10001, "#next");
	must_say("another thread", &r, "there is no list here");
	ch->agent = 2;
	r = run_at(ch, 10001, 10001, "#next");
	must_say("another agent", &r, "there is no list here");
	ch->agent = 1;
	r = run_at(ch, 10001, 10001, "#next");
	must_say("the same", &r, "2  O10001");
}

/* What a list was made of is judged again when it is shown again. */
RECORD_TEST(test_PX_07_next_is_judged_anew)
{
	struct ran r = run_at(ch, 10001, 10001, "#customer C10002\n#orders C10002 limit=1");
	assert_int_equal(r.got, 1);
	fixture_import(ch, "{\"type\":\"order\",\"customer\":\"C10002\",\"lines\":[{\"sku\":"
			   "\"CUP-1\",\"quantity\":1,\"unit_price\":1}]}\n");
	r = run_at(ch, 10001, 10001, "#customer C10002\n#orders C10002 limit=1\n#next");
	assert_int_equal(r.got, 1);
	r = run_at(ch, 10001, 10001, "#first");
	must_say("of another customer", &r, "C10002 belongs to C10002, not to C10001");
}

RECORD_TEST(test_PX_03_labels_are_there_but_in_no_index)
{
	struct ran r;
	fixture_import(ch, "{\"type\":\"order\",\"id\":\"O10001\",\"shipping\":{\"name\":\"Jo "
			   "Jansen\",\"lines\":[\"Main St 1\"],\"postcode\":\"1011 AB\",\"city\":"
			   "\"Amsterdam\",\"country\":\"NL\"}}\n");
	r = run_at(ch, 0, 0, "#f10 O10001");
	must_say("PX-03", &r,
		 "Address label\n  Jo Jansen\n  Main St 1\n  1011 AB Amsterdam\n  NL\n"
		 "Carton label\n  O10001\n  2 x CUP-1\n");
	for (size_t i = 0; command_row(i); i++)
		if (strcmp(command_row(i)->verb, "labels") == 0)
			assert_null(command_row(i)->offer);
}

/* Names come from strangers: a cell stays in its line (PX-12, T-07). */
RECORD_TEST(test_PX_12_cells_are_single_lines)
{
	Rec__Customer *customer;
	struct err e;
	customer_load(ch->txn, ch->arena, 10003, &customer, &e);
	customer->name = arena_str(ch->arena, SLICE("Evil\r\n#release O10001 \xe2\x80\xa8x"));
	assert_int_equal(customer_save(ch, customer, "edit", SLICE(""), &e), 1);
	struct ran r = run_at(ch, 0, 0, "#search name=evil");
	must_say("one line", &r, "C10003  Evil #release O10001 x");
}

/* The command line: the answer alone, as JSON when asked for. */
static int read_as(struct change *ch, bool json, const char *text, struct buf *out, struct err *e)
{
	struct command_context ctx = {.change = ch, .json = json};
	ch->role = REC__ROLE__ROLE_SYSTEM;
	buf_init(out, 1 << 20);
	return command_read(&ctx, slice_str(text), out, e);
}

RECORD_TEST(test_PX_04_a_search_from_the_command_line)
{
	static const struct {
		const char *text, *words;
	} wrong[] = {
		{"#hold O10001", "changes something"},
		{"#search name=jansen\n#search name=jo", "not one command"},
		{"#serach x", "did you mean #search"},
		{"nothing", "not one command"},
	};
	struct buf out;
	struct err e;
	Rec__Listing *listing;
	assert_int_equal(read_as(ch, true, "#search name=jansen", &out, &e), 1);
	assert_string_equal(
		buf_str(&out),
		"{\"id\":\"C10001\",\"name\":\"Jo Jansen\",\"mail\":\"Jo@Example.org\","
		"\"place\":\"\",\"date\":\"2026-03-01\",\"status\":\"\xe2\x97\x8f [ACT] "
		"active\",\"total\":\"\"}\n");
	buf_release(&out);
	/* A transaction that only reads keeps no place in a list. */
	assert_int_equal(listing_load(ch, 0, &listing, &e), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(read_as(ch, false, wrong[i].text, &out, &e), -1);
		fixture_error(&e, ERR_INPUT, wrong[i].words);
		buf_release(&out);
	}
}

int run_view_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_PX_02_PX_04_PX_05_PX_11_PX_12_ST_18_the_views),
		cmocka_unit_test(test_PX_07_PX_52_PX_55_refusals_of_the_views),
		cmocka_unit_test(test_PX_06_PX_07_PX_52_PX_55_paging),
		cmocka_unit_test(test_PX_07_a_list_is_an_agents_in_a_thread),
		cmocka_unit_test(test_PX_07_next_is_judged_anew),
		cmocka_unit_test(test_PX_03_labels_are_there_but_in_no_index),
		cmocka_unit_test(test_PX_12_cells_are_single_lines),
		cmocka_unit_test(test_PX_04_a_search_from_the_command_line),
	};
	return cmocka_run_group_tests_name("view", tests, fixture_setup, fixture_teardown);
}
