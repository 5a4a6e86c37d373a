/* SPDX-License-Identifier: ISC */
#ifndef DESK_LINK_H
#define DESK_LINK_H

#include "mail.h"
#include "state.h"

/*
 * Which thread, customer and orders a mail belongs to (MAIL.md 4).
 */
struct linkage {
	uint64_t thread;	 /* 0: a new one */
	const char *how;	 /* "signed Message-ID", "new"; a literal */
	uint64_t possible;	 /* a thread its subject names, but the sender is not in it */
	Rec__Customer *customer; /* of the sender's address; null for an unknown one */
	const uint64_t *orders;	 /* found in the text, the customer's own */
	size_t n_orders;
	const struct slice *suggested; /* found in the text, somebody else's or unknown */
	size_t n_suggested;
};

#define LINK_FOUND_MAX 20 /* numbers taken from one mail */

/* text is the mail's new text; numbers are searched in it and in the subject. */
int link_mail(struct work *work, const struct mail *m, struct slice text, struct linkage *out,
	      struct err *e);

/* True when the address wrote or was written to in the thread. */
bool link_takes_part(const Rec__Thread *thread, struct slice address);

#endif
