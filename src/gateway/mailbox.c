/* SPDX-License-Identifier: ISC */
#include "mailbox.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"

#define SOURCE "imap"
/* A mail that fails alone this often is owed, so that it does not stop the rest. */
#define SUSPICIONS_MAX 2
/* Between two tries of owed mails, milliseconds. */
#define OWED_PAUSE_FIRST 10000
#define OWED_PAUSE_CAP 3600000

/* ---- settings ---- */

static const char *text_or(const struct conf *conf, size_t i, const char *option,
			   const char *otherwise)
{
	const char *value = conf_string(conf, "mailbox", i, option);
	return value && *value ? value : otherwise;
}

int mailbox_load(struct arena *a, const char *dir, const struct conf *conf, size_t i,
		 struct mailbox *box, struct err *e)
{
	const char *after = text_or(conf, i, "after", "keyword");
	*box = (struct mailbox){
		.title = conf_title(conf, "mailbox", i),
		.folder = text_or(conf, i, "folder", "INBOX"),
		.done_folder = text_or(conf, i, "done-folder", "Processed"),
		.quarantine_folder = text_or(conf, i, "quarantine-folder", "Quarantine"),
		.after = strcmp(after, "move") == 0	 ? MAILBOX_MOVE
			 : strcmp(after, "nothing") == 0 ? MAILBOX_NOTHING
							 : MAILBOX_KEYWORD,
		.idle = conf_boolean(conf, "mailbox", i, "idle"),
		.poll_ms = conf_integer(conf, "mailbox", i, "poll-seconds") * 1000,
		.alarm_ms = conf_integer(conf, "mailbox", i, "alarm-minutes") * 60000,
		.owed_pause_ms = OWED_PAUSE_FIRST,
	};
	return route_load(a, dir, conf, "mailbox", i, &box->route, e);
}

/* ---- the desk's side ---- */

static int ask_cursor(struct mailbox *box, struct err *e)
{
	struct arena *a = arena_open();
	Rpc__CursorGet get;
	Rpc__Request request;
	rpc__cursor_get__init(&get);
	rpc__request__init(&request);
	get.mailbox = arena_str(a, slice_str(box->title));
	get.folder = arena_str(a, slice_str(box->folder));
	request.body_case = RPC__REQUEST__BODY_CURSOR_GET;
	request.cursor_get = &get;
	Rpc__Reply *reply;
	int result = link_ask(box->link, a, &request, &reply, e);
	if (result == 1) {
		cursor_release(&box->cursor);
		cursor_load(&box->cursor, reply->cursor);
	}
	arena_close(&a);
	return result;
}

/* One mail of a batch as the desk takes it; the bytes stay the arena's. */
static Rpc__Mail *make_mail(struct arena *a, const struct mailbox *box,
			    const struct imap_mail *mail, bool truncated)
{
	Rpc__Mail *m = ARENA_NEW(a, Rpc__Mail);
	rpc__mail__init(m);
	m->raw.data = (uint8_t *)(uintptr_t)mail->raw.ptr;
	m->raw.len = mail->raw.len;
	m->source = arena_str(a, SLICE(SOURCE));
	m->mailbox = arena_str(a, slice_str(box->title));
	m->folder = arena_str(a, slice_str(box->folder));
	m->uidvalidity = box->uidvalidity;
	m->uid = mail->uid;
	m->size = mail->size;
	m->truncated = truncated;
	return m;
}

/* Durable when it returns 1: the mails, and the cursor behind them. */
static int deliver(struct mailbox *box, struct arena *a, Rpc__Mail **mails, size_t n, struct err *e)
{
	Tra__Cursor cursor;
	Rpc__Deliver body;
	Rpc__Request request;
	cursor_save(&box->cursor, &cursor, box->title, box->folder);
	rpc__deliver__init(&body);
	rpc__request__init(&request);
	body.mails = mails;
	body.n_mails = n;
	body.cursor = &cursor;
	request.body_case = RPC__REQUEST__BODY_DELIVER;
	request.deliver = &body;
	Rpc__Reply *reply;
	if (link_ask(box->link, a, &request, &reply, e) < 0)
		return -1;
	box->done.mails += n;
	box->unsettled += n;
	return 1;
}

/* ---- one batch ---- */

static bool is_whole(const struct imap_mail *mail)
{
	uint64_t expected = mail->size > MAILBOX_MAIL_MAX ? MAILBOX_PART : mail->size;
	return mail->there && mail->raw.len > 0 && mail->raw.len >= expected;
}

/* The digests as the desk is asked for them; 1 and known[0..n-1], or -1. */
static int ask_known(struct mailbox *box, struct arena *a, const struct imap_mail *mails, size_t n,
		     bool *known, struct err *e)
{
	Rpc__Known body;
	Rpc__Request request;
	rpc__known__init(&body);
	rpc__request__init(&request);
	body.n_sha256 = n;
	body.sha256 = ARENA_ARRAY(a, n, ProtobufCBinaryData);
	for (size_t i = 0; i < n; i++) {
		body.sha256[i].data = arena_alloc(a, SHA256_SIZE);
		body.sha256[i].len = SHA256_SIZE;
		crypto_sha256(mails[i].raw, body.sha256[i].data);
	}
	request.body_case = RPC__REQUEST__BODY_KNOWN;
	request.known = &body;
	Rpc__Reply *reply;
	if (link_ask(box->link, a, &request, &reply, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		known[i] = i < reply->n_known && reply->known[i];
	return 1;
}

/* Applies what the configuration wants to mails that are durable in the journal. */
static int mark(struct mailbox *box, const uint32_t *uids, size_t n, bool quarantined,
		struct err *e)
{
	int result;
	if (!n || box->after == MAILBOX_NOTHING)
		return 1;
	if (quarantined)
		result = imap_move(box->imap, uids, n, box->quarantine_folder, e);
	else if (box->after == MAILBOX_MOVE)
		result = imap_move(box->imap, uids, n, box->done_folder, e);
	else
		result = imap_keyword(box->imap, uids, n, MAILBOX_KEYWORD_DONE, e);
	/* The cursor is the queue, not the mark: a server that refuses it changes nothing. */
	if (result == 0)
		log_event(LOG_LEVEL_WARNING, "mark-refused", LOG_STR("mailbox", box->title),
			  LOG_STR("error", e->text));
	return result < 0 ? -1 : 1;
}

struct batch {
	struct imap_mail *mails;
	size_t n;
	uint32_t part; /* over-size: one mail, this much of it */
};

/* Sorts the fetched mails into owed, known and new; the new are delivered. */
static int take(struct mailbox *box, struct arena *a, const struct batch *batch, struct err *e)
{
	bool known[MAILBOX_BATCH] = {false};
	uint32_t known_uids[MAILBOX_BATCH];
	Rpc__Mail *mails[MAILBOX_BATCH];
	size_t n = 0, n_known = 0;
	assert(batch->n <= MAILBOX_BATCH);
	if (box->rescan && ask_known(box, a, batch->mails, batch->n, known, e) < 0)
		return -1;
	for (size_t i = 0; i < batch->n; i++) {
		const struct imap_mail *mail = &batch->mails[i];
		if (!is_whole(mail)) {
			log_event(LOG_LEVEL_WARNING, "mail-owed", LOG_STR("mailbox", box->title),
				  LOG_NUM("uid", mail->uid), LOG_NUM("size", mail->size),
				  LOG_NUM("got", mail->raw.len));
			if (!cursor_owe(&box->cursor, mail->uid))
				return err_set(e, ERR_TEMP, "%s: too many mails are owed",
					       box->title);
			continue;
		}
		cursor_taken(&box->cursor, mail->uid);
		if (known[i])
			known_uids[n_known++] = mail->uid;
		else
			mails[n++] = make_mail(a, box, mail, batch->part > 0);
	}
	if (deliver(box, a, mails, n, e) < 0)
		return -1;
	box->done.known += n_known;
	return mark(box, known_uids, n_known, false, e);
}

/* A failed fetch: next time one by one; who fails alone again and again is owed. */
static int blame(struct mailbox *box, const struct batch *batch, struct err *e)
{
	uint32_t last = batch->mails[batch->n - 1].uid;
	if (batch->n > 1) {
		box->careful = last > box->careful ? last : box->careful;
		return -1;
	}
	box->suspicions = box->suspect == last ? box->suspicions + 1 : 1;
	box->suspect = last;
	if (box->suspicions < SUSPICIONS_MAX || !cursor_owe(&box->cursor, last))
		return -1;
	log_event(LOG_LEVEL_WARNING, "mail-owed", LOG_STR("mailbox", box->title),
		  LOG_NUM("uid", last), LOG_STR("error", e->text));
	struct arena *a = arena_open();
	struct err why;
	if (deliver(box, a, NULL, 0, &why) < 0)
		*e = why;
	arena_close(&a);
	return -1;
}

static int fetch_batch(struct mailbox *box, const struct batch *batch, struct err *e)
{
	struct arena *a = arena_open();
	int result = imap_bodies(box->imap, a, batch->mails, batch->n, batch->part, e);
	if (result == 1)
		result = take(box, a, batch, e);
	else
		blame(box, batch, e);
	arena_close(&a);
	return result;
}

/* How many of these mails make the next batch. */
static size_t batch_length(const struct mailbox *box, const struct imap_mail *mails, size_t n)
{
	uint64_t bytes = mails[0].size;
	size_t length = 1;
	if (mails[0].uid <= box->careful || mails[0].size > MAILBOX_MAIL_MAX)
		return 1;
	while (length < n && length < MAILBOX_BATCH && mails[length].size <= MAILBOX_MAIL_MAX) {
		bytes += mails[length].size;
		if (bytes > MAILBOX_BATCH_BYTES)
			break;
		length++;
	}
	return length;
}

/* Mails whose sizes are known; those that are gone from the folder are passed by. */
static int take_window(struct mailbox *box, struct imap_mail *mails, size_t n, struct err *e)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (mails[i].there)
			mails[kept++] = mails[i];
		else
			cursor_taken(&box->cursor, mails[i].uid);
	}
	for (size_t i = 0; i < kept;) {
		struct batch batch = {.mails = mails + i,
				      .n = batch_length(box, mails + i, kept - i)};
		if (mails[i].size > MAILBOX_MAIL_MAX)
			batch.part = MAILBOX_PART;
		if (fetch_batch(box, &batch, e) < 0)
			return -1;
		i += batch.n;
	}
	return 1;
}

static int take_uids(struct mailbox *box, const uint32_t *uids, size_t n, struct err *e)
{
	struct imap_mail mails[IMAP_SET_MAX];
	for (size_t done = 0; done < n;) {
		size_t step = n - done < IMAP_SET_MAX ? n - done : IMAP_SET_MAX;
		for (size_t i = 0; i < step; i++)
			mails[i] = (struct imap_mail){.uid = uids[done + i]};
		if (imap_sizes(box->imap, mails, step, e) < 0 ||
		    take_window(box, mails, step, e) < 0)
			return -1;
		done += step;
	}
	return 1;
}

/* ---- a poll ---- */

static int connect(struct mailbox *box, struct err *e)
{
	uint32_t before = box->uidvalidity;
	if (imap_open(&box->route, &box->imap, e) < 0 ||
	    imap_select(box->imap, box->folder, &box->uidvalidity, e) < 0 || ask_cursor(box, e) < 0)
		return -1;
	/* Other UIDs: what is known of single mails is void. */
	if (before != box->uidvalidity)
		box->careful = box->suspect = 0;
	log_event(LOG_LEVEL_INFO, "connected", LOG_STR("mailbox", box->title),
		  LOG_NUM("uidvalidity", box->uidvalidity), LOG_NUM("uid", box->cursor.uid));
	if (box->cursor.uidvalidity == box->uidvalidity)
		return 1;
	box->rescan = box->cursor.uidvalidity != 0;
	if (box->rescan)
		log_event(LOG_LEVEL_WARNING, "uidvalidity-changed", LOG_STR("mailbox", box->title),
			  LOG_NUM("old", box->cursor.uidvalidity),
			  LOG_NUM("new", box->uidvalidity));
	cursor_release(&box->cursor);
	cursor_init(&box->cursor, box->uidvalidity);
	return 1;
}

/* Those that were not to be had: again now and then, each alone. */
static int take_owed(struct mailbox *box, struct err *e)
{
	uint32_t owed[CURSOR_OWED_MAX];
	size_t n = box->cursor.n_owed;
	if (!n || clock_mono_ms() < box->owed_at)
		return 1;
	memcpy(owed, box->cursor.owed, n * sizeof(owed[0]));
	box->owed_at = clock_mono_ms() + box->owed_pause_ms;
	box->owed_pause_ms *= 2;
	if (box->owed_pause_ms > OWED_PAUSE_CAP)
		box->owed_pause_ms = OWED_PAUSE_CAP;
	uint32_t careful = box->careful;
	box->careful = UINT32_MAX;
	int result = take_uids(box, owed, n, e);
	box->careful = careful;
	if (result == 1 && box->cursor.n_owed == 0)
		box->owed_pause_ms = OWED_PAUSE_FIRST;
	return result;
}

static int take_new(struct mailbox *box, struct err *e)
{
	struct arena *a = arena_open();
	uint32_t *uids;
	size_t n;
	int result = imap_search(box->imap, a, box->cursor.uid, &uids, &n, e);
	if (result == 1)
		result = take_uids(box, uids, n, e);
	arena_close(&a);
	return result;
}

static int poll_once(struct mailbox *box, struct err *e)
{
	if ((box->imap ? imap_noop(box->imap, e) : connect(box, e)) < 0 || take_new(box, e) < 0 ||
	    take_owed(box, e) < 0)
		return -1;
	box->rescan = false;
	box->done.owed = box->cursor.n_owed;
	return 1;
}

int mailbox_poll(struct mailbox *box, struct err *e)
{
	if (poll_once(box, e) == 1)
		return 1;
	mailbox_disconnect(box);
	return -1;
}

void mailbox_disconnect(struct mailbox *box)
{
	imap_close(&box->imap);
	cursor_release(&box->cursor);
}

/* ---- after the commit ---- */

#define SETTLE_MAX 200

static int compare_settles(const void *a, const void *b)
{
	const Rpc__Settle *x = *(Rpc__Settle *const *)a, *y = *(Rpc__Settle *const *)b;
	return (x->uid > y->uid) - (x->uid < y->uid);
}

static int mark_some(struct mailbox *box, const Rpc__Reply *reply, bool quarantined, struct err *e)
{
	uint32_t uids[SETTLE_MAX];
	size_t n = 0;
	for (size_t i = 0; i < reply->n_settles && n < SETTLE_MAX; i++) {
		const Rpc__Settle *settle = reply->settles[i];
		if (settle->quarantined == quarantined && settle->uid &&
		    (!n || uids[n - 1] != settle->uid))
			uids[n++] = settle->uid;
	}
	return mark(box, uids, n, quarantined, e);
}

static int report_settled(struct mailbox *box, struct arena *a, const Rpc__Reply *reply,
			  struct err *e)
{
	Rpc__Settled body;
	Rpc__Request request;
	rpc__settled__init(&body);
	rpc__request__init(&request);
	body.n_journals = reply->n_settles;
	body.journals = ARENA_ARRAY(a, reply->n_settles, uint64_t);
	for (size_t i = 0; i < reply->n_settles; i++)
		body.journals[i] = reply->settles[i]->journal;
	request.body_case = RPC__REQUEST__BODY_SETTLED;
	request.settled = &body;
	Rpc__Reply *answer;
	return link_ask(box->link, a, &request, &answer, e);
}

static int settle_once(struct mailbox *box, struct arena *a, uint32_t wait_ms, struct err *e)
{
	Rpc__SettleGet get;
	Rpc__Request request;
	rpc__settle_get__init(&get);
	rpc__request__init(&request);
	get.mailbox = arena_str(a, slice_str(box->title));
	get.folder = arena_str(a, slice_str(box->folder));
	get.uidvalidity = box->uidvalidity;
	get.limit = SETTLE_MAX;
	get.wait_ms = wait_ms;
	request.body_case = RPC__REQUEST__BODY_SETTLE_GET;
	request.settle_get = &get;
	Rpc__Reply *reply;
	if (link_ask(box->link, a, &request, &reply, e) < 0)
		return -1;
	if (!reply->n_settles)
		return 0;
	qsort(reply->settles, reply->n_settles, sizeof(Rpc__Settle *), compare_settles);
	if (mark_some(box, reply, false, e) < 0 || mark_some(box, reply, true, e) < 0 ||
	    report_settled(box, a, reply, e) < 0)
		return -1;
	box->done.settled += reply->n_settles;
	box->unsettled -= reply->n_settles < box->unsettled ? reply->n_settles : box->unsettled;
	return 1;
}

int mailbox_settle(struct mailbox *box, uint32_t wait_ms, struct err *e)
{
	assert(box->imap);
	if (box->after == MAILBOX_NOTHING) {
		box->unsettled = 0;
		return 0;
	}
	struct arena *a = arena_open();
	int result = settle_once(box, a, wait_ms, e);
	arena_close(&a);
	if (result < 0)
		mailbox_disconnect(box);
	return result;
}

int mailbox_wait(struct mailbox *box, int64_t ms, struct err *e)
{
	assert(box->imap);
	if (!box->idle || !imap_can_idle(box->imap)) {
		poll(NULL, 0, (int)ms);
		return 0;
	}
	int result = imap_idle(box->imap, ms, e);
	if (result < 0)
		mailbox_disconnect(box);
	return result;
}
