/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "record/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int put_row(void *ctx, const struct csv_row *row, struct err *e)
{
	struct buf *out = ctx;
	(void)e;
	buf_printf(out, "%llu%s", (unsigned long long)row->line, row->error ? "!" : ":");
	for (size_t i = 0; i < row->n; i++) {
		buf_put(out, row->fields[i]);
		buf_putc(out, '\x1f');
	}
	return 1;
}

static void read_rows(struct slice text, size_t piece, struct buf *out)
{
	struct csv csv;
	csv_init(&csv, ',', true, put_row, out);
	for (size_t at = 0; at < text.len; at += piece)
		csv_feed(&csv, slice_sub(text, at, at + piece), NULL);
	csv_end(&csv, NULL);
	csv_release(&csv);
}

/* In pieces of any size the rows are the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	struct buf whole, pieces;
	if (size)
		memcpy(copy, data, size);
	buf_init(&whole, 1 << 22);
	buf_init(&pieces, 1 << 22);
	read_rows(slice_of(copy, size), size ? size : 1, &whole);
	read_rows(slice_of(copy, size), 1 + size % 7, &pieces);
	if (!slice_eq(buf_slice(&whole), buf_slice(&pieces)))
		abort();
	buf_release(&whole);
	buf_release(&pieces);
	free(copy);
	return 0;
}
