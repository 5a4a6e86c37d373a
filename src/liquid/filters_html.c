/* SPDX-License-Identifier: ISC */
#include "base/text.h"
#include "escape.h"
#include "filters.h"

/* HTML, URLs and base64. */

/*
 * For the kind of part in hand, so that an escape written by hand and the one
 * made by the engine are one; where a part is not escaped, HTML as in the
 * reference.
 */
int filter_escape(const struct liquid_call *call, struct liquid_value *result)
{
	enum liquid_escape kind = call->context->escape;
	if (call->input.kind == LIQUID_NIL)
		return 1;
	struct slice s = filter_input(call);
	bool markdown = kind == LIQUID_ESCAPE_MARKDOWN;
	liquid_escape_put(filter_scratch(call), markdown ? kind : LIQUID_ESCAPE_HTML, s);
	return filter_done(call, kind != LIQUID_ESCAPE_HEADER, result);
}

/* Behind '&': the length of "name;" or "#123;", or 0. */
static size_t entity_length(struct slice s)
{
	size_t i = 0, start = s.len && s.ptr[0] == '#';
	for (i = start; i < s.len; i++) {
		char c = s.ptr[i];
		bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
		if (start ? c < '0' || c > '9' : !letter)
			break;
	}
	return i > start && i < s.len && s.ptr[i] == ';' ? i + 1 : 0;
}

/* An entity that is there already stays as it is. */
static int filter_escape_once(const struct liquid_call *call, struct liquid_value *result)
{
	struct slice s = filter_input(call);
	struct buf *out = filter_scratch(call);
	for (size_t i = 0; i < s.len; i++) {
		struct slice rest = slice_sub(s, i + 1, s.len);
		if (s.ptr[i] == '&' && entity_length(rest))
			buf_putc(out, '&');
		else
			liquid_escape_put(out, LIQUID_ESCAPE_HTML, slice_sub(s, i, i + 1));
	}
	return filter_done(call, true, result);
}

static int filter_raw(const struct liquid_call *call, struct liquid_value *result)
{
	return filter_view(filter_input(call), true, result);
}

static int filter_newline_to_br(const struct liquid_call *call, struct liquid_value *result)
{
	struct piece input = {filter_input(call), filter_safe(call)};
	struct piece mark = {SLICE("<br />\n"), true};
	struct slice rest = input.text, line;
	struct mix mix = mix_begin(call, input, mark);
	for (bool first = true; slice_cut(&rest, '\n', &line); first = false) {
		if (rest.ptr && line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		if ((!first && mix_put(&mix, mark) < 0) ||
		    mix_put(&mix, (struct piece){line, input.safe}) < 0)
			return -1;
	}
	return mix_done(&mix, input.safe, result);
}

/* ---- strip_html ---- */

/* Where the part that begins here ends, or null if it does not end. */
static const char *end_of_part(struct slice s, const char *opening, const char *closing)
{
	struct slice close = slice_str(closing);
	size_t skip = strlen(opening);
	ptrdiff_t at = slice_find(slice_sub(s, skip, s.len), close);
	return at < 0 ? NULL : s.ptr + skip + (size_t)at + close.len;
}

struct strip {
	const char *opening, *closing;
	bool gone; /* no closing mark is left in the text */
};

static const char *strip_part(struct strip *parts, size_t n, struct slice rest)
{
	for (size_t i = 0; i < n; i++) {
		if (parts[i].gone || !slice_starts(rest, slice_str(parts[i].opening)))
			continue;
		const char *end = end_of_part(rest, parts[i].opening, parts[i].closing);
		if (end)
			return end;
		/*
		 * Searched for once in vain: a hundred thousand openings without an end must not
		 * be quadratic.
		 */
		parts[i].gone = true;
	}
	return NULL;
}

static void strip_pass(struct buf *out, struct slice s, struct strip *parts, size_t n)
{
	for (size_t i = 0; i < s.len;) {
		const char *mark = memchr(s.ptr + i, '<', s.len - i);
		size_t at = mark ? (size_t)(mark - s.ptr) : s.len;
		buf_put(out, slice_sub(s, i, at));
		if (at == s.len)
			return;
		const char *end = strip_part(parts, n, slice_sub(s, at, s.len));
		i = end ? (size_t)(end - s.ptr) : at + 1;
		if (!end)
			buf_putc(out, '<');
	}
}

static int filter_strip_html(const struct liquid_call *call, struct liquid_value *result)
{
	struct strip blocks[] = {{"<script", "</script>", false},
				 {"<!--", "-->", false},
				 {"<style", "</style>", false}};
	struct strip tags[] = {{"<", ">", false}};
	struct slice s = filter_input(call);
	if (!vm_charge(call->context, s.len))
		return -1;
	/* Two passes, as the reference: what scripts and comments leave behind may be a tag. */
	strip_pass(filter_scratch(call), s, blocks, 3);
	struct liquid_value inner;
	if (filter_done(call, false, &inner) < 0)
		return -1;
	strip_pass(filter_scratch(call), inner.string, tags, 1);
	return filter_done(call, filter_safe(call), result);
}

/* ---- URLs ---- */

static bool url_plain(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_.-~", c));
}

static int filter_url_encode(const struct liquid_call *call, struct liquid_value *result)
{
	static const char hex[] = "0123456789ABCDEF";
	if (call->input.kind == LIQUID_NIL)
		return 1;
	struct slice s = filter_input(call);
	struct buf *out = filter_scratch(call);
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (url_plain(c) || c == ' ') {
			buf_putc(out, c == ' ' ? '+' : (char)c);
			continue;
		}
		char code[3] = {'%', hex[c >> 4], hex[c & 15]};
		buf_put(out, slice_of(code, 3));
	}
	return filter_done(call, false, result);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int filter_url_decode(const struct liquid_call *call, struct liquid_value *result)
{
	if (call->input.kind == LIQUID_NIL)
		return 1;
	struct slice s = filter_input(call);
	struct buf *out = filter_scratch(call);
	for (size_t i = 0; i < s.len; i++) {
		bool code = s.ptr[i] == '%' && i + 2 < s.len && hex_digit(s.ptr[i + 1]) >= 0 &&
			    hex_digit(s.ptr[i + 2]) >= 0;
		if (code)
			buf_putc(out,
				 (char)(hex_digit(s.ptr[i + 1]) * 16 + hex_digit(s.ptr[i + 2])));
		else
			buf_putc(out, s.ptr[i] == '+' ? ' ' : s.ptr[i]);
		i += code ? 2 : 0;
	}
	/* %FF would smuggle bytes into the mail that no other filter lets through. */
	if (!text_is_utf8(buf_slice(out)))
		return liquid_fail(call->context, "invalid byte sequence in UTF-8");
	return filter_done(call, false, result);
}

/* ---- base64, RFC 4648 ---- */

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";

static char base64_digit(unsigned value, bool url)
{
	return value < 62 || !url ? base64_digits[value] : base64_digits[value + 2];
}

static int encode(const struct liquid_call *call, bool url, struct liquid_value *result)
{
	struct slice s = filter_input(call);
	struct buf *out = filter_scratch(call);
	for (size_t i = 0; i < s.len; i += 3) {
		unsigned bits = 0, have = s.len - i < 3 ? (unsigned)(s.len - i) : 3;
		char quad[4] = "====";
		for (unsigned k = 0; k < 3; k++)
			bits = bits << 8 | (k < have ? (unsigned char)s.ptr[i + k] : 0);
		for (unsigned k = 0; k <= have; k++)
			quad[k] = base64_digit(bits >> (18 - 6 * k) & 63, url);
		buf_put(out, slice_of(quad, 4));
	}
	return filter_done(call, false, result);
}

static int base64_value(char c, bool url)
{
	const char *at = c ? strchr(base64_digits, c) : NULL;
	int value = at ? (int)(at - base64_digits) : -1;
	if (value > 63)
		return url ? value - 2 : -1;
	return value > 61 && url ? -1 : value;
}

static int bad_base64(const struct liquid_call *call, bool url)
{
	return liquid_fail(call->context, "invalid base64 provided to base64_%sdecode",
			   url ? "url_safe_" : "");
}

/* Bits that no byte takes are zero, or the text was not encoded by anyone. */
static bool decode_digits(struct buf *out, struct slice s, bool url)
{
	unsigned bits = 0;
	for (size_t i = 0; i < s.len; i++) {
		int value = base64_value(s.ptr[i], url);
		if (value < 0)
			return false;
		bits = bits << 6 | (unsigned)value;
		if (i % 4)
			buf_putc(out, (char)(bits >> (6 - 2 * (i % 4))));
	}
	static const unsigned spare[] = {0, 63, 15, 3};
	return !(bits & spare[s.len % 4]);
}

/* Padding may be missing only in the form for URLs. */
static int decode(const struct liquid_call *call, bool url, struct liquid_value *result)
{
	struct slice s = filter_input(call);
	struct buf *out = filter_scratch(call);
	size_t len = s.len;
	while (len && s.len - len < 2 && s.ptr[len - 1] == '=')
		len--;
	bool whole = s.len % 4 == 0 || (url && len == s.len);
	if (!whole || len % 4 == 1 || !decode_digits(out, slice_sub(s, 0, len), url) ||
	    !text_is_utf8(buf_slice(out)))
		return bad_base64(call, url);
	return filter_done(call, false, result);
}

static int filter_base64_encode(const struct liquid_call *call, struct liquid_value *result)
{
	return encode(call, false, result);
}

static int filter_base64_url_safe_encode(const struct liquid_call *call,
					 struct liquid_value *result)
{
	return encode(call, true, result);
}

static int filter_base64_decode(const struct liquid_call *call, struct liquid_value *result)
{
	return decode(call, false, result);
}

static int filter_base64_url_safe_decode(const struct liquid_call *call,
					 struct liquid_value *result)
{
	return decode(call, true, result);
}

const struct liquid_filter filters_html[] = {
	{"escape", 0, 0, false, filter_escape},
	{"h", 0, 0, false, filter_escape},
	{"escape_once", 0, 0, false, filter_escape_once},
	{"raw", 0, 0, false, filter_raw},
	{"safe", 0, 0, false, filter_raw},
	{"newline_to_br", 0, 0, false, filter_newline_to_br},
	{"strip_html", 0, 0, false, filter_strip_html},
	{"url_encode", 0, 0, false, filter_url_encode},
	{"url_decode", 0, 0, false, filter_url_decode},
	{"base64_encode", 0, 0, false, filter_base64_encode},
	{"base64_decode", 0, 0, false, filter_base64_decode},
	{"base64_url_safe_encode", 0, 0, false, filter_base64_url_safe_encode},
	{"base64_url_safe_decode", 0, 0, false, filter_base64_url_safe_decode},
	{NULL, 0, 0, false, NULL},
};
