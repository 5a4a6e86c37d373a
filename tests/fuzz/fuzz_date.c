/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "../../src/mail/date.h"
#include "base/buf.h"
#include "base/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A date that is read is one that can be written, and is read the same again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	struct arena *a = arena_open();
	struct reader r = {.a = a, .limits = &mail_limits_default};
	struct buf text;
	int64_t date, again;
	memcpy(copy, data, size);
	buf_init(&text, 64);
	if (date_read(&r, slice_of(copy, size), &date)) {
		clock_put_rfc3339(&text, date);
		if (!date_read(&r, buf_slice(&text), &again) || again != date)
			abort();
	}
	buf_release(&text);
	arena_close(&a);
	free(copy);
	return 0;
}
