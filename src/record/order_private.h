/* SPDX-License-Identifier: ISC */
#ifndef RECORD_ORDER_PRIVATE_H
#define RECORD_ORDER_PRIVATE_H

#include "object.h"
#include "record/order_step.h"

/* What the files of the orders share. */

/* The order, to change it; INPUT when it is not there, was merged or deleted. */
int order_take(struct change *ch, uint64_t id, Rec__Order **order, struct err *e);
/* INPUT when it is a tombstone: merged or deleted. */
int order_alive(const Rec__Order *order, struct err *e);
/* Stores the changed order with its history row, which tells the status before and after. */
int order_store(struct change *ch, Rec__Order *order, struct object_step *step, struct err *e);
/* Its lines' states as LINE_BITs. */
unsigned order_states(const Rec__Order *order);
/* The line that a part names, or null and INPUT. */
Rec__Line *order_part_line(const Rec__Order *order, const struct order_part *part, struct err *e);
/* Room for every line that a step can mean. */
Rec__Line **order_step_room(struct arena *a, const Rec__Order *order,
			    const struct order_step *step);
/* Makes room for a line at the end and puts it there. */
void order_append(struct arena *a, Rec__Order *order, Rec__Line *line);
/* The next number no line has. */
uint32_t order_next_number(const Rec__Order *order);

/* Gives back what the line has reserved. */
int line_unreserve(struct change *ch, Rec__Line *line, struct err *e);
/* Reserves what is free for it, up to its quantity; adds to *pieces. */
int line_reserve(struct change *ch, Rec__Line *line, int64_t *pieces, struct err *e);
/* What these lines gave back goes to whoever waits for it longest. */
int order_pass_on(struct change *ch, Rec__Line *const *lines, size_t n, struct err *e);
/* Of an order whose payment type reserves: every line that waits for goods. */
int order_reserve_new(struct change *ch, Rec__Order *order, struct err *e);
/*
 * Pieces of a line and its splits that are with the customer and were not
 * replaced yet, by whatever order (RECORD.md 3.20).
 */
int order_replaceable(struct change *ch, const Rec__Order *order, uint32_t number, int64_t *pieces,
		      struct err *e);
/* INPUT when its season has not begun. */
int order_season_begun(struct change *ch, const Rec__Order *order, struct err *e);

#endif
