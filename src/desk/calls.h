/* SPDX-License-Identifier: ISC */
#ifndef DESK_CALLS_H
#define DESK_CALLS_H

#include "run.h"

/* One call of the command line while it is answered. */
struct calling {
	struct desk *desk;
	struct arena *arena;
	const Rpc__Call *call;
	Rpc__Reply *reply;
	struct buf out;
	struct run *run; /* of do: what was said, also when it was rolled back */
	uint64_t findings;
	uint64_t done;
};

/* Argument i, empty when it was not given. */
static inline struct slice call_arg(const struct calling *c, size_t i)
{
	return slice_str(i < c->call->n_args ? c->call->args[i] : NULL);
}

/* calls_list.c */
/* VERB [WORD…]: one reading command, its answer alone. */
int call_list(struct calling *c, struct err *e);
/* CUSTOMERS ORDERS SEED NEXT: a part of a demonstration shop; the next NEXT, or nothing. */
int call_demo(struct calling *c, struct err *e);

/*
 * calls_template.c: what an admin asks of templates.  1 and the output, or -1
 * and *e.
 */
int call_template_check(struct calling *c, struct err *e);
/* [PATH]: what is in a variable; without, all that there are. */
int call_template_vars(struct calling *c, struct err *e);
/* FILE ID FORM: a mail as "eml", or its "html"; ID may be empty. */
int call_template_preview(struct calling *c, struct err *e);
/* The page of all templates. */
int call_template_gallery(struct calling *c, struct err *e);
/*
 * calls_table.c: WORD list|set|remove NAME FIELD=VALUE…, of the shop's tables and
 * the shops.
 */
int call_table(struct calling *c, struct err *e);

/*
 * calls_mail.c: quarantined mails, a line each; and one of them, by its number
 * in the journal or by its thread, once more: a JSON object of what came of it.
 */
int call_quarantine(struct calling *c, struct err *e);
int call_reprocess(struct calling *c, struct err *e);

#endif
