/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "mail/auth_results.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A field is read whole or not at all. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice value = slice_of(malloc(size ? size : 1), size);
	struct arena *a = arena_open();
	struct mail_auth_results results;
	memcpy((void *)(uintptr_t)value.ptr, data, size);
	bool read = mail_auth_results_read(a, value, &results);
	if (read != (results.authserv_id.len > 0) || (!read && results.n_methods) ||
	    results.n_methods > MAIL_AUTH_METHODS_MAX)
		abort();
	for (size_t i = 0; i < results.n_methods; i++) {
		const struct mail_auth_method *method = &results.methods[i];
		if (!method->method.len || !method->result.len ||
		    method->n_properties > MAIL_AUTH_PROPERTIES_MAX)
			abort();
		mail_auth_property(method, "header", "from");
	}
	arena_close(&a);
	free((void *)(uintptr_t)value.ptr);
	return 0;
}
