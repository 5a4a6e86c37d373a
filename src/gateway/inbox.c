/* SPDX-License-Identifier: ISC */
#include "inbox.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "backoff.h"
#include "gateway.h"
#include "link.h"
#include "mailbox.h"

/* Milliseconds. */
#define RETRY_FIRST 500
#define RETRY_CAP 60000
#define DESK_WAIT 30000
/* RFC 2177: before 29 minutes; earlier, since routers forget quiet connections. */
#define IDLE_RENEW (9 * 60 * INT64_C(1000))
/* While the desk still works on what was delivered. */
#define SETTLE_WAIT 5000
#define UNSETTLED_WAIT 10000
/* New mail was announced while we were busy: a breath, no more. */
#define ANNOUNCED_WAIT 50

bool inbox_configured(const struct conf *conf, size_t i)
{
	const char *host = conf_string(conf, "mailbox", i, "host");
	return host && *host;
}

/* ---- one-shot ---- */

#define WORK_BATCH 16
#define WORK_WAIT_MS 20
/* One-shot beside a running desk: how long its work is waited for. */
#define FETCH_SETTLE_MS 10000

/* A thread that processes while the next mails come in. */
struct helper {
	struct desk *desk; /* null: a running desk does it */
	pthread_t thread;
	atomic_bool stop;
};

static void *help(void *arg)
{
	struct helper *helper = arg;
	while (!atomic_load(&helper->stop)) {
		struct err e;
		/* Who waits for the result meets the same error, and reports it. */
		if (desk_wait(helper->desk, WORK_WAIT_MS) &&
		    desk_work(helper->desk, WORK_BATCH, &e) < 0)
			break;
	}
	return NULL;
}

static void start_helper(struct helper *helper, struct link *link)
{
	*helper = (struct helper){.desk = link_desk(link)};
	if (helper->desk && pthread_create(&helper->thread, NULL, help, helper) != 0)
		helper->desk = NULL;
}

static void stop_helper(struct helper *helper)
{
	if (!helper->desk)
		return;
	atomic_store(&helper->stop, true);
	pthread_join(helper->thread, NULL);
}

static int settle_all(struct mailbox *box, struct err *e)
{
	int64_t deadline = clock_mono_ms() + FETCH_SETTLE_MS;
	bool local = gateway_link_local(box->link);
	for (;;) {
		int64_t left = deadline - clock_mono_ms();
		bool wait = !local && box->unsettled && left > 0;
		int result = mailbox_settle(box, wait ? (uint32_t)left : 0, e);
		if (result < 0 || (result == 0 && !wait))
			return result;
	}
}

static int fetch_one(struct mailbox *box, struct err *e)
{
	struct helper helper;
	start_helper(&helper, box->link);
	int result = mailbox_poll(box, e);
	stop_helper(&helper);
	if (result < 0 || gateway_link_work(box->link, e) < 0 || settle_all(box, e) < 0)
		result = -1;
	mailbox_disconnect(box);
	return result;
}

static void add_counts(struct gateway_fetched *sum, const struct gateway_fetched *one)
{
	sum->mails += one->mails;
	sum->known += one->known;
	sum->owed += one->owed;
	sum->settled += one->settled;
}

static int fetch_all(const char *dir, const struct conf *conf, struct link *link,
		     struct gateway_fetched *done, struct err *e)
{
	int result = 1;
	for (size_t i = 0; i < conf_count(conf, "mailbox"); i++) {
		if (!inbox_configured(conf, i))
			continue;
		struct arena *a = arena_open();
		struct mailbox box;
		struct err why;
		int got = mailbox_load(a, dir, conf, i, &box, &why);
		box.link = link;
		if (got == 1)
			got = fetch_one(&box, &why);
		add_counts(done, &box.done);
		done->mailboxes += got == 1;
		if (got < 0) {
			log_event(LOG_LEVEL_ERROR, "fetch-failed",
				  LOG_STR("mailbox", conf_title(conf, "mailbox", i)),
				  LOG_STR("error", why.text));
			if (!done->failed++)
				*e = why;
			result = -1;
		}
		arena_close(&a);
	}
	return result;
}

int gateway_fetch(const char *dir, struct gateway_fetched *done, struct err *e)
{
	*done = (struct gateway_fetched){0};
	struct conf *conf;
	struct link *link;
	if (desk_settings_open(dir, &conf, e) < 0)
		return -1;
	int result = gateway_link_open(dir, &link, e);
	if (result == 1) {
		result = fetch_all(dir, conf, link, done, e);
		/* What a crash had left in the journal is also worked off. */
		struct err why;
		if (gateway_link_work(link, &why) < 0 && result == 1) {
			*e = why;
			result = -1;
		}
		gateway_link_close(&link);
	}
	conf_close(&conf);
	return result;
}

/* ---- the process ---- */

struct inbox {
	const char *dir;
	struct mailbox box;
	struct backoff backoff;
	int64_t success_ms; /* the last poll that went through */
	bool alarmed;
};

/* For the admins, by the outbox: once until mail comes in again. */
static int alarm_desk(struct inbox *inbox, const struct err *why, struct err *e)
{
	struct arena *a = arena_open();
	Rpc__Alarm alarm;
	Rpc__Request request;
	rpc__alarm__init(&alarm);
	rpc__request__init(&request);
	alarm.subject = arena_printf(a, "mailbox %s cannot be read", inbox->box.title);
	alarm.text = arena_printf(
		a, "No mail could be fetched from mailbox %s (%s) for %lld minutes: %s.",
		inbox->box.title, inbox->box.route.host, (long long)(inbox->box.alarm_ms / 60000),
		why->text);
	request.body_case = RPC__REQUEST__BODY_ALARM;
	request.alarm = &alarm;
	Rpc__Reply *reply;
	int result = link_ask(inbox->box.link, a, &request, &reply, e);
	arena_close(&a);
	return result;
}

static void watch(struct inbox *inbox, const struct err *why)
{
	if (inbox->alarmed || clock_mono_ms() - inbox->success_ms < inbox->box.alarm_ms)
		return;
	struct err e;
	log_event(LOG_LEVEL_ERROR, "mailbox-silent", LOG_STR("mailbox", inbox->box.title),
		  LOG_NUM("minutes", inbox->box.alarm_ms / 60000), LOG_STR("error", why->text));
	if (inbox->box.link && alarm_desk(inbox, why, &e) == 1)
		inbox->alarmed = true;
}

static int settle_what_is_done(struct mailbox *box, struct err *e)
{
	int result;
	do
		result = mailbox_settle(box, box->unsettled ? SETTLE_WAIT : 0, e);
	while (result == 1);
	return result;
}

static int64_t pause_length(const struct mailbox *box)
{
	if (imap_announced(box->imap))
		return ANNOUNCED_WAIT;
	int64_t ms = box->idle && imap_can_idle(box->imap) ? IDLE_RENEW : box->poll_ms;
	/* The owed are asked for again between two renewals. */
	if (box->cursor.n_owed && box->poll_ms < ms)
		ms = box->poll_ms;
	return box->unsettled && UNSETTLED_WAIT < ms ? UNSETTLED_WAIT : ms;
}

static int work_once(struct inbox *inbox, struct err *e)
{
	struct mailbox *box = &inbox->box;
	if (mailbox_poll(box, e) < 0)
		return -1;
	inbox->success_ms = clock_mono_ms();
	inbox->alarmed = false;
	inbox->backoff.failures = 0;
	if (settle_what_is_done(box, e) < 0)
		return -1;
	int64_t ms = pause_length(box);
	if (ms == ANNOUNCED_WAIT) {
		poll(NULL, 0, ANNOUNCED_WAIT);
		return 1;
	}
	return mailbox_wait(box, ms, e);
}

static void recover(struct inbox *inbox, const struct err *why)
{
	int64_t ms = backoff_draw(&inbox->backoff);
	log_event(LOG_LEVEL_WARNING, "mailbox-failed", LOG_STR("mailbox", inbox->box.title),
		  LOG_STR("error", why->text), LOG_NUM("retry_ms", ms));
	mailbox_disconnect(&inbox->box);
	watch(inbox, why);
	/* It may have been the link that failed: a new one costs nothing. */
	gateway_link_close(&inbox->box.link);
	poll(NULL, 0, (int)ms);
}

static int find_mailbox(const struct conf *conf, const char *title, struct err *e)
{
	for (size_t i = 0; i < conf_count(conf, "mailbox"); i++)
		if (strcmp(conf_title(conf, "mailbox", i), title) == 0)
			return (int)i;
	return err_set(e, ERR_CONFIG, "there is no mailbox \"%s\" in " DESK_CONF_FILE, title);
}

int inbox_serve(const char *dir, const struct conf *conf, const char *title, struct err *e)
{
	int i = find_mailbox(conf, title, e);
	if (i < 0)
		return -1;
	struct inbox inbox = {
		.dir = dir,
		.backoff = {.first_ms = RETRY_FIRST, .cap_ms = RETRY_CAP},
		.success_ms = clock_mono_ms(),
	};
	struct arena *a = arena_open();
	if (mailbox_load(a, dir, conf, (size_t)i, &inbox.box, e) < 0) {
		arena_close(&a);
		return -1;
	}
	for (;;) {
		struct err why = {.class = ERR_NONE};
		int got = 1;
		if (!inbox.box.link)
			got = link_connect(dir, DESK_WAIT, &inbox.box.link, &why);
		if (got < 0 || work_once(&inbox, &why) < 0)
			recover(&inbox, &why);
	}
}
