/* SPDX-License-Identifier: ISC */
#include "base/json.h"
#include "bounce.h"
#include "lex.h"
#include "mail/envelope.h"
#include "report.h"
#include "words.h"

/*
 * Amazon's sending service tells by JSON what became of a mail, alone or
 * within the envelope of its notification service, which is mailed as text.
 * https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 */
#define NOTICE_MAX (256u << 10)
#define RECIPIENTS_MAX 100

/* One line: a string of JSON may hold anything. */
static struct slice get_line(struct classifier *c, const struct json *object, const char *name)
{
	return words_text(&c->r, json_get_string(object, name));
}

/* What holds the recipients, and under which name, for each type of notice. */
static const struct {
	const char *type, *object, *recipients;
	enum mail_action action;
} notices[] = {
	{"Bounce", "bounce", "bouncedRecipients", MAIL_ACTION_FAILED},
	{"Complaint", "complaint", "complainedRecipients", MAIL_ACTION_UNKNOWN},
	{"Delivery", "delivery", "recipients", MAIL_ACTION_DELIVERED},
	{"DeliveryDelay", "deliveryDelay", "delayedRecipients", MAIL_ACTION_DELAYED},
};

/* How much of a string's rest is line wrapping: sendmail breaks after "!" at 990 octets. */
static size_t wrapping(struct slice rest)
{
	if (slice_starts(rest, SLICE("!\n ")))
		return 3;
	return rest.ptr[0] == '\n' || rest.ptr[0] == '\r';
}

/* The object at the start of text, without what line wrapping put into its strings. */
static struct slice unwrap(struct arena *a, struct slice text)
{
	char *out = arena_alloc(a, text.len + 1);
	size_t n = 0, depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < text.len; i++) {
		size_t skipped = quoted ? wrapping(slice_sub(text, i, text.len)) : 0;
		if (skipped) {
			i += skipped - 1;
			continue;
		}
		char ch = out[n++] = text.ptr[i];
		if (ch == '"')
			quoted = !quoted;
		else if (quoted && ch == '\\' && i + 1 < text.len)
			out[n++] = text.ptr[++i];
		else if (!quoted && (ch == '{' || ch == '}'))
			depth += ch == '{' ? 1 : (size_t)-1;
		if (depth == 0)
			return slice_of(out, n);
	}
	return SLICE("");
}

/* The notice itself, out of its envelope; null when the text is none. */
static const struct json *notice_of(struct classifier *c)
{
	struct slice text = slice_trim(slice_sub(c->m->text, 0, NOTICE_MAX));
	struct json *root, *inner;
	struct err e;
	static const char *const signs[] = {"notificationType", "eventType"};
	if (!slice_starts(text, SLICE("{")) || !lex_has_any(text, signs, 2) ||
	    json_parse(c->r.a, unwrap(c->r.a, text), &root, &e) != 1)
		return NULL;
	struct slice message = json_get_string(root, "Message");
	if (!message.len)
		return root;
	return json_parse(c->r.a, message, &inner, &e) == 1 ? inner : NULL;
}

static void add_recipient(struct classifier *c, const struct json *item, enum mail_action action)
{
	struct slice address =
		item->kind == JSON_STRING ? item->string : json_get_string(item, "emailAddress");
	if (!mail_addr_strict_utf8(address) || c->out->n_recipients == RECIPIENTS_MAX)
		return;
	struct mail_recipient *to = classifier_add(c);
	to->final = address;
	to->action = action;
	to->status = bounce_status_at(json_get_string(item, "status"));
	to->diagnostic = get_line(c, item, "diagnosticCode");
}

/* What is said of all recipients: the answer to a delivery, the type of a bounce. */
static void judge(struct classifier *c, const struct json *object)
{
	struct slice answer = get_line(c, object, "smtpResponse");
	struct slice subtype = json_get_string(object, "bounceSubType");
	bool suppressed = slice_find(subtype, SLICE("uppress")) >= 0;
	bool transient = slice_eq(json_get_string(object, "bounceType"), SLICE("Transient"));
	for (size_t i = 0; i < c->out->n_recipients; i++) {
		struct mail_recipient *to = &c->recipients[i];
		if (!to->diagnostic.len)
			to->diagnostic = answer;
		if (to->action == MAIL_ACTION_DELIVERED) {
			to->reply_code = slice_sub(answer, 0, 3);
			to->status = bounce_status_at(slice_sub(answer, 4, answer.len));
		}
		bounce_judge(c->r.a, to, subtype);
		if (suppressed)
			to->bounce = MAIL_BOUNCE_SUPPRESSED;
		to->hard = (to->hard || suppressed) && !transient &&
			   slice_starts(to->status, SLICE("5"));
	}
}

static struct slice first_address(const struct json *list)
{
	struct slice address = list && list->first ? list->first->string : SLICE("");
	return mail_addr_strict_utf8(address) ? address : SLICE("");
}

static void read_original(struct classifier *c, const struct json *mail)
{
	const struct json *common = json_get(mail, SLICE("commonHeaders"));
	struct mail_class *out = c->out;
	out->original_message_id = classifier_message_id(get_line(c, common, "messageId"));
	out->original_from = first_address(json_get(common, SLICE("from")));
	out->original_to = first_address(json_get(mail, SLICE("destination")));
}

static void read_notice(struct classifier *c, const struct json *notice, size_t type)
{
	struct mail_class *out = c->out;
	const struct json *object = json_get(notice, slice_str(notices[type].object));
	const struct json *list = json_get(object, slice_str(notices[type].recipients));
	for (const struct json *item = list ? list->first : NULL; item; item = item->next)
		add_recipient(c, item, notices[type].action);
	read_original(c, json_get(notice, SLICE("mail")));
	out->reporting_mta = get_line(c, object, "reportingMTA");
	out->formal = true;
	out->reason = "notification";
	if (notices[type].action != MAIL_ACTION_UNKNOWN) {
		out->kind = MAIL_KIND_DSN;
		judge(c, object);
		return;
	}
	out->kind = MAIL_KIND_ARF;
	out->feedback_type = get_line(c, object, "complaintFeedbackType");
	if (!out->feedback_type.len)
		out->feedback_type = SLICE("abuse");
	out->original_rcpt_to = out->n_recipients ? out->recipients[0].final : out->original_to;
}

bool service_read(struct classifier *c)
{
	const struct json *notice = notice_of(c);
	if (!notice)
		return false;
	struct slice type = json_get_string(notice, "notificationType");
	if (!type.len)
		type = json_get_string(notice, "eventType");
	for (size_t i = 0; i < sizeof(notices) / sizeof(*notices); i++)
		if (slice_eq(type, slice_str(notices[i].type))) {
			read_notice(c, notice, i);
			return true;
		}
	return false;
}
