/* SPDX-License-Identifier: ISC */
#include "mail/envelope.h"

#include "base/text.h"

#define LINE_MAX_OCTETS 998

static bool is_alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* RFC 5322 3.2.3 */
static bool is_atext(unsigned char c)
{
	return is_alnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool is_digits(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return true;
}

/*
 * Beyond ASCII, what is not seen or is taken for something else: controls,
 * spaces, joiners, marks of direction, and the forms that IDNA and NFKC turn
 * into ASCII punctuation.
 */
static const struct {
	uint32_t first, last;
} unsafe_ranges[] = {
	{0x80, 0xa0},	  {0xad, 0xad},	    {0x61c, 0x61c},   {0x1680, 0x1680},	   {0x180e, 0x180e},
	{0x2000, 0x206f}, {0x2ff0, 0x2fff}, {0x3000, 0x3002}, {0xe000, 0xf8ff},	   {0xfe00, 0xfe0f},
	{0xfe50, 0xfe6f}, {0xfeff, 0xff65}, {0xfff0, 0xffff}, {0xe0000, 0x10ffff},
};

static bool is_safe_beyond_ascii(struct slice s)
{
	if (!text_is_utf8(s))
		return false;
	for (uint32_t c; text_next(&s, &c);)
		for (size_t i = 0; i < sizeof(unsafe_ranges) / sizeof(*unsafe_ranges); i++)
			if (c >= unsafe_ranges[i].first && c <= unsafe_ranges[i].last)
				return false;
	return true;
}

static bool is_atom(struct slice s, bool utf8)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (!is_atext(c) && !(utf8 && c > 127))
			return false;
	}
	return s.len > 0;
}

static bool is_dot_atom(struct slice s, bool utf8)
{
	if (s.len == 0)
		return false;
	for (struct slice atom; slice_cut(&s, '.', &atom);)
		if (!is_atom(atom, utf8))
			return false;
	return true;
}

/* The content of a quoted local part, without its quotes. */
static bool is_safe_quoted(struct slice s, bool utf8)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c <= ' ' || c == 127 || strchr("@<>\\\"", c) || (c > 127 && !utf8))
			return false;
	}
	return s.len > 0;
}

static bool is_local(struct slice s, bool utf8)
{
	if (s.len == 0 || s.len > MAIL_ENVELOPE_LOCAL_MAX)
		return false;
	if (s.ptr[0] != '"')
		return is_dot_atom(s, utf8);
	return s.len > 2 && s.ptr[s.len - 1] == '"' &&
	       is_safe_quoted(slice_sub(s, 1, s.len - 1), utf8);
}

static bool is_label(struct slice s, bool utf8)
{
	if (s.len == 0 || s.len > MAIL_ENVELOPE_LABEL_MAX || s.ptr[0] == '-' ||
	    s.ptr[s.len - 1] == '-')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (!is_alnum(c) && c != '-' && !(utf8 && c > 127))
			return false;
	}
	return true;
}

static bool is_domain(struct slice s, bool utf8)
{
	if (s.len == 0 || s.len > MAIL_ENVELOPE_DOMAIN_MAX)
		return false;
	struct slice label = {0};
	size_t labels = 0;
	for (; slice_cut(&s, '.', &label); labels++)
		if (!is_label(label, utf8))
			return false;
	return labels >= 2 && !is_digits(label);
}

static bool addr_strict(struct slice addr, bool utf8)
{
	if (addr.len > MAIL_ENVELOPE_ADDR_MAX || slice_find(addr, SLICE("=?")) >= 0 ||
	    (utf8 && !is_safe_beyond_ascii(addr)))
		return false;
	/* No '@' is allowed inside a quoted local part, so the first one parts them. */
	ptrdiff_t at = slice_chr(addr, '@');
	return at > 0 && is_local(slice_sub(addr, 0, (size_t)at), utf8) &&
	       is_domain(slice_sub(addr, (size_t)at + 1, addr.len), utf8);
}

bool mail_addr_strict(struct slice addr)
{
	return addr_strict(addr, false);
}

bool mail_addr_strict_utf8(struct slice addr)
{
	return addr_strict(addr, true);
}

bool mail_id_safe(struct slice id)
{
	if (id.len == 0 || id.len > MAIL_ID_MAX || slice_find(id, SLICE("=?")) >= 0)
		return false;
	for (size_t i = 0; i < id.len; i++) {
		unsigned char c = (unsigned char)id.ptr[i];
		if (c <= ' ' || c > 126 || c == '<' || c == '>')
			return false;
	}
	return true;
}

bool mail_id_strict(struct slice id)
{
	ptrdiff_t at = slice_chr(id, '@');
	return mail_id_safe(id) && at > 0 && is_dot_atom(slice_sub(id, 0, (size_t)at), false) &&
	       is_dot_atom(slice_sub(id, (size_t)at + 1, id.len), false);
}

static bool is_safe_line(struct slice line, bool utf8)
{
	bool ascii = true;
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];
		if (c == '\0' || c == '\r')
			return false;
		ascii = ascii && c < 128;
	}
	return line.len <= LINE_MAX_OCTETS && (ascii || (utf8 && text_is_utf8(line)));
}

static bool wire_safe(struct slice raw, bool utf8_header)
{
	bool utf8 = utf8_header;
	while (raw.len > 0) {
		ptrdiff_t lf = slice_chr(raw, '\n');
		if (lf < 1 || raw.ptr[lf - 1] != '\r')
			return false;
		struct slice line = slice_sub(raw, 0, (size_t)lf - 1);
		utf8 = utf8 && line.len > 0;
		if (!is_safe_line(line, utf8))
			return false;
		raw = slice_sub(raw, (size_t)lf + 1, raw.len);
	}
	return true;
}

bool mail_wire_safe(struct slice raw)
{
	return wire_safe(raw, false);
}

bool mail_wire_safe_utf8(struct slice raw)
{
	return wire_safe(raw, true);
}
