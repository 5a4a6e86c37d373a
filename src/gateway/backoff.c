/* SPDX-License-Identifier: ISC */
#include "backoff.h"

#include <assert.h>

#include "base.h"

int64_t backoff_next(struct backoff *b, uint32_t random)
{
	assert(b->first_ms > 0 && b->cap_ms >= b->first_ms);
	int64_t full = b->first_ms;
	for (unsigned i = 0; i < b->failures && full < b->cap_ms; i++)
		full *= 2;
	if (full > b->cap_ms)
		full = b->cap_ms;
	b->failures++;
	int64_t half = full / 2;
	return full - half + random % (half + 1);
}

int64_t backoff_draw(struct backoff *b)
{
	uint32_t random;
	crypto_random(&random, sizeof(random));
	return backoff_next(b, random);
}
