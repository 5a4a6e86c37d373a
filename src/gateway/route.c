/* SPDX-License-Identifier: ISC */
#include "route.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct choice {
	const char *word;
	int value;
};

static const struct choice tls_choices[] = {
	{"implicit", ROUTE_TLS_IMPLICIT},
	{"starttls", ROUTE_TLS_STARTTLS},
	{"none", ROUTE_TLS_NONE},
	{NULL, 0},
};

static const struct choice auth_choices[] = {
	{"login", ROUTE_AUTH_LOGIN},
	{"xoauth2", ROUTE_AUTH_XOAUTH2},
	{NULL, 0},
};

bool route_is_loopback(const char *host)
{
	struct in_addr four;
	struct in6_addr six;
	if (strcasecmp(host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

static int choose(const struct choice *choices, const char *word, const char *option, int *value,
		  struct err *e)
{
	for (const struct choice *c = choices; c->word; c++)
		if (strcmp(c->word, word) == 0) {
			*value = c->value;
			return 1;
		}
	return err_set(e, ERR_CONFIG, "%s: \"%s\" is none of its words", option, word);
}

static int read_secret(const char *path, char *out, size_t size, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_CONFIG, "password-file %s: %s", path, strerror(errno));
	ssize_t n = read(fd, out, size - 1);
	close(fd);
	if (n < 0)
		return err_set(e, ERR_CONFIG, "password-file %s: %s", path, strerror(errno));
	out[n] = '\0';
	out[strcspn(out, "\r\n")] = '\0';
	return 1;
}

static int load_secret(struct arena *a, const char *dir, const struct conf *conf,
		       const char *section, size_t i, struct route *route, struct err *e)
{
	const char *password = conf_string(conf, section, i, "password");
	const char *file = conf_string(conf, section, i, "password-file");
	route->secret = password ? password : "";
	if (!file || !*file)
		return 1;
	char *secret = arena_alloc(a, ROUTE_SECRET_MAX);
	if (*file != '/')
		file = arena_printf(a, "%s/%s", dir, file);
	route->secret = secret;
	return read_secret(file, secret, ROUTE_SECRET_MAX, e);
}

static const char *string_or(const struct conf *conf, const char *section, size_t i,
			     const char *option, const char *otherwise)
{
	const char *value = conf_string(conf, section, i, option);
	return value ? value : otherwise;
}

/* The ports of RFC 8314 and before, where none is set. */
static int default_port(const char *section, enum route_tls tls)
{
	if (strcmp(section, "smtp") == 0)
		return tls == ROUTE_TLS_IMPLICIT ? 465 : tls == ROUTE_TLS_STARTTLS ? 587 : 25;
	return tls == ROUTE_TLS_IMPLICIT ? 993 : 143;
}

static int judge(const struct route *route, struct err *e)
{
	if (!*route->host)
		return err_set(e, ERR_CONFIG, "host is not set");
	if (!is_plain(route->host) || !is_plain(route->user) || !is_plain(route->secret))
		return err_set(e, ERR_CONFIG, "host, user or password holds a control character");
	if (route->tls == ROUTE_TLS_NONE && !route_is_loopback(route->host))
		return err_set(
			e, ERR_CONFIG,
			"tls = \"none\" would send everything in plain text to %s: only a host of "
			"this machine (localhost, 127.0.0.1, ::1) may have it",
			route->host);
	if (*route->user && !*route->secret)
		return err_set(e, ERR_CONFIG,
			       "user is set, but neither password nor password-file");
	return 1;
}

static int load(struct arena *a, const char *dir, const struct conf *conf, const char *section,
		size_t i, struct route *route, struct err *e)
{
	int tls, auth;
	if (choose(tls_choices, string_or(conf, section, i, "tls", "implicit"), "tls", &tls, e) <
		    0 ||
	    choose(auth_choices, string_or(conf, section, i, "auth", "login"), "auth", &auth, e) <
		    0)
		return -1;
	*route = (struct route){
		.host = string_or(conf, section, i, "host", ""),
		.port = (int)conf_integer(conf, section, i, "port"),
		.tls = (enum route_tls)tls,
		.auth = (enum route_auth)auth,
		.user = string_or(conf, section, i, "user", ""),
		.ca_file = string_or(conf, section, i, "ca-file", ""),
		.timeout_ms = conf_integer(conf, section, i, "timeout-seconds") * 1000,
	};
	if (!route->port)
		route->port = default_port(section, route->tls);
	if (load_secret(a, dir, conf, section, i, route, e) < 0)
		return -1;
	return judge(route, e);
}

int route_load(struct arena *a, const char *dir, const struct conf *conf, const char *section,
	       size_t i, struct route *route, struct err *e)
{
	if (load(a, dir, conf, section, i, route, e) == 1)
		return 1;
	const char *title = conf_title(conf, section, i);
	return title && *title ? err_prefix(e, "%s \"%s\"", section, title)
			       : err_prefix(e, "%s", section);
}
