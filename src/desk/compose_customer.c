/* SPDX-License-Identifier: ISC */
#include "compose.h"

#include <assert.h>

#include "mail/address.h"
#include "outbox.h"
#include "record/customer.h"
#include "record/message.h"
#include "record/thread.h"

#define PARENTS_LOOKED_AT 50

/* The newest mail of that address in the thread, or null: for their client's threading. */
static int find_parent(struct work *work, const Rec__Thread *thread, struct slice address,
		       Rec__Message **parent, struct err *e)
{
	struct message_query query = {.thread = thread->id, .limit = PARENTS_LOOKED_AT};
	struct message_list list;
	*parent = NULL;
	if (message_list(work->change.txn, work->arena, &query, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < list.n && !*parent; i++)
		if (list.items[i]->direction == REC__DIRECTION__DIRECTION_IN &&
		    list.items[i]->message_id[0] &&
		    mail_address_same(slice_str(list.items[i]->from), address))
			*parent = list.items[i];
	return 1;
}

static void set_parent(struct work *work, const Rec__Message *parent, struct outgoing *out)
{
	if (!parent)
		return;
	struct slice *references = ARENA_ARRAY(work->arena, parent->n_references, struct slice);
	for (size_t i = 0; i < parent->n_references; i++)
		references[i] = slice_str(parent->references[i]);
	out->in_reply_to = slice_str(parent->message_id);
	out->references = references;
	out->n_references = parent->n_references;
}

/* "Re: what the customer wrote", unless the thread began with us. */
static struct slice answer_subject(struct work *work, const Rec__Message *parent,
				   struct slice subject)
{
	if (!parent || !parent->subject[0])
		return subject;
	struct slice asked = slice_str(parent->subject);
	if (slice_starts_nocase(asked, SLICE("Re:")) || slice_starts_nocase(asked, SLICE("AW:")))
		return asked;
	return slice_str(arena_printf(work->arena, "Re: %s", parent->subject));
}

static struct slice recipient_of(const struct customer_mail *mail)
{
	if (mail->thread->reply_to[0])
		return slice_str(mail->thread->reply_to);
	if (mail->customer && mail->customer->n_emails)
		return slice_str(mail->customer->emails[0]);
	return SLICE("");
}

static struct template_data *data_of(struct work *work, const struct customer_mail *mail)
{
	struct template_data *data = template_data_new(work->arena, work->shop);
	template_data_now(data, work->change.now);
	template_data_message(data, "customer", mail->customer ? &mail->customer->base : NULL);
	template_data_message(data, "order", mail->order ? &mail->order->base : NULL);
	template_data_message(data, "thread", &mail->thread->base);
	template_data_message(data, "agent", mail->agent ? &mail->agent->base : NULL);
	template_data_prose(data, "text", mail->text);
	template_data_text(data, "reason", mail->reason);
	return data;
}

static int add_message(struct work *work, const struct customer_mail *mail,
		       const struct outgoing *out, uint64_t outbox, struct err *e)
{
	Rec__Message *message = ARENA_NEW(work->arena, Rec__Message);
	Tra__Outbox *entry;
	rec__message__init(message);
	if (outbox_load(work->change.txn, work->arena, outbox, &entry, e) < 0)
		return -1;
	message->direction = REC__DIRECTION__DIRECTION_OUT;
	message->outbox = outbox;
	message->agent = mail->agent ? mail->agent->id : 0;
	message->from_name = work->shop->name;
	message->from = work->shop->address;
	message->to = arena_str(work->arena, out->address);
	message->subject = arena_str(work->arena, out->content.subject);
	message->message_id = entry->message_id;
	message->class_ = arena_str(work->arena, slice_str(mail->event));
	if (message_create(&work->change, mail->thread, message, e) < 0)
		return -1;
	entry->message = message->id;
	return outbox_save(work->change.txn, entry, e);
}

/*
 * CP-44: who has an admin address with a mail address of its own gets a copy of
 * everything there.  Only with that role: another address may be somebody else's.
 */
static const Rec__Address *copy_address(const struct customer_mail *mail,
					const struct outgoing *out)
{
	const Rec__AddressRole admin = REC__ADDRESS_ROLE__ADDRESS_ROLE_ADMIN;
	const Rec__Address *address =
		mail->customer ? customer_address(mail->customer, admin) : NULL;
	bool is_admin = false;
	for (size_t i = 0; address && i < address->n_roles; i++)
		is_admin |= address->roles[i] == admin;
	if (!is_admin || !address->email[0] ||
	    mail_address_same(slice_str(address->email), out->address))
		return NULL;
	return address;
}

static int send_copy(struct work *work, const struct customer_mail *mail,
		     const struct outgoing *out, struct err *e)
{
	const Rec__Address *address = copy_address(mail, out);
	struct outgoing copy = *out;
	uint64_t outbox;
	if (!address)
		return 1;
	copy.name = slice_str(address->name);
	copy.address = slice_str(address->email);
	return compose_queue(work, &copy, &outbox, e);
}

static struct slice shown_mail(struct work *work, const struct customer_mail *mail,
			       const struct outgoing *out)
{
	const Rec__Address *copy = copy_address(mail, out);
	return slice_str(arena_printf(
		work->arena, "To: %.*s\n%s%s%sSubject: %.*s\n\n%.*s\n", SLICE_ARG(out->address),
		copy ? "Copy: " : "", copy ? copy->email : "", copy ? "\n" : "",
		SLICE_ARG(out->content.subject), SLICE_ARG(out->content.text)));
}

int compose_customer(struct work *work, const struct customer_mail *mail, struct slice *shown,
		     struct err *e)
{
	Rec__Message *parent;
	uint64_t outbox;
	assert(mail->template && mail->thread && mail->thread->id && mail->event);
	struct template_data *data = data_of(work, mail);
	struct outgoing out = {
		.kind = TRA__OUTBOX_KIND__OUTBOX_KIND_CUSTOMER,
		.event = mail->event,
		.thread = mail->thread,
		.name = mail->customer ? slice_str(mail->customer->name) : SLICE(""),
		.address = recipient_of(mail),
		.automatic = !mail->agent,
	};
	int applies = template_applies(mail->template, data, e);
	if (applies != 1)
		return applies;
	if (!out.address.len)
		return 0;
	if (template_render_mail(mail->template, data, work->arena, &out.content, e) < 0 ||
	    find_parent(work, mail->thread, out.address, &parent, e) < 0)
		return -1;
	/* A client that quotes in a way nobody knows must not hand out the agent's address. */
	if (token_stands_in(&work->desk->keys, out.content.text))
		return err_set(e, ERR_INPUT,
			       "the text holds a reply address that is yours alone: remove the "
			       "quoted mail below your words");
	set_parent(work, parent, &out);
	if (mail->text.len)
		out.content.subject = answer_subject(work, parent, out.content.subject);
	int queued = compose_queue(work, &out, &outbox, e);
	if (queued != 1)
		return queued;
	*shown = shown_mail(work, mail, &out);
	if (send_copy(work, mail, &out, e) < 0)
		return -1;
	return add_message(work, mail, &out, outbox, e);
}
