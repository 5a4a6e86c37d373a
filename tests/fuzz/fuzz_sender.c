/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <stdlib.h>

#include "../../src/desk/lookalike.h"
#include "../../src/desk/subject.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a stranger writes into a subject, a name and an address. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct lookalike_known known = {
		{"Tea & Tin", 9}, {"support@shop.example", 20}, true};
	char *copy = malloc(size ? size : 1);
	struct lookalike looks;
	uint64_t thread;
	if (!copy)
		return 0;
	if (size)
		memcpy(copy, data, size);
	struct slice text = slice_of(copy, size), rest = text;
	struct slice base = subject_base(text);
	assert(base.len <= size && subject_same(text, base));
	while (subject_next_tag(&rest, &thread))
		;
	const struct mail_address sender = {.name = text, .addr = text};
	lookalike_judge(&sender, &known, 1, &looks);
	free(copy);
	return 0;
}
