/* SPDX-License-Identifier: ISC */
#include "params.h"

#include <assert.h>

#include "base/buf.h"
#include "charset.h"
#include "words.h"

#define SECTION_NONE (-1)
#define SECTION_MAX 999

/* One "name*section*=value" as it stands. */
struct segment {
	struct slice name; /* lower case, without section */
	struct slice value;
	int section;
	bool extended; /* percent-encoded */
	bool done;
};

static bool split_name(struct reader *r, struct slice raw, struct segment *s)
{
	ptrdiff_t star = slice_chr(raw, '*');
	s->section = SECTION_NONE;
	if (star >= 0) {
		struct slice rest = slice_sub(raw, (size_t)star + 1, raw.len);
		raw.len = (size_t)star;
		s->extended = rest.len == 0;
		if (slice_ends(rest, SLICE("*"))) {
			s->extended = true;
			rest.len--;
		}
		uint64_t section;
		if (rest.len && (!slice_u64(rest, &section) || section > SECTION_MAX))
			return false;
		if (rest.len)
			s->section = (int)section;
	}
	s->name = lex_lower(r->a, raw);
	return raw.len > 0;
}

/* True when "token=" comes next: a semicolon was forgotten. */
static bool parameter_follows(struct lex lx)
{
	return lex_until(&lx, "=;\"(),").len > 0 && lx.p < lx.end && *lx.p == '=' &&
	       lx.p + 1 < lx.end && *lx.p != '?';
}

/* Clients write file names with spaces and parentheses without quotes. */
static struct slice bare_value(struct lex *lx)
{
	const char *from = lx->p, *to = from;
	while (lx->p < lx->end && *lx->p != ';') {
		if (!lex_is_space(*lx->p)) {
			to = ++lx->p;
			continue;
		}
		lex_cfws(lx);
		if (parameter_follows(*lx))
			break;
	}
	struct slice value = slice_of(from, (size_t)(to - from));
	/* "us-ascii (Plain text)" */
	ptrdiff_t comment = slice_find(value, SLICE(" ("));
	if (comment > 0 && slice_ends(value, SLICE(")")))
		value = slice_trim(slice_sub(value, 0, (size_t)comment));
	return value;
}

/* False when nothing more is there; *s is filled when its name is not empty. */
static bool read_segment(struct lex *lx, struct segment *s)
{
	*s = (struct segment){0};
	while (lex_cfws(lx) || lex_take(lx, ';'))
		;
	if (lx->p >= lx->end)
		return false;
	struct slice name = lex_until(lx, "=;(\"");
	lex_cfws(lx);
	if (!lex_take(lx, '=')) {
		reader_note(lx->r, MAIL_DEFECT_BAD_PARAMETER);
		if (!name.len && lx->p < lx->end)
			lx->p++;
		return true;
	}
	lex_cfws(lx);
	bool quoted = lx->p < lx->end && *lx->p == '"';
	s->value = quoted ? lex_quoted(lx) : bare_value(lx);
	if (!split_name(lx->r, name, s) || (!quoted && !s->value.len)) {
		reader_note(lx->r, MAIL_DEFECT_BAD_PARAMETER);
		s->name.len = 0;
	}
	return true;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void put_percent(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '%' && i + 2 < s.len && hex(s.ptr[i + 1]) >= 0 &&
		    hex(s.ptr[i + 2]) >= 0) {
			buf_putc(out, (char)(hex(s.ptr[i + 1]) << 4 | hex(s.ptr[i + 2])));
			i += 2;
		} else {
			buf_putc(out, s.ptr[i]);
		}
	}
}

/* "charset'language'text": takes the first two off. */
static struct slice take_charset(struct slice *value)
{
	struct slice rest = *value, charset, language;
	if (!slice_cut(&rest, '\'', &charset) || !slice_cut(&rest, '\'', &language) || !rest.ptr)
		return SLICE("");
	*value = rest;
	return charset;
}

/* Some clients repeat "charset'" in every section. */
static void drop_charset(struct slice charset, struct slice *value)
{
	if (charset.len && slice_starts_nocase(*value, charset) && value->len > charset.len &&
	    value->ptr[charset.len] == '\'')
		*value = slice_sub(*value, charset.len + 1, value->len);
}

static bool same_parameter(const struct segment *a, const struct segment *b)
{
	return slice_eq(a->name, b->name);
}

/* The next section of the parameter of all[from] that is not done, lowest number first. */
static struct segment *next_section(struct segment *all, size_t n, size_t from, int above)
{
	struct segment *best = NULL;
	for (size_t i = from; i < n; i++)
		if (same_parameter(&all[i], &all[from]) && all[i].section > above &&
		    (!best || all[i].section < best->section))
			best = &all[i];
	return best;
}

/* The bytes of a parameter in sections put together, and their charset. */
static void put_sections(struct segment *all, size_t n, size_t from, struct buf *bytes,
			 struct slice *charset)
{
	int above = SECTION_NONE;
	for (struct segment *s; (s = next_section(all, n, from, above)); above = s->section) {
		struct slice value = s->value;
		if (s->extended && above == SECTION_NONE)
			*charset = take_charset(&value);
		else if (s->extended)
			drop_charset(*charset, &value);
		if (s->extended)
			put_percent(bytes, value);
		else
			buf_put(bytes, value);
	}
}

static struct slice text_of(struct reader *r, struct slice charset, struct slice bytes)
{
	struct buf out;
	buf_init(&out, MAIL_CHARSET_MAX(bytes.len));
	enum charset_verdict verdict = charset_put_utf8(charset, bytes, &out);
	if (verdict == CHARSET_UNKNOWN)
		reader_note(r, MAIL_DEFECT_UNKNOWN_CHARSET);
	if (verdict == CHARSET_REFUSED)
		reader_note(r, MAIL_DEFECT_UTF7);
	struct slice text = arena_copy(r->a, buf_slice(&out));
	buf_release(&out);
	return text;
}

/* RFC 2231 wins over continuations, and these over the plain form. */
static const struct segment *best_form(struct reader *r, struct segment *all, size_t n, size_t from)
{
	const struct segment *best = NULL;
	for (size_t i = from; i < n; i++) {
		struct segment *s = &all[i];
		if (!same_parameter(s, &all[from]))
			continue;
		for (size_t k = from; k < i; k++)
			if (same_parameter(&all[k], s) && all[k].section == s->section &&
			    all[k].extended == s->extended && !slice_eq(all[k].value, s->value))
				reader_note(r, MAIL_DEFECT_DUPLICATE_PARAMETER);
		s->done = true;
		int rank = s->section == SECTION_NONE ? (s->extended ? 2 : 0) : 1;
		int best_rank = !best				? -1
				: best->section == SECTION_NONE ? (best->extended ? 2 : 0)
								: 1;
		if (rank > best_rank)
			best = s;
	}
	return best;
}

/*
 * Readers that know RFC 2231 and readers that do not take another boundary or
 * charset, if these are written in more than one form or only in the new one.
 */
static bool is_written_oddly(const struct segment *all, size_t n, size_t from)
{
	bool boundary = slice_eq(all[from].name, SLICE("boundary"));
	if (!boundary && !slice_eq(all[from].name, SLICE("charset")))
		return false;
	for (size_t i = from; i < n; i++)
		if (same_parameter(&all[i], &all[from]) && (boundary || i > from) &&
		    (all[i].section != SECTION_NONE || all[i].extended))
			return true;
	return false;
}

static struct slice value_of(struct reader *r, struct segment *all, size_t n, size_t from)
{
	const struct segment *best = best_form(r, all, n, from);
	assert(best);
	if (is_written_oddly(all, n, from))
		reader_note(r, MAIL_DEFECT_DUPLICATE_PARAMETER);
	if (best->section == SECTION_NONE && !best->extended) {
		/* A boundary is bytes, not text. */
		return slice_eq(best->name, SLICE("boundary")) ? best->value
							       : words_text(r, best->value);
	}
	struct buf bytes;
	buf_init(&bytes, MAIL_FIELD_SIZE_MAX);
	struct slice charset = SLICE(""), value = best->value;
	if (best->section != SECTION_NONE) {
		put_sections(all, n, from, &bytes, &charset);
	} else {
		charset = take_charset(&value);
		put_percent(&bytes, value);
	}
	struct slice text = text_of(r, charset, buf_slice(&bytes));
	buf_release(&bytes);
	return text;
}

void params_read(struct lex *lx, struct params *out)
{
	struct reader *r = lx->r;
	struct segment *all = NULL;
	size_t n = 0, room = 0, seen = 0;
	for (struct segment s; read_segment(lx, &s);) {
		if (seen++ == r->limits->params) {
			reader_over(r, "parameters of a header field");
			break;
		}
		if (!s.name.len)
			continue;
		arena_grow(r->a, &all, n, &room, sizeof(*all));
		all[n++] = s;
	}
	*out = (struct params){0};
	if (!n)
		return;
	struct mail_param *items = ARENA_ARRAY(r->a, n, struct mail_param);
	for (size_t i = 0; i < n; i++)
		if (!all[i].done)
			items[out->n++] = (struct mail_param){.value = value_of(r, all, n, i),
							      .name = all[i].name};
	out->items = items;
	if (lx->broken)
		reader_note(r, MAIL_DEFECT_BAD_PARAMETER);
}

struct slice params_get(const struct params *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (slice_eq(p->items[i].name, slice_str(name)))
			return p->items[i].value;
	return (struct slice){0};
}
