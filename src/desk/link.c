/* SPDX-License-Identifier: ISC */
#include "link.h"

#include <assert.h>

#include "record/customer.h"
#include "record/id.h"
#include "record/message.h"
#include "record/order.h"
#include "record/thread.h"

#define MERGES_FOLLOWED 10

struct search {
	struct work *work;
	const struct mail *m;
	struct linkage *out;
	struct slice sender;
	uint64_t orders[LINK_FOUND_MAX];
	struct slice suggested[LINK_FOUND_MAX];
};

bool link_takes_part(const Rec__Thread *thread, struct slice address)
{
	for (size_t i = 0; i < thread->n_participants; i++)
		if (mail_address_same(slice_str(thread->participants[i]), address))
			return true;
	return false;
}

/* ---- the thread ---- */

/* 1 when the thread is there; a merged one gives the one it was merged into. */
static int take_thread(struct search *s, uint64_t id, const char *how, struct err *e)
{
	Rec__Thread *thread;
	int found = thread_load(s->work->change.txn, s->work->arena, id, &thread, e);
	for (int i = 0; found == 1 && thread->merged_into && i < MERGES_FOLLOWED; i++)
		found = thread_load(s->work->change.txn, s->work->arena, thread->merged_into,
				    &thread, e);
	if (found != 1)
		return found;
	s->out->thread = thread->id;
	s->out->how = how;
	return 1;
}

/* The address that one of our mails was sent from: machines answer there, and name no id. */
static int try_address(struct search *s, struct slice address, struct err *e)
{
	struct token token;
	if (token_get_address(&s->work->desk->keys, address, slice_str(s->work->shop->address),
			      &token) != 1 ||
	    token.kind != TOKEN_BOUNCE)
		return 0;
	return take_thread(s, token.thread, "envelope address", e);
}

static int try_addresses(struct search *s, struct err *e)
{
	static const char *const hints[] = {"Delivered-To", "X-Original-To"};
	int found = 0;
	for (size_t i = 0; i < s->m->to.n && found == 0; i++)
		found = try_address(s, s->m->to.items[i].addr, e);
	for (size_t h = 0; h < 2 && found == 0; h++)
		found = try_address(s, slice_trim(mail_field(s->m, hints[h], 0)), e);
	return found;
}

/* A signed id of ours needs no more proof; a stored one counts for those who take part. */
static int try_reference(struct search *s, struct slice id, bool signed_only, struct err *e)
{
	uint64_t thread, outbox;
	Rec__Message *message;
	Rec__Thread *of;
	if (signed_only)
		return token_get_message_id(&s->work->desk->keys, id, &thread, &outbox) == 1
			       ? take_thread(s, thread, "signed Message-ID", e)
			       : 0;
	int found = message_find(s->work->change.txn, s->work->arena, id, &message, e);
	if (found == 1)
		found = thread_load(s->work->change.txn, s->work->arena, message->thread, &of, e);
	if (found != 1 || !link_takes_part(of, s->sender))
		return found < 0 ? -1 : 0;
	return take_thread(s, of->id, "known Message-ID", e);
}

/* In-Reply-To first, then References from right to left. */
static int try_references(struct search *s, bool signed_only, struct err *e)
{
	const struct mail *m = s->m;
	int found = 0;
	for (size_t i = 0; i < m->n_in_reply_to && found == 0; i++)
		found = try_reference(s, m->in_reply_to[i], signed_only, e);
	for (size_t i = m->n_references; i-- > 0 && found == 0;)
		found = try_reference(s, m->references[i], signed_only, e);
	return found;
}

/* "[T1234]" in the subject. */
static int try_subject(struct search *s, struct err *e)
{
	struct slice subject = s->m->subject;
	ptrdiff_t at = slice_find_nocase(subject, SLICE("[T"));
	if (at < 0)
		return 0;
	struct slice rest = slice_sub(subject, (size_t)at + 2, subject.len);
	ptrdiff_t end = slice_chr(rest, ']');
	uint64_t id;
	Rec__Thread *thread;
	if (end < 0 || !slice_u64(slice_sub(rest, 0, (size_t)end), &id))
		return 0;
	int found = thread_load(s->work->change.txn, s->work->arena, id, &thread, e);
	if (found != 1)
		return found;
	if (link_takes_part(thread, s->sender))
		return take_thread(s, id, "subject tag", e);
	s->out->possible = id;
	return 0;
}

static int find_thread(struct search *s, struct err *e)
{
	int found = try_addresses(s, e);
	if (found == 0)
		found = try_references(s, true, e);
	if (found == 0)
		found = try_references(s, false, e);
	return found == 0 ? try_subject(s, e) : found;
}

/* ---- numbers in the text ---- */

static void suggest(struct search *s, struct slice text)
{
	for (size_t i = 0; i < s->out->n_suggested; i++)
		if (slice_eq_nocase(s->suggested[i], text))
			return;
	if (s->out->n_suggested < LINK_FOUND_MAX)
		s->suggested[s->out->n_suggested++] = arena_copy(s->work->arena, text);
}

static void add_order(struct search *s, uint64_t id)
{
	for (size_t i = 0; i < s->out->n_orders; i++)
		if (s->orders[i] == id)
			return;
	if (s->out->n_orders < LINK_FOUND_MAX)
		s->orders[s->out->n_orders++] = id;
}

/* What belongs to the sender's own customer is linked; what does not is suggested. */
static int found_number(struct search *s, struct slice whole, struct slice number, struct err *e)
{
	uint64_t id;
	Rec__Order *order = NULL;
	struct txn *txn = s->work->change.txn;
	int found = 0;
	if (slice_u64(number, &id))
		found = order_load(txn, s->work->arena, id, &order, e);
	if (found == 0)
		found = order_find_number(txn, s->work->arena, number, &order, e);
	if (found < 0)
		return -1;
	if (found == 1 && s->out->customer && order->customer == s->out->customer->id)
		add_order(s, order->id);
	else if (found == 1)
		suggest(s, whole);
	return 1;
}

static int search_pattern(struct search *s, const struct pattern *pattern, struct slice text,
			  struct err *e)
{
	size_t from = 0;
	for (size_t n = 0; n < LINK_FOUND_MAX; n++) {
		struct slice groups[2];
		struct err limit;
		/* A pattern at its limits finds nothing; the mail goes on. */
		if (pattern_find(pattern, text, from, groups, 2, &limit) != 1)
			return 1;
		struct slice number = groups[1].ptr ? groups[1] : groups[0];
		if (found_number(s, groups[0], number, e) < 0)
			return -1;
		size_t end = (size_t)(groups[0].ptr - text.ptr) + groups[0].len;
		from = end > from ? end : from + 1;
	}
	return 1;
}

static int find_numbers(struct search *s, struct slice text, struct err *e)
{
	const struct desk *desk = s->work->desk;
	for (size_t i = 0; i < desk->n_patterns; i++)
		if (search_pattern(s, desk->patterns[i], s->m->subject, e) < 0 ||
		    search_pattern(s, desk->patterns[i], text, e) < 0)
			return -1;
	return 1;
}

int link_mail(struct work *work, const struct mail *m, struct slice text, struct linkage *out,
	      struct err *e)
{
	struct search *s = ARENA_NEW(work->arena, struct search);
	*out = (struct linkage){.how = "new"};
	*s = (struct search){.work = work, .m = m, .out = out};
	if (m->from.n)
		s->sender = m->from.items[0].addr;
	int found =
		customer_find_address(work->change.txn, work->arena, s->sender, &out->customer, e);
	if (found < 0)
		return -1;
	if (found == 0)
		out->customer = NULL;
	if (find_thread(s, e) < 0 || find_numbers(s, text, e) < 0)
		return -1;
	assert(out->n_orders <= LINK_FOUND_MAX && out->n_suggested <= LINK_FOUND_MAX);
	out->orders = s->orders;
	out->suggested = s->suggested;
	return 1;
}
