/* SPDX-License-Identifier: ISC */
#include "intake.h"

#include <assert.h>
#include <stdio.h>

#include "compose.h"
#include "journal.h"
#include "record/message.h"

#define ATTACHMENTS_MAX 50
#define ATTACHMENTS_SIZE_MAX (20u << 20)

void intake_verdict(struct intake *in, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	in->entry->verdict = arena_vprintf(in->arena, format, args);
	va_end(args);
}

static char *text_of(struct intake *in, struct slice s)
{
	struct buf line;
	buf_init(&line, 1 << 16);
	text_put_line(&line, s, 1000);
	char *copy = arena_str(in->arena, buf_slice(&line));
	buf_release(&line);
	return copy;
}

int intake_add_message(struct intake *in, Rec__Thread *thread, Rec__Direction direction,
		       Rec__Message **added, struct err *e)
{
	assert(in->id && thread->id);
	const struct mail *m = in->mail;
	Rec__Message *message = ARENA_NEW(in->arena, Rec__Message);
	rec__message__init(message);
	message->direction = direction;
	message->journal = in->id;
	message->agent = in->authority.agent ? in->authority.agent->id : 0;
	if (m->from.n) {
		message->from_name = text_of(in, m->from.items[0].name);
		message->from = text_of(in, m->from.items[0].addr);
	}
	if (m->to.n)
		message->to = text_of(in, m->to.items[0].addr);
	message->subject = text_of(in, m->subject);
	message->message_id = text_of(in, m->message_id);
	message->references = ARENA_ARRAY(in->arena, m->n_references + 1, char *);
	for (size_t i = 0; i < m->n_references; i++)
		message->references[message->n_references++] = text_of(in, m->references[i]);
	message->sent_at = m->has_date ? m->date : in->entry->journaled_at;
	message->class_ = text_of(in, slice_str(mail_kind_name(in->class.kind)));
	if (message_create(&in->work.change, thread, message, e) < 0)
		return -1;
	in->entry->thread = thread->id;
	in->entry->message = message->id;
	*added = message;
	return 1;
}

size_t intake_attachments(struct intake *in, struct mail_attachment **list)
{
	const struct mail *m = in->mail;
	size_t n = 0, total = 0;
	*list = ARENA_ARRAY(in->arena, ATTACHMENTS_MAX, struct mail_attachment);
	for (size_t i = 0; i < m->n_attachments && n < ATTACHMENTS_MAX; i++) {
		const struct mail_part *part = &m->parts[m->attachments[i]];
		size_t size = mail_part_size(part);
		if (size > ATTACHMENTS_SIZE_MAX - total)
			continue;
		total += size;
		(*list)[n++] = (struct mail_attachment){
			.filename = part->filename,
			.type = slice_str(arena_printf(in->arena, "%.*s/%.*s",
						       SLICE_ARG(part->type),
						       SLICE_ARG(part->subtype))),
			.bytes = mail_part_bytes(in->arena, part),
		};
	}
	return n;
}

/* The same bytes again: no second effect, the same transcript. */
static int find_duplicate(struct intake *in, struct err *e)
{
	Tra__Journal *first;
	struct slice digest = slice_of(in->entry->sha256.data, in->entry->sha256.len);
	int found = journal_find_digest(in->work.change.txn, in->arena, digest, in->id, &first, e);
	if (found != 1)
		return found;
	in->entry->state = TRA__JOURNAL_STATE__JOURNAL_STATE_DUPLICATE;
	in->entry->thread = first->thread;
	in->entry->refused = first->refused;
	in->entry->transcript = first->transcript;
	intake_verdict(in, "the same bytes as journal entry %llu", (unsigned long long)first->id);
	return 1;
}

/*
 * Automatic mail that nobody is told of, since telling them could go round
 * for ever: our own, come back (a forwarding), and what a machine answers to
 * a mail for an agent, wherever it sends that.  1 or 0; -1.
 */
static int is_for_log(struct intake *in, bool as_agent, struct err *e)
{
	Tra__Outbox *entry;
	if (token_is_loop(&in->desk->keys, mail_field(in->mail, "X-Postclerk-Loop", 0)))
		return 1;
	if (in->class.kind != MAIL_KIND_AUTO)
		return 0;
	if (as_agent || in->authority.agent)
		return 1;
	int found = intake_answered(in, &entry, e);
	return found == 1 ? entry->kind != TRA__OUTBOX_KIND__OUTBOX_KIND_CUSTOMER : found;
}

/* Classified before anything that could send. */
static int dispatch(struct intake *in, struct err *e)
{
	if (in->class.kind == MAIL_KIND_DSN || in->class.kind == MAIL_KIND_ARF)
		return intake_bounce(in, e);
	if (authority_judge(&in->work, in->mail, &in->authority, e) < 0)
		return -1;
	bool as_agent = in->authority.has_token || (in->authority.to_desk && in->authority.agent);
	int log = is_for_log(in, as_agent, e);
	if (log == 1)
		intake_verdict(in, "automatic mail, ours or an agent's: not taken up");
	if (log != 0)
		return log;
	return as_agent ? intake_agent(in, e) : intake_customer(in, e);
}

static int process_in(struct txn *txn, void *ctx, struct err *e)
{
	struct intake *in = ctx;
	/* What a try refused that ended in a conflict, the next one may carry out. */
	if (!in->rolled_back)
		in->run = NULL;
	int found = journal_load(txn, in->arena, in->id, &in->entry, e);
	if (found != 1 || in->entry->state != TRA__JOURNAL_STATE__JOURNAL_STATE_NEW)
		return found < 0 ? -1 : 0;
	if (work_init(&in->work, in->desk, in->arena, txn, in->entry->journaled_at, e) < 0)
		return -1;
	in->work.change.mail = in->mail->message_id;
	in->entry->mail = text_of(in, in->mail->message_id);
	int done = find_duplicate(in, e);
	if (done == 0) {
		in->entry->state = TRA__JOURNAL_STATE__JOURNAL_STATE_DONE;
		done = in->broken ? intake_quarantine(in, e) : dispatch(in, e);
	}
	if (done < 0)
		return -1;
	return journal_save(txn, in->entry, e);
}

/* The bytes, and how often they were tried. */
struct opening {
	struct intake *in;
	uint32_t tries;
};

static int open_in(struct txn *txn, void *ctx, struct err *e)
{
	struct opening *opening = ctx;
	struct intake *in = opening->in;
	struct slice raw = SLICE("");
	int found = journal_load(txn, in->arena, in->id, &in->entry, e);
	if (found != 1 || in->entry->state != TRA__JOURNAL_STATE__JOURNAL_STATE_NEW)
		return found < 0 ? -1 : 0;
	if (journal_bytes(txn, in->id, &raw, e) < 0)
		return -1;
	in->raw = arena_copy(in->arena, raw);
	opening->tries = in->entry->tries;
	return 1;
}

static void read_mail(struct intake *in, uint32_t tries)
{
	struct err e = {ERR_NONE, ""};
	if (mail_parse(in->arena, in->raw, NULL, &in->mail, &e) < 0)
		in->broken = arena_printf(in->arena, "%s", e.text);
	else if (tries > conf_integer(in->desk->settings, "desk", 0, "tries"))
		in->broken = "processing it failed too often";
	if (in->broken)
		return;
	mail_classify(in->arena, in->mail, &in->class);
	mail_trim(in->arena, in->mail->text, &in->trimmed);
}

int intake_process(struct desk *desk, uint64_t id, struct err *e)
{
	assert(id > 0);
	struct arena *a = arena_open();
	struct intake *in = ARENA_NEW(a, struct intake);
	*in = (struct intake){.desk = desk, .arena = a, .id = id};
	struct opening opening = {.in = in};
	int result = store_run(desk->store, STORE_READ, open_in, &opening, e);
	if (result == 1) {
		read_mail(in, opening.tries);
		result = store_run(desk->store, STORE_DEFERRED, process_in, in, e);
		in->rolled_back = result < 0 && in->run && e->class != ERR_TEMP;
		if (in->rolled_back)
			result = store_run(desk->store, STORE_DEFERRED, process_in, in, e);
	}
	if (result == 1)
		log_event(LOG_LEVEL_INFO, "mail-processed", LOG_NUM("journal", id),
			  LOG_STR("class", mail_kind_name(in->class.kind)),
			  LOG_NUM("thread", in->entry->thread),
			  LOG_STR("verdict", in->entry->verdict));
	arena_close(&a);
	return result;
}
