/* SPDX-License-Identifier: ISC */
#include "record/price.h"

#include <assert.h>

#include "record/item.h"
#include "record/shop_table.h"

#define MILLION 1000000

static bool matches(const Rec__Price *price, struct slice list, struct slice season,
		    struct slice currency)
{
	return slice_eq_nocase(slice_str(price->list), list) &&
	       slice_eq_nocase(slice_str(price->season), season) &&
	       slice_eq_nocase(slice_str(price->currency), currency);
}

int price_find(const Rec__Item *item, const struct price_question *q, int64_t *amount,
	       struct slice *list)
{
	const struct {
		struct slice list, season;
	} order[] = {{q->list, q->season},
		     {SLICE(""), q->season},
		     {q->list, SLICE("")},
		     {SLICE(""), SLICE("")}};
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		for (size_t j = 0; j < item->n_prices; j++) {
			if (!matches(item->prices[j], order[i].list, order[i].season, q->currency))
				continue;
			*amount = item->prices[j]->amount;
			*list = order[i].list;
			return 1;
		}
	}
	*amount = item->price;
	*list = SLICE("");
	return !item->currency[0] || slice_eq_nocase(slice_str(item->currency), q->currency);
}

/* ---- a line ---- */

struct pricing {
	struct change *ch;
	const Rec__Order *order;
	const Rec__Item *item;
	struct vat_question vat;
	int64_t amount; /* as the list has it */
	bool net;	/* of the list */
};

static int list_of_order(struct pricing *p, struct slice *list, struct err *e)
{
	Rec__Channel *channel;
	int got = channel_load(p->ch->txn, p->ch->arena, slice_str(p->order->channel), &channel, e);
	*list = got > 0 ? slice_str(channel->price_list) : SLICE("");
	return got < 0 ? -1 : 1;
}

static int find_price(struct pricing *p, struct err *e)
{
	struct price_question q = {.season = slice_str(p->order->season),
				   .currency = slice_str(p->order->currency)};
	struct slice list;
	Rec__PriceList *row;
	if (list_of_order(p, &q.list, e) < 0)
		return -1;
	if (!price_find(p->item, &q, &p->amount, &list))
		return err_set(e, ERR_INPUT, "the item \"%s\" has no price in %s", p->item->sku,
			       p->order->currency);
	int got = price_list_load(p->ch->txn, p->ch->arena, list, &row, e);
	/* Without a list it is what everybody sees: with VAT. */
	p->net = got > 0 && row->net;
	return got < 0 ? -1 : 1;
}

/* What a gross price contains: the VAT of the shop's own country. */
static int rate_at_home(const struct pricing *p, int64_t *rate, struct err *e)
{
	struct vat_question home = {.shop_country = p->vat.shop_country, .at = p->vat.at};
	struct vat_line line;
	if (vat_of_item(p->ch->txn, p->ch->arena, &home, p->item, &line, e) < 0)
		return -1;
	*rate = line.rate;
	return 1;
}

/*
 * A gross price stays what the buyer was shown, whatever country's VAT is in
 * it; but who pays no VAT, or sees net prices, does not pay that of home.
 */
static int convert(const struct pricing *p, Rec__Line *line, struct err *e)
{
	bool net = p->order->kind == REC__ORDER_TYPE__ORDER_TYPE_B2B;
	int64_t home;
	line->unit_price = p->amount;
	if (p->net)
		return net ? 1
			   : money_scale(p->amount, MILLION + line->vat_rate, MILLION,
					 &line->unit_price, e);
	if (!net && line->vat_rate)
		return 1;
	if (rate_at_home(p, &home, e) < 0)
		return -1;
	return money_scale(p->amount, MILLION, MILLION + home, &line->unit_price, e);
}

int price_line(struct change *ch, const Rec__Order *order, Rec__Line *line, struct err *e)
{
	struct pricing p = {.ch = ch, .order = order};
	struct vat_line vat;
	Rec__Item *item;
	int64_t at = line->line_at ? line->line_at : ch->now;
	if (item_need(ch->txn, ch->arena, slice_str(line->sku), &item, e) < 0)
		return -1;
	if (item->inactive)
		return err_set(e, ERR_INPUT, "the item \"%s\" is no longer sold", item->sku);
	p.item = item;
	if (find_price(&p, e) < 0 ||
	    vat_question_of(ch->txn, ch->arena, order, at, &p.vat, e) < 0 ||
	    vat_of_item(ch->txn, ch->arena, &p.vat, item, &vat, e) < 0)
		return -1;
	assert(vat.rate >= 0 && vat.rate <= MILLION);
	line->sku = item->sku;
	if (!line->name[0])
		line->name = item->name;
	line->vat_category = vat.category;
	line->vat_rate = vat.rate;
	return convert(&p, line, e);
}
