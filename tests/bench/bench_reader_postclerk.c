/* SPDX-License-Identifier: ISC */
#include "bench_reader.h"

#include <stdlib.h>

#include "../../src/mail/charset.h"
#include "mail.h"

const char contestant_name[] = "postclerk";

void *contestant_load(const char *bytes, size_t n)
{
	struct slice *raw = malloc(sizeof(*raw));
	if (!raw)
		abort();
	*raw = slice_of(bytes, n);
	return raw;
}

static size_t names(const struct mail_addresses *list)
{
	size_t n = 0;
	for (size_t i = 0; i < list->n; i++)
		n += list->items[i].name.len + list->items[i].addr.len;
	return n;
}

/* What mail_parse has not decoded yet: HTML beside plain text, text files, other files. */
static size_t leaf(struct arena *a, const struct mail_part *part)
{
	struct slice bytes = mail_part_bytes(a, part);
	if (!slice_eq(part->type, SLICE("text")) || charset_is_utf8_already(part->charset, bytes))
		return bytes.len;
	struct buf utf8;
	buf_init(&utf8, MAIL_CHARSET_MAX(bytes.len));
	charset_put_utf8(part->charset, bytes, &utf8);
	size_t n = utf8.len;
	buf_release(&utf8);
	return n;
}

size_t contestant_read(void *mail)
{
	const struct slice *raw = mail;
	struct arena *a = arena_open();
	struct mail *m;
	struct err e;
	mail_parse(a, *raw, NULL, &m, &e);
	size_t n = m->subject.len + names(&m->from) + names(&m->to) + names(&m->cc) + m->text.len;
	for (size_t i = 0; i < m->n_parts; i++) {
		const struct mail_part *part = &m->parts[i];
		bool in_text = part->is_text && mail_part_is(part, "text/plain");
		if (!part->is_multipart && !part->is_message && !in_text)
			n += leaf(a, part);
	}
	arena_close(&a);
	return n;
}
