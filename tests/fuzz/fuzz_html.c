/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/text.h"
#include "mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text of any HTML is UTF-8. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	struct arena *a = arena_open();
	memcpy(copy, data, size);
	struct mail_part part = {
		.parent = MAIL_NO_PART,
		.type = SLICE("text"),
		.subtype = SLICE("html"),
		.body = slice_of(copy, size),
	};
	if (!text_is_utf8(mail_part_text(a, &part)))
		abort();
	arena_close(&a);
	free(copy);
	return 0;
}
