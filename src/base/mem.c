/* SPDX-License-Identifier: ISC */
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

void *mem_new(size_t n, size_t size)
{
	/* calloc(0, …) may return null without being out of memory. */
	void *ptr = calloc(n ? n : 1, size);
	if (!ptr)
		die("out of memory: %zu times %zu bytes", n, size);
	return ptr;
}

char *mem_text(const char *text)
{
	char *copy = strdup(text);
	if (!copy)
		die("out of memory: %zu bytes", strlen(text));
	return copy;
}
