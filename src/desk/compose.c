/* SPDX-License-Identifier: ISC */
#include "compose.h"

#include <assert.h>

#include "mail/envelope.h"
#include "outbox.h"
#include "record/agent.h"

#define DRAFT_MAX (48u << 20)
#define AGENT_FACTOR 20 /* agents get many mails of ours about one thread; a loop gets more */

struct template_languages compose_languages(struct work *work, const Rec__Customer *customer,
					    const Rec__Agent *agent)
{
	struct slice *tags = ARENA_ARRAY(work->arena, 3, struct slice);
	tags[0] = slice_str(customer ? customer->language : NULL);
	tags[1] = slice_str(agent ? agent->language : NULL);
	tags[2] = slice_str(work->shop->language);
	return (struct template_languages){tags, 3};
}

/* Bytes of a buffer, moved into the arena. */
static struct slice kept(struct work *work, struct buf *b)
{
	struct slice copy = arena_copy(work->arena, buf_slice(b));
	buf_release(b);
	return copy;
}

static struct slice message_id_of(struct work *work, uint64_t thread, uint64_t outbox)
{
	struct buf id;
	buf_init(&id, 512);
	token_put_message_id(&id, &work->desk->keys, thread, outbox,
			     slice_str(work->shop->address));
	return kept(work, &id);
}

/* Where a bounce of this mail comes back to. */
static struct slice envelope_sender(struct work *work, const struct outgoing *mail, uint64_t outbox)
{
	struct token token = {
		.kind = TOKEN_BOUNCE,
		.agent = (uint32_t)mail->agent,
		.thread = mail->thread ? mail->thread->id : 0,
		.message = outbox,
		.expires = work->change.now + (int64_t)TOKEN_DAYS * 86400,
	};
	struct buf address;
	buf_init(&address, 512);
	token_put_address(&address, &work->desk->keys, &token, slice_str(work->shop->address));
	return kept(work, &address);
}

static struct slice loop_value(struct work *work, struct slice message_id)
{
	struct buf value;
	buf_init(&value, 512);
	token_put_loop(&value, &work->desk->keys, message_id);
	return kept(work, &value);
}

static struct mail_extra token_field(const char *name, struct slice value)
{
	return (struct mail_extra){slice_str(name), MAIL_EXTRA_TOKEN, value};
}

/* Fields beyond the usual ones; returns how many. */
static size_t extra_fields(struct work *work, const struct outgoing *mail, struct slice message_id,
			   struct mail_extra *extra)
{
	size_t n = 0;
	if (mail->automatic)
		extra[n++] = token_field("X-Postclerk-Loop", loop_value(work, message_id));
	if (mail->result.len)
		extra[n++] = token_field("X-Postclerk-Result", mail->result);
	if (mail->kind != TRA__OUTBOX_KIND__OUTBOX_KIND_CUSTOMER && mail->thread)
		extra[n++] =
			token_field("X-Postclerk-Thread",
				    slice_str(arena_printf(work->arena, "T%llu",
							   (unsigned long long)mail->thread->id)));
	if (mail->urgent) {
		extra[n++] = token_field("Importance", SLICE("high"));
		extra[n++] = token_field("X-Priority", SLICE("1"));
	}
	return n;
}

/* Ids of strangers' mails that may stand in a header; the others are left out. */
static size_t safe_references(struct work *work, const struct outgoing *mail,
			      struct slice **references)
{
	size_t n = 0;
	*references = ARENA_ARRAY(work->arena, mail->n_references, struct slice);
	for (size_t i = 0; i < mail->n_references; i++)
		if (mail_id_safe(mail->references[i]))
			(*references)[n++] = mail->references[i];
	return n;
}

/* Into a buffer of the caller, not the arena: one mail may go to every agent, with attachments. */
static int draft_bytes(struct work *work, const struct outgoing *mail, struct slice message_id,
		       struct buf *out, struct err *e)
{
	bool to_agent = mail->kind != TRA__OUTBOX_KIND__OUTBOX_KIND_CUSTOMER && !mail->outside;
	struct mail_person to = {mail->name, mail->address};
	struct mail_extra extra[5];
	struct mail_draft draft = {
		.from = {slice_str(work->shop->name),
			 to_agent ? work_desk_address(work) : slice_str(work->shop->address)},
		.reply_to = {SLICE(""), mail->reply_to},
		.to = &to,
		.to_count = 1,
		.subject = mail->content.subject,
		.date = work->change.now,
		.message_id = message_id,
		.in_reply_to = mail_id_safe(mail->in_reply_to) ? mail->in_reply_to : SLICE(""),
		.auto_submitted = mail->automatic ? MAIL_AUTO_GENERATED : MAIL_AUTO_NONE,
		.extra = extra,
		.extra_count = extra_fields(work, mail, message_id, extra),
		.text = mail->content.text,
		.html = mail->content.html,
		.attachments = mail->attachments,
		.attachments_count = mail->n_attachments,
	};
	struct slice *references;
	draft.references_count = safe_references(work, mail, &references);
	draft.references = references;
	int result = mail_compose(&draft, out, e);
	if (result == 1 && !mail_wire_safe(buf_slice(out)))
		die("compose: a mail of ours is not safe for the wire");
	return result;
}

/*
 * May this automatic mail go, or did the recipient, or the thread, have enough
 * today (MAIL.md 3)?  What an agent gets is counted by thread: a desk may be
 * busy, a thread of hundreds of mails a day goes round.
 */
static int take_automatic(struct work *work, const struct outgoing *mail, struct err *e)
{
	bool customer = mail->kind == TRA__OUTBOX_KIND__OUTBOX_KIND_CUSTOMER;
	struct automatic_limit limit = {
		.now = work->change.now,
		.per_day = (uint32_t)conf_integer(work->desk->settings, "desk", 0,
						  "automatic-mails-per-day"),
	};
	if (!mail->automatic)
		return 1;
	struct slice key =
		slice_str(arena_printf(work->arena, "T%llu %.*s",
				       (unsigned long long)(mail->thread ? mail->thread->id : 0),
				       SLICE_ARG(customer ? SLICE("") : mail->address)));
	int free = customer ? automatic_take(work->change.txn, mail->address, &limit, e) : 1;
	if (!customer)
		limit.per_day *= AGENT_FACTOR;
	if (free == 1)
		free = automatic_take(work->change.txn, key, &limit, e);
	if (free == 0)
		log_event(LOG_LEVEL_NOTICE, "automatic-mail-held", LOG_STR("event", mail->event),
			  LOG_NUM("thread", mail->thread ? mail->thread->id : 0));
	return free;
}

int compose_queue(struct work *work, const struct outgoing *mail, uint64_t *outbox, struct err *e)
{
	struct txn *txn = work->change.txn;
	/* Who is written to is decided before, and a customer's mail always has a thread. */
	assert(mail->address.len && mail->event);
	assert(mail->thread || mail->kind != TRA__OUTBOX_KIND__OUTBOX_KIND_CUSTOMER);
	int free = take_automatic(work, mail, e);
	if (free != 1)
		return free;
	if (outbox_next(txn, outbox, e) < 0)
		return -1;
	struct slice id = message_id_of(work, mail->thread ? mail->thread->id : 0, *outbox);
	Tra__Outbox entry;
	tra__outbox__init(&entry);
	entry.id = *outbox;
	entry.kind = mail->kind;
	entry.due_at = work->change.now;
	entry.sender = arena_str(work->arena, envelope_sender(work, mail, *outbox));
	entry.recipient = arena_str(work->arena, mail->address);
	entry.message_id = arena_str(work->arena, id);
	entry.thread = mail->thread ? mail->thread->id : 0;
	entry.agent = mail->agent;
	entry.created_at = work->change.now;
	entry.event = arena_str(work->arena, slice_str(mail->event));
	struct buf raw;
	buf_init(&raw, DRAFT_MAX);
	int result = draft_bytes(work, mail, id, &raw, e);
	if (result < 0)
		err_prefix(e, "the mail to %.*s", SLICE_ARG(mail->address));
	else
		result = outbox_add(txn, &entry, buf_slice(&raw), e);
	buf_release(&raw);
	return result;
}
