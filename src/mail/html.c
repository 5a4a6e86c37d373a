/* SPDX-License-Identifier: ISC */
#include "html.h"

#include <assert.h>
#include <string.h>

#define META_SEARCHED 4096

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Behind the end tag of an element whose content is not HTML. */
static size_t skip_raw(struct slice html, size_t from, struct slice name)
{
	char end[HTML_NAME_MAX + 3] = "</";
	assert(name.len <= HTML_NAME_MAX);
	memcpy(end + 2, name.ptr, name.len);
	ptrdiff_t at =
		slice_find_nocase(slice_sub(html, from, html.len), slice_of(end, name.len + 2));
	struct html_attributes ignored;
	return at < 0 ? html.len
		      : html_read_attributes(html, from + (size_t)at + name.len + 2, &ignored);
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

/* The end of the name at `from`; "o:p" is one. */
static size_t name_end(struct slice html, size_t from)
{
	size_t i = from;
	while (i < html.len && !html_is_blank(html.ptr[i]) && html.ptr[i] != '>' &&
	       html.ptr[i] != '/' && html.ptr[i] != '<')
		i++;
	return i;
}

/* At '<': is it one, or but a character? */
static bool is_tag(struct slice html, size_t at)
{
	size_t i = at + 1;
	if (i < html.len && (html.ptr[i] == '!' || html.ptr[i] == '?'))
		return true;
	i += i < html.len && html.ptr[i] == '/';
	return i < html.len && is_letter(html.ptr[i]);
}

/* At a tag: moves behind it. */
static size_t tag_at(struct html_tree *t, struct slice html, size_t at)
{
	static const struct html_attributes none;
	struct html_attributes some;
	const struct html_attributes *with = &none;
	size_t from = at + 1;
	if (from < html.len && (html.ptr[from] == '!' || html.ptr[from] == '?'))
		return skip_declaration(html, at);
	bool closing = from < html.len && html.ptr[from] == '/';
	from += closing;
	assert(is_tag(html, at));
	size_t to = name_end(html, from);
	struct slice name = slice_sub(html, from, to);
	size_t end = to + 1;
	if (to == html.len || html.ptr[to] != '>') {
		end = html_read_attributes(html, to, &some);
		with = &some;
	}
	html_id id = name.len <= HTML_NAME_MAX ? html_find(t, name) : 0;
	bool empty = end - at > 2 && html.ptr[end - 2] == '/' && !id;
	if (closing)
		html_close(t, id);
	else if (html_effect(id) == HTML_SKIP)
		return empty ? end : skip_raw(html, end, name);
	else if (!empty)
		html_open(t, id, with);
	return end;
}

static void put_all(struct html_tree *t, struct slice html)
{
	size_t from = 0;
	for (size_t i = 0; i < html.len;) {
		char c = html.ptr[i];
		if ((c != '<' && c != '&') || (c == '<' && !is_tag(html, i))) {
			i++;
			continue;
		}
		if (i > from)
			html_put(t->w, slice_sub(html, from, i));
		if (c == '<') {
			i = tag_at(t, html, i);
		} else {
			uint32_t code_point;
			i += html_entity(&t->w->entities, html, i, &code_point);
			html_put_char(t->w, code_point);
		}
		from = i;
	}
	html_put(t->w, slice_sub(html, from, html.len));
}

void html_put_text(struct buf *out, struct slice html, struct html_marks *marks)
{
	struct html_writer w = {.out = out};
	struct html_tree t;
	html_tree_init(&t, &w, marks);
	put_all(&t, html);
	html_tree_end(&t);
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
	     to < head.len && !html_is_blank(head.ptr[to]) && !strchr("\"'>;/", head.ptr[to]);)
		to++;
	return slice_sub(head, from, to);
}
