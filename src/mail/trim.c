/* SPDX-License-Identifier: ISC */
#include "trim.h"

#include <assert.h>
#include <string.h>

#define HEADERS_MIN 3	 /* lines of a header block */
#define HEADER_GAP_MAX 3 /* lines that a folded header line may take */
/* What stands behind so many pieces is one, and new: nobody wrote it by hand. */
#define PIECES_MAX 100000
#define SIGNATURE_LINES_MAX 15 /* below a rule that nothing else explains */
#define LEFTOVER_LINES_MAX 6   /* of text below the quotation under an answer */
#define GREETING_MAX 40

static bool is_text(const struct trimmer *t, size_t i)
{
	return trim_is(t, i, LINE_TEXT) || trim_is(t, i, LINE_HEADER);
}

static size_t text_lines(const struct trimmer *t, size_t from, size_t to)
{
	size_t n = 0;
	for (size_t i = from; i < to; i++)
		n += is_text(t, i);
	return n;
}

static void set_kind(struct trimmer *t, size_t from, size_t to, enum mail_piece_kind kind)
{
	for (size_t i = from; i < to; i++)
		t->lines[i].kind = (uint8_t)kind;
}

/* "From: ann@example.org" above "Date: 3 May 2021" is enough of a header. */
static bool is_short_header(const struct trimmer *t, size_t i)
{
	if (i + 1 >= t->n || !trim_is(t, i + 1, LINE_HEADER))
		return false;
	struct slice first = trim_line_text(t, i), second = trim_line_text(t, i + 1);
	bool address = slice_chr(first, '@') > 0 || slice_chr(second, '@') > 0;
	return address && (trim_has_date(first) || trim_has_date(second));
}

/* At a header line: does a block of HEADERS_MIN of them begin, folded ones included? */
static bool begins_headers(const struct trimmer *t, size_t i)
{
	size_t headers = 0, gap = 0;
	if (is_short_header(t, i))
		return true;
	for (; i < t->n && headers < HEADERS_MIN && gap <= HEADER_GAP_MAX; i++) {
		if (trim_is(t, i, LINE_HEADER)) {
			headers++;
			gap = 0;
		} else {
			gap++;
		}
	}
	return headers >= HEADERS_MIN;
}

/*
 * A rule ends the text when a copied mail, a quotation or no more than a
 * signature follows; `below` lines of text do.
 */
static bool rule_ends_text(const struct trimmer *t, size_t i, size_t end, size_t below)
{
	size_t next = trim_skip_empty(t, i + 1);
	if (next >= end)
		return true;
	if (trim_is(t, next, LINE_HEADER))
		return begins_headers(t, next);
	if (!trim_is(t, next, LINE_TEXT))
		return true;
	return below <= SIGNATURE_LINES_MAX;
}

/* From the first line that is certainly the copy of another mail: its number, or n. */
static size_t find_copy(const struct trimmer *t, enum mail_piece_kind *kind)
{
	bool text = false;
	for (size_t i = 0; i < t->n; i++) {
		bool headers = trim_is(t, i, LINE_HEADER) && begins_headers(t, i);
		/* With nothing of one's own above, it was passed on. */
		*kind = text ? MAIL_PIECE_QUOTED : MAIL_PIECE_FORWARDED;
		if (trim_is(t, i, LINE_FORWARD))
			*kind = MAIL_PIECE_FORWARDED;
		if (headers || trim_is(t, i, LINE_ORIGINAL) || trim_is(t, i, LINE_FORWARD) ||
		    (text && trim_is(t, i, LINE_ABOVE)))
			return i;
		text |= is_text(t, i);
	}
	return t->n;
}

/* A quotation under a signature is one still. */
static void cut_quotation(struct trimmer *t, size_t from, size_t end)
{
	for (size_t k = from; k < end; k++)
		if (trim_is(t, k, LINE_ATTRIBUTION) || trim_is(t, k, LINE_QUOTE)) {
			set_kind(t, k, end, MAIL_PIECE_QUOTED);
			return;
		}
}

/* Signature separators and rules: what stands from the first of them to `end` is cut. */
static size_t cut_signature(struct trimmer *t, size_t end)
{
	bool text = false;
	size_t quotes = 0, below = text_lines(t, 0, end); /* those below i */
	for (size_t i = 0; i < end; i++)
		quotes += trim_is(t, i, LINE_QUOTE);
	for (size_t i = 0; i < end; i++) {
		text |= is_text(t, i);
		quotes -= trim_is(t, i, LINE_QUOTE);
		below -= is_text(t, i);
		bool cuts = text && !t->lines[i].code &&
			    (trim_is(t, i, LINE_SIGN) ||
			     (trim_is(t, i, LINE_RULE) && rule_ends_text(t, i, end, below)));
		if (!cuts)
			continue;
		set_kind(t, i, end, MAIL_PIECE_SIGNATURE);
		if (quotes)
			cut_quotation(t, i, end);
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
		if (trim_is(t, i, LINE_QUOTE))
			last_quote = i + 1;
	bool text = false;
	for (size_t i = 0; i < end; i++) {
		text |= is_text(t, i);
		if (text && trim_is(t, i, LINE_ATTRIBUTION) && i >= last_quote) {
			set_kind(t, i, end, MAIL_PIECE_QUOTED);
			return i;
		}
	}
	return end;
}

static bool is_own(const struct trimmer *t, size_t i)
{
	return is_text(t, i) || trim_is(t, i, LINE_RULE) || trim_is(t, i, LINE_SIGN) ||
	       trim_is(t, i, LINE_ABOVE);
}

/* Says of a line what it is by itself. */
static void judge_line(struct trimmer *t, size_t i)
{
	bool attribution = trim_is(t, i, LINE_ATTRIBUTION);
	bool device = trim_is(t, i, LINE_DEVICE) || trim_is(t, i, LINE_SIGNED);
	t->lines[i].kept = !attribution && !device;
	if (attribution || trim_is(t, i, LINE_QUOTE) || trim_is(t, i, LINE_SAID))
		t->lines[i].kind = MAIL_PIECE_QUOTED;
	if (device)
		t->lines[i].kind = MAIL_PIECE_SIGNATURE;
}

/* Down from line i: text, a quotation and text again are answers between the lines. */
static bool is_interleaved(const struct trimmer *t, size_t i, size_t end)
{
	bool text = false;
	for (; i < end; i++) {
		if (text && trim_is(t, i, LINE_QUOTE))
			return true;
		text |= is_own(t, i);
	}
	return false;
}

/* No more than "Hello Ann," stands above line i. */
static bool only_greets(const struct trimmer *t, size_t i)
{
	size_t first = trim_skip_empty(t, 0);
	struct slice line = slice_trim(trim_line_text(t, first));
	return text_lines(t, 0, i) == 1 && line.len <= GREETING_MAX && slice_ends(line, SLICE(","));
}

static bool is_quotation(const struct trimmer *t, size_t i)
{
	return trim_is(t, i, LINE_QUOTE) || trim_is(t, i, LINE_ATTRIBUTION) ||
	       trim_is(t, i, LINE_EMPTY) || trim_is(t, i, LINE_DEVICE);
}

/*
 * A few lines below the quotation that stands under an answer are mostly the
 * rest of a footer: new, but no part of the answer.
 */
static void drop_leftover(struct trimmer *t, size_t end)
{
	size_t text = 0, i = end;
	while (i > 0 && text <= LEFTOVER_LINES_MAX && !trim_is(t, i - 1, LINE_QUOTE) &&
	       (is_text(t, i - 1) || is_quotation(t, i - 1))) {
		text += is_text(t, i - 1);
		i--;
	}
	if (!text || text > LEFTOVER_LINES_MAX)
		return;
	while (i > 0 && is_quotation(t, i - 1))
		i--;
	size_t top = trim_skip_empty(t, i);
	if (i == 0 || !is_text(t, i - 1) || !trim_is(t, top, LINE_ATTRIBUTION) || only_greets(t, i))
		return;
	for (; i < end; i++)
		t->lines[i].kept = false;
}

/* A mail that only passes on another is answered by the text of that, without its header. */
static void keep_passed_on(struct trimmer *t, size_t copy)
{
	size_t i = copy;
	while (i < t->n && !trim_is(t, i, LINE_TEXT) && !trim_is(t, i, LINE_QUOTE))
		i++;
	for (; i < t->n && (is_text(t, i) || trim_is(t, i, LINE_EMPTY)); i++)
		t->lines[i].kept = true;
}

/* Quotations and what introduces them are never fresh; the answer keeps those above it. */
static void mark_quotations(struct trimmer *t, size_t end)
{
	size_t last = end, first = trim_skip_empty(t, 0);
	for (size_t i = 0; i < end; i++)
		judge_line(t, i);
	while (last > 0 && !is_own(t, last - 1))
		last--;
	/* Text, then quotations to the end: they are no part of the answer. */
	for (size_t i = last; last && i < end; i++)
		t->lines[i].kept = false;
	/* An attribution on top with its quotation: the answer is what comes below. */
	if (first < end && trim_is(t, first, LINE_ATTRIBUTION) && !is_interleaved(t, first, end))
		for (size_t i = first; i < end && !is_own(t, i); i++)
			t->lines[i].kept = false;
	drop_leftover(t, end);
}

/* Empty lines go with what stands above them. */
static void attach_empty(struct trimmer *t)
{
	for (size_t i = 1; i < t->n; i++)
		if (trim_is(t, i, LINE_EMPTY))
			t->lines[i].kind = t->lines[i - 1].kind;
}

/* Where a piece ends that begins at line i. */
static size_t piece_end(const struct trimmer *t, size_t i)
{
	size_t end = i + 1;
	while (end < t->n && t->lines[end].kind == t->lines[i].kind)
		end++;
	return end;
}

static void make_pieces(struct arena *a, struct trimmer *t, struct mail_trimmed *out)
{
	size_t n = 0;
	for (size_t i = 0; i < t->n; i = piece_end(t, i))
		if (++n == PIECES_MAX)
			set_kind(t, i, t->n, MAIL_PIECE_FRESH);
	struct mail_piece *pieces = ARENA_ARRAY(a, n, struct mail_piece);
	for (size_t i = 0; i < t->n; i = piece_end(t, i))
		pieces[out->n_pieces++] = (struct mail_piece){
			.kind = (enum mail_piece_kind)t->lines[i].kind,
			.text = slice_sub(t->text, t->lines[i].offset,
					  t->lines[piece_end(t, i)].offset),
		};
	assert(out->n_pieces <= n);
	out->pieces = pieces;
}

static struct slice trim_lines(struct slice s)
{
	while (s.len && strchr(" \t\r\n", s.ptr[s.len - 1]))
		s.len--;
	/* Whole empty lines above, but not the indent of the first line. */
	size_t from = 0;
	for (size_t i = 0; i < s.len && strchr(" \t\r\n", s.ptr[i]); i++)
		if (s.ptr[i] == '\n')
			from = i + 1;
	return slice_sub(s, from, s.len);
}

/* Which lines are wanted: those of a kind, or those that are kept or not. */
struct choice {
	bool by_kind;
	uint8_t value;
};

static bool is_chosen(const struct line *line, const struct choice *c)
{
	return (c->by_kind ? line->kind : (uint8_t)line->kept) == c->value;
}

/* The next run of lines that are wanted from line *i on; empty when there is none. */
static struct slice next_run(const struct trimmer *t, const struct choice *c, size_t *i)
{
	while (*i < t->n && !is_chosen(&t->lines[*i], c))
		++*i;
	size_t from = t->lines[*i].offset;
	while (*i < t->n && is_chosen(&t->lines[*i], c))
		++*i;
	return slice_sub(t->text, from, t->lines[*i].offset);
}

/* A view where one run is all, and else of just the size: the text may be of 32 MiB. */
static struct slice collect(struct arena *a, const struct trimmer *t, struct choice c)
{
	size_t i = 0, total = 0, len = 0;
	struct slice first = next_run(t, &c, &i), run;
	for (run = first; run.len; run = next_run(t, &c, &i))
		total += run.len;
	if (total == first.len)
		return trim_lines(first);
	char *out = arena_alloc(a, total);
	i = 0;
	while ((run = next_run(t, &c, &i)).len) {
		memcpy(out + len, run.ptr, run.len);
		len += run.len;
	}
	assert(len == total);
	return trim_lines(slice_of(out, len));
}

static struct slice collect_kind(struct arena *a, const struct trimmer *t,
				 enum mail_piece_kind kind)
{
	return collect(a, t, (struct choice){true, (uint8_t)kind});
}

static size_t first_text(const struct trimmer *t)
{
	size_t i = 0;
	while (i < t->n && !trim_is(t, i, LINE_TEXT))
		i++;
	return i;
}

static void judge(struct trimmer *t)
{
	enum mail_piece_kind copy_kind = MAIL_PIECE_QUOTED;
	size_t copy = find_copy(t, &copy_kind), text = first_text(t);
	/* The rule above a copied header belongs to it. */
	while (copy > text + 1 && copy < t->n &&
	       (trim_is(t, copy - 1, LINE_RULE) || trim_is(t, copy - 1, LINE_EMPTY)))
		copy--;
	set_kind(t, copy, t->n, copy_kind);
	size_t end = cut_signature(t, copy);
	end = cut_unquoted(t, end);
	mark_quotations(t, end);
	if (copy_kind == MAIL_PIECE_FORWARDED && text_lines(t, 0, copy) == 0)
		keep_passed_on(t, copy);
	attach_empty(t);
}

void trim_marked(struct arena *a, struct slice text, const struct html_marks *marks,
		 struct mail_trimmed *out)
{
	struct trimmer t = {.text = text, .words = trim_words_open(a)};
	*out = (struct mail_trimmed){0};
	assert(text.len < UINT32_MAX);
	trim_split(a, &t);
	trim_classify(&t);
	if (marks)
		trim_apply_marks(&t, marks);
	judge(&t);
	make_pieces(a, &t, out);
	out->fresh = collect_kind(a, &t, MAIL_PIECE_FRESH);
	out->quoted = collect_kind(a, &t, MAIL_PIECE_QUOTED);
	out->signature = collect_kind(a, &t, MAIL_PIECE_SIGNATURE);
	out->forwarded = collect_kind(a, &t, MAIL_PIECE_FORWARDED);
	out->answer = collect(a, &t, (struct choice){false, true});
	out->elided = collect(a, &t, (struct choice){false, false});
}

void mail_trim(struct arena *a, struct slice text, struct mail_trimmed *out)
{
	trim_marked(a, text, NULL, out);
}

const char *mail_piece_kind_name(enum mail_piece_kind kind)
{
	static const char *const names[] = {
		[MAIL_PIECE_FRESH] = "new",
		[MAIL_PIECE_QUOTED] = "quoted",
		[MAIL_PIECE_SIGNATURE] = "signature",
		[MAIL_PIECE_FORWARDED] = "forwarded",
	};
	return names[kind];
}
