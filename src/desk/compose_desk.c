/* SPDX-License-Identifier: ISC */
#include "compose.h"

#include <assert.h>

#include "command.h"
#include "outbox.h"
#include "record/agent.h"
#include "record/customer.h"
#include "record/message.h"
#include "record/order.h"

#define PLAIN_MAX (256u << 10) /* bytes of the text of a mail that no template made */
#define OFFERS_MAX 12
#define ORDERS_SHOWN 10

/* A reply address of that kind for one agent. */
static struct slice reply_address(struct work *work, const Rec__Thread *thread,
				  const Rec__Agent *agent, enum token_kind kind)
{
	struct token token = {
		.kind = kind,
		.agent = (uint32_t)agent->id,
		.thread = thread->id,
		.message = thread->last_message,
		.expires = work->change.now + (int64_t)TOKEN_DAYS * 86400,
	};
	struct buf address;
	buf_init(&address, 512);
	token_put_address(&address, &work->desk->keys, &token, slice_str(work->shop->address));
	struct slice copy = arena_copy(work->arena, buf_slice(&address));
	buf_release(&address);
	return copy;
}

/* All mails about a thread share one ancestor, so that clients show them together. */
static struct slice thread_root(struct work *work, const Rec__Thread *thread)
{
	struct buf id;
	buf_init(&id, 512);
	token_put_message_id(&id, &work->desk->keys, thread->id, 0, slice_str(work->shop->address));
	struct slice copy = arena_copy(work->arena, buf_slice(&id));
	buf_release(&id);
	return copy;
}

/* ---- mails to agents, whatever became of their template ---- */

/* What a mail says when its template cannot be rendered. */
struct plain {
	const char *template;
	struct slice subject, text;
	bool foreign; /* a stranger's words */
};

static void put_plain(struct buf *out, const struct plain *plain)
{
	struct slice rest = slice_sub(plain->text, 0, PLAIN_MAX), line;
	/* Quoted, so that no command of a stranger stands in the agent's reply (MAIL.md 5). */
	while (slice_line(&rest, &line)) {
		buf_puts(out, plain->foreign ? "> " : "");
		text_put_utf8(out, line);
		buf_putc(out, '\n');
	}
}

/*
 * A broken template, or a text that it cannot hold, must not stop the mails to
 * those who could mend it: they get the text alone.
 */
static int render(struct work *work, const struct plain *plain, const Rec__Agent *agent,
		  struct template_data *data, struct outgoing *out, struct err *e)
{
	struct template_languages languages = compose_languages(work, NULL, agent);
	int result = templates_render(work->templates, plain->template, &languages, data,
				      work->arena, &out->content, e);
	if (result >= 0 || e->class != ERR_CONFIG)
		return result;
	log_event(LOG_LEVEL_ERROR, "template-failed", LOG_STR("error", e->text));
	struct buf text, subject;
	buf_init(&text, 4 * PLAIN_MAX);
	buf_init(&subject, 16 * TEMPLATE_SUBJECT_MAX);
	buf_printf(&text, "(%s)\n\n", e->text);
	put_plain(&text, plain);
	text_put_line(&subject, plain->subject, TEMPLATE_SUBJECT_MAX);
	out->content = (struct rendered_mail){
		.subject = arena_copy(work->arena, buf_slice(&subject)),
		.text = arena_copy(work->arena, buf_slice(&text)),
	};
	buf_release(&subject);
	buf_release(&text);
	return 1;
}

/* ---- what may be done: one list of { line, help } an object ---- */

static int add_offers(struct work *work, const struct desk_mail *mail, const Rec__Agent *agent,
		      char letter, uint64_t id, struct liquid_value links, struct err *e)
{
	struct command_offer offers[OFFERS_MAX];
	struct change as_agent = work->change;
	as_agent.agent = agent->id;
	as_agent.actor = slice_str(agent->name);
	as_agent.role = agent->role;
	struct command_context ctx = {
		.change = &as_agent,
		.thread = mail->thread->id,
		.customer = mail->thread->customer,
	};
	int n = command_allowed(&ctx, letter, id, offers, OFFERS_MAX, e);
	for (int i = 0; i < n; i++) {
		struct liquid_value link = liquid_hash_new(work->arena);
		liquid_hash_set(work->arena, link, SLICE("command"), liquid_string(offers[i].line));
		liquid_hash_set(work->arena, link, SLICE("help"),
				liquid_string(slice_str(offers[i].row->help)));
		liquid_list_add(work->arena, links, link);
	}
	return n < 0 ? -1 : 1;
}

/* The orders of the card: those the thread is about, or else the customer's newest. */
static int orders_of(struct work *work, const Rec__Thread *thread, const ProtobufCMessage ***list,
		     size_t *n, struct err *e)
{
	struct customer_orders orders = {.n = 0};
	*list = ARENA_ARRAY(work->arena, ORDERS_SHOWN, const ProtobufCMessage *);
	*n = 0;
	for (size_t i = 0; i < thread->n_orders && *n < ORDERS_SHOWN; i++) {
		Rec__Order *order;
		int found = order_load(work->change.txn, work->arena, thread->orders[i], &order, e);
		if (found < 0)
			return -1;
		if (found == 1)
			(*list)[(*n)++] = &order->base;
	}
	if (*n || !thread->customer)
		return 1;
	if (customer_orders(work->change.txn, work->arena, thread->customer, ORDERS_SHOWN, &orders,
			    e) < 0)
		return -1;
	for (size_t i = orders.n; i-- > 0;)
		(*list)[(*n)++] = &orders.items[i]->base;
	return 1;
}

static int set_links(struct work *work, const struct desk_mail *mail, const Rec__Agent *agent,
		     struct template_data *data, struct err *e)
{
	const ProtobufCMessage **orders;
	size_t n;
	struct liquid_value links = liquid_list_new(work->arena);
	if (orders_of(work, mail->thread, &orders, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (add_offers(work, mail, agent, 'O', ((const Rec__Order *)orders[i])->id, links,
			       e) < 0)
			return -1;
	if (add_offers(work, mail, agent, 'T', mail->thread->id, links, e) < 0)
		return -1;
	template_data_messages(data, "orders", orders, n);
	template_data_set(data, "links", links);
	return 1;
}

static struct liquid_value suggestions(struct work *work, const Rec__Thread *thread)
{
	struct liquid_value list = liquid_list_new(work->arena);
	for (size_t i = 0; i < thread->n_suggested; i++)
		liquid_list_add(work->arena, list, liquid_string(slice_str(thread->suggested[i])));
	return list;
}

static int render_desk(struct work *work, const struct desk_mail *mail, const Rec__Agent *agent,
		       struct outgoing *out, struct err *e)
{
	const struct plain plain = {
		.template = "desk/mail",
		.subject = slice_str(arena_printf(work->arena, "%s: %s [T%llu]",
						  mail->message->from, mail->thread->subject,
						  (unsigned long long)mail->thread->id)),
		.text = mail->text,
		.foreign = true,
	};
	struct template_data *data = template_data_new(work->arena, work->shop);
	template_data_now(data, work->change.now);
	template_data_message(data, "agent", &agent->base);
	template_data_message(data, "thread", &mail->thread->base);
	template_data_message(data, "customer", mail->customer ? &mail->customer->base : NULL);
	template_data_message(data, "message", &mail->message->base);
	template_data_foreign(data, "text", mail->text);
	template_data_foreign(data, "quoted", mail->quoted);
	template_data_text(data, "public_address", out->reply_to);
	template_data_text(data, "note_address",
			   reply_address(work, mail->thread, agent, TOKEN_NOTE));
	template_data_set(data, "suggested", suggestions(work, mail->thread));
	template_data_integer(data, "attachments", (int64_t)mail->n_attachments);
	template_data_truth(data, "truncated", mail->truncated);
	if (set_links(work, mail, agent, data, e) < 0)
		return -1;
	return render(work, &plain, agent, data, out, e);
}

static int send_to(struct work *work, const struct desk_mail *mail, const Rec__Agent *agent,
		   struct err *e)
{
	uint64_t outbox;
	struct slice root = thread_root(work, mail->thread);
	struct outgoing out = {
		.kind = TRA__OUTBOX_KIND__OUTBOX_KIND_DESK,
		.event = "desk-mail",
		.thread = mail->thread,
		.agent = agent->id,
		.name = slice_str(agent->full_name),
		.address = slice_str(agent->address),
		.reply_to = reply_address(work, mail->thread, agent, TOKEN_PUBLIC),
		.references = &root,
		.n_references = 1,
		.automatic = true,
		.urgent = mail->customer && mail->customer->n_watch,
		.attachments = mail->attachments,
		.n_attachments = mail->n_attachments,
	};
	if (render_desk(work, mail, agent, &out, e) < 0)
		return -1;
	return compose_queue(work, &out, &outbox, e);
}

/* Who works the queue: every active agent or admin. */
static bool works_queue(const Rec__Agent *agent)
{
	return !agent->inactive &&
	       (agent->role == REC__ROLE__ROLE_AGENT || agent->role == REC__ROLE__ROLE_ADMIN);
}

int compose_desk(struct work *work, const struct desk_mail *mail, struct err *e)
{
	struct agent_list agents;
	Rec__Agent *owner = NULL;
	struct txn *txn = work->change.txn;
	assert(mail->thread->id && mail->message->thread == mail->thread->id);
	if (mail->thread->owner && agent_load(txn, work->arena, mail->thread->owner, &owner, e) < 0)
		return -1;
	if (owner && !owner->inactive)
		return send_to(work, mail, owner, e);
	if (agent_list(txn, work->arena, &agents, e) < 0)
		return -1;
	for (size_t i = 0; i < agents.n; i++)
		if (works_queue(agents.items[i]) && send_to(work, mail, agents.items[i], e) < 0)
			return -1;
	return 1;
}

/* ---- transcripts and notices ---- */

int compose_transcript(struct work *work, const struct transcript_mail *mail, struct err *e)
{
	uint64_t outbox;
	/* A preview is no refusal, even though it is rolled back likewise. */
	assert(mail->agent && mail->agent->id && !(mail->refused && mail->preview));
	struct template_data *data = template_data_new(work->arena, work->shop);
	struct slice root = mail->thread ? thread_root(work, mail->thread) : SLICE("");
	struct outgoing out = {
		.kind = TRA__OUTBOX_KIND__OUTBOX_KIND_TRANSCRIPT,
		.event = "transcript",
		.thread = mail->thread,
		.agent = mail->agent->id,
		.name = slice_str(mail->agent->full_name),
		.address = slice_str(mail->agent->address),
		.in_reply_to = mail->in_reply_to,
		.references = &root,
		.n_references = root.len ? 1 : 0,
		.automatic = true,
		.result = mail->refused	   ? SLICE("refused")
			  : mail->code.len ? SLICE("confirm")
			  : mail->preview  ? SLICE("preview")
					   : SLICE("done"),
	};
	if (mail->thread)
		out.reply_to = reply_address(work, mail->thread, mail->agent, TOKEN_PUBLIC);
	else if (mail->code.len)
		out.reply_to = work_desk_address(work);
	template_data_now(data, work->change.now);
	template_data_message(data, "agent", &mail->agent->base);
	template_data_message(data, "thread", mail->thread ? &mail->thread->base : NULL);
	template_data_prose(data, "transcript", mail->text);
	template_data_text(data, "subject", mail->subject);
	template_data_text(data, "result", out.result);
	template_data_text(data, "code", mail->code);
	template_data_text(data, "public_address", out.reply_to);
	template_data_integer(data, "errors", (int64_t)mail->n_errors);
	const struct plain plain = {
		.template = "desk/transcript",
		.subject = slice_str(arena_printf(work->arena, "%.*s: %.*s", SLICE_ARG(out.result),
						  SLICE_ARG(mail->subject))),
		.text = mail->code.len ? slice_str(arena_printf(
						 work->arena, "%.*s\n#confirm %.*s\n",
						 SLICE_ARG(mail->text), SLICE_ARG(mail->code)))
				       : mail->text,
	};
	if (render(work, &plain, mail->agent, data, &out, e) < 0)
		return -1;
	return compose_queue(work, &out, &outbox, e);
}

static struct slice whole_utf8(struct work *work, struct slice text)
{
	struct buf out;
	buf_init(&out, 4 * PLAIN_MAX);
	text_put_utf8(&out, slice_sub(text, 0, PLAIN_MAX));
	struct slice copy = arena_copy(work->arena, buf_slice(&out));
	buf_release(&out);
	return copy;
}

static int notify(struct work *work, const struct notice *notice, const Rec__Agent *agent,
		  struct err *e)
{
	uint64_t outbox;
	const struct plain plain = {
		.template = "desk/notice",
		.subject = notice->subject,
		.text = notice->text,
		.foreign = true,
	};
	struct template_data *data = template_data_new(work->arena, work->shop);
	struct slice root = notice->thread ? thread_root(work, notice->thread) : SLICE("");
	struct outgoing out = {
		.kind = TRA__OUTBOX_KIND__OUTBOX_KIND_NOTICE,
		.event = notice->event,
		.thread = notice->thread,
		.agent = agent->id,
		.name = slice_str(agent->full_name),
		.address = slice_str(agent->address),
		.references = &root,
		.n_references = root.len ? 1 : 0,
		.automatic = true,
	};
	if (notice->thread)
		out.reply_to = reply_address(work, notice->thread, agent, TOKEN_PUBLIC);
	template_data_now(data, work->change.now);
	template_data_message(data, "agent", &agent->base);
	template_data_message(data, "thread", notice->thread ? &notice->thread->base : NULL);
	template_data_text(data, "subject", notice->subject);
	/* It quotes strangers, cut anywhere: an unverified mail, a server's words. */
	template_data_foreign(data, "text", whole_utf8(work, notice->text));
	if (render(work, &plain, agent, data, &out, e) < 0)
		return -1;
	return compose_queue(work, &out, &outbox, e);
}

int compose_notice(struct work *work, const struct notice *notice, struct err *e)
{
	struct agent_list agents;
	Rec__Agent *owner = NULL;
	struct txn *txn = work->change.txn;
	assert(notice->event);
	if (notice->thread && notice->thread->owner &&
	    agent_load(txn, work->arena, notice->thread->owner, &owner, e) < 0)
		return -1;
	if (owner && !owner->inactive)
		return notify(work, notice, owner, e);
	if (agent_list(txn, work->arena, &agents, e) < 0)
		return -1;
	for (size_t i = 0; i < agents.n; i++)
		if (!agents.items[i]->inactive && agents.items[i]->role == REC__ROLE__ROLE_ADMIN &&
		    notify(work, notice, agents.items[i], e) < 0)
			return -1;
	return 1;
}
