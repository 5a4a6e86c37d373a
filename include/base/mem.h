/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_BASE_MEM_H
#define POSTCLERK_BASE_MEM_H

#include <stddef.h>

/*
 * Heap memory for what outlives every arena: objects that have an open and a
 * close of their own.  The caller gives it back with free().  When there is
 * none the process ends: the mail is still in the journal.
 */

/* n objects of that size, all bytes 0; n may be 0. */
void *mem_new(size_t n, size_t size);
/* A copy of a text. */
char *mem_text(const char *text);

#endif
