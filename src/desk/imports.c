/* SPDX-License-Identifier: ISC */
#include "imports.h"

#include "compose.h"
#include "record/agent.h"
#include "record/import_queue.h"
#include "record/thread.h"

#define REPORT_MAX (1 << 20)
#define NAMES_POINTS 100 /* of the subject */

static void put_names(const Rec__Import *import, struct buf *out)
{
	for (size_t i = 0; i < import->n_files; i++)
		buf_printf(out, "%s%s", i ? ", " : "", import->files[i]);
}

static void put_told(struct buf *out, const char *word, char *const *list, size_t n, uint64_t total)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s %s\n", word, list[i]);
	if (total > n)
		buf_printf(out, "%s and %llu more\n", word, (unsigned long long)total - n);
}

static struct slice report_text(struct arena *a, const Rec__Import *import)
{
	struct buf out;
	buf_init(&out, REPORT_MAX);
	buf_puts(&out, "#import ");
	put_names(import, &out);
	buf_printf(&out,
		   "\nOK %llu created, %llu updated, %llu skipped, "
		   "%llu error%s, %llu remark%s\n",
		   (unsigned long long)import->created, (unsigned long long)import->updated,
		   (unsigned long long)import->unchanged, (unsigned long long)import->failed,
		   import->failed == 1 ? "" : "s", (unsigned long long)import->remarked,
		   import->remarked == 1 ? "" : "s");
	put_told(&out, "ERR", import->errors, import->n_errors, import->failed);
	put_told(&out, "--", import->remarks, import->n_remarks, import->remarked);
	struct slice copy = arena_copy(a, buf_slice(&out));
	buf_release(&out);
	return copy;
}

static struct slice subject_of(struct arena *a, const Rec__Import *import)
{
	struct buf names, line;
	buf_init(&names, REPORT_MAX);
	buf_init(&line, 8 * NAMES_POINTS);
	put_names(import, &names);
	buf_puts(&line, "import of ");
	text_put_line(&line, buf_slice(&names), NAMES_POINTS);
	struct slice copy = arena_copy(a, buf_slice(&line));
	buf_release(&line);
	buf_release(&names);
	return copy;
}

/* Who asked has left meanwhile: the admins get it. */
static int tell_admins(struct work *work, struct slice subject, struct slice text, struct err *e)
{
	const struct notice notice = {.event = "import", .subject = subject, .text = text};
	return compose_notice(work, &notice, e);
}

int imports_report(struct work *work, const Rec__Import *import, struct err *e)
{
	Rec__Agent *agent;
	Rec__Thread *thread = NULL;
	struct txn *txn = work->change.txn;
	struct transcript_mail mail = {
		.text = report_text(work->arena, import),
		.subject = subject_of(work->arena, import),
		.in_reply_to = slice_str(import->mail),
		.n_errors = import->failed,
	};
	int found = agent_load(txn, work->arena, import->agent, &agent, e);
	if (found < 0 || import_queue_close(&work->change, import->agent, e) < 0)
		return -1;
	if (found == 0 || agent->inactive)
		return tell_admins(work, mail.subject, mail.text, e);
	if (import->thread && thread_load(txn, work->arena, import->thread, &thread, e) < 0)
		return -1;
	mail.agent = agent;
	mail.thread = thread;
	return compose_transcript(work, &mail, e);
}
