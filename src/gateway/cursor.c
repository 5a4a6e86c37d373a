/* SPDX-License-Identifier: ISC */
#include "cursor.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void cursor_init(struct cursor *c, uint32_t uidvalidity)
{
	*c = (struct cursor){.uidvalidity = uidvalidity};
	c->owed = calloc(CURSOR_OWED_MAX, sizeof(*c->owed));
	if (!c->owed)
		die("out of memory");
}

void cursor_release(struct cursor *c)
{
	free(c->owed);
	*c = (struct cursor){0};
}

/* Where uid stands in the list, or would stand. */
static size_t find(const struct cursor *c, uint32_t uid)
{
	size_t i = 0;
	while (i < c->n_owed && c->owed[i] < uid)
		i++;
	return i;
}

void cursor_load(struct cursor *c, const Tra__Cursor *message)
{
	cursor_init(c, message ? message->uidvalidity : 0);
	if (!message)
		return;
	c->uid = message->uid;
	for (size_t i = 0; i < message->n_owed; i++)
		if (message->owed[i] && message->owed[i] <= c->uid)
			cursor_owe(c, message->owed[i]);
}

void cursor_save(const struct cursor *c, Tra__Cursor *message, const char *mailbox,
		 const char *folder)
{
	tra__cursor__init(message);
	message->mailbox = (char *)(uintptr_t)mailbox;
	message->folder = (char *)(uintptr_t)folder;
	message->uidvalidity = c->uidvalidity;
	message->uid = c->uid;
	message->n_owed = c->n_owed;
	message->owed = c->owed;
}

static void pass(struct cursor *c, uint32_t uid)
{
	if (uid > c->uid)
		c->uid = uid;
}

void cursor_taken(struct cursor *c, uint32_t uid)
{
	assert(uid != 0);
	size_t i = find(c, uid);
	if (i < c->n_owed && c->owed[i] == uid) {
		memmove(c->owed + i, c->owed + i + 1, (c->n_owed - i - 1) * sizeof(*c->owed));
		c->n_owed--;
	}
	pass(c, uid);
}

bool cursor_owe(struct cursor *c, uint32_t uid)
{
	assert(uid != 0);
	size_t i = find(c, uid);
	if (i == c->n_owed || c->owed[i] != uid) {
		if (c->n_owed == CURSOR_OWED_MAX)
			return false;
		memmove(c->owed + i + 1, c->owed + i, (c->n_owed - i) * sizeof(*c->owed));
		c->owed[i] = uid;
		c->n_owed++;
	}
	pass(c, uid);
	return true;
}
