/* SPDX-License-Identifier: ISC */
#include "calls.h"
#include "intake.h"
#include "journal.h"
#include "record/id.h"
#include "record/message.h"
#include "requests.h"

/* What an admin asks of mails that were quarantined. */

#define LIST_PAGE 500

/* ---- which there are ---- */

static const char *thread_text(struct calling *c, uint64_t thread)
{
	return thread ? id_text(c->arena, 'T', thread) : "";
}

static void set_text(struct calling *c, struct json *object, const char *name, const char *text)
{
	json_set(c->arena, object, name, json_new_string(c->arena, slice_str(text)));
}

static void put_line(struct calling *c, struct json *object)
{
	json_put(&c->out, object);
	buf_putc(&c->out, '\n');
}

static void put_entry(struct calling *c, const Tra__Journal *entry)
{
	struct buf at;
	buf_init(&at, 64);
	clock_put_rfc3339(&at, entry->journaled_at);
	if (c->call->json) {
		struct json *object = json_new(c->arena, JSON_OBJECT);
		json_set(c->arena, object, "journal",
			 json_new_integer(c->arena, (int64_t)entry->id));
		set_text(c, object, "thread", thread_text(c, entry->thread));
		set_text(c, object, "journaled_at", buf_str(&at));
		json_set(c->arena, object, "size",
			 json_new_integer(c->arena, (int64_t)entry->size));
		set_text(c, object, "verdict", entry->verdict);
		put_line(c, object);
	} else {
		buf_printf(&c->out, "%-8llu %-8s %s  %s\n", (unsigned long long)entry->id,
			   thread_text(c, entry->thread), buf_str(&at), entry->verdict);
	}
	buf_release(&at);
}

static int list_in(struct txn *txn, void *ctx, struct err *e)
{
	struct calling *c = ctx;
	Tra__Journal **entries = ARENA_ARRAY(c->arena, LIST_PAGE, Tra__Journal *);
	uint64_t from = 0;
	int n;
	buf_clear(&c->out);
	do {
		n = journal_quarantined(txn, c->arena, from, entries, LIST_PAGE, e);
		for (int i = 0; i < n; i++) {
			put_entry(c, entries[i]);
			from = entries[i]->id + 1;
		}
	} while (n == LIST_PAGE);
	return n < 0 ? -1 : 1;
}

int call_quarantine(struct calling *c, struct err *e)
{
	return store_run(c->desk->store, STORE_SCAN, list_in, c, e);
}

/* ---- one of them once more ---- */

struct finding {
	struct calling *c;
	uint64_t journal;
};

/* The mail that a quarantine thread was made for. */
static int find_of_thread(struct txn *txn, void *ctx, struct err *e)
{
	struct finding *finding = ctx;
	struct calling *c = finding->c;
	struct id id;
	struct message_list list;
	if (id_parse(call_arg(c, 0), &id, e) < 0)
		return -1;
	struct message_query query = {.thread = id.number, .limit = 1000};
	if (id.letter != 'T')
		return err_set(e, ERR_INPUT,
			       "\"%.*s\" is neither a number of the journal nor a thread",
			       SLICE_ARG(call_arg(c, 0)));
	if (message_list(txn, c->arena, &query, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++) {
		Tra__Journal *entry;
		uint64_t journal = list.items[i]->journal;
		int found = journal ? journal_load(txn, c->arena, journal, &entry, e) : 0;
		if (found < 0)
			return -1;
		if (found == 1 && (entry->state == TRA__JOURNAL_STATE__JOURNAL_STATE_QUARANTINED ||
				   entry->reprocessed_at))
			finding->journal = journal;
	}
	if (!finding->journal)
		return err_set(e, ERR_INPUT, "no mail of %.*s was quarantined",
			       SLICE_ARG(call_arg(c, 0)));
	return 1;
}

static int find_journal(struct txn *txn, void *ctx, struct err *e)
{
	struct finding *finding = ctx;
	struct calling *c = finding->c;
	Tra__Journal *entry;
	finding->journal = 0;
	if (!slice_u64(call_arg(c, 0), &finding->journal))
		return find_of_thread(txn, ctx, e);
	int found = finding->journal ? journal_load(txn, c->arena, finding->journal, &entry, e) : 0;
	if (found == 0)
		return err_set(e, ERR_INPUT, "there is no mail %.*s in the journal",
			       SLICE_ARG(call_arg(c, 0)));
	return found;
}

/* "nothing": it is not in quarantine, maybe since it was taken up before. */
static void put_result(struct calling *c, const struct intake_again *again, int result)
{
	struct json *object = json_new(c->arena, JSON_OBJECT);
	json_set(c->arena, object, "journal", json_new_integer(c->arena, (int64_t)again->id));
	set_text(c, object, "result",
		 result == 1	 ? "done"
		 : again->broken ? "quarantined"
				 : "nothing");
	set_text(c, object, "thread", thread_text(c, again->thread));
	set_text(c, object, "reason", again->broken ? again->broken : "");
	put_line(c, object);
}

int call_reprocess(struct calling *c, struct err *e)
{
	struct finding finding = {.c = c};
	struct slice user = slice_str(c->call->user);
	struct intake_again again = {.user = user.len ? user : SLICE("the command line")};
	if (store_run(c->desk->store, STORE_READ, find_journal, &finding, e) < 0)
		return -1;
	again.id = finding.journal;
	int result = desk_again(c->desk, c->arena, &again, e);
	if (result < 0)
		return -1;
	put_result(c, &again, result);
	return 1;
}
