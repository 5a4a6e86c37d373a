/* SPDX-License-Identifier: ISC */
#include "report.h"

#include <assert.h>

#include "header.h"
#include "words.h"

#define RECIPIENTS_MAX 1000

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

static bool is_within_mail(const struct mail *m, const struct mail_part *part)
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
		if (mail_part_is(&c->m->parts[i], type) && !is_within_mail(c->m, &c->m->parts[i]))
			return &c->m->parts[i];
	return NULL;
}

/* "rfc822; ann@example.org": the address without its type, brackets, and blanks. */
static struct slice typed_address(struct slice value)
{
	ptrdiff_t semicolon = slice_chr(value, ';');
	if (semicolon >= 0)
		value = slice_sub(value, (size_t)semicolon + 1, value.len);
	value = slice_trim(value);
	ptrdiff_t open = slice_chr(value, '<'), close = slice_chr(value, '>');
	if (open >= 0 && close > open)
		value = slice_sub(value, (size_t)open + 1, (size_t)close);
	return slice_trim(value);
}

static struct slice get(const struct header *h, const char *name)
{
	return header_find(h->fields, h->n, slice_str(name), 0);
}

static bool is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

/* One to three digits from i on; how many. */
static size_t digits_at(struct slice s, size_t i)
{
	size_t n = 0;
	while (n < 4 && i + n < s.len && is_digit(s.ptr[i + n]))
		n++;
	return n <= 3 ? n : 0;
}

struct slice status_at(struct slice s)
{
	if (s.len < 5 || !strchr("245", s.ptr[0]) || s.ptr[1] != '.')
		return SLICE("");
	size_t subject = digits_at(s, 2), dot = 2 + subject;
	if (!subject || dot >= s.len || s.ptr[dot] != '.')
		return SLICE("");
	size_t detail = digits_at(s, dot + 1), end = dot + 1 + detail;
	/* A fourth number makes it an address of the network. */
	bool goes_on = end + 1 < s.len && s.ptr[end] == '.' && is_digit(s.ptr[end + 1]);
	return detail && !goes_on ? slice_sub(s, 0, end) : SLICE("");
}

static void add_recipient(struct classifier *c, const struct header *h)
{
	struct mail_class *out = c->out;
	struct slice final = get(h, "final-recipient"), original = get(h, "original-recipient");
	struct slice action = get(h, "action"), status = get(h, "status");
	if ((!final.len && !original.len) || (!action.len && !status.len) ||
	    out->n_recipients == RECIPIENTS_MAX)
		return;
	struct mail_recipient *to = classifier_add(c);
	to->final = words_text(&c->r, typed_address(final.len ? final : original));
	to->original = words_text(&c->r, typed_address(original));
	to->action = read_action(action);
	to->status = status_at(status);
	to->diagnostic = words_text(&c->r, get(h, "diagnostic-code"));
	if (!to->status.len)
		to->status = status_in_prose(to->diagnostic);
	to->remote_mta = words_text(&c->r, typed_address(get(h, "remote-mta")));
	to->hard = to->action != MAIL_ACTION_DELAYED && slice_starts(to->status, SLICE("5"));
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
		if (first) {
			out->reporting_mta =
				words_text(&c->r, typed_address(get(&h, "reporting-mta")));
			out->envelope_id = words_text(&c->r, get(&h, "original-envelope-id"));
		}
		add_recipient(c, &h);
	}
}

static struct slice without_brackets(struct slice id)
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
	out->original_message_id = without_brackets(header_find(fields, n, SLICE("message-id"), 0));
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
		    is_within_mail(m, &m->parts[part->parent]))
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
	if (!c->out->formal)
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

static void read_feedback_fields(struct classifier *c, struct slice bytes)
{
	struct input in = {bytes, 0};
	struct header h;
	header_read(&c->r, &in, NULL, NULL, &h);
	c->out->feedback_type = words_text(&c->r, get(&h, "feedback-type"));
	c->out->original_mail_from = typed_address(get(&h, "original-mail-from"));
	c->out->original_rcpt_to = typed_address(get(&h, "original-rcpt-to"));
}

/* Outlook.com's complaints are the mail itself, forwarded by a known sender. */
static bool is_complaint(const struct classifier *c)
{
	return slice_starts_nocase(c->m->subject, SLICE("complaint about message from ")) &&
	       c->m->from.n == 1 &&
	       slice_eq_nocase(c->m->from.items[0].addr, SLICE("staff@hotmail.com")) &&
	       classifier_part(c, "message/rfc822");
}

bool report_read_feedback(struct classifier *c)
{
	const struct mail_part *feedback = classifier_part(c, "message/feedback-report");
	if (!feedback && !is_complaint(c))
		return false;
	struct mail_class *out = c->out;
	if (feedback)
		read_feedback_fields(c, mail_part_bytes(c->r.a, feedback));
	else
		out->feedback_type = SLICE("abuse");
	classifier_read_original(c);
	out->kind = MAIL_KIND_ARF;
	out->reason = "feedback-report";
	out->formal = feedback != NULL;
	return true;
}
