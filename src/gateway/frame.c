/* SPDX-License-Identifier: ISC */
#include "frame.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "gateway.h"

#define HEAD_SIZE 4
#define READ_STEP (256u << 10)

int frame_wait(int fd, short events, int64_t deadline)
{
	for (;;) {
		int timeout = -1;
		if (deadline != FRAME_FOREVER) {
			int64_t left = deadline - clock_mono_ms();
			timeout = left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
		}
		struct pollfd p = {.fd = fd, .events = events};
		int n = poll(&p, 1, timeout);
		if (n > 0)
			return 1;
		if (n == 0 && timeout >= 0 && clock_mono_ms() >= deadline)
			return 0;
		/* Anything but EINTR will show in the read or write that follows. */
		if (n < 0 && errno != EINTR)
			return 1;
	}
}

static int late(struct err *e)
{
	return err_set(e, ERR_TEMP, "the other side of the socket did not answer in time");
}

static bool again(int error)
{
	return error == EAGAIN || error == EINTR;
}

static int write_all(int fd, struct slice bytes, int64_t deadline, int flags, struct err *e)
{
	while (bytes.len) {
		ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT | flags);
		if (n >= 0) {
			bytes = slice_sub(bytes, (size_t)n, bytes.len);
			continue;
		}
		if (!again(errno))
			return err_set(e, ERR_TEMP, "writing to the socket: %s", strerror(errno));
		if (frame_wait(fd, POLLOUT, deadline) == 0)
			return late(e);
	}
	return 1;
}

int frame_write(int fd, struct slice body, int64_t deadline, struct err *e)
{
	if (body.len > GATEWAY_FRAME_MAX)
		return err_set(e, ERR_INPUT, "a message of %zu bytes is too long for the socket",
			       body.len);
	unsigned char head[HEAD_SIZE];
	for (int i = 0; i < HEAD_SIZE; i++)
		head[i] = (unsigned char)(body.len >> (8 * (HEAD_SIZE - 1 - i)));
	if (write_all(fd, slice_of(head, sizeof(head)), deadline, MSG_MORE, e) < 0)
		return -1;
	return write_all(fd, body, deadline, 0, e);
}

/* How many bytes came: 0 at the end of the stream. */
static ssize_t read_some(int fd, void *out, size_t size, int64_t deadline, struct err *e)
{
	for (;;) {
		ssize_t n = recv(fd, out, size, MSG_DONTWAIT);
		if (n >= 0)
			return n;
		if (!again(errno))
			return err_set(e, ERR_TEMP, "reading from the socket: %s", strerror(errno));
		if (frame_wait(fd, POLLIN, deadline) == 0)
			return late(e);
	}
}

static int broken(struct err *e)
{
	return err_set(e, ERR_TEMP, "the socket was closed in the middle of a message");
}

static int read_head(int fd, size_t *length, int64_t deadline, struct err *e)
{
	unsigned char head[HEAD_SIZE];
	for (size_t have = 0; have < sizeof(head);) {
		ssize_t n = read_some(fd, head + have, sizeof(head) - have, deadline, e);
		if (n < 0)
			return -1;
		if (n == 0)
			return have ? broken(e) : 0;
		have += (size_t)n;
	}
	*length = 0;
	for (int i = 0; i < HEAD_SIZE; i++)
		*length = *length << 8 | head[i];
	if (*length > GATEWAY_FRAME_MAX)
		return err_set(e, ERR_TEMP, "a message of %zu bytes on the socket is too long",
			       *length);
	return 1;
}

int frame_read(int fd, struct buf *body, int64_t deadline, struct err *e)
{
	assert(body->max >= GATEWAY_FRAME_MAX);
	buf_clear(body);
	size_t length = 0;
	int got = read_head(fd, &length, deadline, e);
	if (got <= 0)
		return got;
	while (body->len < length) {
		size_t step = length - body->len;
		if (step > READ_STEP)
			step = READ_STEP;
		char *room = buf_reserve(body, step);
		assert(room);
		ssize_t n = read_some(fd, room, step, deadline, e);
		if (n < 0)
			return -1;
		if (n == 0)
			return broken(e);
		body->len += (size_t)n;
	}
	return 1;
}
