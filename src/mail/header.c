/* SPDX-License-Identifier: ISC */
#include "header.h"

#include <assert.h>

bool input_line(struct input *in, struct slice *line, size_t *from)
{
	assert(in->pos <= in->bytes.len);
	if (in->pos == in->bytes.len)
		return false;
	*from = in->pos;
	const char *start = in->bytes.ptr + in->pos;
	size_t left = in->bytes.len - in->pos;
	const char *lf = memchr(start, '\n', left);
	size_t n = lf ? (size_t)(lf - start) : left;
	in->pos += lf ? n + 1 : n;
	if (lf && n && start[n - 1] == '\r')
		n--;
	*line = slice_of(start, n);
	return true;
}

/* Length of a field name before its colon, blanks between them allowed (RFC 5322 4.5); 0 if none.
 */
static size_t field_name(struct slice line, size_t *colon)
{
	size_t i = 0;
	while (i < line.len && line.ptr[i] > 32 && line.ptr[i] < 127 && line.ptr[i] != ':')
		i++;
	size_t name = i;
	while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'))
		i++;
	*colon = i;
	return i < line.len && line.ptr[i] == ':' ? name : 0;
}

static bool is_mbox_line(struct slice line)
{
	return slice_starts(line, SLICE("From ")) || slice_starts(line, SLICE(">From "));
}

static bool next_is_field(struct input in)
{
	struct slice line;
	size_t from, colon;
	return input_line(&in, &line, &from) && field_name(line, &colon) > 0;
}

struct header_state {
	struct reader *r;
	struct header *out;
	size_t room;
	size_t start; /* of the first line */
};

/* What is quarantined is still shown: its fields are cut at the limit. */
static void limit_value(struct reader *r, struct slice *value)
{
	if (value->len <= r->limits->field_size)
		return;
	reader_over(r, "size of a header field");
	value->len = r->limits->field_size;
}

static bool is_folded(struct slice line)
{
	return line.ptr[0] == ' ' || line.ptr[0] == '\t';
}

static void continue_field(struct header_state *s, struct slice line)
{
	struct slice *value = &s->out->fields[s->out->n - 1].value;
	/* For some readers a line of blanks ends the header (RFC 5322 3.2.2). */
	if (slice_trim(line).len == 0)
		reader_note(s->r, MAIL_DEFECT_BAD_HEADER_LINE);
	value->len = (size_t)(line.ptr + line.len - value->ptr);
	limit_value(s->r, value);
}

/* A line that is no field: is there more of the header behind it? */
static bool pass_bad_line(struct header_state *s, const struct input *in, struct slice line)
{
	if (is_mbox_line(line))
		return true;
	if (!s->out->n)
		return false;
	reader_note(s->r, MAIL_DEFECT_BAD_HEADER_LINE);
	/* What looks like a boundary is one: the empty line before it got lost. */
	return !slice_starts(line, SLICE("--")) && next_is_field(*in);
}

/* True when the line is part of the header; otherwise the body starts with it. */
static bool take_line(struct header_state *s, const struct input *in, struct slice line)
{
	struct header *h = s->out;
	if (is_folded(line) && h->n) {
		continue_field(s, line);
		return true;
	}
	/* The first of all is folded now and then. */
	while (line.len && is_folded(line))
		line = slice_sub(line, 1, line.len);
	size_t colon, name = field_name(line, &colon);
	if (!name)
		return pass_bad_line(s, in, line);
	if (colon != name)
		reader_note(s->r, MAIL_DEFECT_BLANK_BEFORE_COLON);
	if (h->n == s->r->limits->fields) {
		reader_over(s->r, "number of header fields");
		return false;
	}
	arena_grow(s->r->a, &h->fields, h->n, &s->room, sizeof(*h->fields));
	h->fields[h->n++] = (struct mail_field){
		.name = slice_sub(line, 0, name),
		.value = slice_sub(line, colon + 1, line.len),
	};
	limit_value(s->r, &h->fields[h->n - 1].value);
	return true;
}

void header_read(struct reader *r, struct input *in, header_stop_fn *stop, void *ctx,
		 struct header *out)
{
	struct header_state s = {.r = r, .out = out, .start = in->pos};
	struct slice line;
	size_t from;
	*out = (struct header){0};
	while (!r->over && input_line(in, &line, &from)) {
		if (line.len == 0)
			break;
		bool stopped = line.len > 2 && line.ptr[0] == '-' && line.ptr[1] == '-' && stop &&
			       stop(ctx, line);
		if (stopped || !take_line(&s, in, line)) {
			in->pos = from;
			break;
		}
		if (in->pos - s.start > r->limits->headers_size)
			reader_over(r, "size of the header");
	}
	for (size_t i = 0; i < out->n; i++)
		out->fields[i].value = slice_trim(out->fields[i].value);
}

struct slice header_find(const struct mail_field *fields, size_t n, struct slice name, size_t i)
{
	for (size_t k = 0; k < n; k++)
		if (fields[k].name.len == name.len && slice_eq_nocase(fields[k].name, name) &&
		    i-- == 0)
			return fields[k].value;
	return (struct slice){0};
}
