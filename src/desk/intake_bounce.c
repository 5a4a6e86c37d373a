/* SPDX-License-Identifier: ISC */
#include "intake.h"

#include <assert.h>

#include "compose.h"
#include "outbox.h"
#include "record/message.h"
#include "record/thread.h"

/* What a report says of the one mail of ours that it is about. */
struct report {
	struct intake *in;
	uint64_t outbox; /* 0: it is about nothing of ours */
	bool failed, delayed, hard;
	struct slice detail;
};

/* By our own envelope token: the report came back to the address we sent from. */
static void match_address(struct report *report, struct slice address)
{
	struct token token;
	struct work *work = &report->in->work;
	if (token_get_address(&work->desk->keys, address, slice_str(work->shop->address), &token) ==
		    1 &&
	    token.kind == TOKEN_BOUNCE)
		report->outbox = token.message;
}

static void match(struct report *report)
{
	static const char *const hints[] = {"Delivered-To", "X-Original-To"};
	const struct mail *m = report->in->mail;
	uint64_t thread;
	for (size_t i = 0; i < m->to.n; i++)
		match_address(report, m->to.items[i].addr);
	for (size_t h = 0; h < 2; h++)
		match_address(report, slice_trim(mail_field(m, hints[h], 0)));
	if (!report->outbox)
		token_get_message_id(&report->in->desk->keys, report->in->class.original_message_id,
				     &thread, &report->outbox);
}

static void read_recipients(struct report *report)
{
	const struct mail_class *class = &report->in->class;
	for (size_t i = 0; i < class->n_recipients; i++) {
		const struct mail_recipient *r = &class->recipients[i];
		report->failed |= r->action == MAIL_ACTION_FAILED;
		report->delayed |= r->action == MAIL_ACTION_DELAYED;
		report->hard |= r->hard;
		if (!report->detail.len)
			report->detail = r->diagnostic.len ? r->diagnostic : r->status;
	}
	if (class->kind == MAIL_KIND_ARF)
		report->detail = SLICE("the recipient reported it as unwanted");
}

/* 1 when the message's delivery is news. */
static int mark_message(struct report *report, uint64_t id, const char *delivery, struct err *e)
{
	Rec__Message *message;
	int found =
		id ? message_load(report->in->work.change.txn, report->in->arena, id, &message, e)
		   : 0;
	if (found != 1)
		return found;
	if (strcmp(message->delivery, delivery) == 0 || strcmp(message->delivery, "failed") == 0)
		return 0;
	message->delivery = arena_str(report->in->arena, slice_str(delivery));
	return message_save(&report->in->work.change, message, e);
}

static int tell_owner(struct report *report, const Tra__Outbox *entry, const char *delivery,
		      struct err *e)
{
	Rec__Thread *thread = NULL;
	struct intake *in = report->in;
	if (thread_load(in->work.change.txn, in->arena, entry->thread, &thread, e) < 0)
		return -1;
	struct notice notice = {
		.thread = thread,
		.event = "bounce",
		.subject = slice_str(arena_printf(in->arena, "Not delivered (%s): %s", delivery,
						  entry->recipient)),
		.text = slice_str(arena_printf(
			in->arena, "The mail to %s was not delivered (%s).\n\n%.*s",
			entry->recipient, delivery, SLICE_ARG(slice_sub(report->detail, 0, 2000)))),
	};
	return compose_notice(&in->work, &notice, e);
}

int intake_answered(struct intake *in, Tra__Outbox **entry, struct err *e)
{
	struct report report = {.in = in};
	uint64_t thread;
	match(&report);
	for (size_t i = 0; i < in->mail->n_in_reply_to && !report.outbox; i++)
		token_get_message_id(&in->desk->keys, in->mail->in_reply_to[i], &thread,
				     &report.outbox);
	return report.outbox ? outbox_load(in->work.change.txn, in->arena, report.outbox, entry, e)
			     : 0;
}

int intake_bounce(struct intake *in, struct err *e)
{
	struct report report = {.in = in};
	Tra__Outbox *entry;
	match(&report);
	read_recipients(&report);
	int found = report.outbox
			    ? outbox_load(in->work.change.txn, in->arena, report.outbox, &entry, e)
			    : 0;
	if (found < 0)
		return -1;
	intake_verdict(in, "%s that matches nothing of ours", mail_kind_name(in->class.kind));
	if (found == 0)
		return 1;
	assert(entry->id == report.outbox);
	bool complaint = in->class.kind == MAIL_KIND_ARF;
	const char *delivery = report.failed ? "failed" : complaint ? "complaint" : "delayed";
	intake_verdict(in, "%s: outgoing mail %llu %s", mail_kind_name(in->class.kind),
		       (unsigned long long)entry->id, delivery);
	in->entry->thread = entry->thread;
	if (!report.failed && !report.delayed && !complaint)
		return 1;
	if ((report.hard || complaint) &&
	    automatic_suppress(in->work.change.txn, slice_str(entry->recipient), e) < 0)
		return -1;
	/* Desk mails and transcripts that bounce go to the log: telling by mail could loop. */
	if (entry->kind != TRA__OUTBOX_KIND__OUTBOX_KIND_CUSTOMER)
		return 1;
	int news = mark_message(&report, entry->message, delivery, e);
	return news == 1 ? tell_owner(&report, entry, delivery, e) : news;
}
