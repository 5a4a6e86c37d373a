/* SPDX-License-Identifier: ISC */
#include "jobs.h"

#include "compose.h"
#include "imports.h"
#include "orders.h"
#include "record/customer.h"
#include "record/customer_merge.h"
#include "record/id.h"
#include "record/import_queue.h"
#include "record/job.h"
#include "record/order.h"
#include "record/thread.h"
#include "run.h"

#define MAIL_JOB "mail:" /* the template's name follows */
#define RETRY_SECONDS 3600

static int add_job(struct work *work, const char *kind, const char *object, int64_t due,
		   uint32_t tries, struct err *e)
{
	Rec__Job job;
	rec__job__init(&job);
	job.due_at = due;
	job.kind = arena_str(work->arena, slice_str(kind));
	job.object = arena_str(work->arena, slice_str(object));
	job.tries = tries;
	return job_add(&work->change, &job, e);
}

int jobs_schedule(struct work *work, const struct template *template, const struct event *event,
		  struct err *e)
{
	const struct template_info *info = template_info(template);
	return add_job(work, arena_printf(work->arena, MAIL_JOB "%.*s", SLICE_ARG(info->name)),
		       id_text(work->arena, event->letter, event->id),
		       work->change.now + info->after, 0, e);
}

/* What a job is about; 0 when it is not there any more. */
static int load_object(struct work *work, const Rec__Job *job, struct customer_mail *mail,
		       struct err *e)
{
	struct id id;
	Rec__Order *order = NULL;
	struct txn *txn = work->change.txn;
	if (id_parse(slice_str(job->object), &id, e) < 0)
		return -1;
	uint64_t customer = id.letter == 'C' ? id.number : 0;
	if (id.letter == 'O') {
		int found = order_load(txn, work->arena, id.number, &order, e);
		if (found != 1)
			return found;
		customer = order->customer;
	}
	if (id.letter == 'T') {
		int found = thread_load(txn, work->arena, id.number, &mail->thread, e);
		if (found != 1)
			return found;
		customer = mail->thread->customer;
	}
	mail->order = order;
	int found = customer ? customer_resolve(txn, work->arena, customer, &mail->customer, e) : 0;
	if (found < 0 || mail->thread)
		return found < 0 ? -1 : 1;
	if (found == 0)
		return 0;
	return run_thread_for(work, mail->customer, order, &mail->thread, e);
}

static int send_job(struct work *work, const Rec__Job *job, struct err *e)
{
	struct customer_mail mail = {.event = "due"};
	struct slice shown, name = slice_str(job->kind + strlen(MAIL_JOB));
	struct err none;
	int found = load_object(work, job, &mail, e);
	if (found != 1)
		return found;
	struct template_languages languages = compose_languages(work, mail.customer, NULL);
	/* The admin took the file away: then nothing is sent. */
	if (templates_by_name(work->templates, name, 0, &languages, &mail.template, &none) < 0)
		return 0;
	int sent = compose_customer(work, &mail, &shown, e);
	const struct template_info *info = template_info(mail.template);
	if (sent == 1 && info->repeat > 0 && job->tries + 1 < info->max)
		return add_job(work, job->kind, job->object, work->change.now + info->repeat,
			       job->tries + 1, e);
	return sent;
}

/* The rest of a customer's orders and threads, or as much of it as one transaction may. */
static int merge_on(struct work *work, const Rec__Job *job, struct err *e)
{
	struct id id;
	if (id_parse(slice_str(job->object), &id, e) < 0)
		return -1;
	return customer_merge_step(&work->change, id.number, e) < 0 ? -1 : 1;
}

/* One job; what it did when it failed is rolled back, and it is put off in a second transaction. */
struct ticking {
	struct desk *desk;
	struct arena *arena;
	uint64_t job;	 /* the one that was tried last */
	uint64_t failed; /* its number, or 0 */
	uint64_t import; /* of that agent a part is to be imported next, or 0 */
};

/*
 * Parts are imported outside the transaction of the job, which waits in the
 * table until none is left; then it writes the report.
 */
static int import_on(struct ticking *ticking, struct work *work, const Rec__Job *job, struct err *e)
{
	uint64_t agent;
	Rec__Import *import;
	if (!slice_u64(slice_str(job->object), &agent))
		return err_set(e, ERR_INPUT, "\"%s\" is no agent", job->object);
	int found = import_queue_load(work->change.txn, work->arena, agent, &import, e);
	if (found != 1)
		return found < 0 ? -1 : 1;
	if (import->part == import->parts)
		return imports_report(work, import, e);
	ticking->import = agent;
	return add_job(work, job->kind, job->object, work->change.now, 0, e);
}

static int run_job(struct txn *txn, void *ctx, struct err *e)
{
	struct ticking *ticking = ctx;
	struct work work;
	Rec__Job *job;
	arena_clear(ticking->arena);
	ticking->job = ticking->import = 0;
	if (work_init(&work, ticking->desk, ticking->arena, txn, clock_now(), e) < 0)
		return -1;
	int taken = job_take(&work.change, &job, e);
	if (taken != 1)
		return taken;
	ticking->job = job->id;
	/* A template that cannot be rendered today may be mended: the job is not lost. */
	if (job->id == ticking->failed)
		return add_job(&work, job->kind, job->object, work.change.now + RETRY_SECONDS,
			       job->tries, e);
	if (slice_starts(slice_str(job->kind), SLICE(MAIL_JOB))) {
		if (send_job(&work, job, e) >= 0)
			return 1;
		return err_prefix(e, "%s of %s", job->kind, job->object);
	}
	if (strcmp(job->kind, CUSTOMER_MERGE_JOB) == 0)
		return merge_on(&work, job, e);
	if (strcmp(job->kind, IMPORT_JOB) == 0)
		return import_on(ticking, &work, job, e);
	log_event(LOG_LEVEL_WARNING, "job-unknown", LOG_STR("kind", job->kind));
	return 1;
}

static int run_or_put_off(struct ticking *ticking, struct err *e)
{
	struct store *store = ticking->desk->store;
	ticking->failed = 0;
	int result = store_run(store, STORE_DURABLE, run_job, ticking, e);
	if (result == 1 && ticking->import)
		return import_queue_run(store, ticking->import, e) < 0 ? -1 : 1;
	if (result >= 0 || !ticking->job || (e->class != ERR_CONFIG && e->class != ERR_INPUT))
		return result;
	log_event(LOG_LEVEL_ERROR, "job-failed", LOG_STR("error", e->text));
	ticking->failed = ticking->job;
	return store_run(store, STORE_DURABLE, run_job, ticking, e);
}

int desk_tick(struct desk *desk, int most, struct err *e)
{
	struct ticking ticking = {.desk = desk, .arena = arena_open()};
	int done = 0, result = 1;
	while (done < most && (result = orders_daily(desk, ticking.arena, e)) == 1)
		done++;
	/* A day that cannot be done now must not keep the jobs from running. */
	if (result < 0)
		log_event(LOG_LEVEL_ERROR, "orders-daily", LOG_STR("error", e->text));
	result = 1;
	while (done < most && (result = run_or_put_off(&ticking, e)) == 1)
		done++;
	arena_close(&ticking.arena);
	return result < 0 ? -1 : done;
}
