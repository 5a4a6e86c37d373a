/* SPDX-License-Identifier: ISC */
#include "trim_line.h"

#include <string.h>

#define NO_BREAK_SPACE "\xc2\xa0"
#define DEVICE_WORDS_MAX 8
#define DEVICE_LEN_MIN 8
#define HEADER_LINE_MAX 1000
#define HEADER_NAME_MAX 60
#define MARKER_MAX 120
#define ABOVE_MAX 200
#define INITIALS_MAX 4 /* "JD> quoted" */

/* Invisible marks that clients set around text: direction, zero width. */
static bool is_mark(const char *p)
{
	unsigned char a = (unsigned char)p[0], b = (unsigned char)p[1], c = (unsigned char)p[2];
	if (a == 0xef)
		return b == 0xbb && c == 0xbf;
	if (a != 0xe2)
		return false;
	return (b == 0x80 && ((c >= 0x8b && c <= 0x8f) || (c >= 0xaa && c <= 0xae))) ||
	       (b == 0x81 && ((c >= 0xa0 && c <= 0xa4) || (c >= 0xa6 && c <= 0xa9)));
}

static struct slice drop_marks(struct slice s)
{
	while (s.len >= 3 && is_mark(s.ptr))
		s = slice_sub(s, 3, s.len);
	while (s.len >= 3 && is_mark(s.ptr + s.len - 3))
		s.len -= 3;
	return s;
}

static const uint8_t strip_sets[256] = {
	[' '] = STRIP_DASHES | STRIP_OPENING | STRIP_CLOSING | STRIP_NAME | STRIP_MARKER |
		STRIP_QUOTE | STRIP_END,
	['*'] = STRIP_DASHES | STRIP_OPENING | STRIP_CLOSING | STRIP_NAME | STRIP_MARKER |
		STRIP_QUOTE | STRIP_END,
	['\t'] = STRIP_DASHES | STRIP_NAME | STRIP_MARKER | STRIP_QUOTE,
	['-'] = STRIP_DASHES | STRIP_MARKER,
	['>'] = STRIP_OPENING | STRIP_CLOSING | STRIP_MARKER | STRIP_QUOTE,
	['_'] = STRIP_OPENING | STRIP_MARKER | STRIP_QUOTE,
	['<'] = STRIP_OPENING | STRIP_MARKER,
	['('] = STRIP_OPENING,
	['['] = STRIP_OPENING,
	['.'] = STRIP_CLOSING,
	[')'] = STRIP_CLOSING,
	[']'] = STRIP_CLOSING,
	['='] = STRIP_MARKER,
	[':'] = STRIP_MARKER,
};

static bool in_set(char c, enum strip_set set)
{
	return strip_sets[(unsigned char)c] & set;
}

static struct slice strip_before(struct slice line, enum strip_set set)
{
	size_t i = 0;
	while (i < line.len && in_set(line.ptr[i], set))
		i++;
	return slice_sub(line, i, line.len);
}

static struct slice strip_behind(struct slice line, enum strip_set set)
{
	while (line.len && in_set(line.ptr[line.len - 1], set))
		line.len--;
	return line;
}

static struct slice drop_no_break(struct slice line)
{
	bool is = line.len >= 2 && line.ptr[0] == NO_BREAK_SPACE[0] &&
		  line.ptr[1] == NO_BREAK_SPACE[1];
	return is ? slice_sub(line, 2, line.len) : line;
}

struct slice line_bare(struct slice line)
{
	size_t before;
	line = drop_marks(slice_trim(line));
	do {
		before = line.len;
		line = drop_no_break(strip_before(line, STRIP_QUOTE));
	} while (line.len < before);
	return drop_marks(strip_behind(line, STRIP_END));
}

struct slice line_strip(struct slice line, enum strip_set set)
{
	return strip_behind(strip_before(line, set), set);
}

bool trim_is_fence(struct slice line)
{
	size_t i = 0;
	while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'))
		i++;
	return i < line.len && line.ptr[i] == '`' &&
	       slice_starts(slice_sub(line, i, line.len), SLICE("```"));
}

bool line_is_blank(struct slice line)
{
	struct slice rest = slice_trim(line);
	/* No-break and zero-width characters that editors leave behind. */
	while (rest.len) {
		if (slice_starts(rest, SLICE(NO_BREAK_SPACE)))
			rest = slice_trim(slice_sub(rest, 2, rest.len));
		else if (rest.len >= 3 && is_mark(rest.ptr))
			rest = slice_trim(slice_sub(rest, 3, rest.len));
		else
			return false;
	}
	return true;
}

/* "JD> ", as some editors quote. */
static bool has_initials(struct slice s)
{
	size_t i = 0;
	while (i < s.len && i < INITIALS_MAX && s.ptr[i] >= 'A' && s.ptr[i] <= 'Z')
		i++;
	return i && i < s.len && s.ptr[i] == '>' &&
	       (i + 1 == s.len || s.ptr[i + 1] == ' ' || s.ptr[i + 1] == '>');
}

bool line_is_quote(struct slice line)
{
	struct slice rest = slice_trim(line);
	if (!rest.len)
		return false;
	return rest.ptr[0] == '>' || slice_starts(rest, SLICE("＞")) ||
	       slice_starts(rest, SLICE("&gt;")) || has_initials(rest);
}

static bool is_sign(struct slice line)
{
	static const char *const signs[] = {"--", "—", "__", "–", "ᐧ"};
	struct slice rest = slice_trim(line);
	for (size_t i = 0; i < COUNT(signs); i++)
		if (slice_eq(rest, slice_str(signs[i])))
			return true;
	return false;
}

static bool is_rule(struct slice line)
{
	struct slice rest = slice_trim(line);
	size_t columns = 0;
	for (size_t i = 0; i < rest.len; columns++) {
		struct slice c = slice_sub(rest, i, i + 3);
		if (slice_eq(c, SLICE("—")) || slice_eq(c, SLICE("─")) || slice_eq(c, SLICE("━")))
			i += 3;
		else if (rest.ptr[i] && strchr("-_=*+~#,", rest.ptr[i]))
			i++;
		else
			return false;
	}
	return columns >= 2;
}

/* "[Outlook](https://…)", "Outlook<https://…>": how many words are there besides? */
static size_t words_of(struct slice s)
{
	struct slice word;
	size_t words = 0;
	while (slice_cut(&s, ' ', &word))
		words += word.len > 0 && word.ptr[0] != '<' && word.ptr[0] != '(';
	return words;
}

static bool is_device(const struct trim_words *w, struct slice line)
{
	struct slice rest = line_strip(drop_marks(slice_trim(line)), STRIP_OPENING);
	rest = drop_marks(rest);
	if (rest.len < DEVICE_LEN_MIN || rest.len > ATTRIBUTION_LINE_MAX)
		return false;
	if (words_end(w, line_strip(rest, STRIP_CLOSING), WORDS_SIGNED) &&
	    words_of(rest) <= DEVICE_WORDS_MAX)
		return true;
	if (!words_start(w, rest, WORDS_DEVICE))
		return false;
	/* "Sent from my desk, it is much easier than …" is a sentence. */
	return words_of(rest) <= DEVICE_WORDS_MAX + 2;
}

/* Where the colon of a header line is, or -1. */
static ptrdiff_t find_colon(struct slice s)
{
	struct slice head = slice_sub(s, 0, HEADER_NAME_MAX);
	ptrdiff_t colon = slice_chr(head, ':');
	bool asian = slice_chr(head, '\xef') >= 0;
	ptrdiff_t wide = asian ? slice_find(head, SLICE("：")) : -1;
	return colon < 0 || (wide >= 0 && wide < colon) ? wide : colon;
}

static bool is_header(const struct trim_words *w, struct slice rest)
{
	if (rest.len > HEADER_LINE_MAX)
		return false;
	ptrdiff_t colon = find_colon(rest);
	if (colon <= 0)
		return false;
	struct slice name = line_strip(slice_sub(rest, 0, (size_t)colon), STRIP_NAME);
	if (slice_ends(name, SLICE(NO_BREAK_SPACE)))
		name.len -= 2;
	return words_equal(w, name, WORDS_HEADER);
}

/* What may be the words of a separator, and whether it has dashes around. */
struct marker {
	struct slice words;
	bool dressed;
};

static bool read_marker(struct slice line, struct slice bare, struct marker *m)
{
	struct slice rest = slice_trim(line);
	if (rest.len < 6 || rest.len > MARKER_MAX)
		return false;
	m->dressed = strchr("-_*=", rest.ptr[0]) && strchr("-_*=:", rest.ptr[rest.len - 1]);
	m->words = line_strip(bare, STRIP_MARKER);
	if (slice_ends(m->words, SLICE("：")))
		m->words.len -= 3;
	if (slice_ends(m->words, SLICE(NO_BREAK_SPACE)))
		m->words.len -= 2;
	return true;
}

static bool is_marker(const struct trim_words *w, const struct marker *m, enum word_table table)
{
	/* "Forwarded by Ann on …" goes on behind the words, but only between dashes. */
	return words_equal(w, m->words, table) || (m->dressed && words_start(w, m->words, table));
}

/* "##- Please type your reply above this line -##" */
static bool is_above(const struct trim_words *w, struct slice rest)
{
	if (rest.len < 6 || rest.len > ABOVE_MAX || slice_ends(rest, SLICE("?")))
		return false;
	return (strchr("-#=~", rest.ptr[0]) || slice_starts_nocase(rest, SLICE("reply")) ||
		slice_starts_nocase(rest, SLICE("please")) ||
		slice_starts_nocase(rest, SLICE("bitte"))) &&
	       words_within(w, rest, WORDS_ABOVE);
}

/* Then it is no empty line, no rule and no separator; most lines are spared that. */
static bool begins_with_word(struct slice line)
{
	char c = line.len ? line.ptr[0] : ' ';
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

enum line_class trim_line_class(const struct trim_words *w, struct slice line)
{
	struct slice bare = line_bare(line);
	bool word = begins_with_word(line);
	struct marker m;
	if (!word && line_is_blank(line))
		return LINE_EMPTY;
	if (!word && is_sign(line))
		return LINE_SIGN;
	if (is_device(w, line))
		return LINE_DEVICE;
	bool marked = read_marker(line, bare, &m);
	if (marked && is_marker(w, &m, WORDS_ORIGINAL))
		return LINE_ORIGINAL;
	if (marked && is_marker(w, &m, WORDS_FORWARD))
		return LINE_FORWARD;
	if (is_above(w, bare))
		return LINE_ABOVE;
	if (line_is_quote(line))
		return LINE_QUOTE;
	if (!word && is_rule(line))
		return LINE_RULE;
	return is_header(w, bare) ? LINE_HEADER : LINE_TEXT;
}
