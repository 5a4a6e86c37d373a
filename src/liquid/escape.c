/* SPDX-License-Identifier: ISC */
#include "escape.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* & < > " ' as the reference writes them. */
static const struct slice entities[] = {
	{"&amp;", 5}, {"&lt;", 4}, {"&gt;", 4}, {"&quot;", 6}, {"&#39;", 5},
};

static const unsigned char entity_of[256] = {
	['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5,
};

static inline size_t put_entity(char *out, unsigned char which)
{
	const struct slice *e = &entities[which - 1];
	memcpy(out, e->ptr, e->len);
	return e->len;
}

static size_t escape_slowly(char *out, const char *p, const char *end)
{
	char *start = out;
	for (; p < end; p++) {
		unsigned char which = entity_of[(unsigned char)*p];
		if (!which)
			*out++ = *p;
		else
			out += put_entity(out, which);
	}
	return (size_t)(out - start);
}

#ifdef __SSE2__
/* Which of 16 bytes need an entity, a bit each. */
static inline unsigned marks_of(__m128i block)
{
	/* & and ' differ in one bit, and so do < and >. */
	__m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
	__m128i pair =
		_mm_cmpeq_epi8(_mm_and_si128(block, _mm_set1_epi8((char)0xFE)), _mm_set1_epi8('&'));
	__m128i angle =
		_mm_cmpeq_epi8(_mm_and_si128(block, _mm_set1_epi8((char)0xFD)), _mm_set1_epi8('<'));
	return (unsigned)_mm_movemask_epi8(_mm_or_si128(quote, _mm_or_si128(pair, angle)));
}

/* Fewer than 16 bytes: two halves that may overlap are looked at as one. */
static size_t escape_short(char *out, const char *p, size_t len)
{
	if (len >= 8) {
		__m128i head = _mm_loadl_epi64((const void *)p);
		__m128i tail = _mm_loadl_epi64((const void *)(p + len - 8));
		if (!marks_of(_mm_unpacklo_epi64(head, tail))) {
			_mm_storel_epi64((void *)out, head);
			_mm_storel_epi64((void *)(out + len - 8), tail);
			return len;
		}
	} else if (len >= 4) {
		int head, tail;
		memcpy(&head, p, 4);
		memcpy(&tail, p + len - 4, 4);
		if (!marks_of(_mm_set_epi32(0, 0, tail, head))) {
			memcpy(out, &head, 4);
			memcpy(out + len - 4, &tail, 4);
			return len;
		}
	}
	return escape_slowly(out, p, p + len);
}

size_t escape_html(char *out, struct slice s)
{
	const char *p = s.ptr, *end = p + s.len;
	char *start = out;
	while (end - p >= ESCAPE_BLOCK) {
		__m128i block = _mm_loadu_si128((const void *)p);
		unsigned mask = marks_of(block);
		_mm_storeu_si128((void *)out, block);
		unsigned n = mask ? (unsigned)__builtin_ctz(mask) : ESCAPE_BLOCK;
		p += n;
		out += n;
		if (mask)
			out += put_entity(out, entity_of[(unsigned char)*p++]);
	}
	return (size_t)(out - start) + escape_short(out, p, (size_t)(end - p));
}
#else
size_t escape_html(char *out, struct slice s)
{
	return escape_slowly(out, s.ptr, s.ptr + s.len);
}
#endif

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7F;
}

/* XML 1.0 2.2 allows of the control characters only tab, LF and CR. */
static size_t escape_xml(char *out, struct slice s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if ((unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r')
			continue;
		n += escape_html(out + n, slice_of(&c, 1));
	}
	return n;
}

/* RFC 5322 2.2: a header's value has no line end of its own. */
static size_t escape_header(char *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		out[i] = is_control(s.ptr[i]) ? ' ' : s.ptr[i];
	return s.len;
}

/*
 * CommonMark 2.4: marks that work anywhere, and those that open a block at the
 * start of a line, which the value's own start may be.
 */
struct markdown {
	bool fresh;   /* nothing but spaces since the line began */
	bool numeral; /* only digits since the line began */
	unsigned spaces;
};

static bool markdown_marks(const struct markdown *m, char c)
{
	if (memchr("\\`*_[]|~", c, 8))
		return true;
	if (m->fresh && memchr("#+-=>!", c, 6))
		return true;
	return m->numeral && (c == '.' || c == ')');
}

static size_t markdown_byte(char *out, struct markdown *m, char c)
{
	if (c == '\n' || c == '\r') {
		*m = (struct markdown){.fresh = true};
		*out = c;
		return 1;
	}
	if (m->fresh && (c == ' ' || c == '\t')) {
		/* Four would be a code block. */
		*out = ' ';
		return ++m->spaces <= 3;
	}
	size_t n = 0;
	bool digit = c >= '0' && c <= '9';
	if (c == '&' || c == '<')
		n = put_entity(out, entity_of[(unsigned char)c]);
	else if (markdown_marks(m, c))
		out[n++] = '\\', out[n++] = c;
	else
		out[n++] = c;
	m->numeral = digit && (m->fresh || m->numeral);
	m->fresh = false;
	return n;
}

static size_t escape_markdown(char *out, struct slice s)
{
	struct markdown m = {.fresh = true};
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += markdown_byte(out + n, &m, s.ptr[i]);
	return n;
}

size_t escape_bytes(char *out, enum liquid_escape escape, struct slice s)
{
	switch (escape) {
	case LIQUID_ESCAPE_HTML:
		return escape_html(out, s);
	case LIQUID_ESCAPE_XML:
		return escape_xml(out, s);
	case LIQUID_ESCAPE_MARKDOWN:
		return escape_markdown(out, s);
	case LIQUID_ESCAPE_HEADER:
		return escape_header(out, s);
	default:
		if (s.len)
			memcpy(out, s.ptr, s.len);
		return s.len;
	}
}

/* In pieces, so that the room asked for stays small. */
void liquid_escape_put(struct buf *out, enum liquid_escape escape, struct slice s)
{
	size_t step = escape == LIQUID_ESCAPE_MARKDOWN ? s.len : 4096;
	for (size_t at = 0; at < s.len && !buf_failed(out); at += step) {
		struct slice part = slice_sub(s, at, at + step);
		char *room = buf_reserve(out, part.len * ESCAPE_GROWTH + ESCAPE_BLOCK);
		if (room)
			out->len += escape_bytes(room, escape, part);
	}
}
