/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/text.h"
#include "html.h"

#define EMOJI_MAX 16
#define PIXEL 3 /* a picture no larger is no content */

/* The only targets that are shown: javascript, data, file and the like never are. */
enum scheme { SCHEME_NONE, SCHEME_WEB, SCHEME_MAIL, SCHEME_PHONE };

static const struct {
	struct slice prefix;
	enum scheme scheme;
} schemes[] = {
	{SLICE("https://"), SCHEME_WEB}, {SLICE("http://"), SCHEME_WEB},
	{SLICE("ftp://"), SCHEME_WEB},	 {SLICE("mailto:"), SCHEME_MAIL},
	{SLICE("tel:"), SCHEME_PHONE},
};

struct target {
	char text[HTML_URL_MAX];
	size_t len;
	bool over;
};

static void add(struct target *t, struct slice s)
{
	if (t->len + s.len > sizeof(t->text)) {
		t->over = true;
		return;
	}
	memcpy(t->text + t->len, s.ptr, s.len);
	t->len += s.len;
}

static void add_char(struct target *t, uint32_t c)
{
	char bytes[8];
	struct buf one;
	/* Browsers drop these wherever they stand, "java\nscript:". */
	if (c < 0x20 || c == 0x7f)
		return;
	if (c == ' ') {
		if (t->len)
			add(t, SLICE("%20"));
	} else if (c == '<') {
		add(t, SLICE("%3C"));
	} else if (c == '>') {
		add(t, SLICE("%3E"));
	} else if (c < 0x80) {
		bytes[0] = (char)c;
		add(t, slice_of(bytes, 1));
	} else {
		buf_init(&one, sizeof(bytes));
		text_put_code_point(&one, c);
		add(t, buf_slice(&one));
		buf_release(&one);
	}
}

/* The value of an attribute with its entities decoded, as one word. */
static void decode(struct html_writer *w, struct slice raw, struct target *t)
{
	t->len = 0;
	t->over = false;
	raw = slice_trim(raw);
	for (size_t i = 0; i < raw.len && !t->over;) {
		uint32_t c = (unsigned char)raw.ptr[i];
		if (c == '&') {
			i += html_entity(&w->entities, raw, i, &c);
			add_char(t, c);
		} else if (c < 0x80) {
			add_char(t, c);
			i++;
		} else {
			add(t, slice_sub(raw, i, i + 1));
			i++;
		}
	}
	while (t->len >= 3 && memcmp(t->text + t->len - 3, "%20", 3) == 0)
		t->len -= 3;
}

static enum scheme scheme_of(struct slice url, struct slice *rest)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		if (!slice_starts_nocase(url, schemes[i].prefix))
			continue;
		*rest = slice_sub(url, schemes[i].prefix.len, url.len);
		return rest->len ? schemes[i].scheme : SCHEME_NONE;
	}
	*rest = url;
	return SCHEME_NONE;
}

/* What of a web address people read: no scheme, no "www.", no slash at the end. */
static struct slice spoken(struct slice url)
{
	struct slice rest;
	scheme_of(slice_trim(url), &rest);
	if (slice_starts_nocase(rest, SLICE("www.")))
		rest = slice_sub(rest, 4, rest.len);
	while (rest.len && rest.ptr[rest.len - 1] == '/')
		rest.len--;
	return rest;
}

/* Do both have the same digits behind each other? */
static bool same_digits(struct slice a, struct slice b)
{
	size_t i = 0, k = 0;
	for (;;) {
		while (i < a.len && (a.ptr[i] < '0' || a.ptr[i] > '9'))
			i++;
		while (k < b.len && (b.ptr[k] < '0' || b.ptr[k] > '9'))
			k++;
		if (i == a.len || k == b.len)
			return i == a.len && k == b.len;
		if (a.ptr[i++] != b.ptr[k++])
			return false;
	}
}

/* What is to be shown of a target beside this text; empty when the text says it. */
static struct slice unsaid(struct slice url, struct slice text)
{
	struct slice rest;
	switch (scheme_of(url, &rest)) {
	case SCHEME_NONE:
		break;
	case SCHEME_WEB:
		return slice_eq_nocase(spoken(url), spoken(text)) ? SLICE("") : url;
	case SCHEME_MAIL:
		if (slice_chr(rest, '?') >= 0)
			rest = slice_sub(rest, 0, (size_t)slice_chr(rest, '?'));
		return text.len <= HTML_URL_MAX && slice_find_nocase(text, rest) >= 0 ? SLICE("")
										      : rest;
	case SCHEME_PHONE:
		return same_digits(rest, text) ? SLICE("") : url;
	}
	return SLICE("");
}

void html_begin_link(struct html_writer *w, struct slice target)
{
	if (w->in_link)
		html_end_link(w);
	w->in_link = target.len && !w->hidden;
	w->link_target = target;
	w->link_text = w->link_image = false;
}

/* On the line of its text, whatever blocks that was made of. */
static void put_target(struct html_writer *w, struct slice shown)
{
	size_t lines = w->lines;
	bool space = w->space;
	if (w->link_text) {
		w->lines = 0;
		w->in_line = true;
	}
	w->space = true;
	html_put(w, SLICE("<"));
	buf_put(w->out, shown);
	buf_putc(w->out, '>');
	w->space = space;
	if (w->link_text && lines) {
		w->lines = lines;
		w->in_line = false;
	}
}

void html_end_link(struct html_writer *w)
{
	struct target t;
	struct slice text = SLICE("");
	if (!w->in_link)
		return;
	w->in_link = false;
	if (w->hidden || w->tiny || (!w->link_text && !w->link_image))
		return;
	decode(w, w->link_target, &t);
	if (w->link_text && w->link_from <= w->out->len)
		text = slice_of(w->out->ptr + w->link_from, w->out->len - w->link_from);
	struct slice shown = unsaid(slice_of(t.text, t.len), text);
	if (t.over || !shown.len || !text_is_utf8(shown))
		return;
	put_target(w, shown);
}

static bool is_pixel(struct slice size)
{
	uint64_t value;
	return size.len && slice_u64(size, &value) && value <= PIXEL;
}

/* "\xf0\x9f\x99\x82" rather than "Logo": clients send these as pictures. */
static bool is_emoji(struct slice alt)
{
	if (alt.len > EMOJI_MAX)
		return false;
	for (size_t i = 0; i < alt.len; i++)
		if ((alt.ptr[i] >= '0' && alt.ptr[i] <= '9') ||
		    ((alt.ptr[i] | 0x20) >= 'a' && (alt.ptr[i] | 0x20) <= 'z'))
			return false;
	return true;
}

static void put_decoded(struct html_writer *w, struct slice text)
{
	size_t from = 0;
	for (size_t i = 0; i < text.len;) {
		uint32_t c;
		if (text.ptr[i] != '&') {
			i++;
			continue;
		}
		html_put(w, slice_sub(text, from, i));
		i += html_entity(&w->entities, text, i, &c);
		html_put_char(w, c);
		from = i;
	}
	html_put(w, slice_sub(text, from, text.len));
}

void html_put_image(struct html_writer *w, const struct html_attributes *image)
{
	struct slice alt = slice_trim(image->alt);
	if (w->hidden || w->tiny || is_pixel(image->width) || is_pixel(image->height))
		return;
	w->link_image = true;
	if (!alt.len)
		return;
	bool bare = is_emoji(alt);
	if (!bare)
		html_put(w, SLICE("["));
	put_decoded(w, alt);
	if (!bare)
		html_put(w, SLICE("]"));
}
