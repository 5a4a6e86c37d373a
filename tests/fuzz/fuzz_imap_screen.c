/* SPDX-License-Identifier: ISC */
/* The first two bytes choose how the rest comes in pieces and is taken out. */
#include <assert.h>
#include <stdlib.h>

#include "../../src/gateway/imap_screen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	size_t in = 1u + data[0], out_size = 1u + data[1], passed = 0;
	struct imap_screen *s = calloc(1, sizeof(*s));
	char *out = malloc(out_size);
	assert(s && out);
	data += 2;
	size -= 2;
	for (size_t at = 0; at < size;) {
		size_t room, n;
		char *to = imap_screen_room(s, &room);
		size_t step = size - at < in ? size - at : in;
		step = step < room ? step : room;
		memcpy(to, data + at, step);
		imap_screen_put(s, step);
		at += step;
		while ((n = imap_screen_take(s, out, out_size))) {
			for (size_t i = 0; i < n; i++)
				assert(out[i] == (char)data[passed + i] ||
				       (out[i] == '(' && data[passed + i] == '['));
			passed += n;
		}
		assert(passed <= at && (passed < at) == imap_screen_holds(s));
		/* What is held back is the beginning of one line. */
		assert(!memchr(data + passed, '\n', at - passed));
	}
	free(out);
	free(s);
	return 0;
}
