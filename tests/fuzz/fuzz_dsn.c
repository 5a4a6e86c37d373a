/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A mail is classified; what a report says is well formed, whatever stood in it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice raw = slice_of(malloc(size ? size : 1), size);
	struct arena *a = arena_open();
	struct mail *m;
	struct mail_class class;
	struct err e;
	memcpy((void *)(uintptr_t)raw.ptr, data, size);
	mail_parse(a, raw, NULL, &m, &e);
	mail_classify(a, m, &class);
	for (size_t i = 0; i < class.n_recipients; i++) {
		const struct mail_recipient *to = &class.recipients[i];
		bool judged = class.kind == MAIL_KIND_DSN;
		if (judged && (!to->action || !mail_bounce_name(to->bounce)))
			abort();
		if (to->hard && (!judged || to->status.len < 5 || to->status.ptr[0] != '5'))
			abort();
		if (slice_chr(to->final, '\n') >= 0 || slice_chr(to->final, '\r') >= 0)
			abort();
	}
	if (class.original_part != MAIL_NO_PART && class.original_part >= m->n_parts)
		abort();
	arena_close(&a);
	free((void *)(uintptr_t)raw.ptr);
	return 0;
}
