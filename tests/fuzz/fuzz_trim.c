/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The pieces follow each other and are the whole text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	struct arena *a = arena_open();
	struct mail_trimmed t;
	memcpy(copy, data, size);
	mail_trim(a, slice_of(copy, size), &t);
	const char *at = copy;
	for (size_t i = 0; i < t.n_pieces; i++) {
		if (t.pieces[i].text.ptr != at)
			abort();
		at += t.pieces[i].text.len;
	}
	if (at != copy + size)
		abort();
	arena_close(&a);
	free(copy);
	return 0;
}
