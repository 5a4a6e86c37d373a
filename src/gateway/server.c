/* SPDX-License-Identifier: ISC */
#include "server.h"

#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "crew.h"
#include "frame.h"
#include "gateway.h"
#include "sock.h"

/* A peer that has begun to speak, or that is spoken to, is ours and quick. */
#define PEER_MS 60000
#define ACCEPT_PAUSE_MS 100

/* "Ask me again" is the answer to who wants to wait longer. */
#define HOLD_MAX_MS 60000

struct server;

struct connection {
	struct server *server;
	pthread_t thread;
	int fd;
	bool used, ended; /* guarded by the server's lock */
};

struct server {
	struct desk *desk;
	int event_fd; /* a connection ended, or the store failed */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	uint64_t changes; /* counts what the desk did */
	bool stop, failed;
	struct err error;
	struct connection connections[SERVER_CONNECTIONS];
};

static void nudge(struct server *server)
{
	uint64_t one = 1;
	ssize_t n = write(server->event_fd, &one, sizeof(one));
	assert(n == (ssize_t)sizeof(one));
	(void)n;
}

static void count_change(void *context)
{
	struct server *server = context;
	pthread_mutex_lock(&server->lock);
	server->changes++;
	pthread_cond_broadcast(&server->changed);
	pthread_mutex_unlock(&server->lock);
}

static void count_failure(void *context, const struct err *e)
{
	struct server *server = context;
	pthread_mutex_lock(&server->lock);
	server->failed = true;
	server->error = *e;
	pthread_mutex_unlock(&server->lock);
	nudge(server);
}

static uint64_t changes_now(struct server *server)
{
	pthread_mutex_lock(&server->lock);
	uint64_t changes = server->changes;
	pthread_mutex_unlock(&server->lock);
	return changes;
}

/* True when the desk did something since, false at the deadline or at the end. */
static bool await_change(struct server *server, uint64_t since, int64_t deadline)
{
	struct timespec until = {.tv_sec = deadline / 1000, .tv_nsec = deadline % 1000 * 1000000};
	int late = 0;
	pthread_mutex_lock(&server->lock);
	while (server->changes == since && !server->stop && !late)
		late = pthread_cond_timedwait(&server->changed, &server->lock, &until);
	bool changed = server->changes != since && !server->stop;
	pthread_mutex_unlock(&server->lock);
	return changed;
}

/* For how long an empty answer may be held; 0 for every other request. */
static int64_t hold_ms(const Rpc__Request *request)
{
	int64_t ms = 0;
	if (request->body_case == RPC__REQUEST__BODY_CLAIM)
		ms = request->claim->wait_ms;
	else if (request->body_case == RPC__REQUEST__BODY_SETTLE_GET)
		ms = request->settle_get->wait_ms;
	return ms > HOLD_MAX_MS ? HOLD_MAX_MS : ms;
}

static bool is_empty(const Rpc__Reply *reply)
{
	return reply->status == EX_OK && !reply->n_outgoing && !reply->n_settles;
}

static bool is_question(const Rpc__Request *request)
{
	switch (request->body_case) {
	case RPC__REQUEST__BODY_CURSOR_GET:
	case RPC__REQUEST__BODY_SETTLE_GET:
	case RPC__REQUEST__BODY_KNOWN:
	case RPC__REQUEST__BODY_CLAIM:
		return true;
	default:
		return false;
	}
}

/* A mail that becomes due meanwhile ends the wait too. */
static int64_t hold_until(const Rpc__Reply *reply, int64_t deadline)
{
	if (reply->next_due_at <= 0)
		return deadline;
	int64_t seconds = reply->next_due_at - clock_now();
	int64_t due = clock_mono_ms() + (seconds > 0 ? seconds * 1000 : 0);
	/* A clock that stands still (tests) must not make this a busy loop. */
	int64_t soon = clock_mono_ms() + ACCEPT_PAUSE_MS;
	due = due < soon ? soon : due;
	return due < deadline ? due : deadline;
}

static bool stopping(struct server *server)
{
	pthread_mutex_lock(&server->lock);
	bool stop = server->stop;
	pthread_mutex_unlock(&server->lock);
	return stop;
}

/* Mail must not be handed to a process that died while it waited for some. */
static bool peer_gone(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLRDHUP};
	return poll(&p, 1, 0) > 0 && p.revents;
}

/* Null when nobody waits for it; it lives in the arena, which must not hold the request. */
static Rpc__Reply *answer(struct connection *connection, const Rpc__Request *request,
			  struct arena *a)
{
	struct server *server = connection->server;
	int64_t deadline = clock_mono_ms() + hold_ms(request);
	for (;;) {
		uint64_t seen = changes_now(server);
		arena_clear(a);
		Rpc__Reply *reply = desk_handle(server->desk, request, a);
		assert(reply);
		if (!is_question(request))
			count_change(server);
		if (!is_empty(reply) || clock_mono_ms() >= deadline || stopping(server))
			return reply;
		await_change(server, seen, hold_until(reply, deadline));
		if (peer_gone(connection->fd))
			return NULL;
	}
}

static int serve_one(struct connection *connection, struct buf *frame, struct arena *asked,
		     struct arena *answered, struct err *e)
{
	if (frame_wait(connection->fd, POLLIN, FRAME_FOREVER) == 0)
		return 0;
	int got = frame_read(connection->fd, frame, clock_mono_ms() + PEER_MS, e);
	if (got <= 0)
		return got;
	Rpc__Request *request = (Rpc__Request *)schema_unpack(asked, &rpc__request__descriptor,
							      buf_slice(frame), e);
	if (!request)
		return -1;
	Rpc__Reply *reply = answer(connection, request, answered);
	if (!reply)
		return 0;
	buf_clear(frame);
	schema_pack(&reply->base, frame);
	if (buf_failed(frame)) {
		Rpc__Reply too_long;
		rpc__reply__init(&too_long);
		too_long.status = EX_TEMPFAIL;
		too_long.error =
			arena_str(answered, SLICE("the answer is too long for the socket"));
		buf_clear(frame);
		schema_pack(&too_long.base, frame);
	}
	return frame_write(connection->fd, buf_slice(frame), clock_mono_ms() + PEER_MS, e);
}

static void *serve(void *arg)
{
	struct connection *connection = arg;
	struct server *server = connection->server;
	struct arena *asked = arena_open(), *answered = arena_open();
	struct buf frame;
	buf_init(&frame, GATEWAY_FRAME_MAX);
	struct err e = {.class = ERR_NONE};
	int got;
	while ((got = serve_one(connection, &frame, asked, answered, &e)) == 1) {
		arena_clear(asked);
		arena_clear(answered);
	}
	if (got < 0)
		log_event(LOG_LEVEL_WARNING, "connection-lost", LOG_STR("error", e.text));
	buf_release(&frame);
	arena_close(&answered);
	arena_close(&asked);
	pthread_mutex_lock(&server->lock);
	connection->ended = true;
	pthread_mutex_unlock(&server->lock);
	nudge(server);
	return NULL;
}

/* Joins the threads that ended; returns how many go on. */
static int reap(struct server *server)
{
	int n = 0;
	for (int i = 0; i < SERVER_CONNECTIONS; i++) {
		struct connection *connection = &server->connections[i];
		pthread_mutex_lock(&server->lock);
		bool used = connection->used, ended = connection->ended;
		pthread_mutex_unlock(&server->lock);
		if (used && ended) {
			pthread_join(connection->thread, NULL);
			close(connection->fd);
			*connection = (struct connection){.fd = -1};
		} else if (used) {
			n++;
		}
	}
	return n;
}

static void admit(struct server *server, int fd)
{
	for (int i = 0; i < SERVER_CONNECTIONS; i++) {
		struct connection *connection = &server->connections[i];
		if (connection->used)
			continue;
		*connection = (struct connection){.server = server, .fd = fd, .used = true};
		if (pthread_create(&connection->thread, NULL, serve, connection) != 0) {
			*connection = (struct connection){.fd = -1};
			break;
		}
		return;
	}
	log_event(LOG_LEVEL_WARNING, "connection-refused");
	close(fd);
}

static void accept_next(struct server *server, int listener)
{
	struct err e;
	int fd;
	int got = sock_accept(listener, &fd, &e);
	if (got == 1) {
		admit(server, fd);
	} else if (got < 0) {
		/* Out of descriptors: the listener stays readable, so wait a little. */
		log_event(LOG_LEVEL_WARNING, "accept-failed", LOG_STR("error", e.text));
		poll(NULL, 0, ACCEPT_PAUSE_MS);
	}
}

static void accept_loop(struct server *server, const struct server_options *options)
{
	for (;;) {
		int n = reap(server);
		struct pollfd fds[] = {
			{.fd = options->stop_fd, .events = POLLIN},
			{.fd = server->event_fd, .events = POLLIN},
			{.fd = n < SERVER_CONNECTIONS ? options->listener : -1, .events = POLLIN},
		};
		if (poll(fds, sizeof(fds) / sizeof(fds[0]), -1) < 0)
			continue;
		if (fds[1].revents) {
			uint64_t events;
			if (read(server->event_fd, &events, sizeof(events)) < 0)
				continue;
		}
		pthread_mutex_lock(&server->lock);
		bool failed = server->failed;
		pthread_mutex_unlock(&server->lock);
		if (fds[0].revents || failed)
			return;
		if (fds[2].revents)
			accept_next(server, options->listener);
	}
}

/* Nobody begins anything new; what is being answered is answered. */
static void hang_up(struct server *server)
{
	pthread_mutex_lock(&server->lock);
	server->stop = true;
	pthread_cond_broadcast(&server->changed);
	for (int i = 0; i < SERVER_CONNECTIONS; i++)
		if (server->connections[i].used && !server->connections[i].ended)
			shutdown(server->connections[i].fd, SHUT_RD);
	pthread_mutex_unlock(&server->lock);
	while (reap(server) > 0) {
		uint64_t events;
		struct pollfd p = {.fd = server->event_fd, .events = POLLIN};
		if (poll(&p, 1, -1) > 0 && read(server->event_fd, &events, sizeof(events)) < 0)
			continue;
	}
}

static struct server *make_server(struct desk *desk)
{
	struct server *server = calloc(1, sizeof(*server));
	if (!server)
		die("out of memory");
	server->desk = desk;
	server->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (server->event_fd < 0)
		die("cannot make an event descriptor");
	pthread_mutex_init(&server->lock, NULL);
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&server->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return server;
}

int server_run(struct desk *desk, const struct server_options *options, struct err *e)
{
	struct server *server = make_server(desk);
	struct crew_options crew_options = {.workers = options->workers,
					    .progress = count_change,
					    .failed = count_failure,
					    .context = server};
	struct crew *crew = crew_open(desk, &crew_options);
	accept_loop(server, options);
	hang_up(server);
	crew_close(&crew);
	int result = 1;
	if (server->failed) {
		*e = server->error;
		result = -1;
	}
	pthread_cond_destroy(&server->changed);
	pthread_mutex_destroy(&server->lock);
	close(server->event_fd);
	free(server);
	return result;
}
