/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_LIQUID_PROGRAM_H
#define POSTCLERK_LIQUID_PROGRAM_H

#include "liquid.h"

/* For large objects on the stack of which every part is set before it is read. */
#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define LIQUID_UNINITIALIZED __attribute__((uninitialized))
#endif
#endif
#ifndef LIQUID_UNINITIALIZED
#define LIQUID_UNINITIALIZED
#endif

/*
 * A parsed template: a flat array of operations that each know the function
 * that runs them.  Between statements the value stack is empty, so that an
 * error printed inline can go on behind the statement it happened in.
 */
struct liquid_context;
struct op;

/* Runs one operation and gives the next, or null at an end or an error. */
typedef const struct op *op_fn(struct liquid_context *ctx, const struct op *op);

struct op {
	op_fn *run;
	union {
		const char *text;
		const struct site *site;
		const struct liquid_value *value;
		struct filter_call *call;
		const struct loop *loop;
		const struct partial *partial;
		const struct cycle *cycle;
		const struct block *block;
		const void *none;
	};
	int32_t x;  /* jump distance, or length of a text */
	uint32_t n; /* slot, count or flag, or where in the source a text begins */
};

/* Behind the root of a path: .name, ["name"] or [3]. */
enum segment_kind { SEGMENT_NAME, SEGMENT_KEY, SEGMENT_INDEX };

struct segment {
	struct slice name;
	int64_t index;
	uint32_t hint;
	uint8_t kind;
	uint8_t command; /* enum path_command of a SEGMENT_NAME */
};

enum path_command { COMMAND_NONE, COMMAND_SIZE, COMMAND_FIRST, COMMAND_LAST };

/* One place that looks up a path. */
struct site {
	struct slice text; /* as written, a view of the template's source */
	uint32_t slot;	   /* of the root's name */
	uint16_t n;	   /* at most PATH_SEGMENTS_MAX */
	bool quick;	   /* word.word: one segment, and that a name */
	struct segment segments[];
};

struct filter_entry {
	struct slice name;
	const struct liquid_filter *row; /* null: unknown and passed through */
	void *user;
	bool tolerant; /* may have an undefined input */
};

struct filter_call {
	struct filter_entry filter;
	struct slice name;
	const struct site *site; /* of op_print_filtered: the input */
	uint32_t n_args, n_named;
	struct slice named[];
};

enum loop_attribute_kind { LOOP_LIMIT, LOOP_OFFSET, LOOP_COLS, LOOP_RANGE };

#define LOOP_GIVEN_MAX 16

struct loop {
	struct slice name; /* "item-order.lines" */
	uint32_t slot, forloop;
	bool reversed, resume, table;
	uint8_t n_given; /* values on the stack above the collection */
	uint8_t given[LOOP_GIVEN_MAX];
};

struct partial {
	struct slice alias; /* null: the partial's own name */
	bool isolated;	    /* render, not include */
	bool has_with, has_for;
	uint32_t n;
	struct slice names[]; /* of the attributes */
};

struct cycle {
	struct slice key; /* of an unnamed one */
	bool named;
	uint32_t n;
};

struct block {
	struct slice name;
};

/* A statement: operations pc up to end, written at offset. */
struct place {
	uint32_t pc, end, offset;
	bool blank;
};

/* So many bytes behind a template's source may be read, so that texts are copied in blocks. */
#define SOURCE_PAD 32

struct liquid_template {
	const struct liquid_env *env;
	struct slice name, source;
	struct op *code;
	uint32_t n_code;
	struct slice *names; /* variables by slot */
	uint32_t n_names;
	uint32_t n_hints;
	uint32_t temps; /* hidden values of case */
	uint32_t stack; /* values the deepest expression needs */
	struct place *places;
	uint32_t n_places;
	bool has_layout;
	uint32_t layout_offset; /* where the layout tag stands */
};

/* One of these per operation. */
op_fn op_text, op_print, op_print_escaped, op_print_site, op_print_site_escaped, op_print_filtered,
	op_push, op_site, op_index, op_range, op_filter, op_jump, op_jump_false, op_jump_true,
	op_site_jump_false, op_and, op_or, op_equal, op_not_equal, op_less, op_greater,
	op_less_equal, op_greater_equal, op_contains, op_assign, op_capture, op_capture_end,
	op_increment, op_decrement, op_cycle, op_cycle_arm, op_loop, op_next, op_row_next,
	op_leave_loop, op_case, op_when, op_when_enter, op_when_else, op_changed, op_changed_end,
	op_bind, op_partial, op_on_break, op_on_continue, op_break, op_continue, op_layout,
	op_block, op_block_end, op_super, op_self, op_end, op_drop;

#endif
