/* SPDX-License-Identifier: ISC */
#include "base/text.h"
#include "linter.h"

/* RFC 2047 2 */
#define WORD_MAX 75
#define WORD_LINE_MAX 76

int lint_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int base64_value(char c)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *hit = c ? strchr(alphabet, c) : NULL;
	return hit ? (int)(hit - alphabet) : -1;
}

bool lint_base64(struct arena *a, struct slice text, struct slice *bytes)
{
	char *out = arena_alloc(a, text.len);
	size_t n = 0, digits = 0, pads = 0;
	unsigned bits = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '\r' || c == '\n')
			continue;
		int value = c == '=' ? 0 : base64_value(c);
		if (value < 0 || (pads > 0 && c != '='))
			return false;
		pads += c == '=';
		bits = bits << 6 | (unsigned)value;
		if (++digits % 4 == 0) {
			out[n++] = (char)(bits >> 16);
			out[n++] = (char)(bits >> 8);
			out[n++] = (char)bits;
			bits = 0;
		}
	}
	*bytes = slice_of(out, n < pads ? 0 : n - pads);
	return digits % 4 == 0 && pads <= 2;
}

bool lint_quoted_printable(struct arena *a, struct slice text, struct slice *bytes)
{
	char *out = arena_alloc(a, text.len);
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '=') {
			out[n++] = text.ptr[i];
			continue;
		}
		struct slice escape = slice_sub(text, i + 1, i + 3);
		if (escape.len < 2)
			return false;
		int high = lint_hex(escape.ptr[0]), low = lint_hex(escape.ptr[1]);
		if (high >= 0 && low >= 0)
			out[n++] = (char)(high * 16 + low);
		else if (!slice_eq(escape, SLICE("\r\n")))
			return false;
		i += 2;
	}
	*bytes = slice_of(out, n);
	return true;
}

static bool has_control(struct slice s)
{
	for (uint32_t c; text_next(&s, &c);)
		if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
			return true;
	return false;
}

/* The text of a q word: underscores are spaces, nothing is bare that may not be. */
static bool decode_q(struct arena *a, struct slice text, struct slice *bytes)
{
	char *spaced = arena_alloc(a, text.len);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '!' || text.ptr[i] > '~' ||
		    strchr("\"(),.:;<>@[\\]`", text.ptr[i]))
			return false;
		spaced[i] = text.ptr[i] == '_' ? ' ' : text.ptr[i];
	}
	return lint_quoted_printable(a, slice_of(spaced, text.len), bytes);
}

/* Null, or what is wrong with the text of a word in that encoding. */
static const char *judge_encoded(struct arena *a, struct slice encoding, struct slice text)
{
	struct slice bytes = {0};
	bool q = slice_eq_nocase(encoding, SLICE("q"));
	if (!q && !slice_eq_nocase(encoding, SLICE("b")))
		return "has an unknown encoding";
	if (text.len == 0 || !(q ? decode_q(a, text, &bytes) : lint_base64(a, text, &bytes)))
		return "does not decode";
	if (!text_is_utf8(bytes))
		return "breaks a character";
	return has_control(bytes) ? "decodes to a control character" : NULL;
}

/* Null, or what is wrong with "=?charset?encoding?text?=". */
static const char *judge_word(struct arena *a, struct slice word)
{
	struct slice charset, encoding, text;
	if (word.len > WORD_MAX)
		return "is longer than 75";
	if (word.len < 8 || !slice_starts(word, SLICE("=?")) || !slice_ends(word, SLICE("?=")))
		return "is not set apart by spaces";
	struct slice rest = slice_sub(word, 2, word.len - 2);
	if (!slice_cut(&rest, '?', &charset) || !slice_cut(&rest, '?', &encoding) ||
	    !slice_cut(&rest, '?', &text) || rest.ptr)
		return "has not three parts";
	if (!slice_eq_nocase(charset, SLICE("utf-8")))
		return "is not in UTF-8";
	return judge_encoded(a, encoding, text);
}

void lint_words(struct linter *l, const struct lint_field *field, struct slice text)
{
	for (struct slice word; slice_cut(&text, ' ', &word);) {
		if (slice_find(word, SLICE("=?")) < 0)
			continue;
		const char *wrong = judge_word(l->arena, word);
		if (wrong)
			lint_find(l, "O7", field->line, "An encoded word in %.*s %s.",
				  SLICE_ARG(field->name), wrong);
	}
}

void lint_word_lines(struct linter *l, const struct lint_field *field)
{
	size_t before = field->name.len + 1;
	struct slice rest = field->raw;
	for (struct slice line; slice_line(&rest, &line); before = 0)
		if (before + line.len > WORD_LINE_MAX && slice_find(line, SLICE("=?")) >= 0)
			lint_find(l, "O7", field->line,
				  "A line of %.*s with an encoded word is longer than 76.",
				  SLICE_ARG(field->name));
}
