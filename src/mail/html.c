/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <libxml/HTMLparser.h>

#include "base/text.h"
#include "body.h"

/*
 * A tokenizer of our own, since libxml2's parser is quadratic in the number of
 * attributes of a tag (230 KB take 5 s) and a stranger writes them; its table of
 * entities serves.  The lookup is a search along that table, so it has a budget;
 * what comes later stays as it is written.
 */
#define LOOKUPS_MAX 20000
#define ENTITY_NAME_MAX 12
#define TAG_NAME_MAX 12
#define QUOTE_SHOWN_MAX 10
#define META_SEARCHED 4096
#define RULE "________________________________"

enum effect {
	EFFECT_NONE,
	EFFECT_BREAK, /* one line end, each */
	EFFECT_LINE,  /* stands on lines of its own */
	EFFECT_PARA,  /* with an empty line around */
	EFFECT_QUOTE,
	EFFECT_PRE,
	EFFECT_CELL,
	EFFECT_ITEM,
	EFFECT_RULE,
	EFFECT_SKIP, /* its content is not text */
};

/* In alphabetical order. */
static const struct {
	struct slice name;
	enum effect effect;
} elements[] = {
	{SLICE("address"), EFFECT_LINE},     {SLICE("article"), EFFECT_LINE},
	{SLICE("blockquote"), EFFECT_QUOTE}, {SLICE("body"), EFFECT_LINE},
	{SLICE("br"), EFFECT_BREAK},	     {SLICE("caption"), EFFECT_LINE},
	{SLICE("center"), EFFECT_LINE},	     {SLICE("dd"), EFFECT_LINE},
	{SLICE("div"), EFFECT_LINE},	     {SLICE("dl"), EFFECT_LINE},
	{SLICE("dt"), EFFECT_LINE},	     {SLICE("figure"), EFFECT_LINE},
	{SLICE("footer"), EFFECT_LINE},	     {SLICE("form"), EFFECT_LINE},
	{SLICE("h1"), EFFECT_PARA},	     {SLICE("h2"), EFFECT_PARA},
	{SLICE("h3"), EFFECT_PARA},	     {SLICE("h4"), EFFECT_PARA},
	{SLICE("h5"), EFFECT_PARA},	     {SLICE("h6"), EFFECT_PARA},
	{SLICE("header"), EFFECT_LINE},	     {SLICE("hr"), EFFECT_RULE},
	{SLICE("html"), EFFECT_LINE},	     {SLICE("iframe"), EFFECT_SKIP},
	{SLICE("li"), EFFECT_ITEM},	     {SLICE("main"), EFFECT_LINE},
	{SLICE("nav"), EFFECT_LINE},	     {SLICE("noembed"), EFFECT_SKIP},
	{SLICE("noframes"), EFFECT_SKIP},    {SLICE("ol"), EFFECT_LINE},
	{SLICE("p"), EFFECT_PARA},	     {SLICE("pre"), EFFECT_PRE},
	{SLICE("script"), EFFECT_SKIP},	     {SLICE("section"), EFFECT_LINE},
	{SLICE("style"), EFFECT_SKIP},	     {SLICE("table"), EFFECT_LINE},
	{SLICE("td"), EFFECT_CELL},	     {SLICE("template"), EFFECT_SKIP},
	{SLICE("th"), EFFECT_CELL},	     {SLICE("title"), EFFECT_SKIP},
	{SLICE("tr"), EFFECT_LINE},	     {SLICE("ul"), EFFECT_LINE},
};

struct writer {
	struct buf *out;
	size_t lines; /* line ends owed before the next text */
	bool space;   /* a space is owed */
	bool started; /* text has been written */
	bool in_line; /* the current line has text */
	bool item;    /* a list item begins with the next text */
	size_t quotes, pre, lookups;
};

static void owe_lines(struct writer *w, size_t n)
{
	if (w->in_line || w->lines) {
		if (w->lines < n)
			w->lines = n;
		w->in_line = false;
	}
	w->space = false;
}

static void begin_text(struct writer *w)
{
	size_t quotes = w->quotes < QUOTE_SHOWN_MAX ? w->quotes : QUOTE_SHOWN_MAX;
	bool fresh = !w->started || w->lines;
	for (; w->lines; w->lines--) {
		buf_putc(w->out, '\n');
		/* An empty line within a quotation is quoted, too. */
		for (size_t i = 0; quotes && w->lines > 1 && i < quotes; i++)
			buf_putc(w->out, '>');
	}
	for (size_t i = 0; fresh && i < quotes; i++)
		buf_puts(w->out, i + 1 == quotes ? "> " : ">");
	if (w->space && w->in_line)
		buf_putc(w->out, ' ');
	if (w->item)
		buf_puts(w->out, "- ");
	w->item = false;
	w->space = false;
	w->started = w->in_line = true;
}

static void line_break(struct writer *w)
{
	if (!w->started)
		return;
	w->lines++;
	w->in_line = false;
	w->space = false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void put_run(struct writer *w, struct slice run)
{
	if (!run.len)
		return;
	begin_text(w);
	buf_put(w->out, run);
}

static void put_text(struct writer *w, struct slice text)
{
	size_t from = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!is_blank(c) || (w->pre && c != '\n'))
			continue;
		put_run(w, slice_sub(text, from, i));
		if (w->pre)
			line_break(w);
		else
			w->space = true;
		from = i + 1;
	}
	put_run(w, slice_sub(text, from, text.len));
}

/* 0 when it is no entity we can tell. */
static uint32_t named_entity(struct writer *w, struct slice name)
{
	char c_name[ENTITY_NAME_MAX + 1];
	if (slice_eq(name, SLICE("nbsp")))
		return 0xa0;
	if (slice_eq(name, SLICE("apos")))
		return '\'';
	if (name.len > ENTITY_NAME_MAX || ++w->lookups > LOOKUPS_MAX)
		return 0;
	memcpy(c_name, name.ptr, name.len);
	c_name[name.len] = '\0';
	const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)c_name);
	return entity ? entity->value : 0;
}

static int digit_value(char c, uint32_t base)
{
	char low = (char)(c | 0x20);
	if (c >= '0' && c <= '9')
		return c - '0';
	return base == 16 && low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* What Windows' clients mean by the numbers of C1 controls. */
static const uint16_t windows[32] = {
	0x20ac, 0x81,	0x201a, 0x192,	0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,	0x2030, 0x160,
	0x2039, 0x152,	0x8d,	0x17d,	0x8f,	0x90,	0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x2dc,	0x2122, 0x161,	0x203a, 0x153,	0x9d,	0x17e,	0x178,
};

static uint32_t numbered_entity(struct slice digits)
{
	uint32_t value = 0, base = 10;
	if (digits.len && (digits.ptr[0] == 'x' || digits.ptr[0] == 'X')) {
		base = 16;
		digits = slice_sub(digits, 1, digits.len);
	}
	for (size_t i = 0; i < digits.len; i++) {
		int digit = digit_value(digits.ptr[i], base);
		if (digit < 0)
			return 0;
		value = value * base + (uint32_t)digit;
		if (value > 0x10ffff)
			return 0xfffd;
	}
	if (value >= 0x80 && value < 0xa0)
		return windows[value - 0x80];
	return value >= 0xd800 && value < 0xe000 ? 0xfffd : value;
}

/* At '&': the bytes it takes, and the character; 1 byte and '&' when it is no entity. */
static size_t entity_at(struct writer *w, struct slice html, size_t at, uint32_t *c)
{
	size_t i = at + 1;
	bool number = i < html.len && html.ptr[i] == '#';
	i += number;
	size_t from = i;
	while (i < html.len && i - from <= ENTITY_NAME_MAX &&
	       ((html.ptr[i] >= '0' && html.ptr[i] <= '9') ||
		((html.ptr[i] | 0x20) >= 'a' && (html.ptr[i] | 0x20) <= 'z')))
		i++;
	struct slice name = slice_sub(html, from, i);
	*c = !name.len ? 0 : number ? numbered_entity(name) : named_entity(w, name);
	if (!*c) {
		*c = '&';
		return 1;
	}
	return i - at + (i < html.len && html.ptr[i] == ';');
}

static void put_entity(struct writer *w, uint32_t c)
{
	if (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
		put_text(w, SLICE(" "));
		return;
	}
	if (c < 0x20 || c == 0x7f)
		c = 0xfffd;
	begin_text(w);
	text_put_code_point(w->out, c == 0xa0 ? ' ' : c);
}

/* Behind the '>' of the tag at `at`, whose quoted values may contain one. */
static size_t tag_end(struct slice html, size_t at)
{
	char quote = '\0', before = '\0';
	for (size_t i = at + 1; i < html.len; i++) {
		char c = html.ptr[i];
		if (quote) {
			quote = c == quote ? '\0' : quote;
		} else if (c == '>') {
			return i + 1;
		} else if ((c == '"' || c == '\'') && before == '=') {
			quote = c;
		}
		if (!is_blank(c))
			before = c;
	}
	return html.len;
}

static enum effect effect_of(struct slice name)
{
	char lower[TAG_NAME_MAX];
	size_t low = 0, high = sizeof(elements) / sizeof(*elements);
	assert(name.len <= TAG_NAME_MAX);
	for (size_t i = 0; i < name.len; i++)
		lower[i] = (char)(name.ptr[i] | 0x20);
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = slice_cmp(slice_of(lower, name.len), elements[middle].name);
		if (order == 0)
			return elements[middle].effect;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return EFFECT_NONE;
}

/* Behind the end tag of an element whose content is not HTML. */
static size_t skip_raw(struct slice html, size_t from, struct slice name)
{
	char end[TAG_NAME_MAX + 3] = "</";
	assert(name.len <= TAG_NAME_MAX);
	memcpy(end + 2, name.ptr, name.len);
	ptrdiff_t at =
		slice_find_nocase(slice_sub(html, from, html.len), slice_of(end, name.len + 2));
	return at < 0 ? html.len : tag_end(html, from + (size_t)at);
}

static void quote(struct writer *w, bool closing)
{
	owe_lines(w, 1);
	if (!closing)
		w->quotes++;
	else if (w->quotes)
		w->quotes--;
}

static void apply(struct writer *w, enum effect effect, bool closing)
{
	switch (effect) {
	case EFFECT_NONE:
	case EFFECT_SKIP:
		break;
	case EFFECT_BREAK:
		line_break(w);
		break;
	case EFFECT_LINE:
		owe_lines(w, 1);
		break;
	case EFFECT_PARA:
		owe_lines(w, 2);
		break;
	case EFFECT_QUOTE:
		quote(w, closing);
		break;
	case EFFECT_PRE:
		owe_lines(w, 1);
		w->pre = closing ? w->pre - (w->pre > 0) : w->pre + 1;
		break;
	case EFFECT_CELL:
		w->space = true;
		break;
	case EFFECT_ITEM:
		owe_lines(w, 1);
		w->item = !closing;
		break;
	case EFFECT_RULE:
		owe_lines(w, 1);
		put_text(w, SLICE(RULE));
		owe_lines(w, 1);
		break;
	}
}

static size_t skip_declaration(struct slice html, size_t at)
{
	struct slice rest = slice_sub(html, at, html.len);
	if (slice_starts(rest, SLICE("<!--"))) {
		ptrdiff_t end = slice_find(slice_sub(rest, 2, rest.len), SLICE("-->"));
		return end < 0 ? html.len : at + 2 + (size_t)end + 3;
	}
	ptrdiff_t end = slice_chr(rest, '>');
	return end < 0 ? html.len : at + (size_t)end + 1;
}

/* At '<': moves behind the tag; 0 when it is none but a character. */
static size_t tag_at(struct writer *w, struct slice html, size_t at)
{
	size_t i = at + 1;
	if (i < html.len && (html.ptr[i] == '!' || html.ptr[i] == '?'))
		return skip_declaration(html, at);
	bool closing = i < html.len && html.ptr[i] == '/';
	i += closing;
	size_t from = i;
	while (i < html.len && i - from < TAG_NAME_MAX &&
	       (((html.ptr[i] | 0x20) >= 'a' && (html.ptr[i] | 0x20) <= 'z') ||
		(i > from && html.ptr[i] >= '0' && html.ptr[i] <= '9')))
		i++;
	struct slice name = slice_sub(html, from, i);
	if (!name.len)
		return 0;
	size_t end = tag_end(html, at);
	enum effect effect = effect_of(name);
	apply(w, effect, closing);
	return effect == EFFECT_SKIP && !closing ? skip_raw(html, end, name) : end;
}

void html_put_text(struct buf *out, struct slice html)
{
	struct writer w = {.out = out};
	size_t from = 0;
	for (size_t i = 0; i < html.len;) {
		char c = html.ptr[i];
		if (c != '<' && c != '&') {
			i++;
			continue;
		}
		put_text(&w, slice_sub(html, from, i));
		uint32_t code_point;
		size_t end = c == '<' ? tag_at(&w, html, i) : 0;
		if (c == '&') {
			end = i + entity_at(&w, html, i, &code_point);
			put_entity(&w, code_point);
		} else if (!end) {
			put_run(&w, SLICE("<"));
			end = i + 1;
		}
		from = i = end;
	}
	put_text(&w, slice_sub(html, from, html.len));
	if (w.started)
		buf_putc(out, '\n');
}

struct slice html_charset(struct slice html)
{
	struct slice head = slice_sub(html, 0, META_SEARCHED);
	ptrdiff_t at = slice_find_nocase(head, SLICE("charset="));
	if (at < 0)
		return SLICE("");
	size_t from = (size_t)at + 8, to;
	if (from < head.len && (head.ptr[from] == '"' || head.ptr[from] == '\''))
		from++;
	for (to = from;
	     to < head.len && !is_blank(head.ptr[to]) && !strchr("\"'>;/", head.ptr[to]);)
		to++;
	return slice_sub(head, from, to);
}
