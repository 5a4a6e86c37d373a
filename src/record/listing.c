/* SPDX-License-Identifier: ISC */
#include "record/listing.h"

#include "object.h"

static struct slice key_of(const struct change *ch, uint64_t thread)
{
	return slice_str(arena_printf(ch->arena, "%llu:%llu", (unsigned long long)ch->agent,
				      (unsigned long long)thread));
}

int listing_load(const struct change *ch, uint64_t thread, Rec__Listing **listing, struct err *e)
{
	ProtobufCMessage *message;
	int got = object_load_key(ch->txn, ch->arena, OBJECT_LISTING, key_of(ch, thread), &message,
				  e);
	*listing = got > 0 ? (Rec__Listing *)message : NULL;
	return got;
}

int listing_save(struct change *ch, uint64_t thread, Rec__Listing *listing, struct err *e)
{
	struct slice key = key_of(ch, thread);
	listing->key = arena_str(ch->arena, key);
	listing->created_at = ch->now;
	return store_put(ch->txn, objects[OBJECT_LISTING].table, key,
			 schema_pack_in(ch->arena, &listing->base), e);
}

int listing_drop(struct change *ch, uint64_t thread, struct err *e)
{
	return store_delete(ch->txn, objects[OBJECT_LISTING].table, key_of(ch, thread), e);
}

int listing_at(const Rec__Listing *listing, uint64_t n, struct id *id, struct err *e)
{
	if (n > listing->offset && n - listing->offset <= listing->n_ids)
		return id_parse(slice_str(listing->ids[n - listing->offset - 1]), id, e);
	if (!listing->n_ids)
		return err_set(e, ERR_INPUT, "the list that was shown last is empty");
	return err_set(e, ERR_INPUT, "the page that was shown last has the numbers %u to %zu",
		       listing->offset + 1, listing->offset + listing->n_ids);
}
