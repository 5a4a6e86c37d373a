/* SPDX-License-Identifier: ISC */
#ifndef POSTCLERK_RECORD_IMPORT_QUEUE_H
#define POSTCLERK_RECORD_IMPORT_QUEUE_H

#include "record/change.h"
#include "record/import_reader.h"

/*
 * An import that an agent asked for by mail (RECORD.md 6, MAIL.md 2.4): too
 * large for one transaction, so that its objects wait in parts until a job has
 * imported them all, each in a transaction of its own that also moves the
 * place: a crash loses nothing and repeats nothing.  One at a time for each
 * agent.
 */
#define IMPORT_JOB "import"		  /* kind of the job; its object is the agent's number */
#define IMPORT_QUEUE_FILES_MAX 20	  /* files of one import */
#define IMPORT_QUEUE_FILE_MAX (20 << 20)  /* bytes of one */
#define IMPORT_QUEUE_BYTES_MAX (64 << 20) /* bytes of what was read of all of them, as JSON */
#define IMPORT_QUEUE_TOLD_MAX 100	  /* errors that a report names; remarks likewise */

struct import_file {
	struct slice name; /* one line, for people */
	struct slice bytes;
	enum import_format format; /* IMPORT_UNKNOWN: by its first bytes */
	struct slice channel;	   /* of its orders; empty: see import_options */
};

/*
 * Could they be imported for the agent of the change?  Looks at sizes and first
 * bytes only.  INPUT with a sentence that names the file, or says that an
 * earlier import is not done yet.
 */
int import_queue_check(const struct change *ch, const struct import_file *files, size_t n,
		       struct err *e);
/* What was found in them; the slice in the change's arena. */
struct import_queued {
	uint64_t objects;   /* that wait */
	uint64_t unread;    /* rows that could not be read: errors of the report */
	struct slice first; /* of those: "line 7: …" */
};
/*
 * Reads them, keeps what is to be imported, and adds the job.  INPUT when a
 * file is not what its format says, or there is nothing in them.
 */
int import_queue_add(struct change *ch, const struct import_file *files, size_t n, uint64_t thread,
		     struct import_queued *queued, struct err *e);
/* The agent's import; 0 there is none. */
int import_queue_load(struct txn *txn, struct arena *a, uint64_t agent, Rec__Import **import,
		      struct err *e);
/*
 * Imports one part, in the agent's name, outside any transaction.  1; 0 when
 * none is left, or somebody else is at it.  A bad object is an error of the
 * import, and the others stand.
 */
int import_queue_run(struct store *store, uint64_t agent, struct err *e);
/* Forgets an import that is done, once its report is written. */
int import_queue_close(struct change *ch, uint64_t agent, struct err *e);

#endif
