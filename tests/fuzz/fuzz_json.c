/* SPDX-License-Identifier: ISC */
/* What json_parse takes, json_put writes, and it reads back as the same bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

#define OUT_MAX ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool write_again(struct slice text, struct buf *out)
{
	struct arena *a = arena_open();
	struct json *value;
	struct err e;
	bool taken = json_parse(a, text, &value, &e) > 0;
	if (taken)
		json_put(out, value);
	arena_close(&a);
	return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf first, second;
	char *copy = malloc(size ? size : 1);
	if (!copy)
		return 0;
	memcpy(copy, data, size);
	buf_init(&first, OUT_MAX);
	buf_init(&second, OUT_MAX);
	if (write_again(slice_of(copy, size), &first) &&
	    (!write_again(buf_slice(&first), &second) ||
	     !slice_eq(buf_slice(&first), buf_slice(&second))))
		abort();
	buf_release(&first);
	buf_release(&second);
	free(copy);
	return 0;
}
