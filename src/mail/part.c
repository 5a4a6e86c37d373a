/* SPDX-License-Identifier: ISC */
#include "header.h"
#include "lex.h"
#include "mail/message.h"
#include "params.h"
#include "structure.h"

/* Names that only some readers know are understood and noted (T08). */
static const struct {
	const char *name;
	enum mail_encoding encoding;
	bool standard;
} encodings[] = {
	{"7bit", MAIL_ENCODING_IDENTITY, true},
	{"8bit", MAIL_ENCODING_IDENTITY, true},
	{"binary", MAIL_ENCODING_IDENTITY, true},
	{"7-bit", MAIL_ENCODING_IDENTITY, true},
	{"8-bit", MAIL_ENCODING_IDENTITY, true},
	{"none", MAIL_ENCODING_IDENTITY, true},
	{"base64", MAIL_ENCODING_BASE64, true},
	{"b64", MAIL_ENCODING_BASE64, false},
	{"quoted-printable", MAIL_ENCODING_QUOTED_PRINTABLE, true},
	{"quotedprintable", MAIL_ENCODING_QUOTED_PRINTABLE, false},
	{"x-uuencode", MAIL_ENCODING_UUENCODE, true},
	{"uuencode", MAIL_ENCODING_UUENCODE, true},
	{"x-uue", MAIL_ENCODING_UUENCODE, true},
	{"uue", MAIL_ENCODING_UUENCODE, true},
};

static enum mail_encoding read_encoding(struct reader *r, struct slice value)
{
	struct lex lx = lex_open(r, value);
	lex_cfws(&lx);
	bool odd = lex_take(&lx, '"');
	struct slice token = lex_until(&lx, ";(\"");
	for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++)
		if (slice_eq_nocase(token, slice_str(encodings[i].name))) {
			if (odd || !encodings[i].standard)
				reader_note(r, MAIL_DEFECT_UNKNOWN_ENCODING);
			return encodings[i].encoding;
		}
	reader_note(r, MAIL_DEFECT_UNKNOWN_ENCODING);
	return MAIL_ENCODING_IDENTITY;
}

/* RFC 2045 5.2: what cannot be read as a type is text/plain. */
static void default_type(struct mail_part *part, bool is_digest)
{
	part->type = is_digest ? SLICE("message") : SLICE("text");
	part->subtype = is_digest ? SLICE("rfc822") : SLICE("plain");
}

static void read_type(struct reader *r, struct slice value, bool is_digest, struct mail_part *part)
{
	struct lex lx = lex_open(r, value);
	lex_cfws(&lx);
	struct slice type = lex_until(&lx, "/;(");
	lex_cfws(&lx);
	struct slice subtype = SLICE("");
	if (lex_take(&lx, '/')) {
		lex_cfws(&lx);
		subtype = lex_until(&lx, ";(");
	}
	if (type.len && subtype.len) {
		part->type = lex_lower(r->a, type);
		part->subtype = lex_lower(r->a, subtype);
	} else {
		reader_note(r, MAIL_DEFECT_BAD_CONTENT_TYPE);
		default_type(part, is_digest);
	}
	struct params params;
	params_read(&lx, &params);
	part->params = params.items;
	part->n_params = params.n;
	part->charset = params_get(&params, "charset");
}

static void read_disposition(struct reader *r, struct slice value, struct mail_part *part)
{
	struct lex lx = lex_open(r, value);
	lex_cfws(&lx);
	part->disposition = lex_lower(r->a, lex_until(&lx, ";("));
	struct params params;
	params_read(&lx, &params);
	part->filename = params_get(&params, "filename");
}

static struct slice without_brackets(struct slice value)
{
	value = slice_trim(value);
	if (value.len >= 2 && value.ptr[0] == '<' && value.ptr[value.len - 1] == '>')
		value = slice_trim(slice_sub(value, 1, value.len - 1));
	return value;
}

/* The first field of each name counts; a second one that differs makes the mail ambiguous. */
static struct slice once(struct reader *r, const struct mail_part *part, struct slice name)
{
	struct slice first = header_find(part->fields, part->n_fields, name, 0);
	if (first.ptr && header_find(part->fields, part->n_fields, name, 1).ptr)
		reader_note(r, MAIL_DEFECT_DUPLICATE_HEADER);
	return first;
}

static bool has_mime_fields(const struct mail_part *part)
{
	for (size_t i = 0; i < part->n_fields; i++)
		if ((part->fields[i].name.ptr[0] | 0x20) == 'c' &&
		    slice_starts_nocase(part->fields[i].name, SLICE("content-")))
			return true;
	return false;
}

static bool is_mail_type(const struct mail_part *part)
{
	return slice_eq(part->type, SLICE("message")) &&
	       (slice_eq(part->subtype, SLICE("rfc822")) ||
		slice_eq(part->subtype, SLICE("global")) || slice_eq(part->subtype, SLICE("news")));
}

void part_describe(struct reader *r, struct mail_part *part, bool is_digest)
{
	default_type(part, is_digest);
	if (has_mime_fields(part)) {
		struct slice type = once(r, part, SLICE("content-type"));
		struct slice encoding = once(r, part, SLICE("content-transfer-encoding"));
		struct slice disposition = once(r, part, SLICE("content-disposition"));
		if (type.ptr)
			read_type(r, type, is_digest, part);
		if (encoding.len)
			part->encoding = read_encoding(r, encoding);
		if (disposition.len)
			read_disposition(r, disposition, part);
		part->content_id = without_brackets(
			header_find(part->fields, part->n_fields, SLICE("content-id"), 0));
		if (!part->filename.len)
			part->filename = mail_part_param(part, "name");
		if (part->filename.len)
			part->filename = filename_safe(r, part->filename);
	}
	part->is_multipart = slice_eq(part->type, SLICE("multipart"));
	part->is_message = is_mail_type(part);
	if (part->is_multipart && part->encoding != MAIL_ENCODING_IDENTITY) {
		reader_note(r, MAIL_DEFECT_ENCODED_MULTIPART);
		part->encoding = MAIL_ENCODING_IDENTITY;
	}
}

struct slice mail_part_param(const struct mail_part *part, const char *name)
{
	return params_get(&(struct params){part->params, part->n_params}, name);
}

struct slice mail_part_field(const struct mail_part *part, const char *name, size_t i)
{
	return header_find(part->fields, part->n_fields, slice_str(name), i);
}

bool mail_part_is(const struct mail_part *part, const char *type)
{
	struct slice whole = slice_str(type);
	ptrdiff_t slash = slice_chr(whole, '/');
	return slash > 0 && slice_eq_nocase(part->type, slice_sub(whole, 0, (size_t)slash)) &&
	       slice_eq_nocase(part->subtype, slice_sub(whole, (size_t)slash + 1, whole.len));
}
