/* SPDX-License-Identifier: ISC */
#include "charset.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <stdint.h>

#include "base/text.h"
#include "charset_label.h"
#include "mail/message.h"

/* 0x80-0x9F; what Windows leaves undefined is nothing. */
static const uint16_t western_high[32] = {
	0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
};

/* So many bytes at a time; each makes at most three. */
#define BLOCK 4096

/* A code point of the Basic Multilingual Plane above ASCII; how many bytes it takes. */
static size_t encode(uint32_t c, char to[3])
{
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	to[0] = (char)(0xe0 | c >> 12);
	to[1] = (char)(0x80 | (c >> 6 & 0x3f));
	to[2] = (char)(0x80 | (c & 0x3f));
	return 3;
}

static void put_western(struct slice bytes, struct buf *out)
{
	while (bytes.len) {
		struct slice block = slice_sub(bytes, 0, bytes.len < BLOCK ? bytes.len : BLOCK);
		char *to = buf_reserve(out, 3 * block.len);
		size_t n = 0;
		if (!to)
			return;
		for (size_t i = 0; i < block.len; i++) {
			unsigned char c = (unsigned char)block.ptr[i];
			if (c < 0x80)
				to[n++] = (char)c;
			else
				n += encode(c < 0xa0 ? western_high[c - 0x80] : c, to + n);
		}
		out->len += n;
		bytes = slice_sub(bytes, block.len, bytes.len);
	}
}

static size_t length_by_lead(unsigned char c)
{
	if (c < 0xc2 || c > 0xf4)
		return c < 0x80;
	return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* Overlong forms, surrogates, and what is beyond Unicode: told by the second byte. */
static bool is_forbidden(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xe0:
		return second < 0xa0;
	case 0xed:
		return second > 0x9f;
	case 0xf0:
		return second < 0x90;
	case 0xf4:
		return second > 0x8f;
	default:
		return false;
	}
}

/* The length of the well-formed sequence at p (RFC 3629 4), or 0. */
static size_t sequence(const unsigned char *p, size_t left)
{
	size_t n = length_by_lead(p[0]);
	if (n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n > 1 && is_forbidden(p[0], p[1]) ? 0 : n;
}

/* Each byte that is no part of a character becomes U+FFFD. */
static void put_repaired(struct slice bytes, struct buf *out)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr, *end = p + bytes.len;
	while (p < end) {
		const unsigned char *stop = (size_t)(end - p) < BLOCK ? end : p + BLOCK;
		/* The last sequence may go on behind the block. */
		char *to = buf_reserve(out, 3 * (size_t)(stop - p) + 4);
		size_t n = 0;
		if (!to)
			return;
		while (p < stop) {
			size_t good = sequence(p, (size_t)(end - p));
			if (!good) {
				n += encode(0xfffd, to + n);
				p++;
			}
			for (; good; good--)
				to[n++] = (char)*p++;
		}
		out->len += n;
	}
}

static bool has_any_character(struct slice bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr;
	for (size_t i = 0; i < bytes.len; i++)
		if (p[i] >= 0xc2 && sequence(p + i, bytes.len - i) > 1)
			return true;
	return false;
}

/*
 * A text that is UTF-8 although its label says a Western charset (or nothing)
 * is UTF-8: in Windows-1252 such a sequence makes no sense.
 */
static enum charset_verdict put_guessed(struct slice bytes, struct buf *out,
					enum charset_verdict western)
{
	if (text_is_utf8(bytes)) {
		buf_put(out, bytes);
		return western == CHARSET_OK && !text_is_ascii(bytes) ? CHARSET_DAMAGED : western;
	}
	put_western(bytes, out);
	return western;
}

/* Labelled UTF-8: what is wrong in it becomes U+FFFD, unless nothing is right. */
static enum charset_verdict put_utf8(struct slice bytes, struct buf *out)
{
	if (text_is_utf8(bytes)) {
		buf_put(out, bytes);
		return CHARSET_OK;
	}
	if (has_any_character(bytes))
		put_repaired(bytes, out);
	else
		put_western(bytes, out);
	return CHARSET_DAMAGED;
}

/* So many errors, each of them a call: it is another charset, or malice. */
#define ERRORS_MAX 10000

static enum charset_verdict run_iconv(iconv_t cd, struct slice bytes, struct buf *out)
{
	enum charset_verdict verdict = CHARSET_OK;
	/* iconv's prototype lacks the const that its contract has. */
	union {
		const char *in;
		char *out;
	} from = {.in = bytes.ptr};
	size_t left = bytes.len, errors = 0;
	char chunk[4096]; /* out here: builds that zero it would do so at every error */
	while (left && errors < ERRORS_MAX && !buf_failed(out)) {
		char *to = chunk;
		size_t room = sizeof(chunk);
		size_t result = iconv(cd, &from.out, &left, &to, &room);
		int error = errno;
		buf_put(out, slice_of(chunk, sizeof(chunk) - room));
		if (result != (size_t)-1 || error == E2BIG)
			continue;
		verdict = CHARSET_DAMAGED;
		errors++;
		buf_puts(out, "\xef\xbf\xbd");
		if (error == EINVAL)
			break;
		from.in++;
		left--;
	}
	if (errors == ERRORS_MAX)
		put_repaired(slice_of(from.in, left), out);
	char *to = chunk;
	size_t room = sizeof(chunk);
	if (iconv(cd, NULL, NULL, &to, &room) != (size_t)-1)
		buf_put(out, slice_of(chunk, sizeof(chunk) - room));
	return verdict;
}

static bool has_state(enum charset_kind kind)
{
	return kind == CHARSET_KIND_STATE || kind == CHARSET_KIND_HZ || kind == CHARSET_KIND_JIS;
}

bool charset_is_utf8_already(struct slice label, struct slice bytes)
{
	struct charset c;
	if (label.len && slice_eq_nocase(label, SLICE("utf-8")))
		return text_is_utf8(bytes);
	return charset_resolve(label, &c) && !has_state(c.kind) && c.kind != CHARSET_KIND_REFUSED &&
	       text_is_ascii(bytes);
}

/* An unknown name may be one that does not contain ASCII (EBCDIC), so the system decides first. */
bool charset_known(struct slice label)
{
	struct charset c;
	if (!charset_resolve(label, &c))
		return false;
	if (c.kind != CHARSET_KIND_ICONV && !has_state(c.kind))
		return c.kind != CHARSET_KIND_REFUSED;
	iconv_t cd = iconv_open("UTF-8", c.name);
	if (cd == (iconv_t)-1)
		return false;
	iconv_close(cd);
	return true;
}

/* RFC 1843: the two bytes of a character stand without their high bits. */
static void put_hz_as_gb(struct slice bytes, struct buf *out)
{
	bool chinese = false;
	for (size_t i = 0; i < bytes.len; i++) {
		char c = bytes.ptr[i], next = i + 1 < bytes.len ? bytes.ptr[i + 1] : '\0';
		if (c == '~' && next && strchr("{}~\n", next)) {
			chinese = next == '{' || (chinese && next == '~');
			if (next == '~')
				buf_putc(out, '~');
			i++;
			continue;
		}
		chinese = chinese && c != '\n';
		buf_putc(out, (char)(chinese && c > ' ' ? c | 0x80 : c));
	}
}

/* What an escape of ISO-2022-JP switches to: as EUC has it, bytes a character and their prefix. */
struct jis_set {
	struct slice escape;
	size_t width;
	char prefix;
};

static const struct jis_set jis_sets[] = {
	{SLICE("(B"), 0, 0},  {SLICE("(J"), 0, 0},	{SLICE("$B"), 2, 0},
	{SLICE("$@"), 2, 0},  {SLICE("(I"), 1, '\x8e'}, {SLICE("$(D"), 2, '\x8f'},
	{SLICE("$(B"), 2, 0}, {SLICE("$(@"), 2, 0},	{SLICE("(H"), 0, 0},
};

static const struct jis_set *find_jis_set(struct slice behind_escape)
{
	for (size_t i = 0; i < sizeof(jis_sets) / sizeof(*jis_sets); i++)
		if (slice_starts(behind_escape, jis_sets[i].escape))
			return &jis_sets[i];
	return NULL;
}

/*
 * ISO-2022-JP as EUC-JP, of which the system has the form with the vendors'
 * characters (CP50221, which it lacks).  False at an escape of the larger sets.
 */
static bool put_jis_as_euc(struct slice bytes, struct buf *out)
{
	const struct jis_set *set = &jis_sets[0];
	char *to = buf_reserve(out, 2 * bytes.len);
	size_t n = 0;
	for (size_t i = 0; to && i < bytes.len; i++) {
		char c = bytes.ptr[i];
		if (c == '\x1b') {
			set = find_jis_set(slice_sub(bytes, i + 1, bytes.len));
			if (!set)
				return false;
			i += set->escape.len;
			continue;
		}
		if (c == '\n')
			set = &jis_sets[0];
		if (!set->width || c <= ' ' || c == '\x7f' || i + set->width > bytes.len) {
			to[n++] = c;
			continue;
		}
		if (set->prefix)
			to[n++] = set->prefix;
		for (size_t k = 0; k < set->width; k++)
			to[n++] = (char)(bytes.ptr[i + k] | 0x80);
		i += set->width - 1;
	}
	out->len += n;
	return to != NULL;
}

static enum charset_verdict put_iconv(const struct charset *c, struct slice bytes, struct buf *out)
{
	assert(c->name[0]);
	if (!bytes.len)
		return CHARSET_OK;
	/* Text of eight bits (or none that is wide) under such a label is mostly UTF-8. */
	if (has_state(c->kind) && !memchr(bytes.ptr, '\0', bytes.len) &&
	    !memchr(bytes.ptr, '\x1b', bytes.len) && !memchr(bytes.ptr, '\x0e', bytes.len) &&
	    text_is_utf8(bytes)) {
		enum charset_verdict verdict = put_guessed(bytes, out, CHARSET_OK);
		return slice_starts(slice_str(c->name), SLICE("UTF-")) ? CHARSET_DAMAGED : verdict;
	}
	iconv_t cd = iconv_open("UTF-8", c->name);
	if (cd == (iconv_t)-1)
		return put_guessed(bytes, out, CHARSET_UNKNOWN);
	enum charset_verdict verdict = run_iconv(cd, bytes, out);
	iconv_close(cd);
	return verdict;
}

static enum charset_verdict put_hz(struct slice bytes, struct buf *out)
{
	static const struct charset gb_charset = {CHARSET_KIND_ICONV, "GB18030"};
	struct buf gb;
	buf_init(&gb, bytes.len);
	put_hz_as_gb(bytes, &gb);
	enum charset_verdict verdict = put_iconv(&gb_charset, buf_slice(&gb), out);
	buf_release(&gb);
	return verdict;
}

static enum charset_verdict put_jis(const struct charset *c, struct slice bytes, struct buf *out)
{
	static const struct charset euc = {CHARSET_KIND_ICONV, "EUC-JP-MS"};
	struct buf eight;
	/* A prefix is at most one more byte a byte. */
	buf_init(&eight, 2 * bytes.len);
	bool has_all = memchr(bytes.ptr, '\x1b', bytes.len) && put_jis_as_euc(bytes, &eight);
	enum charset_verdict verdict =
		has_all ? put_iconv(&euc, buf_slice(&eight), out) : put_iconv(c, bytes, out);
	buf_release(&eight);
	return verdict;
}

enum charset_verdict charset_put_utf8(struct slice label, struct slice bytes, struct buf *out)
{
	struct charset c;
	if (!charset_resolve(label, &c))
		return put_guessed(bytes, out, CHARSET_UNKNOWN);
	if (!bytes.len)
		return CHARSET_OK;
	switch (c.kind) {
	case CHARSET_KIND_UTF8:
		return put_utf8(bytes, out);
	case CHARSET_KIND_WESTERN:
		return put_guessed(bytes, out, CHARSET_OK);
	case CHARSET_KIND_GUESS:
		put_guessed(bytes, out, CHARSET_OK);
		return CHARSET_OK;
	case CHARSET_KIND_REFUSED:
		put_guessed(bytes, out, CHARSET_OK);
		return CHARSET_REFUSED;
	case CHARSET_KIND_HZ:
		return put_hz(bytes, out);
	case CHARSET_KIND_JIS:
		return put_jis(&c, bytes, out);
	case CHARSET_KIND_ICONV:
	case CHARSET_KIND_STATE:
		break;
	}
	return put_iconv(&c, bytes, out);
}
