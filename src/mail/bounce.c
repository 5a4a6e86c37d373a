/* SPDX-License-Identifier: ISC */
#include "bounce.h"
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
/* The prose is searched for so many recipients, each one pass. */
#define PASSAGES_MAX 32
#define DIAGNOSTIC_MAX 1024

static const char *const daemons[] = {
	"mailer-daemon",
	"mailerdaemon",
	"mailer_daemon",
	"mailer daemon",
	"postmaster",
	"mail-daemon",
	"mail delivery",
	"mail deliver",
	"mdaemon",
	"delivery sub",
	"system administrator",
	"mail.delivery",
	"ndr admin",
	"poostmaster",
	"maildaemon",
	"mail administrator",
	"post_master",
	"post.master",
	"mail system",
	"mailsystem",
	"systemadministrator",
	"systembeheerder",
	"administrador del sistema",
	"administrateur système",
	"amministratore di sistema",
	"bounce-daemon",
};

static const char *const subjects[] = {
	"undeliver",
	"delivery status notification",
	"mail delivery status",
	"delivery failure",
	"delivery failed",
	"delivery has failed",
	"delivery error",
	"delivery notification",
	"delivery problem",
	"delivery report",
	"delivery delayed",
	"failure delivery",
	"failed delivery",
	"returned mail",
	"returned email",
	"returning message to sender",
	"returned to sender",
	"failure notice",
	"mail failure",
	"mail failed",
	"mail system error",
	"mail transaction failed",
	"message delivery has been delayed",
	"message status - undeliverable",
	"message you sent blocked",
	"could not be delivered",
	"could not send",
	"couldn't be delivered",
	"can't be delivered",
	"cannot be delivered",
	"not delivered",
	"non delivery",
	"non-delivery",
	"nondeliverable",
	"error sending your mail",
	"[bounce]",
	"bounced mail",
	"bounce message",
	"rejected mail",
	"delayed mail",
	"delayed",
	"unzustellbar",
	"nicht zugestellt",
	"nicht zustellbar",
	"zustellung fehlgeschlagen",
	"non remis",
	"non distribuable",
	"échec de remise",
	"échec de la remise",
	"non recapitabile",
	"mancata consegna",
	"mancato recapito",
	"no se puede entregar",
	"no entregado",
	"no se ha podido entregar",
	"não entregue",
	"não é possível entregar",
	"falha na entrega",
	"onbestelbaar",
	"niet te bezorgen",
	"niet bezorgd",
	"kan inte levereras",
	"gick inte att leverera",
	"ikke leveret",
	"ikke levert",
	"kan ikke leveres",
	"ei voitu toimittaa",
	"niedostarczal",
	"nie dostarczono",
	"nedoručiteln",
	"kézbesíthetetlen",
	"nelivrat",
	"teslim edilemedi",
	"teslim edilemez",
	"δεν παραδόθηκε",
	"не доставлено",
	"недоставлен",
	"не удается доставить",
	"не удалось доставить",
	"配信できません",
	"配信不能",
	"配信エラー",
	"送信エラー",
	"エラーメール",
	"退信",
	"无法投递",
	"未傳遞",
	"无法送达",
	"배달되지",
	"배달 실패",
	"반송",
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
	"did not reach",
	"error delivering your mail",
	"trouble delivering your message",
	"not yet been delivered",
	"failed recipient",
	"failure reasons",
	"invalid final delivery",
	"delivery to the following recipients",
	"delivery failed permanently",
	"following address(es) failed",
	"following addresses had",
	"following errors occurred",
	"returned permanent errors",
	"was aborted after",
	"attempting to deliver a message",
	"failed addresses",
	"no valid recipients",
	"unable to send your message",
	"mail could not be sent",
	"rejected by a remote",
	"rejected by the recipient",
	"n'a pas pu être remis",
	"n'a pas pu être distribué",
	"non è stato possibile recapitare",
	"impossibile recapitare",
	"no se pudo entregar",
	"no ha podido ser entregado",
	"não pôde ser entregue",
	"não foi possível entregar",
	"kon niet worden afgeleverd",
	"kon niet worden bezorgd",
	"kunde inte levereras",
	"kunne ikke leveres",
	"ei voitu toimittaa",
	"nie mogła zostać dostarczona",
	"nie można dostarczyć",
	"nebylo možné doručit",
	"teslim edilemedi",
	"не может быть доставлено",
	"не было доставлено",
	"送信できませんでした",
	"送信に失敗しました",
	"配信できませんでした",
	"配送できませんでした",
	"无法送达",
	"投递失败",
	"전송되지 못했습니다",
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

/* Lists of fml write in prose that they refuse a mail. */
static bool is_list_refusal(const struct mail *m)
{
	return slice_starts_nocase(slice_trim(mail_field(m, "X-MLServer", 0)), SLICE("fml")) &&
	       (slice_find_nocase(m->subject, SLICE("not member")) >= 0 ||
		slice_find_nocase(m->subject, SLICE("non-member")) >= 0 ||
		slice_find_nocase(m->subject, SLICE("rejected")) >= 0);
}

/* "--- Original message follows", but not "The original message was received at". */
static bool introduces_copy(struct slice line)
{
	if (line.len < 4 || line.len > 100 || !HAS_ANY(line, originals))
		return false;
	return strchr("-=*>_", line.ptr[0]) || line.ptr[line.len - 1] == ':' ||
	       slice_find_nocase(line, SLICE("follow")) >= 0;
}

struct slice bounce_prose(const struct mail *m)
{
	struct slice text = slice_sub(m->text, 0, PROSE_MAX), rest = text, line;
	while (slice_line(&rest, &line)) {
		struct slice trimmed = slice_trim(line);
		bool header = slice_starts_nocase(trimmed, SLICE("received:")) ||
			      slice_starts_nocase(trimmed, SLICE("return-path:"));
		if (header || introduces_copy(trimmed))
			return slice_sub(text, 0, (size_t)(line.ptr - text.ptr));
	}
	return text;
}

static bool is_reply(const struct mail *m)
{
	static const char *const marks[] = {"re:",  "aw:",  "sv:",  "vs:",   "antw:", "odp:",
					    "rif:", "res:", "ynt:", "回复:", "答复:", "回覆:"};
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (slice_starts_nocase(m->subject, slice_str(marks[i])))
			return true;
	return false;
}

static bool is_report(const struct mail *m)
{
	return mail_part_is(&m->parts[0], "multipart/report") &&
	       slice_eq_nocase(mail_part_param(&m->parts[0], "report-type"),
			       SLICE("delivery-status"));
}

static const char *bounce_reason(const struct classifier *c)
{
	const struct mail *m = c->m;
	if (is_report(m))
		return "multipart/report";
	if (mail_field(m, "X-Failed-Recipients", 0).len)
		return "x-failed-recipients";
	if (is_list_refusal(m))
		return "list-refusal";
	if (is_reply(m))
		return NULL;
	bool daemon = is_from_daemon(m);
	/* Answering programs use the null sender too (RFC 3834 3.3), and quote our subject. */
	if (!daemon && (!has_null_sender(m) || classify_is_vacation(m)))
		return NULL;
	if (daemon && HAS_ANY(m->subject, subjects))
		return "bounce-subject";
	struct slice prose = bounce_prose(m);
	if (HAS_ANY(prose, phrases))
		return "bounce-text";
	bool answered = daemon || HAS_ANY(m->subject, subjects);
	return answered && bounce_is_answer(c->r.a, prose) ? "bounce-code" : NULL;
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

/* What stands before a recipient in a form, beside the sender's address. */
static const char *const labels[] = {
	"rcpt to:",
	"recipient:",
	"recipients:",
	"failed recipient",
	"intended recipient",
	"invalid recipient",
	"recipient address:",
	"original recipient",
	"addressed to",
	"undeliverable to",
	"unable to deliver message to",
	"could not be delivered to",
	"was not delivered to",
	"your message to",
	"宛先",
};

enum search { SEARCH_LABEL, SEARCH_START, SEARCH_ANYWHERE, SEARCH_OURS_TOO, SEARCH_END };

static bool starts_with_label(struct slice line)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (slice_starts_nocase(line, slice_str(labels[i])))
			return true;
	return false;
}

/* Where a line is about a recipient: at its start, or anywhere when nothing better came. */
static void find_in_line(struct classifier *c, struct slice line, enum search how)
{
	struct slice trimmed = slice_trim(line);
	if (how == SEARCH_LABEL && !starts_with_label(trimmed))
		return;
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
	for (int how = SEARCH_LABEL; how < SEARCH_END && !c->out->n_recipients; how++)
		for (struct slice rest = prose; slice_line(&rest, &line);)
			find_in_line(c, line, (enum search)how);
	if (!c->out->n_recipients && mail_addr_strict_utf8(c->out->original_to))
		add(c, c->out->original_to);
}

/* From each recipient's first mention to the next one's; empty when it is not mentioned. */
static struct slice passage(const struct mail_class *out, size_t i, struct slice prose)
{
	ptrdiff_t from =
		out->recipients[i].final.len ? slice_find(prose, out->recipients[i].final) : -1;
	if (from < 0)
		return SLICE("");
	struct slice rest = slice_sub(prose, (size_t)from, prose.len);
	for (size_t k = 0; k < out->n_recipients && k < PASSAGES_MAX; k++) {
		struct slice other = out->recipients[k].final;
		ptrdiff_t to = k == i || slice_eq(other, out->recipients[i].final)
				       ? -1
				       : slice_find(rest, other);
		if (to > 0)
			rest.len = (size_t)to;
	}
	return rest;
}

static enum mail_action action_of(const struct classifier *c, const struct mail_recipient *to,
				  struct slice prose)
{
	if (to->status.len)
		return to->status.ptr[0] == '2'	  ? MAIL_ACTION_DELIVERED
		       : to->status.ptr[0] == '4' ? MAIL_ACTION_DELAYED
						  : MAIL_ACTION_FAILED;
	bool delayed = HAS_ANY(c->m->subject, delays) || HAS_ANY(prose, delays);
	return delayed ? MAIL_ACTION_DELAYED : MAIL_ACTION_FAILED;
}

/* One line: up to an empty line, without the address that it starts with. */
static struct slice diagnostic_of(struct classifier *c, const struct mail_recipient *to,
				  struct slice words)
{
	words = slice_sub(words, to->final.len, DIAGNOSTIC_MAX);
	while (words.len && strchr(">):;,.* \t\r\n", words.ptr[0]))
		words = slice_sub(words, 1, words.len);
	ptrdiff_t end = slice_find(words, SLICE("\n\n"));
	return words_text(&c->r,
			  slice_trim(slice_sub(words, 0, end < 0 ? words.len : (size_t)end)));
}

/* What is said of one recipient, and with only one of them what is said at all. */
void bounce_judge_all(struct classifier *c, struct slice prose)
{
	for (size_t i = 0; i < c->out->n_recipients; i++) {
		struct mail_recipient *to = &c->recipients[i];
		struct slice words = i < PASSAGES_MAX ? passage(c->out, i, prose) : SLICE("");
		bool guessed = to->action == MAIL_ACTION_UNKNOWN;
		if (guessed)
			to->action = action_of(c, to, prose);
		if (!to->diagnostic.len && words.len)
			to->diagnostic = diagnostic_of(c, to, words);
		struct mail_recipient before = *to;
		bounce_judge(c->r.a, to, words);
		if (to->bounce == MAIL_BOUNCE_UNDEFINED && c->out->n_recipients == 1) {
			*to = before;
			bounce_judge(c->r.a, to, prose);
		}
		if (guessed && to->action == MAIL_ACTION_DELAYED &&
		    slice_starts(to->status, SLICE("5")))
			to->action = MAIL_ACTION_FAILED;
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
	struct slice prose = bounce_prose(c->m);
	if (c->out->original_part == MAIL_NO_PART)
		read_copy(c, slice_sub(c->m->text, prose.len, c->m->text.len));
	if (!report_read_prose(c, prose))
		find_recipients(c, prose);
	bounce_judge_all(c, prose);
}

bool bounce_read(struct classifier *c)
{
	const char *reason = bounce_reason(c);
	if (!reason)
		return false;
	c->out->kind = MAIL_KIND_DSN;
	c->out->reason = reason;
	classifier_read_original(c);
	bounce_read_prose(c);
	return true;
}
