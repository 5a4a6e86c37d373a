/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Everything that is asked of a stranger's mail; the pieces of its text add up to it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice raw = slice_of(malloc(size ? size : 1), size);
	struct arena *a = arena_open();
	struct mail *m;
	struct mail_class class;
	struct mail_trimmed trimmed;
	struct mail_auth_results results;
	struct err e;
	memcpy((void *)(uintptr_t)raw.ptr, data, size);
	mail_parse(a, raw, NULL, &m, &e);
	mail_classify(a, m, &class);
	mail_trim(a, m->text, &trimmed);
	mail_html_text(a, m);
	mail_auth_results_read(a, mail_field(m, "Authentication-Results", 0), &results);
	mail_field_text(a, m, "Subject", 1);
	for (size_t i = 0; i < m->n_parts; i++)
		if (mail_part_size(&m->parts[i]) != mail_part_bytes(a, &m->parts[i]).len)
			abort();
	size_t total = 0;
	for (size_t i = 0; i < trimmed.n_pieces; i++)
		total += trimmed.pieces[i].text.len;
	if (total != m->text.len)
		abort();
	arena_close(&a);
	free((void *)(uintptr_t)raw.ptr);
	return 0;
}
