/* SPDX-License-Identifier: ISC */
#include "link.h"

#include <assert.h>

#include "record/customer.h"
#include "record/message.h"
#include "record/thread.h"
#include "split.h"
#include "subject.h"

#define MERGES_FOLLOWED 10

struct search {
	struct work *work;
	const struct mail *m;
	struct linkage *out;
	struct slice sender;
	size_t looked_at; /* recipient addresses */
	bool by_person;
};

bool link_takes_part(const Rec__Thread *thread, struct slice address)
{
	for (size_t i = 0; i < thread->n_participants; i++)
		if (mail_address_same(slice_str(thread->participants[i]), address))
			return true;
	return false;
}

/* The sender under this address, or the thread's customer under another one. */
static bool sender_takes_part(const struct search *s, const Rec__Thread *thread)
{
	if (!s->sender.len)
		return false;
	return link_takes_part(thread, s->sender) ||
	       (thread->customer && s->out->customer && s->out->customer->id == thread->customer);
}

/* ---- the thread ---- */

/* 1 when the thread is there; a merged one gives the one it was merged into. */
static int load_thread(struct search *s, uint64_t id, Rec__Thread **thread, struct err *e)
{
	struct txn *txn = s->work->change.txn;
	int found = thread_load(txn, s->work->arena, id, thread, e);
	for (int i = 0; found == 1 && (*thread)->merged_into && i < MERGES_FOLLOWED; i++)
		found = thread_load(txn, s->work->arena, (*thread)->merged_into, thread, e);
	return found;
}

static int take_thread(struct search *s, uint64_t id, const char *how, struct err *e)
{
	Rec__Thread *thread;
	int found = load_thread(s, id, &thread, e);
	if (found != 1)
		return found;
	s->out->thread = thread;
	s->out->how = how;
	return 1;
}

/* The address that one of our mails was sent from: machines answer there, and name no id. */
static int try_address(struct search *s, struct slice address, struct err *e)
{
	struct token token;
	if (s->looked_at++ >= LINK_ADDRESSES_MAX ||
	    token_get_address(&s->work->desk->keys, address, slice_str(s->work->shop->address),
			      &token) != 1 ||
	    token.kind != TOKEN_BOUNCE)
		return 0;
	return take_thread(s, token.thread, "envelope address", e);
}

static int try_addresses(struct search *s, struct err *e)
{
	static const char *const hints[] = {"Delivered-To", "X-Original-To"};
	const struct mail_addresses *lists[] = {&s->m->to, &s->m->cc};
	int found = 0;
	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->n && found == 0; i++)
			found = try_address(s, lists[l]->items[i].addr, e);
	for (size_t h = 0; h < 2; h++) {
		struct slice value;
		for (size_t i = 0;
		     i < LINK_TAGS_MAX && found == 0 && (value = mail_field(s->m, hints[h], i)).ptr;
		     i++)
			found = try_address(s, slice_trim(value), e);
	}
	return found;
}

static int try_signed(struct search *s, struct slice id, struct err *e)
{
	uint64_t thread, outbox;
	if (token_get_message_id(&s->work->desk->keys, id, &thread, &outbox) != 1)
		return 0;
	return take_thread(s, thread, "signed Message-ID", e);
}

/* A stored id is no proof, since anybody may know it: it counts for those who take part. */
static int try_known(struct search *s, struct slice id, struct err *e)
{
	Rec__Message *message;
	Rec__Thread *thread;
	int found = message_find(s->work->change.txn, s->work->arena, id, &message, e);
	if (found == 1)
		found = load_thread(s, message->thread, &thread, e);
	if (found != 1 || !sender_takes_part(s, thread))
		return found < 0 ? -1 : 0;
	s->out->thread = thread;
	s->out->how = "known Message-ID";
	return 1;
}

typedef int try_fn(struct search *s, struct slice id, struct err *e);

/* In-Reply-To first, then References from right to left. */
static int try_references(struct search *s, try_fn *try, struct err *e)
{
	const struct mail *m = s->m;
	int found = 0;
	for (size_t i = 0; i < m->n_in_reply_to && i < MAIL_REFERENCES_MAX && found == 0; i++)
		found = try(s, m->in_reply_to[i], e);
	for (size_t i = m->n_references; i-- > 0 && found == 0;)
		found = try(s, m->references[i], e);
	return found;
}

/* "[T1234]" in the subject: whoever guesses a number is not let in (T29). */
static int try_subject(struct search *s, struct err *e)
{
	struct slice rest = s->m->subject;
	uint64_t id;
	for (int i = 0; i < LINK_TAGS_MAX && subject_next_tag(&rest, &id); i++) {
		Rec__Thread *thread;
		int found = load_thread(s, id, &thread, e);
		if (found < 0)
			return -1;
		if (found == 0)
			continue;
		if (sender_takes_part(s, thread)) {
			s->out->thread = thread;
			s->out->how = "subject tag";
			return 1;
		}
		if (!s->out->possible)
			s->out->possible = id;
	}
	return 0;
}

/*
 * What answers an old mail under a new subject begins a thread that knows the
 * old one.  A machine's answer has a subject of its own and begins nothing.
 */
static int split(struct search *s, struct err *e)
{
	int due = s->by_person ? split_is_due(s->work, s->out->thread, s->m->subject, e) : 0;
	if (due != 1)
		return due < 0 ? -1 : 1;
	s->out->split_from = s->out->thread->id;
	s->out->thread = NULL;
	s->out->how = "split off";
	return 1;
}

static int find_thread(struct search *s, struct err *e)
{
	int found = try_addresses(s, e);
	if (found != 0)
		return found;
	found = try_references(s, try_signed, e);
	if (found == 0)
		found = try_references(s, try_known, e);
	if (found == 1)
		return split(s, e);
	return found == 0 ? try_subject(s, e) : found;
}

/* ---- who and what ---- */

/* Inactive customers' mail goes to triage, unlinked (RECORD.md 3, invariant 25). */
static int find_customer(struct search *s, struct err *e)
{
	Rec__Customer *customer = NULL;
	struct txn *txn = s->work->change.txn;
	int found = s->sender.len
			    ? customer_find_address(txn, s->work->arena, s->sender, &customer, e)
			    : 0;
	if (found == 1)
		found = customer_resolve(txn, s->work->arena, customer->id, &customer, e);
	s->out->inactive = found == 1 && customer->inactive;
	s->out->customer = found == 1 && !s->out->inactive ? customer : NULL;
	return found < 0 ? -1 : 1;
}

/*
 * A third party who writes into a thread neither becomes its customer nor
 * joins it: what they send is shown, and answers still go to the customer.
 */
static bool is_stranger(const struct search *s)
{
	const Rec__Thread *thread = s->out->thread;
	if (!thread || sender_takes_part(s, thread))
		return false;
	return thread->customer || thread->n_participants;
}

int link_mail(struct work *work, const struct link_mail *mail, struct linkage *out, struct err *e)
{
	const struct mail *m = mail->mail;
	struct search s = {.work = work, .m = m, .out = out, .by_person = mail->by_person};
	*out = (struct linkage){.how = "new"};
	if (m->from.n)
		s.sender = m->from.items[0].addr;
	if (find_customer(&s, e) < 0 || find_thread(&s, e) < 0 ||
	    numbers_find(work, out->customer, m->subject, mail->text, &out->numbers, e) < 0)
		return -1;
	assert(!out->thread || !out->split_from);
	out->stranger = is_stranger(&s);
	return 1;
}
