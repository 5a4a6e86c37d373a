/* SPDX-License-Identifier: ISC */
/* gmime-dump: the same as reader-dump, read by GMime. */
#include <stdio.h>
#include <string.h>

#include <gmime/gmime.h>

#include "base/json.h"

#define OUTPUT_MAX (256u << 20)

struct dump {
	struct arena *a;
	struct json *top, *parts;
};

static struct slice text_of(const char *s)
{
	return s ? slice_str(s) : SLICE("");
}

static void set_text(struct dump *d, struct json *object, const char *name, struct slice s)
{
	json_set(d->a, object, name, json_new_string(d->a, s));
}

static void add_addresses(struct dump *d, struct json *array, InternetAddressList *list)
{
	for (int i = 0; list && i < internet_address_list_length(list); i++) {
		InternetAddress *who = internet_address_list_get_address(list, i);
		if (INTERNET_ADDRESS_IS_GROUP(who)) {
			InternetAddressGroup *group = INTERNET_ADDRESS_GROUP(who);
			add_addresses(d, array, internet_address_group_get_members(group));
			continue;
		}
		struct json *pair = json_add(array, json_new(d->a, JSON_ARRAY));
		const char *addr = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(who));
		json_add(pair, json_new_string(d->a, text_of(internet_address_get_name(who))));
		json_add(pair, json_new_string(d->a, text_of(addr)));
	}
}

static void set_addresses(struct dump *d, const char *name, InternetAddressList *list)
{
	add_addresses(d, json_set(d->a, d->top, name, json_new(d->a, JSON_ARRAY)), list);
}

static void set_ids(struct dump *d, const char *name, GMimeMessage *message, const char *header)
{
	struct json *array = json_set(d->a, d->top, name, json_new(d->a, JSON_ARRAY));
	const char *value = g_mime_object_get_header(GMIME_OBJECT(message), header);
	if (!value)
		return;
	GMimeReferences *ids = g_mime_references_parse(NULL, value);
	for (int i = 0; i < g_mime_references_length(ids); i++)
		json_add(array,
			 json_new_string(d->a, text_of(g_mime_references_get_message_id(ids, i))));
	g_mime_references_free(ids);
}

static gint64 size_of(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	if (!content)
		return 0;
	GMimeStream *null = g_mime_stream_null_new();
	gint64 size = g_mime_data_wrapper_write_to_stream(content, null);
	g_object_unref(null);
	return size < 0 ? 0 : size;
}

static void add_leaf(struct dump *d, GMimeObject *object)
{
	struct json *item = json_add(d->parts, json_new(d->a, JSON_OBJECT));
	char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));
	char *lower = g_ascii_strdown(type, -1);
	set_text(d, item, "type", slice_str(lower));
	g_free(type);
	g_free(lower);
	if (!GMIME_IS_PART(object))
		return;
	set_text(d, item, "name", text_of(g_mime_part_get_filename(GMIME_PART(object))));
	json_set(d->a, item, "size", json_new_integer(d->a, size_of(GMIME_PART(object))));
	if (GMIME_IS_TEXT_PART(object)) {
		char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(object));
		set_text(d, item, "text", text_of(text));
		g_free(text);
	}
}

static void visit(GMimeObject *parent, GMimeObject *object, gpointer ctx)
{
	struct dump *d = ctx;
	(void)parent;
	if (GMIME_IS_MULTIPART(object)) {
		return;
	} else if (GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
		if (inner)
			g_mime_message_foreach(inner, visit, d);
	} else {
		add_leaf(d, object);
	}
}

static void set_date(struct dump *d, GMimeMessage *message)
{
	GDateTime *date = g_mime_message_get_date(message);
	json_set(d->a, d->top, "date",
		 date ? json_new_integer(d->a, g_date_time_to_unix(date))
		      : json_new(d->a, JSON_NULL));
}

static void dump(struct dump *d, GMimeMessage *message)
{
	set_text(d, d->top, "subject", text_of(g_mime_message_get_subject(message)));
	set_addresses(d, "from", g_mime_message_get_from(message));
	set_addresses(d, "to", g_mime_message_get_to(message));
	set_addresses(d, "cc", g_mime_message_get_cc(message));
	set_date(d, message);
	set_text(d, d->top, "message_id", text_of(g_mime_message_get_message_id(message)));
	set_ids(d, "in_reply_to", message, "In-Reply-To");
	set_ids(d, "references", message, "References");
	d->parts = json_set(d->a, d->top, "parts", json_new(d->a, JSON_ARRAY));
	g_mime_message_foreach(message, visit, d);
}

static GMimeMessage *read_message(const char *path)
{
	GMimeStream *stream = g_mime_stream_file_open(path, "r", NULL);
	if (!stream)
		return NULL;
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	g_object_unref(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	return message;
}

int main(void)
{
	char path[4096];
	g_mime_init();
	while (fgets(path, sizeof(path), stdin)) {
		path[strcspn(path, "\n")] = '\0';
		GMimeMessage *message = read_message(path);
		if (!message)
			continue;
		struct arena *a = arena_open();
		struct dump d = {.a = a, .top = json_new(a, JSON_OBJECT)};
		struct buf line;
		buf_init(&line, OUTPUT_MAX);
		set_text(&d, d.top, "file", slice_str(path));
		dump(&d, message);
		json_put(&line, d.top);
		buf_putc(&line, '\n');
		fwrite(line.ptr, 1, line.len, stdout);
		buf_release(&line);
		arena_close(&a);
		g_object_unref(message);
	}
	g_mime_shutdown();
	return 0;
}
