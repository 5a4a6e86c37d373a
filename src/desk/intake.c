/* SPDX-License-Identifier: ISC */
#include "intake.h"

#include <assert.h>
#include <stdio.h>

#include "compose.h"
#include "filing.h"
#include "journal.h"
#include "record/message.h"

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
	message->flags = ARENA_ARRAY(in->arena, in->n_flags, char *);
	for (size_t i = 0; i < in->n_flags; i++)
		message->flags[message->n_flags++] = text_of(in, slice_str(in->flags[i]));
	message->looks_like = text_of(in, in->looks_like);
	if (message_create(&in->work.change, thread, message, e) < 0 ||
	    attach_keep(&in->work, &in->files, message, e) < 0)
		return -1;
	in->entry->thread = thread->id;
	in->entry->message = message->id;
	*added = message;
	return 1;
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
	int filed = as_agent ? 0 : filing_of_agent(in, e);
	if (filed != 0)
		return filed;
	return as_agent ? intake_agent(in, e) : intake_customer(in, e);
}

static int begin(struct intake *in, struct txn *txn, struct err *e)
{
	if (work_init(&in->work, in->desk, in->arena, txn, in->entry->journaled_at, e) < 0)
		return -1;
	in->n_flags = 0;
	in->looks_like = SLICE("");
	in->work.change.mail = in->mail->message_id;
	in->entry->mail = text_of(in, in->mail->message_id);
	return 1;
}

/* What a try refused that ended in a conflict, the next one may carry out. */
static void forget_run(struct intake *in)
{
	if (!in->rolled_back)
		in->run = NULL;
}

static int process_in(struct txn *txn, void *ctx, struct err *e)
{
	struct intake *in = ctx;
	forget_run(in);
	int found = journal_load(txn, in->arena, in->id, &in->entry, e);
	if (found != 1 || in->entry->state != TRA__JOURNAL_STATE__JOURNAL_STATE_NEW)
		return found < 0 ? -1 : 0;
	int done = begin(in, txn, e);
	if (done == 1)
		done = find_duplicate(in, e);
	if (done == 0) {
		in->entry->state = TRA__JOURNAL_STATE__JOURNAL_STATE_DONE;
		done = in->broken ? intake_quarantine(in, e) : dispatch(in, e);
	}
	if (done < 0)
		return -1;
	return journal_save(txn, in->entry, e);
}

static int again_in(struct txn *txn, void *ctx, struct err *e)
{
	struct intake *in = ctx;
	forget_run(in);
	int found = journal_load(txn, in->arena, in->id, &in->entry, e);
	if (found != 1 || in->entry->state != TRA__JOURNAL_STATE__JOURNAL_STATE_QUARANTINED)
		return found < 0 ? -1 : 0;
	uint64_t quarantine = in->entry->thread;
	in->entry->state = TRA__JOURNAL_STATE__JOURNAL_STATE_DONE;
	in->entry->thread = in->entry->message = 0;
	in->entry->reprocessed_at = clock_now();
	if (begin(in, txn, e) < 0 || dispatch(in, e) < 0 ||
	    intake_leave_quarantine(in, quarantine, e) < 0)
		return -1;
	return journal_save(txn, in->entry, e);
}

/* The bytes, and how often they were tried. */
struct opening {
	struct intake *in;
	Tra__JournalState state; /* what it must be in */
	uint32_t tries;
};

static int open_in(struct txn *txn, void *ctx, struct err *e)
{
	struct opening *opening = ctx;
	struct intake *in = opening->in;
	struct slice raw = SLICE("");
	int found = journal_load(txn, in->arena, in->id, &in->entry, e);
	if (found != 1 || in->entry->state != opening->state)
		return found < 0 ? -1 : 0;
	if (journal_bytes(txn, in->id, &raw, e) < 0)
		return -1;
	in->raw = arena_copy(in->arena, raw);
	opening->tries = in->entry->tries;
	return 1;
}

static void read_mail(struct intake *in)
{
	struct err e = {ERR_NONE, ""};
	if (mail_parse(in->arena, in->raw, NULL, &in->mail, &e) < 0)
		in->broken = arena_printf(in->arena, "%s", e.text);
	if (in->broken)
		return;
	mail_classify(in->arena, in->mail, &in->class);
	mail_trim_mail(in->arena, in->mail, &in->trimmed);
	attach_read(in->arena, in->mail, &in->files);
}

/*
 * What failed too often may be the reading itself, and end this process once
 * more: its bytes are not looked at again.
 */
static void give_up_reading(struct intake *in)
{
	struct err e = {ERR_NONE, ""};
	if (mail_parse(in->arena, SLICE("\r\n"), NULL, &in->mail, &e) < 0)
		die("an empty mail cannot be read: %s", e.text);
	in->broken = "processing it failed too often";
}

/* A run that was refused is rolled back, and written down in a second transaction. */
static int run_twice(struct intake *in, store_fn *fn, struct err *e)
{
	int result = store_run(in->desk->store, STORE_DEFERRED, fn, in, e);
	in->rolled_back = result < 0 && in->run && e->class != ERR_TEMP;
	return in->rolled_back ? store_run(in->desk->store, STORE_DEFERRED, fn, in, e) : result;
}

static void log_processed(const struct intake *in, const char *event)
{
	log_event(LOG_LEVEL_INFO, event, LOG_NUM("journal", in->id),
		  LOG_STR("class", mail_kind_name(in->class.kind)),
		  LOG_NUM("thread", in->entry->thread), LOG_STR("verdict", in->entry->verdict));
}

int intake_process(struct desk *desk, uint64_t id, struct err *e)
{
	assert(id > 0);
	struct arena *a = arena_open();
	struct intake *in = ARENA_NEW(a, struct intake);
	*in = (struct intake){.desk = desk, .arena = a, .id = id};
	struct opening opening = {in, TRA__JOURNAL_STATE__JOURNAL_STATE_NEW, 0};
	int result = store_run(desk->store, STORE_READ, open_in, &opening, e);
	if (result == 1) {
		if (opening.tries > conf_integer(desk->settings, "desk", 0, "tries"))
			give_up_reading(in);
		else
			read_mail(in);
		result = run_twice(in, process_in, e);
	}
	if (result == 1)
		log_processed(in, "mail-processed");
	arena_close(&a);
	return result;
}

int intake_again(struct desk *desk, struct arena *a, struct intake_again *again, struct err *e)
{
	assert(again->id > 0 && again->user.len);
	struct intake *in = ARENA_NEW(a, struct intake);
	*in = (struct intake){.desk = desk, .arena = a, .id = again->id, .again_by = again->user};
	struct opening opening = {in, TRA__JOURNAL_STATE__JOURNAL_STATE_QUARANTINED, 0};
	again->broken = NULL;
	int result = store_run(desk->store, STORE_READ, open_in, &opening, e);
	if (result != 1)
		return result;
	read_mail(in);
	again->broken = in->broken;
	result = in->broken ? 0 : run_twice(in, again_in, e);
	again->thread = in->entry->thread;
	if (result == 1)
		log_processed(in, "mail-reprocessed");
	return result;
}
