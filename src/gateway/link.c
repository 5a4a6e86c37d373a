/* SPDX-License-Identifier: ISC */
#include "link.h"

#include <assert.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "frame.h"
#include "sock.h"

#define OPEN_WAIT_MS 5000
#define OPEN_PAUSE_MS 50
#define WORK_BATCH 50

struct link {
	int fd;		   /* -1: the desk is in this process */
	struct desk *desk; /* or null */
	struct buf frame;
};

static struct link *make_link(int fd, struct desk *desk)
{
	struct link *link = calloc(1, sizeof(*link));
	if (!link)
		die("out of memory");
	*link = (struct link){.fd = fd, .desk = desk};
	buf_init(&link->frame, GATEWAY_FRAME_MAX);
	return link;
}

static void pause_ms(int64_t ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
	nanosleep(&t, NULL);
}

/* A desk that has just died or is about to listen refuses for a moment: TEMP is worth a wait. */
static bool worth_waiting(int result, const struct err *e, int64_t deadline)
{
	return (result == 0 || e->class == ERR_TEMP) && clock_mono_ms() < deadline;
}

int link_connect(const char *dir, int64_t wait_ms, struct link **link, struct err *e)
{
	int64_t deadline = clock_mono_ms() + wait_ms;
	for (;;) {
		struct err why = {.class = ERR_NONE};
		int fd;
		int got = sock_connect(dir, &fd, &why);
		if (got == 1) {
			*link = make_link(fd, NULL);
			return 1;
		}
		if (got == 0)
			err_set(&why, ERR_TEMP, "no desk is running in %s", dir);
		if (!worth_waiting(got, &why, deadline)) {
			*e = why;
			return -1;
		}
		pause_ms(OPEN_PAUSE_MS);
	}
}

int gateway_link_open(const char *dir, struct link **link, struct err *e)
{
	int64_t deadline = clock_mono_ms() + OPEN_WAIT_MS;
	for (;;) {
		if (link_connect(dir, 0, link, e) == 1)
			return 1;
		if (e->class != ERR_TEMP)
			return -1;
		struct desk *desk;
		if (desk_open(dir, &desk, e) >= 0) {
			*link = make_link(-1, desk);
			return 1;
		}
		if (!worth_waiting(-1, e, deadline))
			return -1;
		pause_ms(OPEN_PAUSE_MS);
	}
}

void gateway_link_close(struct link **link)
{
	if (!*link)
		return;
	if ((*link)->fd >= 0)
		close((*link)->fd);
	if ((*link)->desk)
		desk_close(&(*link)->desk);
	buf_release(&(*link)->frame);
	free(*link);
	*link = NULL;
}

bool gateway_link_local(const struct link *link)
{
	return link->desk != NULL;
}

struct desk *link_desk(struct link *link)
{
	return link->desk;
}

/* The desk may hold an empty answer for as long as it was asked to. */
static int64_t answer_ms(const Rpc__Request *request)
{
	switch (request->body_case) {
	case RPC__REQUEST__BODY_CALL:
	case RPC__REQUEST__BODY_DELIVER:
		return GATEWAY_CALL_SECONDS * INT64_C(1000);
	case RPC__REQUEST__BODY_CLAIM:
		return GATEWAY_ANSWER_SECONDS * INT64_C(1000) + request->claim->wait_ms;
	case RPC__REQUEST__BODY_SETTLE_GET:
		return GATEWAY_ANSWER_SECONDS * INT64_C(1000) + request->settle_get->wait_ms;
	default:
		return GATEWAY_ANSWER_SECONDS * INT64_C(1000);
	}
}

static int ask_socket(struct link *link, struct arena *a, const Rpc__Request *request,
		      Rpc__Reply **reply, struct err *e)
{
	buf_clear(&link->frame);
	schema_pack(&request->base, &link->frame);
	if (buf_failed(&link->frame))
		return err_set(e, ERR_INPUT, "the request is larger than %u MiB",
			       GATEWAY_FRAME_MAX >> 20);
	int64_t deadline = clock_mono_ms() + answer_ms(request);
	if (frame_write(link->fd, buf_slice(&link->frame), deadline, e) < 0)
		return err_prefix(e, "asking the desk");
	int got = frame_read(link->fd, &link->frame, deadline, e);
	if (got == 0)
		return err_set(e, ERR_TEMP, "the desk closed the connection");
	if (got < 0)
		return err_prefix(e, "asking the desk");
	*reply =
		(Rpc__Reply *)schema_unpack(a, &rpc__reply__descriptor, buf_slice(&link->frame), e);
	return *reply ? 1 : -1;
}

int gateway_call(struct link *link, struct arena *a, const Rpc__Request *request,
		 Rpc__Reply **reply, struct err *e)
{
	assert(link->desk || link->fd >= 0);
	if (!link->desk)
		return ask_socket(link, a, request, reply, e);
	*reply = desk_handle(link->desk, request, a);
	assert(*reply);
	return 1;
}

static enum err_class status_class(int status)
{
	switch (status) {
	case EX_DATAERR:
	case EX_USAGE:
		return ERR_INPUT;
	case EX_NOPERM:
		return ERR_DENIED;
	case EX_CONFIG:
		return ERR_CONFIG;
	default:
		return ERR_TEMP;
	}
}

int gateway_reply_check(const Rpc__Reply *reply, struct err *e)
{
	if (reply->status == EX_OK)
		return 1;
	const char *text = reply->error && *reply->error ? reply->error : "the desk gave no reason";
	return err_set(e, status_class(reply->status), "%s", text);
}

int link_ask(struct link *link, struct arena *a, const Rpc__Request *request, Rpc__Reply **reply,
	     struct err *e)
{
	if (gateway_call(link, a, request, reply, e) < 0)
		return -1;
	return gateway_reply_check(*reply, e);
}

int gateway_link_work(struct link *link, struct err *e)
{
	if (!link->desk)
		return 0;
	int total = 0;
	for (;;) {
		int n = desk_work(link->desk, WORK_BATCH, e);
		if (n <= 0)
			return n < 0 ? -1 : total;
		total += n;
	}
}
