/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_SEARCH_SET_H
#define POSTCLERK_RECORD_SEARCH_SET_H

#include "base/arena.h"

/*
 * Sets of record numbers in an arena: filled in any order with repetitions,
 * then put in order.  What does not fit any more is left out, and `over` says so.
 */
struct search_set {
	uint64_t *items;
	size_t n, room;
	size_t most;
	bool over;
};

/* false when it is full: `over` is set. */
bool search_set_add(struct search_set *set, struct arena *a, uint64_t number);
/* Ascending, each once. */
void search_set_order(struct search_set *set, struct arena *a);
/* Both in order, as all the functions below want. */
bool search_set_has(const struct search_set *set, uint64_t number);
void search_set_intersect(struct search_set *set, const struct search_set *with);
void search_set_unite(struct search_set *set, struct arena *a, const struct search_set *with);

#endif
