/* SPDX-License-Identifier: ISC */
/* Whatever stands in a draft: it is refused, or the mail written is a clean one. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "mail/compose.h"
#include "mail/envelope.h"
#include "mail/lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SIZE_LIMIT ((size_t)16 << 20)

/* The next value: one byte of length, and as many bytes. */
static struct slice take(struct slice *rest)
{
	size_t n = rest->len ? (uint8_t)rest->ptr[0] : 0;
	struct slice value = slice_sub(*rest, 1, 1 + n);
	*rest = slice_sub(*rest, 1 + n, rest->len);
	return value;
}

/* The same, or a valid value when that bit is not set: else few mails would be written. */
static struct slice take_if(struct slice *rest, unsigned bits, unsigned bit, const char *valid)
{
	struct slice value = take(rest);
	return bits >> bit & 1 ? value : slice_str(valid);
}

static void judge(const struct mail_draft *draft, struct slice raw)
{
	struct arena *arena = arena_open();
	struct mail_findings found;
	mail_lint(arena, raw, &found);
	for (size_t i = 0; i < found.count; i++)
		fprintf(stderr, "%zu: %s: %s\n", found.items[i].line, found.items[i].rule,
			found.items[i].text);
	if (found.count > 0 || !(draft->smtputf8 ? mail_wire_safe_utf8 : mail_wire_safe)(raw))
		abort();
	arena_close(&arena);
}

static void compose(struct slice rest)
{
	struct slice head = take(&rest);
	unsigned bits = head.len ? (uint8_t)head.ptr[0] : 0;
	unsigned more = head.len > 1 ? (uint8_t)head.ptr[1] : 0;
	struct mail_person to[2] = {
		{take(&rest), take_if(&rest, bits, 0, "ann@example.com")},
		{take(&rest), take_if(&rest, bits, 1, "\"b.c\"@example.com")},
	};
	struct slice references[2] = {take_if(&rest, bits, 2, "1@example.com"),
				      take_if(&rest, bits, 2, "<2@example.com>")};
	struct mail_extra extra[3] = {
		{take_if(&rest, bits, 3, "X-Text"), MAIL_EXTRA_TEXT, take(&rest)},
		{SLICE("X-Token"), MAIL_EXTRA_TOKEN, take_if(&rest, bits, 4, "a b; c=d")},
		{SLICE("X-Id"), MAIL_EXTRA_ID, take_if(&rest, bits, 5, "a@b.example")},
	};
	struct mail_attachment files[2];
	for (size_t i = 0; i < 2; i++) {
		files[i].filename = take(&rest);
		files[i].type =
			take_if(&rest, more, (unsigned)i, i ? "message/rfc822" : "text/csv");
		files[i].bytes = take(&rest);
		files[i].is_inline = i;
	}
	struct mail_draft draft = {
		.from = {take(&rest), SLICE("shop@example.com")},
		.reply_to = {SLICE(""), take_if(&rest, bits, 6, "")},
		.to = to,
		.to_count = 1 + (more >> 2 & 1),
		.subject = take(&rest),
		.date = 1772359200,
		.message_id = take_if(&rest, bits, 7, "m1@example.com"),
		.in_reply_to = take_if(&rest, bits, 2, "<2@example.com>"),
		.references = references,
		.references_count = more >> 3 & 2,
		.auto_submitted = (more >> 5) % 3,
		.extra = extra,
		.extra_count = 3,
		.html = more & 8 ? take(&rest) : SLICE(""),
		.attachments = files,
		.attachments_count = more & 4 ? 2 : 0,
		.seed = 1,
		.smtputf8 = more >> 7,
	};
	draft.text = rest;
	struct buf out;
	buf_init(&out, SIZE_LIMIT);
	if (mail_compose(&draft, &out, NULL) == 1)
		judge(&draft, buf_slice(&out));
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	if (!copy)
		return 0;
	if (size)
		memcpy(copy, data, size);
	compose(slice_of(copy, size));
	free(copy);
	return 0;
}
