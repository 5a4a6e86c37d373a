/* SPDX-License-Identifier: ISC */
#ifndef RECORD_ORDER_RULE_H
#define RECORD_ORDER_RULE_H

#include "order_private.h"

/* A line that moves: how much of it, and where to. */
struct target {
	Rec__Line *line;
	int64_t quantity;
	Rec__LineState to;
};

struct targets {
	struct target *items;
	size_t n;
	struct err refused; /* why the first line that could not was passed over */
};

/* One step while it is judged or done. */
struct stepping {
	struct change *ch;
	const struct order_step *step;
	const struct order_rule *rule;
	const Rec__Order *order;
	Rec__LineState to; /* where it leads, when the rule leaves it open */
	struct slice why;  /* it leads there, for save */
	uint64_t shipment; /* that the moved lines go into */
	/* Those chosen so far: lines of one item share its stock, those of one family its pieces.
	 */
	const struct targets *targets;
};

/*
 * What an event needs and does beside the transition table.  Guards judge and
 * change nothing but the stepping; null is nothing.
 */
struct order_rule {
	Rec__LineState to;    /* NONE: see stepping.to */
	bool passes;	      /* a step over the whole order passes over lines that may not */
	bool stocked;	      /* of a split line the moved pieces have the reservation */
	bool frees;	      /* its lines give stock back, for whoever waits for it */
	const char *happened; /* event for templates; null: none */
	int (*order)(struct stepping *s, struct err *e);
	int (*line)(struct stepping *s, const Rec__Line *line, int64_t quantity, struct err *e);
	/* Before the line moves. */
	int (*effect)(struct stepping *s, Rec__Line *line, struct err *e);
	/* When all have moved, before the order is stored. */
	int (*after)(struct stepping *s, Rec__Order *order, struct err *e);
};

/* By event; a row without anything is an event that moves no line that is there. */
extern const struct order_rule order_rules[LINE_EVENT_COUNT];

#endif
