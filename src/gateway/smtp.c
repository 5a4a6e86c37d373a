/* SPDX-License-Identifier: ISC */
#include "smtp.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mail/envelope.h"

#define URL_MAX 600
#define ADDRESS_ROOM (MAIL_ENVELOPE_ADDR_MAX + 3)
/* The slowest server worth waiting for, bytes a millisecond. */
#define SLOWEST 4

struct smtp {
	struct route route;
	char url[URL_MAX];
	CURL *easy; /* null: not connected */
	/* The transaction under way. */
	struct slice rest;
	enum smtp_phase phase;
	bool over; /* libcurl takes its leave: what follows is not about the mail */
	int code;  /* of the last reply to the phase's command */
	char reply[SMTP_DETAIL_MAX]; /* its line */
	char why[CURL_ERROR_SIZE];
};

void smtp_init(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		die("libcurl cannot be set up");
}

/* ---- what libcurl tells on the way ---- */

static size_t read_body(char *out, size_t size, size_t n, void *context)
{
	struct smtp *smtp = context;
	size_t room = size * n;
	size_t step = smtp->rest.len < room ? smtp->rest.len : room;
	if (step)
		memcpy(out, smtp->rest.ptr, step);
	smtp->rest = slice_sub(smtp->rest, step, smtp->rest.len);
	/* With the last byte libcurl sends the end of the mail, and it cannot be called back. */
	if (smtp->rest.len == 0)
		smtp->phase = SMTP_PHASE_END;
	return step;
}

static void begin_phase(struct smtp *smtp, enum smtp_phase phase)
{
	smtp->phase = phase;
	smtp->code = 0;
	smtp->reply[0] = '\0';
}

static void note_command(struct smtp *smtp, struct slice line)
{
	if (slice_starts_nocase(line, SLICE("QUIT")) || slice_starts_nocase(line, SLICE("RSET")))
		smtp->over = true;
	if (smtp->over || smtp->phase >= SMTP_PHASE_BODY)
		return;
	if (slice_starts_nocase(line, SLICE("MAIL FROM:")))
		begin_phase(smtp, SMTP_PHASE_MAIL);
	else if (slice_starts_nocase(line, SLICE("RCPT TO:")))
		begin_phase(smtp, SMTP_PHASE_RCPT);
	else if (slice_eq_nocase(slice_trim(line), SLICE("DATA")))
		begin_phase(smtp, SMTP_PHASE_DATA);
	else
		begin_phase(smtp, smtp->phase);
}

static void note_reply(struct smtp *smtp, struct slice line)
{
	line = slice_trim(line);
	uint64_t code;
	if (smtp->over || line.len < 3 || !slice_u64(slice_sub(line, 0, 3), &code) || code < 200 ||
	    code > 599)
		return;
	snprintf(smtp->reply, sizeof(smtp->reply), "%.*s", SLICE_ARG(line));
	/* "550-": more lines of the same reply follow. */
	if (line.len > 3 && line.ptr[3] == '-')
		return;
	if (smtp->phase == SMTP_PHASE_DATA && code == 354)
		begin_phase(smtp, SMTP_PHASE_BODY);
	else
		smtp->code = (int)code;
}

static int note(CURL *easy, curl_infotype type, char *data, size_t size, void *context)
{
	(void)easy;
	struct smtp *smtp = context;
	if (type == CURLINFO_HEADER_OUT)
		note_command(smtp, slice_of(data, size));
	else if (type == CURLINFO_HEADER_IN)
		note_reply(smtp, slice_of(data, size));
	return 0;
}

/* ---- a connection ---- */

static long use_tls(enum route_tls tls)
{
	return tls == ROUTE_TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL;
}

static bool set_route(CURL *easy, const struct smtp *smtp)
{
	const struct route *r = &smtp->route;
	CURLcode code = curl_easy_setopt(easy, CURLOPT_URL, smtp->url);
	code |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR,
				 r->tls == ROUTE_TLS_IMPLICIT ? "smtps" : "smtp");
	code |= curl_easy_setopt(easy, CURLOPT_USE_SSL, use_tls(r->tls));
	code |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	code |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	code |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (*r->ca_file) {
		code |= curl_easy_setopt(easy, CURLOPT_CAINFO, r->ca_file);
		code |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	/* No proxy of the environment, no .netrc: the route is the configuration's. */
	code |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
	code |= curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	code |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	code |= curl_easy_setopt(easy, CURLOPT_MAXCONNECTS, 1L);
	code |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)r->timeout_ms);
	code |= curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT,
				 (long)(r->timeout_ms / 1000));
	return code == CURLE_OK;
}

static bool set_login(CURL *easy, const struct route *r)
{
	if (!*r->user)
		return true;
	CURLcode code = curl_easy_setopt(easy, CURLOPT_USERNAME, r->user);
	if (r->auth == ROUTE_AUTH_XOAUTH2) {
		code |= curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, r->secret);
		code |= curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
	} else {
		code |= curl_easy_setopt(easy, CURLOPT_PASSWORD, r->secret);
	}
	return code == CURLE_OK;
}

static bool set_callbacks(CURL *easy, struct smtp *smtp)
{
	CURLcode code = curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	code |= curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_body);
	code |= curl_easy_setopt(easy, CURLOPT_READDATA, smtp);
	code |= curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	code |= curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, note);
	code |= curl_easy_setopt(easy, CURLOPT_DEBUGDATA, smtp);
	code |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, smtp->why);
	return code == CURLE_OK;
}

/* One handle a route, its options fixed: a handle may reuse what was opened with others. */
static void prepare(struct smtp *smtp)
{
	if (smtp->easy)
		return;
	smtp->easy = curl_easy_init();
	if (!smtp->easy)
		die("out of memory");
	if (!set_route(smtp->easy, smtp) || !set_login(smtp->easy, &smtp->route) ||
	    !set_callbacks(smtp->easy, smtp))
		die("libcurl refuses an option of ours");
}

static void drop(struct smtp *smtp)
{
	if (smtp->easy)
		curl_easy_cleanup(smtp->easy);
	smtp->easy = NULL;
}

struct smtp *smtp_open(const struct route *route, const char *helo)
{
	struct smtp *smtp = calloc(1, sizeof(*smtp));
	if (!smtp)
		die("out of memory");
	smtp->route = *route;
	/* An IPv6 address stands in brackets; the path is what EHLO says. */
	bool six = strchr(route->host, ':') != NULL;
	int n = snprintf(smtp->url, sizeof(smtp->url), "%s://%s%s%s:%d/%s",
			 route->tls == ROUTE_TLS_IMPLICIT ? "smtps" : "smtp", six ? "[" : "",
			 route->host, six ? "]" : "", route->port, helo ? helo : "");
	if (n < 0 || (size_t)n >= sizeof(smtp->url))
		smtp->url[0] = '\0'; /* libcurl refuses it: every mail waits */
	return smtp;
}

void smtp_close(struct smtp **smtp)
{
	if (!*smtp)
		return;
	drop(*smtp);
	free(*smtp);
	*smtp = NULL;
}

/* ---- one mail ---- */

static void explain(struct smtp_result *result, enum smtp_outcome outcome, const char *text)
{
	struct buf line;
	buf_init(&line, 4 * SMTP_DETAIL_MAX);
	text_put_line(&line, slice_str(text), SMTP_DETAIL_MAX - 1);
	result->outcome = outcome;
	snprintf(result->detail, sizeof(result->detail), "%s", buf_str(&line));
	buf_release(&line);
}

bool smtp_sendable(const struct smtp_mail *mail, struct smtp_result *result)
{
	if (mail->sender.len && !mail_addr_strict(mail->sender))
		explain(result, SMTP_REFUSED, "the sender is no address for an envelope");
	else if (!mail_addr_strict(mail->recipient))
		explain(result, SMTP_REFUSED, "the recipient is no address for an envelope");
	else if (!mail_wire_safe(mail->raw))
		explain(result, SMTP_REFUSED, "the mail holds bytes that must not go out");
	else
		return true;
	return false;
}

static CURLcode transact(struct smtp *smtp, const struct smtp_mail *mail)
{
	char sender[ADDRESS_ROOM], recipient[ADDRESS_ROOM];
	snprintf(sender, sizeof(sender), "<%.*s>", SLICE_ARG(mail->sender));
	snprintf(recipient, sizeof(recipient), "<%.*s>", SLICE_ARG(mail->recipient));
	struct curl_slist *recipients = curl_slist_append(NULL, recipient);
	if (!recipients)
		die("out of memory");
	long ms = (long)(3 * smtp->route.timeout_ms + (int64_t)(mail->raw.len / SLOWEST));
	CURLcode code = curl_easy_setopt(smtp->easy, CURLOPT_MAIL_FROM, sender);
	code |= curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, recipients);
	code |= curl_easy_setopt(smtp->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)mail->raw.len);
	code |= curl_easy_setopt(smtp->easy, CURLOPT_TIMEOUT_MS, ms);
	if (code == CURLE_OK)
		code = curl_easy_perform(smtp->easy);
	/* The list is ours again only after the handle has forgotten it. */
	curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(recipients);
	return code;
}

static enum smtp_outcome try_once(struct smtp *smtp, const struct smtp_mail *mail,
				  struct smtp_result *result)
{
	prepare(smtp);
	begin_phase(smtp, SMTP_PHASE_SESSION);
	smtp->over = false;
	smtp->rest = mail->raw;
	smtp->why[0] = '\0';
	CURLcode code = transact(smtp, mail);
	enum smtp_outcome outcome = smtp_judge(smtp->phase, smtp->code, code == CURLE_OK);
	if (smtp->reply[0] && smtp->code)
		explain(result, outcome, smtp->reply);
	else
		explain(result, outcome, smtp->why[0] ? smtp->why : curl_easy_strerror(code));
	result->unreached = outcome != SMTP_SENT && smtp->phase == SMTP_PHASE_SESSION;
	return outcome;
}

/* Did the server close a connection that it had left open after the last mail? */
static bool was_stale(const struct smtp *smtp)
{
	long connects = 1;
	curl_easy_getinfo(smtp->easy, CURLINFO_NUM_CONNECTS, &connects);
	return connects == 0 && smtp->phase < SMTP_PHASE_BODY && smtp->code == 0;
}

void smtp_send(struct smtp *smtp, const struct smtp_mail *mail, struct smtp_result *result)
{
	*result = (struct smtp_result){.outcome = SMTP_REFUSED};
	if (!smtp_sendable(mail, result))
		return;
	for (int tries = 0; tries < 2; tries++) {
		enum smtp_outcome outcome = try_once(smtp, mail, result);
		if (outcome == SMTP_SENT)
			return;
		bool again = was_stale(smtp);
		/* What comes late on it must not be taken for the next mail's answer. */
		drop(smtp);
		if (!again)
			return;
	}
}
