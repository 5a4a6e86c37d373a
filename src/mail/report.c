/* SPDX-License-Identifier: ISC */
#include "report.h"

#include <assert.h>

#include "base/text.h"
#include "bounce.h"
#include "header.h"
#include "words.h"

#define RECIPIENTS_MAX 1000
#define ESCAPE_MAX 12 /* "\x{10FFFF}" */

static const struct {
	const char *name;
	enum mail_action action;
} actions[] = {
	{"failed", MAIL_ACTION_FAILED},	      {"failure", MAIL_ACTION_FAILED},
	{"delayed", MAIL_ACTION_DELAYED},     {"deferred", MAIL_ACTION_DELAYED},
	{"delivered", MAIL_ACTION_DELIVERED}, {"relayed", MAIL_ACTION_RELAYED},
	{"expanded", MAIL_ACTION_EXPANDED},
};

const char *mail_action_name(enum mail_action action)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (actions[i].action == action)
			return actions[i].name;
	return "";
}

static enum mail_action read_action(struct slice value)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (slice_starts_nocase(value, slice_str(actions[i].name)))
			return actions[i].action;
	return MAIL_ACTION_UNKNOWN;
}

struct mail_recipient *classifier_add(struct classifier *c)
{
	struct mail_class *out = c->out;
	assert(out->n_recipients < RECIPIENTS_MAX);
	arena_grow(c->r.a, &c->recipients, out->n_recipients, &c->room, sizeof(*c->recipients));
	struct mail_recipient *added = &c->recipients[out->n_recipients++];
	*added = (struct mail_recipient){0};
	out->recipients = c->recipients;
	return added;
}

bool classifier_is_within_mail(const struct mail *m, const struct mail_part *part)
{
	while (part->parent != MAIL_NO_PART) {
		part = &m->parts[part->parent];
		if (part->is_message)
			return true;
	}
	return false;
}

const struct mail_part *classifier_part(const struct classifier *c, const char *type)
{
	for (size_t i = 0; i < c->m->n_parts; i++)
		if (mail_part_is(&c->m->parts[i], type) &&
		    !classifier_is_within_mail(c->m, &c->m->parts[i]))
			return &c->m->parts[i];
	return NULL;
}

static int hex_digit(char ch)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = ch ? strchr(digits, ch >= 'A' && ch <= 'F' ? ch + 32 : ch) : NULL;
	return at ? (int)(at - digits) : -1;
}

/* A character that may stand in a line. */
static bool is_printable(uint32_t code)
{
	return code >= 0x20 && code != 0x7f && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

/* One to six hexadecimal digits of a character, RFC 6533 3. */
static bool read_hex(struct slice digits, uint32_t *code)
{
	*code = 0;
	for (size_t i = 0; i < digits.len && digits.len <= 6; i++) {
		int digit = hex_digit(digits.ptr[i]);
		if (digit < 0)
			return false;
		*code = *code * 16 + (uint32_t)digit;
	}
	return digits.len > 0 && digits.len <= 6 && is_printable(*code);
}

/* "\x{2D}" is a character (RFC 6533 3). */
static struct slice without_escapes(struct arena *a, struct slice s)
{
	struct buf out;
	uint32_t code;
	if (slice_find(s, SLICE("\\x{")) < 0)
		return s;
	buf_init(&out, 4 * s.len);
	for (size_t i = 0; i < s.len; i++) {
		struct slice rest = slice_sub(s, i, i + ESCAPE_MAX);
		ptrdiff_t close = slice_starts(rest, SLICE("\\x{")) ? slice_chr(rest, '}') : -1;
		if (close > 0 && read_hex(slice_sub(rest, 3, (size_t)close), &code)) {
			text_put_code_point(&out, code);
			i += (size_t)close;
		} else {
			buf_putc(&out, s.ptr[i]);
		}
	}
	s = arena_copy(a, buf_slice(&out));
	buf_release(&out);
	return s;
}

/* "bob+40example.org": xtext (RFC 3461 4) that a server did not decode. */
static struct slice without_xtext(struct arena *a, struct slice s)
{
	uint32_t code;
	if (slice_find(s, SLICE("+40")) < 0 || slice_chr(s, '@') >= 0)
		return s;
	char *out = arena_alloc(a, s.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		bool coded = s.ptr[i] == '+' && i + 2 < s.len &&
			     read_hex(slice_sub(s, i + 1, i + 3), &code) && code < 0x7f;
		out[n++] = coded ? (char)code : s.ptr[i];
		i += coded ? 2 : 0;
	}
	return slice_of(out, n);
}

struct slice classifier_typed_address(struct classifier *c, struct slice value)
{
	value = words_text(&c->r, value);
	ptrdiff_t semicolon = slice_chr(value, ';');
	if (semicolon >= 0)
		value = slice_sub(value, (size_t)semicolon + 1, value.len);
	value = slice_trim(value);
	ptrdiff_t open = slice_chr(value, '<'), close = slice_chr(value, '>');
	if (open >= 0 && close > open)
		value = slice_sub(value, (size_t)open + 1, (size_t)close);
	return slice_trim(without_xtext(c->r.a, without_escapes(c->r.a, value)));
}

/* The fields of one recipient, or of the mail. */
struct block {
	const struct mail_field *fields;
	size_t n;
};

static struct slice get(struct block b, const char *name)
{
	return header_find(b.fields, b.n, slice_str(name), 0);
}

static void add_recipient(struct classifier *c, struct block b)
{
	struct slice final = get(b, "final-recipient"), original = get(b, "original-recipient");
	struct slice action = get(b, "action"), status = get(b, "status");
	if ((!final.len && !original.len) || (!action.len && !status.len) ||
	    c->out->n_recipients == RECIPIENTS_MAX)
		return;
	struct mail_recipient *to = classifier_add(c);
	to->final = classifier_typed_address(c, final.len ? final : original);
	to->original = classifier_typed_address(c, original);
	to->action = read_action(action);
	to->status = bounce_status_at(status);
	to->diagnostic = words_text(&c->r, get(b, "diagnostic-code"));
	to->remote_mta = classifier_typed_address(c, get(b, "remote-mta"));
}

/* A group is one recipient (RFC 3464 2.3); some servers leave the empty lines out. */
static void add_recipients(struct classifier *c, const struct header *h)
{
	size_t from = 0;
	bool named = false;
	if (!h->n)
		return;
	for (size_t i = 0; i < h->n; i++) {
		if (!slice_eq_nocase(h->fields[i].name, SLICE("final-recipient")))
			continue;
		if (named) {
			add_recipient(c, (struct block){h->fields + from, i - from});
			from = i;
		}
		named = true;
	}
	add_recipient(c, (struct block){h->fields + from, h->n - from});
}

/* Groups of fields with empty lines between them (RFC 3464 2.1). */
static bool next_group(struct classifier *c, struct input *in, struct header *h)
{
	while (in->pos < in->bytes.len &&
	       (in->bytes.ptr[in->pos] == '\n' || in->bytes.ptr[in->pos] == '\r'))
		in->pos++;
	if (in->pos == in->bytes.len)
		return false;
	header_read(&c->r, in, NULL, NULL, h);
	struct slice line;
	size_t from;
	/* A line that is no field would stop the reading for ever. */
	if (!h->n)
		input_line(in, &line, &from);
	return !c->r.over;
}

static void read_groups(struct classifier *c, struct slice bytes)
{
	struct input in = {bytes, 0};
	struct header h;
	struct mail_class *out = c->out;
	for (bool first = true; next_group(c, &in, &h); first = false) {
		struct block all = {h.fields, h.n};
		if (first) {
			out->reporting_mta = classifier_typed_address(c, get(all, "reporting-mta"));
			out->envelope_id = words_text(&c->r, get(all, "original-envelope-id"));
		}
		add_recipients(c, &h);
	}
}

struct slice classifier_message_id(struct slice id)
{
	ptrdiff_t open = slice_chr(id, '<'), close = slice_chr(id, '>');
	if (open >= 0 && close > open)
		id = slice_sub(id, (size_t)open + 1, (size_t)close);
	return slice_trim(id);
}

static struct slice first_address(struct classifier *c, struct slice value)
{
	struct mail_addresses list = {0};
	mail_address_read(c->r.a, value, &list);
	return list.n ? list.items[0].addr : SLICE("");
}

void classifier_original_fields(struct classifier *c, const struct mail_field *fields, size_t n)
{
	struct mail_class *out = c->out;
	out->original_message_id =
		classifier_message_id(header_find(fields, n, SLICE("message-id"), 0));
	out->original_from = first_address(c, header_find(fields, n, SLICE("from"), 0));
	out->original_to = first_address(c, header_find(fields, n, SLICE("to"), 0));
}

void classifier_read_original(struct classifier *c)
{
	static const char *const header_types[] = {"text/rfc822-headers", "message/rfc822-headers",
						   "message/global-headers", "text/rfc822-header"};
	const struct mail *m = c->m;
	for (size_t i = 0; i < m->n_parts; i++) {
		const struct mail_part *part = &m->parts[i];
		if (part->parent == MAIL_NO_PART || !m->parts[part->parent].is_message ||
		    classifier_is_within_mail(m, &m->parts[part->parent]))
			continue;
		c->out->original_part = part->parent;
		classifier_original_fields(c, part->fields, part->n_fields);
		return;
	}
	for (size_t i = 0; i < sizeof(header_types) / sizeof(*header_types); i++) {
		const struct mail_part *part = classifier_part(c, header_types[i]);
		if (!part)
			continue;
		struct input in = {mail_part_bytes(c->r.a, part), 0};
		struct header h;
		header_read(&c->r, &in, NULL, NULL, &h);
		c->out->original_part = (size_t)(part - m->parts);
		classifier_original_fields(c, h.fields, h.n);
		return;
	}
}

bool report_read_status(struct classifier *c)
{
	const struct mail_part *status = classifier_part(c, "message/delivery-status");
	if (!status)
		status = classifier_part(c, "message/global-delivery-status");
	if (!status)
		return false;
	read_groups(c, mail_part_bytes(c->r.a, status));
	classifier_read_original(c);
	c->out->kind = MAIL_KIND_DSN;
	c->out->reason = "delivery-status";
	c->out->formal = c->out->n_recipients > 0;
	if (c->out->formal)
		bounce_judge_all(c, bounce_prose(c->m));
	else
		bounce_read_prose(c);
	return true;
}

bool report_read_prose(struct classifier *c, struct slice prose)
{
	ptrdiff_t at = slice_find_nocase(prose, SLICE("\nreporting-mta:"));
	if (at < 0)
		at = slice_find_nocase(prose, SLICE("\nfinal-recipient:"));
	if (at >= 0)
		read_groups(c, slice_sub(prose, (size_t)at + 1, prose.len));
	return c->out->n_recipients > 0;
}
