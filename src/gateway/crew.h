/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_CREW_H
#define GATEWAY_CREW_H

#include "desk.h"

/*
 * The threads that make a desk work: some that process journaled mails, one
 * for the clock and the housekeeping.
 */
struct crew;

struct crew_options {
	int workers;
	/* Called from any thread after the desk has done something; may be null. */
	void (*progress)(void *context);
	/* Called once from any thread when the store cannot go on; may be null. */
	void (*failed)(void *context, const struct err *e);
	void *context;
};

struct crew *crew_open(struct desk *desk, const struct crew_options *options);
/* Ends the threads, each after what it is doing, and sets *crew to null. */
void crew_close(struct crew **crew);

#endif
