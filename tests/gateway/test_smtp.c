/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../src/gateway/smtp.h"
#include "fake_desk.h"
#include "peer.h"
#include "test_gateway.h"

#define RAW "Subject: x\r\n\r\nhello\r\n"

/*
 * A server whose faults are chosen by the recipient's local part: rNNN is
 * refused at RCPT with that code, dNNN after the mail, mNNN at MAIL (by the
 * sender), drop at RCPT, dropdata after the mail's end, dropbody after 354,
 * hangdata never answers, late answers after the client has given up.
 */
struct script {
	char sender[80], recipient[80], mail[4096];
	unsigned mails;
	bool late;
};

static int code_in(const char *address, char kind)
{
	return address[0] == kind ? atoi(address + 1) : 0;
}

static void copy_address(char *out, size_t size, const char *line)
{
	const char *open = strchr(line, '<');
	const char *end = open ? strchr(open, '>') : NULL;
	snprintf(out, size, "%.*s", end ? (int)(end - open - 1) : 0, open ? open + 1 : "");
}

static bool take_data(struct peer *peer, struct script *s)
{
	const char *line;
	size_t n = 0;
	peer_say(peer, "354 go\r\n");
	if (strncmp(s->recipient, "dropbody", 8) == 0)
		return false;
	s->mail[0] = '\0';
	while ((line = peer_line(peer)) && strcmp(line, ".") != 0)
		if (n < sizeof(s->mail))
			n += (size_t)snprintf(s->mail + n, sizeof(s->mail) - n, "%s\n", line);
	if (!line || strncmp(s->recipient, "dropdata", 8) == 0)
		return false;
	if (strncmp(s->recipient, "hangdata", 8) == 0) {
		usleep(1500000);
		peer_say(peer, "250 too late\r\n");
		return true;
	}
	int code = code_in(s->recipient, 'd');
	if (code)
		return peer_say(peer, "%d 5.0.0 scripted\r\n", code);
	s->mails++;
	return peer_say(peer, "250 queued\r\n");
}

static bool take_recipient(struct peer *peer, struct script *s)
{
	int code = code_in(s->recipient, 'r');
	if (strncmp(s->recipient, "drop@", 5) == 0)
		return false;
	if (code)
		return peer_say(peer, "%d-more than one line\r\n%d scripted\r\n", code, code);
	return peer_say(peer, "250 ok\r\n");
}

static void script_serve(struct peer *peer, void *context)
{
	struct script *s = context;
	const char *line;
	bool more = peer_say(peer, "220 peer.test\r\n");
	while (more && (line = peer_line(peer))) {
		if (strncmp(line, "MAIL", 4) == 0) {
			copy_address(s->sender, sizeof(s->sender), line);
			int code = code_in(s->sender, 'm');
			more = peer_say(peer, "%d ok\r\n", code ? code : 250);
		} else if (strncmp(line, "RCPT", 4) == 0) {
			copy_address(s->recipient, sizeof(s->recipient), line);
			more = take_recipient(peer, s);
		} else if (strncmp(line, "DATA", 4) == 0) {
			more = take_data(peer, s);
		} else {
			more = peer_say(peer, strncmp(line, "QUIT", 4) == 0 ? "221 bye\r\n"
									    : "250 ok\r\n");
		}
	}
}

struct scene {
	struct script script;
	struct peer *peer;
	struct smtp *smtp;
	struct smtp_result result;
};

static int setup(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	assert_non_null(s);
	struct peer_options options = {.serve = script_serve, .context = &s->script};
	s->peer = peer_open(&options, NULL);
	struct route route = {.host = "127.0.0.1",
			      .port = peer_port(s->peer),
			      .tls = ROUTE_TLS_NONE,
			      .user = "",
			      .secret = "",
			      .ca_file = "",
			      .timeout_ms = 1000};
	s->smtp = smtp_open(&route, "desk.test");
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;
	smtp_close(&s->smtp);
	peer_close(&s->peer);
	free(s);
	return 0;
}

static enum smtp_outcome send_mail(struct scene *s, const char *from, const char *to,
				   const char *raw)
{
	const struct smtp_mail mail = {slice_str(from), slice_str(to), slice_str(raw)};
	smtp_send(s->smtp, &mail, &s->result);
	return s->result.outcome;
}

static void outcomes_by_fault(void **state)
{
	struct scene *s = *state;
	static const struct {
		const char *from, *to;
		enum smtp_outcome outcome;
		const char *detail; /* a part of it, or null */
	} rows[] = {
		{"a@b.example", "ok@x.example", SMTP_SENT, "250"},
		{"", "ok@x.example", SMTP_SENT, "250"},
		{"a@b.example", "r550@x.example", SMTP_REFUSED, "550"},
		{"a@b.example", "r451@x.example", SMTP_RETRY, "451"},
		{"a@b.example", "r452@x.example", SMTP_RETRY, "452"},
		{"a@b.example", "r421@x.example", SMTP_RETRY, "421"},
		{"a@b.example", "d554@x.example", SMTP_REFUSED, "554"},
		{"a@b.example", "d451@x.example", SMTP_RETRY, "451"},
		{"m552@b.example", "ok@x.example", SMTP_REFUSED, "552"},
		{"m530@b.example", "ok@x.example", SMTP_RETRY, "530"},
		{"a@b.example", "drop@x.example", SMTP_RETRY, NULL},
		{"a@b.example", "dropdata@x.example", SMTP_UNKNOWN, NULL},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(send_mail(s, rows[i].from, rows[i].to, RAW), rows[i].outcome);
		assert_false(s->result.unreached);
		if (rows[i].detail)
			assert_non_null(strstr(s->result.detail, rows[i].detail));
		/* The next mail is not told what the last one was. */
		assert_int_equal(send_mail(s, "a@b.example", "ok@x.example", RAW), SMTP_SENT);
	}
}

/* The server never asked for all of it, so it cannot have taken it. */
static void lost_before_the_end_is_a_retry(void **state)
{
	struct scene *s = *state;
	static char raw[8 << 20];
	memset(raw, 'x', sizeof(raw) - 1);
	memcpy(raw, "a: b\r\n\r\n", 8);
	for (size_t i = 76; i + 2 < sizeof(raw); i += 78)
		memcpy(raw + i, "\r\n", 2);
	memcpy(raw + sizeof(raw) - 3, "\r\n", 2);
	assert_int_equal(send_mail(s, "a@b.example", "dropbody@x.example", raw), SMTP_RETRY);
}

static void a_late_answer_is_not_the_next_mails(void **state)
{
	struct scene *s = *state;
	assert_int_equal(send_mail(s, "a@b.example", "hangdata@x.example", RAW), SMTP_UNKNOWN);
	assert_int_equal(send_mail(s, "a@b.example", "r550@x.example", RAW), SMTP_REFUSED);
}

static void one_connection_for_many_mails(void **state)
{
	struct scene *s = *state;
	for (int i = 0; i < 10; i++)
		assert_int_equal(send_mail(s, "a@b.example", "ok@x.example", RAW), SMTP_SENT);
	assert_int_equal(s->script.mails, 10);
	assert_int_equal(peer_connections(s->peer), 1);
}

/* T05, T06: nothing of the kind reaches the wire. */
static void what_must_not_go_out(void **state)
{
	struct scene *s = *state;
	static const struct {
		const char *from, *to, *raw;
	} rows[] = {
		{"a@b.example", "x@y.example>\r\nRCPT TO:<evil@z.example", RAW},
		{"a@b.example\r\nDATA", "x@y.example", RAW},
		{"a@b.example", "", RAW},
		{"a@b.example", "x y@z.example", RAW},
		{"a@b.example", "x@y.example, z@y.example", RAW},
		{"a@b.example", "x@y.example", "Subject: x\n\nbare\n"},
		{"a@b.example", "x@y.example", "Subject: x\r\n\r\na\n.\nMAIL FROM:<evil@x>\r\n"},
		{"a@b.example", "x@y.example", "Subject: x\r\n\r\na\r.\rx\r\n"},
		{"a@b.example", "x@y.example", "Subject: x\r\n\r\nno end of line"},
		{"a@b.example", "x@y.example", "Subject: \xe4\r\n\r\n"},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(send_mail(s, rows[i].from, rows[i].to, rows[i].raw), SMTP_REFUSED);
	assert_int_equal(peer_connections(s->peer), 0);
}

static void dots_are_stuffed(void **state)
{
	struct scene *s = *state;
	static const struct {
		const char *raw, *heard; /* with the dots still stuffed */
	} rows[] = {
		{"a: b\r\n\r\n.\r\nend\r\n", "a: b\n\n..\nend\n"},
		{"a: b\r\n\r\n..two\r\n.\r\n", "a: b\n\n...two\n..\n"},
		{"a: b\r\n\r\nlast\r\n.\r\n", "a: b\n\nlast\n..\n"},
		{".x: b\r\n\r\n", "..x: b\n\n"},
		{"a: b\r\n\r\n.\r\n.\r\n.\r\n", "a: b\n\n..\n..\n..\n"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(send_mail(s, "a@b.example", "ok@x.example", rows[i].raw),
				 SMTP_SENT);
		assert_string_equal(s->script.mail, rows[i].heard);
	}
	assert_int_equal(s->script.mails, COUNT(rows));
}

static void nobody_listens(void **state)
{
	(void)state;
	struct route route = {.host = "127.0.0.1",
			      .port = 1,
			      .tls = ROUTE_TLS_NONE,
			      .user = "",
			      .secret = "",
			      .ca_file = "",
			      .timeout_ms = 1000};
	struct smtp *smtp = smtp_open(&route, NULL);
	const struct smtp_mail mail = {.recipient = SLICE("a@b.example"), .raw = SLICE(RAW)};
	struct smtp_result result;
	smtp_send(smtp, &mail, &result);
	assert_int_equal(result.outcome, SMTP_RETRY);
	assert_true(result.unreached);
	smtp_close(&smtp);
}

/* ---- the outbox over it ---- */

static int outbox_setup(void **state)
{
	fake_reset();
	return folder_setup(state);
}

static void put_conf(const struct folder *folder, int port, int connections)
{
	char text[300];
	snprintf(text, sizeof(text),
		 "smtp { host = 127.0.0.1 port = %d tls = none connections = %d timeout-seconds = "
		 "2 }",
		 port, connections);
	folder_put(folder, DESK_CONF_FILE, text);
}

static void outbox_marks_every_mail(void **state)
{
	static const char *const recipients[] = {"ok@x.example",   "r550@x.example",
						 "r451@x.example", "dropdata@x.example",
						 "ok2@x.example",  "bad address"};
	static const Rpc__Delivery expected[] = {
		RPC__DELIVERY__DELIVERY_SENT,  RPC__DELIVERY__DELIVERY_REFUSED,
		RPC__DELIVERY__DELIVERY_RETRY, RPC__DELIVERY__DELIVERY_UNKNOWN,
		RPC__DELIVERY__DELIVERY_SENT,  RPC__DELIVERY__DELIVERY_REFUSED};
	struct script script = {.mails = 0};
	struct peer_options options = {.serve = script_serve, .context = &script};
	struct peer *peer = peer_open(&options, NULL);
	put_conf(*state, peer_port(peer), 1);
	for (size_t i = 0; i < COUNT(recipients); i++)
		fake_queue(i + 1, "a@b.example", recipients[i], RAW);
	struct gateway_sent sent;
	struct err e;
	assert_int_equal(gateway_send(((struct folder *)*state)->path, &sent, &e), 1);
	for (size_t i = 0; i < COUNT(recipients); i++) {
		assert_int_equal(fake()->outgoing[i].results, 1);
		assert_int_equal(fake()->outgoing[i].delivery, expected[i]);
	}
	assert_int_equal(sent.sent, 2);
	assert_int_equal(sent.refused, 2);
	assert_int_equal(sent.retry, 1);
	assert_int_equal(sent.unknown, 1);
	peer_close(&peer);
}

static void outbox_leaves_the_rest_when_nobody_listens(void **state)
{
	put_conf(*state, 1, 1);
	for (uint64_t i = 1; i <= 5; i++)
		fake_queue(i, "a@b.example", "ok@x.example", RAW);
	struct gateway_sent sent;
	struct err e;
	assert_int_equal(gateway_send(((struct folder *)*state)->path, &sent, &e), -1);
	assert_int_equal(e.class, ERR_TEMP);
	assert_int_equal(sent.retry, 1);
	assert_false(fake()->outgoing[1].done);
}

static void outbox_without_smtp_files(void **state)
{
	const struct folder *folder = *state;
	char path[2 * PATH_ROOM];
	folder_put(folder, DESK_CONF_FILE, "");
	fake_queue(7, "a@b.example", "ok@x.example", RAW);
	fake_queue(8, "a@b.example", "ok@x.example", "bare\n");
	struct gateway_sent sent;
	struct err e;
	assert_int_equal(gateway_send(folder->path, &sent, &e), 1);
	assert_int_equal(sent.sent, 1);
	assert_int_equal(sent.refused, 1);
	snprintf(path, sizeof(path), "%s/out/new/0000000007.postclerk", folder->path);
	assert_int_equal(access(path, R_OK), 0);
}

int run_smtp_tests(void)
{
#define SMTP_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define OUTBOX_TEST(name) cmocka_unit_test_setup_teardown(name, outbox_setup, folder_teardown)
	const struct CMUnitTest tests[] = {
		SMTP_TEST(outcomes_by_fault),
		SMTP_TEST(lost_before_the_end_is_a_retry),
		SMTP_TEST(a_late_answer_is_not_the_next_mails),
		SMTP_TEST(one_connection_for_many_mails),
		SMTP_TEST(what_must_not_go_out),
		SMTP_TEST(dots_are_stuffed),
		SMTP_TEST(nobody_listens),
		OUTBOX_TEST(outbox_marks_every_mail),
		OUTBOX_TEST(outbox_leaves_the_rest_when_nobody_listens),
		OUTBOX_TEST(outbox_without_smtp_files),
	};
	return cmocka_run_group_tests_name("gateway-smtp", tests, NULL, NULL);
}
