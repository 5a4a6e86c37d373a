/* SPDX-License-Identifier: ISC */
#include "record/shipment.h"
#include "view.h"

#define SHIPMENTS_MAX 1000

static const struct view_column columns[] = {
	{"id", "id", false},
	{"order", "order", false},
	{"date", "date", false},
	{"status", "status", false},
	{"pieces", "pieces", true},
	{"carrier", "carrier", false},
	{"tracking", "tracking", false},
	{"from", "from", false},
	{NULL, NULL, false},
};

static void put_shipment(struct view *view, const Rec__Shipment *shipment)
{
	static const char *const codes[] = {"PLN", "AUS", "CAN"};
	struct id id = {.letter = 'S', .number = shipment->id};
	size_t state = (size_t)shipment->state < 3 ? (size_t)shipment->state : 0;
	int64_t pieces = 0;
	for (size_t i = 0; i < shipment->n_lines; i++)
		pieces += shipment->lines[i]->quantity;
	view_add(view, &id);
	view_text(view, 0, slice_str(id_print(view->a, &id)));
	view_text(view, 1, slice_str(id_text(view->a, 'O', shipment->order)));
	view_day(view, 2, shipment->shipped_at ? shipment->shipped_at : shipment->created_at);
	view_status(view, 3, slice_str(codes[state]),
		    arena_str(view->a, shipment_state_word(shipment->state)), (int64_t)state);
	view_number(view, 4, pieces);
	view_text(view, 5, slice_str(shipment->carrier));
	if (shipment->n_tracking)
		view_text(view, 6, slice_str(shipment->tracking[0]->code));
	view_text(view, 7,
		  shipment->provider[0] ? slice_str(shipment->provider) : SLICE("our warehouse"));
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	const struct command_arg *named = command_arg(line, "id");
	struct id id = named ? named->id : (struct id){.letter = 'C', .number = ctx->customer};
	struct txn *txn = ctx->change->txn;
	struct shipment_list list;
	struct view view;
	(void)result;
	view_init(&view, ctx->change->arena, columns);
	if (!id.number)
		return err_set(e, ERR_INPUT, "no customer is at hand: name one, or an order");
	int got = id.letter == 'O'
			  ? shipment_of_order(txn, view.a, id.number, SHIPMENTS_MAX, &list, e)
			  : shipment_of_customer(txn, view.a, id.number, SHIPMENTS_MAX, &list, e);
	if (got < 0)
		return -1;
	/* Listed the newest first, shown the oldest first. */
	for (size_t i = list.n; i > 0; i--)
		put_shipment(&view, list.items[i - 1]);
	char *head = arena_printf(view.a, "%zu shipment%s of %s", list.total,
				  list.total == 1 ? "" : "s", id_print(view.a, &id));
	return view_finish(ctx, line, &view, slice_str(head), out, e);
}

static const struct command_param params[] = {
	{.name = "id", .type = COMMAND_ID, .letters = "CO", .optional = true},
	VIEW_DIRECTION,
	VIEW_SORT,
	VIEW_LIMIT,
	VIEW_OFFSET,
	{.name = NULL},
};

const struct command_row cmd_shipments = {
	.verb = "shipments",
	.help = "Lists the shipments of a customer or an order, the oldest first",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply,
};
