/* SPDX-License-Identifier: ISC */
#include "subject.h"

#include "base/buf.h"
#include "base/text.h"

#define BLOB_MAX 200 /* bytes between the brackets of a list's name */

/* What clients put before a colon; RFC 5256 knows "re", "fw" and "fwd" only. */
static const char *const reply_words[] = {
	"re",	  "fw",	  "fwd",		   /* everywhere */
	"aw",	  "antw", "wg",	  "antwort",	   /* German, Dutch */
	"sv",	  "vs",	  "vb",	  "vl",	     "vd", /* Scandinavian, Finnish */
	"rv",	  "res",  "enc",  "rép",     "tr", /* Spanish, Portuguese, French */
	"rif",	  "r",	  "i",			   /* Italian */
	"odp",	  "pd",	  "ynt",  "ilt",	   /* Polish, Turkish */
	"doorst", "bls",  "trs",  "yml",	   /* Dutch, Indonesian, Swedish */
	"на",	  "отв",  "ha",	  "атв",	   /* Russian, Belarusian */
	"回复",	  "回覆", "答复", "转发",    "轉寄", "返信", "転送", "답장", "전달",
};

#define WORDS (sizeof(reply_words) / sizeof(reply_words[0]))
#define WIDE_COLON SLICE("\xef\xbc\x9a")

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct slice without_spaces(struct slice s)
{
	size_t n = 0;
	while (n < s.len && is_space(s.ptr[n]))
		n++;
	return slice_sub(s, n, s.len);
}

/* subj-blob: "[" anything but brackets "]" and spaces; 0 when it does not begin with one. */
static size_t blob_length(struct slice s)
{
	if (!s.len || s.ptr[0] != '[')
		return 0;
	size_t n = 1;
	while (n < s.len && n < BLOB_MAX && s.ptr[n] != '[' && s.ptr[n] != ']')
		n++;
	if (n >= s.len || s.ptr[n] != ']')
		return 0;
	return s.len - without_spaces(slice_sub(s, n + 1, s.len)).len;
}

/* Bytes of the longest word of the table that s begins with. */
static size_t word_length(struct slice s)
{
	size_t longest = 0;
	for (size_t i = 0; i < WORDS; i++) {
		struct slice word = slice_str(reply_words[i]);
		if (word.len > longest && slice_starts_nocase(s, word))
			longest = word.len;
	}
	return longest;
}

/* "[2]" as in RFC 5256, "^2" and "(2)" of old clients. */
static struct slice without_count(struct slice s)
{
	size_t blob = blob_length(s);
	if (blob)
		return slice_sub(s, blob, s.len);
	size_t n = s.len && (s.ptr[0] == '^' || s.ptr[0] == '(') ? 1 : 0;
	if (!n)
		return s;
	while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9')
		n++;
	if (s.ptr[0] == '(' && (n >= s.len || s.ptr[n++] != ')'))
		return s;
	return without_spaces(slice_sub(s, n, s.len));
}

/* subj-refwd: a word, maybe a count, a colon. */
static size_t refwd_length(struct slice s)
{
	size_t word = word_length(s);
	if (!word)
		return 0;
	struct slice rest = without_count(without_spaces(slice_sub(s, word, s.len)));
	if (slice_starts(rest, SLICE(":")))
		return s.len - rest.len + 1;
	return slice_starts(rest, WIDE_COLON) ? s.len - rest.len + WIDE_COLON.len : 0;
}

/* subj-leader: (*subj-blob subj-refwd) or a space. */
static size_t leader_length(struct slice s)
{
	size_t spaces = s.len - without_spaces(s).len;
	if (spaces)
		return spaces;
	size_t n = 0, blob, refwd = 0;
	while (!(refwd = refwd_length(slice_sub(s, n, s.len))) &&
	       (blob = blob_length(slice_sub(s, n, s.len))))
		n += blob;
	return refwd ? n + refwd : 0;
}

static bool is_tag(struct slice s, uint64_t *thread)
{
	return s.len > 3 && slice_starts_nocase(s, SLICE("[T")) && s.ptr[s.len - 1] == ']' &&
	       slice_u64(slice_sub(s, 2, s.len - 1), thread);
}

/* subj-trailer: "(fwd)" or a space; and our own tag, which stands at the end. */
static struct slice without_trailer(struct slice s)
{
	for (;;) {
		uint64_t thread;
		size_t open = s.len;
		s = slice_trim(s);
		if (s.len >= 5 && slice_eq_nocase(slice_sub(s, s.len - 5, s.len), SLICE("(fwd)"))) {
			s.len -= 5;
			continue;
		}
		for (open = s.len; open > 0 && s.len - open < 24 && s.ptr[open - 1] != '['; open--)
			;
		if (open == 0 || !is_tag(slice_sub(s, open - 1, s.len), &thread))
			return s;
		s.len = open - 1;
	}
}

/* Steps 3 to 5: leaders, and the names of lists while they leave something. */
static struct slice without_leaders(struct slice s)
{
	for (;;) {
		size_t n = leader_length(s);
		if (!n) {
			n = blob_length(s);
			/* Step 4: a subject may be nothing but a list's name. */
			if (!n || n == s.len)
				return s;
		}
		s = slice_sub(s, n, s.len);
	}
}

struct slice subject_base(struct slice subject)
{
	struct slice s = slice_sub(subject, 0, SUBJECT_LOOK_MAX);
	for (;;) {
		s = without_leaders(without_trailer(s));
		if (s.len < 6 || !slice_starts_nocase(s, SLICE("[fwd:")) || s.ptr[s.len - 1] != ']')
			return slice_trim(s);
		s = slice_sub(s, 5, s.len - 1);
	}
}

static void put_comparable(struct buf *out, struct slice base)
{
	struct buf line;
	buf_init(&line, 4 * SUBJECT_LOOK_MAX);
	text_put_line(&line, base, SUBJECT_LOOK_MAX);
	text_put_folded(out, buf_slice(&line));
	buf_release(&line);
}

bool subject_same(struct slice a, struct slice b)
{
	struct slice base_a = subject_base(a), base_b = subject_base(b);
	if (!base_a.len || !base_b.len)
		return true;
	struct buf fold_a, fold_b;
	buf_init(&fold_a, 32 * SUBJECT_LOOK_MAX);
	buf_init(&fold_b, 32 * SUBJECT_LOOK_MAX);
	put_comparable(&fold_a, base_a);
	put_comparable(&fold_b, base_b);
	bool same = slice_eq(buf_slice(&fold_a), buf_slice(&fold_b));
	buf_release(&fold_a);
	buf_release(&fold_b);
	return same;
}

bool subject_next_tag(struct slice *rest, uint64_t *thread)
{
	ptrdiff_t at;
	while ((at = slice_find_nocase(*rest, SLICE("[T"))) >= 0) {
		*rest = slice_sub(*rest, (size_t)at, rest->len);
		/* A number has at most 20 digits: no long way to a bracket that is not there. */
		ptrdiff_t end = slice_chr(slice_sub(*rest, 0, 24), ']');
		struct slice tag = slice_sub(*rest, 0, end < 0 ? 0 : (size_t)end + 1);
		*rest = slice_sub(*rest, 2, rest->len);
		if (is_tag(tag, thread))
			return true;
	}
	return false;
}
