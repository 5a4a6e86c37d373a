/* SPDX-License-Identifier: ISC */
#include "encode.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/text.h"

/* RFC 2047 2 */
#define WORD_MAX 75
#define Q_OPEN "=?utf-8?q?"
#define B_OPEN "=?utf-8?b?"
#define WORD_CLOSE "?="
#define WORD_FRAME (sizeof(Q_OPEN WORD_CLOSE) - 1)
/* The longest character, four bytes of q. */
#define CHARACTER_MAX 12

_Static_assert(ENCODE_LINE_MAX - 1 <= WORD_MAX, "a line holds one encoded word at most");

void fold_open(struct fold *f, struct buf *out, struct slice name)
{
	assert(name.len > 0 && slice_chr(name, ':') < 0);
	*f = (struct fold){.out = out, .column = name.len + 1};
	buf_put(out, name);
	buf_putc(out, ':');
}

static void fold_space(struct fold *f, size_t len)
{
	if (f->column + 1 + len > ENCODE_LINE_MAX) {
		buf_puts(f->out, "\r\n");
		f->column = 0;
	}
	buf_putc(f->out, ' ');
	f->column += 1 + len;
}

void fold_word(struct fold *f, struct slice word)
{
	assert(word.len > 0 && slice_chr(word, '\n') < 0);
	fold_space(f, word.len);
	buf_put(f->out, word);
}

void fold_glued(struct fold *f, struct slice before, struct slice word, struct slice after)
{
	fold_space(f, before.len + word.len + after.len);
	buf_put(f->out, before);
	buf_put(f->out, word);
	buf_put(f->out, after);
}

void fold_close(struct fold *f)
{
	buf_puts(f->out, "\r\n");
}

void fold_words(struct fold *f, struct slice words)
{
	for (struct slice word; slice_cut(&words, ' ', &word);)
		fold_word(f, word);
}

void fold_field(struct buf *out, const char *name, struct slice value)
{
	struct fold f;
	fold_open(&f, out, slice_str(name));
	fold_words(&f, value);
	fold_close(&f);
}

/* RFC 2047 5 (3): what may stand bare in a q word wherever it is used. */
static bool is_bare(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c && strchr("!*+-/", c));
}

static size_t q_cost(struct slice s)
{
	size_t cost = 0;
	for (size_t i = 0; i < s.len; i++)
		cost += is_bare((unsigned char)s.ptr[i]) || s.ptr[i] == ' ' ? 1 : 3;
	return cost;
}

static size_t b_cost(size_t len)
{
	return (len + 2) / 3 * 4;
}

void encode_escape(struct buf *out, char mark, char byte)
{
	static const char hex[] = "0123456789ABCDEF";
	unsigned char c = (unsigned char)byte;
	char escaped[] = {mark, hex[c >> 4], hex[c & 15]};
	buf_put(out, slice_of(escaped, sizeof(escaped)));
}

static void put_q(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == ' ')
			buf_putc(out, '_');
		else if (is_bare((unsigned char)s.ptr[i]))
			buf_putc(out, s.ptr[i]);
		else
			encode_escape(out, '=', s.ptr[i]);
	}
}

/* How many bytes of whole characters fit into `room` octets once encoded. */
static size_t fitting(struct slice text, bool q, size_t room)
{
	size_t used = 0, cost = 0;
	struct slice rest = text;
	for (uint32_t c; text_next(&rest, &c);) {
		size_t end = text.len - rest.len;
		cost = q ? cost + q_cost(slice_sub(text, used, end)) : b_cost(end);
		if (cost > room)
			break;
		used = end;
	}
	return used;
}

/* Valid UTF-8 as encoded words, each of whole characters. */
static void put_encoded(struct fold *f, struct slice text)
{
	/* A person can read q, which may be half as long again. */
	bool q = 2 * q_cost(text) <= 3 * b_cost(text.len);
	while (text.len > 0) {
		size_t used = f->column + 1 + WORD_FRAME;
		if (used + CHARACTER_MAX > ENCODE_LINE_MAX)
			used = 1 + WORD_FRAME;
		struct slice piece = slice_sub(text, 0, fitting(text, q, ENCODE_LINE_MAX - used));
		assert(piece.len > 0);
		fold_space(f, WORD_FRAME + (q ? q_cost(piece) : b_cost(piece.len)));
		buf_puts(f->out, q ? Q_OPEN : B_OPEN);
		if (q)
			put_q(f->out, piece);
		else
			base64_put(f->out, piece);
		buf_puts(f->out, WORD_CLOSE);
		text = slice_sub(text, piece.len, text.len);
	}
}

/* Could a client take part of it for an encoded word? */
static bool is_plain(struct slice line)
{
	return text_is_ascii(line) && slice_find(line, SLICE("=?")) < 0;
}

/* Can each word stand on a line, the first one behind the field's name? */
static bool is_foldable(struct slice line, size_t column)
{
	for (struct slice word; slice_cut(&line, ' ', &word); column = 0)
		if (column + 1 + word.len > ENCODE_LINE_MAX)
			return false;
	return true;
}

void encode_text_field(struct buf *out, struct slice name, struct slice text, size_t max)
{
	struct buf line;
	buf_init(&line, SIZE_MAX);
	text_put_line(&line, text, max);
	struct slice s = buf_slice(&line);
	if (s.len > 0) {
		struct fold f;
		fold_open(&f, out, name);
		if (is_plain(s) && is_foldable(s, f.column))
			fold_words(&f, s);
		else
			put_encoded(&f, s);
		fold_close(&f);
	}
	buf_release(&line);
}

static bool is_atoms(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_bare((unsigned char)s.ptr[i]) && !strchr(" '_&", s.ptr[i]))
			return false;
	return true;
}

/* With a backslash before each of these, RFC 5322 3.2.4. */
static bool needs_backslash(char c)
{
	return c == '"' || c == '\\';
}

static size_t quoted_length(struct slice s)
{
	size_t n = s.len;
	for (size_t i = 0; i < s.len; i++)
		n += needs_backslash(s.ptr[i]);
	return n;
}

static void put_quoted(struct fold *f, struct slice s)
{
	char quoted[ENCODE_QUOTED_MAX + 2];
	size_t n = 0;
	assert(quoted_length(s) <= ENCODE_QUOTED_MAX);
	quoted[n++] = '"';
	for (size_t i = 0; i < s.len; i++) {
		if (needs_backslash(s.ptr[i]))
			quoted[n++] = '\\';
		quoted[n++] = s.ptr[i];
	}
	quoted[n++] = '"';
	fold_word(f, slice_of(quoted, n));
}

bool encode_phrase(struct fold *f, struct slice name, size_t max)
{
	struct buf line;
	buf_init(&line, SIZE_MAX);
	text_put_line(&line, name, max);
	struct slice s = buf_slice(&line);
	if (s.len == 0 || !is_plain(s) || quoted_length(s) > ENCODE_QUOTED_MAX)
		put_encoded(f, s);
	else if (is_atoms(s))
		fold_word(f, s);
	else
		put_quoted(f, s);
	buf_release(&line);
	return s.len > 0;
}
