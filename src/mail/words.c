/* SPDX-License-Identifier: ISC */
#include "words.h"

#include <assert.h>

#include "base/buf.h"
#include "base/text.h"
#include "charset.h"
#include "lex.h"
#include "transfer.h"

/* One encoded word: =?charset*language?encoding?text?= */
struct word {
	struct slice charset, text;
	bool is_base64;
	const char *end;
};

struct decoder {
	struct reader *r;
	struct buf out;	    /* UTF-8, still with controls */
	struct buf pending; /* decoded bytes of neighbours of one charset */
	struct slice charset;
	size_t count;
	bool no_more_ends; /* "?=" does not occur from here on: keeps the search linear */
};

static bool is_token(char c)
{
	return c > ' ' && c < 127 && !memchr("()<>@,;:\"/[]?=", c, 14);
}

static struct slice token(const char **p, const char *end)
{
	const char *from = *p;
	while (*p < end && is_token(**p))
		++*p;
	return slice_of(from, (size_t)(*p - from));
}

/* The text of a word may hold blanks and folds: some clients write them. */
static bool find_end(struct decoder *d, const char *from, const char *end, struct word *w)
{
	if (d->no_more_ends)
		return false;
	ptrdiff_t at = slice_find(slice_of(from, (size_t)(end - from)), SLICE("?="));
	if (at < 0) {
		d->no_more_ends = true;
		return false;
	}
	w->text = slice_of(from, (size_t)at);
	w->end = from + at + 2;
	return true;
}

static bool read_word(struct decoder *d, const char *p, const char *end, struct word *w)
{
	if (end - p < 8 || p[0] != '=' || p[1] != '?')
		return false;
	p += 2;
	w->charset = token(&p, end);
	ptrdiff_t star = slice_chr(w->charset, '*'); /* RFC 2231 5 */
	if (star >= 0)
		w->charset = slice_sub(w->charset, 0, (size_t)star);
	if (end - p < 5 || p[0] != '?' || p[2] != '?')
		return false;
	w->is_base64 = p[1] == 'B' || p[1] == 'b';
	if (!w->is_base64 && p[1] != 'Q' && p[1] != 'q')
		return false;
	return find_end(d, p + 3, end, w);
}

static void note_verdict(struct reader *r, enum charset_verdict verdict)
{
	if (verdict == CHARSET_DAMAGED)
		reader_note(r, MAIL_DEFECT_BAD_CHARSET);
	else if (verdict == CHARSET_UNKNOWN)
		reader_note(r, MAIL_DEFECT_UNKNOWN_CHARSET);
	else if (verdict == CHARSET_REFUSED)
		reader_note(r, MAIL_DEFECT_UTF7);
}

static void flush(struct decoder *d)
{
	if (!d->pending.len)
		return;
	note_verdict(d->r, charset_put_utf8(d->charset, buf_slice(&d->pending), &d->out));
	buf_clear(&d->pending);
}

/* A fold within a word is not part of its text. */
static struct slice unfold(struct arena *a, struct slice text)
{
	if (slice_chr(text, '\n') < 0)
		return text;
	char *out = arena_alloc(a, text.len);
	size_t n = 0;
	bool fold = false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		fold = c == '\r' || c == '\n' || (fold && lex_is_space(c));
		if (!fold)
			out[n++] = c;
	}
	return slice_of(out, n);
}

static void put_word(struct decoder *d, const struct word *w)
{
	if (++d->count > d->r->limits->words)
		reader_over(d->r, "encoded words in a header field");
	if (!slice_eq_nocase(w->charset, d->charset))
		flush(d);
	d->charset = w->charset;
	char *room = buf_reserve(&d->pending, w->text.len);
	if (!room)
		return;
	bool bad = false;
	struct slice text = unfold(d->r->a, w->text);
	d->pending.len +=
		w->is_base64 ? transfer_base64(text, room, &bad) : transfer_q(text, room, &bad);
	if (bad)
		reader_note(d->r, MAIL_DEFECT_BAD_ENCODED_WORD);
}

static void put_raw(struct decoder *d, struct slice raw)
{
	flush(d);
	bool utf8 = text_is_utf8(raw);
	if (!utf8)
		reader_note(d->r, MAIL_DEFECT_EIGHT_BIT_HEADER);
	/* Old clients write the header in the charset of the text. */
	bool as_text = !utf8 && d->r->charset.len && charset_known(d->r->charset);
	charset_put_utf8(as_text ? d->r->charset : SLICE("utf-8"), raw, &d->out);
}

static bool all_space(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!lex_is_space(s.ptr[i]))
			return false;
	return true;
}

static void decode(struct decoder *d, struct slice value)
{
	const char *end = value.ptr + value.len, *from = value.ptr;
	bool after_word = false;
	for (const char *p = value.ptr; p < end;) {
		struct word w;
		const char *at = memchr(p, '=', (size_t)(end - p));
		if (!at)
			break;
		if (!read_word(d, at, end, &w)) {
			p = at + 1;
			continue;
		}
		struct slice between = slice_of(from, (size_t)(at - from));
		if (!after_word || !all_space(between)) {
			put_raw(d, between);
			/* Filters glue their tag to the word: "[SPAM]=?…?=". */
			if (between.len && between.ptr[between.len - 1] == ']')
				buf_putc(&d->out, ' ');
		}
		put_word(d, &w);
		after_word = true;
		from = p = w.end;
	}
	struct slice tail = slice_of(from, (size_t)(end - from));
	if (slice_find(tail, SLICE("=?")) >= 0)
		reader_note(d->r, MAIL_DEFECT_BAD_ENCODED_WORD);
	put_raw(d, tail);
}

static bool breaks_line(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* Folds become one space, other runs of spaces stay as they are. */
static struct slice one_line(struct reader *r, struct slice s)
{
	struct buf out;
	buf_init(&out, s.len);
	bool fold = false;
	uint32_t c;
	for (struct slice rest = s; rest.len;) {
		const char *from = rest.ptr;
		text_next(&rest, &c);
		if (breaks_line(c)) {
			if (c != '\r' && c != '\n' && c != '\t')
				reader_note(r, MAIL_DEFECT_CONTROL_IN_HEADER);
			fold = true;
			continue;
		}
		if (fold && c == ' ')
			continue;
		if (fold) {
			while (out.len && out.ptr[out.len - 1] == ' ')
				out.len--;
			buf_putc(&out, ' ');
		}
		fold = false;
		buf_put(&out, slice_of(from, (size_t)(rest.ptr - from)));
	}
	struct slice line = arena_copy(r->a, slice_trim(buf_slice(&out)));
	buf_release(&out);
	return line;
}

/* Printable ASCII without encoded words needs no work. */
static bool is_plain(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c < 0x20 || c > 0x7e)
			return false;
		if (c == '=' && i + 1 < s.len && s.ptr[i + 1] == '?')
			return false;
	}
	return true;
}

struct slice words_text(struct reader *r, struct slice value)
{
	value = slice_trim(value);
	if (is_plain(value))
		return value;
	struct decoder d = {.r = r};
	buf_init(&d.out, MAIL_CHARSET_MAX(value.len));
	buf_init(&d.pending, value.len);
	decode(&d, value);
	flush(&d);
	struct slice line = one_line(r, buf_slice(&d.out));
	buf_release(&d.out);
	buf_release(&d.pending);
	return line;
}
