/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "../../src/mail/words.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is decoded is one line of UTF-8 without controls (T04). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	struct arena *a = arena_open();
	struct reader r = {.a = a, .limits = &mail_limits_default};
	memcpy(copy, data, size);
	struct slice line = words_text(&r, slice_of(copy, size));
	if (!text_is_utf8(line))
		abort();
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.ptr[i] < 0x20 || line.ptr[i] == 0x7f)
			abort();
	arena_close(&a);
	free(copy);
	return 0;
}
