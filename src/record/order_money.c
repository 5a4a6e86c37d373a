/* SPDX-License-Identifier: ISC */
#include "record/order_money.h"

int order_cover(struct change *ch, const Rec__Order *order, int64_t *amount, struct err *e)
{
	*amount = 0;
	if (!ch->money || !ch->money->cover)
		return 1;
	return ch->money->cover(ch, ch->money->ctx, order, amount, e);
}

int order_owed(struct change *ch, const Rec__Order *order, int64_t *amount, struct err *e)
{
	*amount = 0;
	if (!ch->money || !ch->money->owed)
		return 1;
	return ch->money->owed(ch, ch->money->ctx, order, amount, e);
}

int order_invoiced(struct change *ch, const Rec__Order *order, const Rec__Line *line, struct err *e)
{
	if (!ch->money || !ch->money->invoiced)
		return 0;
	return ch->money->invoiced(ch, ch->money->ctx, order, line, e);
}

int order_credited(struct change *ch, const Rec__Order *order, const Rec__Line *line, struct err *e)
{
	if (!ch->money || !ch->money->credited)
		return 0;
	return ch->money->credited(ch, ch->money->ctx, order, line, e);
}

int order_referred(struct change *ch, const Rec__Order *order, struct err *e)
{
	if (!ch->money || !ch->money->referred)
		return 0;
	return ch->money->referred(ch, ch->money->ctx, order, e);
}

int order_left_behind(struct change *ch, const Rec__Order *order, struct buf *out, struct err *e)
{
	if (!ch->money || !ch->money->left_behind)
		return 1;
	return ch->money->left_behind(ch, ch->money->ctx, order, out, e);
}
