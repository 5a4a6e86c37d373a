/* SPDX-License-Identifier: ISC */
#ifndef DESK_ATTACH_H
#define DESK_ATTACH_H

#include "command.h"
#include "mail.h"
#include "mail/compose.h"
#include "state.h"

/*
 * The files of a mail that came in: kept once by their content, named safely
 * (RELIABILITY.md T19; the reader does it), delivered to agents as attachments
 * whatever the mail wanted (an image "inline" is one too, and nothing is ever
 * fetched), and listed in the message.
 */
#define ATTACH_MAX 50		    /* files of one mail; the others stay in the original */
#define ATTACH_SIZE_MAX (20u << 20) /* octets of all of them, decoded */

struct attached {
	const struct mail_part *part;
	struct slice media; /* "application/pdf" */
	struct slice bytes; /* decoded; empty where it is left out */
	size_t size;	    /* decoded */
	bool left_out;	    /* beyond one of the limits */
	bool is_inline;	    /* the text refers to it, or it asks to be shown there */
	uint8_t digest[SHA256_SIZE];
};

struct attachments {
	struct attached *items;
	size_t n;
	size_t n_left_out;
};

/* Decodes them into the arena; no store is needed. */
void attach_read(struct arena *a, const struct mail *m, struct attachments *out);
/* Keeps them and lists them in the message, which is stored already. */
int attach_keep(struct work *work, const struct attachments *list, Rec__Message *message,
		struct err *e);
/* As they go to an agent, in the arena. */
size_t attach_deliver(struct arena *a, const struct attachments *list,
		      struct mail_attachment **out);

/* As a command reads them; of a mail that is `cut` they are not whole. In the arena. */
size_t attach_offer(struct arena *a, const struct attachments *list, bool cut,
		    struct command_file **out);

/* Of content_verify: is the owner, a message, there?  1, 0, -1. */
int attach_owner_exists(struct txn *txn, struct slice owner, struct err *e);

#endif
