/* SPDX-License-Identifier: ISC */
#include "header.h"
#include "lex.h"
#include "mail/envelope.h"
#include "report.h"
#include "words.h"

/*
 * Old servers say in prose what RFC 3464 made fields of.  A mail is taken for
 * a bounce only when its sender is a mail system and its words agree: a false
 * bounce would silence an address.
 */
#define PROSE_MAX (64u << 10)
#define RECIPIENTS_MAX 100

static const char *const daemons[] = {
	"mailer-daemon", "mailerdaemon", "mailer_daemon",	 "mailer daemon",
	"postmaster",	 "mail-daemon",	 "mail delivery",	 "mail deliver",
	"mdaemon",	 "delivery sub", "system administrator", "mail.delivery",
	"ndr admin",	 "poostmaster",	 "maildaemon",		 "mail administrator",
};

static const char *const subjects[] = {
	"undeliver",
	"delivery status notification",
	"delivery failure",
	"delivery failed",
	"delivery has failed",
	"delivery notification",
	"delivery problem",
	"failure delivery",
	"failed delivery",
	"returned mail",
	"failure notice",
	"mail failure",
	"mail failed",
	"mail system error",
	"could not be delivered",
	"could not send",
	"returned to sender",
	"non delivery",
	"non-delivery",
	"nondeliverable",
	"error sending your mail",
	"unzustellbar",
	"nicht zugestellt",
	"delayed",
	"не доставлено",
	"配信できません",
};

static const char *const phrases[] = {
	"could not be delivered",
	"couldn't be delivered",
	"cannot be delivered",
	"can not be delivered",
	"not be delivered to",
	"was not delivered",
	"unable to deliver",
	"wasn't able to deliver",
	"was undeliverable",
	"undeliverable",
	"delivery to the following recipient",
	"deliver the mail to the following",
	"delivery attempts failed",
	"permanent fatal errors",
	"transcript of session",
	"did not reach the following",
	"recipient name is not recognized",
	"user unknown",
	"unknown user",
	"host unknown",
	"mailbox full",
	"mailbox exceeds",
	"user doesn't have",
	"recipient address rejected",
	"no such user",
	"has been delayed",
	"undelivered mail",
	"below are the addresses",
	"konnte nicht zugestellt werden",
};

/* What a server means when it gives no code (RFC 3463). */
static const struct {
	const char *phrase, *status;
} meanings[] = {
	{"user unknown", "5.1.1"},	   {"unknown user", "5.1.1"},
	{"unknown recipient", "5.1.1"},	   {"no such user", "5.1.1"},
	{"not listed in", "5.1.1"},	   {"doesn't have a", "5.1.1"},
	{"user not found", "5.1.1"},	   {"not recognized", "5.1.1"},
	{"does not exist", "5.1.1"},	   {"invalid address", "5.1.1"},
	{"host unknown", "5.1.2"},	   {"host not found", "5.1.2"},
	{"mailbox full", "5.2.2"},	   {"mailbox exceeds", "5.2.2"},
	{"over quota", "5.2.2"},	   {"quota", "5.2.2"},
	{"message too large", "5.3.4"},	   {"message size", "5.3.4"},
	{"connection timed out", "5.4.1"}, {"spam", "5.7.1"},
};

static const char *const delays[] = {
	"(delay)",
	"delayed",
	"deferred",
	"could not send message for past",
	"not yet been deliv",
	"will be retried",
	"will continue to",
	"still trying",
	"temporary problem",
};

static const char *const originals[] = {
	"below this line is a copy", "this is a copy of",      "message follows",
	"original message",	     "message header follows", "message headers",
	"original headers",	     "text of your message",   "copy of your message",
};

#define HAS_ANY(text, list) lex_has_any((text), (list), sizeof(list) / sizeof(*(list)))

static bool is_from_daemon(const struct mail *m)
{
	const struct mail_addresses *lists[] = {&m->from, &m->sender};
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < lists[k]->n; i++) {
			const struct mail_address *who = &lists[k]->items[i];
			ptrdiff_t at = slice_chr(who->addr, '@');
			struct slice local =
				slice_sub(who->addr, 0, at < 0 ? who->addr.len : (size_t)at);
			if (HAS_ANY(local, daemons) || HAS_ANY(who->name, daemons))
				return true;
		}
	return false;
}

static bool has_null_sender(const struct mail *m)
{
	struct slice path = mail_field(m, "Return-Path", 0);
	return slice_eq(path, SLICE("<>")) || slice_starts_nocase(path, SLICE("<mailer-daemon"));
}

/* "--- Original message follows", but not "The original message was received at". */
static bool introduces_copy(struct slice line)
{
	if (line.len < 4 || line.len > 100 || !HAS_ANY(line, originals))
		return false;
	return strchr("-=*>_", line.ptr[0]) || line.ptr[line.len - 1] == ':' ||
	       slice_find_nocase(line, SLICE("follow")) >= 0;
}

/* What the server itself says: everything above the copy of the mail. */
static struct slice prose_of(struct slice text)
{
	struct slice rest = text = slice_sub(text, 0, PROSE_MAX), line;
	while (slice_line(&rest, &line)) {
		struct slice trimmed = slice_trim(line);
		bool header = slice_starts_nocase(trimmed, SLICE("received:")) ||
			      slice_starts_nocase(trimmed, SLICE("return-path:"));
		if (header || introduces_copy(trimmed))
			return slice_sub(text, 0, (size_t)(line.ptr - text.ptr));
	}
	return text;
}

static bool is_report(const struct mail *m)
{
	return mail_part_is(&m->parts[0], "multipart/report") &&
	       slice_eq_nocase(mail_part_param(&m->parts[0], "report-type"),
			       SLICE("delivery-status"));
}

static const char *bounce_reason(const struct mail *m)
{
	if (is_report(m))
		return "multipart/report";
	if (mail_field(m, "X-Failed-Recipients", 0).len)
		return "x-failed-recipients";
	if (!is_from_daemon(m) && !has_null_sender(m))
		return NULL;
	if (HAS_ANY(m->subject, subjects))
		return "bounce-subject";
	return HAS_ANY(prose_of(m->text), phrases) ? "bounce-text" : NULL;
}

static bool is_address_char(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
	       (ch && strchr(".-_+=!#$%&'*/?^`{|}~", ch));
}

/* The address around the '@' at that place; empty when it is none. */
static struct slice address_around(struct slice line, size_t at)
{
	size_t from = at, to = at + 1;
	while (from > 0 && at - from < MAIL_ENVELOPE_LOCAL_MAX &&
	       is_address_char(line.ptr[from - 1]))
		from--;
	while (to < line.len && to - at <= MAIL_ENVELOPE_DOMAIN_MAX &&
	       is_address_char(line.ptr[to]))
		to++;
	while (to > at && (line.ptr[to - 1] == '.' || line.ptr[to - 1] == '-'))
		to--;
	struct slice address = slice_sub(line, from, to);
	return mail_addr_strict(address) ? address : SLICE("");
}

static bool is_ours(const struct mail *m, struct slice address)
{
	const struct mail_addresses *lists[] = {&m->from, &m->to};
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < lists[k]->n; i++)
			if (mail_address_same(lists[k]->items[i].addr, address))
				return true;
	return false;
}

static bool is_known(const struct mail_class *out, struct slice address)
{
	for (size_t i = 0; i < out->n_recipients; i++)
		if (mail_address_same(out->recipients[i].final, address))
			return true;
	return false;
}

static void add(struct classifier *c, struct slice address)
{
	if (c->out->n_recipients < RECIPIENTS_MAX && !is_known(c->out, address))
		classifier_add(c)->final = address;
}

enum search { SEARCH_START, SEARCH_ANYWHERE, SEARCH_OURS_TOO, SEARCH_END };

/* Where a line is about a recipient: at its start, or anywhere when nothing better came. */
static void find_in_line(struct classifier *c, struct slice line, enum search how)
{
	struct slice trimmed = slice_trim(line);
	for (size_t i = 0; i < trimmed.len; i++) {
		struct slice address =
			trimmed.ptr[i] == '@' ? address_around(trimmed, i) : SLICE("");
		if (!address.len)
			continue;
		size_t from = (size_t)(address.ptr - trimmed.ptr);
		bool first = from == 0 || (from == 1 && trimmed.ptr[0] == '<');
		if ((first || how != SEARCH_START) &&
		    (how == SEARCH_OURS_TOO || !is_ours(c->m, address))) {
			add(c, address);
			return;
		}
		i = from + address.len - 1;
	}
}

static void find_recipients(struct classifier *c, struct slice prose)
{
	struct slice failed = mail_field(c->m, "X-Failed-Recipients", 0), line;
	struct mail_addresses list = {0};
	if (failed.len && mail_address_read(c->r.a, failed, &list))
		for (size_t i = 0; i < list.n; i++)
			if (list.items[i].strict)
				add(c, list.items[i].addr);
	for (int how = SEARCH_START; how < SEARCH_END && !c->out->n_recipients; how++)
		for (struct slice rest = prose; slice_line(&rest, &line);)
			find_in_line(c, line, (enum search)how);
	if (!c->out->n_recipients && mail_addr_strict_utf8(c->out->original_to))
		add(c, c->out->original_to);
}

static bool is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

/* "550 " or "550-" as a word. */
static bool is_reply_code(struct slice s, size_t i)
{
	return i + 2 < s.len && (s.ptr[i] == '4' || s.ptr[i] == '5') && is_digit(s.ptr[i + 1]) &&
	       s.ptr[i + 1] <= '5' && is_digit(s.ptr[i + 2]) &&
	       (i + 3 == s.len || s.ptr[i + 3] == ' ' || s.ptr[i + 3] == '-') &&
	       (i == 0 || strchr(" \t\n:'\"(", s.ptr[i - 1]));
}

struct slice status_in_prose(struct slice prose)
{
	struct slice code = SLICE("");
	for (size_t i = 0; i < prose.len; i++) {
		if (prose.ptr[i] != '4' && prose.ptr[i] != '5')
			continue;
		bool begins = i == 0 || !(is_digit(prose.ptr[i - 1]) || prose.ptr[i - 1] == '.');
		struct slice status = begins ? status_at(slice_sub(prose, i, i + 12)) : SLICE("");
		if (status.len)
			return status;
		if (!code.len && is_reply_code(prose, i))
			code = prose.ptr[i] == '4' ? SLICE("4.0.0") : SLICE("5.0.0");
	}
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (slice_find_nocase(prose, slice_str(meanings[i].phrase)) >= 0)
			return slice_str(meanings[i].status);
	return code;
}

/* From each recipient's first mention to the next one's. */
static struct slice passage(const struct mail_class *out, size_t i, struct slice prose)
{
	ptrdiff_t from = slice_find(prose, out->recipients[i].final);
	if (from < 0)
		return prose;
	struct slice rest = slice_sub(prose, (size_t)from, prose.len);
	if (i + 1 < out->n_recipients) {
		ptrdiff_t to = slice_find(rest, out->recipients[i + 1].final);
		if (to > 0)
			rest.len = (size_t)to;
	}
	return rest;
}

static void judge(struct classifier *c, struct slice prose)
{
	bool delayed = HAS_ANY(c->m->subject, delays) || HAS_ANY(prose, delays);
	for (size_t i = 0; i < c->out->n_recipients; i++) {
		struct mail_recipient *to = &c->recipients[i];
		struct slice part = passage(c->out, i, prose), line;
		to->status = status_in_prose(part);
		if (!to->status.len)
			to->status = status_in_prose(prose);
		if (!to->status.len)
			to->status = delayed ? SLICE("4.0.0") : SLICE("5.0.0");
		bool permanent = slice_starts(to->status, SLICE("5"));
		to->action = delayed && !permanent ? MAIL_ACTION_DELAYED : MAIL_ACTION_FAILED;
		to->hard = permanent;
		if (slice_line(&part, &line) && slice_line(&part, &line))
			to->diagnostic = words_text(&c->r, line);
	}
}

/* The copy below the prose starts with its header, now and then with quotes before. */
static void read_copy(struct classifier *c, struct slice copy)
{
	struct slice line, rest = copy;
	size_t skipped = 0;
	/* The line that introduces it, and empty ones. */
	while (slice_line(&rest, &line) && skipped++ < 8) {
		ptrdiff_t colon = slice_chr(line, ':');
		if (colon <= 0 || slice_chr(slice_sub(line, 0, (size_t)colon), ' ') >= 0)
			continue;
		struct input in = {slice_sub(copy, (size_t)(line.ptr - copy.ptr), copy.len), 0};
		struct header h;
		header_read(&c->r, &in, NULL, NULL, &h);
		classifier_original_fields(c, h.fields, h.n);
		return;
	}
}

void bounce_read_prose(struct classifier *c)
{
	struct slice prose = prose_of(c->m->text);
	if (c->out->original_part == MAIL_NO_PART)
		read_copy(c, slice_sub(c->m->text, prose.len, c->m->text.len));
	if (report_read_prose(c, prose))
		return;
	find_recipients(c, prose);
	judge(c, prose);
}

bool bounce_read(struct classifier *c)
{
	const char *reason = bounce_reason(c->m);
	if (!reason)
		return false;
	c->out->kind = MAIL_KIND_DSN;
	c->out->reason = reason;
	classifier_read_original(c);
	bounce_read_prose(c);
	return true;
}
