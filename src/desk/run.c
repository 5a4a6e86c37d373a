/* SPDX-License-Identifier: ISC */
#include "run.h"

#include <assert.h>

#include "compose.h"
#include "jobs.h"
#include "orders.h"
#include "record/customer.h"
#include "record/order.h"
#include "record/thread.h"

#define PREVIEW_MAX (1 << 20)

/* The mails of one run, while they are made. */
struct outcome {
	struct run *run;
	struct slice text; /* the agent's words, until a mail took them */
	struct buf shown;  /* the mails as text, for a preview */
};

static bool is_about(const Rec__Thread *thread, const Rec__Order *order)
{
	for (size_t i = 0; order && i < thread->n_orders; i++)
		if (thread->orders[i] == order->id)
			return true;
	return false;
}

static int new_thread(struct work *work, const Rec__Customer *customer, const Rec__Order *order,
		      Rec__Thread **thread, struct err *e)
{
	Rec__Thread *made = ARENA_NEW(work->arena, Rec__Thread);
	rec__thread__init(made);
	made->shop = work->shop->id;
	made->customer = customer->id;
	made->state = REC__THREAD_STATE__THREAD_STATE_OPEN;
	made->queue = arena_str(work->arena, slice_str(desk_option(work->desk, "queue")));
	made->subject = order ? arena_printf(work->arena, "O%llu", (unsigned long long)order->id)
			      : arena_str(work->arena, slice_str(work->shop->name));
	made->reply_to = customer->emails[0];
	made->participants = customer->emails;
	made->n_participants = 1;
	if (order) {
		made->orders = ARENA_NEW(work->arena, uint64_t);
		made->orders[0] = order->id;
		made->n_orders = 1;
	}
	*thread = made;
	return thread_create(&work->change, made, e);
}

int run_thread_for(struct work *work, const Rec__Customer *customer, const Rec__Order *order,
		   Rec__Thread **thread, struct err *e)
{
	struct thread_list list;
	if (thread_of_customer(work->change.txn, work->arena, customer->id, 50, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++) {
		Rec__ThreadState state = list.items[i]->state;
		if (!is_about(list.items[i], order) ||
		    state == REC__THREAD_STATE__THREAD_STATE_SPAM ||
		    state == REC__THREAD_STATE__THREAD_STATE_MERGED)
			continue;
		*thread = list.items[i];
		return 1;
	}
	if (!customer->n_emails)
		return 0;
	return new_thread(work, customer, order, thread, e);
}

/* ---- the mails of a run ---- */

/* What an event is about; null where it is about no such thing. */
struct subject {
	Rec__Customer *customer;
	Rec__Order *order;
	Rec__Thread *thread;
};

static int subject_of(struct work *work, const struct event *event, struct subject *s,
		      struct err *e)
{
	struct txn *txn = work->change.txn;
	*s = (struct subject){.customer = NULL};
	if (event->letter == 'O' && order_load(txn, work->arena, event->id, &s->order, e) < 0)
		return -1;
	if (event->letter == 'T' && thread_load(txn, work->arena, event->id, &s->thread, e) < 0)
		return -1;
	uint64_t whose = event->letter == 'C' ? event->id
			 : s->order	      ? s->order->customer
			 : s->thread	      ? s->thread->customer
					      : 0;
	if (whose && customer_resolve(txn, work->arena, whose, &s->customer, e) < 0)
		return -1;
	return 1;
}

static bool is_of(const Rec__Thread *thread, const struct subject *s)
{
	if (s->thread)
		return thread->id == s->thread->id;
	return s->customer ? thread->customer == s->customer->id : !s->order;
}

/*
 * The event's own thread; the one at hand if it is that customer's; else one
 * of theirs.  0 when there is nobody to write to.
 */
static int thread_for(struct run *run, const struct subject *s, Rec__Thread **thread, struct err *e)
{
	*thread = run->thread && is_of(run->thread, s) ? run->thread : s->thread;
	if (*thread)
		return 1;
	if (!s->customer)
		return 0;
	return run_thread_for(run->work, s->customer, s->order, thread, e);
}

static int send_mail(struct outcome *o, const struct template *template, const struct event *event,
		     struct err *e)
{
	struct run *run = o->run;
	struct slice shown = SLICE("");
	struct subject about;
	struct customer_mail mail = {
		.template = template,
		.agent = run->agent,
		.text = o->text,
		.reason = event->text,
		.event = event->name,
	};
	if (subject_of(run->work, event, &about, e) < 0)
		return -1;
	int sent = thread_for(run, &about, &mail.thread, e);
	if (sent != 1)
		return sent;
	mail.customer = about.customer;
	mail.order = about.order;
	sent = compose_customer(run->work, &mail, &shown, e);
	if (sent != 1)
		return sent;
	o->text = SLICE("");
	run->n_mails++;
	buf_put(&o->shown, shown);
	/* CP-33: what confirmed an order stands in its print history. */
	if (about.order &&
	    slice_eq(template_info(template)->name, SLICE("mail/order-confirmation")))
		return orders_note_mail(run->work, about.order, "confirmation", shown, e) < 0 ? -1
											      : 1;
	return 1;
}

static struct template_languages languages_for(struct outcome *o, const struct event *event)
{
	struct subject about;
	struct err e;
	if (subject_of(o->run->work, event, &about, &e) < 0)
		about.customer = NULL;
	return compose_languages(o->run->work, about.customer, NULL);
}

/* What somebody asked for must not stay undone in silence. */
static int send_asked(struct outcome *o, const struct template *template, const struct event *event,
		      struct err *e)
{
	int sent = send_mail(o, template, event, e);
	if (sent == 0)
		return err_set(e, ERR_INPUT,
			       "nothing would be sent: \"%.*s\" does not apply here, or there is "
			       "no mail address to write to",
			       SLICE_ARG(template_info(template)->name));
	return sent;
}

/* "#mail": the event's text names the template. */
static int send_requested(struct outcome *o, const struct event *event, struct err *e)
{
	struct event about = *event;
	const struct template *template;
	struct template_languages languages = languages_for(o, event);
	struct slice name = event->text.len ? event->text : SLICE("answer");
	about.text = SLICE("");
	if (templates_by_name(o->run->work->templates, name, event->letter, &languages, &template,
			      e) < 0)
		return -1;
	return send_asked(o, template, &about, e);
}

/* CP-33: a confirmation is a mail, everything else a paper. */
static int make_document(struct outcome *o, const struct event *event, struct err *e)
{
	struct event mail = *event;
	struct subject about;
	if (slice_eq(event->text, SLICE("confirmation"))) {
		mail.text = SLICE("order-confirmation");
		return send_requested(o, &mail, e);
	}
	if (subject_of(o->run->work, event, &about, e) < 0)
		return -1;
	return orders_make_document(o->run->work, about.order, about.customer, event->text, e);
}

static int send_to_provider(struct outcome *o, const struct template *template,
			    const struct event *event, struct err *e)
{
	struct subject about;
	if (subject_of(o->run->work, event, &about, e) < 0)
		return -1;
	return orders_mail_provider(o->run->work, template, about.order, about.customer, e);
}

static int send_for_event(struct outcome *o, const struct event *event, struct err *e)
{
	const struct template **list;
	struct template_languages languages = languages_for(o, event);
	if (strcmp(event->name, "document.requested") == 0)
		return make_document(o, event, e);
	if (strcmp(event->name, "mail.requested") == 0)
		return send_requested(o, event, e);
	size_t n = templates_for_event(o->run->work->templates, slice_str(event->name), &languages,
				       o->run->work->arena, &list);
	for (size_t i = 0; i < n; i++) {
		const struct template_info *info = template_info(list[i]);
		bool provider = slice_eq(info->to, SLICE("provider")) && event->letter == 'O';
		if (provider && send_to_provider(o, list[i], event, e) < 0)
			return -1;
		if (!slice_eq(info->to, SLICE("customer")))
			continue;
		int made = info->after > 0 ? jobs_schedule(o->run->work, list[i], event, e)
					   : send_mail(o, list[i], event, e);
		if (made < 0)
			return -1;
	}
	return 1;
}

/* Text that no event's mail took is an answer of its own. */
static int send_answer(struct outcome *o, struct err *e)
{
	struct run *run = o->run;
	const struct template *template;
	Rec__Customer *customer = NULL;
	if (!run->thread)
		return err_set(e, ERR_INPUT,
			       "there is text for a customer, but no thread to answer: name one, "
			       "or remove the text");
	struct event event = {.name = "answer", .letter = 'T', .id = run->thread->id};
	if (run->thread->customer && customer_resolve(run->work->change.txn, run->work->arena,
						      run->thread->customer, &customer, e) < 0)
		return -1;
	struct template_languages languages = compose_languages(run->work, customer, NULL);
	if (templates_by_name(run->work->templates, SLICE("answer"), 0, &languages, &template, e) <
	    0)
		return -1;
	return send_asked(o, template, &event, e);
}

static int send_mails(struct outcome *o, struct err *e)
{
	struct run *run = o->run;
	for (struct event *event = run->work->change.events; event; event = event->next)
		if (send_for_event(o, event, e) < 0)
			return -1;
	return o->text.len ? send_answer(o, e) : 1;
}

/* An answer leaves the thread waiting for the customer, unless a command closed it. */
static int move_thread(struct run *run, struct err *e)
{
	Rec__Thread *thread;
	if (!run->thread || run->n_mails == 0)
		return 1;
	if (thread_load(run->work->change.txn, run->work->arena, run->thread->id, &thread, e) != 1)
		return -1;
	if (thread->state == REC__THREAD_STATE__THREAD_STATE_CLOSED ||
	    thread_check(thread, THREAD_ANSWER, NULL) < 0)
		return 1;
	if (!thread->owner)
		thread->owner = run->agent->id;
	return thread_move(&run->work->change, thread, THREAD_ANSWER, SLICE("answered"), e);
}

/* ---- the run ---- */

static void write_transcript(struct run *run, const struct command_result *result,
			     struct slice mails)
{
	struct arena *a = run->work->arena;
	run->quiet = result->quiet;
	run->n_errors = result->n_errors;
	run->transcript = result->transcript;
	if (run->preview)
		run->transcript = slice_str(arena_printf(
			a, "%.*s%s%.*s", SLICE_ARG(result->transcript),
			mails.len ? "\nThe customer would get:\n\n" : "", SLICE_ARG(mails)));
	else if (run->n_mails)
		run->transcript = slice_str(arena_printf(
			a, "%.*sOK %zu mail%s to the customer\n", SLICE_ARG(result->transcript),
			run->n_mails, run->n_mails == 1 ? "" : "s"));
}

/* A mail that cannot be made refuses the block as a wrong line would. */
static int refuse_mail(struct run *run, struct err *e)
{
	struct command_result result;
	if (e->class == ERR_CONFLICT || e->class == ERR_TEMP)
		return -1;
	run->refused = true;
	command_refuse(run->work->arena, run->block, slice_str(e->text), &result);
	write_transcript(run, &result, SLICE(""));
	run->n_errors = run->n_errors ? run->n_errors : 1;
	e->class = ERR_INPUT;
	return -1;
}

static int reload_thread(struct run *run, struct err *e)
{
	if (!run->thread)
		return 1;
	return thread_load(run->work->change.txn, run->work->arena, run->thread->id, &run->thread,
			   e) == 1
		       ? 1
		       : -1;
}

/* What #templates lists, in the agent's language. */
static void list_templates(struct run *run, struct command_context *ctx)
{
	struct arena *a = run->work->arena;
	struct template_languages languages = compose_languages(run->work, NULL, run->agent);
	const struct template **list;
	size_t n = templates_for_kind(run->work->templates, 0, &languages, a, &list);
	struct command_template *templates = ARENA_ARRAY(a, n, struct command_template);
	for (size_t i = 0; i < n; i++) {
		const struct template_info *info = template_info(list[i]);
		templates[i] = (struct command_template){
			slice_sub(info->name, sizeof("mail/") - 1, info->name.len), info->about,
			info->kinds};
	}
	ctx->templates = templates;
	ctx->n_templates = n;
}

int run_block(struct run *run, struct err *e)
{
	struct command_result result = {.n = 0};
	struct command_context ctx = {
		.change = &run->work->change,
		.thread = run->thread ? run->thread->id : 0,
		.customer = run->thread ? run->thread->customer : 0,
		.proofs = run->proofs,
		.whoami = run->whoami,
		.files = run->files,
		.n_files = run->n_files,
	};
	struct outcome o = {
		.run = run,
		.text = run->note ? SLICE("") : slice_trim(run->block->text),
	};
	assert(run->agent && run->agent->id && run->block);
	run->refused = run->committed = run->preview = false;
	run->n_mails = 0;
	list_templates(run, &ctx);
	if (command_run(&ctx, run->block, &result, e) < 0) {
		run->refused = e->class == ERR_INPUT || e->class == ERR_DENIED;
		if (run->refused)
			write_transcript(run, &result, SLICE(""));
		return -1;
	}
	run->preview = result.preview || run->ask_first;
	buf_init(&o.shown, PREVIEW_MAX);
	/* The commands may have changed the thread that the mails are written through. */
	int made = reload_thread(run, e);
	if (made == 1)
		made = send_mails(&o, e);
	if (made >= 0)
		made = move_thread(run, e);
	struct slice shown = arena_copy(run->work->arena, buf_slice(&o.shown));
	buf_release(&o.shown);
	if (made < 0)
		return refuse_mail(run, e);
	write_transcript(run, &result, shown);
	if (run->preview)
		return err_set(e, ERR_INPUT, "a preview: nothing was changed");
	assert(!run->refused);
	run->committed = true;
	return 1;
}
