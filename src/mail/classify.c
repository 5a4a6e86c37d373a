/* SPDX-License-Identifier: ISC */
#include "mail/classify.h"

#include "report.h"

/* Fields whose presence with such a value says that a program wrote the mail. */
static const struct {
	const char *field;
	const char *value; /* a prefix of the value; "" any, "!no" any but no */
	const char *reason;
} automatic[] = {
	{"Auto-Submitted", "!no", "auto-submitted"}, /* RFC 3834 5 */
	{"X-Auto-Response-Suppress", "!none", "x-auto-response-suppress"},
	{"Precedence", "bulk", "precedence"},
	{"Precedence", "list", "precedence"},
	{"Precedence", "junk", "precedence"},
	{"Precedence", "auto_reply", "precedence"},
	{"Precedence", "auto-reply", "precedence"},
	{"List-Id", "", "list-id"},
	{"X-Autoreply", "!no", "x-autoreply"},
	{"X-Autorespond", "!no", "x-autorespond"},
	{"X-Autoreply-From", "", "x-autoreply"},
	{"X-Autoresponder", "!no", "x-autoresponder"},
	{"X-Mail-Autoreply", "", "x-autoreply"},
	{"X-FC-MachineGenerated", "true", "x-fc-machinegenerated"},
	{"X-POST-MessageClass", "9", "x-post-messageclass"},
	{"Delivered-To", "Autoresponder", "delivered-to"},
	{"Return-Path", "<>", "null-return-path"},
};

/* What vacation programs put at the start of a subject, where their header says nothing. */
static const char *const vacation[] = {
	"out of office:",
	"out of the office:",
	"automatic reply:",
	"auto reply:",
	"auto-reply:",
	"autoreply:",
	"auto response:",
	"auto-response:",
	"[auto-reply]",
	"[autoreply]",
	"abwesenheitsnotiz",
	"automatische antwort:",
	"abwesend:",
	"réponse automatique",
	"absence du bureau",
	"automatisch antwoord:",
	"afwezigheidsbericht",
	"respuesta automática",
	"fuera de la oficina",
	"risposta automatica",
	"fuori sede:",
	"fuori ufficio:",
	"resposta automática",
	"odpowiedź automatyczna",
	"autoodpowiedź",
	"autosvar:",
	"automatiskt svar:",
	"automatisk svar:",
	"automaattinen vastaus",
	"poissa:",
	"自動返信",
	"自動応答",
	"自动回复",
	"自動回覆",
	"자동 회신",
	"автоответ",
	"auto: ",
};

static bool value_matches(struct slice value, const char *pattern)
{
	if (pattern[0] != '!')
		return slice_starts_nocase(value, slice_str(pattern));
	struct slice word = slice_str(pattern + 1);
	if (!slice_starts_nocase(value, word))
		return value.len > 0;
	/* "no", "no (comment)", "no; parameter" */
	return value.len > word.len && !strchr(" \t;(\r\n", value.ptr[word.len]);
}

static const char *automatic_field(const struct mail *m)
{
	for (size_t i = 0; i < sizeof(automatic) / sizeof(*automatic); i++) {
		struct slice value = mail_field(m, automatic[i].field, 0);
		if (value.ptr && value_matches(value, automatic[i].value))
			return automatic[i].reason;
	}
	return NULL;
}

static bool is_vacation(const struct mail *m)
{
	for (size_t i = 0; i < sizeof(vacation) / sizeof(*vacation); i++)
		if (slice_starts_nocase(m->subject, slice_str(vacation[i])))
			return true;
	return false;
}

static const char *automatic_reason(const struct classifier *c)
{
	const char *reason = automatic_field(c->m);
	if (reason)
		return reason;
	if (classifier_part(c, "message/disposition-notification"))
		return "disposition-notification";
	return is_vacation(c->m) ? "vacation-subject" : NULL;
}

void mail_classify(struct arena *a, const struct mail *m, struct mail_class *out)
{
	*out = (struct mail_class){.reason = "person", .original_part = MAIL_NO_PART};
	struct classifier c = {.r = {.a = a, .limits = &mail_limits_default}, .m = m, .out = out};
	if (report_read_feedback(&c) || report_read_status(&c) || bounce_read(&c))
		return;
	const char *reason = automatic_reason(&c);
	if (!reason)
		return;
	out->kind = MAIL_KIND_AUTO;
	out->reason = reason;
}

const char *mail_kind_name(enum mail_kind kind)
{
	static const char *const names[] = {
		[MAIL_KIND_CUSTOMER] = "customer",
		[MAIL_KIND_AUTO] = "auto",
		[MAIL_KIND_DSN] = "dsn",
		[MAIL_KIND_ARF] = "arf",
	};
	return names[kind];
}
