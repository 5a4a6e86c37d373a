/* SPDX-License-Identifier: ISC */
#include "card.h"

void card_put_order_line(const struct card *card, const Rec__Order *order)
{
	struct order_totals totals;
	enum order_status status = order_status(order);
	buf_printf(card->out, "  O%llu  ", (unsigned long long)order->id);
	card_put_time(card->out, order->ordered_at);
	buf_printf(card->out, "  [%s] %s, %s", order_status_code(status), order_status_word(status),
		   order_view_word(order_view(order)));
	if (order_totals(order, &totals, NULL) > 0) {
		buf_puts(card->out, "  ");
		money_put(card->out, totals.total, slice_str(order->currency));
		buf_printf(card->out, " %s", order->currency);
	}
	buf_putc(card->out, '\n');
}

static void put_line(const struct card *card, const Rec__Order *order, const Rec__Line *line)
{
	struct slice currency = slice_str(order->currency);
	int64_t amount;
	buf_printf(card->out, "  %-4s %4lld x ", line_label(card->a, line),
		   (long long)line->quantity);
	text_put_line(card->out, slice_str(line->sku), CARD_VALUE);
	buf_puts(card->out, "  ");
	text_put_line(card->out, slice_str(line->name), CARD_VALUE);
	buf_puts(card->out, "  ");
	money_put(card->out, line->unit_price, currency);
	if (line_amount(line, &amount, NULL) > 0) {
		buf_puts(card->out, "  ");
		money_put(card->out, amount, currency);
	}
	buf_printf(card->out, "  [%.*s] %s\n",
		   SLICE_ARG(schema_enum_text(&rec__line_state__descriptor, (int)line->state)),
		   line_state_word(line->state));
}

static void put_amount(const struct card *card, const char *label, int64_t amount,
		       const Rec__Order *order)
{
	if (!amount)
		return;
	buf_printf(card->out, "%-10s", label);
	money_put(card->out, amount, slice_str(order->currency));
	buf_printf(card->out, " %s\n", order->currency);
}

/* An order that is damaged is shown without its sums: someone must see it to mend it. */
static void put_totals(const struct card *card, const Rec__Order *order)
{
	struct order_totals totals;
	if (order_totals(order, &totals, NULL) < 0)
		return;
	put_amount(card, "Goods", totals.goods, order);
	put_amount(card, "Shipping", totals.shipping, order);
	put_amount(card, "Voucher", -totals.voucher, order);
	put_amount(card, "VAT", totals.vat, order);
	put_amount(card, "Total", totals.total, order);
}

static void put_order_status(const struct card *card, const Rec__Order *order)
{
	enum order_status status = order_status(order);
	size_t allocated, open;
	order_allocation(order, &allocated, &open);
	buf_printf(card->out, "%-10s[%s] %s, %s", "Status", order_status_code(status),
		   order_status_word(status), order_view_word(order_view(order)));
	if (open)
		buf_printf(card->out, ", %zu of %zu allocated", allocated, open);
	buf_putc(card->out, '\n');
}

/* PX-25: general, items, comments. */
int card_put_order(const struct card *card, const struct id *id)
{
	Rec__Order *order;
	Rec__Customer *customer;
	int got = order_load(card->txn, card->a, id->number, &order, card->e);
	if (got <= 0)
		return got;
	got = customer_resolve(card->txn, card->a, order->customer, &customer, card->e);
	if (got < 0)
		return -1;
	if (customer)
		card_put_watch(card, customer);
	buf_printf(card->out, "Order     O%llu\n", (unsigned long long)order->id);
	put_order_status(card, order);
	if (customer)
		buf_printf(card->out, "Customer  C%llu  %.*s%s\n", (unsigned long long)customer->id,
			   SLICE_ARG(customer_title(customer)),
			   customer->locked ? "  [LCK] locked" : "");
	buf_printf(card->out, "%-10s", "Ordered");
	card_put_time(card->out, order->ordered_at);
	buf_putc(card->out, '\n');
	card_put_field(card, "Held for", slice_str(order->hold_reason));
	card_put_externals(card, order->external_ids, order->n_external_ids);
	card_put_field(card, "Payment", slice_str(order->payment_type));
	if (order->billing)
		card_put_address(card, "Billing", order->billing);
	if (order->shipping)
		card_put_address(card, "Shipping", order->shipping);
	buf_puts(card->out, "\nItems\n");
	for (size_t i = 0; i < order->n_lines; i++)
		put_line(card, order, order->lines[i]);
	put_totals(card, order);
	card_put_notes(card, "Comments", order->comments, order->n_comments);
	return 1;
}
