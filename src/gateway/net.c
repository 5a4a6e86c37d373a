/* SPDX-License-Identifier: ISC */
#include "net.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"
#include "tls.h"

struct net {
	int fd;
	struct tls *tls; /* or null */
	int64_t deadline;
	size_t quota;
	struct err error;
};

static int connect_one(const struct addrinfo *ai, int64_t deadline)
{
	int fd = socket(ai->ai_family, ai->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
			ai->ai_protocol);
	if (fd < 0)
		return -1;
	int error = connect(fd, ai->ai_addr, ai->ai_addrlen) < 0 ? errno : 0;
	if (error == EINPROGRESS) {
		socklen_t size = sizeof(error);
		if (frame_wait(fd, POLLOUT, deadline) == 0)
			error = ETIMEDOUT;
		else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
			error = errno;
	}
	if (error) {
		close(fd);
		errno = error;
		return -1;
	}
	int on = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return fd;
}

static int connect_any(const struct route *route, int64_t deadline, struct err *e)
{
	char port[12];
	snprintf(port, sizeof(port), "%d", route->port);
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *list;
	int code = getaddrinfo(route->host, port, &hints, &list);
	if (code)
		return err_set(e, ERR_TEMP, "%s: %s", route->host, gai_strerror(code));
	int fd = -1;
	for (const struct addrinfo *ai = list; ai && fd < 0; ai = ai->ai_next)
		fd = connect_one(ai, deadline);
	if (fd < 0)
		err_set(e, ERR_TEMP, "%s port %d: %s", route->host, route->port, strerror(errno));
	freeaddrinfo(list);
	return fd;
}

int net_open(const struct route *route, struct net **out, struct err *e)
{
	int64_t deadline = clock_mono_ms() + route->timeout_ms;
	int fd = connect_any(route, deadline, e);
	if (fd < 0)
		return -1;
	struct net *net = calloc(1, sizeof(*net));
	if (!net)
		die("out of memory");
	*net = (struct net){.fd = fd, .deadline = deadline};
	if (route->tls == ROUTE_TLS_IMPLICIT && net_secure(net, route, e) < 0) {
		net_close(&net);
		return -1;
	}
	*out = net;
	return 1;
}

int net_secure(struct net *net, const struct route *route, struct err *e)
{
	assert(!net->tls);
	const struct tls_peer peer = {.host = route->host, .ca_file = route->ca_file};
	if (tls_open(net->fd, &peer, clock_mono_ms() + route->timeout_ms, &net->tls, e) < 0) {
		net->error = *e;
		return -1;
	}
	return 1;
}

bool net_is_secure(const struct net *net)
{
	return net->tls != NULL;
}

void net_close(struct net **net)
{
	if (!*net)
		return;
	tls_close(&(*net)->tls);
	close((*net)->fd);
	free(*net);
	*net = NULL;
}

void net_allow(struct net *net, int64_t ms, size_t bytes)
{
	net->deadline = clock_mono_ms() + ms;
	net->quota = bytes;
}

static bool again(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* One step without waiting: bytes, 0 at the end, -1 with *events to wait for or *e set. */
static ssize_t step_read(struct net *net, void *out, size_t size, short *events)
{
	if (net->tls)
		return tls_read(net->tls, out, size, events, &net->error);
	ssize_t n = recv(net->fd, out, size, MSG_DONTWAIT);
	if (n >= 0)
		return n;
	if (again())
		*events = POLLIN;
	else
		err_set(&net->error, ERR_TEMP, "reading: %s", strerror(errno));
	return -1;
}

static ssize_t step_write(struct net *net, const void *bytes, size_t size, short *events)
{
	if (net->tls)
		return tls_write(net->tls, bytes, size, events, &net->error);
	ssize_t n = send(net->fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n >= 0)
		return n;
	if (again())
		*events = POLLOUT;
	else
		err_set(&net->error, ERR_TEMP, "writing: %s", strerror(errno));
	return -1;
}

/* True when the descriptor is ready for another step. */
static bool ready(struct net *net, short events)
{
	if (net->error.class != ERR_NONE)
		return false;
	/* Also between steps that need no wait: who sends without end is late too. */
	if (clock_mono_ms() >= net->deadline || frame_wait(net->fd, events, net->deadline) == 0)
		err_set(&net->error, ERR_TEMP, "no answer in time");
	return net->error.class == ERR_NONE;
}

ssize_t net_read(struct net *net, void *out, size_t size)
{
	if (net->error.class != ERR_NONE)
		return -1;
	if (net->quota == 0)
		return err_set(&net->error, ERR_TEMP,
			       "the server sends more than it was asked for");
	size = size < net->quota ? size : net->quota;
	short events = 0;
	for (;;) {
		ssize_t n = step_read(net, out, size, &events);
		if (n >= 0) {
			net->quota -= (size_t)n;
			if (n > 0 && clock_mono_ms() >= net->deadline)
				return err_set(&net->error, ERR_TEMP, "no whole answer in time");
			return n;
		}
		if (!ready(net, events))
			return -1;
	}
}

ssize_t net_write(struct net *net, const void *bytes, size_t size)
{
	if (net->error.class != ERR_NONE)
		return -1;
	short events = 0;
	for (;;) {
		ssize_t n = step_write(net, bytes, size, &events);
		if (n >= 0)
			return n;
		if (!ready(net, events))
			return -1;
	}
}

int net_wait(struct net *net, int64_t ms)
{
	if (net->error.class != ERR_NONE)
		return -1;
	if (net->tls && tls_pending(net->tls))
		return 1;
	return frame_wait(net->fd, POLLIN, clock_mono_ms() + ms);
}

int net_fd(const struct net *net)
{
	return net->fd;
}

const char *net_error(const struct net *net)
{
	return net->error.class == ERR_NONE ? "" : net->error.text;
}
