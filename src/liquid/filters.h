/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_LIQUID_FILTERS_H
#define POSTCLERK_LIQUID_FILTERS_H

#include "env.h"
#include "value.h"
#include "vm.h"

/*
 * What filters share.  A filter that makes text writes it into the scratch
 * buffer and ends with filter_done(), which charges for it and copies it to
 * the render's arena.
 */

struct buf *filter_scratch(const struct liquid_call *call);
int filter_done(const struct liquid_call *call, bool safe, struct liquid_value *result);
/* A part of the input, or other text that lives: no copy. */
int filter_view(struct slice s, bool safe, struct liquid_value *result);

struct slice filter_input(const struct liquid_call *call);
/* Argument i as text; fallback when it was not given. */
struct slice filter_text(const struct liquid_call *call, size_t i, struct slice fallback);
struct liquid_value filter_arg(const struct liquid_call *call, size_t i);
static inline bool filter_safe(const struct liquid_call *call)
{
	return call->input.kind == LIQUID_STRING && call->input.safe;
}
/* An integer as the reference's to_integer; -1 and "invalid integer". */
int filter_integer(const struct liquid_call *call, struct liquid_value v, int64_t *n);
/* As the reference's to_number: texts that look like numbers, else 0. */
struct liquid_value filter_number(struct liquid_value v);

/*
 * Text from pieces of which some are safe and some are data.  Data beside
 * safe text that has marks of its own is escaped here, and the whole is safe;
 * else all stays data.
 */
struct piece {
	struct slice text;
	bool safe;
};
struct mix {
	const struct liquid_call *call;
	bool escapes; /* data is escaped */
};
/* Escaping would change nothing: such text mixes with data as it is. */
bool filter_plain(const struct liquid_call *call, struct slice s);
/* Judges the kinds of pieces that will come: any may be missing (null text). */
struct mix mix_begin(const struct liquid_call *call, struct piece a, struct piece b);
/* 0, or -1 when a limit is reached. */
int mix_put(struct mix *mix, struct piece piece);
int mix_done(struct mix *mix, bool all_safe, struct liquid_value *result);

/*
 * The input as items: arrays flattened, ranges spread, a hash as one item,
 * nil as none, anything else as one.  -1 when a limit is reached.
 */
int filter_items(const struct liquid_call *call, struct liquid_value v, struct liquid_list *items);
/* One item more, charged for; -1 when a limit is reached. */
int filter_add(struct liquid_context *ctx, struct liquid_list *items, struct liquid_value v);
int filter_list(const struct liquid_call *call, struct liquid_list *items,
		struct liquid_value *result);
/* 1 and *value (nil if it is not there), 0 when an item has no properties, -1 and an error. */
int filter_property(const struct liquid_call *call, struct liquid_value item,
		    struct liquid_value property, struct liquid_value *value);

#endif
