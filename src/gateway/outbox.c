/* SPDX-License-Identifier: ISC */
#include "outbox.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "backoff.h"
#include "gateway.h"
#include "link.h"
#include "maildir.h"
#include "route.h"
#include "smtp.h"

#define CONNECTIONS_MAX 16
#define CLAIM_EACH 20 /* mails a connection, before the desk is asked again */
/* Milliseconds. */
#define CLAIM_WAIT 1000
#define DESK_WAIT 30000
#define RETRY_FIRST 1000
#define RETRY_CAP 60000

struct outbox;

/* One connection to the server, and the thread that uses it. */
struct lane {
	struct outbox *outbox;
	struct link *link;
	struct smtp *smtp; /* null: into the Maildir */
	struct gateway_sent done;
	struct err error; /* why it ended early, or ERR_NONE */
};

struct outbox {
	const char *dir;
	char maildir[PATH_MAX];
	int lock_fd, stop_fd; /* stop_fd -1: none */
	struct arena *arena;  /* of the settings */
	struct lane lanes[CONNECTIONS_MAX];
	size_t n_lanes;
	/* The batch under way. */
	const Rpc__Reply *batch;
	size_t next;
	pthread_mutex_t lock;
};

/* ---- open and close ---- */

static int take_lock(const char *dir, int *fd, struct err *e)
{
	char path[PATH_MAX];
	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, OUTBOX_LOCK_FILE) >= sizeof(path))
		return err_set(e, ERR_CONFIG, "%s: the path is too long", dir);
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0)
		return err_set(e, ERR_CONFIG, "%s: %s", path, strerror(errno));
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return 1;
	close(*fd);
	return 0;
}

static int load_lanes(struct outbox *o, const struct conf *conf, struct err *e)
{
	const char *host = conf_string(conf, "smtp", 0, "host");
	o->n_lanes = 1;
	if (!host || !*host)
		return 1;
	struct route route;
	if (route_load(o->arena, o->dir, conf, "smtp", 0, &route, e) < 0)
		return -1;
	o->n_lanes = (size_t)conf_integer(conf, "smtp", 0, "connections");
	assert(o->n_lanes >= 1 && o->n_lanes <= CONNECTIONS_MAX);
	smtp_init();
	for (size_t i = 0; i < o->n_lanes; i++)
		o->lanes[i].smtp = smtp_open(&route, conf_string(conf, "smtp", 0, "helo"));
	return 1;
}

/* 1, 0 when another process sends, -1. */
static int outbox_open(struct outbox *o, const char *dir, const struct conf *conf, struct err *e)
{
	*o = (struct outbox){.dir = dir, .lock_fd = -1, .stop_fd = -1, .arena = arena_open()};
	pthread_mutex_init(&o->lock, NULL);
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		o->lanes[i].outbox = o;
	if ((size_t)snprintf(o->maildir, sizeof(o->maildir), "%s/%s", dir, DESK_OUT_DIR) >=
	    sizeof(o->maildir))
		return err_set(e, ERR_CONFIG, "%s: the path is too long", dir);
	int locked = take_lock(dir, &o->lock_fd, e);
	if (locked != 1) {
		o->lock_fd = -1;
		return locked;
	}
	return load_lanes(o, conf, e);
}

static void close_links(struct outbox *o)
{
	/* A desk in this process is one link's, and the others borrow it. */
	for (size_t i = 1; i < o->n_lanes; i++)
		if (o->lanes[i].link != o->lanes[0].link)
			gateway_link_close(&o->lanes[i].link);
	for (size_t i = 1; i < o->n_lanes; i++)
		o->lanes[i].link = NULL;
	gateway_link_close(&o->lanes[0].link);
}

static void outbox_close(struct outbox *o)
{
	close_links(o);
	for (size_t i = 0; i < CONNECTIONS_MAX; i++)
		smtp_close(&o->lanes[i].smtp);
	if (o->lock_fd >= 0)
		close(o->lock_fd);
	pthread_mutex_destroy(&o->lock);
	arena_close(&o->arena);
}

/* ---- one mail ---- */

static struct slice bytes_of(ProtobufCBinaryData b)
{
	return slice_of(b.data, b.len);
}

static Rpc__Delivery delivery_of(enum smtp_outcome outcome)
{
	static const Rpc__Delivery deliveries[] = {
		[SMTP_SENT] = RPC__DELIVERY__DELIVERY_SENT,
		[SMTP_RETRY] = RPC__DELIVERY__DELIVERY_RETRY,
		[SMTP_UNKNOWN] = RPC__DELIVERY__DELIVERY_UNKNOWN,
		[SMTP_REFUSED] = RPC__DELIVERY__DELIVERY_REFUSED,
	};
	return deliveries[outcome];
}

static void into_maildir(const struct outbox *o, const Rpc__Outgoing *out,
			 struct smtp_result *result)
{
	const struct maildir_mail mail = {
		.id = out->id,
		.sender = slice_str(out->sender),
		.recipient = slice_str(out->recipient),
		.raw = bytes_of(out->raw),
	};
	struct err e;
	*result = (struct smtp_result){.outcome = SMTP_SENT, .detail = "filed"};
	if (maildir_deliver(o->maildir, &mail, &e) == 1)
		return;
	result->outcome = SMTP_RETRY;
	result->unreached = true;
	snprintf(result->detail, sizeof(result->detail), "%.*s", (int)SMTP_DETAIL_MAX - 1, e.text);
}

static void attempt(struct lane *lane, const Rpc__Outgoing *out, struct smtp_result *result)
{
	const struct smtp_mail mail = {
		.sender = slice_str(out->sender),
		.recipient = slice_str(out->recipient),
		.raw = bytes_of(out->raw),
	};
	/* The Maildir is behind the same gate as the wire. */
	if (lane->smtp)
		smtp_send(lane->smtp, &mail, result);
	else if (smtp_sendable(&mail, result))
		into_maildir(lane->outbox, out, result);
}

static void count(struct gateway_sent *done, enum smtp_outcome outcome)
{
	size_t *counts[] = {
		[SMTP_SENT] = &done->sent,
		[SMTP_RETRY] = &done->retry,
		[SMTP_UNKNOWN] = &done->unknown,
		[SMTP_REFUSED] = &done->refused,
	};
	++*counts[outcome];
}

static void log_result(const Rpc__Outgoing *out, const struct smtp_result *result)
{
	static const struct {
		enum log_level level;
		const char *event;
	} events[] = {
		[SMTP_SENT] = {LOG_LEVEL_INFO, "mail-sent"},
		[SMTP_RETRY] = {LOG_LEVEL_WARNING, "mail-waits"},
		[SMTP_UNKNOWN] = {LOG_LEVEL_WARNING, "mail-outcome-unknown"},
		[SMTP_REFUSED] = {LOG_LEVEL_WARNING, "mail-refused"},
	};
	log_event(events[result->outcome].level, events[result->outcome].event,
		  LOG_NUM("outbox", out->id), LOG_STR("message_id", out->message_id),
		  LOG_STR("detail", result->detail));
}

/* Durable when it returns 1: only then may the connection take its next mail. */
static int report(struct lane *lane, const Rpc__Outgoing *out, struct smtp_result *result,
		  struct err *e)
{
	struct arena *a = arena_open();
	Rpc__Result body;
	Rpc__Request request;
	rpc__result__init(&body);
	rpc__request__init(&request);
	body.id = out->id;
	body.delivery = delivery_of(result->outcome);
	body.detail = result->detail;
	request.body_case = RPC__REQUEST__BODY_RESULT;
	request.result = &body;
	Rpc__Reply *reply;
	int got = link_ask(lane->link, a, &request, &reply, e);
	arena_close(&a);
	return got;
}

static bool must_stop(const struct outbox *o)
{
	struct pollfd p = {.fd = o->stop_fd, .events = POLLIN};
	return o->stop_fd >= 0 && poll(&p, 1, 0) > 0;
}

static const Rpc__Outgoing *take_next(struct outbox *o)
{
	const Rpc__Outgoing *out = NULL;
	pthread_mutex_lock(&o->lock);
	if (o->next < o->batch->n_outgoing && !must_stop(o))
		out = o->batch->outgoing[o->next++];
	pthread_mutex_unlock(&o->lock);
	return out;
}

static void *run_lane(void *arg)
{
	struct lane *lane = arg;
	const Rpc__Outgoing *out;
	while ((out = take_next(lane->outbox))) {
		struct smtp_result result;
		attempt(lane, out, &result);
		log_result(out, &result);
		count(&lane->done, result.outcome);
		if (report(lane, out, &result, &lane->error) < 0)
			break;
		/* The next ones would fare no better: they wait without being counted as tried. */
		if (result.unreached) {
			err_set(&lane->error, ERR_TEMP, "%s", result.detail);
			break;
		}
	}
	return NULL;
}

/* ---- batches ---- */

static void run_lanes(struct outbox *o)
{
	pthread_t threads[CONNECTIONS_MAX];
	size_t n = 1, most = o->batch->n_outgoing < o->n_lanes ? o->batch->n_outgoing : o->n_lanes;
	while (n < most && pthread_create(&threads[n], NULL, run_lane, &o->lanes[n]) == 0)
		n++;
	run_lane(&o->lanes[0]);
	for (size_t i = 1; i < n; i++)
		pthread_join(threads[i], NULL);
}

static int first_error(struct outbox *o, struct err *e)
{
	int result = 1;
	for (size_t i = 0; i < o->n_lanes; i++) {
		if (o->lanes[i].error.class != ERR_NONE && result == 1) {
			*e = o->lanes[i].error;
			result = -1;
		}
		o->lanes[i].error.class = ERR_NONE;
	}
	return result;
}

/* 1 when mails were due and have their outcome, 0 when none were, -1. */
static int send_batch(struct outbox *o, uint32_t wait_ms, struct err *e)
{
	struct arena *a = arena_open();
	Rpc__Claim claim;
	Rpc__Request request;
	rpc__claim__init(&claim);
	rpc__request__init(&request);
	claim.limit = (uint32_t)(CLAIM_EACH * o->n_lanes);
	claim.wait_ms = wait_ms;
	request.body_case = RPC__REQUEST__BODY_CLAIM;
	request.claim = &claim;
	Rpc__Reply *reply;
	int result = link_ask(o->lanes[0].link, a, &request, &reply, e);
	if (result == 1 && reply->n_outgoing) {
		o->batch = reply;
		o->next = 0;
		run_lanes(o);
		result = first_error(o, e);
	} else if (result == 1) {
		result = 0;
	}
	arena_close(&a);
	return result;
}

static void sum_up(const struct outbox *o, struct gateway_sent *done)
{
	*done = (struct gateway_sent){0};
	for (size_t i = 0; i < o->n_lanes; i++) {
		done->sent += o->lanes[i].done.sent;
		done->retry += o->lanes[i].done.retry;
		done->unknown += o->lanes[i].done.unknown;
		done->refused += o->lanes[i].done.refused;
	}
}

static int open_one_shot(struct outbox *o, struct err *e)
{
	if (gateway_link_open(o->dir, &o->lanes[0].link, e) < 0)
		return -1;
	for (size_t i = 1; i < o->n_lanes; i++) {
		if (gateway_link_local(o->lanes[0].link))
			o->lanes[i].link = o->lanes[0].link;
		else if (link_connect(o->dir, DESK_WAIT, &o->lanes[i].link, e) < 0)
			return -1;
	}
	return 1;
}

static int send_all(struct outbox *o, struct err *e)
{
	int result = open_one_shot(o, e);
	/* Mails that wait in the journal may have something to say. */
	if (result == 1 && gateway_link_work(o->lanes[0].link, e) < 0)
		result = -1;
	while (result == 1)
		result = send_batch(o, 0, e);
	return result == 0 ? 1 : result;
}

int gateway_send(const char *dir, struct gateway_sent *done, struct err *e)
{
	*done = (struct gateway_sent){0};
	struct conf *conf;
	if (desk_settings_open(dir, &conf, e) < 0)
		return -1;
	struct outbox o;
	int result = outbox_open(&o, dir, conf, e);
	if (result == 1) {
		result = send_all(&o, e);
		sum_up(&o, done);
	} else if (result == 0) {
		log_event(LOG_LEVEL_INFO, "outbox-runs", LOG_STR("desk", dir));
		result = 1;
	}
	outbox_close(&o);
	conf_close(&conf);
	return result;
}

/* ---- the process ---- */

static int connect_links(struct outbox *o, struct err *e)
{
	for (size_t i = 0; i < o->n_lanes; i++)
		if (!o->lanes[i].link && link_connect(o->dir, DESK_WAIT, &o->lanes[i].link, e) < 0)
			return -1;
	return 1;
}

/* True when it is time to end. */
static bool rest(const struct outbox *o, int64_t ms)
{
	struct pollfd p = {.fd = o->stop_fd, .events = POLLIN};
	return poll(&p, 1, (int)ms) > 0;
}

static void run(struct outbox *o)
{
	struct backoff backoff = {.first_ms = RETRY_FIRST, .cap_ms = RETRY_CAP};
	while (!must_stop(o)) {
		struct err e = {.class = ERR_NONE};
		if (connect_links(o, &e) == 1 && send_batch(o, CLAIM_WAIT, &e) >= 0) {
			backoff.failures = 0;
			continue;
		}
		int64_t ms = backoff_draw(&backoff);
		log_event(LOG_LEVEL_WARNING, "outbox-failed", LOG_STR("error", e.text),
			  LOG_NUM("retry_ms", ms));
		close_links(o);
		if (rest(o, ms))
			return;
	}
}

int outbox_serve(const char *dir, const struct conf *conf, int stop_fd, struct err *e)
{
	struct outbox o;
	int result = outbox_open(&o, dir, conf, e);
	o.stop_fd = stop_fd;
	if (result == 1)
		run(&o);
	else if (result == 0)
		result = err_set(e, ERR_TEMP, "another process sends for this desk");
	outbox_close(&o);
	close(stop_fd);
	return result;
}
