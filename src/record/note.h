/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_NOTE_H
#define POSTCLERK_RECORD_NOTE_H

#include "record/change.h"

#define NOTES_MAX 10000	    /* of one object */
#define NOTE_TEXT_MAX 16384 /* bytes */

/* INPUT when the text is empty or too long. */
int note_check(struct slice text, struct err *e);
/*
 * Appends a note by the agent of the change to a repeated field, which moves
 * to a new place in the arena.  INPUT as note_check.
 */
int note_add(struct change *ch, Rec__Note ***notes, size_t *n, struct slice text, struct err *e);

#endif
