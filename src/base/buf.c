/* SPDX-License-Identifier: ISC */
#include "base/buf.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max < SIZE_MAX / 2 ? max : SIZE_MAX / 2};
}

void buf_release(struct buf *b)
{
	free(b->ptr);
	*b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
}

char *buf_reserve(struct buf *b, size_t n)
{
	/* Nobody adds more to len than was reserved, and the NUL of buf_str has its room. */
	assert(b->len <= b->max && (b->ptr ? b->len < b->cap : b->len == 0));
	if (b->failed || n > b->max - b->len) {
		b->failed = true;
		return NULL;
	}
	if (b->len + n + 1 > b->cap) {
		/* One byte more than asked for, so that buf_str needs no growth. */
		size_t cap = b->cap < 64 ? 64 : b->cap * 2;
		if (cap < b->len + n + 1)
			cap = b->len + n + 1;
		char *wider = realloc(b->ptr, cap);
		if (!wider)
			die("out of memory: %zu bytes", cap);
		b->ptr = wider;
		b->cap = cap;
	}
	return b->ptr + b->len;
}

void buf_put(struct buf *b, struct slice s)
{
	char *room = buf_reserve(b, s.len);
	if (room && s.len) {
		memcpy(room, s.ptr, s.len);
		b->len += s.len;
	}
}

void buf_puts(struct buf *b, const char *s)
{
	buf_put(b, slice_str(s));
}

void buf_putc(struct buf *b, char c)
{
	char *room = buf_reserve(b, 1);
	if (room) {
		*room = c;
		b->len++;
	}
}

void buf_vprintf(struct buf *b, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0)
		die("buf_printf: bad format \"%s\"", format);
	char *room = buf_reserve(b, (size_t)n);
	if (room) {
		vsnprintf(room, (size_t)n + 1, format, args);
		b->len += (size_t)n;
	}
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_vprintf(b, format, args);
	va_end(args);
}

const char *buf_str(struct buf *b)
{
	if (!b->ptr)
		return "";
	b->ptr[b->len] = '\0';
	return b->ptr;
}
