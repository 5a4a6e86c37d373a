/* SPDX-License-Identifier: ISC */
#include "intake.h"

#include <assert.h>

#include "compose.h"
#include "confirm.h"
#include "journal.h"
#include "record/message.h"
#include "record/thread.h"
#include "run.h"

#define MERGES_FOLLOWED 10

/* An agent's mail while it is judged and run. */
struct answer {
	struct intake *in;
	Rec__Thread *thread; /* null: a new mail to the desk's address */
	struct command_block *block;
	struct attachments files; /* that came with the block */
	unsigned proofs;	  /* COMMAND_I… bits: the mail's, and a confirmed code's */
	bool note;		  /* the text stays inside */
	bool ask_first;		  /* all that lacks is a fresh proof: shown, and asked for */
	uint8_t run_key[SHA256_SIZE];
	uint8_t digest[SHA256_SIZE];
	struct slice refusal; /* why nothing may run, or empty */
};

/* ---- no proof ---- */

/* The text is kept inside, unverified; the owner is told, nobody else. */
static int keep_unverified(struct intake *in, Rec__Thread *thread, struct err *e)
{
	Rec__Message *message;
	struct notice notice = {
		.thread = thread,
		.event = "unverified",
		.subject = SLICE("A mail without proof was not carried out"),
	};
	intake_verdict(in, "without proof: kept as an unverified note");
	if (thread) {
		in->authority.agent = NULL;
		if (intake_add_message(in, thread, REC__DIRECTION__DIRECTION_NOTE, &message, e) < 0)
			return -1;
		message->unverified = true;
		if (message_save(&in->work.change, message, e) < 0)
			return -1;
	}
	notice.text = slice_str(arena_printf(
		in->arena,
		"A mail that says it is from %.*s came to a reply address, but did not prove it. "
		"No command was run and nothing was sent.\n\n%.*s\nIts text was:\n\n%.*s",
		SLICE_ARG(in->mail->from.n ? in->mail->from.items[0].addr : SLICE("nobody")),
		SLICE_ARG(in->authority.whoami), SLICE_ARG(slice_sub(in->trimmed.fresh, 0, 4000))));
	return compose_notice(&in->work, &notice, e);
}

/* ---- what refuses a mail as a whole ---- */

/* MAIL.md 5: where there are both forms, an HTML part whose block differs refuses the mail. */
static void check_html(struct answer *answer)
{
	struct intake *in = answer->in;
	struct command_block *other;
	struct mail_trimmed trimmed;
	struct err unread;
	if (!in->mail->has_plain || !in->mail->has_html)
		return;
	mail_trim_html(in->arena, in->mail, &trimmed);
	if (command_parse(in->arena, trimmed.fresh, &other, &unread) < 0) {
		answer->refusal =
			slice_str(arena_printf(in->arena, "the HTML part: %s", unread.text));
		return;
	}
	struct command_line *a = answer->block->lines, *b = other->lines;
	while (a && b && slice_eq(a->echo, b->echo)) {
		a = a->next;
		b = b->next;
	}
	if (a || b)
		answer->refusal =
			SLICE("the HTML part of the mail has other commands than its text");
}

/* Somebody else wrote since the agent's desk mail was made (T25). */
static int check_seen(struct answer *answer, struct err *e)
{
	struct intake *in = answer->in;
	struct message_list list;
	if (!answer->thread || in->authority.token.kind != TOKEN_PUBLIC ||
	    answer->thread->last_message <= in->authority.token.message)
		return 1;
	struct message_query query = {.thread = answer->thread->id, .limit = 20};
	if (message_list(in->work.change.txn, in->arena, &query, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++) {
		const Rec__Message *message = list.items[i];
		if (message->id <= in->authority.token.message || message->unverified ||
		    message->agent == in->authority.agent->id)
			continue;
		answer->refusal =
			SLICE("the thread has moved on since the mail that you answered: read what "
			      "is new and answer that mail");
	}
	return 1;
}

/* The reply itself is visible to the customer (MAIL.md 6). */
static void check_proofs(struct answer *answer)
{
	unsigned proofs = answer->proofs;
	bool public = answer->thread && !answer->note;
	bool text = slice_trim(answer->block->text).len > 0;
	if (answer->thread && text && (proofs & COMMAND_I2_FAILED))
		answer->refusal = SLICE("what is known of where the mail came from (I2) speaks "
					"against it: #whoami says why");
	else if (public && text && !(proofs & (COMMAND_I2_TRANSPORT | COMMAND_I3_FRESH)))
		answer->refusal =
			SLICE("an answer to the customer needs a mail that proves where it "
			      "came from (I2) or a fresh proof (I3)");
	if (!answer->thread && !answer->block->present)
		answer->refusal = SLICE("a new mail to the desk needs commands: #help lists them");
}

/* ---- fresh proof by a code ---- */

/* What the code stands for takes the place of the mail that brought it. */
static int take_confirmed(struct answer *answer, const Tra__Confirmation *what, struct err *e)
{
	struct intake *in = answer->in;
	struct txn *txn = in->work.change.txn;
	struct slice raw;
	struct mail *mail;
	struct mail_trimmed trimmed;
	int found = journal_bytes(txn, what->journal, &raw, e);
	if (found == 1 && what->thread)
		found = thread_load(txn, in->arena, what->thread, &answer->thread, e);
	else if (found == 1)
		answer->thread = NULL;
	if (found == 0)
		answer->refusal = SLICE("what this code stands for is no longer there");
	if (found != 1)
		return found;
	if (mail_parse(in->arena, raw, NULL, &mail, e) < 0)
		return -1;
	mail_trim_mail(in->arena, mail, &trimmed);
	attach_read(in->arena, mail, &answer->files);
	answer->note = what->note;
	answer->proofs |= COMMAND_I3_FRESH;
	return command_parse(in->arena, trimmed.fresh, &answer->block, e);
}

static int check_confirm(struct answer *answer, struct err *e)
{
	struct intake *in = answer->in;
	struct slice code = command_confirms(answer->block);
	Tra__Confirmation *what;
	if (!code.len)
		return 1;
	if (slice_trim(answer->block->text).len) {
		answer->refusal = SLICE("a mail with #confirm holds nothing else: what it confirms "
					"was written before");
		return 1;
	}
	int found = confirm_take(in->work.change.txn, in->arena, in->authority.agent->id, code,
				 in->work.change.now, &what, e);
	if (found == 0)
		answer->refusal = SLICE("this code is not one of yours, or was used already, or is "
					"older than half an hour: send the commands again");
	return found == 1 ? take_confirmed(answer, what, e) : found;
}

/* Who is known to be somebody else is not asked (MAIL.md 6). */
static void ask_first(struct answer *answer)
{
	const unsigned came_by = COMMAND_I1_TOKEN | COMMAND_I2_TRANSPORT;
	answer->ask_first = (answer->proofs & COMMAND_I0_IDENTITY) && (answer->proofs & came_by) &&
			    !(answer->proofs & COMMAND_I2_FAILED) &&
			    command_lacks_fresh(answer->proofs, answer->block);
	if (answer->ask_first)
		answer->proofs |= COMMAND_I3_FRESH;
}

/* What was shown waits under a code, which goes to the registered address only. */
static int keep_for_confirmation(struct answer *answer, struct slice *code, struct err *e)
{
	struct intake *in = answer->in;
	Tra__Confirmation what;
	char *text = ARENA_ARRAY(in->arena, CONFIRM_CODE_SIZE, char);
	tra__confirmation__init(&what);
	what.agent = in->authority.agent->id;
	what.thread = answer->thread ? answer->thread->id : 0;
	what.journal = in->id;
	what.note = answer->note;
	if (confirm_put(in->work.change.txn, &what, in->work.change.now, text, e) < 0)
		return -1;
	*code = slice_str(text);
	return 1;
}

/* ---- the same mail again ---- */

static void make_keys(struct answer *answer)
{
	struct intake *in = answer->in;
	struct buf key;
	buf_init(&key, 1 << 16);
	buf_printf(&key, "%llu ", (unsigned long long)in->authority.agent->id);
	buf_put(&key, slice_sub(in->mail->message_id, 0, 1000));
	crypto_sha256(buf_slice(&key), answer->run_key);
	buf_release(&key);
	crypto_sha256(in->mail->text, answer->digest);
}

/* A copy that came by another way: 1 it has run, 0 it is new. */
static int check_replay(struct answer *answer, struct err *e)
{
	struct intake *in = answer->in;
	Tra__CommandRun *run;
	struct slice digest = slice_of(answer->digest, SHA256_SIZE);
	make_keys(answer);
	if (!in->mail->message_id.len) {
		answer->refusal = SLICE("the mail has no Message-ID, so a copy of it could not be "
					"told from a new one");
		return 0;
	}
	int found = journal_run_load(in->work.change.txn, in->arena,
				     slice_of(answer->run_key, SHA256_SIZE), &run, e);
	if (found != 1)
		return found;
	if (!slice_eq(slice_of(run->digest.data, run->digest.len), digest)) {
		answer->refusal = SLICE("another mail with the same Message-ID has run already");
		return 0;
	}
	in->entry->state = TRA__JOURNAL_STATE__JOURNAL_STATE_DUPLICATE;
	in->entry->refused = run->refused;
	in->entry->transcript = run->transcript;
	in->entry->thread = run->thread;
	intake_verdict(in, "a copy of journal entry %llu", (unsigned long long)run->journal);
	return 1;
}

/* For whoever handed the mail in: what was shown goes to the agent alone. */
#define WAITS                                                                                      \
	SLICE("Nothing ran: the agent was asked to confirm it, since nothing proves where the "    \
	      "mail came from (I2) or the commands need a fresh proof (I3).\n")

static int save_run(struct answer *answer, const struct run *run, struct err *e)
{
	struct intake *in = answer->in;
	Tra__CommandRun row;
	tra__command_run__init(&row);
	bool waits = run->ask_first && !run->refused;
	in->entry->refused = run->refused || waits;
	in->entry->transcript = arena_str(in->arena, waits ? WAITS : run->transcript);
	if (answer->thread)
		in->entry->thread = answer->thread->id;
	row.key = (ProtobufCBinaryData){SHA256_SIZE, answer->run_key};
	row.digest = (ProtobufCBinaryData){SHA256_SIZE, answer->digest};
	row.journal = in->id;
	row.refused = in->entry->refused;
	row.transcript = in->entry->transcript;
	row.thread = in->entry->thread;
	/* A refused mail whose id is somebody else's must not replace what that one did. */
	Tra__CommandRun *before;
	int found = in->mail->message_id.len
			    ? journal_run_load(in->work.change.txn, in->arena,
					       slice_of(answer->run_key, SHA256_SIZE), &before, e)
			    : 1;
	return found == 0 ? journal_run_save(in->work.change.txn, &row, e) : found;
}

/* ---- running it ---- */

static int tell_agent(struct answer *answer, const struct run *run, struct err *e)
{
	struct intake *in = answer->in;
	struct transcript_mail mail = {
		.agent = in->authority.agent,
		.thread = answer->thread,
		.text = run->transcript,
		.subject = in->mail->subject,
		.in_reply_to = in->mail->message_id,
		.n_errors = run->n_errors,
		.refused = run->refused,
		.preview = run->preview,
	};
	if (run->ask_first && !run->refused && keep_for_confirmation(answer, &mail.code, e) < 0)
		return -1;
	intake_verdict(in, run->refused	   ? "agent's mail, refused"
			   : mail.code.len ? "agent's mail, waits to be confirmed"
			   : run->preview  ? "agent's mail, a preview"
					   : "agent's mail, carried out");
	if (run->quiet && run->committed)
		return 1;
	return compose_transcript(&in->work, &mail, e);
}

/* What an agent writes to the note address stays in the thread. */
static int keep_note(struct answer *answer, struct run *run, struct err *e)
{
	Rec__Message *message;
	if (!answer->thread || !run->note || !slice_trim(answer->block->text).len)
		return 1;
	if (!run->transcript.len)
		run->transcript = SLICE("OK kept as an internal note\n");
	return intake_add_message(answer->in, answer->thread, REC__DIRECTION__DIRECTION_NOTE,
				  &message, e);
}

static void refuse_whole(struct answer *answer, struct run *run)
{
	struct command_result result;
	command_refuse(answer->in->arena, answer->block, answer->refusal, &result);
	run->refused = true;
	run->transcript = result.transcript;
	run->n_errors = result.n_errors ? result.n_errors : 1;
}

/* The second transaction of a run that was rolled back: it writes down what was said. */
static int write_down(struct answer *answer, struct run *run, struct err *e)
{
	if (save_run(answer, run, e) < 0)
		return -1;
	return tell_agent(answer, run, e);
}

static int run_answer(struct answer *answer, struct err *e)
{
	struct intake *in = answer->in;
	struct run *run = ARENA_NEW(in->arena, struct run);
	struct command_file *files;
	size_t n_files = attach_offer(in->arena, &answer->files, in->entry->truncated, &files);
	*run = (struct run){
		.work = &in->work,
		.agent = in->authority.agent,
		.thread = answer->thread,
		.proofs = answer->proofs,
		.whoami = in->authority.whoami,
		.block = answer->block,
		.files = files,
		.n_files = n_files,
		.note = answer->note,
		.ask_first = answer->ask_first,
	};
	if (answer->refusal.len) {
		refuse_whole(answer, run);
		return write_down(answer, run, e);
	}
	if (run_block(run, e) < 0) {
		if (run->refused || run->preview)
			in->run = run;
		return -1;
	}
	if (keep_note(answer, run, e) < 0)
		return -1;
	return write_down(answer, run, e);
}

static int judge_answer(struct answer *answer, struct err *e)
{
	struct intake *in = answer->in;
	if (command_parse(in->arena, in->trimmed.fresh, &answer->block, e) < 0) {
		answer->block = ARENA_NEW(in->arena, struct command_block);
		answer->refusal = slice_str(arena_printf(in->arena, "%s", e->text));
	}
	int replay = check_replay(answer, e);
	if (replay != 0)
		return replay;
	if (!answer->refusal.len)
		check_html(answer);
	if (!answer->refusal.len && check_confirm(answer, e) < 0)
		return -1;
	if (!answer->refusal.len && check_seen(answer, e) < 0)
		return -1;
	if (!answer->refusal.len)
		ask_first(answer);
	if (!answer->refusal.len)
		check_proofs(answer);
	return 0;
}

static void act_as_agent(struct intake *in)
{
	in->work.change.agent = in->authority.agent->id;
	in->work.change.actor = slice_str(in->authority.agent->name);
	in->work.change.role = in->authority.agent->role;
}

/* Of the reply address; where it was merged into, if it was. */
static int find_thread(struct answer *answer, struct err *e)
{
	struct intake *in = answer->in;
	struct txn *txn = in->work.change.txn;
	int found = thread_load(txn, in->arena, in->authority.token.thread, &answer->thread, e);
	for (int i = 0; found == 1 && answer->thread->merged_into && i < MERGES_FOLLOWED; i++)
		found = thread_load(txn, in->arena, answer->thread->merged_into, &answer->thread,
				    e);
	return found;
}

int intake_agent(struct intake *in, struct err *e)
{
	struct answer answer = {.in = in, .files = in->files, .refusal = {NULL, 0}};
	assert(in->authority.agent || !(in->authority.proofs & COMMAND_I0_IDENTITY));
	const unsigned asked_by_reply = COMMAND_I0_IDENTITY | COMMAND_I1_TOKEN;
	const unsigned asked_anew = COMMAND_I0_IDENTITY | COMMAND_I2_TRANSPORT;
	unsigned needed = in->authority.has_token ? asked_by_reply : asked_anew;
	if (in->authority.has_token && find_thread(&answer, e) < 0)
		return -1;
	if ((in->authority.proofs & needed) != needed)
		return keep_unverified(in, answer.thread, e);
	act_as_agent(in);
	answer.proofs = in->authority.proofs;
	answer.note = answer.thread && in->authority.token.kind == TOKEN_NOTE;
	int judged = judge_answer(&answer, e);
	if (judged != 0)
		return judged;
	if (!in->rolled_back)
		return run_answer(&answer, e);
	in->run->work = &in->work;
	return write_down(&answer, in->run, e);
}
