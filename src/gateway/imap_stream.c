/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "imap_private.h"
#include "imap_screen.h"

/*
 * libetpan's own transport verifies no certificate and sends no server name;
 * this one passes its bytes through net.h, which does, and through a screen.
 * The end of the stream is an error here: in a literal libetpan would ask for
 * the rest of it for ever.
 */
#define BUFFER_SIZE 65536

struct imap_stream {
	struct net *net;
	struct imap_screen screen;
};

static ssize_t read_bare(struct imap_stream *s, void *out, size_t size, uint64_t bare)
{
	ssize_t n = net_read(s->net, out, bare < size ? (size_t)bare : size);
	if (n > 0)
		imap_screen_passed(&s->screen, (size_t)n);
	return n > 0 ? n : -1;
}

static ssize_t stream_read(mailstream_low *low, void *out, size_t size)
{
	struct imap_stream *s = low->data;
	for (;;) {
		size_t room, taken = imap_screen_take(&s->screen, out, size);
		if (taken)
			return (ssize_t)taken;
		uint64_t bare = imap_screen_bare(&s->screen);
		if (bare)
			return read_bare(s, out, size, bare);
		char *to = imap_screen_room(&s->screen, &room);
		ssize_t n = net_read(s->net, to, room);
		if (n <= 0)
			return -1;
		imap_screen_put(&s->screen, (size_t)n);
	}
}

static ssize_t stream_write(mailstream_low *low, const void *bytes, size_t size)
{
	struct imap_stream *s = low->data;
	return net_write(s->net, bytes, size);
}

static int stream_close(mailstream_low *low)
{
	struct imap_stream *s = low->data;
	if (s)
		net_close(&s->net);
	free(s);
	low->data = NULL;
	return 0;
}

static int stream_fd(mailstream_low *low)
{
	struct imap_stream *s = low->data;
	return net_fd(s->net);
}

static void stream_free(mailstream_low *low)
{
	free(low);
}

static void stream_cancel(mailstream_low *low)
{
	(void)low;
}

static struct mailstream_cancel *stream_get_cancel(mailstream_low *low)
{
	(void)low;
	return NULL;
}

static carray *stream_chain(mailstream_low *low)
{
	(void)low;
	return NULL;
}

static mailstream_low_driver driver = {
	.mailstream_read = stream_read,
	.mailstream_write = stream_write,
	.mailstream_close = stream_close,
	.mailstream_get_fd = stream_fd,
	.mailstream_free = stream_free,
	.mailstream_cancel = stream_cancel,
	.mailstream_get_cancel = stream_get_cancel,
	.mailstream_get_certificate_chain = stream_chain,
};

mailstream *imap_stream_open(struct net *net)
{
	struct imap_stream *s = calloc(1, sizeof(*s));
	mailstream_low *low = s ? mailstream_low_new(s, &driver) : NULL;
	mailstream *stream = low ? mailstream_new(low, BUFFER_SIZE) : NULL;
	if (!stream)
		die("out of memory");
	s->net = net;
	return stream;
}

bool imap_stream_holds_bytes(mailstream *stream)
{
	const struct imap_stream *s = mailstream_get_low(stream)->data;
	return stream->read_buffer_len || imap_screen_holds(&s->screen);
}
