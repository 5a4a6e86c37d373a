/* SPDX-License-Identifier: ISC */
#include "note.h"

#include <assert.h>

int note_check(struct slice text, struct err *e)
{
	if (text.len == 0)
		return err_set(e, ERR_INPUT, "the text is empty");
	if (text.len > NOTE_TEXT_MAX)
		return err_set(e, ERR_INPUT, "the text is longer than %d bytes", NOTE_TEXT_MAX);
	return 1;
}

int note_add(struct change *ch, Rec__Note ***notes, size_t *n, struct slice text, struct err *e)
{
	text = slice_trim(text);
	if (note_check(text, e) < 0)
		return -1;
	if (*n >= NOTES_MAX)
		return err_set(e, ERR_INPUT, "there are %d notes already", NOTES_MAX);
	Rec__Note *note = ARENA_NEW(ch->arena, Rec__Note);
	rec__note__init(note);
	note->agent = ch->agent;
	note->created_at = ch->now;
	note->text = arena_str(ch->arena, text);
	note->mail = arena_str(ch->arena, ch->mail);
	/* The old array may belong to a message that somebody else still looks at. */
	Rec__Note **grown = ARENA_ARRAY(ch->arena, *n + 1, Rec__Note *);
	for (size_t i = 0; i < *n; i++)
		grown[i] = (*notes)[i];
	assert(note->text[0] != '\0');
	grown[(*n)++] = note;
	*notes = grown;
	return 1;
}
