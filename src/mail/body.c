/* SPDX-License-Identifier: ISC */
#include "body.h"

#include <assert.h>

#include "base/text.h"
#include "charset.h"
#include "transfer.h"

#define BOM "\xef\xbb\xbf"
#define REPLACEMENT "\xef\xbf\xbd"

static struct slice keep(struct arena *a, struct buf *b)
{
	struct slice s = arena_copy(a, buf_slice(b));
	buf_release(b);
	return s;
}

static struct slice decode_bytes(struct reader *r, const struct mail_part *part)
{
	bool bad = false;
	if (part->encoding == MAIL_ENCODING_IDENTITY)
		return part->body;
	char *out = arena_alloc(r->a, part->body.len);
	bool base64 = part->encoding == MAIL_ENCODING_BASE64;
	transfer_fn *decode = base64 ? transfer_base64
			      : part->encoding == MAIL_ENCODING_UUENCODE
				      ? transfer_uuencode
				      : transfer_quoted_printable;
	size_t n = decode(part->body, out, &bad);
	if (bad)
		reader_note(r, base64 ? MAIL_DEFECT_BAD_BASE64 : MAIL_DEFECT_BAD_QUOTED_PRINTABLE);
	return slice_of(out, n);
}

static struct slice to_utf8(struct reader *r, struct slice label, struct slice bytes)
{
	if (charset_is_utf8_already(label, bytes))
		return bytes;
	struct buf out;
	buf_init(&out, MAIL_CHARSET_MAX(bytes.len));
	switch (charset_put_utf8(label, bytes, &out)) {
	case CHARSET_OK:
		break;
	case CHARSET_DAMAGED:
		reader_note(r, MAIL_DEFECT_BAD_CHARSET);
		break;
	case CHARSET_UNKNOWN:
		reader_note(r, MAIL_DEFECT_UNKNOWN_CHARSET);
		break;
	case CHARSET_REFUSED:
		reader_note(r, MAIL_DEFECT_UTF7);
		break;
	}
	return keep(r->a, &out);
}

/* CR LF and lone CR become LF, NUL becomes U+FFFD; a view where there is none of them. */
static struct slice plain_lines(struct arena *a, struct slice s)
{
	if (slice_starts(s, SLICE(BOM)))
		s = slice_sub(s, sizeof(BOM) - 1, s.len);
	if (!s.len || (!memchr(s.ptr, '\r', s.len) && !memchr(s.ptr, '\0', s.len)))
		return s;
	struct buf out;
	buf_init(&out, 3 * s.len);
	while (s.len) {
		size_t n = 0;
		while (n < s.len && s.ptr[n] != '\r' && s.ptr[n] != '\0')
			n++;
		buf_put(&out, slice_sub(s, 0, n));
		if (n < s.len && s.ptr[n] == '\0')
			buf_puts(&out, REPLACEMENT);
		else if (n < s.len && (n + 1 == s.len || s.ptr[n + 1] != '\n'))
			buf_putc(&out, '\n');
		s = slice_sub(s, n + 1, s.len);
	}
	return keep(a, &out);
}

static bool param_is(const struct mail_part *part, const char *name, const char *value)
{
	return slice_eq_nocase(mail_part_param(part, name), slice_str(value));
}

struct slice body_marked_text(struct reader *r, const struct mail_part *part,
			      struct html_marks *marks)
{
	bool html = mail_part_is(part, "text/html");
	struct slice bytes = decode_bytes(r, part), label = part->charset;
	if (html && !label.len)
		label = html_charset(bytes);
	struct slice text = plain_lines(r->a, to_utf8(r, label, bytes));
	bool flowed = !html && param_is(part, "format", "flowed");
	if (!html && !flowed)
		return text;
	struct buf out;
	buf_init(&out, MAIL_CHARSET_MAX(text.len));
	if (html)
		html_put_text(&out, text, marks);
	else
		flowed_put(&out, text, param_is(part, "delsp", "yes"));
	return keep(r->a, &out);
}

struct slice body_text(struct reader *r, const struct mail_part *part)
{
	return body_marked_text(r, part, NULL);
}

struct slice mail_part_text(struct arena *a, const struct mail_part *part)
{
	struct reader r = {.a = a, .limits = &mail_limits_default};
	return body_text(&r, part);
}
