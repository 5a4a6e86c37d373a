/* SPDX-License-Identifier: ISC */
#ifndef GATEWAY_IMAP_SCREEN_H
#define GATEWAY_IMAP_SCREEN_H

#include "base.h"

/*
 * Stands between a server's bytes and libetpan's parser and gives it whole
 * lines only: the parser frees what it has not made when a list of flags ends
 * in the middle, so a connection that breaks there would take the process
 * along.  The bytes of a literal pass as they come.  The one response code
 * with such a list, PERMANENTFLAGS, which nobody here reads, loses its
 * bracket: then it is plain text.  A line longer than the screen passes in
 * pieces (the numbers of a search).
 */
#define IMAP_SCREEN_ROOM 65536

struct imap_screen {
	char raw[IMAP_SCREEN_ROOM];
	size_t start, end; /* what came and was not passed on */
	size_t ready;	   /* so much of it may be passed on */
	uint64_t literal;  /* bytes that follow as they are */
	bool in_line;	   /* what follows goes on with a line that was begun */
	bool in_fetch;	   /* and that line is one with literals */
};

/* An all-zero screen is a new one. */

/* Where the next bytes go; *n, never 0, is how many may; then imap_screen_put. */
char *imap_screen_room(struct imap_screen *s, size_t *n);
void imap_screen_put(struct imap_screen *s, size_t n);
/* Moves what may be passed on into out: how many bytes, 0 when more must come first. */
size_t imap_screen_take(struct imap_screen *s, char *out, size_t size);
/* So many of the next bytes may go past an empty screen; say how many did. */
uint64_t imap_screen_bare(const struct imap_screen *s);
void imap_screen_passed(struct imap_screen *s, size_t n);
/* Is anything held? */
bool imap_screen_holds(const struct imap_screen *s);

#endif
