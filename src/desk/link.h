/* SPDX-License-Identifier: ISC */
#ifndef DESK_LINK_H
#define DESK_LINK_H

#include "mail.h"
#include "numbers.h"

/*
 * Which thread, customer and orders a mail belongs to (MAIL.md 4).  What a
 * mail says proves nothing of its sender: only our own signature leads a
 * stranger's mail into a thread, and even then the stranger does not join it.
 */
struct linkage {
	Rec__Thread *thread;	 /* as stored; null: a new one */
	const char *how;	 /* "signed Message-ID", "new"; a literal */
	uint64_t possible;	 /* a thread its subject names, but the sender is not in it */
	uint64_t split_from;	 /* the thread it answers after a long silence, of a new one */
	Rec__Customer *customer; /* of the sender's address; null for an unknown one */
	bool inactive;		 /* the address is an inactive customer's: customer is null */
	bool stranger;		 /* the sender takes no part in the thread */
	struct numbers numbers;
};

#define LINK_ADDRESSES_MAX 100 /* recipient addresses that are looked at for a token */
#define LINK_TAGS_MAX 8	       /* tags of one subject */

struct link_mail {
	const struct mail *mail;
	struct slice text; /* new text; numbers are searched in it and in the subject */
	bool by_person;	   /* not by a machine: may begin a thread of its own by its subject */
};
int link_mail(struct work *work, const struct link_mail *mail, struct linkage *out, struct err *e);

/* True when the address wrote or was written to in the thread. */
bool link_takes_part(const Rec__Thread *thread, struct slice address);

#endif
