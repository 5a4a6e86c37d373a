/* SPDX-License-Identifier: ISC */
#include "mail/classify.h"

#include "report.h"

void mail_classify(struct arena *a, const struct mail *m, struct mail_class *out)
{
	*out = (struct mail_class){
		.reason = "person", .original_part = MAIL_NO_PART, .calendar_part = MAIL_NO_PART};
	struct classifier c = {.r = {.a = a, .limits = &mail_limits_default}, .m = m, .out = out};
	classify_list(&c);
	classify_calendar(&c);
	if (report_read_feedback(&c) || report_read_status(&c) || service_read(&c) ||
	    bounce_read(&c))
		return;
	classify_receipt(&c);
	const char *reason = classify_automatic(&c);
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

const char *mail_disposition_name(enum mail_disposition disposition)
{
	static const char *const names[] = {
		[MAIL_DISPOSITION_NONE] = "",
		[MAIL_DISPOSITION_DISPLAYED] = "displayed",
		[MAIL_DISPOSITION_DELETED] = "deleted",
		[MAIL_DISPOSITION_DISPATCHED] = "dispatched",
		[MAIL_DISPOSITION_PROCESSED] = "processed",
		[MAIL_DISPOSITION_DENIED] = "denied",
		[MAIL_DISPOSITION_FAILED] = "failed",
		[MAIL_DISPOSITION_UNKNOWN] = "unknown",
	};
	return names[disposition];
}

const char *mail_calendar_name(enum mail_calendar calendar)
{
	static const char *const names[] = {
		[MAIL_CALENDAR_NONE] = "",
		[MAIL_CALENDAR_PUBLISH] = "PUBLISH",
		[MAIL_CALENDAR_REQUEST] = "REQUEST",
		[MAIL_CALENDAR_REPLY] = "REPLY",
		[MAIL_CALENDAR_ADD] = "ADD",
		[MAIL_CALENDAR_CANCEL] = "CANCEL",
		[MAIL_CALENDAR_REFRESH] = "REFRESH",
		[MAIL_CALENDAR_COUNTER] = "COUNTER",
		[MAIL_CALENDAR_DECLINECOUNTER] = "DECLINECOUNTER",
		[MAIL_CALENDAR_FILE] = "file",
	};
	return names[calendar];
}
