/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "order_private.h"
#include "record/customer.h"
#include "record/id.h"
#include "record/order_edit.h"
#include "record/order_money.h"
#include "record/shop_table.h"

#define STATE(name) REC__LINE_STATE__LINE_STATE_##name

/* A merge of merges is followed this far. */
#define MERGES_MAX 16

/* ---- what an id means today ---- */

static char *label_of(struct arena *a, uint64_t order, const Rec__Line *line)
{
	return arena_printf(a, "O%llu/%s", (unsigned long long)order, line_label(a, line));
}

/* By a name it had before its order was merged: one of the words of `former`. */
static Rec__Line *line_once(const Rec__Order *order, struct slice name)
{
	for (size_t i = 0; i < order->n_lines; i++) {
		struct slice rest = slice_str(order->lines[i]->former), word;
		while (rest.len && slice_cut(&rest, ' ', &word))
			if (slice_eq_nocase(word, name))
				return order->lines[i];
	}
	return NULL;
}

int order_resolve(struct txn *txn, struct arena *a, const struct id *id, Rec__Order **order,
		  Rec__Line **line, struct err *e)
{
	int got = order_load(txn, a, id->number, order, e);
	struct slice name = slice_str(id_print(a, id));
	for (int i = 0; got > 0 && (*order)->merged_into && i < MERGES_MAX; i++)
		got = order_load(txn, a, (*order)->merged_into, order, e);
	*line = NULL;
	if (got <= 0 || !id->line)
		return got;
	*line = (*order)->id == id->number ? order_line(*order, id->line, id->split)
					   : line_once(*order, name);
	return 1;
}

/* ---- merging ---- */

struct merging {
	struct change *ch;
	const struct order_merge *merge;
	Rec__Order *orders[ORDER_MERGE_MAX];
};

static bool same_text(const char *a, const char *b)
{
	return slice_eq_nocase(slice_str(a), slice_str(b));
}

/* Where it goes; roles, phone and mail do not move a parcel. */
static bool same_address(const Rec__Address *a, const Rec__Address *b)
{
	if (!a || !b)
		return a == b;
	bool same = same_text(a->name, b->name) && same_text(a->company, b->company) &&
		    same_text(a->postcode, b->postcode) && same_text(a->city, b->city) &&
		    same_text(a->country, b->country) && a->n_lines == b->n_lines;
	for (size_t i = 0; same && i < a->n_lines; i++)
		same = same_text(a->lines[i], b->lines[i]);
	return same;
}

/* ANG, and free to go: on no pick list, on no invoice. */
static int lines_free(struct merging *m, const Rec__Order *order, struct err *e)
{
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		const char *label = label_of(m->ch->arena, order->id, line);
		if (line->state != STATE(ANG))
			return err_set(e, ERR_INPUT,
				       "%s is %s: only orders with all their lines released "
				       "can be merged",
				       label, line_state_name(m->ch->arena, line));
		if (line->picklist[0])
			return err_set(e, ERR_INPUT,
				       "%s is on pick list %s: the orders cannot be merged now",
				       label, line->picklist);
		int got = order_invoiced(m->ch, order, line, e);
		if (got)
			return got < 0 ? -1
				       : err_set(e, ERR_INPUT,
						 "%s is on an invoice: its order cannot be merged",
						 label);
	}
	if (order->n_lines)
		return 1;
	return err_set(e, ERR_INPUT, "O%llu has no lines to merge", (unsigned long long)order->id);
}

static int not_by_card(struct merging *m, const Rec__Order *order, struct err *e)
{
	Rec__PaymentType *type;
	int got = payment_type_load(m->ch->txn, m->ch->arena, slice_str(order->payment_type), &type,
				    e);
	if (got <= 0 || !type->card)
		return got < 0 ? -1 : 1;
	return err_set(e, ERR_INPUT,
		       "O%llu is paid by card: what was authorised for it cannot be merged",
		       (unsigned long long)order->id);
}

static int fits_base(struct merging *m, const Rec__Order *order, struct err *e)
{
	const Rec__Order *base = m->orders[0];
	unsigned long long id = order->id, first = base->id;
	if (order->customer != base->customer)
		return err_set(e, ERR_INPUT, "O%llu and O%llu are of two customers", first, id);
	if (!same_text(order->currency, base->currency))
		return err_set(e, ERR_INPUT, "O%llu is in %s and O%llu in %s", first,
			       base->currency, id, order->currency);
	if (order->kind != base->kind)
		return err_set(e, ERR_INPUT, "O%llu and O%llu: one has net prices, the other gross",
			       first, id);
	if (!same_text(order->payment_type, base->payment_type))
		return err_set(e, ERR_INPUT, "O%llu is paid by \"%s\" and O%llu by \"%s\"", first,
			       base->payment_type, id, order->payment_type);
	if (m->merge->base_address || same_address(order->shipping, base->shipping))
		return 1;
	return err_set(e, ERR_INPUT,
		       "O%llu goes to another address than O%llu: write address=base, if all of it "
		       "may go to that of O%llu",
		       id, first, first);
}

static int judge(struct merging *m, bool lock, struct err *e)
{
	const struct order_merge *merge = m->merge;
	if (merge->n < 2 || merge->n > ORDER_MERGE_MAX)
		return err_set(e, ERR_INPUT, "2 to %d orders can be merged", ORDER_MERGE_MAX);
	for (size_t i = 0; i < merge->n; i++) {
		uint64_t id = merge->orders[i];
		int got = lock ? order_take(m->ch, id, &m->orders[i], e)
			       : order_load(m->ch->txn, m->ch->arena, id, &m->orders[i], e);
		if (got == 0)
			return err_set(e, ERR_INPUT, "there is no order O%llu",
				       (unsigned long long)id);
		for (size_t k = 0; k < i; k++)
			if (merge->orders[k] == id)
				return err_set(e, ERR_INPUT, "O%llu is named twice",
					       (unsigned long long)id);
		if (got < 0 || order_alive(m->orders[i], e) < 0 ||
		    (i > 0 && fits_base(m, m->orders[i], e) < 0) ||
		    lines_free(m, m->orders[i], e) < 0 || not_by_card(m, m->orders[i], e) < 0)
			return -1;
	}
	return 1;
}

int order_merge_check(struct change *ch, const struct order_merge *merge, struct err *e)
{
	struct merging m = {.ch = ch, .merge = merge};
	return judge(&m, false, e);
}

/* Numbers move behind the base's, so that a line and its splits stay a family. */
static void move_lines(struct merging *m, Rec__Order *from)
{
	Rec__Order *base = m->orders[0];
	struct arena *a = m->ch->arena;
	uint32_t offset = order_next_number(base) - 1;
	for (size_t i = 0; i < from->n_lines; i++) {
		Rec__Line *line = from->lines[i];
		const char *was = label_of(a, from->id, line);
		line->former =
			arena_printf(a, "%s%s%s", line->former, line->former[0] ? " " : "", was);
		line->number += offset;
		order_append(a, base, line);
	}
	from->n_lines = 0;
	from->lines = NULL;
}

static void move_comments(struct merging *m, const Rec__Order *from)
{
	Rec__Order *base = m->orders[0];
	Rec__Note **notes =
		ARENA_ARRAY(m->ch->arena, base->n_comments + from->n_comments, Rec__Note *);
	size_t n = 0;
	for (size_t i = 0; i < base->n_comments; i++)
		notes[n++] = base->comments[i];
	for (size_t i = 0; i < from->n_comments; i++)
		notes[n++] = from->comments[i];
	base->comments = notes;
	base->n_comments = n;
}

static int merge_one(struct merging *m, Rec__Order *from, struct err *e)
{
	struct change *ch = m->ch;
	struct object_step row = {.event = "merge", .reason = m->merge->reason};
	Rec__Order *base = m->orders[0];
	move_lines(m, from);
	move_comments(m, from);
	from->merged_into = base->id;
	if (order_store(ch, from, &row, e) < 0)
		return -1;
	if (ch->money && ch->money->merged)
		return ch->money->merged(ch, ch->money->ctx, from, base, e);
	return 1;
}

int order_merge(struct change *ch, const struct order_merge *merge, struct err *e)
{
	struct merging m = {.ch = ch, .merge = merge};
	struct object_step row = {.event = "merge", .reason = merge->reason};
	if (judge(&m, true, e) < 0)
		return -1;
	for (size_t i = 1; i < merge->n; i++) {
		m.orders[0]->urgent |= m.orders[i]->urgent;
		if (merge_one(&m, m.orders[i], e) < 0)
			return -1;
	}
	if (order_store(ch, m.orders[0], &row, e) < 0)
		return -1;
	change_event(ch, "order.merged", 'O', m.orders[0]->id, merge->reason);
	return 1;
}
