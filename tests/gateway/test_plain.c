/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../src/gateway/backoff.h"
#include "../../src/gateway/cursor.h"
#include "../../src/gateway/frame.h"
#include "../../src/gateway/maildir.h"
#include "../../src/gateway/route.h"
#include "../../src/gateway/smtp.h"
#include "test_gateway.h"

/* ---- frames ---- */

struct pair {
	int a, b;
	struct buf frame;
};

static int pair_setup(void **state)
{
	struct pair *pair = calloc(1, sizeof(*pair));
	int fds[2];
	assert_non_null(pair);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	*pair = (struct pair){.a = fds[0], .b = fds[1]};
	buf_init(&pair->frame, GATEWAY_FRAME_MAX);
	*state = pair;
	return 0;
}

static int pair_teardown(void **state)
{
	struct pair *pair = *state;
	if (pair->a >= 0)
		close(pair->a);
	close(pair->b);
	buf_release(&pair->frame);
	free(pair);
	return 0;
}

static int64_t soon(int64_t ms)
{
	return clock_mono_ms() + ms;
}

static void frame_round_trip(void **state)
{
	struct pair *pair = *state;
	static const char *const bodies[] = {"", "x", "hello\nworld"};
	struct err e;
	for (size_t i = 0; i < COUNT(bodies); i++)
		assert_int_equal(frame_write(pair->a, slice_str(bodies[i]), soon(5000), &e), 1);
	for (size_t i = 0; i < COUNT(bodies); i++) {
		assert_int_equal(frame_read(pair->b, &pair->frame, soon(5000), &e), 1);
		assert_string_equal(buf_str(&pair->frame), bodies[i]);
	}
}

static void frame_ends(void **state)
{
	struct pair *pair = *state;
	static const struct {
		const char *bytes;
		size_t n;
		int result;
	} rows[] = {
		{"", 0, 0},
		{"\0\0", 2, -1},
		{"\0\0\0\5abc", 7, -1},
		{"\377\377\377\377", 4, -1}, /* longer than the ceiling */
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		int fds[2];
		struct err e;
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
		assert_int_equal(write(fds[0], rows[i].bytes, rows[i].n), rows[i].n);
		close(fds[0]);
		assert_int_equal(frame_read(fds[1], &pair->frame, soon(5000), &e), rows[i].result);
		close(fds[1]);
	}
}

static void frame_deadline(void **state)
{
	struct pair *pair = *state;
	struct err e;
	assert_int_equal(frame_read(pair->b, &pair->frame, soon(10), &e), -1);
	assert_int_equal(e.class, ERR_TEMP);
	/* Nobody reads: the socket's buffer fills up. */
	static char much[4 << 20];
	assert_int_equal(frame_write(pair->a, slice_of(much, sizeof(much)), soon(10), &e), -1);
	assert_int_equal(e.class, ERR_TEMP);
}

static void frame_to_nobody(void **state)
{
	struct pair *pair = *state;
	struct err e;
	close(pair->a);
	pair->a = -1;
	assert_int_equal(frame_write(pair->b, SLICE("x"), soon(1000), &e), -1);
}

/* ---- back-off ---- */

static void backoff_grows_to_its_cap(void **state)
{
	(void)state;
	static const struct {
		int64_t low, high;
	} rows[] = {{100, 200}, {200, 400}, {400, 800}, {800, 1600}, {1000, 2000}, {1000, 2000}};
	static const uint32_t randoms[] = {0, 1, 12345, UINT32_MAX};
	for (size_t r = 0; r < COUNT(randoms); r++) {
		struct backoff b = {.first_ms = 200, .cap_ms = 2000};
		for (size_t i = 0; i < COUNT(rows); i++)
			assert_in_range(backoff_next(&b, randoms[r]), rows[i].low, rows[i].high);
	}
	struct backoff many = {.first_ms = 200, .cap_ms = 2000, .failures = UINT32_MAX - 1};
	assert_in_range(backoff_draw(&many), 1000, 2000);
}

/* ---- outcomes ---- */

static void outcomes(void **state)
{
	(void)state;
	static const struct {
		enum smtp_phase phase;
		int code;
		bool complete;
		enum smtp_outcome outcome;
	} rows[] = {
		{SMTP_PHASE_END, 250, true, SMTP_SENT},
		/* NOTES.md: trust no code when CURLcode is not 0. */
		{SMTP_PHASE_END, 250, false, SMTP_UNKNOWN},
		{SMTP_PHASE_END, 0, false, SMTP_UNKNOWN},
		{SMTP_PHASE_END, 354, false, SMTP_UNKNOWN},
		{SMTP_PHASE_END, 0, true, SMTP_UNKNOWN},
		{SMTP_PHASE_END, 451, false, SMTP_RETRY},
		{SMTP_PHASE_END, 421, false, SMTP_RETRY},
		{SMTP_PHASE_END, 554, false, SMTP_REFUSED},
		{SMTP_PHASE_BODY, 0, false, SMTP_RETRY},
		{SMTP_PHASE_BODY, 250, true, SMTP_RETRY},
		{SMTP_PHASE_BODY, 552, false, SMTP_REFUSED},
		{SMTP_PHASE_DATA, 0, false, SMTP_RETRY},
		{SMTP_PHASE_DATA, 451, false, SMTP_RETRY},
		{SMTP_PHASE_DATA, 554, false, SMTP_REFUSED},
		{SMTP_PHASE_RCPT, 550, false, SMTP_REFUSED},
		{SMTP_PHASE_RCPT, 554, false, SMTP_REFUSED},
		{SMTP_PHASE_RCPT, 452, false, SMTP_RETRY},
		{SMTP_PHASE_RCPT, 0, false, SMTP_RETRY},
		{SMTP_PHASE_RCPT, 250, false, SMTP_RETRY},
		{SMTP_PHASE_RCPT, 503, false, SMTP_RETRY},
		{SMTP_PHASE_MAIL, 530, false, SMTP_RETRY},
		{SMTP_PHASE_MAIL, 552, false, SMTP_REFUSED},
		{SMTP_PHASE_SESSION, 554, false, SMTP_RETRY},
		{SMTP_PHASE_SESSION, 535, false, SMTP_RETRY},
		{SMTP_PHASE_SESSION, 0, false, SMTP_RETRY},
		{SMTP_PHASE_SESSION, 250, true, SMTP_RETRY},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(smtp_judge(rows[i].phase, rows[i].code, rows[i].complete),
				 rows[i].outcome);
}

/* No pair of phase and code is sent without the end, nor refused without a 5xx. */
static void outcomes_of_every_pair(void **state)
{
	(void)state;
	for (int phase = SMTP_PHASE_SESSION; phase <= SMTP_PHASE_END; phase++)
		for (int code = 0; code < 600; code++)
			for (int complete = 0; complete < 2; complete++) {
				enum smtp_outcome o =
					smtp_judge((enum smtp_phase)phase, code, complete);
				if (o == SMTP_SENT)
					assert_true(phase == SMTP_PHASE_END && complete &&
						    code / 100 == 2);
				if (o == SMTP_REFUSED)
					assert_int_equal(code / 100, 5);
				if (o == SMTP_UNKNOWN)
					assert_int_equal(phase, SMTP_PHASE_END);
			}
}

/* ---- cursor ---- */

static void cursor_steps(void **state)
{
	(void)state;
	struct cursor c;
	cursor_init(&c, 7);
	cursor_taken(&c, 3);
	assert_true(cursor_owe(&c, 5));
	assert_true(cursor_owe(&c, 4));
	assert_true(cursor_owe(&c, 5));
	cursor_taken(&c, 6);
	assert_int_equal(c.uid, 6);
	assert_int_equal(c.n_owed, 2);
	assert_int_equal(c.owed[0], 4);
	cursor_taken(&c, 4);
	assert_int_equal(c.uid, 6);
	assert_int_equal(c.n_owed, 1);

	Tra__Cursor message;
	cursor_save(&c, &message, "support", "INBOX");
	struct cursor again;
	cursor_load(&again, &message);
	assert_int_equal(again.uidvalidity, 7);
	assert_int_equal(again.uid, 6);
	assert_int_equal(again.owed[0], 5);
	cursor_release(&again);
	cursor_release(&c);
}

static void cursor_owes_only_so_many(void **state)
{
	(void)state;
	struct cursor c;
	cursor_init(&c, 1);
	for (uint32_t uid = 1; uid <= CURSOR_OWED_MAX; uid++)
		assert_true(cursor_owe(&c, uid));
	assert_false(cursor_owe(&c, CURSOR_OWED_MAX + 1));
	assert_int_equal(c.uid, CURSOR_OWED_MAX);
	assert_true(cursor_owe(&c, 5));
	cursor_release(&c);
}

/* ---- routes ---- */

static void loopback_hosts(void **state)
{
	(void)state;
	static const struct {
		const char *host;
		bool loopback;
	} rows[] = {
		{"localhost", true},	   {"LOCALHOST", true},	 {"127.0.0.1", true},
		{"127.9.9.9", true},	   {"::1", true},	 {"mail.example", false},
		{"127.0.0.1.evil", false}, {"128.0.0.1", false}, {"::2", false},
		{"localhost.evil", false}, {"", false},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(route_is_loopback(rows[i].host), rows[i].loopback);
}

static void routes(void **state)
{
	const struct folder *folder = *state;
	static const struct {
		const char *text;
		int port;	   /* 0: refused */
		const char *error; /* a part of it */
	} rows[] = {
		{"smtp { host = a.example }", 465, NULL},
		{"smtp { host = a.example tls = starttls }", 587, NULL},
		{"smtp { host = localhost tls = none }", 25, NULL},
		{"smtp { host = a.example port = 2525 }", 2525, NULL},
		{"smtp { host = a.example user = u }", 0, "password"},
		{"smtp { host = a.example user = u password = x }", 465, NULL},
		{"smtp { host = a.example user = u password-file = secret }", 465, NULL},
		{"smtp { host = a.example user = u password-file = none-such }", 0, "none-such"},
		{"smtp { }", 0, "host"},
		{"smtp { host = a.example user = \"a\\nb\" password = x }", 0, "control"},
	};
	folder_put(folder, "secret", "opensesame\nsecond line\n");
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_open();
		struct conf *conf;
		struct route route;
		struct err e;
		folder_put(folder, DESK_CONF_FILE, rows[i].text);
		assert_int_equal(desk_settings_open(folder->path, &conf, &e), 1);
		int got = route_load(a, folder->path, conf, "smtp", 0, &route, &e);
		assert_int_equal(got, rows[i].port ? 1 : -1);
		if (rows[i].port)
			assert_int_equal(route.port, rows[i].port);
		else
			assert_non_null(strstr(e.text, rows[i].error));
		if (got == 1 && strstr(rows[i].text, "password-file"))
			assert_string_equal(route.secret, "opensesame");
		conf_close(&conf);
		arena_close(&a);
	}
}

/* ---- Maildir ---- */

static void maildir_repeats_replace(void **state)
{
	const struct folder *folder = *state;
	char path[2 * PATH_ROOM], file[3 * PATH_ROOM];
	snprintf(path, sizeof(path), "%s/out", folder->path);
	struct maildir_mail mail = {.id = 42,
				    .sender = SLICE("a@b.example"),
				    .recipient = SLICE("c@d.example"),
				    .raw = SLICE("Subject: x\r\n\r\nfirst\r\n")};
	struct err e;
	assert_int_equal(maildir_deliver(path, &mail, &e), 1);
	mail.raw = SLICE("Subject: x\r\n\r\nsecond\r\n");
	assert_int_equal(maildir_deliver(path, &mail, &e), 1);
	snprintf(file, sizeof(file), "%s/new/0000000042.postclerk", path);
	char text[200] = "";
	FILE *f = fopen(file, "r");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	assert_string_equal(text, "Return-Path: <a@b.example>\r\nDelivered-To: c@d.example\r\n"
				  "Subject: x\r\n\r\nsecond\r\n");
	snprintf(file, sizeof(file), "%s/tmp/0000000042.postclerk", path);
	assert_int_not_equal(access(file, F_OK), 0);
	/* A folder that cannot be made. */
	folder_put(folder, "file", "");
	snprintf(path, sizeof(path), "%s/file/out", folder->path);
	assert_int_equal(maildir_deliver(path, &mail, &e), -1);
	assert_int_equal(e.class, ERR_TEMP);
}

int run_plain_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(frame_round_trip, pair_setup, pair_teardown),
		cmocka_unit_test_setup_teardown(frame_ends, pair_setup, pair_teardown),
		cmocka_unit_test_setup_teardown(frame_deadline, pair_setup, pair_teardown),
		cmocka_unit_test_setup_teardown(frame_to_nobody, pair_setup, pair_teardown),
		cmocka_unit_test(backoff_grows_to_its_cap),
		cmocka_unit_test(outcomes),
		cmocka_unit_test(outcomes_of_every_pair),
		cmocka_unit_test(cursor_steps),
		cmocka_unit_test(cursor_owes_only_so_many),
		cmocka_unit_test(loopback_hosts),
		cmocka_unit_test_setup_teardown(routes, folder_setup, folder_teardown),
		cmocka_unit_test_setup_teardown(maildir_repeats_replace, folder_setup,
						folder_teardown),
	};
	return cmocka_run_group_tests_name("gateway-plain", tests, NULL, NULL);
}
