/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "import_foreign.h"
#include "record/customer.h"
#include "record/dispatch.h"
#include "record/item.h"
#include "record/order_step.h"
#include "record/shop_table.h"
#include "record/vat.h"

#define STATE(name) REC__LINE_STATE__LINE_STATE_##name

/* ---- notes ---- */

static bool has_comment(const Rec__Order *order, struct slice text)
{
	for (size_t i = 0; i < order->n_comments; i++)
		if (slice_eq(slice_str(order->comments[i]->text), text))
			return true;
	return false;
}

int foreign_notes(struct foreign *f, const Rec__Order *order, struct err *e)
{
	int changed = 0;
	for (const struct json *note = f->notes; note; note = note->next) {
		if (note->kind != JSON_STRING || !note->string.len ||
		    has_comment(order, note->string))
			continue;
		if (order_comment(f->in->ch, order->id, note->string, e) < 0)
			return -1;
		changed = 1;
	}
	return changed;
}

/* ---- a new order ---- */

/* Without VAT for a reason that the buyer is, else zero rated: that is all a file tells. */
static int fill_vat(struct foreign *f, Rec__Order *order, struct err *e)
{
	struct change *ch = f->in->ch;
	struct vat_question question;
	struct vat_answer answer;
	if (vat_question_of(ch->txn, ch->arena, order, order->ordered_at, &question, e) < 0)
		return -1;
	vat_decide(&question, &answer);
	for (size_t i = 0; i < order->n_lines; i++) {
		Rec__Line *line = order->lines[i];
		struct vat_line vat;
		Rec__Item *item;
		const char *none = answer.category[0] ? answer.category : "Z";
		line->vat_category = arena_str(ch->arena, slice_str(line->vat_rate ? "S" : none));
		if (!f->rates_unknown ||
		    item_load(ch->txn, ch->arena, slice_str(line->sku), &item, NULL) <= 0)
			continue;
		if (vat_of_item(ch->txn, ch->arena, &question, item, &vat, e) < 0)
			return -1;
		line->vat_category = vat.category;
		line->vat_rate = vat.rate;
	}
	return 1;
}

static int fill_payment_type(struct foreign *f, Rec__Order *order, struct err *e)
{
	struct change *ch = f->in->ch;
	Rec__Channel *channel;
	Rec__PaymentType *type;
	int got = channel_load(ch->txn, ch->arena, f->channel, &channel, e);
	if (got > 0 && !order->payment_type[0])
		order->payment_type = channel->payment_type;
	if (got < 0 || !order->payment_type[0])
		return got < 0 ? -1 : 1;
	got = payment_type_load(ch->txn, ch->arena, slice_str(order->payment_type), &type, e);
	if (got == 0)
		import_remark(f->in, "there is no payment type \"%s\" in the shop's tables",
			      order->payment_type);
	return got < 0 ? -1 : 1;
}

/*
 * Money that the shop has is no payment of ours yet, but a paid order need not
 * wait for it; of a blocked customer everything waits.
 */
static int first_state(struct foreign *f, Rec__Order *order, const Rec__Customer *customer,
		       Rec__LineState *state, struct err *e)
{
	struct slice why = SLICE("");
	*state = f->cancelled ? STATE(STO) : STATE(ANG);
	if (f->cancelled || (f->paid && !customer_is_blocked(customer)))
		return 1;
	if (order_first_state(f->in->ch, order, state, &why, e) < 0)
		return -1;
	if (*state == STATE(HAL))
		order->hold_reason = arena_str(f->in->ch->arena, why);
	return 1;
}

static int prepare(struct foreign *f, Rec__Order *order, struct err *e)
{
	struct change *ch = f->in->ch;
	Rec__Customer *customer;
	Rec__Shop *shop = NULL;
	Rec__LineState state;
	if (import_shop(f->in, &order->shop, &shop, e) < 0 ||
	    customer_load(ch->txn, ch->arena, order->customer, &customer, e) <= 0)
		return -1;
	order->terms = customer->terms;
	if (!order->ordered_at)
		order->ordered_at = ch->now;
	if (fill_payment_type(f, order, e) < 0 || fill_vat(f, order, e) < 0 ||
	    first_state(f, order, customer, &state, e) < 0)
		return -1;
	/* What was sent or cancelled elsewhere has its state already. */
	for (size_t i = 0; i < order->n_lines; i++)
		if (order->lines[i]->state == STATE(NONE) ||
		    (f->cancelled && order->lines[i]->state != STATE(AUS)))
			order->lines[i]->state = state;
	return 1;
}

/* The lines that have an item: a shop sells what we do not keep, too. */
static size_t stocked_parts(struct foreign *f, const Rec__Order *order, struct order_part *parts)
{
	struct change *ch = f->in->ch;
	size_t n = 0;
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		Rec__Item *item;
		bool waits = line->state == STATE(HAL) || line->state == STATE(ANG);
		if (waits && item_load(ch->txn, ch->arena, slice_str(line->sku), &item, NULL) > 0)
			parts[n++] = (struct order_part){line->number, line->split, 0};
	}
	return n;
}

/* Stock is set aside when the order comes, where its payment type says so. */
static int reserve(struct foreign *f, const Rec__Order *order, struct err *e)
{
	struct change *ch = f->in->ch;
	struct order_part *parts = ARENA_ARRAY(ch->arena, order->n_lines, struct order_part);
	const struct order_step step = {
		.order = order->id, .parts = parts, .n_parts = stocked_parts(f, order, parts)};
	struct err refused;
	Rec__PaymentType *type;
	int64_t pieces;
	int got = payment_type_load(ch->txn, ch->arena, slice_str(order->payment_type), &type, e);
	if (got <= 0 || !type->reservation || !step.n_parts ||
	    order_reserve_check(ch, order, &step, &refused) < 0)
		return got < 0 ? -1 : 1;
	return order_reserve(ch, &step, &pieces, e);
}

static int create(struct foreign *f, Rec__Order *order, struct err *e)
{
	if (prepare(f, order, e) < 0 || order_create(f->in->ch, order, e) < 0 ||
	    foreign_notes(f, order, e) < 0 || reserve(f, order, e) < 0)
		return -1;
	f->created = true;
	return 1;
}

/* ---- one that is there ---- */

static int64_t pieces_of(const Rec__Order *order)
{
	int64_t n = 0;
	for (size_t i = 0; i < order->n_lines; i++)
		n += order->lines[i]->quantity;
	return n;
}

static bool any_in(const Rec__Order *order, unsigned states)
{
	for (size_t i = 0; i < order->n_lines; i++)
		if (LINE_BIT(order->lines[i]->state) & states)
			return true;
	return false;
}

/*
 * Paid by now: released, if it waits for nothing else.  What an agent put on
 * hold has another reason than that with which it came.
 */
static int release(struct foreign *f, Rec__Order *stored, struct err *e)
{
	struct change *ch = f->in->ch;
	struct slice why;
	Rec__LineState state;
	Rec__Customer *customer;
	if (!f->paid || order_status(stored) != ORDER_HOLD || !stored->hold_reason[0])
		return 0;
	if (customer_load(ch->txn, ch->arena, stored->customer, &customer, e) <= 0 ||
	    order_first_state(ch, stored, &state, &why, e) < 0)
		return -1;
	if (customer_is_blocked(customer) || !slice_eq(why, slice_str(stored->hold_reason)))
		return 0;
	return order_release(ch, stored->id, SLICE("paid in the shop"), e) < 0 ? -1 : 1;
}

static int cancel(struct foreign *f, const Rec__Order *stored, struct err *e)
{
	struct change *ch = f->in->ch;
	const struct order_step step = {.order = stored->id,
					.event = LINE_CANCEL,
					.reason = SLICE("cancelled in the shop")};
	struct order_report report;
	struct err refused;
	if (!f->cancelled || order_status(stored) == ORDER_CLOSED)
		return 0;
	if (order_step_check(ch, stored, &step, &refused) > 0)
		return order_cancel(ch, &step, &report, e) < 0 ? -1 : 1;
	import_remark(f->in, "it was cancelled in the shop, but not here: %s", refused.text);
	return 0;
}

static void compare(struct foreign *f, const Rec__Order *stored)
{
	unsigned open = LINE_BIT(STATE(NEW)) | LINE_BIT(STATE(HAL)) | LINE_BIT(STATE(ANG));
	if (pieces_of(stored) != pieces_of(f->order))
		import_remark(f->in,
			      "O%llu has %lld pieces, the file %lld: lines are not changed by an "
			      "import",
			      (unsigned long long)stored->id, (long long)pieces_of(stored),
			      (long long)pieces_of(f->order));
	if (any_in(f->order, LINE_BIT(STATE(AUS))) && any_in(stored, open) && !f->cancelled)
		import_remark(f->in, "it was sent from the shop, but not here: O%llu is still open",
			      (unsigned long long)stored->id);
}

static int update(struct foreign *f, Rec__Order *stored, struct err *e)
{
	struct change *ch = f->in->ch;
	int released, cancelled, noted;
	if (stored->merged_into || stored->deleted_at)
		return 0;
	compare(f, stored);
	released = f->cancelled ? 0 : release(f, stored, e);
	cancelled = released < 0 ? -1 : cancel(f, stored, e);
	if (cancelled < 0 || order_load(ch->txn, ch->arena, stored->id, &stored, e) <= 0)
		return -1;
	noted = foreign_notes(f, stored, e);
	return noted < 0 ? -1 : released || cancelled || noted;
}

int foreign_order(struct foreign *f, uint64_t customer, struct err *e)
{
	struct change *ch = f->in->ch;
	Rec__Order *stored = NULL;
	bool new_customer = f->created;
	int got = 0;
	f->created = false;
	if (!f->order->n_external_ids)
		return err_set(e, ERR_INPUT, "\"external_ids\" are missing");
	for (size_t i = 0; got == 0 && i < f->order->n_external_ids; i++)
		got = order_find_external(ch->txn, ch->arena, f->order->external_ids[i], &stored,
					  e);
	if (got < 0)
		return -1;
	f->order->customer = customer;
	got = stored ? update(f, stored, e) : create(f, f->order, e);
	assert(got >= 0 || !f->created);
	return got < 0 ? -1 : got || new_customer;
}
