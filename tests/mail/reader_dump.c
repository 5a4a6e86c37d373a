/* SPDX-License-Identifier: ISC */
/*
 * reader-dump: what the reader makes of mails, for diff-reader.  File names on
 * standard input, one a line; a JSON line each on standard output.
 */
#include <stdio.h>

#include "../../src/mail/charset.h"
#include "base/json.h"
#include "mail.h"

#define FILE_MAX (64u << 20)

static bool read_file(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return false;
	char chunk[65536];
	for (size_t n; (n = fread(chunk, 1, sizeof(chunk), f)) > 0;)
		buf_put(out, slice_of(chunk, n));
	fclose(f);
	return !buf_failed(out);
}

static void set_text(struct arena *a, struct json *object, const char *name, struct slice s)
{
	json_set(a, object, name, json_new_string(a, s));
}

static void set_addresses(struct arena *a, struct json *top, const char *name,
			  const struct mail_addresses *list)
{
	struct json *array = json_set(a, top, name, json_new(a, JSON_ARRAY));
	for (size_t i = 0; i < list->n; i++) {
		struct json *pair = json_add(array, json_new(a, JSON_ARRAY));
		json_add(pair, json_new_string(a, list->items[i].name));
		json_add(pair, json_new_string(a, list->items[i].addr));
	}
}

static void set_ids(struct arena *a, struct json *top, const char *name, const struct slice *ids,
		    size_t n)
{
	struct json *array = json_set(a, top, name, json_new(a, JSON_ARRAY));
	for (size_t i = 0; i < n; i++)
		json_add(array, json_new_string(a, ids[i]));
}

/* Text is compared as it is written: HTML as HTML, format=flowed as it flows. */
static void set_source(struct arena *a, struct json *item, const struct mail_part *part)
{
	struct buf utf8;
	buf_init(&utf8, FILE_MAX);
	charset_put_utf8(part->charset, mail_part_bytes(a, part), &utf8);
	set_text(a, item, "text", buf_slice(&utf8));
	buf_release(&utf8);
}

static void set_part(struct arena *a, struct json *parts, const struct mail_part *part)
{
	struct json *item = json_add(parts, json_new(a, JSON_OBJECT));
	char *type = arena_printf(a, "%.*s/%.*s", SLICE_ARG(part->type), SLICE_ARG(part->subtype));
	set_text(a, item, "type", slice_str(type));
	set_text(a, item, "name", part->filename);
	json_set(a, item, "size", json_new_integer(a, (int64_t)mail_part_size(part)));
	json_set(a, item, "in_text",
		 json_new_boolean(a, part->encoding == MAIL_ENCODING_UUENCODE && !part->fields));
	if (slice_eq(part->type, SLICE("text")))
		set_source(a, item, part);
}

static void set_parts(struct arena *a, struct json *top, const struct mail *m)
{
	struct json *parts = json_set(a, top, "parts", json_new(a, JSON_ARRAY));
	for (size_t i = 0; i < m->n_parts; i++)
		if (!m->parts[i].is_multipart && !m->parts[i].is_message)
			set_part(a, parts, &m->parts[i]);
}

static void set_defects(struct arena *a, struct json *top, const struct mail *m)
{
	struct json *array = json_set(a, top, "defects", json_new(a, JSON_ARRAY));
	for (int d = 0; d < MAIL_DEFECT_COUNT; d++)
		if (mail_has_defect(m, (enum mail_defect)d))
			json_add(array,
				 json_new_string(a,
						 slice_str(mail_defect_name((enum mail_defect)d))));
}

static void dump(struct arena *a, const struct mail *m, const char *path, struct buf *out)
{
	struct json *top = json_new(a, JSON_OBJECT);
	set_text(a, top, "file", slice_str(path));
	set_text(a, top, "subject", m->subject);
	set_addresses(a, top, "from", &m->from);
	set_addresses(a, top, "to", &m->to);
	set_addresses(a, top, "cc", &m->cc);
	json_set(a, top, "date",
		 m->has_date ? json_new_integer(a, m->date) : json_new(a, JSON_NULL));
	set_text(a, top, "message_id", m->message_id);
	set_ids(a, top, "in_reply_to", m->in_reply_to, m->n_in_reply_to);
	set_ids(a, top, "references", m->references, m->n_references);
	set_parts(a, top, m);
	set_defects(a, top, m);
	json_put(out, top);
	buf_putc(out, '\n');
}

int main(void)
{
	char path[4096];
	while (fgets(path, sizeof(path), stdin)) {
		struct buf raw, line;
		struct mail *m;
		struct err e;
		struct arena *a = arena_open();
		path[strcspn(path, "\n")] = '\0';
		buf_init(&raw, FILE_MAX);
		buf_init(&line, 4u * FILE_MAX);
		if (read_file(path, &raw)) {
			mail_parse(a, buf_slice(&raw), NULL, &m, &e);
			dump(a, m, path, &line);
			fwrite(line.ptr, 1, line.len, stdout);
		}
		buf_release(&raw);
		buf_release(&line);
		arena_close(&a);
	}
	return 0;
}
