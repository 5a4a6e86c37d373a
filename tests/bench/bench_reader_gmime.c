/* SPDX-License-Identifier: ISC */
#include "bench_reader.h"

#include <string.h>

#include <gmime/gmime.h>

const char contestant_name[] = "gmime";

void *contestant_load(const char *bytes, size_t n)
{
	static gsize ready;
	if (g_once_init_enter(&ready)) {
		g_mime_init();
		g_once_init_leave(&ready, 1);
	}
	return g_mime_stream_mem_new_with_buffer(bytes, n);
}

static size_t names(InternetAddressList *list)
{
	size_t n = 0;
	for (int i = 0; list && i < internet_address_list_length(list); i++) {
		InternetAddress *who = internet_address_list_get_address(list, i);
		const char *name = internet_address_get_name(who);
		n += name ? strlen(name) : 0;
		if (INTERNET_ADDRESS_IS_MAILBOX(who))
			n += strlen(
				internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(who)));
	}
	return n;
}

static size_t bytes_of(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	if (!content)
		return 0;
	GMimeStream *out = g_mime_stream_mem_new();
	ssize_t n = g_mime_data_wrapper_write_to_stream(content, out);
	g_object_unref(out);
	return n < 0 ? 0 : (size_t)n;
}

static void leaf(GMimeObject *parent, GMimeObject *object, gpointer ctx)
{
	size_t *n = ctx;
	(void)parent;
	if (GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
		if (inner)
			g_mime_message_foreach(inner, leaf, n);
	} else if (GMIME_IS_TEXT_PART(object)) {
		char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(object));
		*n += text ? strlen(text) : 0;
		g_free(text);
	} else if (GMIME_IS_PART(object)) {
		*n += bytes_of(GMIME_PART(object));
	}
}

size_t contestant_read(void *mail)
{
	GMimeStream *stream = mail;
	g_mime_stream_reset(stream);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	if (!message)
		return 0;
	const char *subject = g_mime_message_get_subject(message);
	size_t n = subject ? strlen(subject) : 0;
	n += names(g_mime_message_get_from(message)) + names(g_mime_message_get_to(message)) +
	     names(g_mime_message_get_cc(message));
	g_mime_message_foreach(message, leaf, &n);
	g_object_unref(message);
	return n;
}
