/* SPDX-License-Identifier: ISC */
#include <assert.h>

#include "search_want.h"

struct gathering {
	struct search_set *set;
	struct arena *a;
	size_t whole; /* the length a key must have; 0: any */
};

static int gather(void *ctx, struct slice key, struct slice primary_key, struct err *e)
{
	struct gathering *g = ctx;
	uint64_t number;
	(void)e;
	if (g->whole && key.len != g->whole)
		return 1;
	/* What has no number is no record of ours. */
	if (!store_key_take_u64(&primary_key, &number))
		return 1;
	return search_set_add(g->set, g->a, number);
}

int walk_numbers(struct finder *f, enum object_type type, int index, const struct store_key *key,
		 bool whole, struct search_set *set, struct err *e)
{
	struct store_range range = {.prefix = store_key_slice(key)};
	struct gathering g = {set, f->a, whole ? key->len : 0};
	assert(objects[type].series != NULL);
	return store_walk(f->txn, objects[type].table, index, &range, gather, &g, e);
}

/* The last place of the text from which a key is as long as keys are. */
static struct slice last_part(struct slice text)
{
	size_t from = text.len - SEARCH_KEY_TEXT;
	while (from > 0 && ((unsigned char)text.ptr[from] & 0xc0) == 0x80)
		from--;
	return slice_sub(text, from, text.len);
}

/* A text longer than keys are has its end in it as well as its beginning. */
static int walk_end(struct finder *f, const struct search_row *row, struct slice text,
		    enum object_type type, int index, struct search_set *set, struct err *e)
{
	struct search_set ends = {.most = SEARCH_SET_MAX};
	struct store_key key;
	search_key(&key, row->tag, row->start, last_part(text));
	if (walk_numbers(f, type, index, &key, false, &ends, e) < 0)
		return -1;
	if (ends.over)
		return 1;
	search_set_order(&ends, f->a);
	search_set_intersect(set, &ends);
	return 1;
}

int walk_tag(struct finder *f, enum object_type type, const struct search_row *row,
	     struct slice text, struct search_set *set, bool *sure, struct err *e)
{
	struct search_set found = {.most = set->most};
	struct store_key key;
	int index = type == OBJECT_CUSTOMER ? (int)CUSTOMER_BY_SEARCH : (int)ORDER_BY_SEARCH;
	search_key(&key, row->tag, row->start, text);
	*sure = search_key_text(row->start, text).len == text.len;
	if (walk_numbers(f, type, index, &key, false, &found, e) < 0)
		return -1;
	search_set_order(&found, f->a);
	if (!*sure && !found.over && row->start == START_ANYWHERE &&
	    walk_end(f, row, text, type, index, &found, e) < 0)
		return -1;
	search_set_unite(set, f->a, &found);
	return 1;
}
