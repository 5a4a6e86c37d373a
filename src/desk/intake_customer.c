/* SPDX-License-Identifier: ISC */
#include "intake.h"

#include "compose.h"
#include "mail/envelope.h"
#include "record/customer.h"
#include "record/thread.h"

#define PARTICIPANTS_MAX 50

static char *one_line(struct intake *in, struct slice s, size_t max)
{
	struct buf line;
	buf_init(&line, 1 << 16);
	text_put_line(&line, s, max);
	char *copy = arena_str(in->arena, buf_slice(&line));
	buf_release(&line);
	return copy;
}

static struct slice sender_of(const struct intake *in)
{
	return in->mail->from.n ? in->mail->from.items[0].addr : SLICE("");
}

static bool is_ours(const struct intake *in, struct slice address)
{
	struct token token;
	return token_get_address(&in->desk->keys, address, slice_str(in->work.shop->address),
				 &token) >= 0;
}

static bool may_become_customer(const struct intake *in)
{
	return conf_boolean(in->desk->settings, "desk", 0, "new-customers") &&
	       in->class.kind == MAIL_KIND_CUSTOMER && in->mail->from.n == 1 &&
	       mail_addr_strict(sender_of(in)) && !is_ours(in, sender_of(in));
}

/* An unknown sender becomes a customer only where the shop's rule says so. */
static int new_customer(struct intake *in, struct linkage *link, struct err *e)
{
	Rec__Customer *customer = ARENA_NEW(in->arena, Rec__Customer);
	rec__customer__init(customer);
	customer->shop = in->work.shop->id;
	customer->name = one_line(in, in->mail->from.items[0].name, 200);
	customer->emails = ARENA_NEW(in->arena, char *);
	customer->emails[0] = one_line(in, sender_of(in), 254);
	customer->n_emails = 1;
	customer->language = in->work.shop->language;
	customer->currency = in->work.shop->currency;
	link->customer = customer;
	return customer_create(&in->work.change, customer, e);
}

static void add_text(struct intake *in, char ***list, size_t *n, size_t max, struct slice text)
{
	for (size_t i = 0; i < *n; i++)
		if (slice_eq_nocase(slice_str((*list)[i]), text))
			return;
	if (*n >= max)
		return;
	char **wider = ARENA_ARRAY(in->arena, *n + 1, char *);
	if (*n)
		memcpy(wider, *list, *n * sizeof(char *));
	wider[*n] = one_line(in, text, 254);
	*list = wider;
	++*n;
}

static void add_order(struct intake *in, Rec__Thread *thread, uint64_t order)
{
	for (size_t i = 0; i < thread->n_orders; i++)
		if (thread->orders[i] == order)
			return;
	if (thread->n_orders >= LINK_FOUND_MAX)
		return;
	uint64_t *wider = ARENA_ARRAY(in->arena, thread->n_orders + 1, uint64_t);
	if (thread->n_orders)
		memcpy(wider, thread->orders, thread->n_orders * sizeof(uint64_t));
	wider[thread->n_orders++] = order;
	thread->orders = wider;
}

/*
 * A third party who writes into a thread neither becomes its customer nor
 * joins it: what they send is shown, and answers still go to the customer.
 */
static bool is_ones_own(const struct linkage *link, const Rec__Thread *thread, struct slice sender)
{
	if (link_takes_part(thread, sender))
		return true;
	return thread->customer ? link->customer && link->customer->id == thread->customer
				: thread->n_participants == 0;
}

/*
 * Where answers go.  From and Reply-To prove nothing: so a customer's, or
 * those in a thread that is under way, go where we knew them already, and a
 * forged mail cannot draw the answer to itself.
 */
static struct slice answer_to(const struct intake *in, const struct linkage *link,
			      const Rec__Thread *thread, struct slice sender)
{
	const Rec__Customer *customer = link->customer;
	struct slice asked = in->mail->reply_to.n ? in->mail->reply_to.items[0].addr : sender;
	if (!mail_addr_strict(asked) || is_ours(in, asked))
		return sender;
	bool known = (!thread->customer && !thread->id) || link_takes_part(thread, asked) ||
		     mail_address_same(slice_str(thread->reply_to), asked);
	for (size_t i = 0; customer && i < customer->n_emails && !known; i++)
		known = mail_address_same(slice_str(customer->emails[i]), asked);
	return known ? asked : sender;
}

static void link_thread(struct intake *in, const struct linkage *link, Rec__Thread *thread)
{
	struct slice sender = sender_of(in);
	bool own = is_ones_own(link, thread, sender);
	for (size_t i = 0; i < link->n_orders && own; i++)
		add_order(in, thread, link->orders[i]);
	for (size_t i = 0; i < link->n_suggested; i++)
		add_text(in, &thread->suggested, &thread->n_suggested, LINK_FOUND_MAX,
			 link->suggested[i]);
	if (!own || !sender.len || is_ours(in, sender))
		return;
	add_text(in, &thread->participants, &thread->n_participants, PARTICIPANTS_MAX, sender);
	thread->reply_to = one_line(in, answer_to(in, link, thread, sender), 254);
}

static int open_thread(struct intake *in, const struct linkage *link, Rec__Thread **thread,
		       struct err *e)
{
	if (link->thread) {
		if (thread_load(in->work.change.txn, in->arena, link->thread, thread, e) != 1)
			return -1;
		link_thread(in, link, *thread);
		if (thread_check(*thread, THREAD_MAIL, NULL) < 0)
			return thread_save(&in->work.change, *thread, "mail", SLICE(""), e);
		return thread_move(&in->work.change, *thread, THREAD_MAIL, SLICE(""), e);
	}
	Rec__Thread *made = ARENA_NEW(in->arena, Rec__Thread);
	rec__thread__init(made);
	made->shop = in->work.shop->id;
	made->customer = link->customer ? link->customer->id : 0;
	made->subject = one_line(in, in->mail->subject, 400);
	made->queue = arena_str(in->arena, slice_str(desk_option(in->desk, "queue")));
	made->possible_thread = link->possible;
	link_thread(in, link, made);
	*thread = made;
	return thread_create(&in->work.change, made, e);
}

static int tell_agents(struct intake *in, Rec__Thread *thread, const Rec__Message *message,
		       struct err *e)
{
	struct mail_attachment *attachments;
	Rec__Customer *customer = NULL;
	struct desk_mail mail = {
		.thread = thread,
		.message = message,
		.text = in->trimmed.fresh,
		.quoted = in->trimmed.quoted,
		.truncated = in->entry->truncated,
	};
	if (thread->customer &&
	    customer_resolve(in->work.change.txn, in->arena, thread->customer, &customer, e) < 0)
		return -1;
	mail.customer = customer;
	mail.n_attachments = intake_attachments(in, &attachments);
	mail.attachments = attachments;
	/* All of it was quoted: better everything than nothing. */
	if (!mail.text.len)
		mail.text = in->mail->text;
	return compose_desk(&in->work, &mail, e);
}

int intake_customer(struct intake *in, struct err *e)
{
	struct linkage link;
	Rec__Thread *thread;
	Rec__Message *message;
	if (link_mail(&in->work, in->mail, in->trimmed.fresh, &link, e) < 0)
		return -1;
	if (!link.customer && may_become_customer(in) && new_customer(in, &link, e) < 0)
		return -1;
	/* Inactive customers' mail goes to triage, unlinked (RECORD.md 3, invariant 25). */
	if (link.customer && link.customer->inactive)
		link.customer = NULL;
	if (open_thread(in, &link, &thread, e) < 0 ||
	    intake_add_message(in, thread, REC__DIRECTION__DIRECTION_IN, &message, e) < 0)
		return -1;
	intake_verdict(in, "customer mail, linked by %s", link.how);
	return tell_agents(in, thread, message, e);
}

int intake_quarantine(struct intake *in, struct err *e)
{
	Rec__Thread *thread = ARENA_NEW(in->arena, Rec__Thread);
	Rec__Message *message;
	struct mail_attachment original = {
		.filename = SLICE("original.eml"),
		.type = SLICE("application/octet-stream"),
		.bytes = slice_sub(in->raw, 0, 20u << 20),
	};
	rec__thread__init(thread);
	thread->shop = in->work.shop->id;
	thread->subject = one_line(in, in->mail->subject, 400);
	thread->queue = arena_str(in->arena, SLICE("quarantine"));
	in->entry->state = TRA__JOURNAL_STATE__JOURNAL_STATE_QUARANTINED;
	intake_verdict(in, "quarantined: %s", in->broken);
	if (thread_create(&in->work.change, thread, e) < 0 ||
	    intake_add_message(in, thread, REC__DIRECTION__DIRECTION_IN, &message, e) < 0)
		return -1;
	struct slice why = slice_str(arena_printf(
		in->arena, "This mail could not be read (%s). The original is attached.",
		in->broken));
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
