/* SPDX-License-Identifier: ISC */
#include "record/import_queue.h"

#include <assert.h>

#include "object.h"
#include "record/import.h"
#include "record/job.h"

/*
 * Parts are as large as can be read at once, and so few that all of them, of
 * the largest import, are one transaction (STORE_PUTS_MAX).
 */
#define PART_BYTES (128u << 10)
#define READ_AT_ONCE (1u << 20)
#define UNREAD '!'	/* begins an error in a part, where an object begins with a brace */
#define TOLD_POINTS 400 /* characters of one error */

_Static_assert(IMPORT_QUEUE_BYTES_MAX / PART_BYTES + IMPORT_QUEUE_FILES_MAX < STORE_PUTS_MAX - 10,
	       "the parts of one import are put in one transaction");

static struct store_key agent_key(uint64_t agent)
{
	struct store_key key = {.len = 0};
	store_key_u64(&key, agent);
	return key;
}

static struct store_key part_key(uint64_t agent, uint32_t part)
{
	struct store_key key = agent_key(agent);
	store_key_u32(&key, part);
	return key;
}

int import_queue_load(struct txn *txn, struct arena *a, uint64_t agent, Rec__Import **import,
		      struct err *e)
{
	struct store_key key = agent_key(agent);
	struct slice value;
	int found = store_get(txn, &import_table, store_key_slice(&key), &value, e);
	return schema_unpack_found(a, &rec__import__descriptor, found, value, import, e);
}

/* To change it: two processes at one import do not both import an object. */
static int lock(struct txn *txn, struct arena *a, uint64_t agent, Rec__Import **import,
		struct err *e)
{
	struct store_key key = agent_key(agent);
	struct slice value;
	int found = store_get_rmw(txn, &import_table, store_key_slice(&key), &value, e);
	return schema_unpack_found(a, &rec__import__descriptor, found, value, import, e);
}

static int save(struct txn *txn, const Rec__Import *import, struct err *e)
{
	struct store_key key = agent_key(import->agent);
	return store_put(txn, &import_table, store_key_slice(&key),
			 schema_pack_in(txn_arena(txn), &import->base), e);
}

/* ---- what a report tells ---- */

/* One line more at the end of a list of the message. */
static void add_line(struct arena *a, char ***list, size_t *n, const char *text)
{
	if (*n == IMPORT_QUEUE_TOLD_MAX)
		return;
	char **longer = ARENA_ARRAY(a, *n + 1, char *);
	for (size_t i = 0; i < *n; i++)
		longer[i] = (*list)[i];
	longer[(*n)++] = arena_str(a, slice_str(text));
	*list = longer;
}

/* "line 7: …"; of several files "orders.csv line 7: …". */
static const char *at_line(struct arena *a, const Rec__Import *import, uint64_t file, uint64_t line,
			   struct slice text)
{
	struct buf out;
	assert(file < import->n_files);
	buf_init(&out, 8 * TOLD_POINTS);
	if (import->n_files > 1)
		buf_printf(&out, "%s ", import->files[file]);
	buf_printf(&out, "line %llu: ", (unsigned long long)line);
	text_put_line(&out, text, TOLD_POINTS);
	const char *copy = arena_str(a, buf_slice(&out));
	buf_release(&out);
	return copy;
}

static void tell_error(struct arena *a, Rec__Import *import, const char *text)
{
	import->failed++;
	add_line(a, &import->errors, &import->n_errors, text);
}

static void tell_remark(struct arena *a, Rec__Import *import, const char *text)
{
	import->remarked++;
	add_line(a, &import->remarks, &import->n_remarks, text);
}

/* ---- reading the files ---- */

struct filling {
	struct change *ch;
	Rec__Import *import;
	struct import_queued *queued;
	size_t file;
	struct buf part; /* lines "FILE LINE JSON" and "FILE LINE !ERROR", not stored yet */
	uint64_t bytes;	 /* of the parts that are stored */
};

static int end_part(struct filling *f, struct err *e)
{
	struct store_key key = part_key(f->import->agent, f->import->parts);
	if (!f->part.len)
		return 1;
	f->bytes += f->part.len;
	if (buf_failed(&f->part) || f->bytes > IMPORT_QUEUE_BYTES_MAX)
		return err_set(e, ERR_INPUT,
			       "the files hold more than can be imported by mail: write them in "
			       "several mails, or use `postclerk import FILE`");
	if (store_put(f->ch->txn, &import_part_table, store_key_slice(&key), buf_slice(&f->part),
		      e) < 0)
		return -1;
	f->import->parts++;
	buf_clear(&f->part);
	return 1;
}

/* Told of in its turn, so that the report has the errors in the order of the lines. */
static void take_error(struct filling *f, const struct import_item *item)
{
	struct arena *a = f->ch->arena;
	if (f->queued->unread++ == 0)
		f->queued->first =
			slice_str(at_line(a, f->import, f->file, item->line, item->error));
	buf_putc(&f->part, UNREAD);
	text_put_line(&f->part, item->error, TOLD_POINTS);
}

static int take_item(void *ctx, const struct import_item *item, struct err *e)
{
	struct filling *f = ctx;
	struct arena *a = f->ch->arena;
	if (item->remark.len)
		tell_remark(a, f->import, at_line(a, f->import, f->file, item->line, item->remark));
	if (!item->object && !item->error.len)
		return 1;
	buf_printf(&f->part, "%zu %llu ", f->file, (unsigned long long)item->line);
	if (item->object)
		json_put(&f->part, item->object);
	else
		take_error(f, item);
	buf_putc(&f->part, '\n');
	f->queued->objects += item->object != NULL;
	return f->part.len < PART_BYTES ? 1 : end_part(f, e);
}

static int read_file(struct filling *f, const struct import_file *file, struct err *e)
{
	const struct import_options options = {
		.format = file->format,
		.channel = file->channel,
		.emit = take_item,
		.ctx = f,
	};
	struct import_reader *reader = import_reader_open(&options);
	struct slice rest = file->bytes;
	int got = 1;
	while (rest.len && got == 1) {
		got = import_reader_feed(reader, slice_sub(rest, 0, READ_AT_ONCE), e);
		rest = slice_sub(rest, READ_AT_ONCE, rest.len);
	}
	if (got == 1)
		got = import_reader_end(reader, e);
	import_reader_close(&reader);
	if (got < 0)
		return err_prefix(e, "%s", f->import->files[f->file]);
	return end_part(f, e);
}

static int read_files(struct filling *f, const struct import_file *files, size_t n, struct err *e)
{
	for (f->file = 0; f->file < n; f->file++)
		if (read_file(f, &files[f->file], e) < 0)
			return -1;
	if (f->queued->objects)
		return 1;
	return err_set(
		e, ERR_INPUT, "there is nothing to import: %.*s",
		SLICE_ARG(f->queued->unread ? f->queued->first : SLICE("the file is empty")));
}

/* ---- asking for it ---- */

static int check_file(const struct import_file *file, struct err *e)
{
	if (file->bytes.len > IMPORT_QUEUE_FILE_MAX)
		return err_set(e, ERR_INPUT,
			       "%.*s is larger than %d MiB: use `postclerk import FILE`",
			       SLICE_ARG(file->name), IMPORT_QUEUE_FILE_MAX >> 20);
	if (file->format || import_format_recognise(file->bytes))
		return 1;
	return err_set(e, ERR_INPUT,
		       "%.*s is of no format that is known; if it is one, name it: "
		       "format=jsonl, shopify-csv, shopify-json, woocommerce-json or amazon-tsv",
		       SLICE_ARG(file->name));
}

int import_queue_check(const struct change *ch, const struct import_file *files, size_t n,
		       struct err *e)
{
	Rec__Import *running;
	if (n > IMPORT_QUEUE_FILES_MAX)
		return err_set(e, ERR_INPUT, "%zu files are too many for one import: %d at most", n,
			       IMPORT_QUEUE_FILES_MAX);
	for (size_t i = 0; i < n; i++)
		if (check_file(&files[i], e) < 0)
			return -1;
	int found = import_queue_load(ch->txn, ch->arena, ch->agent, &running, e);
	if (found == 1)
		return err_set(e, ERR_INPUT,
			       "your import of %s is not done yet: wait for its report",
			       running->files[0]);
	return found < 0 ? -1 : 1;
}

static Rec__Import *new_import(const struct change *ch, const struct import_file *files, size_t n,
			       uint64_t thread)
{
	struct arena *a = ch->arena;
	Rec__Import *import = ARENA_NEW(a, Rec__Import);
	rec__import__init(import);
	import->agent = ch->agent;
	import->asked_at = ch->now;
	import->actor = arena_str(a, ch->actor);
	import->mail = arena_str(a, ch->mail);
	import->thread = thread;
	import->files = ARENA_ARRAY(a, n, char *);
	for (size_t i = 0; i < n; i++)
		import->files[import->n_files++] = arena_str(a, files[i].name);
	return import;
}

static int add_job(struct change *ch, struct err *e)
{
	Rec__Job job;
	rec__job__init(&job);
	job.due_at = ch->now;
	job.kind = arena_str(ch->arena, SLICE(IMPORT_JOB));
	job.object = arena_printf(ch->arena, "%llu", (unsigned long long)ch->agent);
	return job_add(ch, &job, e);
}

int import_queue_add(struct change *ch, const struct import_file *files, size_t n, uint64_t thread,
		     struct import_queued *queued, struct err *e)
{
	struct filling f = {.ch = ch, .queued = queued};
	assert(ch->agent && n > 0);
	*queued = (struct import_queued){.objects = 0};
	if (import_queue_check(ch, files, n, e) < 0)
		return -1;
	f.import = new_import(ch, files, n, thread);
	buf_init(&f.part, PART_BYTES + 2 * IMPORT_OBJECT_MAX);
	int got = read_files(&f, files, n, e);
	buf_release(&f.part);
	return got < 0 || save(ch->txn, f.import, e) < 0 ? -1 : add_job(ch, e);
}

/* ---- the job ---- */

struct running {
	uint64_t agent;
	struct arena *arena;
	Rec__Import *import; /* as it was when the part was read */
	struct slice part;
	uint64_t at; /* the object at hand: its place in the part */
	struct slice line;
	bool last;
	struct err failed; /* why the object cannot be imported; of the try before */
};

static int read_part(struct txn *txn, void *ctx, struct err *e)
{
	struct running *r = ctx;
	struct slice part;
	int found = import_queue_load(txn, r->arena, r->agent, &r->import, e);
	if (found != 1 || r->import->part == r->import->parts)
		return found < 0 ? -1 : 0;
	struct store_key key = part_key(r->agent, r->import->part);
	found = store_get(txn, &import_part_table, store_key_slice(&key), &part, e);
	if (found == 0)
		return err_set(e, ERR_TEMP, "a part of an import is not there");
	r->part = arena_copy(r->arena, part);
	return found;
}

/* A line of a part. */
struct waiting {
	uint64_t file, line;
	struct slice rest; /* the object, or an error */
};

static int read_line(struct slice text, struct waiting *w, struct err *e)
{
	struct slice file, line;
	w->rest = text;
	if (slice_cut(&w->rest, ' ', &file) && slice_cut(&w->rest, ' ', &line) &&
	    slice_u64(file, &w->file) && slice_u64(line, &w->line))
		return 1;
	return err_set(e, ERR_TEMP, "a part of an import cannot be read");
}

/* One object; what it failed with is written down in a second transaction. */
static int import_object(const struct running *r, Rec__Import *import, struct change *ch,
			 struct err *e)
{
	struct arena *a = ch->arena;
	struct json *object;
	struct waiting w;
	struct import_outcome outcome;
	if (read_line(r->line, &w, e) < 0)
		return -1;
	struct slice failed = w.rest.len && w.rest.ptr[0] == UNREAD
				      ? slice_sub(w.rest, 1, w.rest.len)
				      : slice_str(r->failed.class ? r->failed.text : NULL);
	if (failed.len) {
		tell_error(a, import, at_line(a, import, w.file, w.line, failed));
		return 1;
	}
	if (json_parse(a, w.rest, &object, e) < 0 || record_import(ch, object, &outcome, e) < 0)
		return -1;
	uint64_t *const counts[] = {[IMPORT_CREATED] = &import->created,
				    [IMPORT_UPDATED] = &import->updated,
				    [IMPORT_UNCHANGED] = &import->unchanged};
	++*counts[outcome.result];
	if (outcome.remark.len)
		tell_remark(a, import, at_line(a, import, w.file, w.line, outcome.remark));
	return 1;
}

/* The place moves with the object; 0 when somebody else has moved it already. */
static int run_one(struct txn *txn, void *ctx, struct err *e)
{
	struct running *r = ctx;
	Rec__Import *import;
	struct change ch;
	int found = lock(txn, txn_arena(txn), r->agent, &import, e);
	if (found != 1 || import->part != r->import->part || import->done != r->at)
		return found < 0 ? -1 : 0;
	change_init(&ch, txn, txn_arena(txn), clock_now());
	ch.agent = import->agent;
	ch.actor = slice_str(import->actor);
	ch.mail = slice_str(import->mail);
	if (import_object(r, import, &ch, e) < 0)
		return -1;
	import->done++;
	if (r->last) {
		struct store_key key = part_key(r->agent, import->part);
		if (store_delete(txn, &import_part_table, store_key_slice(&key), e) < 0)
			return -1;
		import->part++;
		import->done = 0;
	}
	return save(txn, import, e);
}

static int run_line(struct store *store, struct running *r, struct err *e)
{
	r->failed.class = ERR_NONE;
	int got = store_run(store, STORE_DEFERRED, run_one, r, &r->failed);
	if (got >= 0)
		return got;
	if (r->failed.class == ERR_INPUT || r->failed.class == ERR_DENIED)
		return store_run(store, STORE_DEFERRED, run_one, r, e);
	return err_set(e, r->failed.class, "%s", r->failed.text);
}

int import_queue_run(struct store *store, uint64_t agent, struct err *e)
{
	struct running r = {.agent = agent, .arena = arena_open()};
	int got = store_run(store, STORE_READ, read_part, &r, e);
	struct slice rest = r.part;
	for (r.at = 0; got == 1 && slice_line(&rest, &r.line); r.at++) {
		r.last = !rest.len;
		if (r.at >= r.import->done)
			got = run_line(store, &r, e);
	}
	arena_close(&r.arena);
	return got;
}

int import_queue_close(struct change *ch, uint64_t agent, struct err *e)
{
	struct store_key key = agent_key(agent);
	return store_delete(ch->txn, &import_table, store_key_slice(&key), e);
}
