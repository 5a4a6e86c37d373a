/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/text.h"
#include "draft.h"
#include "encode.h"
#include "mail/envelope.h"

#define BOUNDARY_BYTES 12
/* RFC 2045 5.1: type "/" subtype; longer ones than registered ones are nonsense. */
#define TYPE_MAX 100

/*
 * "=_" and hexadecimal digits: the one cannot stand in quoted-printable or
 * base64, the others are looked for in what is sent as it is, and in names.
 */
struct boundary {
	char text[2 + 2 * BOUNDARY_BYTES + 1];
};

static bool is_in_draft(const struct mail_draft *draft, struct slice digits)
{
	if (slice_find(draft->text, digits) >= 0 || slice_find(draft->html, digits) >= 0)
		return true;
	for (size_t i = 0; i < draft->attachments_count; i++)
		if (slice_find(draft->attachments[i].bytes, digits) >= 0 ||
		    slice_find(draft->attachments[i].filename, digits) >= 0)
			return true;
	return false;
}

static void make_boundary(const struct mail_draft *draft, uint64_t number, struct boundary *b)
{
	struct buf text;
	buf_init(&text, sizeof(b->text));
	do {
		uint8_t bytes[SHA256_SIZE];
		const uint64_t input[2] = {draft->seed, number};
		if (draft->seed)
			crypto_sha256(slice_of(input, sizeof(input)), bytes);
		else
			crypto_random(bytes, BOUNDARY_BYTES);
		buf_clear(&text);
		buf_puts(&text, "=_");
		hex_put(&text, slice_of(bytes, BOUNDARY_BYTES));
		/* Even and odd numbers keep the two boundaries of a mail apart. */
		number += 2;
	} while (is_in_draft(draft, slice_sub(buf_slice(&text), 2, text.len)));
	assert(text.len + 1 == sizeof(b->text));
	memcpy(b->text, buf_str(&text), sizeof(b->text));
	buf_release(&text);
}

static void put_multipart(struct buf *out, const char *subtype, const struct boundary *b)
{
	buf_printf(out, "Content-Type: multipart/%s;\r\n boundary=\"%s\"\r\n", subtype, b->text);
}

/*
 * The line end before a boundary belongs to it (RFC 2046 5.1.1): behind a part
 * it is one more, behind the header it is the empty line.
 */
static void put_delimiter(struct buf *out, const struct boundary *b, const char *end)
{
	buf_printf(out, "\r\n--%s%s\r\n", b->text, end);
}

static void put_text_part(struct buf *out, const char *type, struct slice text)
{
	struct buf canonical;
	buf_init(&canonical, SIZE_MAX);
	encode_canonical(&canonical, text);
	enum encode_body encoding = encode_choose(buf_slice(&canonical));
	buf_printf(out,
		   "Content-Type: %s; charset=utf-8\r\n"
		   "Content-Transfer-Encoding: %s\r\n\r\n",
		   type, encode_body_name(encoding));
	encode_put(out, buf_slice(&canonical), encoding);
	buf_release(&canonical);
}

static void put_texts(struct buf *out, const struct mail_draft *draft)
{
	if (draft->html.len == 0) {
		put_text_part(out, "text/plain", draft->text);
		return;
	}
	struct boundary b;
	make_boundary(draft, 0, &b);
	put_multipart(out, "alternative", &b);
	put_delimiter(out, &b, "");
	put_text_part(out, "text/plain", draft->text);
	put_delimiter(out, &b, "");
	put_text_part(out, "text/html", draft->html);
	put_delimiter(out, &b, "--");
}

static bool is_token(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c <= ' ' || c > 126 || strchr("()<>@,;:\\\"/[]?=", c))
			return false;
	}
	return s.len > 0;
}

static bool is_type(struct slice type)
{
	struct slice first = {0}, rest = type;
	return type.len <= TYPE_MAX && slice_cut(&rest, '/', &first) && is_token(first) &&
	       is_token(rest);
}

/* How an attachment is written: its media type, and whether as a mail of its own. */
struct form {
	struct slice type;
	const char *charset;
	bool is_message;
};

static struct form form_of(const struct mail_attachment *attachment, struct slice crlf)
{
	const struct form bytes = {.type = SLICE("application/octet-stream"), .charset = ""};
	struct slice type = attachment->type;
	/* RFC 2046 5.2.1: a message must not be encoded. */
	if (slice_eq_nocase(type, SLICE("message/rfc822")))
		return crlf.len > 0 && mail_wire_safe(crlf)
			       ? (struct form){.type = type, .charset = "", .is_message = true}
			       : bytes;
	if (!is_type(type) || slice_starts_nocase(type, SLICE("multipart/")) ||
	    slice_starts_nocase(type, SLICE("message/")))
		return bytes;
	if (!slice_starts_nocase(type, SLICE("text/")))
		return (struct form){.type = type, .charset = ""};
	if (!text_is_utf8(attachment->bytes))
		return bytes;
	return (struct form){.type = type, .charset = "charset=utf-8"};
}

static void put_attachment_fields(struct buf *out, const struct mail_attachment *attachment,
				  const struct form *form)
{
	struct fold f;
	fold_open(&f, out, SLICE("Content-Type"));
	fold_glued(&f, form->type, slice_str(*form->charset ? ";" : ""), SLICE(""));
	if (*form->charset)
		fold_word(&f, slice_str(form->charset));
	fold_close(&f);
	fold_field(out, "Content-Transfer-Encoding",
		   slice_str(form->is_message ? "7bit" : "base64"));
	fold_open(&f, out, SLICE("Content-Disposition"));
	fold_word(&f, attachment->is_inline ? SLICE("inline;") : SLICE("attachment;"));
	encode_filename(&f, attachment->filename, MAIL_DRAFT_FILENAME_MAX,
			form->is_message ? "message.eml" : "attachment");
	fold_close(&f);
	buf_puts(out, "\r\n");
}

static void put_attachment(struct buf *out, const struct mail_attachment *attachment)
{
	struct buf crlf;
	buf_init(&crlf, SIZE_MAX);
	if (slice_eq_nocase(attachment->type, SLICE("message/rfc822")))
		encode_line_ends(&crlf, attachment->bytes);
	struct form form = form_of(attachment, buf_slice(&crlf));
	put_attachment_fields(out, attachment, &form);
	if (form.is_message)
		encode_put(out, buf_slice(&crlf), ENCODE_7BIT);
	else
		encode_put(out, attachment->bytes, ENCODE_BASE64);
	buf_release(&crlf);
}

void draft_put_body(struct buf *out, const struct mail_draft *draft)
{
	buf_puts(out, "MIME-Version: 1.0\r\n");
	if (draft->attachments_count == 0) {
		put_texts(out, draft);
		return;
	}
	struct boundary b;
	make_boundary(draft, 1, &b);
	put_multipart(out, "mixed", &b);
	put_delimiter(out, &b, "");
	put_texts(out, draft);
	for (size_t i = 0; i < draft->attachments_count; i++) {
		put_delimiter(out, &b, "");
		put_attachment(out, &draft->attachments[i]);
	}
	put_delimiter(out, &b, "--");
}
