/* SPDX-License-Identifier: ISC */
#include "filing.h"

#include <assert.h>

#include "compose.h"
#include "record/customer.h"
#include "record/document.h"
#include "record/id.h"
#include "record/order.h"
#include "run.h"

/* "support+O10042@shop.example" of the shop's address; 0 for any other. */
static uint64_t order_of_address(struct slice address, struct slice ours)
{
	ptrdiff_t at = slice_chr(address, '@'), our_at = slice_chr(ours, '@');
	struct slice local = slice_sub(address, 0, at < 0 ? 0 : (size_t)at);
	struct slice our_local = slice_sub(ours, 0, our_at < 0 ? 0 : (size_t)our_at);
	struct id id;
	if (at < 0 || our_at < 0 ||
	    !slice_eq_nocase(slice_sub(address, (size_t)at, address.len),
			     slice_sub(ours, (size_t)our_at, ours.len)) ||
	    local.len <= our_local.len + 1 || !slice_starts_nocase(local, our_local) ||
	    local.ptr[our_local.len] != '+' ||
	    id_parse(slice_sub(local, our_local.len + 1, local.len), &id, NULL) < 0)
		return 0;
	return id.letter == 'O' && !id.line ? id.number : 0;
}

uint64_t filing_order(const struct intake *in)
{
	static const char *const traces[] = {"Delivered-To", "X-Original-To"};
	const struct mail_addresses *lists[] = {&in->mail->to, &in->mail->cc};
	struct slice ours = slice_str(in->work.shop->address);
	uint64_t order = 0;
	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->n && i < LINK_ADDRESSES_MAX && !order; i++)
			order = order_of_address(lists[l]->items[i].addr, ours);
	for (size_t i = 0; i < 2 && !order; i++)
		order = order_of_address(slice_trim(mail_field(in->mail, traces[i], 0)), ours);
	return order;
}

static int file_all(struct intake *in, uint64_t order, const Rec__Message *message, size_t *n,
		    struct err *e)
{
	*n = 0;
	for (size_t i = 0; i < message->n_attachments; i++) {
		const Rec__Attachment *attachment = message->attachments[i];
		Rec__File file;
		if (attachment->left_out)
			continue;
		rec__file__init(&file);
		file.object = id_text(in->arena, 'O', order);
		/* A file may come without a name; with the order it needs one. */
		file.name = arena_str(in->arena, attachment->name[0] ? slice_str(attachment->name)
								     : SLICE("file"));
		file.media_type = attachment->media;
		file.size = (int64_t)attachment->size;
		file.sha256 = attachment->sha256;
		file.message = message->id;
		if (file_add(&in->work.change, &file, e) < 0)
			return -1;
		++*n;
	}
	return 1;
}

int filing_of_customer(struct intake *in, uint64_t order, const Rec__Message *message,
		       struct err *e)
{
	size_t n;
	return order ? file_all(in, order, message, &n, e) : 1;
}

static int tell_agent(struct intake *in, const Rec__Thread *thread, uint64_t order, size_t n,
		      struct err *e)
{
	struct transcript_mail mail = {
		.agent = in->authority.agent,
		.thread = thread,
		.subject = in->mail->subject,
		.in_reply_to = in->mail->message_id,
		.text = slice_str(arena_printf(
			in->arena, "OK %zu file%s kept with O%llu; the text is a note in T%llu\n",
			n, n == 1 ? "" : "s", (unsigned long long)order,
			(unsigned long long)thread->id)),
	};
	return compose_transcript(&in->work, &mail, e);
}

int filing_of_agent(struct intake *in, struct err *e)
{
	const unsigned needed = COMMAND_I0_IDENTITY | COMMAND_I2_TRANSPORT;
	uint64_t id = filing_order(in);
	Rec__Order *order;
	Rec__Customer *customer;
	Rec__Thread *thread;
	Rec__Message *message;
	size_t n;
	if (!id || !in->authority.agent || (in->authority.proofs & needed) != needed)
		return 0;
	int got = order_load(in->work.change.txn, in->arena, id, &order, e);
	if (got == 1)
		got = customer_resolve(in->work.change.txn, in->arena, order->customer, &customer,
				       e);
	if (got == 1)
		got = run_thread_for(&in->work, customer, order, &thread, e);
	if (got != 1)
		return got;
	in->work.change.agent = in->authority.agent->id;
	in->work.change.actor = slice_str(in->authority.agent->name);
	in->work.change.role = in->authority.agent->role;
	if (intake_add_message(in, thread, REC__DIRECTION__DIRECTION_NOTE, &message, e) < 0 ||
	    file_all(in, id, message, &n, e) < 0)
		return -1;
	assert(n <= message->n_attachments);
	intake_verdict(in, "agent's files, kept with O%llu", (unsigned long long)id);
	return tell_agent(in, thread, id, n, e);
}
