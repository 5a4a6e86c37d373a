/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_CURSOR_H
#define GATEWAY_CURSOR_H

#include "schema.h"

/*
 * How far a folder is taken (MAIL.md 2): everything up to a UID, but for those
 * that are owed: seen in the folder, and not yet had as a whole mail.
 */
struct cursor {
	uint32_t uidvalidity, uid;
	uint32_t *owed; /* ascending, all <= uid */
	size_t n_owed;
};

/* A folder with more owed mails is not taken any further. */
#define CURSOR_OWED_MAX 1000

void cursor_init(struct cursor *c, uint32_t uidvalidity);
void cursor_release(struct cursor *c);

/* From what the desk keeps; a null message is a folder never seen. */
void cursor_load(struct cursor *c, const Tra__Cursor *message);
/* As a message whose parts are the cursor's and the caller's. */
void cursor_save(const struct cursor *c, Tra__Cursor *message, const char *mailbox,
		 const char *folder);

/* That mail was taken, or is gone from the folder: owed no more. */
void cursor_taken(struct cursor *c, uint32_t uid);
/* It is there but could not be had; false when there is no room for one more. */
bool cursor_owe(struct cursor *c, uint32_t uid);

#endif
