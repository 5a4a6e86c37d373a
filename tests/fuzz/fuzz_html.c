/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "base/text.h"
#include "mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text of any HTML is UTF-8, and its pieces are that text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char header[] = "Content-Type: text/html\n\n";
	size_t n = sizeof(header) - 1;
	char *copy = malloc(n + size);
	struct arena *a = arena_open();
	struct mail *m;
	struct err e;
	struct mail_trimmed t;
	memcpy(copy, header, n);
	memcpy(copy + n, data, size);
	if (mail_parse(a, slice_of(copy, n + size), NULL, &m, &e) == 1) {
		if (!text_is_utf8(m->text))
			abort();
		mail_trim_mail(a, m, &t);
		const char *at = m->text.ptr;
		for (size_t i = 0; i < t.n_pieces; i++) {
			if (t.pieces[i].text.ptr != at)
				abort();
			at += t.pieces[i].text.len;
		}
		if (at != m->text.ptr + m->text.len)
			abort();
	}
	arena_close(&a);
	free(copy);
	return 0;
}
