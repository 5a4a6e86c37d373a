/* SPDX-License-Identifier: ISC */
#include "record/message.h"

#include <assert.h>

#include "note.h"
#include "object.h"
#include "record/tables.h"

int message_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Message **message,
		 struct err *e)
{
	ProtobufCMessage *found;
	int got = object_load(txn, a, OBJECT_MESSAGE, id, &found, e);
	*message = got > 0 ? (Rec__Message *)found : NULL;
	return got;
}

int message_create(struct change *ch, Rec__Thread *thread, Rec__Message *message, struct err *e)
{
	assert(thread->id != 0);
	message->thread = thread->id;
	message->created_at = ch->now;
	if (!message->sent_at)
		message->sent_at = ch->now;
	/* A message that is put back as it was goes through import. */
	message->id = 0;
	if (object_number(ch, OBJECT_MESSAGE, &message->id, e) < 0 ||
	    object_put(ch->txn, ch->arena, OBJECT_MESSAGE, message->id, &message->base, e) < 0)
		return -1;
	/*
	 * The caller may have changed its thread without having saved it yet:
	 * only the counts go into the stored one.
	 */
	ProtobufCMessage *stored;
	int got = object_lock(ch->txn, ch->arena, OBJECT_THREAD, thread->id, &stored, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no thread T%llu",
			       (unsigned long long)thread->id);
	if (got < 0)
		return -1;
	Rec__Thread *counted = (Rec__Thread *)stored;
	assert(counted->last_message < message->id);
	counted->last_message = thread->last_message = message->id;
	thread->message_count = ++counted->message_count;
	counted->updated_at = thread->updated_at = ch->now;
	return object_put(ch->txn, ch->arena, OBJECT_THREAD, thread->id, stored, e);
}

int message_note(struct change *ch, Rec__Thread *thread, struct slice text, struct err *e)
{
	text = slice_trim(text);
	if (note_check(text, e) < 0)
		return -1;
	Rec__Message *message = ARENA_NEW(ch->arena, Rec__Message);
	rec__message__init(message);
	message->direction = REC__DIRECTION__DIRECTION_NOTE;
	message->agent = ch->agent;
	message->from_name = arena_str(ch->arena, ch->actor);
	message->class_ = arena_str(ch->arena, SLICE("note"));
	if (message_create(ch, thread, message, e) < 0 ||
	    store_blob_put(ch->txn, RECORD_BLOB_NOTE | message->id, text, e) < 0)
		return -1;
	change_event(ch, "thread.noted", 'T', thread->id, text);
	return 1;
}

int message_note_text(struct txn *txn, const Rec__Message *message, struct slice *text,
		      struct err *e)
{
	return store_blob_get(txn, RECORD_BLOB_NOTE | message->id, text, e);
}

int message_save(struct change *ch, const Rec__Message *message, struct err *e)
{
	if (!object_exists(ch->txn, OBJECT_MESSAGE, message->id))
		return err_set(e, ERR_INPUT, "there is no message %llu",
			       (unsigned long long)message->id);
	return object_put(ch->txn, ch->arena, OBJECT_MESSAGE, message->id, &message->base, e);
}

int message_find(struct txn *txn, struct arena *a, struct slice message_id, Rec__Message **message,
		 struct err *e)
{
	/* Carriers reuse Message-IDs (MAIL.md 2): the first is the one that answers refer to. */
	struct store_key key = {.len = 0};
	object_key_text(&key, message_id);
	struct object_query query = {
		.type = OBJECT_MESSAGE,
		.index = MESSAGE_BY_MAIL,
		.range = {.prefix = store_key_slice(&key)},
	};
	ProtobufCMessage *found;
	int got = object_find(txn, a, &query, &found, e);
	*message = got > 0 ? (Rec__Message *)found : NULL;
	return got;
}

int message_list(struct txn *txn, struct arena *a, const struct message_query *page,
		 struct message_list *list, struct err *e)
{
	struct store_key thread = {.len = 0}, before = {.len = 0};
	store_key_u64(&thread, page->thread);
	if (page->before) {
		store_key_u64(&before, page->thread);
		store_key_u64(&before, page->before);
	}
	struct object_query query = {
		.type = OBJECT_MESSAGE,
		.index = MESSAGE_BY_THREAD,
		.range = {.prefix = store_key_slice(&thread),
			  .below = store_key_slice(&before),
			  .backward = true},
		.limit = page->limit,
	};
	struct object_list found;
	if (object_list(txn, a, &query, &found, e) < 0)
		return -1;
	*list = (struct message_list){ARENA_ARRAY(a, found.n, Rec__Message *), found.n};
	for (size_t i = 0; i < found.n; i++)
		list->items[i] = (Rec__Message *)found.items[i];
	return 1;
}
