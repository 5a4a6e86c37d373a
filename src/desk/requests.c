/* SPDX-License-Identifier: ISC */
#include "requests.h"

#include "compose.h"
#include "journal.h"
#include "outbox.h"
#include "record/message.h"
#include "record/thread.h"

#define DELIVER_MAX 200
#define CLAIM_MAX 100
#define CLAIM_BYTES (8u << 20) /* behind this no further mail is put into an answer */
#define SETTLE_MAX 500

/* One request while it is answered; what the transactions fill in lives in the arena. */
struct asked {
	struct desk *desk;
	struct arena *arena;
	const Rpc__Request *request;
	Rpc__Reply *reply;
	uint64_t ids[DELIVER_MAX];
};

/* ---- mails in ---- */

static int journal_mails(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	const Rpc__Deliver *deliver = asked->request->deliver;
	for (size_t i = 0; i < deliver->n_mails; i++)
		if (journal_add(txn, deliver->mails[i], clock_now(), &asked->ids[i], e) < 0)
			return -1;
	if (deliver->cursor && journal_cursor_save(txn, deliver->cursor, e) < 0)
		return -1;
	return 1;
}

static int read_outcomes(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	size_t n = asked->request->deliver->n_mails;
	asked->reply->outcomes = ARENA_ARRAY(asked->arena, n, Rpc__Outcome *);
	for (size_t i = 0; i < n; i++) {
		Tra__Journal *entry;
		Rpc__Outcome *outcome = ARENA_NEW(asked->arena, Rpc__Outcome);
		rpc__outcome__init(outcome);
		if (journal_load(txn, asked->arena, asked->ids[i], &entry, e) != 1)
			return -1;
		outcome->journal = entry->id;
		outcome->state =
			arena_str(asked->arena, schema_enum_text(&tra__journal_state__descriptor,
								 (int)entry->state));
		outcome->refused = entry->refused;
		outcome->transcript = entry->transcript;
		outcome->thread = entry->thread;
		asked->reply->outcomes[i] = outcome;
	}
	asked->reply->n_outcomes = n;
	return 1;
}

static int answer_deliver(struct asked *asked, struct err *e)
{
	const Rpc__Deliver *deliver = asked->request->deliver;
	if (deliver->n_mails > DELIVER_MAX)
		return err_set(e, ERR_TEMP, "%zu mails at once are more than %d", deliver->n_mails,
			       DELIVER_MAX);
	if (store_run(asked->desk->store, STORE_DURABLE, journal_mails, asked, e) < 0)
		return -1;
	for (size_t i = 0; i < deliver->n_mails && deliver->wait; i++)
		if (desk_process(asked->desk, asked->ids[i], e) < 0)
			return -1;
	if (!deliver->wait)
		desk_notify(asked->desk);
	return store_run(asked->desk->store, STORE_READ, read_outcomes, asked, e);
}

static int cursor_in(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	const Rpc__CursorGet *get = asked->request->cursor_get;
	int found = journal_cursor_load(txn, asked->arena, slice_str(get->mailbox),
					slice_str(get->folder), &asked->reply->cursor, e);
	if (found == 0)
		asked->reply->cursor = NULL;
	return found;
}

static int answer_cursor_get(struct asked *asked, struct err *e)
{
	return store_run(asked->desk->store, STORE_READ, cursor_in, asked, e);
}

static int known_in(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	const Rpc__Known *known = asked->request->known;
	asked->reply->known = ARENA_ARRAY(asked->arena, known->n_sha256, protobuf_c_boolean);
	asked->reply->n_known = known->n_sha256;
	for (size_t i = 0; i < known->n_sha256; i++) {
		Tra__Journal *entry;
		struct slice digest = slice_of(known->sha256[i].data, known->sha256[i].len);
		int found = journal_find_digest(txn, txn_arena(txn), digest, UINT64_MAX, &entry, e);
		if (found < 0)
			return -1;
		asked->reply->known[i] = found;
	}
	return 1;
}

static int answer_known(struct asked *asked, struct err *e)
{
	return store_run(asked->desk->store, STORE_READ, known_in, asked, e);
}

/* ---- what may be done on the server ---- */

static int settle_in(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	const Rpc__SettleGet *get = asked->request->settle_get;
	struct journal_unsettled *list =
		ARENA_ARRAY(asked->arena, SETTLE_MAX, struct journal_unsettled);
	size_t most = get->limit && get->limit < SETTLE_MAX ? get->limit : SETTLE_MAX;
	int n = journal_unsettled(txn, get, list, most, e);
	if (n < 0)
		return -1;
	asked->reply->settles = ARENA_ARRAY(asked->arena, (size_t)n, Rpc__Settle *);
	asked->reply->n_settles = (size_t)n;
	for (int i = 0; i < n; i++) {
		Rpc__Settle *settle = ARENA_NEW(asked->arena, Rpc__Settle);
		rpc__settle__init(settle);
		settle->journal = list[i].id;
		settle->uid = list[i].uid;
		settle->quarantined = list[i].quarantined;
		asked->reply->settles[i] = settle;
	}
	return 1;
}

static int answer_settle_get(struct asked *asked, struct err *e)
{
	return store_run(asked->desk->store, STORE_READ, settle_in, asked, e);
}

static int settled_in(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	const Rpc__Settled *settled = asked->request->settled;
	for (size_t i = 0; i < settled->n_journals; i++) {
		Tra__Journal *entry;
		int found = journal_load(txn, txn_arena(txn), settled->journals[i], &entry, e);
		if (found < 0)
			return -1;
		if (found == 0)
			continue;
		entry->settled = true;
		if (journal_save(txn, entry, e) < 0)
			return -1;
	}
	return 1;
}

static int answer_settled(struct asked *asked, struct err *e)
{
	/* Lost by a crash it is asked again, and marking a marked mail again does nothing. */
	return store_run(asked->desk->store, STORE_DEFERRED, settled_in, asked, e);
}

/* ---- mails out ---- */

static Rpc__Outgoing *outgoing_of(struct asked *asked, const Tra__Outbox *entry, struct slice raw)
{
	Rpc__Outgoing *mail = ARENA_NEW(asked->arena, Rpc__Outgoing);
	struct slice copy = arena_copy(asked->arena, raw);
	rpc__outgoing__init(mail);
	mail->id = entry->id;
	mail->sender = entry->sender;
	mail->recipient = entry->recipient;
	mail->message_id = entry->message_id;
	mail->raw.len = copy.len;
	memcpy(&mail->raw.data, &copy.ptr, sizeof(copy.ptr));
	return mail;
}

static int claim_in(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	Tra__Outbox *entries[CLAIM_MAX];
	size_t most = asked->request->claim->limit;
	int n = outbox_due(txn, asked->arena, clock_now(), entries,
			   most && most < CLAIM_MAX ? most : CLAIM_MAX, e);
	if (n < 0)
		return -1;
	asked->reply->outgoing = ARENA_ARRAY(asked->arena, (size_t)n, Rpc__Outgoing *);
	asked->reply->n_outgoing = 0;
	/* The first one always goes: an answer that the socket refuses would end all sending. */
	for (size_t i = 0, bytes = 0; i < (size_t)n && bytes < CLAIM_BYTES; i++) {
		struct slice raw;
		int found = outbox_bytes(txn, entries[i]->id, &raw, e);
		if (found < 0)
			return -1;
		if (found == 0)
			continue;
		asked->reply->outgoing[asked->reply->n_outgoing++] =
			outgoing_of(asked, entries[i], raw);
		bytes += raw.len;
	}
	return outbox_next_due(txn, &asked->reply->next_due_at, e);
}

static int answer_claim(struct asked *asked, struct err *e)
{
	/* Read, then flushed by desk_handle before the answer leaves: what goes out is durable. */
	return store_run(asked->desk->store, STORE_READ, claim_in, asked, e);
}

/* Refused for good, no automatic mail goes there any more; a server that is down may come back. */
static int suppress_refused(const struct asked *asked, struct txn *txn, const Tra__Outbox *entry,
			    struct err *e)
{
	if (asked->request->result->delivery != RPC__DELIVERY__DELIVERY_REFUSED)
		return 1;
	return automatic_suppress(txn, slice_str(entry->recipient), e);
}

/* A mail that cannot be delivered becomes a word on its thread. */
static int give_up(struct asked *asked, struct txn *txn, Tra__Outbox *entry, struct err *e)
{
	struct work work;
	Rec__Message *message;
	Rec__Thread *thread = NULL;
	entry->state = TRA__OUTBOX_STATE__OUTBOX_STATE_FAILED;
	if (entry->kind != TRA__OUTBOX_KIND__OUTBOX_KIND_CUSTOMER)
		return 1;
	if (work_init(&work, asked->desk, asked->arena, txn, clock_now(), e) < 0 ||
	    suppress_refused(asked, txn, entry, e) < 0)
		return -1;
	int found =
		entry->message ? message_load(txn, asked->arena, entry->message, &message, e) : 0;
	if (found == 1) {
		message->delivery = arena_str(asked->arena, SLICE("failed"));
		found = message_save(&work.change, message, e);
	}
	if (found < 0 || thread_load(txn, asked->arena, entry->thread, &thread, e) < 0)
		return -1;
	struct notice notice = {
		.thread = thread,
		.event = "refused",
		.subject = slice_str(
			arena_printf(asked->arena, "Not delivered (failed): %s", entry->recipient)),
		.text = slice_str(arena_printf(asked->arena,
					       "The mail to %s could not be delivered:\n\n%s",
					       entry->recipient, entry->last_error)),
	};
	return compose_notice(&work, &notice, e);
}

static int result_in(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	const Rpc__Result *result = asked->request->result;
	Tra__Outbox *entry;
	int64_t now = clock_now();
	int found = outbox_load(txn, asked->arena, result->id, &entry, e);
	if (found != 1 || entry->state != TRA__OUTBOX_STATE__OUTBOX_STATE_QUEUED)
		return found < 0 ? -1 : 1;
	entry->tries++;
	entry->last_error = arena_str(asked->arena, slice_sub(slice_str(result->detail), 0, 1000));
	bool late = now > entry->created_at + (int64_t)OUTBOX_DAYS * 86400;
	if (result->delivery == RPC__DELIVERY__DELIVERY_SENT) {
		entry->state = TRA__OUTBOX_STATE__OUTBOX_STATE_SENT;
		entry->sent_at = now;
	} else if (result->delivery == RPC__DELIVERY__DELIVERY_REFUSED || late) {
		if (give_up(asked, txn, entry, e) < 0)
			return -1;
	} else {
		entry->due_at = now + outbox_delay(entry->tries - 1);
	}
	return outbox_save(txn, entry, e);
}

static int answer_result(struct asked *asked, struct err *e)
{
	return store_run(asked->desk->store, STORE_DURABLE, result_in, asked, e);
}

/* ---- the rest ---- */

static int alarm_in(struct txn *txn, void *ctx, struct err *e)
{
	struct asked *asked = ctx;
	struct work work;
	struct notice notice = {
		.event = "alarm",
		.subject = slice_str(asked->request->alarm->subject),
		.text = slice_str(asked->request->alarm->text),
	};
	if (work_init(&work, asked->desk, asked->arena, txn, clock_now(), e) < 0)
		return -1;
	return compose_notice(&work, &notice, e);
}

static int answer_alarm(struct asked *asked, struct err *e)
{
	return store_run(asked->desk->store, STORE_DURABLE, alarm_in, asked, e);
}

static int answer_call(struct asked *asked, struct err *e)
{
	return call_answer(asked->desk, asked->request->call, asked->arena, asked->reply, e);
}

static int (*const answers[])(struct asked *asked, struct err *e) = {
	[RPC__REQUEST__BODY_DELIVER] = answer_deliver,
	[RPC__REQUEST__BODY_CURSOR_GET] = answer_cursor_get,
	[RPC__REQUEST__BODY_SETTLE_GET] = answer_settle_get,
	[RPC__REQUEST__BODY_SETTLED] = answer_settled,
	[RPC__REQUEST__BODY_KNOWN] = answer_known,
	[RPC__REQUEST__BODY_CLAIM] = answer_claim,
	[RPC__REQUEST__BODY_RESULT] = answer_result,
	[RPC__REQUEST__BODY_CALL] = answer_call,
	[RPC__REQUEST__BODY_ALARM] = answer_alarm,
};

int request_answer(struct desk *desk, const Rpc__Request *request, struct arena *a,
		   Rpc__Reply *reply, struct err *e)
{
	struct asked *asked = ARENA_NEW(a, struct asked);
	*asked = (struct asked){.desk = desk, .arena = a, .request = request, .reply = reply};
	size_t n = (size_t)request->body_case;
	if (n >= sizeof(answers) / sizeof(answers[0]) || !answers[n])
		return err_set(e, ERR_CONFIG,
			       "the desk does not know this request: is it older "
			       "than the program that asks?");
	return answers[n](asked, e);
}
