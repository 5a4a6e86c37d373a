/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "record/import_reader.h"
#include "schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a reader makes of an order is one by the schema. */
static int take(void *ctx, const struct import_item *item, struct err *e)
{
	struct arena *a = arena_open();
	const struct json *order = json_get(item->object, SLICE("order"));
	struct err failed;
	(void)e;
	if (order && ctx && !schema_from_json(a, &rec__order__descriptor, order, &failed))
		abort();
	arena_close(&a);
	return 1;
}

/* The first byte names the format; 0: it is recognised. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct import_options options = {.emit = take};
	struct import_reader *reader;
	char *copy;
	if (!size)
		return 0;
	options.format = (enum import_format)(data[0] % IMPORT_FORMATS);
	options.ctx = options.format > IMPORT_JSONL ? &options : NULL;
	copy = malloc(size);
	memcpy(copy, data + 1, size - 1);
	reader = import_reader_open(&options);
	if (import_reader_feed(reader, slice_of(copy, size - 1), NULL) > 0)
		import_reader_end(reader, NULL);
	import_reader_close(&reader);
	free(copy);
	return 0;
}
