/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "desk/content.h"
#include "desk/intake.h"
#include "desk/journal.h"
#include "desk/patterns.h"
#include "desk_place.h"
#include "record/customer.h"
#include "record/history.h"
#include "record/message.h"
#include "record/thread.h"

/* Mails that go all the way, and what agents are told of them. */

#define ERIKA "From: Erika <erika@a.example>\r\nTo: support@shop.example\r\n"
#define JOHN "From: John <john@b.example>\r\nTo: support@shop.example\r\n"
#define SIMPLE(n) "Message-ID: <" n "@test>\r\nDate: Sun, 1 Mar 2026 10:00:00 +0000\r\n"

static Rpc__Reply *ask(struct arena *a, const Rpc__Request *request)
{
	Rpc__Reply *reply = desk_handle(place_desk, request, a);
	/* A call says with its status what it found: that is for its own test. */
	if (reply->status && request->body_case != RPC__REQUEST__BODY_CALL)
		fail_msg("%s", reply->error);
	return reply;
}

/* Journals it and, with wait, processes it. */
static const Rpc__Outcome *deliver(struct arena *a, const char *text, bool wait)
{
	struct slice raw = place_raw(a, text);
	Rpc__Request request;
	Rpc__Deliver deliver;
	Rpc__Mail mail, *mails[1] = {&mail};
	rpc__request__init(&request);
	rpc__deliver__init(&deliver);
	rpc__mail__init(&mail);
	mail.raw.len = raw.len;
	memcpy(&mail.raw.data, &raw.ptr, sizeof(raw.ptr));
	deliver.mails = mails;
	deliver.n_mails = 1;
	deliver.wait = wait;
	request.body_case = RPC__REQUEST__BODY_DELIVER;
	request.deliver = &deliver;
	const Rpc__Reply *reply = ask(a, &request);
	assert_int_equal(reply->n_outcomes, 1);
	return reply->outcomes[0];
}

/* One object of a call's answer. */
static struct slice call(struct arena *a, const char *name, const char *arg)
{
	Rpc__Request request;
	Rpc__Call call;
	char *args[1] = {arena_str(a, slice_str(arg))};
	rpc__request__init(&request);
	rpc__call__init(&call);
	call.name = arena_str(a, slice_str(name));
	call.args = args;
	call.n_args = arg ? 1 : 0;
	call.json = true;
	request.body_case = RPC__REQUEST__BODY_CALL;
	request.call = &call;
	const Rpc__Reply *reply = ask(a, &request);
	return slice_of(reply->output.data, reply->output.len);
}

/* How many mails wait for that one whose text has the words; all that wait are taken. */
static size_t mails_to(struct arena *a, const char *recipient, const char *words)
{
	Rpc__Request request;
	Rpc__Claim claim;
	size_t n = 0;
	rpc__request__init(&request);
	rpc__claim__init(&claim);
	request.body_case = RPC__REQUEST__BODY_CLAIM;
	request.claim = &claim;
	const Rpc__Reply *reply = ask(a, &request);
	for (size_t i = 0; i < reply->n_outgoing; i++) {
		const Rpc__Outgoing *out = reply->outgoing[i];
		struct mail *mail;
		struct err e;
		Rpc__Result result;
		rpc__result__init(&result);
		assert_int_equal(
			mail_parse(a, slice_of(out->raw.data, out->raw.len), NULL, &mail, &e), 1);
		n += strcmp(out->recipient, recipient) == 0 &&
		     slice_find(mail->text, slice_str(words)) >= 0;
		request.body_case = RPC__REQUEST__BODY_RESULT;
		request.result = &result;
		result.id = out->id;
		result.delivery = RPC__DELIVERY__DELIVERY_SENT;
		ask(a, &request);
	}
	return n;
}

static size_t told(struct arena *a, const char *words)
{
	return mails_to(a, "ann@shop.example", words);
}

static size_t admins_told(struct arena *a, const char *words)
{
	return mails_to(a, "bob@shop.example", words);
}

/* ---- looking into the store ---- */

struct look {
	struct arena *a;
	uint64_t id;
	Rec__Thread *thread;
	struct message_list messages; /* the newest first */
};

static int look_in(struct txn *txn, void *ctx, struct err *e)
{
	struct look *look = ctx;
	struct message_query query = {.thread = look->id, .limit = 100};
	if (thread_load(txn, look->a, look->id, &look->thread, e) != 1)
		return -1;
	return message_list(txn, look->a, &query, &look->messages, e);
}

static struct look look_at(struct arena *a, uint64_t thread)
{
	struct look look = {.a = a, .id = thread};
	struct err e = {ERR_NONE, "not there"};
	if (store_run(place_desk->store, STORE_READ, look_in, &look, &e) != 1)
		fail_msg("T%d: %s", (int)thread, e.text);
	return look;
}

static bool has_flag(const Rec__Message *message, const char *flag)
{
	for (size_t i = 0; i < message->n_flags; i++)
		if (strcmp(message->flags[i], flag) == 0)
			return true;
	return false;
}

/* ---- T29 ---- */

static void strangers(void **state)
{
	struct arena *a = arena_open();
	(void)state;
	told(a, "");
	/* He has our signed id, since the customer forwarded the mail to him. */
	uint64_t thread =
		deliver(a,
			JOHN SIMPLE("t29") "In-Reply-To: <{id}>\r\nSubject: Re: hi\r\n\r\n"
					   "I am her lawyer; see my O10002.\r\n",
			true)
			->thread;
	struct look look = look_at(a, thread);
	assert_int_equal(thread, 10001);
	assert_int_equal(look.thread->customer, 10001);
	assert_int_equal(look.thread->n_participants, 1);
	assert_int_equal(look.thread->n_orders, 0);
	assert_int_equal(look.thread->n_suggested, 1);
	assert_string_equal(look.thread->suggested[0], "O10002");
	assert_string_not_equal(look.thread->reply_to, "john@b.example");
	assert_true(has_flag(look.messages.items[0], "stranger"));
	assert_int_equal(told(a, "A stranger in this thread"), 1);
	/* Having written once does not let him in. */
	deliver(a,
		JOHN SIMPLE("t29b") "In-Reply-To: <t29@test>\r\nSubject: Re: hi\r\n\r\nAgain\r\n",
		true);
	assert_int_equal(look_at(a, thread).messages.n, look.messages.n);
	/* The customer herself is none. */
	deliver(a, ERIKA SIMPLE("t29c") "In-Reply-To: <{id}>\r\nSubject: Re: hi\r\n\r\nMe\r\n",
		true);
	look = look_at(a, thread);
	assert_false(has_flag(look.messages.items[0], "stranger"));
	assert_string_equal(look.thread->reply_to, "erika@a.example");
	arena_close(&a);
}

/* ---- what is said of a mail ---- */

static const struct {
	const char *mail, *flag, *words;
} flag_rows[] = {
	{"From: Ann Archer <x@else.example>\r\nSubject: 1\r\n\r\nx\r\n", "", ""},
	{"From: \"Tea & Tin\" <x@else.example>\r\nSubject: 2\r\n\r\nx\r\n", "look-alike-name",
	 "The sender's name looks like Tea & Tin"},
	{"From: x@shop.examp1e\r\nSubject: 3\r\n\r\nx\r\n", "look-alike-address",
	 "The sender's address looks like"},
	{"From: \"\xd0\x90nna\" <x@else.example>\r\nSubject: 4\r\n\r\nx\r\n", "mixed-script",
	 "Letters of several alphabets"},
	{"From: ann@shop.example\r\nSubject: 5\r\n\r\nx\r\n", "unproved-agent",
	 "An address of ours, without proof"},
	{ERIKA ERIKA "Subject: 6\r\n\r\nx\r\n", "ambiguous", "can be read in two ways"},
	{ERIKA "Auto-Submitted: auto-generated\r\nSubject: 7\r\n\r\nx\r\n", "automatic",
	 "Written by a machine"},
	{ERIKA "Auto-Submitted: auto-replied\r\nSubject: Out of office\r\n\r\nI am away\r\n",
	 "vacation", "An automatic answer"},
	{ERIKA "List-Id: <tea.example>\r\nSubject: 9\r\n\r\nx\r\n", "list", "mailing list"},
	{ERIKA "MIME-Version: 1.0\r\nSubject: 10\r\nContent-Type: text/calendar; method=REQUEST\r\n"
	       "\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n",
	 "invitation", "An invitation"},
	{ERIKA "MIME-Version: 1.0\r\nSubject: Read\r\nContent-Type: multipart/report; "
	       "report-type=disposition-notification; boundary=b\r\n\r\n--b\r\n\r\nread\r\n--b\r\n"
	       "Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;"
	       "erika@a.example\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"
	       "--b--\r\n",
	 "receipt", "A read receipt"},
};

static void flags_of_mails(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(flag_rows); i++) {
		struct arena *a = arena_open();
		const char *mail =
			arena_printf(a, "Message-ID: <flag%zu@test>\r\n%s", i, flag_rows[i].mail);
		told(a, "");
		uint64_t thread = deliver(a, mail, true)->thread;
		const Rec__Message *message = look_at(a, thread).messages.items[0];
		if (*flag_rows[i].flag && !has_flag(message, flag_rows[i].flag))
			fail_msg("%s: no %s among %zu (%s)", mail, flag_rows[i].flag,
				 message->n_flags, message->n_flags ? message->flags[0] : "");
		if (!*flag_rows[i].flag && message->n_flags)
			fail_msg("%s: %s", mail, message->flags[0]);
		if (told(a, flag_rows[i].words) != 1)
			fail_msg("%s: the agents were not told \"%s\"", mail, flag_rows[i].words);
		arena_close(&a);
	}
}

/* ---- attachments ---- */

#define FILES                                                                                      \
	"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"                   \
	"--b\r\n\r\nSee <img src=\"cid:1\">\r\n"                                                   \
	"--b\r\nContent-Type: image/png; name=\"../../etc/pot.png\"\r\n"                           \
	"Content-Disposition: inline\r\nContent-ID: <1>\r\nContent-Transfer-Encoding: base64\r\n"  \
	"\r\nUE5HIQ==\r\n"                                                                         \
	"--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment\r\n\r\n"     \
	"a;b\r\n--b--\r\n"

struct stored {
	uint8_t digest[SHA256_SIZE];
	int owners;
	struct slice bytes;
	uint64_t blob;
	const char *drop;
	int dropped;
	struct arena *a;
};

static int stored_in(struct txn *txn, void *ctx, struct err *e)
{
	struct stored *stored = ctx;
	struct slice digest = slice_of(stored->digest, SHA256_SIZE), bytes = SLICE("");
	stored->owners = content_owners(txn, digest, 10, e);
	if (stored->owners < 0 || content_get(txn, digest, &bytes, e) < 0)
		return -1;
	stored->bytes = arena_copy(stored->a, bytes);
	if (stored->drop)
		stored->dropped = content_drop(txn, digest, stored->drop, &stored->blob, e);
	return stored->dropped < 0 ? -1 : 1;
}

static void look_at_content(struct stored *stored)
{
	struct err e = {ERR_NONE, ""};
	if (store_run(place_desk->store, STORE_DURABLE, stored_in, stored, &e) != 1)
		fail_msg("%s", e.text);
}

static int keep_in(struct txn *txn, void *ctx, struct err *e)
{
	return content_put(txn, ctx, SLICE("PNG!"), "message:999", NOW, e);
}

static void keep_for_nobody(uint8_t *digest)
{
	struct err e;
	assert_int_equal(store_run(place_desk->store, STORE_DURABLE, keep_in, digest, &e), 1);
}

static void attachments_are_stored_once(void **state)
{
	struct arena *a = arena_open();
	struct stored stored = {.a = a};
	struct look looks[2];
	struct err e;
	(void)state;
	for (int i = 0; i < 2; i++) {
		const char *mail = arena_printf(a, ERIKA "Message-ID: <file%d@test>\r\n" FILES, i);
		told(a, "");
		looks[i] = look_at(a, deliver(a, mail, true)->thread);
		assert_int_equal(told(a, "pot.png"), 1);
	}
	const Rec__Message *message = looks[0].messages.items[0];
	assert_int_equal(message->n_attachments, 2);
	assert_string_equal(message->attachments[0]->name, "pot.png");
	assert_string_equal(message->attachments[0]->media, "image/png");
	assert_int_equal(message->attachments[0]->size, 4);
	assert_true(message->attachments[0]->inline_);
	assert_false(message->attachments[1]->inline_);
	assert_string_equal(message->attachments[0]->sha256,
			    looks[1].messages.items[0]->attachments[0]->sha256);
	crypto_sha256(SLICE("PNG!"), stored.digest);
	look_at_content(&stored);
	assert_int_equal(stored.owners, 2);
	assert_true(slice_eq(stored.bytes, SLICE("PNG!")));
	/* Erasure: the bytes go with their last owner. */
	for (int i = 0; i < 2; i++) {
		stored.drop = arena_printf(a, "message:%llu",
					   (unsigned long long)looks[i].messages.items[0]->id);
		look_at_content(&stored);
		assert_int_equal(stored.dropped, i);
	}
	assert_int_equal(store_blob_erase(place_desk->store, stored.blob, &e), 1);
	assert_int_equal(slice_find(call(a, "fsck", NULL), SLICE("file")), -1);
	keep_for_nobody(stored.digest);
	assert_true(slice_find(call(a, "fsck", NULL),
			       SLICE("a file is kept for message:999, which is not there")) >= 0);
	stored.drop = "message:999";
	look_at_content(&stored);
	stored.drop = NULL;
	look_at_content(&stored);
	assert_int_equal(stored.owners, 0);
	assert_int_equal(stored.bytes.len, 0);
	arena_close(&a);
}

static void too_many_attachments(void **state)
{
	struct arena *a = arena_open();
	struct buf mail;
	(void)state;
	buf_init(&mail, 1 << 20);
	buf_puts(&mail, ERIKA SIMPLE("many") "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; "
					     "boundary=b\r\n\r\n");
	for (int i = 0; i < 60; i++)
		buf_printf(&mail,
			   "--b\r\nContent-Disposition: attachment; filename=f%d\r\n"
			   "Content-Type: application/x-thing\r\n\r\n%d\r\n",
			   i, i);
	buf_puts(&mail, "--b--\r\n");
	told(a, "");
	struct look look = look_at(a, deliver(a, buf_str(&mail), true)->thread);
	const Rec__Message *message = look.messages.items[0];
	assert_int_equal(message->n_attachments, 60);
	assert_false(message->attachments[49]->left_out);
	assert_true(message->attachments[50]->left_out);
	assert_true(has_flag(message, "left-out"));
	assert_int_equal(told(a, "Not all files are attached here"), 1);
	buf_release(&mail);
	arena_close(&a);
}

/* ---- T20 ---- */

static void slow_patterns_are_switched_off(void **state)
{
	struct arena *a = arena_open();
	struct buf text;
	size_t notices = 0;
	(void)state;
	buf_init(&text, 1 << 20);
	while (text.len < 4000)
		buf_putc(&text, 'z');
	for (int i = 0; i < 5; i++) {
		const char *mail =
			arena_printf(a, ERIKA "Message-ID: <slow%d@test>\r\n\r\n%s! O10001\r\n", i,
				     buf_str(&text));
		told(a, "");
		struct look look = look_at(a, deliver(a, mail, true)->thread);
		/* Its mails go on, with what the other patterns find. */
		assert_int_equal(look.thread->n_orders, 1);
		notices += admins_told(a, "took too long");
	}
	assert_int_equal(notices, 1);
	assert_true(slice_find(call(a, "fsck", NULL), SLICE("a search pattern is switched off")) >=
		    0);
	buf_release(&text);
	arena_close(&a);
}

/* ---- quarantine ---- */

struct tries {
	uint64_t id;
	struct arena *a;
	Tra__Journal *entry;
};

static int exhaust_in(struct txn *txn, void *ctx, struct err *e)
{
	struct tries *tries = ctx;
	Tra__Journal *entry;
	if (journal_load(txn, txn_arena(txn), tries->id, &entry, e) != 1)
		return -1;
	entry->tries = 4;
	return journal_save(txn, entry, e);
}

static int history_in(struct txn *txn, void *ctx, struct err *e)
{
	struct history_list list;
	struct look *look = ctx;
	if (history_of(txn, look->a,
		       slice_str(arena_printf(look->a, "T%llu", (unsigned long long)look->id)), 10,
		       &list, e) < 0)
		return -1;
	assert_string_equal(list.items[0]->event, "merge");
	assert_true(slice_starts(slice_str(list.items[0]->reason), SLICE("taken up again by ")));
	return 1;
}

static void quarantined_and_taken_up_again(void **state)
{
	struct arena *a = arena_open();
	struct err e = {ERR_NONE, ""};
	(void)state;
	told(a, "");
	struct tries tries = {
		.id = deliver(a, ERIKA SIMPLE("quarantine") "Subject: Fine\r\n\r\nO10001?\r\n",
			      false)
			      ->journal};
	assert_int_equal(store_run(place_desk->store, STORE_DURABLE, exhaust_in, &tries, &e), 1);
	assert_int_equal(desk_process(place_desk, tries.id, &e), 1);
	assert_int_equal(told(a, "processing it failed too often"), 1);
	assert_true(slice_find(call(a, "quarantine", NULL), SLICE("failed too often")) >= 0);

	const char *id = arena_printf(a, "%llu", (unsigned long long)tries.id);
	struct json *first, *again;
	assert_int_equal(json_parse(a, call(a, "reprocess", id), &first, &e), 1);
	assert_true(slice_eq(json_get_string(first, "result"), SLICE("done")));
	assert_int_equal(told(a, "O10001?"), 1);
	assert_int_equal(call(a, "quarantine", NULL).len, 0);
	/* Once is enough. */
	assert_int_equal(json_parse(a, call(a, "reprocess", id), &again, &e), 1);
	assert_true(slice_eq(json_get_string(again, "result"), SLICE("nothing")));
	assert_int_equal(told(a, "O10001?"), 0);

	uint64_t number = 0;
	struct slice thread = json_get_string(first, "thread");
	assert_true(slice_u64(slice_sub(thread, 1, thread.len), &number));
	struct look look = look_at(a, number);
	assert_string_equal(look.thread->subject, "Fine");
	assert_int_equal(look.thread->customer, 10001);
	look = look_at(a, number - 1);
	assert_int_equal(look.thread->merged_into, number);
	assert_int_equal(look.thread->state, REC__THREAD_STATE__THREAD_STATE_MERGED);
	assert_int_equal(store_run(place_desk->store, STORE_READ, history_in, &look, &e), 1);
	arena_close(&a);
}

static void what_cannot_be_read_stays(void **state)
{
	struct arena *a = arena_open();
	struct buf mail;
	struct json *result;
	struct err e;
	(void)state;
	buf_init(&mail, 1 << 20);
	buf_puts(&mail, ERIKA SIMPLE("deep") "Subject: deep\r\nMIME-Version: 1.0\r\n");
	for (int i = 0; i < 80; i++)
		buf_printf(&mail, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i,
			   i);
	told(a, "");
	const Rpc__Outcome *outcome = deliver(a, buf_str(&mail), true);
	assert_string_equal(outcome->state, "quarantined");
	assert_int_equal(told(a, "could not be read"), 1);
	const char *thread = arena_printf(a, "T%llu", (unsigned long long)outcome->thread);
	assert_int_equal(json_parse(a, call(a, "reprocess", thread), &result, &e), 1);
	assert_true(slice_eq(json_get_string(result, "result"), SLICE("quarantined")));
	assert_true(json_get_string(result, "reason").len > 0);
	/* Nobody is told a second time, and nothing has changed. */
	assert_int_equal(told(a, ""), 0);
	assert_true(slice_find(call(a, "quarantine", NULL), slice_str(thread)) >= 0);
	buf_release(&mail);
	arena_close(&a);
}

/* ---- machines ---- */

static const char *const logged[] = {
	"From: ann@shop.example\r\nTo: {ann}\r\nAuto-Submitted: auto-replied\r\nSubject: "
	"Away\r\n\r\n"
	"I am away\r\n",
	"From: x@else.example\r\nTo: {ann}\r\nAuto-Submitted: auto-replied\r\nSubject: Away\r\n\r\n"
	"I am away\r\n",
	"From: ann@shop.example\r\nTo: support@shop.example\r\nX-Autoreply: yes\r\n"
	"Auto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nI am away\r\n",
};

/* MAIL.md 3: an agent's out-of-office goes to the audit log, and nowhere else. */
static void agents_machines_go_to_the_log(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(logged); i++) {
		struct arena *a = arena_open();
		told(a, "");
		const Rpc__Outcome *outcome = deliver(
			a, arena_printf(a, "Message-ID: <away%zu@test>\r\n%s", i, logged[i]), true);
		assert_string_equal(outcome->state, "done");
		assert_int_equal(outcome->thread, 0);
		assert_int_equal(told(a, ""), 0);
		arena_close(&a);
	}
}

/* A customer's is threaded and shown. */
static void customers_machines_are_shown(void **state)
{
	struct arena *a = arena_open();
	(void)state;
	told(a, "");
	uint64_t thread =
		deliver(a,
			ERIKA SIMPLE("erikaaway") "Auto-Submitted: auto-replied\r\nIn-Reply-To: "
						  "<first@a.example>\r\nSubject: Automatic reply: "
						  "pots\r\n\r\n"
						  "Back on Monday\r\n",
			true)
			->thread;
	assert_int_equal(thread, 10001);
	assert_int_equal(told(a, "Back on Monday"), 1);
	/* It begins no thread of its own after a long silence. */
	thread =
		deliver(a,
			ERIKA SIMPLE("erikaaway2") "Auto-Submitted: auto-replied\r\nIn-Reply-To: "
						   "<old@a.example>\r\nSubject: Automatic reply\r\n"
						   "\r\nBack on Monday\r\n",
			true)
			->thread;
	assert_int_equal(thread, 10002);
	arena_close(&a);
}

int run_reading_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strangers),
		cmocka_unit_test(flags_of_mails),
		cmocka_unit_test(attachments_are_stored_once),
		cmocka_unit_test(too_many_attachments),
		cmocka_unit_test(slow_patterns_are_switched_off),
		cmocka_unit_test(quarantined_and_taken_up_again),
		cmocka_unit_test(what_cannot_be_read_stays),
		cmocka_unit_test(agents_machines_go_to_the_log),
		cmocka_unit_test(customers_machines_are_shown),
	};
	return cmocka_run_group_tests(tests, place_open, place_close);
}
