/* SPDX-License-Identifier: ISC */
#include "search_set.h"

#include <assert.h>

#define DIGIT_BITS 8
#define DIGITS (1u << DIGIT_BITS)

bool search_set_add(struct search_set *set, struct arena *a, uint64_t number)
{
	assert(set->most > 0 && set->n <= set->most);
	if (set->n == set->most) {
		set->over = true;
		return false;
	}
	arena_grow(a, &set->items, set->n, &set->room, sizeof(*set->items));
	set->items[set->n++] = number;
	return true;
}

/* One pass of a radix sort: by the digit at `shift`, equal ones as they stood. */
static void pass(const uint64_t *from, uint64_t *to, size_t n, unsigned shift)
{
	size_t place[DIGITS + 1] = {0};
	for (size_t i = 0; i < n; i++)
		place[((from[i] >> shift) & (DIGITS - 1)) + 1]++;
	for (size_t d = 1; d <= DIGITS; d++)
		place[d] += place[d - 1];
	for (size_t i = 0; i < n; i++)
		to[place[(from[i] >> shift) & (DIGITS - 1)]++] = from[i];
}

/* Records of one index key come in order already: then there is nothing to do. */
static bool is_ordered(const struct search_set *set, uint64_t *differing)
{
	bool ordered = true;
	*differing = 0;
	for (size_t i = 1; i < set->n; i++) {
		*differing |= set->items[i] ^ set->items[0];
		ordered &= set->items[i - 1] < set->items[i];
	}
	return ordered;
}

void search_set_order(struct search_set *set, struct arena *a)
{
	uint64_t differing;
	if (is_ordered(set, &differing))
		return;
	uint64_t *other = ARENA_ARRAY(a, set->n, uint64_t);
	/* A digit in which no two differ needs no pass. */
	for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
		uint64_t *from = set->items;
		if (!((differing >> shift) & (DIGITS - 1)))
			continue;
		pass(from, other, set->n, shift);
		set->items = other;
		other = from;
	}
	size_t n = 1;
	for (size_t i = 1; i < set->n; i++)
		if (set->items[i] != set->items[n - 1])
			set->items[n++] = set->items[i];
	set->n = n;
	/* The array may have been swapped for one without more room. */
	set->room = n;
}

/* The first place in from.. whose number is not below that one. */
static size_t lower_bound(const struct search_set *set, size_t from, uint64_t number)
{
	size_t until = set->n;
	while (from < until) {
		size_t middle = from + (until - from) / 2;
		if (set->items[middle] < number)
			from = middle + 1;
		else
			until = middle;
	}
	return from;
}

bool search_set_has(const struct search_set *set, uint64_t number)
{
	size_t at = lower_bound(set, 0, number);
	return at < set->n && set->items[at] == number;
}

void search_set_intersect(struct search_set *set, const struct search_set *with)
{
	size_t n = 0, at = 0;
	for (size_t i = 0; i < set->n; i++) {
		at = lower_bound(with, at, set->items[i]);
		if (at < with->n && with->items[at] == set->items[i])
			set->items[n++] = set->items[i];
	}
	set->n = n;
}

void search_set_unite(struct search_set *set, struct arena *a, const struct search_set *with)
{
	for (size_t i = 0; i < with->n; i++)
		if (!search_set_add(set, a, with->items[i]))
			break;
	set->over |= with->over;
	search_set_order(set, a);
}
