/* SPDX-License-Identifier: ISC */
#include "compose.h"
#include "intake.h"
#include "record/id.h"
#include "record/thread.h"

#define ORIGINAL_MAX (20u << 20) /* octets of the original that an agent gets */

static char *subject_of(struct intake *in)
{
	struct buf line;
	buf_init(&line, 1 << 16);
	text_put_line(&line, in->mail->subject, 400);
	char *copy = arena_str(in->arena, buf_slice(&line));
	buf_release(&line);
	return copy;
}

int intake_quarantine(struct intake *in, struct err *e)
{
	Rec__Thread *thread = ARENA_NEW(in->arena, Rec__Thread);
	Rec__Message *message;
	struct mail_attachment original = {
		.filename = SLICE("original.eml"),
		.type = SLICE("application/octet-stream"),
		.bytes = slice_sub(in->raw, 0, ORIGINAL_MAX),
	};
	rec__thread__init(thread);
	thread->shop = in->work.shop->id;
	thread->subject = subject_of(in);
	thread->queue = arena_str(in->arena, SLICE("quarantine"));
	in->entry->state = TRA__JOURNAL_STATE__JOURNAL_STATE_QUARANTINED;
	intake_verdict(in, "quarantined: %s", in->broken);
	if (thread_create(&in->work.change, thread, e) < 0 ||
	    intake_add_message(in, thread, REC__DIRECTION__DIRECTION_IN, &message, e) < 0)
		return -1;
	struct slice why = slice_str(arena_printf(
		in->arena,
		"This mail could not be read (%s). The original is attached. Once the cause is "
		"mended, `postclerk reprocess %llu` takes it up again.",
		in->broken, (unsigned long long)in->id));
	struct desk_mail mail = {
		.thread = thread,
		.message = message,
		.text = why,
		.attachments = &original,
		.n_attachments = 1,
	};
	struct notice notice = {
		.thread = thread,
		.event = "quarantined",
		.subject = SLICE("A mail was quarantined"),
		.text = why,
	};
	if (compose_desk(&in->work, &mail, e) < 0)
		return -1;
	return compose_notice(&in->work, &notice, e);
}

/* What was said about it in quarantine stays readable: the thread leads to where it is now. */
int intake_leave_quarantine(struct intake *in, uint64_t id, struct err *e)
{
	struct change *ch = &in->work.change;
	Rec__Thread *thread;
	uint64_t target = in->entry->thread;
	int found = thread_load(ch->txn, in->arena, id, &thread, e);
	bool merge = target && target != id;
	enum thread_event event = merge ? THREAD_MERGE : THREAD_CLOSE;
	if (found != 1 || thread_check(thread, event, NULL) < 0)
		return found < 0 ? -1 : 1;
	if (merge)
		thread->merged_into = target;
	/* Not the mail does this but who asked for it, and now. */
	change_init(ch, ch->txn, in->arena, clock_now());
	struct slice reason = slice_str(arena_printf(in->arena, "taken up again by %.*s%s%s",
						     SLICE_ARG(in->again_by), merge ? " as " : "",
						     merge ? id_text(in->arena, 'T', target) : ""));
	return thread_move(ch, thread, event, reason, e);
}
