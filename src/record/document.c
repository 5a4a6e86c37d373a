/* SPDX-License-Identifier: ISC */
#include "record/document.h"

#include <assert.h>

#include "order_private.h"
#include "record/id.h"
#include "record/order_money.h"
#include "record/tables.h"

#define BIT(name) LINE_BIT(REC__LINE_STATE__LINE_STATE_##name)

/* ---- the print history ---- */

static int list_of(struct txn *txn, struct arena *a, struct object_query *query,
		   struct slice object, struct object_list *found, struct err *e)
{
	struct store_key key = {.len = 0};
	object_key_text(&key, object);
	query->range = (struct store_range){.prefix = store_key_slice(&key), .backward = true};
	query->count = true;
	return object_list(txn, a, query, found, e);
}

int document_of(struct txn *txn, struct arena *a, struct slice object, size_t limit,
		struct document_list *list, struct err *e)
{
	struct object_query query = {
		.type = OBJECT_DOCUMENT, .index = DOCUMENT_BY_OBJECT, .limit = limit};
	struct object_list found;
	if (list_of(txn, a, &query, object, &found, e) < 0)
		return -1;
	*list = (struct document_list){ARENA_ARRAY(a, found.n, Rec__Document *), found.n,
				       found.total};
	for (size_t i = 0; i < found.n; i++)
		list->items[i] = (Rec__Document *)found.items[i];
	return 1;
}

int document_load(struct txn *txn, struct arena *a, uint64_t id, Rec__Document **document,
		  struct err *e)
{
	ProtobufCMessage *message;
	int got = object_load(txn, a, OBJECT_DOCUMENT, id, &message, e);
	*document = got > 0 ? (Rec__Document *)message : NULL;
	return got;
}

int document_bytes(struct txn *txn, const Rec__Document *document, struct slice *bytes,
		   struct err *e)
{
	return store_blob_get(txn, RECORD_BLOB_DOCUMENT | document->id, bytes, e);
}

/* A file's name stands in headers and in folders: no byte of it may mean anything there. */
static int name_check(struct slice name, struct err *e)
{
	bool right = name.len > 0 && name.len <= DOCUMENT_NAME_MAX && name.ptr[0] != '.';
	for (size_t i = 0; i < name.len && right; i++)
		right = (unsigned char)name.ptr[i] >= ' ' && name.ptr[i] != '/' &&
			name.ptr[i] != '\\' && name.ptr[i] != '"' && name.ptr[i] != '\x7f';
	if (right)
		return 1;
	return err_set(e, ERR_INPUT, "\"%.*s\" is no name for a file",
		       (int)(name.len < 60 ? name.len : 60), name.ptr);
}

static char *hash_of(struct arena *a, struct slice bytes)
{
	uint8_t digest[SHA256_SIZE];
	struct buf hex;
	crypto_sha256(bytes, digest);
	buf_init(&hex, 2 * sizeof(digest));
	hex_put(&hex, slice_of(digest, sizeof(digest)));
	char *text = arena_str(a, buf_slice(&hex));
	buf_release(&hex);
	return text;
}

int document_add(struct change *ch, Rec__Document *document, struct slice bytes, struct err *e)
{
	if (name_check(slice_str(document->name), e) < 0)
		return -1;
	if (bytes.len == 0 || bytes.len > DOCUMENT_BYTES_MAX)
		return err_set(e, ERR_INPUT, "a document has 1 to %d bytes", DOCUMENT_BYTES_MAX);
	if (object_number(ch, OBJECT_DOCUMENT, &document->id, e) < 0)
		return -1;
	document->sha256 = hash_of(ch->arena, bytes);
	document->size = (int64_t)bytes.len;
	document->agent = ch->agent;
	document->mail = arena_str(ch->arena, ch->mail);
	document->created_at = ch->now;
	if (store_blob_put(ch->txn, RECORD_BLOB_DOCUMENT | document->id, bytes, e) < 0)
		return -1;
	return object_put(ch->txn, ch->arena, OBJECT_DOCUMENT, document->id, &document->base, e);
}

/* ---- order triggers ---- */

#define DOCUMENT_KIND_WORD(name, word) [DOCUMENT_##name] = (word),
static const char *const words[DOCUMENT_KIND_COUNT] = {DOCUMENT_KINDS(DOCUMENT_KIND_WORD)};

const char *document_kind_word(enum document_kind kind)
{
	assert(kind < DOCUMENT_KIND_COUNT);
	return words[kind];
}

bool document_kind_find(struct slice word, enum document_kind *kind)
{
	for (int i = 0; i < DOCUMENT_KIND_COUNT; i++)
		if (slice_eq_nocase(word, slice_str(words[i]))) {
			*kind = (enum document_kind)i;
			return true;
		}
	return false;
}

static bool picked_next(const Rec__Line *line)
{
	return line->state == REC__LINE_STATE__LINE_STATE_EIN ||
	       (line->state == REC__LINE_STATE__LINE_STATE_ANG && line->quantity > 0 &&
		line->reserved >= line->quantity);
}

static int lacks_invoice(struct change *ch, const Rec__Order *order, struct err *e)
{
	for (size_t i = 0; i < order->n_lines; i++) {
		const Rec__Line *line = order->lines[i];
		unsigned sent = BIT(EIN) | BIT(AUS) | BIT(FUT) | BIT(FUS);
		int got = LINE_BIT(line->state) & sent ? order_invoiced(ch, order, line, e) : 1;
		if (got <= 0)
			return got < 0 ? -1 : 1;
	}
	return 0;
}

static int is_wanted(struct change *ch, const Rec__Order *order, enum document_kind kind,
		     struct err *e)
{
	bool picked = false;
	if (order->merged_into || order->deleted_at)
		return 0;
	for (size_t i = 0; i < order->n_lines; i++)
		picked |= picked_next(order->lines[i]);
	switch (kind) {
	case DOCUMENT_CONFIRMATION:
		return (order_states(order) & ~(BIT(NEW) | BIT(STO) | BIT(NLB) | BIT(MIN))) != 0;
	case DOCUMENT_PICK_NOTE:
		return picked;
	case DOCUMENT_LABEL:
		return picked && order->shipping;
	default:
		return lacks_invoice(ch, order, e);
	}
}

int document_pending(struct change *ch, const Rec__Order *order, enum document_kind kind,
		     struct err *e)
{
	struct document_list made;
	assert(kind < DOCUMENT_KIND_COUNT);
	int got = is_wanted(ch, order, kind, e);
	if (got <= 0)
		return got;
	if (document_of(ch->txn, ch->arena, slice_str(id_text(ch->arena, 'O', order->id)), 1000,
			&made, e) < 0)
		return -1;
	for (size_t i = 0; i < made.n; i++)
		if (strcmp(made.items[i]->kind, words[kind]) == 0)
			return 0;
	return 1;
}

int document_request_check(struct change *ch, const Rec__Order *order, enum document_kind kind,
			   struct err *e)
{
	unsigned long long id = order->id;
	if (order_alive(order, e) < 0)
		return -1;
	int got = document_pending(ch, order, kind, e);
	if (got < 0)
		return -1;
	if (got == 0)
		return err_set(e, ERR_INPUT,
			       "a %s of O%llu is not to be made: it was made already, or the order "
			       "does not need one now",
			       words[kind], id);
	if (kind != DOCUMENT_INVOICE || ch->money)
		return 1;
	return err_set(e, ERR_INPUT, "this desk makes no invoices: none can be made of O%llu", id);
}

int document_request(struct change *ch, uint64_t id, enum document_kind kind, struct err *e)
{
	Rec__Order *order;
	int got = order_load(ch->txn, ch->arena, id, &order, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no order O%llu", (unsigned long long)id);
	if (got < 0 || document_request_check(ch, order, kind, e) < 0)
		return -1;
	change_event(ch, "document.requested", 'O', id, slice_str(words[kind]));
	return 1;
}

/* ---- files ---- */

int file_of(struct txn *txn, struct arena *a, struct slice object, size_t limit,
	    struct file_list *list, struct err *e)
{
	struct object_query query = {.type = OBJECT_FILE, .index = FILE_BY_OBJECT, .limit = limit};
	struct object_list found;
	if (list_of(txn, a, &query, object, &found, e) < 0)
		return -1;
	*list = (struct file_list){ARENA_ARRAY(a, found.n, Rec__File *), found.n, found.total};
	for (size_t i = 0; i < found.n; i++)
		list->items[i] = (Rec__File *)found.items[i];
	return 1;
}

int file_add(struct change *ch, Rec__File *file, struct err *e)
{
	enum object_type type;
	uint64_t id;
	if (!object_of_label(slice_str(file->object), &type, &id) ||
	    !object_exists(ch->txn, type, id))
		return err_set(e, ERR_INPUT, "there is no %s to file something with", file->object);
	if (name_check(slice_str(file->name), e) < 0 ||
	    object_number(ch, OBJECT_FILE, &file->id, e) < 0)
		return -1;
	file->agent = ch->agent;
	file->created_at = ch->now;
	if (object_put(ch->txn, ch->arena, OBJECT_FILE, file->id, &file->base, e) < 0)
		return -1;
	if (type == OBJECT_ORDER)
		change_event(ch, "order.filed", 'O', id, slice_str(file->name));
	return 1;
}
