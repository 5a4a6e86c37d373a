/* SPDX-License-Identifier: ISC */
#include "command.h"
#include "desk/authority.h"
#include "desk/link.h"
#include "desk_place.h"

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
	struct mail *mail = place_mail(
		work, arena_printf(work->arena, "%sMessage-ID: <1@x>\r\n\r\n#help\r\n", row->mail));
	if (authority_judge(work, mail, &got, &e) != 1)
		place_complain("%s", e.text);
	if (got.proofs != row->proofs || (got.agent ? got.agent->id : 0) != row->agent ||
	    got.has_token != row->has_token || got.token_foreign != row->foreign ||
	    got.to_desk != row->to_desk)
		place_complain("%s: proofs %x agent %d token %d foreign %d desk %d\n%.*s",
			       row->mail, got.proofs, got.agent ? (int)got.agent->id : 0,
			       got.has_token, got.token_foreign, got.to_desk,
			       SLICE_ARG(got.whoami));
}

static void authority_of_mails(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(authority_rows); i++)
		place_run(judge_row, &authority_rows[i]);
}

/* ---- links ---- */

struct link_row {
	const char *mail, *text;
	uint64_t thread, possible, customer, order;
	const char *suggested;
	uint64_t split_from;
	bool stranger;
};

#define ERIKA "From: erika@a.example\r\n"
#define JOHN "From: john@b.example\r\n"

static const struct link_row link_rows[] = {
	{ERIKA, "hello", 0, 0, 10001, 0, NULL},
	{"From: who@c.example\r\n", "O10001", 0, 0, 0, 0, "O10001"},
	{"Subject: nobody\r\n", "hello", 0, 0, 0, 0, NULL},
	/* A signed Message-ID of ours, whoever answers it. */
	{ERIKA "In-Reply-To: <{id}>\r\n", "", 10001, 0, 10001, 0, NULL},
	{JOHN "References: <x@y> <{id}> <z@y>\r\n", "", 10001, 0, 10002, 0, NULL, 0, true},
	/* The address that a mail of ours was sent from, in To, in Cc, as delivery says. */
	{ERIKA "To: {bounce}\r\n", "", 10001, 0, 10001, 0, NULL},
	{ERIKA "To: x@y.example\r\nCc: z@y.example, {bounce}\r\n", "", 10001, 0, 10001, 0, NULL},
	{ERIKA "Delivered-To: other@y.example\r\nDelivered-To: {bounce}\r\n", "", 10001, 0, 10001,
	 0, NULL},
	{ERIKA "X-Original-To: {bounce}\r\n", "", 10001, 0, 10001, 0, NULL},
	{"From: who@c.example\r\nTo: {bounce}\r\n", "", 10001, 0, 0, 0, NULL, 0, true},
	/* It goes before what In-Reply-To says, and that before References. */
	{ERIKA "To: {bounce}\r\nIn-Reply-To: <recent@a.example>\r\n", "", 10001, 0, 10001, 0, NULL},
	{ERIKA "In-Reply-To: <recent@a.example>\r\nReferences: <{id}>\r\n", "", 10001, 0, 10001, 0,
	 NULL},
	{ERIKA "In-Reply-To: <recent@a.example>\r\nReferences: <old@a.example>\r\n", "", 10003, 0,
	 10001, 0, NULL},
	{ERIKA "References: <old@a.example> <recent@a.example>\r\n", "", 10003, 0, 10001, 0, NULL},
	/* The id of a stored mail, of those who take part. */
	{ERIKA "In-Reply-To: <first@a.example>\r\n", "", 10001, 0, 10001, 0, NULL},
	{JOHN "In-Reply-To: <first@a.example>\r\n", "", 0, 0, 10002, 0, NULL},
	{ERIKA "In-Reply-To: <unknown@a.example>\r\n", "", 0, 0, 10001, 0, NULL},
	/* The subject's tag (T29). */
	{ERIKA "Subject: Re: hello [T10001]\r\n", "", 10001, 0, 10001, 0, NULL},
	{JOHN "Subject: Re: hello [T10001]\r\n", "", 0, 10001, 10002, 0, NULL},
	{ERIKA "Subject: [T19999] [Tx] [T\r\n", "", 0, 0, 10001, 0, NULL},
	{ERIKA "Subject: [T19999] [t10001] x\r\n", "", 10001, 0, 10001, 0, NULL},
	{JOHN "Subject: [T10002] [T10001]\r\n", "", 0, 10002, 10002, 0, NULL},
	{"From: who@c.example\r\nSubject: [T10001]\r\n", "", 0, 10001, 0, 0, NULL},
	/* A customer takes part under each address. */
	{"From: Erika@Work.Example\r\nSubject: [T10001]\r\n", "", 10001, 0, 10001, 0, NULL},
	{"From: erika@work.example\r\nIn-Reply-To: <first@a.example>\r\n", "", 10001, 0, 10001, 0,
	 NULL},
	/* What was merged leads on. */
	{ERIKA "Subject: [T10004]\r\n", "", 10001, 0, 10001, 0, NULL},
	{ERIKA "In-Reply-To: <merged@a.example>\r\n", "", 10001, 0, 10001, 0, NULL},
	/* Another subject after a long silence, in an answer. */
	{ERIKA "Subject: A new question\r\nIn-Reply-To: <old@a.example>\r\n", "", 0, 0, 10001, 0,
	 NULL, 10002},
	{ERIKA "Subject: AW: WG: broken CUP\r\nIn-Reply-To: <old@a.example>\r\n", "", 10002, 0,
	 10001, 0, NULL},
	{ERIKA "Subject: Re:\r\nIn-Reply-To: <old@a.example>\r\n", "", 10002, 0, 10001, 0, NULL},
	{ERIKA "Subject: A new question\r\nIn-Reply-To: <recent@a.example>\r\n", "", 10003, 0,
	 10001, 0, NULL},
	{ERIKA "Subject: A new question [T10002]\r\n", "", 10002, 0, 10001, 0, NULL},
	{ERIKA "Subject: [T99999999999999999999999]\r\n", "", 0, 0, 10001, 0, NULL},
	/* Numbers. */
	{ERIKA, "where is o10001?", 0, 0, 10001, 10001, NULL},
	{ERIKA "Subject: O10001\r\n", "O10001 and O10001", 0, 0, 10001, 10001, NULL},
	{ERIKA, "where is O10002?", 0, 0, 10001, 0, "O10002"},
	{ERIKA, "XO10001 O100019999999999 O1 O99999", 0, 0, 10001, 0, NULL},
	{ERIKA, "Amazon 026-1234567-7654321", 0, 0, 10001, 10001, NULL},
	{JOHN, "Amazon 026-1234567-7654321", 0, 0, 10002, 0, "026-1234567-7654321"},
	{ERIKA, "Amazon 026-0000000-0000000", 0, 0, 10001, 0, NULL},
	{ERIKA, "parcel 1z999aa10123456784?", 0, 0, 10001, 10001, NULL},
	{JOHN, "parcel 1Z999AA10123456784?", 0, 0, 10002, 0, "1Z999AA10123456784"},
	{JOHN, "see I2026-00017", 0, 0, 10002, 0, "I2026-00017"},
	{JOHN, "see N2026-00003", 0, 0, 10002, 0, "N2026-00003"},
};

static bool is_suggested(const struct numbers *numbers, const char *suggested)
{
	return suggested ? numbers->n_suggested == 1 &&
				   slice_eq(numbers->suggested[0], slice_str(suggested))
			 : numbers->n_suggested == 0;
}

static void link_one(struct work *work, const void *ctx)
{
	const struct link_row *row = ctx;
	struct linkage got;
	struct err e = {ERR_NONE, ""};
	struct link_mail mail = {
		.mail = place_mail(work,
				   arena_printf(work->arena, "%s\r\n%s\r\n", row->mail, row->text)),
		.text = slice_str(row->text),
		.by_person = true,
	};
	if (link_mail(work, &mail, &got, &e) != 1)
		place_complain("%s", e.text);
	const struct numbers *numbers = &got.numbers;
	uint64_t order = numbers->n_orders ? numbers->orders[0] : 0;
	uint64_t thread = got.thread ? got.thread->id : 0;
	if (thread != row->thread || got.possible != row->possible ||
	    (got.customer ? got.customer->id : 0) != row->customer || order != row->order ||
	    numbers->n_orders > 1 || !is_suggested(numbers, row->suggested) ||
	    got.split_from != row->split_from || got.stranger != row->stranger)
		place_complain("%s%s: thread %d (%s) possible %d customer %d orders %zu suggested "
			       "%zu split %d stranger %d",
			       row->mail, row->text, (int)thread, got.how, (int)got.possible,
			       got.customer ? (int)got.customer->id : 0, numbers->n_orders,
			       numbers->n_suggested, (int)got.split_from, got.stranger);
}

static void links_of_mails(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(link_rows); i++)
		place_run(link_one, &link_rows[i]);
}

/* ---- the desk as a whole ---- */

static void desk_opens_once(void **state)
{
	struct desk *second;
	struct err e = {ERR_NONE, ""};
	(void)state;
	assert_int_equal(desk_open(place_dir, &second, &e), -1);
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
	assert_int_not_equal(desk_handle(place_desk, &request, a)->status, 0);
	rpc__call__init(&call);
	call.name = arena_str(a, SLICE("no-such-call"));
	request.body_case = RPC__REQUEST__BODY_CALL;
	request.call = &call;
	const Rpc__Reply *reply = desk_handle(place_desk, &request, a);
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
	return cmocka_run_group_tests(tests, place_open, place_close);
}
