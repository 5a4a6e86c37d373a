/* SPDX-License-Identifier: ISC */
#include "intake.h"

#include "compose.h"
#include "filing.h"
#include "mail/envelope.h"
#include "record/customer.h"
#include "record/id.h"
#include "record/order.h"
#include "record/thread.h"
#include "remark.h"

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
	       in->class.kind == MAIL_KIND_CUSTOMER && !in->class.list && in->mail->from.n == 1 &&
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
	if (thread->n_orders >= NUMBERS_MAX)
		return;
	uint64_t *wider = ARENA_ARRAY(in->arena, thread->n_orders + 1, uint64_t);
	if (thread->n_orders)
		memcpy(wider, thread->orders, thread->n_orders * sizeof(uint64_t));
	wider[thread->n_orders++] = order;
	thread->orders = wider;
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

/* Of a stranger nothing is linked: their own numbers are suggested like anybody's. */
static void suggest_numbers(struct intake *in, const struct linkage *link, Rec__Thread *thread)
{
	const struct numbers *numbers = &link->numbers;
	for (size_t i = 0; i < numbers->n_suggested; i++)
		add_text(in, &thread->suggested, &thread->n_suggested, NUMBERS_MAX,
			 numbers->suggested[i]);
	for (size_t i = 0; i < numbers->n_orders && link->stranger; i++)
		add_text(in, &thread->suggested, &thread->n_suggested, NUMBERS_MAX,
			 slice_str(id_text(in->arena, 'O', numbers->orders[i])));
}

static void link_thread(struct intake *in, const struct linkage *link, Rec__Thread *thread)
{
	struct slice sender = sender_of(in);
	suggest_numbers(in, link, thread);
	if (link->stranger)
		return;
	for (size_t i = 0; i < link->numbers.n_orders; i++)
		add_order(in, thread, link->numbers.orders[i]);
	if (!sender.len || is_ours(in, sender))
		return;
	add_text(in, &thread->participants, &thread->n_participants, PARTICIPANTS_MAX, sender);
	thread->reply_to = one_line(in, answer_to(in, link, thread, sender), 254);
}

static int open_thread(struct intake *in, const struct linkage *link, Rec__Thread **thread,
		       struct err *e)
{
	if (link->thread) {
		*thread = link->thread;
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
	made->split_from = link->split_from;
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
	mail.n_attachments = attach_deliver(in->arena, &in->files, &attachments);
	mail.attachments = attachments;
	/* All of it was quoted: better everything than nothing. */
	if (!mail.text.len)
		mail.text = in->mail->text;
	return compose_desk(&in->work, &mail, e);
}

/* The order whose own address the mail was sent to is one that the mail is about. */
static int link_named_order(const struct intake *in, struct linkage *link, uint64_t *order,
			    struct err *e)
{
	struct numbers *numbers = &link->numbers;
	Rec__Order *found;
	uint64_t named = link->stranger || !link->customer ? 0 : filing_order(in);
	*order = 0;
	if (!named || numbers->n_orders >= NUMBERS_MAX)
		return 1;
	int got = order_load(in->work.change.txn, in->arena, named, &found, e);
	if (got == 1 && found->customer == link->customer->id)
		*order = numbers->orders[numbers->n_orders++] = named;
	return got < 0 ? -1 : 1;
}

int intake_customer(struct intake *in, struct err *e)
{
	struct linkage link;
	Rec__Thread *thread;
	Rec__Message *message;
	const struct link_mail mail = {
		.mail = in->mail,
		.text = in->trimmed.fresh,
		.by_person = in->class.kind == MAIL_KIND_CUSTOMER,
	};
	if (link_mail(&in->work, &mail, &link, e) < 0)
		return -1;
	/* Somebody who writes into a thread that is there is not thereby a customer. */
	if (!link.customer && !link.inactive && !link.thread && may_become_customer(in) &&
	    new_customer(in, &link, e) < 0)
		return -1;
	uint64_t named;
	if (link_named_order(in, &link, &named, e) < 0 || open_thread(in, &link, &thread, e) < 0 ||
	    remark_mail(in, &link, e) < 0 ||
	    intake_add_message(in, thread, REC__DIRECTION__DIRECTION_IN, &message, e) < 0 ||
	    filing_of_customer(in, named, message, e) < 0)
		return -1;
	intake_verdict(in, "customer mail, linked by %s", link.how);
	return tell_agents(in, thread, message, e);
}
