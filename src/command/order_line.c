/* SPDX-License-Identifier: ISC */
#include "order_line.h"

#include <assert.h>

#include "record/order_edit.h"

static bool has_param(const struct command_line *line, const char *name)
{
	for (const struct command_param *p = line->row->params; p->name; p++)
		if (strcmp(p->name, name) == 0)
			return true;
	return false;
}

static int resolve(const struct command_context *ctx, const struct id *id, Rec__Order **order,
		   Rec__Line **line, struct err *e)
{
	struct change *ch = ctx->change;
	int got = order_resolve(ch->txn, ch->arena, id, order, line, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no order O%llu",
			       (unsigned long long)id->number);
	if (got > 0 && id->line && !*line)
		return err_set(e, ERR_INPUT, "there is no line %s", id_print(ch->arena, id));
	return got;
}

int line_order(const struct command_context *ctx, const struct command_line *line,
	       Rec__Order **order, struct err *e)
{
	const struct command_arg *arg = command_arg(line, "order");
	Rec__Line *unused;
	struct id id = arg->id;
	id.line = 0;
	return resolve(ctx, &id, order, &unused, e);
}

static size_t count(const struct command_arg *arg)
{
	size_t n = 0;
	for (; arg; arg = arg->next)
		n++;
	return n;
}

/* A quantity names its line by the number it has under the order as it was written. */
static int add_quantities(const struct command_context *ctx, const struct id *order,
			  const struct command_arg *arg, struct order_part *parts, size_t *n,
			  struct err *e)
{
	for (; arg; arg = arg->next) {
		struct id id = {.letter = 'O',
				.number = order->number,
				.line = arg->id.line,
				.split = arg->id.split};
		Rec__Order *unused;
		Rec__Line *line;
		if (resolve(ctx, &id, &unused, &line, e) < 0)
			return -1;
		parts[(*n)++] = (struct order_part){line->number, line->split, arg->number};
	}
	return 1;
}

int line_step(const struct command_context *ctx, const struct command_line *line,
	      enum line_event event, Rec__Order **order, struct order_step *step, struct err *e)
{
	const struct id *id = &command_arg(line, "order")->id;
	const struct command_arg *quantities =
		has_param(line, "lines") ? command_arg(line, "lines") : NULL;
	Rec__Line *named;
	*step = (struct order_step){.event = event};
	if (has_param(line, "reason"))
		step->reason = line_text(line, "reason");
	if (resolve(ctx, id, order, &named, e) < 0)
		return -1;
	step->order = (*order)->id;
	if (named && quantities)
		return err_set(e, ERR_INPUT, "write O%llu and its lines behind it: O%llu /%u 2x/%u",
			       (unsigned long long)id->number, (unsigned long long)id->number,
			       id->line, quantities->id.line);
	size_t room = count(quantities) + 1;
	struct order_part *parts = ARENA_ARRAY(ctx->change->arena, room, struct order_part);
	if (named)
		parts[step->n_parts++] = (struct order_part){named->number, named->split, 0};
	step->parts = parts;
	return add_quantities(ctx, id, quantities, parts, &step->n_parts, e);
}

int line_check_step(const struct command_context *ctx, const struct command_line *line,
		    enum line_event event, struct err *e)
{
	struct order_step step;
	Rec__Order *order;
	if (line_step(ctx, line, event, &order, &step, e) < 0)
		return -1;
	return order_step_check(ctx->change, order, &step, e);
}

void line_put_moved(size_t n, const char *what, struct buf *out)
{
	buf_printf(out, "%zu line%s %s", n, n == 1 ? "" : "s", what);
}

int line_put_order(const struct command_context *ctx, uint64_t id, struct buf *out, struct err *e)
{
	Rec__Order *order;
	if (order_load(ctx->change->txn, ctx->change->arena, id, &order, e) <= 0)
		return -1;
	enum order_status status = order_status(order);
	buf_printf(out, "O%llu is [%s] %s", (unsigned long long)id, order_status_code(status),
		   order_status_word(status));
	if (order->n_lines)
		buf_printf(out, ", %s", order_view_word(order_view(order)));
	return 1;
}

int line_apply_step(struct command_context *ctx, const struct command_line *line,
		    enum line_event event, struct buf *out, struct err *e)
{
	struct order_step step;
	struct order_report report;
	Rec__Order *order;
	if (line_step(ctx, line, event, &order, &step, e) < 0 ||
	    order_step(ctx->change, &step, &report, e) < 0 ||
	    line_put_order(ctx, step.order, out, e) < 0)
		return -1;
	buf_puts(out, ": ");
	line_put_moved(report.moved, line_event_past(event), out);
	if (report.left)
		buf_printf(out, "; not %.*s", SLICE_ARG(report.why));
	else if (report.why.len)
		buf_printf(out, "; on hold, since %.*s", SLICE_ARG(report.why));
	return 1;
}

int line_wares(const struct command_context *ctx, const struct command_line *line,
	       struct order_ware **wares, size_t *n, struct err *e)
{
	const struct command_arg *arg = command_arg(line, "items");
	*wares = ARENA_ARRAY(ctx->change->arena, count(arg) / 2 + 1, struct order_ware);
	*n = 0;
	for (; arg; arg = arg->next->next) {
		struct order_ware *ware = &(*wares)[(*n)++];
		ware->sku = arg->text;
		if (!arg->next)
			return err_set(e, ERR_INPUT, "how many of %.*s? write %.*s 2",
				       SLICE_ARG(arg->text), SLICE_ARG(arg->text));
		if (!slice_i64(arg->next->text, &ware->quantity))
			return err_set(e, ERR_INPUT,
				       "\"%.*s\" is no number of pieces of %.*s: write SKU and "
				       "quantity in turn",
				       SLICE_ARG(arg->next->text), SLICE_ARG(arg->text));
	}
	return 1;
}
