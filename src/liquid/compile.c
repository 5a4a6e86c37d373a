/* SPDX-License-Identifier: ISC */
#include "compile.h"
#include "value.h"

#include <assert.h>
#include <stdio.h>

/* Line and column of a byte of the source, from 1. */
unsigned compile_line(const struct liquid_template *t, const char *at, unsigned *column)
{
	const char *p = t->source.ptr;
	unsigned line = 1;
	/* A message may be about another source than this one: better no line than a wrong one. */
	if (!p || at < p || at > p + t->source.len) {
		*column = 0;
		return 0;
	}
	for (const char *lf; (lf = memchr(p, '\n', (size_t)(at - p))); p = lf + 1)
		line++;
	*column = (unsigned)(at - p) + 1;
	return line;
}

bool compile_fail(struct compiler *c, const char *at, const char *format, ...)
{
	struct liquid_error *e = c->error;
	if (!e)
		return false;
	*e = (struct liquid_error){.phase = LIQUID_PARSE};
	va_list args;
	va_start(args, format);
	vsnprintf(e->message, sizeof(e->message), format, args);
	va_end(args);
	snprintf(e->template, sizeof(e->template), "%.*s", SLICE_ARG(c->t->name));
	e->line = compile_line(c->t, at, &e->column);
	return false;
}

void compile_grow(struct compiler *c)
{
	struct liquid_template *t = c->t;
	size_t room = c->room;
	arena_grow(c->arena, &t->code, t->n_code, &room, sizeof(*t->code));
	c->room = (uint32_t)room;
}

/*
 * A jump forward does not know its end yet; until then x holds the jump before it in
 * the chain, so that no list is needed.
 */
void compile_jump(struct compiler *c, op_fn *run, uint32_t *chain)
{
	struct op *op = compile_emit(c, run);
	op->x = (int32_t)*chain;
	*chain = c->t->n_code - 1;
}

void compile_land(struct compiler *c, uint32_t *chain)
{
	/* Where jumps land nothing may be fused with what stands before. */
	uint32_t here = c->landing = c->t->n_code;
	for (uint32_t at = *chain; at != NO_OP;) {
		struct op *op = &c->t->code[at];
		uint32_t next = (uint32_t)op->x;
		op->x = (int32_t)(here - at);
		at = next;
	}
	*chain = NO_OP;
}

/* Names beyond these are found by an index: a template may have a hundred thousand. */
#define NAMES_LINEAR 16

static void index_name(struct compiler *c, uint32_t slot)
{
	uint32_t mask = c->name_slots - 1;
	uint32_t at = value_hash(c->t->names[slot]) & mask;
	while (c->name_index[at])
		at = (at + 1) & mask;
	c->name_index[at] = slot + 1;
}

static void grow_name_index(struct compiler *c)
{
	if (c->t->n_names < NAMES_LINEAR || c->t->n_names * 2 < c->name_slots)
		return;
	c->name_slots = c->name_slots ? c->name_slots * 2 : NAMES_LINEAR * 4;
	c->name_index = ARENA_ARRAY(c->arena, c->name_slots, uint32_t);
	for (uint32_t i = 0; i < c->t->n_names; i++)
		index_name(c, i);
}

static uint32_t find_name(const struct compiler *c, struct slice name)
{
	const struct slice *names = c->t->names;
	uint32_t n = c->t->n_names, mask = c->name_slots - 1;
	if (c->name_slots) {
		uint32_t at = value_hash(name) & mask;
		while (c->name_index[at] && !same_name(names[c->name_index[at] - 1], name))
			at = (at + 1) & mask;
		return c->name_index[at] ? c->name_index[at] - 1 : n;
	}
	uint32_t i = 0;
	while (i < n && (names[i].len != name.len || !same_name(names[i], name)))
		i++;
	return i;
}

uint32_t compile_slot(struct compiler *c, struct slice name)
{
	struct liquid_template *t = c->t;
	if (c->last_slot < t->n_names && same_name(t->names[c->last_slot], name))
		return c->last_slot;
	c->last_slot = find_name(c, name);
	if (c->last_slot < t->n_names)
		return c->last_slot;
	if (t->n_names == c->names_room) {
		size_t room = c->names_room;
		arena_grow(c->arena, &t->names, t->n_names, &room, sizeof(*t->names));
		c->names_room = (uint32_t)room;
	}
	t->names[t->n_names++] = name;
	if (c->name_slots)
		index_name(c, c->last_slot);
	grow_name_index(c);
	return c->last_slot;
}

bool compile_too_large(struct compiler *c)
{
	return compile_fail(c, c->tag_at, "template too large: limit of %d operations",
			    LIQUID_CODE_MAX);
}

uint32_t compile_place(struct compiler *c)
{
	struct liquid_template *t = c->t;
	if (t->n_places == c->places_room) {
		size_t room = c->places_room;
		arena_grow(c->arena, &t->places, t->n_places, &room, sizeof(*t->places));
		c->places_room = (uint32_t)room;
	}
	t->places[t->n_places] = (struct place){
		.pc = t->n_code,
		.end = t->n_code,
		.offset = (uint32_t)(c->tag_at - t->source.ptr),
	};
	return t->n_places++;
}

void compile_place_end(struct compiler *c, uint32_t place, bool blank)
{
	assert(place < c->t->n_places);
	c->t->places[place].end = c->t->n_code;
	c->t->places[place].blank = blank;
}
