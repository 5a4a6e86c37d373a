/* SPDX-License-Identifier: ISC */
#include "record/customer_merge.h"

#include <assert.h>
#include <stddef.h>

#include "customer.h"
#include "customer_unite.h"
#include "note.h"
#include "record/id.h"
#include "record/job.h"

/* ---- who names a customer ---- */

/*
 * One row a kind: where it is found by the customer, and which of its fields
 * names it, by number or by label ("C10001").  What the record learns to keep
 * for a customer gets its row here.
 */
static const struct naming {
	enum object_type type;
	int index;
	bool label;
	size_t offset;
} namings[CUSTOMER_NAMED_COUNT] = {
	[CUSTOMER_NAMED_ORDERS] = {OBJECT_ORDER, ORDER_BY_CUSTOMER, false,
				   offsetof(Rec__Order, customer)},
	[CUSTOMER_NAMED_THREADS] = {OBJECT_THREAD, THREAD_BY_CUSTOMER, false,
				    offsetof(Rec__Thread, customer)},
	[CUSTOMER_NAMED_SHIPMENTS] = {OBJECT_SHIPMENT, SHIPMENT_BY_CUSTOMER, false,
				      offsetof(Rec__Shipment, customer)},
	[CUSTOMER_NAMED_CHILDREN] = {OBJECT_CUSTOMER, CUSTOMER_BY_PARENT, false,
				     offsetof(Rec__Customer, parent)},
	[CUSTOMER_NAMED_TOMBSTONES] = {OBJECT_CUSTOMER, CUSTOMER_BY_MERGED, false,
				       offsetof(Rec__Customer, merged_into)},
	[CUSTOMER_NAMED_DOCUMENTS] = {OBJECT_DOCUMENT, DOCUMENT_BY_OBJECT, true,
				      offsetof(Rec__Document, object)},
	[CUSTOMER_NAMED_FILES] = {OBJECT_FILE, FILE_BY_OBJECT, true, offsetof(Rec__File, object)},
};

static struct object_query query_of(const struct naming *naming, uint64_t customer,
				    struct store_key *key)
{
	char label[32];
	struct buf text;
	*key = (struct store_key){.len = 0};
	if (!naming->label) {
		store_key_u64(key, customer);
	} else {
		buf_init(&text, sizeof(label));
		buf_printf(&text, "C%llu", (unsigned long long)customer);
		object_key_text(key, buf_slice(&text));
		buf_release(&text);
	}
	return (struct object_query){
		.type = naming->type,
		.index = naming->index,
		.range = {.prefix = store_key_slice(key)},
	};
}

/* Rows are not unpacked, and not all of them are walked: a transaction has a limit of locks. */
static int count_rows(struct txn *txn, const struct object_query *query, size_t *n, struct err *e)
{
	struct store_cursor *cursor;
	struct store_row row;
	int got = 1;
	*n = 0;
	if (store_cursor_open(txn, objects[query->type].table, query->index, &query->range, &cursor,
			      e) < 0)
		return -1;
	while (*n < CUSTOMER_COUNT_MAX && (got = store_next(cursor, &row, e)) > 0)
		++*n;
	store_cursor_close(&cursor);
	return got < 0 ? -1 : 1;
}

static int count_named(struct txn *txn, uint64_t customer, struct customer_counts *counts,
		       struct err *e)
{
	for (int i = 0; i < CUSTOMER_NAMED_COUNT; i++) {
		struct store_key key;
		struct object_query query = query_of(&namings[i], customer, &key);
		if (count_rows(txn, &query, &counts->n[i], e) < 0)
			return -1;
	}
	return 1;
}

void customer_counts_put(const struct customer_counts *counts, struct buf *out)
{
#define WORDS(name, one, many) {one, many},
	static const char *const words[][2] = {CUSTOMER_NAMED(WORDS)};
#undef WORDS
	size_t before = out->len;
	for (int i = 0; i < CUSTOMER_NAMED_COUNT; i++)
		if (counts->n[i])
			buf_printf(out, "%s%zu%s %s", out->len > before ? ", " : "", counts->n[i],
				   counts->n[i] == CUSTOMER_COUNT_MAX ? " or more" : "",
				   words[i][counts->n[i] > 1]);
	if (out->len == before)
		buf_puts(out, "nothing");
}

/* ---- moving ---- */

/* Each has its row in the history (RECORD.md 3.29): whose it was must be found later. */
static int move_one(struct change *ch, const struct customer_merge *merge,
		    const struct naming *naming, ProtobufCMessage *message, struct err *e)
{
	char *at = (char *)message + naming->offset;
	struct object_step step = {
		.event = "merge",
		.reason = slice_str(arena_printf(ch->arena, "C%llu was merged into C%llu",
						 (unsigned long long)merge->from,
						 (unsigned long long)merge->to)),
	};
	char *label = id_text(ch->arena, 'C', merge->to);
	if (naming->label)
		memcpy(at, &label, sizeof(label));
	else
		memcpy(at, &merge->to, sizeof(merge->to));
	struct schema_value id =
		schema_get(message, schema_field(message->descriptor, SLICE("id")));
	return object_save(ch, naming->type, (uint64_t)id.number, message, &step, e);
}

/* At most *room objects of all kinds; *room is what is left of it. */
static int move_named(struct change *ch, const struct customer_merge *merge, size_t *room,
		      struct err *e)
{
	for (int i = 0; i < CUSTOMER_NAMED_COUNT; i++) {
		struct store_key key;
		struct object_query query = query_of(&namings[i], merge->from, &key);
		struct object_list found;
		query.limit = *room;
		/* A list and no cursor: what is moved leaves the index that is walked. */
		if (*room == 0 || object_list(ch->txn, ch->arena, &query, &found, e) < 0)
			return *room == 0 ? 1 : -1;
		for (size_t j = 0; j < found.n; j++)
			if (move_one(ch, merge, &namings[i], found.items[j], e) < 0)
				return -1;
		assert(found.n <= *room);
		*room -= found.n;
	}
	return 1;
}

static int go_on_later(struct change *ch, uint64_t from, struct err *e)
{
	Rec__Job job;
	char kind[] = CUSTOMER_MERGE_JOB;
	rec__job__init(&job);
	job.due_at = ch->now;
	job.kind = kind;
	job.object = id_text(ch->arena, 'C', from);
	return job_add(ch, &job, e);
}

/* As much as one transaction may; a job for the rest.  0 when there was nothing. */
static int move_some(struct change *ch, const struct customer_merge *merge, size_t most,
		     struct err *e)
{
	size_t room = most;
	if (move_named(ch, merge, &room, e) < 0 ||
	    (room == 0 && go_on_later(ch, merge->from, e) < 0))
		return -1;
	return room < most;
}

/* ---- the checks ---- */

static int load_live(struct txn *txn, struct arena *a, uint64_t id, Rec__Customer **customer,
		     struct err *e)
{
	int got = customer_load(txn, a, id, customer, e);
	if (got == 0)
		return err_set(e, ERR_INPUT, "there is no customer C%llu", (unsigned long long)id);
	if (got > 0 && (*customer)->merged_into)
		return err_set(e, ERR_INPUT, "C%llu was merged into C%llu already",
			       (unsigned long long)id,
			       (unsigned long long)(*customer)->merged_into);
	return got;
}

/* Its children will be the target's: that must be one who can have them, and no child of theirs. */
static int check_family(struct txn *txn, struct arena *a, const Rec__Customer *from,
			const Rec__Customer *to, struct err *e)
{
	struct customer_list children;
	uint64_t above = to->parent;
	if (customer_children(txn, a, from->id, 2, &children, e) < 0)
		return -1;
	bool others = children.n > 1 || (children.n == 1 && children.items[0]->id != to->id);
	if (others && to->kind != REC__CUSTOMER_TYPE__CUSTOMER_TYPE_AGENT)
		return err_set(
			e, ERR_INPUT,
			"C%llu has sub-customers, and C%llu is not of type agent: #set C%llu "
			"type=agent first",
			(unsigned long long)from->id, (unsigned long long)to->id,
			(unsigned long long)to->id);
	for (int i = 0; above && above != from->id && i < CUSTOMER_PARENTS_MAX; i++) {
		Rec__Customer *parent;
		if (customer_load(txn, a, above, &parent, e) <= 0)
			return 1;
		above = parent->parent;
	}
	if (above != from->id || to->parent == from->id)
		return 1;
	return err_set(e, ERR_INPUT, "C%llu is below C%llu, through C%llu: clear its parent= first",
		       (unsigned long long)to->id, (unsigned long long)from->id,
		       (unsigned long long)to->parent);
}

static int check(struct txn *txn, struct arena *a, const struct customer_merge *merge,
		 Rec__Customer **from, Rec__Customer **to, struct err *e)
{
	if (merge->from == merge->to)
		return err_set(e, ERR_INPUT, "C%llu cannot be merged into itself",
			       (unsigned long long)merge->from);
	if (load_live(txn, a, merge->from, from, e) < 0 || load_live(txn, a, merge->to, to, e) < 0)
		return -1;
	const char *one = (*from)->accounts_id, *other = (*to)->accounts_id;
	if (one[0] && other[0] && strcmp(one, other) != 0 && !merge->force)
		return err_set(e, ERR_INPUT,
			       "C%llu and C%llu have different accounts ids (%s and %s), and what "
			       "was exported would not match: force=yes merges them all the same",
			       (unsigned long long)merge->from, (unsigned long long)merge->to, one,
			       other);
	if ((*from)->n_notes + (*to)->n_notes >= NOTES_MAX)
		return err_set(e, ERR_INPUT, "together they have more than %d notes", NOTES_MAX);
	return check_family(txn, a, *from, *to, e);
}

int customer_merge_check(struct txn *txn, struct arena *a, const struct customer_merge *merge,
			 struct err *e)
{
	Rec__Customer *from, *to;
	return check(txn, a, merge, &from, &to, e);
}

/* ---- the merge ---- */

/* All that was personal is the target's now: the tombstone only resolves. */
static int bury(struct change *ch, const Rec__Customer *from, uint64_t to, struct err *e)
{
	Rec__Customer tombstone;
	struct object_step step = {
		.event = "merge",
		.from_state = from->inactive ? "inactive" : "active",
		.to_state = "merged",
		.reason = slice_str(arena_printf(ch->arena, "into C%llu", (unsigned long long)to)),
	};
	rec__customer__init(&tombstone);
	tombstone.id = from->id;
	tombstone.shop = from->shop;
	tombstone.kind = from->kind;
	tombstone.merged_into = to;
	tombstone.created_at = from->created_at;
	tombstone.updated_at = ch->now;
	tombstone.obfuscated_at = from->obfuscated_at;
	return object_save(ch, OBJECT_CUSTOMER, from->id, &tombstone.base, &step, e);
}

int customer_merge(struct change *ch, const struct customer_merge *merge,
		   struct customer_counts *counts, struct err *e)
{
	Rec__Customer *from, *to;
	struct object_step step = {
		.event = "merge",
		.reason = slice_str(
			arena_printf(ch->arena, "from C%llu", (unsigned long long)merge->from)),
	};
	if (check(ch->txn, ch->arena, merge, &from, &to, e) < 0 ||
	    count_named(ch->txn, merge->from, counts, e) < 0)
		return -1;
	/* The tombstone first: an external id or accounts id is one customer's at any time. */
	if (bury(ch, from, to->id, e) < 0 || customer_unite(ch, to, from, e) < 0)
		return -1;
	to->updated_at = ch->now;
	if (customer_check(ch, to, e) < 0 ||
	    object_save(ch, OBJECT_CUSTOMER, to->id, &to->base, &step, e) < 0 ||
	    move_some(ch, merge, CUSTOMER_MERGE_NOW, e) < 0)
		return -1;
	change_event(ch, "customer.merged", 'C', to->id,
		     slice_str(id_text(ch->arena, 'C', from->id)));
	return 1;
}

int customer_merge_step(struct change *ch, uint64_t from, struct err *e)
{
	Rec__Customer *to;
	int got = customer_resolve(ch->txn, ch->arena, from, &to, e);
	if (got <= 0 || to->id == from)
		return got < 0 ? -1 : 0;
	const struct customer_merge merge = {.from = from, .to = to->id};
	return move_some(ch, &merge, CUSTOMER_MERGE_STEP, e);
}
