/* SPDX-License-Identifier: ISC */
#include "order_line.h"
#include "record/dispatch.h"

/* What the warehouse does before it ships: boxes and pick lists. */

static enum line_event event_of(const struct command_line *line)
{
	const struct command_arg *way = command_arg(line, "way");
	return way && way->number == 1 ? LINE_SCAN_OUT : LINE_SCAN_IN;
}

static int check(const struct command_context *ctx, const struct command_line *line, struct err *e)
{
	return line_check_step(ctx, line, event_of(line), e);
}

static int apply(struct command_context *ctx, const struct command_line *line,
		 struct command_result *result, struct buf *out, struct err *e)
{
	(void)result;
	return line_apply_step(ctx, line, event_of(line), out, e);
}

static const struct command_param params[] = {
	ORDER_LINE_PARAM,
	LINES_PARAM,
	{.name = "way", .type = COMMAND_ENUM, .words = "in|out", .optional = true},
	END_PARAM,
};

const struct command_row cmd_scan = {
	.verb = "scan",
	.help = "Scans released lines into the box, or out of it again",
	.params = params,
	.roles = ROLES_GOODS,
	.class = COMMAND_RECORD,
	.check = check,
	.apply = apply,
};

/* ---- pick lists ---- */

/* "off" is no name but takes it off. */
static struct slice name_of(const struct command_line *line)
{
	struct slice name = line_text(line, "name");
	return slice_eq_nocase(name, SLICE("off")) ? SLICE("") : name;
}

static int check_picklist(const struct command_context *ctx, const struct command_line *line,
			  struct err *e)
{
	struct order_step step;
	Rec__Order *order;
	if (line_step(ctx, line, LINE_SCAN_IN, &order, &step, e) < 0)
		return -1;
	return order_picklist_check(ctx->change, order, &step, name_of(line), e);
}

static int apply_picklist(struct command_context *ctx, const struct command_line *line,
			  struct command_result *result, struct buf *out, struct err *e)
{
	struct order_step step;
	Rec__Order *order;
	struct slice name = name_of(line);
	(void)result;
	if (line_step(ctx, line, LINE_SCAN_IN, &order, &step, e) < 0 ||
	    order_picklist(ctx->change, &step, name, e) < 0)
		return -1;
	buf_printf(out, "O%llu is %s%.*s", (unsigned long long)step.order,
		   name.len ? "on pick list " : "on no pick list any more", SLICE_ARG(name));
	return 1;
}

static const struct command_param picklist_params[] = {
	ORDER_LINE_PARAM,
	{.name = "name", .type = COMMAND_WORD},
	END_PARAM,
};

const struct command_row cmd_picklist = {
	.verb = "picklist",
	.help = "Puts an order, or a line of it, on a warehouse's pick list, or off it (off)",
	.params = picklist_params,
	.roles = ROLES_GOODS,
	.class = COMMAND_RECORD,
	.check = check_picklist,
	.apply = apply_picklist,
};
