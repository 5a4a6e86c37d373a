/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_BUF_H
#define POSTCLERK_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/*
 * A growing byte buffer with a ceiling from birth and sticky failure: append
 * freely, ask buf_failed() once at the end.  A buffer that failed takes
 * nothing more and keeps what fitted whole.
 */
struct buf {
	char *ptr;
	size_t len, cap, max;
	bool failed;
};

/* At most max bytes; allocates nothing yet. */
void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);
/* Empty again, memory kept, failure forgotten. */
void buf_clear(struct buf *b);

/* Append; what does not fit is left out whole, and the buffer has failed. */
void buf_put(struct buf *b, struct slice s);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
/* Room for n more bytes, or null and failed; then add to len what was used. */
char *buf_reserve(struct buf *b, size_t n);

static inline bool buf_failed(const struct buf *b)
{
	return b->failed;
}

/* A view of the content, valid until the next append. */
static inline struct slice buf_slice(const struct buf *b)
{
	return (struct slice){b->ptr, b->len};
}

/* The content as a C string, valid until the next append; "" when empty. */
const char *buf_str(struct buf *b);

#endif
