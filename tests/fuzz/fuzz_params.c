/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "../../src/mail/params.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each parameter stands once, its value is UTF-8, and a name made of it is safe. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);
	struct arena *a = arena_open();
	struct reader r = {.a = a, .limits = &mail_limits_default};
	memcpy(copy, data, size);
	struct lex lx = lex_open(&r, slice_of(copy, size));
	struct params params;
	params_read(&lx, &params);
	for (size_t i = 0; i < params.n; i++) {
		const struct mail_param *p = &params.items[i];
		struct slice safe = filename_safe(&r, p->value);
		if (!slice_eq(p->name, SLICE("boundary")) && !text_is_utf8(p->value))
			abort();
		if (slice_chr(safe, '/') >= 0 || slice_starts(safe, SLICE(".")))
			abort();
		for (size_t k = 0; k < i; k++)
			if (slice_eq(params.items[k].name, p->name))
				abort();
	}
	arena_close(&a);
	free(copy);
	return 0;
}
