/* SPDX-License-Identifier: ISC */
#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_HEAP_BLOCKS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define ARENA_HEAP_BLOCKS 1
#endif
#endif
#ifndef ARENA_HEAP_BLOCKS
#define ARENA_HEAP_BLOCKS 0
#endif

#define BLOCK_MIN 4096
#define BLOCK_MAX (1 << 20)
#define ALIGN(n) (((n) + 15) & ~(size_t)15)

struct block {
	struct block *next;
	size_t size, used;
	_Alignas(16) char bytes[];
};

struct adopted {
	struct adopted *next;
	void *ptr;
	void (*free_fn)(void *ptr);
};

struct arena {
	struct block *blocks;
	struct adopted *adopted;
	size_t used;
};

struct arena *arena_open(void)
{
	return mem_new(1, sizeof(struct arena));
}

static void end_adopted(struct arena *a)
{
	/* An adopted object may itself be the last user of arena memory: blocks go later. */
	while (a->adopted) {
		struct adopted *entry = a->adopted;
		a->adopted = entry->next;
		entry->free_fn(entry->ptr);
	}
}

static void end_blocks(struct block *block)
{
	while (block) {
		struct block *next = block->next;
		free(block);
		block = next;
	}
}

void arena_close(struct arena **a)
{
	if (!*a)
		return;
	end_adopted(*a);
	end_blocks((*a)->blocks);
	free(*a);
	*a = NULL;
}

void arena_clear(struct arena *a)
{
	end_adopted(a);
	if (ARENA_HEAP_BLOCKS) {
		end_blocks(a->blocks);
		a->blocks = NULL;
	} else if (a->blocks) {
		end_blocks(a->blocks->next);
		a->blocks->next = NULL;
		memset(a->blocks->bytes, 0, a->blocks->used);
		a->blocks->used = 0;
	}
	a->used = 0;
}

static struct block *add_block(struct arena *a, size_t need)
{
	size_t size = need;
	if (!ARENA_HEAP_BLOCKS) {
		size = a->blocks ? a->blocks->size * 2 : BLOCK_MIN;
		if (size > BLOCK_MAX)
			size = BLOCK_MAX;
		if (size < need)
			size = need;
	}
	struct block *block = calloc(1, sizeof(*block) + size);
	if (!block)
		die("out of memory: %zu bytes", size);
	block->size = size;
	block->next = a->blocks;
	a->blocks = block;
	return block;
}

void *arena_alloc(struct arena *a, size_t size)
{
	if (size > SIZE_MAX / 2)
		die("arena: %zu bytes asked for", size);
	/* Exact under sanitizers, so that one byte too far is seen. */
	size_t need = ARENA_HEAP_BLOCKS ? size : ALIGN(size ? size : 1);
	struct block *block = a->blocks;
	if (ARENA_HEAP_BLOCKS || !block || block->size - block->used < need)
		block = add_block(a, need);
	assert(block->used + need <= block->size);
	void *ptr = block->bytes + block->used;
	block->used += need;
	a->used += need;
	return ptr;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(count, size, &total))
		die("arena: %zu times %zu bytes asked for", count, size);
	return arena_alloc(a, total);
}

struct slice arena_copy(struct arena *a, struct slice s)
{
	char *copy = arena_alloc(a, s.len + 1);
	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return slice_of(copy, s.len);
}

char *arena_str(struct arena *a, struct slice s)
{
	char *copy = arena_alloc(a, s.len + 1);
	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return copy;
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0)
		die("arena_printf: bad format \"%s\"", format);
	char *text = arena_alloc(a, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, args);
	return text;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(a, format, args);
	va_end(args);
	return text;
}

void arena_adopt(struct arena *a, void *ptr, void (*free_fn)(void *ptr))
{
	assert(free_fn);
	struct adopted *entry = ARENA_NEW(a, struct adopted);
	*entry = (struct adopted){.next = a->adopted, .ptr = ptr, .free_fn = free_fn};
	a->adopted = entry;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}

void arena_grow(struct arena *a, void *items, size_t used, size_t *room, size_t size)
{
	if (used < *room)
		return;
	size_t wider = *room ? *room * 2 : 8;
	void *list = arena_array(a, wider, size);
	void *old;
	/* items is a pointer to some object pointer: read and written as bytes. */
	memcpy(&old, items, sizeof(old));
	if (used)
		memcpy(list, old, used * size);
	memcpy(items, &list, sizeof(list));
	*room = wider;
}
