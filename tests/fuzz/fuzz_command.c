/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_open();
	struct command_block *block;
	char *copy = malloc(size ? size : 1);
	memcpy(copy, data, size);
	if (command_parse(a, slice_of(copy, size), &block, NULL) > 0)
		for (const struct command_line *line = block->lines; line; line = line->next)
			if (!line->row == !line->error.len || slice_chr(line->echo, '\n') >= 0)
				abort();
	free(copy);
	arena_close(&a);
	return 0;
}
