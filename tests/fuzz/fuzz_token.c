/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "../../src/desk/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever a stranger writes into an address, an id or a header of ours. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct token_keys keys;
	struct token token;
	uint64_t thread, outbox;
	char *copy = malloc(size ? size : 1);
	if (!copy)
		return 0;
	if (size)
		memcpy(copy, data, size);
	struct slice text = slice_of(copy, size);
	token_keys_init(&keys, SLICE("a secret that no input knows"), 1);
	token_get(&keys, text, &token);
	token_get_address(&keys, text, SLICE("support@shop.example"), &token);
	token_get_message_id(&keys, text, &thread, &outbox);
	token_is_loop(&keys, text);
	free(copy);
	return 0;
}
