/* SPDX-License-Identifier: ISC */
#include "test_desk.h"

#include <stdio.h>

#include "command.h"
#include "desk/authority.h"
#include "desk/link.h"
#include "desk/state.h"
#include "record/agent.h"
#include "record/import.h"
#include "record/thread.h"

/* A desk in a directory of its own, with two agents, two customers and a thread. */

#define NOW 1772359200 /* 2026-03-01T10:00:00Z */

static char dir[4096];
static struct desk *desk;

struct step {
	void (*run)(struct work *work, const void *row);
	const void *row;
};

/* Why the row failed; to be told outside the transaction, which a test must not leave. */
static char complaint[4096];

__attribute__((format(printf, 1, 2))) static void complain(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(complaint, sizeof(complaint), format, args);
	va_end(args);
}

static int run_step(struct txn *txn, void *ctx, struct err *e)
{
	const struct step *step = ctx;
	struct work work;
	assert_int_equal(work_init(&work, desk, txn_arena(txn), txn, NOW, e), 1);
	step->run(&work, step->row);
	return 1;
}

static void in_work(void (*run)(struct work *work, const void *row), const void *row)
{
	struct step step = {run, row};
	struct err e = {ERR_NONE, ""};
	complaint[0] = '\0';
	if (store_run(desk->store, STORE_DEFERRED, run_step, &step, &e) != 1)
		fail_msg("%s", e.text);
	if (complaint[0])
		fail_msg("%s", complaint);
}

static void fill(struct work *work, const void *row)
{
	static const char *const records[] = {
		"{\"type\":\"customer\",\"id\":\"C10001\",\"name\":\"Erika\",\"emails\":[\"erika@a."
		"example\"]}",
		"{\"type\":\"customer\",\"id\":\"C10002\",\"name\":\"John\",\"emails\":[\"john@b."
		"example\"]}",
		"{\"type\":\"order\",\"id\":\"O10001\",\"customer\":\"C10001\",\"currency\":"
		"\"EUR\"}",
		"{\"type\":\"order\",\"id\":\"O10002\",\"customer\":\"C10002\",\"currency\":"
		"\"EUR\"}",
		"{\"type\":\"thread\",\"id\":\"T10001\",\"customer\":\"C10001\",\"participants\":["
		"\"erika@a.example\"]}",
		"{\"type\":\"message\",\"id\":1,\"thread\":\"T10001\",\"from\":\"erika@a.example\","
		"\"message_id\":\"first@a.example\"}",
	};
	(void)row;
	for (int i = 0; i < 2; i++) {
		Rec__Agent agent;
		struct err e = {ERR_NONE, ""};
		rec__agent__init(&agent);
		agent.name = arena_str(work->arena, i ? SLICE("bob") : SLICE("ann"));
		agent.address = arena_printf(work->arena, "%s@shop.example", agent.name);
		agent.role = REC__ROLE__ROLE_AGENT;
		if (agent_add(&work->change, &agent, &e) != 1)
			complain("%s", e.text);
	}
	for (size_t i = 0; i < ROWS(records); i++) {
		struct json *object;
		enum import_result result;
		struct err e = {ERR_NONE, ""};
		if (json_parse(work->arena, slice_str(records[i]), &object, &e) != 1 ||
		    record_import_object(&work->change, object, &result, &e) < 0)
			complain("%s: %s", records[i], e.text);
	}
}

static int open_desk(void **state)
{
	struct desk_shop shop = {SLICE("Tea & Tin"), SLICE("support@shop.example"), SLICE("en"),
				 SLICE("EUR"), SLICE("UTC")};
	struct err e = {ERR_NONE, ""};
	char templates[4096];
	const char *srcdir = getenv("srcdir");
	(void)state;
	clock_set(NOW);
	snprintf(templates, sizeof(templates), "%s/templates", srcdir ? srcdir : ".");
	setenv("POSTCLERK_TEMPLATES", templates, 0);
	make_dir(dir, sizeof(dir));
	if (desk_create(dir, &shop, &e) != 1)
		fail_msg("%s", e.text);
	write_file(dir, DESK_CONF_FILE,
		   "authority { authserv-id = {\"desk.test\"} border = \"desk.test\" }\n");
	if (desk_open(dir, &desk, &e) != 1)
		fail_msg("%s", e.text);
	in_work(fill, NULL);
	return 0;
}

static int close_desk(void **state)
{
	(void)state;
	desk_close(&desk);
	discard_dir(dir);
	return 0;
}

/* ---- mails with tokens in them ---- */

/* "{ann}" and the like in a mail stand for these addresses. */
static const struct {
	const char *word;
	struct token token;
} addresses[] = {
	{"{ann}", {TOKEN_PUBLIC, 1, 10001, 1, NOW + TOKEN_DAYS * 86400}},
	{"{note}", {TOKEN_NOTE, 1, 10001, 1, NOW + TOKEN_DAYS * 86400}},
	{"{bob}", {TOKEN_PUBLIC, 2, 10001, 1, NOW + TOKEN_DAYS * 86400}},
	{"{late}", {TOKEN_PUBLIC, 1, 10001, 1, NOW - 1}},
	{"{old}", {TOKEN_PUBLIC, 1, 10001, 1, NOW + (TOKEN_DAYS - 1) * 86400}},
	{"{bounce}", {TOKEN_BOUNCE, 1, 10001, 1, NOW + TOKEN_DAYS * 86400}},
};

static void put_word(struct buf *out, struct slice *rest)
{
	for (size_t i = 0; i < ROWS(addresses); i++) {
		struct slice word = slice_str(addresses[i].word);
		if (!slice_starts(*rest, word))
			continue;
		token_put_address(out, &desk->keys, &addresses[i].token,
				  SLICE("support@shop.example"));
		*rest = slice_sub(*rest, word.len, rest->len);
		return;
	}
	if (slice_starts(*rest, SLICE("{id}"))) {
		token_put_message_id(out, &desk->keys, 10001, 5, SLICE("support@shop.example"));
		*rest = slice_sub(*rest, 4, rest->len);
		return;
	}
	buf_putc(out, rest->ptr[0]);
	*rest = slice_sub(*rest, 1, rest->len);
}

static struct mail *mail_of(struct work *work, const char *text)
{
	struct buf raw;
	struct mail *mail;
	struct err e = {ERR_NONE, ""};
	struct slice rest = slice_str(text);
	buf_init(&raw, 1 << 16);
	while (rest.len)
		put_word(&raw, &rest);
	struct slice bytes = arena_copy(work->arena, buf_slice(&raw));
	buf_release(&raw);
	if (mail_parse(work->arena, bytes, NULL, &mail, &e) != 1)
		complain("%s", e.text);
	return mail;
}

/* ---- authority ---- */

#define I0 COMMAND_I0_IDENTITY
#define I1 COMMAND_I1_TOKEN
#define I2 COMMAND_I2_TRANSPORT
#define FAILED COMMAND_I2_FAILED

#define BORDER "Received: from a by desk.test with ESMTP id 1; Sun, 1 Mar 2026 10:00:00 +0000\r\n"
#define PASSED(what) "Authentication-Results: desk.test; " what "\r\n" BORDER
#define ANN "From: Ann <ann@shop.example>\r\n"

struct authority_row {
	const char *mail;
	unsigned proofs;
	uint64_t agent; /* 0: nobody's address */
	bool has_token, foreign, to_desk;
};

static const struct authority_row authority_rows[] = {
	/* I0 */
	{ANN "To: x@y.example\r\n", I0, 1, false, false, false},
	{"From: ANN@Shop.Example\r\n", I0, 1, false, false, false},
	{"From: \"bob@shop.example\" <mallory@evil.example>\r\n", 0, 0, false, false, false},
	{"From: ann@shop.example, mallory@evil.example\r\n", 0, 0, false, false, false},
	{"From: g: ann@shop.example;\r\n", 0, 1, false, false, false},
	{ANN "From: mallory@evil.example\r\n", 0, 0, false, false, false},
	{ANN "Reply-To: mallory@evil.example\r\n", 0, 1, false, false, false},
	{ANN "Reply-To: Ann <ann@shop.example>\r\n", I0, 1, false, false, false},
	{"From: =?utf-8?Q?ann=40shop.example?= <mallory@evil.example>\r\n", 0, 0, false, false,
	 false},
	{"Subject: no From\r\n", 0, 0, false, false, false},
	/* I1 */
	{ANN "To: {ann}\r\n", I0 | I1, 1, true, false, false},
	{ANN "Cc: x@y.example, {ann}\r\n", I0 | I1, 1, true, false, false},
	{ANN "Delivered-To: {ann}\r\n", I0 | I1, 1, true, false, false},
	{ANN "X-Original-To: {note}\r\n", I0 | I1, 1, true, false, false},
	{ANN "Bcc: {ann}\r\n", I0, 1, false, false, false},
	{ANN "To: {bob}\r\n", I0, 1, true, true, false},
	{ANN "To: {bob}, {ann}\r\n", I0 | I1, 1, true, false, false},
	{"From: mallory@evil.example\r\nTo: {ann}\r\n", 0, 0, true, true, false},
	{ANN "To: {late}\r\n", I0, 1, true, false, false},
	/* Made before the agent's tokens_valid_from. */
	{ANN "To: {old}\r\n", I0, 1, true, false, false},
	{ANN "To: {bounce}\r\n", I0, 1, false, false, false},
	{ANN "To: support+desk@shop.example\r\n", I0, 1, false, false, true},
	{ANN "To: support@shop.example\r\n", I0, 1, false, false, false},
	/* I2 */
	{PASSED("auth=pass smtp.auth=ann") ANN, I0 | I2, 1, false, false, false},
	{PASSED("auth=pass smtp.auth=ann@shop.example") ANN, I0 | I2, 1, false, false, false},
	{PASSED("auth=pass smtp.auth=bob") ANN, I0, 1, false, false, false},
	{PASSED("auth=fail smtp.auth=ann") ANN, I0, 1, false, false, false},
	{PASSED("dmarc=pass header.from=shop.example") ANN, I0 | I2, 1, false, false, false},
	{PASSED("dmarc=pass header.from=evil.example") ANN, I0, 1, false, false, false},
	{PASSED("dmarc=fail header.from=shop.example; auth=pass smtp.auth=ann") ANN, I0 | FAILED, 1,
	 false, false, false},
	{PASSED("dkim=pass header.d=shop.example") ANN, I0, 1, false, false, false},
	{PASSED("dkim=pass header.d=shop.example; spf=pass smtp.mailfrom=a@mail.shop.example") ANN,
	 I0 | I2, 1, false, false, false},
	{PASSED("dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=shop.example") ANN, I0, 1,
	 false, false, false},
	{PASSED("dkim=pass header.d=example; spf=pass smtp.mailfrom=example") ANN, I0, 1, false,
	 false, false},
	{"Authentication-Results: other.test; auth=pass smtp.auth=ann\r\n" BORDER ANN, I0, 1, false,
	 false, false},
	/* Below our border: a forgery, whatever stands above. */
	{BORDER PASSED("auth=pass smtp.auth=ann") ANN, I0 | FAILED, 1, false, false, false},
	{PASSED("auth=pass smtp.auth=ann") PASSED("auth=pass smtp.auth=ann") ANN, I0 | FAILED, 1,
	 false, false, false},
	{"Received: from b by inner.test id 2; Sun, 1 Mar 2026 10:00:01 +0000\r\n" PASSED(
		 "auth=pass smtp.auth=ann") ANN,
	 I0 | I2, 1, false, false, false},
	{"Received: from b by evil.test (by desk.test) id 2; Sun, 1 Mar 2026 10:00:01 "
	 "+0000\r\n" PASSED("auth=pass smtp.auth=ann") ANN,
	 I0 | I2, 1, false, false, false},
	/* A HELO that reads like our clause, or hides it (T03). */
	{"Received: from ruby (x [192.0.2.1]) by desk.test id 1; Sun, 1 Mar 2026 10:00:00 "
	 "+0000\r\n" PASSED("auth=pass smtp.auth=ann") ANN,
	 I0 | FAILED, 1, false, false, false},
	{"Received: from by evil.test (x [192.0.2.1])\r\n\tby desk.test id 1; Sun, 1 Mar 2026 "
	 "10:00:00 +0000\r\n" PASSED("auth=pass smtp.auth=ann") ANN,
	 I0 | FAILED, 1, false, false, false},
	{"Received: from x (x [192.0.2.1]) by\r\n desk.test (Postfix) id 1; Sun, 1 Mar 2026 "
	 "10:00:00 +0000\r\n" PASSED("auth=pass smtp.auth=ann") ANN,
	 I0 | FAILED, 1, false, false, false},
	{"Received: from x by desk.test.evil.example id 1; Sun, 1 Mar 2026 10:00:00 "
	 "+0000\r\n" PASSED("auth=pass smtp.auth=ann") ANN,
	 I0 | I2, 1, false, false, false},
};

static void judge_row(struct work *work, const void *ctx)
{
	const struct authority_row *row = ctx;
	struct authority got;
	struct err e = {ERR_NONE, ""};
	struct mail *mail = mail_of(
		work, arena_printf(work->arena, "%sMessage-ID: <1@x>\r\n\r\n#help\r\n", row->mail));
	if (authority_judge(work, mail, &got, &e) != 1)
		complain("%s", e.text);
	if (got.proofs != row->proofs || (got.agent ? got.agent->id : 0) != row->agent ||
	    got.has_token != row->has_token || got.token_foreign != row->foreign ||
	    got.to_desk != row->to_desk)
		complain("%s: proofs %x agent %d token %d foreign %d desk %d\n%.*s", row->mail,
			 got.proofs, got.agent ? (int)got.agent->id : 0, got.has_token,
			 got.token_foreign, got.to_desk, SLICE_ARG(got.whoami));
}

static void authority_of_mails(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(authority_rows); i++)
		in_work(judge_row, &authority_rows[i]);
}

/* ---- links ---- */

struct link_row {
	const char *mail, *text;
	uint64_t thread, possible, customer, order;
	const char *suggested;
};

#define ERIKA "From: erika@a.example\r\n"
#define JOHN "From: john@b.example\r\n"

static const struct link_row link_rows[] = {
	{ERIKA, "hello", 0, 0, 10001, 0, NULL},
	{"From: who@c.example\r\n", "O10001", 0, 0, 0, 0, "O10001"},
	{"Subject: nobody\r\n", "hello", 0, 0, 0, 0, NULL},
	/* A signed Message-ID of ours, whoever answers it. */
	{ERIKA "In-Reply-To: <{id}>\r\n", "", 10001, 0, 10001, 0, NULL},
	{JOHN "References: <x@y> <{id}> <z@y>\r\n", "", 10001, 0, 10002, 0, NULL},
	/* The id of a stored mail, of those who take part. */
	{ERIKA "In-Reply-To: <first@a.example>\r\n", "", 10001, 0, 10001, 0, NULL},
	{JOHN "In-Reply-To: <first@a.example>\r\n", "", 0, 0, 10002, 0, NULL},
	{ERIKA "In-Reply-To: <unknown@a.example>\r\n", "", 0, 0, 10001, 0, NULL},
	/* The subject's tag (T29). */
	{ERIKA "Subject: Re: hello [T10001]\r\n", "", 10001, 0, 10001, 0, NULL},
	{JOHN "Subject: Re: hello [T10001]\r\n", "", 0, 10001, 10002, 0, NULL},
	{ERIKA "Subject: [T10002] [Tx] [T\r\n", "", 0, 0, 10001, 0, NULL},
	{ERIKA "Subject: [T99999999999999999999999]\r\n", "", 0, 0, 10001, 0, NULL},
	/* Numbers. */
	{ERIKA, "where is o10001?", 0, 0, 10001, 10001, NULL},
	{ERIKA "Subject: O10001\r\n", "O10001 and O10001", 0, 0, 10001, 10001, NULL},
	{ERIKA, "where is O10002?", 0, 0, 10001, 0, "O10002"},
	{ERIKA, "XO10001 O100019999999999 O1 O99999", 0, 0, 10001, 0, NULL},
};

static void link_one(struct work *work, const void *ctx)
{
	const struct link_row *row = ctx;
	struct linkage got;
	struct err e = {ERR_NONE, ""};
	struct mail *mail =
		mail_of(work, arena_printf(work->arena, "%s\r\n%s\r\n", row->mail, row->text));
	if (link_mail(work, mail, slice_str(row->text), &got, &e) != 1)
		complain("%s", e.text);
	uint64_t order = got.n_orders ? got.orders[0] : 0;
	bool suggested = row->suggested
				 ? got.n_suggested == 1 &&
					   slice_eq(got.suggested[0], slice_str(row->suggested))
				 : got.n_suggested == 0;
	if (got.thread != row->thread || got.possible != row->possible ||
	    (got.customer ? got.customer->id : 0) != row->customer || order != row->order ||
	    got.n_orders > 1 || !suggested)
		complain("%s%s: thread %d (%s) possible %d customer %d orders %zu suggested %zu",
			 row->mail, row->text, (int)got.thread, got.how, (int)got.possible,
			 got.customer ? (int)got.customer->id : 0, got.n_orders, got.n_suggested);
}

static void links_of_mails(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(link_rows); i++)
		in_work(link_one, &link_rows[i]);
}

/* ---- the desk as a whole ---- */

static void desk_opens_once(void **state)
{
	struct desk *second;
	struct err e = {ERR_NONE, ""};
	(void)state;
	assert_int_equal(desk_open(dir, &second, &e), -1);
	assert_int_equal(e.class, ERR_TEMP);
	assert_null(second);
}

static void desk_needs_its_secret(void **state)
{
	struct desk_shop shop = {SLICE("X"), SLICE("x@y.example"), SLICE("en"), SLICE("EUR"),
				 SLICE("UTC")};
	char other[4096];
	struct desk *opened;
	struct err e = {ERR_NONE, ""};
	(void)state;
	make_dir(other, sizeof(other));
	assert_int_equal(desk_create(other, &shop, &e), 1);
	assert_int_equal(desk_create(other, &shop, &e), -1);
	assert_int_equal(e.class, ERR_INPUT);
	write_file(other, DESK_SECRET_FILE, "short\n");
	assert_int_equal(desk_open(other, &opened, &e), -1);
	assert_int_equal(e.class, ERR_CONFIG);
	assert_non_null(strstr(e.text, DESK_SECRET_FILE));
	discard_dir(other);
}

static void desk_knows_its_requests(void **state)
{
	struct arena *a = arena_open();
	Rpc__Request request;
	Rpc__Call call;
	(void)state;
	rpc__request__init(&request);
	assert_int_not_equal(desk_handle(desk, &request, a)->status, 0);
	rpc__call__init(&call);
	call.name = arena_str(a, SLICE("no-such-call"));
	request.body_case = RPC__REQUEST__BODY_CALL;
	request.call = &call;
	const Rpc__Reply *reply = desk_handle(desk, &request, a);
	assert_int_not_equal(reply->status, 0);
	assert_non_null(strstr(reply->error, "no-such-call"));
	arena_close(&a);
}

int run_mail_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(authority_of_mails),	   cmocka_unit_test(links_of_mails),
		cmocka_unit_test(desk_opens_once),	   cmocka_unit_test(desk_needs_its_secret),
		cmocka_unit_test(desk_knows_its_requests),
	};
	return cmocka_run_group_tests(tests, open_desk, close_desk);
}
