/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_TESTS_RECORD_MODEL_RUN_H
#define POSTCLERK_TESTS_RECORD_MODEL_RUN_H

#include "fixture.h"
#include "model.h"

/* A run of the model's commands against the record: doing them there, and comparing. */
struct run {
	struct model *model;
	struct fixture *f;
	struct model_action *actions;
	size_t n, allowed;
	size_t done[ACT_COUNT], moved[LINE_EVENT_COUNT];
	uint64_t random;
	const struct model_action *action; /* at hand */
	char why[1000];			   /* they disagree; empty: they do not */
};

extern const char *const run_skus[MODEL_SKUS];
/* The first order and the first customer have it. */
#define RUN_FIRST 10001
uint64_t run_id(int order);
/* The model's order that the record's is. */
const struct model_order *run_order(const struct run *r, const Rec__Order *order);

/* A shop as the model has it. */
void run_make_world(struct change *ch);
/* A change of the record at the model's time, with invoices and payments as the model says. */
void run_begin(struct run *r, struct change *ch, struct txn *txn);

/*
 * The action at hand: may it be done, and do it.  For store_run, as all that
 * follows.  What has no check of its own (run_has_check) is judged by doing it.
 */
store_fn run_check, run_act;
bool run_has_check(enum model_act act);
/* Is it a field of a line? */
bool run_of_line(enum model_act act);
const char *run_name(enum model_act act);

/* Orders, items and the dispatch queue; the first difference goes to why. */
store_fn run_compare;
/* They disagree; the first reason stays. */
void run_differs(struct run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
