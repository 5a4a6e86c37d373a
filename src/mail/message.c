/* SPDX-License-Identifier: ISC */
#include "mail/message.h"

#include <assert.h>

#include "address_read.h"
#include "body.h"
#include "date.h"
#include "header.h"
#include "lex.h"
#include "params.h"
#include "structure.h"
#include "transfer.h"
#include "words.h"

const struct mail_limits mail_limits_default = {
	.size = MAIL_SIZE_MAX,
	.headers_size = MAIL_HEADERS_SIZE_MAX,
	.field_size = MAIL_FIELD_SIZE_MAX,
	.fields = MAIL_FIELDS_MAX,
	.line = MAIL_LINE_MAX,
	.depth = MAIL_DEPTH_MAX,
	.parts = MAIL_PARTS_MAX,
	.params = MAIL_PARAMS_MAX,
	.addresses = MAIL_ADDRESSES_MAX,
	.comment_depth = MAIL_COMMENT_DEPTH_MAX,
	.words = MAIL_WORDS_MAX,
	.decoded = MAIL_DECODED_MAX,
};

static const struct {
	const char *name;
	bool ambiguous;
} defects[] = {
#define MAIL_DEFECT_ROW(id, name, ambiguous) {name, ambiguous},
	MAIL_DEFECTS(MAIL_DEFECT_ROW)
#undef MAIL_DEFECT_ROW
};

_Static_assert(MAIL_DEFECT_COUNT <= 64, "mail.defects has 64 bits");

const char *mail_defect_name(enum mail_defect defect)
{
	assert(defect < MAIL_DEFECT_COUNT);
	return defects[defect].name;
}

bool mail_defect_is_ambiguity(enum mail_defect defect)
{
	assert(defect < MAIL_DEFECT_COUNT);
	return defects[defect].ambiguous;
}

/* The fields that may stand once (RFC 5322 3.6) and the defect when they do not. */
enum once {
	ONCE_FROM,
	ONCE_SENDER,
	ONCE_REPLY_TO,
	ONCE_TO,
	ONCE_CC,
	ONCE_MESSAGE_ID,
	ONCE_IN_REPLY_TO,
	ONCE_REFERENCES,
	ONCE_SUBJECT,
	ONCE_DATE,
	ONCE_COUNT
};

static const struct slice once_names[ONCE_COUNT] = {
	[ONCE_FROM] = SLICE("from"),
	[ONCE_SENDER] = SLICE("sender"),
	[ONCE_REPLY_TO] = SLICE("reply-to"),
	[ONCE_TO] = SLICE("to"),
	[ONCE_CC] = SLICE("cc"),
	[ONCE_MESSAGE_ID] = SLICE("message-id"),
	[ONCE_IN_REPLY_TO] = SLICE("in-reply-to"),
	[ONCE_REFERENCES] = SLICE("references"),
	[ONCE_SUBJECT] = SLICE("subject"),
	[ONCE_DATE] = SLICE("date"),
};

struct header_fields {
	size_t count[ONCE_COUNT];
	struct slice first[ONCE_COUNT];
	struct address_list lists[ONCE_CC + 1];
};

static enum once find_once(struct slice name)
{
	for (int i = 0; i < ONCE_COUNT; i++)
		if (once_names[i].len == name.len && slice_eq_nocase(once_names[i], name))
			return (enum once)i;
	return ONCE_COUNT;
}

static void collect(struct reader *r, const struct mail_part *root, struct header_fields *h)
{
	for (size_t i = 0; i < root->n_fields && !r->over; i++) {
		enum once which = find_once(root->fields[i].name);
		if (which == ONCE_COUNT)
			continue;
		if (h->count[which]++ == 0)
			h->first[which] = root->fields[i].value;
		else
			reader_note(r, which == ONCE_FROM ? MAIL_DEFECT_DUPLICATE_FROM
							  : MAIL_DEFECT_DUPLICATE_HEADER);
		if (which <= ONCE_CC)
			address_read(r, root->fields[i].value, &h->lists[which]);
	}
}

static struct mail_addresses addresses(const struct address_list *list)
{
	return (struct mail_addresses){
		.items = list->items,
		.n = list->n,
		.has_group = list->has_group,
		.malformed = list->malformed,
	};
}

/* An id is written over several lines now and then: blanks are no part of it. */
static struct slice without_blanks(struct arena *a, struct slice id)
{
	size_t n = 0;
	for (size_t i = 0; i < id.len; i++)
		n += !lex_is_space(id.ptr[i]);
	if (n == id.len)
		return id;
	char *out = arena_alloc(a, n + 1);
	n = 0;
	for (size_t i = 0; i < id.len; i++)
		if (!lex_is_space(id.ptr[i]))
			out[n++] = id.ptr[i];
	return slice_of(out, n);
}

/* The next id: between angle brackets, or a bare word where there are none at all. */
static bool next_id(struct slice *rest, bool brackets, struct slice *id)
{
	if (brackets) {
		ptrdiff_t open = slice_chr(*rest, '<');
		if (open < 0)
			return false;
		*rest = slice_sub(*rest, (size_t)open + 1, rest->len);
		ptrdiff_t close = slice_chr(*rest, '>');
		size_t end = close < 0 ? rest->len : (size_t)close;
		*id = slice_sub(*rest, 0, end);
		*rest = slice_sub(*rest, end, rest->len);
		return true;
	}
	*rest = slice_trim(*rest);
	size_t n = 0;
	while (n < rest->len && !lex_is_space(rest->ptr[n]))
		n++;
	*id = slice_sub(*rest, 0, n);
	*rest = slice_sub(*rest, n, rest->len);
	return n > 0;
}

static const struct slice *read_ids(struct reader *r, struct slice value, size_t *count)
{
	struct slice *ids = NULL, id, rest = value;
	size_t n = 0, room = 0;
	bool brackets = slice_chr(value, '<') >= 0;
	while (next_id(&rest, brackets, &id)) {
		id = without_blanks(r->a, id);
		if (!id.len)
			continue;
		arena_grow(r->a, &ids, n, &room, sizeof(*ids));
		ids[n++] = id;
	}
	if (n > MAIL_REFERENCES_MAX) {
		reader_note(r, MAIL_DEFECT_REFERENCES_CUT);
		memmove(ids + 1, ids + n - (MAIL_REFERENCES_MAX - 1),
			(MAIL_REFERENCES_MAX - 1) * sizeof(*ids));
		n = MAIL_REFERENCES_MAX;
	}
	*count = n;
	return ids;
}

static void read_message_id(struct reader *r, struct slice value, struct mail *m)
{
	size_t n;
	const struct slice *ids = read_ids(r, value, &n);
	if (!value.ptr)
		reader_note(r, MAIL_DEFECT_NO_MESSAGE_ID);
	else if (n != 1 || slice_chr(ids[0], '@') < 0)
		reader_note(r, MAIL_DEFECT_BAD_MESSAGE_ID);
	if (n)
		m->message_id = ids[0];
}

static void read_envelope(struct reader *r, struct mail *m)
{
	struct header_fields h = {0};
	collect(r, &m->parts[0], &h);
	m->from = addresses(&h.lists[ONCE_FROM]);
	m->sender = addresses(&h.lists[ONCE_SENDER]);
	m->reply_to = addresses(&h.lists[ONCE_REPLY_TO]);
	m->to = addresses(&h.lists[ONCE_TO]);
	m->cc = addresses(&h.lists[ONCE_CC]);
	m->from_strict = h.count[ONCE_FROM] == 1 && m->from.n == 1 && m->from.items[0].strict &&
			 !m->from.has_group && !m->from.malformed;
	m->subject = words_text(r, h.first[ONCE_SUBJECT]);
	struct slice date = h.first[ONCE_DATE];
	m->has_date = date.ptr && date_read(r, date, &m->date);
	read_message_id(r, h.first[ONCE_MESSAGE_ID], m);
	m->in_reply_to = read_ids(r, h.first[ONCE_IN_REPLY_TO], &m->n_in_reply_to);
	m->references = read_ids(r, h.first[ONCE_REFERENCES], &m->n_references);
	if (!m->parts[0].n_fields)
		reader_note(r, MAIL_DEFECT_NO_HEADERS);
	if (!m->from.n)
		reader_note(r, MAIL_DEFECT_NO_FROM);
	if (!date.ptr)
		reader_note(r, MAIL_DEFECT_NO_DATE);
	else if (!m->has_date)
		reader_note(r, MAIL_DEFECT_BAD_DATE);
}

/* Files written into the text (uuencode) become parts of their own, behind the others. */
static struct slice take_files(struct reader *r, struct part_list *parts, size_t owner,
			       struct slice text)
{
	struct slice file, name;
	size_t at = 0;
	/* Left as it is: it belongs to news, and its files may be in many articles. */
	if (slice_starts(text, SLICE("=ybegin ")) || slice_find(text, SLICE("\n=ybegin ")) >= 0)
		reader_note(r, MAIL_DEFECT_YENC);
	if (slice_find(text, SLICE("begin ")) < 0 || !transfer_find_uuencode(text, 0, &file, &name))
		return text;
	struct buf rest;
	buf_init(&rest, text.len);
	do {
		size_t from = (size_t)(file.ptr - text.ptr);
		buf_put(&rest, slice_sub(text, at, from));
		at = from + file.len;
		if (parts->n == r->limits->parts) {
			reader_over(r, "number of parts");
			break;
		}
		arena_grow(r->a, &parts->items, parts->n, &parts->room, sizeof(*parts->items));
		parts->items[parts->n++] = (struct mail_part){
			.parent = owner,
			.depth = parts->items[owner].depth + 1,
			.type = SLICE("application"),
			.subtype = SLICE("octet-stream"),
			.filename = filename_safe(r, name),
			.encoding = MAIL_ENCODING_UUENCODE,
			.raw = file,
			.body = file,
			.is_attachment = true,
		};
	} while (transfer_find_uuencode(text, at, &file, &name));
	buf_put(&rest, slice_sub(text, at, text.len));
	struct slice left = arena_copy(r->a, buf_slice(&rest));
	buf_release(&rest);
	return left;
}

/* The texts one below the other. */
static struct slice join(struct reader *r, struct part_list *parts, const size_t *list, size_t n,
			 bool with_files)
{
	struct slice text = SLICE("");
	struct buf all;
	buf_init(&all, 2 * r->limits->decoded);
	for (size_t i = 0; i < n && !r->over; i++) {
		text = body_text(r, &parts->items[list[i]]);
		if (with_files && mail_part_is(&parts->items[list[i]], "text/plain"))
			text = take_files(r, parts, list[i], text);
		if (n == 1)
			break;
		if (all.len && all.ptr[all.len - 1] != '\n')
			buf_putc(&all, '\n');
		buf_put(&all, text);
	}
	if (n > 1)
		text = arena_copy(r->a, buf_slice(&all));
	buf_release(&all);
	return text;
}

static void list_attachments(struct reader *r, struct mail *m)
{
	size_t *list = ARENA_ARRAY(r->a, m->n_parts, size_t);
	for (size_t i = 0; i < m->n_parts; i++)
		if (m->parts[i].is_attachment)
			list[m->n_attachments++] = i;
	m->attachments = list;
}

static void read_bodies(struct reader *r, struct part_list *parts, struct mail *m)
{
	struct bodies bodies;
	bodies_choose(r, parts, &bodies);
	for (size_t i = 0; i < parts->n; i++) {
		const struct mail_part *part = &parts->items[i];
		m->has_html |= part->is_text && mail_part_is(part, "text/html");
		m->has_plain |= part->is_text && !mail_part_is(part, "text/html");
	}
	m->text = join(r, parts, bodies.text, bodies.n_text, true);
	/* Some clients send an empty plain form beside the real one. */
	if (m->has_html && m->has_plain && slice_trim(m->text).len == 0)
		m->text = join(r, parts, bodies.html, bodies.n_html, false);
	m->parts = parts->items;
	m->n_parts = parts->n;
	list_attachments(r, m);
}

struct slice mail_html_text(struct arena *a, const struct mail *m)
{
	if (!m->has_html)
		return SLICE("");
	struct reader r = {.a = a, .limits = &mail_limits_default};
	struct part_list parts = {ARENA_ARRAY(a, m->n_parts, struct mail_part), m->n_parts,
				  m->n_parts};
	memcpy(parts.items, m->parts, m->n_parts * sizeof(*m->parts));
	struct bodies bodies;
	bodies_choose(&r, &parts, &bodies);
	return join(&r, &parts, bodies.html, bodies.n_html, false);
}

static bool any_ambiguous(uint64_t bits)
{
	for (size_t i = 0; i < MAIL_DEFECT_COUNT; i++)
		if ((bits >> i & 1) && mail_defect_is_ambiguity((enum mail_defect)i))
			return true;
	return false;
}

static struct slice text_charset(const struct mail *m)
{
	for (size_t i = 0; i < m->n_parts; i++)
		if (!m->parts[i].is_multipart)
			return m->parts[i].charset;
	return SLICE("");
}

int mail_parse(struct arena *a, struct slice raw, const struct mail_limits *limits,
	       struct mail **out, struct err *e)
{
	struct reader r = {.a = a, .limits = limits ? limits : &mail_limits_default};
	struct part_list parts = {0};
	struct mail *m = *out = ARENA_NEW(a, struct mail);
	assert(r.limits->parts > 0 && r.limits->depth > 0);
	m->raw = raw;
	if (raw.len > r.limits->size) {
		reader_over(&r, "size of a mail");
		raw.len = r.limits->headers_size;
	}
	if (raw.len && memchr(raw.ptr, '\0', raw.len))
		reader_note(&r, MAIL_DEFECT_NUL_BYTE);
	const char *too_large = r.over;
	r.over = NULL;
	structure_read(&r, raw, &parts);
	if (too_large)
		r.over = too_large;
	m->parts = parts.items;
	m->n_parts = parts.n;
	const char *over = r.over;
	/* What the header says is wanted of a quarantined mail, too. */
	r.over = NULL;
	r.charset = text_charset(m);
	read_envelope(&r, m);
	if (over)
		r.over = over;
	if (!r.over)
		read_bodies(&r, &parts, m);
	m->defects = r.defects;
	m->ambiguous = any_ambiguous(r.defects);
	if (r.over)
		return err_set(e, ERR_INPUT, "this mail is over the limit on the %s", r.over);
	return 1;
}

struct slice mail_field(const struct mail *m, const char *name, size_t i)
{
	return mail_part_field(&m->parts[0], name, i);
}

struct slice mail_field_text(struct arena *a, const struct mail *m, const char *name, size_t i)
{
	struct reader r = {.a = a, .limits = &mail_limits_default, .charset = text_charset(m)};
	struct slice value = mail_field(m, name, i);
	return value.ptr ? words_text(&r, value) : value;
}
