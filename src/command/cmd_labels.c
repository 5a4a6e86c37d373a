/* SPDX-License-Identifier: ISC */
#include "record/customer.h"
#include "view.h"

#define LABEL_WIDTH 60 /* code points of a line of a label */

/*
 * PX-03: the hidden tab.  The labels of an order as text: what stands on the
 * parcel, and on the carton.
 */
static void put_line(struct buf *out, const char *text)
{
	if (!text[0])
		return;
	buf_puts(out, "  ");
	text_put_line(out, slice_str(text), LABEL_WIDTH);
	buf_putc(out, '\n');
}

static void put_address(struct buf *out, struct arena *a, const Rec__Address *address)
{
	buf_puts(out, "Address label\n");
	put_line(out, address->company);
	put_line(out, address->name);
	for (size_t i = 0; i < address->n_lines; i++)
		put_line(out, address->lines[i]);
	put_line(out, arena_printf(a, "%s %s", address->postcode, address->city));
	put_line(out, address->country);
}

static void put_carton(struct buf *out, const Rec__Order *order)
{
	buf_printf(out, "Carton label\n  O%llu%s\n", (unsigned long long)order->id,
		   order->urgent ? "  ! urgent" : "");
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		if (line_is_final(line->state) || line->quantity < 0)
			continue;
		buf_printf(out, "  %lld x ", (long long)line->quantity);
		text_put_line(out, slice_str(line->sku), LABEL_WIDTH);
		buf_putc(out, '\n');
	}
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct arena *a = ctx->change->arena;
	Rec__Order *order;
	(void)result;
	if (order_load(ctx->change->txn, a, command_arg(line, "order")->id.number, &order, e) < 0)
		return -1;
	const Rec__Address *address = order->shipping ? order->shipping : order->billing;
	if (!address)
		return err_set(e, ERR_INPUT, "O%llu has no address to send to",
			       (unsigned long long)order->id);
	put_address(out, a, address);
	put_carton(out, order);
	return 1;
}

static const struct command_param params[] = {
	{.name = "order", .type = COMMAND_ID, .letters = "O"},
	{.name = NULL},
};

const struct command_row cmd_labels = {
	.verb = "labels",
	.aliases = "f10",
	.help = "Shows the address label and the carton label of an order",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply,
};
