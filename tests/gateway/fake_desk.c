/* SPDX-License-Identifier: ISC */
#include "fake_desk.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

struct desk {
	int unused;
};

static struct fake_desk state;
static struct desk the_desk;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void fake_reset(void)
{
	fake_lock();
	state = (struct fake_desk){0};
	fake_unlock();
}

struct fake_desk *fake(void)
{
	return &state;
}

void fake_lock(void)
{
	pthread_mutex_lock(&lock);
}

void fake_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

void fake_queue(uint64_t id, const char *sender, const char *recipient, const char *raw)
{
	fake_lock();
	state.outgoing[state.n_outgoing++] = (struct fake_outgoing){
		.id = id, .sender = sender, .recipient = recipient, .raw = raw};
	fake_unlock();
}

struct fake_mail *fake_find(uint32_t uid)
{
	for (size_t i = 0; i < state.n_mails; i++)
		if (state.mails[i].uid == uid)
			return &state.mails[i];
	return NULL;
}

/* ---- the door ---- */

int desk_open(const char *dir, struct desk **desk, struct err *e)
{
	(void)dir;
	fake_lock();
	bool taken = state.taken;
	state.opens += !taken;
	fake_unlock();
	if (taken)
		return err_set(e, ERR_TEMP, "another process owns the store");
	*desk = &the_desk;
	return 1;
}

void desk_close(struct desk **desk)
{
	*desk = NULL;
}

int desk_work(struct desk *desk, int most, struct err *e)
{
	(void)desk;
	(void)most;
	(void)e;
	fake_lock();
	state.works++;
	fake_unlock();
	return 0;
}

int desk_tick(struct desk *desk, int most, struct err *e)
{
	(void)desk;
	(void)most;
	(void)e;
	return 0;
}

int desk_maintain(struct desk *desk, struct err *e)
{
	(void)desk;
	(void)e;
	return 0;
}

bool desk_wait(struct desk *desk, int timeout_ms)
{
	(void)desk;
	struct timespec t = {.tv_nsec = 1000000L * (timeout_ms < 20 ? timeout_ms : 20)};
	nanosleep(&t, NULL);
	return false;
}

void desk_wake(struct desk *desk)
{
	(void)desk;
}

/* ---- requests ---- */

static struct fake_mail *find_place(uint32_t uidvalidity, uint32_t uid)
{
	for (size_t i = 0; i < state.n_mails; i++)
		if (state.mails[i].uid == uid && state.mails[i].uidvalidity == uidvalidity)
			return &state.mails[i];
	return NULL;
}

static void take_mail(const Rpc__Mail *mail)
{
	struct fake_mail *m = find_place(mail->uidvalidity, mail->uid);
	if (!m) {
		if (state.n_mails == FAKE_MAILS_MAX)
			abort();
		m = &state.mails[state.n_mails++];
		m->id = state.n_mails;
	}
	m->uidvalidity = mail->uidvalidity;
	m->uid = mail->uid;
	m->size = mail->raw.len;
	m->truncated = mail->truncated;
	m->quarantined = mail->uid == state.quarantine_uid;
	m->times++;
	crypto_sha256(slice_of(mail->raw.data, mail->raw.len), m->sha256);
}

static void answer_deliver(const Rpc__Deliver *deliver, Rpc__Reply *reply)
{
	if (state.deliver_error) {
		reply->status = EX_TEMPFAIL;
		reply->error = (char *)(uintptr_t)state.deliver_error;
		return;
	}
	for (size_t i = 0; i < deliver->n_mails; i++)
		take_mail(deliver->mails[i]);
	const Tra__Cursor *cursor = deliver->cursor;
	if (!cursor)
		return;
	state.cursor_uidvalidity = cursor->uidvalidity;
	state.cursor_uid = cursor->uid;
	state.n_owed = cursor->n_owed;
	for (size_t i = 0; i < cursor->n_owed && i < FAKE_MAILS_MAX; i++)
		state.owed[i] = cursor->owed[i];
}

static void answer_cursor(Rpc__Reply *reply, struct arena *a)
{
	if (!state.cursor_uidvalidity)
		return;
	reply->cursor = ARENA_NEW(a, Tra__Cursor);
	tra__cursor__init(reply->cursor);
	reply->cursor->uidvalidity = state.cursor_uidvalidity;
	reply->cursor->uid = state.cursor_uid;
	reply->cursor->n_owed = state.n_owed;
	reply->cursor->owed = ARENA_ARRAY(a, state.n_owed, uint32_t);
	memcpy(reply->cursor->owed, state.owed, state.n_owed * sizeof(uint32_t));
}

static void answer_settle(const Rpc__SettleGet *get, Rpc__Reply *reply, struct arena *a)
{
	reply->settles = ARENA_ARRAY(a, state.n_mails, Rpc__Settle *);
	for (size_t i = 0; i < state.n_mails && reply->n_settles < get->limit; i++) {
		const struct fake_mail *m = &state.mails[i];
		if (m->settled || m->uidvalidity != get->uidvalidity)
			continue;
		Rpc__Settle *settle = ARENA_NEW(a, Rpc__Settle);
		rpc__settle__init(settle);
		settle->journal = m->id;
		settle->uid = m->uid;
		settle->quarantined = m->quarantined;
		reply->settles[reply->n_settles++] = settle;
	}
}

static bool is_known(ProtobufCBinaryData sha256)
{
	for (size_t i = 0; i < state.n_mails; i++)
		if (sha256.len == SHA256_SIZE &&
		    memcmp(state.mails[i].sha256, sha256.data, SHA256_SIZE) == 0)
			return true;
	return false;
}

static void answer_known(const Rpc__Known *known, Rpc__Reply *reply, struct arena *a)
{
	reply->known = ARENA_ARRAY(a, known->n_sha256, protobuf_c_boolean);
	reply->n_known = known->n_sha256;
	for (size_t i = 0; i < known->n_sha256; i++)
		reply->known[i] = is_known(known->sha256[i]);
}

static void answer_claim(const Rpc__Claim *claim, Rpc__Reply *reply, struct arena *a)
{
	state.claims++;
	reply->outgoing = ARENA_ARRAY(a, state.n_outgoing, Rpc__Outgoing *);
	for (size_t i = 0; i < state.n_outgoing && reply->n_outgoing < claim->limit; i++) {
		const struct fake_outgoing *o = &state.outgoing[i];
		if (o->done)
			continue;
		Rpc__Outgoing *out = ARENA_NEW(a, Rpc__Outgoing);
		rpc__outgoing__init(out);
		out->id = o->id;
		out->sender = arena_str(a, slice_str(o->sender));
		out->recipient = arena_str(a, slice_str(o->recipient));
		out->message_id = arena_printf(a, "<%u@desk.test>", (unsigned)o->id);
		out->raw.data = (uint8_t *)(uintptr_t)o->raw;
		out->raw.len = o->raw_len ? o->raw_len : strlen(o->raw);
		reply->outgoing[reply->n_outgoing++] = out;
	}
}

static void answer_result(const Rpc__Result *result)
{
	for (size_t i = 0; i < state.n_outgoing; i++) {
		struct fake_outgoing *o = &state.outgoing[i];
		if (o->id != result->id)
			continue;
		o->done = true;
		o->results++;
		o->delivery = result->delivery;
		snprintf(o->detail, sizeof(o->detail), "%.199s", result->detail);
	}
}

/* "pid", "mails", "alarms" give a number, "queue" queues a mail; the rest is an echo. */
static void answer_call(const Rpc__Call *call, Rpc__Reply *reply, struct arena *a)
{
	struct slice name = slice_str(call->name);
	char *text = arena_str(a, name);
	if (slice_eq(name, SLICE("pid")))
		text = arena_printf(a, "%d", (int)getpid());
	else if (slice_eq(name, SLICE("mails")))
		text = arena_printf(a, "%zu", state.n_mails);
	else if (slice_eq(name, SLICE("alarms")))
		text = arena_printf(a, "%u", state.alarms);
	else if (slice_eq(name, SLICE("queue")))
		state.outgoing[state.n_outgoing++] =
			(struct fake_outgoing){.id = 7,
					       .sender = "a@b.example",
					       .recipient = "c@d.example",
					       .raw = "Subject: x\r\n\r\nx\r\n"};
	reply->output.data = (uint8_t *)text;
	reply->output.len = strlen(text);
}

static void answer(const Rpc__Request *request, Rpc__Reply *reply, struct arena *a)
{
	switch (request->body_case) {
	case RPC__REQUEST__BODY_DELIVER:
		answer_deliver(request->deliver, reply);
		break;
	case RPC__REQUEST__BODY_CURSOR_GET:
		answer_cursor(reply, a);
		break;
	case RPC__REQUEST__BODY_SETTLE_GET:
		answer_settle(request->settle_get, reply, a);
		break;
	case RPC__REQUEST__BODY_SETTLED:
		for (size_t i = 0; i < request->settled->n_journals; i++)
			state.mails[request->settled->journals[i] - 1].settled = true;
		break;
	case RPC__REQUEST__BODY_KNOWN:
		answer_known(request->known, reply, a);
		break;
	case RPC__REQUEST__BODY_CLAIM:
		answer_claim(request->claim, reply, a);
		break;
	case RPC__REQUEST__BODY_RESULT:
		answer_result(request->result);
		break;
	case RPC__REQUEST__BODY_CALL:
		answer_call(request->call, reply, a);
		break;
	case RPC__REQUEST__BODY_ALARM:
		state.alarms++;
		break;
	default:
		reply->status = EX_DATAERR;
		reply->error = arena_str(a, SLICE("no such request"));
		break;
	}
}

Rpc__Reply *desk_handle(struct desk *desk, const Rpc__Request *request, struct arena *a)
{
	(void)desk;
	Rpc__Reply *reply = ARENA_NEW(a, Rpc__Reply);
	rpc__reply__init(reply);
	fake_lock();
	answer(request, reply, a);
	fake_unlock();
	return reply;
}
