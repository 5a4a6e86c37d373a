/* SPDX-License-Identifier: ISC */
#include "attach.h"

#include "content.h"
#include "record/message.h"

#define NAME_MAX_POINTS 200
#define OWNER "message:"
#define LISTED_MAX 200 /* left-out ones too */

static struct slice media_of(struct arena *a, const struct mail_part *part)
{
	struct buf line;
	buf_init(&line, 4096);
	text_put_line(
		&line,
		slice_str(arena_printf(a, "%.*s/%.*s", SLICE_ARG(slice_sub(part->type, 0, 100)),
				       SLICE_ARG(slice_sub(part->subtype, 0, 100)))),
		200);
	struct slice copy = arena_copy(a, buf_slice(&line));
	buf_release(&line);
	return copy;
}

void attach_read(struct arena *a, const struct mail *m, struct attachments *out)
{
	size_t total = 0, kept = 0;
	*out = (struct attachments){.n = m->n_attachments < LISTED_MAX ? m->n_attachments
								       : LISTED_MAX};
	out->items = ARENA_ARRAY(a, out->n, struct attached);
	for (size_t i = 0; i < out->n; i++) {
		struct attached *file = &out->items[i];
		const struct mail_part *part = &m->parts[m->attachments[i]];
		*file = (struct attached){
			.part = part,
			.media = media_of(a, part),
			.size = mail_part_size(part),
			.is_inline = part->content_id.len > 0 ||
				     slice_eq(part->disposition, SLICE("inline")),
		};
		file->left_out = kept == ATTACH_MAX || file->size > ATTACH_SIZE_MAX - total;
		if (file->left_out)
			continue;
		kept++;
		total += file->size;
		file->bytes = mail_part_bytes(a, part);
		crypto_sha256(file->bytes, file->digest);
	}
	out->n_left_out = m->n_attachments - kept;
}

static char *hex_of(struct arena *a, const uint8_t digest[SHA256_SIZE])
{
	char *hex = arena_alloc(a, 2 * SHA256_SIZE + 1);
	for (size_t i = 0; i < SHA256_SIZE; i++) {
		hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	hex[2 * SHA256_SIZE] = '\0';
	return hex;
}

static char *name_of(struct arena *a, const struct mail_part *part)
{
	struct buf line;
	buf_init(&line, 4096);
	text_put_line(&line, part->filename, NAME_MAX_POINTS);
	char *name = arena_str(a, buf_slice(&line));
	buf_release(&line);
	return name;
}

int attach_keep(struct work *work, const struct attachments *list, Rec__Message *message,
		struct err *e)
{
	struct arena *a = work->arena;
	const char *owner = arena_printf(a, OWNER "%llu", (unsigned long long)message->id);
	if (list->n == 0)
		return 1;
	message->attachments = ARENA_ARRAY(a, list->n, Rec__Attachment *);
	for (size_t i = 0; i < list->n; i++) {
		const struct attached *file = &list->items[i];
		Rec__Attachment *row = ARENA_NEW(a, Rec__Attachment);
		rec__attachment__init(row);
		row->name = name_of(a, file->part);
		row->media = arena_str(a, file->media);
		row->size = file->size;
		row->inline_ = file->is_inline;
		row->left_out = file->left_out;
		message->attachments[message->n_attachments++] = row;
		if (file->left_out)
			continue;
		row->sha256 = hex_of(a, file->digest);
		if (content_put(work->change.txn, file->digest, file->bytes, owner,
				work->change.now, e) < 0)
			return -1;
	}
	return message_save(&work->change, message, e);
}

size_t attach_deliver(struct arena *a, const struct attachments *list, struct mail_attachment **out)
{
	size_t n = 0;
	*out = ARENA_ARRAY(a, list->n, struct mail_attachment);
	for (size_t i = 0; i < list->n; i++) {
		const struct attached *file = &list->items[i];
		if (!file->left_out)
			(*out)[n++] = (struct mail_attachment){
				.filename = file->part->filename,
				.type = file->media,
				.bytes = file->bytes,
			};
	}
	return n;
}

size_t attach_offer(struct arena *a, const struct attachments *list, bool cut,
		    struct command_file **out)
{
	*out = ARENA_ARRAY(a, list->n, struct command_file);
	for (size_t i = 0; i < list->n; i++) {
		const struct attached *file = &list->items[i];
		char *name = name_of(a, file->part);
		(*out)[i] = (struct command_file){
			.name = slice_str(name[0] ? name : arena_printf(a, "file %zu", i + 1)),
			.media = file->media,
			.bytes = file->bytes,
			.missing = file->left_out || cut,
		};
	}
	return list->n;
}

int attach_owner_exists(struct txn *txn, struct slice owner, struct err *e)
{
	uint64_t id;
	Rec__Message *message;
	const size_t prefix = sizeof(OWNER) - 1;
	if (!slice_starts(owner, SLICE(OWNER)) ||
	    !slice_u64(slice_sub(owner, prefix, owner.len), &id))
		return 0;
	return message_load(txn, txn_arena(txn), id, &message, e);
}
