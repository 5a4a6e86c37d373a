/* SPDX-License-Identifier: ISC */
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_PEER (1 << 20)
#define HEARD_MAX (8 << 20)

struct peer {
	struct peer_options options;
	int listener, fd, port;
	pthread_t thread;
	pthread_mutex_t lock;
	bool stop;
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t tls; /* or null */
	struct buf heard, line;
	char *heard_copy;
	unsigned connections;
	long next_cut, cut, sent; /* cut: of the connection under way */
};

static void must(bool condition, const char *what)
{
	if (!condition)
		die("test peer: %s", what);
}

/* ---- certificates ---- */

static gnutls_x509_privkey_t make_key(void)
{
	gnutls_x509_privkey_t key;
	must(gnutls_x509_privkey_init(&key) == 0, "key");
	must(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
					  GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) == 0,
	     "generate");
	return key;
}

static gnutls_x509_crt_t make_certificate(gnutls_x509_privkey_t key, const char *name)
{
	gnutls_x509_crt_t crt;
	static const unsigned char serial = 1;
	time_t now = time(NULL);
	must(gnutls_x509_crt_init(&crt) == 0, "certificate");
	gnutls_x509_crt_set_version(crt, 3);
	gnutls_x509_crt_set_serial(crt, &serial, sizeof(serial));
	gnutls_x509_crt_set_activation_time(crt, now - 3600);
	gnutls_x509_crt_set_expiration_time(crt, now + 3600);
	gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
				      (unsigned)strlen(name));
	gnutls_x509_crt_set_key(crt, key);
	return crt;
}

static gnutls_x509_crt_t make_authority(gnutls_x509_privkey_t key, const char *name)
{
	gnutls_x509_crt_t crt = make_certificate(key, name);
	gnutls_x509_crt_set_ca_status(crt, 1);
	gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_KEY_CERT_SIGN);
	must(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0) == 0, "sign");
	return crt;
}

static void name_host(gnutls_x509_crt_t crt, enum peer_certificate kind)
{
	static const unsigned char loopback[] = {127, 0, 0, 1};
	const char *name = kind == PEER_WRONG_HOST ? "other.example" : "localhost";
	gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, name, (unsigned)strlen(name),
					     GNUTLS_FSAN_SET);
	if (kind != PEER_WRONG_HOST)
		gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, loopback,
						     sizeof(loopback), GNUTLS_FSAN_APPEND);
	if (kind == PEER_EXPIRED)
		gnutls_x509_crt_set_expiration_time(crt, time(NULL) - 60);
	if (kind == PEER_NOT_YET)
		gnutls_x509_crt_set_activation_time(crt, time(NULL) + 600);
}

static void save_authority(gnutls_x509_crt_t ca, const char *path)
{
	gnutls_datum_t pem;
	must(gnutls_x509_crt_export2(ca, GNUTLS_X509_FMT_PEM, &pem) == 0, "export");
	FILE *file = fopen(path, "w");
	must(file && fwrite(pem.data, 1, pem.size, file) == pem.size, "write");
	fclose(file);
	gnutls_free(pem.data);
}

static void make_credentials(struct peer *peer, const char *ca_path)
{
	enum peer_certificate kind = peer->options.certificate;
	gnutls_x509_privkey_t ca_key = make_key(), other_key = make_key(), key = make_key();
	gnutls_x509_crt_t ca = make_authority(ca_key, "test authority");
	gnutls_x509_crt_t other = make_authority(other_key, "another authority");
	gnutls_x509_crt_t crt = make_certificate(key, "localhost");
	name_host(crt, kind);
	bool self = kind == PEER_SELF_SIGNED, strange = kind == PEER_OTHER_AUTHORITY;
	must(gnutls_x509_crt_sign2(crt,
				   self	     ? crt
				   : strange ? other
					     : ca,
				   self	     ? key
				   : strange ? other_key
					     : ca_key,
				   GNUTLS_DIG_SHA256, 0) == 0,
	     "sign");
	gnutls_certificate_allocate_credentials(&peer->credentials);
	must(gnutls_certificate_set_x509_key(peer->credentials, &crt, 1, key) >= 0, "set key");
	if (ca_path)
		save_authority(ca, ca_path);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_crt_deinit(other);
	gnutls_x509_crt_deinit(ca);
	gnutls_x509_privkey_deinit(key);
	gnutls_x509_privkey_deinit(other_key);
	gnutls_x509_privkey_deinit(ca_key);
}

/* ---- bytes ---- */

static ssize_t read_some(struct peer *peer, char *out, size_t n)
{
	ssize_t got;
	if (!peer->tls)
		return recv(peer->fd, out, n, 0);
	do
		got = gnutls_record_recv(peer->tls, out, n);
	while (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED);
	return got;
}

bool peer_bytes(struct peer *peer, char *out, size_t n)
{
	for (size_t have = 0; have < n;) {
		ssize_t got = read_some(peer, out + have, n - have);
		if (got <= 0)
			return false;
		pthread_mutex_lock(&peer->lock);
		buf_put(&peer->heard, slice_of(out + have, (size_t)got));
		pthread_mutex_unlock(&peer->lock);
		have += (size_t)got;
	}
	return true;
}

const char *peer_line(struct peer *peer)
{
	char c;
	buf_clear(&peer->line);
	while (peer_bytes(peer, &c, 1)) {
		if (c == '\n') {
			if (peer->line.len && peer->line.ptr[peer->line.len - 1] == '\r')
				peer->line.len--;
			return buf_str(&peer->line);
		}
		buf_putc(&peer->line, c);
	}
	return NULL;
}

bool peer_send(struct peer *peer, struct slice bytes)
{
	bool cut = false;
	pthread_mutex_lock(&peer->lock);
	if (peer->cut >= 0 && peer->sent + (long)bytes.len > peer->cut) {
		bytes.len = (size_t)(peer->cut - peer->sent);
		cut = true;
	}
	peer->sent += (long)bytes.len;
	pthread_mutex_unlock(&peer->lock);
	while (bytes.len) {
		ssize_t n = peer->tls ? gnutls_record_send(peer->tls, bytes.ptr, bytes.len)
				      : send(peer->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		bytes = slice_sub(bytes, (size_t)n, bytes.len);
	}
	return !cut;
}

bool peer_say(struct peer *peer, const char *format, ...)
{
	struct buf text;
	va_list args;
	buf_init(&text, LINE_MAX_PEER);
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	bool sent = peer_send(peer, buf_slice(&text));
	buf_release(&text);
	return sent;
}

bool peer_start_tls(struct peer *peer)
{
	gnutls_init(&peer->tls, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
	gnutls_set_default_priority(peer->tls);
	gnutls_credentials_set(peer->tls, GNUTLS_CRD_CERTIFICATE, peer->credentials);
	gnutls_transport_set_int(peer->tls, peer->fd);
	int code;
	do
		code = gnutls_handshake(peer->tls);
	while (code < 0 && !gnutls_error_is_fatal(code));
	return code == 0;
}

/* ---- the thread ---- */

static void serve_one(struct peer *peer)
{
	int on = 1;
	setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	pthread_mutex_lock(&peer->lock);
	peer->connections++;
	peer->sent = 0;
	peer->cut = peer->next_cut;
	pthread_mutex_unlock(&peer->lock);
	if (!peer->options.tls || peer_start_tls(peer))
		peer->options.serve(peer, peer->options.context);
	if (peer->tls)
		gnutls_deinit(peer->tls);
	peer->tls = NULL;
	pthread_mutex_lock(&peer->lock);
	close(peer->fd);
	peer->fd = -1;
	pthread_mutex_unlock(&peer->lock);
}

static void *serve_all(void *arg)
{
	struct peer *peer = arg;
	for (;;) {
		int fd = accept(peer->listener, NULL, NULL);
		pthread_mutex_lock(&peer->lock);
		bool stop = peer->stop;
		peer->fd = fd;
		pthread_mutex_unlock(&peer->lock);
		if (fd < 0 || stop)
			break;
		serve_one(peer);
	}
	if (peer->fd >= 0)
		close(peer->fd);
	return NULL;
}

struct peer *peer_open(const struct peer_options *options, const char *ca_path)
{
	struct peer *peer = calloc(1, sizeof(*peer));
	must(peer != NULL, "memory");
	*peer = (struct peer){.options = *options, .fd = -1, .next_cut = -1};
	pthread_mutex_init(&peer->lock, NULL);
	buf_init(&peer->heard, HEARD_MAX);
	buf_init(&peer->line, LINE_MAX_PEER);
	make_credentials(peer, ca_path);
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(bind(peer->listener, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
	must(listen(peer->listener, 16) == 0, "listen");
	must(getsockname(peer->listener, (struct sockaddr *)&address, &size) == 0, "name");
	peer->port = ntohs(address.sin_port);
	must(pthread_create(&peer->thread, NULL, serve_all, peer) == 0, "thread");
	return peer;
}

void peer_close(struct peer **out)
{
	struct peer *peer = *out;
	pthread_mutex_lock(&peer->lock);
	peer->stop = true;
	if (peer->fd >= 0)
		shutdown(peer->fd, SHUT_RDWR);
	shutdown(peer->listener, SHUT_RDWR);
	pthread_mutex_unlock(&peer->lock);
	pthread_join(peer->thread, NULL);
	close(peer->listener);
	gnutls_certificate_free_credentials(peer->credentials);
	buf_release(&peer->heard);
	buf_release(&peer->line);
	pthread_mutex_destroy(&peer->lock);
	free(peer->heard_copy);
	free(peer);
	*out = NULL;
}

int peer_port(const struct peer *peer)
{
	return peer->port;
}

const char *peer_heard(struct peer *peer)
{
	pthread_mutex_lock(&peer->lock);
	free(peer->heard_copy);
	peer->heard_copy = strdup(buf_str(&peer->heard));
	pthread_mutex_unlock(&peer->lock);
	return peer->heard_copy;
}

unsigned peer_connections(struct peer *peer)
{
	pthread_mutex_lock(&peer->lock);
	unsigned n = peer->connections;
	pthread_mutex_unlock(&peer->lock);
	return n;
}

void peer_cut(struct peer *peer, long bytes)
{
	pthread_mutex_lock(&peer->lock);
	peer->next_cut = bytes;
	pthread_mutex_unlock(&peer->lock);
}
