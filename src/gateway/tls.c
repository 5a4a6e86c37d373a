/* SPDX-License-Identifier: ISC */
#include "tls.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"

#define PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

struct tls {
	gnutls_session_t session;
	gnutls_certificate_credentials_t credentials;
};

static bool is_address(const char *host)
{
	struct in6_addr any;
	return inet_pton(AF_INET, host, &any) == 1 || inet_pton(AF_INET6, host, &any) == 1;
}

static int load_trust(struct tls *tls, const char *ca_file, struct err *e)
{
	if (gnutls_certificate_allocate_credentials(&tls->credentials) < 0)
		die("out of memory");
	int n = ca_file && *ca_file ? gnutls_certificate_set_x509_trust_file(
					      tls->credentials, ca_file, GNUTLS_X509_FMT_PEM)
				    : gnutls_certificate_set_x509_system_trust(tls->credentials);
	if (n > 0)
		return 1;
	return err_set(e, ERR_CONFIG, "no trusted certificate in %s: %s",
		       ca_file && *ca_file ? ca_file : "the system's store",
		       n < 0 ? gnutls_strerror(n) : "it is empty");
}

static int set_up(struct tls *tls, int fd, const struct tls_peer *peer, struct err *e)
{
	if (load_trust(tls, peer->ca_file, e) < 0)
		return -1;
	if (gnutls_init(&tls->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
		die("out of memory");
	int code = gnutls_priority_set_direct(tls->session, PRIORITY, NULL);
	if (code == 0)
		code = gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE,
					      tls->credentials);
	/* An address is no server name (RFC 6066 3). */
	if (code == 0 && !is_address(peer->host))
		code = gnutls_server_name_set(tls->session, GNUTLS_NAME_DNS, peer->host,
					      strlen(peer->host));
	if (code < 0)
		return err_set(e, ERR_CONFIG, "TLS: %s", gnutls_strerror(code));
	gnutls_session_set_verify_cert(tls->session, peer->host, 0);
	gnutls_transport_set_int(tls->session, fd);
	return 1;
}

static short wanted(const struct tls *tls)
{
	return gnutls_record_get_direction(tls->session) ? POLLOUT : POLLIN;
}

static int refused(struct tls *tls, const struct tls_peer *peer, int code, struct err *e)
{
	if (code != GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
		return err_set(e, ERR_TEMP, "TLS with %s: %s", peer->host, gnutls_strerror(code));
	gnutls_datum_t text = {NULL, 0};
	gnutls_certificate_verification_status_print(
		gnutls_session_get_verify_cert_status(tls->session),
		gnutls_certificate_type_get2(tls->session, GNUTLS_CTYPE_PEERS), &text, 0);
	struct slice why = slice_str(text.data ? (const char *)text.data : gnutls_strerror(code));
	err_set(e, ERR_CONFIG, "%s is not who it should be: %.*s", peer->host,
		SLICE_ARG(slice_trim(why)));
	gnutls_free(text.data);
	return -1;
}

static int shake_hands(struct tls *tls, int fd, const struct tls_peer *peer, int64_t deadline,
		       struct err *e)
{
	for (;;) {
		int code = gnutls_handshake(tls->session);
		if (code == GNUTLS_E_SUCCESS)
			return 1;
		if (code == GNUTLS_E_AGAIN || code == GNUTLS_E_INTERRUPTED) {
			if (clock_mono_ms() >= deadline ||
			    frame_wait(fd, wanted(tls), deadline) == 0)
				return err_set(e, ERR_TEMP, "TLS with %s: no answer in time",
					       peer->host);
		} else if (gnutls_error_is_fatal(code)) {
			return refused(tls, peer, code, e);
		}
	}
}

int tls_open(int fd, const struct tls_peer *peer, int64_t deadline, struct tls **out, struct err *e)
{
	struct tls *tls = calloc(1, sizeof(*tls));
	if (!tls)
		die("out of memory");
	if (set_up(tls, fd, peer, e) < 0 || shake_hands(tls, fd, peer, deadline, e) < 0) {
		tls_close(&tls);
		return -1;
	}
	*out = tls;
	return 1;
}

void tls_close(struct tls **tls)
{
	if (!*tls)
		return;
	if ((*tls)->session) {
		/* A courtesy that must not wait: the socket does not block. */
		(void)gnutls_bye((*tls)->session, GNUTLS_SHUT_WR);
		gnutls_deinit((*tls)->session);
	}
	gnutls_certificate_free_credentials((*tls)->credentials);
	free(*tls);
	*tls = NULL;
}

static ssize_t passed(struct tls *tls, ssize_t code, short *events, struct err *e)
{
	if (code >= 0)
		return code;
	if (!gnutls_error_is_fatal((int)code))
		*events = wanted(tls);
	else
		err_set(e, ERR_TEMP, "TLS: %s", gnutls_strerror((int)code));
	return -1;
}

ssize_t tls_read(struct tls *tls, void *out, size_t size, short *events, struct err *e)
{
	return passed(tls, gnutls_record_recv(tls->session, out, size), events, e);
}

ssize_t tls_write(struct tls *tls, const void *bytes, size_t size, short *events, struct err *e)
{
	/* After an interrupted write GnuTLS wants the same bytes again, and gets them. */
	return passed(tls, gnutls_record_send(tls->session, bytes, size), events, e);
}

bool tls_pending(const struct tls *tls)
{
	return gnutls_record_check_pending(tls->session) > 0;
}
