/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "../../src/gateway/imap.h"
#include "../../src/gateway/smtp.h"
#include "fake_imap.h"
#include "test_gateway.h"

/* P20: who cannot prove itself is refused before LOGIN. */
static const struct {
	enum peer_certificate certificate;
	const char *host;
	bool good;
} rows[] = {
	{PEER_GOOD, "localhost", true},		{PEER_GOOD, "127.0.0.1", true},
	{PEER_SELF_SIGNED, "localhost", false}, {PEER_WRONG_HOST, "localhost", false},
	{PEER_WRONG_HOST, "127.0.0.1", false},	{PEER_EXPIRED, "localhost", false},
	{PEER_NOT_YET, "localhost", false},	{PEER_OTHER_AUTHORITY, "localhost", false},
};

static int try_imap(const struct folder *folder, size_t i, enum route_tls tls, struct world *world,
		    const char **heard, struct err *e)
{
	static char copy[4096];
	char ca[2 * PATH_ROOM];
	snprintf(ca, sizeof(ca), "%s/ca.pem", folder->path);
	struct peer_options options = {.serve = fake_imap_serve,
				       .context = world,
				       .tls = tls == ROUTE_TLS_IMPLICIT,
				       .certificate = rows[i].certificate};
	struct peer *peer = peer_open(&options, ca);
	struct route route = {.host = rows[i].host,
			      .port = peer_port(peer),
			      .tls = tls,
			      .user = "support",
			      .secret = "secret",
			      .ca_file = ca,
			      .timeout_ms = 5000};
	struct imap *imap;
	int got = imap_open(&route, &imap, e);
	if (got == 1)
		imap_close(&imap);
	snprintf(copy, sizeof(copy), "%s", peer_heard(peer));
	*heard = copy;
	peer_close(&peer);
	return got;
}

static void imap_peers_are_proved(void **state)
{
	static const enum route_tls kinds[] = {ROUTE_TLS_IMPLICIT, ROUTE_TLS_STARTTLS};
	for (size_t k = 0; k < COUNT(kinds); k++)
		for (size_t i = 0; i < COUNT(rows); i++) {
			struct world world = {.uidvalidity = 1, .starttls = true};
			struct err e;
			const char *heard;
			int got = try_imap(*state, i, kinds[k], &world, &heard, &e);
			assert_int_equal(got, rows[i].good ? 1 : -1);
			if (rows[i].good)
				assert_non_null(strstr(heard, "LOGIN"));
			else
				assert_null(strstr(heard, "LOGIN"));
			if (!rows[i].good)
				assert_int_equal(e.class, ERR_CONFIG);
		}
}

/* T30: what is put in behind the answer to STARTTLS is not read as proved. */
static void starttls_injection(void **state)
{
	struct world world = {.uidvalidity = 1, .starttls = true, .inject = true};
	struct err e;
	const char *heard;
	assert_int_equal(try_imap(*state, 0, ROUTE_TLS_STARTTLS, &world, &heard, &e), -1);
	assert_null(strstr(heard, "LOGIN"));
	assert_non_null(strstr(e.text, "STARTTLS"));
}

static void starttls_is_not_left_out(void **state)
{
	struct world no_tls = {.uidvalidity = 1}, preauth = {.uidvalidity = 1, .preauth = true};
	struct err e;
	const char *heard;
	preauth.starttls = true;
	assert_int_equal(try_imap(*state, 0, ROUTE_TLS_STARTTLS, &preauth, &heard, &e), -1);
	assert_null(strstr(heard, "LOGIN"));
	no_tls.no_login = true;
	(void)no_tls;
}

/* ---- SMTP ---- */

static void smtp_serve(struct peer *peer, void *context)
{
	bool *starttls = context;
	const char *line;
	peer_say(peer, "220 peer.test\r\n");
	while ((line = peer_line(peer))) {
		if (strncmp(line, "EHLO", 4) == 0)
			peer_say(peer, "250-peer.test\r\n%s250 AUTH PLAIN LOGIN\r\n",
				 *starttls ? "250-STARTTLS\r\n" : "");
		else if (strncmp(line, "STARTTLS", 8) == 0) {
			peer_say(peer, "220 go\r\n");
			if (!peer_start_tls(peer))
				return;
			*starttls = false;
		} else if (strncmp(line, "AUTH", 4) == 0) {
			peer_say(peer, "334 \r\n");
			if (!peer_line(peer))
				return;
			peer_say(peer, "235 ok\r\n");
		} else if (strncmp(line, "DATA", 4) == 0) {
			peer_say(peer, "354 go\r\n");
			while ((line = peer_line(peer)) && strcmp(line, ".") != 0)
				;
			peer_say(peer, "250 queued\r\n");
		} else
			peer_say(peer, "250 ok\r\n");
	}
}

static void smtp_peers_are_proved(void **state)
{
	const struct folder *folder = *state;
	static const enum route_tls kinds[] = {ROUTE_TLS_IMPLICIT, ROUTE_TLS_STARTTLS};
	char ca[2 * PATH_ROOM];
	snprintf(ca, sizeof(ca), "%s/ca.pem", folder->path);
	for (size_t n = 0; n < COUNT(kinds) * COUNT(rows); n++) {
		size_t i = n % COUNT(rows);
		enum route_tls tls = kinds[n / COUNT(rows)];
		bool starttls = tls == ROUTE_TLS_STARTTLS;
		struct peer_options options = {.serve = smtp_serve,
					       .context = &starttls,
					       .tls = tls == ROUTE_TLS_IMPLICIT,
					       .certificate = rows[i].certificate};
		struct peer *peer = peer_open(&options, ca);
		struct route route = {.host = rows[i].host,
				      .port = peer_port(peer),
				      .tls = tls,
				      .user = "u",
				      .secret = "s",
				      .ca_file = ca,
				      .timeout_ms = 5000};
		struct smtp *smtp = smtp_open(&route, "desk.test");
		const struct smtp_mail mail = {.recipient = SLICE("a@b.example"),
					       .raw = SLICE("Subject: x\r\n\r\nx\r\n")};
		struct smtp_result result;
		smtp_send(smtp, &mail, &result);
		smtp_close(&smtp);
		assert_int_equal(result.outcome, rows[i].good ? SMTP_SENT : SMTP_RETRY);
		assert_int_equal(result.unreached, !rows[i].good);
		if (!rows[i].good)
			assert_null(strstr(peer_heard(peer), "AUTH"));
		peer_close(&peer);
	}
}

static void smtp_without_starttls_is_refused(void **state)
{
	(void)state;
	bool starttls = false;
	struct peer_options options = {.serve = smtp_serve, .context = &starttls};
	struct peer *peer = peer_open(&options, NULL);
	struct route route = {.host = "127.0.0.1",
			      .port = peer_port(peer),
			      .tls = ROUTE_TLS_STARTTLS,
			      .user = "u",
			      .secret = "s",
			      .ca_file = "",
			      .timeout_ms = 5000};
	struct smtp *smtp = smtp_open(&route, NULL);
	const struct smtp_mail mail = {.recipient = SLICE("a@b.example"),
				       .raw = SLICE("Subject: x\r\n\r\nx\r\n")};
	struct smtp_result result;
	smtp_send(smtp, &mail, &result);
	smtp_close(&smtp);
	assert_int_equal(result.outcome, SMTP_RETRY);
	assert_null(strstr(peer_heard(peer), "AUTH"));
	assert_null(strstr(peer_heard(peer), "MAIL"));
	peer_close(&peer);
}

int run_tls_tests(void)
{
#define TLS_TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
	const struct CMUnitTest tests[] = {
		TLS_TEST(imap_peers_are_proved),
		TLS_TEST(starttls_injection),
		TLS_TEST(starttls_is_not_left_out),
		TLS_TEST(smtp_peers_are_proved),
		TLS_TEST(smtp_without_starttls_is_refused),
	};
	return cmocka_run_group_tests_name("gateway-tls", tests, NULL, NULL);
}
