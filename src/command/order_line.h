/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_COMMAND_ORDER_LINE_H
#define POSTCLERK_COMMAND_ORDER_LINE_H

#include "private.h"
#include "record/order_step.h"

/* What the commands of the orders have in common. */

/* "order" and "lines": O10042, O10042/3, O10042 2x/3 /4 */
#define ORDER_PARAM                                                                                \
	{                                                                                          \
		.name = "order", .type = COMMAND_ID, .letters = "O"                                \
	}
#define ORDER_LINE_PARAM                                                                           \
	{                                                                                          \
		.name = "order", .type = COMMAND_ID, .letters = "O", .line = true                  \
	}
#define LINES_PARAM                                                                                \
	{                                                                                          \
		.name = "lines", .type = COMMAND_QUANTITY, .optional = true, .many = true          \
	}
#define REASON_PARAM                                                                               \
	{                                                                                          \
		.name = "reason", .type = COMMAND_TEXT, .optional = true                           \
	}
#define END_PARAM                                                                                  \
	{                                                                                          \
		.name = NULL                                                                       \
	}

/* Who moves goods: customer service, and the warehouse. */
#define ROLES_GOODS (ROLES_SERVICE | COMMAND_ROLE(REC__ROLE__ROLE_WAREHOUSE))

/* The order that "order" names; of a merged one the one it was merged into. */
int line_order(const struct command_context *ctx, const struct command_line *line,
	       Rec__Order **order, struct err *e);
/*
 * Order, event, parts and reason of a step from "order" and, where the row has
 * them, "lines" and "reason".  A line of an order that was merged is the line
 * it became.  INPUT when lines are named twice over: O10042/3 2x/3.
 */
int line_step(const struct command_context *ctx, const struct command_line *line,
	      enum line_event event, Rec__Order **order, struct order_step *step, struct err *e);
/* May it happen? */
int line_check_step(const struct command_context *ctx, const struct command_line *line,
		    enum line_event event, struct err *e);
/* It happens, and the sentence says what came of it. */
int line_apply_step(struct command_context *ctx, const struct command_line *line,
		    enum line_event event, struct buf *out, struct err *e);

/* "O10042 is [CLO] closed, cancelled" */
int line_put_order(const struct command_context *ctx, uint64_t id, struct buf *out, struct err *e);
/* "2 lines cancelled" */
void line_put_moved(size_t n, const char *what, struct buf *out);

/* SKU and pieces, in pairs, from a parameter of words. */
struct order_ware;
int line_wares(const struct command_context *ctx, const struct command_line *line,
	       struct order_ware **wares, size_t *n, struct err *e);

#endif
