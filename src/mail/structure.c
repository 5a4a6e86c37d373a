/* SPDX-License-Identifier: ISC */
#include "structure.h"

#include <assert.h>

#include "header.h"
#include "transfer.h"

/* RFC 2046 5.1.1 allows 70; a longer one than this is none. */
#define BOUNDARY_MAX 1000

struct boundary {
	struct slice text;
	size_t part; /* the multipart it belongs to */
};

/* Bytes being read: the mail, or an encoded mail within it. */
struct level {
	struct input in;
	size_t base;  /* its boundaries start here in the stack */
	size_t owner; /* the message part whose decoded body it is, or MAIL_NO_PART */
};

struct scanner {
	struct reader *r;
	struct part_list *parts;
	struct boundary *stack;
	struct level *levels;
	size_t n_boundaries, n_levels;
	size_t current;	     /* the innermost part that is still open */
	size_t decoded;	     /* bytes of encoded mails so far */
	struct slice closed; /* the boundary closed last */
	bool has_cr, crlf, lf;
};

struct hit {
	size_t boundary; /* index in the stack */
	bool closes;
};

static struct level *top(struct scanner *s)
{
	assert(s->n_levels > 0);
	return &s->levels[s->n_levels - 1];
}

/* Behind the boundary: nothing, "--", blanks (RFC 2046 5.1.1, transport padding). */
static bool begins_with(struct slice line, struct slice boundary)
{
	return line.len >= boundary.len + 2 &&
	       memcmp(line.ptr + 2, boundary.ptr, boundary.len) == 0;
}

static bool matches(struct slice line, struct slice boundary, bool *closes)
{
	struct slice rest = slice_sub(line, boundary.len + 2, line.len);
	*closes = slice_starts(rest, SLICE("--"));
	if (*closes)
		rest = slice_sub(rest, 2, rest.len);
	return slice_trim(rest).len == 0;
}

static bool find_boundary(struct scanner *s, struct slice line, struct hit *hit)
{
	if (line.len < 3 || line.ptr[0] != '-' || line.ptr[1] != '-')
		return false;
	for (size_t i = s->n_boundaries; i > top(s)->base; i--) {
		if (!begins_with(line, s->stack[i - 1].text))
			continue;
		if (matches(line, s->stack[i - 1].text, &hit->closes)) {
			hit->boundary = i - 1;
			return true;
		}
		/* To RFC 2046 5.1.1 a line that only begins with it is a boundary. */
		reader_note(s->r, MAIL_DEFECT_BOUNDARY_CONFLICT);
	}
	/* A part behind the end: some readers show it. */
	if (s->closed.len && begins_with(line, s->closed) && matches(line, s->closed, &hit->closes))
		reader_note(s->r, MAIL_DEFECT_BOUNDARY_CONFLICT);
	return false;
}

static bool stops_header(void *ctx, struct slice line)
{
	struct hit hit;
	return find_boundary(ctx, line, &hit);
}

static void look_at_line(struct scanner *s, struct slice line, size_t next)
{
	if (line.len > s->r->limits->line)
		reader_over(s->r, "length of a line");
	if (!s->has_cr)
		return;
	size_t end = (size_t)(line.ptr + line.len - top(s)->in.bytes.ptr);
	s->crlf |= next - end == 2;
	s->lf |= next - end == 1;
	if (memchr(line.ptr, '\r', line.len))
		reader_note(s->r, MAIL_DEFECT_BARE_CR);
}

/* The same of a whole header. */
static void look_at_header(struct scanner *s, struct slice header)
{
	if (!s->has_cr)
		return;
	for (size_t i = 0; i < header.len; i++) {
		bool crlf =
			header.ptr[i] == '\r' && i + 1 < header.len && header.ptr[i + 1] == '\n';
		i += crlf;
		s->crlf |= crlf;
		s->lf |= !crlf && header.ptr[i] == '\n';
		if (!crlf && header.ptr[i] == '\r')
			reader_note(s->r, MAIL_DEFECT_BARE_CR);
	}
}

/*
 * Reads lines up to a boundary, which is left unread, or to the end of the
 * bytes.  *end is where the body ends: the line end before a boundary belongs
 * to the boundary.
 */
static bool skip_body(struct scanner *s, struct hit *hit, size_t *end)
{
	struct input *in = &top(s)->in;
	struct slice line;
	size_t from, start = in->pos;
	while (!s->r->over && input_line(in, &line, &from)) {
		look_at_line(s, line, in->pos);
		if (!find_boundary(s, line, hit))
			continue;
		*end = from;
		if (*end > start && in->bytes.ptr[*end - 1] == '\n')
			--*end;
		if (*end > start && in->bytes.ptr[*end - 1] == '\r')
			--*end;
		in->pos = from;
		return true;
	}
	*end = in->bytes.len;
	return false;
}

/*
 * A body that only says it is base64: in its first line with anything on it,
 * more than an eighth is bytes, or blanks between bytes, that no encoder makes.
 * Junk further down is the footer of a list.
 */
static bool is_base64(struct slice body)
{
	struct slice line = SLICE("");
	while (!line.len && slice_line(&body, &line))
		line = slice_trim(line);
	size_t junk = 0;
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i], letter = c | 0x20;
		junk += !((letter >= 'a' && letter <= 'z') || (c >= '/' && c <= '9') || c == '+' ||
			  c == '=');
	}
	/* Too short to tell: junk between base64 is passed over (RFC 2045 6.8). */
	return line.len < 8 || junk * 8 <= line.len;
}

static void check_encoding(struct reader *r, struct mail_part *part)
{
	if (part->encoding != MAIL_ENCODING_BASE64 || is_base64(part->body))
		return;
	reader_note(r, MAIL_DEFECT_BAD_BASE64);
	part->encoding = MAIL_ENCODING_IDENTITY;
}

/* Ends the open parts from the current one up to, not including, `upto`. */
static void close_parts(struct scanner *s, size_t upto, size_t end)
{
	const char *limit = top(s)->in.bytes.ptr + end;
	while (s->current != upto) {
		assert(s->current != MAIL_NO_PART);
		struct mail_part *part = &s->parts->items[s->current];
		part->raw.len = limit > part->raw.ptr ? (size_t)(limit - part->raw.ptr) : 0;
		part->body.len = limit > part->body.ptr ? (size_t)(limit - part->body.ptr) : 0;
		check_encoding(s->r, part);
		s->current = part->parent;
	}
}

static void push_boundary(struct scanner *s, size_t index)
{
	struct mail_part *part = &s->parts->items[index];
	struct slice text = mail_part_param(part, "boundary");
	while (text.len && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t'))
		text.len--;
	if (!text.len || text.len > BOUNDARY_MAX) {
		reader_note(s->r, MAIL_DEFECT_NO_BOUNDARY);
		part->is_multipart = false;
		part->type = SLICE("text");
		part->subtype = SLICE("plain");
		return;
	}
	for (size_t i = top(s)->base; i < s->n_boundaries; i++)
		if (slice_starts(text, s->stack[i].text) || slice_starts(s->stack[i].text, text))
			reader_note(s->r, MAIL_DEFECT_BOUNDARY_CONFLICT);
	s->stack[s->n_boundaries++] = (struct boundary){text, index};
}

/* Reads the header at the current place; the new part becomes the current one. */
static bool begin_part(struct scanner *s)
{
	struct reader *r = s->r;
	struct level *level = top(s);
	size_t parent = s->current;
	size_t depth = parent == MAIL_NO_PART ? 0 : s->parts->items[parent].depth + 1;
	if (s->parts->n == r->limits->parts) {
		reader_over(r, "number of parts");
		return false;
	}
	if (depth > r->limits->depth) {
		reader_over(r, "nesting of parts");
		return false;
	}
	struct header header;
	size_t start = level->in.pos;
	header_read(r, &level->in, stops_header, s, &header);
	arena_grow(r->a, &s->parts->items, s->parts->n, &s->parts->room, sizeof(struct mail_part));
	size_t index = s->parts->n++;
	struct mail_part *part = &s->parts->items[index];
	*part = (struct mail_part){
		.parent = parent,
		.depth = depth,
		.fields = header.fields,
		.n_fields = header.n,
		.raw = slice_sub(level->in.bytes, start, level->in.bytes.len),
		.body = slice_sub(level->in.bytes, level->in.pos, level->in.bytes.len),
	};
	look_at_header(s, slice_sub(level->in.bytes, start, level->in.pos));
	s->current = index;
	bool digest = parent != MAIL_NO_PART && s->parts->items[parent].is_multipart &&
		      slice_eq(s->parts->items[parent].subtype, SLICE("digest"));
	part_describe(r, part, digest);
	if (part->is_multipart)
		push_boundary(s, index);
	return !r->over;
}

static void push_level(struct scanner *s, struct slice bytes, size_t owner)
{
	s->levels[s->n_levels++] = (struct level){{bytes, 0}, s->n_boundaries, owner};
}

/* An encoded mail within the mail is decoded and read as bytes of their own. */
static void enter_encoded(struct scanner *s, size_t end)
{
	struct level *level = top(s);
	size_t owner = s->current;
	struct mail_part *part = &s->parts->items[owner];
	size_t from = (size_t)(part->body.ptr - level->in.bytes.ptr);
	struct mail_part encoded = *part;
	encoded.body = slice_sub(level->in.bytes, from, end);
	s->decoded += encoded.body.len;
	if (s->decoded > s->r->limits->decoded) {
		reader_over(s->r, "size of decoded parts");
		return;
	}
	push_level(s, mail_part_bytes(s->r->a, &encoded), owner);
}

/* The bytes of the top level are used up. */
static void leave_level(struct scanner *s)
{
	struct level *level = top(s);
	close_parts(s, level->owner, level->in.bytes.len);
	if (s->n_boundaries > level->base)
		reader_note(s->r, MAIL_DEFECT_BOUNDARY_NOT_CLOSED);
	s->n_boundaries = level->base;
	s->n_levels--;
}

/* Moves over a boundary line.  True when a part begins behind it. */
static bool cross_boundary(struct scanner *s, struct hit hit, size_t end)
{
	struct slice line;
	size_t from;
	size_t owner = s->stack[hit.boundary].part;
	if (hit.closes)
		s->closed = s->stack[hit.boundary].text;
	close_parts(s, owner, end);
	if (s->n_boundaries > hit.boundary + 1)
		reader_note(s->r, MAIL_DEFECT_BOUNDARY_NOT_CLOSED);
	s->n_boundaries = hit.boundary + (hit.closes ? 0 : 1);
	bool got = input_line(&top(s)->in, &line, &from);
	assert(got);
	return !hit.closes && got;
}

/* From a part's header on to where the next part begins; false at the end of all. */
static bool advance(struct scanner *s)
{
	bool encoded = false;
	const struct mail_part *part = &s->parts->items[s->current];
	if (part->is_message) {
		if (part->encoding == MAIL_ENCODING_IDENTITY)
			return true;
		encoded = true;
	}
	while (!s->r->over && s->n_levels) {
		struct hit hit;
		size_t end;
		bool found = skip_body(s, &hit, &end);
		if (s->r->over)
			break;
		if (encoded) {
			enter_encoded(s, end);
			return true;
		}
		if (!found) {
			leave_level(s);
			continue;
		}
		if (cross_boundary(s, hit, end))
			return true;
	}
	return false;
}

static void close_all(struct scanner *s)
{
	while (s->n_levels)
		leave_level(s);
}

/* A multipart in which its boundary never came is shown as text: nothing is lost. */
static void mend_childless(struct reader *r, struct part_list *parts)
{
	bool *has_child = ARENA_ARRAY(r->a, parts->n + 1, bool);
	for (size_t i = 0; i < parts->n; i++)
		if (parts->items[i].parent != MAIL_NO_PART)
			has_child[parts->items[i].parent] = true;
	for (size_t i = 0; i < parts->n; i++) {
		struct mail_part *part = &parts->items[i];
		if (!part->is_multipart || has_child[i])
			continue;
		reader_note(r, MAIL_DEFECT_BOUNDARY_NOT_FOUND);
		part->is_multipart = false;
		part->type = SLICE("text");
		part->subtype = SLICE("plain");
	}
}

void structure_read(struct reader *r, struct slice raw, struct part_list *parts)
{
	size_t depth = r->limits->depth + 2;
	struct scanner s = {
		.r = r,
		.parts = parts,
		.stack = ARENA_ARRAY(r->a, depth, struct boundary),
		.levels = ARENA_ARRAY(r->a, depth, struct level),
		.current = MAIL_NO_PART,
		.has_cr = raw.len && memchr(raw.ptr, '\r', raw.len),
	};
	push_level(&s, raw, MAIL_NO_PART);
	while (begin_part(&s) && advance(&s))
		;
	close_all(&s);
	if (!r->over)
		mend_childless(r, parts);
	if (s.crlf && s.lf)
		reader_note(r, MAIL_DEFECT_MIXED_LINE_ENDS);
}
