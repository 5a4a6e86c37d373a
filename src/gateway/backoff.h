/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_BACKOFF_H
#define GATEWAY_BACKOFF_H

#include <stdint.h>

/*
 * How long to wait before trying again: doubled with every failure up to a
 * cap, and somewhere in the upper half of that, so that those who failed
 * together do not come back together.
 */
struct backoff {
	int64_t first_ms, cap_ms;
	unsigned failures; /* in a row; set to 0 after a success */
};

/* Counts one more failure; `random` is any number. */
int64_t backoff_next(struct backoff *b, uint32_t random);
/* Likewise with a number of its own. */
int64_t backoff_draw(struct backoff *b);

#endif
