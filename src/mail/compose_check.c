/* SPDX-License-Identifier: ISC */
#include "base/err.h"
#include "draft.h"
#include "mail/envelope.h"

/* 9999-12-31T23:59:59Z: a year of four digits (RFC 5322 3.3). */
#define DATE_MAX INT64_C(253402300799)
/* What of a wrong value is told. */
#define SHOWN_MAX 100

/* Written by the writer itself, or for nobody to write here. */
static const char *const reserved_names[] = {
	"Authentication-Results",
	"Auto-Submitted",
	"Bcc",
	"Cc",
	"Date",
	"Delivered-To",
	"From",
	"In-Reply-To",
	"List-Unsubscribe",
	"List-Unsubscribe-Post",
	"Message-ID",
	"MIME-Version",
	"Received",
	"References",
	"Reply-To",
	"Return-Path",
	"Sender",
	"Subject",
	"To",
	"X-Auto-Response-Suppress",
};
static const char *const reserved_prefixes[] = {"Content-", "Resent-", "ARC-"};

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static int refuse(struct err *e, const char *what, struct slice value, const char *rule)
{
	return err_set(e, ERR_INPUT, "The %s \"%.*s\" cannot be written into a mail: %s.", what,
		       SLICE_ARG(slice_sub(value, 0, SHOWN_MAX)), rule);
}

static int check_addr(const struct mail_draft *draft, const char *field, struct slice addr,
		      struct err *e)
{
	if (draft->smtputf8 ? mail_addr_strict_utf8(addr) : mail_addr_strict(addr))
		return 1;
	return err_set(e, ERR_INPUT, "The address \"%.*s\" in %s is not valid: name@domain is.",
		       SLICE_ARG(slice_sub(addr, 0, SHOWN_MAX)), field);
}

static int check_people(const struct mail_draft *draft, const char *field,
			const struct mail_person *people, size_t n, struct err *e)
{
	if (n > MAIL_DRAFT_PEOPLE_MAX)
		return err_set(e, ERR_INPUT, "%s has %zu addresses, more than %d.", field, n,
			       MAIL_DRAFT_PEOPLE_MAX);
	for (size_t i = 0; i < n; i++)
		if (check_addr(draft, field, people[i].addr, e) < 0)
			return -1;
	return 1;
}

static int check_all_people(const struct mail_draft *draft, struct err *e)
{
	if (draft->to_count == 0)
		return err_set(e, ERR_INPUT, "The mail has no recipient in To.");
	const struct {
		const char *field;
		const struct mail_person *people;
		size_t n;
	} rows[] = {
		{"From", &draft->from, 1},
		{"Sender", &draft->sender, draft->sender.addr.len > 0},
		{"Reply-To", &draft->reply_to, draft->reply_to.addr.len > 0},
		{"To", draft->to, draft->to_count},
		{"Cc", draft->cc, draft->cc_count},
	};
	for (size_t i = 0; i < LENGTH(rows); i++)
		if (check_people(draft, rows[i].field, rows[i].people, rows[i].n, e) < 0)
			return -1;
	return 1;
}

struct slice draft_bare_id(struct slice id)
{
	if (id.len > 1 && id.ptr[0] == '<' && id.ptr[id.len - 1] == '>')
		return slice_sub(id, 1, id.len - 1);
	return id;
}

static int check_ids(const struct mail_draft *draft, struct err *e)
{
	static const char *const rule = "a message id has visible ASCII letters only";
	if (!mail_id_strict(draft_bare_id(draft->message_id)))
		return refuse(e, "Message-ID", draft->message_id,
			      "it is not of the form word@word");
	if (draft->in_reply_to.len > 0 && !mail_id_safe(draft_bare_id(draft->in_reply_to)))
		return refuse(e, "In-Reply-To", draft->in_reply_to, rule);
	for (size_t i = 0; i < draft->references_count; i++)
		if (!mail_id_safe(draft_bare_id(draft->references[i])))
			return refuse(e, "reference", draft->references[i], rule);
	return 1;
}

/* A URI that can stand between angle brackets in one line (RFC 2369 2). */
static bool is_uri(struct slice uri, struct slice scheme)
{
	if (!slice_starts_nocase(uri, scheme) || uri.len == scheme.len || uri.len > MAIL_ID_MAX)
		return false;
	for (size_t i = 0; i < uri.len; i++) {
		unsigned char c = (unsigned char)uri.ptr[i];
		if (c <= ' ' || c > 126 || strchr("<>\"\\^`{|},", c))
			return false;
	}
	return true;
}

static int check_unsubscribe(const struct mail_draft *draft, struct err *e)
{
	struct slice https = draft->unsubscribe_https, mailto = draft->unsubscribe_mailto;
	if (https.len > 0 && !is_uri(https, SLICE("https://")))
		return refuse(e, "unsubscribe link", https, "it is not a plain https:// address");
	if (mailto.len > 0 && !is_uri(mailto, SLICE("mailto:")))
		return refuse(e, "unsubscribe link", mailto, "it is not a plain mailto: address");
	return 1;
}

static bool is_name_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '-';
}

static bool is_extra_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!is_name_letter(name.ptr[i]))
			return false;
	for (size_t i = 0; i < LENGTH(reserved_names); i++)
		if (slice_eq_nocase(name, slice_str(reserved_names[i])))
			return false;
	for (size_t i = 0; i < LENGTH(reserved_prefixes); i++)
		if (slice_starts_nocase(name, slice_str(reserved_prefixes[i])))
			return false;
	return name.len > 0 && name.len <= MAIL_EXTRA_NAME_MAX;
}

/* Words of visible ASCII with one space between: it comes out as it went in. */
static bool is_token(struct slice value)
{
	if (value.len > MAIL_EXTRA_VALUE_MAX || slice_find(value, SLICE("=?")) >= 0)
		return false;
	char before = ' ';
	for (size_t i = 0; i < value.len; before = value.ptr[i++]) {
		unsigned char c = (unsigned char)value.ptr[i];
		if (c < ' ' || c > 126 || (c == ' ' && before == ' '))
			return false;
	}
	return before != ' ';
}

static int check_extra(const struct mail_draft *draft, const struct mail_extra *extra,
		       struct err *e)
{
	if (!is_extra_name(extra->name))
		return refuse(e, "field", extra->name, "its name is reserved or not a name");
	switch (extra->kind) {
	case MAIL_EXTRA_TOKEN:
		return is_token(extra->value)
			       ? 1
			       : refuse(e, "value", extra->value, "it is not plain ASCII words");
	case MAIL_EXTRA_ID:
		return mail_id_safe(draft_bare_id(extra->value))
			       ? 1
			       : refuse(e, "id", extra->value, "it is not a message id");
	case MAIL_EXTRA_ADDRESS:
		return check_addr(draft, "a field", extra->value, e);
	case MAIL_EXTRA_TEXT:
		break;
	}
	return 1;
}

static bool is_blank(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] > ' ')
			return false;
	return true;
}

int draft_check(const struct mail_draft *draft, struct err *e)
{
	if (draft->extra_count > MAIL_DRAFT_EXTRA_MAX ||
	    draft->attachments_count > MAIL_DRAFT_ATTACHMENTS_MAX)
		return err_set(e, ERR_INPUT, "The mail has too many fields or attachments.");
	if (draft->date < 0 || draft->date > DATE_MAX)
		return err_set(e, ERR_INPUT, "The mail's date is not between 1970 and 9999.");
	if (draft->html.len > 0 && is_blank(draft->text))
		return err_set(e, ERR_INPUT,
			       "The mail has HTML without a text that says the same.");
	if (check_all_people(draft, e) < 0 || check_ids(draft, e) < 0 ||
	    check_unsubscribe(draft, e) < 0)
		return -1;
	for (size_t i = 0; i < draft->extra_count; i++)
		if (check_extra(draft, &draft->extra[i], e) < 0)
			return -1;
	return 1;
}
