/* SPDX-License-Identifier: ISC */
#include "mail/address.h"

#include <assert.h>

#include "address_read.h"
#include "base/buf.h"
#include "lex.h"
#include "mail/envelope.h"
#include "words.h"

/* One mailbox while it is read. */
struct mailbox {
	struct buf words; /* the phrase: quoted strings without quotes, comments left out */
	struct buf spec;  /* the same as an addr-spec: quotes kept, blanks only between words */
	struct buf angle; /* what stood between < and > */
	struct buf comments;
	size_t before_angle; /* words up to there are the name of what follows in < > */
	bool has_angle;
	bool tricky;   /* comment, blank or route in the address */
	bool specials; /* a phrase with characters that need quotes */
};

struct parser {
	struct lex lx;
	struct reader *r;
	struct address_list *list;
	struct mailbox m;
	struct slice group; /* null pointer outside */
	bool malformed;
	bool no_quotes; /* no quoted string ends from here on: keeps the search linear */
};

static void clear(struct mailbox *m)
{
	buf_clear(&m->words);
	buf_clear(&m->spec);
	buf_clear(&m->angle);
	buf_clear(&m->comments);
	m->has_angle = m->tricky = m->specials = false;
}

static bool ends_in(const struct buf *b, const char *set)
{
	return b->len && b->ptr[b->len - 1] && strchr(set, b->ptr[b->len - 1]);
}

/* A blank between two words; around '.' and '@' blanks are obsolete syntax without meaning. */
static void put_gap(struct parser *p, char next)
{
	struct mailbox *m = &p->m;
	if (m->words.len && !ends_in(&m->words, " "))
		buf_putc(&m->words, ' ');
	if (!m->spec.len)
		return;
	if (next == '.' || next == '@' || ends_in(&m->spec, ".@"))
		m->tricky = true;
	else if (next != '<' && next != ',' && next != ';' && next != ':')
		buf_putc(&m->spec, ' ');
}

static void skip_gap(struct parser *p)
{
	bool comment = p->lx.had_comment;
	p->lx.had_comment = false;
	bool gap = lex_cfws(&p->lx);
	if (p->lx.had_comment && !p->m.has_angle && p->m.spec.len)
		p->m.tricky = true;
	p->lx.had_comment |= comment;
	if (gap && p->lx.p < p->lx.end)
		put_gap(p, *p->lx.p);
}

static void take_quoted(struct parser *p)
{
	const char *from = p->lx.p;
	struct slice content = lex_quoted(&p->lx);
	/* Without a closing quote, the quote is a character like another. */
	if (p->lx.broken) {
		p->no_quotes = true;
		p->lx.broken = false;
		p->lx.p = from + 1;
		p->malformed = true;
		return;
	}
	p->malformed |= p->m.has_angle;
	buf_put(&p->m.words, content);
	buf_put(&p->m.spec, slice_of(from, (size_t)(p->lx.p - from)));
}

static void finish(struct parser *p);

/* "Ann <a@b> Bob <c@d>": the comma is missing, the words between belong to the second. */
static void split(struct parser *p)
{
	struct mailbox *m = &p->m;
	struct slice words = buf_slice(&m->words);
	struct slice second = arena_copy(p->r->a, slice_sub(words, m->before_angle, words.len));
	p->malformed = true;
	m->words.len = m->before_angle;
	finish(p);
	buf_put(&m->words, slice_trim(second));
}

static void take_angle(struct parser *p)
{
	struct mailbox *m = &p->m;
	assert(*p->lx.p == '<');
	p->lx.p++;
	if (m->has_angle)
		split(p);
	m->has_angle = true;
	m->before_angle = m->words.len;
	buf_clear(&m->angle);
	bool route = p->lx.p < p->lx.end && *p->lx.p == '@';
	m->tricky = route;
	p->lx.had_comment = false;
	while (p->lx.p < p->lx.end && *p->lx.p != '>') {
		char c = *p->lx.p;
		const char *from = p->lx.p;
		if ((c == ',' && !route) || c == '<') {
			p->malformed = true;
			return;
		}
		if (lex_cfws(&p->lx)) {
			m->tricky = true;
			continue;
		}
		if (c == '"' && !p->no_quotes)
			lex_quoted(&p->lx);
		else
			p->lx.p++;
		buf_put(&m->angle, slice_of(from, (size_t)(p->lx.p - from)));
		if (c == ':' && route) {
			route = false;
			buf_clear(&m->angle);
		}
	}
	if (!lex_take(&p->lx, '>'))
		p->malformed = true;
	buf_putc(&m->words, ' ');
}

static struct slice name_of(struct parser *p, struct slice phrase)
{
	struct mailbox *m = &p->m;
	phrase = slice_trim(phrase);
	if (!m->comments.len)
		return words_text(p->r, phrase);
	/* "Ann (Sales)" and the old "ann@example.org (Ann)" */
	struct slice comments = words_text(p->r, buf_slice(&m->comments));
	if (!phrase.len)
		return comments;
	struct slice name = words_text(p->r, phrase);
	return slice_str(
		arena_printf(p->r->a, "%.*s (%.*s)", SLICE_ARG(name), SLICE_ARG(comments)));
}

/* The last word of spec, quoted ones taken whole, that has an '@'; empty when none has. */
static struct slice last_with_at(struct slice spec)
{
	struct slice found = SLICE("");
	bool quoted = false;
	size_t from = 0;
	for (size_t i = 0; i <= spec.len; i++) {
		if (i < spec.len && spec.ptr[i] == '"')
			quoted = !quoted;
		if (i < spec.len && (quoted || spec.ptr[i] != ' '))
			continue;
		struct slice word = slice_sub(spec, from, i);
		if (slice_chr(word, '@') >= 0)
			found = word;
		from = i + 1;
	}
	return found;
}

/* Without angle brackets: the address, and what is left of the words as the name. */
static struct slice bare_address(struct parser *p, struct slice *phrase)
{
	struct slice spec = slice_trim(buf_slice(&p->m.spec)), word = last_with_at(spec);
	*phrase = SLICE("");
	if (word.len) {
		p->malformed |= word.len != spec.len;
		size_t before = (size_t)(word.ptr - spec.ptr);
		*phrase = before ? slice_sub(spec, 0, before) : slice_sub(spec, word.len, spec.len);
		return word;
	}
	/* "Whomever" is a name, unless a comment gives one: "root (Cron)". */
	if (slice_chr(spec, ' ') < 0 && p->m.comments.len)
		return spec;
	*phrase = buf_slice(&p->m.words);
	p->malformed |= slice_chr(spec, ' ') >= 0;
	return SLICE("");
}

static bool has_address_marks(struct slice name)
{
	return slice_chr(name, '<') >= 0 || slice_chr(name, '>') >= 0 || slice_chr(name, '@') >= 0;
}

static void add(struct parser *p, struct slice phrase, struct slice addr)
{
	struct mailbox *m = &p->m;
	struct address_list *list = p->list;
	if (list->n == p->r->limits->addresses) {
		reader_over(p->r, "addresses in a header field");
		return;
	}
	arena_grow(p->r->a, &list->items, list->n, &list->room, sizeof(*list->items));
	struct mail_address *item = &list->items[list->n++];
	*item = (struct mail_address){
		.name = arena_copy(p->r->a, name_of(p, phrase)),
		.addr = arena_copy(p->r->a, addr),
		.group = p->group,
	};
	/* What decodes before it parses sees other addresses in such a name (T01). */
	if (slice_find(phrase, SLICE("=?")) >= 0 && has_address_marks(item->name))
		m->tricky = true;
	/* An addr-spec that looks like an encoded word is one to some readers. */
	item->strict = !m->tricky && mail_addr_strict_utf8(item->addr) &&
		       slice_find(item->addr, SLICE("=?")) < 0;
	if (!item->strict && !(m->tricky && mail_addr_strict_utf8(item->addr)))
		reader_note(p->r, MAIL_DEFECT_BAD_ADDRESS);
}

/* "ann@example.org bob@example.org": nothing but addresses, and no commas. */
static bool add_bare_ones(struct parser *p)
{
	struct slice spec = slice_trim(buf_slice(&p->m.spec)), rest = spec, word;
	size_t n = 0;
	if (p->m.has_angle || p->m.comments.len || slice_chr(spec, '"') >= 0)
		return false;
	for (; slice_cut(&rest, ' ', &word); n++)
		if (slice_chr(word, '@') <= 0)
			return false;
	if (n < 2)
		return false;
	p->malformed = true;
	for (rest = spec; slice_cut(&rest, ' ', &word) && !p->r->over;)
		add(p, SLICE(""), word);
	return true;
}

/* The mailbox is complete: adds it to the list, if there is anything of it. */
static void finish(struct parser *p)
{
	struct mailbox *m = &p->m;
	if (!m->has_angle && !m->words.len && !m->spec.len && !m->comments.len)
		return;
	if (!add_bare_ones(p)) {
		struct slice phrase = buf_slice(&m->words), addr;
		p->malformed |= m->has_angle && m->specials;
		addr = m->has_angle ? slice_trim(buf_slice(&m->angle)) : bare_address(p, &phrase);
		add(p, phrase, addr);
	}
	clear(m);
}

static void begin_group(struct parser *p)
{
	struct mailbox *m = &p->m;
	if (p->group.ptr || m->has_angle)
		p->malformed = true;
	p->group = arena_copy(p->r->a, name_of(p, buf_slice(&m->words)));
	p->list->has_group = true;
	clear(m);
}

static void take_word(struct parser *p)
{
	const char *from = p->lx.p;
	if (lex_until(&p->lx, p->no_quotes ? "<>,;:(" : "<>,;:\"(").len == 0)
		p->lx.p++;
	struct slice word = slice_of(from, (size_t)(p->lx.p - from));
	p->malformed |= p->m.has_angle || *from == '>' || *from == ')' || *from == '"';
	for (size_t i = 0; i < word.len; i++)
		p->m.specials |= memchr("@[]\\", word.ptr[i], 4) != NULL;
	buf_put(&p->m.words, word);
	buf_put(&p->m.spec, word);
}

/* ':' opens a group, unless it belongs to a bare address literal or a link. */
static bool opens_group(const struct parser *p)
{
	struct slice spec = buf_slice(&p->m.spec);
	return !p->m.has_angle && slice_chr(spec, '@') < 0 && slice_chr(spec, '[') < 0;
}

static void step(struct parser *p)
{
	switch (*p->lx.p) {
	case ',':
		p->lx.p++;
		finish(p);
		break;
	case ';':
		p->lx.p++;
		finish(p);
		p->malformed |= !p->group.ptr;
		p->group = (struct slice){0};
		break;
	case ':':
		if (opens_group(p)) {
			p->lx.p++;
			begin_group(p);
		} else {
			take_word(p);
		}
		break;
	case '<':
		take_angle(p);
		break;
	case '"':
		if (p->no_quotes)
			take_word(p);
		else
			take_quoted(p);
		break;
	default:
		take_word(p);
	}
}

static void open_mailbox(struct mailbox *m, size_t max)
{
	*m = (struct mailbox){0};
	buf_init(&m->words, max);
	buf_init(&m->spec, max);
	buf_init(&m->angle, max);
	buf_init(&m->comments, max);
}

static void close_mailbox(struct mailbox *m)
{
	buf_release(&m->words);
	buf_release(&m->spec);
	buf_release(&m->angle);
	buf_release(&m->comments);
}

void address_read(struct reader *r, struct slice value, struct address_list *list)
{
	struct parser p = {.lx = lex_open(r, value), .r = r, .list = list};
	open_mailbox(&p.m, 2 * value.len + 16);
	p.lx.comments = &p.m.comments;
	while (skip_gap(&p), p.lx.p < p.lx.end && !r->over)
		step(&p);
	finish(&p);
	close_mailbox(&p.m);
	list->malformed |= p.malformed || p.lx.broken;
}

bool mail_address_read(struct arena *a, struct slice value, struct mail_addresses *list)
{
	struct reader r = {.a = a, .limits = &mail_limits_default};
	struct address_list grown = {.has_group = list->has_group, .malformed = list->malformed};
	for (size_t i = 0; i < list->n; i++) {
		arena_grow(a, &grown.items, grown.n, &grown.room, sizeof(*grown.items));
		grown.items[grown.n++] = list->items[i];
	}
	address_read(&r, value, &grown);
	*list = (struct mail_addresses){
		.items = grown.items,
		.n = grown.n,
		.has_group = grown.has_group,
		.malformed = grown.malformed,
	};
	return !r.over;
}

bool mail_address_same(struct slice a, struct slice b)
{
	return a.len > 0 && slice_eq_nocase(a, b);
}
