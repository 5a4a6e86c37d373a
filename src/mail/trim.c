/* SPDX-License-Identifier: ISC */
#include "mail/trim.h"

#include <assert.h>

#include "base/buf.h"
#include "trim_line.h"

/* What comes behind so many lines is taken as one: nobody wrote it by hand. */
#define LINES_MAX 20000
#define HEADERS_MIN 3	       /* lines of a header block */
#define HEADER_GAP_MAX 3       /* lines that a folded header line may take */
#define SIGNATURE_LINES_MAX 15 /* below a rule that nothing else explains */

#define WRAPPED_LINE_MIN 72

struct line {
	uint32_t offset, len; /* with its line end */
	uint8_t class, kind;
	bool kept; /* belongs to the answer */
};

struct trimmer {
	struct slice text;
	struct line *lines;
	size_t n;
};

static struct slice line_text(const struct trimmer *t, size_t i)
{
	struct slice s = slice_sub(t->text, t->lines[i].offset,
				   (size_t)t->lines[i].offset + t->lines[i].len);
	while (s.len && (s.ptr[s.len - 1] == '\n' || s.ptr[s.len - 1] == '\r'))
		s.len--;
	return s;
}

static size_t count_lines(struct slice text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.len && n < LINES_MAX; n++) {
		ptrdiff_t end = slice_chr(slice_sub(text, i, text.len), '\n');
		i = end < 0 ? text.len : i + (size_t)end + 1;
	}
	return n;
}

static void split(struct arena *a, struct trimmer *t)
{
	size_t n = count_lines(t->text), at = 0;
	t->lines = ARENA_ARRAY(a, n + 1, struct line);
	for (t->n = 0; t->n < n; t->n++) {
		ptrdiff_t end = slice_chr(slice_sub(t->text, at, t->text.len), '\n');
		size_t next = end < 0 || t->n + 1 == LINES_MAX ? t->text.len : at + (size_t)end + 1;
		t->lines[t->n] =
			(struct line){.offset = (uint32_t)at, .len = (uint32_t)(next - at)};
		at = next;
	}
	assert(at == t->text.len);
}

/* "| quoted" is told from a table only by what stands above it. */
static bool is_bar_quote(const struct trimmer *t, size_t i)
{
	size_t above = i;
	while (above > 0 && t->lines[above - 1].class == LINE_EMPTY)
		above--;
	return above > 0 && slice_starts(slice_trim(line_text(t, i)), SLICE("|")) &&
	       (t->lines[above - 1].class == LINE_QUOTE ||
		t->lines[above - 1].class == LINE_ATTRIBUTION);
}

/* A line between two quoted ones that the one above was too long for. */
static void mend_wrapped(struct trimmer *t)
{
	for (size_t i = 1; i + 1 < t->n; i++) {
		struct slice above = slice_trim(line_text(t, i - 1));
		if (t->lines[i].class == LINE_TEXT && t->lines[i - 1].class == LINE_QUOTE &&
		    t->lines[i + 1].class == LINE_QUOTE && above.len >= WRAPPED_LINE_MIN &&
		    !strchr(".?!:", above.ptr[above.len - 1]))
			t->lines[i].class = LINE_QUOTE;
	}
}

static void find_short_attributions(struct trimmer *t)
{
	size_t next = t->n; /* the line below that is not empty */
	for (size_t i = t->n; i > 0; i--) {
		struct line *line = &t->lines[i - 1];
		if (line->class == LINE_TEXT && next < t->n && t->lines[next].class == LINE_QUOTE &&
		    trim_is_short_attribution(line_text(t, i - 1)))
			line->class = LINE_ATTRIBUTION;
		if (line->class != LINE_EMPTY)
			next = i - 1;
	}
}

static void classify(struct trimmer *t)
{
	bool code = false;
	for (size_t i = 0; i < t->n; i++) {
		struct slice window[ATTRIBUTION_LINES_MAX], line = line_text(t, i);
		bool fence = trim_is_fence(line);
		if (fence)
			code = !code;
		if (fence || code)
			continue;
		size_t n = 0;
		for (; n < ATTRIBUTION_LINES_MAX && i + n < t->n; n++)
			window[n] = line_text(t, i + n);
		size_t lines = trim_attribution(window, n);
		for (size_t k = 0; k < lines; k++)
			t->lines[i + k].class = LINE_ATTRIBUTION;
		if (lines) {
			i += lines - 1;
			continue;
		}
		t->lines[i].class = trim_line_class(line);
		if (t->lines[i].class == LINE_TEXT && is_bar_quote(t, i))
			t->lines[i].class = LINE_QUOTE;
	}
}

static bool is(const struct trimmer *t, size_t i, enum line_class class)
{
	return t->lines[i].class == (uint8_t) class;
}

static size_t skip_empty(const struct trimmer *t, size_t i)
{
	while (i < t->n && is(t, i, LINE_EMPTY))
		i++;
	return i;
}

/* At a header line: does a block of HEADERS_MIN of them begin, folded ones included? */
static bool begins_headers(const struct trimmer *t, size_t i)
{
	size_t headers = 0, gap = 0;
	for (; i < t->n && headers < HEADERS_MIN && gap <= HEADER_GAP_MAX; i++) {
		if (is(t, i, LINE_HEADER)) {
			headers++;
			gap = 0;
		} else {
			gap++;
		}
	}
	return headers >= HEADERS_MIN;
}

static size_t text_lines(const struct trimmer *t, size_t from, size_t to)
{
	size_t n = 0;
	for (size_t i = from; i < to; i++)
		n += is(t, i, LINE_TEXT) || is(t, i, LINE_HEADER);
	return n;
}

static void set_kind(struct trimmer *t, size_t from, size_t to, enum mail_piece_kind kind)
{
	for (size_t i = from; i < to; i++)
		t->lines[i].kind = (uint8_t)kind;
}

/* A rule ends the text when a copied mail, a quotation or no more than a signature follows. */
static bool rule_ends_text(const struct trimmer *t, size_t i, size_t end)
{
	size_t next = skip_empty(t, i + 1);
	if (next >= end)
		return true;
	if (is(t, next, LINE_HEADER))
		return begins_headers(t, next);
	if (!is(t, next, LINE_TEXT))
		return true;
	return text_lines(t, next, end) <= SIGNATURE_LINES_MAX;
}

/* From the first line that is certainly the copy of another mail: its number, or n. */
static size_t find_copy(const struct trimmer *t, enum mail_piece_kind *kind)
{
	for (size_t i = 0; i < t->n; i++) {
		*kind = MAIL_PIECE_QUOTED;
		if (is(t, i, LINE_ORIGINAL))
			return i;
		if (is(t, i, LINE_FORWARD)) {
			*kind = MAIL_PIECE_FORWARDED;
			return i;
		}
		if (is(t, i, LINE_HEADER) && begins_headers(t, i)) {
			/* With nothing of one's own above, it was passed on. */
			if (!text_lines(t, 0, i))
				*kind = MAIL_PIECE_FORWARDED;
			return i;
		}
	}
	return t->n;
}

static bool has_class(const struct trimmer *t, size_t from, size_t to, enum line_class class)
{
	for (size_t i = from; i < to; i++)
		if (is(t, i, class))
			return true;
	return false;
}

/* Signature separators and rules: what stands from the first of them to `end` is cut. */
static size_t cut_signature(struct trimmer *t, size_t end)
{
	bool text = false;
	size_t quotes = 0; /* lines quoted below i */
	for (size_t i = 0; i < end; i++)
		quotes += is(t, i, LINE_QUOTE);
	for (size_t i = 0; i < end; i++) {
		text |= is(t, i, LINE_TEXT);
		quotes -= is(t, i, LINE_QUOTE);
		bool cuts = text && (is(t, i, LINE_SIGN) ||
				     (is(t, i, LINE_RULE) && rule_ends_text(t, i, end)));
		if (!cuts)
			continue;
		set_kind(t, i, end, MAIL_PIECE_SIGNATURE);
		for (size_t k = i; quotes && k < end; k++)
			if (is(t, k, LINE_ATTRIBUTION) || is(t, k, LINE_QUOTE))
				set_kind(t, k, end, MAIL_PIECE_QUOTED), quotes = 0;
		return i;
	}
	return end;
}

/*
 * An attribution that no quotation follows introduces plain text down to the
 * end; where it comes first of all, that text is the answer below it.
 */
static size_t cut_unquoted(struct trimmer *t, size_t end)
{
	size_t last_quote = 0;
	for (size_t i = 0; i < end; i++)
		if (is(t, i, LINE_QUOTE))
			last_quote = i + 1;
	bool text = false;
	for (size_t i = 0; i < end; i++) {
		text |= is(t, i, LINE_TEXT) || is(t, i, LINE_HEADER);
		if (text && is(t, i, LINE_ATTRIBUTION) && i >= last_quote) {
			set_kind(t, i, end, MAIL_PIECE_QUOTED);
			return i;
		}
	}
	return end;
}

static bool is_own(const struct trimmer *t, size_t i)
{
	return is(t, i, LINE_TEXT) || is(t, i, LINE_HEADER) || is(t, i, LINE_RULE) ||
	       is(t, i, LINE_SIGN);
}

/* Quotations and what introduces them are never fresh; the answer keeps those above it. */
static void mark_quotations(struct trimmer *t, size_t end)
{
	for (size_t i = 0; i < end; i++) {
		bool quote = is(t, i, LINE_QUOTE), attribution = is(t, i, LINE_ATTRIBUTION);
		bool device = is(t, i, LINE_DEVICE);
		t->lines[i].kept = !attribution && !device;
		if (quote || attribution)
			t->lines[i].kind = MAIL_PIECE_QUOTED;
		if (device)
			t->lines[i].kind = MAIL_PIECE_SIGNATURE;
	}
	size_t last = end;
	while (last > 0 && !is_own(t, last - 1))
		last--;
	/* Text, then quotations to the end: they are no part of the answer. */
	for (size_t i = last; last && i < end; i++)
		t->lines[i].kept = false;
	size_t first = skip_empty(t, 0);
	/* An attribution on top with its quotation: the answer is what comes below. */
	if (first < end && is(t, first, LINE_ATTRIBUTION)) {
		for (size_t i = first; i < end && !is_own(t, i); i++)
			t->lines[i].kept = false;
	}
}

/* Empty lines go with what stands above them. */
static void attach_empty(struct trimmer *t)
{
	for (size_t i = 1; i < t->n; i++)
		if (is(t, i, LINE_EMPTY))
			t->lines[i].kind = t->lines[i - 1].kind;
}

static void make_pieces(struct arena *a, const struct trimmer *t, struct mail_trimmed *out)
{
	struct mail_piece *pieces = NULL;
	size_t room = 0;
	for (size_t i = 0; i < t->n; i++) {
		const struct line *line = &t->lines[i];
		struct mail_piece *last = out->n_pieces ? &pieces[out->n_pieces - 1] : NULL;
		if (last && last->kind == (enum mail_piece_kind)line->kind) {
			last->text.len += line->len;
			continue;
		}
		arena_grow(a, &pieces, out->n_pieces, &room, sizeof(*pieces));
		pieces[out->n_pieces++] = (struct mail_piece){
			.kind = (enum mail_piece_kind)line->kind,
			.text = slice_sub(t->text, line->offset, (size_t)line->offset + line->len),
		};
	}
	out->pieces = pieces;
}

static struct slice trim_lines(struct slice s)
{
	while (s.len && strchr(" \t\r\n", s.ptr[s.len - 1]))
		s.len--;
	/* Whole empty lines above, but not the indent of the first line. */
	struct slice line, rest = s;
	while (slice_line(&rest, &line) && slice_trim(line).len == 0)
		s = rest;
	return s;
}

static struct slice collect(struct arena *a, const struct mail_trimmed *t,
			    enum mail_piece_kind kind, struct buf *scratch)
{
	const struct mail_piece *only = NULL;
	size_t n = 0;
	buf_clear(scratch);
	for (size_t i = 0; i < t->n_pieces; i++) {
		if (t->pieces[i].kind != kind)
			continue;
		only = &t->pieces[i];
		n++;
		buf_put(scratch, only->text);
	}
	if (n == 0)
		return SLICE("");
	return trim_lines(n == 1 ? only->text : arena_copy(a, buf_slice(scratch)));
}

static struct slice collect_kept(struct arena *a, const struct trimmer *t, bool kept,
				 struct buf *scratch)
{
	buf_clear(scratch);
	for (size_t i = 0; i < t->n; i++)
		if (t->lines[i].kept == kept)
			buf_put(scratch, slice_sub(t->text, t->lines[i].offset,
						   (size_t)t->lines[i].offset + t->lines[i].len));
	return trim_lines(arena_copy(a, buf_slice(scratch)));
}

void mail_trim(struct arena *a, struct slice text, struct mail_trimmed *out)
{
	struct trimmer t = {.text = text};
	enum mail_piece_kind copy_kind;
	struct buf scratch;
	*out = (struct mail_trimmed){0};
	assert(text.len < UINT32_MAX);
	split(a, &t);
	classify(&t);
	mend_wrapped(&t);
	find_short_attributions(&t);
	size_t end = find_copy(&t, &copy_kind);
	size_t copy = end;
	/* The rule above a copied header belongs to it. */
	while (copy > 0 && (is(&t, copy - 1, LINE_RULE) || is(&t, copy - 1, LINE_EMPTY)) &&
	       has_class(&t, 0, copy - 1, LINE_TEXT))
		copy--;
	set_kind(&t, copy, t.n, copy_kind);
	end = cut_signature(&t, copy);
	end = cut_unquoted(&t, end);
	mark_quotations(&t, end);
	attach_empty(&t);
	make_pieces(a, &t, out);
	buf_init(&scratch, text.len);
	out->fresh = collect(a, out, MAIL_PIECE_FRESH, &scratch);
	out->quoted = collect(a, out, MAIL_PIECE_QUOTED, &scratch);
	out->signature = collect(a, out, MAIL_PIECE_SIGNATURE, &scratch);
	out->forwarded = collect(a, out, MAIL_PIECE_FORWARDED, &scratch);
	out->answer = collect_kept(a, &t, true, &scratch);
	out->elided = collect_kept(a, &t, false, &scratch);
	buf_release(&scratch);
}
