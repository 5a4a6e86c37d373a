/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "mail.h"
#include "mail/envelope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is called strict must pass the check of the envelope. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	struct arena *a = arena_open();
	struct mail_addresses list = {0};
	memcpy(copy, data, size);
	mail_address_read(a, slice_of(copy, size), &list);
	for (size_t i = 0; i < list.n; i++)
		if (list.items[i].strict && !mail_addr_strict_utf8(list.items[i].addr))
			abort();
	arena_close(&a);
	free(copy);
	return 0;
}
