/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_LIQUID_COMPILE_H
#define POSTCLERK_LIQUID_COMPILE_H

#include <assert.h>

#include "lexer.h"
#include "program.h"

/*
 * One pass from source to operations.  Functions that return bool return
 * false after an error, which compile_fail() has set; then parsing ends.
 */

#define NO_OP UINT32_MAX
#define PATH_SEGMENTS_MAX 64
#define FILTER_ARGS_MAX 32

struct compiler;

enum tag_role {
	TAG_STATEMENT, /* does something by itself */
	TAG_BLOCK,     /* opens a block that end… closes */
	TAG_BRANCH,    /* else, elsif, when: a part of the block it stands in */
	TAG_VERBATIM,  /* takes its body itself: raw, comment, doc */
};

struct tag {
	struct slice name;
	enum tag_role role;
	bool blank; /* prints nothing by itself */
	bool (*parse)(struct compiler *c);
	bool (*close)(struct compiler *c); /* of a TAG_BLOCK, at its end… */
	bool keeps; /* of a TAG_BLOCK: a body of white space stays as it is */
};

/* A block that is not closed yet. */
struct open_block {
	const struct tag *tag;
	const char *at; /* where its tag begins */
	uint32_t start; /* first operation */
	uint32_t place;
	uint32_t pending; /* jump of a condition that did not hold */
	uint32_t exits;	  /* jumps to the end, chained through x */
	uint32_t repeats; /* of a loop: continue, chained */
	uint32_t breaks;  /* of a loop: break, chained */
	uint32_t body;	  /* of a loop: first operation of its body */
	uint32_t slot;	  /* of a capture or case */
	bool blank;	  /* only white space so far */
	bool has_else;
};

/* Arguments of a filter or attributes of a partial, in the order written. */
struct arguments {
	uint32_t n_args, n_named;
	struct slice names[FILTER_ARGS_MAX]; /* null: positional */
};

struct compiler {
	const struct liquid_env *env;
	struct arena *arena;
	struct liquid_template *t;
	struct liquid_error *error;
	const char *at, *end; /* what is still to be read */
	const char *tag_at;   /* where the tag in hand begins */
	const char *markup, *markup_end;
	const struct tag *tag;
	struct lexer lex;
	bool trim;	/* the next text loses its white space in front */
	bool tag_trims; /* the tag in hand ends with -%} */
	bool liquid;	/* inside {% liquid %}: a line is a tag */
	uint32_t base;	/* first block of the {% liquid %} in hand */
	uint32_t room, names_room, places_room;
	uint32_t depth;	      /* values on the stack */
	uint32_t nested;      /* brackets and ranges of the expression in hand */
	uint32_t liquids;     /* {% liquid %} in {% liquid %} */
	uint32_t landing;     /* the last operation that jumps lead to */
	uint32_t last_slot;   /* what compile_slot() gave last: the next name is often the same */
	uint32_t name_slots;  /* of name_index, a power of two; 0: few names, no index */
	uint32_t *name_index; /* number of a name + 1, by its hash */
	uint32_t n_blocks;
	const struct filter_entry *last_filter;
	struct open_block blocks[LIQUID_NESTING_MAX];
	/* Here and not on the stack, where each use would be cleared. */
	struct segment segments[PATH_SEGMENTS_MAX];
	struct arguments args;
};

bool compile_fail(struct compiler *c, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- operations ---- */

void compile_grow(struct compiler *c);

static inline struct op *compile_emit(struct compiler *c, op_fn *run)
{
	struct liquid_template *t = c->t;
	if (t->n_code == c->room)
		compile_grow(c);
	struct op *op = &t->code[t->n_code++];
	*op = (struct op){.run = run};
	return op;
}

/* Values that the operation just emitted leaves or takes. */
static inline void compile_stack(struct compiler *c, int change)
{
	c->depth = (uint32_t)((int)c->depth + change);
	if (c->depth > c->t->stack)
		c->t->stack = c->depth;
}

/* A jump not yet known: adds it to the chain at *chain. */
void compile_jump(struct compiler *c, op_fn *run, uint32_t *chain);
/* Let all jumps of the chain go to the next operation, and empty it. */
void compile_land(struct compiler *c, uint32_t *chain);
uint32_t compile_slot(struct compiler *c, struct slice name);
bool compile_too_large(struct compiler *c);
/* Before each thing that a source may repeat without end: false when there is no more room. */
static inline bool compile_may_grow(struct compiler *c)
{
	return c->t->n_code < LIQUID_CODE_MAX || compile_too_large(c);
}

uint32_t compile_place(struct compiler *c);
/* Ends the place with the next operation; errors of a blank one are not printed inline. */
void compile_place_end(struct compiler *c, uint32_t place, bool blank);

/* ---- expressions, expression.c ---- */

/* Begin to read the markup of the tag in hand. */
void expect_markup(struct compiler *c);
bool expect(struct compiler *c, enum token_kind kind);
bool accept(struct compiler *c, enum token_kind kind);
bool accept_word(struct compiler *c, const char *word);
bool expect_name(struct compiler *c, struct slice *name);
bool expect_end(struct compiler *c);
/* Not a valid expression, found something else: in the reference's words. */
bool syntax_error(struct compiler *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Leaves its value on the stack. */
bool parse_expression(struct compiler *c);
bool parse_condition(struct compiler *c);
/* expression | filters up to the end of the markup. */
bool parse_filtered(struct compiler *c);
/* .name.name behind the word at c->lex.at, into c->segments; how many. */
int plain_segments(struct compiler *c);
const struct site *make_site(struct compiler *c, struct slice text, uint32_t slot, size_t n);
/* Does true, false, nil, null, empty or blank begin so? */
bool may_be_literal(char first);

/* ---- output.c ---- */

bool quick_output(struct compiler *c);
/* Does it mean something else than a variable: true, empty, self ...? */
bool special_word(struct slice word);
/* The whole of {{ … }} or echo. */
bool parse_output(struct compiler *c);

/* ---- blocks, blocks.c ---- */

struct open_block *block_open(struct compiler *c);
static inline struct open_block *block_top(struct compiler *c)
{
	assert(c->n_blocks > 0);
	return &c->blocks[c->n_blocks - 1];
}

bool block_close(struct compiler *c);
bool block_is(const struct open_block *b, const char *name);
/* Something that prints stands in the block in hand. */
void block_prints(struct compiler *c);
/* Leave captures and such up to the innermost loop, then jump to its end or next step. */
void block_interrupt(struct compiler *c, bool leave);

/* ---- tags ---- */

extern const struct tag tag_table[];
extern const size_t tag_count;
const struct tag *tag_find(struct slice name);
bool parse_raw(struct compiler *c);
bool parse_comment(struct compiler *c);
bool parse_doc(struct compiler *c);
bool parse_inline_comment(struct compiler *c);
bool parse_liquid(struct compiler *c);
bool parse_if(struct compiler *c);
bool parse_unless(struct compiler *c);
bool parse_elsif(struct compiler *c);
bool parse_else(struct compiler *c);
bool close_if(struct compiler *c);
bool parse_case(struct compiler *c);
bool parse_when(struct compiler *c);
bool close_case(struct compiler *c);
bool parse_for(struct compiler *c);
bool parse_tablerow(struct compiler *c);
bool close_loop(struct compiler *c);
/* The else of a for, taken when there was nothing. */
bool loop_else(struct compiler *c, struct open_block *b);
bool parse_break(struct compiler *c);
bool parse_continue(struct compiler *c);
bool parse_assign(struct compiler *c);
bool parse_capture(struct compiler *c);
bool close_capture(struct compiler *c);
bool parse_increment(struct compiler *c);
bool parse_decrement(struct compiler *c);
bool parse_cycle(struct compiler *c);
bool parse_ifchanged(struct compiler *c);
bool close_ifchanged(struct compiler *c);
bool parse_render(struct compiler *c);
bool parse_include(struct compiler *c);
bool parse_layout(struct compiler *c);
bool parse_block(struct compiler *c);
bool close_block(struct compiler *c);

/* ---- the scanner, scan.c ---- */

/* One tag of a {% liquid %} or of the document: name and markup are in c. */
bool compile_tag(struct compiler *c, struct slice name);
/*
 * The next tag of a body that is not parsed (raw, comment, doc): its name in
 * *name, where it begins in *at; c->at stands behind it.  False at the end.
 */
bool scan_tag(struct compiler *c, struct slice *name, const char **at);
/* Is the tag between mark and end that one? */
bool scan_is_tag(const char *mark, const char *end, struct slice name);
bool never_closed(struct compiler *c, struct slice name);
unsigned compile_line(const struct liquid_template *t, const char *at, unsigned *column);

#endif
