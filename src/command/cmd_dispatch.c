/* SPDX-License-Identifier: ISC */
#include "record/customer.h"
#include "record/dispatch.h"
#include "view.h"

#define QUEUE_MAX 1000

static const struct view_column columns[] = {
	{"id", "id", false},
	{"urgent", "urgent", false},
	{"reserved", "reserved", false},
	{"sku", "sku", false},
	{"name", "name", false},
	{"quantity", "pieces", true},
	{"customer", "customer", false},
	{"watch", "watch", false},
	{NULL, NULL, false},
};

/* CP-42: what must be watched stands in the row of the customer's goods. */
static void put_row(struct view *view, const struct dispatch_row *row)
{
	const Rec__Customer *customer = row->customer;
	struct id id = {.letter = 'O',
			.number = row->order->id,
			.line = row->line->number,
			.split = row->line->split};
	view_add(view, &id);
	view_text(view, 0, slice_str(id_print(view->a, &id)));
	view_text(view, 1, row->order->urgent ? SLICE("! urgent") : SLICE(""));
	view_time(view, 2, row->line->reserved_at);
	view_text(view, 3, slice_str(row->line->sku));
	view_text(view, 4, slice_str(row->line->name));
	view_number(view, 5, row->line->quantity);
	if (!customer)
		return;
	view_text(view, 6,
		  slice_str(arena_printf(view->a, "C%llu %.*s", (unsigned long long)customer->id,
					 SLICE_ARG(customer_title(customer)))));
	if (customer->n_watch)
		view_text(view, 7,
			  slice_str(arena_printf(view->a, "!! %s", customer->watch[0]->text)));
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	struct dispatch_list list;
	struct view view;
	(void)result;
	view_init(&view, ctx->change->arena, columns);
	if (dispatch_list(ctx->change, QUEUE_MAX, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++)
		put_row(&view, &list.items[i]);
	char *head = arena_printf(view.a, "%zu line%s can be sent now%s", list.n,
				  list.n == 1 ? "" : "s", list.more ? " (the first 1000)" : "");
	return view_finish(ctx, line, &view, slice_str(head), out, e);
}

static const struct command_param params[] = {
	VIEW_DIRECTION, VIEW_SORT, VIEW_LIMIT, VIEW_OFFSET, {.name = NULL},
};

const struct command_row cmd_dispatch = {
	.verb = "dispatch",
	.help = "Lists what can be sent now: urgent orders first, then first come, first served",
	.params = params,
	.roles = ROLES_ALL,
	.class = COMMAND_READ,
	.apply = apply,
};
