/* SPDX-License-Identifier: ISC */
#include "header.h"
#include "lex.h"
#include "report.h"
#include "words.h"

#define PROSE_MAX (64u << 10)
#define REPORTED_MAX 100

static struct slice get(struct classifier *c, const struct header *h, const char *name)
{
	return slice_trim(words_text(&c->r, header_find(h->fields, h->n, slice_str(name), 0)));
}

static bool is_reported(const struct mail_class *out, struct slice address)
{
	for (size_t i = 0; i < out->n_recipients; i++)
		if (mail_address_same(out->recipients[i].final, address))
			return true;
	return false;
}

/* One report may be about many recipients (RFC 5965 3.2). */
static void read_reported(struct classifier *c, const struct header *h)
{
	static const char *const names[] = {"original-rcpt-to", "removal-recipient"};
	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
		for (size_t i = 0; c->out->n_recipients < REPORTED_MAX; i++) {
			struct slice value = header_find(h->fields, h->n, slice_str(names[k]), i);
			if (!value.ptr)
				break;
			struct slice address = classifier_typed_address(c, value);
			if (slice_chr(address, '@') > 0 && !is_reported(c->out, address))
				classifier_add(c)->final = address;
		}
}

/* "192.0.2.1 (mx.example)" */
static struct slice first_word(struct slice s)
{
	size_t n = 0;
	while (n < s.len && !strchr(" (\t", s.ptr[n]))
		n++;
	return slice_sub(s, 0, n);
}

static void read_fields(struct classifier *c, struct slice bytes)
{
	struct input in = {bytes, 0};
	struct header h;
	struct mail_class *out = c->out;
	header_read(&c->r, &in, NULL, NULL, &h);
	out->feedback_type = lex_lower(c->r.a, get(c, &h, "feedback-type"));
	out->auth_failure = lex_lower(c->r.a, get(c, &h, "auth-failure"));
	out->source_ip = first_word(get(c, &h, "source-ip"));
	out->reported_domain = get(c, &h, "reported-domain");
	out->original_mail_from = classifier_typed_address(c, get(c, &h, "original-mail-from"));
	read_reported(c, &h);
	if (out->n_recipients)
		out->original_rcpt_to = out->recipients[0].final;
}

/*
 * The fields in plain text, as some abuse desks send them: the type stands at
 * the start of a line, and the two other required fields near it.
 */
static struct slice feedback_in_text(const struct mail *m)
{
	struct slice text = slice_sub(m->text, 0, PROSE_MAX), rest = text, line;
	while (slice_line(&rest, &line)) {
		if (!slice_starts_nocase(line, SLICE("feedback-type:")))
			continue;
		size_t at = (size_t)(line.ptr - text.ptr);
		struct slice fields = slice_sub(text, at, text.len);
		ptrdiff_t end = slice_find(fields, SLICE("\n\n"));
		if (end > 0)
			fields.len = (size_t)end;
		bool whole = slice_find_nocase(fields, SLICE("\nuser-agent:")) > 0 &&
			     slice_find_nocase(fields, SLICE("\nversion:")) > 0;
		return whole ? fields : SLICE("");
	}
	return SLICE("");
}

static bool from_domain_is(const struct mail *m, const char *const *domains, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (m->from.n == 1 && slice_ends(m->from.items[0].addr, slice_str(domains[i])))
			return true;
	return false;
}

/* Outlook.com's complaints are the mail itself, forwarded by a known sender. */
static bool is_complaint(const struct classifier *c)
{
	static const char *const domains[] = {"@hotmail.com", "@outlook.com", "@live.com",
					      "@msn.com", "@microsoft.com"};
	return slice_starts_nocase(slice_trim(c->m->subject),
				   SLICE("complaint about message from ")) &&
	       from_domain_is(c->m, domains, sizeof(domains) / sizeof(*domains)) &&
	       classifier_part(c, "message/rfc822");
}

/* Apple Mail answers List-Unsubscribe's mailto in the reader's name. */
static bool is_unsubscribe(const struct mail *m)
{
	return slice_starts_nocase(mail_field(m, "X-Apple-Unsubscribe", 0), SLICE("true"));
}

static bool read_feedback(struct classifier *c)
{
	struct mail_class *out = c->out;
	const struct mail_part *part = classifier_part(c, "message/feedback-report");
	struct slice fields = part ? mail_part_bytes(c->r.a, part) : feedback_in_text(c->m);
	out->formal = part != NULL;
	if (part || fields.len)
		read_fields(c, fields);
	else if (is_complaint(c))
		out->feedback_type = SLICE("abuse");
	else if (is_unsubscribe(c->m))
		out->feedback_type = SLICE("opt-out");
	else
		return false;
	return true;
}

/* Hotmail hides the recipient in a field of the returned mail. */
static struct slice hidden_recipient(struct classifier *c)
{
	size_t mail = c->out->original_part;
	for (size_t i = 0; i < c->m->n_parts; i++)
		if (mail != MAIL_NO_PART && c->m->parts[i].parent == mail)
			return classifier_typed_address(
				c, mail_part_field(&c->m->parts[i], "X-HmXmrOriginalRecipient", 0));
	return SLICE("");
}

/* From the returned mail, where the report names nobody. */
static void complete(struct classifier *c)
{
	struct mail_class *out = c->out;
	if (!out->feedback_type.len)
		out->feedback_type = SLICE("other");
	if (!out->original_mail_from.len)
		out->original_mail_from = out->original_from;
	if (!out->original_rcpt_to.len)
		out->original_rcpt_to = hidden_recipient(c);
	if (!out->original_rcpt_to.len && slice_chr(out->original_to, '@') > 0)
		out->original_rcpt_to = out->original_to;
}

bool report_read_feedback(struct classifier *c)
{
	if (!read_feedback(c))
		return false;
	classifier_read_original(c);
	complete(c);
	c->out->kind = MAIL_KIND_ARF;
	c->out->reason = "feedback-report";
	return true;
}
