/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_ARENA_H
#define POSTCLERK_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/slice.h"

/*
 * One arena per unit of work: a mail, a render, a transaction.  Everything
 * taken from it goes away with it, foreign objects that it adopted too, the
 * last adopted first.  Nothing of an arena may be stored in what outlives it.
 * When memory runs out the process ends: the mail is still in the journal.
 * Built with a sanitizer, every object is a heap block of its own.
 */
struct arena;

/* An empty arena; the caller ends it with arena_close. */
struct arena *arena_open(void);
/* Ends the arena and sets *a to null; a null arena is fine. */
void arena_close(struct arena **a);
/* Gives everything back but stays open, keeping one block for reuse. */
void arena_clear(struct arena *a);

/* Zeroed memory, aligned for any type; never null, size 0 included. */
void *arena_alloc(struct arena *a, size_t size);
/* count * size, ending the process on overflow. */
void *arena_array(struct arena *a, size_t count, size_t size);
/* A copy with a NUL behind it (not counted), so that .ptr is a C string. */
struct slice arena_copy(struct arena *a, struct slice s);
char *arena_str(struct arena *a, struct slice s);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* free_fn(ptr) is called when the arena is cleared or closed. */
void arena_adopt(struct arena *a, void *ptr, void (*free_fn)(void *ptr));
/* Bytes handed out since it was opened or cleared. */
size_t arena_used(const struct arena *a);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

/*
 * Grow a list that lives in an arena: *items points to `used` elements of
 * `size` bytes, with room for *room.  Afterwards there is room for one more.
 */
void arena_grow(struct arena *a, void *items, size_t used, size_t *room, size_t size);

#endif
